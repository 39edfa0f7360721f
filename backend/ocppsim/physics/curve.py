"""Power over the stored energy as a line with corners, and what is done to such lines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple


class Knot(NamedTuple):
    """One corner of a piecewise linear power curve over the stored energy."""

    stored_wh: float
    power_w: float


def power_at(knots: Sequence[Knot], stored_wh: float) -> float:
    """The curve at one point; level outside its corners."""
    if stored_wh <= knots[0].stored_wh:
        return knots[0].power_w
    for before, after in pairwise(knots):
        if stored_wh < after.stored_wh:
            share = (stored_wh - before.stored_wh) / (after.stored_wh - before.stored_wh)
            return before.power_w + share * (after.power_w - before.power_w)
    return knots[-1].power_w


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


def lower_of(one: Sequence[Knot], other: Sequence[Knot]) -> list[Knot]:
    """The lower of two curves everywhere, with a corner where they cross."""
    marks_wh = sorted({knot.stored_wh for knot in (*one, *other)})
    lower: list[Knot] = []
    earlier_wh = earlier_gap_w = 0.0
    for stored_wh in marks_wh:
        one_w, other_w = power_at(one, stored_wh), power_at(other, stored_wh)
        gap_w = one_w - other_w
        if lower and gap_w * earlier_gap_w < 0.0:
            share = earlier_gap_w / (earlier_gap_w - gap_w)
            crossing_wh = earlier_wh + share * (stored_wh - earlier_wh)
            if earlier_wh < crossing_wh < stored_wh:
                power_w = min(power_at(one, crossing_wh), power_at(other, crossing_wh))
                lower.append(Knot(crossing_wh, power_w))
        lower.append(Knot(stored_wh, min(one_w, other_w)))
        earlier_wh, earlier_gap_w = stored_wh, gap_w
    return lower


def raised(knots: Sequence[Knot], by_w: float) -> list[Knot]:
    """The curve, ``by_w`` higher everywhere."""
    return [Knot(knot.stored_wh, knot.power_w + by_w) for knot in knots]


def up_to(knots: Sequence[Knot], end_wh: float) -> list[Knot]:
    """The curve as far as ``end_wh``, which becomes its last corner."""
    kept = [knot for knot in knots if knot.stored_wh < end_wh]
    return [*kept, Knot(end_wh, power_at(knots, end_wh))]


__all__ = ["Knot", "clip", "lower_of", "power_at", "raised", "up_to"]
