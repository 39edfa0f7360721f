from __future__ import annotations

import heapq
from collections.abc import Callable
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from ocppsim.transport.impairment import Network, NetworkConditions


class FakeTime:
    """A clock with timers that stands still until it is moved."""

    def __init__(self) -> None:
        self.time_s = 0.0
        self._queue: list[tuple[float, int, FakeHandle]] = []

    def now_s(self) -> float:
        return self.time_s

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> FakeHandle:
        handle = FakeHandle(callback)
        heapq.heappush(self._queue, (self.time_s + delay_s, len(self._queue), handle))
        return handle

    def advance(self, to_s: float) -> None:
        while self._queue and self._queue[0][0] <= to_s:
            self.time_s, _, handle = heapq.heappop(self._queue)
            if handle.callback is not None:
                handle.callback()
        self.time_s = to_s


class FakeHandle:
    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        self.callback = None


def network(time: FakeTime, conditions: NetworkConditions, seed: int = 1) -> Network:
    made = Network(time, Random(seed))
    made.set_conditions(conditions)
    return made


def test_a_perfect_network_delivers_at_once() -> None:
    arrived: list[int] = []
    network(FakeTime(), NetworkConditions()).carry_out(lambda: arrived.append(1))
    assert arrived == [1]


def test_latency_delays_each_direction() -> None:
    time, arrived = FakeTime(), list[str]()
    slow = network(time, NetworkConditions(latency_ms=200))
    slow.carry_out(lambda: arrived.append("out"))
    slow.carry_in(lambda: arrived.append("in"))
    time.advance(0.199)
    assert arrived == []
    time.advance(0.2)
    assert arrived == ["out", "in"]


@given(st.integers(), st.lists(st.floats(0, 0.05), min_size=2, max_size=30))
def test_jitter_never_changes_the_order(seed: int, gaps: list[float]) -> None:
    time, arrived = FakeTime(), list[int]()
    shaky = network(time, NetworkConditions(latency_ms=50, jitter_ms=500), seed)
    for number, gap in enumerate(gaps):
        shaky.carry_out(lambda number=number: arrived.append(number))
        time.advance(time.time_s + gap)
    time.advance(100)
    assert arrived == list(range(len(gaps)))


def test_frames_under_way_stay_in_front_when_the_delay_ends() -> None:
    time, arrived = FakeTime(), list[int]()
    line = network(time, NetworkConditions(latency_ms=100))
    line.carry_out(lambda: arrived.append(1))
    line.set_conditions(NetworkConditions())
    line.carry_out(lambda: arrived.append(2))
    assert arrived == []
    time.advance(0.1)
    assert arrived == [1, 2]


def test_loss_drops_about_its_share_of_texts_but_never_the_close() -> None:
    arrived: list[str] = []
    lossy = network(FakeTime(), NetworkConditions(loss=0.5))
    for _ in range(1000):
        lossy.carry_out(lambda: arrived.append("text"))
    assert 400 < len(arrived) < 600
    total = network(FakeTime(), NetworkConditions(loss=1.0))
    arrived.clear()
    total.carry_out(lambda: arrived.append("text"))
    total.carry_close(lambda: arrived.append("close"), lambda: arrived.append("lost"))
    assert arrived == ["close"]


def test_a_black_hole_swallows_everything_even_what_is_under_way() -> None:
    time, arrived, lost = FakeTime(), list[int](), list[int]()
    line = network(time, NetworkConditions(latency_ms=100))
    line.carry_out(lambda: arrived.append(1))
    line.carry_close(lambda: arrived.append(2), lambda: lost.append(2))
    line.set_conditions(NetworkConditions("blackhole"))
    line.carry_out(lambda: arrived.append(3))
    line.carry_close(lambda: arrived.append(4), lambda: lost.append(4))
    time.advance(10)
    assert lost == []
    line.set_conditions(NetworkConditions())
    time.advance(20)
    assert arrived == []
    assert lost == [2, 4]


def test_what_waits_for_the_end_of_a_black_hole_is_called_then() -> None:
    told: list[str] = []
    line = network(FakeTime(), NetworkConditions("blackhole"))
    line.when_not_blackholed(lambda: told.append("recovered"))
    assert told == []
    line.set_conditions(NetworkConditions("cut"))
    assert told == ["recovered"]
    line.when_not_blackholed(lambda: told.append("at once"))
    assert told == ["recovered", "at once"]


CONDITIONS = st.builds(
    NetworkConditions,
    state=st.sampled_from(["up", "up", "up", "cut", "blackhole"]),
    latency_ms=st.sampled_from([0.0, 0.0, 20.0, 300.0]),
    jitter_ms=st.sampled_from([0.0, 0.0, 50.0]),
    loss=st.sampled_from([0.0, 0.0, 0.0, 0.5]),
)


@given(st.lists(CONDITIONS | st.floats(0, 0.2) | st.sampled_from(["in", "out"]), max_size=60))
def test_who_looks_before_sending_keeps_the_order_however_the_network_changes(
    steps: list[NetworkConditions | float | str],
) -> None:
    time = FakeTime()
    line = network(time, NetworkConditions())
    arrived: dict[str, list[int]] = {"in": [], "out": []}
    for number, step in enumerate(steps):
        if isinstance(step, NetworkConditions):
            line.set_conditions(step)
            perfect = step.state == "up" and not step.delays and not step.loss
            assert perfect or not line.is_undisturbed
        elif not isinstance(step, str):
            time.advance(time.time_s + step)
        elif line.is_undisturbed:
            arrived[step].append(number)
        else:
            carry = line.carry_in if step == "in" else line.carry_out
            carry(lambda step=step, number=number: arrived[step].append(number))
    line.set_conditions(NetworkConditions())
    time.advance(time.time_s + 10)
    assert line.is_undisturbed
    for numbers in arrived.values():
        assert numbers == sorted(numbers)
