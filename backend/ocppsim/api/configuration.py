"""The configuration keys of a charge point."""

from __future__ import annotations

from fastapi import APIRouter

from ocppsim.chargepoint.controller import ConfigurationEntry

from .schemas.configuration import ConfigurationKey, ConfigurationValues
from .services import LiveChargerDep

router = APIRouter(prefix="/api/chargers/{charge_point_id}", tags=["configuration"])


@router.get(
    "/configuration", operation_id="getConfiguration", response_model=list[ConfigurationKey]
)
async def get_configuration(charger: LiveChargerDep) -> list[ConfigurationEntry]:
    """All keys, as the charge point has them now."""
    return charger.configuration()


@router.patch(
    "/configuration", operation_id="updateConfiguration", response_model=list[ConfigurationKey]
)
async def update_configuration(
    charger: LiveChargerDep, body: ConfigurationValues
) -> list[ConfigurationEntry]:
    """Set keys, read-only ones too; one that is unknown or does not fit refuses them all."""
    charger.set_configuration(body)
    return charger.configuration()
