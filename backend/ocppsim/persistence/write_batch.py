"""What one group commit writes: the newest state of everything, each thing once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

Row = tuple[Any, ...]


class Statement(NamedTuple):
    """SQL with ``?`` for values; running it twice with the same values changes nothing more.

    Within a commit, statements run by rising ``rank``. ``charger_at`` says which of the values
    is the number of the charger.
    """

    sql: str
    rank: int
    charger_at: int = 0


_RAISE_WATERMARK = (
    "ON CONFLICT (charger_id) DO UPDATE SET retired_up_to = excluded.retired_up_to "
    "WHERE excluded.retired_up_to > journal_watermark.retired_up_to"
)

_KEEP_HIGHEST = Statement(
    "INSERT INTO journal_watermark (charger_id, retired_up_to) "
    "SELECT charger_id, max(sequence) FROM journal_message WHERE charger_id = ? "
    f"GROUP BY charger_id {_RAISE_WATERMARK}",
    0,
)
_FORGET_MESSAGES = Statement("DELETE FROM journal_message WHERE charger_id = ?", 1)
_FORGET_CELLS = Statement("DELETE FROM journal_cell WHERE charger_id = ?", 2)
_RETIRE = Statement("DELETE FROM journal_message WHERE charger_id = ? AND sequence <= ?", 3)
_SET_WATERMARK = Statement(
    f"INSERT INTO journal_watermark (charger_id, retired_up_to) VALUES (?, ?) {_RAISE_WATERMARK}",
    4,
)
APPEND = Statement(
    "INSERT INTO journal_message (charger_id, sequence, body) VALUES (?, ?, ?) "
    "ON CONFLICT (charger_id, sequence) DO UPDATE SET body = excluded.body",
    5,
)
_PUT_CELL = Statement(
    "INSERT INTO journal_cell (charger_id, key, body) VALUES (?, ?, ?) "
    "ON CONFLICT (charger_id, key) DO UPDATE SET body = excluded.body",
    6,
)
_REMOVE_CELL = Statement("DELETE FROM journal_cell WHERE charger_id = ? AND key = ?", 7)

FIRST_FREE_RANK = 8
"""The statements of others come after the journal's."""


class _JournalWrites:
    """The journal of one charger within a batch."""

    __slots__ = ("appended", "cells", "forgotten", "highest", "retired_up_to")

    def __init__(self) -> None:
        self.appended: dict[int, bytes] = {}
        self.cells: dict[str, bytes | None] = {}
        self.forgotten = False
        self.highest = 0
        self.retired_up_to = 0


class WriteBatch:
    """Collects writes; a later one replaces an earlier one of the same thing.

    Everything in it is committed together, so only the outcome counts: a message that is
    appended and retired is not written at all, of a cell or row only the newest value is.
    """

    def __init__(self) -> None:
        self.on_written: list[Callable[[], None]] = []
        self.message_count = 0
        self.message_bytes = 0
        self._journals: dict[int, _JournalWrites] = {}
        self._rows: dict[Statement, dict[Row, Row]] = {}

    def __len__(self) -> int:
        """How many chargers' journals and rows it writes to: 0 when there is nothing to do."""
        return len(self._journals) + sum(len(rows) for rows in self._rows.values())

    def append(self, charger_id: int, sequence: int, body: bytes) -> None:
        journal = self._journal(charger_id)
        journal.appended[sequence] = body
        journal.highest = max(journal.highest, sequence)
        self.message_count += 1
        self.message_bytes += len(body)

    def retire(self, charger_id: int, up_to_sequence: int) -> None:
        journal = self._journal(charger_id)
        journal.retired_up_to = max(journal.retired_up_to, up_to_sequence)
        self._unappend(
            journal, [sequence for sequence in journal.appended if sequence <= up_to_sequence]
        )

    def put_cell(self, charger_id: int, key: str, body: bytes | None) -> None:
        self._journal(charger_id).cells[key] = body

    def forget(self, charger_id: int) -> None:
        """Drop messages and cells; the highest sequence number stays known."""
        journal = self._journal(charger_id)
        journal.forgotten = True
        journal.retired_up_to = max(journal.retired_up_to, journal.highest)
        self._unappend(journal, list(journal.appended))
        journal.cells.clear()

    def put_rows(self, rows: Sequence[tuple[Statement, Row, Row]]) -> None:
        """Each is the statement, the key that says which row it writes, and its values."""
        for statement, key, values in rows:
            self._rows.setdefault(statement, {})[key] = values

    def appended(self) -> list[tuple[int, int]]:
        """Chargers with appended messages, each with the highest sequence number."""
        return [
            (charger_id, journal.highest)
            for charger_id, journal in self._journals.items()
            if journal.highest
        ]

    def statements(self) -> list[tuple[Statement, list[Row]]]:
        """What to run, in order."""
        found: dict[Statement, list[Row]] = {
            statement: list(rows.values()) for statement, rows in self._rows.items()
        }

        def add(statement: Statement, row: Row) -> None:
            found.setdefault(statement, []).append(row)

        for charger_id, journal in self._journals.items():
            if journal.forgotten:
                add(_KEEP_HIGHEST, (charger_id,))
                add(_FORGET_MESSAGES, (charger_id,))
                add(_FORGET_CELLS, (charger_id,))
            if journal.retired_up_to:
                add(_RETIRE, (charger_id, journal.retired_up_to))
                add(_SET_WATERMARK, (charger_id, journal.retired_up_to))
            for sequence, body in journal.appended.items():
                add(APPEND, (charger_id, sequence, body))
            for key, cell in journal.cells.items():
                if cell is None:
                    add(_REMOVE_CELL, (charger_id, key))
                else:
                    add(_PUT_CELL, (charger_id, key, cell))
        return sorted(found.items(), key=lambda item: item[0].rank)

    def _journal(self, charger_id: int) -> _JournalWrites:
        journal = self._journals.get(charger_id)
        if journal is None:
            journal = self._journals[charger_id] = _JournalWrites()
        return journal

    def _unappend(self, journal: _JournalWrites, sequences: list[int]) -> None:
        for sequence in sequences:
            self.message_bytes -= len(journal.appended.pop(sequence))
            self.message_count -= 1
