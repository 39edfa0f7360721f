"""What a charger keeps for its CSMS, and the limits that follow from it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from ocppsim.runtime.record_snapshots import (
    ChargingProfileSnapshot,
    CompositeScheduleSnapshot,
    LimitSnapshot,
    LocalListSnapshot,
    ReservationSnapshot,
)

from .paging import DEFAULT_LIMIT, PAGED, Limit, Offset, set_total
from .schemas import records as shown
from .services import LiveChargerDep

router = APIRouter(prefix="/api/chargers/{charge_point_id}", tags=["records"])

DEFAULT_DURATION_S = 86_400
MAX_DURATION_S = 31 * 86_400


@router.get(
    "/charging-profiles",
    operation_id="listChargingProfiles",
    response_model=list[shown.ChargingProfile],
    responses=PAGED,
)
async def list_charging_profiles(
    charger: LiveChargerDep,
    response: Response,
    limit: Limit = DEFAULT_LIMIT,
    offset: Offset = 0,
) -> list[ChargingProfileSnapshot]:
    """The installed charging profiles by connector, purpose and falling stack level."""
    profiles = charger.charging_profiles()
    set_total(response, len(profiles))
    return profiles[offset : offset + limit]


@router.get(
    "/connectors/{connector_id}/composite-schedule",
    operation_id="getCompositeSchedule",
    response_model=shown.CompositeSchedule,
)
async def get_composite_schedule(
    charger: LiveChargerDep,
    connector_id: Annotated[int, Path(description="0 is the charge point as a whole.")],
    duration_s: Annotated[
        int, Query(ge=1, le=MAX_DURATION_S, description="How far to look ahead; default: a day.")
    ] = DEFAULT_DURATION_S,
    unit: Annotated[
        shown.RateUnit | None, Query(description="Default: A for AC, W for DC.")
    ] = None,
) -> CompositeScheduleSnapshot:
    """What the connector may be expected to allow from now on, as GetCompositeSchedule says it."""
    return charger.composite_schedule(connector_id, duration_s, unit)


@router.get("/connectors/{connector_id}/limit", operation_id="getLimit", response_model=shown.Limit)
async def get_limit(
    charger: LiveChargerDep,
    connector_id: Annotated[int, Path(description="The connector: 1 or higher.")],
) -> LimitSnapshot:
    """The limit in force at the connector and, layer by layer, why."""
    return charger.limit(connector_id)


@router.get("/local-list", operation_id="getLocalList", response_model=shown.LocalList)
async def get_local_list(charger: LiveChargerDep) -> LocalListSnapshot:
    """The local authorization list that the CSMS has sent."""
    return charger.local_list()


@router.get(
    "/reservations",
    operation_id="listReservations",
    response_model=list[shown.Reservation],
    responses=PAGED,
)
async def list_reservations(
    charger: LiveChargerDep,
    response: Response,
    limit: Limit = DEFAULT_LIMIT,
    offset: Offset = 0,
) -> list[ReservationSnapshot]:
    """The reservations that hold, by connector; 0, for any connector, comes first."""
    reservations = charger.reservations()
    set_total(response, len(reservations))
    return reservations[offset : offset + limit]
