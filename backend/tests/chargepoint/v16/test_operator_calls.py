"""What the operator sends by hand goes out as it is, and says what is wrong with it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ocppsim.chargepoint.controller import ChargePointIdentity, ControllerSettings
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.effects import Effect, Notify, SendText
from ocppsim.chargepoint.errors import IllegalAction, InvalidSetting, UnknownConnector
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.inputs import CallRequested, Input, LinkUp, StatusInjected
from ocppsim.chargepoint.moment import Moment
from ocppsim.chargepoint.notifications import CallAnswered, ConnectorChanged
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.simulation.definition import ConnectorDefinition
from ocppsim.simulation.plant import Plant

NOW = Moment(0.0, 0.0)
BOOTED = {"status": "Accepted", "currentTime": "2026-01-01T00:00:00Z", "interval": 300}


class Operated:
    """A charge point of one socket whose link may be up, and what it ordered."""

    def __init__(self, *, online: bool = True) -> None:
        self.effects: list[Effect] = []
        self.charge_point = ChargePoint(
            ChargePointIdentity("CP001", "Vendor", "Model"),
            DurableState(),
            Plant([ConnectorDefinition()], seed=0),
            self.effects,
            ControllerSettings(clock_epoch_s=1_767_225_600.0, message_id_prefix="t-"),
        )
        self.charge_point.boot(None, NOW)
        if online:
            self.charge_point.handle(LinkUp(), NOW)
            self.answer(BOOTED)
            self.answer({})
            self.answer({})
        self.effects.clear()

    def order(self, event: Input) -> None:
        self.charge_point.handle(event, NOW)

    @property
    def sent(self) -> list[SendText]:
        return [effect for effect in self.effects if isinstance(effect, SendText)]

    def answer(self, payload: dict[str, Any]) -> None:
        message_id = json.loads(self.sent[-1].text)[1]
        self.charge_point.receive(json.dumps([3, message_id, payload]).encode(), NOW)

    def noticed(self, kind: type[Any]) -> list[Any]:
        return [
            effect.notification
            for effect in self.effects
            if isinstance(effect, Notify) and isinstance(effect.notification, kind)
        ]


def status(connector_id: int = 1, code: str = "NoError", word: str = "Faulted") -> StatusInjected:
    return StatusInjected(7, ConnectorId(connector_id), word, code, info="by hand")


@pytest.mark.parametrize("connector_id", [0, 1])
def test_an_injected_status_is_sent_and_nothing_is_so(connector_id: int):
    operated = Operated()
    before = operated.charge_point.connector(ConnectorId(connector_id))
    operated.order(status(connector_id, "GroundFailure"))
    (effect,) = operated.sent
    frame = json.loads(effect.text)
    assert frame[2:] == [
        "StatusNotification",
        {
            "connectorId": connector_id,
            "errorCode": "GroundFailure",
            "status": "Faulted",
            "info": "by hand",
            "timestamp": "2026-01-01T00:00:00.000Z",
        },
    ]
    assert effect.violation is None
    operated.answer({})
    assert operated.noticed(CallAnswered) == [CallAnswered(7, "result", {})]
    assert operated.noticed(ConnectorChanged) == []
    assert operated.charge_point.connector(ConnectorId(connector_id)) == before


def test_a_status_that_does_not_exist_is_not_sent():
    operated = Operated()
    for bad in (status(word="Bored"), status(code="Broken")):
        with pytest.raises(InvalidSetting):
            operated.order(bad)
    with pytest.raises(UnknownConnector):
        operated.order(status(2))
    assert operated.sent == []


def test_nothing_goes_out_without_a_link():
    operated = Operated(online=False)
    for event in (status(), CallRequested(1, "Heartbeat", {})):
        with pytest.raises(IllegalAction):
            operated.order(event)
    assert operated.sent == []


@pytest.mark.parametrize(
    ("action", "payload", "breaks"),
    [
        ("Heartbeat", {}, False),
        ("Heartbeat", {"more": 1}, True),
        ("MeterValues", {"connectorId": "one", "meterValue": []}, True),
        ("StatusNotification", {"connectorId": 1, "status": "Bored", "errorCode": "NoError"}, True),
        ("Made.Up", {"x": [1]}, False),
    ],
)
def test_a_call_goes_out_as_it_is_and_says_how_it_breaks_its_schema(
    action: str, payload: dict[str, Any], breaks: bool
):
    operated = Operated()
    operated.order(CallRequested(1, action, payload))
    (effect,) = operated.sent
    assert json.loads(effect.text)[2:] == [action, payload]
    assert (effect.violation is not None) == breaks
    assert effect.violation is None or effect.violation.startswith(f"{action}: ")
