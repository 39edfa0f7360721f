"""Payloads to messages and back, strictly by the standard.

The fast path is one msgspec decoder a message type. What it refuses is looked at again,
slowly and exactly: either it is legal after all (``1.0`` for an integer), or the violation
gets the CALLERROR code that the standard has for it.
"""

from __future__ import annotations

from typing import Any, TypeVar, cast

import msgspec
from msgspec import Raw

from ocppsim.protocol.constraints import Unreadable, find_violation, salvage, with_integers
from ocppsim.protocol.errors import (
    CallFailure,
    FormationViolation,
    NotImplementedAction,
    PropertyConstraintViolation,
    ResponseViolation,
)

from .actions import ACTIONS
from .datatypes import Message, Request, Response

M = TypeVar("M", bound=Message)

_encode = msgspec.json.Encoder().encode
_read_json = msgspec.json.Decoder().decode

_request_decoders: dict[str, msgspec.json.Decoder[Request]] = {
    name: msgspec.json.Decoder(action.request_type) for name, action in ACTIONS.items()
}
_response_decoders: dict[str, msgspec.json.Decoder[Response]] = {
    name: msgspec.json.Decoder(action.response_type) for name, action in ACTIONS.items()
}
_decoders_by_type: dict[type[Message], msgspec.json.Decoder[Any]] = {
    message_type: msgspec.json.Decoder(message_type)
    for action in ACTIONS.values()
    for message_type in (action.request_type, action.response_type)
}


def encode(message: msgspec.Struct) -> bytes:
    """The JSON of a message; its constraints are not checked (see :func:`validate`)."""
    return _encode(message)


def decode_request(action: str, payload: Raw | bytes) -> Request:
    """The payload of a CALL; raises the :class:`CallFailure` that it is to be answered with."""
    decoder = _request_decoders.get(action)
    if decoder is None:
        raise NotImplementedAction(f"{action[:60]!r} is not an action of OCPP 1.6")
    return _decode(decoder, payload)


_EMPTY = Raw(b"{}")
EMPTY_RESPONSES: dict[str, Response] = {
    name: action.response_type()
    for name, action in ACTIONS.items()
    if all(not field.required for field in msgspec.structs.fields(action.response_type))
}
"""What ``{}`` means where the standard asks for no field: the answer to most messages."""


def decode_response(action: str, payload: Raw | bytes) -> Response:
    """The payload of the CALLRESULT to an own CALL; raises :class:`ResponseViolation`."""
    if payload == _EMPTY and action in EMPTY_RESPONSES:
        return EMPTY_RESPONSES[action]
    try:
        return _decode(_response_decoders[action], payload)
    except CallFailure as failure:
        raise ResponseViolation(f"{action}.conf: {failure.description}") from failure


def decode_response_lenient(
    action: str, payload: Raw | bytes
) -> tuple[Response | None, str | None]:
    """The payload of a CALLRESULT as far as it is readable, and how it breaks the standard.

    ``(message, None)`` when all is well, ``(message, violation)`` when the needed fields are
    readable in spite of a violation, else ``(None, violation)``. A rescued message need not
    satisfy lengths and formats: a date-time in it can be any text.
    """
    try:
        return decode_response(action, payload), None
    except ResponseViolation as violation:
        try:
            document = with_integers(_read_json(payload))
            rescued = salvage(document, ACTIONS[action].response_type)
        except (msgspec.DecodeError, Unreadable, ValueError):
            return None, violation.description
        return cast("Response", rescued), violation.description


def validate(message: Message) -> None:
    """Raises a :class:`CallFailure` when a message breaks the standard's constraints.

    For what is sent: it is encoded and decoded again, which costs about a microsecond.
    """
    _decode(_decoders_by_type[type(message)], _encode(message))


def _decode(decoder: msgspec.json.Decoder[M], payload: Raw | bytes) -> M:
    try:
        message = decoder.decode(payload)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return _examine(decoder.type, payload)
    # msgspec takes null for an absent optional field; the standard's schemas do not.
    if b"null" in bytes(payload):
        return _examine(decoder.type, payload)
    return message


def _examine(message_type: type[M], payload: Raw | bytes) -> M:
    """What the decoder refused, after all; raises the exact :class:`CallFailure` otherwise."""
    try:
        document = with_integers(_read_json(payload))
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise FormationViolation(f"the payload is not JSON: {error}") from error
    violation = find_violation(document, message_type)
    if violation is not None:
        raise violation
    try:
        return msgspec.convert(document, message_type)
    except msgspec.ValidationError as error:
        raise PropertyConstraintViolation(str(error).replace("`$.", "`")) from error
