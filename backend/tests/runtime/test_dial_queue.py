"""Whose turn it is to connect."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

from ocppsim.runtime.dial_queue import DialQueue, DialTicket


class Dials:
    """Attempts that last until they are let go."""

    def __init__(self) -> None:
        self.began: list[str] = []
        self.given_up: list[str] = []
        self._ends: dict[str, asyncio.Event] = {}

    def job(self, name: str) -> Callable[[], Coroutine[None, None, None]]:
        async def dial() -> None:
            self.began.append(name)
            end = self._ends[name] = asyncio.Event()
            try:
                await end.wait()
            except asyncio.CancelledError:
                self.given_up.append(name)
                raise

        return dial

    async def end(self, *names: str) -> None:
        for name in names:
            self._ends[name].set()
        await turns()


async def turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_so_many_at_a_time_and_first_come_first_served() -> None:
    dials = Dials()
    async with asyncio.TaskGroup() as tasks:
        queue = DialQueue(tasks, 2)
        for name in "abcde":
            queue.submit("csms:80", dials.job(name))
        await turns()
        assert dials.began == ["a", "b"]
        await dials.end("b")
        assert dials.began == ["a", "b", "c"]
        await dials.end("a", "c")
        assert dials.began == ["a", "b", "c", "d", "e"]
        await dials.end("d", "e")


async def test_one_csms_does_not_wait_for_another() -> None:
    dials = Dials()
    async with asyncio.TaskGroup() as tasks:
        queue = DialQueue(tasks, 1)
        for name, peer in [("a", "one:80"), ("b", "one:80"), ("c", "two:80")]:
            queue.submit(peer, dials.job(name))
        await turns()
        assert dials.began == ["a", "c"]
        await dials.end("a", "c")
        await dials.end("b")


async def test_who_gives_up_lets_the_next_one_have_the_turn() -> None:
    dials = Dials()
    async with asyncio.TaskGroup() as tasks:
        queue = DialQueue(tasks, 1)
        tickets: dict[str, DialTicket] = {
            name: queue.submit("csms:80", dials.job(name)) for name in "abcd"
        }
        await turns()
        tickets["b"].cancel()
        tickets["a"].cancel()
        tickets["a"].cancel()
        await turns()
        assert dials.given_up == ["a"]
        assert dials.began == ["a", "c"]
        await dials.end("c")
        tickets["c"].cancel()
        await dials.end("d")
        assert dials.began == ["a", "c", "d"]


async def test_an_attempt_that_is_given_up_before_it_began_never_begins() -> None:
    dials = Dials()
    async with asyncio.TaskGroup() as tasks:
        queue = DialQueue(tasks, 1)
        queue.submit("csms:80", dials.job("a")).cancel()
        queue.submit("csms:80", dials.job("b"))
        await turns()
        assert dials.began == ["b"]
        await dials.end("b")
