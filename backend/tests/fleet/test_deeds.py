"""Deeds are done in the order of their times, none before its time, whatever one of them does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.fleet.deeds import Deeds
from ocppsim.runtime.scheduler import NEVER, Scheduler

START_S = 1000.0


class VirtualLoop:
    """One timer of a loop, and a clock that jumps to it."""

    def __init__(self) -> None:
        self.now_s = START_S
        self._due_s = NEVER
        self._callback: Callable[[], None] | None = None
        self.deeds = Deeds(Scheduler(lambda: self.now_s, self.call_later), START_S)

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> VirtualLoop:
        self._due_s = round(self.now_s + delay_s, 9)
        self._callback = callback
        return self

    def cancel(self) -> None:
        self._callback = None

    def run(self) -> None:
        while (callback := self._callback) is not None:
            self.now_s = max(self.now_s, self._due_s) + 1e-6
            self._callback = None
            callback()


@given(st.lists(st.floats(0.0, 100.0), max_size=200))
def test_deeds_come_in_order_and_never_early(times_s: list[float]) -> None:
    loop = VirtualLoop()
    done: list[tuple[float, float]] = []
    for at_s in times_s:
        loop.deeds.schedule(at_s, lambda now_s, at_s=at_s: done.append((at_s, now_s)))
    loop.run()
    assert [at_s for at_s, _ in done] == sorted(times_s)
    assert all(at_s <= now_s <= at_s + 0.05 for at_s, now_s in done)


def test_a_deed_may_order_others_also_for_now() -> None:
    loop = VirtualLoop()
    done: list[str] = []

    def first(now_s: float) -> None:
        done.append("first")
        loop.deeds.schedule(now_s, lambda _: done.append("second"))

    loop.deeds.schedule(1.0, first)
    loop.deeds.schedule(2.0, lambda _: done.append("third"))
    loop.run()
    assert done == ["first", "second", "third"]


def test_a_deed_that_fails_does_not_hold_up_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    loop = VirtualLoop()
    done: list[float] = []

    def fail(_now_s: float) -> None:
        raise RuntimeError("not possible")

    loop.deeds.schedule(1.0, fail)
    loop.deeds.schedule(2.0, done.append)
    loop.run()
    assert len(done) == 1
    assert "a deed failed" in caplog.text


def test_what_is_forgotten_is_not_done() -> None:
    loop = VirtualLoop()
    done: list[float] = []
    loop.deeds.schedule(1.0, done.append)
    loop.deeds.forget()
    loop.run()
    assert done == []
