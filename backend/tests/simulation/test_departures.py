"""A vehicle that leaves at the time that was said when it was plugged in."""

from __future__ import annotations

import pytest

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.simulation.central_system import CentralSystem
from ocppsim.simulation.definition import CableKind, ChargerDefinition, ConnectorDefinition
from ocppsim.simulation.leaving import TRIES_AGAIN_AFTER_S, UNPLUGS_AFTER_S
from ocppsim.simulation.virtual_bench import VirtualBench

ONE = ConnectorId(1)
EPOCH_S = VirtualBench.EPOCH_S
HOUR_S = 3600.0


def a_bench(cable: CableKind = "socket", behaviour: dict[str, str] | None = None) -> VirtualBench:
    """A registered charger."""
    bench = VirtualBench(
        ChargerDefinition(
            1,
            1,
            "Charger",
            "ws://csms.example/ocpp",
            ChargePointIdentity("CP-1", "Vendor", "Model"),
            (ConnectorDefinition(cable=cable),),
            behaviour=behaviour or {},
        ),
        CentralSystem(clock_epoch_s=EPOCH_S),
        ChargePoint,
    )
    bench.advance(1)
    return bench


def plug_in(bench: VirtualBench, leaves_after_s: float) -> None:
    bench.act(
        lambda charger, now: charger.plug_in(ONE, bench.vehicle, now, leaves_after_s=leaves_after_s)
    )


def cable(bench: VirtualBench) -> str:
    return bench.charger.plant.cable(ONE)


def leaves_at_s(bench: VirtualBench) -> float | None:
    return bench.charger.connector_state(ONE, bench.now).leaves_at_s


@pytest.mark.parametrize("kind", ["socket", "tethered"])
def test_its_driver_ends_the_transaction_and_takes_the_cable_out(kind: CableKind):
    bench = a_bench(kind)
    plug_in(bench, HOUR_S)
    bench.tag("TAG")
    assert leaves_at_s(bench) == EPOCH_S + 1 + HOUR_S
    bench.advance(HOUR_S - 1)
    assert bench.status() == "Charging"
    bench.advance(1)
    (stop,) = bench.sent("StopTransaction")
    assert stop["idTag"] == "TAG"
    assert stop.get("reason", "Local") == "Local"
    assert bench.status() == "Finishing"
    assert cable(bench) == "vehicle"
    bench.advance(UNPLUGS_AFTER_S)
    assert bench.status() == "Available"
    assert cable(bench) == "none"
    assert leaves_at_s(bench) is None
    assert bench.charger.departures.next_due_s == float("inf")


def test_a_session_that_was_started_from_afar_ends_the_same_way():
    bench = a_bench()
    plug_in(bench, HOUR_S)
    bench.ask("RemoteStartTransaction", {"idTag": "AFAR", "connectorId": 1})
    assert bench.status() == "Charging"
    bench.advance(HOUR_S + UNPLUGS_AFTER_S)
    assert len(bench.sent("StopTransaction")) == 1
    assert cable(bench) == "none"


def test_without_a_transaction_it_just_leaves():
    bench = a_bench()
    plug_in(bench, 60)
    bench.advance(60)
    assert cable(bench) == "none"
    assert bench.status() == "Available"
    assert bench.sent("StartTransaction") == []


def test_who_was_stopped_earlier_stays_until_then():
    bench = a_bench()
    plug_in(bench, HOUR_S)
    bench.tag("TAG")
    bench.stop_button()
    bench.advance(HOUR_S - 1)
    assert bench.status() == "Finishing"
    bench.advance(1)
    assert cable(bench) == "none"
    assert len(bench.sent("StopTransaction")) == 1


def test_unplugging_forgets_the_departure():
    bench = a_bench()
    plug_in(bench, 600)
    bench.unplug()
    assert leaves_at_s(bench) is None
    bench.plug_in()
    bench.advance(HOUR_S)
    assert cable(bench) == "vehicle"


def test_a_cable_that_is_kept_comes_free_with_the_tag():
    bench = a_bench()
    bench.central_system.on(
        "StartTransaction", {"transactionId": 5, "idTagInfo": {"status": "Invalid"}}
    )
    plug_in(bench, 600)
    bench.tag("TAG")
    bench.advance(599)
    assert bench.charger.plant.is_locked(ONE)
    bench.crash()
    bench.advance(10)
    assert cable(bench) == "none"
    assert len(bench.sent("StartTransaction")) == 1


def test_a_jammed_lock_is_tried_until_it_lets_go():
    bench = a_bench()
    plug_in(bench, 600)
    bench.tag("TAG")
    bench.jam_lock(True)
    bench.advance(HOUR_S)
    assert cable(bench) == "vehicle"
    assert len(bench.sent("StartTransaction")) == 1
    bench.jam_lock(False)
    bench.advance(3 * TRIES_AGAIN_AFTER_S)
    assert cable(bench) == "none"


def test_it_outlives_a_crash():
    bench = a_bench(behaviour={"power_loss": "resume"})
    plug_in(bench, HOUR_S)
    bench.tag("TAG")
    bench.advance(600)
    bench.crash(down_s=600)
    bench.advance(1)
    assert leaves_at_s(bench) == EPOCH_S + 1 + HOUR_S
    bench.advance(HOUR_S - 1201)
    assert bench.sent("StopTransaction")
    bench.advance(UNPLUGS_AFTER_S)
    assert cable(bench) == "none"


def test_one_that_was_missed_comes_after_the_start():
    bench = a_bench(behaviour={"power_loss": "resume"})
    plug_in(bench, 60)
    bench.tag("TAG")
    bench.crash(down_s=HOUR_S)
    assert leaves_at_s(bench) == EPOCH_S + 61
    bench.advance(10)
    assert len(bench.sent("StopTransaction")) == 1
    assert cable(bench) == "none"


def test_with_the_mains_off_it_waits_for_them():
    bench = a_bench()
    plug_in(bench, 60)
    bench.tag("TAG")
    bench.act(lambda charger, now: charger.power_off(now))
    bench.advance(HOUR_S)
    assert cable(bench) == "vehicle"
    bench.act(lambda charger, now: charger.power_on(now))
    bench.advance(20)
    assert cable(bench) == "none"


def test_a_factory_reset_keeps_nobody_here():
    bench = a_bench()
    plug_in(bench, 600)
    bench.act(lambda charger, now: charger.factory_reset(now))
    bench.crash()
    bench.advance(600)
    assert cable(bench) == "none"


def test_at_a_high_pace_it_leaves_by_simulated_time():
    bench = a_bench()
    bench.act(lambda charger, now: charger.set_time_scale(60.0, now))
    plug_in(bench, HOUR_S)
    bench.advance(HOUR_S)
    assert cable(bench) == "none"


def test_a_clock_that_went_back_makes_nobody_stay_longer():
    bench = a_bench()
    bench.advance(10 * HOUR_S)
    plug_in(bench, 600)
    durable = bench.journal.copy()
    again = VirtualBench(
        bench.definition, CentralSystem(clock_epoch_s=EPOCH_S), ChargePoint, durable=durable
    )
    again.advance(599)
    assert cable(again) == "vehicle"
    again.advance(10)
    assert cable(again) == "none"
