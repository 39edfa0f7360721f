from __future__ import annotations

from ocppsim.persistence.write_batch import FIRST_FREE_RANK, Statement, WriteBatch

SAVE = Statement("INSERT OR REPLACE INTO saved VALUES (?, ?)", FIRST_FREE_RANK + 1)
SAVE_FIRST = Statement("INSERT OR REPLACE INTO owners VALUES (?)", FIRST_FREE_RANK)


def test_a_new_batch_has_nothing_to_do() -> None:
    assert not WriteBatch()
    assert WriteBatch().row_statements() == []


def test_of_a_row_only_the_newest_values_are_written() -> None:
    batch = WriteBatch()
    batch.take_in([[(SAVE, (1,), (1, "a"))]])
    batch.take_in([[(SAVE, (1,), (1, "b")), (SAVE, (2,), (2, "c"))]])
    assert batch
    assert batch.row_statements() == [(SAVE, [(1, "b"), (2, "c")])]


def test_statements_run_by_their_rank() -> None:
    batch = WriteBatch()
    batch.take_in([[(SAVE, (1,), (1, "a"))], [(SAVE_FIRST, (1,), (1,))]])
    assert [statement for statement, _ in batch.row_statements()] == [SAVE_FIRST, SAVE]


def test_writes_to_the_journal_are_told_apart_and_done_in_order() -> None:
    batch = WriteBatch()
    batch.take_in(
        [
            (1, 7, b"seven"),
            (1, "boot", b"old"),
            (1,),  # forget
            (1, 8, b"eight"),
            (2, "boot", b"1"),
            (2, "boot", b"2"),
            (2, "gone", b"x"),
            (2, "gone", None),
            (2, 5),  # retire
            (2, 4),
        ]
    )
    journal = batch.journal
    assert journal.forgotten == {1}
    assert journal.used == {1: 7}
    assert journal.messages == [(1, 8, b"eight")]
    assert journal.cells == {"boot": {2: b"2"}, "gone": {2: None}}
    assert journal.retired == {2: 5}


def test_whom_to_call_is_no_write() -> None:
    batch = WriteBatch()
    called: list[int] = []
    batch.take_in([lambda: called.append(1)])
    assert not batch
    for callback in batch.on_written:
        callback()
    assert called == [1]


def test_changes_are_counted_by_charger_and_by_row() -> None:
    batch = WriteBatch()
    batch.take_in([(1, 1, b"x"), (1, 2, b"xy"), (1, "boot", b"x"), (2, 1)])
    batch.take_in([[(SAVE, (1,), (1, "a"))]])
    assert (batch.message_count, batch.message_bytes, batch.change_count) == (2, 3, 3)
