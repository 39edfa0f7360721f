"""A location's site: its grid connection, what else hangs on it, and the sharing of the rest."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

import msgspec
from pydantic import AfterValidator, Field, model_validator

from ocppsim.physics.site import LoadPoint as LoadPointDefinition
from ocppsim.physics.site import SiteDefinition

from .base import Answer, Body, UtcTime

SharingRule = Literal["equal", "first_come", "stack"]


def _time_of_day(text: str) -> str:
    _ = LoadPointDefinition(text, 0.0).second
    return text


TimeOfDay = Annotated[
    str,
    AfterValidator(_time_of_day),
    Field(
        description="HH:MM in UTC.",
        json_schema_extra={"pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"},
    ),
]
PowerKw = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]

_MOST_POINTS = 288


class LoadPointBody(Body):
    """A point of a daily curve, which is linear between its points, also over midnight."""

    time: TimeOfDay
    power_kw: PowerKw


Curve = Annotated[
    list[LoadPointBody],
    Field(
        max_length=_MOST_POINTS,
        description="The times rise; every day is the same; without points it is 0.",
    ),
]


class SiteBody(Body):
    """A grid connection; exactly one of the two limits is given."""

    grid_limit_a_per_phase: Annotated[float, Field(gt=0, le=100_000)] | None = Field(
        default=None, description="For each of the three phases by itself."
    )
    grid_limit_kw: Annotated[float, Field(gt=0, le=100_000)] | None = Field(
        default=None, description="For the three phases together."
    )
    base_load: Curve = Field(default_factory=list[LoadPointBody])
    pv: Curve = Field(default_factory=list[LoadPointBody])
    sharing: SharingRule = Field(
        default="equal",
        description="equal: equal parts; first_come: whoever began first has all it can use but"
        " the minimum of the others; stack: the highest stackLevel of the profile in force at a"
        " connector comes first, equal parts among the same.",
    )
    minimum_current_a: Annotated[float, Field(ge=0, le=100)] = Field(
        default=6.0, description="A phase; who cannot have it waits (SuspendedEVSE)."
    )
    interval_s: Annotated[float, Field(ge=1, le=3600)] = Field(
        default=10.0, description="The longest time from one division to the next."
    )

    @model_validator(mode="after")
    def _can_be(self) -> Self:
        self.definition()
        return self

    def definition(self) -> SiteDefinition:
        """The site that it describes; raises ``ValueError``."""
        return site_definition(self.model_dump())


def site_definition(fields: dict[str, Any]) -> SiteDefinition:
    """The site of a body, or of what is stored; raises ``ValueError`` where it cannot be."""
    return msgspec.convert(fields, SiteDefinition)


class LoadPoint(Answer):
    """A point of a daily curve."""

    time: str
    power_kw: float


class Site(Answer):
    """A grid connection and how chargers share what it leaves."""

    grid_limit_a_per_phase: float | None = None
    grid_limit_kw: float | None = None
    base_load: list[LoadPoint] = Field(default_factory=list[LoadPoint])
    pv: list[LoadPoint] = Field(default_factory=list[LoadPoint])
    sharing: SharingRule = "equal"
    minimum_current_a: float = 6.0
    interval_s: float = 10.0


class ConnectorAtSite(Answer):
    """A connector and its share."""

    charge_point_id: str
    connector_id: int
    state: Literal["charging", "waiting", "idle"] = Field(
        description="waiting: it would charge if there were enough for it."
    )
    phases: list[int] = Field(description="Of the supply: 1, 2 and 3.")
    share_a: float | None = Field(
        description="What it may take a phase; while idle, what is free for it. Null: not told yet."
    )
    drawn_a: float = Field(description="A phase, at nominal voltage.")
    power_w: float


class SiteState(Answer):
    """A site as it is now; of three numbers the first is that of L1 of the supply."""

    at: UtcTime = Field(description="The site's time, which its curves go by.")
    grid_limit_a: list[float] = Field(
        description="Of each phase; with a limit in kW a third of it, which one phase may exceed."
    )
    grid_limit_w: float
    base_load_w: float
    pv_w: float
    left_a: list[float] = Field(
        description="What is left to the chargers: limit - base load + PV, never below 0."
    )
    left_w: float
    drawn_a: list[float] = Field(description="What the chargers take.")
    drawn_w: float
    grid_a: list[float] = Field(
        description="What comes from the grid: base load - PV + chargers; below 0 goes into it."
    )
    grid_w: float
    connectors: list[ConnectorAtSite]
