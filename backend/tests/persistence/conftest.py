"""Databases to test on: an SQLite file, and PostgreSQL where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.persistence import BackgroundWriter, Database, Journal, chargers, locations
from ocppsim.persistence.journal_entry import JournalEntry
from ocppsim.simulation.definition import ChargerDefinition, ConnectorDefinition

OWNER = "postgres"


class PostgresqlCluster:
    """A private server on a Unix socket, gone with the tests."""

    def __init__(self, bin_directory: Path) -> None:
        self._bin = bin_directory
        # Not below pytest's own directory, which only its owner may enter.
        self._directory = Path(tempfile.mkdtemp(prefix="ocppsim-pg-"))
        self._as_owner: list[str] = []
        if os.geteuid() == 0:  # the server refuses to run as root
            shutil.chown(self._directory, OWNER)
            self._as_owner = ["setpriv", f"--reuid={OWNER}", f"--regid={OWNER}", "--init-groups"]
        data = self._directory / "data"
        self._run("initdb", "-D", data, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c fsync=off -k {self._directory}"
        log = self._directory / "log"
        self._run("pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self._directory / "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._directory)

    def restart(self) -> None:
        self._run("pg_ctl", "-D", self._directory / "data", "-m", "fast", "-w", "restart")

    def url(self, database: str) -> str:
        return f"postgresql://{OWNER}@/{database}?host={self._directory}"

    def create_database(self) -> str:
        """The URL of a new, empty database."""
        name = f"test_{uuid.uuid4().hex}"
        engine = create_engine(
            f"postgresql+psycopg://{OWNER}@/postgres?host={self._directory}",
            isolation_level="AUTOCOMMIT",
        )
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return self.url(name)

    def _run(self, program: str, *arguments: str | Path) -> None:
        subprocess.run(
            [*self._as_owner, str(self._bin / program), *map(str, arguments)],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )


def postgresql_bin_directory() -> Path | None:
    """Where initdb and pg_ctl are: Debian keeps them out of the path."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = shutil.which("initdb")
    if installed:
        return installed[-1].parent
    return None if found is None else Path(found).resolve().parent


@pytest.fixture(scope="session")
def postgresql_cluster() -> Iterator[PostgresqlCluster]:
    pytest.importorskip("psycopg", reason="the PostgreSQL driver psycopg is not installed")
    bin_directory = postgresql_bin_directory()
    if bin_directory is None:
        pytest.skip("no PostgreSQL server is installed (initdb not found)")
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        pytest.skip("PostgreSQL does not run as root, and there is no setpriv to leave it")
    cluster = PostgresqlCluster(bin_directory)
    yield cluster
    cluster.stop()


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
