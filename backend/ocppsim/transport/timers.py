"""The timers that links need; one scheduler of the shell provides them all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class TimerHandle(Protocol):
    """A call that is still to come."""

    def cancel(self) -> None:
        """Forget the call; harmless when it has been made already."""
        ...


class Timers(Protocol):
    """Calls back after a delay, on the thread of the event loop."""

    def now_s(self) -> float:
        """The clock of the delays, in seconds since whenever."""
        ...

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> TimerHandle: ...


__all__ = ["TimerHandle", "Timers"]
