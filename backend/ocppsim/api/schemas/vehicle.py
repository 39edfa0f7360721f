"""Vehicles: the cars of a location and the tags that they charge with."""

from __future__ import annotations

import itertools
from typing import Annotated, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from .base import NO_CONTROL_CHARACTERS, Answer, Body, Changes, IdTag, Name, SocPercent, unset

Capacity = Annotated[float, Field(ge=0.001, le=10_000, allow_inf_nan=False)]
Kilowatts = Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False)]
ModelId = Annotated[
    str, StringConstraints(min_length=1, max_length=100, pattern=NO_CONTROL_CHARACTERS)
]
AcPhases = Annotated[int, Field(ge=1, le=3)]


class ChargingCurvePoint(Body):
    """What the car takes at a state of charge; between points the line is straight."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    soc_percent: SocPercent
    power_kw: Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False)]


class Vehicle(Answer):
    """A car that can charge at the chargers of its location."""

    id: int
    location_id: int
    name: str
    id_tags: list[str] = Field(description="The tags that it charges with.")
    battery_capacity_kwh: float
    model_id: str | None = Field(description="The model that it is one of.")
    ac_phases: int | None = Field(description="Null: the default car's, as with what follows.")
    ac_max_power_kw: float | None
    dc_max_power_kw: float | None
    dc_charging_curve: list[ChargingCurvePoint] | None


def _check_curve(curve: list[ChargingCurvePoint] | None) -> None:
    if curve is None:
        return
    marks = [point.soc_percent for point in curve]
    if any(later <= earlier for earlier, later in itertools.pairwise(marks)):
        raise ValueError("dc_charging_curve: soc_percent must rise from point to point")


class VehicleCreate(Body):
    """A new vehicle; what is left out is as with the default car."""

    name: Name
    id_tags: list[IdTag] = Field(default_factory=list[str], max_length=100)
    battery_capacity_kwh: Capacity = 100.0
    model_id: ModelId | None = None
    ac_phases: AcPhases | None = None
    ac_max_power_kw: Kilowatts | None = None
    dc_max_power_kw: Kilowatts | None = None
    dc_charging_curve: list[ChargingCurvePoint] | None = Field(
        default=None, min_length=1, max_length=200
    )

    @model_validator(mode="after")
    def _curve_rises(self) -> Self:
        _check_curve(self.dc_charging_curve)
        return self


class VehicleUpdate(Changes):
    """What changes of a vehicle; what is left out stays."""

    name: Name = Field(default_factory=unset)
    id_tags: list[IdTag] = Field(default_factory=unset, max_length=100)
    battery_capacity_kwh: Capacity = Field(default_factory=unset)
    model_id: ModelId | None = None
    ac_phases: AcPhases | None = None
    ac_max_power_kw: Kilowatts | None = None
    dc_max_power_kw: Kilowatts | None = None
    dc_charging_curve: list[ChargingCurvePoint] | None = Field(
        default=None, min_length=1, max_length=200
    )

    @model_validator(mode="after")
    def _curve_rises(self) -> Self:
        _check_curve(self.dc_charging_curve)
        return self
