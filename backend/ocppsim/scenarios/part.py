"""What all parts of a plan have in common, and the plain values that they hold."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Annotated, Any, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from .plan_fault import Misplaced

LONGEST_ID = 48


class Part(BaseModel):
    """A part of a plan: unknown fields are mistakes, and so are numbers that are not finite."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, arbitrary_types_allowed=True, allow_inf_nan=False
    )

    @model_validator(mode="before")
    @classmethod
    def _fields_that_there_are(cls, value: Any) -> Any:
        if isinstance(value, dict) and cls.model_config.get("extra") == "forbid":
            for name in cast("dict[Any, Any]", value):
                if name not in cls.model_fields:
                    raise Misplaced(no_such_field(name, cls.model_fields), str(name))
        return cast("Any", value)


def no_such_field(name: object, fields: Iterable[str]) -> str:
    """Tells that ``name`` is none of the fields, and which may have been meant."""
    known = sorted(fields)
    near = get_close_matches(str(name), known, 3)
    if near:
        return f"there is no such field; did you mean {' or '.join(near)}?"
    return f"there is no such field; there are {', '.join(known)}"


def charge_point_id_problem(text: str) -> str | None:
    """Why a text cannot be a charge point id, which is a segment of a URL; None where it can."""
    if not text.isascii() or not text.isprintable() or "/" in text:
        return "a charge point id has printable ASCII characters without '/'"
    if not 1 <= len(text) <= LONGEST_ID:
        return f"a charge point id has 1 to {LONGEST_ID} characters"
    if text in {".", ".."}:
        return "a charge point id cannot be '.' or '..': in a URL these are other places"
    return None


def _charge_point_id(text: str) -> str:
    problem = charge_point_id_problem(text)
    if problem is not None:
        raise ValueError(f"{problem}, not {text[: 2 * LONGEST_ID]!r}")
    return text


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError(f"it must have no control characters, not {text!r}")
    return text


def _ascii(text: str) -> str:
    if not text.isascii() or not text.isprintable():
        raise ValueError(f"an id tag has printable ASCII characters, not {text!r}")
    return text


def one_is_a_list(value: Any) -> Any:
    """Where a list is wanted, one text need not be in brackets."""
    return [value] if isinstance(value, str) else value


Number = Annotated[float, Field(strict=True)]
Whole = Annotated[int, Field(strict=True)]
Percent = Annotated[Number, Field(ge=0, le=100)]
Power = Annotated[Number, Field(gt=0, le=10_000_000)]
Text20 = Annotated[str, StringConstraints(min_length=1, max_length=20), AfterValidator(_printable)]
Text50 = Annotated[str, StringConstraints(min_length=1, max_length=50), AfterValidator(_printable)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(_printable)]
IdTag = Annotated[str, StringConstraints(min_length=1, max_length=20), AfterValidator(_ascii)]
ChargePointId = Annotated[str, AfterValidator(_charge_point_id)]
ChargerPatterns = Annotated[tuple[str, ...], BeforeValidator(one_is_a_list), Field(min_length=1)]
"""Charge point ids, or patterns of them with ``*``; one need not be a list."""
GroupNames = Annotated[tuple[str, ...], BeforeValidator(one_is_a_list), Field(min_length=1)]


__all__ = [
    "LONGEST_ID",
    "ChargePointId",
    "ChargerPatterns",
    "GroupNames",
    "IdTag",
    "Name",
    "Number",
    "Part",
    "Percent",
    "Power",
    "Text20",
    "Text50",
    "Whole",
    "charge_point_id_problem",
    "no_such_field",
    "one_is_a_list",
]
