"""Chargers: finding, creating, changing and deleting them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Query, Response

from ocppsim.persistence import locations
from ocppsim.runtime.live_charger import LiveCharger
from ocppsim.runtime.snapshots import ChargerSnapshot, ConnectorSnapshot

from .addresses import charger_path
from .charger_changes import (
    checked_configuration,
    create_chargers,
    delete_charger,
    update_charger,
)
from .charger_rules import new_definition
from .paging import DEFAULT_LIMIT, PAGED, Limit, Offset, set_total
from .schemas.charger import Charger, ChargerDetail
from .schemas.charger_input import ChargerCreate, ChargerUpdate
from .schemas.connector import ChargePointStatus, Connector
from .services import ChargePointIdPath, LiveChargerDep, LocationIdDep, Services, ServicesDep
from .template_rules import with_template

router = APIRouter(prefix="/api", tags=["chargers"])

StatusFilter = Annotated[
    ChargePointStatus | None, Query(description="Of one of its connectors, or of the whole.")
]
ConnectedFilter = Annotated[bool | None, Query(description="Whether it is connected.")]
TextFilter = Annotated[
    str | None, Query(max_length=200, description="Part of the charge point id or the name.")
]


@router.get("/chargers", operation_id="listChargers", response_model=list[Charger], responses=PAGED)
async def list_chargers(
    services: ServicesDep,
    location_id: int | None = None,
    status: StatusFilter = None,
    connected: ConnectedFilter = None,
    q: TextFilter = None,
    limit: Limit = DEFAULT_LIMIT,
    offset: Offset = 0,
) -> Response:
    """The chargers that fit all filters, in the order of their creation."""
    found = list(matching(services, location_id, status, connected, q))
    page = [charger.summary() for charger in islice(found, offset, offset + limit)]
    # As the live feed writes them: to check a page field by field takes ten times as long
    response = Response(msgspec.json.encode(page), media_type="application/json")
    set_total(response, len(found))
    return response


@router.get(
    "/locations/{location_id}/chargers",
    operation_id="listLocationChargers",
    response_model=list[Charger],
    responses=PAGED,
)
async def list_location_chargers(
    services: ServicesDep,
    location_id: LocationIdDep,
    status: StatusFilter = None,
    connected: ConnectedFilter = None,
    q: TextFilter = None,
    limit: Limit = DEFAULT_LIMIT,
    offset: Offset = 0,
) -> Response:
    """The chargers of a location that fit all filters, in the order of their creation."""
    await services.database.read(lambda session: locations.get(session, location_id))
    return await list_chargers(services, location_id, status, connected, q, limit, offset)


@router.post(
    "/locations/{location_id}/chargers",
    operation_id="createCharger",
    status_code=201,
    response_model=ChargerDetail,
)
async def create_charger(
    services: ServicesDep, response: Response, location_id: LocationIdDep, body: ChargerCreate
) -> ChargerSnapshot:
    """Add a charger; 409 when the charge point id is taken.

    With `template_id` it is made from a charger model; what the body says goes before it.
    `warnings` in the answer names what is legal but unlikely to work as meant.
    """
    await services.database.read(lambda session: locations.get(session, location_id))
    body = with_template(body, services.charger_templates)
    definition = new_definition(location_id, body)
    values = checked_configuration(services, definition, body.configuration)
    async with services.changes:
        (charger,) = await create_chargers(services, [(definition, values)])
    response.headers["Location"] = charger_path(charger.charge_point_id)
    return charger.snapshot()


@router.get("/chargers/{charge_point_id}", operation_id="getCharger", response_model=ChargerDetail)
async def get_charger(charger: LiveChargerDep) -> ChargerSnapshot:
    """One charger with everything that is going on at it."""
    return charger.snapshot()


@router.get(
    "/chargers/{charge_point_id}/connectors/{connector_id}",
    operation_id="getConnector",
    response_model=Connector,
)
async def get_connector(
    charger: LiveChargerDep,
    connector_id: Annotated[int, Path(description="0 is the charge point as a whole.")],
) -> ConnectorSnapshot:
    """One connector with all that is going on at it."""
    return charger.connector(connector_id)


@router.patch(
    "/chargers/{charge_point_id}", operation_id="updateCharger", response_model=ChargerDetail
)
async def patch_charger(
    services: ServicesDep, charger: LiveChargerDep, body: ChargerUpdate
) -> ChargerSnapshot:
    """Change a charger, all or nothing; what is left out stays."""
    return (await update_charger(services, charger.charge_point_id, body)).snapshot()


@router.delete("/chargers/{charge_point_id}", operation_id="deleteCharger", status_code=204)
async def remove_charger(
    services: ServicesDep,
    charge_point_id: ChargePointIdPath,
    force: Annotated[bool, Query(description="Even in a transaction.")] = False,
) -> None:
    """Remove a charger and its history; 409 while it is in a transaction, unless `force`.

    One whose stored state cannot be used (everything else on it is 409) can be removed, too.
    """
    await delete_charger(services, charge_point_id, force=force)


def matching(
    services: Services,
    location_id: int | None,
    status: str | None,
    connected: bool | None,
    q: str | None,
) -> Iterator[LiveCharger]:
    """The chargers that fit all filters that are given."""
    found = iter(services.supervisor.store)
    if location_id is not None:
        found = (each for each in found if each.definition.location_id == location_id)
    if connected is not None:
        found = (each for each in found if each.is_connected == connected)
    if q:
        wanted = q.casefold()
        found = (each for each in found if _is_named(each, wanted))
    if status is not None:
        found = (each for each in found if each.has_status(status))
    return found


def _is_named(charger: LiveCharger, wanted: str) -> bool:
    definition = charger.definition
    return (
        wanted in definition.identity.charge_point_id.casefold()
        or wanted in definition.charger_name.casefold()
    )
