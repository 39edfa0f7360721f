"""The configuration keys of a charge point."""

from __future__ import annotations

from fastapi import APIRouter, Response

from ocppsim.chargepoint.controller import ConfigurationEntry

from .paging import PAGED, set_total
from .schemas.configuration import ConfigurationKey, ConfigurationValues
from .services import LiveChargerDep, ServicesDep

router = APIRouter(prefix="/api/chargers/{charge_point_id}", tags=["configuration"])


@router.get(
    "/configuration",
    operation_id="getConfiguration",
    response_model=list[ConfigurationKey],
    responses=PAGED,
)
async def get_configuration(
    charger: LiveChargerDep, response: Response
) -> list[ConfigurationEntry]:
    """All keys, as the charge point has them now; always on one page."""
    entries = charger.configuration()
    set_total(response, len(entries))
    return entries


@router.patch(
    "/configuration", operation_id="updateConfiguration", response_model=list[ConfigurationKey]
)
async def update_configuration(
    services: ServicesDep, charger: LiveChargerDep, body: ConfigurationValues
) -> list[ConfigurationEntry]:
    """Set keys, read-only ones too; one that is unknown or does not fit refuses them all.

    The answer comes when they are stored.
    """
    charger.set_configuration(body)
    await services.config_sync.settled()
    return charger.configuration()
