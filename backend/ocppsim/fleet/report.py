"""The report of a run: one HTML page that needs nothing from anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files

from ocppsim.protocol.v16.date_time import format_date_time

from .latency import LatencySketch
from .line_chart import Band, Line, line_chart, shown_number, shown_time
from .run_record import RunRecord
from .run_result import PERCENTS, RunResult, failures_by_kind
from .time_slice import LOST, TimeSlice

_ROWS_OF_COURSE = 60


def report(result: RunResult) -> str:
    """The page as a text of HTML."""
    style = files(__package__ or "").joinpath("report.css").read_text(encoding="utf-8")
    record, total = result.record, result.record.total
    body = "".join(
        (
            _head(result),
            _tiles(result),
            _thresholds(result),
            f'<h2>Course</h2><div class="charts">{"".join(_charts(record))}</div>',
            '<p class="faint">Shaded: chargers still come, or go already.</p>',
            '<h2>Details</h2><div class="tables">',
            _latencies(total),
            _failures(total),
            _outcomes(record),
            _lost(record),
            "</div>",
            _course(record.points),
        )
    )
    title = escape(f"{result.name}: {_verdict(result)}")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _verdict(result: RunResult) -> str:
    if not result.checks:
        return "no thresholds"
    broken = sum(not check.holds for check in result.checks)
    if not broken:
        return "passed"
    return f"failed: {broken} of {len(result.checks)} thresholds"


def _head(result: RunResult) -> str:
    kind = "faint" if not result.checks else "good" if result.passed else "bad"
    took = f"{shown_time(result.took_s)} from {format_date_time(result.began_at_s)}"
    early = ", ended before its time" if result.broken_off else ""
    urls = ", ".join(result.csms_urls)
    return (
        f"<header><h1>{escape(result.name)}</h1>"
        f'<p class="verdict {kind}">{escape(_as_title(_verdict(result)))}</p>'
        f'<p class="faint">{escape(urls)}<br>{escape(took)}{early}, seed {result.seed}</p></header>'
    )


def _tiles(result: RunResult) -> str:
    record, total = result.record, result.record.total
    took_s = max(result.took_s, 1e-9)
    share = record.connected_share
    tiles = (
        (
            "Connected at most",
            f"{record.largest_connected:,.0f}",
            f"of {result.chargers:,}"
            + ("" if share is None else f", {share * 100.0:.4g} % between the ramps"),
        ),
        ("Sessions", f"{total.sessions:,}", f"{result.open_transactions} left open"),
        (
            "Messages a second",
            shown_number((total.sent + total.received) / took_s),
            f"{total.sent:,} out, {total.received:,} in",
        ),
        ("CALLs answered", f"{total.answered:,}", f"{total.failed:,} failed"),
        ("Answers, p95", _ms(total.latency, 95.0), f"p99 {_ms(total.latency, 99.0)}"),
        ("Loop lag at most", f"{total.loop_lag_s * 1000.0:.0f} ms", "of this simulator"),
    )
    shown = "".join(
        f"<div><dt>{name}</dt><dd>{value} <small>{more}</small></dd></div>"
        for name, value, more in tiles
    )
    return f'<dl class="tiles">{shown}</dl>'


def _thresholds(result: RunResult) -> str:
    if not result.checks:
        return ""
    rows = [
        (
            escape(_as_title(check.what)),
            escape(check.measured),
            escape(check.limit),
            '<span class="good">holds</span>' if check.holds else '<b class="bad">fails</b>',
        )
        for check in result.checks
    ]
    return "<h2>Thresholds</h2>" + _table(("", "Measured", "Allowed", ""), rows, numbers=())


def _charts(record: RunRecord) -> list[str]:
    points = record.points
    times_s = [(point.from_s + point.to_s) / 2.0 for point in points]
    bands = _ramps(record)

    def a_second(count: float, point: TimeSlice) -> float:
        return count / point.span_s if point.span_s > 0.0 else 0.0

    def chart(title: str, *lines: Line) -> str:
        return line_chart(title, times_s, lines, bands)

    latencies = [point.latency for point in points]
    return [
        chart(
            "Chargers",
            Line("connected", [point.connected for point in points]),
            Line("ramped up", [point.there for point in points]),
        ),
        chart(
            "Connectors",
            Line("charging", [point.charging for point in points]),
            Line("with a vehicle", [point.plugged_in for point in points]),
            Line("in a transaction", [point.transactions for point in points]),
        ),
        chart(
            "Messages a second",
            Line("out", [a_second(point.sent, point) for point in points]),
            Line("in", [a_second(point.received, point) for point in points]),
        ),
        chart("Time to the answer, ms", *_percentile_lines(latencies)),
        chart(
            "Failures a second",
            Line("CALLs", [a_second(point.failed, point) for point in points]),
            Line(
                "attempts to connect",
                [a_second(sum(point.connect_failures.values()), point) for point in points],
            ),
            Line(
                "lost links",
                [a_second(sum(point.lost_links.values()), point) for point in points],
            ),
        ),
        chart(
            "Loop lag of this simulator, ms",
            Line("at most", [point.loop_lag_s * 1000.0 for point in points]),
        ),
    ]


def _percentile_lines(latencies: Sequence[LatencySketch]) -> list[Line]:
    lines: list[Line] = []
    for percent in PERCENTS:
        found_s = [sketch.percentile_s(percent) for sketch in latencies]
        values = [None if value_s is None else value_s * 1000.0 for value_s in found_s]
        lines.append(Line(f"p{percent:g}", values))
    return lines


def _ramps(record: RunRecord) -> list[Band]:
    steady = [point for point in record.points if point.is_steady]
    if not steady:
        return []
    bands = (
        Band(0.0, steady[0].from_s),
        Band(steady[-1].to_s, record.points[-1].to_s),
    )
    return [band for band in bands if band.to_s > band.from_s]


def _latencies(total: TimeSlice) -> str:
    rows = sorted(total.latencies.items(), key=lambda item: (-item[1].count, item[0]))
    return _table(
        ("", "Answers", *(f"p{percent:g}" for percent in PERCENTS), "max"),
        [
            (
                escape(name),
                f"{sketch.count:,}",
                *(_ms(sketch, percent, unit="") for percent in (*PERCENTS, 100.0)),
            )
            for name, sketch in (*rows, ("All", total.latency))
        ],
        numbers=range(1, 6),
        caption="Time to the answer by action, ms",
    )


def _failures(total: TimeSlice) -> str:
    by_action = [
        (escape(f"{action}: {'lost with its link' if kind == LOST else kind}"), f"{count:,}")
        for (action, kind), count in total.failures.most_common()
    ]
    others = [
        (escape(reason), f"{count:,}")
        for reason, count in failures_by_kind(total).items()
        if not reason.startswith("CALL")
    ]
    rows = [*by_action, *others]
    return _table(
        ("", "How often"),
        rows or [("Nothing", "")],
        numbers=(1,),
        caption="What went wrong",
    )


def _outcomes(record: RunRecord) -> str:
    total = record.total
    rows = [
        (escape(_as_title(outcome.replace("_", " "))), f"{number:,}")
        for outcome, number in sorted(total.outcomes.items())
    ]
    rows.append(("Energy", f"{total.energy_wh / 1000.0:,.1f} kWh"))
    rows.append(("Disturbances of the plan", f"{total.disturbances:,}"))
    if record.restarts:
        rows.append(("Restarts of processes of the fleet", f"{record.restarts:,}"))
    return _table(("", ""), rows, numbers=(1,), caption="Sessions")


def _lost(record: RunRecord) -> str:
    if not record.lost:
        return ""
    rows = [
        (
            escape(one.charge_point_id),
            f"{one.connector_id}",
            "–" if one.transaction_id is None else f"{one.transaction_id}",
        )
        for one in record.lost
    ]
    titles = ("Charger", "Connector", "Transaction")
    return _table(titles, rows, numbers=(1, 2), caption="Transactions lost with a machine")


def _course(points: Sequence[TimeSlice]) -> str:
    every = max(1, -(-len(points) // _ROWS_OF_COURSE))
    rows = [
        (
            shown_time(point.to_s),
            f"{point.connected:,.0f}",
            f"{point.charging:,.0f}",
            shown_number(point.sent / point.span_s if point.span_s > 0.0 else 0.0),
            _ms(point.latency, 95.0, unit=""),
            f"{point.failed:,}",
        )
        for point in points[::every]
    ]
    titles = ("At", "Connected", "Charging", "Messages/s out", "p95, ms", "CALLs failed")
    table = _table(titles, rows, numbers=range(1, 6))
    head = "<h2>Course in numbers</h2>"
    return f"{head}<details><summary>A row for each time</summary>{table}</details>"


def _table(
    titles: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: Iterable[int],
    caption: str = "",
) -> str:
    """Cells are HTML already; the columns with ``numbers`` are set to the right."""
    right = set(numbers)

    def cells(tag: str, row: Sequence[str]) -> str:
        return "".join(
            f'<{tag} class="number">{cell}</{tag}>' if n in right else f"<{tag}>{cell}</{tag}>"
            for n, cell in enumerate(row)
        )

    head = f"<thead><tr>{cells('th', titles)}</tr></thead>" if any(titles) else ""
    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    said = f"<caption>{caption}</caption>" if caption else ""
    return f'<div class="scroll"><table>{said}{head}<tbody>{body}</tbody></table></div>'


def _as_title(text: str) -> str:
    return text[:1].upper() + text[1:]


def _ms(sketch: LatencySketch, percent: float, unit: str = " ms") -> str:
    found_s = sketch.percentile_s(percent)
    return "–" if found_s is None else f"{shown_number(found_s * 1000.0)}{unit}"


__all__ = ["report"]
