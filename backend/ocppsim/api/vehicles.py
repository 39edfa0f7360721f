"""Vehicles of locations."""

from __future__ import annotations

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from ocppsim.persistence import locations, vehicles
from ocppsim.persistence.records import CurvePoint, Page
from ocppsim.persistence.records import Vehicle as VehicleRecord

from .garage import reload_garage
from .paging import DEFAULT_LIMIT, PAGED, Limit, Offset, set_total
from .schemas.vehicle import ChargingCurvePoint, Vehicle, VehicleCreate, VehicleUpdate
from .services import LocationIdDep, ServicesDep, VehicleIdDep

router = APIRouter(prefix="/api", tags=["vehicles"])


@router.get(
    "/locations/{location_id}/vehicles",
    operation_id="listVehicles",
    response_model=list[Vehicle],
    responses=PAGED,
)
async def list_vehicles(
    services: ServicesDep,
    response: Response,
    location_id: LocationIdDep,
    limit: Limit = DEFAULT_LIMIT,
    offset: Offset = 0,
) -> list[VehicleRecord]:
    """The vehicles of a location, in the order of their creation."""

    def read(session: Session) -> Page[VehicleRecord]:
        locations.get(session, location_id)
        return vehicles.list_page(session, location_id, limit=limit, offset=offset)

    page = await services.database.read(read)
    set_total(response, page.total)
    return page.items


@router.post(
    "/locations/{location_id}/vehicles",
    operation_id="createVehicle",
    status_code=201,
    response_model=Vehicle,
)
async def create_vehicle(
    services: ServicesDep, response: Response, location_id: LocationIdDep, body: VehicleCreate
) -> VehicleRecord:
    """Add a vehicle to a location."""
    record = new_vehicle(location_id, body)
    vehicle = await services.database.run(lambda session: vehicles.create(session, record))
    await reload_garage(services, location_id)
    response.headers["Location"] = f"/api/vehicles/{vehicle.id}"
    return vehicle


@router.get("/vehicles/{vehicle_id}", operation_id="getVehicle", response_model=Vehicle)
async def get_vehicle(services: ServicesDep, vehicle_id: VehicleIdDep) -> VehicleRecord:
    """One vehicle."""
    return await services.database.read(lambda session: vehicles.get(session, vehicle_id))


@router.patch("/vehicles/{vehicle_id}", operation_id="updateVehicle", response_model=Vehicle)
async def update_vehicle(
    services: ServicesDep, vehicle_id: VehicleIdDep, body: VehicleUpdate
) -> VehicleRecord:
    """Change a vehicle; what is left out stays. A car that is plugged in does not change."""
    changes = body.changes()
    if "id_tags" in changes:
        changes["id_tags"] = tuple(body.id_tags)
    if "dc_charging_curve" in changes:
        changes["dc_charging_curve"] = _curve(body.dc_charging_curve)
    vehicle = await services.database.run(
        lambda session: vehicles.update(session, vehicle_id, changes)
    )
    await reload_garage(services, vehicle.location_id)
    return vehicle


@router.delete("/vehicles/{vehicle_id}", operation_id="deleteVehicle", status_code=204)
async def delete_vehicle(services: ServicesDep, vehicle_id: VehicleIdDep) -> None:
    """Remove a vehicle; where it is plugged in it stays until it is unplugged."""

    def delete(session: Session) -> int:
        location_id = vehicles.get(session, vehicle_id).location_id
        vehicles.delete(session, vehicle_id)
        return location_id

    await reload_garage(services, await services.database.run(delete))


def new_vehicle(location_id: int, body: VehicleCreate) -> VehicleRecord:
    """The record of a vehicle that is not stored yet."""
    return VehicleRecord(
        location_id=location_id,
        name=body.name,
        id_tags=tuple(body.id_tags),
        battery_capacity_kwh=body.battery_capacity_kwh,
        model_id=body.model_id,
        ac_phases=body.ac_phases,
        ac_max_power_kw=body.ac_max_power_kw,
        dc_max_power_kw=body.dc_max_power_kw,
        dc_charging_curve=_curve(body.dc_charging_curve),
    )


def _curve(points: list[ChargingCurvePoint] | None) -> tuple[CurvePoint, ...] | None:
    if points is None:
        return None
    return tuple(
        CurvePoint(soc_percent=point.soc_percent, power_kw=point.power_kw) for point in points
    )
