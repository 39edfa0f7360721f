"""The log of the journal, and how it comes into the journal's tables.

A group commit costs one row of ``journal_log``, whatever it holds. Once in a while, when most of
what the log holds has replaced itself, the rest is folded into the tables, and the log is cut.
Whoever reads the journal meanwhile adds the log to what the tables have (``read_log``).
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from .journal_entry import DamagedEntry, JournalEntry, decode
from .schema import JournalLogRow
from .write_batch import Row, Statement
from .writing_connection import WritingConnection

_logger = logging.getLogger(__name__)

FOLD_BYTES = 64 * 1024 * 1024
FOLD_INTERVAL_S = 60.0
"""The log is folded into the tables when it is so long, or so old."""

STEP_ROWS = 1_024
"""So many rows of a table are written in one commit, so that no other waits for long."""

_RETIRED_IN_MEMORY = 1_024
"""So many messages that may be dealt with are looked through at the earliest."""

LOG = Statement(
    "INSERT INTO journal_log (id, body) VALUES (?, ?) "
    "ON CONFLICT (id) DO UPDATE SET body = excluded.body",
)
_SIZE_OF_LOG = "SELECT count(*), max(id) FROM journal_log"
_READ_LOG = "SELECT id, body FROM journal_log ORDER BY id"
_CUT_LOG = Statement("DELETE FROM journal_log WHERE id <= ?")

_RAISE_WATERMARK = (
    "ON CONFLICT (charger_id) DO UPDATE SET retired_up_to = excluded.retired_up_to "
    "WHERE excluded.retired_up_to > journal_watermark.retired_up_to"
)
# The charger may have been deleted since the log was written.
_TWO = "FROM (VALUES (?, ?)) AS given WHERE given.column1 IN (SELECT id FROM chargers)"
_THREE = "FROM (VALUES (?, ?, ?)) AS given WHERE given.column1 IN (SELECT id FROM chargers)"

_KEEP_HIGHEST = Statement(
    "INSERT INTO journal_watermark (charger_id, retired_up_to) "
    "SELECT charger_id, max(sequence) FROM journal_message WHERE charger_id IN (VALUES (?)) "
    f"GROUP BY charger_id {_RAISE_WATERMARK}",
    row="(?)",
)
_FORGET_MESSAGES = Statement(
    "DELETE FROM journal_message WHERE charger_id IN (VALUES (?))", row="(?)"
)
_FORGET_CELLS = Statement("DELETE FROM journal_cell WHERE charger_id IN (VALUES (?))", row="(?)")
_RETIRE = Statement(
    "DELETE FROM journal_message WHERE (charger_id, sequence) IN ("
    "SELECT stored.charger_id, stored.sequence FROM (VALUES (?, ?)) AS given "
    "CROSS JOIN journal_message AS stored "  # in this order, for SQLite: one search a charger
    "WHERE stored.charger_id = given.column1 AND stored.sequence <= given.column2)",
    row="(?, ?)",
)
_SET_WATERMARK = Statement(
    "INSERT INTO journal_watermark (charger_id, retired_up_to) "
    f"SELECT given.column1, given.column2 {_TWO} {_RAISE_WATERMARK}",
    row="(?, ?)",
)
_STORE_MESSAGE = Statement(
    "INSERT INTO journal_message (charger_id, sequence, body) "
    f"SELECT given.column1, given.column2, given.column3 {_THREE} "
    "ON CONFLICT (charger_id, sequence) DO UPDATE SET body = excluded.body",
    row="(?, ?, ?)",
)
_STORE_CELL = Statement(
    "INSERT INTO journal_cell (charger_id, key, body) "
    f"SELECT given.column1, given.column2, given.column3 {_THREE} "
    "ON CONFLICT (charger_id, key) DO UPDATE SET body = excluded.body",
    row="(?, ?, ?)",
)
_REMOVE_CELL = Statement(
    "DELETE FROM journal_cell WHERE (charger_id, key) IN (VALUES (?, ?))", row="(?, ?)"
)


def statements(entry: JournalEntry) -> list[tuple[Statement, list[Row]]]:
    """How the tables take in an entry: what to run, in order, by rising charger."""
    entry.drop_retired()
    forgotten: list[Row] = [(charger_id,) for charger_id in sorted(entry.forgotten)]
    used: list[Row] = sorted(entry.used.items())
    retired: list[Row] = sorted(entry.retired.items())
    # A message that was logged twice is stored once, as a statement may store it only once.
    messages: list[Row] = sorted({message[:2]: message for message in entry.messages}.values())
    stored: list[Row] = []
    removed: list[Row] = []
    for key, of_key in sorted(entry.cells.items()):
        for charger_id, body in sorted(of_key.items()):
            if body is None:
                removed.append((charger_id, key))
            else:
                stored.append((charger_id, key, body))
    found = [
        (_KEEP_HIGHEST, forgotten),
        (_FORGET_MESSAGES, forgotten),
        (_FORGET_CELLS, forgotten),
        (_SET_WATERMARK, used),
        (_RETIRE, retired),
        (_SET_WATERMARK, retired),
        (_STORE_MESSAGE, messages),
        (_STORE_CELL, stored),
        (_REMOVE_CELL, removed),
    ]
    return [(statement, rows) for statement, rows in found if rows]


Step = list[tuple[Statement, list[Row]]]


class JournalLog:
    """What the log holds that the tables do not, and when and how they take it in.

    Knows in memory what has been written since the tables were up to date, each thing once. The
    log in the database decides, though: what another process left there or added is read.

    Taking in goes by steps, each a commit, with those of others in between. Only the last one
    cuts the log. Until then it holds all that the steps before have done, and doing that again
    changes nothing (see ``JournalEntry``), so that the outcome is the same wherever it breaks off.

    ``pending`` is what the tables do not have, apart from the steps that are under way.
    """

    def __init__(
        self,
        *,
        fold_bytes: int = FOLD_BYTES,
        fold_interval_s: float = FOLD_INTERVAL_S,
        step_rows: int = STEP_ROWS,
    ) -> None:
        self._fold_bytes = fold_bytes
        self._fold_interval_s = fold_interval_s
        self._step_rows = step_rows
        self._steps: deque[Step] = deque()
        self._last_id = 0
        self.is_known = False
        self._begin_anew()

    def _begin_anew(self) -> None:
        self.pending = JournalEntry()
        self._rows = 0
        self._bytes = 0
        self._due_s: float | None = None
        self._next_look = _RETIRED_IN_MEMORY

    def find_leftovers(self, connection: WritingConnection, now_s: float) -> None:
        """Read what a process before this one left in the log; before anything else.

        Raises ``WriteFailed``. ``is_known`` tells that it is done.
        """
        self._read(connection, now_s)
        self.is_known = True

    def rows(self, bodies: Iterable[bytes]) -> list[Row]:
        """What ``LOG`` takes to write these.

        The ids rise, and none is used twice (they are Unix microseconds), so that a commit whose
        outcome is unknown can be repeated, and the rows of another process are known as such.
        """
        rows: list[Row] = []
        for body in bodies:
            self._last_id = max(self._last_id + 1, time.time_ns() // 1000)
            rows.append((self._last_id, body))
        return rows

    def note(self, entry: JournalEntry, rows: Iterable[Row], now_s: float) -> None:
        """Take note of an entry that has been committed by these rows."""
        for row in rows:
            self._rows += 1
            self._bytes += len(row[1])
        self.pending.add(entry)
        if len(self.pending.messages) >= self._next_look:
            self.pending.drop_retired()
            remaining = len(self.pending.messages)
            self._next_look = remaining + remaining // 2 + _RETIRED_IN_MEMORY
        if self._due_s is None:
            self._due_s = now_s + self._fold_interval_s

    def due_in_s(self, now_s: float) -> float | None:
        """When the next step wants to be taken; None: not before more is written."""
        if self._steps or self._bytes >= self._fold_bytes:
            return 0.0
        return None if self._due_s is None else max(self._due_s - now_s, 0.0)

    @property
    def is_ahead(self) -> bool:
        """Whether the log holds something that the tables do not."""
        return bool(self._steps or self._rows)

    def next_step(self, connection: WritingConnection, now_s: float) -> Step | None:
        """What to commit next so that the tables take in the log; None: they have it all.

        The same again until ``step_taken``. Raises ``WriteFailed``.
        """
        if not self._steps and self._rows:
            ((count, last_id),) = connection.read(_SIZE_OF_LOG)
            if (count, last_id) != (self._rows, self._last_id):  # of another process
                self._read(connection, now_s)
            self._steps.extend(_steps(self.pending, self._step_rows))
            self._steps.append([(_CUT_LOG, [(self._last_id,)])])
            self._begin_anew()
        return self._steps[0] if self._steps else None

    def step_taken(self) -> None:
        """The step has been committed."""
        if self._steps:
            self._steps.popleft()

    def _read(self, connection: WritingConnection, now_s: float) -> None:
        self._begin_anew()
        for row in connection.read(_READ_LOG):
            self.note(_decoded(row[1]), [row], now_s)
            self._last_id = row[0]


def _steps(entry: JournalEntry, step_rows: int) -> list[Step]:
    steps: list[Step] = []
    room = 0
    for statement, rows in statements(entry):
        start = 0
        while start < len(rows):
            if not room:
                steps.append([])
                room = step_rows
            taken = rows[start : start + room]
            steps[-1].append((statement, taken))
            room -= len(taken)
            start += len(taken)
    return steps


def read_log(session: Session) -> JournalEntry:
    """What the log holds, for those who read the tables."""
    entry = JournalEntry()
    for body in session.scalars(select(JournalLogRow.body).order_by(JournalLogRow.id)):
        entry.add(_decoded(body))
    entry.drop_retired()
    return entry


def _decoded(body: bytes) -> JournalEntry:
    """A row of the log; one that is damaged is logged, and nothing."""
    try:
        return decode(body)
    except DamagedEntry:
        _logger.exception("a row of the journal's log cannot be read and is left out")
        return JournalEntry()
