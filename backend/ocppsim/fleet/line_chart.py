"""Line charts over time as SVG texts, drawn for a column of some 400 px."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from math import floor, log10
from typing import NamedTuple

WIDTH, HEIGHT = 400, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 8, 8, 22
_TICKS = 4
_TIME_STEPS_S = (
    *(1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800),
    *(3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800, 604_800, 2_592_000),
)


class Line(NamedTuple):
    """One line: its name and a value for each time; None where there is none."""

    name: str
    values: Sequence[float | None]


class Band(NamedTuple):
    """A span of time that is shaded."""

    from_s: float
    to_s: float


def line_chart(
    title: str, times_s: Sequence[float], lines: Sequence[Line], bands: Sequence[Band] = ()
) -> str:
    """A chart with its title and legend, as a ``figure``; colours are those of ``.line-1`` on."""
    most = max((value for line in lines for value in line.values if value is not None), default=0.0)
    step = _value_step(most)
    top = max(step, step * -(-most // step))
    last_s = max(times_s, default=0.0) or 1.0
    plot = _Plot(last_s, top)
    parts = [
        f'<rect class="band" x="{plot.x(band.from_s)}" y="{_TOP}"'
        f' width="{plot.x(band.to_s) - plot.x(band.from_s):.1f}"'
        f' height="{HEIGHT - _TOP - _BOTTOM}"/>'
        for band in bands
    ]
    parts += _value_axis(plot, step, top)
    parts += _time_axis(plot, last_s)
    for number, line in enumerate(lines, start=1):
        path = "".join(_path(plot, times_s, line.values))
        if path:
            parts.append(f'<path class="line line-{number}" d="{path}"/>')
    legend = "".join(
        f'<li class="line-{number}">{escape(line.name)}</li>'
        for number, line in enumerate(lines, start=1)
    )
    told = escape(f"{title}: {_told(lines)}", quote=True)
    return (
        f'<figure><figcaption>{escape(title)}</figcaption><ul class="legend">{legend}</ul>'
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{told}">'
        f"{''.join(parts)}</svg></figure>"
    )


def shown_number(value: float) -> str:
    """Three digits: ``0.25``, ``12.3``, ``1,200``."""
    if value >= 100.0:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def shown_time(seconds: float) -> str:
    """``1:05`` (minutes and seconds), ``2:00:00`` with hours."""
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


class _Plot:
    """From values to places."""

    def __init__(self, last_s: float, top: float) -> None:
        self._a_second = (WIDTH - _LEFT - _RIGHT) / last_s
        self._a_unit = (HEIGHT - _TOP - _BOTTOM) / top

    def x(self, at_s: float) -> float:
        return round(_LEFT + at_s * self._a_second, 1)

    def y(self, value: float) -> float:
        return round(HEIGHT - _BOTTOM - value * self._a_unit, 1)


def _value_step(most: float) -> float:
    """A round distance of the lines of the grid."""
    if most < 1e-9:
        return 1.0
    rough = most / _TICKS
    power = 10.0 ** floor(log10(rough))
    return next(factor * power for factor in (1.0, 2.0, 2.5, 5.0, 10.0) if factor * power >= rough)


def _value_axis(plot: _Plot, step: float, top: float) -> Iterator[str]:
    for number in range(round(top / step) + 1):
        y = plot.y(number * step)
        yield f'<path class="grid" d="M{_LEFT} {y}H{WIDTH - _RIGHT}"/>'
        shown = shown_number(number * step)
        yield f'<text class="value" x="{_LEFT - 5}" y="{y + 3.5:.1f}">{shown}</text>'


def _time_axis(plot: _Plot, last_s: float) -> Iterator[str]:
    step_s = next((step for step in _TIME_STEPS_S if last_s / step <= 5.0), _TIME_STEPS_S[-1])
    at_s = 0.0
    while at_s <= last_s:
        yield f'<text class="time" x="{plot.x(at_s)}" y="{HEIGHT - 6}">{shown_time(at_s)}</text>'
        at_s += step_s


def _path(plot: _Plot, times_s: Sequence[float], values: Sequence[float | None]) -> Iterator[str]:
    pen = "M"
    for at_s, value in zip(times_s, values, strict=True):
        if value is None:
            pen = "M"
        else:
            # A point by itself is a dot
            yield f"{pen}{plot.x(at_s)} {plot.y(value)}" + ("h0" if pen == "M" else "")
            pen = "L"


def _told(lines: Sequence[Line]) -> str:
    told: list[str] = []
    for line in lines:
        values = [value for value in line.values if value is not None]
        if values:
            told.append(
                f"{line.name} from {shown_number(min(values))} to {shown_number(max(values))}"
            )
    return "; ".join(told) or "nothing"


__all__ = ["HEIGHT", "WIDTH", "Band", "Line", "line_chart", "shown_number", "shown_time"]
