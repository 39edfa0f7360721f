"""Time: how fast it runs, for everything, a location or a charger."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ocppsim.runtime.time_scales import FASTEST, REAL_TIME

from .base import Answer, Changes, unset

TimeScale = Annotated[
    float,
    Field(
        ge=REAL_TIME,
        le=FASTEST,
        allow_inf_nan=False,
        description="How much faster than real time it runs; 1: as what it is part of.",
    ),
]
SimulationTimeScale = Annotated[
    float,
    Field(
        ge=REAL_TIME,
        le=FASTEST,
        allow_inf_nan=False,
        description="How much faster than real time everything runs that has no time_scale of"
        " its own (1: real time).",
    ),
]


class Simulation(Answer):
    """What holds for the whole simulation."""

    time_scale: float = Field(
        description="How much faster than real time everything runs that has no time_scale of"
        " its own."
    )
    fast_chargers: int = Field(
        description="How many chargers run faster than real time now, for whatever reason."
    )


class SimulationUpdate(Changes):
    """What changes; what is left out stays."""

    time_scale: SimulationTimeScale = Field(default_factory=unset)
