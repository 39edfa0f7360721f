"""From a meter reading to the SampledValues of a measurand list (1.6 ed.2 §3.16, §7.31-7.45)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from typing import NamedTuple

import msgspec

from ocppsim.chargepoint.hardware import MeterReading
from ocppsim.protocol.v16.datatypes import SampledValue
from ocppsim.protocol.v16.enums import Location, Measurand, Phase, ReadingContext, UnitOfMeasure

from .configuration.measurands import MeasurandSelection, MeterCapabilities, parse_selections
from .sample_text import sampled_value_template

DEFAULT_SELECTION = MeasurandSelection(Measurand.Energy_Active_Import_Register)
"""What an empty MeterValuesSampledData or MeterValuesAlignedData means (AMB-9)."""

LINES = (Phase.L1, Phase.L2, Phase.L3)
LINES_TO_NEUTRAL = (Phase.L1_N, Phase.L2_N, Phase.L3_N)


def _no_phases(_reading: MeterReading) -> tuple[float, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class _Quantity:
    """How a measurand is read: the overall value, the values by phase, or both."""

    unit: UnitOfMeasure | None
    decimals: int
    overall: Callable[[MeterReading], float | None]
    by_phase: Callable[[MeterReading], tuple[float, ...]] = _no_phases
    phases: tuple[Phase, ...] = ()
    location: Location | None = None
    """None where it is the Outlet, which an absent field means."""
    overall_beside_phases: bool = False


class Registers(msgspec.Struct, frozen=True, gc=False):
    """The import registers at one instant."""

    active_wh: float
    reactive_varh: float

    @classmethod
    def of(cls, reading: MeterReading) -> Registers:
        """Those of a reading."""
        return cls(reading.energy_wh, reading.reactive_energy_varh)


INTERVALS: dict[Measurand, tuple[UnitOfMeasure, Callable[[Registers, Registers], float]]] = {
    Measurand.Energy_Active_Import_Interval: (
        UnitOfMeasure.Wh,
        lambda since, now: now.active_wh - since.active_wh,
    ),
    Measurand.Energy_Reactive_Import_Interval: (
        UnitOfMeasure.varh,
        lambda since, now: now.reactive_varh - since.reactive_varh,
    ),
    Measurand.Energy_Active_Export_Interval: (UnitOfMeasure.Wh, lambda _since, _now: 0.0),
    Measurand.Energy_Reactive_Export_Interval: (UnitOfMeasure.varh, lambda _since, _now: 0.0),
}
"""What happened between two instants, from the registers at both."""


def _nothing(_reading: MeterReading) -> float:
    """What is fed back."""
    return 0.0


def _neutral_current_a(reading: MeterReading) -> float | None:
    """What the line currents leave, each at the same angle to its voltage, 120° apart."""
    lines = reading.phase_current_a
    if len(lines) < len(LINES):
        return max(lines, default=None)
    one, two, three = lines
    squares = one * one + two * two + three * three
    return sqrt(max(0.0, squares - one * two - two * three - three * one))


def _voltage_between(first: int, second: int) -> Callable[[MeterReading], float | None]:
    """Between two lines whose voltages are 120° apart."""

    def voltage_v(reading: MeterReading) -> float | None:
        lines = reading.phase_voltage_v
        if max(first, second) >= len(lines):
            return None
        one, other = lines[first], lines[second]
        return sqrt(one * one + other * other + one * other)

    return voltage_v


_ON_DEMAND: dict[Measurand, dict[Phase, Callable[[MeterReading], float | None]]] = {
    Measurand.Current_Import: {Phase.N: _neutral_current_a},
    Measurand.Voltage: {
        Phase.L1_L2: _voltage_between(0, 1),
        Phase.L2_L3: _voltage_between(1, 2),
        Phase.L3_L1: _voltage_between(2, 0),
    },
}
"""What follows from the lines' values, and is told only where a list names the phase."""


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
    Measurand.Power_Reactive_Import: _Quantity(
        UnitOfMeasure.var,
        1,
        lambda reading: reading.reactive_power_var,
        lambda reading: reading.phase_reactive_power_var,
        LINES,
        overall_beside_phases=True,
    ),
    Measurand.Energy_Reactive_Import_Register: _Quantity(
        UnitOfMeasure.varh, 0, lambda reading: int(reading.reactive_energy_varh)
    ),
    Measurand.Energy_Active_Export_Register: _Quantity(UnitOfMeasure.Wh, 0, _nothing),
    Measurand.Energy_Reactive_Export_Register: _Quantity(UnitOfMeasure.varh, 0, _nothing),
    Measurand.Power_Active_Export: _Quantity(UnitOfMeasure.W, 1, _nothing),
    Measurand.Power_Reactive_Export: _Quantity(UnitOfMeasure.var, 1, _nothing),
    Measurand.Current_Export: _Quantity(UnitOfMeasure.A, 2, _nothing),
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


_EVEN = frozenset(
    {
        Measurand.Energy_Active_Import_Register,
        Measurand.Energy_Active_Export_Register,
        Measurand.Energy_Reactive_Export_Register,
        Measurand.Power_Active_Export,
        Measurand.Power_Reactive_Export,
        Measurand.Current_Export,
        Measurand.Power_Offered,
        Measurand.Current_Offered,
    }
)
"""What stays as it is, or rises evenly, while an outlet gives constant power.

Each is one number, whatever phases there are.
"""


class _Texts(NamedTuple):
    """How a selection is written in one context: by ``simple`` where it is always one number."""

    simple: str | None
    overall: Callable[[MeterReading], float | None]
    selection: MeasurandSelection
    quantity: _Quantity
    by_phase: dict[Phase | None, str]


class SamplePlan:
    """A measurand list made ready; shared by all chargers that have the same list."""

    __slots__ = ("_texts", "has_interval", "intervals", "selections")

    def __init__(self, selections: tuple[MeasurandSelection, ...]) -> None:
        self.selections = tuple(
            selection for selection in selections if selection.measurand not in INTERVALS
        )
        self.intervals = tuple(
            dict.fromkeys(
                selection.measurand for selection in selections if selection.measurand in INTERVALS
            )
        )
        self.has_interval = bool(self.intervals)
        self._texts: dict[ReadingContext, tuple[_Texts, ...]] = {}

    def __bool__(self) -> bool:
        return bool(self.selections) or self.has_interval

    def sample(self, reading: MeterReading, context: ReadingContext) -> list[SampledValue]:
        """One SampledValue per measurand and phase; ``.Interval`` measurands aside."""
        return [
            SampledValue(
                value=f"{number:.{quantity.decimals}f}",
                context=context,
                measurand=selection.measurand,
                phase=phase,
                location=quantity.location,
                unit=quantity.unit,
            )
            for selection in self.selections
            for quantity in (_QUANTITIES[selection.measurand],)
            for phase, number in _numbers(selection, quantity, reading)
        ]

    def sample_texts(self, reading: MeterReading, context: ReadingContext) -> list[str]:
        """The same as JSON, at a fraction of the cost."""
        written = self._texts.get(context)
        if written is None:
            written = self._texts[context] = tuple(
                _texts(selection, context) for selection in self.selections
            )
        texts: list[str] = []
        for simple, overall, selection, quantity, by_phase in written:
            if simple is None:
                for phase, number in _numbers(selection, quantity, reading):
                    texts.append(by_phase[phase] % number)
            else:
                number = overall(reading)
                if number is not None:
                    texts.append(simple % number)
        return texts

    def around_register(
        self, reading: MeterReading, context: ReadingContext
    ) -> tuple[str, str] | None:
        """The SampledValues of a time in which but for the register nothing changes.

        JSON, what comes before the register's whole Wh and what comes behind. None where there
        is anything else that changes by itself. What is offered is taken from ``reading``.
        """
        measurands = [selection.measurand for selection in self.selections]
        if (
            not _EVEN.issuperset(measurands)
            or measurands.count(Measurand.Energy_Active_Import_Register) != 1
        ):
            return None
        texts = self.sample_texts(reading, context)
        if len(texts) != len(self.selections):
            return None
        at = measurands.index(Measurand.Energy_Active_Import_Register)
        texts[at] = _register_text(context)
        return _around(",".join(texts), "%d")

    def sample_interval(
        self, since: Registers, now: Registers, context: ReadingContext
    ) -> list[SampledValue]:
        """The ``.Interval`` measurands: the energy between two instants."""
        values: list[SampledValue] = []
        for measurand in self.intervals:
            unit, energy = INTERVALS[measurand]
            values.append(
                SampledValue(
                    value=f"{energy(since, now):.1f}",
                    context=context,
                    measurand=measurand,
                    unit=unit,
                )
            )
        return values


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


@lru_cache(maxsize=256)
def _around(text: str, place: str) -> tuple[str, str]:
    """What is before a place and behind it; chargers that are alike share both."""
    before, _, behind = text.partition(place)
    return before, behind


def _register_text(context: ReadingContext) -> str:
    quantity = _QUANTITIES[Measurand.Energy_Active_Import_Register]
    return sampled_value_template(
        Measurand.Energy_Active_Import_Register, 0, context, None, None, quantity.unit
    )


def _texts(selection: MeasurandSelection, context: ReadingContext) -> _Texts:
    quantity = _QUANTITIES[selection.measurand]
    by_phase = {
        phase: sampled_value_template(
            selection.measurand,
            quantity.decimals,
            context,
            phase,
            quantity.location,
            quantity.unit,
        )
        for phase in (None, *Phase)
    }
    is_simple = selection.phase is None and quantity.by_phase is _no_phases
    simple = by_phase[None] if is_simple else None
    return _Texts(simple, quantity.overall, selection, quantity, by_phase)


def _numbers(
    selection: MeasurandSelection, quantity: _Quantity, reading: MeterReading
) -> list[tuple[Phase | None, float]]:
    """What a selection reads: on which phase (None: of all), and how much."""
    if selection.phase is not None:
        number = _on_phase(selection.measurand, selection.phase, reading)
        return [] if number is None else [(selection.phase, number)]
    by_phase = quantity.by_phase(reading)
    found: list[tuple[Phase | None, float]] = []
    if not by_phase or quantity.overall_beside_phases:
        overall = quantity.overall(reading)
        if overall is not None:
            found.append((None, overall))
        if len(by_phase) == 1 and quantity.overall_beside_phases:
            return found
    found.extend(zip(quantity.phases, by_phase, strict=False))
    return found


def _on_phase(measurand: Measurand, phase: Phase, reading: MeterReading) -> float | None:
    """The value on one phase; None where the connector does not have it."""
    derived = _ON_DEMAND.get(measurand, {}).get(phase)
    if derived is not None:
        return derived(reading)
    by_phase = _QUANTITIES[measurand].by_phase(reading)
    # The number in the name counts from L1; L1 and L1-N are the same line here
    index = int(phase.value[1]) - 1
    return by_phase[index] if index < len(by_phase) else None
