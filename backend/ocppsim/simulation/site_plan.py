"""One division of what a site leaves: who is told which share, and who has to wait for others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import Final, Literal

import msgspec

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.physics.site import Contender, Site, SiteDefinition, allocate

from .site_demand import ConnectorDemand

TOLERANCE_A: Final = 1e-6

Seat = tuple[str, ConnectorId]
"""The key of a charger and the number of its connector."""

PartKind = Literal["part", "held", "headroom"]
"""Its part; what it had until others have given way; what is free where it takes no part."""


class SitePart(msgspec.Struct, frozen=True, gc=False):
    """The share of one connector, a phase."""

    seat: Seat
    demand: ConnectorDemand
    share_a: float
    kind: PartKind


class SitePlan:
    """The shares at one instant, and who may already have them."""

    def __init__(
        self,
        site: Site,
        capacity_a: tuple[float, ...],
        seats: Sequence[tuple[Seat, ConnectorDemand]],
        since_s: Mapping[Seat, float | None],
    ) -> None:
        """``capacity_a`` is what is left, as :meth:`Site.capacity_a` has it.

        ``since_s`` is when the transactions began (None: there is none).
        """
        self.capacity_a: Final = capacity_a
        self._since_s = since_s
        self._site = site
        self._contenders = [
            self._contender(seat, demand) for seat, demand in seats if demand.takes_part
        ]
        self._targets_a = allocate(capacity_a, self._contenders, site.definition.sharing)
        """What they can use of their parts."""
        self.served: Final = sum(part_a > 0.0 for part_a in self._targets_a.values())
        """How many get a part."""
        self._used_a = [0.0] * len(capacity_a)
        """What is spoken for, or still taken, of each capacity."""
        for seat, demand in seats:
            self._occupy(demand, max(self._targets_a.get(seat, 0.0), _claim_a(demand)))
        offers_a = self._offers_a(seats)
        self.parts: Final = {
            seat: self._part(seat, demand, offers_a.get(seat)) for seat, demand in seats
        }
        """The shares, rounded down to 0.1 A unless they limit nothing."""

    @property
    def definition(self) -> SiteDefinition:
        return self._site.definition

    @property
    def is_held(self) -> bool:
        """Whether somebody has to wait for others to give way."""
        return any(part.kind == "held" for part in self.parts.values())

    def for_one_more(self, part: SitePart) -> float:
        """What a connector that takes no part would get if it began now.

        Where its other limits forbid it to, it is what the site would leave it without them.
        """
        seat = part.seat
        newcomer = self._contender(seat, part.demand)
        if not part.demand.may_draw:
            newcomer = msgspec.structs.replace(newcomer, most_a=inf)
        parts_a = allocate(self.capacity_a, [*self._contenders, newcomer], self.definition.sharing)
        return max(part.share_a, _rounded_a(parts_a[seat], 10))

    # --- within -----------------------------------------------------------------------------

    def _contender(self, seat: Seat, demand: ConnectorDemand) -> Contender[Seat]:
        # What is weaker than the minimum makes do with what it has
        least_a = max(min(self.definition.minimum_current_a, demand.limit_a), demand.least_a)
        most_a = demand.most_a if demand.draws else demand.limit_a
        since_s = self._since_s.get(seat)
        return Contender(
            key=seat,
            weights=self._site.weights(demand.phases),
            least_a=least_a,
            most_a=max(least_a, most_a),
            since_s=inf if since_s is None else since_s,
            priority=demand.priority,
        )

    def _offers_a(self, seats: Sequence[tuple[Seat, ConnectorDemand]]) -> dict[Seat, float]:
        """What is told: beyond what they can use, also what nobody else can.

        So a site with plenty limits nobody, and a vehicle finds room where it wants more.
        """
        targets_a = self._targets_a
        limits_a = {seat: demand.limit_a for seat, demand in seats}
        if all(one.most_a >= limits_a[one.key] for one in self._contenders):
            return targets_a
        wider = [
            msgspec.structs.replace(
                one,
                least_a=targets_a[one.key],
                most_a=max(targets_a[one.key], limits_a[one.key]),
            )
            for one in self._contenders
            if targets_a[one.key] > 0.0
        ]
        offers_a = allocate(self.capacity_a, wider, self.definition.sharing)
        return {seat: max(part_a, offers_a.get(seat, 0.0)) for seat, part_a in targets_a.items()}

    def _part(self, seat: Seat, demand: ConnectorDemand, offer_a: float | None) -> SitePart:
        if offer_a is None:
            return SitePart(seat, demand, self._headroom_a(demand), "headroom")
        share_a = demand.limit_a
        if offer_a < demand.limit_a - TOLERANCE_A:
            share_a = _rounded_a(offer_a, 10)
        told_a = demand.told_a or 0.0
        if share_a > told_a and not self._fits(demand):
            return SitePart(seat, demand, told_a, "held")
        return SitePart(seat, demand, share_a, "part")

    def _headroom_a(self, demand: ConnectorDemand) -> float:
        """What one that takes no part could take without anybody giving way, in whole amperes.

        What it may still take itself, as it was let to before, is not in its own way.
        """
        free_a = _claim_a(demand) + min(
            (capacity - used) / weight
            for capacity, used, weight in zip(
                self.capacity_a, self._used_a, self._site.weights(demand.phases), strict=True
            )
            if weight
        )
        if demand.may_draw and free_a >= demand.limit_a:
            return demand.limit_a
        whole_a = _rounded_a(free_a, 1)
        # What its vehicle would decline says nothing; offered nothing, it asks when it wants some
        least_a = max(self.definition.minimum_current_a, demand.least_a)
        return whole_a if whole_a >= least_a else 0.0

    def _occupy(self, demand: ConnectorDemand, current_a: float) -> None:
        for index, weight in enumerate(self._site.weights(demand.phases)):
            self._used_a[index] += weight * current_a

    def _fits(self, demand: ConnectorDemand) -> bool:
        return all(
            used <= capacity + TOLERANCE_A
            for capacity, used, weight in zip(
                self.capacity_a, self._used_a, self._site.weights(demand.phases), strict=True
            )
            if weight
        )


def _claim_a(demand: ConnectorDemand) -> float:
    """What a connector may take whatever it is told now.

    One that takes no part is told what is free, as all of them are, and does not keep others from
    it by what it has not begun to take.
    """
    if demand.takes_part:
        return demand.ahead_a
    return max(demand.drawn_a, demand.ahead_a - (demand.told_a or 0.0))


def _rounded_a(current_a: float, parts: int) -> float:
    return max(0, int(current_a * parts + 1e-6)) / parts


__all__ = ["TOLERANCE_A", "PartKind", "Seat", "SitePart", "SitePlan"]
