"""What the electricity meters of a charger show at one instant."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Final, Protocol

import msgspec

from .noise import Noise
from .vehicle import POWER_FACTOR

REACTIVE_SHARE: Final = sqrt(1.0 - POWER_FACTOR * POWER_FACTOR) / POWER_FACTOR
"""tan(phi): reactive power, and with a constant power factor reactive energy, over active."""


class Reading(Protocol):
    """One instant of one meter and the vehicle behind it; all numbers agree with each other.

    AC: ``power_w = sum(U I) * power_factor`` over the phases, which are listed from L1 on as
    the supply has them; ``voltage_v`` is their mean and ``current_a`` their largest. DC:
    ``power_w = voltage_v * current_a`` at the output, and the tuples are empty.
    ``soc_percent`` is None without a vehicle. The offered values are what the vehicle may take
    (for AC the current is per phase at nominal voltage, the power on the phases that the vehicle
    has), 0 without an offer.

    The load is inductive: ``reactive_power_var = power_w * tan(phi)``, and the reactive register
    has risen by that over time, as the active one by ``power_w``. DC has none.
    """

    @property
    def energy_wh(self) -> float: ...

    @property
    def power_w(self) -> float: ...

    @property
    def voltage_v(self) -> float: ...

    @property
    def current_a(self) -> float: ...

    @property
    def phase_voltage_v(self) -> tuple[float, ...]: ...

    @property
    def phase_current_a(self) -> tuple[float, ...]: ...

    @property
    def phase_power_w(self) -> tuple[float, ...]: ...

    @property
    def power_factor(self) -> float: ...

    @property
    def frequency_hz(self) -> float: ...

    @property
    def temperature_celsius(self) -> float: ...

    @property
    def soc_percent(self) -> float | None: ...

    @property
    def current_offered_a(self) -> float: ...

    @property
    def power_offered_w(self) -> float: ...

    @property
    def reactive_energy_varh(self) -> float: ...

    @property
    def reactive_power_var(self) -> float:
        """``power_w * tan(phi)``; 0 for DC."""
        ...

    @property
    def phase_reactive_power_var(self) -> tuple[float, ...]:
        """The same for each phase."""
        ...

    def without_vehicle(self) -> Reading:
        """The same, knowing nothing of a state of charge."""
        ...


class InductiveLoad(msgspec.Struct, frozen=True, gc=False):
    """What of a reading follows from its powers and its power factor."""

    @property
    def reactive_power_var(self: Reading) -> float:
        return self.power_w * reactive_share(self.power_factor)

    @property
    def phase_reactive_power_var(self: Reading) -> tuple[float, ...]:
        share = reactive_share(self.power_factor)
        return tuple(watts * share for watts in self.phase_power_w)


def reactive_share(power_factor: float) -> float:
    """Reactive power over active power; none where nothing flows, and for DC."""
    return 0.0 if power_factor == 1.0 else REACTIVE_SHARE


class ReadValues(InductiveLoad, frozen=True, gc=False):
    """A reading that was worked out."""

    energy_wh: float
    power_w: float
    voltage_v: float
    current_a: float
    phase_voltage_v: tuple[float, ...]
    phase_current_a: tuple[float, ...]
    phase_power_w: tuple[float, ...]
    power_factor: float
    frequency_hz: float
    temperature_celsius: float
    soc_percent: float | None
    current_offered_a: float
    power_offered_w: float
    reactive_energy_varh: float

    def without_vehicle(self) -> ReadValues:
        return msgspec.structs.replace(self, soc_percent=None)


def main_meter_phases(connector_phases: Sequence[int]) -> int:
    """How many phases the main meter shows; DC connectors have 0.

    With AC connectors only, the most that any has; with DC connectors only, none; with both,
    three, since DC power electronics hang on all of them.
    """
    most = max(connector_phases)
    return 3 if most and not all(connector_phases) else most


def read_main_meter(readings: Sequence[Reading], noise: Noise, now_s: float) -> Reading:
    """The charger as a whole: the sum of its connectors' readings at ``now_s``.

    A charger of DC connectors only is summed up on its DC side. Where AC and DC connectors
    stand side by side, the DC power counts as a balanced load on the three phases of the
    supply. There is no vehicle behind the main meter, so no state of charge.
    """
    if len(readings) == 1:
        return readings[0].without_vehicle()
    power_w = sum(reading.power_w for reading in readings)
    phases = main_meter_phases([len(reading.phase_voltage_v) for reading in readings])
    direct_w = sum(reading.power_w for reading in readings if not reading.phase_voltage_v)
    if phases == 0:
        current_a = sum(reading.current_a for reading in readings)
        phase_voltage_v: tuple[float, ...] = ()
        phase_current_a: tuple[float, ...] = ()
        phase_power_w: tuple[float, ...] = ()
        voltage_v = (
            power_w / current_a if current_a else max(reading.voltage_v for reading in readings)
        )
    else:
        phase_voltage_v = noise.voltages_v(now_s)[:phases]
        phase_power_w = tuple(
            sum(
                reading.phase_power_w[phase]
                for reading in readings
                if phase < len(reading.phase_power_w)
            )
            + direct_w / phases
            for phase in range(phases)
        )
        phase_current_a = tuple(
            watts / (volts * POWER_FACTOR)
            for watts, volts in zip(phase_power_w, phase_voltage_v, strict=True)
        )
        current_a = max(phase_current_a)
        voltage_v = sum(phase_voltage_v) / phases
    return ReadValues(
        energy_wh=sum(reading.energy_wh for reading in readings),
        power_w=power_w,
        voltage_v=voltage_v,
        current_a=current_a,
        phase_voltage_v=phase_voltage_v,
        phase_current_a=phase_current_a,
        phase_power_w=phase_power_w,
        power_factor=POWER_FACTOR if phases and power_w else 1.0,
        frequency_hz=noise.frequency_hz(now_s),
        temperature_celsius=max(reading.temperature_celsius for reading in readings),
        soc_percent=None,
        current_offered_a=sum(reading.current_offered_a for reading in readings),
        power_offered_w=sum(reading.power_offered_w for reading in readings),
        reactive_energy_varh=_reactive_energy_varh(readings, phases),
    )


def _reactive_energy_varh(readings: Sequence[Reading], phases: int) -> float:
    """On AC supply lines, DC power electronics draw with a power factor as vehicles do."""
    if phases == 0:
        return 0.0
    return sum(
        reading.reactive_energy_varh
        if reading.phase_voltage_v
        else reading.energy_wh * REACTIVE_SHARE
        for reading in readings
    )


__all__ = [
    "REACTIVE_SHARE",
    "InductiveLoad",
    "ReadValues",
    "Reading",
    "main_meter_phases",
    "read_main_meter",
]
