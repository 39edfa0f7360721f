"""Ctrl-C and SIGTERM as an event, for commands that run until they are stopped."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from types import FrameType

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@asynccontextmanager
async def stop_signals() -> AsyncGenerator[asyncio.Event]:
    """An event that the first signal to stop sets; a second Ctrl-C breaks off."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()

    def on_signal(number: int, _frame: FrameType | None) -> None:
        if stopped.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        loop.call_soon_threadsafe(stopped.set)

    # signal.signal works on Windows too, the loop's own handlers do not.
    before = {number: signal.signal(number, on_signal) for number in STOP_SIGNALS}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
