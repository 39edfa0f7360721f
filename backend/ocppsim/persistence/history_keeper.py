"""Keeps the history of transactions within its bounds while the program runs."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from functools import partial

from sqlalchemy.orm import Session

from .database import Database
from .errors import PersistenceError
from .retention import BATCH, Doomed, find_left_over, find_too_many, forget_transactions

_logger = logging.getLogger(__name__)

_PAUSE_S = 600.0
_BREATH_S = 0.1
"""Between two batches: SQLite lets a writer that waits try again after up to 100 ms only."""
_DAY_S = 86_400.0


class HistoryKeeper:
    """Forgets settled transactions that are too many or too old; 0 is no bound.

    A database that is out of order is logged and tried again with the next round.
    """

    def __init__(
        self,
        database: Database,
        *,
        keep: int,
        keep_days: float,
        wall_s: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._keep = keep
        self._keep_days = keep_days
        self._wall_s = wall_s

    @asynccontextmanager
    async def at_work(self) -> AsyncGenerator[None]:
        """Tidy up now and every ten minutes, until left."""
        if not self._keep and not self._keep_days:
            yield
            return
        async with asyncio.TaskGroup() as tasks:
            rounds = tasks.create_task(self._go_on())
            try:
                yield
            finally:
                rounds.cancel()

    async def tidy(self) -> int:
        """One round; returns how many transactions went."""
        before_s = self._wall_s() - self._keep_days * _DAY_S if self._keep_days else None

        def find(session: Session) -> list[Doomed]:
            return find_too_many(session, keep=self._keep or None, stopped_before_s=before_s)

        gone = await self._forget_all(find)
        await self._forget_all(find_left_over)
        return gone

    async def _forget_all(self, find: Callable[[Session], list[Doomed]]) -> int:
        """Batch by batch; what is to go is looked for without keeping writers out."""
        gone = 0
        while True:
            doomed = await self._database.read(find)
            if doomed:
                await self._database.run(partial(forget_transactions, doomed=doomed))
            gone += len(doomed)
            if len(doomed) < BATCH:
                return gone
            await asyncio.sleep(_BREATH_S)

    async def _go_on(self) -> None:
        while True:
            try:
                gone = await self.tidy()
            except PersistenceError as error:
                _logger.warning("the history of transactions was not tidied up: %s", error)
            else:
                if gone:
                    _logger.info("%d transactions are older than what is kept", gone)
            await asyncio.sleep(_PAUSE_S)


__all__ = ["HistoryKeeper"]
