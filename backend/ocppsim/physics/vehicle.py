"""A vehicle as a charger sees it: a battery behind an on-board charger or a DC inlet."""

from __future__ import annotations

from itertools import pairwise
from math import inf
from typing import Final, Literal

import msgspec

from .battery import Battery, Knot, clip
from .noise import LOWEST_VOLTAGE_V, NOMINAL_VOLTAGE_V

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

_DEFAULT_CURVE: Final = ((0.0, 1.0), (55.0, 1.0), (80.0, 0.55), (100.0, 0.15))


class CurvePoint(msgspec.Struct, frozen=True, gc=False):
    """One point of a DC charging curve: the power at the outlet at a state of charge."""

    soc_percent: float
    power_kw: float


class VehicleSpec(msgspec.Struct, frozen=True):
    """What a vehicle model can do; raises ``ValueError`` where the numbers cannot be.

    ``ac_max_power_kw`` is the on-board charger's over all its ``ac_phases`` (1 to 3), and
    ``dc_max_power_kw`` the inlet's; 0 means that it has none. ``dc_charging_curve`` is linear
    between its points, level outside them, and never above ``dc_max_power_kw``; an empty one
    stands for a curve of the usual shape. The efficiencies are from the outlet to what the
    battery keeps. ``nominal_voltage_v`` is the battery's.
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

    def __post_init__(self) -> None:
        for name in ("battery_capacity_kwh", "nominal_voltage_v"):
            if not 0.0 < getattr(self, name) < inf:
                raise ValueError(f"{name} must be above 0")
        for name in ("ac_max_power_kw", "dc_max_power_kw"):
            if not 0.0 <= getattr(self, name) < inf:
                raise ValueError(f"{name} must be 0 or above")
        for name in ("ac_efficiency", "dc_efficiency"):
            if not 0.0 < getattr(self, name) <= 1.0:
                raise ValueError(f"{name} must be above 0 and at most 1")
        if self.ac_phases not in (1, 2, 3):
            raise ValueError("ac_phases must be 1, 2 or 3")
        self._check_curve()

    @property
    def battery_capacity_wh(self) -> float:
        """Usable energy of the battery."""
        return self.battery_capacity_kwh * 1000.0

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

    def ac_power_w(self, offered_w: float, supply_phases: int) -> float:
        """What it draws of an AC offer, which is over all ``supply_phases``.

        The offer is a current a phase at nominal voltage, and the draw must keep to it at the
        lowest supply voltage; the on-board charger adds its own limit on the phases in use.
        """
        used_phases = min(self.ac_phases, supply_phases)
        current_a = offered_w / (NOMINAL_VOLTAGE_V * supply_phases)
        evse_w = used_phases * current_a * LOWEST_VOLTAGE_V * POWER_FACTOR
        return min(evse_w, self.ac_max_power_kw * 1000.0 * used_phases / self.ac_phases)

    def power_knots(
        self, power_type: PowerType, offered_w: float, supply_phases: int
    ) -> list[Knot]:
        """The outlet power that it draws of an offer, over the stored energy."""
        capacity_wh = self.battery_capacity_wh
        if power_type == "AC":
            power_w = self.ac_power_w(offered_w, supply_phases)
            return [Knot(0.0, power_w), Knot(capacity_wh, power_w)]
        highest_w = min(offered_w, self.dc_max_power_kw * 1000.0)
        lowest_w = max(capacity_wh * CUT_OFF_C_RATE, LEAST_POWER_W)
        return clip(self._dc_curve(), lowest_w, highest_w)

    def _check_curve(self) -> None:
        for point in self.dc_charging_curve:
            if not 0.0 <= point.soc_percent <= 100.0:
                raise ValueError("dc_charging_curve: soc_percent must be from 0 to 100")
            if not 0.0 <= point.power_kw < inf:
                raise ValueError("dc_charging_curve: power_kw must be 0 or above")
        for before, after in pairwise(self.dc_charging_curve):
            if after.soc_percent <= before.soc_percent:
                raise ValueError("dc_charging_curve: soc_percent must rise from point to point")

    def _dc_curve(self) -> list[Knot]:
        capacity_wh = self.battery_capacity_wh
        if not self.dc_charging_curve:
            full_w = self.dc_max_power_kw * 1000.0
            return [Knot(capacity_wh * (soc / 100.0), full_w * s) for soc, s in _DEFAULT_CURVE]
        knots = [
            Knot(capacity_wh * (point.soc_percent / 100.0), point.power_kw * 1000.0)
            for point in self.dc_charging_curve
        ]
        if knots[0].stored_wh > 0.0:
            knots.insert(0, Knot(0.0, knots[0].power_w))
        if knots[-1].stored_wh < capacity_wh:
            knots.append(Knot(capacity_wh, knots[-1].power_w))
        return knots


class Vehicle:
    """One vehicle: its model, its battery, and whether its driver lets it charge."""

    __slots__ = ("battery", "spec", "willing")

    def __init__(self, spec: VehicleSpec, soc_percent: float) -> None:
        """Raise ``ValueError`` for a state of charge outside 0 to 100 %."""
        self.spec = spec
        self.battery = Battery(
            capacity_wh=spec.battery_capacity_wh,
            soc_percent=soc_percent,
            nominal_voltage_v=spec.nominal_voltage_v,
            resistance_ohm=spec.battery_resistance_ohm,
        )
        self.willing = True

    @property
    def draws(self) -> bool:
        """Whether it asks for energy: it is let to, and there is room in the battery."""
        return self.willing and not self.battery.full


__all__ = [
    "CUT_OFF_C_RATE",
    "OHMIC_SHARE",
    "POWER_FACTOR",
    "CurvePoint",
    "PowerType",
    "Vehicle",
    "VehicleSpec",
]
