"""Delivery of transaction-related messages (1.6 ed.2 §3.7, errata 3.18): none lost, in order."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from ocppsim.chargepoint.controller import NEVER
from ocppsim.chargepoint.durable_state import StoredMessage
from ocppsim.chargepoint.effects import Append, PutCell, RecordDelivery, RecordRun, Retire
from ocppsim.chargepoint.identifiers import ConnectorId, LocalTransactionId, TransactionId
from ocppsim.protocol.kept_json import encode_to_keep
from ocppsim.protocol.v16.codec import encode
from ocppsim.protocol.v16.core import (
    MeterValuesRequest,
    StartTransactionRequest,
    StartTransactionResponse,
    StopTransactionRequest,
    StopTransactionResponse,
)

from .caller import Caller, CallFailed, OwnCall
from .core import Core
from .delivery_trace import DeliveryTrace, QueuedMessage
from .sample_text import meter_values_text
from .steady_sampling import IDLE, IN_FLIGHT, SteadySampling
from .stored_samples import CELL, in_full, text_cell

UNKNOWN_TRANSACTION = TransactionId(-1)
"""The id of a transaction whose start the CSMS never confirmed (errata 3.18)."""
THINNING_FROM = 5_000
"""Undelivered messages beyond which intermediate meter values are thinned (errata 3.14, 3.89)."""

_RETRY = "outbox-retry"
_ANY_TIME_S = -NEVER
_MESSAGES: dict[str, type[TransactionMessage]] = {
    "StartTransaction": StartTransactionRequest,
    "MeterValues": MeterValuesRequest,
    "StopTransaction": StopTransactionRequest,
}

TransactionMessage = StartTransactionRequest | MeterValuesRequest | StopTransactionRequest


class _Assigned(msgspec.Struct, frozen=True, array_like=True):
    """The id of a transaction; not ``confirmed`` where the CSMS never gave one (errata 3.18)."""

    transaction_id: TransactionId
    confirmed: bool


class SteadyQueue(NamedTuple):
    """Where the queue is when nothing but samples of one transaction goes through it."""

    sequence: int
    persisted_to: int
    transaction_id: TransactionId
    run: bytearray | None


class Outbox:
    """The queue of transaction-related messages; it survives whatever happens to the process.

    A message is sent when the journal has it, the CSMS has accepted the boot and all before
    it are dealt with: delivered, or given up after TransactionMessageAttempts failures.
    Bound: none for StartTransaction and StopTransaction; MeterValues are thinned from
    ``THINNING_FROM`` on, to every second, fourth... per doubling.
    """

    __slots__ = (
        "_assigned",
        "_attempts",
        "_call",
        "_caller",
        "_core",
        "_current",
        "_first",
        "_persisted",
        "_retry_at_s",
        "_skipped",
        "_text_cell",
        "_trace",
    )

    def __init__(self, core: Core, caller: Caller) -> None:
        self._core = core
        self._caller = caller
        caller.transaction_calls = self
        # The queue is that of the stored messages; only the first is kept as it was read, too
        self._first: QueuedMessage | None = None
        stored = core.durable.messages
        self._trace = DeliveryTrace(core, stored[-1].sequence if stored else 0)
        self._text_cell = core.durable.cells.pop(CELL, None)
        """As it is stored; nobody else needs it."""
        self._persisted = 0
        self._attempts = 0
        self._retry_at_s = _ANY_TIME_S
        self._skipped = 0
        self._current: QueuedMessage | None = None
        self._call = _NO_CALL
        """Its own from the first message on."""
        # A pair or two: a dictionary takes twice as much
        self._assigned: tuple[tuple[LocalTransactionId, _Assigned], ...] = tuple(
            [
                (
                    LocalTransactionId(int(key.removeprefix("transaction-id/"))),
                    msgspec.json.decode(body, type=_Assigned),
                )
                for key, body in core.durable.cells.items()
                if key.startswith("transaction-id/")
            ]
        )
        stored[:] = [in_full(each, self._text_cell, self.transaction_id) for each in stored]

    def __len__(self) -> int:
        return len(self._core.durable.messages)

    @property
    def is_delivering(self) -> bool:
        """Whether a message is on its way or goes next; not while one waits for its retry."""
        return bool(self._core.durable.messages) and self._core.now_s >= self._retry_at_s

    def transaction_id(self, local_id: LocalTransactionId) -> TransactionId | None:
        """What the CSMS assigned, -1 where it never will, None while that is open."""
        for owner, assigned in self._assigned:
            if owner == local_id:
                return assigned.transaction_id
        return None

    def is_confirmed(self, local_id: LocalTransactionId) -> bool:
        """Whether the CSMS has answered the StartTransaction with an id, whichever it is."""
        return any(assigned.confirmed for owner, assigned in self._assigned if owner == local_id)

    def knows(self, local_id: LocalTransactionId) -> bool:
        """Whether the StartTransaction of a transaction is queued here or was delivered."""
        if self._is_assigned(local_id):
            return True
        # The start of a transaction gave it its number
        return any(stored.sequence == local_id for stored in self._core.durable.messages)

    def _is_assigned(self, local_id: LocalTransactionId) -> bool:
        return any(owner == local_id for owner, _ in self._assigned)

    def queued_stops(self) -> set[LocalTransactionId]:
        """The transactions whose StopTransaction is queued here."""
        return {
            entry.local_transaction_id
            for entry in map(_read, self._core.durable.messages)
            if entry.action == "StopTransaction" and entry.local_transaction_id is not None
        }

    def forget(self, local_id: LocalTransactionId) -> None:
        """Nothing more is to be told of a transaction."""
        self._assigned = tuple([one for one in self._assigned if one[0] != local_id])
        self._core.put_cell(f"transaction-id/{local_id}", None)

    def boot(self) -> None:
        """Deal with what a crash caught between the CSMS's answer and its last trace here."""
        while self._core.durable.messages:
            entry = self._head()
            if entry.action != "StartTransaction" or entry.local_transaction_id is None:
                return
            if not self._is_assigned(entry.local_transaction_id):
                return
            # Answered; to send it again would begin a second transaction at the CSMS
            self._record("acknowledged", "answered before a restart")
            self._retire()

    def add(self, local_id: LocalTransactionId | None, request: TransactionMessage) -> None:
        """Queue a message; its transactionId is filled in from ``local_id``.

        ``local_id`` is None for meter values outside a transaction.
        """
        if isinstance(request, MeterValuesRequest) and self._is_thinned():
            self._trace.tell_thinned(local_id)
            return
        final = True
        if local_id is not None and not isinstance(request, StartTransactionRequest):
            transaction_id = self.transaction_id(local_id)
            if transaction_id is None:
                final = False
            else:
                request = msgspec.structs.replace(request, transaction_id=transaction_id)
        self._queue(_action(request), local_id, encode(request), final=final)

    def add_sample(
        self,
        local_id: LocalTransactionId | None,
        connector_id: ConnectorId,
        stamp: str,
        sampled_values: list[str],
    ) -> None:
        """As :meth:`add`, for the meter values of one instant, each written as JSON already."""
        if self._is_thinned():
            self._trace.tell_thinned(local_id)
            return
        transaction_id = None if local_id is None else self.transaction_id(local_id)
        payload = meter_values_text(connector_id, stamp, ",".join(sampled_values), transaction_id)
        final = local_id is None or transaction_id is not None
        self._queue("MeterValues", local_id, payload.encode(), final=final)

    def _queue(
        self, action: str, local_id: LocalTransactionId | None, payload: bytes, *, final: bool
    ) -> None:
        core = self._core
        queued_at_s = core.clock.epoch_s + core.now_s
        entry = QueuedMessage(action, local_id, final, msgspec.Raw(payload), queued_at_s)
        durable = core.durable
        messages = durable.messages
        sequence = durable.next_sequence
        durable.next_sequence = sequence + 1
        body = encode_to_keep(entry)
        if not messages:
            self._first = entry
        messages.append(StoredMessage(sequence, body))
        core.effects.append(Append(sequence, body))

    def send_aside(self, local_id: LocalTransactionId | None, request: MeterValuesRequest) -> None:
        """Send meter values once, past the queue; they are not tried again."""
        if local_id is not None:
            transaction_id = self.transaction_id(local_id)
            request = msgspec.structs.replace(request, transaction_id=transaction_id)
        self._caller.call_triggered(OwnCall("MeterValues", request, _done, _not_delivered))

    def steady_queue(self, local_id: LocalTransactionId) -> SteadyQueue | None:
        """What samples of a transaction need to be queued and sent; None where more is to do.

        The queue is empty then, and the id of the transaction is known.
        """
        durable = self._core.durable
        transaction_id = self.transaction_id(local_id)
        if durable.messages or self._skipped or transaction_id is None:
            return None
        self._call = _NO_CALL  # The next one makes its own again
        run = self._trace.run_of(local_id)
        return SteadyQueue(durable.next_sequence, self._persisted, transaction_id, run)

    def keep_text(self, around_register: tuple[str, str]) -> None:
        """Store what is alike of the samples that will be queued; the queue is empty."""
        body = text_cell(around_register)
        if body != self._text_cell:
            self._text_cell = body
            self._core.effects.append(PutCell(CELL, body))

    def deliveries_of(self, steady: SteadySampling) -> RecordRun:
        """What became of the samples' messages, of which none is under way."""
        self._core.durable.next_sequence = steady.sequence
        self._trace.drop_run(steady.local_id)
        return RecordRun(steady.local_id, steady.take_run())

    def end_steady(self, steady: SteadySampling) -> None:
        """Go on from where that has got to."""
        durable = self._core.durable
        durable.next_sequence = steady.sequence
        self._persisted = max(self._persisted, steady.persisted_to)
        if steady.run is not None:
            self._trace.keep_run(steady.local_id, steady.run)
        if steady.kept_aside:
            self._core.effects.append(Retire(steady.sequence - 1))
        if steady.state == IDLE:
            return
        durable.next_sequence = steady.sequence + 1
        self._first = steady.queued()
        body = encode_to_keep(self._first)
        durable.messages.append(StoredMessage(steady.sequence, body))
        if steady.kept_aside:
            self._core.effects.append(Append(steady.sequence, body))
        if steady.state == IN_FLIGHT:
            self._current = self._first
            self._trace.sent_once(steady.sent_s)
            call = self._call_of(self._first)
            call.message_id = self._caller.resume(call, steady.sent_s, steady.deadline_s)

    def persisted(self, sequence: int) -> None:
        """Everything up to ``sequence`` survives a crash and may be sent."""
        if sequence > self._persisted:  # noqa: PLR1730 - dearer
            self._persisted = sequence
        self._caller.pump()

    def _is_thinned(self) -> bool:
        excess = len(self._core.durable.messages) // THINNING_FROM
        if excess == 0:
            return False
        self._skipped += 1
        return self._skipped % 2**excess != 0

    def next_call(self) -> OwnCall | None:
        """The message that may go now, if one may."""
        messages = self._core.durable.messages
        if (
            not messages
            or messages[0].sequence > self._persisted
            or self._core.now_s < self._retry_at_s
        ):
            return None
        self._current = entry = self._first or self._head()
        self._trace.sending()
        return self._call_of(entry)

    def _call_of(self, entry: QueuedMessage) -> OwnCall:
        call = self._call
        if call is _NO_CALL:
            call = self._call = OwnCall("", b"", self._delivered, self._failed)
        call.action = entry.action
        call.request = entry.payload if entry.final else self._filled(entry)
        return call

    def _head(self) -> QueuedMessage:
        """The first message of the queue, which there is."""
        first = self._first
        if first is None:
            first = self._first = _read(self._core.durable.messages[0])
        return first

    def _filled(self, entry: QueuedMessage) -> TransactionMessage:
        """With the transactionId that was not known when the message was queued (OFF-14)."""
        assert entry.local_transaction_id is not None
        request = msgspec.json.decode(entry.payload, type=_MESSAGES[entry.action])
        transaction_id = self.transaction_id(entry.local_transaction_id)
        if transaction_id is None:
            transaction_id = UNKNOWN_TRANSACTION
        return msgspec.structs.replace(request, transaction_id=transaction_id)

    def _delivered(self, response: object) -> None:
        entry = self._take_current()
        local_id = entry.local_transaction_id
        if entry.action == "MeterValues":
            self._record("acknowledged", None, self._call.message_id)
            self._retire()
            return
        if isinstance(response, StartTransactionResponse):
            assert local_id is not None
            self._assign(local_id, _Assigned(TransactionId(response.transaction_id), True))
        self._record("acknowledged", None, self._call.message_id)
        self._retire()
        if local_id is None:
            return
        if isinstance(response, StartTransactionResponse):
            self._core.occasions.start_confirmed(local_id, response)
        elif isinstance(response, StopTransactionResponse):
            self.forget(local_id)
            self._core.occasions.stop_settled(local_id, response)

    def _failed(self, failure: CallFailed) -> None:
        entry = self._take_current()
        self._trace.went_out_as(self._call.message_id)
        if failure.kind == "lost":
            # Not the CSMS's failure to process it: sent again, no attempt used up (OFF-12)
            return
        self._attempts += 1
        configuration = self._core.configuration
        allowed = max(1, configuration.number("TransactionMessageAttempts"))
        forever = self._core.behaviour("transaction_message_attempts") == "forever"
        if forever or self._attempts < allowed:
            # 1.6 ed.2 §3.7.1: the interval times the number of preceding transmissions
            interval_s = configuration.number("TransactionMessageRetryInterval")
            self._retry_at_s = self._core.now_s + interval_s * min(self._attempts, allowed)
            self._core.timers.set(_RETRY, self._retry_at_s, self._caller.pump)
            return
        local_id = entry.local_transaction_id
        if entry.action == "StartTransaction":
            assert local_id is not None
            self._assign(local_id, _Assigned(UNKNOWN_TRANSACTION, False))
        self._record("failed", f"{failure.kind} {failure.code}".strip())
        self._retire()
        if local_id is None:
            return
        if entry.action == "StartTransaction":
            self._core.occasions.start_failed(local_id)
        elif entry.action == "StopTransaction":
            self.forget(local_id)
            self._core.occasions.stop_settled(local_id, None)

    def _take_current(self) -> QueuedMessage:
        entry, self._current = self._current, None
        assert entry is not None
        return entry

    def _record(self, outcome: str, detail: str | None, message_id: str | None = None) -> None:
        """Tell what became of the first message of the queue.

        ``message_id`` is that of the attempt that was answered, if one was.
        """
        message = self._head()
        # What went out may have had the transactionId filled in
        if self._trace.was_sent and not message.final:
            request = self._call.request
            sent = request if isinstance(request, bytes) else encode(request)
        else:
            sent = bytes(message.payload)
        sequence = self._core.durable.messages[0].sequence
        self._trace.tell(sequence, message, sent, outcome, detail, message_id)

    def tell_deliveries(self) -> None:
        """Keep nothing back of what became of the messages of transactions."""
        self._trace.tell_runs()

    def untold_deliveries(self) -> list[RecordDelivery]:
        """The messages of transactions that nobody was told of: the last answered, the queue.

        Of those in the queue only the first can have been sent.
        """
        in_flight = None if self._current is None else self._call.message_id
        return self._trace.runs() + [
            self._trace.pending(
                stored.sequence, message, is_first=index == 0, in_flight_id=in_flight
            )
            for index, stored in enumerate(self._core.durable.messages)
            for message in (_read(stored),)
            if message.local_transaction_id is not None
        ]

    def _retire(self) -> None:
        core = self._core
        messages = core.durable.messages
        sequence = messages.pop(0).sequence
        self._first = None
        self._call.request = b""
        self._attempts = 0
        self._trace.next_message()
        self._retry_at_s = _ANY_TIME_S
        if self._skipped and len(messages) < THINNING_FROM:
            self._skipped = 0
        core.effects.append(Retire(sequence))

    def _assign(self, local_id: LocalTransactionId, assigned: _Assigned) -> None:
        others = [one for one in self._assigned if one[0] != local_id]
        self._assigned = (*others, (local_id, assigned))
        self._core.put_cell(f"transaction-id/{local_id}", assigned)


_decoder = msgspec.json.Decoder(QueuedMessage)


def _read(stored: StoredMessage) -> QueuedMessage:
    return _decoder.decode(stored.body)


def _action(request: TransactionMessage) -> str:
    return type(request).__name__.removesuffix("Request")


def _done(_response: object) -> None:
    """MeterValues.conf says nothing."""


def _not_delivered(_failure: CallFailed) -> None:
    """The CSMS may ask again."""


_NO_CALL = OwnCall("", b"", _done, _not_delivered)
"""That of all charge points that have nothing to deliver yet."""


__all__ = ["THINNING_FROM", "UNKNOWN_TRANSACTION", "Outbox", "TransactionMessage"]
