"""One thread that writes what nobody waits for, many writes to a commit."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import NamedTuple, TypeVar

from .database import Database
from .journal_entry import JournalEntry, UnfitWrite
from .journal_log import LOG, JournalLog
from .write_batch import Operation, Row, RowWrite, Statement, WriteBatch
from .writing_connection import (
    OwnerGone,
    Refusal,
    WriteFailed,
    WriteRefused,
    WritingConnection,
    connect,
)

logger = logging.getLogger(__name__)

T = TypeVar("T")

Connect = Callable[[Database], WritingConnection]
OnCommitted = Callable[[list[tuple[int, int]]], None]

COMMIT_INTERVAL_S = 0.005
"""The shortest time between two commits; what comes first after a pause does not wait."""

BUSY_INTERVAL_S = 0.02
"""The same after a commit of so many messages that letting more gather is worth the delay."""

_BUSY_MESSAGES = 8

RETIREMENTS_WAIT_S = 0.02
"""How long retirements wait for something to be committed with: a process that dies meanwhile
delivers again what had just been confirmed."""

FLUSH_TIMEOUT_S = 5.0
CLOSE_TIMEOUT_S = 10.0

MEMORY_BOUND_BYTES = 64 * 1024 * 1024

_FIRST_RETRY_S = 0.05
_LONGEST_RETRY_S = 5.0


class Backlog(NamedTuple):
    """Journal messages that are in memory only; ``congested`` when they pass the bound."""

    messages: int
    bytes: int
    congested: bool


class _GaveUp(Exception):
    """The writer was told to stop while the database did not work."""


class BackgroundWriter:
    """Takes writes from any thread without ever blocking it, and commits them in order.

    Writes that come while a commit is under way make up the next one (group commit), and
    retirements wait a moment for something to be committed with. What was
    committed survives the death of the process. What is for the journal is committed to its log,
    and taken into its tables later, and at the end (``journal_log``).

    A commit that fails (disk full, locked, server gone) is repeated, with growing pauses of at
    most 5 s, until it succeeds; that it fails, and that it works again, is logged once each.
    A row that the database will never take (its charger was deleted meanwhile) is left out and
    logged once a charger; it does not hold up the others.

    Handing in takes no lock: each write is appended to a list, which is one step of the
    interpreter, and this thread takes away what is at its front. So the order of the calls is the
    order of the writes, and what one commit has is a point in that order.

    Bound and overflow rule: cells and rows replace each other, so that only messages can pile
    up. Nothing is ever dropped, since a transaction message must not be (OFF-06). When the
    messages that wait pass ``memory_bound_bytes``, the writer is *congested*: it keeps taking
    them, logs that once, and says so in ``backlog``, so that whoever starts new work can hold
    back. Chargers slow down by themselves, because they send only what is persisted.
    """

    def __init__(
        self,
        database: Database,
        *,
        memory_bound_bytes: int = MEMORY_BOUND_BYTES,
        connect: Connect = connect,
        log: JournalLog | None = None,
    ) -> None:
        self.database = database
        self._memory_bound_bytes = memory_bound_bytes
        self._connect = connect
        self._log = log if log is not None else JournalLog()
        self._connection: WritingConnection | None = None
        self._on_committed: OnCommitted | None = None
        self._handed_in: list[Operation] = []
        self._gathered = WriteBatch()
        self._writing = WriteBatch()
        self._congestion_noted = False
        self._closed = False
        self.has_written_all = False
        """After ``close``: whether nothing is lost."""
        # Looks for what was handed in without being told
        self._is_alert = False
        self._minds_retirements = False
        self._late_write_noted = False
        self._wake = threading.Event()
        self._give_up = threading.Event()
        self._refused: set[tuple[Statement, int]] = set()
        self._thread: threading.Thread | None = None

    def start(self, on_committed: OnCommitted | None = None) -> None:
        """Begin to write; ``on_committed`` is called on the writer's thread after each commit."""
        if self._thread is not None:
            raise RuntimeError("the background writer runs already")
        self._on_committed = on_committed
        self._thread = threading.Thread(target=self._run, name="ocppsim-writer", daemon=True)
        self._thread.start()

    def append(self, charger_id: int, sequence: int, body: bytes) -> None:
        """Store a message of the journal; numbers of one charger rise.

        Of this and all that follows: what comes after ``close`` is lost, and logged once.
        """
        self._handed_in.append((charger_id, sequence, body))
        if not self._is_alert:
            self._rouse()

    def retire(self, charger_id: int, up_to_sequence: int) -> None:
        """Delete all messages of the journal up to and including this number."""
        self._handed_in.append((charger_id, up_to_sequence))
        if not self._minds_retirements:
            self._rouse()

    def put_cell(self, charger_id: int, key: str, body: bytes | None) -> None:
        """Store a named piece of state in the journal, or remove it with None."""
        self._handed_in.append((charger_id, key, body))
        if not self._is_alert:
            self._rouse()

    def put_sample(
        self, charger_id: int, sequence: int, message: bytes, key: str, register: bytes
    ) -> None:
        """Store a named piece of state and a message of the journal: what each sample has."""
        self._handed_in.append((charger_id, sequence, message, key, register))
        if not self._is_alert:
            self._rouse()

    def forget(self, charger_id: int) -> None:
        """Delete all messages and cells of the journal; numbers still do not repeat."""
        self._handed_in.append((charger_id,))
        if not self._is_alert:
            self._rouse()

    def put_rows(self, rows: list[RowWrite]) -> None:
        """Each is the statement, the key that says which row it writes, and its values."""
        self._handed_in.append(rows)
        if not self._is_alert:
            self._rouse()

    def when_committed(self, callback: Callable[[], None]) -> None:
        """Call back when all that was handed in so far is committed, on the writer's thread.

        After ``close`` nothing is waiting any more: the call comes at once.
        """
        if self._closed:
            callback()
            return
        self._handed_in.append(callback)
        if not self._is_alert:
            self._rouse()

    def flush(self, timeout_s: float = FLUSH_TIMEOUT_S) -> bool:
        """Wait until all that was handed in so far is committed; False if that took too long."""
        if self._thread is None or self._closed:
            raise RuntimeError("the background writer does not run")
        committed = threading.Event()
        self.when_committed(committed.set)
        return committed.wait(timeout_s)

    @property
    def backlog(self) -> Backlog:
        """What is not committed yet; to be asked now and then, as it is counted anew."""
        waiting = WriteBatch()
        waiting.take_in(self._handed_in.copy())
        batches = (waiting, self._gathered, self._writing)
        waiting_bytes = sum(batch.message_bytes for batch in batches)
        return Backlog(
            sum(batch.message_count for batch in batches),
            waiting_bytes,
            waiting_bytes > self._memory_bound_bytes,
        )

    def close(self, timeout_s: float = CLOSE_TIMEOUT_S) -> None:
        """Commit what is left and stop; what cannot be written in time is counted in the log."""
        if self._closed:
            return
        self._closed = True
        self._is_alert = self._minds_retirements = False
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout_s)
            self._give_up.set()
            self._thread.join()
        self._gather()
        left = (self._writing, self._gathered)
        self.has_written_all = not any(left)
        if not self.has_written_all:
            logger.error(
                "gave up writing to the database; lost: %d journal message(s), "
                "and changes of %d chargers or rows",
                sum(batch.message_count for batch in left),
                sum(batch.change_count for batch in left),
            )

    def _rouse(self) -> None:
        """See to it that what has been handed in is committed, or say that it will not be."""
        if not self._closed:
            self._is_alert = self._minds_retirements = True
            self._wake.set()
        elif not self._late_write_noted:
            self._late_write_noted = True
            logger.error("writes come after the background writer was closed; they are lost")

    def _run(self) -> None:
        try:
            while (batch := self._next_batch()) is not None:
                self._write(batch)
                if self._log.due_in_s(time.monotonic()) == 0.0:
                    self._take_step()
                if not self._closed:  # an event to wait for would cost as much as a commit
                    is_busy = batch.message_count >= _BUSY_MESSAGES
                    time.sleep(BUSY_INTERVAL_S if is_busy else COMMIT_INTERVAL_S)
            while self._log.is_ahead and not self._give_up.is_set():
                self._take_step()
        except _GaveUp:
            pass
        if self._connection is not None:
            self._connection.close()

    def _next_batch(self) -> WriteBatch | None:
        """What to write now, which may be nothing; None at the end."""
        if not (self._handed_in or self._gathered.is_awaited or self._closed):
            self._wake.clear()
            self._is_alert = self._minds_retirements = False
            # Whoever handed something in before this saw an alert writer, and did not rouse it.
            if not (self._handed_in or self._closed):
                self._wake.wait(self._log.due_in_s(time.monotonic()))
        was_closed = self._closed
        self._is_alert = self._minds_retirements = not was_closed
        self._gather()
        if not (was_closed or self._gathered.is_urgent):
            self._let_retirements_wait()
        if was_closed and not self._gathered.is_awaited:
            return None
        self._writing, self._gathered = self._gathered, WriteBatch()
        return self._writing

    def _let_retirements_wait(self) -> None:
        """Give something else the time to come along: a commit of both costs hardly more."""
        self._wake.clear()
        self._is_alert = False
        # Whoever handed in something else before this saw an alert writer, and did not rouse it.
        self._gather()
        if self._gathered and not (self._gathered.is_urgent or self._closed):
            self._wake.wait(RETIREMENTS_WAIT_S)
        self._is_alert = not self._closed
        self._gather()

    def _gather(self) -> None:
        """Take over what has been handed in so far, each thing once."""
        count = len(self._handed_in)
        operations = self._handed_in[:count]
        del self._handed_in[:count]
        self._gathered.take_in(operations)
        waiting_bytes = self._writing.message_bytes + self._gathered.message_bytes
        if waiting_bytes <= self._memory_bound_bytes:
            if self._congestion_noted:
                logger.warning("the messages that wait for the database fit their bound again")
            self._congestion_noted = False
        elif not self._congestion_noted:
            self._congestion_noted = True
            logger.error(
                "more than %d MiB of journal messages wait for the database; "
                "nothing is dropped, memory grows",
                self._memory_bound_bytes // (1024 * 1024),
            )

    def _write(self, batch: WriteBatch) -> None:
        """Commit the batch, however long it takes, and tell. Raises ``_GaveUp``."""
        if not self._log.is_known:
            self._insist(lambda connection: self._log.find_leftovers(connection, time.monotonic()))
        appended: list[tuple[int, int]] = []
        if batch:
            log_rows = self._log.rows(self._encoded(batch.journal))
            statements = batch.row_statements()
            if log_rows:
                statements.insert(0, (LOG, log_rows))
            refusals = self._insist(lambda connection: _commit(connection, statements))
            self._report(refusals)
            if log_rows and not any(refusal.statement is LOG for refusal in refusals):
                self._log.note(batch.journal, log_rows, time.monotonic())
                appended = batch.journal.highest_appended()
        self._writing = WriteBatch()
        self._tell(batch, appended)

    def _take_step(self) -> None:
        """Let the journal's tables take in a part of its log. Raises ``_GaveUp``."""

        def take(connection: WritingConnection) -> list[Refusal]:
            step = self._log.next_step(connection, time.monotonic())
            refusals = _commit(connection, step) if step else []
            self._log.step_taken()
            return refusals

        self._report(self._insist(take))

    def _encoded(self, journal: JournalEntry) -> list[bytes]:
        """The rows for the log; leaves out of the entry what cannot be stored."""
        if not journal:
            return []
        try:
            return journal.encode()
        except UnfitWrite:
            for charger_id, error in journal.drop_unfit():
                self._note_refusal(LOG, charger_id, error)
        return journal.encode() if journal else []

    def _insist(self, work: Callable[[WritingConnection], T]) -> T:
        """Try until it succeeds. Raises ``_GaveUp``."""
        failures = 0
        failing_since_s = time.monotonic()
        while True:
            try:
                if self._connection is None:
                    self._connection = self._connect(self.database)
                result = work(self._connection)
            except WriteFailed as error:
                failures += 1
                self._await_retry(failures, error)
                if self._give_up.is_set():
                    raise _GaveUp from error
            else:
                if failures > 1:
                    logger.warning(
                        "writing to the database again after %.1f s, %d attempts",
                        time.monotonic() - failing_since_s,
                        failures + 1,
                    )
                return result

    def _await_retry(self, failures: int, error: WriteFailed) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if failures == 1:  # perhaps the server closed the connection while it was idle
            return
        if failures == 2:
            logger.error(
                "cannot write to the database (%s); keeping everything and trying again", error
            )
        self._gather()  # so that what replaces itself does not pile up
        self._give_up.wait(min(_FIRST_RETRY_S * 2.0 ** min(failures, 20), _LONGEST_RETRY_S))

    def _report(self, refusals: list[Refusal]) -> None:
        for statement, row, error in refusals:
            if statement is LOG:
                logger.error("the database refused %d bytes of journal (%s)", len(row[1]), error)
            else:
                self._note_refusal(statement, int(row[statement.charger_at]), error)

    def _note_refusal(self, statement: Statement, charger_id: int, error: Exception) -> None:
        if (statement, charger_id) in self._refused:
            return
        self._refused.add((statement, charger_id))
        if isinstance(error, OwnerGone):  # usual while a charger is being deleted
            logger.debug("left out a write for charger number %d, which is gone", charger_id)
        else:
            logger.error(
                "the database refused a write for charger number %d, which is left out (%s): "
                "%s ...",
                charger_id,
                error,
                " ".join(statement.sql.split()[:3]),
            )

    def _tell(self, batch: WriteBatch, appended: list[tuple[int, int]]) -> None:
        callbacks = list(batch.on_written)
        if appended and self._on_committed is not None:
            callbacks.insert(0, partial(self._on_committed, appended))
        for callback in callbacks:
            try:
                callback()
            except Exception:
                logger.exception("a callback after a commit failed")


def _commit(
    connection: WritingConnection, statements: list[tuple[Statement, list[Row]]]
) -> list[Refusal]:
    """Commit all but what the database will never take. Raises ``WriteFailed``."""
    try:
        connection.write(statements)
    except WriteRefused:
        return connection.write_one_by_one(statements)
    return []
