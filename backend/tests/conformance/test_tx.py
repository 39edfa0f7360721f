"""TX: how transactions begin and end (1.6 ed.2 §3.6, §4.8, §4.10, errata 3.5, 3.17, 3.18)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ocppsim.chargepoint.errors import IllegalAction
from ocppsim.protocol.v16.date_time import format_date_time
from ocppsim.simulation.central_system import Delayed, ErrorReply, Silence
from ocppsim.simulation.virtual_bench import VirtualBench
from tests.conformance.charging import profile

BenchFactory = Callable[..., VirtualBench]


def stops(bench: VirtualBench) -> list[dict[str, Any]]:
    return bench.sent("StopTransaction")


def power_w(bench: VirtualBench) -> float:
    return bench.charger.plant.read_meter(1, bench.now_s).power_w  # type: ignore[arg-type]


# --- start ----------------------------------------------------------------------------------


@pytest.mark.obligation("TX-01", "TX-02")
@pytest.mark.parametrize("first", ["cable", "tag"])
def test_a_transaction_starts_when_cable_and_tag_are_there(bench: VirtualBench, first: str):
    bench.advance(7)
    (bench.plug_in if first == "cable" else lambda: bench.tag("TAG"))()
    bench.advance(5)
    assert "StartTransaction" not in bench.actions()
    (bench.plug_in if first == "tag" else lambda: bench.tag("TAG"))()
    assert bench.sent("StartTransaction") == [
        {
            "connectorId": 1,
            "idTag": "TAG",
            "meterStart": 0,
            "timestamp": format_date_time(bench.EPOCH_S + 12),
        }
    ]
    assert power_w(bench) > 0


@pytest.mark.obligation("TX-03")
def test_without_a_reservation_there_is_no_reservation_id(bench: VirtualBench):
    bench.start()
    assert "reservationId" not in bench.sent("StartTransaction")[0]


@pytest.mark.obligation("TX-04", "TX-05")
@pytest.mark.parametrize("transaction_id", [0, -1, -77, 1, 2**31 - 1])
def test_any_integer_is_a_transaction_id(bench: VirtualBench, transaction_id: int):
    answer = {"transactionId": transaction_id, "idTagInfo": {"status": "Accepted"}}
    bench.central_system.once("StartTransaction", answer)
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(61)
    assert bench.status() == "Charging"
    assert bench.sent("MeterValues")[0]["transactionId"] == transaction_id
    answer = bench.ask("RemoteStopTransaction", {"transactionId": transaction_id})
    assert answer.status == "Accepted"
    assert stops(bench)[0]["transactionId"] == transaction_id


@pytest.mark.obligation("TX-06", "OFF-14")
def test_a_start_that_failed_for_good_makes_the_id_minus_1(bench: VirtualBench):
    bench.configure(TransactionMessageAttempts="2", TransactionMessageRetryInterval="10")
    bench.central_system.on("StartTransaction", ErrorReply())
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(70)
    bench.stop_button()
    bench.advance(1)
    assert len(bench.sent("StartTransaction")) == 2
    assert bench.sent("MeterValues")[0]["transactionId"] == -1
    assert stops(bench)[0]["transactionId"] == -1


@pytest.mark.obligation("TX-07")
@pytest.mark.parametrize("reply", [Silence(), ErrorReply()])
def test_the_driver_charges_while_the_start_is_not_confirmed(bench: VirtualBench, reply: Any):
    bench.central_system.once("StartTransaction", reply)
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(20)
    assert power_w(bench) > 0
    bench.advance(200)
    assert bench.status() == "Charging"
    assert len(bench.sent("StartTransaction")) == 2


@pytest.mark.obligation("TX-08")
def test_connectors_charge_independently_one_transaction_each(make_bench: BenchFactory):
    bench = make_bench(connectors=3)
    ids = [bench.start(f"TAG{connector}", connector) for connector in (1, 2, 3)]
    assert len(set(ids)) == 3
    bench.advance(100)
    bench.stop_button(2)
    assert [stop["transactionId"] for stop in stops(bench)] == [ids[1]]
    assert bench.statuses(1)[-1] == bench.statuses(3)[-1] == "Charging"
    assert len(bench.sent("StartTransaction")) == 3


@pytest.mark.obligation("TX-09", "CA-09")
@pytest.mark.parametrize(
    "obstacle", ["fault", "fault of the whole", "inoperative", "inoperative 0"]
)
def test_no_start_on_a_faulted_or_unavailable_connector(bench: VirtualBench, obstacle: str):
    match obstacle:
        case "fault":
            bench.raise_fault("GroundFailure")
        case "fault of the whole":
            bench.raise_fault("OtherError", 0)
        case _:
            connector_id = 0 if obstacle.endswith("0") else 1
            bench.ask("ChangeAvailability", {"connectorId": connector_id, "type": "Inoperative"})
    bench.plug_in()
    bench.tag("TAG")
    assert bench.ask("RemoteStartTransaction", {"idTag": "T", "connectorId": 1}).status == (
        "Rejected"
    )
    bench.advance(100)
    assert "StartTransaction" not in bench.actions()


@pytest.mark.obligation("TX-10", "CFG-K06")
def test_a_tag_waits_for_its_cable_for_a_time(bench: VirtualBench):
    bench.configure(ConnectionTimeOut="25")
    bench.tag("TAG")
    bench.advance(24)
    assert bench.status() == "Preparing"
    bench.advance(2)
    assert bench.status() == "Available"
    bench.plug_in()
    bench.advance(5)
    assert "StartTransaction" not in bench.actions()


@pytest.mark.obligation("TX-11", "SN-T-B6", "CFG-K06")
def test_a_cable_waits_for_its_tag_for_a_time(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    bench.plug_in(1)
    bench.advance(61)
    assert bench.status(1) == "Finishing"
    bench.tag("NEXT", None)
    assert bench.status(2) == "Preparing"
    assert "StartTransaction" not in bench.actions()


@pytest.mark.obligation("TX-12")
def test_the_same_tag_again_cancels(bench: VirtualBench):
    bench.tag("TAG")
    bench.tag("TAG")
    bench.plug_in()
    assert bench.statuses() == ["Available", "Preparing", "Available", "Preparing"]
    assert "StartTransaction" not in bench.actions()


# --- refused after the start ----------------------------------------------------------------

REFUSED = {"transactionId": 5, "idTagInfo": {"status": "Invalid"}}


@pytest.mark.obligation("TX-13", "TX-23", "CFG-K26")
@pytest.mark.parametrize("status", ["Blocked", "Expired", "Invalid", "ConcurrentTx"])
def test_a_transaction_with_a_refused_tag_is_stopped(bench: VirtualBench, status: str):
    answer = {"transactionId": 5, "idTagInfo": {"status": status}}
    bench.central_system.once("StartTransaction", Delayed(10.0, answer))
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(9)
    assert not stops(bench)
    bench.advance(2)
    assert stops(bench)[0]["reason"] == "DeAuthorized"
    assert stops(bench)[0]["transactionId"] == 5
    assert power_w(bench) == 0
    assert bench.status() == "Finishing"


@pytest.mark.obligation("TX-14")
def test_the_cable_of_a_refused_tag_stays_locked_until_it_is_shown(bench: VirtualBench):
    bench.central_system.once("StartTransaction", REFUSED)
    bench.plug_in()
    bench.tag("TAG")
    bench.unplug()
    with pytest.raises(IllegalAction):
        bench.unplug(side="charger")
    bench.tag("OTHER")
    with pytest.raises(IllegalAction):
        bench.unplug(side="charger")
    bench.tag("TAG")
    bench.unplug(side="charger")
    assert bench.status() == "Available"


@pytest.mark.obligation("TX-14")
def test_a_tag_of_the_same_group_frees_the_cable_too(bench: VirtualBench):
    family = {"status": "Accepted", "parentIdTag": "FAMILY"}
    bench.central_system.id_tags = {"HIS": family, "HERS": family}
    bench.tag("HERS")
    bench.tag("HERS")
    refused = {"transactionId": 5, "idTagInfo": {"status": "Blocked", "parentIdTag": "FAMILY"}}
    bench.central_system.once("StartTransaction", refused)
    bench.plug_in()
    bench.tag("HIS")
    bench.unplug()
    bench.tag("HERS")
    bench.unplug(side="charger")
    assert bench.status() == "Available"


@pytest.mark.obligation("TX-15", "CFG-K26")
def test_a_refused_transaction_stays_open_without_energy_where_configured(bench: VirtualBench):
    bench.configure(StopTransactionOnInvalidId="false")
    bench.central_system.once("StartTransaction", REFUSED)
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(300)
    assert bench.status() == "SuspendedEVSE"
    assert power_w(bench) == 0
    assert not stops(bench)
    bench.stop_button()
    assert stops(bench)[0]["transactionId"] == 5


@pytest.mark.obligation("TX-16", "CFG-K14")
def test_some_energy_may_still_flow_after_the_refusal(bench: VirtualBench):
    bench.configure(StopTransactionOnInvalidId="false", MaxEnergyOnInvalidId="1000")
    bench.central_system.once("StartTransaction", REFUSED)
    bench.plug_in()
    bench.tag("TAG")
    assert power_w(bench) > 0
    bench.wait_for(lambda: bench.status() == "SuspendedEVSE", limit_s=3600)
    delivered_wh = bench.charger.plant.read_meter(1, bench.now_s).energy_wh  # type: ignore[arg-type]
    assert delivered_wh == pytest.approx(1000, abs=5)


@pytest.mark.obligation("TX-16", "CFG-K14")
def test_a_limit_that_is_lifted_gives_no_more_than_that(bench: VirtualBench):
    bench.configure(StopTransactionOnInvalidId="false", MaxEnergyOnInvalidId="1000")
    low = profile((0, 6), (100, 32), start_s=0.0)
    bench.ask("SetChargingProfile", {"connectorId": 1, "csChargingProfiles": low})
    bench.central_system.once("StartTransaction", REFUSED)
    bench.plug_in()
    bench.tag("TAG")
    bench.wait_for(lambda: bench.status() == "SuspendedEVSE", limit_s=3600)
    delivered_wh = bench.charger.plant.read_meter(1, bench.now_s).energy_wh  # type: ignore[arg-type]
    assert delivered_wh == pytest.approx(1000, abs=7)


# --- stop -----------------------------------------------------------------------------------


@pytest.mark.obligation("TX-17")
def test_a_stop_tells_id_meter_and_time(bench: VirtualBench):
    transaction_id = bench.start()
    bench.advance(3600)
    bench.stop_button()
    stop = stops(bench)[0]
    assert stop["transactionId"] == transaction_id
    assert stop["timestamp"] == format_date_time(bench.EPOCH_S + 3600)
    assert isinstance(stop["meterStop"], int)
    assert 15_000 < stop["meterStop"] < 25_000


@pytest.mark.obligation("TX-18", "TX-20")
def test_a_tag_at_the_reader_is_named_and_the_reason_is_local(bench: VirtualBench):
    bench.start("TAG")
    bench.tag("TAG")
    assert stops(bench)[0]["idTag"] == "TAG"
    assert stops(bench)[0].get("reason", "Local") == "Local"


@pytest.mark.obligation("TX-19", "TX-20", "FRM-25")
def test_the_button_stops_with_reason_local(bench: VirtualBench):
    bench.start("TAG")
    bench.stop_button()
    assert stops(bench)[0].get("reason", "Local") == "Local"


@pytest.mark.obligation("TX-19", "TX-21", "RS-21")
def test_the_csms_stops_with_reason_remote(bench: VirtualBench):
    transaction_id = bench.start()
    bench.ask("RemoteStopTransaction", {"transactionId": transaction_id})
    assert stops(bench)[0]["reason"] == "Remote"


@pytest.mark.obligation("TX-19", "TX-22", "TX-37", "CFG-K25")
def test_an_unplugged_ev_stops_with_its_reason(bench: VirtualBench):
    bench.start()
    bench.unplug()
    assert stops(bench)[0]["reason"] == "EVDisconnected"


@pytest.mark.obligation("TX-19", "TX-24")
@pytest.mark.parametrize("kind", ["Hard", "Soft"])
def test_a_reset_stops_with_its_reason(bench: VirtualBench, kind: str):
    bench.start()
    bench.ask("Reset", {"type": kind})
    bench.advance(60)
    assert [stop["reason"] for stop in stops(bench)] == [f"{kind}Reset"]


@pytest.mark.obligation("TX-19", "TX-27", "UNL-05")
def test_unlocking_stops_with_its_reason(bench: VirtualBench):
    bench.start()
    bench.ask("UnlockConnector", {"connectorId": 1})
    assert stops(bench)[0]["reason"] == "UnlockCommand"


@pytest.mark.obligation("TX-19", "TX-28")
def test_the_emergency_button_stops_everything(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    bench.start("A", 1)
    bench.start("B", 2)
    bench.emergency_stop()
    assert [stop["reason"] for stop in stops(bench)] == ["EmergencyStop"] * 2
    assert power_w(bench) == 0


@pytest.mark.obligation("TX-19", "TX-29")
def test_a_failed_meter_stops_with_reason_other(bench: VirtualBench):
    bench.start()
    bench.raise_fault("PowerMeterFailure")
    assert stops(bench)[0]["reason"] == "Other"


@pytest.mark.obligation("TX-19")
def test_the_operator_can_give_any_reason_of_the_standard(bench: VirtualBench):
    bench.start()
    bench.act(lambda charger, now: charger.stop_transaction(1, "Reboot", now))  # type: ignore[arg-type]
    assert stops(bench)[0]["reason"] == "Reboot"


@pytest.mark.obligation("TX-30")
def test_the_cable_is_free_after_a_normal_end(bench: VirtualBench):
    bench.start()
    assert bench.charger.plant.is_locked(1)  # type: ignore[arg-type]
    with pytest.raises(IllegalAction):
        bench.unplug(side="charger")
    bench.tag("TAG")
    bench.unplug(side="charger")
    assert bench.status() == "Available"


@pytest.mark.obligation("TX-34")
def test_after_the_stop_it_is_finishing_until_unplugged(bench: VirtualBench):
    bench.start()
    bench.stop_button()
    bench.advance(3600)
    assert bench.status() == "Finishing"
    bench.drive_away()
    assert bench.status() == "Available"


@pytest.mark.obligation("TX-35")
@pytest.mark.parametrize("status", ["Blocked", "Expired", "Invalid"])
def test_the_answer_to_a_stop_cannot_prevent_it(bench: VirtualBench, status: str):
    bench.central_system.on("StopTransaction", {"idTagInfo": {"status": status}})
    bench.start()
    bench.tag("TAG")
    bench.advance(600)
    assert len(stops(bench)) == 1
    assert bench.status() == "Finishing"


@pytest.mark.obligation("TX-36")
def test_a_restart_is_a_new_transaction(bench: VirtualBench):
    first = bench.start()
    bench.advance(60)
    bench.tag("TAG")
    bench.advance(60)
    bench.tag("TAG")
    assert len(bench.sent("StartTransaction")) == 2
    bench.tag("TAG")
    assert [stop["transactionId"] for stop in stops(bench)] == [first, first + 1]


# --- the EV's side --------------------------------------------------------------------------


@pytest.mark.obligation("TX-38")
def test_the_ev_plugged_in_again_gets_no_energy_without_a_new_transaction(bench: VirtualBench):
    bench.start()
    bench.unplug()
    bench.plug_in()
    bench.advance(30)
    assert power_w(bench) == 0
    assert len(bench.sent("StartTransaction")) == 1
    bench.tag("TAG")
    assert len(bench.sent("StartTransaction")) == 2


@pytest.mark.obligation("TX-39", "TX-40", "CFG-K25", "CFG-K35")
def test_where_unplugging_does_not_stop_the_cable_stays_and_charging_goes_on(bench: VirtualBench):
    bench.configure(
        StopTransactionOnEVSideDisconnect="false", UnlockConnectorOnEVSideDisconnect="true"
    )
    bench.start()
    bench.unplug()
    assert bench.status() == "SuspendedEV"
    with pytest.raises(IllegalAction):
        bench.unplug(side="charger")
    bench.advance(100)
    bench.plug_in()
    assert bench.status() == "Charging"
    assert power_w(bench) > 0
    assert not stops(bench)


@pytest.mark.obligation("TX-41", "CFG-K35")
def test_unplugging_unlocks_where_configured(bench: VirtualBench):
    bench.configure(UnlockConnectorOnEVSideDisconnect="true")
    bench.start()
    bench.unplug()
    bench.unplug(side="charger")
    assert bench.status() == "Available"


@pytest.mark.obligation("TX-41", "CFG-K35")
def test_unplugging_keeps_the_cable_for_the_tag_where_configured(bench: VirtualBench):
    bench.configure(UnlockConnectorOnEVSideDisconnect="false")
    bench.start()
    bench.unplug()
    assert len(stops(bench)) == 1
    with pytest.raises(IllegalAction):
        bench.unplug(side="charger")
    bench.tag("TAG")
    bench.unplug(side="charger")
    assert bench.status() == "Available"


@pytest.mark.obligation("TX-42", "CFG-K35")
def test_a_fixed_cable_has_nothing_to_unlock(make_bench: BenchFactory):
    bench = make_bench(cable="tethered")
    assert bench.configured("UnlockConnectorOnEVSideDisconnect") == "false"
    change = {"key": "UnlockConnectorOnEVSideDisconnect", "value": "true"}
    assert bench.ask("ChangeConfiguration", change).status == "Rejected"
    assert bench.configured("UnlockConnectorOnEVSideDisconnect") == "false"


# --- power loss -----------------------------------------------------------------------------


@pytest.mark.obligation("TX-26", "TX-43", "TX-44")
@pytest.mark.parametrize("cause", ["mains", "crash"])
def test_a_transaction_that_lost_its_power_is_stopped_after_the_boot(
    bench: VirtualBench, cause: str
):
    transaction_id = bench.start()
    bench.advance(1000)
    if cause == "mains":
        bench.power_cycle(down_s=500)
    else:
        bench.crash(down_s=500)
    bench.advance(5)
    assert len(stops(bench)) == 1
    stop = stops(bench)[0]
    assert stop["transactionId"] == transaction_id
    assert stop["reason"] == "PowerLoss"
    assert "2026-01-01T00:16:00" <= stop["timestamp"] <= "2026-01-01T00:16:41"
    last_sample = bench.sent("MeterValues")[-1]["meterValue"][0]["sampledValue"][0]["value"]
    assert stop["meterStop"] >= int(float(last_sample))
    assert bench.status() == "Finishing"


@pytest.mark.obligation("TX-43", "TX-44")
@pytest.mark.parametrize("cause", ["mains", "crash"])
def test_a_transaction_can_be_resumed_under_its_id(make_bench: BenchFactory, cause: str):
    bench = make_bench(behaviour={"power_loss": "resume"})
    transaction_id = bench.start()
    bench.advance(1000)
    if cause == "mains":
        bench.power_cycle(down_s=500)
    else:
        bench.crash(down_s=500)
    bench.advance(300)
    assert not stops(bench)
    assert bench.status() == "Charging"
    assert bench.sent("MeterValues")[-1]["transactionId"] == transaction_id
    bench.tag("TAG")
    assert stops(bench)[0]["transactionId"] == transaction_id
    assert len(bench.sent("StartTransaction")) == 1


@pytest.mark.obligation("TX-43", "TX-44", "OFF-15")
def test_a_transaction_that_no_csms_heard_of_survives_a_power_loss(bench: VirtualBench):
    bench.start("TAG")
    bench.tag("TAG")
    bench.drive_away()
    bench.cut_link()
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(600)
    bench.crash(down_s=60)
    bench.restore_link()
    bench.advance(5)
    assert [payload["idTag"] for payload in bench.sent("StartTransaction")] == ["TAG", "TAG"]
    assert stops(bench)[1]["reason"] == "PowerLoss"
    assert stops(bench)[1]["transactionId"] == 2


@pytest.mark.obligation("TX-25", "BOOT-02")
def test_a_restart_of_its_own_ends_transactions_with_reboot(bench: VirtualBench):
    transaction_id = bench.start()
    bench.advance(100)
    bench.restart()
    bench.advance(30)
    assert bench.actions().count("BootNotification") == 2
    (stop,) = bench.sent("StopTransaction")
    assert (stop["transactionId"], stop["reason"]) == (transaction_id, "Reboot")
    assert bench.status() == "Finishing"
