"""Locations: places with chargers and vehicles."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from .base import Answer, Body, Changes, Name, unset
from .simulation import TimeScale
from .site import Site, SiteBody

Address = Annotated[
    str, StringConstraints(max_length=500, strip_whitespace=True, pattern=r"^[^\x00]*$")
]


class Location(Answer):
    """A place with chargers and vehicles."""

    id: int
    name: str
    address: str
    charger_count: int = Field(description="How many chargers it has.")
    time_scale: float = Field(
        description="How much faster than real time its chargers run that have no time_scale of"
        " their own; 1: as the whole simulation."
    )
    site: Site | None = Field(description="Its grid connection; null where nothing limits.")


class LocationCreate(Body):
    """A new location."""

    name: Name
    address: Address = ""
    time_scale: TimeScale = 1.0
    site: SiteBody | None = None


class LocationUpdate(Changes):
    """What changes of a location; what is left out stays."""

    name: Name = Field(default_factory=unset)
    address: Address = Field(default_factory=unset)
    time_scale: TimeScale = Field(default_factory=unset)
    site: SiteBody | None = Field(default=None, description="The whole site anew; null removes it.")
