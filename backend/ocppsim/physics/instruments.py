"""The meter of one outlet: turns what flows into what is read."""

from __future__ import annotations

from math import floor
from typing import Final

from .line_reading import LineReading, outlet_celsius
from .meter import REACTIVE_SHARE, Reading, ReadValues
from .noise import Noise
from .vehicle import PowerType, Vehicle


class OutletMeter:
    """Reads one outlet: voltages, currents, powers, energies and temperature that agree.

    A meter that is not perfect shows ``1 + deviation`` times the current that flows, and with it
    that much more power and energy; its registers go up in whole steps of ``resolution_wh``
    (varh). The energy that it shows never falls, not even where it was another meter before.
    """

    __slots__ = (
        "_exact",
        "_gain",
        "_least_wh",
        "_max_power_w",
        "_noise",
        "_offset_wh",
        "_phases",
        "_power_type",
        "_resolution_wh",
    )

    def __init__(
        self,
        *,
        power_type: PowerType,
        max_power_w: float,
        phases: int,
        noise: Noise,
        deviation: float = 0.0,
        resolution_wh: float = 0.0,
    ) -> None:
        """``deviation`` is relative; ``resolution_wh`` 0 means a continuous register."""
        self._power_type: Final[PowerType] = power_type
        self._max_power_w: Final = max_power_w
        self._phases: Final = phases
        self._noise = noise
        self._gain = 1.0 + deviation if deviation else 1.0
        self._resolution_wh = resolution_wh
        self._offset_wh = 0.0
        self._least_wh = 0.0
        self._exact = deviation == 0.0 and resolution_wh == 0.0

    def counted_wh(self, energy_wh: float) -> float:
        """What the meter has counted when ``energy_wh`` has flowed: the register between steps."""
        return energy_wh * self._gain + self._offset_wh

    @property
    def is_exact(self) -> bool:
        """Whether it shows just what has flowed."""
        return self._exact

    def flowed_wh(self, counted_wh: float) -> float:
        """What must have flowed for the meter to have counted that much."""
        return (counted_wh - self._offset_wh) / self._gain

    def set_counted(self, counted_wh: float, energy_wh: float) -> None:
        """Go on from what the meter had counted before, ``energy_wh`` having flowed."""
        self._offset_wh = counted_wh - energy_wh * self._gain
        self._exact = self._exact and self._offset_wh == 0.0

    def set_least(self, shown_wh: float) -> None:
        """The register has shown this before, perhaps in other steps."""
        if not self._exact:
            self._least_wh = max(self._least_wh, shown_wh)

    def read(
        self,
        now_s: float,
        energy_wh: float,
        power_w: float,
        offered_w: float,
        offered_phases: int,
        vehicle: Vehicle | None,
    ) -> Reading:
        """The reading at ``now_s`` of an outlet through which ``power_w`` flows.

        ``energy_wh`` has flowed so far.
        """
        if self._exact:
            shown_wh, reactive_varh = energy_wh, energy_wh * REACTIVE_SHARE
        else:
            counted_wh = self.counted_wh(energy_wh)
            shown_wh = max(self._in_steps(counted_wh), self._least_wh)
            reactive_varh = self._in_steps(max(counted_wh, self._least_wh) * REACTIVE_SHARE)
        if self._power_type == "DC":
            return self._read_dc(now_s, shown_wh, power_w, offered_w, vehicle)
        used = offered_phases
        if vehicle is not None:
            used = min(used, vehicle.spec.ac_phases)
        return LineReading(
            shown_wh,
            power_w * self._gain if power_w > 0.0 else 0.0,
            reactive_varh,
            None if vehicle is None else vehicle.battery.soc_percent,
            self._noise,
            now_s,
            self._phases,
            used,
            offered_w,
            offered_phases,
            power_w / self._max_power_w,
        )

    def _in_steps(self, counted: float) -> float:
        step = self._resolution_wh
        return floor(counted / step) * step if step else counted

    def _read_dc(
        self,
        now_s: float,
        energy_wh: float,
        power_w: float,
        offered_w: float,
        vehicle: Vehicle | None,
    ) -> Reading:
        shown_w = power_w * self._gain
        # The output is dead until the contactor has closed on a vehicle.
        if vehicle is None or offered_w <= 0.0:
            voltage_v = current_a = offered_a = 0.0
        else:
            voltage_v = vehicle.battery.terminal_voltage_v(power_w)
            current_a = shown_w / voltage_v
            offered_a = offered_w / voltage_v
        return ReadValues(
            energy_wh,
            shown_w,
            voltage_v,
            current_a,
            (),
            (),
            (),
            1.0,
            self._noise.frequency_hz(now_s),
            outlet_celsius(self._noise, now_s, power_w / self._max_power_w),
            None if vehicle is None else vehicle.battery.soc_percent,
            offered_a,
            offered_w,
            0.0,
        )


__all__ = ["OutletMeter"]
