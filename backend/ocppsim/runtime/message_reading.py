"""Messages of the log, read: their kind and action, and which CALL an answer belongs to."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import msgspec

from .clock import iso_utc
from .message_heads import frame_of, head_of
from .snapshots import MessageDirection, MessageKind, MessageView

_MOST_OPEN = 64
"""CALLs per direction whose answer is waited for; the oldest is given up."""


class MessageRecord(msgspec.Struct, frozen=True, gc=False):
    """One frame as the log keeps it: ``text`` is not looked into until somebody reads."""

    id: int
    timestamp_s: float
    direction: MessageDirection
    text: bytes
    violation: str | None = None


class ReadMessage(msgspec.Struct, frozen=True, gc=False):
    """A frame that was looked into; ``action`` and ``latency_ms`` of an answer are its CALL's."""

    record: MessageRecord
    kind: MessageKind | None
    message_id: str | None
    action: str | None
    latency_ms: float | None


class OpenCalls:
    """Reads the frames of one charger in their order; knows the CALLs that have no answer yet."""

    __slots__ = ("_received", "_sent")

    def __init__(self) -> None:
        self._sent: OrderedDict[str, tuple[str | None, float]] = OrderedDict()
        self._received: OrderedDict[str, tuple[str | None, float]] = OrderedDict()

    def read(self, record: MessageRecord) -> ReadMessage:
        """The next frame."""
        kind, message_id, action = head_of(record.text)
        if message_id is None:
            return ReadMessage(record, kind, message_id, action, None)
        if kind == "CALL":
            calls = self._sent if record.direction == "sent" else self._received
            calls[message_id] = (action, record.timestamp_s)
            if len(calls) > _MOST_OPEN:
                calls.popitem(last=False)
            return ReadMessage(record, kind, message_id, action, None)
        calls = self._received if record.direction == "sent" else self._sent
        call = calls.pop(message_id, None)
        if call is None:
            return ReadMessage(record, kind, message_id, action, None)
        latency_ms = round((record.timestamp_s - call[1]) * 1000.0, 3)
        return ReadMessage(record, kind, message_id, call[0], latency_ms)


def view(message: ReadMessage) -> MessageView:
    """A message decoded."""
    record = message.record
    payload, violation = _payload(message)
    return MessageView(
        id=record.id,
        timestamp=iso_utc(record.timestamp_s),
        direction=record.direction,
        kind=message.kind,
        action=message.action,
        message_id=message.message_id,
        payload=payload,
        latency_ms=message.latency_ms,
        valid=violation is None,
        violation=violation,
    )


def shown_text(record: MessageRecord) -> str:
    """The text of a frame, whatever bytes are in it."""
    return record.text.decode(errors="replace")


def _payload(message: ReadMessage) -> tuple[Any, str | None]:
    """The payload of a message, and what is wrong with its frame."""
    record, kind = message.record, message.kind
    frame = frame_of(record.text)
    if frame is None or kind is None:
        return shown_text(record), record.violation or "not an OCPP-J message"
    if kind == "CALL" and len(frame) == 4:
        return frame[3], record.violation
    if kind == "CALLRESULT" and len(frame) == 3:
        return frame[2], record.violation
    if kind == "CALLERROR" and len(frame) == 5:
        error = {"code": frame[2], "description": frame[3], "details": frame[4]}
        return error, record.violation
    return frame, record.violation or f"a {kind} does not have {len(frame)} elements"


__all__ = ["MessageRecord", "OpenCalls", "ReadMessage", "shown_text", "view"]
