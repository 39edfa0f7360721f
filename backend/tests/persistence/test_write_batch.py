from __future__ import annotations

from ocppsim.persistence.write_batch import FIRST_FREE_RANK, Statement, WriteBatch

SAVE = Statement("INSERT OR REPLACE INTO saved VALUES (?, ?)", FIRST_FREE_RANK)
SAVE_FIRST = Statement("INSERT OR REPLACE INTO owners VALUES (?)", FIRST_FREE_RANK - 1)


def test_a_new_batch_has_nothing_to_do() -> None:
    assert not WriteBatch()
    assert WriteBatch().row_statements() == []


def test_of_a_row_only_the_newest_values_are_written() -> None:
    batch = WriteBatch()
    batch.put_rows([(SAVE, (1,), (1, "a"))])
    batch.put_rows([(SAVE, (1,), (1, "b")), (SAVE, (2,), (2, "c"))])
    assert batch
    assert batch.row_statements() == [(SAVE, [(1, "b"), (2, "c")])]


def test_statements_run_by_their_rank() -> None:
    batch = WriteBatch()
    batch.put_rows([(SAVE, (1,), (1, "a")), (SAVE_FIRST, (1,), (1,))])
    assert [statement for statement, _ in batch.row_statements()] == [SAVE_FIRST, SAVE]


def test_changes_are_counted_by_charger_and_by_row() -> None:
    batch = WriteBatch()
    batch.journal.messages.append((1, 1, b"x"))
    batch.journal.messages.append((1, 2, b"x"))
    batch.journal.put_cell(1, "boot", b"x")
    batch.journal.retire(2, 1)
    batch.put_rows([(SAVE, (1,), (1, "a"))])
    assert (batch.message_count, batch.change_count) == (2, 3)
