"""The live engine: brings the chargers of a plan to life, and lets drivers come and go.

One object runs a fleet, or the part of one that a process of a cluster has. Everything it does
by itself stands in one queue of deeds on one timer; no charger has a task.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from functools import partial

import msgspec

from ocppsim.chargepoint.controller import (
    ChargePointIdentity,
    Controller,
    ControllerFactory,
    ControllerSettings,
)
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.effects import Effect
from ocppsim.chargepoint.hardware import Hardware
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.notifications import Notification
from ocppsim.runtime.clock import SystemClock
from ocppsim.runtime.scheduler import Scheduler
from ocppsim.runtime.settings import RuntimeSettings
from ocppsim.runtime.supervisor import Supervisor
from ocppsim.scenarios.live_plan import LivePlan
from ocppsim.scenarios.planned_fleet import PlannedFleet
from ocppsim.simulation.fleet_disturbances import Disturbance, Disturbances
from ocppsim.simulation.fleet_driver import FleetDriver
from ocppsim.simulation.fleet_member import FleetCharger
from ocppsim.simulation.fleet_records import FleetTotals
from ocppsim.simulation.visit import StoredVisit, Visit

from .call_statistics import CallStatistics
from .deeds import Deeds
from .live_counts import LiveCounts
from .live_member import LiveMember
from .loop_lag import LoopLag
from .no_rows import NoRows
from .open_transactions import OpenTransactions
from .part_messages import Joining
from .run_storage import RunStorage
from .time_slice import TimeSlice
from .visit_cells import VisitCells, take_visits

SLICE_S = 1.0
_TURN = 50
"""After so many chargers brought to life, the event loop gets a turn."""
_LOOKS_AGAIN_AFTER_S = 0.25
_COMES_BACK_WITHIN_S = 10.0
"""Where an engine has taken over, its chargers are not expected to be connected before."""


class FleetEngine:
    """Runs a fleet once.

    ``on_slice`` is told every second what went on, until all chargers have gone. Times are
    seconds after the beginning of the run, which is when the ramp-up begins.

    Where the storage knows the chargers already, they are as it kept them, and so are the visits
    that were going on: an engine takes over from one that has died.
    """

    def __init__(
        self,
        fleet: PlannedFleet,
        live: LivePlan,
        storage: RunStorage,
        controller_factory: ControllerFactory,
        *,
        duration_s: float,
        seed: int,
        on_slice: Callable[[TimeSlice], None],
        whole: int | None = None,
    ) -> None:
        """Of a part of a fleet ``whole`` says how many chargers all parts have together."""
        self._whole = len(fleet.chargers) if whole is None else whole
        self.transactions = OpenTransactions(storage.open_transactions)
        """Those that the CSMS has not confirmed the end of."""
        self._totals = FleetTotals()
        self._fleet = fleet
        self._live = live
        self._storage = storage
        self._controller_factory = controller_factory
        self._duration_s = duration_s
        self._seed = seed
        self._on_slice = on_slice
        self._calls = CallStatistics()
        self._names = {one.charger_id: one.charge_point_id for one in storage.definitions}
        self._counts = LiveCounts(self._noticed, self._names.__getitem__, self.transactions)
        self._members: list[LiveMember] = []
        self._places = {one.charger_id: n for n, one in enumerate(storage.definitions)}
        self._driver: FleetDriver | None = None
        self._deeds: Deeds | None = None
        self._disturbances: Disturbances | None = None
        self._disturbances_told = 0
        self._found: list[tuple[int, ConnectorId, StoredVisit]] = []
        self._there = 0
        self._remaining = len(fleet.chargers)
        self._ends_at_once = False
        self._ends_at_s: float | None = None
        self._all_gone = asyncio.Event()
        self._steady_from_s = 0.0
        self._slice_from_s = 0.0
        self._frames = (0, 0)

    @property
    def is_ending(self) -> bool:
        """Whether the ramp-down has begun."""
        return self._ends_at_s is not None

    async def run(self, begin: Callable[[], Awaitable[Joining]]) -> None:
        """Run to the end; ``begin`` is awaited when the chargers are made."""
        clock = SystemClock()
        supervisor = Supervisor(
            self._make_controller,
            self._storage.journal,
            self._storage.config_sync,
            settings=RuntimeSettings(seed=self._seed),
            clock=clock,
            watcher=self._counts,
        )
        async with supervisor:
            with supervisor.long_lived.coming():
                await self._bring_to_life(supervisor)
            joining = await begin()
            loop = asyncio.get_running_loop()
            scheduler = Scheduler(lambda: clock.now().real_s, loop.call_later)
            deeds = self._deeds = Deeds(scheduler, scheduler.now_s() - joining.at_s)
            self._slice_from_s = joining.at_s
            lag = LoopLag()
            try:
                self._plan(deeds, clock.wall_s(), joining)
                self._schedule_tick(supervisor, lag, joining.at_s)
                await self._all_gone.wait()
            finally:
                lag.stop()
                deeds.forget()
                scheduler.close()
            self._end_slice(supervisor, lag, deeds.now_s())

    def ramp_down(self) -> None:
        """Let the run end now instead of at its planned end; harmless where it ends already."""
        deeds = self._deeds
        if deeds is None:  # still bringing chargers to life: they will go at once
            self._ends_at_once = True
        elif not self.is_ending:
            self._begin_ramp_down(deeds.now_s())

    # --- the beginning ---

    def _make_controller(
        self,
        identity: ChargePointIdentity,
        durable: DurableState,
        hardware: Hardware,
        effects: list[Effect],
        settings: ControllerSettings,
    ) -> Controller:
        settings = msgspec.structs.replace(settings, call_sink=self._calls)
        return self._controller_factory(identity, durable, hardware, effects, settings)

    async def _bring_to_life(self, supervisor: Supervisor) -> None:
        planned = zip(self._fleet.chargers, self._storage.definitions, strict=True)
        for number, (charger, definition) in enumerate(planned, start=1):
            durable = self._durable(number - 1, charger, definition.charger_id)
            self._members.append(LiveMember(await supervisor.add(definition, durable)))
            if number % _TURN == 0:
                await asyncio.sleep(0)
        if self._fleet.site is not None:
            supervisor.set_site(self._storage.definitions[0].location_id, self._fleet.site)

    def _durable(self, place: int, charger: FleetCharger, charger_id: int) -> DurableState:
        durable = self._storage.durable.get(charger_id) or DurableState()
        durable.configuration = {**charger.configuration, **durable.configuration}
        self._found += [(place, *found) for found in take_visits(durable)]
        return durable

    def _plan(self, deeds: Deeds, now_epoch_s: float, joining: Joining) -> None:
        if self._ends_at_once:
            self._duration_s = min(self._duration_s, joining.at_s)
        if joining.ends_at_s is not None:
            self._duration_s = min(self._duration_s, joining.ends_at_s)
        self._steady_from_s = self._live.ramp_up.length_s(self._whole)
        if joining.at_s > 0.0:
            self._steady_from_s = max(self._steady_from_s, joining.at_s + _COMES_BACK_WITHIN_S)
        driver = self._driver = FleetDriver(
            self._members,
            NoRows(),
            self._totals,
            start_epoch_s=now_epoch_s - joining.at_s,
            seed=self._seed,
            schedule=deeds.schedule,
            remember=VisitCells(
                self._storage.journal, [one.charger_id for one in self._storage.definitions]
            ),
        )
        for place, member in enumerate(self._members):
            at_s = self._live.ramp_up.offset_s(self._turn_of(place), self._whole)
            deeds.schedule(at_s, partial(self._come, member))
        self._disturb(deeds, joining)
        self._take_over(driver, joining)
        came = {stored.number for _, _, stored in self._found}
        visits = (
            visit
            for visit in self._fleet.visits
            if visit.at_s >= joining.told_to_s and visit.number not in came
        )
        self._await_next(iter(sorted(visits, key=lambda visit: (visit.at_s, visit.number))))
        self._found.clear()
        deeds.schedule(self._duration_s, self._begin_ramp_down)

    def _disturb(self, deeds: Deeds, joining: Joining) -> None:
        """Let what goes wrong go wrong, or go on to be; what was told is not counted again."""
        coming: list[Disturbance] = []
        for one in self._fleet.disturbances:
            is_told = one.at_s < joining.told_to_s
            if not is_told or (one.kind != "restart" and one.until_s > joining.at_s):
                coming.append(one)
                self._disturbances_told += is_told
        self._disturbances = Disturbances(coming, self._members, deeds.schedule)

    def _take_over(self, driver: FleetDriver, joining: Joining) -> None:
        if not self._found:
            return
        planned = {visit.number: visit for visit in self._fleet.visits}
        for place, connector_id, stored in self._found:
            if stored.left_at_s is None or stored.left_at_s >= joining.told_to_s:
                visit = planned[stored.number]
                driver.take_over(place, connector_id, visit, stored, joining.at_s)

    def _turn_of(self, place: int) -> int:
        """Which one of the whole fleet it is, from 0, by its place in this part."""
        return self._fleet.chargers[place].definition.charger_id - 1

    def _come(self, member: LiveMember, _now_s: float) -> None:
        if not self.is_ending:
            member.there = True
            self._there += 1
            member.live.connect()

    # --- in between ---

    def _await_next(self, visits: Iterator[Visit]) -> None:
        assert self._deeds is not None
        visit = next(visits, None)
        if visit is not None:
            self._deeds.schedule(visit.at_s, partial(self._arrive, visit, visits))

    def _arrive(self, visit: Visit, visits: Iterator[Visit], now_s: float) -> None:
        if self.is_ending:
            return
        self._await_next(visits)
        assert self._driver is not None
        self._driver.arrive(visit, now_s)

    def _noticed(self, charger_id: int, notification: Notification) -> None:
        if self._driver is not None and self._deeds is not None:
            self._driver.notice(self._places[charger_id], notification, self._deeds.now_s())

    def _tick(self, supervisor: Supervisor, lag: LoopLag, now_s: float) -> None:
        self._end_slice(supervisor, lag, now_s)
        self._schedule_tick(supervisor, lag, now_s)

    def _schedule_tick(self, supervisor: Supervisor, lag: LoopLag, now_s: float) -> None:
        assert self._deeds is not None
        self._deeds.schedule(
            (now_s // SLICE_S + 1.0) * SLICE_S, partial(self._tick, supervisor, lag)
        )

    def _end_slice(self, supervisor: Supervisor, lag: LoopLag, now_s: float) -> None:
        span = TimeSlice(self._slice_from_s, now_s)
        span.is_steady = not self.is_ending and self._slice_from_s >= self._steady_from_s
        span.there = float(self._there)
        span.plugged_in = 0.0 if self._driver is None else float(self._driver.plugged_in)
        span.loop_lag_s = lag.take_largest_s()
        self._counts.move_to(span)
        self._calls.move_to(span)
        log = supervisor.message_log
        sent, received = log.sent, log.received
        span.sent, span.received = sent - self._frames[0], received - self._frames[1]
        self._frames = sent, received
        totals = self._totals
        span.sessions, span.energy_wh = totals.sessions, totals.energy_wh
        span.outcomes = Counter(totals.outcomes)
        totals.sessions, totals.energy_wh, totals.outcomes = 0, 0.0, {}
        if self._disturbances is not None:
            span.disturbances = max(0, self._disturbances.begun - self._disturbances_told)
            self._disturbances_told += span.disturbances
        self._slice_from_s = now_s
        self._on_slice(span)

    # --- the end ---

    def _begin_ramp_down(self, now_s: float) -> None:
        if self.is_ending:
            return
        assert self._deeds is not None
        # An engine that has joined later catches up with the ramp
        self._ends_at_s = min(now_s, self._duration_s)
        for place in range(len(self._members)):
            offset_s = self._live.ramp_down.offset_s(self._turn_of(place), self._whole)
            self._deeds.schedule(self._ends_at_s + offset_s, partial(self._take_leave, place))
        if not self._members:
            self._all_gone.set()

    def _take_leave(self, place: int, now_s: float) -> None:
        assert self._driver is not None
        self._driver.send_away(place, now_s)
        self._see_off(place, now_s + self._live.settle, False, now_s)

    def _see_off(self, place: int, give_up_at_s: float, was_quiet: bool, now_s: float) -> None:
        """Disconnect a charger as soon as nobody is there, and all it had to say is confirmed.

        It is looked at once more then: what counts for less may be under way.
        """
        assert self._driver is not None
        assert self._deeds is not None
        member = self._members[place]
        is_quiet = not self._driver.is_visited(place) and (
            member.charger.controller.queued_messages == 0
        )
        if not (is_quiet and was_quiet) and now_s < give_up_at_s:
            self._deeds.schedule(
                now_s + _LOOKS_AGAIN_AFTER_S,
                partial(self._see_off, place, give_up_at_s, is_quiet),
            )
            return
        if member.there:
            member.there = False
            self._there -= 1
        member.live.disconnect()
        self._remaining -= 1
        if not self._remaining:
            self._driver.finish(now_s)
            self._all_gone.set()


__all__ = ["SLICE_S", "FleetEngine"]
