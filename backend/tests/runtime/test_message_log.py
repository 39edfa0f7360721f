from __future__ import annotations

import json
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.runtime.message_log import MessageLog, MessageRecord
from ocppsim.runtime.message_secrets import is_harmless, without_secrets

CP, OTHER, NOBODY = 1, 2, 3
A, B, C = 4, 5, 6


def call(message_id: str, action: str, **payload: Any) -> bytes:
    return json.dumps([2, message_id, action, payload]).encode()


def text_of(log: MessageLog, number: int) -> bytes:
    record = log.frame(number)
    assert record is not None
    return record.text


def result(message_id: str, **payload: Any) -> bytes:
    return json.dumps([3, message_id, payload]).encode()


def test_an_answer_knows_the_action_and_the_time_of_its_call() -> None:
    log = MessageLog()
    log.add(CP, "sent", call("1", "Heartbeat"), 100.0)
    log.add(CP, "received", call("1", "Reset", type="Soft"), 100.1)
    log.add(CP, "received", result("1", currentTime="now"), 100.25)
    log.add(CP, "sent", b'[4,"1","NotSupported","why",{}]', 100.3)
    messages = log.query(CP).messages
    assert [(m.kind, m.action, m.latency_ms) for m in messages] == [
        ("CALL", "Heartbeat", None),
        ("CALL", "Reset", None),
        ("CALLRESULT", "Heartbeat", 250.0),
        ("CALLERROR", "Reset", 200.0),
    ]
    assert messages[1].payload == {"type": "Soft"}
    assert messages[3].payload == {"code": "NotSupported", "description": "why", "details": {}}
    assert messages[0].timestamp == "1970-01-01T00:01:40.000Z"


def test_frames_are_counted_by_direction_also_those_that_are_not_kept() -> None:
    log = MessageLog(max_bytes=500)
    for number in range(20):
        log.add(CP, "sent", call(str(number), "Heartbeat"), 100.0)
        log.add(CP, "received", result(str(number)), 100.1)
    log.add(CP, "received", call("x", "Reset"), 100.2)
    assert (log.sent, log.received) == (20, 21)


def test_filters_and_pages() -> None:
    log = MessageLog()
    for number in range(10):
        log.add(CP, "sent", call(f"m{number}", "Heartbeat"), number)
        log.add(CP, "received", result(f"m{number}", currentTime=f"T{number}"), number)
    log.add(OTHER, "sent", call("x", "Heartbeat"), 99)
    assert log.query(CP).total == 20
    assert log.query(CP, direction="received").total == 10
    assert log.query(CP, action="Heartbeat").total == 20
    assert log.query(CP, action="Reset").total == 0
    newest = log.query(CP, limit=3)
    assert [m.message_id for m in newest.messages] == ["m8", "m9", "m9"]
    first = log.query(CP, after=newest.messages[0].id - 4, limit=2)
    assert [m.message_id for m in first.messages] == ["m7", "m7"]
    assert [m.message_id for m in log.query(CP, q="t4").messages] == ["m4"]
    assert log.query(CP, limit=0).messages == []
    assert log.query(NOBODY).total == 0


def test_what_is_no_ocpp_message_is_shown_as_it_is() -> None:
    log = MessageLog()
    for text in [b"hello", b"[]", b"{}", b'[9,"1",{}]', b'["2","1","X",{}]', b"\xff", b"[" * 5000]:
        log.add(CP, "received", text, 0)
    messages = log.query(CP).messages
    assert {m.kind for m in messages} == {None}
    assert not any(m.valid for m in messages)
    assert messages[0].payload == "hello"


def test_a_frame_of_the_wrong_length_is_not_valid() -> None:
    log = MessageLog()
    log.add(CP, "received", b'[2,"1","Reset"]', 0)
    (message,) = log.query(CP).messages
    assert (message.kind, message.action, message.valid) == ("CALL", "Reset", False)


def test_escapes_in_the_head_are_read() -> None:
    log = MessageLog()
    log.add(CP, "received", b'[2,"a\\u0062","Re\\u0073et",{}]', 0)
    (message,) = log.query(CP).messages
    assert (message.message_id, message.action) == ("ab", "Reset")


def test_the_authorization_key_is_not_kept() -> None:
    log = MessageLog()
    spelled_oddly = b'[2,"2","ChangeConfiguration",{"key":"\\u0041uthorizationKEY","value":"pw"}]'
    secret = call("1", "ChangeConfiguration", key="AuthorizationKey", value="pw")
    log.add(CP, "received", secret, 1.0)
    log.add(CP, "received", spelled_oddly, 1.0)
    other = call("3", "ChangeConfiguration", key="HeartbeatInterval", value="9")
    log.add(CP, "received", other, 1.0)
    messages = log.query(CP).messages
    assert [message.payload["value"] for message in messages] == ["***", "***", "9"]
    assert not log.query(CP, q="pw").messages


def test_clearing_forgets_one_charger_only() -> None:
    log = MessageLog()
    log.add(A, "sent", call("1", "Heartbeat"), 0)
    log.add(B, "sent", call("1", "Heartbeat"), 0)
    log.clear(A)
    log.clear(A)
    assert (log.query(A).total, log.query(B).total) == (0, 1)
    number = log.add(A, "sent", call("2", "Heartbeat"), 0)
    assert [m.id for m in log.query(A).messages] == [number]


@given(
    st.lists(
        st.tuples(st.sampled_from([A, B, C]), st.integers(0, 300), st.booleans()), max_size=200
    ),
    st.integers(400, 5000),
)
def test_the_ring_keeps_the_newest_within_its_bound(
    steps: list[tuple[int, int, bool]], max_bytes: int
) -> None:
    log = MessageLog(max_bytes)
    for charger, size, clear in steps:
        newest = log.add(charger, "sent", b"x" * size, 0)
        assert log.size_bytes <= max(max_bytes, size + 1000)
        assert log.query(charger).messages[-1].id == newest
        if clear:
            log.clear(charger)
    kept = sorted(m.id for charger in (A, B, C) for m in log.query(charger, limit=1000).messages)
    assert len(kept) == len(set(kept))
    for charger in (A, B, C):
        ids = [m.id for m in log.query(charger, limit=1000).messages]
        assert ids == sorted(ids)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([A, B, C]),
            st.sampled_from(["sent", "received"]),
            st.integers(0, 30_000),
            st.sampled_from([None, None, "wrong"]),
            st.integers(0, 20),
        ),
        max_size=300,
    ),
    st.sampled_from([400_000, 1_000_000, 64 << 20]),
)
def test_a_long_log_shows_what_came_last_as_it_came(
    steps: list[tuple[int, Literal["sent", "received"], int, str | None, int]], max_bytes: int
) -> None:
    log = MessageLog(max_bytes)
    came: list[tuple[int, MessageRecord]] = []
    for charger, direction, size, violation, clear in steps:
        number = log.add(charger, direction, b"x" * size, float(len(came)))
        if violation is not None:
            log.note_violation(number, violation)
        record = log.frame(number)
        assert record is not None
        came.append((charger, record))
        assert log.size_bytes <= max_bytes
        if clear == 0:
            log.clear(charger)
            came = [each for each in came if each[0] != charger]
    kept = sorted(
        (m.record for charger in (A, B, C) for m in log.between(charger, None, None)),
        key=lambda record: record.id,
    )
    records = [record for _, record in came]
    assert kept == records[len(came) - len(kept) :]
    assert [log.frame(record.id) for record in kept] == kept
    assert log.frame(0) is None
    assert log.frame(log.last_id + 1) is None
    assert len(kept) == len(came) or log.size_bytes > max_bytes / 3


def test_the_password_in_the_url_of_a_file_is_not_kept() -> None:
    log = MessageLog()
    for action in ("UpdateFirmware", "GetDiagnostics"):
        log.add(CP, "received", call("1", action, location="ftp://me:pw@h/x", retries=1), 0)
    escaped = rb'[2,"2","GetDiagnostics",{"location":"ftp:\/\/me:pw@h\/x"}]'
    log.add(CP, "received", escaped, 0)
    for message in log.query(CP).messages:
        assert message.payload["location"] == "ftp://me:***@h/x"
    plain = b'[2,"3","GetDiagnostics",{"location" : "ftp://h/x"}]'
    assert text_of(log, log.add(CP, "received", plain, 0)) == plain


@pytest.mark.parametrize(
    "text",
    [
        b'[2,"1","UpdateFirmware",{"location":"ftp://me:hidden@h/x"',
        b'[2,"1","UpdateFirmware",{"location":["ftp://me:hidden@h/x"]}]',
        b'[2,"1","GetDiagnostics",{"location":"me:hidden@h/x"}]',
        b'[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"hidden"',
    ],
)
def test_a_frame_that_cannot_be_read_shows_no_secret_either(text: bytes) -> None:
    log = MessageLog()
    assert b"hidden" not in text_of(log, log.add(CP, "received", text, 0))


def test_a_period_is_cut_out_with_both_its_ends() -> None:
    log = MessageLog()
    for number in range(5):
        log.add(CP, "sent", call(f"m{number}", "Heartbeat"), 100.0 + number)
    log.add(OTHER, "sent", call("x", "Heartbeat"), 102.0)

    def ids(from_s: float | None, to_s: float | None) -> list[str | None]:
        return [message.message_id for message in log.between(CP, from_s, to_s)]

    assert ids(101.0, 103.0) == ["m1", "m2", "m3"]
    assert ids(None, 100.5) == ["m0"]
    assert ids(104.0, None) == ["m4"]
    assert len(ids(None, None)) == 5
    assert list(log.between(NOBODY, None, None)) == []


def test_a_period_that_is_being_read_shows_nothing_that_was_cleared() -> None:
    log = MessageLog()
    for number in range(3):
        log.add(CP, "sent", call(f"m{number}", "Heartbeat"), number)
    reading = log.between(CP, None, None)
    assert next(reading).message_id == "m0"
    log.add(CP, "sent", call("m3", "Heartbeat"), 3)
    log.clear(CP)
    assert list(reading) == []


def test_an_answer_in_a_period_knows_a_call_before_it() -> None:
    log = MessageLog()
    log.add(CP, "sent", call("1", "Heartbeat"), 99.0)
    log.add(CP, "received", result("1"), 100.0)
    (answer,) = log.between(CP, 100.0, None)
    assert (answer.action, answer.latency_ms) == ("Heartbeat", 1000.0)


def test_the_answer_on_a_page_of_its_own_knows_its_call() -> None:
    log = MessageLog()
    for number in range(100):
        log.add(CP, "sent", call(f"m{number}", "Heartbeat"), number)
        log.add(CP, "received", result(f"m{number}"), number + 0.5)
    (newest,) = log.query(CP, limit=1).messages
    assert (newest.message_id, newest.action, newest.latency_ms) == ("m99", "Heartbeat", 500.0)
    assert [m.id for m in log.query(CP, action="Heartbeat", limit=3).messages] == [198, 199, 200]
    behind = log.query(CP, action="Heartbeat", direction="received", after=100, limit=2)
    assert [m.id for m in behind.messages] == [102, 104]
    assert behind.total == 50


def test_only_the_first_answer_to_a_call_is_its_answer() -> None:
    log = MessageLog()
    log.add(CP, "sent", call("1", "Heartbeat"), 0)
    log.add(CP, "received", result("1"), 1)
    log.add(CP, "received", result("1"), 2)
    log.add(CP, "sent", result("1"), 3)
    actions = [m.action for m in log.query(CP).messages]
    assert actions == ["Heartbeat", "Heartbeat", None, None]


def test_the_oldest_of_too_many_calls_without_an_answer_is_given_up() -> None:
    log = MessageLog()
    for number in range(65):
        log.add(CP, "sent", call(f"m{number}", "Heartbeat"), number)
    log.add(CP, "received", result("m0"), 100)
    log.add(CP, "received", result("m1"), 100)
    given_up, answered = log.query(CP, limit=2).messages
    assert (given_up.action, answered.action) == (None, "Heartbeat")


def test_who_begins_to_watch_knows_the_calls_that_are_under_way() -> None:
    log = MessageLog()
    log.add(OTHER, "sent", call("1", "Reset"), 0)
    log.add(CP, "sent", call("1", "Heartbeat"), 0)
    watching = log.open_calls(CP)
    record = log.frame(log.add(CP, "received", result("1"), 0.25))
    assert record is not None
    answer = watching.read(record)
    assert (answer.kind, answer.action, answer.latency_ms) == ("CALLRESULT", "Heartbeat", 250.0)


def test_a_violation_that_is_found_later_is_shown() -> None:
    log = MessageLog()
    log.note_violation(log.add(CP, "received", call("1", "Reset"), 0), "type is missing")
    (message,) = log.query(CP).messages
    assert (message.valid, message.violation) == (False, "type is missing")


def test_what_was_cleared_is_forgotten_for_good() -> None:
    log = MessageLog(2000)
    for charger in (A, B, A):
        log.add(charger, "sent", call("1", "Heartbeat"), 0)
        log.clear(charger)
    for number in range(100):
        newest = log.add(A, "sent", call(f"m{number}", "Heartbeat"), 0)
        assert [m.id for m in log.query(A, limit=200).messages][-1] == newest
        assert log.query(A, q='"1"').total == 0
    assert log.query(B).total == 0


words = st.text(
    st.sampled_from('abCGUM0123 []{},:"\\/@') | st.characters(max_codepoint=0x17F), max_size=12
)
actions = st.sampled_from(
    ["ChangeConfiguration", "UpdateFirmware", "GetDiagnostics", "MeterValues", "Get", "changeX"]
)
payloads = st.dictionaries(
    st.sampled_from(["key", "value", "location", "x"]),
    st.sampled_from(["AuthorizationKey", "hidden", "ftp://me:hidden@h/x", "m:hidden@h"]) | words,
    max_size=3,
)


@given(
    st.sampled_from([2, 3, 4, 2.0, 30, "2"]),
    words,
    actions | words,
    payloads,
    st.booleans(),
    st.integers(0, 40),
    st.sampled_from(["", "\\", '"', " ", "\\u0043", ","]),
)
def test_the_quick_look_passes_nothing_that_carries_a_secret(
    kind: object, message_id: str, action: str, payload: object, dense: bool, at: int, put: str
) -> None:
    """Well-formed frames, and such that have something odd at any place of their beginning."""
    separators = (",", ":") if dense else None
    frame = json.dumps([kind, message_id, action, payload], separators=separators)
    text = (frame[:at] + put + frame[at:]).encode()
    if is_harmless(text):
        assert without_secrets(text) == text
