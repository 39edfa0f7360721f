"""The plan of a site, version 1: what is there, who comes, and what each way to run it needs.

Each section is a module of its own. The field descriptions are the reference in
docs/plan-reference.md (``make docs-tables``).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from ocppsim.physics.site import SiteDefinition

from .charger_plan import MOST_CHARGERS, ChargerGroup
from .csms_plan import CsmsPlan
from .disturbance_plan import DisturbancePlan
from .live_plan import LivePlan
from .output_plan import OutputPlan
from .part import Name, Part, Whole
from .plan_fault import Misplaced
from .quantities import DAY_S, Duration, Instant
from .site_plan import site_definition
from .threshold_plan import ThresholdPlan
from .trace_plan import TracePlan
from .vehicle_plan import VehicleGroup
from .visit_plan import ArrivalPlan, SessionPlan

LONGEST_RUN_S = 366 * DAY_S


class Plan(Part):
    """A plan."""

    version: Literal[1] = Field(description="1.")
    name: Name = Field(default="Site", description="For people to read.")
    seed: Annotated[Whole, Field(ge=0)] = Field(
        default=0, description="The same plan with the same seed gives the same."
    )
    start: Instant = Field(description="ISO 8601 date-time of the beginning; UTC without a zone.")
    duration: Annotated[Duration, Field(gt=0, le=LONGEST_RUN_S)] = Field(
        description="How long it goes on: `24h`, `7d`, `1h30m` or seconds."
    )
    site: dict[str, Any] | None = Field(
        default=None, description="The grid connection and how it is shared; default: no limit."
    )
    chargers: tuple[ChargerGroup, ...] = Field(min_length=1, description="Groups of chargers.")
    vehicles: tuple[VehicleGroup, ...] = Field(default=(), description="Groups of vehicles.")
    sessions: tuple[SessionPlan, ...] = Field(default=(), description="Sessions one by one.")
    arrivals: tuple[ArrivalPlan, ...] = Field(default=(), description="Sessions by chance.")
    traces: tuple[TracePlan, ...] = Field(default=(), description="Sessions from CSV files.")
    disturbances: tuple[DisturbancePlan, ...] = Field(
        default=(), description="What goes wrong, and is well again after a while."
    )
    csms: CsmsPlan = Field(
        default=CsmsPlan(), description="How the CSMS of `simulate` behaves; not of `fleet run`."
    )
    outputs: OutputPlan = Field(
        default=OutputPlan(), description="What `simulate` writes; not of `fleet run`."
    )
    live: LivePlan = Field(
        default=LivePlan(), description="Where `fleet run` connects to; not of `simulate`."
    )
    thresholds: ThresholdPlan = Field(
        default=ThresholdPlan(), description="What fails a `fleet run`; not of `simulate`."
    )

    @model_validator(mode="after")
    def _names(self) -> Self:
        seen: set[str] = set()
        for number, group in enumerate(self.chargers):
            for one in group.charge_point_ids:
                if one in seen:
                    raise Misplaced(f"the id {one} stands twice", "chargers", number)
                seen.add(one)
            if len(seen) > MOST_CHARGERS:
                raise Misplaced(f"there are more than {MOST_CHARGERS} chargers", "chargers", number)
        names: set[str] = set()
        for number, vehicles in enumerate(self.vehicles):
            if vehicles.name in names:
                raise Misplaced(
                    f"the name {vehicles.name} stands twice", "vehicles", number, "name"
                )
            names.add(vehicles.name)
        return self

    @field_validator("site")
    @classmethod
    def _can_be(cls, value: dict[str, Any] | None) -> dict[str, Any] | None:
        if value is not None:
            site_definition(value)
        return value

    @property
    def site_definition(self) -> SiteDefinition | None:
        """The site, None where nothing is managed."""
        return None if self.site is None else site_definition(self.site)


__all__ = ["LONGEST_RUN_S", "Plan"]
