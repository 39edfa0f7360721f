"""OCPP messages of a charger: what went over the wire, and sending some more."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from ocppsim.chargepoint.notifications import CallAnswered
from ocppsim.runtime.snapshots import MessageView

from .paging import DEFAULT_LIMIT, PAGED, Limit, set_total
from .schemas.message import CallAnswer, Direction, Message, SendCallBody, SendRawBody
from .services import LiveChargerDep, ServicesDep

router = APIRouter(prefix="/api/chargers/{charge_point_id}/messages", tags=["messages"])


@router.get("", operation_id="listMessages", response_model=list[Message], responses=PAGED)
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
        charger.charge_point_id, direction=direction, action=action, q=q, after=after, limit=limit
    )
    set_total(response, page.total)
    return page.messages


@router.delete("", operation_id="clearMessages", status_code=204)
async def clear_messages(services: ServicesDep, charger: LiveChargerDep) -> None:
    """Forget the messages of this charger."""
    services.supervisor.message_log.clear(charger.charge_point_id)


@router.post("", operation_id="sendCall", response_model=CallAnswer)
async def send_call(charger: LiveChargerDep, body: SendCallBody) -> CallAnswered:
    """Send any CALL and wait for the CSMS's answer; 409 while there is no connection."""
    return await charger.send_call(body.action, body.payload)


@router.post("/raw", operation_id="sendRawText", status_code=204)
async def send_raw(charger: LiveChargerDep, body: SendRawBody) -> None:
    """Send a text frame as it is, sense or nonsense; 409 while there is no connection."""
    charger.send_raw(body.text)
