"""A vehicle as a charger sees it: a battery behind an on-board charger or a DC inlet."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from math import inf
from typing import Final, Literal

import msgspec

from .battery import OCV_SHAPES, Battery, Chemistry
from .curve import Knot, clip, lower_of, raised, up_to
from .noise import LOWEST_VOLTAGE_V, NOMINAL_VOLTAGE_V
from .taper import taper_of

PowerType = Literal["AC", "DC"]

POWER_FACTOR: Final = 0.995
"""Of an on-board charger under load; active correction brings it to 0.99 and above."""

CUT_OFF_C_RATE: Final = 0.02
"""A battery never takes less than this before it is full, whatever its curve says.

In 1/h. Cells end the constant-voltage stage at a cut-off current of C/50 to C/20; without it
a curve that falls to zero at 100 % would never get there.
"""

LEAST_POWER_W: Final = 1.0
"""Less than that counts as nothing; a charge that takes years has no course to be foreseen."""

OHMIC_SHARE: Final = 0.6
"""The share of the DC charging losses at full power that is the pack's resistance.

The rest is cooling, contactors and the battery management.
"""

WARM_CELSIUS: Final = 25.0
"""Up to here charging warms a battery; then the thermal management keeps the temperature."""


class CurvePoint(msgspec.Struct, frozen=True, gc=False):
    """One point of a DC charging curve: the power at the outlet at a state of charge."""

    soc_percent: float
    power_kw: float


class DeratingPoint(msgspec.Struct, frozen=True, gc=False):
    """What a battery of that temperature takes at most, as a share of the greatest power."""

    celsius: float
    share: float


class VehicleSpec(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What a vehicle model can do; raises ``ValueError`` where the numbers cannot be.

    ``ac_max_power_kw`` is the on-board charger's over all its ``ac_phases`` (1 to 3), and
    ``dc_max_power_kw`` the inlet's; 0 means that it has none. ``dc_charging_curve`` is linear
    between its points, level outside them, and never above ``dc_max_power_kw``; an empty one
    stands for what ``chemistry`` gives: a curve of the usual shape for ``generic``, else
    constant current and then constant voltage. ``dc_max_current_a`` is the inlet's, None where
    nothing limits it. The efficiencies are from the outlet, less ``auxiliary_power_w``, to what
    the battery keeps. ``nominal_voltage_v`` is the battery's.

    It declines to charge on less than ``ac_min_current_a`` a phase (no offer is below 6 A) or
    ``dc_min_power_kw``, and asks for nothing from ``target_soc_percent`` on.
    ``reaction_delay_s`` is from a new offer to the first change, and the ramps say how fast it
    changes then, up and down; 0 is at once. ``cold_derating`` is linear between its points and
    level outside them, and ``warming_kelvin_per_percent`` what one percent of charge warms a
    cold battery.
    """

    name: str
    battery_capacity_kwh: float = 100.0
    ac_phases: int = 3
    ac_max_power_kw: float = 11.0
    dc_max_power_kw: float = 150.0
    dc_charging_curve: tuple[CurvePoint, ...] = ()
    ac_efficiency: float = 0.9
    dc_efficiency: float = 0.95
    nominal_voltage_v: float = 400.0
    chemistry: Chemistry = "generic"
    ac_min_current_a: float = 6.0
    dc_min_power_kw: float = 0.0
    dc_max_current_a: float | None = None
    reaction_delay_s: float = 0.0
    ac_ramp_a_per_s: float = 0.0
    dc_ramp_kw_per_s: float = 0.0
    auxiliary_power_w: float = 0.0
    target_soc_percent: float = 100.0
    cold_derating: tuple[DeratingPoint, ...] = ()
    warming_kelvin_per_percent: float = 0.4

    def __post_init__(self) -> None:
        for name in _ABOVE_0:
            if not 0.0 < getattr(self, name) < inf:
                raise ValueError(f"{name} must be above 0")
        for name in _FROM_0:
            if not 0.0 <= getattr(self, name) < inf:
                raise ValueError(f"{name} must be 0 or above")
        for name in ("ac_efficiency", "dc_efficiency"):
            if not 0.0 < getattr(self, name) <= 1.0:
                raise ValueError(f"{name} must be above 0 and at most 1")
        if self.ac_phases not in (1, 2, 3):
            raise ValueError("ac_phases must be 1, 2 or 3")
        if self.dc_max_current_a is not None and not 0.0 < self.dc_max_current_a < inf:
            raise ValueError("dc_max_current_a must be above 0")
        if not 0.0 < self.target_soc_percent <= 100.0:
            raise ValueError("target_soc_percent must be above 0 and at most 100")
        if self.warming_kelvin_per_percent > 100.0:
            raise ValueError("warming_kelvin_per_percent must be at most 100")
        self._check_curve()
        self._check_derating()

    @property
    def battery_capacity_wh(self) -> float:
        """Usable energy of the battery."""
        return self.battery_capacity_kwh * 1000.0

    @property
    def auxiliary_w(self) -> float:
        """The auxiliary load, unless it is next to nothing."""
        return self.auxiliary_power_w if self.auxiliary_power_w >= LEAST_POWER_W else 0.0

    @property
    def target_wh(self) -> float:
        """The stored energy at which it stops asking."""
        return self.battery_capacity_wh * (self.target_soc_percent / 100.0)

    @property
    def battery_resistance_ohm(self) -> float:
        """Such that the ohmic loss at full DC power is ``OHMIC_SHARE`` of all DC losses."""
        if not self.can_take("DC"):
            return 0.0
        loss = OHMIC_SHARE * (1.0 - self.dc_efficiency)
        return loss * self.nominal_voltage_v**2 / (self.dc_max_power_kw * 1000.0)

    def can_take(self, power_type: PowerType) -> bool:
        """Whether it has a way in for alternating or for direct current."""
        power_kw = self.ac_max_power_kw if power_type == "AC" else self.dc_max_power_kw
        return power_kw * 1000.0 >= LEAST_POWER_W

    def efficiency(self, power_type: PowerType) -> float:
        """The share that the battery keeps."""
        return self.ac_efficiency if power_type == "AC" else self.dc_efficiency

    def ramp_w_per_s(self, power_type: PowerType, supply_phases: int) -> float:
        """How fast its power changes after a new offer; 0: at once.

        What is at once to any clock, or takes years, is rounded so that it can be computed.
        """
        if power_type == "DC":
            ramp_w_per_s = self.dc_ramp_kw_per_s * 1000.0
        else:
            used_phases = min(self.ac_phases, supply_phases)
            ramp_w_per_s = self.ac_ramp_a_per_s * used_phases * LOWEST_VOLTAGE_V * POWER_FACTOR
        if ramp_w_per_s == 0.0 or ramp_w_per_s > _FASTEST_RAMP_W_PER_S:
            return 0.0
        return max(ramp_w_per_s, _SLOWEST_RAMP_W_PER_S)

    def level_w(self, power_type: PowerType, offered_w: float, supply_phases: int) -> float:
        """The most that an offer lets it take at the outlet; its own limits come beside that.

        An AC offer is over all ``supply_phases``: a current a phase at nominal voltage, and the
        draw must keep to it at the lowest supply voltage.
        """
        if power_type == "DC":
            return offered_w
        used_phases = min(self.ac_phases, supply_phases)
        current_a = offered_w / (NOMINAL_VOLTAGE_V * supply_phases)
        return used_phases * current_a * LOWEST_VOLTAGE_V * POWER_FACTOR

    def ac_power_w(self, offered_w: float, supply_phases: int) -> float:
        """What it draws of an AC offer when its battery is warm."""
        used_phases = min(self.ac_phases, supply_phases)
        own_w = self.ac_max_power_kw * 1000.0 * used_phases / self.ac_phases
        return min(self.level_w("AC", offered_w, supply_phases), own_w)

    def power_knots(
        self,
        power_type: PowerType,
        offered_w: float,
        supply_phases: int,
        cold_cap: list[Knot] | None = None,
    ) -> list[Knot]:
        """The outlet power that it draws of an offer, over the stored energy up to the target.

        ``cold_cap`` is what a cold battery takes at most.
        """
        if power_type == "AC":
            highest_w = self.ac_power_w(offered_w, supply_phases)
            if cold_cap is None:
                return [Knot(0.0, highest_w), Knot(self.target_wh, highest_w)]
            own = self.own_knots("AC", cold_cap)
        else:
            highest_w = offered_w
            own = _warm_dc_knots(self) if cold_cap is None else self.own_knots("DC", cold_cap)
        return clip(own, 0.0, highest_w)

    def own_knots(self, power_type: PowerType, cold_cap: list[Knot] | None) -> list[Knot]:
        """What it would take of an offer without end, up to the target."""
        capacity_wh = self.battery_capacity_wh
        if power_type == "AC":
            own_w = self.ac_max_power_kw * 1000.0
            curve = [Knot(0.0, own_w), Knot(capacity_wh, own_w)]
        else:
            own_w = self.dc_max_power_kw * 1000.0
            curve = clip(self._dc_curve(), 0.0, own_w)
        if cold_cap is not None:
            curve = lower_of(curve, cold_cap)
        lowest_w = min(max(capacity_wh * CUT_OFF_C_RATE, LEAST_POWER_W), own_w)
        curve = raised(clip(curve, lowest_w, inf), self.auxiliary_w)
        if power_type == "DC" and self.dc_max_current_a is not None:
            cap = self._current_cap(self.dc_max_current_a)
            curve = clip(lower_of(curve, cap), lowest_w + self.auxiliary_w, inf)
        return up_to(curve, self.target_wh)

    def cold_cap(self, arrived_wh: float, arrived_celsius: float) -> list[Knot] | None:
        """What the battery takes at most over the stored energy; None where nothing limits it.

        It came with ``arrived_wh`` at ``arrived_celsius``, and warms with every percent that it
        gets, up to ``WARM_CELSIUS``.
        """
        points = self.cold_derating
        if not points:
            return None
        capacity_wh = self.battery_capacity_wh
        greatest_w = max(self.dc_max_power_kw, self.ac_max_power_kw) * 1000.0
        arrived_w = greatest_w * self._share_at(arrived_celsius)
        knots = [Knot(0.0, arrived_w)]
        if self.warming_kelvin_per_percent and arrived_celsius < WARM_CELSIUS:
            wh_per_kelvin = capacity_wh / 100.0 / self.warming_kelvin_per_percent
            corners = sorted({point.celsius for point in points} | {WARM_CELSIUS})
            marks = [arrived_celsius, *(mark for mark in corners if mark > arrived_celsius)]
            for celsius in marks:
                stored_wh = arrived_wh + (celsius - arrived_celsius) * wh_per_kelvin
                if celsius <= WARM_CELSIUS and stored_wh > knots[-1].stored_wh:
                    knots.append(Knot(stored_wh, greatest_w * self._share_at(celsius)))
        if knots[-1].stored_wh < capacity_wh:
            knots.append(Knot(capacity_wh, knots[-1].power_w))
        return up_to(knots, capacity_wh)

    def _share_at(self, celsius: float) -> float:
        points = self.cold_derating
        if celsius <= points[0].celsius:
            return points[0].share
        for before, after in pairwise(points):
            if celsius < after.celsius:
                progress = (celsius - before.celsius) / (after.celsius - before.celsius)
                return before.share + progress * (after.share - before.share)
        return points[-1].share

    def _check_curve(self) -> None:
        for point in self.dc_charging_curve:
            if not 0.0 <= point.soc_percent <= 100.0:
                raise ValueError("dc_charging_curve: soc_percent must be from 0 to 100")
            if not 0.0 <= point.power_kw < inf:
                raise ValueError("dc_charging_curve: power_kw must be 0 or above")
        for before, after in pairwise(self.dc_charging_curve):
            if after.soc_percent <= before.soc_percent:
                raise ValueError("dc_charging_curve: soc_percent must rise from point to point")

    def _check_derating(self) -> None:
        for point in self.cold_derating:
            if not -100.0 <= point.celsius <= 100.0:
                raise ValueError("cold_derating: celsius must be from -100 to 100")
            if not 0.0 <= point.share <= 1.0:
                raise ValueError("cold_derating: share must be from 0 to 1")
        for before, after in pairwise(self.cold_derating):
            if after.celsius <= before.celsius:
                raise ValueError("cold_derating: celsius must rise from point to point")

    def _dc_curve(self) -> list[Knot]:
        capacity_wh = self.battery_capacity_wh
        if not self.dc_charging_curve:
            full_w = self.dc_max_power_kw * 1000.0
            return [
                Knot(capacity_wh * (soc / 100.0), full_w * share)
                for soc, share in taper_of(self.chemistry)
            ]
        knots = [
            Knot(capacity_wh * (point.soc_percent / 100.0), point.power_kw * 1000.0)
            for point in self.dc_charging_curve
        ]
        if knots[0].stored_wh > 0.0:
            knots.insert(0, Knot(0.0, knots[0].power_w))
        if knots[-1].stored_wh < capacity_wh:
            knots.append(Knot(capacity_wh, knots[-1].power_w))
        return knots

    def _current_cap(self, current_a: float) -> list[Knot]:
        """U I at the greatest current: U = OCV + I R is linear between the corners of the OCV."""
        drop_v = current_a * self.battery_resistance_ohm
        return [
            Knot(
                self.battery_capacity_wh * (soc / 100.0),
                current_a * (self.nominal_voltage_v * share + drop_v),
            )
            for soc, share in OCV_SHAPES[self.chemistry]
        ]


_FASTEST_RAMP_W_PER_S: Final = 1e9
_SLOWEST_RAMP_W_PER_S: Final = 1e-6

_ABOVE_0: Final = ("battery_capacity_kwh", "nominal_voltage_v")
_FROM_0: Final = (
    "ac_max_power_kw",
    "dc_max_power_kw",
    "ac_min_current_a",
    "dc_min_power_kw",
    "reaction_delay_s",
    "ac_ramp_a_per_s",
    "dc_ramp_kw_per_s",
    "auxiliary_power_w",
    "warming_kelvin_per_percent",
)


@lru_cache(maxsize=256)
def _warm_dc_knots(spec: VehicleSpec) -> tuple[Knot, ...]:
    """The DC curve of a model; many vehicles are of the same one."""
    return tuple(spec.own_knots("DC", None))


class Vehicle:
    """One vehicle: its model, its battery, and whether its driver lets it charge."""

    __slots__ = ("_arrived_celsius", "_arrived_wh", "_target_wh", "battery", "spec", "willing")

    def __init__(
        self, spec: VehicleSpec, soc_percent: float, battery_celsius: float | None = None
    ) -> None:
        """``battery_celsius`` is what the battery has on arrival; None: it is warm.

        Raise ``ValueError`` for a state of charge outside 0 to 100 %, and for a temperature
        outside -100 to 100 °C.
        """
        if battery_celsius is not None and not -100.0 <= battery_celsius <= 100.0:
            raise ValueError(f"a battery is between -100 and 100 °C, not {battery_celsius:g}")
        self.spec = spec
        self.battery = Battery(
            capacity_wh=spec.battery_capacity_wh,
            soc_percent=soc_percent,
            nominal_voltage_v=spec.nominal_voltage_v,
            resistance_ohm=spec.battery_resistance_ohm,
            chemistry=spec.chemistry,
        )
        self.willing = True
        self._target_wh = spec.target_wh
        self._arrived_celsius = battery_celsius
        self._arrived_wh = self.battery.stored_wh

    @property
    def satisfied(self) -> bool:
        """Whether it has reached its target."""
        return self.battery.stored_wh >= self._target_wh

    @property
    def draws(self) -> bool:
        """Whether it asks for energy: it is let to, and has not reached its target."""
        return self.willing and not self.satisfied

    @property
    def battery_celsius(self) -> float | None:
        """The temperature of its battery now; None: it came warm."""
        arrived_celsius = self._arrived_celsius
        if arrived_celsius is None or arrived_celsius >= WARM_CELSIUS:
            return arrived_celsius
        battery = self.battery
        gained_percent = (battery.stored_wh - self._arrived_wh) / battery.capacity_wh * 100.0
        warmed_celsius = arrived_celsius + gained_percent * self.spec.warming_kelvin_per_percent
        return min(warmed_celsius, WARM_CELSIUS)

    def power_knots(
        self, power_type: PowerType, offered_w: float, supply_phases: int
    ) -> list[Knot]:
        """As :meth:`VehicleSpec.power_knots`, with the temperature of the battery."""
        cold_cap = None
        if self._arrived_celsius is not None:
            cold_cap = self.spec.cold_cap(self._arrived_wh, self._arrived_celsius)
        return self.spec.power_knots(power_type, offered_w, supply_phases, cold_cap)


__all__ = [
    "CUT_OFF_C_RATE",
    "LEAST_POWER_W",
    "OHMIC_SHARE",
    "POWER_FACTOR",
    "WARM_CELSIUS",
    "CurvePoint",
    "DeratingPoint",
    "PowerType",
    "Vehicle",
    "VehicleSpec",
]
