"""Who waits for something to become of a charger: requests of the API, held open meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

from ocppsim.chargepoint.notifications import CallAnswered, Notification

from .session_wait import StartWait, StopWait


class Waiters:
    """The waits of one charger; each is over when its context ends."""

    __slots__ = ("_calls", "_next_ticket", "_ready", "_sessions")

    def __init__(self) -> None:
        # Tuples, as nearly always nobody waits: empty ones are all the same one
        self._sessions: tuple[StartWait | StopWait, ...] = ()
        self._ready: tuple[asyncio.Future[None], ...] = ()
        self._calls: tuple[tuple[int, asyncio.Future[CallAnswered]], ...] = ()
        self._next_ticket = 1

    @contextmanager
    def session(self, wait: StartWait | StopWait) -> Generator[None]:
        """For what becomes of an asked-for start or stop."""
        self._sessions = (*self._sessions, wait)
        try:
            yield
        finally:
            self._sessions = tuple(each for each in self._sessions if each is not wait)

    @contextmanager
    def call(self) -> Generator[tuple[int, asyncio.Future[CallAnswered]]]:
        """For the answer to a CALL; gives the ticket that the CALL is to carry."""
        ticket = self._next_ticket
        self._next_ticket += 1
        answer: asyncio.Future[CallAnswered] = asyncio.get_running_loop().create_future()
        self._calls = (*self._calls, (ticket, answer))
        try:
            yield ticket, answer
        finally:
            self._calls = tuple(call for call in self._calls if call[0] != ticket)

    @contextmanager
    def readiness(self) -> Generator[asyncio.Future[None]]:
        """For the end of a first attempt to connect and register."""
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._ready = (*self._ready, ready)
        try:
            yield ready
        finally:
            self._ready = tuple(each for each in self._ready if each is not ready)

    @property
    def await_readiness(self) -> bool:
        """Whether anybody waits for a first attempt to end."""
        return bool(self._ready)

    def notice(self, notification: Notification, online: bool) -> None:
        """Something happened; ``online`` is whether the CSMS can be asked."""
        for wait in self._sessions:
            wait.notice(notification, online)
        if isinstance(notification, CallAnswered):
            for ticket, answer in self._calls:
                if ticket == notification.ticket and not answer.done():
                    answer.set_result(notification)

    def link_lost(self) -> None:
        """The CSMS cannot be asked any more."""
        for wait in self._sessions:
            wait.link_lost()

    def ready(self) -> None:
        """The attempt is over, whatever came of it."""
        for ready in self._ready:
            if not ready.done():
                ready.set_result(None)

    def give_up(self) -> None:
        """The charger is gone: nobody waits any longer."""
        for wait in self._sessions:
            wait.give_up()
        self.ready()
        for ticket, answer in self._calls:
            if not answer.done():
                answer.set_result(CallAnswered(ticket, "lost"))


NOBODY = Waiters()
"""For all chargers of which nobody waits for anything; not to be waited with."""


__all__ = ["NOBODY", "Waiters"]
