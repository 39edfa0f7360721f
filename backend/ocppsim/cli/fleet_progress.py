"""What the terminal shows while a fleet runs, and when it has run."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from ocppsim.fleet.latency import LatencySketch
from ocppsim.fleet.run_listener import Restart
from ocppsim.fleet.run_record import RunRecord
from ocppsim.fleet.run_result import PERCENTS, RunResult, failures_by_kind, lost_in_words
from ocppsim.fleet.time_slice import TimeSlice

from .terminal import stdout_console

_LINE_EVERY_S = 10.0
_SHOWN_ERRORS = 8
_MANY = 1000


class FleetProgress:
    """Draws in place where stdout is a terminal, else says a line now and then.

    ``quiet``: it shows nothing, and only keeps the record.
    """

    def __init__(self, name: str, chargers: int, duration_s: float, *, quiet: bool) -> None:
        self.record = RunRecord()
        self._name = name
        self._chargers = chargers
        self._duration_s = duration_s
        self._quiet = quiet
        self._next_line_s = 0.0
        self._live: Live | None = None
        if sys.stdout.isatty() and not quiet:
            console = Console(file=sys.stdout, highlight=False)
            self._live = Live(console=console, auto_refresh=False, transient=True)

    def prepare(self) -> None:
        """Making many chargers takes seconds; somebody who waits should know."""
        if not self._quiet and self._chargers >= _MANY:
            sys.stdout.write(f"making {self._chargers:,} chargers\n")
            sys.stdout.flush()

    def begin(self) -> None:
        """The chargers are made."""
        if self._live is not None:
            self._live.start()

    def show(self, span: TimeSlice) -> None:
        """Another second has passed."""
        self.record.add(span)
        if self._live is not None:
            self._live.update(self._picture(span), refresh=True)
        elif not self._quiet and span.to_s >= self._next_line_s:
            self._next_line_s = span.to_s + _LINE_EVERY_S
            sys.stdout.write(self._line(span) + "\n")
            sys.stdout.flush()

    def restarted(self, restart: Restart) -> None:
        """A process of the fleet has died."""
        self.record.add_restart(restart)
        line = f"{_clock(restart.at_s)}  {restart.line}"
        if self._live is not None:
            self._live.console.print(Text(line))
        elif not self._quiet:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()

    def end(self) -> None:
        """Leave the terminal as it was."""
        if self._live is not None:
            self._live.stop()

    def conclude(self, result: RunResult, written: Sequence[Path]) -> None:
        """The run is over, and its files are written."""
        if not self._quiet:
            stdout_console().print(result_tables(result))
            paths = ", ".join(str(path) for path in written)
            stdout_console().print(f"Written: {paths}", markup=False)

    def _line(self, span: TimeSlice) -> str:
        span_s = max(span.span_s, 1e-9)
        return (
            f"{_clock(span.to_s)}  {span.connected:.0f} of {self._chargers} connected,"
            f" {span.charging:.0f} charging, {span.sent / span_s:.0f} messages/s out,"
            f" {span.received / span_s:.0f} in, {_percentiles(span.latency)},"
            f" {self.record.total.failed} CALLs failed, loop lag {span.loop_lag_s * 1000.0:.0f} ms"
        )

    def _picture(self, span: TimeSlice) -> RenderableType:
        total = self.record.total
        span_s = max(span.span_s, 1e-9)
        left_s = self._duration_s - span.to_s
        head = Text.assemble(
            (self._name, "bold"),
            f"  {_clock(span.to_s)}",
            f"  {_clock(left_s)} to go" if left_s > 0.0 else "  ramping down",
        )
        levels = Table.grid(padding=(0, 2))
        levels.add_row("connected", f"{span.connected:.0f} of {self._chargers}")
        levels.add_row("vehicles", f"{span.plugged_in:.0f}, {span.charging:.0f} charging")
        levels.add_row(
            "messages/s", f"{span.sent / span_s:.0f} out, {span.received / span_s:.0f} in"
        )
        levels.add_row("loop lag", f"{span.loop_lag_s * 1000.0:.0f} ms")
        if self.record.restarts:
            levels.add_row("restarts", f"{self.record.restarts}")
        parts: list[RenderableType] = [head, levels, latency_table(total)]
        errors = error_table(total)
        if errors is not None:
            parts.append(errors)
        parts.append(Text("Ctrl-C ramps down, a second one breaks off", style="dim"))
        return Group(*parts)


def latency_table(total: TimeSlice) -> Table:
    """Answers by action, and how long they took."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("latency, ms")
    for title in ("answers", *(f"p{percent:g}" for percent in PERCENTS), "max"):
        table.add_column(title, justify="right")
    rows = sorted(total.latencies.items(), key=lambda item: (-item[1].count, item[0]))
    for name, sketch in (*rows, ("all", total.latency)):
        cells = [_ms(sketch.percentile_s(percent)) for percent in (*PERCENTS, 100.0)]
        table.add_row(name, f"{sketch.count}", *cells)
    return table


def error_table(total: TimeSlice) -> Table | None:
    """What went wrong how often, the most frequent first; None where nothing did."""
    errors = failures_by_kind(total)
    if not errors:
        return None
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("errors", justify="right")
    table.add_column("")
    for reason, count in errors.most_common(_SHOWN_ERRORS):
        table.add_row(f"{count}", escape(reason))
    if len(errors) > _SHOWN_ERRORS:
        table.add_row("", f"and {len(errors) - _SHOWN_ERRORS} more kinds")
    return table


def result_tables(result: RunResult) -> Group:
    """The whole run."""
    record, total = result.record, result.record.total
    took_s = max(result.took_s, 1e-9)
    outcomes = ", ".join(
        f"{number} {outcome.replace('_', ' ')}"
        for outcome, number in sorted(total.outcomes.items())
    )
    table = Table(show_header=False, box=None, pad_edge=False)
    for name, value in (
        (result.name, f"seed {result.seed}, {', '.join(result.csms_urls)}"),
        ("Took", _clock(result.took_s) + (", broken off" if result.broken_off else "")),
        ("Chargers", f"{result.chargers}, at most {record.largest_connected:.0f} connected"),
        ("Sessions", f"{total.sessions}" + (f": {outcomes}" if outcomes else "")),
        ("Energy", f"{total.energy_wh / 1000.0:.1f} kWh"),
        (
            "Messages",
            (
                f"{total.sent} out ({total.sent / took_s:.0f}/s),"
                f" {total.received} in ({total.received / took_s:.0f}/s)"
            ),
        ),
        ("CALLs", f"{total.answered} answered, {total.failed} failed"),
        ("Open transactions", f"{result.open_transactions}"),
    ):
        table.add_row(escape(name), escape(value))
    if total.disturbances:
        table.add_row("Disturbances", f"{total.disturbances}")
    if record.restarts:
        table.add_row("Restarts", f"{record.restarts} of processes of the fleet")
    if record.lost:
        table.add_row("Transactions lost", escape(lost_in_words(record)))
    parts: list[RenderableType] = [table, latency_table(total)]
    errors = error_table(total)
    if errors is not None:
        parts.append(errors)
    return Group(*parts)


def _percentiles(sketch: LatencySketch) -> str:
    if not sketch.count:
        return "no answers"
    shown = " ".join(f"p{percent:g} {_ms(sketch.percentile_s(percent))}" for percent in PERCENTS)
    return f"{shown} ms"


def _ms(value_s: float | None) -> str:
    if value_s is None:
        return "-"
    value_ms = value_s * 1000.0
    return f"{value_ms:.0f}" if value_ms >= 100.0 else f"{value_ms:.1f}"


def _clock(seconds: float) -> str:
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


__all__ = ["FleetProgress", "error_table", "latency_table", "result_tables"]
