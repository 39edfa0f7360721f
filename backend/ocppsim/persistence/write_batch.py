"""What one group commit writes: the newest state of everything, each thing once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from .journal_entry import JournalEntry

Row = tuple[Any, ...]


class Statement(NamedTuple):
    """SQL with ``?`` for values; running it twice with the same values changes nothing more.

    Within a commit, statements run by rising ``rank``. ``charger_at`` says which of the values
    is the number of the charger. Where ``row`` is given, the SQL has ``VALUES`` and that just
    once, and may have it any number of times, separated by commas.
    """

    sql: str
    rank: int
    charger_at: int = 0
    row: str = ""


FIRST_FREE_RANK = 8
"""The statements of others come after the journal's."""


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
    def message_count(self) -> int:
        return len(self.journal.messages)

    @property
    def change_count(self) -> int:
        """How many chargers' journals and rows it writes to."""
        return len(self.journal.chargers()) + sum(len(rows) for rows in self.rows.values())

    def put_rows(self, rows: Sequence[tuple[Statement, Row, Row]]) -> None:
        """Each is the statement, the key that says which row it writes, and its values."""
        for statement, key, values in rows:
            self.rows.setdefault(statement, {})[key] = values

    def row_statements(self) -> list[tuple[Statement, list[Row]]]:
        """What to run for the rows, in order."""
        found = [(statement, list(rows.values())) for statement, rows in self.rows.items()]
        return sorted(found, key=lambda item: item[0].rank)
