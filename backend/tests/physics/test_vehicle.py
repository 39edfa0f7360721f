from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.physics import CurvePoint, Vehicle, VehicleSpec
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
