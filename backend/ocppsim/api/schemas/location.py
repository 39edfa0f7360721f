"""Locations: places with chargers and vehicles."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from .base import Answer, Body, Changes, Name, unset

Address = Annotated[
    str, StringConstraints(max_length=500, strip_whitespace=True, pattern=r"^[^\x00]*$")
]


class Location(Answer):
    """A place with chargers and vehicles."""

    id: int
    name: str
    address: str
    charger_count: int = Field(description="How many chargers it has.")


class LocationCreate(Body):
    """A new location."""

    name: Name
    address: Address = ""


class LocationUpdate(Changes):
    """What changes of a location; what is left out stays."""

    name: Name = Field(default_factory=unset)
    address: Address = Field(default_factory=unset)
