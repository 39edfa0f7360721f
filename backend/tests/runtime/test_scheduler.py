from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.runtime.scheduler import NEVER, Scheduler


class VirtualLoop:
    """One timer of a loop, and a clock that jumps to it."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.armed = 0
        self._due_s = NEVER
        self._callback: Callable[[], None] | None = None

    def clock(self) -> float:
        return self.now_s

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> VirtualLoop:
        assert self._callback is None, "more than one timer of the loop"
        self.armed += 1
        self._due_s = self.now_s + delay_s
        self._callback = callback
        return self

    def cancel(self) -> None:
        self._callback = None
        self._due_s = NEVER

    def run_until(self, end_s: float) -> None:
        while self._callback is not None and self._due_s <= end_s:
            self.now_s = max(self.now_s, self._due_s)
            callback, self._callback = self._callback, None
            callback()
        self.now_s = end_s


@pytest.fixture
def loop() -> VirtualLoop:
    return VirtualLoop()


@pytest.fixture
def scheduler(loop: VirtualLoop) -> Scheduler:
    return Scheduler(loop.clock, loop.call_later)


def test_timers_are_called_in_the_order_of_their_times(
    loop: VirtualLoop, scheduler: Scheduler
) -> None:
    calls: list[tuple[str, float]] = []
    for name, delay_s in [("c", 3.0), ("a", 1.0), ("b", 2.0)]:
        scheduler.call_later(delay_s, lambda name=name: calls.append((name, loop.now_s)))
    loop.run_until(110)
    assert calls == [("a", 101.0), ("b", 102.0), ("c", 103.0)]


def test_a_timer_moves_both_ways_and_is_called_once(
    loop: VirtualLoop, scheduler: Scheduler
) -> None:
    calls: list[float] = []
    timer = scheduler.timer(lambda: calls.append(loop.now_s))
    timer.set(105)
    timer.set(120)
    timer.set(103)
    timer.set(107)
    loop.run_until(200)
    assert calls == [107]
    timer.set(210)
    loop.run_until(220)
    assert calls == [107, 210]


def test_a_cancelled_timer_is_not_called_until_it_is_set_again(
    loop: VirtualLoop, scheduler: Scheduler
) -> None:
    calls: list[float] = []
    timer = scheduler.timer(lambda: calls.append(loop.now_s))
    timer.set(105)
    timer.cancel()
    loop.run_until(110)
    assert calls == []
    timer.set(111)
    loop.run_until(120)
    assert calls == [111]


def test_a_timer_may_set_itself(loop: VirtualLoop, scheduler: Scheduler) -> None:
    calls: list[float] = []

    def tick() -> None:
        calls.append(loop.now_s)
        timer.set(loop.now_s + 10)

    timer = scheduler.timer(tick)
    timer.set(110)
    loop.run_until(145)
    assert calls == [110, 120, 130, 140]


def test_a_failing_timer_does_not_stop_the_others(
    loop: VirtualLoop, scheduler: Scheduler, caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[str] = []

    def fail() -> None:
        raise ZeroDivisionError

    scheduler.call_later(1, fail)
    scheduler.call_later(1, lambda: calls.append("other"))
    loop.run_until(110)
    assert calls == ["other"]
    assert "a timer failed" in caplog.text


def test_many_calls_at_one_time_let_the_loop_breathe(
    loop: VirtualLoop, scheduler: Scheduler
) -> None:
    calls: list[int] = []
    for number in range(1000):
        scheduler.call_later(1, lambda number=number: calls.append(number))
    before = loop.armed
    loop.run_until(110)
    assert calls == list(range(1000))
    assert loop.armed - before >= 3


def test_a_deadline_that_moves_all_the_time_leaves_no_litter(
    loop: VirtualLoop, scheduler: Scheduler
) -> None:
    timers = [scheduler.timer(lambda: None) for _ in range(100)]
    for step in range(1000):
        for timer in timers:
            timer.set(1_000_000 - step)
    assert len(scheduler) < 5000


def test_cancelled_timers_are_not_kept_until_their_time(
    loop: VirtualLoop, scheduler: Scheduler
) -> None:
    calls: list[int] = []
    first = scheduler.timer(lambda: calls.append(0))
    first.set(2_000_000)
    first.cancel()
    for _ in range(10_000):
        timer = scheduler.timer(lambda: calls.append(1))
        timer.set(1_000_000)
        timer.cancel()
    assert len(scheduler) < 5000
    first.set(3_000_000)
    loop.run_until(3_000_000)
    assert calls == [0]


def test_after_the_end_nothing_is_called(loop: VirtualLoop, scheduler: Scheduler) -> None:
    calls: list[int] = []
    scheduler.call_later(1, lambda: calls.append(1))
    scheduler.close()
    scheduler.call_later(1, lambda: calls.append(2))
    loop.run_until(110)
    assert calls == []


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.one_of(st.none(), st.floats(0, 50)), st.floats(0, 5)),
        max_size=60,
    )
)
def test_whatever_is_set_last_holds(steps: list[tuple[int, float | None, float]]) -> None:
    loop = VirtualLoop()
    scheduler = Scheduler(loop.clock, loop.call_later)
    expected: dict[int, float] = {}
    calls: list[tuple[int, float]] = []

    def call(number: int) -> None:
        calls.append((number, loop.now_s))
        assert expected.pop(number) == loop.now_s

    timers = [scheduler.timer(lambda number=number: call(number)) for number in range(5)]
    for number, delay_s, pause_s in steps:
        if delay_s is None:
            timers[number].cancel()
            expected.pop(number, None)
        else:
            due_s = loop.now_s + delay_s
            timers[number].set(due_s)
            expected[number] = due_s
        loop.run_until(loop.now_s + pause_s)
        assert all(due_s > loop.now_s for due_s in expected.values()) or pause_s == 0
    loop.run_until(loop.now_s + 100)
    assert expected == {}
