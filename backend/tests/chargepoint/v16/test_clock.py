"""The clock on the wire: an offset that the CSMS corrects, within reason."""

from __future__ import annotations

import pytest

from ocppsim.chargepoint.v16.clock import Clock


def test_it_shows_the_wall_clock_of_a_simulated_second():
    clock = Clock(1_767_225_600.0)
    assert clock.wall_s(60.5) == 1_767_225_660.5
    assert clock.stamp(60.5) == "2026-01-01T00:01:00.500Z"


@pytest.mark.parametrize("correction_s", [-86_400.0, -1.0, 1.0, 5.5])
def test_it_takes_over_a_time_that_differs(correction_s: float):
    clock = Clock(1_767_225_600.0)
    assert clock.adjust(1_767_225_700.0 + correction_s, 100.0) == correction_s
    assert clock.wall_s(100.0) == 1_767_225_700.0 + correction_s


@pytest.mark.parametrize("difference_s", [-0.9, 0.0, 0.9])
def test_less_than_a_second_is_the_way_there(difference_s: float):
    clock = Clock(1_767_225_600.0)
    assert clock.adjust(1_767_225_700.0 + difference_s, 100.0) == 0.0
    assert clock.wall_s(100.0) == 1_767_225_700.0


@pytest.mark.parametrize("wall_s", [-62_135_596_800.0, -1.0, 253_402_300_799.0])
def test_a_time_that_no_clock_can_show_for_long_is_not_believed(wall_s: float):
    clock = Clock(1_767_225_600.0)
    assert clock.adjust(wall_s, 0.0) == 0.0
    assert clock.epoch_s == 1_767_225_600.0
