from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from ocppsim.persistence import (
    Database,
    DatabaseTooNew,
    DatabaseUnavailable,
    UnknownLocation,
    locations,
)


async def test_work_runs_on_one_thread_in_the_order_of_the_calls(database: Database) -> None:
    seen: list[tuple[int, str]] = []

    def work(number: int) -> None:
        seen.append((number, threading.current_thread().name))

    await asyncio.gather(*(database.run(lambda _, n=n: work(n)) for n in range(10)))
    assert [number for number, _ in seen] == list(range(10))
    assert len({name for _, name in seen}) == 1
    assert threading.current_thread().name not in {name for _, name in seen}


async def test_work_that_raises_changes_nothing(database: Database) -> None:
    def work(session: Session) -> None:
        locations.create(session, "Depot")
        raise UnknownLocation(7)

    with pytest.raises(UnknownLocation):
        await database.run(work)
    assert (await database.read(locations.list_page)).total == 0


async def test_reading_sees_what_was_written(database: Database) -> None:
    created = await database.run(lambda session: locations.create(session, "Depot", "Street 1"))
    assert await database.read(lambda session: locations.get(session, created.id)) == created


def test_the_directory_of_the_sqlite_file_is_created(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/new/deep/sim.db")
    database.upgrade()
    database.close()
    assert (tmp_path / "new" / "deep" / "sim.db").is_file()


def test_sqlite_runs_in_wal_mode_with_foreign_keys(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        pragmas = {
            name: session.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        }
    assert pragmas == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "synchronous": 1,
        "busy_timeout": 30_000,
    }


def test_surviving_the_death_of_the_machine_is_a_setting(sqlite_url: str) -> None:
    database = Database(sqlite_url, synchronous="full")
    database.upgrade()
    with database.transaction() as session:
        assert session.execute(text("PRAGMA synchronous")).scalar_one() == 2
    database.close()


def refusal(url: str) -> str:
    database = Database(url)
    try:
        with pytest.raises(DatabaseUnavailable) as caught:
            database.upgrade()
    finally:
        database.close()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "sim.db"
    path.write_text("not a database, but long enough to be looked at as one " * 40)
    assert f"{path}: file is not a database" in refusal(f"sqlite:///{path}")


def test_a_path_that_is_a_directory_is_named(tmp_path: Path) -> None:
    assert "unable to open database file" in refusal(f"sqlite:///{tmp_path}")


def test_a_directory_that_cannot_be_created_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "cannot create the directory" in refusal(f"sqlite:///{tmp_path}/file/sim.db")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_cannot_be_written_is_named(sqlite_url: str, tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "ocppsim.db").close()
    (tmp_path / "ocppsim.db").chmod(0o400)
    assert "readonly" in refusal(sqlite_url)


def test_a_database_of_something_else_is_left_alone(sqlite_url: str, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "ocppsim.db")
    connection.execute("CREATE TABLE locations (coordinates TEXT)")
    connection.close()
    assert "table locations already exists" in refusal(sqlite_url)
    connection = sqlite3.connect(tmp_path / "ocppsim.db")
    tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
    connection.close()
    assert tables == [("locations",)]


def test_a_server_that_is_not_there_is_named_without_the_password() -> None:
    message = refusal("postgresql://sim:secret@127.0.0.1:1/sim")
    assert "127.0.0.1" in message
    assert "secret" not in message


def test_a_database_that_goes_away_is_told_as_such(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    database.upgrade()
    database.engine.dispose()
    for file in tmp_path.iterdir():
        file.unlink()
    with (
        pytest.raises(DatabaseUnavailable, match="no such table"),
        database.snapshot() as session,
    ):
        locations.list_page(session)
    database.close()


def test_a_database_of_a_newer_program_is_refused_and_untouched(database: Database) -> None:
    with database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseTooNew, match="9999") as caught:
        database.upgrade()
    assert "\n" not in str(caught.value)
    with database.snapshot() as session:
        assert session.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"
