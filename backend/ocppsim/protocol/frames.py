"""The three frames of OCPP-J, as values: parse and serialise (OCPP-J 1.6 §4.2).

A frame is judged here by its outer shape only; the payload stays raw JSON until somebody
knows which message it must be.
"""

from __future__ import annotations

from typing import Any, cast

import msgspec
from msgspec import Raw

MAXIMUM_MESSAGE_ID_LENGTH = 36
"""OCPP-J 1.6 §4.1.4: a message id has at most so many characters."""

CALL = 2
CALL_RESULT = 3
CALL_ERROR = 4

EMPTY = Raw(b"{}")
"""A payload without a field."""
_NULL = Raw(b"null")


class Call(
    msgspec.Struct, frozen=True, gc=False, array_like=True, tag=CALL, forbid_unknown_fields=True
):
    """A request; ``payload`` is ``{}`` where the sender wrote null (OCPP-J 1.6 §4.2.1)."""

    message_id: str
    action: str
    payload: Raw


class CallResult(msgspec.Struct, frozen=True, gc=False, array_like=True, tag=CALL_RESULT):
    """The answer to a request; ``payload`` is ``{}`` where the sender wrote null or nothing."""

    message_id: str
    payload: Raw = EMPTY


class CallError(msgspec.Struct, frozen=True, gc=False, array_like=True, tag=CALL_ERROR):
    """A request could not be processed; what the sender left out is empty."""

    message_id: str
    code: str = ""
    description: str = ""
    details: dict[str, Any] = msgspec.field(default_factory=dict[str, Any])


class Unintelligible(msgspec.Struct, frozen=True):
    """A text that is no frame.

    With ``call`` and a ``message_id`` it was meant to be a CALL and is to be answered with a
    CALLERROR; without them nothing can be answered.
    """

    reason: str
    message_id: str | None = None
    call: bool = False


Frame = Call | CallResult | CallError

_frame_decoder: msgspec.json.Decoder[Frame] = msgspec.json.Decoder(Frame)
_any_decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder()
_encode = msgspec.json.Encoder().encode


def parse(text: bytes | str) -> Call | CallResult | CallError | Unintelligible:
    """The frame that a text message holds; never raises."""
    try:
        frame = _frame_decoder.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return _diagnose(text)
    if isinstance(frame, CallError):
        return frame
    if frame.payload == _NULL:
        return msgspec.structs.replace(frame, payload=EMPTY)
    return frame


def encode_call(message_id: str, action: str, payload: msgspec.Struct | bytes) -> bytes:
    """A CALL; a payload in bytes is JSON already."""
    body = Raw(payload) if type(payload) is bytes else payload
    return _encode((CALL, message_id, action, body))


def encode_result(message_id: str, payload: msgspec.Struct | bytes) -> bytes:
    """A CALLRESULT; a payload in bytes is JSON already."""
    return _encode((CALL_RESULT, message_id, _embeddable(payload)))


def encode_error(
    message_id: str, code: str, description: str = "", details: dict[str, Any] | None = None
) -> bytes:
    """A CALLERROR with all of its five elements (OCPP-J 1.6 §4.2.3)."""
    return _encode((CALL_ERROR, message_id, code, description, details or {}))


def _embeddable(payload: msgspec.Struct | bytes) -> msgspec.Struct | Raw:
    return Raw(payload) if isinstance(payload, bytes) else payload


def _diagnose(text: bytes | str) -> Call | CallResult | CallError | Unintelligible:
    """Why a text is no frame, or the frame that it holds in spite of a blemish."""
    try:
        document = _any_decoder.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        return Unintelligible(f"not JSON: {error}")
    if not isinstance(document, list):
        return Unintelligible("not a JSON array")
    elements = cast("list[Any]", document)
    if not elements:
        return Unintelligible("an empty JSON array")
    kind = elements[0]
    message_id = elements[1] if len(elements) > 1 and isinstance(elements[1], str) else None
    # 2.0 is the same JSON number as 2, but True == 1 must not count as one.
    if isinstance(kind, bool) or kind not in (CALL, CALL_RESULT, CALL_ERROR):
        # OCPP-J 1.6 §4.1.3: the payload of an unknown message type is ignored.
        return Unintelligible(f"unknown message type number {str(kind)[:40]}", message_id)
    if message_id is None:
        return Unintelligible("no message id, or one that is not a string", call=kind == CALL)
    if kind == CALL:
        return _mend_call(message_id, elements)
    if kind == CALL_RESULT:
        return CallResult(message_id, _raw(elements[2]) if len(elements) > 2 else EMPTY)
    return _mend_error(message_id, elements)


def _mend_call(message_id: str, elements: list[Any]) -> Call | Unintelligible:
    if len(elements) != 4:
        reason = f"a CALL has 4 elements, not {len(elements)}"
        return Unintelligible(reason, message_id, call=True)
    if not isinstance(elements[2], str):
        return Unintelligible("the action of a CALL is a string", message_id, call=True)
    return Call(message_id, elements[2], _raw(elements[3]))


def _mend_error(message_id: str, elements: list[Any]) -> CallError:
    code, description = (
        part if isinstance(part, str) else "" for part in (*elements[2:4], "", "")[:2]
    )
    details = elements[4] if len(elements) > 4 else None
    if not isinstance(details, dict):
        return CallError(message_id, code, description)
    return CallError(message_id, code, description, cast("dict[str, Any]", details))


def _raw(payload: Any) -> Raw:
    return EMPTY if payload is None else Raw(_encode(payload))
