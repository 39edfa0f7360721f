"""The live engine: brings the chargers of a plan to life, and lets drivers come and go.

One object runs a fleet, or the part of one that a process of a cluster has. Everything it does
by itself stands in one queue of deeds on one timer; no charger has a task.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
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
from ocppsim.chargepoint.notifications import Notification
from ocppsim.runtime.clock import SystemClock
from ocppsim.runtime.scheduler import Scheduler
from ocppsim.runtime.settings import RuntimeSettings
from ocppsim.runtime.supervisor import Supervisor
from ocppsim.scenarios.live_plan import LivePlan
from ocppsim.scenarios.planned_fleet import PlannedFleet
from ocppsim.simulation.fleet_disturbances import Disturbances
from ocppsim.simulation.fleet_driver import FleetDriver
from ocppsim.simulation.fleet_records import FleetTotals
from ocppsim.simulation.visit import Visit

from .call_statistics import CallStatistics
from .deeds import Deeds
from .live_counts import LiveCounts
from .live_member import LiveMember
from .loop_lag import LoopLag
from .no_rows import NoRows
from .run_storage import RunStorage
from .time_slice import TimeSlice

SLICE_S = 1.0
_TURN = 50
"""After so many chargers brought to life, the event loop gets a turn."""
_LOOKS_AGAIN_AFTER_S = 0.25


class FleetEngine:
    """Runs a fleet once.

    ``on_slice`` is told every second what went on, until all chargers have gone. Times are
    seconds after all chargers have been made, which is when the ramp-up begins.
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
        self.totals = FleetTotals()
        self._fleet = fleet
        self._live = live
        self._storage = storage
        self._controller_factory = controller_factory
        self._duration_s = duration_s
        self._seed = seed
        self._on_slice = on_slice
        self._calls = CallStatistics()
        self._counts = LiveCounts(self._noticed)
        self._members: list[LiveMember] = []
        self._places = {one.charger_id: n for n, one in enumerate(storage.definitions)}
        self._driver: FleetDriver | None = None
        self._deeds: Deeds | None = None
        self._disturbances: Disturbances | None = None
        self._there = 0
        self._remaining = len(fleet.chargers)
        self._ends_at_s: float | None = None
        self._all_gone = asyncio.Event()
        self._slice_from_s = 0.0
        self._frames = (0, 0)
        self._ended_visits = (0, 0.0)

    @property
    def open_transactions(self) -> int:
        """Those that the CSMS has not confirmed the end of."""
        return self._counts.open_transactions

    @property
    def disturbances(self) -> int:
        """How many of them there have been."""
        return 0 if self._disturbances is None else self._disturbances.begun

    @property
    def is_ending(self) -> bool:
        """Whether the ramp-down has begun."""
        return self._ends_at_s is not None

    async def run(self, on_begin: Callable[[], None] = lambda: None) -> None:
        """Run to the end; ``on_begin`` is called when the chargers are made."""
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
            on_begin()
            loop = asyncio.get_running_loop()
            scheduler = Scheduler(lambda: clock.now().real_s, loop.call_later)
            deeds = self._deeds = Deeds(scheduler, scheduler.now_s())
            lag = LoopLag()
            try:
                self._plan(deeds, clock.wall_s())
                deeds.schedule(SLICE_S, partial(self._tick, supervisor, lag))
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
            self._duration_s = 0.0
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
            durable = DurableState(configuration=dict(charger.configuration))
            self._members.append(LiveMember(await supervisor.add(definition, durable)))
            if number % _TURN == 0:
                await asyncio.sleep(0)
        if self._fleet.site is not None:
            supervisor.set_site(self._storage.definitions[0].location_id, self._fleet.site)

    def _plan(self, deeds: Deeds, start_epoch_s: float) -> None:
        self._driver = FleetDriver(
            self._members,
            NoRows(),
            self.totals,
            start_epoch_s=start_epoch_s,
            seed=self._seed,
            schedule=deeds.schedule,
        )
        for place, member in enumerate(self._members):
            at_s = self._live.ramp_up.offset_s(self._turn_of(place), self._whole)
            deeds.schedule(at_s, partial(self._come, member))
        self._disturbances = Disturbances(self._fleet.disturbances, self._members, deeds.schedule)
        visits = iter(sorted(self._fleet.visits, key=lambda visit: (visit.at_s, visit.number)))
        self._await_next(visits)
        deeds.schedule(self._duration_s, self._begin_ramp_down)

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
        assert self._deeds is not None
        self._end_slice(supervisor, lag, now_s)
        self._deeds.schedule(
            (now_s // SLICE_S + 1.0) * SLICE_S, partial(self._tick, supervisor, lag)
        )

    def _end_slice(self, supervisor: Supervisor, lag: LoopLag, now_s: float) -> None:
        span = TimeSlice(self._slice_from_s, now_s)
        ramp_up_s = self._live.ramp_up.length_s(self._whole)
        span.is_steady = not self.is_ending and self._slice_from_s >= ramp_up_s
        span.there = float(self._there)
        span.plugged_in = 0.0 if self._driver is None else float(self._driver.plugged_in)
        span.loop_lag_s = lag.take_largest_s()
        self._counts.move_to(span)
        self._calls.move_to(span)
        log = supervisor.message_log
        sent, received = log.sent, log.received
        span.sent, span.received = sent - self._frames[0], received - self._frames[1]
        self._frames = sent, received
        (sessions, energy_wh), totals = self._ended_visits, self.totals
        span.sessions, span.energy_wh = totals.sessions - sessions, totals.energy_wh - energy_wh
        self._ended_visits = totals.sessions, totals.energy_wh
        self._slice_from_s = now_s
        self._on_slice(span)

    # --- the end ---

    def _begin_ramp_down(self, now_s: float) -> None:
        if self.is_ending:
            return
        assert self._deeds is not None
        self._ends_at_s = now_s
        for place in range(len(self._members)):
            offset_s = self._live.ramp_down.offset_s(self._turn_of(place), self._whole)
            self._deeds.schedule(now_s + offset_s, partial(self._take_leave, place))
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
