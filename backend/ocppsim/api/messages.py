"""OCPP messages of a charger: what went over the wire, and sending some more."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from ocppsim.chargepoint.notifications import CallAnswered
from ocppsim.runtime.snapshots import MessageView

from . import actions
from .paging import DEFAULT_LIMIT, PAGED, Limit, set_total
from .schemas.connector import InjectStatusBody
from .schemas.message import CallAnswer, Direction, Message, SendCallBody, SendRawBody
from .services import LiveChargerDep, ServicesDep

router = APIRouter(prefix="/api/chargers/{charge_point_id}", tags=["messages"])


@router.get("/messages", operation_id="listMessages", response_model=list[Message], responses=PAGED)
async def list_messages(
    services: ServicesDep,
    charger: LiveChargerDep,
    response: Response,
    direction: Direction | None = None,
    action: Annotated[
        str | None, Query(max_length=255, description="Finds the answers of its CALLs, too.")
    ] = None,
    q: Annotated[str | None, Query(max_length=1000, description="Part of the text.")] = None,
    after: Annotated[
        int | None, Query(description="The first messages behind this id, not the newest.")
    ] = None,
    limit: Limit = DEFAULT_LIMIT,
) -> list[MessageView]:
    """The newest messages that are still remembered, by rising id."""
    page = services.supervisor.message_log.query(
        charger.charger_id, direction=direction, action=action, q=q, after=after, limit=limit
    )
    set_total(response, page.total)
    return page.messages


@router.delete("/messages", operation_id="clearMessages", status_code=204)
async def clear_messages(services: ServicesDep, charger: LiveChargerDep) -> None:
    """Forget the messages of this charger."""
    services.supervisor.message_log.clear(charger.charger_id)


@router.post("/messages", operation_id="sendCall", response_model=CallAnswer)
async def send_call(charger: LiveChargerDep, body: SendCallBody) -> CallAnswered:
    """Send any CALL and wait for the CSMS's answer; 409 while there is no connection."""
    return await charger.send_call(body.action, body.payload)


@router.post("/messages/raw", operation_id="sendRawText", status_code=204)
async def send_raw(charger: LiveChargerDep, body: SendRawBody) -> None:
    """Send a text frame as it is, sense or nonsense; 409 while there is no connection."""
    charger.send_raw(body.text)


@router.post("/inject-status", operation_id="injectStatus", response_model=CallAnswer)
async def inject_status(charger: LiveChargerDep, body: InjectStatusBody) -> CallAnswered:
    """Send this StatusNotification and wait for the CSMS's answer; nothing changes inside.

    409 while there is no connection. The CSMS believes it until the next real one.
    """
    return await actions.inject_status(charger, body)
