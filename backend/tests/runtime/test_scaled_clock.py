"""The clock of fast time: it goes on from where it is, and never back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.chargepoint.moment import Moment
from ocppsim.runtime.clock import SystemClock
from ocppsim.runtime.scaled_clock import ScaledClock

MACHINE_EPOCH_S = 1_767_225_600.0
SCALES = st.floats(1.0, 3600.0)


class Machine:
    """A monotonic clock that a test moves; its wall clock goes with it."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def clock(self) -> SystemClock:
        return SystemClock(lambda: self.now_s, lambda: MACHINE_EPOCH_S + self.now_s)


def test_it_begins_with_real_time_and_runs_at_its_pace():
    machine = Machine()
    clock = ScaledClock(machine.clock())
    assert clock.now() == Moment(1000.0, 1000.0)
    clock.set_time_scale(60.0, 1000.0)
    machine.now_s = 1002.0
    assert clock.now() == Moment(1120.0, 1002.0)
    assert clock.wall_s() == MACHINE_EPOCH_S + 1002.0
    clock.set_time_scale(1.0, 1002.0)
    machine.now_s = 1003.0
    assert clock.now() == Moment(1121.0, 1003.0)


def test_its_epoch_tells_how_far_it_is_ahead_of_the_world():
    machine = Machine()
    clock = ScaledClock(machine.clock())
    clock.set_time_scale(60.0, 1000.0)
    machine.now_s = 1010.0
    assert clock.now().simulated_s + clock.epoch_s == clock.wall_s()
    assert clock.epoch_s == MACHINE_EPOCH_S - 590.0


@given(steps=st.lists(st.tuples(st.floats(0.0, 1e5), SCALES), min_size=1))
def test_it_is_monotonic_and_continuous_whatever_the_scale_is_changed_to(
    steps: list[tuple[float, float]],
):
    machine = Machine()
    clock = ScaledClock(machine.clock())
    for passed_s, time_scale in steps:
        before = clock.now()
        time_scale_before = clock.time_scale
        machine.now_s += passed_s
        after = clock.now()
        assert after.real_s == machine.now_s
        expected_s = before.simulated_s + passed_s * time_scale_before
        assert after.simulated_s == pytest.approx(expected_s, rel=1e-12)
        assert after.simulated_s >= before.simulated_s
        clock.set_time_scale(time_scale, machine.now_s)
        assert clock.now().simulated_s == pytest.approx(after.simulated_s, rel=1e-12)
        assert clock.now().simulated_s >= after.simulated_s


@given(time_scale=SCALES, ahead_s=st.floats(0.0, 1e7))
def test_it_says_when_it_will_show_a_time(time_scale: float, ahead_s: float):
    machine = Machine()
    clock = ScaledClock(machine.clock())
    clock.set_time_scale(time_scale, machine.now_s)
    due_s = clock.now().simulated_s + ahead_s
    machine.now_s = clock.real_at(due_s)
    assert clock.now().simulated_s == pytest.approx(due_s, rel=1e-9)


def test_a_moment_that_is_over_is_given_as_it_was_unless_a_later_one_was():
    machine = Machine()
    clock = ScaledClock(machine.clock())
    clock.set_time_scale(3600.0, 1000.0)
    machine.now_s = 1001.0
    assert clock.at(2000.0) == Moment(2000.0, 1001.0)
    assert clock.at(1500.0) == Moment(2000.0, 1001.0)
    assert clock.at(9999.0) == Moment(4600.0, 1001.0)
    assert clock.at(2000.0) == Moment(4600.0, 1001.0)


def test_two_clocks_that_are_changed_as_of_one_instant_stay_together():
    machine = Machine()
    base = machine.clock()
    first, second = ScaledClock(base), ScaledClock(base)
    first.set_time_scale(3600.0, 1000.0)
    machine.now_s = 1000.2
    second.set_time_scale(3600.0, 1000.0)
    assert first.now() == second.now()


def test_slowed_down_as_of_a_little_while_ago_it_waits_instead_of_going_back():
    machine = Machine()
    clock = ScaledClock(machine.clock())
    clock.set_time_scale(3600.0, 1000.0)
    machine.now_s = 1001.0
    assert clock.now().simulated_s == 4600.0
    clock.set_time_scale(1.0, 1000.5)
    assert clock.now().simulated_s == 4600.0
    machine.now_s = 5000.0
    assert clock.now().simulated_s == 2800.0 + 3999.5


def test_what_was_due_before_the_scale_changed_was_due_no_earlier_than_that():
    machine = Machine()
    clock = ScaledClock(machine.clock())
    clock.set_time_scale(3600.0, 1000.0)
    machine.now_s = 1001.0
    clock.set_time_scale(1.0, 1001.0)
    assert clock.real_at(4600.0 - 60.0) == 1001.0
    assert clock.real_at(4600.0 + 60.0) == 1061.0
