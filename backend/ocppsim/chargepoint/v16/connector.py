"""One connector as its charge point knows it: the facts that its status follows from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import msgspec

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.protocol.v16.datatypes import ChargingProfile
from ocppsim.protocol.v16.enums import ChargePointErrorCode, ChargePointStatus

from .connector_status import TRANSITIONS, ConnectorFacts, status_of
from .core import Core
from .status_reporter import StatusReport, StatusReporter, plain_report
from .transaction import RunningTransaction


class Grant(msgspec.Struct, frozen=True, gc=False):
    """An authorized tag that waits for the rest of what a transaction needs.

    ``floating``: shown to a shared reader before any cable was in; it follows the cable.
    ``charging_profile`` came with a remote start and is for the transaction that begins.
    """

    id_tag: str
    parent_id_tag: str | None = None
    floating: bool = False
    charging_profile: ChargingProfile | None = None


class CableHold(msgspec.Struct, frozen=True, gc=False):
    """After the stop the cable stays locked until this tag, or one of its group, is shown."""

    id_tag: str
    parent_id_tag: str | None


class Allowance(msgspec.Struct, frozen=True, gc=False):
    """What the EVSE may offer its vehicle: ``power_w`` over ``phases`` (0 for DC).

    With 0 W the EVSE suspends the charging.
    """

    power_w: float
    phases: int


class Limiter(Protocol):
    """Says how much of the energy that is there may be offered."""

    def allowance(self, connector: Connector, /) -> Allowance:
        """What a connector in a transaction may offer now."""
        ...


class Connector:
    """Facts and their consequences: ``refresh`` derives status and energy offer from them."""

    __slots__ = (
        "_core",
        "_offered",
        "_reporter",
        "authorizing",
        "connector_id",
        "fault",
        "finishing",
        "grant",
        "hold",
        "info",
        "limiter",
        "operative",
        "preparing",
        "reserved",
        "take_sample",
        "timed_out",
        "transaction",
        "warning",
    )

    def __init__(self, core: Core, reporter: StatusReporter, connector_id: ConnectorId) -> None:
        self._core = core
        self._reporter = reporter
        self.connector_id = connector_id
        self.operative = True
        self.preparing = False
        self.finishing = False
        self.timed_out = False
        """Finishing because nobody showed a tag in time (B6), not after a transaction."""
        self.authorizing: str | None = None
        self.grant: Grant | None = None
        self.hold: CableHold | None = None
        self.transaction: RunningTransaction | None = None
        self.fault: StatusReport | None = None
        self.warning: StatusReport | None = None
        self.info: str | None = None
        self.reserved = False
        """Kept for the holder of a reservation."""
        self.limiter: Limiter
        self.take_sample: Callable[[], None] | None = None
        """What its metering does when the next sample is due; None before there is one."""
        self._offered = _NOTHING

    def set_hold(self, hold: CableHold | None) -> None:
        """Keep the cable for a tag, or for nobody any longer; a restart does not free it."""
        self.hold = hold
        self._core.put_cell(f"hold/{self.connector_id}", hold)

    def load_hold(self) -> None:
        """The hold that was stored before a boot."""
        body = self._core.durable.cells.get(f"hold/{self.connector_id}")
        self.hold = None if body is None else msgspec.json.decode(body, type=CableHold)

    @property
    def status(self) -> ChargePointStatus:
        """The present status, whether it was reported yet or not."""
        return self._reporter.current(self.connector_id).status

    @property
    def vehicle_connected(self) -> bool:
        """Whether a vehicle is connected through the cable."""
        return self._core.hardware.is_vehicle_connected(self.connector_id)

    @property
    def cable_present(self) -> bool:
        """Whether a cable is in the socket, or the tethered one in a vehicle."""
        return self._core.hardware.is_cable_present(self.connector_id)

    @property
    def is_free(self) -> bool:
        """Nobody uses or waits for it."""
        return (
            self.transaction is None
            and self.grant is None
            and self.authorizing is None
            and self.fault is None
            and self.operative
        )

    def facts(self) -> ConnectorFacts:
        """What the status follows from, now."""
        return self._facts(self._allowance())

    def _facts(self, allowance: Allowance) -> ConnectorFacts:
        transaction = self.transaction
        return ConnectorFacts(
            faulted=self.fault is not None,
            in_transaction=transaction is not None,
            energy_permitted=transaction is not None
            and transaction.stored.energy_permitted
            and allowance.power_w > 0.0,
            vehicle_connected=self.vehicle_connected,
            ev_draws=self._core.hardware.ev_draws(self.connector_id),
            operative=self.operative,
            finishing=self.finishing,
            preparing=self.preparing,
            reserved=self.reserved and self.grant is None,
        )

    def begin(self) -> None:
        """The status after a boot, which follows from no earlier one."""
        allowance = self._allowance()
        facts = self._facts(allowance)
        self._reporter.set_initial(self.connector_id, self._report(facts))
        self._offer(facts, allowance)

    def refresh(self) -> None:
        """Report the status that follows from the facts, and offer energy or not."""
        allowance = self._allowance()
        facts = self._facts(allowance)
        report = self._report(facts)
        previous = self.status
        if report.status is not previous and (previous, report.status) not in TRANSITIONS:
            # Nothing becomes Reserved but by way of Available (A7)
            assert (previous, _FREE) in TRANSITIONS, f"{previous} to {report.status}"
            assert (_FREE, report.status) in TRANSITIONS, f"{previous} to {report.status}"
            self._reporter.update(self.connector_id, plain_report(_FREE))
        self._offer(facts, allowance)
        self._reporter.update(self.connector_id, report)

    def _allowance(self) -> Allowance:
        return _NOTHING if self.transaction is None else self.limiter.allowance(self)

    def _offer(self, facts: ConnectorFacts, allowance: Allowance) -> None:
        flows = (
            facts.in_transaction
            and facts.energy_permitted
            and facts.vehicle_connected
            and not facts.faulted
            and not self._core.down
        )
        offered = allowance if flows else _NOTHING
        if offered != self._offered:
            self._offered = offered
            self._core.hardware.offer_energy(
                self.connector_id, offered.power_w, self._core.now_s, offered.phases or None
            )

    def _report(self, facts: ConnectorFacts) -> StatusReport:
        status = status_of(facts)
        if self.fault is not None:
            return self.fault
        if self.warning is not None and status in _MAY_WARN:
            return msgspec.structs.replace(self.warning, status=status)
        informs = status in (ChargePointStatus.SuspendedEV, ChargePointStatus.Finishing)
        return (
            plain_report(status)
            if not informs or self.info is None
            else StatusReport(status, info=self.info)
        )


_FREE = ChargePointStatus.Available
_NOTHING = Allowance(0.0, 0)
_MAY_WARN = frozenset(
    {
        ChargePointStatus.Preparing,
        ChargePointStatus.SuspendedEV,
        ChargePointStatus.SuspendedEVSE,
        ChargePointStatus.Finishing,
    }
)
"""Where EVCommunicationError may stand beside a status (1.6 ed.2 §4.9)."""


def fault_report(
    error_code: ChargePointErrorCode,
    info: str | None = None,
    vendor_id: str | None = None,
    vendor_error_code: str | None = None,
) -> StatusReport:
    """A fault that prevents charging."""
    return StatusReport(ChargePointStatus.Faulted, error_code, info, vendor_id, vendor_error_code)
