"""How late an event loop is: what it does in one go holds up everything else for so long."""

from __future__ import annotations

import asyncio

_EVERY_S = 0.05


class LoopLag:
    """Looks twenty times a second; for the running event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._largest_s = 0.0
        self._due_s = 0.0
        self._wait()

    def take_largest_s(self) -> float:
        """The largest since the last time."""
        largest_s, self._largest_s = self._largest_s, 0.0
        return largest_s

    def stop(self) -> None:
        """Look no more."""
        self._timer.cancel()

    def _wait(self) -> None:
        self._due_s = self._loop.time() + _EVERY_S
        self._timer = self._loop.call_at(self._due_s, self._look)

    def _look(self) -> None:
        self._largest_s = max(self._largest_s, self._loop.time() - self._due_s)
        self._wait()


__all__ = ["LoopLag"]
