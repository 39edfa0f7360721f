"""Keeps the history of transactions within its bounds while the program runs."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from sqlalchemy.orm import Session

from .database import Database
from .errors import PersistenceError
from .retention import BATCH, forget_transactions

_logger = logging.getLogger(__name__)

_PAUSE_S = 600.0
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

        def forget(session: Session) -> int:
            return forget_transactions(session, keep=self._keep or None, stopped_before_s=before_s)

        gone = 0
        while True:
            went = await self._database.run(forget)
            gone += went
            if went < BATCH:
                return gone

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
