"""The slow, exact look at a payload that a decoder refused: which rule is broken, and where.

msgspec says what is wrong in prose only; a CALLERROR needs the code that the standard gives
to the kind of violation (OCPP-J 1.6 §4.2.3). This runs on the failure path only.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, cast

import msgspec
from msgspec import inspect

from .errors import (
    CallFailure,
    FormationViolation,
    OccurenceConstraintViolation,
    PropertyConstraintViolation,
    TypeConstraintViolation,
)


class Unreadable(ValueError):
    """A value that is needed cannot be made sense of."""


def with_integers(document: Any) -> Any:
    """The document with every integral float as an int: JSON has only one type of number."""
    if isinstance(document, float):
        return int(document) if document.is_integer() else document
    if isinstance(document, list):
        return [with_integers(item) for item in cast("list[Any]", document)]
    if isinstance(document, dict):
        members = cast("dict[str, Any]", document)
        return {name: with_integers(value) for name, value in members.items()}
    return document


def find_violation(document: Any, message_type: type[msgspec.Struct]) -> CallFailure | None:
    """The first rule of a message type that a decoded payload breaks, or None.

    Missing field: occurrence; wrong type (null included): type; length, enumeration, range or
    format: property; extra field, or a payload that is no object: formation.
    """
    if not isinstance(document, dict):
        return FormationViolation("the payload is not an object")
    return _check(document, _described(message_type), "")


def salvage(document: Any, message_type: type[msgspec.Struct]) -> msgspec.Struct:
    """A message out of a payload that breaks rules, as far as what is needed is readable.

    Unknown fields and unreadable optional ones are dropped, lengths and formats not insisted
    on; a date-time that is missing is the empty text. Raises :class:`Unreadable` when a
    required field is missing or makes no sense.
    """
    return _rescue(document, _described(message_type))


@lru_cache(maxsize=256)
def _described(message_type: type[msgspec.Struct]) -> inspect.Type:
    return inspect.type_info(message_type)


def _check(value: Any, kind: inspect.Type, path: str) -> CallFailure | None:
    match kind:
        case inspect.UnionType():
            # Optional fields may be absent; a null is of the wrong type nevertheless.
            return _check(value, _without_none(kind), path)
        case inspect.StructType():
            return _check_struct(value, kind, path)
        case inspect.ListType():
            return _check_list(value, kind, path)
        case inspect.EnumType():
            return _check_enum(value, kind, path)
        case inspect.StrType():
            return _check_text(value, kind, path)
        case inspect.IntType():
            return _check_integer(value, kind, path)
        case inspect.FloatType():
            if isinstance(value, bool) or not isinstance(value, int | float):
                return _wrong_type(path, "a number", value)
        case inspect.BoolType():
            if not isinstance(value, bool):
                return _wrong_type(path, "a boolean", value)
        case _:
            raise AssertionError(f"no message has a field of type {kind!r}")
    return None


def _check_struct(value: Any, kind: inspect.StructType, path: str) -> CallFailure | None:
    if not isinstance(value, dict):
        return _wrong_type(path, "an object", value)
    members = cast("dict[str, Any]", value)
    for field in kind.fields:
        if field.required and field.encode_name not in members:
            return OccurenceConstraintViolation(f"{_join(path, field.encode_name)} is missing")
    extra = members.keys() - {field.encode_name for field in kind.fields}
    if extra:
        return FormationViolation(f"{_join(path, min(extra))[:100]} is not a field of the message")
    for field in kind.fields:
        if field.encode_name in members:
            violation = _check(
                members[field.encode_name], field.type, _join(path, field.encode_name)
            )
            if violation is not None:
                return violation
    return None


def _check_list(value: Any, kind: inspect.ListType, path: str) -> CallFailure | None:
    if not isinstance(value, list):
        return _wrong_type(path, "an array", value)
    items = cast("list[Any]", value)
    if kind.min_length is not None and len(items) < kind.min_length:
        return OccurenceConstraintViolation(f"{path} has fewer than {kind.min_length} elements")
    for index, item in enumerate(items):
        violation = _check(item, kind.item_type, f"{path}[{index}]")
        if violation is not None:
            return violation
    return None


def _check_enum(value: Any, kind: inspect.EnumType, path: str) -> CallFailure | None:
    if not isinstance(value, str):
        return _wrong_type(path, "a string", value)
    if any(member.value == value for member in kind.cls):
        return None
    return PropertyConstraintViolation(f"{path} has the unknown value {value[:60]!r}")


def _check_text(value: Any, kind: inspect.StrType, path: str) -> CallFailure | None:
    if not isinstance(value, str):
        return _wrong_type(path, "a string", value)
    if kind.max_length is not None and len(value) > kind.max_length:
        return PropertyConstraintViolation(f"{path} is longer than {kind.max_length} characters")
    if kind.pattern is not None and re.search(kind.pattern, value) is None:
        # A URL may hold a password; the error goes into logs and lists of messages.
        shown = "" if "@" in value else f": {value[:60]!r}"
        return PropertyConstraintViolation(f"{path} has the wrong format{shown}")
    return None


def _check_integer(value: Any, kind: inspect.IntType, path: str) -> CallFailure | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return _wrong_type(path, "an integer", value)
    if kind.ge is not None and value < kind.ge:
        return PropertyConstraintViolation(f"{path} is less than {kind.ge}")
    return None


def _rescue(value: Any, kind: inspect.Type) -> Any:
    match kind:
        case inspect.UnionType():
            return _rescue(value, _without_none(kind))
        case inspect.StructType():
            return _rescue_struct(value, kind)
        case inspect.ListType():
            if not isinstance(value, list):
                raise Unreadable("not an array")
            return [_rescue(item, kind.item_type) for item in cast("list[Any]", value)]
        case inspect.EnumType():
            return kind.cls(value)
        case inspect.StrType():
            lenient_type: type[Any] = str
        case inspect.IntType():
            lenient_type = int
        case inspect.FloatType():
            lenient_type = float
        case inspect.BoolType():
            lenient_type = bool
        case _:
            raise AssertionError(f"no message has a field of type {kind!r}")
    try:
        return msgspec.convert(value, lenient_type)
    except msgspec.ValidationError as error:
        raise Unreadable(str(error)) from error


def _rescue_struct(value: Any, kind: inspect.StructType) -> Any:
    if not isinstance(value, dict):
        raise Unreadable("not an object")
    members = cast("dict[str, Any]", value)
    readable: dict[str, Any] = {}
    for field in kind.fields:
        try:
            if field.encode_name in members:
                readable[field.name] = _rescue(members[field.encode_name], field.type)
            elif field.required and isinstance(field.type, inspect.StrType) and field.type.pattern:
                readable[field.name] = ""
            elif field.required:
                raise Unreadable(f"{field.encode_name} is missing")
        except ValueError:
            if field.required:
                raise
    return kind.cls(**readable)


def _without_none(kind: inspect.UnionType) -> inspect.Type:
    return next(option for option in kind.types if not isinstance(option, inspect.NoneType))


def _wrong_type(path: str, expected: str, value: Any) -> TypeConstraintViolation:
    return TypeConstraintViolation(f"{path} is not {expected} but {_JSON_NAMES[type(value)]}")


_JSON_NAMES: dict[type, str] = {
    bool: "a boolean",
    dict: "an object",
    float: "a number",
    int: "a number",
    list: "an array",
    str: "a string",
    type(None): "null",
}


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
