"""A scriptable CSMS without sockets, for virtual time and tests.

It speaks JSON of its own, not the message classes of the charge point, so that a mistake in
those does not cancel itself out. Everything it hears and says is kept in ``records``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any, Literal

import msgspec

from ocppsim.protocol.v16.date_time import format_date_time

Payload = dict[str, Any]
Sender = Literal["charge_point", "central_system"]

NEVER = float("inf")

_OTHER_SIDE: dict[Sender, Sender] = {
    "charge_point": "central_system",
    "central_system": "charge_point",
}

_KINDS = {2: "CALL", 3: "CALLRESULT", 4: "CALLERROR"}


class Silence(msgspec.Struct, frozen=True):
    """The CALL is never answered."""


class ErrorReply(msgspec.Struct, frozen=True):
    """The CALL is answered with a CALLERROR."""

    code: str = "InternalError"
    description: str = ""


class RawReply(msgspec.Struct, frozen=True):
    """The CALL is answered with this text; ``{id}`` in it becomes the message id."""

    text: str


class Delayed(msgspec.Struct, frozen=True):
    """The answer comes so many virtual seconds later."""

    delay_s: float
    reply: Payload | Silence | ErrorReply | RawReply


Reply = Payload | Silence | ErrorReply | RawReply | Delayed
Handler = Callable[[Payload], Reply]


class FrameRecord(msgspec.Struct, frozen=True):
    """One text that went over the link; ``action`` of an answer is that of its CALL.

    A text that is no frame has an empty ``kind``.
    """

    at_s: float
    sender: Sender
    kind: str
    message_id: str
    action: str
    payload: Any
    error_code: str | None
    text: bytes


class SentCall(msgspec.Struct):
    """A CALL of this CSMS and, once it is there, its answer."""

    message_id: str
    action: str
    sent_at_s: float
    payload: Payload | None = None
    error_code: str | None = None
    error_description: str | None = None

    @property
    def answered(self) -> bool:
        return self.payload is not None or self.error_code is not None

    @property
    def status(self) -> str | None:
        """The status in the answer, as most of them have one."""
        return None if self.payload is None else self.payload.get("status")


class CentralSystem:
    """The CSMS of one charge point.

    Whatever the charge point asks is answered with a sensible default, unless the script says
    otherwise: ``on`` sets a reply for an action for good, ``once`` queues replies that are
    used up first. ``id_tags`` holds the ``idTagInfo`` of the tags that are not simply
    Accepted. ``registration`` and ``interval_s`` are what a BootNotification gets. An answer
    takes ``answer_delay_s``, unless the script delays it otherwise.
    """

    def __init__(self, *, clock_epoch_s: float = 0.0, interval_s: int = 300) -> None:
        self.clock_epoch_s = clock_epoch_s
        self.registration = "Accepted"
        self.interval_s = interval_s
        self.answer_delay_s = 0.0
        self.id_tags: dict[str, Payload] = {}
        self.next_transaction_id = 1
        self.connected = False
        self.connections = 0
        self.records: list[FrameRecord] = []
        self._now_s = 0.0
        self._standing: dict[str, Reply | Handler] = {}
        self._queued: dict[str, deque[Reply | Handler]] = {}
        self._mail: list[tuple[float, int, bytes]] = []
        self._mail_number = 0
        self._call_number = 0
        self._actions_heard: dict[str, str] = {}
        self._sent_calls: dict[str, SentCall] = {}
        self._defaults: dict[str, Handler] = {
            "Authorize": lambda call: {"idTagInfo": self._id_tag_info(call["idTag"])},
            "BootNotification": lambda _: {
                "status": self.registration,
                "currentTime": self.current_time,
                "interval": self.interval_s,
            },
            "DataTransfer": lambda _: {"status": "Accepted"},
            "Heartbeat": lambda _: {"currentTime": self.current_time},
            "SignCertificate": lambda _: {"status": "Accepted"},
            "StartTransaction": self._start_transaction,
        }

    # --- the script -----------------------------------------------------------------------

    def on(self, action: str, reply: Reply | Handler) -> None:
        """From now on the action is answered so; a function gets the payload of the CALL."""
        self._standing[action] = reply

    def once(self, action: str, *replies: Reply | Handler) -> None:
        """The next CALLs of this action are answered so, one reply each."""
        self._queued.setdefault(action, deque()).extend(replies)

    def as_usual(self, action: str) -> None:
        """The action is answered by default again."""
        self._standing.pop(action, None)
        self._queued.pop(action, None)

    def call(self, action: str, payload: Payload, *, message_id: str | None = None) -> SentCall:
        """Sends a CALL at the present instant; the answer will be in what is returned.

        Raises ``RuntimeError`` when no charge point is connected.
        """
        if message_id is None:
            self._call_number += 1
            message_id = f"cs-{self._call_number}"
        sent = SentCall(message_id, action, self._now_s)
        self._sent_calls[message_id] = sent
        self.send_text(msgspec.json.encode([2, message_id, action, payload]))
        return sent

    def send_text(self, text: bytes | str) -> None:
        """Sends any text, a frame or not, at the present instant."""
        if not self.connected:
            raise RuntimeError("no charge point is connected")
        self._post(text.encode() if isinstance(text, str) else text, 0.0)

    # --- what was heard -------------------------------------------------------------------

    def calls(self, *actions: str, since_s: float = 0.0) -> list[FrameRecord]:
        """The CALLs of the charge point, of these actions or of all."""
        return [
            record
            for record in self.records
            if record.sender == "charge_point"
            and record.kind == "CALL"
            and record.at_s >= since_s
            and (not actions or record.action in actions)
        ]

    def payloads(self, action: str, since_s: float = 0.0) -> list[Payload]:
        """What the charge point sent with this action, in order."""
        return [record.payload for record in self.calls(action, since_s=since_s)]

    def statuses(self, connector_id: int, since_s: float = 0.0) -> list[str]:
        """The statuses reported for a connector, in order."""
        return [
            payload["status"]
            for payload in self.payloads("StatusNotification", since_s)
            if payload["connectorId"] == connector_id
        ]

    def take_records(self) -> list[FrameRecord]:
        """What was heard and said since the last time, which is not kept any longer.

        For long runs: the actions of CALLs that are answered are forgotten with it.
        """
        records = self.records
        self.records = []
        for record in records:
            if record.kind != "CALL":
                caller = _OTHER_SIDE[record.sender]
                self._actions_heard.pop(f"{caller} {record.message_id}", None)
                if caller == "central_system":
                    self._sent_calls.pop(record.message_id, None)
        return records

    @property
    def current_time(self) -> str:
        """The clock of the CSMS as it writes it."""
        return format_date_time(self.clock_epoch_s + self._now_s)

    # --- the link -------------------------------------------------------------------------

    @property
    def next_due_s(self) -> float:
        """When the next text is due at the charge point."""
        return self._mail[0][0] if self._mail else NEVER

    def link_up(self, now_s: float) -> None:
        self._now_s = now_s
        self.connected = True
        self.connections += 1

    def link_down(self, now_s: float) -> None:
        """Whatever was under way to the charge point is lost."""
        self._now_s = now_s
        self.connected = False
        self._mail.clear()

    def advance(self, now_s: float) -> None:
        self._now_s = now_s

    def receive(self, text: bytes, now_s: float) -> FrameRecord:
        """A text from the charge point; returns what was made of it."""
        self._now_s = now_s
        record = self._record(text, "charge_point")
        if record.kind == "CALL":
            self._answer(record)
        elif record.kind and (sent := self._sent_calls.get(record.message_id)) is not None:
            if record.kind == "CALLRESULT":
                sent.payload = record.payload
            else:
                sent.error_code = record.error_code
                sent.error_description = record.payload
        return record

    def take_next(self, now_s: float) -> FrameRecord | None:
        """The next text that reaches the charge point by now, or None."""
        self._now_s = now_s
        if self.next_due_s > now_s:
            return None
        return self._record(heappop(self._mail)[2], "central_system")

    # --- within ---------------------------------------------------------------------------

    def _answer(self, call: FrameRecord) -> None:
        queued = self._queued.get(call.action)
        reply = queued.popleft() if queued else self._standing.get(call.action)
        if reply is None:
            reply = self._defaults.get(call.action, lambda _: {})
        if callable(reply):
            reply = reply(call.payload)
        delay_s = self.answer_delay_s
        if isinstance(reply, Delayed):
            delay_s, reply = reply.delay_s, reply.reply
        match reply:
            case Silence():
                return
            case ErrorReply(code, description):
                frame: list[Any] = [4, call.message_id, code, description, {}]
                self._post(msgspec.json.encode(frame), delay_s)
            case RawReply(text):
                self._post(text.replace("{id}", call.message_id).encode(), delay_s)
            case _:
                self._post(msgspec.json.encode([3, call.message_id, reply]), delay_s)

    def _post(self, text: bytes, delay_s: float) -> None:
        self._mail_number += 1
        heappush(self._mail, (self._now_s + delay_s, self._mail_number, text))

    def _record(self, text: bytes, sender: Sender) -> FrameRecord:
        record = self._read(text, sender)
        if record.kind == "CALL":
            self._actions_heard[f"{sender} {record.message_id}"] = record.action
        self.records.append(record)
        return record

    def _read(self, text: bytes, sender: Sender) -> FrameRecord:
        try:
            frame = msgspec.json.decode(text, type=list[Any])
            kind = _KINDS[frame[0]]
            message_id, word = msgspec.convert(frame[1:3], tuple[str, Any])
            if kind == "CALL":
                action = msgspec.convert(word, str)
                return FrameRecord(
                    self._now_s, sender, kind, message_id, action, frame[3], None, text
                )
            caller = _OTHER_SIDE[sender]
            action = self._actions_heard.get(f"{caller} {message_id}", "")
            code = str(word) if kind == "CALLERROR" else None
            payload = frame[3] if kind == "CALLERROR" else word
            return FrameRecord(self._now_s, sender, kind, message_id, action, payload, code, text)
        except (msgspec.DecodeError, UnicodeError, RecursionError, LookupError, TypeError):
            return FrameRecord(self._now_s, sender, "", "", "", None, None, text)

    def _id_tag_info(self, id_tag: str) -> Payload:
        return self.id_tags.get(id_tag, {"status": "Accepted"})

    def _start_transaction(self, call: Payload) -> Payload:
        transaction_id = self.next_transaction_id
        self.next_transaction_id += 1
        return {
            "transactionId": transaction_id,
            "idTagInfo": self._id_tag_info(call["idTag"]),
        }
