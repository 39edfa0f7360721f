"""What a person does at the plug, and what the controller is told of it."""

from __future__ import annotations

from typing import Literal

import pytest

from ocppsim.chargepoint.errors import IllegalAction, UnknownConnector
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.inputs import (
    CablePluggedIn,
    CableRemoved,
    EvDemandChanged,
    EvSideUnplugged,
)
from ocppsim.physics import VehicleSpec
from ocppsim.simulation.definition import ConnectorDefinition
from ocppsim.simulation.plant import Plant
from ocppsim.simulation.resolved_vehicle import DEFAULT_VEHICLE, ResolvedVehicle

ONE = ConnectorId(1)
TWO = ConnectorId(2)
OTHER_CAR = ResolvedVehicle(7, "Other car", VehicleSpec(name="Other car"), 50.0)


def socket_plant() -> Plant:
    return Plant([ConnectorDefinition(), ConnectorDefinition()], seed=1)


def tethered_plant() -> Plant:
    return Plant([ConnectorDefinition(power_type="DC", max_power_w=150e3, cable="tethered")], 1)


def soc_percent(plant: Plant) -> float:
    vehicle = plant.vehicle(ONE)
    assert vehicle is not None
    return vehicle.soc_percent


def test_plugging_in_brings_the_car_that_asks_for_energy() -> None:
    plant = socket_plant()
    assert plant.plug_in(ONE, DEFAULT_VEHICLE, 0.0) == [CablePluggedIn(ONE)]
    assert plant.cable(ONE) == "vehicle"
    assert plant.is_cable_present(ONE)
    assert plant.is_vehicle_connected(ONE)
    assert plant.ev_draws(ONE)
    vehicle = plant.vehicle(ONE)
    assert vehicle is not None
    assert (vehicle.vehicle_id, vehicle.name, vehicle.soc_percent) == (None, "Default car", 20.0)
    assert plant.cable(TWO) == "none"
    assert plant.vehicle(TWO) is None


def test_a_given_state_of_charge_wins_over_the_cars_own() -> None:
    plant = socket_plant()
    plant.plug_in(ONE, OTHER_CAR, 0.0, soc_percent=81.5)
    assert soc_percent(plant) == 81.5


def test_a_connector_takes_one_car_at_a_time() -> None:
    plant = socket_plant()
    plant.plug_in(ONE, DEFAULT_VEHICLE, 0.0)
    with pytest.raises(IllegalAction, match="connector 1 has a vehicle connected already"):
        plant.plug_in(ONE, OTHER_CAR, 1.0)
    vehicle = plant.vehicle(ONE)
    assert vehicle is not None
    assert vehicle.name == "Default car"


def test_a_state_of_charge_that_cannot_be_changes_nothing() -> None:
    plant = socket_plant()
    with pytest.raises(IllegalAction, match="between 0 and 100"):
        plant.plug_in(ONE, DEFAULT_VEHICLE, 0.0, soc_percent=101.0)
    assert plant.cable(ONE) == "none"


def test_a_car_without_the_inlet_does_not_fit() -> None:
    plant = tethered_plant()
    ac_only = ResolvedVehicle(3, "Old car", VehicleSpec(name="Old car", dc_max_power_kw=0.0), 30.0)
    with pytest.raises(IllegalAction, match="Old car cannot charge with DC"):
        plant.plug_in(ONE, ac_only, 0.0)
    assert plant.cable(ONE) == "none"


def test_a_full_car_asks_for_nothing() -> None:
    plant = socket_plant()
    plant.plug_in(ONE, DEFAULT_VEHICLE, 0.0, soc_percent=100.0)
    assert not plant.ev_draws(ONE)
    with pytest.raises(IllegalAction, match="full"):
        plant.set_ev_draws(ONE, True, 1.0)


def test_the_cars_end_comes_out_and_the_cable_stays_in_the_socket() -> None:
    plant = socket_plant()
    plant.plug_in(ONE, DEFAULT_VEHICLE, 0.0)
    assert plant.unplug(ONE, "ev", 1.0) == [EvSideUnplugged(ONE)]
    assert plant.cable(ONE) == "socket"
    assert plant.is_cable_present(ONE)
    assert not plant.is_vehicle_connected(ONE)
    assert not plant.ev_draws(ONE)
    assert plant.vehicle(ONE) is None
    with pytest.raises(IllegalAction, match="no vehicle"):
        plant.unplug(ONE, "ev", 2.0)
    assert plant.unplug(ONE, "charger", 3.0) == [CableRemoved(ONE)]
    assert plant.cable(ONE) == "none"


def test_the_car_that_is_plugged_in_again_kept_what_it_had() -> None:
    plant = socket_plant()
    plant.plug_in(ONE, DEFAULT_VEHICLE, 0.0)
    plant.offer_energy(ONE, plant.max_power_w(ONE), 0.0)
    plant.unplug(ONE, "ev", 3600.0)
    assert plant.plug_in(ONE, DEFAULT_VEHICLE, 7200.0) == [CablePluggedIn(ONE)]
    assert soc_percent(plant) == pytest.approx(20.0 + 21.9037 * 0.9, abs=0.01)


def test_another_car_may_take_the_cable_that_is_in_the_socket() -> None:
    plant = socket_plant()
    plant.plug_in(ONE, DEFAULT_VEHICLE, 0.0)
    plant.unplug(ONE, "ev", 10.0)
    plant.plug_in(ONE, OTHER_CAR, 20.0)
    assert soc_percent(plant) == 50.0


def test_a_car_that_has_left_comes_back_as_it_is_defined() -> None:
    plant = socket_plant()
    plant.plug_in(ONE, DEFAULT_VEHICLE, 0.0, soc_percent=90.0)
    plant.unplug(ONE, "charger", 10.0)
    plant.plug_in(ONE, DEFAULT_VEHICLE, 20.0)
    assert soc_percent(plant) == 20.0


def test_freeing_the_socket_with_the_car_still_connected_takes_both_ends_out() -> None:
    plant = socket_plant()
    plant.plug_in(ONE, DEFAULT_VEHICLE, 0.0)
    assert plant.unplug(ONE, "charger", 1.0) == [EvSideUnplugged(ONE), CableRemoved(ONE)]
    assert plant.cable(ONE) == "none"


def test_a_locked_cable_does_not_come_out_of_the_socket() -> None:
    plant = socket_plant()
    plant.plug_in(ONE, DEFAULT_VEHICLE, 0.0)
    assert plant.lock(ONE, 0.0)
    assert plant.is_locked(ONE)
    with pytest.raises(IllegalAction, match="locked in connector 1"):
        plant.unplug(ONE, "charger", 1.0)
    plant.unplug(ONE, "ev", 2.0)
    with pytest.raises(IllegalAction, match="locked in connector 1"):
        plant.unplug(ONE, "charger", 3.0)
    assert plant.unlock(ONE, 4.0)
    assert plant.unplug(ONE, "charger", 4.0) == [CableRemoved(ONE)]


def test_there_is_nothing_to_take_out_of_a_free_socket() -> None:
    plant = socket_plant()
    with pytest.raises(IllegalAction, match="no cable"):
        plant.unplug(ONE, "charger", 0.0)
    with pytest.raises(IllegalAction, match="no vehicle"):
        plant.unplug(ONE, "ev", 0.0)


def test_a_tethered_cable_leaves_nothing_behind() -> None:
    plant = tethered_plant()
    plant.plug_in(ONE, DEFAULT_VEHICLE, 0.0)
    assert plant.is_tethered(ONE)
    assert plant.lock(ONE, 0.0)
    assert not plant.is_locked(ONE)
    with pytest.raises(IllegalAction, match="tethered: unplug side ev"):
        plant.unplug(ONE, "charger", 1.0)
    assert plant.unplug(ONE, "ev", 1.0) == [EvSideUnplugged(ONE), CableRemoved(ONE)]
    assert plant.cable(ONE) == "none"
    assert not plant.is_cable_present(ONE)


def test_a_tethered_cable_has_no_lock_to_fail() -> None:
    plant = tethered_plant()
    with pytest.raises(IllegalAction, match="no lock"):
        plant.plug_in(ONE, DEFAULT_VEHICLE, 0.0, lock_fails=True)
    with pytest.raises(IllegalAction, match="no lock"):
        plant.jam_lock(ONE, True)
    assert plant.unlock(ONE, 0.0)


def test_a_lock_that_fails_once_holds_the_next_time() -> None:
    plant = socket_plant()
    plant.plug_in(ONE, DEFAULT_VEHICLE, 0.0, lock_fails=True)
    assert not plant.lock(ONE, 0.0)
    assert not plant.is_locked(ONE)
    assert plant.lock(ONE, 1.0)


def test_the_next_car_does_not_inherit_the_failing_lock() -> None:
    plant = socket_plant()
    plant.plug_in(ONE, DEFAULT_VEHICLE, 0.0, lock_fails=True)
    plant.unplug(ONE, "charger", 1.0)
    plant.plug_in(ONE, DEFAULT_VEHICLE, 2.0)
    assert plant.lock(ONE, 2.0)


@pytest.mark.parametrize("locked", [True, False])
def test_a_jammed_lock_stays_where_it_is_until_it_is_freed(locked: bool) -> None:
    plant = socket_plant()
    plant.plug_in(ONE, DEFAULT_VEHICLE, 0.0)
    if locked:
        plant.lock(ONE, 0.0)
    plant.jam_lock(ONE, True)
    plant.jam_lock(ONE, True)
    assert plant.is_lock_jammed(ONE)
    assert not plant.lock(ONE, 1.0)
    assert not plant.unlock(ONE, 1.0)
    assert plant.is_locked(ONE) == locked
    plant.jam_lock(ONE, False)
    assert plant.unlock(ONE, 2.0)
    assert not plant.is_locked(ONE)


def test_there_is_no_locking_an_empty_socket() -> None:
    assert not socket_plant().lock(ONE, 0.0)


def test_the_demand_is_told_when_it_changes_and_only_then() -> None:
    plant = socket_plant()
    plant.plug_in(ONE, DEFAULT_VEHICLE, 0.0)
    assert plant.set_ev_draws(ONE, True, 1.0) == []
    assert plant.set_ev_draws(ONE, False, 2.0) == [EvDemandChanged(ONE, draws=False)]
    assert plant.set_ev_draws(ONE, False, 3.0) == []
    assert not plant.ev_draws(ONE)
    assert plant.set_ev_draws(ONE, True, 4.0) == [EvDemandChanged(ONE, draws=True)]


def test_there_is_no_demand_without_a_car() -> None:
    plant = socket_plant()
    with pytest.raises(IllegalAction, match="no vehicle"):
        plant.set_ev_draws(ONE, False, 0.0)
    plant.plug_in(ONE, DEFAULT_VEHICLE, 0.0)
    plant.unplug(ONE, "ev", 1.0)
    with pytest.raises(IllegalAction, match="no vehicle"):
        plant.set_ev_draws(ONE, True, 2.0)


@pytest.mark.parametrize("connector_id", [-1, 0, 3])
@pytest.mark.parametrize("side", ["ev", "charger"])
def test_there_is_no_plug_at_a_connector_that_is_not_there(
    connector_id: int, side: Literal["ev", "charger"]
) -> None:
    plant = socket_plant()
    nowhere = ConnectorId(connector_id)
    with pytest.raises(UnknownConnector):
        plant.plug_in(nowhere, DEFAULT_VEHICLE, 0.0)
    with pytest.raises(UnknownConnector):
        plant.unplug(nowhere, side, 0.0)
    with pytest.raises(UnknownConnector):
        plant.jam_lock(nowhere, True)
    with pytest.raises(UnknownConnector):
        plant.set_ev_draws(nowhere, True, 0.0)
