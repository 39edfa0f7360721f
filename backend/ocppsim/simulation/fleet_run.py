"""A whole site in virtual time: many chargers and their CSMS on one clock that jumps ahead.

Every charger is a :class:`~.virtual.VirtualRun`; :class:`FleetRun` brings all of them, the
vehicles that come and go, and the samples of the truth into one order of time. Nothing sleeps,
and nothing is random but by the seed: the same arguments give the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from heapq import heappop, heappush
from itertools import count
from random import Random

from ocppsim.chargepoint.controller import NEVER, ControllerFactory
from ocppsim.physics.site import SiteDefinition

from .fleet_csms import CsmsScript, PlannedCall, SiteCentralSystem
from .fleet_disturbances import Disturbance, Disturbances
from .fleet_driver import FleetDriver
from .fleet_member import FleetCharger, FleetMember, Surroundings
from .fleet_records import FleetTotals, MeterRow, Recorder
from .fleet_site import FleetSite
from .visit import Visit

_CHARGER, _DEED, _SITE, _SAMPLE = range(4)
"""What goes first at one instant: what is due by itself, then people and CSMS, then the site's
load management, and last the look at all of it."""

Turn = Callable[[float], None]


class FleetRun:
    """The run; :meth:`advance_to` lets time pass, :meth:`finish` ends it.

    ``visits`` may come in any order. Every ``sample_interval_s`` all connectors are looked at.
    ``check_wire`` has every frame judged by the rules of OCPP: ``violations``. With a ``site``
    its load management divides what the grid leaves. ``disturbances`` may come in any order.
    """

    def __init__(
        self,
        chargers: Sequence[FleetCharger],
        visits: Sequence[Visit],
        csms: CsmsScript,
        controller_factory: ControllerFactory,
        recorder: Recorder,
        *,
        start_epoch_s: float,
        seed: int = 0,
        sample_interval_s: float = 60.0,
        check_wire: bool = True,
        site: SiteDefinition | None = None,
        disturbances: Sequence[Disturbance] = (),
    ) -> None:
        self.totals = FleetTotals()
        self.now_s = 0.0
        self._start_epoch_s = start_epoch_s
        self._sample_interval_s = sample_interval_s
        self._recorder = recorder
        self._order = count()
        self._heap: list[tuple[float, int, int, Turn]] = []
        transaction_ids = count(1)
        around = Surroundings(
            controller_factory,
            recorder,
            self.totals,
            start_epoch_s,
            check_wire,
            is_managed=site is not None,
        )
        self._members = [
            FleetMember(
                charger,
                SiteCentralSystem(csms, start_epoch_s, transaction_ids),
                around,
                seed=_seed(seed, charger.definition.charge_point_id),
            )
            for charger in chargers
        ]
        self._site = FleetSite(site, self._members, start_epoch_s)
        self._site_due_s = NEVER
        self._turns = [partial(self._turn, place) for place in range(len(self._members))]
        self._due_s = [NEVER] * len(self._members)
        self._driver = FleetDriver(
            self._members,
            recorder,
            self.totals,
            start_epoch_s=start_epoch_s,
            seed=seed,
            schedule=self._schedule,
        )
        for visit in sorted(visits, key=lambda visit: (visit.at_s, visit.number)):
            self._schedule(visit.at_s, partial(self._driver.arrive, visit))
        self._disturbances = Disturbances(disturbances, self._members, self._schedule)
        for call in csms.calls:
            self._schedule(call.at_s, partial(self._call, call))
        self._push(0.0, _SAMPLE, partial(self._sample, 0))
        for place in range(len(self._members)):
            self._look_after(place)
        self._foresee_site()

    @property
    def violations(self) -> list[str]:
        """What broke a rule of OCPP, each with the charger's id in front."""
        return [
            f"{member.name}: {violation}"
            for member in self._members
            for violation in member.violations
        ]

    @property
    def disturbances(self) -> int:
        """How many of them there have been."""
        return self._disturbances.begun

    @property
    def register_wh(self) -> float:
        """The energy of all registers together."""
        return sum(
            member.reading(connector_id, self.now_s).energy_wh
            for member in self._members
            for connector_id in member.connector_ids
        )

    def advance_to(self, until_s: float) -> None:
        """Lets everything happen up to then, what is due at that very instant included."""
        heap = self._heap
        while heap and heap[0][0] <= until_s:
            self.now_s, _, _, turn = heappop(heap)
            turn(self.now_s)
        self.now_s = until_s

    def finish(self) -> None:
        """Writes down the sessions that have not ended; nothing happens afterwards."""
        self._driver.finish(self.now_s)
        self._heap.clear()

    # --- within ---------------------------------------------------------------------------

    def _push(self, at_s: float, rank: int, turn: Turn) -> None:
        heappush(self._heap, (at_s, rank, next(self._order), turn))

    def _schedule(self, at_s: float, deed: Callable[[float], int | None]) -> None:
        self._push(at_s, _DEED, partial(self._do, deed))

    def _do(self, deed: Callable[[float], int | None], now_s: float) -> None:
        place = deed(now_s)
        if place is not None:
            self._look_after(place)

    def _call(self, call: PlannedCall, now_s: float) -> int:
        self._members[call.charger].call(call.action, call.payload, now_s)
        return call.charger

    def _turn(self, place: int, now_s: float) -> None:
        """A charger's own deadline, if it still is one."""
        if self._due_s[place] == now_s:
            self._due_s[place] = NEVER
            self._members[place].settle_at(now_s)
            self._look_after(place)

    def _look_after(self, place: int) -> None:
        """A charger has done something: people notice, and it is due at another time."""
        member = self._members[place]
        for notification in member.take_notifications():
            self._driver.notice(place, notification, self.now_s)
        if member.concerns_site:
            self._site.note(place)
            self._foresee_site()
        due_s = max(member.next_deadline_s, self.now_s)
        if due_s != self._due_s[place]:
            self._due_s[place] = due_s
            if due_s != NEVER:
                self._push(due_s, _CHARGER, self._turns[place])

    def _foresee_site(self) -> None:
        due_s = max(self._site.next_deadline_s, self.now_s)
        if due_s != self._site_due_s:
            self._site_due_s = due_s
            if due_s != NEVER:
                self._push(due_s, _SITE, self._divide)

    def _divide(self, now_s: float) -> None:
        """The shares of the site, if they still are due now."""
        if self._site_due_s == now_s:
            self._site_due_s = NEVER
            for place in self._site.divide(now_s):
                self._look_after(place)
            self._foresee_site()

    def _sample(self, number: int, now_s: float) -> None:
        driver = self._driver
        write = self._recorder.meter
        taking: list[tuple[int, MeterRow]] = []
        for place, member in enumerate(self._members):
            for connector_id in member.connector_ids:
                row = member.meter_row(connector_id, now_s)
                write(row)
                if row.power_w > 0.0:
                    taking.append((place, row))
                    driver.sampled(place, connector_id, row.power_w)
        site = self._site.row(now_s, taking, driver.plugged_in)
        self._recorder.site(site)
        if site.charging_power_w > self.totals.peak_power_w:
            self.totals.peak_power_w = site.charging_power_w
            self.totals.peak_at_s = now_s
        following = number + 1
        self._push(following * self._sample_interval_s, _SAMPLE, partial(self._sample, following))


def _seed(seed: int, charge_point_id: str) -> int:
    """A charger's own seed, the same whichever others there are."""
    return Random(f"{seed}/chargers/{charge_point_id}").getrandbits(32)


__all__ = ["FleetCharger", "FleetRun"]
