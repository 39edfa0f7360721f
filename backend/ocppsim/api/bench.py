"""The bench: what a person or the world does to a charger.

Every route answers 202 with the new state, without waiting for the CSMS.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path

from ocppsim.runtime.live_charger import LiveCharger
from ocppsim.runtime.snapshots import ChargerSnapshot, ConnectorSnapshot

from . import actions
from .schemas.charger import ChargerDetail, ClockBody, FilesBody, NetworkBody, PowerBody
from .schemas.connector import (
    Connector,
    EvBody,
    FaultBody,
    IdTagBody,
    LockBody,
    PlugInBody,
    UnplugBody,
)
from .services import LiveChargerDep

router = APIRouter(prefix="/api/chargers/{charge_point_id}", tags=["bench"])

ConnectorPath = Annotated[int, Path(description="The connector: 1 or higher.")]
FaultPath = Annotated[int, Path(description="The connector; 0 is the charge point as a whole.")]

ANSWERS_CONNECTOR: dict[str, Any] = {"status_code": 202, "response_model": Connector}
ANSWERS_CHARGER: dict[str, Any] = {"status_code": 202, "response_model": ChargerDetail}


def _connector(charger: LiveCharger, connector_id: int) -> ConnectorSnapshot:
    return charger.connector(connector_id)


@router.post("/connectors/{connector_id}/plug-in", operation_id="plugIn", **ANSWERS_CONNECTOR)
async def plug_in(
    charger: LiveChargerDep, connector_id: ConnectorPath, body: PlugInBody | None = None
) -> ConnectorSnapshot:
    """A car arrives (without a body the default one) and is plugged in.

    Where the cable is still in the socket, the car's end is plugged back in.
    """
    actions.plug_in(charger, connector_id, body or PlugInBody())
    return _connector(charger, connector_id)


@router.post("/connectors/{connector_id}/unplug", operation_id="unplug", **ANSWERS_CONNECTOR)
async def unplug(
    charger: LiveChargerDep, connector_id: ConnectorPath, body: UnplugBody | None = None
) -> ConnectorSnapshot:
    """The car's end of the cable is taken out (`ev`), or the cable from the socket (`charger`).

    409 where nothing is plugged in, or the lock holds the cable.
    """
    actions.unplug(charger, connector_id, body or UnplugBody())
    return _connector(charger, connector_id)


@router.post("/connectors/{connector_id}/ev", operation_id="setEvDraws", **ANSWERS_CONNECTOR)
async def set_ev_draws(
    charger: LiveChargerDep, connector_id: ConnectorPath, body: EvBody
) -> ConnectorSnapshot:
    """The car asks for energy, or pauses."""
    actions.set_ev_draws(charger, connector_id, body)
    return _connector(charger, connector_id)


@router.post(
    "/connectors/{connector_id}/id-tag",
    operation_id="presentIdTagAtConnector",
    **ANSWERS_CONNECTOR,
)
async def present_id_tag_at_connector(
    charger: LiveChargerDep, connector_id: ConnectorPath, body: IdTagBody
) -> ConnectorSnapshot:
    """A tag is shown to the reader of this connector."""
    actions.present_id_tag(charger, connector_id, body)
    return _connector(charger, connector_id)


@router.post(
    "/connectors/{connector_id}/stop-button", operation_id="pressStopButton", **ANSWERS_CONNECTOR
)
async def press_stop_button(
    charger: LiveChargerDep, connector_id: ConnectorPath
) -> ConnectorSnapshot:
    """The stop button of this connector is pressed."""
    actions.press_stop_button(charger, connector_id, actions.NoBody())
    return _connector(charger, connector_id)


@router.post("/connectors/{connector_id}/fault", operation_id="raiseFault", **ANSWERS_CONNECTOR)
async def raise_fault(
    charger: LiveChargerDep, connector_id: FaultPath, body: FaultBody
) -> ConnectorSnapshot:
    """A fault occurs that prevents charging."""
    actions.raise_fault(charger, connector_id, body)
    return _connector(charger, connector_id)


@router.delete("/connectors/{connector_id}/fault", operation_id="clearFault", **ANSWERS_CONNECTOR)
async def clear_fault(charger: LiveChargerDep, connector_id: FaultPath) -> ConnectorSnapshot:
    """The fault is over; the state below it comes back."""
    actions.clear_fault(charger, connector_id, actions.NoBody())
    return _connector(charger, connector_id)


@router.post("/connectors/{connector_id}/lock", operation_id="setLock", **ANSWERS_CONNECTOR)
async def set_lock(
    charger: LiveChargerDep, connector_id: ConnectorPath, body: LockBody
) -> ConnectorSnapshot:
    """The lock of the socket jams where it is, or moves again."""
    actions.jam_lock(charger, connector_id, body)
    return _connector(charger, connector_id)


@router.post("/id-tag", operation_id="presentIdTag", **ANSWERS_CHARGER)
async def present_id_tag(charger: LiveChargerDep, body: IdTagBody) -> ChargerSnapshot:
    """A tag is shown to the reader that all connectors share."""
    actions.present_id_tag(charger, None, body)
    return charger.snapshot()


@router.post("/emergency-stop", operation_id="pressEmergencyStop", **ANSWERS_CHARGER)
async def press_emergency_stop(charger: LiveChargerDep) -> ChargerSnapshot:
    """The emergency button is pressed: all transactions stop."""
    charger.press_emergency_stop()
    return charger.snapshot()


@router.post("/power", operation_id="setPower", **ANSWERS_CHARGER)
async def set_power(charger: LiveChargerDep, body: PowerBody) -> ChargerSnapshot:
    """The mains goes away, comes back, or both; what was not stored is gone."""
    actions.set_power(charger, body)
    return charger.snapshot()


@router.post("/network", operation_id="setNetwork", **ANSWERS_CHARGER)
async def set_network(charger: LiveChargerDep, body: NetworkBody) -> ChargerSnapshot:
    """The network is cut, swallows everything, is slow or lossy, or works again."""
    actions.set_network(charger, body)
    return charger.snapshot()


@router.post("/clock", operation_id="setClock", **ANSWERS_CHARGER)
async def set_clock(charger: LiveChargerDep, body: ClockBody) -> ChargerSnapshot:
    """The real-time clock is wrong by so many seconds."""
    actions.set_clock(charger, body)
    return charger.snapshot()


@router.post("/files", operation_id="setFiles", **ANSWERS_CHARGER)
async def set_files(charger: LiveChargerDep, body: FilesBody) -> ChargerSnapshot:
    """The next transfers and installations of firmware and diagnostics go well or fail.

    It holds until it is set back, through restarts, too.
    """
    actions.set_files(charger, body)
    return charger.snapshot()


@router.post("/factory-reset", operation_id="factoryReset", **ANSWERS_CHARGER)
async def factory_reset(charger: LiveChargerDep) -> ChargerSnapshot:
    """Everything that was set or learned is forgotten, and the device restarts.

    409 while a transaction runs.
    """
    charger.factory_reset()
    return charger.snapshot()
