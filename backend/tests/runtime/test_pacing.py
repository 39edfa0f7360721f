"""Deadlines in fast time: at their own instants, a few at a time, and skipped when too late."""

from __future__ import annotations

import pytest

from ocppsim.chargepoint.moment import Moment
from ocppsim.runtime.clock import SystemClock
from ocppsim.runtime.pacing import LATE_AFTER_S, STEPS_IN_A_TURN, keep_up
from ocppsim.runtime.scaled_clock import ScaledClock

HEARTBEAT_S = 60.0


class Beating:
    """Something that wants a call every minute, and once on the real clock."""

    def __init__(self, now_s: float) -> None:
        self.next_deadline_s = now_s + HEARTBEAT_S
        self.next_real_deadline_s = float("inf")
        self.handled: list[Moment] = []

    def handle_deadline(self, now: Moment) -> None:
        self.handled.append(now)
        if self.next_real_deadline_s <= now.real_s:
            self.next_real_deadline_s = float("inf")
        if self.next_deadline_s <= now.simulated_s:
            self.next_deadline_s = now.simulated_s + HEARTBEAT_S


class World:
    """A minute is a second here."""

    def __init__(self) -> None:
        self.real_s = 0.0
        self.clock = ScaledClock(SystemClock(lambda: self.real_s, lambda: self.real_s))
        self.clock.set_time_scale(60.0, 0.0)
        self.charger = Beating(0.0)

    def turn(self, real_s: float) -> list[Moment]:
        """What is handled when the event loop comes round at ``real_s``."""
        self.real_s = real_s
        self.charger.handled.clear()
        keep_up(self.charger, self.clock)
        return list(self.charger.handled)


@pytest.fixture
def world() -> World:
    return World()


def test_what_is_due_is_handled_at_its_instant_though_the_loop_comes_late(world: World):
    assert world.turn(0.9) == []
    assert world.turn(1.25) == [Moment(60.0, 1.25)]
    assert world.turn(2.5) == [Moment(120.0, 2.5)]


def test_what_came_due_twice_meanwhile_is_handled_twice(world: World):
    world.clock.set_time_scale(600.0, 0.0)
    assert world.turn(0.35) == [Moment(60.0, 0.35), Moment(120.0, 0.35), Moment(180.0, 0.35)]


def test_a_turn_is_bounded_and_the_next_one_goes_on(world: World):
    world.clock.set_time_scale(3600.0, 0.0)
    first = world.turn(0.2)
    minutes = range(1, STEPS_IN_A_TURN + 1)
    assert [moment.simulated_s for moment in first] == [60.0 * n for n in minutes]
    second = world.turn(0.2)
    assert second[0].simulated_s == 60.0 * (STEPS_IN_A_TURN + 1)


def test_a_computer_that_is_too_slow_skips_what_it_missed(world: World):
    world.clock.set_time_scale(3600.0, 0.0)
    late_s = LATE_AFTER_S + 1.0
    assert world.turn(late_s) == [Moment(3600.0 * late_s, late_s)]
    assert world.charger.next_deadline_s == 3600.0 * late_s + HEARTBEAT_S


def test_a_wait_on_the_real_clock_does_not_run_faster(world: World):
    world.charger.next_deadline_s = float("inf")
    world.charger.next_real_deadline_s = 30.0
    assert world.turn(29.0) == []
    assert world.turn(30.0) == [Moment(1800.0, 30.0)]


def test_what_was_shown_already_is_not_undone_by_an_earlier_deadline(world: World):
    world.real_s = 1.5
    assert world.clock.now().simulated_s == 90.0
    assert world.turn(1.5) == [Moment(90.0, 1.5)]
