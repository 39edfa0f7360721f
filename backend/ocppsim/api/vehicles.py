"""Vehicles of locations."""

from __future__ import annotations

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from ocppsim.persistence import locations, vehicles
from ocppsim.persistence.records import Page
from ocppsim.persistence.records import Vehicle as VehicleRecord

from .garage import reload_garage
from .paging import DEFAULT_LIMIT, PAGED, Limit, Offset, set_total
from .schemas.vehicle import Vehicle, VehicleCreate, VehicleUpdate
from .services import LocationIdDep, ServicesDep, VehicleIdDep
from .vehicle_rules import changed_vehicle, new_vehicle, shown_vehicle, shown_vehicles

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
) -> list[Vehicle]:
    """The vehicles of a location, in the order of their creation."""

    def read(session: Session) -> Page[VehicleRecord]:
        locations.get(session, location_id)
        return vehicles.list_page(session, location_id, limit=limit, offset=offset)

    page = await services.database.read(read)
    set_total(response, page.total)
    return shown_vehicles(page.items)


@router.post(
    "/locations/{location_id}/vehicles",
    operation_id="createVehicle",
    status_code=201,
    response_model=Vehicle,
)
async def create_vehicle(
    services: ServicesDep, response: Response, location_id: LocationIdDep, body: VehicleCreate
) -> Vehicle:
    """Add a vehicle to a location; with `model_id` it is as that model but for its own numbers."""
    record = new_vehicle(location_id, body)
    vehicle = await services.database.run(lambda session: vehicles.create(session, record))
    await reload_garage(services, location_id)
    response.headers["Location"] = f"/api/vehicles/{vehicle.id}"
    return shown_vehicle(vehicle)


@router.get("/vehicles/{vehicle_id}", operation_id="getVehicle", response_model=Vehicle)
async def get_vehicle(services: ServicesDep, vehicle_id: VehicleIdDep) -> Vehicle:
    """One vehicle."""
    vehicle = await services.database.read(lambda session: vehicles.get(session, vehicle_id))
    return shown_vehicle(vehicle)


@router.patch("/vehicles/{vehicle_id}", operation_id="updateVehicle", response_model=Vehicle)
async def update_vehicle(
    services: ServicesDep, vehicle_id: VehicleIdDep, body: VehicleUpdate
) -> Vehicle:
    """Change a vehicle; what is left out stays.

    A car that is plugged in stays as it came; the change counts when it is plugged in again.
    """

    def change(session: Session) -> VehicleRecord:
        after = changed_vehicle(vehicles.get(session, vehicle_id), body.changes())
        fields = {name: getattr(after, name) for name in vehicles.VEHICLE_FIELDS}
        return vehicles.update(session, vehicle_id, fields)

    vehicle = await services.database.run(change)
    await reload_garage(services, vehicle.location_id)
    return shown_vehicle(vehicle)


@router.delete("/vehicles/{vehicle_id}", operation_id="deleteVehicle", status_code=204)
async def delete_vehicle(services: ServicesDep, vehicle_id: VehicleIdDep) -> None:
    """Remove a vehicle; where it is plugged in it stays until it is unplugged."""

    def delete(session: Session) -> int:
        location_id = vehicles.get(session, vehicle_id).location_id
        vehicles.delete(session, vehicle_id)
        return location_id

    await reload_garage(services, await services.database.run(delete))
