"""A vehicle that comes to a charger and leaves again: as it was planned, and as it goes."""

from __future__ import annotations

from typing import Literal

import msgspec

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.notifications import TransactionView
from ocppsim.physics import PowerType

from .fleet_records import SessionRow
from .resolved_vehicle import ResolvedVehicle

StartBy = Literal["tag", "remote", "plug"]


class Visit(msgspec.Struct, frozen=True):
    """A visit as planned; times are seconds after the start of the run.

    The vehicle takes any connector that fits it and is free of ``chargers`` (their places in the
    run), with ``connector_id`` only the one of that number. It arrives charged to
    ``vehicle.soc_percent``. Its driver shows the tag ``tag_after_s`` after plugging in
    (``start_by`` ``tag``), lets the CSMS start (``remote``), or leaves it to the charger
    (``plug``). At ``departs_at_s`` the driver ends the transaction, and takes the cable out. With
    ``leaves_when_done`` that may be earlier: once the vehicle asks for no more, because it is
    full or, with ``energy_wh``, has got that much at the outlet, not counting what its auxiliary
    load takes. ``seed`` decides between connectors that are free.
    """

    number: int
    at_s: float
    departs_at_s: float
    chargers: tuple[int, ...]
    connector_id: ConnectorId | None
    vehicle: ResolvedVehicle
    id_tag: str
    start_by: StartBy = "tag"
    tag_after_s: float = 10.0
    leaves_when_done: bool = False
    energy_wh: float | None = None
    seed: int = 0

    def vehicle_for(self, power_type: PowerType) -> ResolvedVehicle:
        """The vehicle as it arrives, its target set by ``energy_wh``."""
        vehicle = self.vehicle
        if self.energy_wh is None:
            return vehicle
        spec = vehicle.spec
        efficiency = spec.ac_efficiency if power_type == "AC" else spec.dc_efficiency
        rise_percent = 100.0 * self.energy_wh * efficiency / spec.battery_capacity_wh
        target_percent = min(spec.target_soc_percent, vehicle.soc_percent + rise_percent)
        return msgspec.structs.replace(
            vehicle, spec=msgspec.structs.replace(spec, target_soc_percent=target_percent)
        )


class StoredVisit(msgspec.Struct, frozen=True, array_like=True):
    """What of a visit is kept for a driver who takes over, beside what the charger keeps.

    ``register_wh`` is the meter's when the vehicle came, ``left_register_wh`` when it had left, at
    ``left_at_s``. ``outcome`` is in the words of :class:`SessionRow`.
    """

    number: int
    arrived_at_s: float
    register_wh: float
    outcome: str
    left_at_s: float | None = None
    left_register_wh: float = 0.0


class OpenVisit:
    """A visit that is going on at a connector."""

    __slots__ = (
        "arrived_at_s",
        "charger",
        "connector_id",
        "leaving",
        "peak_power_w",
        "refused",
        "register_wh",
        "transaction",
        "visit",
        "was_charged",
    )

    def __init__(
        self,
        visit: Visit,
        charger: str,
        connector_id: ConnectorId,
        register_wh: float,
        arrived_at_s: float,
    ) -> None:
        self.visit = visit
        self.charger = charger
        self.connector_id = connector_id
        self.register_wh = register_wh
        self.arrived_at_s = arrived_at_s
        self.transaction: TransactionView | None = None
        self.was_charged = False
        """Whether there was a transaction, also where it is not known any more."""
        self.peak_power_w = 0.0
        self.refused = False
        self.leaving = False

    @classmethod
    def restored(
        cls, visit: Visit, charger: str, connector_id: ConnectorId, stored: StoredVisit
    ) -> OpenVisit:
        """As it was stored; what there was of a transaction is not known any more."""
        there = cls(visit, charger, connector_id, stored.register_wh, stored.arrived_at_s)
        there.was_charged = stored.outcome == "charged"
        there.refused = stored.outcome == "refused"
        return there

    def stored(self, left_at_s: float | None = None, left_register_wh: float = 0.0) -> StoredVisit:
        """As it is kept for whoever takes over; with a time, once it is over."""
        return StoredVisit(
            self.visit.number,
            self.arrived_at_s,
            self.register_wh,
            self.outcome,
            left_at_s,
            left_register_wh,
        )

    @property
    def outcome(self) -> str:
        """In the words of :class:`SessionRow`, once the vehicle has left."""
        if self.was_charged:
            return "charged"
        return "refused" if self.refused else "no_transaction"

    def row(
        self, start_epoch_s: float, left_at_s: float | None, register_wh: float, soc_percent: float
    ) -> SessionRow:
        """As it is written down, when the vehicle leaves or (None) at the end of the run."""
        transaction = self.transaction
        return SessionRow(
            session=self.visit.number,
            charger=self.charger,
            connector=int(self.connector_id),
            vehicle=self.visit.vehicle.name,
            id_tag=self.visit.id_tag,
            outcome="unfinished" if left_at_s is None else self.outcome,
            plugged_in=start_epoch_s + self.arrived_at_s,
            started=None if transaction is None else transaction.started_at_s,
            stopped=None if transaction is None else transaction.stopped_at_s,
            plugged_out=None if left_at_s is None else start_epoch_s + left_at_s,
            transaction_id=None if transaction is None else transaction.transaction_id,
            stop_reason=None if transaction is None else transaction.stop_reason,
            energy_wh=register_wh - self.register_wh,
            soc_begin_percent=self.visit.vehicle.soc_percent,
            soc_end_percent=soc_percent,
            peak_power_w=self.peak_power_w,
        )


def turned_away(visit: Visit, start_epoch_s: float) -> SessionRow:
    """The row of a visit that found no free connector."""
    soc_percent = visit.vehicle.soc_percent
    return SessionRow(
        session=visit.number,
        charger=None,
        connector=None,
        vehicle=visit.vehicle.name,
        id_tag=visit.id_tag,
        outcome="turned_away",
        plugged_in=start_epoch_s + visit.at_s,
        started=None,
        stopped=None,
        plugged_out=None,
        transaction_id=None,
        stop_reason=None,
        energy_wh=0.0,
        soc_begin_percent=soc_percent,
        soc_end_percent=soc_percent,
        peak_power_w=0.0,
    )


__all__ = ["OpenVisit", "StartBy", "StoredVisit", "Visit", "turned_away"]
