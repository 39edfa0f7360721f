"""What a meter shows of what flows: perfect, deviating, in steps."""

from __future__ import annotations

from math import acos, tan
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.physics import (
    POWER_FACTOR,
    Evse,
    Noise,
    PowerType,
    Reading,
    Vehicle,
    VehicleSpec,
    read_main_meter,
)

TAN_PHI = tan(acos(POWER_FACTOR))
CAR = VehicleSpec(name="car", battery_capacity_kwh=80.0, ac_max_power_kw=22.0)


def outlet(
    power_type: PowerType = "AC",
    phases: int = 3,
    *,
    deviation: float = 0.0,
    resolution_wh: float = 0.0,
    spec: VehicleSpec = CAR,
    noise: Noise | None = None,
) -> Evse:
    """An outlet that charges a car from 0 s on."""
    evse = Evse(
        power_type=power_type,
        max_power_w=22_080.0,
        phases=phases,
        noise=noise or Noise(Random(4)),
        meter_deviation=deviation,
        meter_resolution_wh=resolution_wh,
    )
    evse.connect(Vehicle(spec, 10.0), 0.0)
    evse.offer(evse.max_power_w, 0.0)
    return evse


@st.composite
def charging_outlets(draw: st.DrawFn) -> Evse:
    return outlet(
        draw(st.sampled_from(["AC", "AC", "DC"])),
        draw(st.sampled_from([1, 3])),
        deviation=draw(st.floats(-0.05, 0.05)),
        resolution_wh=draw(st.sampled_from([0.0, 1.0, 10.0, 100.0])),
        spec=VehicleSpec(
            name="any car",
            battery_capacity_kwh=draw(st.floats(5.0, 120.0)),
            ac_phases=draw(st.sampled_from([1, 2, 3])),
            ac_max_power_kw=draw(st.floats(2.0, 22.0)),
            auxiliary_power_w=draw(st.floats(0.0, 500.0)),
            ac_ramp_a_per_s=draw(st.sampled_from([0.0, 0.5])),
            dc_ramp_kw_per_s=draw(st.sampled_from([0.0, 1.0])),
        ),
    )


def assert_agrees(reading: Reading) -> None:
    """P = sum(U I cos phi), Q = P tan phi = sum of its phases, S² = P² + Q²."""
    active_w, reactive_var = reading.power_w, reading.reactive_power_var
    if not reading.phase_voltage_v:
        assert active_w == pytest.approx(reading.voltage_v * reading.current_a)
        assert reactive_var == reading.reactive_energy_varh == 0.0
        return
    lines = list(zip(reading.phase_voltage_v, reading.phase_current_a, strict=True))
    apparent_va = sum(volts * amperes for volts, amperes in lines)
    assert active_w == pytest.approx(apparent_va * reading.power_factor)
    assert active_w**2 + reactive_var**2 == pytest.approx(apparent_va**2)
    assert sum(reading.phase_power_w) == pytest.approx(active_w)
    assert sum(reading.phase_reactive_power_var) == pytest.approx(reactive_var)
    if active_w:
        assert reactive_var / active_w == pytest.approx(TAN_PHI)


@given(charging_outlets(), st.lists(st.floats(0.0, 40_000.0), min_size=2, max_size=12))
def test_whatever_the_meter_its_numbers_agree_and_its_registers_never_fall(
    evse: Evse, times: list[float]
) -> None:
    active_wh = reactive_varh = 0.0
    for now_s in sorted(times):
        reading = evse.read(now_s)
        assert_agrees(reading)
        assert reading.energy_wh >= active_wh
        assert reading.reactive_energy_varh >= reactive_varh
        active_wh, reactive_varh = reading.energy_wh, reading.reactive_energy_varh


@given(st.floats(-0.03, 0.03), st.floats(1.0, 20_000.0))
def test_register_power_and_current_deviate_alike(deviation: float, now_s: float) -> None:
    true = outlet().read(now_s)
    shown = outlet(deviation=deviation).read(now_s)
    assert shown.energy_wh == pytest.approx(true.energy_wh * (1.0 + deviation))
    assert shown.reactive_energy_varh == pytest.approx(shown.energy_wh * TAN_PHI)
    assert shown.power_w == pytest.approx(true.power_w * (1.0 + deviation))
    assert shown.current_a == pytest.approx(true.current_a * (1.0 + deviation))
    assert shown.phase_voltage_v == true.phase_voltage_v
    assert shown.soc_percent == true.soc_percent


@given(st.floats(0.0, 20_000.0), st.sampled_from([1.0, 10.0, 100.0, 1000.0]))
def test_registers_go_up_in_whole_steps_and_are_never_ahead(
    now_s: float, resolution_wh: float
) -> None:
    true = outlet().read(now_s)
    shown = outlet(resolution_wh=resolution_wh).read(now_s)
    for register, flowed in (
        (shown.energy_wh, true.energy_wh),
        (shown.reactive_energy_varh, true.reactive_energy_varh),
    ):
        assert register % resolution_wh == 0.0
        assert 0.0 <= flowed - register < resolution_wh
    assert shown.power_w == true.power_w


def test_a_perfect_meter_shows_exactly_what_flows() -> None:
    evse = outlet()
    assert evse.read(3_333.0).energy_wh == evse.energy_wh == evse.counted_wh


def test_the_deviation_is_of_what_is_shown_not_of_what_the_battery_gets() -> None:
    evse = outlet(deviation=0.02)
    evse.read(1_800.0)
    assert evse.counted_wh == pytest.approx(evse.energy_wh * 1.02)
    assert evse.energy_wh == outlet().read(1_800.0).energy_wh


def test_another_meter_goes_on_where_the_old_one_was() -> None:
    old = outlet(deviation=0.02)
    before_wh = old.read(1_800.0).energy_wh
    new = outlet(deviation=-0.02)
    new.restore_energy(old.energy_wh, old.counted_wh)
    assert new.read(0.0).energy_wh == pytest.approx(before_wh)
    assert new.energy_wh == old.energy_wh
    assert new.read(600.0).energy_wh - before_wh == pytest.approx(22_000.0 / 6.0 * 0.98, rel=0.01)


def test_a_register_that_was_seen_is_not_lower_in_coarser_steps() -> None:
    fine = outlet(resolution_wh=1.0)
    seen_wh = fine.read(1_234.0).energy_wh
    coarse = outlet(resolution_wh=1000.0)
    coarse.restore_energy(fine.energy_wh, fine.counted_wh)
    coarse.catch_up(seen_wh)
    assert coarse.energy_wh == fine.energy_wh
    assert coarse.read(0.0).energy_wh == seen_wh
    assert coarse.read(3_600.0).energy_wh % 1000.0 == 0.0


@pytest.mark.parametrize("deviation", [0.0, 0.02, -0.02])
def test_a_register_that_was_seen_ahead_tells_what_has_flowed(deviation: float) -> None:
    evse = outlet(deviation=deviation)
    evse.catch_up(1_000.0)
    assert evse.energy_wh == pytest.approx(1_000.0 / (1.0 + deviation))
    assert evse.read(0.0).energy_wh == pytest.approx(1_000.0)


@pytest.mark.parametrize("kinds", [["AC", "AC"], ["DC", "DC"], ["AC", "DC"]])
def test_the_main_meter_sums_up_what_its_connectors_show(kinds: list[PowerType]) -> None:
    noise = Noise(Random(9))
    parts = [
        outlet(kind, deviation=0.01 * number, resolution_wh=10.0, noise=noise).read(900.0)
        for number, kind in enumerate(kinds, start=1)
    ]
    whole = read_main_meter(parts, noise, 900.0)
    assert_agrees(whole)
    assert whole.energy_wh == sum(part.energy_wh for part in parts)
    assert whole.power_w == sum(part.power_w for part in parts)
    if "AC" in kinds:
        reactive_varh = sum(part.reactive_energy_varh or part.energy_wh * TAN_PHI for part in parts)
        assert whole.reactive_energy_varh == pytest.approx(reactive_varh)
    else:
        assert whole.reactive_energy_varh == 0.0
