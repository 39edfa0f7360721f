"""The course of charging, laid out from now to its end and solved in closed form.

What passes the meter is ``p``; of it the auxiliary load takes ``a``, and the battery stores
``dx/dt = eta (p - a)``, or nothing where ``p <= a``. There are two kinds of stretches.

A :class:`Stretch` has a power linear in the stored energy, ``p = p0 + k (x - x0)``. With
``q0 = p0 - a``:

    p(t) = a + q0 exp(eta k t)
    x(t) = x0 + q0 (exp(eta k t) - 1) / k          (eta q0 t where k = 0)
    t(x) = ln(1 + k (x - x0) / q0) / (eta k)       ((x - x0) / (eta q0) where k = 0)

A :class:`Ramp` has a power linear in time:

    p(t) = p0 + r t
    x(t) = x0 + eta (q0 t + r t^2 / 2)

so that where it meets a line, or a stored energy, is the root of a quadratic equation. Neither
energy nor state of charge depends on how often anybody looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import copysign, expm1, inf, log1p, sqrt
from typing import Final

import msgspec

from .curve import Knot

SECONDS_PER_HOUR: Final = 3600.0

_NOTHING_W: Final = 1e-6
"""What is left of a power by rounding, or in the first instant of a ramp."""

_ON_THE_CURVE: Final = 1.0 - 1e-12


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
    auxiliary_w: float
    energy_wh: float
    """What the whole stretch takes from the outlet."""

    def flow(self, now_s: float) -> tuple[float, float, float]:
        """Outlet power (W), outlet energy since the start (Wh) and stored energy (Wh).

        ``now_s`` lies within the stretch.
        """
        hours = (now_s - self.starts_at_s) / SECONDS_PER_HOUR
        stored_power_w = self.start_power_w - self.auxiliary_w
        if self.slope_per_h == 0.0:
            power_w = self.start_power_w
            stored_wh = self.start_stored_wh + self.efficiency * stored_power_w * hours
            energy_wh = power_w * hours
        else:
            growth = expm1(self.efficiency * self.slope_per_h * hours)
            power_w = self.start_power_w + stored_power_w * growth
            gained_wh = stored_power_w * growth / self.slope_per_h
            stored_wh = self.start_stored_wh + gained_wh
            energy_wh = gained_wh / self.efficiency + self.auxiliary_w * hours
        # Conditions and not min(), which is dearer: every reading passes here
        most_wh, end_wh = self.energy_wh, self.end_stored_wh
        return (
            power_w,
            energy_wh if energy_wh < most_wh else most_wh,  # noqa: FURB136
            stored_wh if stored_wh < end_wh else end_wh,  # noqa: FURB136
        )


class Ramp(msgspec.Struct, frozen=True, gc=False):
    """A stretch over which the outlet power changes evenly with time."""

    starts_at_s: float
    ends_at_s: float
    start_stored_wh: float
    end_stored_wh: float
    start_power_w: float
    ramp_w_per_h: float
    efficiency: float
    """0 where all goes into the auxiliary load."""
    auxiliary_w: float
    energy_wh: float
    """What the whole ramp takes from the outlet."""

    def flow(self, now_s: float) -> tuple[float, float, float]:
        """As :meth:`Stretch.flow`."""
        hours = (now_s - self.starts_at_s) / SECONDS_PER_HOUR
        power_w = self.start_power_w + self.ramp_w_per_h * hours
        energy_wh = (self.start_power_w + power_w) / 2.0 * hours
        gained_wh = self.efficiency * (energy_wh - self.auxiliary_w * hours)
        return (
            power_w if power_w > _NOTHING_W else 0.0,
            min(energy_wh, self.energy_wh),
            min(self.start_stored_wh + gained_wh, self.end_stored_wh),
        )


Course = tuple[Stretch | Ramp, ...]


def plan_charge(
    knots: Sequence[Knot],
    stored_wh: float,
    efficiency: float,
    now_s: float,
    auxiliary_w: float = 0.0,
) -> Course:
    """The course of charging from ``stored_wh`` to the last knot, if nothing changes.

    ``knots`` rise in stored energy and hold outlet powers above zero. They are either above
    ``auxiliary_w`` everywhere, or level: then the power is at most the auxiliary load, and
    the course never ends.
    """
    stretches: list[Stretch | Ramp] = []
    at_s = now_s
    for before, after in pairwise(knots):
        if after.stored_wh <= stored_wh or after.stored_wh <= before.stored_wh:
            continue
        slope = (after.power_w - before.power_w) / (after.stored_wh - before.stored_wh)
        start_wh = max(before.stored_wh, stored_wh)
        start_w = before.power_w + slope * (start_wh - before.stored_wh)
        if start_w <= auxiliary_w:
            stretches.append(
                Stretch(at_s, inf, start_wh, start_wh, start_w, 0.0, 0.0, auxiliary_w, inf)
            )
            break
        stretch = _along(at_s, start_wh, after.stored_wh, start_w, slope, efficiency, auxiliary_w)
        stretches.append(stretch)
        at_s = stretch.ends_at_s
    return tuple(stretches)


class _Walk:
    """Lays ramps one after the other, knowing where it has got to."""

    __slots__ = ("at_s", "auxiliary_w", "efficiency", "power_w", "stored_wh", "stretches")

    def __init__(
        self, stored_wh: float, power_w: float, efficiency: float, now_s: float, auxiliary_w: float
    ) -> None:
        self.stored_wh = stored_wh
        self.power_w = power_w
        self.efficiency = efficiency
        self.at_s = now_s
        self.auxiliary_w = auxiliary_w
        self.stretches: list[Stretch | Ramp] = []

    @property
    def charging_w(self) -> float:
        """What is left for the battery."""
        return self.power_w - self.auxiliary_w

    def ramp(self, hours: float, ramp_w_per_h: float, end_power_w: float | None = None) -> None:
        """Go ``hours`` on, all of them above the auxiliary load or all below."""
        power_w = self.power_w + ramp_w_per_h * hours if end_power_w is None else end_power_w
        energy_wh = (self.power_w + power_w) / 2.0 * hours
        gained_wh = self.efficiency * max(energy_wh - self.auxiliary_w * hours, 0.0)
        ends_at_s = self.at_s + hours * SECONDS_PER_HOUR
        charges = max(self.power_w, power_w) > self.auxiliary_w
        self.stretches.append(
            Ramp(
                self.at_s,
                ends_at_s,
                self.stored_wh,
                self.stored_wh + gained_wh,
                self.power_w,
                ramp_w_per_h,
                self.efficiency if charges else 0.0,
                self.auxiliary_w,
                energy_wh,
            )
        )
        self.at_s, self.stored_wh, self.power_w = ends_at_s, self.stored_wh + gained_wh, power_w

    def follow(self, end_wh: float, slope_per_h: float) -> None:
        """Go along the curve as far as ``end_wh``."""
        stretch = _along(
            self.at_s,
            self.stored_wh,
            end_wh,
            self.power_w,
            slope_per_h,
            self.efficiency,
            self.auxiliary_w,
        )
        self.stretches.append(stretch)
        self.at_s = stretch.ends_at_s
        self.power_w += slope_per_h * (end_wh - self.stored_wh)
        self.stored_wh = end_wh


def plan_rise(
    knots: Sequence[Knot],
    stored_wh: float,
    efficiency: float,
    now_s: float,
    auxiliary_w: float,
    *,
    from_w: float,
    ramp_w_per_s: float,
) -> Course:
    """As :func:`plan_charge`, from a power below the curve and up to it by a ramp."""
    walk = _Walk(stored_wh, from_w, efficiency, now_s, auxiliary_w)
    ramp = ramp_w_per_s * SECONDS_PER_HOUR
    for before, after in pairwise(knots):
        if after.stored_wh <= walk.stored_wh or after.stored_wh <= before.stored_wh:
            continue
        slope = (after.power_w - before.power_w) / (after.stored_wh - before.stored_wh)
        curve_w = before.power_w + slope * (walk.stored_wh - before.stored_wh)
        if walk.power_w < min(auxiliary_w, curve_w):
            top_w = min(auxiliary_w, curve_w)
            walk.ramp((top_w - walk.power_w) / ramp, ramp, top_w)
        if walk.power_w >= curve_w:
            break
        charging_w = walk.charging_w
        leaves_h = _first_root(
            ramp / 2.0, charging_w, (walk.stored_wh - after.stored_wh) / efficiency
        )
        meets_h = _first_root(
            -slope * efficiency * ramp / 2.0,
            ramp - slope * efficiency * charging_w,
            walk.power_w - curve_w,
        )
        walk.ramp(min(leaves_h, meets_h), ramp)
        if meets_h <= leaves_h:
            break
        walk.stored_wh = after.stored_wh
    rest = plan_charge(knots, walk.stored_wh, efficiency, walk.at_s, auxiliary_w)
    return (*walk.stretches, *rest)


def plan_fall(
    own_knots: Sequence[Knot],
    knots: Sequence[Knot],
    stored_wh: float,
    efficiency: float,
    now_s: float,
    auxiliary_w: float,
    *,
    from_w: float,
    level_w: float,
    ramp_w_per_s: float,
) -> Course:
    """A ramp from ``from_w`` down to ``level_w``, and then on along ``knots``.

    On its way the power stays within ``own_knots``, the vehicle's own curve: where that falls
    faster than the ramp, it is followed as far as its next corner or the level. ``knots`` is
    that curve within the level; an empty one ends the course there.
    """
    walk = _Walk(stored_wh, from_w, efficiency, now_s, auxiliary_w)
    ramp = ramp_w_per_s * SECONDS_PER_HOUR
    for before, after in pairwise(own_knots):
        if after.stored_wh <= walk.stored_wh or after.stored_wh <= before.stored_wh:
            continue
        if _fall_within(walk, before, after, level_w, ramp):
            break
    rest = plan_charge(knots, walk.stored_wh, efficiency, walk.at_s, auxiliary_w)
    return (*walk.stretches, *rest)


def _fall_within(walk: _Walk, before: Knot, after: Knot, level_w: float, ramp: float) -> bool:
    """Fall as far as the next corner of the curve; whether the level was reached."""
    slope = (after.power_w - before.power_w) / (after.stored_wh - before.stored_wh)
    efficiency = walk.efficiency
    while walk.power_w > level_w:
        charging_w = walk.charging_w
        if charging_w <= 0.0:
            walk.ramp((walk.power_w - level_w) / ramp, -ramp, level_w)
            return True
        curve_w = before.power_w + slope * (walk.stored_wh - before.stored_wh)
        if walk.power_w >= curve_w * _ON_THE_CURVE and slope * efficiency * charging_w < -ramp:
            # A curve never falls to the auxiliary load, so that this ends.
            level_wh = walk.stored_wh + (level_w - walk.power_w) / slope
            reaches = level_wh <= after.stored_wh
            walk.follow(min(level_wh, after.stored_wh), slope)
            return reaches
        lowest_w = max(level_w, walk.auxiliary_w)
        falls_h = (walk.power_w - lowest_w) / ramp
        leaves_h = _first_root(
            -ramp / 2.0, charging_w, (walk.stored_wh - after.stored_wh) / efficiency
        )
        meets_h = _first_root(
            slope * efficiency * ramp / 2.0,
            -ramp - slope * efficiency * charging_w,
            min(walk.power_w - curve_w, 0.0),
        )
        hours = min(falls_h, leaves_h, meets_h)
        walk.ramp(hours, -ramp, lowest_w if hours == falls_h else None)
        if hours == leaves_h:
            walk.stored_wh = after.stored_wh
            return walk.power_w <= level_w
    return True


def _along(
    starts_at_s: float,
    start_wh: float,
    end_wh: float,
    start_w: float,
    slope_per_h: float,
    efficiency: float,
    auxiliary_w: float,
) -> Stretch:
    """The stretch along a line from one stored energy to another, above the auxiliary load."""
    charging_w = start_w - auxiliary_w
    gain_wh = end_wh - start_wh
    if slope_per_h == 0.0:
        hours = gain_wh / (efficiency * charging_w)
    else:
        hours = log1p(slope_per_h * gain_wh / charging_w) / (efficiency * slope_per_h)
    return Stretch(
        starts_at_s,
        starts_at_s + hours * SECONDS_PER_HOUR,
        start_wh,
        end_wh,
        start_w,
        slope_per_h,
        efficiency,
        auxiliary_w,
        gain_wh / efficiency + auxiliary_w * hours,
    )


def _first_root(a: float, b: float, c: float) -> float:
    """The smallest root above 0 of ``a t^2 + b t + c``, whose ``c`` is at most 0; else infinity.

    Without the subtraction that loses the digits of a small root.
    """
    if a == 0.0:
        return -c / b if b > 0.0 else inf
    under = b * b - 4.0 * a * c
    if under < 0.0:
        return inf
    half = -(b + copysign(sqrt(under), b)) / 2.0
    roots = [half / a]
    if half != 0.0:
        roots.append(c / half)
    return min((root for root in roots if root > 0.0), default=inf)


__all__ = ["SECONDS_PER_HOUR", "Course", "Ramp", "Stretch", "plan_charge", "plan_fall", "plan_rise"]
