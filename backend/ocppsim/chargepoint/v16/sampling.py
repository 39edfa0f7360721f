"""From a meter reading to the SampledValues of a measurand list (1.6 ed.2 §3.16, §7.31-7.45)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from ocppsim.chargepoint.hardware import MeterReading
from ocppsim.protocol.v16.datatypes import SampledValue
from ocppsim.protocol.v16.enums import Location, Measurand, Phase, ReadingContext, UnitOfMeasure

from .configuration.measurands import MeasurandSelection, MeterCapabilities, parse_selections

DEFAULT_SELECTION = MeasurandSelection(Measurand.Energy_Active_Import_Register)
"""What an empty MeterValuesSampledData or MeterValuesAlignedData means (AMB-9)."""

LINES = (Phase.L1, Phase.L2, Phase.L3)
LINES_TO_NEUTRAL = (Phase.L1_N, Phase.L2_N, Phase.L3_N)


@dataclass(frozen=True, slots=True)
class _Quantity:
    """How a measurand is read: the overall value, the values by phase, or both."""

    unit: UnitOfMeasure | None
    decimals: int
    overall: Callable[[MeterReading], float | None] | None
    by_phase: Callable[[MeterReading], tuple[float, ...]] | None = None
    phases: tuple[Phase, ...] = ()
    location: Location | None = None
    """None where it is the Outlet, which an absent field means."""
    overall_beside_phases: bool = False


def _no_phases(_reading: MeterReading) -> tuple[float, ...]:
    return ()


_QUANTITIES: dict[Measurand, _Quantity] = {
    # Registers are whole Wh, as the meter's display and meterStart are (MV-33)
    Measurand.Energy_Active_Import_Register: _Quantity(
        UnitOfMeasure.Wh, 0, lambda reading: int(reading.energy_wh)
    ),
    Measurand.Power_Active_Import: _Quantity(
        UnitOfMeasure.W,
        1,
        lambda reading: reading.power_w,
        lambda reading: reading.phase_power_w,
        LINES,
        overall_beside_phases=True,
    ),
    Measurand.Power_Offered: _Quantity(UnitOfMeasure.W, 1, lambda reading: reading.power_offered_w),
    Measurand.Current_Import: _Quantity(
        UnitOfMeasure.A,
        2,
        lambda reading: reading.current_a,
        lambda reading: reading.phase_current_a,
        LINES,
    ),
    Measurand.Current_Offered: _Quantity(
        UnitOfMeasure.A, 2, lambda reading: reading.current_offered_a
    ),
    Measurand.Voltage: _Quantity(
        UnitOfMeasure.V,
        1,
        lambda reading: reading.voltage_v,
        lambda reading: reading.phase_voltage_v,
        LINES_TO_NEUTRAL,
    ),
    # Frequency has no unit: there is none for it (errata 3.84)
    Measurand.Frequency: _Quantity(None, 2, lambda reading: reading.frequency_hz),
    Measurand.Power_Factor: _Quantity(None, 3, lambda reading: reading.power_factor),
    Measurand.Temperature: _Quantity(
        UnitOfMeasure.Celsius,
        1,
        lambda reading: reading.temperature_celsius,
        location=Location.Body,
    ),
    Measurand.SoC: _Quantity(
        UnitOfMeasure.Percent, 1, lambda reading: reading.soc_percent, location=Location.EV
    ),
}


class SamplePlan:
    """A measurand list made ready; shared by all chargers that have the same list."""

    __slots__ = ("has_interval", "selections")

    def __init__(self, selections: tuple[MeasurandSelection, ...]) -> None:
        self.selections = tuple(
            selection
            for selection in selections
            if selection.measurand is not Measurand.Energy_Active_Import_Interval
        )
        self.has_interval = len(self.selections) < len(selections)

    def __bool__(self) -> bool:
        return bool(self.selections) or self.has_interval

    def sample(self, reading: MeterReading, context: ReadingContext) -> list[SampledValue]:
        """One SampledValue per measurand and phase; ``.Interval`` measurands aside."""
        values: list[SampledValue] = []
        for selection in self.selections:
            _sample(selection, reading, context, values)
        return values


def interval_value(energy_wh: float, context: ReadingContext) -> SampledValue:
    """Energy.Active.Import.Interval: the energy of one interval."""
    return SampledValue(
        value=f"{energy_wh:.1f}",
        context=context,
        measurand=Measurand.Energy_Active_Import_Interval,
        unit=UnitOfMeasure.Wh,
    )


@lru_cache(maxsize=1024)
def plan_for(
    text: str, capabilities: MeterCapabilities, default: MeasurandSelection | None = None
) -> SamplePlan:
    """The plan of a key's value; ``default`` is what an empty one means."""
    selections = parse_selections(text, capabilities)
    return SamplePlan(selections or ((default,) if default else ()))


@lru_cache(maxsize=1024)
def merged_plan(one: SamplePlan, other: SamplePlan) -> SamplePlan:
    """Every measurand of two plans, once."""
    return SamplePlan(tuple(dict.fromkeys((*one.selections, *other.selections))))


def _sample(
    selection: MeasurandSelection,
    reading: MeterReading,
    context: ReadingContext,
    values: list[SampledValue],
) -> None:
    quantity = _QUANTITIES[selection.measurand]
    by_phase = (quantity.by_phase or _no_phases)(reading)
    if selection.phase is not None:
        # The number in the name counts from L1; L1 and L1-N are the same line here
        index = int(selection.phase.value[1]) - 1
        if index < len(by_phase):
            values.append(
                _value(selection.measurand, quantity, by_phase[index], context, selection.phase)
            )
        return
    if quantity.overall is not None and (not by_phase or quantity.overall_beside_phases):
        overall = quantity.overall(reading)
        if overall is not None:
            values.append(_value(selection.measurand, quantity, overall, context, None))
        if len(by_phase) == 1 and quantity.overall_beside_phases:
            return
    for phase, number in zip(quantity.phases, by_phase, strict=False):
        values.append(_value(selection.measurand, quantity, number, context, phase))


def _value(
    measurand: Measurand,
    quantity: _Quantity,
    number: float,
    context: ReadingContext,
    phase: Phase | None,
) -> SampledValue:
    return SampledValue(
        value=f"{number:.{quantity.decimals}f}",
        context=context,
        measurand=measurand,
        phase=phase,
        location=quantity.location,
        unit=quantity.unit,
    )
