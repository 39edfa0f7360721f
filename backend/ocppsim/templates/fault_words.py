"""What is wrong in a template file, for whoever wrote it: where, and what it has to be instead."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import Any, Final, cast, get_args

import msgspec

from ocppsim.protocol.v16.enums import Measurand

from .charger_template import TemplateConnector, TemplateContent, TemplateMeter

Key = str | int

_PLACE: Final = re.compile(r" - at `\$\.?(.*)`$")
_OF_A_NAME: Final = " - at `key` in `$`"
_STEP: Final = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_FIELD: Final = re.compile(r"Object (contains unknown|missing required) field `(.+)`")
_TYPE: Final = re.compile(r"Expected `(.+?)`(.*?)(?:, got `(.+)`)?$")
_VALUE: Final = re.compile(r"Invalid enum value '?(.*?)'?$")

_WORDS: Final = {
    "float": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "str": "a text",
    "array": "a list",
    "object": "fields with values",
    "null": "nothing",
    "bool | int | str": "a text, a whole number, true or false",
    "int | str | bool": "a text, a whole number, true or false",
}


def of_content(message: str, document: object) -> tuple[list[Key], str]:
    """Where and what, from what msgspec says about a document that is no template."""
    place = _PLACE.search(message)
    reason = message if place is None else message[: place.start()]
    if message.endswith(_OF_A_NAME):
        return [], "the name of a field must be a text; put it in quotes"
    keys = _keys("" if place is None else place[1].removesuffix("[...]"))
    if place is not None and place[1].endswith("[...]"):
        keys += _misfit(document, keys)
    field = _FIELD.match(reason)
    if field is not None:
        fields = _fields(keys)
        if field[1].startswith("missing"):
            return keys, f"{field[2]} is missing"
        close = difflib.get_close_matches(field[2], fields, n=1)
        meant = f"; {close[0]} is close to it" if close else f"; there are {', '.join(fields)}"
        return [*keys, field[2]], f"there is no such field{meant}"
    return keys, _needed(reason, keys)


def of_check(message: str, document: object) -> tuple[list[Key], str]:
    """Where and what, from the reason that no charger can be made from a template."""
    place, _, reason = message.partition(": ")
    keys = _keys(place)
    if not reason or not keys or keys[0] not in TemplateContent.__struct_fields__:
        return _named([*_at(document, ())], message), message
    if keys[0] == "configuration" and "." in place:
        # The name of a key may have points of its own
        return ["configuration", place.partition(".")[2]], reason
    if keys == ["behaviour"]:
        keys += _named([*_at(document, keys)], reason)
    return keys, reason


def _named(names: Sequence[str], reason: str) -> list[Key]:
    """The first of the names that a reason speaks of."""
    words = {word.strip("';:,") for word in reason.split()}
    found: list[Key] = [name for name in names if name in words]
    return found[:1]


def place_of(keys: Sequence[Key]) -> str:
    """``connectors[0].max_power_w``."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).lstrip(".")


def _needed(reason: str, keys: Sequence[Key]) -> str:
    value = _VALUE.match(reason)
    if value is not None:
        return _one_of(value[1], _choices(keys))
    kind = _TYPE.match(reason)
    if kind is None:
        return reason
    expected = kind[1].replace(" | null", "")
    needed = _WORDS.get(expected, expected) + kind[2].removesuffix(".0")
    got = f", not {_WORDS.get(kind[3], kind[3])}" if kind[3] else ""
    quotes = expected == "str" and kind[3] in ("float", "int", "bool")
    return f"it must be {needed}{got}" + ("; put it in quotes" if quotes else "")


def _one_of(value: str, choices: Sequence[str]) -> str:
    close = difflib.get_close_matches(value, choices, n=3) if len(choices) > 10 else choices
    if not close:
        close = choices
    return f"it cannot be {value!r}; it is one of {', '.join(close)}"


def _choices(keys: Sequence[Key]) -> list[str]:
    if "measurands" in keys:
        return [one.value for one in Measurand]
    kinds = {
        field.name: field.type
        for struct in (TemplateConnector, TemplateContent)
        for field in msgspec.structs.fields(struct)
    }
    return [str(choice) for choice in _literals(kinds.get(str(keys[-1])) if keys else None)]


def _literals(kind: Any) -> list[Any]:
    """The values of a Literal, also within a union."""
    found: list[Any] = []
    for one in get_args(kind):
        found += _literals(one) if get_args(one) else [one] if isinstance(one, str | int) else []
    return found


def _fields(keys: Sequence[Key]) -> tuple[str, ...]:
    """Those that there may be at a place."""
    within = str(keys[0]) if keys else ""
    inner = {"connectors": TemplateConnector, "meter": TemplateMeter}.get(within)
    return (inner or TemplateContent).__struct_fields__


def _keys(place: str) -> list[Key]:
    return [int(number) if number else name for number, name in _STEP.findall(place)]


def _at(document: object, keys: Sequence[Key]) -> dict[str, object]:
    """The mapping that the keys lead to."""
    node: Any = document
    for key in keys:
        node = node[key]
    return cast("dict[str, object]", node) if isinstance(node, dict) else {}


def _misfit(document: object, keys: Sequence[Key]) -> list[Key]:
    """The entry of ``configuration`` or ``behaviour`` whose value is of no fitting type."""
    fitting = str if keys[:1] == ["behaviour"] else str | int
    entries = _at(document, keys)
    misfits: list[Key] = [name for name, value in entries.items() if not isinstance(value, fitting)]
    return misfits[:1]


__all__ = ["Key", "of_check", "of_content", "place_of"]
