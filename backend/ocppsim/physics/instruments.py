"""The meter of one outlet: turns what flows into what is read."""

from __future__ import annotations

from typing import Final

from .meter import Reading
from .noise import NOMINAL_VOLTAGE_V, Noise
from .vehicle import POWER_FACTOR, PowerType, Vehicle

_TEMPERATURE_RISE_K: Final = 18.0
"""How much warmer than the air an outlet is in its steady state at full power."""


class OutletMeter:
    """Reads one outlet: voltages, currents, powers, energy and temperature that agree.

    It keeps no time and no energy of its own; the outlet says what flows.
    """

    __slots__ = ("_max_power_w", "_noise", "_phases", "_power_type")

    def __init__(
        self, *, power_type: PowerType, max_power_w: float, phases: int, noise: Noise
    ) -> None:
        self._power_type: Final[PowerType] = power_type
        self._max_power_w: Final = max_power_w
        self._phases: Final = phases
        self._noise = noise

    def read(
        self,
        now_s: float,
        energy_wh: float,
        power_w: float,
        offered_w: float,
        offered_phases: int,
        vehicle: Vehicle | None,
    ) -> Reading:
        """The reading at ``now_s`` of an outlet through which ``power_w`` flows."""
        if self._power_type == "DC":
            return self._read_dc(now_s, energy_wh, power_w, offered_w, vehicle)
        return self._read_ac(now_s, energy_wh, power_w, offered_w, offered_phases, vehicle)

    def _read_ac(
        self,
        now_s: float,
        energy_wh: float,
        power_w: float,
        offered_w: float,
        offered_phases: int,
        vehicle: Vehicle | None,
    ) -> Reading:
        phases = self._phases
        voltages_v: tuple[float, ...] = self._noise.voltages_v(now_s)
        if phases != 3:
            voltages_v = voltages_v[:phases]
        used = offered_phases
        if vehicle is not None:
            used = min(used, vehicle.spec.ac_phases)
        if power_w > 0.0:
            current_a = power_w / (sum(voltages_v[:used]) * POWER_FACTOR)
            factor_a = current_a * POWER_FACTOR
            currents_a = (current_a,) * used + (0.0,) * (phases - used)
            powers_w = tuple([u * factor_a for u in voltages_v[:used]])
            powers_w += (0.0,) * (phases - used)
            power_factor = POWER_FACTOR
        else:
            current_a = 0.0
            currents_a = powers_w = (0.0,) * phases
            power_factor = 1.0
        return Reading(
            energy_wh,
            power_w,
            sum(voltages_v) / phases,
            current_a,
            voltages_v,
            currents_a,
            powers_w,
            power_factor,
            self._noise.frequency_hz(now_s),
            self._temperature_celsius(now_s, power_w),
            None if vehicle is None else vehicle.battery.soc_percent,
            offered_w / (NOMINAL_VOLTAGE_V * offered_phases),
            offered_w * (used / offered_phases),
        )

    def _read_dc(
        self,
        now_s: float,
        energy_wh: float,
        power_w: float,
        offered_w: float,
        vehicle: Vehicle | None,
    ) -> Reading:
        # The output is dead until the contactor has closed on a vehicle.
        if vehicle is None or offered_w <= 0.0:
            voltage_v = current_a = offered_a = 0.0
        else:
            voltage_v = vehicle.battery.terminal_voltage_v(power_w)
            current_a = power_w / voltage_v
            offered_a = offered_w / voltage_v
        return Reading(
            energy_wh,
            power_w,
            voltage_v,
            current_a,
            (),
            (),
            (),
            1.0,
            self._noise.frequency_hz(now_s),
            self._temperature_celsius(now_s, power_w),
            None if vehicle is None else vehicle.battery.soc_percent,
            offered_a,
            offered_w,
        )

    def _temperature_celsius(self, now_s: float, power_w: float) -> float:
        load = power_w / self._max_power_w
        return self._noise.ambient_celsius(now_s) + _TEMPERATURE_RISE_K * load * load


__all__ = ["OutletMeter"]
