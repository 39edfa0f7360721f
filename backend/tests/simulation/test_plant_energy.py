"""Energy, demand and meters of a whole charger over time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.chargepoint.errors import ChargePointError, UnknownConnector
from ocppsim.chargepoint.hardware import Hardware, MeterReading
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.inputs import EvDemandChanged
from ocppsim.physics import NEVER
from ocppsim.simulation.connector_state import MeterView, meter_view
from ocppsim.simulation.definition import ConnectorDefinition
from ocppsim.simulation.plant import Plant
from ocppsim.simulation.resolved_vehicle import DEFAULT_VEHICLE

MAIN = ConnectorId(0)
ONE = ConnectorId(1)
TWO = ConnectorId(2)

DC = ConnectorDefinition(power_type="DC", max_power_w=150_000.0, cable="tethered")


def charging_plant(
    *connectors: ConnectorDefinition, soc_percent: float | None = None, seed: int = 1
) -> Plant:
    plant = Plant(connectors or (ConnectorDefinition(),), seed)
    for connector_id in plant.connector_ids:
        plant.plug_in(connector_id, DEFAULT_VEHICLE, 0.0, soc_percent=soc_percent)
        plant.offer_energy(connector_id, plant.max_power_w(connector_id), 0.0)
    return plant


def test_a_plant_is_the_hardware_that_a_controller_expects() -> None:
    hardware: Hardware = charging_plant()
    reading: MeterReading = hardware.read_meter(ONE, 60.0)
    assert reading.power_w > 21_000.0
    assert hardware.connector_ids == (ONE,)
    assert hardware.power_type == "AC"
    assert hardware.phases(ONE) == 3


def test_the_default_car_takes_what_the_charger_can_give() -> None:
    assert charging_plant().read_meter(ONE, 1.0).power_w == pytest.approx(22_080.0, rel=0.01)
    assert charging_plant(DC).read_meter(ONE, 1.0).power_w == 150_000.0
    one_phase = ConnectorDefinition(max_power_w=7_360.0, phases=1)
    assert charging_plant(one_phase).read_meter(ONE, 1.0).power_w == pytest.approx(
        7_333.0, rel=0.01
    )


def test_an_offer_in_the_middle_of_charging_moves_the_end_and_loses_no_energy() -> None:
    plant = charging_plant(soc_percent=99.0)
    at_full_offer_s = plant.next_event_s
    plant.offer_energy(ONE, 3_680.0, 60.0, 1)
    before_wh = plant.read_meter(ONE, 60.0).energy_wh
    reading = plant.read_meter(ONE, 120.0)
    assert reading.current_offered_a == 16.0
    assert reading.phase_current_a[1:] == (0.0, 0.0)
    assert reading.energy_wh == pytest.approx(before_wh + reading.power_w * 60.0 / 3600.0)
    assert plant.next_event_s > at_full_offer_s
    plant.offer_energy(ONE, 22_080.0, 120.0)
    assert at_full_offer_s < plant.next_event_s < at_full_offer_s + 61.0


def test_a_full_battery_ends_the_demand_at_the_foreseen_instant() -> None:
    plant = charging_plant(soc_percent=99.9)
    full_at_s = plant.next_event_s
    assert 10.0 < full_at_s < 20.0
    assert plant.advance(full_at_s - 0.001) == []
    assert plant.ev_draws(ONE)
    assert plant.advance(full_at_s) == [EvDemandChanged(ONE, draws=False)]
    assert not plant.ev_draws(ONE)
    assert plant.advance(full_at_s + 1.0) == []
    assert plant.next_event_s == NEVER
    reading = plant.read_meter(ONE, full_at_s)
    assert (reading.soc_percent, reading.power_w) == (100.0, 0.0)


def test_the_end_of_the_demand_is_told_even_when_the_meter_noticed_it_first() -> None:
    plant = charging_plant(soc_percent=99.9)
    assert plant.read_meter(ONE, 60.0).power_w == 0.0
    plant.offer_energy(ONE, 0.0, 61.0)
    assert plant.next_event_s <= 61.0
    assert plant.advance(61.0) == [EvDemandChanged(ONE, draws=False)]
    assert plant.next_event_s == NEVER


def test_a_battery_that_fills_in_no_time_is_told_without_waiting() -> None:
    plant = charging_plant(soc_percent=100.0 - 1e-12)
    now_s = 1e6
    plant.offer_energy(ONE, 0.0, now_s)
    plant.offer_energy(ONE, plant.max_power_w(ONE), now_s)
    told = plant.advance(max(now_s, plant.next_event_s))
    assert told == [EvDemandChanged(ONE, draws=False)] or not plant.ev_draws(ONE)
    assert plant.next_event_s == NEVER


def test_a_car_that_left_before_it_was_full_has_nothing_more_to_tell() -> None:
    plant = charging_plant(soc_percent=99.9)
    plant.unplug(ONE, "ev", 5.0)
    assert plant.next_event_s == NEVER
    assert plant.advance(1_000.0) == []


def test_the_contactor_stays_with_the_controller_when_the_plug_moves() -> None:
    plant = charging_plant()
    plant.unplug(ONE, "ev", 10.0)
    assert plant.read_meter(ONE, 20.0).power_w == 0.0
    plant.plug_in(ONE, DEFAULT_VEHICLE, 30.0)
    assert plant.read_meter(ONE, 31.0).power_w > 0.0
    plant.offer_energy(ONE, 0.0, 40.0)
    assert plant.read_meter(ONE, 41.0).power_w == 0.0


def test_the_main_meter_sums_the_connectors_up() -> None:
    plant = charging_plant(ConnectorDefinition(), ConnectorDefinition(phases=1, max_power_w=7360.0))
    parts = [plant.read_meter(connector_id, 600.0) for connector_id in plant.connector_ids]
    whole = plant.read_meter(MAIN, 600.0)
    assert whole.energy_wh == sum(part.energy_wh for part in parts)
    assert whole.power_w == sum(part.power_w for part in parts)
    assert plant.phases(MAIN) == len(whole.phase_current_a) == 3
    assert plant.max_power_w(MAIN) == 22_080.0 + 7_360.0
    assert charging_plant(DC).phases(MAIN) == 0


def test_the_same_seed_gives_the_same_readings() -> None:
    def seen(seed: int) -> MeterView:
        return meter_view(charging_plant(seed=seed).read_meter(ONE, 77.0))

    assert seen(5) == seen(5)
    assert seen(5) != seen(6)


def test_there_is_no_meter_at_a_connector_that_is_not_there() -> None:
    plant = charging_plant()
    with pytest.raises(UnknownConnector, match="no connector 2"):
        plant.read_meter(TWO, 0.0)
    with pytest.raises(UnknownConnector):
        plant.phases(TWO)
    with pytest.raises(UnknownConnector):
        plant.lock(MAIN, 0.0)


happenings = st.lists(
    st.tuples(
        st.floats(0.0, 5_000.0),
        st.sampled_from([ONE, TWO]),
        st.sampled_from(["plug", "unplug ev", "unplug charger", "pause", "ask", "offer", "cut"]),
        st.floats(0.0, 100.0),
    ),
    max_size=30,
)


@given(happenings)
def test_whatever_happens_registers_never_fall_and_demand_is_told_truly(
    story: list[tuple[float, ConnectorId, str, float]],
) -> None:
    plant = Plant([ConnectorDefinition(), DC], seed=2)
    now_s, last_wh = 0.0, 0.0
    told = {ONE: False, TWO: False}
    for wait_s, connector_id, what, soc_percent in story:
        now_s += wait_s
        for event in plant.advance(now_s):
            assert isinstance(event, EvDemandChanged)
            told[event.connector_id] = event.draws
        assert plant.next_event_s > now_s
        assert {known: plant.ev_draws(known) for known in told} == told
        try:
            if what == "plug":
                plant.plug_in(connector_id, DEFAULT_VEHICLE, now_s, soc_percent=soc_percent)
                told[connector_id] = plant.ev_draws(connector_id)
            elif what == "unplug ev":
                plant.unplug(connector_id, "ev", now_s)
                told[connector_id] = False
            elif what == "unplug charger":
                plant.unplug(connector_id, "charger", now_s)
                told[connector_id] = False
            elif what in ("pause", "ask"):
                for event in plant.set_ev_draws(connector_id, what == "ask", now_s):
                    assert isinstance(event, EvDemandChanged)
                    told[connector_id] = event.draws
            else:
                offered_w = plant.max_power_w(connector_id) if what == "offer" else 0.0
                plant.offer_energy(connector_id, offered_w, now_s)
        except ChargePointError:
            pass
        whole = plant.read_meter(MAIN, now_s)
        assert whole.energy_wh >= last_wh
        last_wh = whole.energy_wh
