"""Ramps on their way to a curve and down from it, against plain integration in small steps."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.physics.course import Course, plan_charge, plan_fall, plan_rise
from ocppsim.physics.curve import Knot, clip, power_at

powers_w = st.floats(min_value=2_000.0, max_value=400_000.0)
auxiliaries_w = st.sampled_from([0.0, 300.0, 1_500.0])
ramps_w_per_s = st.floats(min_value=20.0, max_value=50_000.0)
LEVEL = [Knot(0.0, 11_000.0), Knot(50_000.0, 11_000.0)]


@st.composite
def curves(draw: st.DrawFn) -> list[Knot]:
    capacity_wh = draw(st.floats(min_value=5_000.0, max_value=200_000.0))
    inner = draw(st.lists(st.integers(1, 99), max_size=5, unique=True))
    marks = [0, *sorted(inner), 100]
    return [Knot(capacity_wh * (mark / 100.0), draw(powers_w)) for mark in marks]


def assert_joined(course: Course, stored_wh: float, from_w: float | None = None) -> None:
    """Time, power and stored energy go on where the last stretch left them."""
    assert course[0].starts_at_s == 0.0
    assert course[0].start_stored_wh == stored_wh
    if from_w is not None:
        assert course[0].start_power_w == pytest.approx(from_w)
    for before, after in itertools.pairwise(course):
        assert after.starts_at_s == before.ends_at_s
        assert after.start_stored_wh == pytest.approx(before.end_stored_wh, rel=1e-9)
        power_w, energy_wh, end_wh = before.flow(before.ends_at_s)
        assert power_w == pytest.approx(after.start_power_w, rel=1e-6, abs=1e-6)
        assert energy_wh == pytest.approx(before.energy_wh, rel=1e-9, abs=1e-9)
        assert end_wh == pytest.approx(before.end_stored_wh, rel=1e-9)


def flow_at(course: Course, now_s: float) -> tuple[float, float, float]:
    """Power, energy since the start and stored energy."""
    before_wh = 0.0
    for stretch in course:
        if now_s < stretch.ends_at_s:
            power_w, energy_wh, stored_wh = stretch.flow(now_s)
            return power_w, before_wh + energy_wh, stored_wh
        before_wh += stretch.energy_wh
    return 0.0, before_wh, course[-1].end_stored_wh


def test_a_ramp_up_to_a_level_takes_the_difference_over_its_speed() -> None:
    ramp, level = plan_rise(LEVEL, 10_000.0, 0.9, 0.0, 0.0, from_w=1_000.0, ramp_w_per_s=1_000.0)
    assert ramp.ends_at_s == pytest.approx(10.0)
    assert ramp.energy_wh == pytest.approx(6_000.0 * 10.0 / 3600.0)
    assert ramp.flow(5.0)[0] == pytest.approx(6_000.0)
    assert ramp.flow(5.0)[2] == pytest.approx(10_000.0 + 0.9 * 3_500.0 * 5.0 / 3600.0)
    assert level.start_power_w == 11_000.0
    assert level.end_stored_wh == 50_000.0


def test_a_ramp_down_to_nothing_ends_the_course() -> None:
    (ramp,) = plan_fall(
        LEVEL, [], 10_000.0, 0.9, 0.0, 0.0, from_w=8_000.0, level_w=0.0, ramp_w_per_s=2_000.0
    )
    assert ramp.ends_at_s == pytest.approx(4.0)
    assert ramp.energy_wh == pytest.approx(4_000.0 * 4.0 / 3600.0)


def test_what_is_below_the_auxiliary_load_does_not_charge() -> None:
    knots = [Knot(0.0, 1_000.0), Knot(50_000.0, 1_000.0)]
    (endless,) = plan_charge(knots, 10_000.0, 0.9, 0.0, 1_500.0)
    assert endless.flow(7_200.0) == (1_000.0, 2_000.0, 10_000.0)
    ramp, rest = plan_rise(knots, 10_000.0, 0.9, 0.0, 1_500.0, from_w=0.0, ramp_w_per_s=100.0)
    assert ramp.flow(10.0)[2] == ramp.end_stored_wh == 10_000.0
    assert rest.start_power_w == 1_000.0


def test_a_fall_that_meets_a_steeper_curve_follows_the_curve() -> None:
    own = [Knot(0.0, 100_000.0), Knot(1_000.0, 20_000.0), Knot(50_000.0, 20_000.0)]
    course = plan_fall(
        own,
        clip(own, 0.0, 10_000.0),
        0.0,
        1.0,
        0.0,
        0.0,
        from_w=100_000.0,
        level_w=10_000.0,
        ramp_w_per_s=100.0,
    )
    assert_joined(course, 0.0, 100_000.0)
    steep, ramp, level = course
    assert steep.end_stored_wh == 1_000.0
    assert ramp.ends_at_s - ramp.starts_at_s == pytest.approx(100.0)
    assert level.start_power_w == 10_000.0


@given(curves(), st.floats(0.0, 0.99), st.floats(0.0, 1.0), ramps_w_per_s, auxiliaries_w)
def test_a_rise_meets_the_curve_and_follows_it_to_its_end(
    knots: list[Knot], filled: float, share: float, ramp_w_per_s: float, auxiliary_w: float
) -> None:
    stored_wh = knots[-1].stored_wh * filled
    from_w = power_at(knots, stored_wh) * share
    course = plan_rise(
        knots, stored_wh, 0.9, 0.0, auxiliary_w, from_w=from_w, ramp_w_per_s=ramp_w_per_s
    )
    assert_joined(course, stored_wh, from_w)
    assert course[-1].end_stored_wh == pytest.approx(knots[-1].stored_wh)
    for stretch in course:
        for part in (0.0, 0.3, 0.9):
            at_s = stretch.starts_at_s + part * (stretch.ends_at_s - stretch.starts_at_s)
            power_w, _, now_wh = stretch.flow(at_s)
            assert 0.0 <= power_w <= power_at(knots, now_wh) * (1.0 + 1e-6) + 1e-6


@given(curves(), st.floats(0.0, 0.99), st.floats(0.0, 1.0), ramps_w_per_s, auxiliaries_w, powers_w)
def test_a_fall_stays_within_the_curve_never_rises_above_it_and_reaches_its_level(
    own: list[Knot],
    filled: float,
    share: float,
    ramp_w_per_s: float,
    auxiliary_w: float,
    level_w: float,
) -> None:
    stored_wh = own[-1].stored_wh * filled
    highest_w = power_at(own, stored_wh)
    level_w = min(level_w, highest_w)
    from_w = level_w + (highest_w - level_w) * share
    knots = clip(own, 0.0, level_w)
    course = plan_fall(
        own,
        knots,
        stored_wh,
        0.9,
        0.0,
        auxiliary_w,
        from_w=from_w,
        level_w=level_w,
        ramp_w_per_s=ramp_w_per_s,
    )
    assert_joined(course, stored_wh, from_w)
    assert course[-1].end_stored_wh == pytest.approx(own[-1].stored_wh)
    for stretch in course:
        for part in (0.0, 0.3, 0.9):
            at_s = stretch.starts_at_s + part * (stretch.ends_at_s - stretch.starts_at_s)
            power_w, _, now_wh = stretch.flow(at_s)
            assert power_w <= power_at(own, now_wh) * (1.0 + 1e-6) + 1e-6
            assert power_w <= from_w * (1.0 + 1e-9)
            if at_s > (from_w - level_w) / ramp_w_per_s * (1.0 + 1e-9) and auxiliary_w == 0.0:
                assert power_w <= max(level_w, power_at(own, now_wh)) * (1.0 + 1e-6)


@given(curves(), st.floats(0.0, 0.9), ramps_w_per_s, auxiliaries_w)
def test_a_rise_agrees_with_integrating_in_small_steps(
    knots: list[Knot], filled: float, ramp_w_per_s: float, auxiliary_w: float
) -> None:
    stored_wh = knots[-1].stored_wh * filled
    course = plan_rise(
        knots, stored_wh, 0.9, 0.0, auxiliary_w, from_w=0.0, ramp_w_per_s=ramp_w_per_s
    )
    end_s = min(60.0, course[-1].ends_at_s)
    step_s = end_s / 3_000
    x_wh, energy_wh, offer_w = stored_wh, 0.0, 0.0
    met = False
    for step in range(3_000):
        offer_w = (step + 0.5) * step_s * ramp_w_per_s
        curve_w = power_at(knots, x_wh)
        met = met or offer_w >= curve_w
        power_w = curve_w if met else offer_w
        energy_wh += power_w * step_s / 3600.0
        x_wh += 0.9 * max(power_w - auxiliary_w, 0.0) * step_s / 3600.0
    _, exact_wh, exact_stored_wh = flow_at(course, end_s)
    assert energy_wh == pytest.approx(exact_wh, rel=5e-3, abs=2.0)
    assert x_wh == pytest.approx(exact_stored_wh, rel=5e-3, abs=2.0)
