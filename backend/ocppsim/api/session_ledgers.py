"""The session ledger: the truth of every transaction, for reconciliation with a CSMS."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Header, Query, UploadFile
from starlette.responses import Response

from ocppsim.persistence.session_ledgers import LedgerSelection, StoredLedger
from ocppsim.protocol.v16.date_time import parse_date_time
from ocppsim.simulation.ledger_records import SessionLedger
from ocppsim.simulation.reconciliation import Reconciliation, TrueRecord, reconcile
from ocppsim.simulation.session_rows import (
    INTERVAL_COLUMNS,
    MESSAGE_COLUMNS,
    SESSION_COLUMNS,
    Row,
    gap_row,
    interval_row,
    interval_rows,
    message_row,
    message_rows,
    session_row,
)

from .csms_records import read_csms_records
from .ledger_reading import head_now, ledger_now, session_row_now, stored_ledgers
from .ledger_streams import TableFormat, chosen_format, table_response
from .problems import NotFound, Unprocessable
from .schemas.session_ledger import LedgerEntry, ReconciliationReport, TransactionLedger
from .schemas.transaction import TransactionState
from .services import LiveChargerDep, Services, ServicesDep

router = APIRouter(prefix="/api", tags=["transactions"])

_NO_NUL = r"^[^\x00]*$"
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = "ISO 8601, a date alone being its begin in UTC."
_LARGEST_ID = 2**63 - 1
_CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "CSV."}
}
_TABLE: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "application/x-ndjson": {"schema": {"type": "string"}},
        }
    }
}


async def get_selection(
    charge_point_id: Annotated[str | None, Query(max_length=48, pattern=_NO_NUL)] = None,
    location_id: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    id_tag: Annotated[str | None, Query(max_length=20, pattern=_NO_NUL)] = None,
    state: TransactionState | None = None,
    from_: Annotated[
        str | None, Query(alias="from", description=f"Started at or after; {_INSTANT}")
    ] = None,
    to: Annotated[str | None, Query(description=f"Started before; {_INSTANT}")] = None,
) -> LedgerSelection:
    """Which transactions; ``from`` and ``to`` are by the charge point's clock."""
    return LedgerSelection(
        charge_point_id=charge_point_id,
        location_id=location_id,
        id_tag=id_tag,
        state=state,
        from_s=_instant_s(from_, "from"),
        to_s=_instant_s(to, "to"),
    )


SelectionDep = Annotated[LedgerSelection, Depends(get_selection)]


async def get_ledger(
    charger: LiveChargerDep, services: ServicesDep, local_transaction_id: int
) -> SessionLedger:
    """The ledger of the path; 404 where there is none."""
    missing = f"{charger.charge_point_id} has no transaction {local_transaction_id}"
    if not 0 <= local_transaction_id <= _LARGEST_ID:
        raise NotFound(missing)
    selection = LedgerSelection(
        charge_point_id=charger.charge_point_id, local_transaction_id=local_transaction_id
    )
    async for stored in stored_ledgers(services, selection, with_pages=True):
        ledger = await ledger_now(services, stored)
        if ledger is None:
            raise NotFound(f"there was no ledger yet when transaction {local_transaction_id} was")
        return ledger
    raise NotFound(missing)


LedgerDep = Annotated[SessionLedger, Depends(get_ledger)]


@router.get(
    "/chargers/{charge_point_id}/transactions/{local_transaction_id}/ledger",
    operation_id="getTransactionLedger",
    response_model=TransactionLedger,
)
async def get_transaction_ledger(charge_point_id: str, ledger: LedgerDep) -> Response:
    """What really happened in a transaction: energy by interval, gaps, messages."""
    return _whole(charge_point_id, ledger)


@router.get(
    "/chargers/{charge_point_id}/transactions/{local_transaction_id}/ledger/intervals.csv",
    operation_id="getTransactionLedgerIntervals",
    response_class=Response,
    responses=_CSV,
)
async def get_ledger_intervals(charge_point_id: str, ledger: LedgerDep) -> Response:
    """The intervals of a transaction as CSV."""
    rows = _each(list(interval_rows(charge_point_id, ledger)))
    return table_response(
        rows, INTERVAL_COLUMNS, "csv", _file_name(charge_point_id, ledger, "intervals")
    )


@router.get(
    "/chargers/{charge_point_id}/transactions/{local_transaction_id}/ledger/messages.csv",
    operation_id="getTransactionLedgerMessages",
    response_class=Response,
    responses=_CSV,
)
async def get_ledger_messages(charge_point_id: str, ledger: LedgerDep) -> Response:
    """The messages of a transaction as CSV."""
    rows = _each(list(message_rows(charge_point_id, ledger)))
    return table_response(
        rows, MESSAGE_COLUMNS, "csv", _file_name(charge_point_id, ledger, "messages")
    )


@router.get(
    "/transactions/ledger",
    operation_id="listTransactionLedgers",
    response_model=list[LedgerEntry],
    responses=_TABLE,
)
async def list_ledgers(
    services: ServicesDep,
    selection: SelectionDep,
    format: TableFormat | None = None,  # noqa: A002 - the name of the parameter
    accept: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> Response:
    """One row a transaction, the newest first, all of them: a stream.

    ``format``, else ``Accept``, chooses JSON, CSV or NDJSON.
    """

    async def rows() -> AsyncIterator[Row]:
        async for stored in stored_ledgers(services, selection):
            yield session_row_now(services, stored)

    return table_response(rows(), SESSION_COLUMNS, chosen_format(format, accept), "ledger")


@router.get(
    "/transactions/ledger/intervals.csv",
    operation_id="listTransactionLedgerIntervals",
    response_class=Response,
    responses=_CSV,
)
async def list_intervals(services: ServicesDep, selection: SelectionDep) -> Response:
    """The intervals of all transactions of a selection as CSV: a stream."""

    async def rows() -> AsyncIterator[Row]:
        async for charge_point_id, ledger in _whole_ledgers(services, selection):
            for row in interval_rows(charge_point_id, ledger):
                yield row

    return table_response(rows(), INTERVAL_COLUMNS, "csv", "intervals")


@router.get(
    "/transactions/ledger/messages.csv",
    operation_id="listTransactionLedgerMessages",
    response_class=Response,
    responses=_CSV,
)
async def list_messages(services: ServicesDep, selection: SelectionDep) -> Response:
    """The messages of all transactions of a selection as CSV: a stream."""

    async def rows() -> AsyncIterator[Row]:
        async for charge_point_id, ledger in _whole_ledgers(services, selection):
            for row in message_rows(charge_point_id, ledger):
                yield row

    return table_response(rows(), MESSAGE_COLUMNS, "csv", "messages")


@router.post(
    "/transactions/reconcile",
    operation_id="reconcileTransactions",
    response_model=ReconciliationReport,
)
async def reconcile_transactions(
    services: ServicesDep,
    selection: SelectionDep,
    file: UploadFile,
    energy_tolerance_wh: Annotated[float, Query(ge=0, allow_inf_nan=False)] = 1.0,
    time_tolerance_s: Annotated[float, Query(ge=0, allow_inf_nan=False)] = 2.0,
) -> dict[str, Any]:
    """Hold the CSMS's records (CSV or JSON) against what happened.

    Columns: `transaction_id` and, as far as there are any, `charge_point_id`, `id_tag`,
    `energy_wh`, `meter_start_wh`, `meter_stop_wh`, `started_at`, `stopped_at`. The filters say
    which of our transactions ought to be among them.
    """
    theirs, unread = read_csms_records(await file.read())
    ours = [_true_record(services, stored) async for stored in stored_ledgers(services, selection)]
    found: Reconciliation = reconcile(
        ours,
        theirs,
        energy_tolerance_wh=energy_tolerance_wh,
        time_tolerance_s=time_tolerance_s,
    )
    return {
        "compared": found.compared,
        "agreeing": found.agreeing,
        "differences": found.differences,
        "unread": unread,
    }


def _true_record(services: Services, stored: StoredLedger) -> TrueRecord:
    head = head_now(services, stored)
    view = stored.transaction.transaction
    return TrueRecord(
        charge_point_id=stored.transaction.charge_point_id,
        local_transaction_id=view.local_transaction_id,
        transaction_id=view.transaction_id,
        id_tag=view.id_tag,
        state=view.state,
        energy_wh=stored.transaction.energy_wh if head is None else head.energy_wh,
        meter_start_wh=view.meter_start_wh,
        meter_stop_wh=view.meter_stop_wh,
        started_at_s=view.started_at_s,
        stopped_at_s=view.stopped_at_s,
    )


def _whole(charge_point_id: str, ledger: SessionLedger) -> Response:
    document = {
        "transaction": session_row(charge_point_id, ledger.head),
        "interval_s": ledger.head.interval_s,
        "intervals": [interval_row(interval) for interval in ledger.intervals],
        "gaps": [gap_row(gap) for gap in ledger.gaps],
        "messages": [message_row(message) for message in ledger.messages],
    }
    return Response(msgspec.json.encode(document), media_type="application/json")


def _file_name(charge_point_id: str, ledger: SessionLedger, name: str) -> str:
    """As files of different transactions can be told apart, in what any header can carry."""
    charger = re.sub(r"[^A-Za-z0-9._-]", "_", charge_point_id)
    return f"{charger}-{ledger.head.local_transaction_id}-{name}"


async def _whole_ledgers(
    services: Services, selection: LedgerSelection
) -> AsyncIterator[tuple[str, SessionLedger]]:
    """The ledgers of a selection one by one, each with the id of its charger."""
    async for stored in stored_ledgers(services, selection, with_pages=True):
        ledger = await ledger_now(services, stored)
        if ledger is not None:
            yield stored.transaction.charge_point_id, ledger


async def _each(rows: list[Row]) -> AsyncIterator[Row]:
    for row in rows:
        yield row


def _instant_s(text: str | None, name: str) -> float | None:
    if text is None:
        return None
    try:
        return parse_date_time(f"{text}T00:00:00Z" if _DATE.fullmatch(text) else text)
    except ValueError:
        wanted = "a date-time of ISO 8601 (2026-01-31T12:00:00Z) or a date (2026-01-31), in UTC"
        hint = "; in an address a + is written %2B" if " " in text else ""
        raise Unprocessable(f"{name} is {wanted}{hint}: not {text[:40]!r}") from None
