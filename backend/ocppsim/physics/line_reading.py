"""A reading of an AC outlet that works out what somebody asks for, and only then."""

from __future__ import annotations

import msgspec

from .meter import InductiveLoad
from .noise import NOMINAL_VOLTAGE_V, Noise
from .vehicle import POWER_FACTOR

TEMPERATURE_RISE_K = 18.0
"""How much warmer than the air an outlet is in its steady state at full power."""


def outlet_celsius(noise: Noise, now_s: float, load: float) -> float:
    """The temperature of an outlet at ``load`` (1: full power)."""
    return noise.ambient_celsius(now_s) + TEMPERATURE_RISE_K * load * load


class LineReading(InductiveLoad, frozen=True, gc=False):
    """A :class:`~.meter.Reading` at ``now_s``, on the first ``phases`` lines of a supply.

    The supply is a pure function of time, so it does not matter when somebody asks. ``used``
    lines carry the power, of ``offered_phases`` that the vehicle may use; ``load`` is what flows
    over the most that can.
    """

    energy_wh: float
    power_w: float
    reactive_energy_varh: float
    soc_percent: float | None
    noise: Noise
    now_s: float
    phases: int
    used: int
    offered_w: float
    offered_phases: int
    load: float

    @property
    def phase_voltage_v(self) -> tuple[float, ...]:
        return self.noise.voltages_v(self.now_s)[: self.phases]

    @property
    def voltage_v(self) -> float:
        return sum(self.phase_voltage_v) / self.phases

    @property
    def current_a(self) -> float:
        return self._watts_per_volt / POWER_FACTOR

    @property
    def phase_current_a(self) -> tuple[float, ...]:
        current_a = self.current_a
        if self.used == self.phases:
            return (current_a,) * self.phases
        return (current_a,) * self.used + (0.0,) * (self.phases - self.used)

    @property
    def phase_power_w(self) -> tuple[float, ...]:
        share = self._watts_per_volt
        voltages_v = self.phase_voltage_v
        if self.used == self.phases:
            return tuple([volts * share for volts in voltages_v])
        idle = (0.0,) * (self.phases - self.used)
        return tuple([volts * share for volts in voltages_v[: self.used]]) + idle

    @property
    def power_factor(self) -> float:
        return POWER_FACTOR if self.load > 0.0 else 1.0

    @property
    def frequency_hz(self) -> float:
        return self.noise.frequency_hz(self.now_s)

    @property
    def temperature_celsius(self) -> float:
        return outlet_celsius(self.noise, self.now_s, self.load)

    @property
    def current_offered_a(self) -> float:
        return self.offered_w / (NOMINAL_VOLTAGE_V * self.offered_phases)

    @property
    def power_offered_w(self) -> float:
        return self.offered_w * (self.used / self.offered_phases)

    def without_vehicle(self) -> LineReading:
        return msgspec.structs.replace(self, soc_percent=None)

    @property
    def _watts_per_volt(self) -> float:
        """The same on every line in use: the current, but for the power factor."""
        if self.load <= 0.0:
            return 0.0
        return self.power_w / sum(self.noise.voltages_v(self.now_s)[: self.used])


__all__ = ["LineReading", "outlet_celsius"]
