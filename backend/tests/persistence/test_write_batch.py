from __future__ import annotations

import sqlite3

from hypothesis import given
from hypothesis import strategies as st

from ocppsim.persistence.write_batch import FIRST_FREE_RANK, Statement, WriteBatch

SAVE = Statement("INSERT OR REPLACE INTO saved VALUES (?, ?)", FIRST_FREE_RANK)


def kinds(batch: WriteBatch) -> list[str]:
    return [" ".join(statement.sql.split()[:3]) for statement, _ in batch.statements()]


def test_a_new_batch_has_nothing_to_do() -> None:
    assert not WriteBatch()
    assert WriteBatch().statements() == []


def test_a_message_that_was_retired_meanwhile_is_not_written() -> None:
    batch = WriteBatch()
    batch.append(1, 5, b"five")
    batch.append(1, 6, b"six")
    batch.retire(1, 5)
    inserted = [
        rows for statement, rows in batch.statements() if "journal_message (" in statement.sql
    ]
    assert inserted == [[(1, 6, b"six")]]
    assert batch.appended() == [(1, 6)]
    assert (batch.message_count, batch.message_bytes) == (1, 3)


def test_a_message_that_was_not_written_is_still_told_as_persisted() -> None:
    batch = WriteBatch()
    batch.append(1, 5, b"five")
    batch.retire(1, 5)
    assert batch.appended() == [(1, 5)]
    assert kinds(batch) == ["DELETE FROM journal_message", "INSERT INTO journal_watermark"]


def test_of_a_cell_only_the_newest_value_is_written() -> None:
    batch = WriteBatch()
    for body in (b"1", b"2", None, b"3"):
        batch.put_cell(1, "meter", body)
    batch.put_cell(1, "gone", b"x")
    batch.put_cell(1, "gone", None)
    assert [rows for _, rows in batch.statements()] == [[(1, "meter", b"3")], [(1, "gone")]]


def test_of_a_row_only_the_newest_values_are_written() -> None:
    batch = WriteBatch()
    batch.put_rows([(SAVE, (1,), (1, "a"))])
    batch.put_rows([(SAVE, (1,), (1, "b")), (SAVE, (2,), (2, "c"))])
    assert batch.statements() == [(SAVE, [(1, "b"), (2, "c")])]


def test_forgetting_drops_what_waits_but_not_the_highest_number() -> None:
    batch = WriteBatch()
    batch.append(1, 9, b"x")
    batch.put_cell(1, "boot", b"x")
    batch.forget(1)
    batch.append(1, 10, b"y")
    written = {
        " ".join(statement.sql.split()[:3]): rows
        for statement, rows in batch.statements()
        if statement.sql.startswith("INSERT") and "SELECT" not in statement.sql
    }
    assert written == {
        "INSERT INTO journal_watermark": [(1, 9)],
        "INSERT INTO journal_message": [(1, 10, b"y")],
    }


SCHEMA = """
CREATE TABLE journal_message (charger_id, sequence, body, PRIMARY KEY (charger_id, sequence));
CREATE TABLE journal_cell (charger_id, key, body, PRIMARY KEY (charger_id, key));
CREATE TABLE journal_watermark (charger_id PRIMARY KEY, retired_up_to);
"""

HIGHEST_KNOWN = """
SELECT max(
    coalesce((SELECT max(sequence) FROM journal_message WHERE charger_id = ?1), 0),
    coalesce((SELECT retired_up_to FROM journal_watermark WHERE charger_id = ?1), 0)
)
"""

CHARGERS = st.integers(1, 2)
OPERATIONS = st.one_of(
    st.tuples(st.just("append"), CHARGERS),
    st.tuples(st.just("retire"), CHARGERS, st.integers(0, 3)),
    st.tuples(st.just("put_cell"), CHARGERS, st.sampled_from("ab"), st.sampled_from([None, b"1"])),
    st.tuples(st.just("forget"), CHARGERS),
    st.just(("commit",)),
)


@given(st.lists(OPERATIONS, max_size=40))
def test_batches_come_to_the_same_as_single_writes(operations: list[tuple[object, ...]]) -> None:
    """However the calls fall into batches, the tables hold what a plain model holds."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA)
    highest = {1: 0, 2: 0}
    messages: set[tuple[int, int]] = set()
    cells: dict[tuple[int, str], bytes] = {}
    batch = WriteBatch()

    def commit() -> None:
        nonlocal batch
        for statement, rows in batch.statements():
            connection.executemany(statement.sql, rows)
        batch = WriteBatch()

    for operation in operations:
        match operation:
            case ("append", int(charger)):
                highest[charger] += 1
                batch.append(charger, highest[charger], b"body")
                messages.add((charger, highest[charger]))
            case ("retire", int(charger), int(keep)):
                up_to = max(highest[charger] - keep, 0)
                batch.retire(charger, up_to)
                messages = {key for key in messages if key[0] != charger or key[1] > up_to}
            case ("put_cell", int(charger), str(key), None):
                batch.put_cell(charger, key, None)
                cells.pop((charger, key), None)
            case ("put_cell", int(charger), str(key), bytes(body)):
                batch.put_cell(charger, key, body)
                cells[charger, key] = body
            case ("forget", int(charger)):
                batch.forget(charger)
                messages = {key for key in messages if key[0] != charger}
                cells = {key: body for key, body in cells.items() if key[0] != charger}
            case _:
                commit()
        assert batch.message_count >= 0
        assert batch.message_bytes == 4 * batch.message_count
    commit()
    stored_messages = connection.execute("SELECT charger_id, sequence FROM journal_message")
    stored_cells = connection.execute("SELECT charger_id, key, body FROM journal_cell")
    assert set(stored_messages) == messages
    assert {(charger, key): body for charger, key, body in stored_cells} == cells
    for charger in (1, 2):
        (known,) = connection.execute(HIGHEST_KNOWN, (charger,)).fetchone()
        assert known == highest[charger]
    connection.close()
