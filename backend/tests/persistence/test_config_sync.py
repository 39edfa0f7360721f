from __future__ import annotations

import msgspec
import pytest

from ocppsim.chargepoint.durable_state import DurableState, StoredMessage
from ocppsim.chargepoint.identifiers import ConnectorId, LocalTransactionId, TransactionId
from ocppsim.chargepoint.notifications import TransactionView
from ocppsim.persistence import (
    BackgroundWriter,
    ConfigSync,
    Database,
    Journal,
    TransactionRecord,
    chargers,
    configuration,
    load_durable_states,
    locations,
    transactions,
)

from .conftest import add_chargers, make_definition

STARTING = TransactionView(
    local_transaction_id=LocalTransactionId(1),
    transaction_id=None,
    connector_id=ConnectorId(2),
    id_tag="TAG1",
    state="starting",
    meter_start_wh=1_000,
    started_at_s=1_767_323_045.678,
)


def running(**changes: object) -> TransactionView:
    return msgspec.structs.replace(
        STARTING, transaction_id=TransactionId(-5), state="running", **changes
    )


def stopped(**changes: object) -> TransactionView:
    return msgspec.structs.replace(
        running(),
        state="stopped",
        meter_stop_wh=8_250,
        stopped_at_s=1_767_330_000.5,
        stop_reason="EVDisconnected",
        id_tag_status="Accepted",
        **changes,
    )


async def test_configuration_and_availability_are_found_after_a_restart(
    database: Database, writer: BackgroundWriter
) -> None:
    first, second = add_chargers(database, 2)
    sync = ConfigSync(writer)
    sync.save_configuration(first, "HeartbeatInterval", "60")
    sync.save_configuration(first, "HeartbeatInterval", "120")
    sync.save_configuration(second, "MeterValuesSampledData", "")
    sync.save_availability(first, 0, operative=False)
    sync.save_availability(first, 2, operative=False)
    sync.save_availability(second, 1, operative=False)
    await sync.settled()
    sync.save_availability(second, 1, operative=True)
    await sync.settled()
    with database.snapshot() as session:
        assert configuration.values(session, first) == {"HeartbeatInterval": "120"}
        assert configuration.availability(session, first) == {0: False, 2: False}
        assert configuration.availability(session, second) == {}
        states = load_durable_states(session, [first, second])
    assert states == {
        first: DurableState(
            configuration={"HeartbeatInterval": "120"},
            availability={ConnectorId(0): False, ConnectorId(2): False},
        ),
        second: DurableState(configuration={"MeterValuesSampledData": ""}),
    }


async def test_the_desired_connection_is_found_after_a_restart(
    database: Database, writer: BackgroundWriter
) -> None:
    first, second = add_chargers(database, 2)
    sync = ConfigSync(writer)
    sync.save_desired_connection(first, "connected")
    sync.save_desired_connection(second, "connected")
    sync.save_desired_connection(second, "offline")
    await sync.settled()
    with database.snapshot() as session:
        found = chargers.load_all(session)
    assert [definition.desired_connection for definition in found] == ["connected", "offline"]


async def test_a_transaction_has_one_row_that_follows_it(
    database: Database, writer: BackgroundWriter
) -> None:
    (charger,) = add_chargers(database, 1)
    sync = ConfigSync(writer)
    seen: list[TransactionRecord] = []
    for view, vehicle_id, energy_wh in [
        (STARTING, 7, None),
        (running(), None, None),
        (running(), None, 12.5),
        (running(), None, None),
        (stopped(), None, None),
    ]:
        sync.save_transaction(charger, view, vehicle_id=vehicle_id, energy_wh=energy_wh)
        await sync.settled()
        with database.snapshot() as session:
            record = transactions.get(session, "CP001", 1)
        assert record is not None
        assert record.transaction == view
        assert (record.charger_id, record.charge_point_id, record.vehicle_id) == (
            charger,
            "CP001",
            7,
        )
        seen.append(record)
    assert [record.energy_wh for record in seen] == [None, None, 12.5, 12.5, 7250.0]
    assert len({record.id for record in seen}) == 1


async def test_all_of_a_transaction_in_one_commit_is_the_same(
    database: Database,
) -> None:
    (charger,) = add_chargers(database, 1)
    writer = BackgroundWriter(database)
    sync = ConfigSync(writer)
    sync.save_transaction(charger, STARTING, vehicle_id=7, energy_wh=3.0)
    sync.save_transaction(charger, running(), energy_wh=99.0)
    writer.start()
    await sync.settled()
    writer.close()
    with database.snapshot() as session:
        page = transactions.list_page(session)
    assert page.total == 1
    assert (page.items[0].transaction, page.items[0].vehicle_id, page.items[0].energy_wh) == (
        running(),
        7,
        99.0,
    )


async def test_transactions_are_filtered_and_come_in_pages_newest_first(
    database: Database, writer: BackgroundWriter
) -> None:
    first, second = add_chargers(database, 2)
    with database.transaction() as session:
        elsewhere = locations.create(session, "Elsewhere").id
        third = chargers.create(session, make_definition("CP003", location_id=elsewhere))
    sync = ConfigSync(writer)
    for number, (charger, view) in enumerate(
        [
            (first, stopped(id_tag="TAG1")),
            (second, running(id_tag="tag1")),
            (first, running(id_tag="TAG2")),
            (third.charger_id, stopped(id_tag="TAG2")),
        ],
        start=1,
    ):
        sync.save_transaction(
            charger, msgspec.structs.replace(view, local_transaction_id=LocalTransactionId(number))
        )
    await sync.settled()

    with database.snapshot() as session:

        def found(**filters: object) -> tuple[list[int], int]:
            page = transactions.list_page(session, **filters)  # pyright: ignore[reportArgumentType]
            return [
                int(record.transaction.local_transaction_id) for record in page.items
            ], page.total

        assert found() == ([4, 3, 2, 1], 4)
        assert found(charge_point_id="CP001") == ([3, 1], 2)
        assert found(charge_point_id="nobody") == ([], 0)
        assert found(location_id=elsewhere) == ([4], 1)
        assert found(id_tag="Tag1") == ([2, 1], 2)
        assert found(state="running") == ([3, 2], 2)
        assert found(state="running", charge_point_id="CP002") == ([2], 1)
        assert found(limit=2, offset=1) == ([3, 2], 4)
        assert transactions.get(session, "CP001", 99) is None


async def test_a_transaction_id_beyond_the_database_is_left_out_without_harm(
    database: Database, writer: BackgroundWriter, caplog: pytest.LogCaptureFixture
) -> None:
    (charger,) = add_chargers(database, 1)
    sync = ConfigSync(writer)
    sync.save_transaction(
        charger, msgspec.structs.replace(running(), transaction_id=TransactionId(2**70))
    )
    sync.save_configuration(charger, "HeartbeatInterval", "60")
    await sync.settled()
    with database.snapshot() as session:
        assert transactions.list_page(session).total == 0
        assert configuration.values(session, charger) == {"HeartbeatInterval": "60"}
    assert "refused a write for charger number" in caplog.text


async def test_settling_after_the_end_does_not_hang(database: Database) -> None:
    writer = BackgroundWriter(database)
    writer.start()
    writer.close()
    await ConfigSync(writer).settled()
    with pytest.raises(RuntimeError):
        writer.flush()
    with pytest.raises(RuntimeError):
        writer.start()


async def test_settling_does_not_wait_for_ever(database: Database) -> None:
    writer = BackgroundWriter(database)  # not started: as good as a database that is away
    assert not await ConfigSync(writer).settled(timeout_s=0.01)
    writer.close()


async def test_the_whole_durable_state_of_many_chargers_is_loaded(
    database: Database,
) -> None:
    numbers = add_chargers(database, 600)
    journal = Journal(database)
    journal.start(lambda _entries: None)
    sync = ConfigSync(journal.writer)
    for number in numbers:
        journal.append(number, 1, b"one")
        journal.append(number, 2, b"%d" % number)
        journal.retire(number, 1)
        journal.put_cell(number, "boot", b"{}")
        sync.save_configuration(number, "HeartbeatInterval", str(number))
        sync.save_availability(number, 1, operative=False)
    journal.close()
    asked = numbers[:-1]
    with database.snapshot() as session:
        states = load_durable_states(session, asked)
        assert load_durable_states(session, [4040]) == {4040: DurableState()}
    assert list(states) == asked
    for number in asked:
        assert states[number] == DurableState(
            configuration={"HeartbeatInterval": str(number)},
            availability={ConnectorId(1): False},
            cells={"boot": b"{}"},
            messages=[StoredMessage(2, b"%d" % number)],
            next_sequence=3,
        )
