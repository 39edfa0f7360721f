"""The log of the journal and the tables that take it in: together they are the journal."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from ocppsim.chargepoint.durable_state import StoredMessage
from ocppsim.persistence import BackgroundWriter, Database, Journal, JournalContent, chargers
from ocppsim.persistence.journal_entry import JournalEntry
from ocppsim.persistence.journal_log import LOG, JournalLog
from ocppsim.persistence.writing_connection import WritingConnection, connect

from .conftest import add_chargers, put_cell, retire

NOBODY = 4040


def stored_in(database: Database, table: str) -> int:
    with database.snapshot() as session:
        return session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


class Hand:
    """Commits entries and takes in the log as the background writer does, step by step."""

    def __init__(self, database: Database, **log_settings: float) -> None:
        self.connection: WritingConnection = connect(database)
        self.log = JournalLog(**log_settings)  # pyright: ignore[reportArgumentType]
        self.log.find_leftovers(self.connection, 0.0)

    def commit(self, entry: JournalEntry, times: int = 1) -> None:
        rows = self.log.rows(entry.encode())
        for _ in range(times):  # the answer to the first attempt was lost
            self.connection.write([(LOG, rows)])
        self.log.note(entry, rows, 0.0)

    def take_step(self) -> bool:
        """Whether there was one to take."""
        step = self.log.next_step(self.connection, 0.0)
        if step:
            self.connection.write(step)
            self.log.step_taken()
        return bool(step)

    def take_in_all(self) -> None:
        while self.take_step():
            pass


NewHand = Callable[..., Hand]


@pytest.fixture
def new_hand(database: Database) -> Iterator[NewHand]:
    hands: list[Hand] = []

    def make(**log_settings: float) -> Hand:
        hands.append(Hand(database, **log_settings))
        return hands[-1]

    yield make
    for hand in hands:
        hand.connection.close()


def said(**what: object) -> JournalEntry:
    entry = JournalEntry()
    for name, value in what.items():
        setattr(entry, name, value)
    return entry


class Model:
    """The journals of two chargers, as plain as can be."""

    def __init__(self) -> None:
        self.messages: dict[int, dict[int, bytes]] = {0: {}, 1: {}}
        self.cells: dict[int, dict[str, bytes]] = {0: {}, 1: {}}
        self.highest = {0: 0, 1: 0}

    def copy(self) -> Model:
        copied = Model()
        copied.messages = {key: dict(value) for key, value in self.messages.items()}
        copied.cells = {key: dict(value) for key, value in self.cells.items()}
        copied.highest = dict(self.highest)
        return copied

    def contents(self) -> list[JournalContent]:
        return [
            JournalContent(
                [StoredMessage(*message) for message in self.messages[each].items()],
                self.cells[each],
                self.highest[each] + 1,
            )
            for each in (0, 1)
        ]


WHO = st.integers(0, 1)
EVENTS = st.one_of(
    st.tuples(st.just("append"), WHO),
    st.tuples(st.just("retire"), WHO, st.integers(0, 2)),
    st.tuples(st.just("put"), WHO, st.sampled_from("ab")),
    st.tuples(st.just("remove"), WHO, st.sampled_from("ab")),
    st.tuples(st.just("forget"), WHO),
    st.just(("commit",)),
    st.just(("commit twice",)),
    st.just(("take a step",)),
    st.just(("take in all",)),
    st.just(("crash",)),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(EVENTS, max_size=60))
def test_whatever_happens_the_journal_is_what_was_committed(
    database: Database, new_hand: NewHand, events: list[tuple[str, int, object]]
) -> None:
    with database.transaction() as session:
        session.execute(text("DELETE FROM journal_log"))
        session.execute(text("DELETE FROM locations"))
    numbers = add_chargers(database, 2)
    reader = Journal(database)
    hand = new_hand(step_rows=1)
    pending, model = JournalEntry(), Model()
    committed = model.copy()

    def check() -> None:
        loaded = reader.load(numbers)
        assert [loaded[number] for number in numbers] == committed.contents()

    for at, (kind, *details) in enumerate(events):
        body = b"%d" % at
        match kind, *details:
            case "append", int(who):
                model.highest[who] += 1
                model.messages[who][model.highest[who]] = body
                pending.messages.append((numbers[who], model.highest[who], body))
            case "retire", int(who), int(keep):
                up_to = max(model.highest[who] - keep, 0)
                retire(pending, numbers[who], up_to)
                stored = model.messages[who].items()
                model.messages[who] = {key: value for key, value in stored if key > up_to}
            case "put", int(who), str(key):
                model.cells[who][key] = body
                put_cell(pending, numbers[who], key, body)
            case "remove", int(who), str(key):
                model.cells[who].pop(key, None)
                put_cell(pending, numbers[who], key, None)
            case "forget", int(who):
                model.messages[who].clear()
                model.cells[who].clear()
                pending.forget(numbers[who])
            case "take a step", *_:
                hand.take_step()
                check()
            case "take in all", *_:
                hand.take_in_all()
                check()
                assert stored_in(database, "journal_log") == 0
            case "crash", *_:
                hand.connection.close()
                hand = new_hand(step_rows=1)
                pending, model = JournalEntry(), committed.copy()
                check()
            case _:
                hand.commit(pending, times=2 if kind == "commit twice" else 1)
                pending, committed = JournalEntry(), model.copy()
                check()


def test_what_a_dead_writer_left_is_taken_in_by_the_next(
    database: Database, new_hand: NewHand
) -> None:
    (charger,) = add_chargers(database, 1)
    dead = new_hand()
    dead.commit(said(messages=[(charger, 1, b"one")], cells={"boot": {charger: b"old"}}))
    journal = Journal(database)
    journal.start(lambda _entries: None)
    journal.put_cell(charger, "boot", b"new")
    journal.close()
    assert stored_in(database, "journal_log") == 0
    assert stored_in(database, "journal_message") == 1
    assert Journal(database).load([charger])[charger] == JournalContent(
        [StoredMessage(1, b"one")], {"boot": b"new"}, 2
    )


def test_what_another_process_logged_is_taken_in_too(database: Database, new_hand: NewHand) -> None:
    (charger,) = add_chargers(database, 1)
    one, other = new_hand(), new_hand()
    one.commit(said(cells={"boot": {charger: b"1"}}))
    other.commit(said(messages=[(charger, 1, b"x")], cells={"boot": {charger: b"2"}}))
    one.take_in_all()
    one.commit(said(cells={"boot": {charger: b"3"}}))
    other.take_in_all()
    assert stored_in(database, "journal_log") == 0
    assert Journal(database).load([charger])[charger] == JournalContent(
        [StoredMessage(1, b"x")], {"boot": b"3"}, 2
    )
    one.take_in_all()


def test_a_charger_that_is_deleted_while_the_log_is_taken_in_stays_deleted(
    database: Database, new_hand: NewHand
) -> None:
    gone, kept = add_chargers(database, 2)
    hand = new_hand(step_rows=1)
    for sequence in (1, 2):
        for charger in (gone, kept):
            hand.commit(
                said(
                    retired={charger: sequence - 1},
                    messages=[(charger, sequence, b"x")],
                    cells={"boot": {charger: b"x"}},
                )
            )
    hand.take_step()
    with database.transaction() as session:
        chargers.delete(session, "CP001")
    assert Journal(database).load([gone])[gone] == JournalContent([], {}, 1)
    hand.take_in_all()
    loaded = Journal(database).load([gone, kept])
    assert loaded[gone] == JournalContent([], {}, 1)
    assert loaded[kept] == JournalContent([StoredMessage(2, b"x")], {"boot": b"x"}, 3)
    assert stored_in(database, "journal_watermark") == 1


def test_more_rows_than_fit_one_statement_are_all_taken_in(
    database: Database, new_hand: NewHand
) -> None:
    (charger,) = add_chargers(database, 1)
    hand = new_hand()
    count = 2_345
    hand.commit(
        said(
            messages=[(charger, number, b"%d" % number) for number in range(1, count + 1)],
            cells={str(number): {charger: b"%d" % number} for number in range(count)},
        )
    )
    hand.take_in_all()
    hand.commit(
        said(
            retired={charger: count - 1},
            cells={str(number): {charger: None} for number in range(count - 1)},
        )
    )
    hand.take_in_all()
    assert stored_in(database, "journal_message") == stored_in(database, "journal_cell") == 1
    assert Journal(database).load([charger])[charger] == JournalContent(
        [StoredMessage(count, b"%d" % count)], {str(count - 1): b"%d" % (count - 1)}, count + 1
    )


def test_a_row_that_is_damaged_does_not_keep_the_others_from_being_read(
    database: Database, new_hand: NewHand, caplog: pytest.LogCaptureFixture
) -> None:
    (charger,) = add_chargers(database, 1)
    hand = new_hand()
    hand.commit(said(cells={"a": {charger: b"1"}}))
    hand.connection.write([(LOG, hand.log.rows([b"\xff"]))])
    hand.commit(said(cells={"b": {charger: b"2"}}))
    expected = JournalContent([], {"a": b"1", "b": b"2"}, 1)
    assert Journal(database).load([charger])[charger] == expected
    hand.take_in_all()
    assert Journal(database).load([charger])[charger] == expected
    assert stored_in(database, "journal_log") == 0
    assert "cannot be read" in caplog.text


def test_it_is_time_when_the_log_is_long_or_old(new_hand: NewHand) -> None:
    hand = new_hand(fold_bytes=1000, fold_interval_s=60.0)
    assert hand.log.due_in_s(0.0) is None
    hand.commit(said(cells={"a": {NOBODY: b"1"}}))
    assert hand.log.due_in_s(1.0) == 59.0
    assert hand.log.due_in_s(61.0) == 0.0
    hand.commit(said(cells={"a": {NOBODY: b"1" * 1000}}))
    assert hand.log.due_in_s(1.0) == 0.0
    hand.take_in_all()
    assert hand.log.due_in_s(1.0) is None


def test_messages_that_are_dealt_with_do_not_pile_up(new_hand: NewHand) -> None:
    """However long the log, memory holds what is not dealt with, and a bounded rest."""
    hand = new_hand()
    for sequence in range(1, 30_000, 500):
        entry = JournalEntry()
        for number in range(sequence, sequence + 500):
            entry.messages.append((NOBODY, number, b"x"))
        retire(entry, NOBODY, sequence - 1)
        hand.log.note(entry, [(sequence, b"x")], 0.0)
        assert len(hand.log.pending.messages) <= 10_000


def await_tables(database: Database, is_there: Callable[[], bool]) -> None:
    ticking = threading.Event()
    for _ in range(1_000):
        if is_there():
            return
        ticking.wait(0.01)
    raise AssertionError("the tables have not taken in the log")


def test_a_running_writer_takes_in_its_log_between_commits(database: Database) -> None:
    (charger,) = add_chargers(database, 1)
    writer = BackgroundWriter(database, log=JournalLog(fold_bytes=1, step_rows=1))
    journal = Journal(database, writer=writer)
    journal.start(lambda _entries: None)
    for sequence in range(1, 51):
        journal.append(charger, sequence, b"x")
        journal.retire(charger, sequence - 2)
        if sequence % 10 == 0:
            assert journal.flush(10)
    await_tables(database, lambda: stored_in(database, "journal_log") == 0)
    assert stored_in(database, "journal_message") == 2
    journal.close()


def test_a_writer_with_nothing_to_do_takes_in_its_log_when_it_is_old(database: Database) -> None:
    (charger,) = add_chargers(database, 1)
    writer = BackgroundWriter(database, log=JournalLog(fold_interval_s=0.05))
    journal = Journal(database, writer=writer)
    journal.start(lambda _entries: None)
    journal.append(charger, 1, b"x")
    await_tables(database, lambda: stored_in(database, "journal_message") == 1)
    journal.close()
