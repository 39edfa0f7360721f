"""Bulk operations: one action on many chargers, in the background."""

from __future__ import annotations

from fastapi import APIRouter, Response

from ocppsim.runtime.operations import OperationView

from .actions import bulk_step
from .chargers import matching
from .problems import Unprocessable
from .schemas.operation import BulkBody, ChargerFilter, Operation, OperationAccepted
from .services import ServicesDep

router = APIRouter(prefix="/api", tags=["operations"])


@router.post(
    "/chargers/bulk",
    operation_id="startOperation",
    status_code=202,
    response_model=OperationAccepted,
)
async def start_operation(
    services: ServicesDep, response: Response, body: BulkBody
) -> OperationAccepted:
    """Begin an action on many chargers; the operation tells how far it is.

    The `action` is the last part of the path of the single action, `body` is its body. An
    action of a connector takes `connector_id` in the body; without it, it is on all of them.
    """
    if (body.ids is None) == (body.filter is None):
        raise Unprocessable("give either ids or filter", "ids")
    step = bulk_step(services, body.action, body.body or {})
    if body.ids is not None:
        charge_point_ids = list(dict.fromkeys(body.ids))
    else:
        wanted = body.filter or ChargerFilter()
        found = matching(services, wanted.location_id, wanted.status, wanted.connected, wanted.q)
        charge_point_ids = [charger.charge_point_id for charger in found]
    operation = services.supervisor.operations.start(body.action, charge_point_ids, step)
    response.headers["Location"] = f"/api/operations/{operation.operation_id}"
    return OperationAccepted(operation_id=operation.operation_id)


@router.get("/operations/{operation_id}", operation_id="getOperation", response_model=Operation)
async def get_operation(services: ServicesDep, operation_id: str) -> OperationView:
    """How far an operation is, and where it failed."""
    return services.supervisor.operations.get(operation_id)


@router.delete("/operations/{operation_id}", operation_id="cancelOperation", status_code=204)
async def cancel_operation(services: ServicesDep, operation_id: str) -> None:
    """Stop an operation; what is done stays done."""
    services.supervisor.operations.cancel(operation_id)
