"""The connection of a charger to its CSMS; the last call is what a restart restores."""

from __future__ import annotations

from fastapi import APIRouter

from ocppsim.runtime.snapshots import ChargerSnapshot

from .schemas.charger import ChargerDetail, GoOnlineResult
from .services import LiveChargerDep

router = APIRouter(prefix="/api/chargers/{charge_point_id}", tags=["connection"])


@router.post(
    "/connect", operation_id="connectCharger", status_code=202, response_model=ChargerDetail
)
async def connect(charger: LiveChargerDep) -> ChargerSnapshot:
    """Connect, and keep trying; the first one of a new charger is its first boot."""
    charger.connect()
    return charger.snapshot()


@router.post("/disconnect", operation_id="disconnectCharger", status_code=204)
async def disconnect(charger: LiveChargerDep) -> None:
    """Close the connection cleanly; it stays closed."""
    charger.disconnect()


@router.post("/go-offline", operation_id="goOffline", status_code=204)
async def go_offline(charger: LiveChargerDep) -> None:
    """The network goes away; charging goes on."""
    charger.go_offline()


@router.post("/go-online", operation_id="goOnline", status_code=202, response_model=GoOnlineResult)
async def go_online(charger: LiveChargerDep) -> GoOnlineResult:
    """The network is back; what is queued will be delivered."""
    charger.go_online()
    return GoOnlineResult(
        status=charger.connection.view.state,
        queued_messages=charger.charger.controller.queued_messages,
    )
