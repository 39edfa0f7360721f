from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.physics.battery import Battery, Chemistry, open_circuit_share
from ocppsim.physics.course import plan_charge
from ocppsim.physics.curve import Knot, clip

powers_w = st.floats(min_value=100.0, max_value=400_000.0)


@st.composite
def curves(draw: st.DrawFn) -> list[Knot]:
    capacity_wh = draw(st.floats(min_value=1_000.0, max_value=200_000.0))
    inner = draw(st.lists(st.integers(1, 99), max_size=5, unique=True))
    marks = [0, *sorted(inner), 100]
    return [Knot(capacity_wh * (mark / 100.0), draw(powers_w)) for mark in marks]


def power_at(knots: list[Knot], stored_wh: float) -> float:
    for before, after in itertools.pairwise(knots):
        if before.stored_wh <= stored_wh <= after.stored_wh:
            if after.stored_wh == before.stored_wh:
                continue
            share = (stored_wh - before.stored_wh) / (after.stored_wh - before.stored_wh)
            return before.power_w + share * (after.power_w - before.power_w)
    raise AssertionError(f"{stored_wh} lies outside the curve")


def make_battery(soc_percent: float = 50.0, resistance_ohm: float = 0.03) -> Battery:
    return Battery(
        capacity_wh=60_000.0,
        soc_percent=soc_percent,
        nominal_voltage_v=400.0,
        resistance_ohm=resistance_ohm,
    )


def test_a_level_curve_fills_the_battery_in_energy_over_power() -> None:
    (stretch,) = plan_charge([Knot(0.0, 11_000.0), Knot(50_000.0, 11_000.0)], 10_000.0, 0.9, 5.0)
    assert stretch.starts_at_s == 5.0
    assert stretch.ends_at_s == pytest.approx(5.0 + 40_000.0 / (0.9 * 11_000.0) * 3600.0)
    power_w, energy_wh, stored_wh = stretch.flow(5.0 + 3600.0)
    assert (power_w, energy_wh) == (11_000.0, 11_000.0)
    assert stored_wh == pytest.approx(10_000.0 + 9_900.0)


@given(curves(), st.floats(0.0, 0.999), st.floats(0.5, 1.0))
def test_stretches_follow_each_other_without_a_gap_up_to_the_full_battery(
    knots: list[Knot], filled: float, efficiency: float
) -> None:
    stored_wh = knots[-1].stored_wh * filled
    plan = plan_charge(knots, stored_wh, efficiency, 1_000.0)
    assert plan[0].starts_at_s == 1_000.0
    assert plan[0].start_stored_wh == stored_wh
    for before, after in itertools.pairwise(plan):
        assert after.starts_at_s == before.ends_at_s
        assert after.start_stored_wh == before.end_stored_wh
    assert plan[-1].end_stored_wh == knots[-1].stored_wh
    total_wh = sum(stretch.energy_wh for stretch in plan)
    assert total_wh * efficiency == pytest.approx(knots[-1].stored_wh - stored_wh)


@given(curves(), st.floats(0.0, 0.999), st.floats(0.01, 0.99))
def test_the_power_is_the_curves_at_every_state_of_charge(
    knots: list[Knot], filled: float, progress: float
) -> None:
    for stretch in plan_charge(knots, knots[-1].stored_wh * filled, 0.95, 0.0):
        at_s = stretch.starts_at_s + progress * (stretch.ends_at_s - stretch.starts_at_s)
        power_w, energy_wh, stored_wh = stretch.flow(at_s)
        assert power_w == pytest.approx(power_at(knots, stored_wh), rel=1e-6)
        assert energy_wh * 0.95 == pytest.approx(stored_wh - stretch.start_stored_wh)


@given(curves(), st.floats(0.0, 0.9))
def test_the_closed_form_agrees_with_integrating_in_small_steps(
    knots: list[Knot], filled: float
) -> None:
    stored_wh = knots[-1].stored_wh * filled
    stretch = plan_charge(knots, stored_wh, 0.95, 0.0)[0]
    steps = 2_000
    hours = (stretch.ends_at_s - stretch.starts_at_s) / 3600.0 / steps
    for _ in range(steps):
        halfway_wh = stored_wh + 0.95 * power_at(knots, stored_wh) * hours / 2.0
        stored_wh += 0.95 * power_at(knots, min(halfway_wh, stretch.end_stored_wh)) * hours
        stored_wh = min(stored_wh, stretch.end_stored_wh)
    assert stored_wh == pytest.approx(stretch.end_stored_wh, rel=1e-3)


@given(curves(), powers_w, powers_w, st.floats(0.0, 1.0))
def test_a_clipped_curve_is_the_curve_within_its_levels(
    knots: list[Knot], one_w: float, other_w: float, share: float
) -> None:
    lowest_w, highest_w = min(one_w, other_w), max(one_w, other_w)
    clipped = clip(knots, lowest_w, highest_w)
    stored_wh = knots[-1].stored_wh * share
    expected_w = min(max(power_at(knots, stored_wh), lowest_w), highest_w)
    assert power_at(clipped, stored_wh) == pytest.approx(expected_w, rel=1e-6)
    assert all(lowest_w <= knot.power_w <= highest_w for knot in clipped)
    assert [knot.stored_wh for knot in clipped] == sorted(knot.stored_wh for knot in clipped)


def test_the_upper_level_wins_over_the_lower() -> None:
    assert clip([Knot(0.0, 5.0), Knot(1.0, 5.0)], 20.0, 10.0) == [Knot(0.0, 10.0), Knot(1.0, 10.0)]


@given(st.floats(0.0, 100.0), st.floats(0.0, 300_000.0))
def test_voltage_times_current_is_the_power_and_the_drop_is_ohmic(
    soc_percent: float, power_w: float
) -> None:
    battery = make_battery(soc_percent)
    voltage_v = battery.terminal_voltage_v(power_w)
    current_a = power_w / voltage_v
    drop_v = voltage_v - battery.open_circuit_voltage_v
    assert drop_v == pytest.approx(current_a * battery.resistance_ohm, abs=1e-6)


def test_without_current_the_terminals_show_the_open_circuit_voltage() -> None:
    assert make_battery(50.0).terminal_voltage_v(0.0) == 400.0
    assert make_battery(0.0).open_circuit_voltage_v == pytest.approx(360.0)
    assert make_battery(100.0).open_circuit_voltage_v == pytest.approx(440.0)


def test_a_battery_at_100_percent_is_full() -> None:
    assert make_battery(100.0).full
    assert make_battery(100.0).soc_percent == 100.0
    assert not make_battery(99.999).full


@pytest.mark.parametrize("chemistry", ["generic", "NMC", "LFP"])
def test_the_open_circuit_voltage_rises_all_the_way(chemistry: Chemistry) -> None:
    shares = [open_circuit_share(chemistry, tenth / 10.0) for tenth in range(1_001)]
    assert all(after > before for before, after in itertools.pairwise(shares))
    assert 0.85 < shares[0] < 0.95
    assert 1.05 < shares[-1] < 1.15


@pytest.mark.parametrize("soc_percent", [-0.1, 100.1, float("nan")])
def test_a_state_of_charge_is_between_0_and_100_percent(soc_percent: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 100"):
        make_battery(soc_percent)
