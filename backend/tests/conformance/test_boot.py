"""BOOT: registration, and what is not said before it (1.6 ed.2 §4.2)."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest

from ocppsim.chargepoint.effects import CloseLink
from ocppsim.protocol.v16.date_time import format_date_time, parse_date_time
from ocppsim.simulation.central_system import Delayed, ErrorReply, RawReply, Silence
from ocppsim.simulation.virtual_bench import VirtualBench

BenchFactory = Callable[..., VirtualBench]


def boots(bench: VirtualBench) -> list[float]:
    """When BootNotifications were sent."""
    return [record.at_s for record in bench.central_system.calls("BootNotification")]


def unregistered(make_bench: BenchFactory, status: str, interval_s: int = 60) -> VirtualBench:
    """A charger whose first BootNotification was answered with this status."""
    bench = make_bench(connectors=2, link=False)
    bench.central_system.registration = status
    bench.central_system.interval_s = interval_s
    bench.restore_link()
    return bench


@pytest.mark.obligation("BOOT-01")
def test_the_first_message_is_a_boot_notification(bench: VirtualBench):
    assert bench.actions()[0] == "BootNotification"
    assert bench.actions().count("BootNotification") == 1


@pytest.mark.obligation("BOOT-01", "BOOT-02")
@pytest.mark.parametrize("cause", ["soft", "hard", "mains", "crash"])
def test_every_restart_is_announced(bench: VirtualBench, cause: str):
    match cause:
        case "soft" | "hard":
            bench.ask("Reset", {"type": cause.title()})
        case "mains":
            bench.power_cycle()
        case _:
            bench.crash()
    bench.advance(120)
    assert bench.actions().count("BootNotification") == 2
    assert bench.statuses() == ["Available", "Available"]


@pytest.mark.obligation("BOOT-03", "OFF-16")
def test_nothing_else_is_said_before_the_answer(make_bench: BenchFactory):
    bench = make_bench()
    bench.start()
    bench.cut_link()
    bench.advance(300)
    bench.power_cycle()
    before = len(bench.central_system.calls())
    answer = {"status": "Accepted", "interval": 300}
    bench.central_system.once(
        "BootNotification",
        Delayed(20.0, answer | {"currentTime": format_date_time(bench.EPOCH_S + 330)}),
    )
    bench.restore_link()
    bench.advance(19)
    assert bench.actions()[before:] == ["BootNotification"]
    bench.advance(2)
    assert set(bench.actions()[before:]) > {"StatusNotification", "MeterValues", "StopTransaction"}


@pytest.mark.obligation("BOOT-04")
def test_vendor_and_model_are_given(make_bench: BenchFactory):
    bench = make_bench(charge_point_vendor="V" * 20, charge_point_model="M" * 20)
    assert bench.sent("BootNotification") == [
        {"chargePointVendor": "V" * 20, "chargePointModel": "M" * 20}
    ]


@pytest.mark.obligation("BOOT-05")
def test_the_optional_fields_are_given_where_they_are_known(make_bench: BenchFactory):
    bench = make_bench(
        charge_point_serial_number="serial",
        charge_box_serial_number="box",
        firmware_version="1.2.3",
        iccid="8931",
        imsi="204",
        meter_serial_number="meter",
        meter_type="MT",
    )
    assert bench.sent("BootNotification")[0] == {
        "chargePointVendor": "Vendor",
        "chargePointModel": "Model",
        "chargePointSerialNumber": "serial",
        "chargeBoxSerialNumber": "box",
        "firmwareVersion": "1.2.3",
        "iccid": "8931",
        "imsi": "204",
        "meterSerialNumber": "meter",
        "meterType": "MT",
    }


@pytest.mark.obligation("BOOT-06", "HB-01", "HB-06")
def test_the_interval_becomes_that_of_the_heartbeat(make_bench: BenchFactory):
    bench = unregistered(make_bench, "Accepted", interval_s=77)
    assert bench.configured("HeartbeatInterval") == "77"
    bench.advance(77)
    assert bench.actions()[-1] == "Heartbeat"
    assert bench.actions().count("Heartbeat") == 1


@pytest.mark.obligation("BOOT-07")
def test_the_clock_is_set(make_bench: BenchFactory):
    bench = make_bench(clock_epoch_s=VirtualBench.EPOCH_S - 86_400)
    bench.start()
    assert parse_date_time(bench.sent("StartTransaction")[0]["timestamp"]) == bench.EPOCH_S


@pytest.mark.obligation("BOOT-08", "BOOT-10", "BOOT-18")
@pytest.mark.parametrize("status", ["Pending", "Rejected"])
def test_the_next_boot_notification_comes_after_the_interval(make_bench: BenchFactory, status: str):
    bench = unregistered(make_bench, status, interval_s=90)
    bench.advance(1000)
    times = boots(bench)
    assert len(times) >= 8
    assert all(later - earlier >= 90 for earlier, later in itertools.pairwise(times))
    bench.central_system.registration = "Accepted"
    bench.advance(120)
    assert bench.statuses(0) == ["Available"]
    assert bench.statuses(2) == ["Available"]


@pytest.mark.obligation("BOOT-09")
@pytest.mark.parametrize("status", ["Pending", "Rejected"])
def test_without_an_interval_the_csms_is_not_flooded(make_bench: BenchFactory, status: str):
    bench = unregistered(make_bench, status, interval_s=0)
    bench.advance(600)
    assert 2 <= len(boots(bench)) <= 60


@pytest.mark.obligation("BOOT-09")
@pytest.mark.parametrize("status", ["Pending", "Rejected"])
def test_an_interval_beyond_all_time_is_a_long_one(make_bench: BenchFactory, status: str):
    bench = unregistered(make_bench, status, interval_s=10**30)
    bench.advance(100_000)
    assert len(boots(bench)) == 1


@pytest.mark.obligation("BOOT-11", "BOOT-16", "BOOT-23")
@pytest.mark.parametrize("status", ["Pending", "Rejected"])
def test_whatever_happens_nothing_is_sent_before_acceptance(make_bench: BenchFactory, status: str):
    bench = unregistered(make_bench, status, interval_s=1000)
    bench.tag("TAG")
    bench.plug_in()
    bench.raise_fault("HighTemperature", 2)
    bench.advance(900)
    bench.clear_fault(2)
    bench.drive_away()
    assert bench.actions() == ["BootNotification"]


@pytest.mark.obligation("BOOT-12")
def test_a_rejected_charge_point_does_not_answer(make_bench: BenchFactory):
    bench = unregistered(make_bench, "Rejected")
    before = len(bench.central_system.records)
    for text in (
        '[2,"1","GetConfiguration",{}]',
        '[2,"2","Reset",{"type":"Hard"}]',
        '[2,"3","Nonsense",{}]',
        '[2,"4","Reset",{}]',
        '[2,"5","Reset"]',
        f'[2,"{"6" * 37}","ClearCache",{{}}]',
    ):
        bench.hear(text)
    assert len(bench.central_system.records) == before + 6
    bench.central_system.registration = "Accepted"
    bench.advance(120)
    bench.central_system.call("ClearCache", {}, message_id="1")
    bench.settle()
    assert json.loads(bench.central_system.records[-1].text) == [3, "1", {"status": "Accepted"}]


@pytest.mark.obligation("BOOT-14")
def test_the_link_stays_while_pending(make_bench: BenchFactory):
    bench = unregistered(make_bench, "Pending")
    bench.advance(1000)
    assert not any(isinstance(effect, CloseLink) for effect in bench.effects)
    assert bench.linked


@pytest.mark.obligation("BOOT-15", "CFG-20")
def test_a_pending_charge_point_can_be_configured(make_bench: BenchFactory):
    bench = unregistered(make_bench, "Pending", interval_s=60)
    bench.configure(MeterValueSampleInterval="13")
    assert bench.configured("MeterValueSampleInterval") == "13"
    assert bench.ask("ClearCache").status == "Accepted"
    availability = {"connectorId": 2, "type": "Inoperative"}
    assert bench.ask("ChangeAvailability", availability).status == "Accepted"
    bench.central_system.registration = "Accepted"
    bench.advance(60)
    assert bench.statuses(2) == ["Unavailable"]


@pytest.mark.obligation("BOOT-17")
def test_no_remote_start_or_stop_while_pending(make_bench: BenchFactory):
    bench = unregistered(make_bench, "Pending", interval_s=60)
    bench.plug_in()
    remote_start = {"connectorId": 1, "idTag": "TAG"}
    assert bench.ask("RemoteStartTransaction", remote_start).status == "Rejected"
    assert bench.ask("RemoteStopTransaction", {"transactionId": 1}).status == "Rejected"
    bench.central_system.registration = "Accepted"
    bench.advance(120)
    assert "StartTransaction" not in bench.actions()


@pytest.mark.obligation("BOOT-17")
def test_a_running_transaction_is_not_stopped_remotely_while_pending(make_bench: BenchFactory):
    bench = make_bench(behaviour={"power_loss": "resume"})
    transaction_id = bench.start()
    bench.central_system.registration = "Pending"
    bench.crash()
    answer = bench.ask("RemoteStopTransaction", {"transactionId": transaction_id})
    assert answer.status == "Rejected"
    bench.central_system.registration = "Accepted"
    bench.advance(301)
    assert "StopTransaction" not in bench.actions()


@pytest.mark.obligation("BOOT-19")
@pytest.mark.parametrize("reply", [Silence(), ErrorReply(), RawReply('[3,"{id}",{}]')])
def test_without_an_answer_it_is_repeated_ever_more_rarely(make_bench: BenchFactory, reply: Any):
    bench = make_bench(link=False)
    bench.central_system.on("BootNotification", reply)
    bench.restore_link()
    bench.plug_in()
    bench.advance(3600)
    assert set(bench.actions()) == {"BootNotification"}
    times = boots(bench)
    waits = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert len(waits) >= 5
    assert waits == sorted(waits)
    assert waits[-1] > waits[0]
    bench.central_system.as_usual("BootNotification")
    bench.advance(600)
    assert bench.status() in {"Preparing", "Finishing"}


@pytest.mark.obligation("BOOT-20")
def test_every_connector_and_the_whole_are_reported_after_acceptance(make_bench: BenchFactory):
    bench = make_bench(connectors=3)
    reported = [(p["connectorId"], p["status"]) for p in bench.sent("StatusNotification")]
    assert reported == [(0, "Available"), (1, "Available"), (2, "Available"), (3, "Available")]


@pytest.mark.obligation("BOOT-21")
def test_what_is_reported_after_acceptance_is_the_present_status(make_bench: BenchFactory):
    bench = make_bench(connectors=4, link=False)
    bench.plug_in(2)
    bench.raise_fault("GroundFailure", 3)
    bench.raise_fault("OtherError", 0)
    bench.restore_link()
    reported = {p["connectorId"]: p["status"] for p in bench.sent("StatusNotification")}
    assert reported[0] == "Faulted"
    assert reported[2] == "Preparing"
    assert reported[3] == "Faulted"


@pytest.mark.obligation("BOOT-21", "BOOT-27")
def test_a_resumed_transaction_is_reported_as_charging(make_bench: BenchFactory):
    bench = make_bench(behaviour={"power_loss": "resume"})
    bench.start()
    bench.crash()
    assert bench.statuses()[-1] == "Charging"


@pytest.mark.obligation("BOOT-22")
def test_queued_messages_are_delivered_after_acceptance_in_order(bench: VirtualBench):
    bench.start()
    bench.cut_link()
    bench.advance(180)
    bench.stop_button()
    bench.crash(down_s=30)
    before = len(bench.central_system.calls())
    bench.restore_link()
    bench.settle()
    after = bench.actions()[before:]
    assert after[:3] == ["BootNotification", "StatusNotification", "StatusNotification"]
    assert after[3:] == ["MeterValues"] * 3 + ["StopTransaction"]


@pytest.mark.obligation("BOOT-26")
@pytest.mark.parametrize("status", ["Pending", "Rejected"])
def test_a_reconnect_does_not_shorten_the_wait(make_bench: BenchFactory, status: str):
    bench = unregistered(make_bench, status, interval_s=300)
    for _ in range(5):
        bench.advance(20)
        bench.cut_link()
        bench.advance(20)
        bench.restore_link()
    assert boots(bench) == [0.0]
    bench.advance(101)
    assert len(boots(bench)) == 2


@pytest.mark.obligation("BOOT-27", "CFG-17", "CA-06", "SN-09")
def test_what_is_stored_is_there_before_the_first_report(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    bench.configure(MeterValueSampleInterval="21")
    bench.ask("ChangeAvailability", {"connectorId": 2, "type": "Inoperative"})
    bench.crash()
    assert bench.statuses(2) == ["Available", "Unavailable", "Unavailable"]
    assert bench.configured("MeterValueSampleInterval") == "21"
