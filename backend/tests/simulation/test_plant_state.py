"""What a connector still has after a restart."""

from __future__ import annotations

import msgspec
import pytest

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.physics import VehicleSpec
from ocppsim.simulation.definition import ConnectorDefinition
from ocppsim.simulation.plant import Plant
from ocppsim.simulation.resolved_vehicle import DEFAULT_VEHICLE, ResolvedVehicle

ONE = ConnectorId(1)
SOCKET = ConnectorDefinition()
TETHERED = ConnectorDefinition(cable="tethered")
CAR = ResolvedVehicle(9, "Car 9", VehicleSpec(name="Model 9", battery_capacity_kwh=60.0), 33.0)


def restarted(plant: Plant, now_s: float, connector: ConnectorDefinition = SOCKET) -> Plant:
    again = Plant([connector], seed=2)
    again.restore_state(ONE, plant.encode_state(ONE, now_s), 5.0)
    return again


def test_a_charging_car_is_still_there_and_locked_with_the_contactor_open() -> None:
    plant = Plant([SOCKET], seed=1)
    plant.plug_in(ONE, CAR, 0.0)
    plant.lock(ONE, 0.0)
    plant.offer_energy(ONE, plant.max_power_w(ONE), 0.0)
    before = plant.read_meter(ONE, 3600.0)
    again = restarted(plant, 3600.0)
    after = again.read_meter(ONE, 5.0)
    assert after.energy_wh == before.energy_wh > 10_000.0
    assert after.soc_percent == pytest.approx(before.soc_percent)
    assert (after.power_w, after.power_offered_w) == (0.0, 0.0)
    assert again.read_meter(ONE, 500.0).energy_wh == before.energy_wh
    assert again.cable(ONE) == "vehicle"
    assert again.is_locked(ONE)
    assert again.ev_draws(ONE)
    assert again.advance(500.0) == []
    view = again.vehicle(ONE)
    assert view is not None
    assert (view.vehicle_id, view.name) == (9, "Car 9")
    again.offer_energy(ONE, again.max_power_w(ONE), 500.0)
    assert again.read_meter(ONE, 501.0).power_w == before.power_w


def test_a_paused_car_is_still_paused() -> None:
    plant = Plant([SOCKET], seed=1)
    plant.plug_in(ONE, CAR, 0.0)
    plant.set_ev_draws(ONE, False, 1.0)
    again = restarted(plant, 2.0)
    assert not again.ev_draws(ONE)


def test_the_car_beside_the_socket_still_has_what_it_had() -> None:
    plant = Plant([SOCKET], seed=1)
    plant.plug_in(ONE, CAR, 0.0, soc_percent=77.0)
    plant.lock(ONE, 0.0)
    plant.unplug(ONE, "ev", 1.0)
    again = restarted(plant, 2.0)
    assert again.cable(ONE) == "socket"
    assert again.is_locked(ONE)
    assert again.vehicle(ONE) is None
    again.plug_in(ONE, CAR, 6.0)
    view = again.vehicle(ONE)
    assert view is not None
    assert view.soc_percent == 77.0


def test_a_jammed_lock_stays_jammed_and_a_failing_one_fails() -> None:
    plant = Plant([SOCKET], seed=1)
    plant.plug_in(ONE, CAR, 0.0, lock_fails=True)
    assert not restarted(plant, 1.0).lock(ONE, 5.0)
    plant.jam_lock(ONE, True)
    assert restarted(plant, 1.0).is_lock_jammed(ONE)


def test_an_empty_connector_comes_back_empty_with_its_register() -> None:
    plant = Plant([SOCKET], seed=1)
    plant.plug_in(ONE, DEFAULT_VEHICLE, 0.0)
    plant.offer_energy(ONE, plant.max_power_w(ONE), 0.0)
    plant.unplug(ONE, "charger", 60.0)
    again = restarted(plant, 61.0)
    assert again.cable(ONE) == "none"
    assert again.read_meter(ONE, 6.0).energy_wh == plant.read_meter(ONE, 61.0).energy_wh > 0.0


def test_the_register_does_not_fall_when_an_old_state_is_restored() -> None:
    plant = Plant([SOCKET], seed=1)
    old = plant.encode_state(ONE, 0.0)
    plant.plug_in(ONE, DEFAULT_VEHICLE, 0.0)
    plant.offer_energy(ONE, plant.max_power_w(ONE), 0.0)
    register_wh = plant.read_meter(ONE, 60.0).energy_wh
    plant.restore_state(ONE, old, 60.0)
    assert plant.read_meter(ONE, 61.0).energy_wh == register_wh
    assert plant.cable(ONE) == "none"


def test_a_cable_in_a_socket_that_has_become_tethered_is_gone() -> None:
    plant = Plant([SOCKET], seed=1)
    plant.plug_in(ONE, CAR, 0.0)
    plant.lock(ONE, 0.0)
    connected = restarted(plant, 1.0, TETHERED)
    assert connected.cable(ONE) == "vehicle"
    assert not connected.is_locked(ONE)
    plant.unplug(ONE, "ev", 1.0)
    assert restarted(plant, 2.0, TETHERED).cable(ONE) == "none"


def test_a_car_that_no_longer_fits_the_connector_is_gone() -> None:
    plant = Plant([SOCKET], seed=1)
    ac_only = ResolvedVehicle(3, "Old car", VehicleSpec(name="Old car", dc_max_power_kw=0.0), 30.0)
    plant.plug_in(ONE, ac_only, 0.0)
    again = restarted(plant, 1.0, ConnectorDefinition(power_type="DC"))
    assert again.cable(ONE) == "none"
    assert again.vehicle(ONE) is None


@pytest.mark.parametrize("body", [b"", b"{}", b'{"cable":"loose","energy_wh":1}'])
def test_a_body_that_is_no_state_is_refused_and_changes_nothing(body: bytes) -> None:
    plant = Plant([SOCKET], seed=1)
    plant.plug_in(ONE, CAR, 0.0)
    with pytest.raises(msgspec.DecodeError):
        plant.restore_state(ONE, body, 1.0)
    assert plant.cable(ONE) == "vehicle"
