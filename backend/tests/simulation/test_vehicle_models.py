from __future__ import annotations

from typing import Any

import pytest

from ocppsim.physics import CurvePoint
from ocppsim.simulation.resolved_vehicle import DEFAULT_VEHICLE
from ocppsim.simulation.vehicle_models import (
    UnknownVehicleModel,
    VehicleModels,
    parse_vehicle_models,
    vehicle_spec,
)

TEXT = """
[zeta-van]
brand = "Zeta"
name = "Van"
kind = "van"
chemistry = "LFP"
battery_capacity_kwh = 75
nominal_voltage_v = 400
ac_phases = 3
ac_max_power_kw = 11
dc_max_power_kw = 100
dc_charging_curve = [[0, 80], [50, 100], [100, 10]]

[alpha-mini]
brand = "Alpha"
name = "Mini"
kind = "plug-in hybrid"
chemistry = "NMC"
battery_capacity_kwh = 10.5
nominal_voltage_v = 300
ac_phases = 1
ac_max_power_kw = 3.6
ac_min_current_a = 8
"""


@pytest.fixture(scope="module")
def models() -> VehicleModels:
    return parse_vehicle_models(TEXT)


def test_models_stand_in_the_order_of_their_ids(models: VehicleModels) -> None:
    assert [model.id for model in models] == ["alpha-mini", "zeta-van"]
    assert len(models) == 2
    van = models.get("zeta-van")
    assert van.full_name == "Zeta Van"
    assert van.dc_charging_curve[1] == CurvePoint(50.0, 100.0)
    assert models.find("alpha-mini") is models.get("alpha-mini")
    assert models.find("no-such") is None
    assert models.find(None) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["alpha-mini", "zeta-van"]),
        ("VAN", ["zeta-van"]),
        ("mini alpha", ["alpha-mini"]),
        ("hybrid", ["alpha-mini"]),
        ("zeta mini", []),
    ],
)
def test_a_search_finds_every_word_anywhere(
    models: VehicleModels, text: str, found: list[str]
) -> None:
    assert [model.id for model in models.search(text)] == found


@pytest.mark.parametrize("asked", ["zeta-vam", "Zeta Van", "ZETA_VAN", "van"])
def test_an_unknown_id_is_answered_with_those_near_it(models: VehicleModels, asked: str) -> None:
    with pytest.raises(UnknownVehicleModel, match=r"did you mean zeta-van\?"):
        models.get(asked)


@pytest.mark.parametrize("asked", ["", "-", "qqqqqqqqqq"])
def test_nothing_is_suggested_for_what_is_like_nothing(models: VehicleModels, asked: str) -> None:
    with pytest.raises(UnknownVehicleModel) as caught:
        models.get(asked)
    assert "did you mean" not in str(caught.value)


@pytest.mark.parametrize(
    "line",
    [
        "ac_phases = 4",
        'ac_phases = "three"',
        "battery_capacity_kwh = 0",
        'kind = "boat"',
        "wheels = 4",
        "dc_charging_curve = [[50, 1], [50, 2]]",
        "dc_charging_curve = [[50, 1, 2]]",
    ],
)
def test_a_model_that_cannot_be_is_named(line: str) -> None:
    name = line.partition(" ")[0]
    table = TEXT[TEXT.index("[alpha-mini]") :].splitlines()
    kept = [each for each in table if not each.startswith(name)]
    with pytest.raises(ValueError, match="vehicle model alpha-mini"):
        parse_vehicle_models("\n".join([*kept, line]))


def test_a_vehicle_is_as_its_model_but_for_its_own_numbers(models: VehicleModels) -> None:
    van = models.get("zeta-van")
    own: dict[str, Any] = {"battery_capacity_kwh": 60, "ac_phases": None, "colour": "red"}
    spec = vehicle_spec("Blue van", own, van)
    assert spec.name == "Blue van"
    assert spec.battery_capacity_kwh == 60.0
    assert spec.ac_phases == 3
    assert spec.dc_charging_curve == van.dc_charging_curve
    assert van.spec().battery_capacity_kwh == 75.0


def test_a_vehicle_with_fewer_phases_keeps_the_power_of_each(models: VehicleModels) -> None:
    van = models.get("zeta-van")
    spec = vehicle_spec("Rewired", {"ac_phases": 1}, van)
    assert (spec.ac_phases, spec.ac_max_power_kw) == (1, pytest.approx(11 / 3))
    given = vehicle_spec("Rewired", {"ac_phases": 1, "ac_max_power_kw": 7.4}, van)
    assert given.ac_max_power_kw == 7.4


def test_a_vehicle_without_a_model_is_as_the_default_car() -> None:
    curve = [{"soc_percent": 0, "power_kw": 50}]
    spec = vehicle_spec("Own", {"dc_charging_curve": curve})
    assert spec.dc_charging_curve == (CurvePoint(0.0, 50.0),)
    assert spec.ac_max_power_kw == DEFAULT_VEHICLE.spec.ac_max_power_kw
    assert vehicle_spec("Default car", {}) == DEFAULT_VEHICLE.spec


def test_numbers_that_cannot_be_are_refused(models: VehicleModels) -> None:
    with pytest.raises(ValueError, match="ac_efficiency"):
        vehicle_spec("Perpetual", {"ac_efficiency": 1.5}, models.get("zeta-van"))
