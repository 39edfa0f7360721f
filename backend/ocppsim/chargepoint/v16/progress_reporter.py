"""FirmwareStatusNotification and DiagnosticsStatusNotification: what the CSMS hears of a task."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import msgspec

from ocppsim.chargepoint.notifications import RecordsChanged

from .caller import Caller, CallFailed, OwnCall
from .core import Core

PROFILE = "FirmwareManagement"
IDLE = "Idle"
"""Only ever sent on a trigger (1.6 ed.2 §4.4, §4.5)."""
MOST_UNTOLD = 50
"""Of more the oldest is given up: a CSMS that answers none of them has had its chance."""


def stored_as(action: str) -> str:
    """The cell with the final statuses that the CSMS has not heard."""
    return f"untold/{action}"


class _Report:
    """A status on its way; ``under_way`` while its CALL waits or is not answered."""

    __slots__ = ("status", "under_way")

    def __init__(self, status: str) -> None:
        self.status = status
        self.under_way = False


class ProgressReporter:
    """Tells each status, in order, while the CSMS can be told and the feature profile is on.

    When it can again after a while, the latest status is told, and with it each final one
    that it has not heard: those are stored, and outlive a restart.
    """

    __slots__ = (
        "_action",
        "_caller",
        "_cell",
        "_core",
        "_finals",
        "_make_request",
        "_untold",
        "status",
    )

    def __init__(
        self,
        core: Core,
        caller: Caller,
        action: str,
        make_request: Callable[[str], msgspec.Struct],
        finals: frozenset[str],
    ) -> None:
        self._core = core
        self._caller = caller
        self._action = action
        self._make_request = make_request
        self._finals = finals
        self._cell = stored_as(action)
        body = core.durable.cells.get(self._cell)
        stored = [] if body is None else msgspec.json.decode(body, type=list[str])
        self._untold = [_Report(status) for status in stored]
        self.status = stored[-1] if stored else IDLE
        """The latest status of this boot, final or not."""

    def report(self, status: str) -> None:
        """The task has got so far."""
        self.status = status
        if not self._core.configuration.has_profile(PROFILE):
            self._core.notify(RecordsChanged("files"))
            return
        report = _Report(status)
        if not self._caller.open:
            self._untold = [other for other in self._untold if other.status in self._finals]
        self._untold.append(report)
        del self._untold[:-MOST_UNTOLD]
        self._store()
        self._core.notify(RecordsChanged("files"))
        if self._caller.open:
            self._caller.call(self._call_of(report))

    def resume(self) -> None:
        """The CSMS can be told again: tell what it has not heard."""
        if not self._core.configuration.has_profile(PROFILE):
            self._untold = []
        latest = self._untold[-1:]
        self._untold = [
            report for report in self._untold if report.status in self._finals or report in latest
        ]
        self._store()
        for report in list(self._untold):
            if not report.under_way:
                self._caller.call(self._call_of(report))

    def trigger(self, *, busy: bool) -> None:
        """TRG-09: tell the present status, Idle where nothing is done; registered or not."""
        latest = self._untold[-1] if self._untold else None
        if latest is not None and not latest.under_way:
            self._caller.call_triggered(self._call_of(latest))
            return
        request = self._make_request(self.status if busy else IDLE)
        self._caller.call_triggered(OwnCall(self._action, request, _told, _not_told))

    def _call_of(self, report: _Report) -> OwnCall:
        report.under_way = True
        return OwnCall(
            self._action,
            self._make_request(report.status),
            lambda _response: self._was_told(report),
            partial(self._failed, report),
        )

    def _was_told(self, report: _Report) -> None:
        """It was heard; whatever is older is of no interest any more."""
        if report in self._untold:
            del self._untold[: self._untold.index(report) + 1]
            self._store()

    def _failed(self, report: _Report, failure: CallFailed) -> None:
        report.under_way = False
        if failure.kind not in ("lost", "overflow", "timeout"):
            # ERR-20: an error is an answer too
            self._was_told(report)

    def _store(self) -> None:
        self._core.put_cell(self._cell, [report.status for report in self._untold] or None)


def _told(_response: object) -> None:
    """The answer says nothing."""


def _not_told(_failure: CallFailed) -> None:
    """What a trigger asked for is of that moment only."""
