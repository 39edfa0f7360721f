"""From request bodies to stored vehicles and back: the rules that no single field can check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from ocppsim.persistence.records import CurvePoint, Vehicle
from ocppsim.runtime.vehicle_library import vehicle_models
from ocppsim.simulation.resolved_vehicle import DEFAULT_VEHICLE

from .garage import own_numbers, vehicle_numbers
from .problems import Unprocessable
from .schemas.vehicle import (
    ChargingCurvePoint,
    DeratingPoint,
    ResolvedNumbers,
    VehicleCreate,
    VehicleTraits,
)
from .schemas.vehicle import Vehicle as ShownVehicle

TRAITS = frozenset(VehicleTraits.model_fields)
"""The fields that are stored among the traits."""

_CAPACITY = "battery_capacity_kwh"


def new_vehicle(location_id: int, body: VehicleCreate) -> Vehicle:
    """The record of a vehicle that is not stored yet.

    Raises ``UnknownVehicleModel``, and ``Unprocessable`` for numbers that do not fit together.
    """
    blank = Vehicle(location_id=location_id, name=body.name, battery_capacity_kwh=0.0)
    return changed_vehicle(blank, {name: getattr(body, name) for name in _fields_of(body)})


def changed_vehicle(before: Vehicle, changes: Mapping[str, Any]) -> Vehicle:
    """The vehicle after ``changes``, which go by the fields of the body; None: as the model.

    Raises ``UnknownVehicleModel`` for a model that it was not of before, and ``Unprocessable``
    for numbers that do not fit together.
    """
    columns = {name: value for name, value in changes.items() if name not in TRAITS}
    traits = before.traits | _stored_traits(changes)
    model_id = columns.get("model_id", before.model_id)
    model = vehicle_models().find(model_id)
    if model is None and model_id not in (None, before.model_id):
        vehicle_models().get(model_id)
    if "id_tags" in columns:
        columns["id_tags"] = tuple(columns["id_tags"])
    if "dc_charging_curve" in columns:
        columns["dc_charging_curve"] = _curve(columns["dc_charging_curve"])
    if _CAPACITY in columns:
        traits.pop(_CAPACITY, None)
        if columns[_CAPACITY] is None:
            traits[_CAPACITY] = None
    if _CAPACITY in traits:
        columns[_CAPACITY] = _capacity_of_model(before, model_id)
    kept = {name: value for name, value in traits.items() if value is not None or name == _CAPACITY}
    after = msgspec.structs.replace(before, **columns, traits=kept)
    try:
        vehicle_numbers(after)
    except ValueError as error:
        raise Unprocessable(str(error)) from None
    return after


def shown_vehicle(vehicle: Vehicle) -> ShownVehicle:
    """The vehicle as it is answered: what it says of itself, and the numbers in force."""
    own = own_numbers(vehicle)
    numbers = vehicle_numbers(vehicle)
    return ShownVehicle.model_validate(
        {
            **{name: own.get(name) for name in TRAITS},
            **msgspec.to_builtins(vehicle),
            _CAPACITY: numbers.battery_capacity_kwh,
            "battery_capacity_own": own[_CAPACITY] is not None,
            "resolved": ResolvedNumbers.model_validate(numbers),
        }
    )


def shown_vehicles(vehicles: Iterable[Vehicle]) -> list[ShownVehicle]:
    return [shown_vehicle(vehicle) for vehicle in vehicles]


def _fields_of(body: VehicleCreate) -> Iterable[str]:
    return type(body).model_fields


def _capacity_of_model(before: Vehicle, model_id: str | None) -> float:
    model = vehicle_models().find(model_id)
    if model is not None:
        return model.battery_capacity_kwh
    if model_id is not None:
        return before.battery_capacity_kwh
    return DEFAULT_VEHICLE.spec.battery_capacity_kwh


def _stored_traits(changes: Mapping[str, Any]) -> dict[str, Any]:
    traits = {name: changes[name] for name in TRAITS & changes.keys()}
    points: list[DeratingPoint] | None = traits.get("cold_derating")
    if points is not None:
        traits["cold_derating"] = [point.model_dump() for point in points]
    return traits


def _curve(points: list[ChargingCurvePoint] | None) -> tuple[CurvePoint, ...] | None:
    if points is None:
        return None
    return tuple(
        CurvePoint(soc_percent=point.soc_percent, power_kw=point.power_kw) for point in points
    )
