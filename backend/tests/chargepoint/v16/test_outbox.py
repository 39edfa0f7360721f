"""The queue of transaction-related messages: nothing lost, in order, over restarts."""

from __future__ import annotations

import json
from typing import Any
from zlib import crc32

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.chargepoint.controller import ChargePointIdentity, ControllerSettings
from ocppsim.chargepoint.delivery_run import deliveries_of
from ocppsim.chargepoint.durable_state import DurableState, StoredMessage
from ocppsim.chargepoint.effects import Append, PutCell, RecordDelivery, RecordRun, Retire, SendText
from ocppsim.chargepoint.identifiers import ConnectorId, LocalTransactionId, TransactionId
from ocppsim.chargepoint.moment import Moment
from ocppsim.chargepoint.v16 import outbox as outbox_module
from ocppsim.chargepoint.v16.caller import Caller
from ocppsim.chargepoint.v16.core import Core
from ocppsim.chargepoint.v16.delivery_trace import REMEMBERED_IDS, RUN
from ocppsim.chargepoint.v16.occasions import Occasions
from ocppsim.chargepoint.v16.outbox import UNKNOWN_TRANSACTION, Outbox
from ocppsim.protocol.rpc import ErrorReceived, ResultReceived, RpcSession
from ocppsim.protocol.v16.core import (
    MeterValuesRequest,
    StartTransactionRequest,
    StartTransactionResponse,
    StopTransactionRequest,
    StopTransactionResponse,
)
from ocppsim.protocol.v16.datatypes import MeterValue, SampledValue
from ocppsim.simulation.definition import ConnectorDefinition
from ocppsim.simulation.plant import Plant

STAMP = "2026-01-01T00:00:00.000Z"


class Line(Occasions):
    """An outbox, the line that it sends over, and a journal that stores at once (or not)."""

    def __init__(self, durable: DurableState | None = None, **configuration: str) -> None:
        self.durable = durable or DurableState()
        self.durable.configuration = {**self.durable.configuration, **configuration}
        self.core = Core(
            ChargePointIdentity("CP001", "Vendor", "Model"),
            self.durable,
            Plant([ConnectorDefinition()], seed=0),
            [],
            ControllerSettings(clock_epoch_s=1_767_225_600.0, message_id_prefix="t-"),
        )
        self.session = RpcSession("t-")
        self.caller = Caller(self.core, self.session)
        self.outbox = Outbox(self.core, self.caller)
        self.outbox.boot()
        self.caller.online = self.caller.open = True
        self.sent: list[list[Any]] = []
        self.confirmed: list[tuple[int, int]] = []
        self.failed: list[int] = []
        self.deliveries: list[RecordDelivery] = []
        self.settled: list[tuple[int, bool]] = []
        self.core.wire(self)

    def start_confirmed(
        self, local_id: LocalTransactionId, response: StartTransactionResponse
    ) -> None:
        self.confirmed.append((local_id, response.transaction_id))

    def start_failed(self, local_id: LocalTransactionId) -> None:
        self.failed.append(local_id)

    def stop_settled(
        self, local_id: LocalTransactionId, response: StopTransactionResponse | None
    ) -> None:
        self.settled.append((local_id, response is not None))

    def start(self, tag: str = "TAG", *, store: bool = True) -> LocalTransactionId:
        local_id = LocalTransactionId(self.durable.next_sequence)
        self.outbox.add(
            local_id,
            StartTransactionRequest(connector_id=1, id_tag=tag, meter_start=0, timestamp=STAMP),
        )
        if store:
            self.store()
        return local_id

    def sample(self, local_id: LocalTransactionId | None = None, value: str = "1") -> None:
        meter_value = MeterValue(STAMP, [SampledValue(value=value)])
        self.outbox.add(
            local_id, MeterValuesRequest(connector_id=ConnectorId(1), meter_value=[meter_value])
        )
        self.store()

    def stop(self, local_id: LocalTransactionId) -> None:
        self.outbox.add(
            local_id, StopTransactionRequest(meter_stop=5, timestamp=STAMP, transaction_id=0)
        )
        self.store()

    def store(self) -> None:
        self.outbox.persisted(self.durable.next_sequence - 1)
        self.look()

    def look(self) -> None:
        for effect in self.core.effects:
            if isinstance(effect, SendText):
                self.sent.append(json.loads(effect.text))
            elif isinstance(effect, RecordDelivery):
                self.deliveries.append(effect)
            elif isinstance(effect, RecordRun):
                self.deliveries += deliveries_of(effect.local_transaction_id, effect.run)
        self.core.effects.clear()

    def answer(self, payload: dict[str, Any] | None = None) -> None:
        call = self.session.in_flight
        assert call is not None
        text = json.dumps([3, call.message_id, payload or {}])
        received = self.session.receive(text)
        assert isinstance(received, ResultReceived)
        self.caller.resolve(received)
        self.look()

    def confirm(self, transaction_id: int) -> None:
        self.answer({"transactionId": transaction_id, "idTagInfo": {"status": "Accepted"}})

    def refuse(self) -> None:
        call = self.session.in_flight
        assert call is not None
        received = self.session.receive(json.dumps([4, call.message_id, "InternalError", "", {}]))
        assert isinstance(received, ErrorReceived)
        self.caller.resolve(received)
        self.look()

    def wait(self, seconds: float) -> None:
        now_s = self.core.now_s + seconds
        self.core.enter(Moment(now_s, now_s))
        self.caller.expire()
        self.core.timers.run_due(now_s)
        self.look()

    def cut(self) -> None:
        self.caller.link_down()
        self.caller.online = self.caller.open = True
        self.caller.pump()
        self.look()

    def actions(self) -> list[str]:
        return [frame[2] for frame in self.sent]


def test_nothing_goes_out_before_it_is_stored():
    line = Line()
    line.start(store=False)
    line.look()
    assert line.sent == []
    line.store()
    assert line.actions() == ["StartTransaction"]


def test_the_messages_of_a_transaction_wait_for_its_id():
    line = Line()
    local_id = line.start()
    line.sample(local_id)
    line.stop(local_id)
    line.confirm(0)
    line.answer()
    line.answer({"idTagInfo": {"status": "Accepted"}})
    assert line.actions() == ["StartTransaction", "MeterValues", "StopTransaction"]
    assert [frame[3].get("transactionId") for frame in line.sent[1:]] == [0, 0]
    assert line.confirmed == [(local_id, 0)]
    assert line.settled == [(local_id, True)]
    assert len(line.outbox) == 0


def test_a_start_that_is_given_up_leaves_minus_one_and_the_next_gets_its_turn():
    line = Line(TransactionMessageAttempts="2", TransactionMessageRetryInterval="7")
    local_id = line.start("LOST")
    line.stop(local_id)
    line.refuse()
    assert line.core.timers.next_s == 7.0
    line.wait(6.9)
    assert line.actions() == ["StartTransaction"]
    line.wait(0.1)
    line.refuse()
    assert line.failed == [local_id]
    assert not line.outbox.is_confirmed(local_id)
    assert line.outbox.transaction_id(local_id) == UNKNOWN_TRANSACTION
    assert line.sent[-1][2:] == [
        "StopTransaction",
        {"transactionId": -1, "meterStop": 5, "timestamp": STAMP},
    ]
    line.answer()
    assert line.outbox.transaction_id(local_id) is None


def test_minus_one_from_the_csms_is_an_id_like_any_other():
    line = Line()
    local_id = line.start()
    line.confirm(-1)
    assert line.outbox.is_confirmed(local_id)


def test_the_wait_grows_with_the_transmissions_and_nothing_overtakes():
    line = Line(TransactionMessageAttempts="4", TransactionMessageRetryInterval="10")
    line.start("ONE")
    line.start("TWO")
    for transmissions in (1, 2, 3):
        line.refuse()
        assert line.core.timers.next_s == line.core.now_s + 10 * transmissions
        line.wait(10 * transmissions)
    assert [frame[3]["idTag"] for frame in line.sent] == ["ONE"] * 4
    line.refuse()
    assert line.sent[-1][3]["idTag"] == "TWO"
    assert len({frame[1] for frame in line.sent}) == 5


@pytest.mark.parametrize("attempts", ["0", "1"])
def test_with_0_or_1_there_is_one_attempt(attempts: str):
    line = Line(TransactionMessageAttempts=attempts)
    line.start("ONE")
    line.refuse()
    assert len(line.outbox) == 0


def test_silence_is_a_failure_and_a_lost_link_is_none():
    line = Line(TransactionMessageAttempts="1", MessageTimeout="20")
    line.start("ONE")
    for _ in range(5):
        line.cut()
    assert len(line.outbox) == 1
    line.wait(20)
    assert len(line.outbox) == 0


def test_an_answer_that_cannot_be_used_is_a_failure():
    line = Line(TransactionMessageAttempts="2", TransactionMessageRetryInterval="0")
    line.start("ONE")
    line.answer({"transactionId": "no number"})
    assert len(line.outbox) == 1
    line.confirm(4)
    assert len(line.outbox) == 0


def test_a_restart_sends_what_is_left_under_the_id_that_was_assigned():
    line = Line()
    local_id = line.start()
    line.confirm(77)
    line.sample(local_id)
    again = Line(line.durable)
    again.outbox.persisted(line.durable.next_sequence - 1)
    again.stop(local_id)
    assert again.sent[0][2] == "MeterValues"
    assert again.sent[0][3]["transactionId"] == 77
    again.answer()
    assert again.sent[1][3]["transactionId"] == 77
    assert again.outbox.knows(local_id)
    assert again.outbox.queued_stops() == {local_id}


def test_a_restart_between_the_answer_and_its_retirement_does_not_start_twice():
    line = Line()
    local_id = line.start()
    started = line.durable.messages[0]
    line.confirm(77)
    line.durable.messages.insert(0, started)
    again = Line(line.durable)
    assert Retire(started.sequence) in again.core.effects
    again.stop(local_id)
    assert again.actions() == ["StopTransaction"]


def test_sequence_numbers_never_repeat_when_the_queue_has_run_empty():
    line = Line()
    first = line.start()
    line.confirm(1)
    line.stop(first)
    line.answer()
    assert line.durable.messages == []
    assert line.durable.cells == {}
    assert Line(line.durable).start() == 3


def test_far_behind_only_intermediate_values_are_thinned(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(outbox_module, "THINNING_FROM", 10)
    line = Line()
    line.caller.online = line.caller.open = False
    local_id = line.start()
    for number in range(100):
        line.sample(local_id, str(number))
    line.stop(local_id)
    for tag in range(5):
        line.start(str(tag))
    kept = [
        msgspec.json.decode(message.body)[3]["meterValue"][0]["sampledValue"][0]["value"]
        for message in line.durable.messages
        if b'"MeterValues"' in message.body
    ]
    assert kept[:9] == [str(number) for number in range(9)]
    assert len(kept) < 40
    assert sum(b'"StartTransaction"' in message.body for message in line.durable.messages) == 6
    assert sum(b'"StopTransaction"' in message.body for message in line.durable.messages) == 1


DEEDS = st.lists(
    st.sampled_from(["start", "sample", "stop", "confirm", "refuse", "wait", "cut", "restart"]),
    max_size=60,
)


class Story:
    """Deeds on a line that never gives up, and what was queued and delivered."""

    def __init__(self) -> None:
        self.durable = DurableState()
        self.line = self.new_line()
        self.appended: list[str] = []
        self.delivered: list[str] = []
        self.running: list[LocalTransactionId] = []
        self.transaction_id = 0

    def new_line(self) -> Line:
        return Line(
            self.durable,
            TransactionMessageAttempts="100000",
            TransactionMessageRetryInterval="3",
        )

    def start(self) -> None:
        self.running.append(self.line.start())
        self.appended.append("StartTransaction")

    def sample(self) -> None:
        if self.running:
            self.line.sample(self.running[-1])
            self.appended.append("MeterValues")

    def stop(self) -> None:
        if self.running:
            self.line.stop(self.running.pop())
            self.appended.append("StopTransaction")

    def confirm(self) -> None:
        call = self.line.session.in_flight
        if call is not None:
            self.delivered.append(call.action)
            self.transaction_id += 1
            if call.action == "StartTransaction":
                self.line.confirm(self.transaction_id)
            else:
                self.line.answer()

    def refuse(self) -> None:
        if self.line.session.in_flight is not None:
            self.line.refuse()

    def wait(self) -> None:
        self.line.wait(1e6)

    def cut(self) -> None:
        self.line.cut()

    def restart(self) -> None:
        self.line = self.new_line()
        self.line.store()


@given(DEEDS)
def test_whatever_happens_all_is_delivered_once_in_order(deeds: list[str]):
    story = Story()
    for deed in deeds:
        getattr(story, deed)()
    while len(story.line.outbox) > 0:
        story.confirm()
        story.wait()
    assert story.delivered == story.appended
    assert story.durable.messages == []


def test_append_and_cells_come_before_the_retirement():
    line = Line()
    line.outbox.add(
        LocalTransactionId(1),
        StartTransactionRequest(connector_id=1, id_tag="A", meter_start=0, timestamp=STAMP),
    )
    assert [type(effect) for effect in line.core.effects] == [Append]
    assert line.durable.messages == [
        StoredMessage(1, line.core.effects[0].body)  # pyright: ignore[reportAttributeAccessIssue]
    ]
    line.outbox.persisted(1)
    line.core.effects.clear()
    call = line.session.in_flight
    assert call is not None
    payload = {"transactionId": 9, "idTagInfo": {"status": "Accepted"}}
    received = line.session.receive(json.dumps([3, call.message_id, payload]))
    assert isinstance(received, ResultReceived)
    line.caller.resolve(received)
    assert [type(effect) for effect in line.core.effects] == [PutCell, RecordDelivery, Retire]
    assert line.outbox.transaction_id(LocalTransactionId(1)) == TransactionId(9)


# --- what the device keeps account of -----------------------------------------------------------


def test_each_message_of_a_transaction_is_recorded_with_its_answer():
    line = Line()
    local_id = line.start()
    line.sample(None)
    line.stop(local_id)
    line.confirm(7)
    line.answer()
    line.answer()
    assert [(one.action, one.outcome, one.sequence) for one in line.deliveries] == [
        ("StartTransaction", "acknowledged", 1),
        ("StopTransaction", "acknowledged", 3),
    ]
    stop = line.deliveries[-1]
    sent = msgspec.json.encode(line.sent[-1][3])
    assert (stop.size_bytes, stop.crc32) == (len(sent), crc32(sent))
    assert stop.message_ids == (line.sent[-1][1],)
    assert not stop.recovered


def test_meter_values_that_were_answered_at_once_are_told_of_together():
    line = Line()
    one, two = line.start("A"), line.start("B")
    line.confirm(7)
    line.confirm(8)
    del line.deliveries[:]
    for number in range(RUN - 1):
        line.sample(one, str(number))
        line.answer()
        line.sample(two, str(number))
        line.answer()
    assert line.deliveries == []
    kept = line.outbox.untold_deliveries()
    assert [delivery.sequence for delivery in kept if delivery.local_transaction_id == one] == [
        *range(3, 3 + 2 * (RUN - 1), 2)
    ]
    line.sample(one, "last")
    line.answer()
    assert {delivery.local_transaction_id for delivery in line.deliveries} == {one}
    assert line.deliveries == [
        *(delivery for delivery in kept if delivery.local_transaction_id == one),
        line.deliveries[-1],
    ]
    _, message_id, action, payload = line.sent[-1]
    last = line.deliveries[-1]
    assert (last.action, last.message_ids) == (action, (message_id,))
    assert last.crc32 == crc32(msgspec.json.encode(payload))
    line.stop(two)
    line.answer()
    assert [delivery.action for delivery in line.deliveries[-2:]] == [
        "MeterValues",
        "StopTransaction",
    ]
    assert line.outbox.untold_deliveries() == []


def test_every_attempt_counts_also_one_that_the_link_swallowed():
    line = Line(TransactionMessageAttempts="2", TransactionMessageRetryInterval="10")
    line.start()
    line.cut()
    line.refuse()
    line.wait(10.0)
    (waiting,) = line.outbox.untold_deliveries()
    assert (waiting.outcome, waiting.attempts, len(waiting.message_ids)) == ("pending", 3, 3)
    line.refuse()
    (start,) = line.deliveries
    assert (start.outcome, start.detail) == ("failed", "error InternalError")
    assert (start.attempts, start.first_sent_s, start.settled_s) == (3, 0.0, 10.0)
    assert list(start.message_ids) == [frame[1] for frame in line.sent]


def test_of_many_attempts_the_first_and_the_last_ids_are_kept():
    line = Line(TransactionMessageAttempts="1", TransactionMessageRetryInterval="0")
    line.start()
    for _ in range(30):
        line.cut()
    line.confirm(1)
    (start,) = line.deliveries
    ids = [frame[1] for frame in line.sent]
    assert start.attempts == len(ids) == 31
    assert list(start.message_ids) == [ids[0], *ids[-REMEMBERED_IDS + 1 :]]


def test_what_a_restart_found_in_the_queue_is_marked():
    line = Line()
    line.start()
    again = Line(line.durable)
    again.outbox.persisted(1)
    again.look()
    again.confirm(1)
    assert [one.recovered for one in again.deliveries] == [True]


def test_what_was_thinned_out_is_dropped(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(outbox_module, "THINNING_FROM", 3)
    line = Line()
    local_id = line.start()
    for _ in range(6):
        line.sample(local_id)
    dropped = [one for one in line.deliveries if one.outcome == "dropped"]
    assert dropped
    assert all(one.sequence is None and one.attempts == 0 for one in dropped)
