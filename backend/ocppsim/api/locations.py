"""Locations."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from ocppsim.persistence import locations
from ocppsim.persistence.records import Location as LocationRecord
from ocppsim.runtime.time_scales import REAL_TIME

from .charger_changes import delete_location_with_chargers
from .paging import DEFAULT_LIMIT, PAGED, Limit, Offset, set_total
from .problems import NotFound
from .schemas.location import Location, LocationCreate, LocationUpdate
from .schemas.site import SiteState
from .services import LocationIdDep, ServicesDep
from .site_views import site_state, stored_site

router = APIRouter(prefix="/api/locations", tags=["locations"])


@router.get("", operation_id="listLocations", response_model=list[Location], responses=PAGED)
async def list_locations(
    services: ServicesDep,
    response: Response,
    q: Annotated[str | None, Query(max_length=200, description="Part of name or address.")] = None,
    limit: Limit = DEFAULT_LIMIT,
    offset: Offset = 0,
) -> list[LocationRecord]:
    """All locations, in the order of their creation."""
    page = await services.database.read(
        lambda session: locations.list_page(session, q=q, limit=limit, offset=offset)
    )
    set_total(response, page.total)
    return page.items


@router.post("", operation_id="createLocation", status_code=201, response_model=Location)
async def create_location(
    services: ServicesDep, response: Response, body: LocationCreate
) -> LocationRecord:
    """Add a location."""
    location = await services.database.run(
        lambda session: locations.create(
            session,
            body.name,
            body.address,
            time_scale=body.time_scale,
            site=stored_site(body.site),
        )
    )
    if body.site is not None:
        services.supervisor.set_site(location.id, body.site.definition())
    services.supervisor.set_location_time_scale(location.id, location.time_scale)
    response.headers["Location"] = f"/api/locations/{location.id}"
    return location


@router.get("/{location_id}", operation_id="getLocation", response_model=Location)
async def get_location(services: ServicesDep, location_id: LocationIdDep) -> LocationRecord:
    """One location."""
    return await services.database.read(lambda session: locations.get(session, location_id))


@router.patch("/{location_id}", operation_id="updateLocation", response_model=Location)
async def update_location(
    services: ServicesDep, location_id: LocationIdDep, body: LocationUpdate
) -> LocationRecord:
    """Change a location; what is left out stays."""
    changes = body.changes()
    if "site" in changes:
        changes["site"] = stored_site(body.site)
    async with services.changes:
        location = await services.database.run(
            lambda session: locations.update(session, location_id, changes)
        )
        if "time_scale" in changes:
            services.supervisor.set_location_time_scale(location_id, location.time_scale)
        if "site" in changes:
            definition = None if body.site is None else body.site.definition()
            services.supervisor.set_site(location_id, definition)
    return location


@router.get("/{location_id}/site", operation_id="getSiteState", response_model=SiteState)
async def get_site_state(services: ServicesDep, location_id: LocationIdDep) -> SiteState:
    """What the site takes, leaves and shares now; 404 for a location that has none."""
    await services.database.read(lambda session: locations.get(session, location_id))
    site = services.supervisor.sites.find(location_id)
    if site is None:
        raise NotFound(f"location {location_id} has no site")
    return site_state(site)


@router.delete("/{location_id}", operation_id="deleteLocation", status_code=204)
async def delete_location(
    services: ServicesDep,
    location_id: LocationIdDep,
    force: Annotated[bool, Query(description="Delete its chargers too, charging or not.")] = False,
) -> None:
    """Remove a location and its vehicles; 409 while it has chargers, unless `force`."""
    await delete_location_with_chargers(services, location_id, force=force)
    services.supervisor.set_location_time_scale(location_id, REAL_TIME)
    services.supervisor.set_site(location_id, None)
