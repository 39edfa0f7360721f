"""Stories of connectors in the odd order: faults, holds, availability, shared readers, restarts."""

from __future__ import annotations

import pytest

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.effects import PutCell, SaveAvailability
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.simulation.central_system import CentralSystem, Delayed
from ocppsim.simulation.definition import CableKind, ChargerDefinition, ConnectorDefinition
from ocppsim.simulation.virtual_bench import VirtualBench

ONE = ConnectorId(1)


def make_bench(
    connectors: int = 1, cable: CableKind = "socket", **configuration: str
) -> VirtualBench:
    return VirtualBench(
        ChargerDefinition(
            charger_id=1,
            location_id=1,
            charger_name="Charger",
            connection_url="ws://csms.example/ocpp",
            identity=ChargePointIdentity("CP001", "Vendor", "Model"),
            connectors=(ConnectorDefinition(cable=cable),) * connectors,
        ),
        CentralSystem(clock_epoch_s=VirtualBench.EPOCH_S),
        ChargePoint,
        durable=DurableState(configuration=configuration),
    )


def availability(bench: VirtualBench, connector_id: int, kind: str) -> str | None:
    answer = bench.ask("ChangeAvailability", {"connectorId": connector_id, "type": kind})
    return answer.status


# --- faults -----------------------------------------------------------------------------------


def test_who_waits_below_a_fault_of_the_whole_starts_when_it_clears():
    bench = make_bench()
    bench.tag("TAG")
    bench.raise_fault("OtherError", 0)
    bench.plug_in()
    assert bench.sent("StartTransaction") == []
    bench.clear_fault(0)
    assert [call["idTag"] for call in bench.sent("StartTransaction")] == ["TAG"]


def test_a_fault_clears_to_what_has_become_below_it():
    bench = make_bench()
    bench.raise_fault("GroundFailure")
    bench.plug_in()
    assert bench.status() == "Faulted"
    bench.clear_fault()
    assert bench.status() == "Preparing"
    bench.raise_fault("GroundFailure")
    assert availability(bench, 1, "Inoperative") == "Accepted"
    assert bench.status() == "Faulted"
    bench.clear_fault()
    assert bench.status() == "Unavailable"


def test_after_a_lock_failure_the_wait_for_a_tag_is_limited_again():
    bench = make_bench()
    bench.plug_in(lock_fails=True)
    bench.tag("TAG")
    assert bench.sent("StatusNotification")[-1]["errorCode"] == "ConnectorLockFailure"
    assert bench.sent("StartTransaction") == []
    bench.clear_fault()
    assert bench.status() == "Preparing"
    bench.advance(61)
    assert bench.status() == "Finishing"


def test_a_fault_stops_the_energy_and_not_the_transaction():
    bench = make_bench()
    bench.start()
    bench.raise_fault("OverCurrentFailure")
    assert bench.charger.plant.read_meter(ONE, bench.now_s).power_w == 0
    bench.clear_fault()
    assert bench.status() == "Charging"
    assert bench.sent("StopTransaction") == []


# --- availability -----------------------------------------------------------------------------


def test_a_crash_while_it_becomes_unavailable_does_not_forget_that_it_was_to():
    """It is stored as Unavailable before it is stored as not waiting for that any more."""
    bench = make_bench()
    bench.start()
    assert availability(bench, 0, "Inoperative") == "Scheduled"
    before = len(bench.effects)
    bench.drive_away()
    stored = [
        effect
        for effect in bench.effects[before:]
        if isinstance(effect, SaveAvailability)
        or (isinstance(effect, PutCell) and effect.key == "scheduled-inoperative")
    ]
    assert [type(effect) for effect in stored] == [SaveAvailability, PutCell] * 2
    assert stored[-1] == PutCell("scheduled-inoperative", None)


def test_the_whole_becomes_unavailable_when_the_last_of_all_users_has_gone():
    bench = make_bench(2)
    bench.start("ONE", 1)
    assert availability(bench, 0, "Inoperative") == "Scheduled"
    assert bench.status(2) == "Unavailable"
    assert availability(bench, 2, "Operative") == "Accepted"
    bench.start("TWO", 2)
    bench.stop_button(1)
    bench.drive_away(1)
    assert bench.status(1) == "Unavailable"
    assert bench.status(0) == "Available"
    assert bench.status(2) == "Charging"
    bench.stop_button(2)
    bench.drive_away(2)
    assert [bench.status(number) for number in (0, 1, 2)] == ["Unavailable"] * 3
    assert availability(bench, 0, "Operative") == "Accepted"
    assert [bench.status(number) for number in (0, 1, 2)] == ["Available"] * 3


def test_a_cable_that_stayed_in_over_unavailability_is_preparing_not_finishing():
    bench = make_bench()
    bench.plug_in()
    bench.advance(61)
    assert bench.status() == "Finishing"
    assert availability(bench, 1, "Inoperative") == "Accepted"
    bench.crash()
    bench.advance(200)
    assert bench.status() == "Unavailable"
    assert availability(bench, 1, "Operative") == "Accepted"
    assert bench.status() == "Preparing"
    assert bench.violations == []


def test_a_scheduled_change_survives_the_program():
    bench = make_bench()
    bench.start()
    assert availability(bench, 1, "Inoperative") == "Scheduled"
    bench.crash()
    bench.advance(10)
    assert bench.status() == "Finishing"
    bench.drive_away()
    assert bench.status() == "Unavailable"


# --- the reader -------------------------------------------------------------------------------


def test_a_tag_shown_twice_at_the_shared_reader_takes_one_connector():
    bench = make_bench(3)
    bench.central_system.on(
        "Authorize", lambda _: Delayed(5.0, {"idTagInfo": {"status": "Accepted"}})
    )
    bench.tag("TAG", None)
    bench.tag("TAG", None)
    bench.advance(6)
    assert [bench.status(number) for number in (1, 2, 3)].count("Preparing") == 1
    assert len(bench.sent("Authorize")) == 1


def test_a_cable_in_the_socket_waits_for_a_tag_no_longer_than_the_time_out():
    bench = make_bench()
    bench.plug_in()
    bench.unplug(side="ev")
    bench.tag("TAG")
    bench.advance(30)
    bench.tag("TAG")
    assert bench.status() == "Preparing"
    bench.advance(61)
    assert bench.status() == "Finishing"


@pytest.mark.parametrize("knows", [True, False])
def test_a_kept_cable_is_released_to_the_group_of_its_owner(knows: bool):
    bench = make_bench(UnlockConnectorOnEVSideDisconnect="false")
    bench.central_system.id_tags = {
        "OWNER": {"status": "Accepted", "parentIdTag": "GROUP"},
        "FRIEND": {"status": "Blocked", "parentIdTag": "GROUP"},
        "STRANGER": {"status": "Accepted", "parentIdTag": "OTHERS"},
    }
    if knows:
        bench.tag("FRIEND")
    bench.start("OWNER")
    bench.unplug(side="ev")
    bench.tag("STRANGER")
    assert bench.charger.plant.is_locked(ONE)
    bench.tag("FRIEND")
    assert not bench.charger.plant.is_locked(ONE)


def test_a_new_transaction_ends_the_keeping_of_the_cable():
    bench = make_bench(UnlockConnectorOnEVSideDisconnect="false")
    bench.start("OWNER")
    bench.unplug(side="ev")
    bench.plug_in()
    bench.ask("RemoteStartTransaction", {"idTag": "OTHER", "connectorId": 1})
    assert bench.status() == "Charging"
    bench.tag("OTHER")
    assert not bench.charger.plant.is_locked(ONE)


def test_a_cable_that_a_jammed_lock_kept_is_free_after_a_restart():
    bench = make_bench()
    bench.start()
    bench.jam_lock(True)
    bench.stop_button()
    bench.jam_lock(False)
    assert bench.charger.plant.is_locked(ONE)
    bench.crash()
    bench.drive_away()
    assert bench.status() == "Available"


# --- reset ------------------------------------------------------------------------------------


def test_nothing_begins_while_a_reset_waits_for_its_answers():
    bench = make_bench(2)
    bench.central_system.on("StopTransaction", lambda _: Delayed(8.0, {}))
    bench.start("ONE", 1)
    bench.tag("TWO", 2)
    assert bench.ask("Reset", {"type": "Soft"}).status == "Accepted"
    bench.plug_in(2)
    bench.advance(5)
    assert len(bench.sent("StartTransaction")) == 1
    assert bench.ask("Reset", {"type": "Hard"}).status == "Rejected"
    answer = bench.ask("RemoteStartTransaction", {"idTag": "X", "connectorId": 2})
    assert answer.status == "Rejected"
    bench.advance(20)
    assert len(bench.sent("BootNotification")) == 2
    assert bench.violations == []
