"""How a charge point divides what it may take from the grid (1.6 ed.2 §3.13.3, SC-21)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ocppsim.chargepoint.identifiers import ConnectorId

_TOLERANCE = 1e-9


class Sharer(msgspec.Struct, frozen=True):
    """A connector that wants a part, in whatever unit is shared.

    It can use up to ``most``, and nothing below ``least``; ``since_s`` is when its transaction
    began (infinity: none has).
    """

    connector_id: ConnectorId
    least: float
    most: float
    since_s: float

    @property
    def usable(self) -> bool:
        return self.most >= self.least - _TOLERANCE


def admit(total: float, sharers: Sequence[Sharer]) -> list[Sharer]:
    """Who gets a part of ``total``; the others wait at 0.

    In the order in which their transactions began, each is let in if then everybody who is in
    has what it needs at least. One that could not even use the whole is left out.
    """
    admitted: list[Sharer] = []
    for sharer in sorted(sharers, key=lambda one: (one.since_s, one.connector_id)):
        together = [*admitted, sharer]
        level = _level(total, [one.most for one in together])
        if all(min(level, one.most) >= one.least - _TOLERANCE for one in together):
            admitted = together
    return admitted


def part_of(sharer: Sharer, total: float, admitted: Sequence[Sharer]) -> float:
    """The most that one of the admitted may use, were it not for its own limit.

    All get the same, and what one cannot use is divided among the others. Each of them using
    the smaller of its part and its ``most``, they never use more than ``total`` together.
    """
    others = [one.most for one in admitted if one.connector_id != sharer.connector_id]
    return _level(total, [*others, float("inf")])


def _level(total: float, wanted: Sequence[float]) -> float:
    """Up to where all can be served at once: sum(min(level, one)) does not exceed ``total``."""
    rest = total
    for served, want in enumerate(sorted(wanted)):
        level = rest / (len(wanted) - served)
        if want >= level:
            return level
        rest -= want
    return float("inf")


__all__ = ["Sharer", "admit", "part_of"]
