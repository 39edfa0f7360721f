"""The hardware of a charger beyond its connectors: supply, shared power, meters."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ocppsim.protocol.v16.enums import Measurand

from .base import Answer, Body, Changes, unset

PhaseRotation = Annotated[
    Literal["RST", "RTS", "SRT", "STR", "TRS", "TSR"],
    Field(
        description="On which phases of the supply (R, S, T) L1, L2 and L3 of the charger are;"
        " ConnectorPhaseRotation tells it by default."
    ),
]
PowerLimit = Annotated[float, Field(gt=0, le=100_000_000, allow_inf_nan=False)]
AccuracyClass = Annotated[
    float,
    Field(
        ge=0,
        le=20,
        allow_inf_nan=False,
        description="Bounds how far what it shows is from what flows; 0 is a perfect meter.",
    ),
]
Resolution = Annotated[
    float,
    Field(
        ge=0,
        le=100_000,
        allow_inf_nan=False,
        description="Step of the energy register; 0 is as fine as it gets.",
    ),
]
Measurands = Annotated[
    list[Annotated[Measurand, Field(strict=False)]],
    Field(
        min_length=1,
        description="Those that the meter has, Energy.Active.Import.Register among them; null:"
        " all that the hardware knows.",
    ),
]
SHARED_POWER = (
    "What all connectors can take together; null: each its maximum at once. Of a charger whose"
    " power modules or whose supply the connectors share."
)
MODULE_POWER = "Shared power is dealt out in whole modules of this; null: continuously."


class MeterInput(Body):
    """The energy meter of each connector."""

    accuracy_class_percent: AccuracyClass = 0.0
    resolution_wh: Resolution = 0.0
    measurands: Measurands | None = None


class MeterUpdate(Changes):
    """What changes of the meters."""

    accuracy_class_percent: AccuracyClass = Field(default_factory=unset)
    resolution_wh: Resolution = Field(default_factory=unset)
    measurands: Measurands | None = None


class MeterHardware(Answer):
    """The energy meter of each connector."""

    accuracy_class_percent: float
    resolution_wh: float
    measurands: list[Measurand] | None = Field(description="null: all that the hardware knows.")


__all__ = [
    "MODULE_POWER",
    "SHARED_POWER",
    "MeterHardware",
    "MeterInput",
    "MeterUpdate",
    "PhaseRotation",
    "PowerLimit",
]
