"""The load management of a site: which connector may take how much of what the grid leaves.

It is fed with what its members tell and gives orders; it reads no clock and calls nobody. The
shell that owns it tells it of changes (:func:`concerns_site`), calls :meth:`SiteManager.update`
when ``next_deadline_s`` has come, and hands each order to the charger that it is for, until
nothing is due any more at that instant.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import inf
from typing import Final, Literal, Protocol

import msgspec

from ocppsim.chargepoint.effects import CloseLink, Effect, Notify, OpenLink
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.inputs import SiteShare
from ocppsim.chargepoint.moment import Moment
from ocppsim.chargepoint.notifications import (
    ConnectorChanged,
    SiteDemandChanged,
    TransactionChanged,
)
from ocppsim.physics import NOMINAL_VOLTAGE_V
from ocppsim.physics.site import SUPPLY_PHASES, Site, SiteDefinition

from .site_demand import ConnectorDemand
from .site_plan import TOLERANCE_A, Seat, SitePlan
from .site_words import share_sentence

SETTLING_S: Final = 5.0
"""How long a vehicle may take to follow a lower offer (IEC 61851-1, annex A)."""

_WAIT_S: Final = 1.0
"""After which it is looked again whether those that were lowered have followed."""
_PASSES: Final = 50
"""How often the shares are found anew at one instant before the rest waits."""
_CONCERNING: Final = (ConnectorChanged, SiteDemandChanged, TransactionChanged)

ConnectorAtSiteState = Literal["charging", "waiting", "idle"]


class SiteMember(Protocol):
    """A charger of the site; :class:`~.charger.Charger` is one."""

    def site_demands(self, now: Moment) -> Sequence[ConnectorDemand]:
        """Its connectors as they are; none while it is down."""
        ...


class ShareOrder(msgspec.Struct, frozen=True, gc=False):
    """Tell a connector its share."""

    key: str
    connector_id: ConnectorId
    share: SiteShare


class ConnectorOnSite(msgspec.Struct, frozen=True, gc=False):
    """A connector in the state of a site.

    ``phases`` are those of the supply (1 to 3). ``state`` is ``charging``, ``waiting`` (it would
    charge if there were enough) or ``idle``; ``share_a`` is what it was told, a phase.
    """

    key: str
    connector_id: ConnectorId
    state: ConnectorAtSiteState
    phases: tuple[int, ...]
    share_a: float | None
    drawn_a: float
    most_a: float


class SiteState(msgspec.Struct, frozen=True, gc=False):
    """A site at one instant; of three numbers the first is that of L1 of the supply.

    ``left_a`` is what is left to the chargers on each phase, ``left_w`` on all together: the
    limit less the base load plus PV, never below 0; ``grid_a`` is what comes from the grid
    (below 0: PV that nobody takes). Amperes are at nominal voltage.
    """

    base_load_w: float
    pv_w: float
    left_a: tuple[float, ...]
    left_w: float
    drawn_a: tuple[float, ...]
    drawn_w: float
    grid_a: tuple[float, ...]
    connectors: tuple[ConnectorOnSite, ...]


def concerns_site(effect: Effect) -> bool:
    """Whether a step of a member with such an effect may change what is shared, or how."""
    if type(effect) is Notify:
        return type(effect.notification) in _CONCERNING
    return type(effect) in (OpenLink, CloseLink)


class SiteManager:
    """Divides what is left of one site among the connectors of its chargers.

    ``next_deadline_s`` is on the simulated clock: minus infinity after :meth:`note`, infinity
    without members.
    """

    def __init__(self, definition: SiteDefinition, clock_epoch_s: float) -> None:
        """``clock_epoch_s`` is the time (Unix seconds) at simulated second 0."""
        self._site = Site(definition)
        self._epoch_s = clock_epoch_s
        self._members: dict[str, SiteMember] = {}
        self._demands: dict[str, Sequence[ConnectorDemand]] = {}
        """What members told last, of those that have not changed since."""
        self._updated_s = -inf
        self._passes = 0
        self._is_held = False
        self._since_s: dict[Seat, float | None] = {}
        """When the transactions began, by the time of the site; None: none is there."""
        self._plan: SitePlan | None = None
        """The last division."""
        self.next_deadline_s = inf

    @property
    def definition(self) -> SiteDefinition:
        return self._site.definition

    @property
    def is_empty(self) -> bool:
        """Whether there is nobody to share among."""
        return not self._members

    def redefine(self, definition: SiteDefinition) -> None:
        """Divide by another definition from now on."""
        self._site = Site(definition)
        self.note()

    def join(self, key: str, member: SiteMember) -> None:
        """A charger is at the site from now on; one of that key is replaced."""
        self._members[key] = member
        self.note(key)

    def leave(self, key: str) -> None:
        """A charger is gone; its shares are not taken back from it."""
        self._members.pop(key, None)
        self._since_s = {seat: at_s for seat, at_s in self._since_s.items() if seat[0] != key}
        self.note(key)

    def note(self, key: str | None = None) -> None:
        """Something has changed at a charger, or at any of them: the shares are due."""
        if key is None:
            self._demands.clear()
        else:
            self._demands.pop(key, None)
        if not self._members:
            self.next_deadline_s = inf
        elif self._passes < _PASSES:
            self.next_deadline_s = -inf
        else:
            self.next_deadline_s = self._updated_s + _WAIT_S

    def update(self, now: Moment) -> list[ShareOrder]:
        """The shares that are not what their connectors were told.

        Nothing is raised on a phase until those that have to give way do no longer take more
        than is theirs. What is told holds for ``interval_s`` and ``SETTLING_S``: it fits the
        least that is left in that time.
        """
        now_s = now.simulated_s
        definition = self._site.definition
        self.next_deadline_s = inf
        at_s = self._epoch_s + now_s
        capacity_a = self._site.capacity_a(at_s, at_s + definition.interval_s + SETTLING_S)
        seats = self._seats(now)
        self._note_starts(seats, at_s)
        plan = self._plan = SitePlan(self._site, capacity_a, seats, self._since_s)
        orders = [
            ShareOrder(*seat, SiteShare(part.share_a, partial(self._explain, seat)))
            for seat, part in plan.parts.items()
            if part.demand.told_a is None or abs(part.share_a - part.demand.told_a) > TOLERANCE_A
        ]
        for order in orders:
            self._demands.pop(order.key, None)
        self._foresee(now_s, has_orders=bool(orders), is_held=plan.is_held)
        return orders

    def state(self, now: Moment) -> SiteState:
        """The site as it is; looks at every charger."""
        at_s = self._epoch_s + now.simulated_s
        base_w, pv_w = self._site.base_w(at_s), self._site.pv_w(at_s)
        capacity_a = self._site.capacity_a(at_s, at_s)
        self._demands.clear()
        seats = self._seats(now)
        drawn_a = [0.0] * SUPPLY_PHASES
        for _, demand in seats:
            for line in demand.phases:
                drawn_a[line] += demand.drawn_a
        own_a = (base_w - pv_w) / (NOMINAL_VOLTAGE_V * SUPPLY_PHASES)
        left_w = sum(capacity_a) * NOMINAL_VOLTAGE_V
        left_a = (left_w / (NOMINAL_VOLTAGE_V * SUPPLY_PHASES),) * SUPPLY_PHASES
        return SiteState(
            base_load_w=base_w,
            pv_w=pv_w,
            left_a=left_a,
            left_w=left_w,
            drawn_a=tuple(drawn_a),
            drawn_w=sum(drawn_a) * NOMINAL_VOLTAGE_V,
            grid_a=tuple([own_a + one for one in drawn_a]),
            connectors=tuple([_on_site(seat, demand) for seat, demand in seats]),
        )

    # --- within -----------------------------------------------------------------------------

    def _seats(self, now: Moment) -> list[tuple[Seat, ConnectorDemand]]:
        """All connectors; only those are asked anew that may not be as they were."""
        if now.simulated_s > self._updated_s:
            for key, demands in list(self._demands.items()):
                if any(self._may_differ(demand) for demand in demands):
                    del self._demands[key]
                else:
                    self._demands[key] = [_at_most(demand) for demand in demands]
        found: list[tuple[Seat, ConnectorDemand]] = []
        for key, member in self._members.items():
            demands = self._demands.get(key)
            if demands is None:
                demands = self._demands[key] = member.site_demands(now)
            found += [((key, demand.connector_id), demand) for demand in demands]
        return found

    def _note_starts(self, seats: Sequence[tuple[Seat, ConnectorDemand]], at_s: float) -> None:
        """Keep in which order transactions began, whatever the clocks of their chargers show.

        Only of those that were there before the site was, their chargers have to say it.
        """
        for seat, demand in seats:
            if demand.began_at_s is None:
                self._since_s[seat] = None
            elif self._since_s.get(seat) is None:
                self._since_s[seat] = at_s if seat in self._since_s else demand.began_at_s

    def _may_differ(self, demand: ConnectorDemand) -> bool:
        """Whether a connector may be another one by the mere passing of time.

        What a steady one takes goes to its share and no further; it has to be known as long as
        somebody waits for that.
        """
        busy = demand.draws or demand.ahead_a > 0.0
        return busy and (self._is_held or not demand.is_steady)

    def _explain(self, seat: Seat) -> str:
        """Why a connector has its share, by the last division."""
        part = None if self._plan is None else self._plan.parts.get(seat)
        return "" if self._plan is None or part is None else share_sentence(self._plan, part)

    def _foresee(self, now_s: float, *, has_orders: bool, is_held: bool) -> None:
        self._passes = self._passes + 1 if now_s == self._updated_s else 0
        self._updated_s = now_s
        self._is_held = is_held
        if not self._members or self.next_deadline_s < inf:
            return  # Nobody is here, or something has changed while the members were asked
        if has_orders and self._passes < _PASSES:
            # Those who were told may have followed at once, and so freed what others wait for
            self.next_deadline_s = now_s
        elif has_orders or is_held:
            self.next_deadline_s = now_s + _WAIT_S
        else:
            self.next_deadline_s = now_s + self._site.definition.interval_s


def _at_most(demand: ConnectorDemand) -> ConnectorDemand:
    """A connector that was not asked anew: meanwhile it may take all that it was told it may."""
    may_take_a = min(demand.told_a or 0.0, demand.most_a) if demand.draws else 0.0
    if demand.ahead_a >= may_take_a:
        return demand
    return msgspec.structs.replace(demand, ahead_a=may_take_a)


def _on_site(seat: Seat, demand: ConnectorDemand) -> ConnectorOnSite:
    state: ConnectorAtSiteState = "idle"
    if demand.drawn_a > 0.0:
        state = "charging"
    elif demand.takes_part:
        state = "charging" if demand.told_a else "waiting"
    return ConnectorOnSite(
        key=seat[0],
        connector_id=seat[1],
        state=state,
        phases=tuple([line + 1 for line in demand.phases]),
        share_a=demand.told_a,
        drawn_a=demand.drawn_a,
        most_a=demand.most_a,
    )


__all__ = [
    "SETTLING_S",
    "ConnectorOnSite",
    "ShareOrder",
    "SiteManager",
    "SiteMember",
    "SiteState",
    "concerns_site",
]
