"""One outlet of a charger: its offer, its contactor, its meter, and the vehicle behind it."""

from __future__ import annotations

from math import inf
from typing import Final

from .battery import Stretch, plan_charge
from .meter import Reading
from .noise import NOMINAL_VOLTAGE_V, Noise
from .vehicle import LEAST_POWER_W, POWER_FACTOR, PowerType, Vehicle

NEVER: Final = inf

_TEMPERATURE_RISE_K: Final = 18.0
"""How much warmer than the air an outlet is in its steady state at full power."""


class Evse:
    """Charges the connected vehicle at what the offer and the vehicle allow.

    Time is on the simulated clock and only moves forward: an earlier ``now_s`` than one seen
    before means that one. Invariants: the energy register never falls; the power is never
    above the offer, which is never above ``max_power_w``; the battery gains exactly the
    register's rise times the vehicle's efficiency; none of it depends on how often the EVSE is
    looked at.
    """

    __slots__ = (
        "_base_wh",
        "_energy_wh",
        "_noise",
        "_now_s",
        "_offered_phases",
        "_offered_w",
        "_plan",
        "_power_w",
        "_reading",
        "_step",
        "_vehicle",
        "max_power_w",
        "phases",
        "power_type",
    )

    def __init__(
        self,
        *,
        power_type: PowerType,
        max_power_w: float,
        phases: int,
        noise: Noise,
        energy_wh: float = 0.0,
    ) -> None:
        """``phases`` (1 or 3) is of no meaning for DC; ``energy_wh`` is what the meter shows.

        Raise ``ValueError`` for hardware that cannot be.
        """
        if not 0.0 < max_power_w < inf:
            raise ValueError(f"the power of an outlet is above 0 W, not {max_power_w:g}")
        if power_type == "AC" and phases not in (1, 3):
            raise ValueError(f"an AC outlet has 1 or 3 phases, not {phases}")
        self.power_type: Final[PowerType] = power_type
        self.max_power_w: Final = max_power_w
        self.phases: Final = phases if power_type == "AC" else 0
        self._noise = noise
        self._vehicle: Vehicle | None = None
        self._offered_w = 0.0
        self._offered_phases = self.phases
        self._energy_wh = energy_wh
        self._base_wh = energy_wh
        self._plan: tuple[Stretch, ...] = ()
        self._step = 0
        self._power_w = 0.0
        self._now_s = -inf
        self._reading: Reading | None = None

    @property
    def vehicle(self) -> Vehicle | None:
        """The vehicle that is connected, as it was at the last instant looked at."""
        return self._vehicle

    @property
    def now_s(self) -> float:
        """The last instant looked at; minus infinity before the first."""
        return self._now_s

    @property
    def energy_wh(self) -> float:
        """The register at the last instant looked at."""
        return self._energy_wh

    @property
    def offered_power_w(self) -> float:
        """The power that the vehicle may take; 0 while the contactor is open."""
        return self._offered_w

    @property
    def full_at_s(self) -> float:
        """When the battery will be full if nothing changes; ``NEVER`` while nothing flows."""
        return self._plan[-1].ends_at_s if self._plan else NEVER

    def connect(self, vehicle: Vehicle, now_s: float) -> None:
        """Bring a vehicle; there is none connected."""
        self.settle(now_s)
        self._vehicle = vehicle
        self._replan()

    def disconnect(self, now_s: float) -> None:
        """Take the vehicle away, with the charge that it has got."""
        self.settle(now_s)
        self._vehicle = None
        self._replan()

    @property
    def offered_phases(self) -> int:
        """The phases that the offer is over; 0 for DC."""
        return self._offered_phases

    def offer(self, power_w: float, now_s: float, phases: int | None = None) -> None:
        """Let the vehicle take up to ``power_w`` (at most ``max_power_w``); 0 opens the contactor.

        For AC the offer is a current a phase at nominal voltage: ``power_w`` over ``phases``
        of the outlet's phases (None: all of them); the others are switched off, and no phase
        gives more than its share of ``max_power_w``.
        """
        self.settle(now_s)
        over = self.phases if phases is None else min(phases, self.phases)
        highest_w = self.max_power_w * (over / self.phases) if self.phases else self.max_power_w
        offered_w = min(max(power_w, 0.0), highest_w)
        if offered_w != self._offered_w or over != self._offered_phases:
            self._offered_w = offered_w
            self._offered_phases = over
            self._replan()

    def set_willing(self, willing: bool, now_s: float) -> None:
        """Let the connected vehicle ask for energy, or pause it."""
        self.settle(now_s)
        if self._vehicle is not None:
            self._vehicle.willing = willing
        self._replan()

    def restore_energy(self, energy_wh: float) -> None:
        """Set the register forward to what it showed before; it never falls."""
        self._energy_wh = self._base_wh = max(self._energy_wh, energy_wh)
        self._reading = None

    def catch_up(self, energy_wh: float) -> None:
        """The register is known to have shown more: the connected vehicle got the difference."""
        delivered_wh = energy_wh - self._energy_wh
        vehicle = self._vehicle
        if delivered_wh <= 0.0:
            return
        if vehicle is not None:
            spec = vehicle.spec
            efficiency = spec.ac_efficiency if self.power_type == "AC" else spec.dc_efficiency
            battery = vehicle.battery
            battery.stored_wh = min(
                battery.capacity_wh, battery.stored_wh + delivered_wh * efficiency
            )
        self._energy_wh = energy_wh
        self._replan()

    def read(self, now_s: float) -> Reading:
        """The meter at ``now_s``; asking again for the same instant costs nothing."""
        if self._reading is None or now_s > self._now_s:
            self.settle(now_s)
            self._reading = self._read_dc() if self.power_type == "DC" else self._read_ac()
        return self._reading

    def settle(self, now_s: float) -> None:
        """Let the time pass: bring register, battery and power to ``now_s``."""
        if now_s > self._now_s:
            self._now_s = now_s
            self._reading = None
            self._flow()

    def _flow(self) -> None:
        """Find register, battery and power on the foreseen course of charging."""
        vehicle = self._vehicle
        if not self._plan or vehicle is None:
            return
        stretch = self._plan[self._step]
        while self._now_s >= stretch.ends_at_s:
            self._base_wh += stretch.energy_wh
            vehicle.battery.stored_wh = stretch.end_stored_wh
            self._step += 1
            if self._step == len(self._plan):
                self._plan = ()
                self._power_w = 0.0
                self._energy_wh = max(self._energy_wh, self._base_wh)
                return
            stretch = self._plan[self._step]
        self._power_w, energy_wh, vehicle.battery.stored_wh = stretch.flow(self._now_s)
        # A later instant may round to a register one bit lower.
        self._energy_wh = max(self._energy_wh, self._base_wh + energy_wh)

    def _replan(self) -> None:
        """Foresee the charging from here on, after something has changed."""
        self._reading = None
        self._base_wh = self._energy_wh
        self._plan = ()
        self._step = 0
        self._power_w = 0.0
        vehicle = self._vehicle
        if vehicle is None or not vehicle.draws or self._offered_w < LEAST_POWER_W:
            return
        spec = vehicle.spec
        if not spec.can_take(self.power_type):
            return
        self._plan = plan_charge(
            spec.power_knots(self.power_type, self._offered_w, self._offered_phases),
            vehicle.battery.stored_wh,
            spec.ac_efficiency if self.power_type == "AC" else spec.dc_efficiency,
            self._now_s,
        )
        self._flow()

    def _read_ac(self) -> Reading:
        phases = self.phases
        voltages_v: tuple[float, ...] = self._noise.voltages_v(self._now_s)
        if phases != 3:
            voltages_v = voltages_v[:phases]
        vehicle = self._vehicle
        power_w = self._power_w
        used = self._offered_phases
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
            self._energy_wh,
            power_w,
            sum(voltages_v) / phases,
            current_a,
            voltages_v,
            currents_a,
            powers_w,
            power_factor,
            self._noise.frequency_hz(self._now_s),
            self._temperature_celsius(),
            None if vehicle is None else vehicle.battery.soc_percent,
            self._offered_w / (NOMINAL_VOLTAGE_V * self._offered_phases),
            self._offered_w * (used / self._offered_phases),
        )

    def _read_dc(self) -> Reading:
        vehicle = self._vehicle
        power_w = self._power_w
        # The output is dead until the contactor has closed on a vehicle.
        if vehicle is None or self._offered_w <= 0.0:
            voltage_v = current_a = offered_a = 0.0
        else:
            voltage_v = vehicle.battery.terminal_voltage_v(power_w)
            current_a = power_w / voltage_v
            offered_a = self._offered_w / voltage_v
        return Reading(
            self._energy_wh,
            power_w,
            voltage_v,
            current_a,
            (),
            (),
            (),
            1.0,
            self._noise.frequency_hz(self._now_s),
            self._temperature_celsius(),
            None if vehicle is None else vehicle.battery.soc_percent,
            offered_a,
            self._offered_w,
        )

    def _temperature_celsius(self) -> float:
        load = self._power_w / self.max_power_w
        return self._noise.ambient_celsius(self._now_s) + _TEMPERATURE_RISE_K * load * load


__all__ = ["NEVER", "Evse"]
