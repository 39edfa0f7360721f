"""Every model of the library at an AC and a DC outlet: it begins, keeps to its curve, and ends."""

from __future__ import annotations

from random import Random

import pytest

from ocppsim.physics import Evse, Noise, Vehicle
from ocppsim.physics.curve import power_at
from ocppsim.physics.vehicle import PowerType
from ocppsim.runtime.vehicle_library import vehicle_models
from ocppsim.simulation.vehicle_models import VehicleModel

MODELS = list(vehicle_models())
BY_ID = [model.id for model in MODELS]


def charging(
    model: VehicleModel, power_type: PowerType, battery_celsius: float | None
) -> tuple[Evse, Vehicle]:
    max_power_w = 22_080.0 if power_type == "AC" else 400_000.0
    evse = Evse(power_type=power_type, max_power_w=max_power_w, phases=3, noise=Noise(Random(1)))
    vehicle = Vehicle(model.spec(), 10.0, battery_celsius)
    evse.connect(vehicle, 0.0)
    evse.offer(max_power_w, 0.0)
    evse.settle(model.reaction_delay_s)
    return evse, vehicle


@pytest.mark.parametrize("battery_celsius", [None, -10.0])
@pytest.mark.parametrize("power_type", ["AC", "DC"])
@pytest.mark.parametrize("model", MODELS, ids=BY_ID)
def test_a_model_charges_within_its_curve_until_it_is_full(
    model: VehicleModel, power_type: PowerType, battery_celsius: float | None
) -> None:
    spec = model.spec()
    if not spec.can_take(power_type):
        return
    evse, vehicle = charging(model, power_type, battery_celsius)
    own = spec.power_knots(power_type, 400_000.0, 3)
    full_at_s = evse.full_at_s
    assert full_at_s < 36 * 3600.0
    for part in range(1, 40):
        reading = evse.read(full_at_s * part / 40.0)
        assert evse.draws
        most_w = power_at(own, vehicle.battery.stored_wh)
        assert 0.0 < reading.power_w <= most_w * (1.0 + 1e-6)
        if power_type == "DC":
            assert 0.85 < reading.voltage_v / spec.nominal_voltage_v < 1.2
    evse.settle(full_at_s)
    assert not evse.draws
    kept_wh = evse.energy_wh * spec.efficiency(power_type)
    assert kept_wh == pytest.approx(spec.battery_capacity_wh * 0.9)
