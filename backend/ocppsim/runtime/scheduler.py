"""One timing wheel for all timers of all chargers, over one timer of the event loop.

Time is cut into ticks of a millisecond, the clock of uvloop. What is due within the present block
of ticks stands in a slot of its tick; what comes later stands in a slot of its block, or of its
era (a block of blocks), and is sorted into finer slots when the turn of that comes. To set a timer
and to take it out again costs the same, however many there are.

The loop is woken at most every forty ticks. A wake-up costs more than a call, and brings with it
a commit of the journal and the wake-ups by what is answered: where chargers seldom say something,
what is due within forty milliseconds shares all that. Where much is due, it comes every five
ticks, so that what arrives meanwhile does not wait behind so many calls.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from heapq import heappop, heappush
from math import ceil, floor
from operator import attrgetter
from typing import Protocol

_logger = logging.getLogger("ocppsim.runtime.scheduler")

NEVER = float("inf")
_TICKS_A_SECOND = 1000.0
_BLOCK_BITS = 8
"""A block has 2**8 ticks: a quarter of a second."""
_ERA_BITS = 20
"""An era has 2**20 ticks: 17 minutes."""
_NO_TICK = 1 << 62
_WAKE_TICKS = 40
"""The loop is woken at multiples of so many ticks, unless a timer is prompt."""
_BUSY_WAKE_TICKS = 5
"""The same from a turn with as many calls as it may have to one with only a few."""
_BATCH = 64
"""Calls made in one turn of the event loop, so that sockets get their turn between."""
_FEW = 8
"""Calls of a turn that are worth no wake-up of their own."""


class LoopTimer(Protocol):
    """What an event loop gives for a call that is to come."""

    def cancel(self) -> None: ...


ArmLoop = Callable[[float, Callable[[], None]], LoopTimer]
"""``loop.call_later``: calls back after so many seconds."""


class Timer(ABC):
    """A call at a time that may be moved, any number of times and at little cost.

    ``due_s`` is when it is to come, inf when it is not. The rest is the scheduler's: ``slot`` is
    where the timer stands, and ``entry_s`` the time for which it was put there.
    """

    __slots__ = ("_scheduler", "due_s", "entry_s", "slot")

    is_prompt = False
    """Whether it does not wait for others, so that they can be called together."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self.due_s = NEVER
        self.entry_s = NEVER
        self.slot: _Slot | None = None

    @abstractmethod
    def fire(self) -> None:
        """Its time has come."""

    def set(self, due_s: float) -> None:
        """Call at ``due_s`` (seconds of the scheduler's clock) instead; inf: not at all.

        A callback that sets a timer for the present or the past gets its call a tick later:
        whatever goes wrong in it, it keeps nobody busy.
        """
        self.due_s = due_s
        # For a later time it stays where it is, and moves when its turn comes there
        if due_s < self.entry_s:
            if self.slot is not None:
                self.slot.pop(self, None)
            self._scheduler.enqueue(self, due_s)

    def cancel(self) -> None:
        """Do not call any more (until it is set again)."""
        self.due_s = NEVER
        if self.slot is not None:
            self.slot.pop(self, None)
            self.slot = None
            self.entry_s = NEVER


class _CallTimer(Timer):
    __slots__ = ("_callback",)

    def __init__(self, scheduler: Scheduler, callback: Callable[[], None]) -> None:
        super().__init__(scheduler)
        self._callback = callback

    def fire(self) -> None:
        self._callback()


class _PromptTimer(_CallTimer):
    __slots__ = ()

    is_prompt = True


_Slot = dict[Timer, None]
"""The timers of a tick, a block or an era, in the order in which they came."""


class _Ring:
    """The slots of one size that are not empty, or were not, by their number."""

    __slots__ = ("numbers", "slots")

    def __init__(self) -> None:
        self.slots: dict[int, _Slot] = {}
        self.numbers: list[int] = []
        """A heap of the keys of ``slots``."""

    def take(self) -> _Slot:
        """The first slot, which is one no more."""
        return self.slots.pop(heappop(self.numbers))


class Scheduler:
    """Calls timers in the order of their times, never before them.

    They are up to forty ticks late, prompt ones up to one, with a loop that counts finer than in
    milliseconds one more; what is due when it is set is called at once. It takes longer where the
    loop is busy: the calls of one of its turns are limited. A callback that
    raises is logged; the others go on. All calls must come from the thread of the event loop.
    ``clock`` gives seconds, ``arm_loop`` is the loop's ``call_later``.
    """

    def __init__(self, clock: Callable[[], float], arm_loop: ArmLoop) -> None:
        self.now_s = clock
        """The scheduler's clock."""
        self._arm_loop = arm_loop
        self._ticks = _Ring()
        self._blocks = _Ring()
        self._eras = _Ring()
        self._block = -_NO_TICK
        """Up to this block timers stand in slots of ticks, ..."""
        self._era = -_NO_TICK
        """... and up to this era in slots of blocks."""
        self._coarse_tick = _NO_TICK
        """When the first slot of a block or an era is to be opened."""
        self._past_tick = -_NO_TICK
        """While timers are called: the tick for which nothing can be set any more."""
        self._due: list[Timer] = []
        """What is left of the slot that is being run, the next one last."""
        self._due_slot: _Slot = {}
        self._running = False
        self._closed = False
        self._loop_timer: LoopTimer | None = None
        self._loop_tick = _NO_TICK
        self._wake_ticks = _WAKE_TICKS
        self._prompt_ticks: list[int] = []
        """A heap of ticks at which the loop is to be woken; perhaps for a timer that was moved."""

    def timer(self, callback: Callable[[], None]) -> Timer:
        """A timer that is not set yet."""
        return _CallTimer(self, callback)

    def prompt_timer(self, callback: Callable[[], None]) -> Timer:
        """A timer that is not set yet, and is up to a tick late only."""
        return _PromptTimer(self, callback)

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> Timer:
        """Call once after ``delay_s``, promptly."""
        timer = self.prompt_timer(callback)
        timer.set(self.now_s() + delay_s)
        return timer

    def close(self) -> None:
        """Call nothing any more."""
        self._closed = True
        self._due.clear()
        self._ticks, self._blocks, self._eras = _Ring(), _Ring(), _Ring()
        self._prompt_ticks.clear()
        self._coarse_tick = _NO_TICK
        if self._loop_timer is not None:
            self._loop_timer.cancel()
            self._loop_timer = None

    def __len__(self) -> int:
        """Number of timers kept."""
        rings = (self._ticks, self._blocks, self._eras)
        return len(self._due) + sum(len(slot) for ring in rings for slot in ring.slots.values())

    def enqueue(self, timer: Timer, due_s: float) -> None:
        """For :class:`Timer` only: look at the timer again at ``due_s``."""
        if self._closed:
            return
        # One look at each thing: every message passes here
        tick = ceil(due_s * _TICKS_A_SECOND)
        is_prompt = timer.is_prompt
        if tick <= self._past_tick:
            tick = self._past_tick + 1
            is_prompt = True
        if tick >> _BLOCK_BITS <= self._block:
            ring, number = self._ticks, tick
        else:
            if tick >> _ERA_BITS <= self._era:
                ring, number = self._blocks, tick >> _BLOCK_BITS
                tick = number << _BLOCK_BITS
            else:
                ring, number = self._eras, tick >> _ERA_BITS
                tick = number << _ERA_BITS
            self._coarse_tick = min(self._coarse_tick, tick)
        slots = ring.slots
        if number in slots:
            slot = slots[number]
        else:
            slot = slots[number] = {}
            heappush(ring.numbers, number)
        slot[timer] = None
        timer.slot = slot
        timer.entry_s = due_s
        if tick < self._loop_tick and not self._running:
            if is_prompt or due_s <= self.now_s():
                heappush(self._prompt_ticks, tick)
            self._arm()
        elif is_prompt:
            heappush(self._prompt_ticks, tick)

    def _arm(self) -> None:
        now_tick = floor(self.now_s() * _TICKS_A_SECOND)
        tick = now_tick if self._due else self._next_wake(now_tick)
        if self._loop_timer is not None:
            if tick == self._loop_tick:
                return
            self._loop_timer.cancel()
            self._loop_timer = None
        self._loop_tick = tick
        if tick == _NO_TICK:
            return
        # Whole ticks, from the beginning of the present one: so does the loop count, and a
        # delay that it would round down let it come too early, and again and again
        delay_s = (tick - now_tick) / _TICKS_A_SECOND if tick > now_tick else 0.0
        self._loop_timer = self._arm_loop(delay_s, self._run_due)

    def _next_wake(self, now_tick: int) -> int:
        """The tick at which the loop is to come back for what stands in slots."""
        tick = self._coarse_tick
        if self._ticks.numbers and self._ticks.numbers[0] < tick:
            tick = self._ticks.numbers[0]
        if tick <= now_tick or tick == _NO_TICK:
            return tick
        prompt = self._prompt_ticks
        while prompt and prompt[0] < tick:  # Its slot is none any more
            heappop(prompt)
        wake_tick = tick + -tick % self._wake_ticks
        return min(wake_tick, prompt[0]) if prompt else wake_tick

    def _run_due(self) -> None:
        self._loop_timer = None
        self._running = True
        try:
            now_s = self.now_s()
            now_tick = floor(now_s * _TICKS_A_SECOND)
            budget = _BATCH
            while budget and (self._due or self._open_next(now_tick)):
                self._past_tick = now_tick
                budget -= self._call_due(now_s, now_tick, budget)
                self._past_tick = -_NO_TICK
            if budget == 0:
                self._wake_ticks = _BUSY_WAKE_TICKS
            elif budget > _BATCH - _FEW:
                self._wake_ticks = _WAKE_TICKS
        finally:
            self._running = False
            if not self._closed:
                self._arm()

    def _open_next(self, now_tick: int) -> bool:
        """Open slots up to one with timers whose time has come; whether there is any."""
        ticks = self._ticks
        while True:
            tick = ticks.numbers[0] if ticks.numbers else _NO_TICK
            if self._coarse_tick <= min(tick, now_tick):
                self._open_coarse(self._coarse_tick)
            elif tick > now_tick:
                break
            else:
                self._due_slot = slot = ticks.take()
                if slot:
                    self._due = sorted(slot, key=_due_s) if len(slot) > 1 else list(slot)
                    self._due.reverse()
                    return True
        # All slots up to now are empty: timers of the present block need no detour
        self._block = max(self._block, now_tick >> _BLOCK_BITS)
        self._era = max(self._era, now_tick >> _ERA_BITS)
        return False

    def _open_coarse(self, tick: int) -> None:
        """Put the timers of the era or the block that begins at ``tick`` into finer slots."""
        if self._eras.numbers and self._eras.numbers[0] << _ERA_BITS == tick:
            self._era = self._eras.numbers[0]
            slot = self._eras.take()
        else:
            self._block = self._blocks.numbers[0]
            slot = self._blocks.take()
        self._coarse_tick = min(
            self._eras.numbers[0] << _ERA_BITS if self._eras.numbers else _NO_TICK,
            self._blocks.numbers[0] << _BLOCK_BITS if self._blocks.numbers else _NO_TICK,
        )
        for timer in slot:
            due_s = timer.due_s
            if due_s == NEVER:
                timer.slot = None
                timer.entry_s = NEVER
            else:
                self.enqueue(timer, due_s)

    def _call_due(self, now_s: float, now_tick: int, budget: int) -> int:
        """Call what is due of the open slot, up to ``budget`` of them; how many that were."""
        due, slot = self._due, self._due_slot
        called = 0
        while due and called < budget:
            timer = due.pop()
            if timer.slot is not slot:
                continue
            timer.slot = None
            timer.entry_s = NEVER
            due_s = timer.due_s
            if due_s > now_s and self._moves_on(timer, due_s, now_tick):
                continue
            timer.due_s = NEVER
            called += 1
            try:
                timer.fire()
            except Exception:
                _logger.exception("a timer failed")
        return called

    def _moves_on(self, timer: Timer, due_s: float, now_tick: int) -> bool:
        """Put a timer that was moved where it belongs now; not if that is the present tick."""
        if due_s == NEVER:
            return True
        if ceil(due_s * _TICKS_A_SECOND) <= now_tick:
            return False  # Later by less than the product of two floats can tell
        self.enqueue(timer, due_s)
        return True


_due_s = attrgetter("due_s")


__all__ = ["NEVER", "Scheduler", "Timer"]
