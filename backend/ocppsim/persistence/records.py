"""What the repositories return beside ``ChargerDefinition``: plain values, no session needed."""

from __future__ import annotations

from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from ocppsim.chargepoint.notifications import TransactionView

T = TypeVar("T")


class Page(NamedTuple, Generic[T]):
    """Part of a list, and how long the whole list is."""

    items: list[T]
    total: int


class Location(msgspec.Struct, frozen=True):
    """A place with chargers; ``charger_count`` is as of the moment of reading.

    ``time_scale`` is how much faster than real time its chargers run. ``site`` is its grid
    connection with what else hangs on it, as stored; None where nothing limits.
    """

    id: int
    name: str
    address: str
    charger_count: int = 0
    time_scale: float = 1.0
    site: dict[str, Any] | None = None


class SimulationSettings(msgspec.Struct, frozen=True):
    """What holds for the whole simulation.

    ``time_scale`` is how much faster than real time it runs, but for the locations and chargers
    that have a scale of their own.
    """

    time_scale: float = 1.0


class CurvePoint(msgspec.Struct, frozen=True):
    """A point of a DC charging curve: the power that the vehicle takes at a state of charge."""

    soc_percent: float
    power_kw: float


class Vehicle(msgspec.Struct, frozen=True, kw_only=True):
    """A vehicle; ``id`` is its number in the database (0 where it has none yet).

    What is None follows from the model, or from the default vehicle; ``traits`` holds what else
    differs from it, by the names of the fields of ``VehicleSpec``. ``id_tags`` keep the order in
    which they were given.
    """

    id: int = 0
    location_id: int
    name: str
    id_tags: tuple[str, ...] = ()
    battery_capacity_kwh: float
    model_id: str | None = None
    ac_phases: int | None = None
    ac_max_power_kw: float | None = None
    dc_max_power_kw: float | None = None
    dc_charging_curve: tuple[CurvePoint, ...] | None = None
    traits: dict[str, Any] = msgspec.field(default_factory=dict[str, Any])


class TransactionRecord(msgspec.Struct, frozen=True):
    """A transaction of the history.

    ``energy_wh`` is what was charged so far, or in the end; ``vehicle_id`` may be that of a
    vehicle that exists no more.
    """

    id: int
    charger_id: int
    charge_point_id: str
    transaction: TransactionView
    vehicle_id: int | None
    energy_wh: float | None
