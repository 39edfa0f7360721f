"""How much of the history is kept: the oldest transactions go, and their ledgers with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, delete, or_, select
from sqlalchemy.orm import Session

from .schema import SessionLedgerPageRow, SessionLedgerRow, TransactionRow

SETTLED = ("stopped", "failed")
"""The states in which nothing more comes; a transaction in another one never goes."""

BATCH = 500
"""So many transactions are deleted in one go, so that no writer waits for long."""


class Doomed(NamedTuple):
    """What may be deleted, by the numbers of its charger and its transaction."""

    charger_id: int
    local_transaction_id: int


def find_too_many(
    session: Session, *, keep: int | None, stopped_before_s: float | None, limit: int = BATCH
) -> list[Doomed]:
    """Settled transactions that are not among the newest ``keep``, or ended too early.

    None leaves out a condition; ``stopped_before_s`` is Unix seconds. The oldest come first, at
    most ``limit``.
    """
    bounds: list[ColumnElement[bool]] = []
    if keep is not None:
        oldest_kept = session.scalar(
            select(TransactionRow.id).order_by(TransactionRow.id.desc()).offset(keep).limit(1)
        )
        if oldest_kept is not None:
            bounds.append(TransactionRow.id <= oldest_kept)
    if stopped_before_s is not None:
        bounds.append(TransactionRow.stopped_at_s < stopped_before_s)
    if not bounds:
        return []
    found = session.execute(
        select(TransactionRow.charger_id, TransactionRow.local_transaction_id)
        .where(or_(*bounds), TransactionRow.state.in_(SETTLED))
        .order_by(TransactionRow.id)
        .limit(limit)
    )
    return [Doomed(*row) for row in found]


def find_left_over(session: Session, *, limit: int = BATCH) -> list[Doomed]:
    """Ledgers without a transaction: its vehicle left after the transaction had been deleted."""
    transaction_exists = (
        select(TransactionRow.id)
        .where(
            TransactionRow.charger_id == SessionLedgerRow.charger_id,
            TransactionRow.local_transaction_id == SessionLedgerRow.local_transaction_id,
        )
        .exists()
    )
    found = session.execute(
        select(SessionLedgerRow.charger_id, SessionLedgerRow.local_transaction_id)
        .where(~transaction_exists)
        .limit(limit)
    )
    return [Doomed(*row) for row in found]


def forget_transactions(session: Session, doomed: Sequence[Doomed]) -> None:
    """Delete transactions and their ledgers."""
    if not doomed:
        return
    rows = [{"charger": charger_id, "number": number} for charger_id, number in doomed]
    for table in (SessionLedgerPageRow, SessionLedgerRow, TransactionRow):
        # On the connection: the session would look each row up first
        session.connection().execute(
            delete(table).where(
                table.charger_id == bindparam("charger"),
                table.local_transaction_id == bindparam("number"),
            ),
            rows,
        )


__all__ = [
    "BATCH",
    "SETTLED",
    "Doomed",
    "find_left_over",
    "find_too_many",
    "forget_transactions",
]
