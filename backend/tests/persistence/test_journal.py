from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from ocppsim.chargepoint.durable_state import StoredMessage
from ocppsim.persistence import (
    BackgroundWriter,
    Database,
    Journal,
    JournalContent,
    background_writer,
    chargers,
    locations,
)
from ocppsim.persistence.background_writer import MEMORY_BOUND_BYTES
from ocppsim.persistence.write_batch import Row
from ocppsim.persistence.writing_connection import (
    Refusal,
    WriteFailed,
    WritingConnection,
    connect,
)

from .conftest import PostgresqlCluster, add_chargers

StartJournal = Callable[[], Journal]


def test_what_was_stored_is_loaded(database: Database, started_journal: StartJournal) -> None:
    first, second = add_chargers(database, 2)
    journal = started_journal()
    journal.append(first, 1, b"one")
    journal.append(second, 1, b"\x00\xff")
    journal.append(first, 2, b"two")
    journal.put_cell(first, "boot", b"{}")
    journal.put_cell(first, "gone", b"x")
    journal.put_cell(first, "gone", None)
    assert journal.flush(10)
    assert journal.load([first, second]) == {
        first: JournalContent(
            [StoredMessage(1, b"one"), StoredMessage(2, b"two")], {"boot": b"{}"}, 3
        ),
        second: JournalContent([StoredMessage(1, b"\x00\xff")], {}, 2),
    }


def test_an_unknown_charger_has_an_empty_journal(database: Database) -> None:
    assert Journal(database).load([404]) == {404: JournalContent([], {}, 1)}
    assert Journal(database).load([]) == {}


def test_retiring_deletes_up_to_the_watermark(
    database: Database, started_journal: StartJournal
) -> None:
    (charger,) = add_chargers(database, 1)
    journal = started_journal()
    for sequence in range(1, 6):
        journal.append(charger, sequence, b"x")
    journal.flush(10)
    journal.retire(charger, 3)
    journal.flush(10)
    content = journal.load([charger])[charger]
    assert [message.sequence for message in content.messages] == [4, 5]
    assert content.next_sequence == 6


def test_a_sequence_number_never_repeats_even_when_the_queue_is_empty(
    database: Database, started_journal: StartJournal
) -> None:
    (charger,) = add_chargers(database, 1)
    journal = started_journal()
    journal.append(charger, 1, b"x")
    journal.flush(10)
    journal.append(charger, 2, b"x")
    journal.retire(charger, 2)
    journal.flush(10)
    assert journal.load([charger])[charger] == JournalContent([], {}, 3)
    journal.append(charger, 3, b"x")
    journal.forget(charger)
    journal.flush(10)
    assert journal.load([charger])[charger] == JournalContent([], {}, 4)
    journal.close()
    assert Journal(database).load([charger])[charger].next_sequence == 4


def test_commits_are_told_on_the_writers_thread_with_the_highest_number(
    database: Database,
) -> None:
    first, second = add_chargers(database, 2)
    told: list[tuple[str, list[tuple[int, int]]]] = []
    journal = Journal(database)
    for sequence in (1, 2, 3):  # before the start: they wait
        journal.append(first, sequence, b"x")
    journal.append(second, 7, b"x")
    journal.start(lambda entries: told.append((threading.current_thread().name, entries)))
    journal.flush(10)
    journal.put_cell(first, "a", b"nothing to tell")
    journal.close()
    assert told == [("ocppsim-writer", [(first, 3), (second, 7)])]


def test_what_is_told_as_committed_can_be_loaded(database: Database) -> None:
    (charger,) = add_chargers(database, 1)
    loaded: list[bool] = []
    journal = Journal(database)

    def on_committed(entries: list[tuple[int, int]]) -> None:
        content = journal.load([charger])[charger]
        loaded.append(content.messages[-1].sequence >= entries[0][1])

    journal.start(on_committed)
    for sequence in range(1, 30):
        journal.append(charger, sequence, b"x")
    journal.close()
    assert loaded
    assert all(loaded)


def test_closing_writes_what_is_left(database: Database) -> None:
    (charger,) = add_chargers(database, 1)
    journal = Journal(database)
    journal.start(lambda _entries: None)
    for sequence in range(1, 1001):
        journal.append(charger, sequence, b"x" * 100)
    journal.close()
    assert len(journal.load([charger])[charger].messages) == 1000
    assert journal.backlog == (0, 0, False)


def test_a_retirement_is_committed_also_where_nothing_else_comes(
    database: Database, started_journal: StartJournal
) -> None:
    (charger,) = add_chargers(database, 1)
    journal = started_journal()
    journal.append(charger, 1, b"x")
    assert journal.flush(20)
    journal.retire(charger, 1)
    while journal.load([charger])[charger].messages:
        time.sleep(0.001)


def test_nothing_else_waits_with_a_retirement(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background_writer, "RETIREMENTS_WAIT_S", 60.0)
    (charger,) = add_chargers(sqlite_database, 1)
    told = threading.Event()
    journal = Journal(sqlite_database)
    journal.start(lambda _entries: told.set())
    for sequence in range(1, 21):
        journal.retire(charger, sequence - 1)
        time.sleep(0.001 * (sequence % 4))
        journal.append(charger, sequence, b"x")
        assert told.wait(20)
        told.clear()
        # What was handed in before a message is committed with it
        content = journal.load([charger])[charger]
        assert content.messages == [StoredMessage(sequence, b"x")]
        journal.retire(charger, sequence)
        time.sleep(0.001 * (sequence % 3))
        journal.put_cell(charger, "boot", b"%d" % sequence)
        while journal.load([charger])[charger].cells != {"boot": b"%d" % sequence}:
            time.sleep(0.001)
        assert not journal.load([charger])[charger].messages
    journal.append(charger, 21, b"x")
    assert journal.flush(20)
    journal.retire(charger, 21)
    journal.close()
    assert not journal.load([charger])[charger].messages


def test_a_callback_that_fails_does_not_stop_the_writer(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    (charger,) = add_chargers(database, 1)
    journal = Journal(database)

    def on_committed(_entries: list[tuple[int, int]]) -> None:
        raise RuntimeError("no loop any more")

    journal.start(on_committed)
    journal.append(charger, 1, b"x")
    assert journal.flush(10)
    journal.append(charger, 2, b"x")
    journal.close()
    assert len(journal.load([charger])[charger].messages) == 2
    assert "a callback after a commit failed" in caplog.text


def test_writes_of_a_deleted_charger_do_not_hold_up_the_others(
    database: Database, started_journal: StartJournal, caplog: pytest.LogCaptureFixture
) -> None:
    gone, kept = add_chargers(database, 2)
    with database.transaction() as session:
        chargers.delete(session, "CP001")
    told: list[tuple[int, int]] = []
    journal = Journal(database)
    journal.start(told.extend)
    for sequence in (1, 2):
        journal.append(gone, sequence, b"x")
        journal.append(kept, sequence, b"x")
        journal.put_cell(gone, "boot", b"x")
        journal.put_cell(kept, "boot", b"x")
        journal.flush(10)
        assert journal.load([gone])[gone] == JournalContent([], {}, 1)
    journal.close()
    content = journal.load([gone, kept])
    assert content[gone] == JournalContent([], {}, 1)
    assert [message.sequence for message in content[kept].messages] == [1, 2]
    assert content[kept].cells == {"boot": b"x"}
    assert [entry for entry in told if entry[0] == kept] == [(kept, 1), (kept, 2)]
    assert caplog.records == []


def test_a_value_that_can_never_be_stored_does_not_hold_up_the_others(
    database: Database, started_journal: StartJournal
) -> None:
    (charger,) = add_chargers(database, 1)
    journal = started_journal()
    journal.append(charger, 2**80, b"x")
    journal.put_cell(charger, "lone \ud800 surrogate", b"x")
    journal.put_cell(charger, "boot", b"x")
    assert journal.flush(10)
    assert journal.load([charger])[charger] == JournalContent([], {"boot": b"x"}, 1)


def test_a_value_that_the_tables_do_not_take_does_not_hold_up_the_others(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """It fits the log (64 bits without a sign) but not its column."""
    first, second = add_chargers(database, 2)
    journal = Journal(database)
    journal.start(lambda _entries: None)
    journal.append(first, 2**63, b"x")
    journal.append(second, 1, b"x")
    journal.put_cell(first, "boot", b"x")
    journal.close()
    assert journal.load([first, second]) == {
        first: JournalContent([], {"boot": b"x"}, 1),
        second: JournalContent([StoredMessage(1, b"x")], {}, 2),
    }
    assert f"refused a write for charger number {first}" in caplog.text


class Unreliable(WritingConnection):
    """A connection that fails as often as the test says, then works."""

    failures_left = 0
    refuse_connections = False

    def __init__(self, database: Database) -> None:
        if self.refuse_connections:
            raise WriteFailed("unable to open database file")
        self._connection = connect(database)

    def write(self, statements: object) -> None:
        if type(self).failures_left:
            type(self).failures_left -= 1
            raise WriteFailed("database or disk is full")
        self._connection.write(statements)  # pyright: ignore[reportArgumentType]

    def write_one_by_one(self, statements: object) -> list[Refusal]:
        return self._connection.write_one_by_one(statements)  # pyright: ignore[reportArgumentType]

    def read(self, sql: str) -> list[Row]:
        return self._connection.read(sql)

    def close(self) -> None:
        self._connection.close()

    def _execute(self, sql: str) -> None: ...

    def _execute_many(self, sql: str, rows: object) -> None: ...


def unreliable_journal(
    database: Database, *, memory_bound_bytes: int = MEMORY_BOUND_BYTES
) -> Journal:
    writer = BackgroundWriter(database, connect=Unreliable, memory_bound_bytes=memory_bound_bytes)
    return Journal(database, writer=writer)


def test_a_failing_disk_is_logged_once_and_nothing_is_lost(
    sqlite_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    (charger,) = add_chargers(sqlite_database, 1)
    Unreliable.failures_left = 3
    told: list[tuple[int, int]] = []
    journal = unreliable_journal(sqlite_database)
    journal.start(told.extend)
    journal.append(charger, 1, b"x")
    journal.append(charger, 2, b"x")
    assert journal.flush(30)
    journal.close()
    assert [each.sequence for each in journal.load([charger])[charger].messages] == [1, 2]
    assert told == [(charger, 2)]
    assert [record.levelno for record in caplog.records] == [logging.ERROR, logging.WARNING]
    assert "database or disk is full" in caplog.text
    assert "writing to the database again" in caplog.text


def test_whoever_waits_during_a_failure_is_told_when_it_is_over(
    sqlite_database: Database,
) -> None:
    (charger,) = add_chargers(sqlite_database, 1)
    Unreliable.failures_left = 4
    journal = unreliable_journal(sqlite_database)
    journal.start(lambda _entries: None)
    journal.append(charger, 1, b"x")
    while Unreliable.failures_left > 2:
        time.sleep(0.001)
    assert journal.flush(30)  # nothing more to write, but something to tell
    journal.close()


def test_one_failure_that_heals_at_once_is_not_worth_a_word(
    sqlite_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    (charger,) = add_chargers(sqlite_database, 1)
    Unreliable.failures_left = 1
    journal = unreliable_journal(sqlite_database)
    journal.start(lambda _entries: None)
    journal.append(charger, 1, b"x")
    journal.close()
    assert len(journal.load([charger])[charger].messages) == 1
    assert caplog.records == []


def test_beyond_its_bound_it_keeps_everything_and_says_so(
    sqlite_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    (charger,) = add_chargers(sqlite_database, 1)
    journal = unreliable_journal(sqlite_database, memory_bound_bytes=1000)
    for sequence in range(1, 12):
        assert journal.backlog.congested == (sequence > 11)
        journal.append(charger, sequence, b"x" * 100)
    assert journal.backlog == (11, 1100, True)
    journal.append(charger, 12, b"x" * 100)
    journal.start(lambda _entries: None)
    assert journal.flush(10)
    assert journal.backlog == (0, 0, False)
    assert len(journal.load([charger])[charger].messages) == 12
    journal.close()
    assert "nothing is dropped" in caplog.records[0].message
    assert "fit their bound again" in caplog.records[1].message
    assert len(caplog.records) == 2


def test_giving_up_at_the_end_says_what_is_lost(
    sqlite_database: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Unreliable, "refuse_connections", True)
    journal = unreliable_journal(sqlite_database)
    journal.start(lambda _entries: None)
    journal.append(1, 1, b"x")
    journal.close(timeout_s=0.2)
    assert "lost: 1 journal message(s)" in caplog.text


def test_what_comes_after_the_end_is_logged_once(
    sqlite_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    journal = Journal(sqlite_database)
    journal.start(lambda _entries: None)
    journal.close()
    journal.append(1, 1, b"x")
    journal.append(1, 2, b"x")
    assert [record.message for record in caplog.records] == [
        "writes come after the background writer was closed; they are lost"
    ]
    journal.close()


def test_another_process_may_hold_the_lock_for_a_while(
    sqlite_database: Database, tmp_path: Path
) -> None:
    (charger,) = add_chargers(sqlite_database, 1)
    journal = Journal(sqlite_database)
    journal.start(lambda _entries: None)
    other = sqlite3.connect(tmp_path / "ocppsim.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    journal.append(charger, 1, b"x")
    assert not journal.flush(0.05)
    other.execute("COMMIT")
    other.close()
    assert journal.flush(10)
    journal.close()
    assert len(journal.load([charger])[charger].messages) == 1


def test_a_deleted_file_is_not_replaced_by_an_empty_one(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    with pytest.raises(WriteFailed, match="unable to open database file"):
        connect(database)
    assert not (tmp_path / "ocppsim.db").exists()
    database.close()


def test_a_server_that_restarts_is_found_again(postgresql_cluster: PostgresqlCluster) -> None:
    database = Database(postgresql_cluster.create_database())
    database.upgrade()
    (charger,) = add_chargers(database, 1)
    journal = Journal(database)
    journal.start(lambda _entries: None)
    journal.append(charger, 1, b"x")
    assert journal.flush(10)
    postgresql_cluster.restart()
    journal.append(charger, 2, b"x")
    assert journal.flush(30)
    assert len(journal.load([charger])[charger].messages) == 2
    journal.close()
    database.close()


def test_many_threads_append_and_each_charger_keeps_its_order(
    database: Database, started_journal: StartJournal
) -> None:
    numbers = add_chargers(database, 8)
    journal = started_journal()

    def live(charger: int) -> None:
        for sequence in range(1, 201):
            journal.append(charger, sequence, b"%d" % sequence)
            journal.put_cell(charger, "last", b"%d" % sequence)
            if sequence % 10 == 0:
                journal.retire(charger, sequence - 5)

    threads = [threading.Thread(target=live, args=(charger,)) for charger in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert journal.flush(30)
    expected = JournalContent(
        [StoredMessage(sequence, b"%d" % sequence) for sequence in range(196, 201)],
        {"last": b"200"},
        201,
    )
    assert journal.load(numbers) == dict.fromkeys(numbers, expected)


def test_rest_and_journal_write_to_one_file_at_the_same_time(
    database: Database, started_journal: StartJournal, caplog: pytest.LogCaptureFixture
) -> None:
    (charger,) = add_chargers(database, 1)
    journal = started_journal()
    stop = threading.Event()
    appended = 0

    def append_all_the_time() -> None:
        nonlocal appended
        while not stop.is_set():
            appended += 1
            journal.append(charger, appended, b"x" * 200)
            if appended % 100 == 0:
                journal.flush(10)

    thread = threading.Thread(target=append_all_the_time)
    thread.start()
    created = 0
    end_s = time.monotonic() + 1.0
    try:
        while time.monotonic() < end_s:
            with database.transaction() as session:  # reads first, then writes
                total = locations.list_page(session).total
                locations.create(session, f"Location {total}")
            created += 1
    finally:
        stop.set()
        thread.join()
    journal.close()
    with database.snapshot() as session:
        assert locations.list_page(session, limit=1).total == created + 1
        stored = session.execute(text("SELECT count(*) FROM journal_message")).scalar_one()
    assert stored == appended
    assert created > 0
    assert caplog.records == []
