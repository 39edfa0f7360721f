"""StatusNotification: which status is reported, when, and what is never replayed."""

from __future__ import annotations

from functools import cache

import msgspec

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.notifications import ConnectorChanged
from ocppsim.protocol.v16.core import StatusNotificationRequest
from ocppsim.protocol.v16.enums import ChargePointErrorCode, ChargePointStatus

from .caller import Caller, CallFailed, OwnCall
from .core import Core


class StatusReport(msgspec.Struct, frozen=True, gc=False):
    """What a StatusNotification says of a connector, its time aside."""

    status: ChargePointStatus
    error_code: ChargePointErrorCode = ChargePointErrorCode.NoError
    info: str | None = None
    vendor_id: str | None = None
    vendor_error_code: str | None = None


@cache
def plain_report(status: ChargePointStatus) -> StatusReport:
    """A status with nothing to be said beside: one object for all connectors that have it."""
    return StatusReport(status)


class _Passing(msgspec.Struct, frozen=True, gc=False):
    """A report of something that does not last."""

    connector_id: ConnectorId
    report: StatusReport
    at_s: float


class _Reported:
    __slots__ = ("changed_at_s", "current", "due", "sent")

    def __init__(self, current: StatusReport, now_s: float) -> None:
        self.current = current
        self.changed_at_s = now_s
        self.sent: StatusReport | None = None
        self.due = False


class StatusReporter:
    """Sends each status that lasts (MinimumStatusDuration), in the order of events (SN-18).

    What happens while the CSMS cannot be told is not replayed: once it can, the present
    status of each connector that changed meanwhile is sent (SN-15, SN-17).
    """

    __slots__ = ("_caller", "_connectors", "_core", "_untold")

    def __init__(self, core: Core, caller: Caller) -> None:
        self._core = core
        self._caller = caller
        self._connectors: tuple[_Reported, ...] = ()
        """By their numbers: connector 0 is the first."""
        self._untold: tuple[_Passing, ...] = ()
        """Passing reports that the link lost."""

    def set_initial(self, connector_id: ConnectorId, report: StatusReport) -> None:
        """The status that a boot begins with; it is told to the CSMS by ``report_all``.

        Connectors come by rising numbers, the whole charge point (0) first.
        """
        assert connector_id == len(self._connectors)
        self._connectors = (*self._connectors, _Reported(report, self._core.now_s))

    def current(self, connector_id: ConnectorId) -> StatusReport:
        """The present status of a connector, reported or not."""
        return self._connectors[connector_id].current

    def update(self, connector_id: ConnectorId, report: StatusReport) -> None:
        """The status of a connector is this from now on; nothing happens if it was before."""
        connector = self._connectors[connector_id]
        if report == connector.current:
            return
        connector.current = report
        connector.changed_at_s = self._core.now_s
        self._core.notify(
            ConnectorChanged(connector_id, report.status.value, report.error_code.value)
        )
        if not self._caller.open:
            connector.due = True
            return
        minimum_s = self._core.configuration.number("MinimumStatusDuration")
        if minimum_s == 0:
            self._send(connector_id)
        else:
            # 1.6 ed.2 §4.9: a status that lasts shorter is not reported
            self._core.timers.set(
                f"status-{connector_id}",
                self._core.now_s + minimum_s,
                lambda: self._send_if_changed(connector_id),
            )

    def report_passing(
        self, connector_id: ConnectorId, error_code: ChargePointErrorCode, info: str
    ) -> None:
        """Tell once of an error that changes nothing: with it goes the status as it is."""
        report = StatusReport(self.current(connector_id).status, error_code, info)
        self._tell(_Passing(connector_id, report, self._core.now_s))

    def report_all(self) -> None:
        """After the acceptance: connector 0 and all others, as they are (errata 3.22)."""
        for number in range(len(self._connectors)):
            self._send(ConnectorId(number))

    def report_changed(self) -> None:
        """After a reconnect: those whose status changed while the CSMS could not be told."""
        untold, self._untold = self._untold, ()
        for passing in untold:
            self._tell(passing)
        for number, connector in enumerate(self._connectors):
            if connector.due:
                self._send(ConnectorId(number))

    def trigger(self, connector_id: ConnectorId) -> None:
        """Send the present status of a connector because the CSMS asks for it."""
        self._send(connector_id)

    def _send_if_changed(self, connector_id: ConnectorId) -> None:
        connector = self._connectors[connector_id]
        if not self._caller.open:
            connector.due = True
        elif connector.current != connector.sent:
            self._send(connector_id)

    def _send(self, connector_id: ConnectorId) -> None:
        connector = self._connectors[connector_id]
        report = connector.current
        connector.sent = report
        connector.due = False
        self._core.timers.cancel(f"status-{connector_id}")

        def failed(failure: CallFailed) -> None:
            # A CALLERROR or silence is final (ERR-20); a lost link is not the CSMS's word
            if failure.kind in ("lost", "overflow"):
                connector.due = True

        request = self._request(connector_id, report, connector.changed_at_s)
        self._caller.call_triggered(OwnCall("StatusNotification", request, _told, failed))

    def _tell(self, passing: _Passing) -> None:
        def failed(failure: CallFailed) -> None:
            if failure.kind == "lost":
                self._untold = (*self._untold, passing)

        request = self._request(passing.connector_id, passing.report, passing.at_s)
        self._caller.call(OwnCall("StatusNotification", request, _told, failed))

    def _request(
        self, connector_id: ConnectorId, report: StatusReport, at_s: float
    ) -> StatusNotificationRequest:
        return StatusNotificationRequest(
            connector_id=connector_id,
            error_code=report.error_code,
            status=report.status,
            info=report.info,
            timestamp=self._core.clock.stamp(at_s),
            vendor_id=report.vendor_id,
            vendor_error_code=report.vendor_error_code,
        )


def _told(_response: object) -> None:
    """StatusNotification.conf says nothing."""
