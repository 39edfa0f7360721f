"""Which CALLERROR a broken payload gets, and what is let through nevertheless."""

from __future__ import annotations

import msgspec
import pytest

from ocppsim.protocol.errors import CallFailure, ResponseViolation
from ocppsim.protocol.v16.actions import ACTIONS
from ocppsim.protocol.v16.codec import (
    decode_request,
    decode_response,
    decode_response_lenient,
    encode,
    validate,
)
from ocppsim.protocol.v16.core import (
    AuthorizeRequest,
    BootNotificationResponse,
    DataTransferRequest,
    MeterValuesRequest,
    StartTransactionResponse,
    UnlockConnectorRequest,
)
from ocppsim.protocol.v16.datatypes import MeterValue, SampledValue
from ocppsim.protocol.v16.enums import RegistrationStatus, UnitOfMeasure


def schedule(limit: str = "16", stack_level: str = "0", periods: str | None = None) -> str:
    periods = periods if periods is not None else f'{{"startPeriod":0,"limit":{limit}}}'
    return (
        f'{{"connectorId":1,"csChargingProfiles":{{"chargingProfileId":1,"stackLevel":{stack_level}'
        ',"chargingProfilePurpose":"TxProfile","chargingProfileKind":"Relative",'
        f'"chargingSchedule":{{"chargingRateUnit":"A","chargingSchedulePeriod":[{periods}]}}}}}}'
    )


@pytest.mark.parametrize(
    ("action", "payload", "code", "named"),
    [
        ("Reset", "{}", "OccurenceConstraintViolation", "type"),
        ("Reset", '{"type":null}', "TypeConstraintViolation", "type"),
        ("Reset", '{"type":7}', "TypeConstraintViolation", "type"),
        ("Reset", '{"type":"hard"}', "PropertyConstraintViolation", "type"),
        ("Reset", '{"type":"Hard","why":"x"}', "FormationViolation", "why"),
        ("Reset", "[]", "FormationViolation", "object"),
        ("Reset", '"Hard"', "FormationViolation", "object"),
        ("UnlockConnector", '{"connectorId":"1"}', "TypeConstraintViolation", "connectorId"),
        ("UnlockConnector", '{"connectorId":true}', "TypeConstraintViolation", "connectorId"),
        ("UnlockConnector", '{"connectorId":1.5}', "TypeConstraintViolation", "connectorId"),
        ("ChangeConfiguration", '{"key":"k"}', "OccurenceConstraintViolation", "value"),
        ("ChangeConfiguration", '{"key":"k","value":1}', "TypeConstraintViolation", "value"),
        (
            "ChangeConfiguration",
            '{"key":"%s","value":""}' % ("k" * 51),
            "PropertyConstraintViolation",
            "key",
        ),
        ("GetConfiguration", '{"key":"all"}', "TypeConstraintViolation", "key"),
        ("GetConfiguration", '{"key":["a",1]}', "TypeConstraintViolation", "key[1]"),
        ("DataTransfer", '{"vendorId":"v","data":{}}', "TypeConstraintViolation", "data"),
        ("DataTransfer", '{"vendorId":"v","data":null}', "TypeConstraintViolation", "data"),
        ("RemoteStartTransaction", "{}", "OccurenceConstraintViolation", "idTag"),
        (
            "RemoteStartTransaction",
            '{"idTag":"%s"}' % ("T" * 21),
            "PropertyConstraintViolation",
            "idTag",
        ),
        ("SetChargingProfile", schedule("8.15"), "PropertyConstraintViolation", "limit"),
        ("SetChargingProfile", schedule('"8"'), "TypeConstraintViolation", "[0].limit"),
        ("SetChargingProfile", schedule(stack_level="-1"), "PropertyConstraintViolation", "stack"),
        (
            "SetChargingProfile",
            schedule(periods=""),
            "OccurenceConstraintViolation",
            "csChargingProfiles.chargingSchedule.chargingSchedulePeriod",
        ),
        (
            "SetChargingProfile",
            schedule().replace('"A"', '"kW"'),
            "PropertyConstraintViolation",
            "chargingRateUnit",
        ),
        (
            "GetCompositeSchedule",
            '{"connectorId":1,"duration":60,"chargingRateUnit":"VA"}',
            "PropertyConstraintViolation",
            "chargingRateUnit",
        ),
        (
            "ReserveNow",
            '{"connectorId":1,"expiryDate":"tomorrow","idTag":"T","reservationId":1}',
            "PropertyConstraintViolation",
            "expiryDate",
        ),
        (
            "UpdateFirmware",
            '{"location":"not a uri","retrieveDate":"2026-01-01T00:00:00Z"}',
            "PropertyConstraintViolation",
            "location",
        ),
        ("Nonsense", "{}", "NotImplemented", "Nonsense"),
        ("reset", '{"type":"Hard"}', "NotImplemented", "reset"),
    ],
)
def test_a_broken_request_gets_the_code_that_the_standard_names(
    action: str, payload: str, code: str, named: str
):
    with pytest.raises(CallFailure, match=r".") as failure:
        decode_request(action, payload.encode())
    assert failure.value.code == code
    assert named in failure.value.description


def test_what_is_wrong_with_a_url_is_told_without_its_password():
    payload = b'{"location":" ftp://me:hidden@h/x","retrieveDate":"2026-01-01T00:00:00Z"}'
    with pytest.raises(CallFailure, match=r"^location has the wrong format$"):
        decode_request("UpdateFirmware", payload)


@pytest.mark.parametrize("number", ["1", "1.0", "10e-1", "1E0"])
def test_json_has_one_number_type(number: str):
    request = decode_request("UnlockConnector", f'{{"connectorId":{number}}}'.encode())
    assert request == UnlockConnectorRequest(1)


def test_every_limit_with_one_digit_is_legal():
    for tenths in range(10_001):
        for text in (f"{tenths / 10}", f"{tenths * 0.1!r}"):
            decode_request("SetChargingProfile", schedule(text).encode())


def test_the_word_null_inside_a_text_is_no_null():
    request = decode_request("DataTransfer", b'{"vendorId":"v","data":"null"}')
    assert request == DataTransferRequest("v", data="null")


def test_lengths_count_characters_not_bytes():
    decode_request("DataTransfer", msgspec.json.encode({"vendorId": "é" * 255}))


def test_fields_are_written_in_camel_case_and_only_when_present():
    assert encode(AuthorizeRequest("T")) == b'{"idTag":"T"}'
    assert encode(UnlockConnectorRequest(1)) == b'{"connectorId":1}'


def test_a_broken_response_is_reported_with_its_action():
    with pytest.raises(ResponseViolation, match=r"Heartbeat\.conf: currentTime is missing"):
        decode_response("Heartbeat", b"{}")


def test_a_sound_response_needs_no_leniency():
    message, violation = decode_response_lenient("StatusNotification", b"{}")
    assert message is not None
    assert violation is None


def test_leniency_drops_what_is_not_needed():
    message, violation = decode_response_lenient(
        "StartTransaction",
        b'{"transactionId":7.0,"more":1,"idTagInfo":'
        b'{"status":"Accepted","expiryDate":12,"parentIdTag":"%s"}}' % (b"p" * 30),
    )
    assert isinstance(message, StartTransactionResponse)
    assert message.transaction_id == 7
    assert message.id_tag_info.expiry_date is None
    assert message.id_tag_info.parent_id_tag == "p" * 30
    assert violation is not None


def test_leniency_reads_a_boot_answer_without_a_readable_time():
    message, _ = decode_response_lenient(
        "BootNotification", b'{"status":"Accepted","interval":60,"currentTime":"today"}'
    )
    assert message == BootNotificationResponse(RegistrationStatus.Accepted, "today", 60)
    message, _ = decode_response_lenient("BootNotification", b'{"status":"Accepted","interval":60}')
    assert message == BootNotificationResponse(RegistrationStatus.Accepted, "", 60)


@pytest.mark.parametrize(
    ("action", "payload"),
    [
        ("StartTransaction", b'{"idTagInfo":{"status":"Accepted"}}'),
        ("StartTransaction", b'{"idTagInfo":{"status":"Fine"},"transactionId":1}'),
        ("StartTransaction", b'{"idTagInfo":{"status":"Accepted"},"transactionId":"1"}'),
        ("BootNotification", b'{"status":"Accepted","currentTime":"2026-01-01T00:00:00Z"}'),
        ("Authorize", b'{"idTagInfo":[]}'),
        ("Authorize", b"[]"),
    ],
)
def test_leniency_invents_nothing(action: str, payload: bytes):
    message, violation = decode_response_lenient(action, payload)
    assert message is None
    assert violation is not None


def test_outgoing_messages_can_be_validated():
    reading = MeterValue("2026-01-01T00:00:00Z", [SampledValue("20", unit=UnitOfMeasure.Celsius)])
    validate(MeterValuesRequest(1, [reading]))
    with pytest.raises(CallFailure, match="meterValue has fewer than 1"):
        validate(MeterValuesRequest(1, []))
    with pytest.raises(CallFailure, match="idTag is longer than 20"):
        validate(AuthorizeRequest("T" * 21))


def test_there_are_28_actions_of_the_standard_and_11_of_its_security_extension():
    by_profile = [action.feature_profile for action in ACTIONS.values()]
    assert len(by_profile) == 39
    assert by_profile.count("Security") == 11
    assert by_profile.count("Core") == 16


def test_every_action_is_sent_by_somebody_and_only_data_transfer_by_both():
    assert all(a.sent_by_charge_point or a.sent_by_central_system for a in ACTIONS.values())
    both = [a.name for a in ACTIONS.values() if a.sent_by_charge_point and a.sent_by_central_system]
    assert both == ["DataTransfer"]
