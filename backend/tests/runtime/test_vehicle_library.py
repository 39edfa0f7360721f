"""What must hold of every model that comes with the simulator."""

from __future__ import annotations

import re
from random import Random

import pytest

from ocppsim.physics import Evse, Noise, PowerType, Vehicle, VehicleSpec
from ocppsim.runtime.vehicle_library import vehicle_models
from ocppsim.simulation.vehicle_models import VEHICLE_KINDS, VehicleModel

MODELS = list(vehicle_models())
DC_MODELS = [model for model in MODELS if model.dc_max_power_kw]
HYBRIDS = [model for model in MODELS if model.kind == "plug-in hybrid"]


def named(model: VehicleModel) -> str:
    return model.id


def minutes_from_10_to_80(spec: VehicleSpec, power_type: PowerType, max_power_w: float) -> int:
    evse = Evse(power_type=power_type, max_power_w=max_power_w, phases=3, noise=Noise(Random(1)))
    vehicle = Vehicle(spec, 10.0)
    evse.connect(vehicle, 0.0)
    evse.offer(max_power_w, 0.0)
    for minute in range(1, 24 * 60):
        evse.settle(minute * 60.0)
        if vehicle.battery.soc_percent >= 80.0:
            return minute
    raise AssertionError(f"{spec.name} does not charge")


def test_the_library_has_cars_of_every_sort() -> None:
    assert len(MODELS) >= 40
    assert {model.kind for model in MODELS} == set(VEHICLE_KINDS)
    assert {model.ac_phases for model in MODELS} == {1, 2, 3}
    assert {model.chemistry for model in MODELS} == {"NMC", "LFP"}
    assert len({model.brand for model in MODELS}) >= 20
    assert sum(model.nominal_voltage_v > 500 for model in MODELS) >= 8
    assert any(not model.dc_max_power_kw for model in MODELS)
    assert any(model.ac_min_current_a > 6 for model in MODELS)


def test_no_two_models_are_called_the_same() -> None:
    names = [model.full_name for model in MODELS]
    assert len(set(names)) == len(names)
    assert [model.id for model in MODELS] == sorted(model.id for model in MODELS)


@pytest.mark.parametrize("model", MODELS, ids=named)
def test_the_figures_are_those_of_a_car(model: VehicleModel) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", model.id)
    assert model.brand.strip() == model.brand != ""
    assert model.name.strip() == model.name != ""
    smallest_kwh, largest_kwh = (8, 30) if model in HYBRIDS else (15, 140)
    assert smallest_kwh <= model.battery_capacity_kwh <= largest_kwh
    assert 200 <= model.nominal_voltage_v <= 950
    assert 3.3 <= model.ac_max_power_kw <= 22
    assert 6 <= model.ac_min_current_a <= 10
    assert model.ac_max_power_kw * 1000 / (230 * model.ac_phases) > model.ac_min_current_a
    assert 0.8 <= model.ac_efficiency <= 0.95
    assert 0.9 <= model.dc_efficiency <= 0.98
    assert 1 <= model.reaction_delay_s <= 3
    assert 3 <= model.ac_ramp_a_per_s <= 10


@pytest.mark.parametrize("model", DC_MODELS, ids=named)
def test_a_curve_is_complete_and_ends_low(model: VehicleModel) -> None:
    marks = [point.soc_percent for point in model.dc_charging_curve]
    powers_kw = [point.power_kw for point in model.dc_charging_curve]
    assert marks == sorted(set(marks))
    assert (marks[0], marks[-1]) == (0, 100)
    assert max(powers_kw) == model.dc_max_power_kw
    assert powers_kw[-1] < 0.5 * model.dc_max_power_kw
    assert 0.5 <= model.dc_max_power_kw / model.battery_capacity_kwh <= 4.0
    assert model.dc_ramp_kw_per_s > 0


@pytest.mark.parametrize("model", MODELS, ids=named)
def test_it_charges_on_ac_in_a_believable_time(model: VehicleModel) -> None:
    assert 30 <= minutes_from_10_to_80(model.spec(), "AC", 22_080.0) <= 15 * 60


@pytest.mark.parametrize("model", DC_MODELS, ids=named)
def test_it_charges_on_dc_in_a_believable_time(model: VehicleModel) -> None:
    assert 14 <= minutes_from_10_to_80(model.spec(), "DC", 400_000.0) <= 75


@pytest.mark.parametrize("model", DC_MODELS, ids=named)
def test_it_never_takes_more_than_its_curve_and_fills_up(model: VehicleModel) -> None:
    evse = Evse(power_type="DC", max_power_w=400_000.0, phases=3, noise=Noise(Random(1)))
    vehicle = Vehicle(model.spec(), 0.0)
    evse.connect(vehicle, 0.0)
    evse.offer(400_000.0, 0.0)
    least_kw = model.battery_capacity_kwh / 50
    minute = 0
    while not vehicle.battery.full:
        minute += 1
        evse.settle(minute * 60.0)
        soc = vehicle.battery.soc_percent
        curve = model.dc_charging_curve
        before = [point for point in curve if point.soc_percent <= soc][-1]
        after = next(point for point in curve if point.soc_percent >= soc)
        most_kw = max(before.power_kw, after.power_kw, least_kw)
        assert evse.power_w / 1000.0 <= most_kw + 1e-6
    assert minute < 4 * 60


def test_what_has_no_dc_inlet_has_no_curve() -> None:
    for model in MODELS:
        assert bool(model.dc_charging_curve) == (model.dc_max_power_kw > 0)
        assert model.spec().can_take("DC") == (model.dc_max_power_kw > 0)
