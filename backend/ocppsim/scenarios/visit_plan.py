"""Who comes in a plan: sessions one by one, and arrivals by chance."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from ocppsim.simulation.visit import StartBy

from .part import (
    ChargerPatterns,
    GroupNames,
    IdTag,
    Name,
    Number,
    Part,
    Percent,
    Whole,
    one_is_a_list,
)
from .plan_fault import Misplaced
from .quantities import Distribution, Duration, Time

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Weight = Annotated[Number, Field(ge=0, le=1e9)]


class VisitPlan(Part):
    """How a driver behaves, in a session or on arrivals."""

    start_by: StartBy = Field(
        default="tag",
        description="`tag`: the driver shows it; `remote`: the CSMS starts; `plug`: nobody does"
        " anything (free vending).",
    )
    tag_after_s: Annotated[Number, Field(ge=0, le=86_400)] = Field(
        default=10.0, description="From plugging in to the tag or the remote start."
    )
    leaves_when_done: bool = Field(
        default=False, description="Leaves as soon as the vehicle asks for no more."
    )


class SessionPlan(VisitPlan):
    """One session."""

    at: Time = Field(description="When the vehicle plugs in.")
    charger: str = Field(description="The charge point id.")
    connector: Annotated[Whole, Field(ge=1)] | None = Field(
        default=None, description="Default: any that is free."
    )
    vehicle: str | None = Field(default=None, description="A group of `vehicles`; default car.")
    id_tag: IdTag | None = Field(default=None, description="Default: that of the vehicle.")
    soc_percent: Percent | None = Field(default=None, description="On arrival.")
    energy_kwh: Annotated[Number, Field(gt=0)] | None = Field(
        default=None,
        description="The vehicle asks for no more than that; its `auxiliary_power_w` comes on top.",
    )
    departs_at: Time | None = Field(default=None, description="When it leaves; or `duration`.")
    duration: Duration | None = Field(default=None, description="How long it stays.")

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if (self.departs_at is None) == (self.duration is None):
            raise ValueError("give either departs_at or duration")
        return self


class ArrivalPlan(VisitPlan):
    """Vehicles that come by chance."""

    name: Name | None = Field(
        default=None, description="What comes follows the seed by it, wherever it stands."
    )
    per_day: Annotated[Number, Field(ge=0, le=1_000_000_000)] | None = Field(
        default=None, description="How many come on an average day; or the next."
    )
    per_charger_per_day: Annotated[Number, Field(ge=0, le=100_000)] | None = Field(
        default=None, description="The same for each charger that they may come to."
    )
    by_hour: Annotated[tuple[Weight, ...], Field(min_length=24, max_length=24)] | None = Field(
        default=None,
        description="24 weights: how they spread over the day (UTC); default: evenly.",
    )
    days: Annotated[tuple[Day, ...], BeforeValidator(one_is_a_list), Field(min_length=1)] = Field(
        default=DAYS, description="On which days of the week; default: on all."
    )
    vehicles: GroupNames | None = Field(
        default=None, description="Groups of `vehicles`; default: of all."
    )
    chargers: ChargerPatterns | None = Field(
        default=None, description="Charge point ids, `*` for any; default: all."
    )
    stay_h: Distribution = Field(description="How long they stay, in hours.")
    soc_percent: Distribution | None = Field(
        default=None, description="On arrival; default: as the vehicle says."
    )
    energy_kwh: Distribution | None = Field(
        default=None,
        description="A vehicle asks for no more than that; its `auxiliary_power_w` comes on top.",
    )

    @model_validator(mode="after")
    def _rates(self) -> Self:
        if (self.per_day is None) == (self.per_charger_per_day is None):
            raise ValueError("give either per_day or per_charger_per_day")
        if self.by_hour is not None and not sum(self.by_hour) > 0.0:
            raise Misplaced("at least one hour must be above 0", "by_hour")
        for name, distribution, low, high in (
            ("stay_h", self.stay_h, 0.0, 10_000.0),
            ("soc_percent", self.soc_percent, 0.0, 100.0),
            ("energy_kwh", self.energy_kwh, 0.0, 10_000.0),
        ):
            if distribution is not None:
                least, most = distribution.bounds
                if least < low or most > high:
                    raise Misplaced(
                        f"what is drawn must be from {low:g} to {high:g}; give bounds", name
                    )
        return self


__all__ = ["DAYS", "ArrivalPlan", "SessionPlan", "VisitPlan"]
