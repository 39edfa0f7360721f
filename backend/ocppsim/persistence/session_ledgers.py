"""The ledgers of transactions, for reading; ``config_sync`` writes them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import ColumnElement, LargeBinary, func, select, type_coerce
from sqlalchemy.orm import Session

from ocppsim.chargepoint.identifiers import LocalTransactionId
from ocppsim.simulation.ledger_records import LedgerHead, LedgerPage, read_page

from .records import TransactionRecord
from .schema import ChargerRow, SessionLedgerPageRow, SessionLedgerRow, TransactionRow
from .transactions import record_of


class LedgerSelection(msgspec.Struct, frozen=True):
    """Which transactions: None leaves out a condition.

    ``from_s`` and ``to_s`` (Unix seconds) bound the start by the charge point's clock; the
    former belongs to the span, the latter does not. ``local_transaction_id`` is of use with
    ``charge_point_id``.
    """

    charge_point_id: str | None = None
    location_id: int | None = None
    id_tag: str | None = None
    state: str | None = None
    from_s: float | None = None
    to_s: float | None = None
    local_transaction_id: int | None = None


class StoredLedger(msgspec.Struct, frozen=True):
    """A transaction with its ledger, as far as it is stored.

    ``head`` is None for a transaction from before there was a ledger. ``pages`` are in order,
    with their numbers, and empty where they were not asked for.
    """

    transaction: TransactionRecord
    head: LedgerHead | None
    pages: tuple[tuple[int, LedgerPage], ...] = ()


_HEAD: ColumnElement[bytes | None] = type_coerce(SessionLedgerRow.head, LargeBinary)
"""Of an outer join: None where there is no ledger."""


def read_batch(
    session: Session,
    selection: LedgerSelection,
    *,
    before_id: int | None = None,
    limit: int = 200,
    with_pages: bool = False,
) -> list[StoredLedger]:
    """The next transactions of a selection, the newest first.

    ``before_id`` is the ``transaction.id`` of the last one of the batch before: nothing is left
    out or given twice, whatever begins meanwhile.
    """
    conditions = _conditions(selection)
    if before_id is not None:
        conditions.append(TransactionRow.id < before_id)
    found = session.execute(
        select(TransactionRow, ChargerRow.charge_point_id, _HEAD)
        .join(ChargerRow, ChargerRow.id == TransactionRow.charger_id)
        .outerjoin(
            SessionLedgerRow,
            (SessionLedgerRow.charger_id == TransactionRow.charger_id)
            & (SessionLedgerRow.local_transaction_id == TransactionRow.local_transaction_id),
        )
        .where(*conditions)
        .order_by(TransactionRow.id.desc())
        .limit(limit)
    ).all()
    pages = _pages(session, [row[0].id for row in found]) if with_pages else {}
    return [
        StoredLedger(
            record_of(row, charge_point_id),
            None if head is None else msgspec.json.decode(head, type=LedgerHead),
            tuple(pages.get(row.id, ())),
        )
        for row, charge_point_id, head in found
    ]


def _conditions(selection: LedgerSelection) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if selection.charge_point_id is not None:
        conditions.append(ChargerRow.charge_point_id == selection.charge_point_id)
    if selection.location_id is not None:
        conditions.append(ChargerRow.location_id == selection.location_id)
    if selection.id_tag is not None:
        conditions.append(func.lower(TransactionRow.id_tag) == selection.id_tag.lower())
    if selection.state is not None:
        conditions.append(TransactionRow.state == selection.state)
    if selection.from_s is not None:
        conditions.append(TransactionRow.started_at_s >= selection.from_s)
    if selection.to_s is not None:
        conditions.append(TransactionRow.started_at_s < selection.to_s)
    if selection.local_transaction_id is not None:
        conditions.append(TransactionRow.local_transaction_id == selection.local_transaction_id)
    return conditions


def _pages(session: Session, row_ids: Sequence[int]) -> dict[int, list[tuple[int, LedgerPage]]]:
    pages: dict[int, list[tuple[int, LedgerPage]]] = {}
    for row_id, local_id, number, body in session.execute(
        select(
            TransactionRow.id,
            SessionLedgerPageRow.local_transaction_id,
            SessionLedgerPageRow.page,
            SessionLedgerPageRow.body,
        )
        .join(
            SessionLedgerPageRow,
            (SessionLedgerPageRow.charger_id == TransactionRow.charger_id)
            & (SessionLedgerPageRow.local_transaction_id == TransactionRow.local_transaction_id),
        )
        .where(TransactionRow.id.in_(row_ids))
        .order_by(TransactionRow.id, SessionLedgerPageRow.page)
    ):
        page = read_page(LocalTransactionId(local_id), body)
        pages.setdefault(row_id, []).append((number, page))
    return pages


__all__ = ["LedgerSelection", "StoredLedger", "read_batch"]
