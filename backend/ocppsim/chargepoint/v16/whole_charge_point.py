"""Connector 0: the charge point as a whole, with only three statuses (1.6 ed.2 §4.9)."""

from __future__ import annotations

from ocppsim.protocol.v16.enums import ChargePointStatus

from .metering import WHOLE_CHARGE_POINT
from .status_reporter import StatusReport, StatusReporter, plain_report


class WholeChargePoint:
    """Faulted, Unavailable or Available; not linked to the connectors' statuses (SN-03)."""

    __slots__ = ("_reporter", "authorizing", "fault", "operative", "restarting")

    def __init__(self, reporter: StatusReporter) -> None:
        self._reporter = reporter
        self.operative = True
        self.authorizing = False
        """A tag at the reader that all connectors share is being authorized."""
        self.restarting = False
        """A reset was accepted, or the power is gone; nothing new begins any more."""
        self.fault: StatusReport | None = None

    def begin(self) -> None:
        """The status after a boot."""
        self._reporter.set_initial(WHOLE_CHARGE_POINT, self._report())

    def refresh(self) -> None:
        """Report the status that follows from the facts."""
        self._reporter.update(WHOLE_CHARGE_POINT, self._report())

    def _report(self) -> StatusReport:
        if self.fault is not None:
            return self.fault
        if not self.operative:
            return plain_report(ChargePointStatus.Unavailable)
        return plain_report(ChargePointStatus.Available)
