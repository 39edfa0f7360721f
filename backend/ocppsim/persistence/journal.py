"""The journal: what a charge point must find again after it was killed at any instant."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from .background_writer import (
    CLOSE_TIMEOUT_S,
    FLUSH_TIMEOUT_S,
    BackgroundWriter,
    Backlog,
    OnCommitted,
)
from .database import Database
from .database_url import sqlite_path
from .journal_reading import JournalContent, read_journal
from .sample_recovery import recover_samples
from .sample_slots import SUFFIX, SamplesInUse, SampleSlots

_logger = logging.getLogger(__name__)


class Journal:
    """Stores the messages and cells of chargers that are in the database.

    The writing methods can be called from any thread, never block and never raise for what the
    database does; of one charger they take effect in the order of the calls. What they promise
    when the database does not keep up stands with ``BackgroundWriter``. ``retire`` works as a
    watermark: it deals with all messages up to a number, and the number outlives them, so that
    none is ever used twice.

    ``samples`` keeps those of chargers that do nothing else, from the start on; None where that
    promises less than a commit does, or cannot be.
    """

    def __init__(self, database: Database, *, writer: BackgroundWriter | None = None) -> None:
        self.writer = writer if writer is not None else BackgroundWriter(database)
        self.samples: SampleSlots | None = None
        self._database = database
        # These are called for every message: straight, without a call in between.
        self.append = self.writer.append
        self.retire = self.writer.retire
        self.put_cell = self.writer.put_cell
        self.put_sample = self.writer.put_sample
        self.forget = self.writer.forget

    def recover(self) -> None:
        """Take in what a process has left that was killed; before anything is read. Blocks.

        Raises ``DatabaseUnavailable``.
        """
        if self._database.is_sqlite:
            recover_samples(self._database, self._samples_path)

    def start(self, on_committed: OnCommitted) -> None:
        """Begin to write.

        ``on_committed`` is called on the writer's thread after each commit that had messages,
        with (charger_id, highest appended sequence): that one and all before it survive now.
        """
        self.writer.start(on_committed)
        if self._database.is_sqlite and self._database.synchronous == "normal":
            try:
                self.samples = SampleSlots(self._samples_path)
            except (OSError, SamplesInUse) as error:
                _logger.info("samples go through the database one by one: %s", error)

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
        if self.samples is not None:
            self.samples.close(remove=self.writer.has_written_all)
            self.samples = None

    @property
    def _samples_path(self) -> Path:
        path = sqlite_path(self._database.url).resolve()  # as SQLite names its own files
        return path.with_name(path.name + SUFFIX)
