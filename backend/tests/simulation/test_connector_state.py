from __future__ import annotations

import msgspec
import pytest

from ocppsim.chargepoint.controller import ConnectorView
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.simulation.connector_state import connector_state
from ocppsim.simulation.definition import ConnectorDefinition
from ocppsim.simulation.plant import Plant
from ocppsim.simulation.resolved_vehicle import DEFAULT_VEHICLE


def view(connector_id: int) -> ConnectorView:
    return ConnectorView(
        connector_id=ConnectorId(connector_id),
        status="Charging",
        error_code="NoError",
        info=None,
        operative=True,
        transaction=None,
        pending_id_tag="TAG",
        charging_permitted=True,
    )


def charging_plant() -> Plant:
    plant = Plant([ConnectorDefinition(), ConnectorDefinition(cable="tethered")], seed=1)
    plant.plug_in(ConnectorId(1), DEFAULT_VEHICLE, 0.0)
    plant.lock(ConnectorId(1), 0.0)
    plant.offer_energy(ConnectorId(1), plant.max_power_w(ConnectorId(1)), 0.0)
    return plant


def test_a_charging_connector_shows_its_car_and_its_meter() -> None:
    state = connector_state(view(1), charging_plant(), 60.0)
    assert (state.status, state.error_code, state.pending_id_tag) == ("Charging", "NoError", "TAG")
    assert (state.cable, state.cable_kind, state.locked) == ("vehicle", "socket", True)
    assert (state.vehicle_id, state.vehicle_name, state.ev_draws) == (None, "Default car", True)
    assert (state.power_type, state.phases, state.max_power_w) == ("AC", 3, 22_080.0)
    assert state.meter.power_w == pytest.approx(22_080.0, rel=0.01)
    assert state.meter.soc_percent == pytest.approx(20.33, abs=0.01)
    assert state.meter.energy_wh == round(state.meter.energy_wh, 3)
    assert msgspec.json.decode(msgspec.json.encode(state))["meter"]["frequency_hz"] > 49.0


def test_a_free_connector_shows_no_car() -> None:
    state = connector_state(view(2), charging_plant(), 60.0)
    assert (state.cable, state.cable_kind, state.locked) == ("none", "tethered", False)
    assert (state.vehicle_name, state.ev_draws) == (None, False)
    assert (state.meter.soc_percent, state.meter.power_w) == (None, 0.0)


def test_connector_0_shows_the_charger_as_a_whole() -> None:
    plant = charging_plant()
    state = connector_state(view(0), plant, 60.0)
    assert (state.cable, state.vehicle_name, state.max_power_w) == ("none", None, 44_160.0)
    assert state.meter.power_w == connector_state(view(1), plant, 60.0).meter.power_w
