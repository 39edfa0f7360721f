"""What a controller and its CSMS see of a car that reacts slowly, declines, or has enough."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.errors import IllegalAction
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.inputs import EvDemandChanged
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.physics import NEVER, DeratingPoint, VehicleSpec
from ocppsim.simulation.central_system import CentralSystem
from ocppsim.simulation.definition import ChargerDefinition, ConnectorDefinition
from ocppsim.simulation.outlet import StoredOutlet
from ocppsim.simulation.plant import Plant
from ocppsim.simulation.resolved_vehicle import ResolvedVehicle
from ocppsim.simulation.virtual_bench import VirtualBench

ONE = ConnectorId(1)
PICKY = VehicleSpec(name="Picky", ac_max_power_kw=22.0, ac_min_current_a=10.0)
DC = ConnectorDefinition(power_type="DC", max_power_w=150_000.0, cable="tethered")


def make_bench(spec: VehicleSpec, connectors: int = 1, soc_percent: float = 30.0) -> VirtualBench:
    return VirtualBench(
        ChargerDefinition(
            charger_id=1,
            location_id=1,
            charger_name="Charger",
            connection_url="ws://csms.example/ocpp",
            identity=ChargePointIdentity("CP001", "Vendor", "Model"),
            connectors=(ConnectorDefinition(),) * connectors,
        ),
        CentralSystem(clock_epoch_s=VirtualBench.EPOCH_S),
        ChargePoint,
        durable=DurableState(configuration={"MinimumStatusDuration": "0"}),
        vehicle=ResolvedVehicle(None, spec.name, spec, soc_percent),
    )


def limit(bench: VirtualBench, current_a: float, *, whole: bool = False) -> None:
    answer = bench.ask(
        "SetChargingProfile",
        {
            "connectorId": 0 if whole else 1,
            "csChargingProfiles": {
                "chargingProfileId": 1,
                "stackLevel": 0,
                "chargingProfilePurpose": "ChargePointMaxProfile" if whole else "TxDefaultProfile",
                "chargingProfileKind": "Absolute",
                "chargingSchedule": {
                    "chargingRateUnit": "A",
                    "startSchedule": "2026-01-01T00:00:00Z",
                    "chargingSchedulePeriod": [{"startPeriod": 0, "limit": current_a}],
                },
            },
        },
    )
    assert answer.status == "Accepted"


def statuses(bench: VirtualBench, connector_id: int = 1) -> list[str]:
    sent: list[dict[str, Any]] = bench.sent("StatusNotification")
    return [one["status"] for one in sent if one["connectorId"] == connector_id]


def test_a_car_that_is_offered_too_little_is_suspended_by_itself_and_wakes_up() -> None:
    bench = make_bench(PICKY)
    bench.start()
    bench.advance(60)
    limit(bench, 8.0)
    bench.advance(60)
    assert statuses(bench)[-2:] == ["Charging", "SuspendedEV"]
    with pytest.raises(IllegalAction, match=r"declines .* needs 10 A a phase"):
        bench.ev_draws(True)
    limit(bench, 0.0)
    bench.advance(60)
    assert statuses(bench)[-1] == "SuspendedEVSE"
    limit(bench, 8.0)
    bench.advance(60)
    assert statuses(bench)[-1] == "SuspendedEV"
    limit(bench, 12.0)
    bench.advance(60)
    assert statuses(bench)[-1] == "Charging"
    power_w = bench.charger.plant.read_meter(ONE, bench.now.simulated_s).power_w
    assert power_w == pytest.approx(12.0 * 690.0, rel=0.01)


def test_of_two_cars_that_cannot_live_on_a_half_one_gets_all_and_both_come_to_rest() -> None:
    bench = make_bench(PICKY, connectors=2)
    bench.start("ONE", 1)
    bench.start("TWO", 2)
    limit(bench, 16.0, whole=True)
    bench.advance(600)
    count = len(bench.sent("StatusNotification"))
    bench.advance(600)
    assert len(bench.sent("StatusNotification")) == count
    assert [statuses(bench, each)[-1] for each in (1, 2)] == ["SuspendedEV", "Charging"]
    limit(bench, 24.0, whole=True)
    bench.advance(60)
    assert [statuses(bench, each)[-1] for each in (1, 2)] == ["Charging", "Charging"]


def test_a_car_that_has_reached_its_target_is_suspended_by_itself() -> None:
    bench = make_bench(VehicleSpec(name="80", target_soc_percent=80.0), soc_percent=79.9)
    bench.start()
    bench.advance(600)
    assert statuses(bench)[-1] == "SuspendedEV"
    with pytest.raises(IllegalAction, match="its target of 80 %"):
        bench.ev_draws(True)


def test_a_slow_car_is_charging_before_anything_flows_and_its_plant_says_when_to_look() -> None:
    plant = Plant([ConnectorDefinition()], seed=1)
    slow = msgspec.structs.replace(PICKY, reaction_delay_s=4.0, ac_ramp_a_per_s=2.0)
    plant.plug_in(ONE, ResolvedVehicle(None, "Slow", slow, 30.0), 0.0)
    plant.offer_energy(ONE, 22_080.0, 10.0)
    assert plant.ev_draws(ONE)
    assert plant.next_event_s == 14.0
    assert plant.advance(14.0) == []
    assert plant.next_event_s > 3_600.0
    plant.offer_energy(ONE, 8.0 * 690.0, 100.0)
    assert plant.next_event_s == 104.0
    assert plant.advance(104.0) == []
    declines_at_s = plant.next_event_s
    assert declines_at_s == pytest.approx(104.0 + 16.0)
    assert plant.read_meter(ONE, declines_at_s - 1.0).power_w > 0.0
    assert plant.advance(declines_at_s) == [EvDemandChanged(ONE, draws=False)]
    view = plant.vehicle(ONE)
    assert view is not None
    assert not view.draws
    assert plant.next_event_s == NEVER
    plant.offer_energy(ONE, 16.0 * 690.0, 200.0)
    assert plant.advance(204.0) == [EvDemandChanged(ONE, draws=True)]


def test_a_delay_that_a_reading_has_passed_by_is_forgotten() -> None:
    plant = Plant([ConnectorDefinition()], seed=1)
    slow = msgspec.structs.replace(PICKY, reaction_delay_s=4.0)
    plant.plug_in(ONE, ResolvedVehicle(None, "Slow", slow, 30.0), 0.0)
    plant.offer_energy(ONE, 22_080.0, 10.0)
    plant.read_meter(ONE, 20.0)
    assert plant.advance(20.0) == []
    assert plant.next_event_s > 3_600.0


def test_a_cold_car_takes_little_at_first_and_is_as_cold_after_a_restart() -> None:
    spec = VehicleSpec(
        name="Cold", cold_derating=(DeratingPoint(0.0, 0.2), DeratingPoint(20.0, 1.0))
    )
    cold = ResolvedVehicle(4, "Cold", spec, 20.0, battery_celsius=0.0)
    plant = Plant([DC], seed=1)
    plant.plug_in(ONE, cold, 0.0)
    plant.offer_energy(ONE, 150_000.0, 0.0)
    assert plant.read_meter(ONE, 1.0).power_w == pytest.approx(30_000.0, rel=0.01)
    before = plant.read_meter(ONE, 1_200.0)
    assert 40_000.0 < before.power_w < 90_000.0
    again = Plant([DC], seed=1)
    again.restore_state(ONE, plant.encode_state(ONE, 1_200.0), 0.0)
    again.offer_energy(ONE, 150_000.0, 0.0)
    assert again.read_meter(ONE, 0.0).power_w == pytest.approx(before.power_w)
    plant.unplug(ONE, "ev", 1_300.0)
    plant.plug_in(ONE, cold, 1_400.0, battery_celsius=30.0)
    assert plant.read_meter(ONE, 1_401.0).power_w == 150_000.0


def test_a_battery_temperature_that_cannot_be_is_refused() -> None:
    plant = Plant([DC], seed=1)
    with pytest.raises(IllegalAction, match="°C"):
        plant.plug_in(
            ONE, ResolvedVehicle(None, "x", VehicleSpec("x"), 20.0), 0.0, battery_celsius=-273.0
        )
    assert plant.cable(ONE) == "none"


def test_a_state_that_was_stored_by_an_older_version_is_still_read() -> None:
    body = (
        b'{"cable":"vehicle","energy_wh":1234.5,"locked":true,"jammed":false,"lock_fails":false,'
        b'"car":{"vehicle_id":9,"name":"Car 9","spec":{"name":"Model 9",'
        b'"battery_capacity_kwh":60.0,"ac_phases":3,"ac_max_power_kw":11.0,'
        b'"dc_max_power_kw":150.0,"dc_charging_curve":[],"ac_efficiency":0.9,'
        b'"dc_efficiency":0.95,"nominal_voltage_v":400.0},"soc_percent":33.0,"willing":true},'
        b'"cable_current_a":null}'
    )
    plant = Plant([ConnectorDefinition()], seed=1)
    plant.restore_state(ONE, body, 5.0)
    plant.offer_energy(ONE, 22_080.0, 5.0)
    assert plant.read_meter(ONE, 5.0).power_w == 11_000.0
    stored = msgspec.json.decode(plant.encode_state(ONE, 5.0), type=StoredOutlet)
    assert stored.car is not None
    assert stored.car.spec == VehicleSpec(name="Model 9", battery_capacity_kwh=60.0)
