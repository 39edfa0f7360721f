"""The last frames of all chargers, raw, in one ring that is bounded in bytes.

A secret that a frame carries (the value of the AuthorizationKey, the password in the URL of a
file) is taken out of it before.
"""

from __future__ import annotations

import re
from collections import OrderedDict, deque
from collections.abc import Iterator
from typing import Any, cast

import msgspec

from ocppsim.transfer.location import without_password

from .clock import iso_utc
from .snapshots import MessageDirection, MessageKind, MessageView

DEFAULT_BYTES = 64 << 20
_RECORD_BYTES = 320
"""What a record costs beside its text, about."""

_MAX_OPEN_CALLS = 64
"""CALLs per charger and direction whose answer is waited for; the oldest is given up."""

_HEAD = re.compile(rb'\s*\[\s*([234])\s*,\s*"([^"\\]{0,100})"\s*(?:,\s*"([^"\\]{0,100})")?')
_CARRY_SECRETS = frozenset({"ChangeConfiguration", "UpdateFirmware", "GetDiagnostics"})
_SECRET_KEY = "authorizationkey"
_HIDDEN = "***"
_STRAY_SECRETS = (
    re.compile(rb'(//[^/@:\s"]{0,100}:)[^@"]{0,100}(?=@)'),
    re.compile(rb'("AuthorizationKey"\s*,\s*"value"\s*:\s*")[^"]*', re.IGNORECASE),
)
"""Where the secrets are in a text that is no frame: a URL's password, the AuthorizationKey."""
_KINDS: dict[bytes, MessageKind] = {b"2": "CALL", b"3": "CALLRESULT", b"4": "CALLERROR"}


class MessageRecord(msgspec.Struct):
    """One frame; the payload stays in ``text`` until somebody looks."""

    id: int
    charge_point_id: str
    timestamp_s: float
    direction: MessageDirection
    text: bytes
    kind: MessageKind | None
    action: str | None
    message_id: str | None
    latency_ms: float | None
    violation: str | None = None
    forgotten: bool = False


class MessagePage(msgspec.Struct, frozen=True):
    """Messages by rising id; ``total`` is how many fit the filters altogether."""

    messages: list[MessageView]
    total: int


class _ChargerMessages:
    """The records of one charger, and its CALLs that are not answered yet."""

    def __init__(self) -> None:
        self.records: deque[MessageRecord] = deque()
        self._open: dict[str, OrderedDict[str, tuple[str | None, float]]] = {}

    def called(
        self, direction: str, message_id: str, action: str | None, timestamp_s: float
    ) -> None:
        calls = self._open.setdefault(direction, OrderedDict())
        calls[message_id] = (action, timestamp_s)
        if len(calls) > _MAX_OPEN_CALLS:
            calls.popitem(last=False)

    def answered(self, direction: str, message_id: str) -> tuple[str | None, float] | None:
        other = "received" if direction == "sent" else "sent"
        calls = self._open.get(other)
        return calls.pop(message_id, None) if calls is not None else None


class MessageLog:
    """Keeps the newest frames of all chargers together, up to ``max_bytes``."""

    def __init__(self, max_bytes: int = DEFAULT_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._next_id = 1
        self._ring: deque[MessageRecord] = deque()
        self._chargers: dict[str, _ChargerMessages] = {}

    @property
    def size_bytes(self) -> int:
        """What the ring holds, about."""
        return self._bytes

    def add(
        self, charge_point_id: str, direction: MessageDirection, text: bytes, timestamp_s: float
    ) -> MessageRecord:
        """Take down a frame (``timestamp_s``: Unix seconds); the oldest ones make room."""
        charger = self._chargers.get(charge_point_id)
        if charger is None:
            charger = self._chargers[charge_point_id] = _ChargerMessages()
        kind, message_id, action = _head(text)
        if action in _CARRY_SECRETS:
            text = _without_secret(text)
        latency_ms: float | None = None
        if message_id is not None:
            if kind == "CALL":
                charger.called(direction, message_id, action, timestamp_s)
            elif (call := charger.answered(direction, message_id)) is not None:
                action = call[0]
                latency_ms = round((timestamp_s - call[1]) * 1000.0, 3)
        record = MessageRecord(
            self._next_id,
            charge_point_id,
            timestamp_s,
            direction,
            text,
            kind,
            action,
            message_id,
            latency_ms,
            None if kind is not None else "not an OCPP-J message",
        )
        self._next_id += 1
        self._ring.append(record)
        charger.records.append(record)
        self._bytes += len(text) + _RECORD_BYTES
        while self._bytes > self._max_bytes and len(self._ring) > 1:
            self._drop_oldest()
        return record

    def query(
        self,
        charge_point_id: str,
        *,
        direction: MessageDirection | None = None,
        action: str | None = None,
        q: str | None = None,
        after: int | None = None,
        limit: int = 100,
    ) -> MessagePage:
        """The messages of a charger that fit all filters.

        ``action`` also finds the answers to the CALLs of that action, ``q`` is looked for in
        the text (in any case). With ``after`` (a message id) the first ``limit`` messages
        behind it, else the newest ``limit``; always by rising id.
        """
        wanted = q.casefold() if q else None
        fitting = [
            record
            for record in self._records(charge_point_id)
            if (after is None or record.id > after)
            and (direction is None or record.direction == direction)
            and (action is None or record.action == action)
            and (wanted is None or wanted in _shown_text(record).casefold())
        ]
        page = fitting[:limit] if after is not None else fitting[max(0, len(fitting) - limit) :]
        return MessagePage([view(record) for record in page], len(fitting))

    def between(
        self, charge_point_id: str, from_s: float | None, to_s: float | None
    ) -> list[MessageRecord]:
        """The frames of a charger in a period (Unix seconds, both ends in it), by rising id.

        One that is forgotten later is marked as such.
        """
        return [
            record
            for record in self._records(charge_point_id)
            if (from_s is None or record.timestamp_s >= from_s)
            and (to_s is None or record.timestamp_s <= to_s)
        ]

    def clear(self, charge_point_id: str) -> None:
        """Forget the messages of a charger."""
        charger = self._chargers.pop(charge_point_id, None)
        if charger is not None:
            for record in charger.records:
                record.forgotten = True
                self._bytes -= len(record.text)
                record.text = b""

    def _records(self, charge_point_id: str) -> Iterator[MessageRecord]:
        charger = self._chargers.get(charge_point_id)
        return iter(charger.records if charger is not None else ())

    def _drop_oldest(self) -> None:
        record = self._ring.popleft()
        self._bytes -= len(record.text) + _RECORD_BYTES
        if not record.forgotten:
            self._chargers[record.charge_point_id].records.popleft()


def view(record: MessageRecord) -> MessageView:
    """A record decoded."""
    payload, violation = _payload(record)
    return MessageView(
        id=record.id,
        timestamp=iso_utc(record.timestamp_s),
        direction=record.direction,
        kind=record.kind,
        action=record.action,
        message_id=record.message_id,
        payload=payload,
        latency_ms=record.latency_ms,
        valid=violation is None,
        violation=violation,
    )


def _head(text: bytes) -> tuple[MessageKind | None, str | None, str | None]:
    """Kind, message id and action of a frame."""
    match = _HEAD.match(text)
    if match is not None:
        kind = _KINDS[match[1]]
        action = match[3].decode(errors="replace") if kind == "CALL" and match[3] else None
        return kind, match[2].decode(errors="replace"), action
    frame = _frame(text)
    if frame is None or frame[0] not in (2, 3, 4):
        return None, None, None
    kind = _KINDS[b"%d" % frame[0]]
    message_id = frame[1] if isinstance(frame[1], str) else None
    action = frame[2] if kind == "CALL" and len(frame) > 2 and isinstance(frame[2], str) else None
    return kind, message_id, action


def _frame(text: bytes) -> list[Any] | None:
    try:
        frame = msgspec.json.decode(text, type=list[Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return frame if len(frame) >= 2 else None


def _without_secret(text: bytes) -> bytes:
    """A frame as it may be shown: nobody may read the AuthorizationKey or a URL's password."""
    frame = _frame(text)
    if frame is None:
        for secret in _STRAY_SECRETS:
            text = secret.sub(rb"\1" + _HIDDEN.encode(), text)
        return text
    hidden = False
    for part in frame:
        if isinstance(part, dict):
            payload = cast("dict[str, Any]", part)
            if str(payload.get("key")).strip().casefold() == _SECRET_KEY:
                payload["value"] = _HIDDEN
                hidden = True
            location = payload.get("location")
            shown = without_password(location) if isinstance(location, str) else _HIDDEN
            if location is not None and shown != location:
                payload["location"] = shown
                hidden = True
    return msgspec.json.encode(frame) if hidden else text


def _payload(record: MessageRecord) -> tuple[Any, str | None]:
    """The payload of a record, and what is wrong with its frame."""
    frame = _frame(record.text)
    if frame is None or record.kind is None:
        return _shown_text(record), record.violation or "not an OCPP-J message"
    if record.kind == "CALL" and len(frame) == 4:
        return frame[3], record.violation
    if record.kind == "CALLRESULT" and len(frame) == 3:
        return frame[2], record.violation
    if record.kind == "CALLERROR" and len(frame) == 5:
        error = {"code": frame[2], "description": frame[3], "details": frame[4]}
        return error, record.violation
    return frame, record.violation or f"a {record.kind} does not have {len(frame)} elements"


def _shown_text(record: MessageRecord) -> str:
    return record.text.decode(errors="replace")


__all__ = ["DEFAULT_BYTES", "MessageLog", "MessagePage", "MessageRecord", "view"]
