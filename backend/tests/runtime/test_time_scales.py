"""Which time scale counts where several are set."""

from __future__ import annotations

import pytest

from ocppsim.runtime.time_scales import TimeScales


@pytest.mark.parametrize(
    ("simulation", "location", "own", "in_force"),
    [
        (1.0, 1.0, 1.0, 1.0),
        (60.0, 1.0, 1.0, 60.0),
        (60.0, 10.0, 1.0, 10.0),
        (1.0, 10.0, 1.0, 10.0),
        (60.0, 10.0, 600.0, 600.0),
        (60.0, 10.0, 1.5, 1.5),
    ],
)
def test_the_most_specific_one_that_is_not_real_time_counts(
    simulation: float, location: float, own: float, in_force: float
):
    scales = TimeScales()
    scales.simulation = simulation
    scales.set_location(7, location)
    assert scales.in_force(7, own) == in_force
    assert scales.in_force(8, own) == (own if own != 1.0 else simulation)


def test_a_location_that_is_set_back_runs_as_the_simulation():
    scales = TimeScales()
    scales.set_location(7, 10.0)
    scales.set_location(7, 1.0)
    assert scales.in_force(7, 1.0) == 1.0
