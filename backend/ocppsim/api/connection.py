"""The connection of a charger to its CSMS; the last call is what a restart restores.

Every route answers when what is desired now is stored.
"""

from __future__ import annotations

from fastapi import APIRouter

from ocppsim.runtime.snapshots import ChargerSnapshot

from .schemas.charger import ChargerDetail, GoOnlineResult
from .services import LiveChargerDep, ServicesDep

router = APIRouter(prefix="/api/chargers/{charge_point_id}", tags=["connection"])


@router.post(
    "/connect", operation_id="connectCharger", status_code=202, response_model=ChargerDetail
)
async def connect(services: ServicesDep, charger: LiveChargerDep) -> ChargerSnapshot:
    """Connect, and keep trying; the first one of a new charger is its first boot."""
    charger.connect()
    await services.config_sync.settled()
    return charger.snapshot()


@router.post("/disconnect", operation_id="disconnectCharger", status_code=204)
async def disconnect(services: ServicesDep, charger: LiveChargerDep) -> None:
    """Close the connection cleanly; it stays closed."""
    charger.disconnect()
    await services.config_sync.settled()


@router.post("/go-offline", operation_id="goOffline", status_code=204)
async def go_offline(services: ServicesDep, charger: LiveChargerDep) -> None:
    """The network goes away; charging goes on."""
    charger.go_offline()
    await services.config_sync.settled()


@router.post("/go-online", operation_id="goOnline", status_code=202, response_model=GoOnlineResult)
async def go_online(services: ServicesDep, charger: LiveChargerDep) -> GoOnlineResult:
    """The network is back; what is queued will be delivered."""
    charger.go_online()
    outcome = GoOnlineResult(
        status=charger.connection.view.state,
        queued_messages=charger.charger.controller.queued_messages,
    )
    await services.config_sync.settled()
    return outcome
