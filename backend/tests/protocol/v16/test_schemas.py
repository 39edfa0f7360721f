"""The types are the standard: each one against the JSON schema of its message, both ways.

The schemas are the official ones as the PyPI package ``ocpp`` ships them. Where they differ
from the corrected standard the difference is listed here with its clause, and applied to the
schema before it judges; ``docs/protocol-differences.md`` says the same in prose.
"""

from __future__ import annotations

import json
import re
from copy import deepcopy
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import msgspec
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft6Validator, FormatChecker, ValidationError
from jsonschema.validators import extend
from msgspec import inspect

from ocppsim.protocol.errors import CallFailure, ResponseViolation
from ocppsim.protocol.v16.actions import ACTIONS
from ocppsim.protocol.v16.codec import decode_request, decode_response, encode
from ocppsim.protocol.v16.date_time import DATE_TIME_PATTERN


class Difference(NamedTuple):
    """A place where a shipped schema is not the corrected standard; None takes a keyword away."""

    schemas: tuple[str, ...]
    path: tuple[str, ...]
    keyword: str
    value: Any
    clause: str
    why: str


_UNITS = [
    *("Wh", "kWh", "varh", "kvarh", "W", "kW", "VA", "kVA", "var", "kvar", "A", "V", "K"),
    *("Celsius", "Fahrenheit", "Percent"),
]
_PERIODS = ("chargingSchedule", "chargingSchedulePeriod")

DIFFERENCES = (
    Difference(
        ("MeterValues",),
        ("meterValue", "[]", "sampledValue", "[]", "unit"),
        "enum",
        _UNITS,
        "OCPP-J 1.6 errata §2.1; 1.6 ed.2 §7.45, §7.31",
        "Celcius was a typing error of the first schemas; Hertz is no unit of the standard",
    ),
    Difference(
        ("StopTransaction",),
        ("transactionData", "[]", "sampledValue", "[]", "unit"),
        "enum",
        _UNITS,
        "OCPP-J 1.6 errata §2.1",
        "Celcius was a typing error of the first schemas",
    ),
    Difference(
        ("StopTransaction",),
        ("transactionData", "[]", "sampledValue"),
        "minItems",
        1,
        "1.6 ed.2 §7.33",
        "a MeterValue has one or more sampled values",
    ),
    Difference(
        ("SetChargingProfile",),
        ("csChargingProfiles", *_PERIODS),
        "minItems",
        1,
        "1.6 ed.2 §7.13",
        "a schedule has one or more periods",
    ),
    Difference(
        ("RemoteStartTransaction",),
        ("chargingProfile", *_PERIODS),
        "minItems",
        1,
        "1.6 ed.2 §7.13",
        "a schedule has one or more periods",
    ),
    Difference(
        ("GetCompositeScheduleResponse",),
        _PERIODS,
        "minItems",
        1,
        "1.6 ed.2 §7.13",
        "a schedule has one or more periods",
    ),
    Difference(
        ("SetChargingProfile",),
        ("csChargingProfiles", "stackLevel"),
        "minimum",
        0,
        "1.6 ed.2 §7.8",
        "the stack level is an integer >= 0",
    ),
    Difference(
        ("RemoteStartTransaction",),
        ("chargingProfile", "stackLevel"),
        "minimum",
        0,
        "1.6 ed.2 §7.8",
        "the stack level is an integer >= 0",
    ),
    Difference(
        ("TriggerMessage",),
        ("requestedMessage",),
        "enum",
        None,
        "1.6 ed.2 §5.17",
        "a message that is not known is answered with NotImplemented, not with a CALLERROR",
    ),
    Difference(
        ("TriggerMessage",),
        ("requestedMessage",),
        "maxLength",
        50,
        "1.6 ed.2 §5.17",
        "a bound for what is not known",
    ),
)

MESSAGES = [f"{name}{kind}" for name in ACTIONS for kind in ("Request", "Response")]
relaxed = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)

date_times = st.builds(
    "{}{}".format,
    st.datetimes(min_value=datetime(1000, 1, 1)).map(lambda moment: moment.isoformat()),  # noqa: DTZ001
    st.sampled_from(["Z", "+00:00", "-05:30", "+01:00", "+13:45"]),
)
uris = st.sampled_from(
    ["ftp://user:pw@example.com/dir", "http://[::1]:8080/a?b=c#d", "file:///tmp", "urn:x:y"]
)
printable = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF), max_size=30)


def shipped(message: str) -> dict[str, Any]:
    name = message.removesuffix("Request")
    text = (files("ocpp") / "v16" / "schemas" / f"{name}.json").read_text(encoding="utf-8-sig")
    return json.loads(text)


def place(schema: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    for step in path:
        schema = schema["items"] if step == "[]" else schema["properties"][step]
    return schema


@lru_cache
def corrected(message: str) -> dict[str, Any]:
    schema = deepcopy(shipped(message))
    for difference in DIFFERENCES:
        if message.removesuffix("Request") in difference.schemas:
            member = place(schema, difference.path)
            member[difference.keyword] = difference.value
            if difference.value is None:
                del member[difference.keyword]
    return schema


def check_tenths(_validator: Any, _step: Any, number: Any, _schema: Any) -> Any:
    """``multipleOf: 0.1`` read in decimal, not in binary floating point (1.6 ed.2 §7.14)."""
    is_number = isinstance(number, int | float) and not isinstance(number, bool)
    if is_number and float(f"{number:.1f}") != number:
        yield ValidationError(f"{number} has more than one digit after the point")


formats = FormatChecker(formats=[])


@formats.checks("date-time")
def is_date_time(text: object) -> bool:
    """RFC 3339 as Python's own parser reads it."""
    try:
        return not isinstance(text, str) or datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


@formats.checks("uri")
def is_uri(text: object) -> bool:
    return not isinstance(text, str) or re.fullmatch(r"[a-z]+:\S*", text) is not None


@lru_cache
def judge(message: str) -> Any:
    tolerant = extend(Draft6Validator, {"multipleOf": check_tenths})
    return tolerant(corrected(message), format_checker=formats)


def documents(message: str) -> st.SearchStrategy[Any]:
    """Payloads that the corrected schema allows."""
    return allowed(corrected(message), corrected(message))


def allowed(schema: dict[str, Any], root: dict[str, Any]) -> st.SearchStrategy[Any]:
    """What a schema allows, for the keywords that the schemas of OCPP use."""
    match schema:
        case {"$ref": str() as reference}:
            return allowed(root["definitions"][reference.rsplit("/", 1)[-1]], root)
        case {"enum": list() as options}:
            return st.sampled_from(options)
        case {"type": "object"}:
            members = {
                name: allowed(inner, root) for name, inner in schema.get("properties", {}).items()
            }
            required = {name: members.pop(name) for name in schema.get("required", [])}
            return st.fixed_dictionaries(required, optional=members)
        case {"type": "array", "items": inner}:
            return st.lists(allowed(inner, root), min_size=schema.get("minItems", 0), max_size=3)
        case {"type": "string", "format": "date-time"}:
            return date_times
        case {"type": "string", "format": "uri"}:
            return uris
        case {"type": "string"}:
            longest = schema.get("maxLength", 600)
            return st.one_of(printable.map(lambda text: text[:longest]), st.just("x" * longest))
        case {"type": "integer"}:
            return st.integers(min_value=schema.get("minimum"), max_value=2**63)
        case {"type": "number"}:
            return st.integers(-(10**6), 10**6).map(lambda number: number / 10)
        case {"type": "boolean"}:
            return st.booleans()
        case _:
            raise AssertionError(f"a schema of a new kind: {schema}")


def decode(message: str, document: Any) -> msgspec.Struct:
    payload = msgspec.json.encode(document)
    if message.endswith("Request"):
        return decode_request(message.removesuffix("Request"), payload)
    return decode_response(message.removesuffix("Response"), payload)


def accepts(message: str, document: Any) -> bool:
    try:
        decode(message, document)
    except (CallFailure, ResponseViolation):
        return False
    return True


JUNK = st.sampled_from(
    [
        *(None, True, 0, 1.0, -1, 1.5, 8.15, "", [], {}, [{}], {"status": "Accepted"}),
        *("x" * length for length in (21, 26, 41, 51, 129, 256, 501, 513, 801, 5501, 10_001)),
        *("Accepted", "accepted", "Celcius", "Hertz"),
        *("2026-01-02T03:04:05Z", "2026-02-30T00:00:00Z"),
    ]
)


@st.composite
def spoiled(draw: st.DrawFn, message: str) -> Any:
    """A payload in which one place was changed; it may still be legal."""
    document = deepcopy(draw(documents(message)))
    holders: list[Any] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict | list):
            holders.append(node)
            for child in node.values() if isinstance(node, dict) else node:
                walk(child)

    walk(document)
    holder = draw(st.sampled_from(holders))
    keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
    deed = draw(st.sampled_from(["remove", "replace", "replace", "replace", "add"]))
    if deed == "add" or not keys:
        if isinstance(holder, dict):
            holder[draw(st.sampled_from(["more", "status", "data", "connectorId"]))] = draw(JUNK)
        else:
            holder.append(draw(JUNK))
    elif deed == "remove":
        del holder[draw(st.sampled_from(keys))]
    else:
        holder[draw(st.sampled_from(keys))] = draw(JUNK)
    return document


def values(kind: inspect.Type) -> st.SearchStrategy[Any]:
    """Anything that a field of one of our types may hold."""
    match kind:
        case inspect.UnionType():
            return st.one_of([values(option) for option in kind.types])
        case inspect.NoneType():
            return st.none()
        case inspect.StructType():
            fields = {field.name: values(field.type) for field in kind.fields}
            return st.builds(kind.cls, **fields)
        case inspect.ListType():
            return st.lists(values(kind.item_type), min_size=kind.min_length or 0, max_size=3)
        case inspect.EnumType():
            return st.sampled_from(list(kind.cls))
        case inspect.StrType(pattern=str() as pattern):
            return date_times if pattern == DATE_TIME_PATTERN else uris
        case inspect.StrType():
            longest = kind.max_length or 600
            return st.one_of(printable.map(lambda text: text[:longest]), st.just("x" * longest))
        case inspect.IntType():
            return st.integers(min_value=kind.ge, max_value=2**63)
        case inspect.FloatType():
            return st.integers(-(10**6), 10**6).map(lambda number: number / 10)
        case inspect.BoolType():
            return st.booleans()
        case _:
            raise AssertionError(kind)


@pytest.mark.obligation("FRM-21", "FRM-22", "FRM-23", "FRM-24", "FRM-25", "FRM-35")
@pytest.mark.parametrize("message", MESSAGES)
def test_what_the_schema_allows_is_decoded_and_encoded_without_loss(message: str):
    @relaxed
    @given(documents(message))
    def check(document: Any) -> None:
        assume(judge(message).is_valid(document))
        decoded = decode(message, document)
        assert json.loads(encode(decoded)) == document

    check()


@pytest.mark.obligation("FRM-21", "FRM-22", "FRM-23", "FRM-24", "FRM-25", "FRM-35")
@pytest.mark.parametrize("message", MESSAGES)
def test_what_the_schema_forbids_is_refused_and_nothing_else(message: str):
    @relaxed
    @given(spoiled(message))
    def check(document: Any) -> None:
        assert accepts(message, document) == judge(message).is_valid(document), document

    check()


@pytest.mark.obligation("FRM-21", "FRM-22", "FRM-35")
@pytest.mark.parametrize("message", MESSAGES)
def test_what_our_types_hold_is_what_the_schema_allows(message: str):
    action = ACTIONS[message.removesuffix("Request").removesuffix("Response")]
    of_request = message.endswith("Request")
    message_type = action.request_type if of_request else action.response_type

    @relaxed
    @given(values(inspect.type_info(message_type)))
    def check(instance: msgspec.Struct) -> None:
        document = json.loads(encode(instance))
        judge(message).validate(document)
        assert decode(message, document) == instance

    check()


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda d: ".".join(d.schemas + d.path))
def test_every_listed_difference_is_one(difference: Difference):
    for name in difference.schemas:
        stated = place(shipped(name), difference.path).get(difference.keyword)
        assert stated != difference.value


def test_every_shipped_schema_has_its_type():
    folder = files("ocpp") / "v16" / "schemas"
    names = {entry.name.removesuffix(".json") for entry in folder.iterdir()}
    assert {message.removesuffix("Request") for message in MESSAGES} == names - {"__init__.py"}


def test_the_misspelled_unit_is_refused_and_the_corrected_one_taken():
    def with_unit(unit: str) -> dict[str, Any]:
        sample = {"timestamp": "2026-01-02T03:04:05Z", "sampledValue": [{"value": "1"}]}
        sample["sampledValue"] = [{"value": "1", "unit": unit}]
        return {"connectorId": 1, "meterValue": [sample]}

    assert accepts("MeterValuesRequest", with_unit("Celsius"))
    assert not accepts("MeterValuesRequest", with_unit("Celcius"))
    assert not accepts("MeterValuesRequest", with_unit("Hertz"))
