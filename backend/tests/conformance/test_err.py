"""ERR: which CALLERROR when, and what a charge point does with those it gets."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from ocppsim.simulation.central_system import ErrorReply
from ocppsim.simulation.plant import Plant
from ocppsim.simulation.virtual_bench import VirtualBench

BenchFactory = Callable[..., VirtualBench]

PERIOD = {"startPeriod": 0, "limit": 16}
SCHEDULE = {"chargingRateUnit": "A", "chargingSchedulePeriod": [PERIOD]}
PROFILE: dict[str, Any] = {
    "chargingProfileId": 1,
    "stackLevel": 0,
    "chargingProfilePurpose": "TxDefaultProfile",
    "chargingProfileKind": "Relative",
    "chargingSchedule": SCHEDULE,
}
URI_AND_TIME = {"location": "ftp://files.example/x", "retrieveDate": "2026-01-01T00:00:00Z"}


@pytest.mark.obligation("ERR-03", "ERR-01")
@pytest.mark.parametrize("action", ["Nonsense", "", "reset", "GetBaseReport", "TransactionEvent"])
def test_an_unknown_action_is_not_implemented(bench: VirtualBench, action: str):
    assert bench.ask(action).error_code == "NotImplemented"


@pytest.mark.obligation("ERR-04", "ERR-01")
@pytest.mark.parametrize("payload", [{}, {"nonsense": 1}, {"status": "Idle"}])
@pytest.mark.parametrize(
    "action",
    [
        "BootNotification",
        "StartTransaction",
        "Heartbeat",
        "FirmwareStatusNotification",
        "GetLog",
        "InstallCertificate",
        "ExtendedTriggerMessage",
    ],
)
def test_what_a_charge_point_never_does_is_not_supported_whatever_the_payload(
    bench: VirtualBench, action: str, payload: dict[str, Any]
):
    assert bench.ask(action, payload).error_code == "NotSupported"


@pytest.mark.obligation("ERR-01", "ERR-02")
@pytest.mark.parametrize(
    ("action", "payload", "status"),
    [
        ("ChangeConfiguration", {"key": "Nonsense", "value": "1"}, "NotSupported"),
        ("ChangeConfiguration", {"key": "HeartbeatInterval", "value": "x"}, "Rejected"),
        ("ChangeAvailability", {"connectorId": 9, "type": "Operative"}, "Rejected"),
        ("DataTransfer", {"vendorId": "nobody"}, "UnknownVendorId"),
        ("RemoteStartTransaction", {"idTag": "T", "connectorId": 9}, "Rejected"),
        ("RemoteStopTransaction", {"transactionId": 1}, "Rejected"),
        ("UnlockConnector", {"connectorId": 9}, "NotSupported"),
    ],
)
def test_an_outcome_that_the_answer_can_express_is_no_error(
    bench: VirtualBench, action: str, payload: dict[str, Any], status: str
):
    assert bench.ask(action, payload).status == status


@pytest.mark.obligation("ERR-05")
def test_an_internal_error_is_answered_as_one(bench: VirtualBench, monkeypatch: pytest.MonkeyPatch):
    def burn(*_: object) -> bool:
        raise OSError("the lock is on fire")

    monkeypatch.setattr(Plant, "unlock", burn)
    sent = bench.central_system.call("UnlockConnector", {"connectorId": 1})
    with pytest.raises(OSError, match="fire"):
        bench.settle()
    bench.settle()
    assert sent.error_code == "InternalError"
    assert bench.ask("ClearCache").status == "Accepted"


@pytest.mark.obligation("ERR-06", "ERR-10", "ERR-13")
@pytest.mark.parametrize(
    ("action", "payload", "field"),
    [
        ("Reset", {}, "type"),
        ("ChangeConfiguration", {"key": "HeartbeatInterval"}, "value"),
        ("RemoteStartTransaction", {"connectorId": 1}, "idTag"),
        ("SetChargingProfile", {"connectorId": 1}, "csChargingProfiles"),
        (
            "SetChargingProfile",
            {"connectorId": 1, "csChargingProfiles": PROFILE | {"chargingSchedule": {}}},
            "csChargingProfiles.chargingSchedule.chargingRateUnit",
        ),
    ],
)
def test_a_missing_field_is_an_occurence_constraint_violation(
    bench: VirtualBench, action: str, payload: dict[str, Any], field: str
):
    answer = bench.ask(action, payload)
    assert answer.error_code == "OccurenceConstraintViolation"
    assert field in (answer.error_description or "")


@pytest.mark.obligation("ERR-08", "ERR-13")
@pytest.mark.parametrize(
    "text",
    [
        '[2,"f","Reset",[]]',
        '[2,"f","Reset","Hard"]',
        '[2,"f","Reset",7]',
        '[2,"f","Reset",{"type":"Hard","extra":1}]',
        '[2,"f","Reset"]',
        '[2,"f","Reset",{"type":"Hard"},{}]',
        '[2,"f",{},"Reset"]',
    ],
)
def test_a_payload_of_the_wrong_structure_is_a_formation_violation(bench: VirtualBench, text: str):
    bench.hear(text)
    assert json.loads(bench.central_system.records[-1].text)[:3] == [4, "f", "FormationViolation"]
    assert bench.actions().count("BootNotification") == 1


@pytest.mark.obligation("ERR-09")
@pytest.mark.parametrize(
    ("action", "payload"),
    [
        ("Reset", {"type": "Warm"}),
        ("ChangeConfiguration", {"key": "k" * 51, "value": "1"}),
        ("ChangeConfiguration", {"key": "HeartbeatInterval", "value": "1" * 501}),
        ("RemoteStartTransaction", {"idTag": "T" * 21}),
        ("ChangeAvailability", {"connectorId": 1, "type": "Sometimes"}),
        ("UpdateFirmware", URI_AND_TIME | {"retrieveDate": "soon"}),
    ],
)
def test_a_value_that_is_not_allowed_is_a_property_constraint_violation(
    bench: VirtualBench, action: str, payload: dict[str, Any]
):
    assert bench.ask(action, payload).error_code == "PropertyConstraintViolation"


@pytest.mark.obligation("ERR-11")
@pytest.mark.parametrize(
    ("action", "payload"),
    [
        ("Reset", {"type": 1}),
        ("Reset", {"type": None}),
        ("UnlockConnector", {"connectorId": "1"}),
        ("UnlockConnector", {"connectorId": 1.5}),
        ("UnlockConnector", {"connectorId": False}),
        ("GetConfiguration", {"key": "HeartbeatInterval"}),
        ("ChangeConfiguration", {"key": "HeartbeatInterval", "value": 300}),
        ("RemoteStopTransaction", {"transactionId": "1"}),
        ("DataTransfer", {"vendorId": "v", "data": {"a": 1}}),
    ],
)
def test_a_wrong_type_is_a_type_constraint_violation(
    bench: VirtualBench, action: str, payload: dict[str, Any]
):
    assert bench.ask(action, payload).error_code == "TypeConstraintViolation"


@pytest.mark.obligation("ERR-15")
def test_an_id_that_is_too_long_is_an_error(bench: VirtualBench):
    bench.central_system.call("ClearCache", {}, message_id="i" * 37)
    bench.settle()
    frame = json.loads(bench.central_system.records[-1].text)
    assert frame[:2] == [4, "i" * 37]


@pytest.mark.obligation("ERR-16")
def test_a_composite_schedule_is_in_amperes_or_watts(bench: VirtualBench):
    payload = {"connectorId": 1, "duration": 60, "chargingRateUnit": "kW"}
    answer = bench.ask("GetCompositeSchedule", payload)
    assert answer.error_code == "PropertyConstraintViolation"


@pytest.mark.obligation("ERR-17")
@pytest.mark.parametrize(
    "change",
    [
        {"chargingProfilePurpose": "Whatever"},
        {"chargingProfileKind": "Whenever"},
        {"recurrencyKind": "Yearly"},
        {"chargingSchedule": SCHEDULE | {"chargingRateUnit": "kW"}},
    ],
)
def test_an_unknown_word_in_a_charging_profile_is_a_property_constraint_violation(
    bench: VirtualBench, change: dict[str, Any]
):
    payload = {"connectorId": 1, "csChargingProfiles": PROFILE | change}
    answer = bench.ask("SetChargingProfile", payload)
    assert answer.error_code == "PropertyConstraintViolation"


GARBAGE = [
    "",
    "garbage",
    "{}",
    "[]",
    "[2]",
    "null",
    "42",
    '[2,"x","Reset",{"type":"Ha',
    '[2,17,"Reset",{"type":"Hard"}]',
    "[" * 5000,
    b"\xff\xfe\x00",
]


@pytest.mark.obligation("ERR-19")
@pytest.mark.parametrize("text", GARBAGE)
def test_garbage_is_survived_in_silence(bench: VirtualBench, text: str | bytes):
    before = len(bench.central_system.records)
    bench.hear(text)
    assert len(bench.central_system.records) == before + 1
    assert bench.linked
    assert bench.ask("ClearCache").status == "Accepted"


@pytest.mark.obligation("ERR-19")
def test_garbage_does_not_lose_queued_messages(bench: VirtualBench):
    bench.central_system.on("StartTransaction", ErrorReply())
    bench.plug_in()
    bench.tag("TAG")
    for text in GARBAGE:
        bench.hear(text)
    bench.central_system.as_usual("StartTransaction")
    bench.advance(61)
    assert len(bench.sent("StartTransaction")) == 2
    bench.stop_button()
    bench.advance(1)
    assert len(bench.sent("StopTransaction")) == 1


@pytest.mark.obligation("ERR-20")
@pytest.mark.parametrize("code", ["InternalError", "GenericError", "SecurityError", "Nonsense"])
def test_an_error_for_a_notification_is_final(bench: VirtualBench, code: str):
    bench.central_system.once("StatusNotification", ErrorReply(code))
    bench.plug_in()
    bench.advance(50)
    assert bench.statuses() == ["Available", "Preparing"]
    bench.tag("TAG")
    assert bench.status() == "Charging"


@pytest.mark.obligation("ERR-21")
def test_a_security_error_is_no_acceptance_of_a_transaction(bench: VirtualBench):
    bench.central_system.once("StartTransaction", ErrorReply("SecurityError"))
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(61)
    assert len(bench.sent("StartTransaction")) == 2
    bench.stop_button()
    bench.advance(1)
    assert bench.sent("StopTransaction")[0]["transactionId"] == 1
