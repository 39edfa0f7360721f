from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.physics.curve import Knot, lower_of, power_at, raised, up_to

powers_w = st.floats(min_value=100.0, max_value=400_000.0)


@st.composite
def curves(draw: st.DrawFn) -> list[Knot]:
    inner = draw(st.lists(st.integers(1, 99), max_size=5, unique=True))
    return [Knot(500.0 * mark, draw(powers_w)) for mark in (0, *sorted(inner), 100)]


@given(curves(), curves(), st.floats(0.0, 50_000.0))
def test_the_lower_of_two_curves_is_that_everywhere(
    one: list[Knot], other: list[Knot], stored_wh: float
) -> None:
    expected_w = min(power_at(one, stored_wh), power_at(other, stored_wh))
    assert power_at(lower_of(one, other), stored_wh) == pytest.approx(expected_w, rel=1e-6)


@given(curves(), st.floats(1.0, 50_000.0), st.floats(0.0, 1.0))
def test_a_curve_that_is_cut_short_is_the_same_up_to_there(
    knots: list[Knot], end_wh: float, share: float
) -> None:
    cut = up_to(knots, end_wh)
    assert cut[-1].stored_wh == end_wh
    stored_wh = end_wh * share
    assert power_at(cut, stored_wh) == pytest.approx(power_at(knots, stored_wh), rel=1e-6)


def test_a_raised_curve_is_higher_everywhere_and_level_outside_its_corners() -> None:
    knots = raised([Knot(10.0, 5.0), Knot(20.0, 7.0)], 3.0)
    assert [power_at(knots, mark) for mark in (0.0, 10.0, 15.0, 20.0, 99.0)] == [
        8.0,
        8.0,
        9.0,
        10.0,
        10.0,
    ]
