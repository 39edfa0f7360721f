"""Ledgers from the database and from the chargers that are still writing them, as one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial

from ocppsim.persistence.session_ledgers import LedgerSelection, StoredLedger, read_batch
from ocppsim.runtime.clock import iso_utc
from ocppsim.simulation.ledger_records import LedgerExcerpt, LedgerHead, SessionLedger, whole_ledger
from ocppsim.simulation.session_rows import SESSION_COLUMNS, Row, session_row

from .services import Services

BATCH = 200
BATCH_WITH_PAGES = 8
"""A transaction of a day that sampled every second has 86,400 messages, 30 MB in memory."""

_SETTLED = frozenset({"stopped", "failed"})


async def stored_ledgers(
    services: Services, selection: LedgerSelection, *, with_pages: bool = False
) -> AsyncIterator[StoredLedger]:
    """The ledgers of a selection as they are stored, the newest first, a batch at a time."""
    await services.config_sync.settled()
    before_id: int | None = None
    limit = BATCH_WITH_PAGES if with_pages else BATCH
    while True:
        read = partial(
            read_batch,
            selection=selection,
            before_id=before_id,
            limit=limit,
            with_pages=with_pages,
        )
        batch = await services.database.read(read)
        for stored in batch:
            yield stored
        if len(batch) < limit:
            return
        before_id = batch[-1].transaction.id


def head_now(services: Services, stored: StoredLedger) -> LedgerHead | None:
    """The head of this moment; None for a transaction from before there was a ledger."""
    excerpt = _excerpt(services, stored)
    return stored.head if excerpt is None else excerpt.head


def session_row_now(services: Services, stored: StoredLedger) -> Row:
    """A transaction as a row of this moment, whether it has a ledger or not."""
    head = head_now(services, stored)
    if head is not None:
        return session_row(stored.transaction.charge_point_id, head)
    view = stored.transaction.transaction
    stopped_at_s = view.stopped_at_s
    return dict.fromkeys(SESSION_COLUMNS) | {
        "charge_point_id": stored.transaction.charge_point_id,
        "connector_id": view.connector_id,
        "transaction_id": view.transaction_id,
        "local_transaction_id": view.local_transaction_id,
        "id_tag": view.id_tag,
        "state": view.state,
        "vehicle_id": stored.transaction.vehicle_id,
        "reported_started_at": iso_utc(view.started_at_s),
        "reported_stopped_at": None if stopped_at_s is None else iso_utc(stopped_at_s),
        "meter_start_wh": view.meter_start_wh,
        "meter_stop_wh": view.meter_stop_wh,
        "energy_wh": stored.transaction.energy_wh,
        "stop_reason": view.stop_reason,
        "id_tag_status": view.id_tag_status,
    }


async def ledger_now(services: Services, stored: StoredLedger) -> SessionLedger | None:
    """The whole ledger of a transaction that was read with its pages.

    While it is being written, what is in memory is looked at first and the pages then, so that
    nothing comes twice or falls between.
    """
    excerpt = _excerpt(services, stored)
    if excerpt is None:
        if stored.head is None:
            return None
        return whole_ledger(stored.head, [page for _, page in stored.pages])
    await services.config_sync.settled()
    record = stored.transaction
    selection = LedgerSelection(
        charge_point_id=record.charge_point_id,
        local_transaction_id=record.transaction.local_transaction_id,
    )
    read = partial(read_batch, selection=selection, with_pages=True)
    found = await services.database.read(read)
    pages = [page for one in found for number, page in one.pages if number < excerpt.after_pages]
    return whole_ledger(excerpt.head, [*pages, excerpt.page])


def _excerpt(services: Services, stored: StoredLedger) -> LedgerExcerpt | None:
    record = stored.transaction
    if record.transaction.state in _SETTLED:
        return None
    charger = services.supervisor.store.find(record.charge_point_id)
    return None if charger is None else charger.ledger(record.transaction.local_transaction_id)


__all__ = ["head_now", "ledger_now", "session_row_now", "stored_ledgers"]
