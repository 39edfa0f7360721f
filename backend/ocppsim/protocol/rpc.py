"""The request-response rules of OCPP-J: one own CALL in flight, ids, deadlines.

:class:`RpcSession` outlives a connection; it neither sends nor reads a clock. Its texts must
be sent in the order in which it returned them.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec
from msgspec import Raw

from . import frames
from .errors import FormationViolation, GenericFailure
from .frames import MAXIMUM_MESSAGE_ID_LENGTH, Call, CallError, Unintelligible

NEVER = float("inf")

_PLAIN = re.compile(r"[A-Za-z0-9_-]*\Z").match
_COUNTER_ROOM = 12
_MAXIMUM_HANDLED = 10_000


class OutgoingCall(msgspec.Struct, frozen=True):
    """An own CALL that waits for its answer; times are seconds of the real clock."""

    message_id: str
    action: str
    context: object
    sent_at_s: float
    deadline_s: float


class CallReceived(msgspec.Struct, frozen=True, gc=False):
    """The peer asks; owed: exactly one ``answer`` or ``refuse`` (or ``abandon``)."""

    message_id: str
    action: str
    payload: Raw


class ResultReceived(msgspec.Struct, frozen=True):
    """The CALL that was in flight has been answered."""

    call: OutgoingCall
    payload: Raw


class ErrorReceived(msgspec.Struct, frozen=True):
    """The CALL that was in flight could not be processed by the peer."""

    call: OutgoingCall
    code: str
    description: str
    details: dict[str, Any]


class Refused(msgspec.Struct, frozen=True, gc=False):
    """The peer's CALL cannot be handled; ``reply`` is the CALLERROR to send."""

    reply: bytes
    reason: str
    message_id: str


class Ignored(msgspec.Struct, frozen=True, gc=False):
    """A text that changes nothing and gets no answer."""

    reason: str
    message_id: str | None = None


_NONE: frozenset[str] = frozenset()


class RpcSession:
    """The state of the RPC layer of one peer.

    Message ids are ``prefix`` and a rising number: at most 36 characters, and never repeated
    in the life of the object, which covers the uniqueness that OCPP-J 1.6 §4.1.4 demands for
    one connection. ``ValueError`` when the prefix leaves too little room, or has characters that
    JSON may write in another way. ``deadline_s`` is when the CALL in flight times out, on the real
    clock; infinity with none.
    """

    __slots__ = ("_counter", "_handled", "_prefix", "deadline_s", "in_flight")

    def __init__(self, message_id_prefix: str) -> None:
        if len(message_id_prefix) > MAXIMUM_MESSAGE_ID_LENGTH - _COUNTER_ROOM:
            raise ValueError("the message id prefix is longer than 24 characters")
        if not _PLAIN(message_id_prefix):
            raise ValueError("the message id prefix has more than letters, digits, - and _")
        self._prefix = message_id_prefix
        self._counter = 0
        self._handled = _NONE
        self.in_flight: OutgoingCall | None = None
        self.deadline_s = NEVER

    def call(
        self,
        action: str,
        payload: msgspec.Struct | bytes,
        context: object,
        timeout_s: float,
        real_s: float,
    ) -> bytes:
        """The text of a new CALL, which is in flight from now on.

        ``context`` comes back with the answer. Raises ``RuntimeError`` while another CALL is
        in flight (OCPP-J 1.6 §4.1.1).
        """
        if self.in_flight is not None:
            raise RuntimeError(f"{self.in_flight.action} is not answered yet")
        self._counter = counter = self._counter + 1
        message_id = f"{self._prefix}{counter}"
        text = frames.encode_call(message_id, action, payload)
        self.deadline_s = deadline_s = real_s + timeout_s
        self.in_flight = OutgoingCall(message_id, action, context, real_s, deadline_s)
        return text

    @property
    def last_id(self) -> tuple[str, int]:
        """The id of the last CALL: what all ids begin with, and its number (0 before any)."""
        return self._prefix, self._counter

    def continue_from(self, number: int) -> None:
        """Ids up to that number have been used meanwhile."""
        self._counter = number

    def await_answer(
        self, action: str, context: object, real_s: float, deadline_s: float
    ) -> OutgoingCall:
        """The CALL of the last id is in flight: it was sent at ``real_s``."""
        self.deadline_s = deadline_s
        self.in_flight = OutgoingCall(
            f"{self._prefix}{self._counter}", action, context, real_s, deadline_s
        )
        return self.in_flight

    def receive_empty_result(self, text: bytes | str) -> OutgoingCall | None:
        """The CALL in flight, where ``text`` is its CALLRESULT without a field; else None.

        That is what most answers are, and it is known by its bytes in the two usual spellings.
        For None nothing has changed: :meth:`receive` takes whatever there is.
        """
        call = self.in_flight
        if call is None:
            return None
        message_id = call.message_id.encode()
        if text == b'[3,"%b",{}]' % message_id or text == b'[3, "%b", {}]' % message_id:
            self.in_flight = None
            self.deadline_s = NEVER
            return call
        return None

    def receive(
        self, text: bytes | str
    ) -> CallReceived | ResultReceived | ErrorReceived | Refused | Ignored:
        """What a text from the peer means; never raises."""
        frame = frames.parse(text)
        if isinstance(frame, Call):
            return self._receive_call(frame)
        if isinstance(frame, Unintelligible):
            return _receive_unintelligible(frame)
        call = self.in_flight
        if call is None or call.message_id != frame.message_id:
            return Ignored("an answer to no CALL that is waiting for one", frame.message_id)
        self.in_flight = None
        self.deadline_s = NEVER
        if isinstance(frame, CallError):
            return ErrorReceived(call, frame.code, frame.description, frame.details)
        return ResultReceived(call, frame.payload)

    def answer(self, message_id: str, response: msgspec.Struct | bytes) -> bytes:
        """The CALLRESULT for a CALL that was received."""
        self._forget(message_id)
        return frames.encode_result(message_id, response)

    def refuse(self, message_id: str, code: str, description: str = "") -> bytes:
        """The CALLERROR for a CALL that was received."""
        self._forget(message_id)
        return frames.encode_error(message_id, code, description)

    def abandon(self, message_id: str) -> None:
        """A CALL that was received is never answered (1.6 ed.2 §4.2: while Rejected)."""
        self._forget(message_id)

    def expire(self, real_s: float) -> OutgoingCall | None:
        """The CALL in flight if its deadline has passed; it is given up then."""
        call = self.in_flight
        if call is None or real_s < call.deadline_s:
            return None
        self.in_flight = None
        self.deadline_s = NEVER
        return call

    def reset(self) -> OutgoingCall | None:
        """The connection is gone: nothing is in flight or being handled any more.

        Returns the CALL that was in flight.
        """
        call, self.in_flight = self.in_flight, None
        self.deadline_s = NEVER
        self._handled = _NONE
        return call

    def _forget(self, message_id: str) -> None:
        # Most of the time there is none: all sessions share one empty set then
        self._handled = self._handled - {message_id} or _NONE

    def _receive_call(self, call: Call) -> CallReceived | Refused:
        # OCPP-J 1.6 §4.2.3: CALLERROR for an id that is too long or being handled already.
        if len(call.message_id) > MAXIMUM_MESSAGE_ID_LENGTH:
            reason = f"the message id is longer than {MAXIMUM_MESSAGE_ID_LENGTH} characters"
            return _refusal(call.message_id, FormationViolation.code, reason)
        if call.message_id in self._handled:
            reason = "a CALL with this message id is being handled already"
            return _refusal(call.message_id, GenericFailure.code, reason)
        if len(self._handled) >= _MAXIMUM_HANDLED:
            reason = "too many CALLs are being handled"
            return _refusal(call.message_id, GenericFailure.code, reason)
        self._handled |= {call.message_id}
        return CallReceived(call.message_id, call.action, call.payload)


def _receive_unintelligible(frame: Unintelligible) -> Refused | Ignored:
    if frame.call and frame.message_id is not None:
        return _refusal(frame.message_id, FormationViolation.code, frame.reason)
    return Ignored(frame.reason, frame.message_id)


def _refusal(message_id: str, code: str, reason: str) -> Refused:
    return Refused(frames.encode_error(message_id, code, reason), reason, message_id)
