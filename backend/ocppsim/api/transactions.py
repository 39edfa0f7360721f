"""Transactions: the history, and starting and stopping them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlalchemy.orm import Session

from ocppsim.persistence import transactions
from ocppsim.persistence.records import Page, TransactionRecord
from ocppsim.runtime.portrait import transaction_snapshot
from ocppsim.runtime.snapshots import TransactionSnapshot

from .paging import DEFAULT_LIMIT, PAGED, Limit, Offset, set_total
from .problems import Conflict
from .schemas.transaction import (
    StartTransactionBody,
    StopTransactionBody,
    Transaction,
    TransactionOutcome,
    TransactionState,
)
from .services import LiveChargerDep, Services, ServicesDep

router = APIRouter(prefix="/api", tags=["transactions"])

IdTagFilter = Annotated[str | None, Query(max_length=20, pattern=r"^[^\x00]*$")]


@router.get(
    "/transactions",
    operation_id="listTransactions",
    response_model=list[Transaction],
    responses=PAGED,
)
async def list_transactions(
    services: ServicesDep,
    response: Response,
    charge_point_id: Annotated[str | None, Query(max_length=48, pattern=r"^[^\x00]*$")] = None,
    id_tag: IdTagFilter = None,
    state: TransactionState | None = None,
    limit: Limit = DEFAULT_LIMIT,
    offset: Offset = 0,
) -> list[TransactionSnapshot]:
    """The transactions of all chargers, the newest first."""
    return await _page(services, response, charge_point_id, id_tag, state, limit, offset)


@router.get(
    "/chargers/{charge_point_id}/transactions",
    operation_id="listChargerTransactions",
    response_model=list[Transaction],
    responses=PAGED,
)
async def list_charger_transactions(
    services: ServicesDep,
    charger: LiveChargerDep,
    response: Response,
    id_tag: IdTagFilter = None,
    state: TransactionState | None = None,
    limit: Limit = DEFAULT_LIMIT,
    offset: Offset = 0,
) -> list[TransactionSnapshot]:
    """The transactions of one charger, the newest first."""
    return await _page(services, response, charger.charge_point_id, id_tag, state, limit, offset)


@router.post(
    "/chargers/{charge_point_id}/transactions/start",
    operation_id="startTransaction",
    response_model=TransactionOutcome,
    responses={202: {"model": TransactionOutcome, "description": "Queued: no answer yet."}},
)
async def start_transaction(
    charger: LiveChargerDep, response: Response, body: StartTransactionBody
) -> TransactionOutcome:
    """Plug a car in, present the tag, and wait for what becomes of it.

    200 when the CSMS has confirmed the transaction, 409 with the reason when it was refused,
    202 when the message is queued, or the CSMS has not answered within 30 s.
    """
    outcome = await charger.start_transaction(
        body.connector_id,
        body.id_tag,
        body.vehicle_id,
        body.start_soc_percent,
        model_id=body.model_id,
    )
    if outcome.kind == "refused":
        raise Conflict(outcome.reason or "the transaction was refused")
    response.status_code = 200 if outcome.kind == "confirmed" else 202
    return TransactionOutcome(
        transaction_id=outcome.transaction_id,
        local_transaction_id=outcome.local_transaction_id,
    )


@router.post(
    "/chargers/{charge_point_id}/transactions/stop",
    operation_id="stopTransaction",
    response_model=TransactionOutcome,
    responses={202: {"model": TransactionOutcome, "description": "Queued: no answer yet."}},
)
async def stop_transaction(
    charger: LiveChargerDep, response: Response, body: StopTransactionBody
) -> TransactionOutcome:
    """Stop the transaction of a connector; 409 where there is none.

    200 when the CSMS has confirmed it, 202 when the message is queued.
    """
    outcome = await charger.stop_transaction(body.connector_id, body.reason)
    response.status_code = 200 if outcome.kind == "confirmed" else 202
    return TransactionOutcome(
        transaction_id=outcome.transaction_id,
        local_transaction_id=outcome.local_transaction_id,
    )


async def _page(
    services: Services,
    response: Response,
    charge_point_id: str | None,
    id_tag: str | None,
    state: TransactionState | None,
    limit: int,
    offset: int,
) -> list[TransactionSnapshot]:
    def read(session: Session) -> Page[TransactionRecord]:
        return transactions.list_page(
            session,
            charge_point_id=charge_point_id,
            id_tag=id_tag,
            state=state,
            limit=limit,
            offset=offset,
        )

    await services.config_sync.settled()
    page = await services.database.read(read)
    set_total(response, page.total)
    return [_shown(services, record) for record in page.items]


def _shown(services: Services, record: TransactionRecord) -> TransactionSnapshot:
    """A transaction of the history; one that still runs has the energy of this moment."""
    view = record.transaction
    if view.state in {"starting", "running"}:
        charger = services.supervisor.store.find(record.charge_point_id)
        if charger is not None:
            connector = charger.connector(view.connector_id)
            present = connector.transaction
            if present is not None and present.local_transaction_id == view.local_transaction_id:
                return present
    shown = transaction_snapshot(record.charge_point_id, view)
    if shown.energy_wh is None and record.energy_wh is not None:
        register_wh = view.meter_start_wh + record.energy_wh
        return transaction_snapshot(record.charge_point_id, view, register_wh)
    return shown
