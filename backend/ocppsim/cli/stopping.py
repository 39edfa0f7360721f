"""Ctrl-C and SIGTERM: an event for commands that run until they are stopped, else an exception."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from threading import Thread
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


def stop_at_end_of_stdin(stopped: asyncio.Event) -> None:
    """Set the event, too, when stdin has come to its end: the process that wrote to it is gone."""
    loop = asyncio.get_running_loop()

    def read() -> None:
        with suppress(OSError):  # there is no stdin
            while os.read(0, 4096):
                pass
        with suppress(RuntimeError):  # the loop has ended before
            loop.call_soon_threadsafe(stopped.set)

    Thread(target=read, daemon=True).start()


@contextmanager
def termination_interrupts() -> Generator[None]:
    """SIGTERM, and SIGHUP of a terminal that is closed, end what runs inside as Ctrl-C does."""
    names = ("SIGTERM", "SIGHUP")  # Windows has no SIGHUP
    numbers = [number for name in names if (number := getattr(signal, name, None)) is not None]
    before = {
        number: signal.signal(number, signal.default_int_handler)
        for number in numbers
        if signal.getsignal(number) == signal.SIG_DFL  # nohup wants it ignored
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
