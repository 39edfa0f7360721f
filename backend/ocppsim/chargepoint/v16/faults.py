"""Faults as an overlay over whatever is below them (1.6 ed.2 §4.9, I1-I8)."""

from __future__ import annotations

from ocppsim.chargepoint.errors import IllegalAction
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.inputs import FaultRaised
from ocppsim.protocol.v16.enums import ChargePointErrorCode, ChargePointStatus, Reason

from .connector import Connector, fault_report
from .core import Core
from .sessions import Sessions
from .status_reporter import StatusReport
from .transactions import Transactions
from .whole_charge_point import WholeChargePoint

_WARNS_IN = (
    ChargePointStatus.Preparing,
    ChargePointStatus.SuspendedEV,
    ChargePointStatus.SuspendedEVSE,
    ChargePointStatus.Finishing,
)


class Faults:
    """Raises and clears faults; a transaction goes on below one, without energy (AMB-30)."""

    __slots__ = ("_connectors", "_core", "_sessions", "_transactions", "_whole")

    def __init__(
        self,
        core: Core,
        whole: WholeChargePoint,
        sessions: Sessions,
        transactions: Transactions,
        connectors: dict[ConnectorId, Connector],
    ) -> None:
        self._core = core
        self._whole = whole
        self._sessions = sessions
        self._transactions = transactions
        self._connectors = connectors

    def raise_fault(self, event: FaultRaised, connector: Connector | None) -> None:
        """A fault of a connector, or of the charge point where ``connector`` is None.

        Raises ``IllegalAction`` where the error code cannot occur in the present status.
        """
        error_code = _error_code(event.error_code)
        if error_code is ChargePointErrorCode.EVCommunicationError:
            self._warn(event, connector)
            return
        report = fault_report(error_code, event.info, event.vendor_id, event.vendor_error_code)
        if connector is None:
            self._whole.fault = report
            self._whole.refresh()
            return
        stops = self._core.behaviour("power_meter_failure") == "stop"
        if (
            error_code is ChargePointErrorCode.PowerMeterFailure
            and stops
            and connector.transaction is not None
        ):
            self._transactions.stop(connector, Reason.Other)
        connector.fault = report
        connector.refresh()

    def clear(self, connector: Connector | None) -> None:
        """The fault is over; what was below it comes back. Without a fault nothing happens."""
        if connector is None:
            self._whole.fault = None
            self._whole.refresh()
            for waiting in self._connectors.values():
                self._sessions.fault_cleared(waiting)
            return
        connector.fault = None
        connector.warning = None
        connector.refresh()
        self._sessions.fault_cleared(connector)

    def _warn(self, event: FaultRaised, connector: Connector | None) -> None:
        """EVCommunicationError is a warning beside a few statuses only (SN-07)."""
        if connector is None or connector.status not in _WARNS_IN:
            names = ", ".join(status.value for status in _WARNS_IN)
            raise IllegalAction(f"EVCommunicationError occurs only in {names}")
        connector.warning = StatusReport(
            connector.status,
            ChargePointErrorCode.EVCommunicationError,
            event.info,
            event.vendor_id,
            event.vendor_error_code,
        )
        connector.refresh()


def _error_code(text: str) -> ChargePointErrorCode:
    try:
        error_code = ChargePointErrorCode(text)
    except ValueError:
        raise IllegalAction(f"{text!r} is no ChargePointErrorCode of OCPP 1.6") from None
    if error_code is ChargePointErrorCode.NoError:
        raise IllegalAction("NoError is no fault; clear the fault instead")
    return error_code
