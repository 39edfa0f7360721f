"""Vehicles and their id tags in the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Select, func, insert, select
from sqlalchemy import delete as delete_from
from sqlalchemy.orm import Session

from .errors import UnknownLocation, UnknownVehicle
from .records import CurvePoint, Page, Vehicle
from .schema import LocationRow, VehicleIdTagRow, VehicleRow

VEHICLE_FIELDS = frozenset(Vehicle.__struct_fields__) - {"id"}


def create(session: Session, vehicle: Vehicle) -> Vehicle:
    """Store a new vehicle and return it with its id. Raises ``UnknownLocation``.

    An id tag that is given twice is kept once; case makes no difference (1.6 ed.2 §7.28).
    """
    _refuse_unknown_location(session, vehicle.location_id)
    row = VehicleRow(**_column_values(vehicle))
    session.add(row)
    session.flush()
    id_tags = _write_id_tags(session, row.id, vehicle.id_tags)
    return msgspec.structs.replace(vehicle, id=row.id, id_tags=id_tags)


def get(session: Session, vehicle_id: int) -> Vehicle:
    """Raises ``UnknownVehicle``."""
    vehicles = _vehicles(session, select(VehicleRow).where(VehicleRow.id == vehicle_id))
    if not vehicles:
        raise UnknownVehicle(vehicle_id)
    return vehicles[0]


def list_page(
    session: Session, location_id: int, *, limit: int | None = None, offset: int = 0
) -> Page[Vehicle]:
    """The vehicles of a location, in the order of their creation."""
    of_location = VehicleRow.location_id == location_id
    total = session.scalar(select(func.count()).select_from(VehicleRow).where(of_location)) or 0
    page = select(VehicleRow).where(of_location).order_by(VehicleRow.id)
    return Page(_vehicles(session, page.limit(limit).offset(offset)), total)


def by_location(session: Session) -> dict[int, list[Vehicle]]:
    """All vehicles, in the order of their creation; a location without any is left out."""
    garage: defaultdict[int, list[Vehicle]] = defaultdict(list)
    for vehicle in _vehicles(session, select(VehicleRow).order_by(VehicleRow.id)):
        garage[vehicle.location_id].append(vehicle)
    return dict(garage)


def update(session: Session, vehicle_id: int, changes: Mapping[str, Any]) -> Vehicle:
    """Change the named fields of ``Vehicle`` and return the vehicle as it is now.

    Raises ``UnknownVehicle``, ``UnknownLocation``, or ValueError for a name that is no field.
    """
    unknown = set(changes) - VEHICLE_FIELDS
    if unknown:
        raise ValueError(f"a vehicle has no field {', '.join(sorted(unknown))}")
    row = session.get(VehicleRow, vehicle_id)
    if row is None:
        raise UnknownVehicle(vehicle_id)
    before = get(session, vehicle_id)
    after = msgspec.structs.replace(before, **changes)
    if after.location_id != before.location_id:
        _refuse_unknown_location(session, after.location_id)
    for column, value in _column_values(after).items():
        setattr(row, column, value)
    session.flush()
    if after.id_tags != before.id_tags:
        session.execute(delete_from(VehicleIdTagRow).where(VehicleIdTagRow.vehicle_id == row.id))
        _write_id_tags(session, row.id, after.id_tags)
    return get(session, vehicle_id)


def delete(session: Session, vehicle_id: int) -> None:
    """Delete a vehicle; its transactions stay in the history. Raises ``UnknownVehicle``."""
    row = session.get(VehicleRow, vehicle_id)
    if row is None:
        raise UnknownVehicle(vehicle_id)
    session.execute(delete_from(VehicleRow).where(VehicleRow.id == vehicle_id))


def _vehicles(session: Session, vehicles: Select[VehicleRow]) -> list[Vehicle]:
    rows = session.scalars(vehicles).all()
    id_tags: defaultdict[int, list[str]] = defaultdict(list)
    of_them = vehicles.with_only_columns(VehicleRow.id)
    for vehicle_id, id_tag in session.execute(
        select(VehicleIdTagRow.vehicle_id, VehicleIdTagRow.id_tag)
        .where(VehicleIdTagRow.vehicle_id.in_(of_them))
        .order_by(VehicleIdTagRow.vehicle_id, VehicleIdTagRow.position)
    ):
        id_tags[vehicle_id].append(id_tag)
    return [_vehicle(row, tuple(id_tags[row.id])) for row in rows]


def _vehicle(row: VehicleRow, id_tags: tuple[str, ...]) -> Vehicle:
    return Vehicle(
        id=row.id,
        location_id=row.location_id,
        name=row.name,
        id_tags=id_tags,
        battery_capacity_kwh=row.battery_capacity_kwh,
        model_id=row.model_id,
        ac_phases=row.ac_phases,
        ac_max_power_kw=row.ac_max_power_kw,
        dc_max_power_kw=row.dc_max_power_kw,
        dc_charging_curve=(
            None
            if row.dc_charging_curve is None
            else msgspec.convert(row.dc_charging_curve, tuple[CurvePoint, ...])
        ),
        traits=dict(row.traits),
    )


def _column_values(vehicle: Vehicle) -> dict[str, Any]:
    curve = vehicle.dc_charging_curve
    return {
        "location_id": vehicle.location_id,
        "name": vehicle.name,
        "battery_capacity_kwh": vehicle.battery_capacity_kwh,
        "model_id": vehicle.model_id,
        "ac_phases": vehicle.ac_phases,
        "ac_max_power_kw": vehicle.ac_max_power_kw,
        "dc_max_power_kw": vehicle.dc_max_power_kw,
        "dc_charging_curve": None if curve is None else msgspec.to_builtins(curve),
        "traits": dict(vehicle.traits),
    }


def _write_id_tags(session: Session, vehicle_id: int, id_tags: Sequence[str]) -> tuple[str, ...]:
    by_lower_case: dict[str, str] = {}
    for id_tag in id_tags:
        by_lower_case.setdefault(id_tag.lower(), id_tag)
    unique = tuple(by_lower_case.values())
    if unique:
        session.execute(
            insert(VehicleIdTagRow),
            [
                {"vehicle_id": vehicle_id, "position": position, "id_tag": id_tag}
                for position, id_tag in enumerate(unique)
            ],
        )
    return unique


def _refuse_unknown_location(session: Session, location_id: int) -> None:
    if session.get(LocationRow, location_id) is None:
        raise UnknownLocation(location_id)
