"""Which statuses of a task are told, when, and that final ones are never lost."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from ocppsim.chargepoint.effects import SendText
from ocppsim.chargepoint.v16.caller import Caller
from ocppsim.chargepoint.v16.core import Core
from ocppsim.chargepoint.v16.progress_reporter import MOST_UNTOLD, ProgressReporter
from ocppsim.protocol.rpc import ErrorReceived, ResultReceived, RpcSession
from ocppsim.protocol.v16.enums import FirmwareStatus
from ocppsim.protocol.v16.firmware import FirmwareStatusNotificationRequest

FINALS = frozenset({"DownloadFailed", "InstallationFailed", "Installed"})


class Wire:
    """A reporter, and a CSMS that answers when it is told to."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.session = RpcSession("t-")
        self.caller = Caller(core, self.session)
        self.reporter = self.restart()
        self.come_up()

    def restart(self) -> ProgressReporter:
        self.reporter = ProgressReporter(
            self.core,
            self.caller,
            "FirmwareStatusNotification",
            lambda status: FirmwareStatusNotificationRequest(status=FirmwareStatus(status)),
            FINALS,
        )
        return self.reporter

    def come_up(self, *, registered: bool = True) -> None:
        self.caller.link_up()
        if registered:
            self.caller.open = True
            self.reporter.resume()

    def answer(self, reply: list[Any] | None = None) -> None:
        text = self.sent_texts()[-1]
        message_id = msgspec.json.decode(text)[1]
        frame = reply or [3, message_id, {}]
        frame[1] = message_id
        received = self.session.receive(msgspec.json.encode(frame))
        assert isinstance(received, (ResultReceived, ErrorReceived))
        self.caller.resolve(received)

    def answer_all(self) -> None:
        while self.session.in_flight is not None:
            self.answer()

    def sent_texts(self) -> list[bytes]:
        return [effect.text for effect in self.core.effects if isinstance(effect, SendText)]

    @property
    def statuses(self) -> list[str]:
        return [msgspec.json.decode(text)[3]["status"] for text in self.sent_texts()]


@pytest.fixture
def wire(core: Core) -> Wire:
    return Wire(core)


def test_each_status_is_told_in_order(wire: Wire):
    for status in ("Downloading", "Downloaded", "Installing"):
        wire.reporter.report(status)
    assert wire.statuses == ["Downloading"]
    wire.answer_all()
    assert wire.statuses == ["Downloading", "Downloaded", "Installing"]
    assert wire.core.durable.cells == {}


def test_the_latest_is_told_after_a_time_offline(wire: Wire):
    wire.caller.link_down()
    for status in ("Downloading", "Downloaded"):
        wire.reporter.report(status)
    wire.come_up()
    wire.answer_all()
    assert wire.statuses == ["Downloaded"]


def test_final_ones_are_all_told(wire: Wire):
    wire.caller.link_down()
    for status in ("Downloading", "DownloadFailed", "Downloading", "Downloaded"):
        wire.reporter.report(status)
    wire.come_up()
    wire.answer_all()
    assert wire.statuses == ["DownloadFailed", "Downloaded"]


def test_a_status_that_was_lost_on_its_way_is_told_again(wire: Wire):
    wire.reporter.report("Downloading")
    wire.reporter.report("DownloadFailed")
    wire.caller.link_down()
    wire.come_up()
    wire.answer_all()
    wire.caller.link_down()
    wire.come_up()
    assert wire.statuses == ["Downloading", "DownloadFailed"]


def test_what_is_older_than_the_last_that_was_heard_is_not_told_again(wire: Wire, core: Core):
    wire.reporter.report("DownloadFailed")
    core.real_s += 1000.0
    wire.caller.expire()
    wire.reporter.report("Downloading")
    wire.answer_all()
    wire.caller.link_down()
    wire.come_up()
    assert wire.statuses == ["DownloadFailed", "Downloading"]


def test_a_final_status_outlives_a_restart(wire: Wire):
    wire.caller.link_down()
    wire.reporter.report("Installed")
    wire.restart()
    assert wire.reporter.status == "Installed"
    wire.come_up()
    wire.answer_all()
    wire.restart()
    wire.reporter.resume()
    assert wire.statuses == ["Installed"]


def test_a_csms_that_never_answers_does_not_make_the_store_grow(wire: Wire, core: Core):
    for _ in range(3 * MOST_UNTOLD):
        wire.reporter.report("Installed")
        core.real_s += 1_000.0
        wire.caller.expire()
    (body,) = (cell for key, cell in core.durable.cells.items() if key.startswith("untold/"))
    assert msgspec.json.decode(body) == ["Installed"] * MOST_UNTOLD


def test_an_error_is_an_answer(wire: Wire):
    wire.reporter.report("Installed")
    wire.answer([4, "", "InternalError", "", {}])
    wire.caller.link_down()
    wire.come_up()
    assert wire.statuses == ["Installed"]


def test_a_trigger_tells_the_present_or_idle(wire: Wire):
    wire.reporter.trigger(busy=False)
    wire.answer_all()
    wire.reporter.report("Downloading")
    wire.answer_all()
    wire.reporter.trigger(busy=True)
    wire.answer_all()
    assert wire.statuses == ["Idle", "Downloading", "Downloading"]


def test_a_trigger_while_pending_tells_what_waits_and_that_once(wire: Wire):
    wire.caller.link_down()
    wire.reporter.report("Installed")
    wire.come_up(registered=False)
    wire.reporter.trigger(busy=False)
    assert wire.statuses == ["Installed"]
    wire.caller.open = True
    wire.reporter.resume()
    wire.answer_all()
    assert wire.statuses == ["Installed"]
