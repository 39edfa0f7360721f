"""The facade: whatever the CSMS sends, in answer or unasked, nothing is raised for it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.chargepoint.controller import (
    NEVER,
    ChargePointIdentity,
    ControllerSettings,
)
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.effects import Effect, Notify, SendText
from ocppsim.chargepoint.errors import IllegalAction, UnknownConnector
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.inputs import CallRequested, IdTagPresented, LinkDown, LinkUp
from ocppsim.chargepoint.moment import Moment
from ocppsim.chargepoint.notifications import CallAnswered
from ocppsim.chargepoint.v16.caller import QUEUE_BOUND
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.protocol.v16.actions import ACTIONS
from ocppsim.simulation.definition import ConnectorDefinition
from ocppsim.simulation.plant import Plant

START = Moment(0.0, 100.0)


class Lone:
    """A charge point of two sockets that was never answered yet."""

    def __init__(self) -> None:
        self.effects: list[Effect] = []
        self.charge_point = ChargePoint(
            ChargePointIdentity("CP001", "Vendor", "Model"),
            DurableState(),
            Plant([ConnectorDefinition()] * 2, seed=0),
            self.effects,
            ControllerSettings(clock_epoch_s=1_767_225_600.0, message_id_prefix="t-"),
        )
        self.charge_point.boot(None, START)
        self.charge_point.handle(LinkUp(), START)

    def last_sent(self) -> list[Any]:
        texts = [effect.text for effect in self.effects if isinstance(effect, SendText)]
        return json.loads(texts[-1])

    def hear(self, text: str | bytes) -> None:
        self.charge_point.receive(text.encode() if isinstance(text, str) else text, START)

    def accept(self) -> None:
        payload = {"status": "Accepted", "currentTime": "2026-01-01T00:00:00Z", "interval": 300}
        self.answer(payload)
        while self.last_sent()[2] == "StatusNotification":
            before = len(self.effects)
            self.answer({})
            if len(self.effects) == before:
                return

    def answer(self, payload: Any) -> None:
        self.hear(json.dumps([3, self.last_sent()[1], payload]))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
PARTS = st.sampled_from([2, 3, 4, 5, "x", "Reset", "GetConfiguration", {}, None, [], "t-1"])


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes(text: bytes):
    lone = Lone()
    lone.hear(text)
    lone.accept()
    lone.hear(text)


@given(st.lists(PARTS | JSON, max_size=6))
def test_any_array(frame: list[Any]):
    lone = Lone()
    lone.hear(json.dumps(frame))
    lone.accept()
    lone.hear(json.dumps(frame))


@given(st.sampled_from([*sorted(ACTIONS), "Nonsense"]), JSON)
def test_any_call_with_any_payload(action: str, payload: Any):
    lone = Lone()
    lone.accept()
    lone.hear(json.dumps([2, "id", action, payload]))
    reply = lone.last_sent()
    assert reply[0] in {3, 4}
    assert reply[1] == "id"


@given(JSON)
def test_any_answer_to_the_boot(payload: Any):
    Lone().answer(payload)


@given(JSON | st.fixed_dictionaries({"idTagInfo": JSON}))
def test_any_answer_to_an_authorize(payload: Any):
    lone = Lone()
    lone.accept()
    lone.charge_point.handle(IdTagPresented("TAG", ConnectorId(1)), START)
    assert lone.last_sent()[2] == "Authorize"
    lone.answer(payload)


@pytest.mark.parametrize(
    "payload", ["null", "{}", "1e999", '{"a":1e999}', '"\\ud800"', "[" * 5000 + "]" * 5000, "-0"]
)
def test_any_answer_to_what_the_operator_asked(payload: str):
    lone = Lone()
    lone.accept()
    lone.charge_point.handle(CallRequested(5, "DataTransfer", {"vendorId": "x"}), START)
    lone.hear(f'[3,"{lone.last_sent()[1]}",{payload}]')
    answers = [
        effect.notification
        for effect in lone.effects
        if isinstance(effect, Notify) and isinstance(effect.notification, CallAnswered)
    ]
    if not answers:
        # A text that is no frame is none; the CALL is still waiting
        assert lone.charge_point.next_real_deadline_s < NEVER
        lone.charge_point.handle(LinkDown(), START)


def test_the_operator_hears_how_the_call_ended():
    lone = Lone()
    lone.accept()
    lone.charge_point.handle(CallRequested(1, "DataTransfer", {"vendorId": "x"}), START)
    lone.answer({"status": "Accepted", "data": "y"})
    lone.charge_point.handle(CallRequested(2, "Nonsense", {}), START)
    lone.hear(json.dumps([4, lone.last_sent()[1], "NotImplemented", "what?", {}]))
    lone.charge_point.handle(CallRequested(3, "Heartbeat", {}), START)
    lone.charge_point.handle_deadline(Moment(0.0, 130.0))
    lone.charge_point.handle(CallRequested(4, "Heartbeat", {}), START)
    lone.charge_point.handle(CallRequested(5, "Heartbeat", {}), START)
    lone.charge_point.handle(LinkDown(), START)
    answers = [
        effect.notification
        for effect in lone.effects
        if isinstance(effect, Notify) and isinstance(effect.notification, CallAnswered)
    ]
    assert [(answer.ticket, answer.outcome) for answer in answers] == [
        (1, "result"),
        (2, "error"),
        (3, "timeout"),
        (4, "lost"),
        (5, "lost"),
    ]
    assert answers[0].payload == {"status": "Accepted", "data": "y"}
    assert (answers[1].error_code, answers[1].error_description) == ("NotImplemented", "what?")
    with pytest.raises(IllegalAction):
        lone.charge_point.handle(CallRequested(6, "Heartbeat", {}), START)


def test_there_is_a_view_of_every_connector_and_of_no_other():
    lone = Lone()
    for number in (0, 1, 2):
        assert lone.charge_point.connector(ConnectorId(number)).status == "Available"
    for number in (-1, 3):
        with pytest.raises(UnknownConnector):
            lone.charge_point.connector(ConnectorId(number))


def test_what_is_persisted_for_nobody_does_no_harm():
    Lone().charge_point.persisted(17, START)


def test_the_operator_cannot_pile_up_messages_without_end():
    lone = Lone()
    lone.accept()
    for ticket in range(QUEUE_BOUND + 1):
        lone.charge_point.handle(CallRequested(ticket, "Heartbeat", {}), START)
    with pytest.raises(IllegalAction, match="too many"):
        lone.charge_point.handle(CallRequested(999, "Heartbeat", {}), START)
