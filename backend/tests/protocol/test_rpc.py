"""The RPC layer: one own CALL at a time, ids, answers that come late, CALLs that cross."""

from __future__ import annotations

import json

import pytest

from ocppsim.protocol.rpc import (
    CallReceived,
    ErrorReceived,
    Ignored,
    Refused,
    ResultReceived,
    RpcSession,
)
from ocppsim.protocol.v16.core import HeartbeatRequest, ResetResponse
from ocppsim.protocol.v16.enums import ResetStatus


def call(session: RpcSession, *, context: object = None, real_s: float = 0.0) -> str:
    """Sends a Heartbeat and returns its message id."""
    text = session.call("Heartbeat", HeartbeatRequest(), context, 30.0, real_s)
    return json.loads(text)[1]


def test_the_answer_comes_back_with_its_context():
    session = RpcSession("x-")
    message_id = call(session, context="why", real_s=5.0)
    received = session.receive(f'[3,"{message_id}",{{"currentTime":"now"}}]')
    assert isinstance(received, ResultReceived)
    assert received.call.context == "why"
    assert received.call.sent_at_s == 5.0
    assert bytes(received.payload) == b'{"currentTime":"now"}'
    assert session.in_flight is None


def test_an_error_answers_too():
    session = RpcSession("x-")
    message_id = call(session)
    received = session.receive(f'[4,"{message_id}","InternalError","no",{{}}]')
    assert isinstance(received, ErrorReceived)
    assert (received.code, received.description) == ("InternalError", "no")
    assert session.in_flight is None


@pytest.mark.obligation("FRM-17")
def test_a_second_call_has_to_wait():
    session = RpcSession("x-")
    call(session)
    with pytest.raises(RuntimeError, match="Heartbeat"):
        call(session)


@pytest.mark.obligation("FRM-10", "FRM-11")
def test_ids_never_repeat_and_fit():
    session = RpcSession("p" * 24)
    seen: set[str] = set()
    for _ in range(1000):
        seen.add(call(session))
        session.reset()
    assert len(seen) == 1000
    assert max(map(len, seen)) <= 36


def test_a_prefix_that_leaves_no_room_is_refused():
    with pytest.raises(ValueError, match="prefix"):
        RpcSession("p" * 25)


@pytest.mark.obligation("FRM-19", "FRM-20")
def test_only_the_call_in_flight_can_be_answered():
    session = RpcSession("x-")
    first = call(session, real_s=0.0)
    assert session.deadline_s == 30.0
    assert session.expire(29.9) is None
    expired = session.expire(30.0)
    assert expired is not None
    assert expired.message_id == first
    second = call(session)
    late = session.receive(f'[3,"{first}",{{}}]')
    assert isinstance(late, Ignored)
    assert late.message_id == first
    assert session.in_flight is not None
    assert session.in_flight.message_id == second


def test_without_a_call_in_flight_there_is_no_deadline():
    session = RpcSession("x-")
    assert session.deadline_s == float("inf")
    assert session.expire(1e12) is None
    assert isinstance(session.receive('[3,"x-1",{}]'), Ignored)


@pytest.mark.obligation("FRM-18")
def test_calls_cross():
    session = RpcSession("x-")
    message_id = call(session)
    received = session.receive('[2,"theirs","Reset",{"type":"Hard"}]')
    assert isinstance(received, CallReceived)
    assert session.answer("theirs", ResetResponse(ResetStatus.Accepted)) == (
        b'[3,"theirs",{"status":"Accepted"}]'
    )
    assert isinstance(session.receive(f'[3,"{message_id}",{{}}]'), ResultReceived)


def test_a_peer_may_use_the_id_that_we_used():
    session = RpcSession("x-")
    message_id = call(session)
    assert isinstance(session.receive(f'[2,"{message_id}","ClearCache",{{}}]'), CallReceived)
    assert isinstance(session.receive(f'[3,"{message_id}",{{}}]'), ResultReceived)


@pytest.mark.obligation("ERR-14", "ERR-12")
def test_an_id_that_is_being_handled_is_refused_until_it_is_answered():
    session = RpcSession("x-")
    text = '[2,"same","ClearCache",{}]'
    assert isinstance(session.receive(text), CallReceived)
    refused = session.receive(text)
    assert isinstance(refused, Refused)
    assert json.loads(refused.reply)[:3] == [4, "same", "GenericError"]
    session.refuse("same", "InternalError")
    assert isinstance(session.receive(text), CallReceived)
    session.abandon("same")
    assert isinstance(session.receive(text), CallReceived)


@pytest.mark.obligation("ERR-15", "FRM-11")
def test_an_id_of_more_than_36_characters_is_refused():
    session = RpcSession("x-")
    assert isinstance(session.receive(f'[2,"{"i" * 36}","ClearCache",{{}}]'), CallReceived)
    refused = session.receive(f'[2,"{"i" * 37}","ClearCache",{{}}]')
    assert isinstance(refused, Refused)
    assert json.loads(refused.reply)[:3] == [4, "i" * 37, "FormationViolation"]


def test_a_misshapen_call_is_refused_and_garbage_ignored():
    session = RpcSession("x-")
    refused = session.receive('[2,"a","Reset"]')
    assert isinstance(refused, Refused)
    assert json.loads(refused.reply)[:3] == [4, "a", "FormationViolation"]
    assert isinstance(session.receive("garbage"), Ignored)
    assert isinstance(session.receive('[7,"a","Reset",{}]'), Ignored)


def test_unanswered_calls_of_a_peer_do_not_pile_up_without_bound():
    session = RpcSession("x-")
    for number in range(10_000):
        session.receive(f'[2,"{number}","ClearCache",{{}}]')
    assert isinstance(session.receive('[2,"more","ClearCache",{}]'), Refused)


def test_a_lost_link_forgets_what_was_under_way_but_not_the_ids():
    session = RpcSession("x-")
    first = call(session)
    session.receive('[2,"same","ClearCache",{}]')
    lost = session.reset()
    assert lost is not None
    assert lost.message_id == first
    assert isinstance(session.receive('[2,"same","ClearCache",{}]'), CallReceived)
    assert call(session) != first


@pytest.mark.parametrize("spelling", ['[3,"{}",{{}}]', '[3, "{}", {{}}]'])
def test_an_answer_without_a_field_is_known_by_its_bytes(spelling: str):
    session = RpcSession("x-")
    message_id = call(session, context="why")
    answered = session.receive_empty_result(spelling.format(message_id).encode())
    assert answered is not None
    assert answered.context == "why"
    assert session.in_flight is None
    assert session.deadline_s == float("inf")


@pytest.mark.parametrize(
    "text",
    [
        '[3,"x-2",{}]',
        '[3,"x-1",null]',
        '[3,"x-1"]',
        '[3 ,"x-1",{}]',
        '[3,"x-1",{}] ',
        '[3,"x-1",{"currentTime":"now"}]',
        '[4,"x-1",{}]',
        '[2,"x-1","Heartbeat",{}]',
    ],
)
def test_any_other_text_is_left_to_be_received(text: str):
    session = RpcSession("x-")
    call(session)
    assert session.receive_empty_result(text.encode()) is None
    assert session.in_flight is not None
    assert session.deadline_s == 30.0


def test_without_a_call_there_is_no_answer():
    session = RpcSession("x-")
    message_id = call(session)
    session.reset()
    assert session.receive_empty_result(f'[3,"{message_id}",{{}}]'.encode()) is None


@pytest.mark.parametrize("prefix", ['a"b', "a\\b", "\u00e9", "a b"])
def test_a_prefix_that_json_may_write_in_another_way_is_refused(prefix: str):
    with pytest.raises(ValueError, match="letters, digits"):
        RpcSession(prefix)
