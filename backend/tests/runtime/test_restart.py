"""What chargers still know after the program has ended and begun again."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.persistence import ConfigSync, Database, Journal, chargers, locations, transactions
from ocppsim.persistence.durable_states import load_durable_states
from ocppsim.runtime.live_charger import LiveCharger
from ocppsim.runtime.supervisor import Supervisor

from .conftest import IMPATIENT, Csms, definition, until


@pytest.fixture
def url(tmp_path: Path, csms: Csms) -> str:
    url = f"sqlite:///{tmp_path / 'chargers.db'}"
    database = Database(url)
    database.upgrade()
    with database.transaction() as session:
        location = locations.create(session, "Depot")
        new = definition(csms.url, desired_connection="connected")
        chargers.create(session, msgspec.structs.replace(new, location_id=location.id))
    database.close()
    return url


@asynccontextmanager
async def program(url: str) -> AsyncGenerator[LiveCharger]:
    """One run of the program, from start to an orderly end."""
    database = Database(url)
    journal = Journal(database)
    supervisor = Supervisor(ChargePoint, journal, ConfigSync(journal.writer), settings=IMPATIENT)
    async with supervisor:
        with database.transaction() as session:
            (stored,) = chargers.load_all(session)
            durable = load_durable_states(session, [stored.charger_id])
        yield await supervisor.add(stored, durable[stored.charger_id])
    journal.close()
    database.close()


async def test_a_session_in_the_dark_is_delivered_by_the_next_run(url: str, csms: Csms) -> None:
    async with program(url) as charger:
        await until(lambda: charger.snapshot().registration == "Accepted")
        charger.set_configuration({"AllowOfflineTxForUnknownId": "true"})
        charger.go_offline()
        outcome = await charger.start_transaction(1, "TAG-1", start_soc_percent=50)
        assert outcome.kind == "queued"
        assert (await charger.stop_transaction(1)).kind == "queued"
        queued = charger.snapshot().queued_messages
        assert queued >= 2
    async with program(url) as charger:
        snapshot = charger.snapshot()
        assert snapshot.connection.state == "offline"
        assert snapshot.queued_messages == queued
        values = {entry.key: entry.value for entry in charger.configuration()}
        assert values["AllowOfflineTxForUnknownId"] == "true"
        assert charger.connector(1).cable == "vehicle"
        charger.go_online()
        await csms.called("StopTransaction")
        await until(lambda: charger.snapshot().queued_messages == 0)
    actions = [action for _, action, _ in csms.calls]
    assert actions.index("StartTransaction") < actions.index("StopTransaction")
    database = Database(url)
    with database.transaction() as session:
        (record,) = transactions.list_page(session).items
    database.close()
    assert record.transaction.state == "stopped"
    assert record.transaction.transaction_id == 1


async def test_the_desired_connection_outlives_the_program(url: str, csms: Csms) -> None:
    async with program(url) as charger:
        await until(lambda: charger.is_connected)
    async with program(url) as charger:
        await until(lambda: charger.is_connected)
        charger.disconnect()
    async with program(url) as charger:
        assert charger.connection.view.state == "disconnected"
