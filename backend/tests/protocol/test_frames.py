"""Frames of OCPP-J 1.6 §4.2: what is parsed, what is mended, what is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.protocol.frames import (
    Call,
    CallError,
    CallResult,
    Unintelligible,
    encode_call,
    encode_error,
    encode_result,
    parse,
)
from ocppsim.protocol.v16.core import HeartbeatRequest, ResetRequest
from ocppsim.protocol.v16.enums import ResetType

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


def test_a_call_is_taken_apart():
    frame = parse(b'[2,"17","Reset",{"type":"Hard"}]')
    assert isinstance(frame, Call)
    assert (frame.message_id, frame.action, bytes(frame.payload)) == (
        "17",
        "Reset",
        b'{"type":"Hard"}',
    )


@pytest.mark.parametrize("text", ['[2,"1","Heartbeat",null]', '[2, "1", "Heartbeat", null ]'])
def test_null_as_payload_of_a_call_means_empty(text: str):
    frame = parse(text)
    assert isinstance(frame, Call)
    assert bytes(frame.payload) == b"{}"


@pytest.mark.parametrize("text", ['[3,"1",{}]', '[3,"1",null]', '[3,"1"]', '[3.0,"1",{},"more"]'])
def test_a_result_is_read_in_spite_of_blemishes(text: str):
    frame = parse(text)
    assert isinstance(frame, CallResult)
    assert (frame.message_id, bytes(frame.payload)) == ("1", b"{}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[4,"1","GenericError","why",{"a":1}]', ("GenericError", "why", {"a": 1})),
        ('[4,"1","GenericError","why",null]', ("GenericError", "why", {})),
        ('[4,"1","GenericError",null,[]]', ("GenericError", "", {})),
        ('[4,"1","GenericError"]', ("GenericError", "", {})),
        ('[4,"1",5]', ("", "", {})),
        ('[4,"1"]', ("", "", {})),
    ],
)
def test_an_error_is_read_in_spite_of_blemishes(text: str, expected: tuple[object, ...]):
    frame = parse(text)
    assert isinstance(frame, CallError)
    assert (frame.code, frame.description, frame.details) == expected


@pytest.mark.parametrize(
    "text",
    ['[2,"a","Reset"]', '[2,"a"]', '[2,"a","Reset",{},{}]', '[2,"a",7,{}]', '[2,"a",null,{}]'],
)
def test_a_misshapen_call_with_an_id_can_be_answered(text: str):
    frame = parse(text)
    assert isinstance(frame, Unintelligible)
    assert frame.call
    assert frame.message_id == "a"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        '[2,"a","Reset",{"type":"Ha',
        "{}",
        "[]",
        "42",
        "[2]",
        '[2,17,"Reset",{}]',
        '[true,"a","Reset",{}]',
        '["2","a","Reset",{}]',
        b"\xff\xfe",
        b'[2,"\xc3\x28","Reset",{}]',
        "[" * 100_000,
    ],
)
def test_what_is_no_call_or_has_no_id_cannot_be_answered(text: str | bytes):
    frame = parse(text)
    assert isinstance(frame, Unintelligible)
    assert frame.message_id is None or not frame.call


@pytest.mark.parametrize("kind", ["0", "1", "5", "2.5", "-2", "1e400", "null", "[2]", '"CALL"'])
def test_unknown_message_types_are_not_calls(kind: str):
    frame = parse(f'[{kind},"a","Reset",{{}}]')
    assert isinstance(frame, Unintelligible)
    assert not frame.call


@given(json_values)
def test_no_json_makes_parse_raise(document: object):
    parse(json.dumps(document))


@given(st.binary(max_size=60))
def test_no_bytes_make_parse_raise(text: bytes):
    parse(text)


@given(st.lists(json_values, max_size=6), st.sampled_from([2, 3, 4, 5]))
def test_no_array_makes_parse_raise(elements: list[object], kind: int):
    parse(json.dumps([kind, *elements]))


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=36),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
def test_ids_and_texts_come_back_as_they_were_written(message_id: str, word: str):
    call = parse(encode_call(message_id, word, b'{"a":1}'))
    result = parse(encode_result(message_id, b'{"a":1}'))
    error = parse(encode_error(message_id, word, word, {word: word}))
    assert isinstance(call, Call)
    assert (call.message_id, call.action, bytes(call.payload)) == (message_id, word, b'{"a":1}')
    assert isinstance(result, CallResult)
    assert (result.message_id, bytes(result.payload)) == (message_id, b'{"a":1}')
    assert isinstance(error, CallError)
    assert (error.message_id, error.code, error.description) == (message_id, word, word)
    assert error.details == {word: word}


def test_frames_are_written_as_the_standard_draws_them():
    assert encode_call("1", "Heartbeat", HeartbeatRequest()) == b'[2,"1","Heartbeat",{}]'
    assert encode_result("1", ResetRequest(ResetType.Soft)) == b'[3,"1",{"type":"Soft"}]'
    assert encode_error("1", "NotSupported") == b'[4,"1","NotSupported","",{}]'
