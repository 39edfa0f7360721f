"""The two kinds of models: what clients send (``Body``) and what they get (``Answer``)."""

from __future__ import annotations

from typing import Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator


def _require_answer_fields(schema: dict[str, Any]) -> None:
    """An answer always carries all its fields, so a client need not treat them as optional."""
    properties: dict[str, Any] = schema.get("properties", {})
    if properties:
        schema["required"] = list(properties)


class Body(BaseModel):
    """A request body: a field that it does not know is an error, not a silent typo.

    So is a value of another JSON type than the document says: "yes" is no boolean.
    """

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=False)

    @model_validator(mode="before")
    @classmethod
    def _one_number_type(cls, given: Any) -> Any:
        """JSON has no integers: 1.0 is one as well as 1."""
        if not isinstance(given, dict):
            return given
        fields = cast("dict[str, Any]", given)
        return {
            name: int(value) if isinstance(value, float) and value.is_integer() else value
            for name, value in fields.items()
        }


class Changes(Body):
    """A PATCH body: only what the client sent counts; null is no way to leave something out."""

    def changes(self) -> dict[str, Any]:
        """The fields that were sent, with their values."""
        return {name: getattr(self, name) for name in self.model_fields_set}


def unset() -> Any:
    """The default of a field in :class:`Changes`: the field is optional but not nullable."""
    return None


class Answer(BaseModel):
    """An answer: built from the attributes of the objects that the layers below return."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra=_require_answer_fields)


NO_CONTROL_CHARACTERS = r"^[^\x00-\x1f\x7f]+$"

Name = Annotated[
    str,
    StringConstraints(
        min_length=1, max_length=200, strip_whitespace=True, pattern=NO_CONTROL_CHARACTERS
    ),
]
"""A name for people: not blank, at most 200 characters, no control characters."""

UtcTime = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""ISO 8601 in UTC with milliseconds: ``2026-01-02T03:04:05.678Z``."""

IdTag = Annotated[
    str,
    StringConstraints(min_length=1, max_length=20, pattern=r"^[\x20-\x7e]+$"),
    Field(description="OCPP IdToken: 1 to 20 printable ASCII characters (1.6 ed.2 §7.28)."),
]

SocPercent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
"""State of charge, 0 to 100."""
