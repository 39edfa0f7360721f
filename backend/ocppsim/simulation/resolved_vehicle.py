"""The vehicle that comes to a session, once it is known which one that is."""

from __future__ import annotations

import msgspec

from ocppsim.physics import VehicleSpec


class ResolvedVehicle(msgspec.Struct, frozen=True):
    """A vehicle on its way to a connector.

    ``vehicle_id`` is its number in the database, None for a vehicle that is not stored.
    ``battery_celsius`` is what its battery has on arrival; None: it is warm, or was warmed on
    the way.
    """

    vehicle_id: int | None
    name: str
    spec: VehicleSpec
    soc_percent: float
    battery_celsius: float | None = None


DEFAULT_VEHICLE = ResolvedVehicle(
    vehicle_id=None,
    name="Default car",
    spec=VehicleSpec(name="Default car", battery_capacity_kwh=100.0, ac_max_power_kw=22.0),
    soc_percent=20.0,
)
"""Comes where nobody says which vehicle; takes what usual AC chargers give, and 150 kW DC."""

__all__ = ["DEFAULT_VEHICLE", "ResolvedVehicle"]
