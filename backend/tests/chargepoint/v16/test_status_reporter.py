"""StatusNotification: each lasting status once, in order, and nothing replayed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from ocppsim.chargepoint.effects import SendText
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.moment import Moment
from ocppsim.chargepoint.v16.caller import Caller
from ocppsim.chargepoint.v16.core import Core
from ocppsim.chargepoint.v16.status_reporter import StatusReport, StatusReporter
from ocppsim.protocol.rpc import ResultReceived, RpcSession
from ocppsim.protocol.v16.enums import ChargePointErrorCode
from ocppsim.protocol.v16.enums import ChargePointStatus as Status

WHOLE = ConnectorId(0)
ONE = ConnectorId(1)


class Desk:
    """A reporter whose CSMS answers at once."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.session = RpcSession("t-")
        self.caller = Caller(core, self.session)
        self.reporter = StatusReporter(core, self.caller)
        self.reporter.set_initial(WHOLE, StatusReport(Status.Available))
        self.reporter.set_initial(ONE, StatusReport(Status.Available))
        self.open()

    def open(self) -> None:
        self.caller.online = self.caller.open = True

    def at(self, now_s: float) -> None:
        self.core.enter(Moment(now_s, now_s))
        self.core.timers.run_due(now_s)

    def becomes(self, status: Status, **more: Any) -> None:
        self.reporter.update(ONE, StatusReport(status, **more))

    def told(self) -> list[str]:
        payloads: list[str] = []
        while self.core.effects:
            effect = self.core.effects.pop(0)
            if isinstance(effect, SendText):
                _, message_id, _, payload = json.loads(effect.text)
                payloads.append(f"{payload['status']} {payload['timestamp'][14:19]}")
                answer = self.session.receive(json.dumps([3, message_id, {}]))
                assert isinstance(answer, ResultReceived)
                self.caller.resolve(answer)
        return payloads


@pytest.fixture
def desk(core: Core) -> Desk:
    return Desk(core)


def test_each_change_is_told_once_with_its_time(desk: Desk):
    desk.at(61.0)
    desk.becomes(Status.Preparing)
    desk.becomes(Status.Preparing)
    desk.at(62.0)
    desk.becomes(Status.Charging)
    assert desk.told() == ["Preparing 01:01", "Charging 01:02"]


def test_another_error_code_or_info_is_a_change_too(desk: Desk):
    desk.becomes(Status.Faulted, error_code=ChargePointErrorCode.GroundFailure)
    desk.becomes(Status.Faulted, error_code=ChargePointErrorCode.OverVoltage)
    desk.becomes(Status.Faulted, error_code=ChargePointErrorCode.OverVoltage, info="hot")
    assert len(desk.told()) == 3


def test_while_nobody_listens_only_the_last_is_kept(desk: Desk):
    desk.caller.link_down()
    desk.at(10.0)
    desk.becomes(Status.Preparing)
    desk.at(20.0)
    desk.becomes(Status.Charging)
    desk.open()
    desk.reporter.report_changed()
    desk.reporter.report_changed()
    assert desk.told() == ["Charging 00:20"]


def test_what_was_lost_on_the_way_is_told_again_as_it_is_then(desk: Desk):
    desk.becomes(Status.Preparing)
    desk.core.effects.clear()
    desk.caller.link_down()
    desk.open()
    desk.reporter.report_changed()
    assert desk.told() == ["Preparing 00:00"]


@pytest.fixture
def patient(make_core: Callable[..., Core]) -> Desk:
    return Desk(make_core(MinimumStatusDuration="10"))


def test_a_status_that_does_not_last_is_not_told(patient: Desk):
    patient.becomes(Status.Preparing)
    patient.at(9.0)
    patient.becomes(Status.Charging)
    patient.at(18.9)
    assert patient.told() == []
    patient.at(19.0)
    assert patient.told() == ["Charging 00:09"]


def test_a_status_that_comes_back_in_time_was_never_left(patient: Desk):
    patient.reporter.report_all()
    patient.told()
    patient.becomes(Status.Preparing)
    patient.at(5.0)
    patient.becomes(Status.Available)
    patient.at(100.0)
    assert patient.told() == []


def test_a_wait_that_ends_without_a_link_is_made_up_for(patient: Desk):
    patient.becomes(Status.Preparing)
    patient.caller.link_down()
    patient.at(15.0)
    patient.open()
    patient.reporter.report_changed()
    assert patient.told() == ["Preparing 00:00"]


def test_a_passing_report_changes_nothing(desk: Desk):
    desk.at(5)
    desk.reporter.report_passing(ONE, ChargePointErrorCode.LocalListConflict, "TAG")
    assert desk.told() == ["Available 00:05"]
    assert desk.reporter.current(ONE) == StatusReport(Status.Available)
    desk.reporter.report_changed()
    assert desk.told() == []


def test_a_passing_report_that_the_link_lost_comes_again_with_its_time(desk: Desk):
    desk.at(5)
    desk.reporter.report_passing(ONE, ChargePointErrorCode.LocalListConflict, "TAG")
    desk.core.effects.clear()
    desk.caller.link_down()
    desk.at(60)
    desk.open()
    desk.reporter.report_changed()
    assert desk.told() == ["Available 00:05"]
    desk.reporter.report_changed()
    assert desk.told() == []
