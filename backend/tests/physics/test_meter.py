from __future__ import annotations

from random import Random

import pytest

from ocppsim.physics import Evse, Noise, Reading, Vehicle, VehicleSpec, read_main_meter
from ocppsim.physics.meter import main_meter_phases
from ocppsim.physics.vehicle import PowerType

NOW_S = 600.0


def readings(
    noise: Noise, *kinds: tuple[PowerType, int], ac_phases: int = 3, offered: bool = True
) -> list[Reading]:
    found: list[Reading] = []
    for power_type, phases in kinds:
        evse = Evse(power_type=power_type, max_power_w=11_040.0, phases=phases, noise=noise)
        evse.connect(Vehicle(VehicleSpec(name="x", ac_phases=ac_phases), 30.0), 0.0)
        if offered:
            evse.offer(11_040.0, 0.0)
        found.append(evse.read(NOW_S))
    return found


def assert_sums_up(whole: Reading, parts: list[Reading]) -> None:
    assert whole.energy_wh == sum(part.energy_wh for part in parts)
    assert whole.power_w == sum(part.power_w for part in parts)
    assert whole.power_offered_w == sum(part.power_offered_w for part in parts)
    assert whole.soc_percent is None
    if whole.phase_power_w:
        assert sum(whole.phase_power_w) == pytest.approx(whole.power_w)
        assert whole.current_a == max(whole.phase_current_a)
        phases = zip(whole.phase_voltage_v, whole.phase_current_a, whole.phase_power_w, strict=True)
        for voltage_v, current_a, power_w in phases:
            assert power_w == pytest.approx(voltage_v * current_a * whole.power_factor)
    else:
        assert whole.voltage_v * whole.current_a == pytest.approx(whole.power_w)


@pytest.mark.parametrize(
    "kinds",
    [
        [("AC", 3)],
        [("DC", 0)],
        [("AC", 3), ("AC", 3)],
        [("AC", 3), ("AC", 1)],
        [("AC", 1), ("AC", 1)],
        [("DC", 0), ("DC", 0)],
        [("AC", 3), ("DC", 0), ("DC", 0)],
        [("AC", 1), ("DC", 0)],
    ],
)
@pytest.mark.parametrize("offered", [True, False])
def test_the_main_meter_shows_the_sum_of_all_connectors(
    kinds: list[tuple[PowerType, int]], offered: bool
) -> None:
    noise = Noise(Random(3))
    parts = readings(noise, *kinds, offered=offered)
    whole = read_main_meter(parts, noise, NOW_S)
    assert_sums_up(whole, parts)
    assert len(whole.phase_voltage_v) == main_meter_phases([phases for _, phases in kinds])


def test_the_line_currents_of_two_connectors_add_up() -> None:
    noise = Noise(Random(3))
    parts = readings(noise, ("AC", 3), ("AC", 3), ac_phases=1)
    whole = read_main_meter(parts, noise, NOW_S)
    assert whole.phase_current_a[0] == pytest.approx(2.0 * parts[0].phase_current_a[0])
    assert whole.phase_current_a[1:] == (0.0, 0.0)
    assert whole.phase_voltage_v == parts[0].phase_voltage_v


def test_the_only_connectors_meter_is_the_main_meter() -> None:
    noise = Noise(Random(3))
    (part,) = readings(noise, ("AC", 3))
    whole = read_main_meter([part], noise, NOW_S)
    assert (whole.energy_wh, whole.phase_current_a) == (part.energy_wh, part.phase_current_a)
