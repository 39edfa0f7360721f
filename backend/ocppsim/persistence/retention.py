"""How much of the history is kept: the oldest transactions go, and their ledgers with them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.orm import Session

from .schema import SessionLedgerPageRow, SessionLedgerRow, TransactionRow

SETTLED = ("stopped", "failed")
"""The states in which nothing more comes; a transaction in another one never goes."""

BATCH = 500
"""So many transactions are deleted in one go, so that no writer waits for long."""


def forget_transactions(
    session: Session, *, keep: int | None, stopped_before_s: float | None, limit: int = BATCH
) -> int:
    """Delete settled transactions that are not among the newest ``keep``, or ended too early.

    None leaves out a condition; ``stopped_before_s`` is Unix seconds. At most ``limit`` at a
    time: returns how many went, and whoever calls goes on until it is fewer.
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
        return 0
    doomed = session.execute(
        select(TransactionRow.id, TransactionRow.charger_id, TransactionRow.local_transaction_id)
        .where(or_(*bounds), TransactionRow.state.in_(SETTLED))
        .order_by(TransactionRow.id)
        .limit(limit)
    ).all()
    for table in (SessionLedgerPageRow, SessionLedgerRow):
        for _, charger_id, local_id in doomed:
            session.execute(
                delete(table).where(
                    and_(table.charger_id == charger_id, table.local_transaction_id == local_id)
                )
            )
    session.execute(delete(TransactionRow).where(TransactionRow.id.in_([row[0] for row in doomed])))
    return len(doomed)


__all__ = ["BATCH", "SETTLED", "forget_transactions"]
