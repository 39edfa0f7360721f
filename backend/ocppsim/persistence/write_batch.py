"""What one group commit writes: the newest state of everything, each thing once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from .journal_entry import JournalEntry, Message

Row = tuple[Any, ...]


class Statement(NamedTuple):
    """SQL with ``?`` for values; running it twice with the same values changes nothing more.

    Within a commit, statements run by rising ``rank``. ``charger_at`` says which of the values
    is the number of the charger. Where ``row`` is given, the SQL has ``VALUES`` and that just
    once, and may have it any number of times, separated by commas.
    """

    sql: str
    rank: int = 0
    charger_at: int = 0
    row: str = ""


FIRST_FREE_RANK = 1
"""The journal's statement comes before those of others."""

RowWrite = tuple[Statement, Row, Row]
"""The statement, the key that says which row it writes, and its values."""

Cell = tuple[int, str, bytes | None]
Retirement = tuple[int, int]
Forgetting = tuple[int]
Sample = tuple[int, int, bytes, str, bytes]
Operation = Message | Cell | Sample | Retirement | Forgetting | list[RowWrite] | Callable[[], None]
"""What is handed in: a write to the journal, which begins with the number of the charger, writes
to rows, or whom to call when all before it is committed."""


class WriteBatch:
    """Collects writes; a later one replaces an earlier one of the same thing.

    Everything in it is committed together, so only the outcome counts: of a cell or row only the
    newest value is written. ``message_bytes`` is the length of the journal messages.
    """

    __slots__ = ("journal", "message_bytes", "on_written", "rows")

    def __init__(self) -> None:
        self.journal = JournalEntry()
        self.message_bytes = 0
        self.on_written: list[Callable[[], None]] = []
        self.rows: dict[Statement, dict[Row, Row]] = {}

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.rows or self.journal)

    @property
    def is_awaited(self) -> bool:
        """Whether there is anything to write, or anybody to call."""
        return bool(self.on_written or self)

    @property
    def is_urgent(self) -> bool:
        """Whether there is more to do than to retire messages."""
        journal = self.journal
        return bool(
            journal.messages or journal.cells or self.rows or journal.forgotten or self.on_written
        )

    @property
    def message_count(self) -> int:
        return len(self.journal.messages)

    @property
    def change_count(self) -> int:
        """How many chargers' journals and rows it writes to."""
        return len(self.journal.chargers()) + sum(len(rows) for rows in self.rows.values())

    def take_in(self, operations: Iterable[Any]) -> None:
        """Apply each ``Operation``, in order."""
        journal, cells, retired = self.journal, self.journal.cells, self.journal.retired
        for operation in operations:
            kind = operation.__class__
            if kind is list:
                for statement, key, values in operation:
                    self.rows.setdefault(statement, {})[key] = values
            elif kind is not tuple:
                self.on_written.append(operation)
            elif len(operation) == 5:
                charger_id, sequence, message, name, body = operation
                journal.messages.append((charger_id, sequence, message))
                self.message_bytes += len(message)
                if name in cells:
                    cells[name][charger_id] = body
                else:
                    cells[name] = {charger_id: body}
            elif len(operation) == 2:
                charger_id, sequence = operation
                if sequence > retired.get(charger_id, 0):
                    retired[charger_id] = sequence
            elif len(operation) == 1:
                journal.forget(operation[0])
            else:
                charger_id, name, body = operation
                if type(name) is int:
                    journal.messages.append(operation)
                    self.message_bytes += len(body)
                elif name in cells:
                    cells[name][charger_id] = body
                else:
                    cells[name] = {charger_id: body}

    def row_statements(self) -> list[tuple[Statement, list[Row]]]:
        """What to run for the rows, in order."""
        found = [(statement, list(rows.values())) for statement, rows in self.rows.items()]
        return sorted(found, key=lambda item: item[0].rank)
