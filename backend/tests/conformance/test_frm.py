"""FRM: framing, message ids, data types (OCPP-J 1.6 §4, 1.6 ed.2 §2-3)."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from ocppsim.chargepoint.effects import CloseLink
from ocppsim.protocol.v16.actions import ACTIONS
from ocppsim.protocol.v16.date_time import parse_date_time
from ocppsim.simulation.central_system import Delayed, ErrorReply, Silence
from ocppsim.simulation.virtual_bench import VirtualBench

BenchFactory = Callable[..., VirtualBench]


def charge_for_a_while(bench: VirtualBench) -> None:
    bench.start()
    bench.advance(600)
    bench.stop_button()
    bench.drive_away()
    bench.advance(600)


@pytest.mark.obligation("FRM-06", "FRM-07", "FRM-08", "FRM-13", "FRM-15")
def test_calls_have_the_shape_of_the_standard(bench: VirtualBench):
    charge_for_a_while(bench)
    calls = bench.central_system.calls()
    assert len(calls) > 10
    for record in calls:
        assert record.text.isascii()
        kind, message_id, action, payload = json.loads(record.text)
        assert kind == 2
        assert isinstance(message_id, str)
        assert isinstance(action, str)
        assert isinstance(payload, dict)
    heartbeat = bench.central_system.calls("Heartbeat")[0]
    assert heartbeat.text.endswith(b'"Heartbeat",{}]')


@pytest.mark.obligation("FRM-12", "FRM-14")
@pytest.mark.parametrize("message_id", ["1", "", "a b", '"quoted"', "\\", "é", "i" * 36])
def test_an_answer_carries_the_id_of_its_call(bench: VirtualBench, message_id: str):
    bench.central_system.call("ClearCache", {}, message_id=message_id)
    bench.settle()
    last = bench.central_system.records[-1]
    assert json.loads(last.text) == [3, message_id, {"status": "Accepted"}]


@pytest.mark.obligation("FRM-12", "FRM-16")
def test_an_error_has_five_elements_and_the_id_of_its_call(bench: VirtualBench):
    bench.hear('[2,"their id","Nonsense",{}]')
    frame = json.loads(bench.central_system.records[-1].text)
    assert frame[:3] == [4, "their id", "NotImplemented"]
    assert isinstance(frame[3], str)
    assert frame[4] == {}


@pytest.mark.obligation("FRM-08", "FRM-09")
@pytest.mark.parametrize("kind", ["0", "1", "5", "42", "-1", "2.5", '"2"', "null", "true"])
def test_other_message_types_are_ignored_and_the_link_stays(bench: VirtualBench, kind: str):
    frames = len(bench.central_system.records)
    bench.hear(f'[{kind},"x","Reset",{{"type":"Hard"}}]')
    assert len(bench.central_system.records) == frames + 1
    assert not any(isinstance(effect, CloseLink) for effect in bench.effects)
    assert bench.ask("ClearCache").status == "Accepted"


@pytest.mark.obligation("FRM-10", "FRM-11")
def test_message_ids_are_never_used_twice_and_short(bench: VirtualBench):
    bench.central_system.once("StartTransaction", Silence(), ErrorReply())
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(600)
    bench.stop_button()
    bench.drive_away()
    bench.cut_link()
    bench.advance(60)
    bench.restore_link()
    charge_for_a_while(bench)
    ids = [record.message_id for record in bench.central_system.calls()]
    assert len(ids) == len(set(ids))
    assert max(map(len, ids)) <= 36


@pytest.mark.obligation("FRM-13")
def test_the_name_of_an_action_is_case_sensitive(bench: VirtualBench):
    assert bench.ask("clearcache").error_code == "NotImplemented"
    assert bench.ask("CLEARCACHE").error_code == "NotImplemented"


@pytest.mark.obligation("FRM-15")
def test_null_is_an_empty_payload(bench: VirtualBench):
    bench.hear('[2,"n","ClearCache",null]')
    assert json.loads(bench.central_system.records[-1].text) == [3, "n", {"status": "Accepted"}]


@pytest.mark.obligation("FRM-15")
def test_null_answers_a_call_as_an_empty_payload_does(bench: VirtualBench):
    calls = len(bench.central_system.calls())
    bench.central_system.send_text('[3,"nobody asked",null]')
    bench.plug_in()
    assert len(bench.central_system.calls()) == calls + 1


@pytest.mark.obligation("FRM-17")
def test_the_next_call_waits_for_the_answer_to_the_last(bench: VirtualBench):
    bench.central_system.once("Authorize", Delayed(5.0, {"idTagInfo": {"status": "Accepted"}}))
    bench.tag("TAG")
    bench.plug_in()
    assert bench.actions()[-1] == "Authorize"
    bench.advance(4.9)
    assert bench.actions()[-1] == "Authorize"
    bench.advance(0.1)
    assert "StartTransaction" in bench.actions()


@pytest.mark.obligation("FRM-18")
def test_a_call_of_the_csms_is_answered_while_an_own_one_is_open(bench: VirtualBench):
    bench.central_system.once("Authorize", Silence())
    bench.tag("TAG")
    assert bench.ask("GetConfiguration", {"key": ["HeartbeatInterval"]}).answered
    assert bench.ask("Nonsense").error_code == "NotImplemented"


@pytest.mark.obligation("FRM-19", "FRM-20", "CFG-K15")
def test_message_timeout_rules_how_long_an_answer_may_take(bench: VirtualBench):
    bench.configure(MessageTimeout="7", HeartbeatInterval="100")
    bench.rules.message_timeout_s = 7.0
    bench.central_system.once("Heartbeat", Delayed(20.0, {"currentTime": "2026-01-01T00:00:00Z"}))
    bench.wait_for(lambda: bench.actions()[-1] == "Heartbeat")
    bench.plug_in()
    bench.advance(6.9)
    assert bench.statuses() == ["Available"]
    bench.advance(0.1)
    assert bench.status() == "Preparing"
    bench.advance(60)
    assert bench.linked
    assert bench.ask("ClearCache").status == "Accepted"


@pytest.mark.obligation("FRM-20")
def test_answers_that_nobody_waits_for_change_nothing(bench: VirtualBench):
    for text in (
        '[3,"unknown",{"status":"Rejected"}]',
        '[4,"unknown","GenericError","",{}]',
        '[3,"v1-1",{"status":"Rejected","currentTime":"2026-01-01T00:00:00Z","interval":9}]',
    ):
        bench.hear(text)
    assert bench.linked
    assert not any(isinstance(effect, CloseLink) for effect in bench.effects)
    assert bench.configured("HeartbeatInterval") == "300"


@pytest.mark.obligation("FRM-27", "CFG-K36")
def test_the_ping_interval_follows_its_key(bench: VirtualBench):
    assert bench.ping_interval_s == int(bench.configured("WebSocketPingInterval") or "")
    bench.configure(WebSocketPingInterval="17")
    assert bench.ping_interval_s == 17
    bench.configure(WebSocketPingInterval="0")
    assert bench.ping_interval_s == 0


@pytest.mark.obligation("FRM-29")
def test_a_mere_reconnect_needs_no_boot_notification(bench: VirtualBench):
    for _ in range(3):
        bench.cut_link()
        bench.advance(30)
        bench.restore_link()
        bench.advance(30)
    assert bench.actions().count("BootNotification") == 1


@pytest.mark.obligation("FRM-31")
def test_times_on_the_wire_are_iso_8601_in_utc(bench: VirtualBench):
    charge_for_a_while(bench)
    stamps = [
        payload["timestamp"]
        for action in ("StartTransaction", "StopTransaction", "StatusNotification")
        for payload in bench.sent(action)
        if "timestamp" in payload
    ]
    stamps += [entry["meterValue"][0]["timestamp"] for entry in bench.sent("MeterValues")]
    assert len(stamps) > 5
    for stamp in stamps:
        assert stamp.endswith("Z")
        assert bench.EPOCH_S <= parse_date_time(stamp) <= bench.EPOCH_S + bench.now_s


@pytest.mark.obligation("FRM-32")
@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01T12:00:00Z",
        "2026-03-01T12:00:00.000000Z",
        "2026-03-01T13:00:00.0+01:00",
        "2026-03-01T13:00+01",
        "2026-03-01T06:30:00-05:30",
        "2026-03-01T12:00:00",
    ],
)
def test_fractions_and_offsets_in_received_times_are_understood(
    make_bench: BenchFactory, text: str
):
    bench = make_bench(link=False)
    bench.central_system.once(
        "BootNotification", {"status": "Accepted", "currentTime": text, "interval": 300}
    )
    bench.restore_link()
    bench.start()
    started = parse_date_time(bench.sent("StartTransaction")[0]["timestamp"])
    assert started == parse_date_time("2026-03-01T12:00:00Z")


@pytest.mark.obligation("FRM-33")
def test_connectors_are_numbered_from_1_without_gaps(make_bench: BenchFactory):
    bench = make_bench(connectors=3)
    assert [p["connectorId"] for p in bench.sent("StatusNotification")] == [0, 1, 2, 3]
    assert bench.configured("NumberOfConnectors") == "3"
    bench.power_cycle()
    assert [p["connectorId"] for p in bench.sent("StatusNotification")] == [0, 1, 2, 3] * 2


@pytest.mark.obligation("FRM-34")
def test_id_tags_are_compared_without_regard_to_case(bench: VirtualBench):
    bench.start("AbCdEf")
    bench.tag("aBcDeF")
    assert bench.sent("StopTransaction")
    assert bench.actions().count("Authorize") == 1


@pytest.mark.obligation("FRM-34")
def test_enumerations_are_compared_with_regard_to_case(bench: VirtualBench):
    assert bench.ask("Reset", {"type": "hard"}).error_code == "PropertyConstraintViolation"


@pytest.mark.obligation("FRM-36")
def test_the_whole_core_profile_is_there(bench: VirtualBench):
    answers = {
        "ChangeAvailability": {"connectorId": 1, "type": "Operative"},
        "ChangeConfiguration": {"key": "HeartbeatInterval", "value": "300"},
        "ClearCache": {},
        "DataTransfer": {"vendorId": "nobody"},
        "GetConfiguration": {},
        "RemoteStartTransaction": {"idTag": "TAG", "connectorId": 1},
        "RemoteStopTransaction": {"transactionId": 99},
        "UnlockConnector": {"connectorId": 1},
        "Reset": {"type": "Soft"},
    }
    charge_for_a_while(bench)
    for action, payload in answers.items():
        assert bench.ask(action, payload).payload is not None, action
    bench.advance(10)
    core = {name for name, action in ACTIONS.items() if action.feature_profile == "Core"}
    assert core == answers.keys() | set(bench.actions())
    assert "Core" in (bench.configured("SupportedFeatureProfiles") or "").split(",")


@pytest.mark.obligation("FRM-37")
def test_messages_belong_to_the_profiles_of_the_corrected_table():
    profile_of = {name: action.feature_profile for name, action in ACTIONS.items()}
    assert {name for name, profile in profile_of.items() if profile == "Reservation"} == {
        "ReserveNow",
        "CancelReservation",
    }
    assert {name for name, profile in profile_of.items() if profile == "SmartCharging"} == {
        "ClearChargingProfile",
        "GetCompositeSchedule",
        "SetChargingProfile",
    }
    assert profile_of["TriggerMessage"] == "RemoteTrigger"
