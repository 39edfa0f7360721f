"""A fleet whose parts run elsewhere: begun and put together, started again where they die."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from .open_transactions import OpenTransactions
from .part_messages import Done, Failed, Joining, Made, PartMessage, Second
from .run_listener import Restart, RunListener
from .slice_merge import SliceMerge

MOST_DEATHS = 3
DEATHS_COUNT_FOR_S = 60.0
"""A part that dies more often in this time is not started again."""


class PartDied(Exception):
    """A part has ended without a word."""


class PartGone(Exception):
    """A part cannot be started anywhere any more; says why."""


class RunFailed(Exception):
    """The run cannot go on; ``has_died`` tells whether a part was tried, and died."""

    def __init__(self, reason: str, *, has_died: bool = False) -> None:
        super().__init__(reason)
        self.has_died = has_died


class PartLink(Protocol):
    """A part that runs elsewhere."""

    async def receive(self) -> PartMessage:
        """What it tells next; raises :class:`PartDied`."""
        ...

    def join(self, joining: Joining) -> None:
        """Let it begin. Of no effect, like ``stop``, where it has died."""
        ...

    def stop(self) -> None:
        """Let it ramp down now."""
        ...

    async def end(self) -> None:
        """End it, however it is, and free what it takes here."""
        ...


class PartPlace(Protocol):
    """A place where a part can run, and has run."""

    @property
    def outcome(self) -> str:
        """Where a part that has died goes on, in words that follow "has died"."""
        ...

    @property
    def has_journal(self) -> bool:
        """Whether it goes on from what it has stored; else it begins with nothing."""
        ...


class PartStarter(Protocol):
    """Starts parts, and starts them again."""

    @property
    def count(self) -> int:
        """How many parts there are."""
        ...

    async def start(self, part: int) -> PartLink:
        """Start a part in its place; raises :class:`PartDied`."""
        ...

    async def place_again(self, part: int) -> PartPlace:
        """Find a place for a part that has died; raises :class:`PartGone`."""
        ...


async def run_parts(
    starter: PartStarter,
    stopped: asyncio.Event,
    listener: RunListener,
    *,
    clock: Callable[[], float] = time.monotonic,
) -> int:
    """Run all parts to their end; they ramp down when ``stopped`` is set.

    Returns how many transactions are left that the CSMS has not confirmed the end of. Raises
    :class:`RunFailed`. Whatever happens, all parts are ended then.
    """
    run = _PartRun(starter, stopped, listener, clock)
    try:
        async with asyncio.TaskGroup() as tasks:
            watch = tasks.create_task(run.stop_when_told())
            keepers = [tasks.create_task(run.keep(part)) for part in range(starter.count)]
            await asyncio.wait(keepers, return_when=asyncio.FIRST_EXCEPTION)
            watch.cancel()
    except* RunFailed as failures:
        raise failures.exceptions[0] from None
    return run.open_transactions


class _Part:
    """What is known of one part."""

    def __init__(self) -> None:
        self.link: PartLink | None = None
        self.is_made = False
        self.told_to_s = 0.0
        self.transactions = OpenTransactions()
        self.deaths_s: deque[float] = deque()


class _PartRun:
    def __init__(
        self,
        starter: PartStarter,
        stopped: asyncio.Event,
        listener: RunListener,
        clock: Callable[[], float],
    ) -> None:
        self._starter = starter
        self._stopped = stopped
        self._listener = listener
        self._clock = clock
        self._parts: Sequence[_Part] = [_Part() for _ in range(starter.count)]
        self._merge = SliceMerge(starter.count, listener.show)
        self._began_s: float | None = None
        self._ends_at_s: float | None = None
        self._lost = 0

    @property
    def open_transactions(self) -> int:
        return self._lost + sum(len(part.transactions) for part in self._parts)

    @property
    def _at_s(self) -> float:
        return 0.0 if self._began_s is None else self._clock() - self._began_s

    async def stop_when_told(self) -> None:
        await self._stopped.wait()
        self._ends_at_s = self._at_s
        for part in self._parts:
            if part.link is not None:
                part.link.stop()

    async def keep(self, number: int) -> None:
        """Run a part until it is done, however often it dies."""
        part = self._parts[number]
        while True:
            try:
                part.link = await self._starter.start(number)
                try:
                    await self._follow(number, part, part.link)
                finally:
                    link, part.link = part.link, None
                    await link.end()
            except PartDied:
                if not await self._goes_on(number, part):
                    return
            else:
                return

    async def _follow(self, number: int, part: _Part, link: PartLink) -> None:
        if self._stopped.is_set():
            link.stop()
        while True:
            message = await link.receive()
            match message:
                case Made(open_transactions):
                    part.transactions = OpenTransactions(open_transactions)
                    part.is_made = True
                    self._join(number, part)
                case Second(span, changes):
                    part.told_to_s = span.to_s
                    part.transactions.apply(changes)
                    self._merge.add(number, span)
                case Failed(reason):
                    raise RunFailed(f"process {number + 1} of the fleet: {reason}")
                case Done():
                    self._merge.leave(number)
                    return

    def _join(self, number: int, part: _Part) -> None:
        if self._began_s is not None:
            self._merge.join(number)
            if part.link is not None:
                part.link.join(Joining(self._at_s, part.told_to_s, self._ends_at_s))
            return
        self._begin_if_made()

    def _begin_if_made(self) -> None:
        if self._began_s is None and all(part.is_made for part in self._parts):
            self._began_s = self._clock()
            self._listener.begin()
            for part in self._parts:
                if part.link is not None:
                    part.link.join(Joining(ends_at_s=None if self._ends_at_s is None else 0.0))

    async def _goes_on(self, number: int, part: _Part) -> bool:
        """Whether a part that has died is to be started again. Raises ``RunFailed``."""
        now_s, at_s = self._clock(), self._at_s
        if self._began_s is None:
            part.is_made = False
        else:
            self._merge.leave(number)
        part.deaths_s.append(now_s)
        while part.deaths_s[0] < now_s - DEATHS_COUNT_FOR_S:
            part.deaths_s.popleft()
        if len(part.deaths_s) > MOST_DEATHS:
            raise RunFailed(
                f"process {number + 1} of the fleet has died {len(part.deaths_s)} times in"
                f" {DEATHS_COUNT_FOR_S:.0f} s",
                has_died=True,
            )
        try:
            place = await self._starter.place_again(number)
        except PartGone as reason:
            if not any(other.link is not None for other in self._parts):
                raise RunFailed(f"the whole fleet has died: {reason}", has_died=True) from None
            self._merge.leave(number)
            self._tell_restart(number, part, at_s, f"for good: {reason}", keeps=False)
            part.is_made = True
            self._begin_if_made()
            return False
        self._tell_restart(number, part, at_s, place.outcome, keeps=place.has_journal)
        return True

    def _tell_restart(
        self, number: int, part: _Part, at_s: float, outcome: str, *, keeps: bool
    ) -> None:
        lost = () if keeps else part.transactions.all()
        if not keeps:
            part.transactions = OpenTransactions()
            self._lost += len(lost)
        self._listener.restarted(Restart(number + 1, at_s, outcome, lost))


__all__ = [
    "DEATHS_COUNT_FOR_S",
    "MOST_DEATHS",
    "PartDied",
    "PartGone",
    "PartLink",
    "PartPlace",
    "PartStarter",
    "RunFailed",
    "run_parts",
]
