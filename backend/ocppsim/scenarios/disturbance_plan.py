"""What goes wrong in a plan: faults, bad networks, mains that fail, at times or by chance."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from ocppsim.protocol.v16.enums import ChargePointErrorCode
from ocppsim.simulation.fleet_disturbances import DisturbanceKind

from .part import ChargerPatterns, Name, Number, Part, Whole
from .plan_fault import Misplaced
from .quantities import Distribution, Duration, Time

LONGEST_MIN = 366.0 * 1440.0


class DisturbancePlan(Part):
    """Something that goes wrong at chargers, and is well again after a while."""

    kind: DisturbanceKind = Field(
        description="`fault`: a connector reports an error; `offline`: the network of the charger"
        " is gone; `poor_network`: it is slow, or loses messages; `power_cut`: its mains are gone;"
        " `restart`: its software starts anew."
    )
    name: Name | None = Field(
        default=None, description="What comes follows the seed by it, wherever it stands."
    )
    at: Time | None = Field(default=None, description="When; or `per_charger_per_day`.")
    every: Annotated[Duration, Field(ge=1)] | None = Field(
        default=None, description="With `at`: again and again after so long."
    )
    per_charger_per_day: Annotated[Number, Field(gt=0, le=10_000)] | None = Field(
        default=None, description="By chance: how often it comes to a charger on average."
    )
    lasts_min: Distribution | None = Field(
        default=None, description="After how many minutes it is well again; not of `restart`."
    )
    chargers: ChargerPatterns = Field(
        default=("*",), description="Charge point ids, `*` for any; default: all."
    )
    share: Annotated[Number, Field(gt=0, le=1)] = Field(
        default=1.0, description="With `at`: each of them is hit with this probability."
    )
    connector: Annotated[Whole, Field(ge=0)] = Field(
        default=0, description="Of a `fault`; 0 is the whole charger."
    )
    error_code: ChargePointErrorCode = Field(
        default=ChargePointErrorCode.OtherError, description="Of a `fault`: as in OCPP."
    )
    latency_ms: Annotated[Number, Field(ge=0, le=10_000)] = Field(
        default=0.0, description="Of a `poor_network`: how long each message takes on top."
    )
    jitter_ms: Annotated[Number, Field(ge=0, le=10_000)] = Field(
        default=0.0, description="Of a `poor_network`: give or take so much; not in virtual time."
    )
    loss: Annotated[Number, Field(ge=0, le=1)] = Field(
        default=0.0,
        description="Of a `poor_network`: the share of messages that never arrive; not in virtual"
        " time.",
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.at is None) == (self.per_charger_per_day is None):
            raise ValueError("give either at or per_charger_per_day")
        if self.at is None:
            self._refuse("by chance", "every", "share")
        if self.kind != "fault":
            self._refuse(f"as {self.kind}", "connector", "error_code")
        if self.kind != "poor_network":
            self._refuse(f"as {self.kind}", "latency_ms", "jitter_ms", "loss")
        elif not (self.latency_ms or self.jitter_ms or self.loss):
            raise ValueError("give at least one of latency_ms, jitter_ms and loss")
        if self.kind == "restart":
            self._refuse(f"as {self.kind}", "lasts_min")
        elif self.lasts_min is None:
            raise Misplaced("it is missing", "lasts_min")
        if self.lasts_min is not None:
            least, most = self.lasts_min.bounds
            if least < 0.0 or most > LONGEST_MIN:
                raise Misplaced(
                    f"what is drawn must be from 0 to {LONGEST_MIN:.0f}; give bounds", "lasts_min"
                )
        if self.error_code == ChargePointErrorCode.NoError:
            raise Misplaced("NoError is no fault", "error_code")
        return self

    def _refuse(self, where: str, *names: str) -> None:
        for name in names:
            if name in self.model_fields_set:
                raise Misplaced(f"it is not for what comes {where}; leave it out", name)


__all__ = ["DisturbancePlan"]
