"""One scheduler for all timers of all chargers, over one timer of the event loop."""

from __future__ import annotations

import heapq
import logging
from collections.abc import Callable
from typing import Protocol

_logger = logging.getLogger("ocppsim.runtime.scheduler")

NEVER = float("inf")
_BATCH = 64
"""Calls made in one turn of the event loop, so that sockets get their turn between."""

_LEAST_COMPACTED = 1024


class LoopTimer(Protocol):
    """What an event loop gives for a call that is to come."""

    def cancel(self) -> None: ...


ArmLoop = Callable[[float, Callable[[], None]], LoopTimer]
"""``loop.call_later``: calls back after so many seconds."""


class Timer:
    """A call at a time that may be moved, any number of times and at little cost.

    ``due_s`` is when it is to come, inf when it is not; ``entry_s`` is the scheduler's.
    """

    __slots__ = ("_scheduler", "callback", "due_s", "entry_s")

    def __init__(self, scheduler: Scheduler, callback: Callable[[], None]) -> None:
        self._scheduler = scheduler
        self.callback = callback
        self.entry_s = NEVER
        self.due_s = NEVER

    def set(self, due_s: float) -> None:
        """Call at ``due_s`` (seconds of the scheduler's clock) instead; inf: not at all."""
        self.due_s = due_s
        # A later time needs no new entry: the present one moves when its turn comes.
        if due_s < self.entry_s:
            self._scheduler.enqueue(self, due_s)

    def cancel(self) -> None:
        """Do not call any more (until it is set again)."""
        self.due_s = NEVER


class Scheduler:
    """Calls timers in the order of their times, never before them.

    A callback that raises is logged; the others go on. All calls must come from the thread of
    the event loop. ``clock`` gives seconds, ``arm_loop`` is the loop's ``call_later``.
    """

    def __init__(self, clock: Callable[[], float], arm_loop: ArmLoop) -> None:
        self._clock = clock
        self._arm_loop = arm_loop
        self._heap: list[tuple[float, int, Timer]] = []
        self._compact_at = _LEAST_COMPACTED
        self._pushed = 0
        self._running = False
        self._closed = False
        self._loop_timer: LoopTimer | None = None
        self._loop_due_s = NEVER

    def now_s(self) -> float:
        """The scheduler's clock."""
        return self._clock()

    def timer(self, callback: Callable[[], None]) -> Timer:
        """A timer that is not set yet."""
        return Timer(self, callback)

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> Timer:
        """Call once after ``delay_s``."""
        timer = Timer(self, callback)
        timer.set(self._clock() + delay_s)
        return timer

    def close(self) -> None:
        """Call nothing any more."""
        self._closed = True
        self._heap.clear()
        self._disarm()

    def __len__(self) -> int:
        """Number of entries kept, moved and cancelled ones included."""
        return len(self._heap)

    def enqueue(self, timer: Timer, due_s: float) -> None:
        """For :class:`Timer` only: look at the timer again at ``due_s``."""
        if self._closed:
            return
        if len(self._heap) >= self._compact_at:
            self._compact()
        timer.entry_s = due_s
        self._pushed += 1
        heapq.heappush(self._heap, (due_s, self._pushed, timer))
        if not self._running and due_s < self._loop_due_s:
            self._arm()

    def _compact(self) -> None:
        """Drop what will call nothing; the next time at double the length.

        That is the entries that an earlier one replaced, and those of cancelled timers, which
        would keep what they call (a charger that is deleted) alive until their time.
        """
        kept: list[tuple[float, int, Timer]] = []
        for entry in self._heap:
            entry_s, _, timer = entry
            if timer.entry_s != entry_s:
                continue
            if timer.due_s == NEVER:
                timer.entry_s = NEVER
            else:
                kept.append(entry)
        self._heap = kept
        heapq.heapify(self._heap)
        self._compact_at = max(_LEAST_COMPACTED, 2 * len(self._heap))

    def _arm(self) -> None:
        self._disarm()
        if self._heap and not self._closed:
            self._loop_due_s = self._heap[0][0]
            delay_s = max(0.0, self._loop_due_s - self._clock())
            self._loop_timer = self._arm_loop(delay_s, self._run_due)

    def _disarm(self) -> None:
        if self._loop_timer is not None:
            self._loop_timer.cancel()
            self._loop_timer = None
        self._loop_due_s = NEVER

    def _run_due(self) -> None:
        self._loop_timer = None
        self._running = True
        try:
            now_s = self._clock()
            budget = _BATCH
            while self._heap and self._heap[0][0] <= now_s and budget > 0:
                if self._take_next(now_s):
                    budget -= 1
        finally:
            self._running = False
            self._arm()

    def _take_next(self, now_s: float) -> bool:
        """Take the first entry; whether its timer was called."""
        entry_s, _, timer = heapq.heappop(self._heap)
        if timer.entry_s != entry_s:
            return False
        timer.entry_s = NEVER
        if timer.due_s > now_s:
            if timer.due_s != NEVER:
                self.enqueue(timer, timer.due_s)
            return False
        timer.due_s = NEVER
        try:
            timer.callback()
        except Exception:
            _logger.exception("a timer failed")
        return True


__all__ = ["NEVER", "Scheduler", "Timer"]
