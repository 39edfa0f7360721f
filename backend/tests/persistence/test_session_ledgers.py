from __future__ import annotations

import msgspec
import pytest

from ocppsim.chargepoint.identifiers import ConnectorId, LocalTransactionId, TransactionId
from ocppsim.chargepoint.notifications import TransactionView
from ocppsim.persistence import BackgroundWriter, ConfigSync, Database
from ocppsim.persistence.retention import Doomed, find_too_many, forget_transactions
from ocppsim.persistence.schema import SessionLedgerPageRow, SessionLedgerRow
from ocppsim.persistence.session_ledgers import LedgerSelection, read_batch
from ocppsim.simulation.ledger_records import LedgerHead, LedgerInterval, LedgerPage

from .conftest import add_chargers

BEGAN_S = 1_767_225_600.0


def view(number: int, state: str = "stopped", **changes: object) -> TransactionView:
    began_s = BEGAN_S + number * 3600.0
    stopped = state in {"stopped", "failed"}
    made = TransactionView(
        local_transaction_id=LocalTransactionId(number),
        transaction_id=TransactionId(1000 + number),
        connector_id=ConnectorId(1),
        id_tag=f"TAG{number}",
        state=state,
        meter_start_wh=0,
        started_at_s=began_s,
        meter_stop_wh=500 if stopped else None,
        stopped_at_s=began_s + 1800.0 if stopped else None,
    )
    return msgspec.structs.replace(made, **changes)


def head(number: int) -> LedgerHead:
    return LedgerHead(
        local_transaction_id=LocalTransactionId(number),
        transaction_id=TransactionId(1000 + number),
        connector_id=ConnectorId(1),
        id_tag=f"TAG{number}",
        state="stopped",
        interval_s=900.0,
        started_at_s=BEGAN_S,
        register_start_wh=0.25,
        register_wh=500.75,
        reported_started_at_s=BEGAN_S,
        meter_start_wh=0,
        clock_offset_s=0.0,
    )


def page(from_s: float) -> LedgerPage:
    interval = LedgerInterval(from_s, from_s + 900.0, 0.0, 1.5, 11e3, 11e3, 11e3, 0.0, 0.0)
    return LedgerPage(BEGAN_S, (interval,), (), ())


def save(sync: ConfigSync, charger_id: int, number: int, *pages: LedgerPage) -> None:
    sync.save_transaction(charger_id, view(number))
    body = msgspec.json.encode(head(number))
    sync.save_ledger(charger_id, number, body)
    for index, one in enumerate(pages):
        sync.save_ledger(charger_id, number, body, index, msgspec.json.encode(one))


async def test_a_ledger_comes_back_with_its_pages_in_order(
    database: Database, writer: BackgroundWriter
) -> None:
    (charger_id,) = add_chargers(database, 1)
    sync = ConfigSync(writer)
    pages = [page(BEGAN_S + index * 900.0) for index in range(3)]
    save(sync, charger_id, 1, *pages)
    assert sync.flush()
    with database.snapshot() as session:
        (found,) = read_batch(session, LedgerSelection(), with_pages=True)
        (bare,) = read_batch(session, LedgerSelection())
    assert found.head == head(1)
    assert found.pages == tuple(enumerate(pages))
    assert bare.pages == ()


async def test_a_page_that_is_written_again_takes_the_place_of_the_first(
    database: Database, writer: BackgroundWriter
) -> None:
    (charger_id,) = add_chargers(database, 1)
    sync = ConfigSync(writer)
    save(sync, charger_id, 1, page(BEGAN_S))
    assert sync.flush()
    save(sync, charger_id, 1, page(BEGAN_S + 7.0))
    assert sync.flush()
    with database.snapshot() as session:
        (found,) = read_batch(session, LedgerSelection(), with_pages=True)
    assert found.pages == ((0, page(BEGAN_S + 7.0)),)


async def test_batches_leave_nothing_out_and_filters_narrow_them(
    database: Database, writer: BackgroundWriter
) -> None:
    first, second = add_chargers(database, 2)
    sync = ConfigSync(writer)
    for number in range(1, 6):
        save(sync, first, number)
    sync.save_transaction(second, view(9, "running"))
    assert sync.flush()
    with database.snapshot() as session:
        batch = read_batch(session, LedgerSelection(), limit=4)
        rest = read_batch(session, LedgerSelection(), limit=4, before_id=batch[-1].transaction.id)
        numbers = [one.transaction.transaction.local_transaction_id for one in (*batch, *rest)]
        assert sorted(numbers) == [1, 2, 3, 4, 5, 9]
        running = read_batch(session, LedgerSelection(state="running"))
        assert [one.head for one in running] == [None]
        span = LedgerSelection(from_s=BEGAN_S + 2 * 3600.0, to_s=BEGAN_S + 4 * 3600.0)
        assert [
            one.transaction.transaction.local_transaction_id for one in read_batch(session, span)
        ] == [3, 2]
        assert len(read_batch(session, LedgerSelection(id_tag="tag4"))) == 1


@pytest.mark.parametrize(
    ("keep", "stopped_before_s", "left"),
    [
        (2, None, [5, 4]),
        (10, None, [5, 4, 3, 2, 1]),
        (0, None, []),
        (None, BEGAN_S + 3 * 3600.0 + 1800.0, [5, 4, 3]),
        (None, None, [5, 4, 3, 2, 1]),
    ],
)
async def test_the_oldest_transactions_go_with_their_ledgers(
    database: Database,
    writer: BackgroundWriter,
    keep: int | None,
    stopped_before_s: float | None,
    left: list[int],
) -> None:
    (charger_id,) = add_chargers(database, 1)
    sync = ConfigSync(writer)
    for number in range(1, 6):
        save(sync, charger_id, number, page(BEGAN_S))
    assert sync.flush()
    with database.transaction() as session:
        forget_transactions(
            session, find_too_many(session, keep=keep, stopped_before_s=stopped_before_s)
        )
    with database.snapshot() as session:
        kept = read_batch(session, LedgerSelection())
        assert [one.transaction.transaction.local_transaction_id for one in kept] == left
        assert session.query(SessionLedgerRow).count() == len(left)
        assert session.query(SessionLedgerPageRow).count() == len(left)


async def test_a_transaction_that_is_not_settled_never_goes(
    database: Database, writer: BackgroundWriter
) -> None:
    (charger_id,) = add_chargers(database, 1)
    sync = ConfigSync(writer)
    sync.save_transaction(charger_id, view(1, "running"))
    sync.save_transaction(charger_id, view(2, "stopping"))
    sync.save_transaction(charger_id, view(3))
    assert sync.flush()
    with database.transaction() as session:
        doomed = find_too_many(session, keep=0, stopped_before_s=None)
        assert doomed == [Doomed(charger_id, 3)]
        forget_transactions(session, doomed)
    with database.snapshot() as session:
        assert len(read_batch(session, LedgerSelection())) == 2
