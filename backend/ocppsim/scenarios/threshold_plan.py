"""What must hold in a live run; where it does not, the run has failed."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from ocppsim.protocol.v16.actions import ACTIONS

from .part import Number, Part, Whole
from .plan_fault import Misplaced

ALL_ACTIONS = "*"

Share = Annotated[Number, Field(ge=0, le=1)]
Count = Annotated[Whole, Field(ge=0)]
Milliseconds = Annotated[Number, Field(gt=0, le=3_600_000)]


class LatencyThreshold(Part):
    """How long the CSMS may take from a CALL of a charger to its answer."""

    p50_ms: Milliseconds | None = Field(default=None, description="Half of them, at most.")
    p95_ms: Milliseconds | None = Field(default=None, description="95 of 100, at most.")
    p99_ms: Milliseconds | None = Field(default=None, description="99 of 100, at most.")
    max_ms: Milliseconds | None = Field(default=None, description="All of them, at most.")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("give at least one of p50_ms, p95_ms, p99_ms and max_ms")
        return self


class ThresholdPlan(Part):
    """What must hold; what is not said is not asked for."""

    failed_calls_share: Share | None = Field(
        default=None,
        description="The share of the chargers' CALLs without a usable answer (CALLERROR, timeout,"
        " violation; not those that a lost link cut short), at most.",
    )
    connected_share: Share | None = Field(
        default=None,
        description="The share of the chargers that were connected, on average from the end of the"
        " ramp-up to the beginning of the ramp-down, at least.",
    )
    connect_failures: Count | None = Field(
        default=None, description="Attempts to connect that failed, at most."
    )
    lost_links: Count | None = Field(
        default=None,
        description="Links that the CSMS or the network ended, at most; those that the plan's"
        " disturbances cut do not count.",
    )
    open_transactions: Count | None = Field(
        default=None,
        description="Transactions that the CSMS had not confirmed the end of when the run was"
        " over, at most.",
    )
    latency: dict[str, LatencyThreshold] = Field(
        default_factory=dict[str, LatencyThreshold],
        description='By action, `"*"` for all together.',
    )

    @model_validator(mode="after")
    def _known_actions(self) -> Self:
        known = [name for name, one in ACTIONS.items() if one.sent_by_charge_point]
        for name in self.latency:
            if name != ALL_ACTIONS and name not in known:
                raise Misplaced(
                    f"a charger sends no {name}; it sends {', '.join(known)}", "latency", name
                )
        return self


__all__ = ["ALL_ACTIONS", "LatencyThreshold", "ThresholdPlan"]
