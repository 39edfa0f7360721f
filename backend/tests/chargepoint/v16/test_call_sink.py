"""What becomes of a charge point's CALLs is told to whoever keeps statistics."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from ocppsim.chargepoint.controller import ChargePointIdentity, ControllerSettings
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.effects import Effect, SendText
from ocppsim.chargepoint.inputs import LinkDown, LinkUp
from ocppsim.chargepoint.moment import Moment
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.simulation.definition import ConnectorDefinition
from ocppsim.simulation.plant import Plant

ACCEPTED = {"status": "Accepted", "currentTime": "2026-01-01T00:00:00Z", "interval": 60}


class Told:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.answers: list[tuple[str, float]] = []
        self.failures: list[tuple[str, str, str]] = []

    def answered(self, action: str, latency_s: float, /) -> None:
        self.answers.append((action, latency_s))

    def failed(self, action: str, kind: str, code: str, /) -> None:
        self.failures.append((action, kind, code))


class Booting:
    """A charge point that has just sent its BootNotification, at second 10."""

    def __init__(self) -> None:
        self.told = Told()
        self.effects: list[Effect] = []
        self.charge_point = ChargePoint(
            ChargePointIdentity("CP001", "Vendor", "Model"),
            DurableState(),
            Plant([ConnectorDefinition()], seed=0),
            self.effects,
            ControllerSettings(
                clock_epoch_s=1_767_225_600.0, message_id_prefix="t-", call_sink=self.told
            ),
        )
        self.charge_point.boot(None, Moment(10.0, 10.0))
        self.charge_point.handle(LinkUp(), Moment(10.0, 10.0))
        (text,) = [effect.text for effect in self.effects if isinstance(effect, SendText)]
        self.message_id = msgspec.json.decode(text)[1]

    def receive(self, frame: list[Any], at_s: float) -> None:
        self.charge_point.receive(msgspec.json.encode(frame), Moment(at_s, at_s))


def test_an_answer_is_told_with_the_time_that_it_took() -> None:
    booting = Booting()
    booting.receive([3, booting.message_id, ACCEPTED], 10.25)
    assert booting.told.answers == [("BootNotification", pytest.approx(0.25))]
    assert booting.told.failures == []


def test_a_callerror_is_told_with_its_code() -> None:
    booting = Booting()
    booting.receive([4, booting.message_id, "InternalError", "", {}], 11.0)
    assert booting.told.answers == []
    assert booting.told.failures == [("BootNotification", "error", "InternalError")]


def test_an_answer_that_cannot_be_used_is_told_as_a_violation() -> None:
    booting = Booting()
    booting.receive([3, booting.message_id, {"status": 5}], 11.0)
    assert booting.told.failures == [("BootNotification", "violation", "")]


def test_no_answer_in_time_is_told_once() -> None:
    booting = Booting()
    booting.charge_point.handle_deadline(Moment(1000.0, 1000.0))
    assert booting.told.failures == [("BootNotification", "timeout", "")]


def test_a_link_that_goes_down_loses_what_was_in_flight() -> None:
    booting = Booting()
    booting.charge_point.handle(LinkDown(), Moment(11.0, 11.0))
    assert booting.told.failures == [("BootNotification", "lost", "")]
    booting.receive([3, booting.message_id, ACCEPTED], 12.0)
    assert booting.told.answers == []
