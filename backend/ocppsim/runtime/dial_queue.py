"""Attempts to connect take turns, so that ten thousand chargers do not storm one CSMS."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine

DialJob = Callable[[], Coroutine[None, None, None]]


class DialTicket:
    """An attempt that waits for its turn, or is under way."""

    __slots__ = ("job", "task")

    def __init__(self, job: DialJob) -> None:
        self.job: DialJob | None = job
        self.task: asyncio.Task[None] | None = None

    def cancel(self) -> None:
        """Give the attempt up; harmless when it is over."""
        self.job = None
        if self.task is not None:
            self.task.cancel()


class _Peer:
    """The attempts at one CSMS."""

    __slots__ = ("running", "waiting")

    def __init__(self) -> None:
        self.running = 0
        self.waiting: deque[DialTicket] = deque()


class DialQueue:
    """At most ``limit`` attempts at a time per CSMS, first come, first served.

    The tasks are children of ``tasks``; a job must not raise.
    """

    def __init__(self, tasks: asyncio.TaskGroup, limit: int) -> None:
        self._tasks = tasks
        self._limit = limit
        self._peers: dict[str, _Peer] = {}

    def submit(self, peer: str, job: DialJob) -> DialTicket:
        """Run ``job`` as soon as it is its turn among the attempts at ``peer``."""
        ticket = DialTicket(job)
        entry = self._peers.setdefault(peer, _Peer())
        entry.waiting.append(ticket)
        self._start_next(peer, entry)
        return ticket

    def _start_next(self, peer: str, entry: _Peer) -> None:
        while entry.waiting and entry.running < self._limit:
            ticket = entry.waiting.popleft()
            job = ticket.job
            if job is None:
                continue
            entry.running += 1
            ticket.task = self._tasks.create_task(job())
            ticket.task.add_done_callback(lambda _task: self._ended(peer, entry))
        if not entry.running and not entry.waiting:
            self._peers.pop(peer, None)

    def _ended(self, peer: str, entry: _Peer) -> None:
        entry.running -= 1
        # Another entry may have taken the place of an idle one; this one stays consistent.
        self._start_next(peer, entry)


__all__ = ["DialJob", "DialQueue", "DialTicket"]
