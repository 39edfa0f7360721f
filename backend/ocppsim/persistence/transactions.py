"""The history of transactions, for reading; ``config_sync`` writes it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from ocppsim.chargepoint.identifiers import ConnectorId, LocalTransactionId, TransactionId
from ocppsim.chargepoint.notifications import TransactionView

from .records import Page, TransactionRecord
from .schema import ChargerRow, TransactionRow


def get(
    session: Session, charge_point_id: str, local_transaction_id: int
) -> TransactionRecord | None:
    """One transaction; None when there is none of that number."""
    found = session.execute(
        _joined().where(
            ChargerRow.charge_point_id == charge_point_id,
            TransactionRow.local_transaction_id == local_transaction_id,
        )
    ).one_or_none()
    return None if found is None else record_of(found[0], found[1])


def list_page(
    session: Session,
    *,
    charge_point_id: str | None = None,
    location_id: int | None = None,
    id_tag: str | None = None,
    state: str | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> Page[TransactionRecord]:
    """Transactions, the newest first.

    ``state`` is one of ``TransactionView.state``; case makes no difference to an id tag
    (1.6 ed.2 §7.28).
    """
    conditions: list[ColumnElement[bool]] = []
    if charge_point_id is not None:
        conditions.append(ChargerRow.charge_point_id == charge_point_id)
    if location_id is not None:
        conditions.append(ChargerRow.location_id == location_id)
    if id_tag is not None:
        conditions.append(func.lower(TransactionRow.id_tag) == id_tag.lower())
    if state is not None:
        conditions.append(TransactionRow.state == state)
    page = _joined().where(*conditions).order_by(TransactionRow.id.desc())
    counted = (
        select(func.count())
        .select_from(TransactionRow)
        .join(ChargerRow, ChargerRow.id == TransactionRow.charger_id)
        .where(*conditions)
    )
    records = [
        record_of(row[0], row[1]) for row in session.execute(page.limit(limit).offset(offset))
    ]
    return Page(records, session.scalar(counted) or 0)


def list_open(session: Session) -> list[TransactionRecord]:
    """Those whose end the CSMS has not confirmed, in the order of their beginning."""
    found = session.execute(
        _joined()
        .where(TransactionRow.state.not_in(("stopped", "failed")))
        .order_by(TransactionRow.id)
    )
    return [record_of(row[0], row[1]) for row in found]


def _joined() -> Select[TransactionRow, str]:
    return select(TransactionRow, ChargerRow.charge_point_id).join(
        ChargerRow, ChargerRow.id == TransactionRow.charger_id
    )


def record_of(row: TransactionRow, charge_point_id: str) -> TransactionRecord:
    """A row as a record."""
    return TransactionRecord(
        id=row.id,
        charger_id=row.charger_id,
        charge_point_id=charge_point_id,
        transaction=TransactionView(
            local_transaction_id=LocalTransactionId(row.local_transaction_id),
            transaction_id=(
                None if row.transaction_id is None else TransactionId(row.transaction_id)
            ),
            connector_id=ConnectorId(row.connector_id),
            id_tag=row.id_tag,
            state=row.state,
            meter_start_wh=row.meter_start_wh,
            started_at_s=row.started_at_s,
            meter_stop_wh=row.meter_stop_wh,
            stopped_at_s=row.stopped_at_s,
            stop_reason=row.stop_reason,
            id_tag_status=row.id_tag_status,
        ),
        vehicle_id=row.vehicle_id,
        energy_wh=row.energy_wh,
    )
