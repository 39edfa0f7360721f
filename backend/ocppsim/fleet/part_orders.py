"""What a part of a run is told, from whichever thread hears it."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from typing import TypeVar

from .part_messages import Joining

T = TypeVar("T")


class PartOrders:
    """Can be told before there is an event loop, and when there is none any more."""

    def __init__(self) -> None:
        self._joining: Future[Joining] = Future()
        self._stopped: Future[None] = Future()

    def join(self, joining: Joining) -> None:
        """The run stands there; begin. Only the first call counts."""
        _settle(self._joining, joining)

    def stop(self) -> None:
        """Ramp down now."""
        _settle(self._stopped, None)

    def leave_alone(self) -> None:
        """Nobody will tell anything more: there is nothing to run for."""
        self.stop()
        self.join(Joining())

    async def joined(self) -> Joining:
        """Wait for the order to begin."""
        return await asyncio.shield(asyncio.wrap_future(self._joining))

    async def stopped(self) -> None:
        """Wait for the order to ramp down."""
        await asyncio.shield(asyncio.wrap_future(self._stopped))


def _settle(future: Future[T], value: T) -> None:
    with suppress(InvalidStateError, RuntimeError):  # told before, or the loop has ended
        future.set_result(value)


__all__ = ["PartOrders"]
