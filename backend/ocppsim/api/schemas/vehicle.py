"""Vehicles: the cars of a location and the tags that they charge with."""

from __future__ import annotations

import itertools
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from ocppsim.simulation.vehicle_models import VehicleKind

from .base import NO_CONTROL_CHARACTERS, Answer, Body, Changes, IdTag, Name, SocPercent, unset

Capacity = Annotated[float, Field(ge=0.001, le=10_000, allow_inf_nan=False)]
Kilowatts = Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False)]
ModelId = Annotated[
    str, StringConstraints(min_length=1, max_length=100, pattern=NO_CONTROL_CHARACTERS)
]
AcPhases = Annotated[int, Field(ge=1, le=3)]
Efficiency = Annotated[float, Field(ge=0.1, le=1, allow_inf_nan=False)]
Chemistry = Literal["generic", "NMC", "LFP"]


class ChargingCurvePoint(Body):
    """What the car takes at a state of charge; between points the line is straight."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    soc_percent: SocPercent
    power_kw: Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False)]


class DeratingPoint(Body):
    """What a battery of that temperature takes at most; between points the line is straight."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    celsius: Annotated[float, Field(ge=-100, le=100, allow_inf_nan=False)]
    share: Annotated[float, Field(ge=0, le=1)] = Field(description="Of the greatest power.")


class VehicleModel(Answer):
    """What cars of a model have in common; the numbers are typical of it, not of any one car."""

    id: str = Field(description="To be named in `model_id`.")
    brand: str
    name: str
    kind: VehicleKind
    chemistry: Chemistry = Field(description="Shapes the voltage of the battery.")
    battery_capacity_kwh: float = Field(description="What can be used of it.")
    nominal_voltage_v: float = Field(description="The battery's.")
    ac_phases: int
    ac_max_power_kw: float = Field(description="The on-board charger's, over all its phases.")
    ac_min_current_a: float = Field(description="A phase; below it the car does not charge.")
    ac_efficiency: float = Field(description="From the outlet to the battery, as with DC.")
    ac_ramp_a_per_s: float = Field(description="How fast it follows an offer; 0: at once.")
    reaction_delay_s: float = Field(description="From a new offer to the first change.")
    dc_max_power_kw: float = Field(description="0: it has no inlet for DC.")
    dc_charging_curve: list[ChargingCurvePoint]
    dc_efficiency: float
    dc_ramp_kw_per_s: float = Field(description="How fast it follows an offer; 0: at once.")
    cold_derating: list[DeratingPoint]


class ResolvedNumbers(Answer):
    """What a vehicle charges with: its own numbers, else its model's, else the default car's."""

    battery_capacity_kwh: float
    nominal_voltage_v: float
    chemistry: Chemistry
    target_soc_percent: float
    ac_phases: int
    ac_max_power_kw: float
    ac_min_current_a: float
    ac_efficiency: float
    ac_ramp_a_per_s: float
    dc_max_power_kw: float
    dc_min_power_kw: float
    dc_max_current_a: float | None
    dc_charging_curve: list[ChargingCurvePoint] = Field(
        description="Empty: of the shape that is usual for the chemistry."
    )
    dc_efficiency: float
    dc_ramp_kw_per_s: float
    reaction_delay_s: float
    auxiliary_power_w: float
    cold_derating: list[DeratingPoint]
    warming_kelvin_per_percent: float


class Vehicle(Answer):
    """A car that can charge at the chargers of its location."""

    id: int
    location_id: int
    name: str
    id_tags: list[str] = Field(description="The tags that it charges with.")
    battery_capacity_kwh: float
    battery_capacity_own: bool = Field(
        description="Whether it was given for this car; else it is its model's."
    )
    model_id: str | None = Field(description="The model that it is one of.")
    ac_phases: int | None = Field(
        description="Null: the model's, or the default car's, as with what follows."
    )
    ac_max_power_kw: float | None
    dc_max_power_kw: float | None
    dc_charging_curve: list[ChargingCurvePoint] | None
    nominal_voltage_v: float | None
    chemistry: Chemistry | None
    target_soc_percent: float | None
    ac_min_current_a: float | None
    ac_efficiency: float | None
    ac_ramp_a_per_s: float | None
    dc_min_power_kw: float | None
    dc_max_current_a: float | None
    dc_efficiency: float | None
    dc_ramp_kw_per_s: float | None
    reaction_delay_s: float | None
    auxiliary_power_w: float | None
    cold_derating: list[DeratingPoint] | None
    warming_kelvin_per_percent: float | None
    resolved: ResolvedNumbers


def _check_curve(curve: list[ChargingCurvePoint] | None) -> None:
    if curve is None:
        return
    marks = [point.soc_percent for point in curve]
    if any(later <= earlier for earlier, later in itertools.pairwise(marks)):
        raise ValueError("dc_charging_curve: soc_percent must rise from point to point")


class VehicleTraits(Body):
    """Numbers beyond the usual ones; null: the model's, or the default car's."""

    nominal_voltage_v: Annotated[float, Field(ge=12, le=2000, allow_inf_nan=False)] | None = None
    chemistry: Chemistry | None = None
    target_soc_percent: Annotated[float, Field(ge=1, le=100)] | None = Field(
        default=None, description="It asks for no more from there on."
    )
    ac_min_current_a: Annotated[float, Field(ge=0, le=80)] | None = Field(
        default=None, description="A phase; below it the car does not charge."
    )
    ac_efficiency: Efficiency | None = Field(
        default=None, description="From the outlet to the battery, as with DC."
    )
    ac_ramp_a_per_s: Annotated[float, Field(ge=0, le=10_000)] | None = Field(
        default=None, description="How fast it follows an offer; 0: at once."
    )
    dc_min_power_kw: Kilowatts | None = Field(
        default=None, description="Below it the car does not charge with DC."
    )
    dc_max_current_a: Annotated[float, Field(ge=1, le=10_000)] | None = Field(
        default=None, description="What its inlet carries."
    )
    dc_efficiency: Efficiency | None = None
    dc_ramp_kw_per_s: Kilowatts | None = Field(
        default=None, description="How fast it follows an offer; 0: at once."
    )
    reaction_delay_s: Annotated[float, Field(ge=0, le=3600)] | None = Field(
        default=None, description="From a new offer to the first change."
    )
    auxiliary_power_w: Annotated[float, Field(ge=0, le=100_000)] | None = Field(
        default=None, description="What heating and electronics take of what passes the meter."
    )
    cold_derating: list[DeratingPoint] | None = Field(
        default=None, max_length=50, description="What the battery takes when it comes cold."
    )
    warming_kelvin_per_percent: Annotated[float, Field(ge=0, le=10)] | None = Field(
        default=None, description="How much a percent of charge warms a cold battery."
    )

    @model_validator(mode="after")
    def _derating_rises(self) -> Self:
        marks = [point.celsius for point in self.cold_derating or ()]
        if any(later <= earlier for earlier, later in itertools.pairwise(marks)):
            raise ValueError("cold_derating: celsius must rise from point to point")
        return self


class VehicleCreate(VehicleTraits):
    """A new vehicle; what is left out is as with its model, or with the default car."""

    name: Name
    id_tags: list[IdTag] = Field(default_factory=list[str], max_length=100)
    battery_capacity_kwh: Capacity | None = None
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


class VehicleUpdate(VehicleTraits, Changes):
    """What changes of a vehicle; what is left out stays, and null goes back to the model's."""

    name: Name = Field(default_factory=unset)
    id_tags: list[IdTag] = Field(default_factory=unset, max_length=100)
    battery_capacity_kwh: Capacity | None = None
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


class ArrivingVehicle(Body):
    """Which car comes to a session."""

    vehicle_id: int | None = Field(default=None, description="A vehicle of the location.")
    model_id: ModelId | None = Field(
        default=None, description="A car of this model that passes by, instead of a stored vehicle."
    )

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if self.vehicle_id is not None and self.model_id is not None:
            raise ValueError("name a vehicle_id or a model_id, not both")
        return self
