"""A battery under charge, solved in closed form.

The power that flows is a piecewise linear function of the stored energy. On one linear piece
(a *stretch*), with outlet power ``p = p0 + k (x - x0)`` and stored energy ``dx/dt = eta p``:

    p(t) = p0 exp(eta k t)
    x(t) = x0 + p0 (exp(eta k t) - 1) / k          (eta p0 t where k = 0)
    t(x) = ln(1 + k (x - x0) / p0) / (eta k)       ((x - x0) / (eta p0) where k = 0)

so that neither energy nor state of charge depends on how often anybody looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import expm1, log1p, sqrt
from typing import Final, NamedTuple

import msgspec

SECONDS_PER_HOUR: Final = 3600.0


class Knot(NamedTuple):
    """One corner of a piecewise linear power curve over the stored energy."""

    stored_wh: float
    power_w: float


class Stretch(msgspec.Struct, frozen=True, gc=False):
    """A stretch of charging over which the outlet power is linear in the stored energy."""

    starts_at_s: float
    ends_at_s: float
    start_stored_wh: float
    end_stored_wh: float
    start_power_w: float
    slope_per_h: float
    """Change of the outlet power with the stored energy: W/Wh."""
    efficiency: float

    @property
    def energy_wh(self) -> float:
        """What the whole stretch takes from the outlet."""
        return (self.end_stored_wh - self.start_stored_wh) / self.efficiency

    def flow(self, now_s: float) -> tuple[float, float, float]:
        """Outlet power (W), outlet energy since the start (Wh) and stored energy (Wh).

        ``now_s`` lies within the stretch.
        """
        hours = (now_s - self.starts_at_s) / SECONDS_PER_HOUR
        if self.slope_per_h == 0.0:
            power_w = self.start_power_w
            stored_wh = self.start_stored_wh + self.efficiency * power_w * hours
            energy_wh = power_w * hours
        else:
            growth = expm1(self.efficiency * self.slope_per_h * hours)
            power_w = self.start_power_w * (1.0 + growth)
            gained_wh = self.start_power_w * growth / self.slope_per_h
            stored_wh = self.start_stored_wh + gained_wh
            energy_wh = gained_wh / self.efficiency
        return power_w, min(energy_wh, self.energy_wh), min(stored_wh, self.end_stored_wh)


def clip(knots: Sequence[Knot], lowest_w: float, highest_w: float) -> list[Knot]:
    """The curve held between two levels; ``highest_w`` wins where they contradict.

    Corners are added where the curve crosses a level, so that it stays exactly linear between
    corners.
    """
    lowest_w = min(lowest_w, highest_w)
    clipped: list[Knot] = []
    for index, knot in enumerate(knots):
        if index:
            before = knots[index - 1]
            rise_w = knot.power_w - before.power_w
            run_wh = knot.stored_wh - before.stored_wh
            crossings = [
                before.stored_wh + run_wh * (level_w - before.power_w) / rise_w
                for level_w in (lowest_w, highest_w)
                if (before.power_w - level_w) * (knot.power_w - level_w) < 0.0
            ]
            for crossing_wh in sorted(crossings):
                # Rounding must not carry a crossing beyond the next corner.
                stored_wh = min(max(crossing_wh, before.stored_wh), knot.stored_wh)
                share = (stored_wh - before.stored_wh) / run_wh
                power_w = before.power_w + rise_w * share
                clipped.append(Knot(stored_wh, min(max(power_w, lowest_w), highest_w)))
        clipped.append(Knot(knot.stored_wh, min(max(knot.power_w, lowest_w), highest_w)))
    return clipped


def plan_charge(
    knots: Sequence[Knot], stored_wh: float, efficiency: float, now_s: float
) -> tuple[Stretch, ...]:
    """The course of charging from ``stored_wh`` to the last knot, if nothing changes.

    ``knots`` rise in stored energy and hold outlet powers above zero.
    """
    stretches: list[Stretch] = []
    at_s = now_s
    for before, after in pairwise(knots):
        if after.stored_wh <= stored_wh or after.stored_wh <= before.stored_wh:
            continue
        slope = (after.power_w - before.power_w) / (after.stored_wh - before.stored_wh)
        start_wh = max(before.stored_wh, stored_wh)
        start_w = before.power_w + slope * (start_wh - before.stored_wh)
        gain_wh = after.stored_wh - start_wh
        if slope == 0.0:
            hours = gain_wh / (efficiency * start_w)
        else:
            hours = log1p(slope * gain_wh / start_w) / (efficiency * slope)
        ends_at_s = at_s + hours * SECONDS_PER_HOUR
        stretches.append(
            Stretch(at_s, ends_at_s, start_wh, after.stored_wh, start_w, slope, efficiency)
        )
        at_s = ends_at_s
    return tuple(stretches)


class Battery:
    """A traction battery: how full it is, and the voltage that it shows.

    The open-circuit voltage rises linearly with the state of charge, from 0.90 to 1.10 of the
    nominal voltage; under charge the ohmic drop adds to it (the R-int model: U = OCV + I R).
    """

    __slots__ = ("capacity_wh", "nominal_voltage_v", "resistance_ohm", "stored_wh")

    def __init__(
        self,
        *,
        capacity_wh: float,
        soc_percent: float,
        nominal_voltage_v: float,
        resistance_ohm: float,
    ) -> None:
        """Raise ``ValueError`` for a state of charge outside 0 to 100 %."""
        if not 0.0 <= soc_percent <= 100.0:
            raise ValueError(f"a state of charge is between 0 and 100 %, not {soc_percent:g}")
        self.capacity_wh = capacity_wh
        self.stored_wh = capacity_wh * (soc_percent / 100.0)
        self.nominal_voltage_v = nominal_voltage_v
        self.resistance_ohm = resistance_ohm

    @property
    def soc_percent(self) -> float:
        """State of charge by energy, 0 to 100."""
        return self.stored_wh / self.capacity_wh * 100.0

    @property
    def full(self) -> bool:
        """Whether nothing more goes in."""
        return self.stored_wh >= self.capacity_wh

    @property
    def open_circuit_voltage_v(self) -> float:
        """The voltage at the terminals without current."""
        return self.nominal_voltage_v * (0.9 + 0.2 * self.stored_wh / self.capacity_wh)

    def terminal_voltage_v(self, power_w: float) -> float:
        """The voltage at which ``power_w`` flows in: U (U - OCV) / R = power_w, solved for U."""
        ocv_v = self.open_circuit_voltage_v
        return (ocv_v + sqrt(ocv_v * ocv_v + 4.0 * self.resistance_ohm * power_w)) / 2.0


__all__ = ["SECONDS_PER_HOUR", "Battery", "Knot", "Stretch", "clip", "plan_charge"]
