"""One thread that writes what nobody waits for, many writes to a commit."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Concatenate, NamedTuple, ParamSpec

from .database import Database
from .write_batch import APPEND, Statement, WriteBatch
from .writing_connection import (
    OwnerGone,
    Refusal,
    WriteFailed,
    WriteRefused,
    WritingConnection,
    connect,
)

logger = logging.getLogger(__name__)

P = ParamSpec("P")

Connect = Callable[[Database], WritingConnection]
OnCommitted = Callable[[list[tuple[int, int]]], None]

COMMIT_INTERVAL_S = 0.005
"""The shortest time between two commits: under load, writes gather meanwhile."""

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


class BackgroundWriter:
    """Takes writes from any thread without ever blocking it, and commits them in order.

    Writes that come while a commit is under way make up the next one (group commit). What was
    committed survives the death of the process.

    A commit that fails (disk full, locked, server gone) is repeated, with growing pauses of at
    most 5 s, until it succeeds; that it fails, and that it works again, is logged once each.
    A row that the database will never take (its charger was deleted meanwhile) is left out and
    logged once a charger; it does not hold up the others.

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
        commit_interval_s: float = COMMIT_INTERVAL_S,
        memory_bound_bytes: int = MEMORY_BOUND_BYTES,
        connect: Connect = connect,
    ) -> None:
        self.database = database
        self._commit_interval_s = commit_interval_s
        self._memory_bound_bytes = memory_bound_bytes
        self._connect = connect
        self._connection: WritingConnection | None = None
        self._on_committed: OnCommitted | None = None
        self._lock = threading.Lock()
        self._pending = WriteBatch()
        self._writing = WriteBatch()
        self._congested = False
        self._closed = False
        self._late_write_noted = False
        self._wake = threading.Event()
        self._closing = threading.Event()
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

    def submit(
        self,
        write: Callable[Concatenate[WriteBatch, P], None],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Apply a method of ``WriteBatch`` to the batch that is committed next.

        What comes after ``close`` is lost, and logged once.
        """
        with self._lock:
            if self._closed:
                self._note_late_write()
                return
            write(self._pending, *args, **kwargs)
            if not self._wake.is_set():
                self._wake.set()
            if self._pending.message_bytes > self._memory_bound_bytes and not self._congested:
                self._become_congested()

    def when_committed(self, callback: Callable[[], None]) -> None:
        """Call back when all that was submitted so far is committed, on the writer's thread.

        After ``close`` nothing is waiting any more: the call comes at once.
        """
        with self._lock:
            closed = self._closed
            if not closed:
                self._pending.on_written.append(callback)
                self._wake.set()
        if closed:
            callback()

    def flush(self, timeout_s: float = FLUSH_TIMEOUT_S) -> bool:
        """Wait until all that was submitted so far is committed; False if that took too long."""
        if self._thread is None or self._closed:
            raise RuntimeError("the background writer does not run")
        committed = threading.Event()
        self.when_committed(committed.set)
        return committed.wait(timeout_s)

    @property
    def backlog(self) -> Backlog:
        """What is not committed yet."""
        with self._lock:
            return Backlog(
                self._pending.message_count + self._writing.message_count,
                self._pending.message_bytes + self._writing.message_bytes,
                self._congested,
            )

    def close(self, timeout_s: float = CLOSE_TIMEOUT_S) -> None:
        """Commit what is left and stop; what cannot be written in time is counted in the log."""
        with self._lock:
            self._closed = True
        self._closing.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout_s)
            self._give_up.set()
            self._thread.join()
        if self._pending or self._writing:
            logger.error(
                "gave up writing to the database; lost: %d journal message(s), "
                "and changes of %d chargers or rows",
                self._pending.message_count + self._writing.message_count,
                len(self._pending) + len(self._writing),
            )

    def _run(self) -> None:
        while True:
            self._wake.wait()
            with self._lock:
                batch, self._pending = self._pending, WriteBatch()
                self._writing = batch
                if not self._closed:
                    self._wake.clear()
                elif not batch and not batch.on_written:
                    break
            appended = batch.appended()
            if batch and not self._write(batch, appended):
                break
            with self._lock:
                self._writing = WriteBatch()
                if self._congested and self._pending.message_bytes <= self._memory_bound_bytes:
                    self._congested = False
                    logger.warning("the messages that wait for the database fit their bound again")
            self._tell(batch, appended)
            self._closing.wait(self._commit_interval_s)
        if self._connection is not None:
            self._connection.close()

    def _write(self, batch: WriteBatch, appended: list[tuple[int, int]]) -> bool:
        """Commit the batch, however long it takes; False when told to give up.

        Takes out of ``appended`` whose messages were refused.
        """
        statements = batch.statements()
        one_by_one = False
        failures = 0
        failing_since_s = time.monotonic()
        while True:
            try:
                if self._connection is None:
                    self._connection = self._connect(self.database)
                if one_by_one:
                    self._report(self._connection.write_one_by_one(statements), appended)
                else:
                    self._connection.write(statements)
            except WriteRefused:
                one_by_one = True
            except WriteFailed as error:
                failures += 1
                self._await_retry(failures, error)
                if self._give_up.is_set():
                    return False
            else:
                if failures > 1:
                    logger.warning(
                        "writing to the database again after %.1f s, %d attempts",
                        time.monotonic() - failing_since_s,
                        failures + 1,
                    )
                return True

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
        self._give_up.wait(min(_FIRST_RETRY_S * 2.0 ** min(failures, 20), _LONGEST_RETRY_S))

    def _report(self, refusals: list[Refusal], appended: list[tuple[int, int]]) -> None:
        not_stored = {refusal.row[0] for refusal in refusals if refusal.statement is APPEND}
        appended[:] = [entry for entry in appended if entry[0] not in not_stored]
        for statement, row, error in refusals:
            charger_id = int(row[statement.charger_at])
            if (statement, charger_id) in self._refused:
                continue
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

    def _note_late_write(self) -> None:
        if not self._late_write_noted:
            self._late_write_noted = True
            logger.error("writes come after the background writer was closed; they are lost")

    def _become_congested(self) -> None:
        self._congested = True
        logger.error(
            "more than %d MiB of journal messages wait for the database; "
            "nothing is dropped, memory grows",
            self._memory_bound_bytes // (1024 * 1024),
        )
