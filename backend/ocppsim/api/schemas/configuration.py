"""Configuration keys of a charge point."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from .base import Answer

ConfigurationValues = dict[
    Annotated[str, StringConstraints(min_length=1, max_length=50)],
    Annotated[str, StringConstraints(max_length=10_000)],
]
"""Keys with their values, all strings as in OCPP."""


class ConfigurationKey(Answer):
    """One configuration key."""

    key: str
    value: str | None = Field(description="Null for a key that is not set, or is a secret.")
    readonly: bool = Field(description="Whether ChangeConfiguration refuses it; PATCH here may.")
    type: str = Field(description="boolean, integer or CSL (a comma-separated list).")
    unit: str | None = Field(description="Of a number, such as s or Wh.")
    minimum: int | None = Field(description="The least that an integer key takes.")
    maximum: int | None = Field(description="The most that an integer key takes.")
    profile: str = Field(description="The feature profile that it belongs to.")
    reboot_required: bool
    description: str
