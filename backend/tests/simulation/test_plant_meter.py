"""The meters that a charger is defined with, over restarts and a change of the hardware."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.simulation.connector_state import meter_view
from ocppsim.simulation.definition import ConnectorDefinition, HardwareDefinition, MeterDefinition
from ocppsim.simulation.outlet import StoredOutlet
from ocppsim.simulation.plant import Plant
from ocppsim.simulation.resolved_vehicle import DEFAULT_VEHICLE

ONE = ConnectorId(1)
DC = ConnectorDefinition(power_type="DC", max_power_w=150_000.0, cable="tethered")


def meter(accuracy_class_percent: float = 0.0, resolution_wh: float = 0.0) -> HardwareDefinition:
    return HardwareDefinition(
        meter=MeterDefinition(
            accuracy_class_percent=accuracy_class_percent, resolution_wh=resolution_wh
        )
    )


def charging(
    hardware: HardwareDefinition, *, seed: int = 1, connector: ConnectorDefinition | None = None
) -> Plant:
    plant = Plant([connector or ConnectorDefinition()] * 2, seed, hardware)
    for connector_id in plant.connector_ids:
        plant.plug_in(connector_id, DEFAULT_VEHICLE, 0.0)
        plant.offer_energy(connector_id, plant.max_power_w(connector_id), 0.0)
    return plant


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("connector", [None, DC])
def test_a_meter_deviates_within_its_class_always_by_the_same(
    seed: int, connector: ConnectorDefinition | None
) -> None:
    true = charging(meter(), seed=seed, connector=connector)
    shown = charging(meter(2.0), seed=seed, connector=connector)
    ratios: set[float] = set()
    for connector_id in true.connector_ids:
        for now_s in (60.0, 600.0, 1_800.0):
            really, told = (
                true.read_meter(connector_id, now_s),
                shown.read_meter(connector_id, now_s),
            )
            ratio = told.energy_wh / really.energy_wh
            assert ratio == pytest.approx(told.power_w / really.power_w)
            assert abs(ratio - 1.0) <= 0.02 + 1e-12
            assert told.soc_percent == really.soc_percent
            assert told.voltage_v == really.voltage_v
            ratios.add(round(ratio, 9))
    assert len(ratios) == 2


def test_the_same_seed_gives_the_same_meter() -> None:
    one, same, other = (charging(meter(1.0), seed=seed) for seed in (5, 5, 6))
    shown = [meter_view(plant.read_meter(ONE, 60.0)) for plant in (one, same)]
    assert shown[0] == shown[1]
    assert one.read_meter(ONE, 60.0).energy_wh != other.read_meter(ONE, 60.0).energy_wh


def test_a_perfect_meter_has_nothing_of_its_own_to_remember() -> None:
    plant = charging(meter())
    stored = msgspec.json.decode(plant.encode_state(ONE, 60.0), type=StoredOutlet)
    assert stored.counted_wh is None
    assert stored.energy_wh == plant.read_meter(ONE, 60.0).energy_wh


@given(
    st.lists(
        st.tuples(
            st.sampled_from([0.0, 0.5, 2.0]),
            st.sampled_from([0.0, 1.0, 100.0, 1000.0]),
            st.floats(1.0, 5_000.0),
            st.booleans(),
        ),
        min_size=2,
        max_size=6,
    )
)
def test_no_register_falls_over_restarts_whatever_meter_is_built_in(
    lives: list[tuple[float, float, float, bool]],
) -> None:
    stored: bytes | None = None
    shown_wh = flowed_wh = 0.0
    for accuracy_class, resolution_wh, lasts_s, late in lives:
        plant = Plant([ConnectorDefinition()], 3, meter(accuracy_class, resolution_wh))
        if stored is None:
            plant.plug_in(ONE, DEFAULT_VEHICLE, 0.0)
        else:
            plant.restore_state(ONE, stored, 0.0)
            plant.catch_up_register(ONE, shown_wh)
        assert plant.read_meter(ONE, 0.0).energy_wh >= shown_wh
        plant.offer_energy(ONE, plant.max_power_w(ONE), 0.0)
        stored = plant.encode_state(ONE, lasts_s)
        last_s = lasts_s + 60.0 if late else lasts_s
        shown_wh = plant.read_meter(ONE, last_s).energy_wh
        truth = msgspec.json.decode(plant.encode_state(ONE, last_s), type=StoredOutlet)
        assert truth.energy_wh >= flowed_wh
        flowed_wh = truth.energy_wh if not late else flowed_wh
        assert shown_wh == pytest.approx(truth.energy_wh, rel=0.021, abs=1000.0)
