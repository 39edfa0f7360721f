"""A site: what its grid connection, its building and its roof leave to the chargers, and to whom.

Everything is counted as a current a phase at nominal voltage. The building's load and the PV
power are balanced over the three phases; chargers are not: each connector loads the phases that
its vehicle uses, after the phase rotation of its charger.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Sequence
from itertools import pairwise
from math import inf
from typing import Final, Generic, Literal, TypeVar

import msgspec

from .noise import NOMINAL_VOLTAGE_V

DAY_S: Final = 86_400.0
SUPPLY_PHASES: Final = 3
SharingRule = Literal["equal", "first_come", "stack"]

_TOLERANCE: Final = 1e-9
_MINUTE_S: Final = 60.0
_LINES: Final = "RST"

K = TypeVar("K", bound=Hashable)


class LoadPoint(msgspec.Struct, frozen=True):
    """A point of a daily curve: ``time`` is ``HH:MM`` in UTC, ``power_kw`` what holds then."""

    time: str
    power_kw: float

    @property
    def second(self) -> float:
        """Of the day; raises ``ValueError`` for what is no time."""
        hours, colon, minutes = self.time.partition(":")
        if not (len(hours) == len(minutes) == 2 and colon and (hours + minutes).isdecimal()):
            raise ValueError(f"a time of the day is HH:MM, not {self.time!r}")
        if int(hours) > 23 or int(minutes) > 59:
            raise ValueError(f"a day goes from 00:00 to 23:59, there is no {self.time!r}")
        return (int(hours) * 60 + int(minutes)) * _MINUTE_S


class SiteDefinition(msgspec.Struct, frozen=True, omit_defaults=True):
    """A grid connection and what hangs on it; raises ``ValueError`` where it cannot be.

    Exactly one of the two limits is given: a current for each phase by itself, or a power for
    all three together. ``base_load`` and ``pv`` are daily curves, linear between their points,
    also over midnight; empty ones are 0. ``sharing`` is how the chargers divide what is left:
    see :func:`allocate`. Who cannot have ``minimum_current_a`` waits. ``interval_s`` is the
    longest time from one division to the next.
    """

    grid_limit_a_per_phase: float | None = None
    grid_limit_kw: float | None = None
    base_load: tuple[LoadPoint, ...] = ()
    pv: tuple[LoadPoint, ...] = ()
    sharing: SharingRule = "equal"
    minimum_current_a: float = 6.0
    interval_s: float = 10.0

    def __post_init__(self) -> None:
        limits = (self.grid_limit_a_per_phase, self.grid_limit_kw)
        if sum(limit is not None for limit in limits) != 1:
            raise ValueError("give either grid_limit_a_per_phase or grid_limit_kw")
        if not all(limit is None or 0.0 < limit < inf for limit in limits):
            raise ValueError("the limit of the grid is above 0")
        if not 0.0 <= self.minimum_current_a <= 100.0:
            raise ValueError("minimum_current_a is from 0 to 100")
        if not 1.0 <= self.interval_s <= 3600.0:
            raise ValueError("interval_s is from 1 to 3600")
        for name in ("base_load", "pv"):
            points: tuple[LoadPoint, ...] = getattr(self, name)
            if not all(0.0 <= point.power_kw < inf for point in points):
                raise ValueError(f"{name}: power_kw must be 0 or above")
            if any(after.second <= before.second for before, after in pairwise(points)):
                raise ValueError(f"{name}: the times must rise from point to point")
            for point in points:
                _ = point.second  # a single one is checked too


class DailyCurve:
    """A power over the time of the day, the same every day; linear between its points."""

    __slots__ = ("_powers_w", "_seconds")

    def __init__(self, points: Sequence[LoadPoint]) -> None:
        self._seconds = [point.second for point in points]
        self._powers_w = [point.power_kw * 1000.0 for point in points]
        if points:
            first, last = self._seconds[0], self._seconds[-1]
            self._seconds = [last - DAY_S, *self._seconds, first + DAY_S]
            self._powers_w = [self._powers_w[-1], *self._powers_w, self._powers_w[0]]

    def power_w(self, epoch_s: float) -> float:
        """At an instant in Unix seconds."""
        if not self._seconds:
            return 0.0
        second = epoch_s % DAY_S
        after = bisect_right(self._seconds, second)
        start_s, end_s = self._seconds[after - 1], self._seconds[after]
        start_w, end_w = self._powers_w[after - 1], self._powers_w[after]
        return start_w + (end_w - start_w) * (second - start_s) / (end_s - start_s)

    def corners_s(self, from_s: float, to_s: float) -> list[float]:
        """The instants strictly between the two at which the curve bends."""
        midnight_s = from_s - from_s % DAY_S
        found: list[float] = []
        while midnight_s < to_s:
            found += [
                midnight_s + second
                for second in self._seconds[1:-1]
                if from_s < midnight_s + second < to_s
            ]
            midnight_s += DAY_S
        return found


class Site:
    """The grid connection through the day, in Unix seconds."""

    __slots__ = ("_base", "_pv", "definition")

    def __init__(self, definition: SiteDefinition) -> None:
        self.definition: Final = definition
        self._base = DailyCurve(definition.base_load)
        self._pv = DailyCurve(definition.pv)

    def base_w(self, epoch_s: float) -> float:
        """What the building takes."""
        return self._base.power_w(epoch_s)

    def pv_w(self, epoch_s: float) -> float:
        """What the roof gives."""
        return self._pv.power_w(epoch_s)

    def least_left_w(self, from_s: float, to_s: float) -> float:
        """The least that the building and the roof add to the limit within a time: PV - base."""
        instants = {
            from_s,
            to_s,
            *self._base.corners_s(from_s, to_s),
            *self._pv.corners_s(from_s, to_s),
        }
        return min(self.pv_w(at_s) - self.base_w(at_s) for at_s in instants)

    def capacity_a(self, from_s: float, to_s: float) -> tuple[float, ...]:
        """What is left to the chargers throughout that time: grid limit - base load + PV.

        With a limit a phase one number for each of the three phases, in A; with a limit of the
        power a single one for their sum. Never below 0.
        """
        definition = self.definition
        surplus_w = self.least_left_w(from_s, to_s)
        if definition.grid_limit_a_per_phase is not None:
            surplus_a = surplus_w / (NOMINAL_VOLTAGE_V * SUPPLY_PHASES)
            return (max(0.0, definition.grid_limit_a_per_phase + surplus_a),) * SUPPLY_PHASES
        left_w = (definition.grid_limit_kw or 0.0) * 1000.0 + surplus_w
        return (max(0.0, left_w / NOMINAL_VOLTAGE_V),)

    def weights(self, phases: Sequence[int]) -> tuple[float, ...]:
        """How a current on these phases of the supply counts against each capacity."""
        if self.definition.grid_limit_a_per_phase is None:
            return (float(len(phases)),)
        return tuple([1.0 if line in phases else 0.0 for line in range(SUPPLY_PHASES)])


def supply_phases(rotation: str, phases: int) -> tuple[int, ...]:
    """On which phases of the supply (0, 1, 2) the first ``phases`` of a charger are.

    ``rotation`` names them from the charger's L1 on, as RST or STR (1.6 ed.2 §9.1.7).
    """
    lines = [_LINES.find(letter) for letter in rotation]
    if sorted(lines) != list(range(SUPPLY_PHASES)):
        lines = list(range(SUPPLY_PHASES))
    return tuple(lines[:phases])


class Contender(msgspec.Struct, Generic[K], frozen=True):
    """Somebody who wants a part: a current a phase, counted by ``weights`` on each capacity.

    ``most_a`` is what it can use, ``least_a`` what it needs to charge at all. ``since_s`` and
    ``priority`` order the contenders: the earlier and the higher first.
    """

    key: K
    weights: tuple[float, ...]
    least_a: float
    most_a: float
    since_s: float = 0.0
    priority: int = 0


def allocate(
    capacity_a: Sequence[float], contenders: Sequence[Contender[K]], rule: SharingRule
) -> dict[K, float]:
    """Who may take which current a phase; together never more than each capacity.

    First it is decided who charges at all: in their order each is let in if the least of all
    that are in fits; the others wait with 0. What is left beyond the least goes

    - ``equal``: up for all at once, as far as each can use it and its phases have it
      (max-min fair): nobody can have more without somebody who has no more having less;
    - ``first_come``: to the earliest as much as it can use, then to the next;
    - ``stack``: to those of the highest priority as with ``equal``, then to the next lower.

    The order of being let in is that of the starts; with ``stack`` the priority comes first.
    """
    rest = list(capacity_a)
    by_priority = rule == "stack"
    ordered = sorted(
        (one for one in contenders if one.most_a >= one.least_a - _TOLERANCE),
        key=lambda one: (-one.priority if by_priority else 0, one.since_s),
    )
    admitted: list[Contender[K]] = []
    for one in ordered:
        if all(
            weight * one.least_a <= left + _TOLERANCE
            for weight, left in zip(one.weights, rest, strict=True)
            if weight
        ):
            admitted.append(one)
            _take(rest, one, one.least_a)
    found = dict.fromkeys((one.key for one in contenders), 0.0)
    for group in _groups(admitted, rule):
        for one in group:
            _take(rest, one, -one.least_a)
        for one, part_a in _fill(rest, group):
            found[one.key] = part_a
            _take(rest, one, part_a)
    return found


def _groups(admitted: Sequence[Contender[K]], rule: SharingRule) -> list[list[Contender[K]]]:
    """Those who are served together, the first ones first."""
    if rule == "equal":
        return [list(admitted)]
    if rule == "first_come":
        return [[one] for one in admitted]
    levels = sorted({one.priority for one in admitted}, reverse=True)
    return [[one for one in admitted if one.priority == level] for level in levels]


def _take(rest: list[float], one: Contender[K], part_a: float) -> None:
    for index, weight in enumerate(one.weights):
        rest[index] -= weight * part_a


def _fill(
    capacity_a: Sequence[float], group: Sequence[Contender[K]]
) -> list[tuple[Contender[K], float]]:
    """Everybody's part where all rise together from their least on; the least of all fits."""
    rest = list(capacity_a)
    rising = list(group)
    done: list[tuple[Contender[K], float]] = []
    while rising:
        level = inf
        bottleneck = -1
        for index, left in enumerate(rest):
            reached = _level(left, [one for one in rising if one.weights[index]], index)
            if reached < level:
                level, bottleneck = reached, index
        still: list[Contender[K]] = []
        for one in rising:
            held = bottleneck >= 0 and bool(one.weights[bottleneck])
            if held or level >= one.most_a or bottleneck < 0:
                part_a = min(one.most_a, max(one.least_a, level))
                done.append((one, part_a))
                _take(rest, one, part_a)
            else:
                still.append(one)
        rising = still
    return done


def _level(left: float, users: Sequence[Contender[K]], index: int) -> float:
    """How far the users of a capacity can rise together before it is used up."""
    used = sum(one.weights[index] * one.least_a for one in users)
    bends = sorted(
        [(one.least_a, one.weights[index]) for one in users]
        + [(max(one.most_a, one.least_a), -one.weights[index]) for one in users]
    )
    slope = 0.0
    reached = 0.0
    for bend_a, weight in bends:
        if slope > _TOLERANCE:
            until = reached + max(0.0, left - used) / slope
            if until < bend_a:
                return until
            used += slope * (bend_a - reached)
        reached = bend_a
        slope += weight
    return inf


__all__ = [
    "DAY_S",
    "SUPPLY_PHASES",
    "Contender",
    "DailyCurve",
    "LoadPoint",
    "SharingRule",
    "Site",
    "SiteDefinition",
    "allocate",
    "supply_phases",
]
