"""What is to be done at some time of a run: one timer for all of it."""

from __future__ import annotations

import heapq
import logging
from collections.abc import Callable
from itertools import count

from ocppsim.runtime.scheduler import Scheduler

Deed = Callable[[float], object]
"""Is called with the time, in seconds after the start of the run."""

_logger = logging.getLogger("ocppsim.fleet")

_BATCH = 64
"""Deeds in one turn of the event loop, so that sockets get their turn between."""


class Deeds:
    """Does deeds in the order of their times, and of their coming where these are equal.

    A deed that raises is logged; the others go on.
    """

    def __init__(self, scheduler: Scheduler, start_s: float) -> None:
        """``start_s`` is the start of the run on the scheduler's clock."""
        self._scheduler = scheduler
        self._start_s = start_s
        self._timer = scheduler.timer(self._run_due)
        self._heap: list[tuple[float, int, Deed]] = []
        self._order = count()

    def now_s(self) -> float:
        """Seconds after the start of the run."""
        return self._scheduler.now_s() - self._start_s

    def schedule(self, at_s: float, deed: Deed) -> None:
        """Have it done then; at once where that has passed."""
        heapq.heappush(self._heap, (at_s, next(self._order), deed))
        if self._heap[0][0] == at_s:
            self._arm()

    def forget(self) -> None:
        """Nothing more is done."""
        self._heap.clear()
        self._timer.cancel()

    def _arm(self) -> None:
        if self._heap:
            self._timer.set(self._start_s + self._heap[0][0])

    def _run_due(self) -> None:
        now_s = self.now_s()
        heap = self._heap
        for _ in range(_BATCH):
            if not heap or heap[0][0] > now_s:
                break
            _, _, deed = heapq.heappop(heap)
            try:
                deed(now_s)
            except Exception:
                _logger.exception("a deed failed")
        self._arm()


__all__ = ["Deed", "Deeds"]
