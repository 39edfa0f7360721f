from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.persistence.journal_entry import (
    ROW_LENGTH,
    DamagedEntry,
    JournalEntry,
    UnfitWrite,
    decode,
)

from .conftest import put_cell, retire


def outcome(entry: JournalEntry) -> tuple[object, ...]:
    entry.drop_retired()
    return (entry.forgotten, entry.used, entry.retired, entry.messages, entry.cells)


def read_back(entry: JournalEntry) -> JournalEntry:
    read = JournalEntry()
    for row in entry.encode():
        read.add(decode(row))
    return read


def test_a_new_entry_says_nothing() -> None:
    assert not JournalEntry()
    assert outcome(read_back(JournalEntry())) == (set(), {}, {}, [], {})


def test_a_message_that_is_dealt_with_is_dropped_but_told() -> None:
    entry = JournalEntry()
    entry.messages.append((1, 5, b"five"))
    entry.messages.append((1, 6, b"six"))
    retire(entry, 1, 5)
    assert entry.highest_appended() == [(1, 6)]
    retire(entry, 1, 6)
    assert entry.highest_appended() == [(1, 6)]
    assert outcome(entry) == (set(), {}, {1: 6}, [], {})


def test_forgetting_drops_what_came_before_but_not_the_highest_number() -> None:
    entry = JournalEntry()
    entry.messages.append((1, 9, b"x"))
    put_cell(entry, 1, "boot", b"x")
    put_cell(entry, 2, "boot", b"y")
    later = JournalEntry()
    later.forget(1)
    later.messages.append((1, 10, b"z"))
    entry.add(later)
    assert outcome(entry) == ({1}, {1: 9}, {}, [(1, 10, b"z")], {"boot": {2: b"y"}})


def test_what_is_removed_stays_removed() -> None:
    entry = JournalEntry()
    put_cell(entry, 1, "boot", b"x")
    later = JournalEntry()
    put_cell(later, 1, "boot", None)
    entry.add(later)
    assert read_back(entry).cells == {"boot": {1: None}}


def test_a_long_entry_makes_several_rows() -> None:
    entry = JournalEntry()
    for sequence in range(1, 2 * ROW_LENGTH):
        entry.messages.append((sequence % 7, sequence, b"%d" % sequence))
        put_cell(entry, sequence, "meter", b"m")
    retire(entry, 3, 100)
    entry.forget(50)
    rows = entry.encode()
    assert len(rows) > 2
    assert outcome(read_back(entry)) == outcome(entry)
    # Each row by itself has nothing that another one says is dealt with.
    messages = [message for row in rows for message in decode(row).messages]
    assert not [each for each in messages if each[0] == 3 and each[1] <= 100]


def test_what_cannot_be_stored_is_named_and_left_out() -> None:
    entry = JournalEntry()
    entry.messages.append((1, 2**80, b"x"))
    entry.messages.append((2, 1, b"x"))
    put_cell(entry, 3, "lone \ud800 surrogate", b"x")
    put_cell(entry, 2, "boot", b"x")
    retire(entry, 4, 2**80)
    entry.forget(2**80)
    with pytest.raises(UnfitWrite):
        entry.encode()
    assert sorted(charger_id for charger_id, _ in entry.drop_unfit()) == [1, 3, 4, 2**80]
    assert outcome(read_back(entry)) == (set(), {}, {}, [(2, 1, b"x")], {"boot": {2: b"x"}})


@pytest.mark.parametrize("row", [b"", b"\xff", b"\x95\x90\x80\x80", b"\x90"])
def test_a_damaged_row_is_known_as_such(row: bytes) -> None:
    with pytest.raises(DamagedEntry):
        decode(row)


def test_others_are_left_out() -> None:
    entry = JournalEntry()
    for charger_id in (1, 2):
        entry.messages.append((charger_id, 1, b"x"))
        entry.forget(charger_id)
        retire(entry, charger_id, 1)
        entry.messages.append((charger_id, 2, b"x"))
        put_cell(entry, charger_id, "boot", b"x")
    entry.keep_only({2, 3})
    assert entry.chargers() == {2}
    assert outcome(entry) == ({2}, {2: 1}, {2: 1}, [(2, 2, b"x")], {"boot": {2: b"x"}})


CHARGERS = st.integers(1, 2)
WRITES = st.one_of(
    st.tuples(st.just("append"), CHARGERS),
    st.tuples(st.just("retire"), CHARGERS),
    st.tuples(st.just("put"), CHARGERS),
    st.tuples(st.just("remove"), CHARGERS),
    st.tuples(st.just("forget"), CHARGERS),
)


def entries_of(groups: list[list[tuple[str, int]]]) -> list[JournalEntry]:
    highest = {1: 0, 2: 0}
    entries: list[JournalEntry] = []
    for number, group in enumerate(groups):
        entry = JournalEntry()
        for kind, charger_id in group:
            if kind == "append":
                highest[charger_id] += 1
                entry.messages.append((charger_id, highest[charger_id], b"%d" % number))
            elif kind == "retire":
                retire(entry, charger_id, highest[charger_id])
            elif kind == "put":
                put_cell(entry, charger_id, "meter", b"%d" % number)
            elif kind == "remove":
                put_cell(entry, charger_id, "meter", None)
            else:
                entry.forget(charger_id)
        entries.append(entry)
    return entries


@given(st.lists(st.lists(WRITES, max_size=8), max_size=8), st.integers(0, 8))
def test_doing_the_last_entries_once_more_changes_nothing(
    groups: list[list[tuple[str, int]]], again_from: int
) -> None:
    once, twice = JournalEntry(), JournalEntry()
    for entry in entries_of(groups):
        once.add(entry)
        twice.add(read_back(entry))
    for entry in entries_of(groups)[again_from:]:
        twice.add(entry)
    for entry in (once, twice):
        entry.drop_retired()
    assert set(twice.messages) == set(once.messages)
    assert twice.cells == once.cells
    assert twice.retired == once.retired
