"""Databases to test on: an SQLite file, and PostgreSQL where it is installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.persistence import BackgroundWriter, Database, Journal, chargers, locations
from ocppsim.persistence.journal_entry import JournalEntry
from ocppsim.simulation.definition import ChargerDefinition, ConnectorDefinition

from .postgresql import PostgresqlCluster


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'ocppsim.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return request.getfixturevalue("sqlite_url")
    cluster: PostgresqlCluster = request.getfixturevalue("postgresql_cluster")
    return cluster.create_database()


@pytest.fixture
def empty_database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def database(empty_database: Database) -> Database:
    empty_database.upgrade()
    return empty_database


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url)
    database.upgrade()
    yield database
    database.close()


@pytest.fixture
def started_journal(database: Database) -> Iterator[Callable[[], Journal]]:
    """Makes started journals, and closes them."""
    journals: list[Journal] = []

    def start() -> Journal:
        journal = Journal(database)
        journal.start(lambda _committed: None)
        journals.append(journal)
        return journal

    yield start
    for journal in journals:
        journal.close()


@pytest.fixture
def writer(database: Database) -> Iterator[BackgroundWriter]:
    writer = BackgroundWriter(database)
    writer.start()
    yield writer
    writer.close()


def make_definition(
    charge_point_id: str = "CP001", *, location_id: int = 1, **fields: object
) -> ChargerDefinition:
    values: dict[str, object] = {
        "charger_id": 0,
        "location_id": location_id,
        "charger_name": f"Charger {charge_point_id}",
        "connection_url": "ws://csms.example/ocpp",
        "identity": ChargePointIdentity(charge_point_id, "Vendor", "Model"),
        "connectors": (ConnectorDefinition(),),
    }
    return ChargerDefinition(**(values | fields))  # pyright: ignore[reportArgumentType]


def add_chargers(database: Database, count: int) -> list[int]:
    """Store chargers CP001, CP002, ... at a new location; return their numbers."""
    with database.transaction() as session:
        location = locations.create(session, "Depot")
        stored = chargers.create_many(
            session,
            [
                make_definition(f"CP{number:03}", location_id=location.id)
                for number in range(1, count + 1)
            ],
        )
    return [definition.charger_id for definition in stored]


def retire(entry: JournalEntry, charger_id: int, up_to_sequence: int) -> None:
    entry.retired[charger_id] = max(up_to_sequence, entry.retired.get(charger_id, 0))


def put_cell(entry: JournalEntry, charger_id: int, key: str, body: bytes | None) -> None:
    entry.cells.setdefault(key, {})[charger_id] = body
