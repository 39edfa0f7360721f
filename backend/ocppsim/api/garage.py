"""Stored vehicles on their way to the chargers of their location."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from ocppsim.persistence import vehicles
from ocppsim.persistence.records import Vehicle
from ocppsim.physics import VehicleSpec
from ocppsim.runtime.garage import GarageVehicle
from ocppsim.runtime.vehicle_library import vehicle_models
from ocppsim.simulation.resolved_vehicle import DEFAULT_VEHICLE, ResolvedVehicle
from ocppsim.simulation.vehicle_models import vehicle_spec

from .services import Services

_COLUMNS = (
    "battery_capacity_kwh",
    "ac_phases",
    "ac_max_power_kw",
    "dc_max_power_kw",
    "dc_charging_curve",
)


def own_numbers(vehicle: Vehicle) -> dict[str, Any]:
    """What the vehicle says of itself, by the names of ``VehicleSpec``; None: as its model.

    A capacity is always stored, so that a vehicle whose model is gone still has one; among the
    traits, None says that it only follows the model.
    """
    columns = {name: getattr(vehicle, name) for name in _COLUMNS}
    return msgspec.to_builtins(columns) | vehicle.traits


def vehicle_numbers(vehicle: Vehicle) -> VehicleSpec:
    """The numbers that it charges with: its own, else its model's, else the default car's.

    With a model that the library does not have (any more), what is stored still counts. Raises
    ``ValueError`` where the numbers cannot be.
    """
    model = vehicle_models().find(vehicle.model_id)
    own = own_numbers(vehicle)
    if model is None:
        own["battery_capacity_kwh"] = vehicle.battery_capacity_kwh
    return vehicle_spec(vehicle.name, own, model)


def garage_vehicle(vehicle: Vehicle) -> GarageVehicle:
    """The vehicle as a charger meets it."""
    resolved = ResolvedVehicle(
        vehicle_id=vehicle.id,
        name=vehicle.name,
        spec=vehicle_numbers(vehicle),
        soc_percent=DEFAULT_VEHICLE.soc_percent,
    )
    return GarageVehicle(vehicle=resolved, id_tags=vehicle.id_tags)


def unknown_models(stored: Iterable[Vehicle]) -> set[str]:
    """The models that vehicles are said to be of and that the library does not have."""
    models = vehicle_models()
    named = {vehicle.model_id for vehicle in stored if vehicle.model_id is not None}
    return {model_id for model_id in named if models.find(model_id) is None}


async def reload_garage(services: Services, location_id: int) -> None:
    """Tell the running chargers of a location which vehicles there are now."""
    page = await services.database.read(lambda session: vehicles.list_page(session, location_id))
    services.supervisor.set_vehicles(location_id, [garage_vehicle(each) for each in page.items])
