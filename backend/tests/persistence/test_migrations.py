from __future__ import annotations

import threading
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from ocppsim.chargepoint.durable_state import StoredMessage
from ocppsim.persistence import (
    Database,
    Journal,
    JournalContent,
    chargers,
    locations,
    schema_version,
)
from ocppsim.persistence.journal_entry import JournalEntry
from ocppsim.persistence.journal_log import LOG, JournalLog
from ocppsim.persistence.schema import Base
from ocppsim.persistence.writing_connection import connect

from .conftest import add_chargers, make_definition, put_cell, retire

OWN_TABLES = set(Base.metadata.tables)


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version", "sqlite_sequence"}


def revision(database: Database) -> str | None:
    with database.engine.connect() as connection:
        return schema_version.current_revision(connection)


def test_up_down_and_up_again(empty_database: Database) -> None:
    empty_database.upgrade()
    assert tables(empty_database) == OWN_TABLES
    schema_version.downgrade(empty_database.engine, schema_version.BASE)
    assert tables(empty_database) == set()
    assert revision(empty_database) is None
    empty_database.upgrade()
    assert tables(empty_database) == OWN_TABLES


def test_the_migrations_make_what_the_program_expects(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []


def rows(database: Database) -> dict[str, list[dict[str, Any]]]:
    """All that is stored, as it stands in the columns that there are."""
    names = sorted(tables(database) - {"alembic_version"})
    with database.engine.connect() as connection:
        return {
            name: [
                dict(row) for row in connection.execute(text(f"SELECT * FROM {name}")).mappings()
            ]
            for name in names
        }


def test_what_is_stored_survives_each_step(empty_database: Database) -> None:
    empty_database.upgrade()
    with empty_database.transaction() as session:
        location = locations.create(session, "Depot", "Street 1")
        chargers.create(session, make_definition(location_id=location.id))

    def stored() -> tuple[object, object]:
        with empty_database.snapshot() as session:
            return locations.get(session, location.id), chargers.get(session, "CP001")

    everything, seen = rows(empty_database), stored()
    schema_version.downgrade(empty_database.engine, "0001")
    oldest = rows(empty_database)
    assert [row["name"] for row in oldest["locations"]] == ["Depot"]
    assert [row["charge_point_id"] for row in oldest["chargers"]] == ["CP001"]
    empty_database.upgrade()
    assert (rows(empty_database), stored()) == (everything, seen)
    empty_database.upgrade()
    assert rows(empty_database) == everything
    schema_version.downgrade(empty_database.engine, "0001")
    assert rows(empty_database) == oldest


def test_the_journal_is_the_same_without_its_log(empty_database: Database) -> None:
    empty_database.upgrade()
    first, second, gone = add_chargers(empty_database, 3)
    connection, log = connect(empty_database), JournalLog()
    for number in range(1, 4):
        entry = JournalEntry()
        for charger in (first, second, gone):
            entry.messages.append((charger, number, b"%d" % number))
            put_cell(entry, charger, "last", b"%d" % number)
            put_cell(entry, charger, "gone", b"x" if number < 3 else None)
        retire(entry, first, number - 1)
        entry.forget(second)
        connection.write([(LOG, log.rows(entry.encode()))])
    connection.close()
    with empty_database.transaction() as session:
        chargers.delete(session, "CP003")
    before = Journal(empty_database).load([first, second])
    assert before == {
        first: JournalContent([StoredMessage(3, b"3")], {"last": b"3"}, 4),
        second: JournalContent([], {}, 4),
    }
    schema_version.downgrade(empty_database.engine, "0005")
    stored = rows(empty_database)
    assert [row["sequence"] for row in stored["journal_message"]] == [3]
    assert [row["body"] for row in stored["journal_cell"]] == [b"3"]
    empty_database.upgrade()
    assert Journal(empty_database).load([first, second]) == before


def test_foreign_keys_are_enforced_again_after_a_migration(sqlite_database: Database) -> None:
    schema_version.downgrade(sqlite_database.engine, "0001")
    sqlite_database.upgrade()
    with sqlite_database.engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_two_processes_may_migrate_at_once(database_url: str) -> None:
    databases = [Database(database_url) for _ in range(4)]
    failures: list[BaseException] = []

    def upgrade(database: Database) -> None:
        try:
            database.upgrade()
        except BaseException as error:  # noqa: BLE001 - the test tells
            failures.append(error)

    threads = [threading.Thread(target=upgrade, args=(database,)) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert tables(databases[0]) == OWN_TABLES
    for database in databases:
        database.close()
