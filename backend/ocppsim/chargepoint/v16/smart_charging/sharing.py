"""How a charge point divides what it may take from the grid (1.6 ed.2 §3.13.3, SC-21)."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

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


def whole_modules(
    total: float, module: float, sharers: Sequence[Sharer]
) -> dict[ConnectorId, float]:
    """``total`` in whole modules: what those get who get any; the others wait.

    In the order in which their transactions began, each is let in with the modules that it needs
    at least. Those that are left go one by one to whoever has the fewest and can use more, the
    earliest of them first.
    """
    free = int(total / module + _TOLERANCE)
    ordered = sorted(sharers, key=lambda one: (one.since_s, one.connector_id))
    given: dict[ConnectorId, int] = {}
    for one in ordered:
        needed = max(1, ceil(one.least / module - _TOLERANCE))
        if needed <= free and one.usable:
            given[one.connector_id] = needed
            free -= needed
    while free > 0:
        hungry = [
            one
            for one in ordered
            if one.connector_id in given
            and given[one.connector_id] * module < one.most - _TOLERANCE
        ]
        if not hungry:
            break
        given[min(hungry, key=lambda one: given[one.connector_id]).connector_id] += 1
        free -= 1
    return {connector_id: count * module for connector_id, count in given.items()}


class Part(msgspec.Struct, frozen=True):
    """What one of the sharers may use, with how many others, and whether it has to wait."""

    amount: float
    others: int = 0
    waits: bool = False


class Pot:
    """Something that connectors share, in equal parts or in whole modules."""

    def __init__(
        self, total: float, drawing: Sequence[Sharer], module: float | None = None
    ) -> None:
        """``drawing`` are those that want a part now."""
        self._total = total
        self._module = module
        self._drawing = [sharer for sharer in drawing if sharer.usable]
        self._admitted = None if module is not None else admit(total, self._drawing)

    def part(self, sharer: Sharer) -> Part:
        """What is for it; for one that does not draw, what it would get if it began."""
        if self._total < sharer.least - _TOLERANCE:
            # Too little for this connector alone: its minimum current says why, not the others.
            return Part(self._total)
        drawing = self._drawing
        begins = sharer not in drawing
        if begins:
            rest = [one for one in drawing if one.connector_id != sharer.connector_id]
            sharer = msgspec.structs.replace(sharer, most=max(sharer.most, sharer.least))
            drawing = [*rest, sharer]
        if self._module is not None:
            parts = whole_modules(self._total, self._module, drawing)
            part = parts.get(sharer.connector_id)
            if part is None:
                return Part(0.0, len(parts), waits=True)
            return Part(part, len(parts) - 1)
        admitted = self._admitted
        if begins or admitted is None:
            admitted = admit(self._total, drawing)
        if all(one.connector_id != sharer.connector_id for one in admitted):
            return Part(0.0, len(admitted), waits=True)
        return Part(part_of(sharer, self._total, admitted), len(admitted) - 1)


def _level(total: float, wanted: Sequence[float]) -> float:
    """Up to where all can be served at once: sum(min(level, one)) does not exceed ``total``."""
    rest = total
    for served, want in enumerate(sorted(wanted)):
        level = rest / (len(wanted) - served)
        if want >= level:
            return level
        rest -= want
    return float("inf")


__all__ = ["Part", "Pot", "Sharer", "admit", "part_of", "whole_modules"]
