from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.physics import CurvePoint, DeratingPoint, Vehicle, VehicleSpec
from ocppsim.physics.curve import power_at
from ocppsim.physics.vehicle import CUT_OFF_C_RATE

CURVE = (CurvePoint(10.0, 100.0), CurvePoint(50.0, 120.0), CurvePoint(90.0, 20.0))


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"battery_capacity_kwh": 0.0}, "battery_capacity_kwh"),
        ({"battery_capacity_kwh": float("nan")}, "battery_capacity_kwh"),
        ({"nominal_voltage_v": float("inf")}, "nominal_voltage_v"),
        ({"ac_max_power_kw": -1.0}, "ac_max_power_kw"),
        ({"dc_max_power_kw": float("nan")}, "dc_max_power_kw"),
        ({"ac_phases": 4}, "ac_phases"),
        ({"ac_phases": 0}, "ac_phases"),
        ({"ac_efficiency": 0.0}, "ac_efficiency"),
        ({"dc_efficiency": 1.01}, "dc_efficiency"),
        ({"dc_charging_curve": (CurvePoint(50.0, 1.0), CurvePoint(50.0, 2.0))}, "must rise"),
        ({"dc_charging_curve": (CurvePoint(101.0, 1.0),)}, "0 to 100"),
        ({"dc_charging_curve": (CurvePoint(10.0, -1.0),)}, "power_kw"),
        ({"dc_max_current_a": 0.0}, "dc_max_current_a"),
        ({"reaction_delay_s": -1.0}, "reaction_delay_s"),
        ({"auxiliary_power_w": float("nan")}, "auxiliary_power_w"),
        ({"target_soc_percent": 0.0}, "target_soc_percent"),
        ({"warming_kelvin_per_percent": 101.0}, "warming_kelvin_per_percent"),
        ({"cold_derating": (DeratingPoint(-300.0, 0.5),)}, "celsius"),
        ({"cold_derating": (DeratingPoint(0.0, 1.5),)}, "share"),
        ({"cold_derating": (DeratingPoint(5.0, 0.5), DeratingPoint(0.0, 1.0))}, "must rise"),
    ],
)
def test_a_vehicle_that_cannot_be_is_refused(fields: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        VehicleSpec(name="x", **fields)


def test_a_stored_vehicle_that_cannot_be_is_refused_by_the_decoder() -> None:
    with pytest.raises(msgspec.ValidationError, match="ac_phases"):
        msgspec.json.decode(b'{"name":"x","ac_phases":9}', type=VehicleSpec)


def test_a_vehicle_survives_storing() -> None:
    spec = VehicleSpec(name="x", dc_charging_curve=CURVE)
    assert msgspec.json.decode(msgspec.json.encode(spec), type=VehicleSpec) == spec


def test_the_dc_curve_is_linear_between_its_points_and_level_outside_them() -> None:
    spec = VehicleSpec(
        name="x", battery_capacity_kwh=100.0, dc_max_power_kw=110.0, dc_charging_curve=CURVE
    )
    knots = spec.power_knots("DC", 500_000.0, 0)
    assert [(knot.stored_wh, knot.power_w) for knot in knots] == [
        (0.0, 100_000.0),
        (10_000.0, 100_000.0),
        (pytest.approx(30_000.0), pytest.approx(110_000.0)),
        (50_000.0, 110_000.0),
        (pytest.approx(54_000.0), pytest.approx(110_000.0)),
        (90_000.0, 20_000.0),
        (100_000.0, 20_000.0),
    ]


def test_a_curve_that_falls_to_nothing_still_fills_the_battery() -> None:
    curve = (CurvePoint(0.0, 50.0), CurvePoint(100.0, 0.0))
    spec = VehicleSpec(name="x", battery_capacity_kwh=50.0, dc_charging_curve=curve)
    assert spec.power_knots("DC", 50_000.0, 0)[-1].power_w == 50_000.0 * CUT_OFF_C_RATE


def test_an_inlet_that_is_weaker_than_the_cut_off_current_gives_what_it_has() -> None:
    spec = VehicleSpec(name="x", dc_max_power_kw=1.0)
    assert {knot.power_w for knot in spec.power_knots("DC", 50_000.0, 0)} == {1_000.0}


def test_an_offer_below_the_curve_limits_all_of_it() -> None:
    spec = VehicleSpec(name="x", dc_charging_curve=CURVE)
    assert {knot.power_w for knot in spec.power_knots("DC", 5_000.0, 0)} == {5_000.0}


@pytest.mark.parametrize(
    ("ac_phases", "ac_max_power_kw", "supply_phases", "offered_w", "expected_w"),
    [
        (3, 11.0, 3, 22_080.0, 11_000.0),
        (3, 11.0, 1, 7_360.0, 11_000.0 / 3.0),
        (1, 7.4, 3, 22_080.0, 7_360.0),
        (2, 7.4, 3, 22_080.0, 7_400.0),
        (3, 43.0, 3, 22_080.0, 22_080.0),
        (3, 22.0, 3, 11_040.0, 11_040.0),
    ],
)
def test_ac_power_is_the_least_of_car_and_supply_on_the_phases_that_both_have(
    ac_phases: int,
    ac_max_power_kw: float,
    supply_phases: int,
    offered_w: float,
    expected_w: float,
) -> None:
    spec = VehicleSpec(name="x", ac_phases=ac_phases, ac_max_power_kw=ac_max_power_kw)
    power_w = spec.ac_power_w(offered_w, supply_phases)
    assert 0.99 * expected_w <= power_w <= expected_w


@given(
    capacity_kwh=st.floats(5.0, 200.0),
    dc_max_power_kw=st.floats(10.0, 400.0),
    soc_percent=st.floats(0.0, 99.0),
    share=st.floats(0.01, 1.0),
    efficiency=st.floats(0.8, 1.0),
)
def test_the_packs_ohmic_loss_is_part_of_the_charging_losses(
    capacity_kwh: float, dc_max_power_kw: float, soc_percent: float, share: float, efficiency: float
) -> None:
    spec = VehicleSpec(
        name="x",
        battery_capacity_kwh=capacity_kwh,
        dc_max_power_kw=dc_max_power_kw,
        dc_efficiency=efficiency,
    )
    battery = Vehicle(spec, soc_percent).battery
    power_w = dc_max_power_kw * 1000.0 * share
    current_a = power_w / battery.terminal_voltage_v(power_w)
    ohmic_w = current_a * current_a * battery.resistance_ohm
    assert ohmic_w <= power_w * (1.0 - efficiency) + 1e-6


def test_a_vehicle_draws_while_it_is_let_to_and_has_room() -> None:
    vehicle = Vehicle(VehicleSpec(name="x"), 50.0)
    assert vehicle.draws
    vehicle.willing = False
    assert not vehicle.draws
    assert not Vehicle(VehicleSpec(name="x"), 100.0).draws


def test_a_vehicle_without_an_inlet_takes_none_of_that_power() -> None:
    assert not VehicleSpec(name="x", dc_max_power_kw=0.0).can_take("DC")
    assert VehicleSpec(name="x", dc_max_power_kw=0.0).can_take("AC")
    assert VehicleSpec(name="x", dc_max_power_kw=0.0).battery_resistance_ohm == 0.0


def test_lfp_keeps_its_power_for_longer_than_nmc() -> None:
    nmc = VehicleSpec(name="x", chemistry="NMC")
    lfp = VehicleSpec(name="x", chemistry="LFP")
    at_80 = [power_at(spec.power_knots("DC", 1e6, 0), 80_000.0) for spec in (nmc, lfp)]
    assert 60_000.0 < at_80[0] < 90_000.0
    assert at_80[1] > 130_000.0
    for spec in (nmc, lfp):
        knots = spec.power_knots("DC", 1e6, 0)
        assert knots[0].power_w == 150_000.0
        assert knots[-1] == (100_000.0, 100_000.0 * CUT_OFF_C_RATE)


def test_the_inlets_current_limits_the_power_at_a_low_voltage() -> None:
    spec = VehicleSpec(name="x", chemistry="NMC", dc_max_current_a=300.0)
    for soc_percent in (0.0, 10.0, 30.0, 50.0):
        battery = Vehicle(spec, soc_percent).battery
        power_w = power_at(spec.power_knots("DC", 1e6, 0), battery.stored_wh)
        assert power_w / battery.terminal_voltage_v(power_w) == pytest.approx(300.0)


def test_a_cold_battery_takes_its_share_and_warms_with_what_it_gets() -> None:
    spec = VehicleSpec(
        name="x",
        cold_derating=(DeratingPoint(0.0, 0.2), DeratingPoint(20.0, 1.0)),
        warming_kelvin_per_percent=1.0,
    )
    vehicle = Vehicle(spec, 10.0, 5.0)
    knots = vehicle.power_knots("DC", 1e6, 0)
    assert power_at(knots, 10_000.0) == pytest.approx(150_000.0 * 0.4)
    assert power_at(knots, 20_000.0) == pytest.approx(150_000.0 * 0.8)
    assert power_at(knots, 25_000.0) == pytest.approx(150_000.0)
    assert vehicle.power_knots("AC", 22_080.0, 3)[0].power_w == 11_000.0
    vehicle.battery.stored_wh = 20_000.0
    assert vehicle.battery_celsius == pytest.approx(15.0)
    vehicle.battery.stored_wh = 90_000.0
    assert vehicle.battery_celsius == 25.0
    assert Vehicle(spec, 10.0).battery_celsius is None


@pytest.mark.parametrize("celsius", [-40.0, -10.0, 0.0, 3.0, 24.0, 25.0, 60.0])
def test_a_cold_battery_takes_no_more_than_a_warm_one_and_fills_all_the_same(
    celsius: float,
) -> None:
    spec = VehicleSpec(
        name="x", cold_derating=(DeratingPoint(-10.0, 0.0), DeratingPoint(30.0, 0.9))
    )
    for power_type in ("AC", "DC"):
        warm = Vehicle(spec, 10.0).power_knots(power_type, 1e6, 3)
        cold = Vehicle(spec, 10.0, celsius).power_knots(power_type, 1e6, 3)
        for percent in range(10, 101, 3):
            stored_wh = percent * 1_000.0
            assert 2_000.0 <= power_at(cold, stored_wh) <= power_at(warm, stored_wh) + 1e-6


def test_a_curve_ends_at_the_target() -> None:
    spec = VehicleSpec(name="x", dc_charging_curve=CURVE, target_soc_percent=70.0)
    assert spec.power_knots("DC", 1e6, 0)[-1] == (70_000.0, pytest.approx(70_000.0))
    vehicle = Vehicle(spec, 69.0)
    assert vehicle.draws
    vehicle.battery.stored_wh = spec.target_wh
    assert vehicle.satisfied
    assert not vehicle.draws
    assert not vehicle.battery.full


def test_the_auxiliary_load_comes_on_top_of_the_dc_curve() -> None:
    spec = VehicleSpec(name="x", dc_charging_curve=CURVE, auxiliary_power_w=2_000.0)
    assert power_at(spec.power_knots("DC", 1e6, 0), 90_000.0) == pytest.approx(22_000.0)
    assert spec.power_knots("AC", 1e6, 3)[0].power_w == 11_000.0


@pytest.mark.parametrize("celsius", [-101.0, 101.0, float("nan")])
def test_a_temperature_that_no_battery_has_is_refused(celsius: float) -> None:
    with pytest.raises(ValueError, match="°C"):
        Vehicle(VehicleSpec(name="x"), 50.0, celsius)
