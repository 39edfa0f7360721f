"""One fleet run of a service, whether it runs or has run, in this process' time or before."""

from __future__ import annotations

import logging
import time
from typing import Literal

import msgspec

from .child_run import ChildRun
from .run_course import CoursePoint
from .run_folder import EndState, RunEnd, RunFolder, RunHead, RunSummary
from .verdict import Check

_logger = logging.getLogger("ocppsim.fleet.runs")

RunState = Literal["starting", "running", "ramping_down", "passed", "failed", "broken_off", "died"]
_FORSAKEN = "the simulator ended while it ran, and it came to no result"
_KILLED = "it was ended before its chargers had gone, and came to no result"


class RunView(msgspec.Struct, frozen=True):
    """A run as it is now; times are Unix seconds.

    ``latest`` is its last second while it runs. ``error`` is why a run came to no result;
    ``checks`` are there at the end.
    """

    run_id: str
    state: RunState
    head: RunHead
    ended_at_s: float | None
    elapsed_s: float
    error: str | None
    checks: list[Check]
    sessions: int
    energy_wh: float
    latest: CoursePoint | None


class HostedRun:
    """A run; ``child`` is there while this process runs it.

    A run of a process that was killed goes on for a while by itself, so it may still end.
    """

    def __init__(
        self, run_id: str, folder: RunFolder, head: RunHead, child: ChildRun | None = None
    ) -> None:
        self.run_id = run_id
        self.folder = folder
        self.head = head
        self.child = child
        self._end: RunEnd | None = None
        self._summary: RunSummary | None = None
        self._is_forsaken = False
        if child is None:
            self._look()

    @property
    def is_under_way(self) -> bool:
        """Whether there is a process that runs it."""
        if self.child is None and (self._end is None or self._is_forsaken):
            self._look()
        return self._end is None

    def settle_by(self, child: ChildRun) -> None:
        """The child has ended: keep what there is to tell of it. Blocks."""
        last = child.last
        summary = self.folder.summary() if child.has_result else None
        if summary is not None:
            end = _end_by(summary, time.time())
        else:
            state: EndState = "broken_off" if child.is_stopping else "died"
            end = RunEnd(
                state,
                time.time(),
                0.0 if last is None else last.point.to_s,
                0 if last is None else last.sessions,
                0.0 if last is None else last.energy_wh,
                _KILLED if child.is_killed else child.error,
            )
        try:
            self.folder.write_end(end, child.course)
        except OSError as error:
            _logger.warning("%s: %s", self.folder.path, error.strerror or error)
        self._summary, self._end, self.child = summary, end, None

    def view(self) -> RunView:
        """As it is now."""
        if self.is_under_way:
            return self._view_under_way()
        end = self._end
        assert end is not None
        return RunView(
            run_id=self.run_id,
            state=end.state,
            head=self.head,
            ended_at_s=end.ended_at_s,
            elapsed_s=end.elapsed_s,
            error=end.error,
            checks=[] if self._summary is None else self._summary.checks,
            sessions=end.sessions,
            energy_wh=end.energy_wh,
            latest=None,
        )

    def _view_under_way(self) -> RunView:
        child = self.child
        last = None if child is None else child.last
        state: RunState = "running"
        if child is None or child.is_stopping:
            state = "ramping_down"
        elif last is None:
            state = "starting"
        elif last.point.to_s >= self.head.planned_s:
            state = "ramping_down"
        return RunView(
            run_id=self.run_id,
            state=state,
            head=self.head,
            ended_at_s=None,
            elapsed_s=0.0 if last is None else last.point.to_s,
            error=None,
            checks=[],
            sessions=0 if last is None else last.sessions,
            energy_wh=0.0 if last is None else last.energy_wh,
            latest=None if last is None else last.point,
        )

    def _look(self) -> None:
        """Whether it has ended that nobody accompanies, and how."""
        if self.folder.is_locked():
            return
        self._summary = self.folder.summary()
        self._end = self.folder.end()
        self._is_forsaken = self._end is None and self._summary is None
        if self._end is None:
            at_s = self.folder.last_written_at_s()
            if self._summary is not None:
                self._end = _end_by(self._summary, at_s)
            else:  # or, where no lock tells, not yet
                self._end = RunEnd("died", at_s, 0.0, 0, 0.0, _FORSAKEN)


def _end_by(summary: RunSummary, ended_at_s: float) -> RunEnd:
    return RunEnd(summary.state, ended_at_s, summary.took_s, summary.sessions, summary.energy_wh)


__all__ = ["HostedRun", "RunState", "RunView"]
