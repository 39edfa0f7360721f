"""The rules of the wire see what breaks them: a charge point that misbehaves is told on."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from ocppsim.simulation.central_system import CentralSystem, ErrorReply, Silence
from ocppsim.simulation.wire_rules import WireRules

NOW = "2026-01-01T00:00:00Z"
BOOT = {"chargePointVendor": "V", "chargePointModel": "M"}


class Wire:
    """A charge point that is played by hand, a CSMS, and the rules between them."""

    def __init__(self) -> None:
        self.central_system = CentralSystem()
        self.rules = WireRules(connector_count=2)
        self.now_s = 0.0
        self.number = 0
        self.rules.link_up()
        self.central_system.link_up(0.0)

    def send(self, frame: list[Any] | str) -> None:
        text = frame.encode() if isinstance(frame, str) else msgspec.json.encode(frame)
        self.rules.saw(self.central_system.receive(text, self.now_s))
        while (record := self.central_system.take_next(self.now_s)) is not None:
            self.rules.saw(record)

    def call(self, action: str, payload: dict[str, Any], message_id: str | None = None) -> None:
        self.number += 1
        self.send([2, message_id or f"m{self.number}", action, payload])

    def boot(self) -> None:
        self.call("BootNotification", BOOT)

    def ask(self, action: str, payload: dict[str, Any]) -> str:
        sent = self.central_system.call(action, payload)
        while (record := self.central_system.take_next(self.now_s)) is not None:
            self.rules.saw(record)
        return sent.message_id

    def start(self, meter_wh: int = 0, at: str = NOW, connector_id: int = 1) -> None:
        payload = {"connectorId": connector_id, "idTag": "T", "meterStart": meter_wh}
        self.call("StartTransaction", payload | {"timestamp": at})

    def stop(self, transaction_id: int = 1, meter_wh: int = 0, at: str = NOW) -> None:
        payload = {"transactionId": transaction_id, "meterStop": meter_wh, "timestamp": at}
        self.call("StopTransaction", payload)

    def meter(self, value: str, at: str = NOW, transaction_id: int = 1) -> None:
        entry = {"timestamp": at, "sampledValue": [{"value": value}]}
        payload = {"connectorId": 1, "transactionId": transaction_id, "meterValue": [entry]}
        self.call("MeterValues", payload)

    def status(self, status: str, connector_id: int = 1) -> None:
        payload = {"connectorId": connector_id, "errorCode": "NoError", "status": status}
        self.call("StatusNotification", payload)


@pytest.fixture
def wire() -> Wire:
    wire = Wire()
    wire.boot()
    return wire


def broken(wire: Wire, words: str) -> bool:
    return len(wire.rules.violations) == 1 and words in wire.rules.violations[0]


def test_a_proper_session_breaks_nothing(wire: Wire):
    for status in ("Available", "Preparing", "Charging"):
        wire.status(status)
    wire.start()
    wire.meter("100", "2026-01-01T00:01:00Z")
    wire.stop(meter_wh=200, at="2026-01-01T00:02:00Z")
    wire.status("Finishing")
    message_id = wire.ask("ClearCache", {})
    wire.send([3, message_id, {"status": "Accepted"}])
    assert wire.rules.violations == []
    assert wire.rules.transactions.unstopped() == []


def test_what_does_not_fit_its_schema(wire: Wire):
    wire.call("StatusNotification", {"connectorId": 1, "status": "Available"})
    assert broken(wire, "errorCode is missing")


def test_an_answer_that_does_not_fit_its_schema(wire: Wire):
    wire.send([3, wire.ask("ClearCache", {}), {"status": "Fine"}])
    assert broken(wire, "breaks its schema")


@pytest.mark.parametrize("action", ["Nonsense", "Reset"])
def test_what_a_charge_point_does_not_send(wire: Wire, action: str):
    wire.call(action, {"type": "Hard"})
    assert broken(wire, "no action that a charge point sends")


def test_garbage(wire: Wire):
    wire.send("garbage")
    assert broken(wire, "is no frame")


def test_an_id_that_is_used_twice(wire: Wire):
    wire.call("Heartbeat", {}, "same")
    wire.call("Heartbeat", {}, "same")
    assert broken(wire, "used before")


def test_an_id_that_is_too_long(wire: Wire):
    wire.call("Heartbeat", {}, "i" * 37)
    assert broken(wire, "more than 36")


def test_a_call_while_another_is_open(wire: Wire):
    wire.central_system.once("Heartbeat", Silence())
    wire.call("Heartbeat", {})
    wire.now_s = 29.0
    wire.call("Heartbeat", {})
    assert broken(wire, "was not answered")


def test_a_call_after_another_timed_out(wire: Wire):
    wire.central_system.once("Heartbeat", Silence())
    wire.call("Heartbeat", {})
    wire.now_s = 30.0
    wire.call("Heartbeat", {})
    assert wire.rules.violations == []


def test_a_call_of_the_csms_that_nobody_answers(wire: Wire):
    wire.ask("ClearCache", {})
    assert broken(wire, "ClearCache")


def test_a_call_of_the_csms_that_is_answered_twice(wire: Wire):
    message_id = wire.ask("ClearCache", {})
    wire.send([3, message_id, {"status": "Accepted"}])
    wire.send([3, message_id, {"status": "Accepted"}])
    assert broken(wire, "answered already")


@pytest.mark.parametrize("rest", [["Oops", "", {}], ["GenericError", None, {}]])
def test_an_improper_error(wire: Wire, rest: list[Any]):
    wire.send([4, wire.ask("ClearCache", {}), *rest])
    assert len(wire.rules.violations) == 1


def test_anything_before_the_registration():
    wire = Wire()
    wire.call("Heartbeat", {})
    assert broken(wire, "registration is None")


@pytest.mark.parametrize("registration", ["Pending", "Rejected"])
def test_anything_before_the_acceptance(registration: str):
    wire = Wire()
    wire.central_system.registration = registration
    wire.boot()
    wire.call("Heartbeat", {})
    assert broken(wire, registration)


def test_a_boot_notification_that_comes_too_early():
    wire = Wire()
    wire.central_system.registration = "Pending"
    wire.boot()
    wire.now_s = 299.0
    wire.boot()
    assert broken(wire, "interval")


def test_a_boot_notification_without_a_boot(wire: Wire):
    wire.boot()
    assert broken(wire, "is registered")


def test_an_answer_while_rejected():
    wire = Wire()
    wire.central_system.registration = "Rejected"
    wire.boot()
    wire.send([3, wire.ask("ClearCache", {}), {"status": "Accepted"}])
    assert broken(wire, "Rejected")


def test_a_connector_that_is_not_there(wire: Wire):
    wire.status("Available", 3)
    assert broken(wire, "not there")


def test_a_transition_that_is_not_in_the_table(wire: Wire):
    wire.status("Available")
    wire.status("Finishing")
    assert broken(wire, "from Available to Finishing")


def test_a_status_that_connector_0_does_not_have(wire: Wire):
    wire.status("Preparing", 0)
    assert broken(wire, "connector 0")


def test_a_start_upon_a_start(wire: Wire):
    wire.start()
    wire.start(at="2026-01-01T00:01:00Z")
    assert broken(wire, "was not stopped")


def test_a_start_that_was_confirmed_already(wire: Wire):
    wire.start()
    wire.start()
    assert any("confirmed already" in violation for violation in wire.rules.violations)


def test_a_start_that_is_repeated_because_it_failed(wire: Wire):
    wire.central_system.once("StartTransaction", ErrorReply())
    wire.start()
    wire.start()
    assert wire.rules.violations == []


def test_a_second_stop(wire: Wire):
    wire.start()
    wire.stop()
    wire.stop(at="2026-01-01T00:01:00Z")
    assert broken(wire, "a second time")


def test_a_stop_without_a_start(wire: Wire):
    wire.stop(77)
    assert broken(wire, "never started")


def test_a_start_without_a_stop(wire: Wire):
    wire.start()
    assert wire.rules.transactions.unstopped() == [1]


def test_messages_out_of_order(wire: Wire):
    wire.start()
    wire.meter("1", "2026-01-01T00:02:00Z")
    wire.meter("1", "2026-01-01T00:01:00Z")
    assert broken(wire, "older than what was sent before")


def test_a_register_that_falls(wire: Wire):
    wire.start(1000)
    wire.meter("900", "2026-01-01T00:01:00Z")
    assert broken(wire, "fell from")


def test_values_after_the_end(wire: Wire):
    wire.start()
    wire.stop()
    wire.meter("0", "2026-01-01T00:01:00Z")
    assert broken(wire, "after the end")


def test_values_of_nobodys_transaction(wire: Wire):
    wire.meter("0", transaction_id=9)
    assert broken(wire, "no transaction 9")


def test_a_text_without_a_link():
    wire = Wire()
    wire.rules.sent_without_link(b"[]", 1.0)
    assert broken(wire, "without a link")


@pytest.mark.parametrize("action", ["FirmwareStatusNotification", "DiagnosticsStatusNotification"])
def test_who_says_idle_without_being_asked(wire: Wire, action: str):
    asked = wire.ask("TriggerMessage", {"requestedMessage": action})
    wire.send([3, asked, {"status": "Accepted"}])
    wire.call(action, {"status": "Idle"})
    assert wire.rules.violations == []
    wire.call(action, {"status": "Idle"})
    assert broken(wire, "nobody asked")


@pytest.mark.parametrize(("where", "allowed"), [({}, 3), ({"connectorId": 1}, 1)])
def test_who_is_pending_sends_as_much_as_was_asked_for(where: dict[str, int], allowed: int):
    wire = Wire()
    wire.central_system.registration = "Pending"
    wire.boot()
    asked = wire.ask("TriggerMessage", {"requestedMessage": "StatusNotification", **where})
    wire.send([3, asked, {"status": "Accepted"}])
    for connector_id in range(allowed):
        wire.status("Available", connector_id)
    assert wire.rules.violations == []
    wire.status("Available")
    assert broken(wire, "while the registration is Pending")


def test_who_is_pending_reports_nothing_of_what_lies_between():
    wire = Wire()
    wire.central_system.registration = "Pending"
    wire.boot()
    asked = wire.ask("TriggerMessage", {"requestedMessage": "StatusNotification", "connectorId": 1})
    wire.send([3, asked, {"status": "Accepted"}])
    wire.status("Available")
    wire.central_system.registration = "Accepted"
    wire.now_s = 300.0
    wire.boot()
    wire.status("Finishing")
    assert wire.rules.violations == []
