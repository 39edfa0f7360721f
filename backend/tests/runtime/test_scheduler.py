from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.runtime.scheduler import NEVER, Scheduler

TICK_S = 0.001
ROUNDING_S = 1e-9


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
        self._due_s = round(self.now_s + delay_s, 9)
        self._callback = callback
        return self

    def cancel(self) -> None:
        self._callback = None
        self._due_s = NEVER

    def turn(self) -> None:
        """Jump to the timer and let it call."""
        assert self._callback is not None
        self.now_s = max(self.now_s, self._due_s)
        callback, self._callback = self._callback, None
        callback()

    def run_until(self, end_s: float) -> None:
        while self._callback is not None and self._due_s <= end_s + ROUNDING_S:
            self.turn()
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


PROMPT_LATE_S = 2 * TICK_S + ROUNDING_S
MOST_LATE_S = PROMPT_LATE_S + 39 * TICK_S


class LoopOfMilliseconds(VirtualLoop):
    """Counts whole milliseconds, as uvloop does; time passes in between."""

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> VirtualLoop:
        super().call_later(delay_s, callback)
        now_ms = math.floor(self.now_s * 1000 + ROUNDING_S)
        self._due_s = (now_ms + round(delay_s * 1000)) / 1000
        return self


@given(st.floats(0, 0.9), st.floats(0, 3))
def test_a_loop_of_milliseconds_is_not_kept_busy(start_s: float, delay_s: float) -> None:
    loop = LoopOfMilliseconds()
    loop.now_s += start_s
    scheduler = Scheduler(loop.clock, loop.call_later)
    calls: list[float] = []
    due_s = loop.now_s + delay_s
    scheduler.timer(lambda: calls.append(loop.now_s)).set(due_s)
    loop.run_until(due_s + 1)
    (called_s,) = calls
    assert due_s - ROUNDING_S <= called_s <= due_s + 40 * TICK_S + ROUNDING_S
    assert loop.armed <= 5


@given(st.floats(0, 0.9), st.lists(st.tuples(st.floats(0, 3), st.booleans()), max_size=20))
def test_a_prompt_call_waits_for_no_others(
    start_s: float, calls_to_come: list[tuple[float, bool]]
) -> None:
    loop = LoopOfMilliseconds()
    loop.now_s += start_s
    scheduler = Scheduler(loop.clock, loop.call_later)
    late_s: dict[bool, list[float]] = {False: [], True: []}

    def note(is_prompt: bool, due_s: float) -> None:
        late_s[is_prompt].append(loop.now_s - due_s)

    for delay_s, is_prompt in calls_to_come:
        due_s = loop.now_s + delay_s
        if is_prompt:
            scheduler.call_later(delay_s, partial(note, is_prompt, due_s))
        else:
            scheduler.timer(partial(note, is_prompt, due_s)).set(due_s)
    loop.run_until(loop.now_s + 4)
    assert len(late_s[True]) + len(late_s[False]) == len(calls_to_come)
    assert all(-ROUNDING_S <= late <= PROMPT_LATE_S for late in late_s[True])
    assert all(-ROUNDING_S <= late <= MOST_LATE_S for late in late_s[False])


def test_what_is_due_within_forty_milliseconds_shares_a_wake_up(
    loop: VirtualLoop, scheduler: Scheduler
) -> None:
    calls: list[float] = []
    for number in range(1000):
        scheduler.timer(lambda: calls.append(loop.now_s)).set(105 + number / 1000)
    before = loop.armed
    loop.run_until(110)
    assert calls == sorted(calls)
    assert len(calls) == 1000
    assert len(set(calls)) == 26
    assert loop.armed - before <= 26 + 4  # and the blocks that are opened


def test_where_much_is_due_it_comes_in_smaller_portions(
    loop: VirtualLoop, scheduler: Scheduler
) -> None:
    calls: list[float] = []
    for number in range(10_000):
        scheduler.timer(lambda: calls.append(loop.now_s)).set(105 + number / 10_000)
    loop.run_until(105.5)
    assert len(set(calls[1000:])) == pytest.approx((len(calls) - 1000) / 50, abs=1)
    loop.run_until(110)
    later: list[float] = []
    for number in range(1000):
        scheduler.timer(lambda: later.append(loop.now_s)).set(115 + number / 1000)
    loop.run_until(120)
    assert len(set(later)) == pytest.approx(26, abs=3)


def test_what_is_due_when_it_is_set_waits_for_no_others(
    loop: VirtualLoop, scheduler: Scheduler
) -> None:
    calls: list[float] = []
    scheduler.timer(lambda: calls.append(loop.now_s)).set(100.0105)
    loop.run_until(100.0032)
    scheduler.timer(lambda: calls.append(loop.now_s)).set(100.0032)
    loop.run_until(101)
    assert calls == pytest.approx([100.004, 100.04], abs=TICK_S)


def test_timers_of_one_tick_share_a_timer_of_the_loop(
    loop: VirtualLoop, scheduler: Scheduler
) -> None:
    calls: list[float] = []
    scheduler.call_later(0.001, lambda: None)
    loop.run_until(100.01)
    for delay_s in (0.0504, 0.0502, 0.0507, 0.0501):
        due_s = loop.now_s + delay_s
        scheduler.timer(lambda due_s=due_s: calls.append(due_s)).set(due_s)
    before = loop.armed
    loop.run_until(101)
    assert calls == sorted(calls)
    assert len(calls) == 4
    assert loop.armed == before


def test_sockets_get_their_turn_between_timers_that_come_at_once(
    loop: VirtualLoop, scheduler: Scheduler
) -> None:
    """Also where each timer sets itself again for at once."""
    calls: list[int] = []

    def again(number: int) -> None:
        calls.append(number)
        timers[number].set(loop.now_s)

    timers = [scheduler.timer(lambda number=number: again(number)) for number in range(100)]
    for timer in timers:
        timer.set(loop.now_s)
    turns: list[int] = []
    for _ in range(10):
        before = len(calls)
        loop.turn()
        turns.append(len(calls) - before)
    assert max(turns) <= 64
    assert calls[:200] == [*range(100), *range(100)]


def test_a_timer_that_sets_itself_for_the_past_keeps_nobody_busy(
    loop: VirtualLoop, scheduler: Scheduler
) -> None:
    calls: list[float] = []

    def again() -> None:
        calls.append(loop.now_s)
        timer.set(loop.now_s - 1)

    timer = scheduler.timer(again)
    timer.set(101)
    loop.run_until(101.0055)
    assert calls == pytest.approx([101, 101.001, 101.002, 101.003, 101.004, 101.005])


def test_a_loop_that_stood_still_catches_up_in_order(
    loop: VirtualLoop, scheduler: Scheduler
) -> None:
    calls: list[float] = []
    for number in range(50):
        due_s = 100 + (number * 37 % 50) * 0.1
        scheduler.timer(lambda due_s=due_s: calls.append(due_s)).set(due_s)
    loop.now_s = 200.0
    loop.turn()
    assert calls == sorted(calls)
    assert len(calls) == 50


def test_a_timer_that_waits_for_its_turn_can_still_be_cancelled_and_moved(
    loop: VirtualLoop, scheduler: Scheduler
) -> None:
    calls: list[str] = []
    cancelled = scheduler.timer(lambda: calls.append("cancelled"))
    moved = scheduler.timer(lambda: calls.append("moved"))
    set_again = scheduler.timer(lambda: calls.append("set again"))

    def first() -> None:
        cancelled.cancel()
        moved.set(105)
        set_again.cancel()
        set_again.set(103)

    scheduler.timer(first).set(102)
    for timer in (cancelled, moved, set_again):
        timer.set(102)
    loop.run_until(102.5)
    assert calls == []
    loop.run_until(110)
    assert calls == ["set again", "moved"]
    assert len(scheduler) == 0


MOVES = st.one_of(
    st.none(),
    st.floats(0, 0.02),
    st.floats(0, 50),
    st.sampled_from([0.256, 0.512, 1.0, 1048.576, 2000.0, 86_400.0]),
    st.floats(-5, 0),
)
STEPS = st.tuples(st.integers(0, 4), MOVES, st.one_of(st.floats(0, 5), st.floats(0, 2000)))


@given(st.floats(0, 2000), st.lists(STEPS, max_size=60), st.lists(MOVES, max_size=5))
def test_whatever_is_set_last_holds(
    start_s: float, steps: list[tuple[int, float | None, float]], follow_ups: list[float | None]
) -> None:
    """Against a plain table of when each timer is due; callbacks move timers, too."""
    loop = VirtualLoop()
    loop.now_s = start_s
    scheduler = Scheduler(loop.clock, loop.call_later)
    expected: dict[int, float] = {}
    left = follow_ups.copy()

    def move(number: int, delay_s: float | None) -> None:
        set_at_s[number] = loop.now_s
        if delay_s is None:
            timers[number].cancel()
            expected.pop(number, None)
        else:
            due_s = loop.now_s + delay_s
            timers[number].set(due_s)
            expected[number] = due_s

    def call(number: int) -> None:
        due_s = expected.pop(number, NEVER)
        late_s.append(loop.now_s - max(due_s, set_at_s[number]))
        if left:
            move((number + 1) % 5, left.pop())

    late_s: list[float] = []
    set_at_s = [0.0] * 5
    timers = [scheduler.timer(lambda number=number: call(number)) for number in range(5)]
    for number, delay_s, pause_s in steps:
        move(number, delay_s)
        assert len(scheduler) >= len(expected)
        loop.run_until(loop.now_s + pause_s)
        for waiting, due_s in expected.items():
            assert max(due_s, set_at_s[waiting]) > loop.now_s - MOST_LATE_S
    loop.run_until(loop.now_s + 200_000)
    assert expected == {}
    assert len(scheduler) == 0
    assert all(-ROUNDING_S <= late <= MOST_LATE_S for late in late_s)
