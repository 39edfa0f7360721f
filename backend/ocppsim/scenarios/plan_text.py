"""From the text of a plan to a plan, or to the one line that says what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ocppsim.templates.yaml_document import NotYaml, line_in_yaml, read_yaml

from .plan import Plan
from .plan_fault import Key, Misplaced, PlanFault
from .secret_fields import SECRET_FIELDS

_NEEDS = {
    "string_type": "it must be a text (numbers and true or false in quotes)",
    "string_too_short": "it must have at least {min_length} characters",
    "string_too_long": "it must have at most {max_length} characters",
    "int_type": "it must be a whole number without quotes",
    "int_from_float": "it must be a whole number without quotes",
    "float_type": "it must be a number without quotes",
    "finite_number": "it must be a finite number",
    "bool_type": "it must be true or false",
    "bool_parsing": "it must be true or false",
    "greater_than": "it must be above {gt}",
    "greater_than_equal": "it must be at least {ge}",
    "less_than": "it must be below {lt}",
    "less_than_equal": "it must be at most {le}",
    "too_short": "it must have at least {min_length} of them",
    "too_long": "it must have at most {max_length} of them",
    "literal_error": "it must be {expected}",
    "enum": "it must be {expected}",
    "tuple_type": "it must be a list: [a, b]",
    "dict_type": "it must have fields: {{name: value}}",
    "model_type": "it must have fields: {{name: value}}",
}
"""What is told for the errors of pydantic, by their types."""

_LONGEST_SHOWN = 60


def parse_plan(text: str) -> Plan:
    """The plan of a YAML text; raises :class:`PlanFault` for the first thing that is wrong."""
    try:
        document = read_yaml(text)
    except NotYaml as error:
        raise PlanFault((), str(error)) from error
    if not isinstance(document, dict):
        raise PlanFault((), "a plan is a mapping that begins with version: 1")
    try:
        return Plan.model_validate(document)
    except ValidationError as error:
        whole = cast("object", document)
        faults = [_fault(one, whole) for one in error.errors(include_url=False)]
        first = faults[0]
        # Of the kinds that a value may be, the one whose errors lie deepest was meant
        inside = [one for one in faults if one.keys[: len(first.keys)] == first.keys]
        raise with_line(max(inside, key=lambda one: len(one.keys)), text) from error


def with_line(fault: PlanFault, text: str) -> PlanFault:
    """The same fault, with its line in the text of the plan where it has a place there."""
    return fault if fault.line or not fault.keys else fault.at_line(line_in_yaml(text, fault.keys))


def _fault(error: ErrorDetails, document: object) -> PlanFault:
    kind, context = error["type"], error.get("ctx", {})
    keys = _keys(error["loc"], document, missing=kind == "missing")
    if kind == "missing":
        return PlanFault(keys, "it is missing")
    if kind == "value_error":
        cause = context["error"]
        within = cause.keys if isinstance(cause, Misplaced) else ()
        return PlanFault((*keys, *within), str(cause))
    if kind not in _NEEDS:
        return PlanFault(keys, error["msg"])
    needed = _NEEDS[kind].format_map(context)
    if not SECRET_FIELDS.isdisjoint(keys):
        return PlanFault(keys, needed)
    shown = repr(error["input"])
    if len(shown) > _LONGEST_SHOWN:
        shown = shown[:_LONGEST_SHOWN] + "…"
    return PlanFault(keys, f"{needed}, not {shown}")


def _keys(location: Sequence[Key], document: object, *, missing: bool) -> list[Key]:
    """The keys that the document has, without the names pydantic gives to kinds of a union."""
    keys: list[Key] = []
    node = document
    for part in location:
        items = cast("list[object]", node if isinstance(node, list) else [])
        if isinstance(node, dict) and part in node:
            node = cast("dict[Any, object]", node)[part]
        elif isinstance(part, int) and part < len(items):
            node = items[part]
        else:
            continue
        keys.append(part)
    return [*keys, location[-1]] if missing and keys != list(location) else keys


__all__ = ["parse_plan", "with_line"]
