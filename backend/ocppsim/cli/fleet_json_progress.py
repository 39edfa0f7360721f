"""What a fleet tells a program while it runs: a JSON line a second, one more with the result."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from ocppsim.fleet.run_course import (
    Line,
    ResultLine,
    SecondLine,
    action_latencies,
    course_point,
    failure_counts,
    percentiles,
)
from ocppsim.fleet.run_listener import Restart
from ocppsim.fleet.run_record import RunRecord
from ocppsim.fleet.run_result import RunResult, summary
from ocppsim.fleet.time_slice import TimeSlice


class FleetJsonProgress:
    """Writes the lines of :mod:`~ocppsim.fleet.run_course` to stdout.

    Who listened may go away: the run goes on without them.
    """

    def __init__(self) -> None:
        self.record = RunRecord()

    def prepare(self) -> None:
        """There is nothing to tell before the first second."""

    def begin(self) -> None:
        """Nor here."""

    def show(self, span: TimeSlice) -> None:
        """Another second has passed."""
        record = self.record
        points_before = len(record.points)
        record.add(span)
        # Where the points have become fewer all of them are others; else the last one is
        changed = record.points if len(record.points) < points_before else record.points[-1:]
        _write(
            SecondLine(
                point=course_point(span),
                sessions=record.total.sessions,
                energy_wh=round(record.total.energy_wh, 1),
                failures=failure_counts(record.total),
                latencies=action_latencies(record.total),
                latency_ms=percentiles(record.total.latency),
                course=[course_point(one) for one in changed],
            )
        )

    def restarted(self, restart: Restart) -> None:
        """A process of the fleet has died: the result has it."""
        self.record.add_restart(restart)

    def end(self) -> None:
        """The result comes when it is there."""

    def conclude(self, result: RunResult, _written: Sequence[Path]) -> None:
        """The run is over."""
        _write(ResultLine(summary(result)))


def _write(line: Line) -> None:
    with suppress(OSError):
        sys.stdout.write(msgspec.json.encode(line).decode() + "\n")
        sys.stdout.flush()


__all__ = ["FleetJsonProgress"]
