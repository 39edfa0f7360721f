"""UNL, CA, CC, DT: unlock, availability, the cache, data transfer (1.6 ed.2 §5.2-5.6, §5.18)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ocppsim.chargepoint.errors import IllegalAction
from ocppsim.simulation.virtual_bench import VirtualBench

BenchFactory = Callable[..., VirtualBench]


def unlock(bench: VirtualBench, connector_id: int = 1) -> str | None:
    return bench.ask("UnlockConnector", {"connectorId": connector_id}).status


def change(bench: VirtualBench, kind: str, connector_id: int = 1) -> str | None:
    payload = {"connectorId": connector_id, "type": kind}
    return bench.ask("ChangeAvailability", payload).status


# --- UNL ------------------------------------------------------------------------------------


@pytest.mark.obligation("UNL-01")
@pytest.mark.parametrize("plugged", [True, False])
def test_a_connector_without_a_transaction_is_unlocked(bench: VirtualBench, plugged: bool):
    if plugged:
        bench.plug_in()
    assert unlock(bench) == "Unlocked"
    assert "StopTransaction" not in bench.actions()


@pytest.mark.obligation("UNL-01")
def test_it_frees_a_cable_that_was_kept_for_its_tag(bench: VirtualBench):
    bench.configure(UnlockConnectorOnEVSideDisconnect="false")
    bench.start()
    bench.unplug()
    with pytest.raises(IllegalAction):
        bench.unplug(side="charger")
    assert unlock(bench) == "Unlocked"
    bench.unplug(side="charger")
    assert bench.status() == "Available"


@pytest.mark.obligation("UNL-02")
def test_a_fixed_cable_cannot_be_unlocked_and_charging_goes_on(make_bench: BenchFactory):
    bench = make_bench(cable="tethered")
    assert unlock(bench) == "NotSupported"
    bench.start()
    assert unlock(bench) == "NotSupported"
    assert not bench.sent("StopTransaction")
    assert bench.status() == "Charging"


@pytest.mark.obligation("UNL-03", "UNL-07")
@pytest.mark.parametrize("connector_id", [0, -1, 2, 99])
def test_an_unknown_connector_is_not_supported(bench: VirtualBench, connector_id: int):
    assert unlock(bench, connector_id) == "NotSupported"


@pytest.mark.obligation("UNL-04")
def test_a_jammed_lock_fails(bench: VirtualBench):
    bench.start()
    bench.jam_lock(True)
    assert unlock(bench) == "UnlockFailed"
    with pytest.raises(IllegalAction):
        bench.unplug(side="charger")
    bench.jam_lock(False)
    assert unlock(bench) == "Unlocked"


@pytest.mark.obligation("UNL-05", "UNL-06")
def test_a_transaction_is_stopped(bench: VirtualBench):
    bench.start()
    before = len(bench.central_system.records)
    assert unlock(bench) == "Unlocked"
    own = [r for r in bench.central_system.records[before:] if r.sender == "charge_point"]
    assert own[0].kind == "CALLRESULT"
    assert bench.sent("StopTransaction")[0]["reason"] == "UnlockCommand"
    assert bench.status() == "Finishing"
    bench.unplug(side="charger")
    assert bench.status() == "Available"


@pytest.mark.obligation("UNL-01")
def test_the_answer_does_not_wait_for_that_to_the_stop(bench: VirtualBench):
    bench.start()
    bench.central_system.on("StopTransaction", {"idTagInfo": {"status": "Invalid"}})
    bench.journal.delay_s = 10.0
    assert unlock(bench) == "Unlocked"
    assert not bench.sent("StopTransaction")
    bench.advance(11)
    assert bench.sent("StopTransaction")


# --- CA -------------------------------------------------------------------------------------


@pytest.mark.obligation("CA-01", "CA-03", "SN-T-A8", "SN-T-H1")
def test_availability_changes_and_changes_back(bench: VirtualBench):
    assert change(bench, "Operative") == "Accepted"
    assert change(bench, "Inoperative") == "Accepted"
    assert change(bench, "Inoperative") == "Accepted"
    assert change(bench, "Operative") == "Accepted"
    assert bench.statuses() == ["Available", "Unavailable", "Available"]


@pytest.mark.obligation("CA-02", "CA-08", "SN-T-F8")
def test_a_transaction_goes_on_first(bench: VirtualBench):
    bench.start()
    assert change(bench, "Inoperative") == "Scheduled"
    bench.advance(100)
    assert bench.status() == "Charging"
    bench.stop_button()
    bench.drive_away()
    assert bench.statuses()[-2:] == ["Finishing", "Unavailable"]


@pytest.mark.obligation("CA-05", "CA-09")
def test_connector_0_is_the_charge_point_and_all_connectors(make_bench: BenchFactory):
    bench = make_bench(connectors=3)
    assert change(bench, "Inoperative", 0) == "Accepted"
    assert [bench.statuses(number)[-1] for number in range(4)] == ["Unavailable"] * 4
    assert change(bench, "Operative", 0) == "Accepted"
    assert [bench.statuses(number)[-1] for number in range(4)] == ["Available"] * 4


@pytest.mark.obligation("CA-05", "CA-06")
@pytest.mark.parametrize("connector_id", [0, 1])
@pytest.mark.parametrize("cause", ["mains", "crash", "Soft", "Hard"])
def test_the_state_survives(make_bench: BenchFactory, cause: str, connector_id: int):
    bench = make_bench(connectors=2)
    change(bench, "Inoperative", connector_id)
    if cause == "mains":
        bench.power_cycle()
    elif cause == "crash":
        bench.crash()
    else:
        bench.ask("Reset", {"type": cause})
    bench.advance(30)
    assert bench.statuses(1)[-1] == "Unavailable"
    others = "Unavailable" if connector_id == 0 else "Available"
    assert bench.statuses(0)[-1] == bench.statuses(2)[-1] == others


@pytest.mark.obligation("CA-07")
def test_a_scheduled_change_survives(make_bench: BenchFactory):
    bench = make_bench(behaviour={"power_loss": "resume"})
    bench.start()
    change(bench, "Inoperative")
    bench.crash()
    bench.stop_button()
    bench.drive_away()
    assert bench.status() == "Unavailable"


@pytest.mark.obligation("CA-07")
def test_a_scheduled_change_is_taken_back_by_operative(bench: VirtualBench):
    bench.start()
    assert change(bench, "Inoperative") == "Scheduled"
    assert change(bench, "Operative") == "Accepted"
    bench.stop_button()
    bench.drive_away()
    assert bench.status() == "Available"


@pytest.mark.obligation("CA-11")
@pytest.mark.parametrize("connector_id", [-1, 2, 99])
def test_an_unknown_connector_is_rejected(bench: VirtualBench, connector_id: int):
    payload = {"connectorId": connector_id, "type": "Inoperative"}
    answer = bench.ask("ChangeAvailability", payload)
    assert answer.status == "Rejected" or answer.error_code == "PropertyConstraintViolation"
    assert bench.statuses() == ["Available"]


@pytest.mark.obligation("CA-12", "SN-T-H2")
def test_with_a_cable_in_it_becomes_preparing(bench: VirtualBench):
    change(bench, "Inoperative")
    bench.plug_in()
    assert bench.status() == "Unavailable"
    change(bench, "Operative")
    assert bench.status() == "Preparing"
    bench.tag("TAG")
    assert bench.status() == "Charging"


@pytest.mark.obligation("CA-13", "SN-T-I8")
def test_a_change_below_a_fault_shows_afterwards(bench: VirtualBench):
    bench.raise_fault("GroundFailure")
    assert change(bench, "Inoperative") == "Accepted"
    assert bench.status() == "Faulted"
    bench.clear_fault()
    assert bench.status() == "Unavailable"


@pytest.mark.obligation("CA-14", "CA-02")
def test_the_whole_waits_for_the_transactions(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    bench.start("A", 1)
    assert change(bench, "Inoperative", 0) == "Scheduled"
    assert bench.statuses(1)[-1] == "Charging"
    assert bench.statuses(2)[-1] == "Unavailable"
    assert bench.statuses(0)[-1] == "Available"
    bench.stop_button(1)
    bench.drive_away(1)
    assert bench.statuses(1)[-1] == bench.statuses(0)[-1] == "Unavailable"


@pytest.mark.obligation("CA-09")
def test_a_connector_is_usable_only_if_the_charge_point_is_too(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    change(bench, "Inoperative", 0)
    change(bench, "Operative", 1)
    assert bench.statuses(1)[-1] == "Unavailable"
    change(bench, "Operative", 0)
    assert bench.statuses(1)[-1] == bench.statuses(2)[-1] == "Available"


@pytest.mark.obligation("CA-01")
def test_a_tag_that_waits_for_its_cable_is_forgotten(bench: VirtualBench):
    bench.tag("TAG")
    assert change(bench, "Inoperative") == "Accepted"
    assert bench.status() == "Unavailable"
    change(bench, "Operative")
    bench.plug_in()
    assert "StartTransaction" not in bench.actions()


# --- CC -------------------------------------------------------------------------------------


@pytest.mark.obligation("CC-01", "CC-02")
def test_a_cleared_cache_knows_nobody(bench: VirtualBench):
    bench.configure(LocalPreAuthorize="true")
    bench.start("TAG")
    bench.stop_button()
    bench.drive_away()
    assert bench.ask("ClearCache").status == "Accepted"
    bench.start("TAG")
    assert [payload["idTag"] for payload in bench.sent("Authorize")] == ["TAG", "TAG"]


@pytest.mark.obligation("CC-02")
def test_a_cleared_cache_stays_clear_after_a_restart(bench: VirtualBench):
    bench.configure(LocalPreAuthorize="true")
    bench.start("TAG")
    bench.stop_button()
    bench.drive_away()
    bench.ask("ClearCache")
    bench.crash()
    bench.start("TAG")
    assert len(bench.sent("Authorize")) == 2


# --- DT -------------------------------------------------------------------------------------


@pytest.mark.obligation("DT-01")
def test_an_unknown_vendor(bench: VirtualBench):
    answer = bench.ask("DataTransfer", {"vendorId": "com.nobody", "messageId": "m", "data": "d"})
    assert answer.payload == {"status": "UnknownVendorId"}


@pytest.mark.obligation("DT-02")
@pytest.mark.parametrize("more", [{}, {"messageId": "Nonsense"}])
def test_an_unknown_message_of_a_known_vendor(bench: VirtualBench, more: dict[str, Any]):
    answer = bench.ask("DataTransfer", {"vendorId": "org.ocppsim", **more})
    assert answer.payload == {"status": "UnknownMessageId"}


@pytest.mark.obligation("DT-03", "DT-05", "DT-06")
@pytest.mark.parametrize("data", ["", "text", '{"json": [1, 2]}', "x" * 100_000, "€"])
def test_a_known_message_carries_any_text(bench: VirtualBench, data: str):
    payload = {"vendorId": "org.ocppsim", "messageId": "Echo", "data": data}
    assert bench.ask("DataTransfer", payload).payload == {"status": "Accepted", "data": data}


@pytest.mark.obligation("DT-04", "DT-06")
def test_the_operator_sends_data_with_data_transfer(bench: VirtualBench):
    payload = {"vendorId": "com.example", "messageId": "m", "data": '{"a":1}'}
    bench.act(lambda charger, now: charger.request_call(1, "DataTransfer", dict(payload), now))
    assert bench.sent("DataTransfer") == [payload]
