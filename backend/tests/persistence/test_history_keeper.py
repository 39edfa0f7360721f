from __future__ import annotations

import asyncio

import msgspec
from sqlalchemy import select

from ocppsim.persistence import BackgroundWriter, ConfigSync, Database
from ocppsim.persistence.history_keeper import HistoryKeeper
from ocppsim.persistence.schema import SessionLedgerRow
from ocppsim.persistence.session_ledgers import LedgerSelection, read_batch

from .conftest import add_chargers
from .test_session_ledgers import BEGAN_S, head, page, save


def count(database: Database) -> int:
    with database.snapshot() as session:
        return len(read_batch(session, LedgerSelection(), limit=10_000))


async def test_a_round_takes_as_many_batches_as_it_needs(
    database: Database, writer: BackgroundWriter
) -> None:
    (charger_id,) = add_chargers(database, 1)
    sync = ConfigSync(writer)
    for number in range(1, 1201):
        save(sync, charger_id, number, page(BEGAN_S))
    assert sync.flush()
    assert await HistoryKeeper(database, keep=10, keep_days=0).tidy() == 1190
    assert count(database) == 10


async def test_a_ledger_that_was_written_once_more_goes_with_the_next_round(
    database: Database, writer: BackgroundWriter
) -> None:
    (charger_id,) = add_chargers(database, 1)
    sync = ConfigSync(writer)
    for number in (1, 2):
        save(sync, charger_id, number)
    assert sync.flush()
    keeper = HistoryKeeper(database, keep=1, keep_days=0)
    assert await keeper.tidy() == 1
    # The vehicle of the first one leaves
    sync.save_ledger(charger_id, 1, msgspec.json.encode(head(1)))
    assert sync.flush()
    assert await keeper.tidy() == 0
    with database.snapshot() as session:
        assert session.scalars(select(SessionLedgerRow.local_transaction_id)).all() == [2]


async def test_days_count_from_now(database: Database, writer: BackgroundWriter) -> None:
    (charger_id,) = add_chargers(database, 1)
    sync = ConfigSync(writer)
    for number in (1, 30):
        save(sync, charger_id, number)
    assert sync.flush()
    now_s = BEGAN_S + 2 * 86_400.0
    keeper = HistoryKeeper(database, keep=0, keep_days=1.5, wall_s=lambda: now_s)
    assert await keeper.tidy() == 1
    assert count(database) == 1


async def test_it_tidies_up_while_it_is_at_work(
    database: Database, writer: BackgroundWriter
) -> None:
    (charger_id,) = add_chargers(database, 1)
    sync = ConfigSync(writer)
    for number in range(1, 4):
        save(sync, charger_id, number)
    assert sync.flush()
    async with HistoryKeeper(database, keep=1, keep_days=0).at_work(), asyncio.timeout(20):
        while count(database) > 1:  # noqa: ASYNC110 - only asking tells
            await asyncio.sleep(0.01)


async def test_without_bounds_nothing_goes(database: Database, writer: BackgroundWriter) -> None:
    (charger_id,) = add_chargers(database, 1)
    sync = ConfigSync(writer)
    save(sync, charger_id, 1)
    assert sync.flush()
    async with HistoryKeeper(database, keep=0, keep_days=0).at_work():
        assert count(database) == 1
