"""The journal: what a charge point must find again after it was killed at any instant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocppsim.chargepoint.durable_state import StoredMessage

from .background_writer import (
    CLOSE_TIMEOUT_S,
    FLUSH_TIMEOUT_S,
    BackgroundWriter,
    Backlog,
    OnCommitted,
)
from .database import Database
from .id_selection import only_of
from .journal_entry import JournalEntry
from .journal_log import read_log
from .schema import ChargerRow, JournalCellRow, JournalMessageRow, JournalWatermarkRow


class JournalContent(NamedTuple):
    """What the journal holds of one charger.

    ``messages`` by rising sequence; ``next_sequence`` is above every number ever used.
    """

    messages: list[StoredMessage]
    cells: dict[str, bytes]
    next_sequence: int


class Journal:
    """Stores the messages and cells of chargers that are in the database.

    The writing methods can be called from any thread, never block and never raise for what the
    database does; of one charger they take effect in the order of the calls. What they promise
    when the database does not keep up stands with ``BackgroundWriter``. ``retire`` works as a
    watermark: it deals with all messages up to a number, and the number outlives them, so that
    none is ever used twice.
    """

    def __init__(self, database: Database, *, writer: BackgroundWriter | None = None) -> None:
        self.writer = writer if writer is not None else BackgroundWriter(database)
        self._database = database
        # These are called for every message: straight, without a call in between.
        self.append = self.writer.append
        self.retire = self.writer.retire
        self.put_cell = self.writer.put_cell
        self.put_sample = self.writer.put_sample
        self.forget = self.writer.forget

    def start(self, on_committed: OnCommitted) -> None:
        """Begin to write.

        ``on_committed`` is called on the writer's thread after each commit that had messages,
        with (charger_id, highest appended sequence): that one and all before it survive now.
        """
        self.writer.start(on_committed)

    @property
    def backlog(self) -> Backlog:
        """What is in memory only."""
        return self.writer.backlog

    def load(self, charger_ids: Sequence[int]) -> dict[int, JournalContent]:
        """What is committed, for each of the chargers. Blocks for a few queries.

        Raises ``DatabaseUnavailable``.
        """
        with self._database.snapshot() as session:
            return read_journal(session, charger_ids)

    def flush(self, timeout_s: float = FLUSH_TIMEOUT_S) -> bool:
        """Wait until all that was called so far is committed; False if that took too long."""
        return self.writer.flush(timeout_s)

    def when_committed(self, callback: Callable[[], None]) -> None:
        """Call back on the writer's thread when all that was called so far is committed."""
        self.writer.when_committed(callback)

    def close(self, timeout_s: float = CLOSE_TIMEOUT_S) -> None:
        """Commit what is left and stop."""
        self.writer.close(timeout_s)


def read_journal(session: Session, charger_ids: Sequence[int]) -> dict[int, JournalContent]:
    """The journals of the given chargers, in five queries at most."""
    messages: defaultdict[int, dict[int, bytes]] = defaultdict(dict)
    cells: defaultdict[int, dict[str, bytes]] = defaultdict(dict)
    highest: defaultdict[int, int] = defaultdict(int)
    for charger_id, sequence, body in only_of(
        session,
        select(JournalMessageRow.charger_id, JournalMessageRow.sequence, JournalMessageRow.body),
        JournalMessageRow.charger_id,
        charger_ids,
    ):
        messages[charger_id][sequence] = body
        highest[charger_id] = max(highest[charger_id], sequence)
    for charger_id, key, body in only_of(
        session,
        select(JournalCellRow.charger_id, JournalCellRow.key, JournalCellRow.body),
        JournalCellRow.charger_id,
        charger_ids,
    ):
        cells[charger_id][key] = body
    for charger_id, retired_up_to in only_of(
        session,
        select(JournalWatermarkRow.charger_id, JournalWatermarkRow.retired_up_to),
        JournalWatermarkRow.charger_id,
        charger_ids,
    ):
        highest[charger_id] = max(highest[charger_id], retired_up_to)
    log = read_log(session)
    if log:
        log.keep_only(set(session.scalars(select(ChargerRow.id))).intersection(charger_ids))
        _take_in(log, messages, cells, highest)
    return {
        charger_id: JournalContent(
            [StoredMessage(*message) for message in sorted(messages[charger_id].items())],
            cells[charger_id],
            highest[charger_id] + 1,
        )
        for charger_id in charger_ids
    }


def _take_in(
    log: JournalEntry,
    messages: defaultdict[int, dict[int, bytes]],
    cells: defaultdict[int, dict[str, bytes]],
    highest: defaultdict[int, int],
) -> None:
    """Bring what the tables had up to date."""
    for charger_id in log.forgotten:
        messages[charger_id].clear()
        cells[charger_id].clear()
    for charger_id, sequence in log.used.items():
        highest[charger_id] = max(highest[charger_id], sequence)
    for charger_id, retired_up_to in log.retired.items():
        highest[charger_id] = max(highest[charger_id], retired_up_to)
        for sequence in [each for each in messages[charger_id] if each <= retired_up_to]:
            del messages[charger_id][sequence]
    for charger_id, sequence, body in log.messages:
        messages[charger_id][sequence] = body
        highest[charger_id] = max(highest[charger_id], sequence)
    for key, of_key in log.cells.items():
        for charger_id, content in of_key.items():
            if content is None:
                cells[charger_id].pop(key, None)
            else:
                cells[charger_id][key] = content
