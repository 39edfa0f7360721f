"""The load management of a location, at work: when it divides, and who tells the chargers."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ocppsim.physics.site import SiteDefinition
from ocppsim.simulation.site import SiteManager, SiteState

from .clock import Clock
from .scaled_clock import ScaledClock
from .scheduler import Scheduler
from .time_scales import REAL_TIME, TimeScales

if TYPE_CHECKING:
    from .live_charger import LiveCharger

_logger = logging.getLogger("ocppsim.runtime.site")

_MOST_ROUNDS = 100
"""After so many in one turn the event loop gets its turn."""
_LEAST_PAUSE_S = 0.001
_PAUSE_AFTER_ERROR_S = 1.0


class LiveSite:
    """One object a location; it needs no task, only a timer of the scheduler.

    Its time of the day begins as the true one and runs at the pace of its location.
    """

    def __init__(
        self,
        location_id: int,
        definition: SiteDefinition,
        clock: Clock,
        scheduler: Scheduler,
        time_scales: TimeScales,
    ) -> None:
        self._location_id = location_id
        self._base_clock = clock
        self._clock = ScaledClock(clock)
        self._time_scales = time_scales
        self._chargers: dict[str, LiveCharger] = {}
        self._timer = scheduler.prompt_timer(self._due)
        self._manager = SiteManager(definition, clock.epoch_s)
        self._dividing = False
        self.apply_time_scale(clock.now().real_s)

    @property
    def definition(self) -> SiteDefinition:
        return self._manager.definition

    def state(self) -> SiteState:
        """The site as it is now."""
        return self._manager.state(self._clock.now())

    @property
    def wall_s(self) -> float:
        """Its time in Unix seconds."""
        return self._base_clock.epoch_s + self._clock.now().simulated_s

    def redefine(self, definition: SiteDefinition) -> None:
        """Divide by another definition from now on; shares change where they have to."""
        self._manager.redefine(definition)
        self._arm()

    def apply_time_scale(self, real_s: float) -> None:
        """Run at the pace of the location that is in force since ``real_s``."""
        wanted = self._time_scales.in_force(self._location_id, REAL_TIME)
        if wanted != self._clock.time_scale:
            self._clock.set_time_scale(wanted, real_s)
            self._arm()

    def join(self, charger: LiveCharger) -> None:
        """A charger is at the location from now on, or has changed."""
        charger.site = self
        self._chargers[charger.charge_point_id] = charger
        self._manager.join(charger.charge_point_id, charger)
        self._arm()

    def leave(self, charger: LiveCharger, *, is_ending: bool = False) -> None:
        """A charger is not at the location any more: no share limits it, unless it ends."""
        charger.site = None
        if self._chargers.pop(charger.charge_point_id, None) is None:
            return
        self._manager.leave(charger.charge_point_id)
        if not is_ending:
            for connector_id in charger.charger.plant.connector_ids:
                charger.take_site_share(connector_id, None)
        self._arm()

    def note(self, charge_point_id: str) -> None:
        """Something has changed at a charger; what follows from it follows soon, not at once."""
        self._manager.note(charge_point_id)
        self._arm()

    def close(self, *, is_ending: bool = False) -> None:
        """Nothing is divided here any more."""
        self._timer.cancel()
        for charger in list(self._chargers.values()):
            self.leave(charger, is_ending=is_ending)
        self._timer.cancel()

    def _due(self) -> None:
        self._dividing = True
        pause_s = _LEAST_PAUSE_S
        try:
            self._divide()
        except Exception:
            pause_s = _PAUSE_AFTER_ERROR_S
            self._manager.note()
            _logger.exception("location %d: its load management failed", self._location_id)
        self._dividing = False
        self._arm(pause_s)

    def _divide(self) -> None:
        for _ in range(_MOST_ROUNDS):
            now = self._clock.now()
            if self._manager.next_deadline_s > now.simulated_s:
                return
            for order in self._manager.update(now):
                charger = self._chargers.get(order.key)
                if charger is not None:
                    charger.take_site_share(order.connector_id, order.share)

    def _arm(self, pause_s: float = _LEAST_PAUSE_S) -> None:
        if self._dividing:
            return  # It looks for itself what is due
        soonest_s = self._base_clock.now().real_s + pause_s
        self._timer.set(max(self._clock.real_at(self._manager.next_deadline_s), soonest_s))


class LiveSites:
    """The sites by the id of their location; a location without one costs nothing."""

    def __init__(self, clock: Clock, scheduler: Scheduler, time_scales: TimeScales) -> None:
        self._clock = clock
        self._scheduler = scheduler
        self._time_scales = time_scales
        self._sites: dict[int, LiveSite] = {}

    def find(self, location_id: int) -> LiveSite | None:
        return self._sites.get(location_id)

    def set_site(
        self,
        location_id: int,
        definition: SiteDefinition | None,
        chargers: Iterable[LiveCharger],
    ) -> None:
        """Give a location with these chargers a site, another one, or (None) none any more."""
        site = self._sites.get(location_id)
        if definition is None:
            if site is not None:
                del self._sites[location_id]
                site.close()
        elif site is not None:
            site.redefine(definition)
        else:
            site = self._sites[location_id] = LiveSite(
                location_id, definition, self._clock, self._scheduler, self._time_scales
            )
            for charger in chargers:
                site.join(charger)

    def place(self, charger: LiveCharger) -> None:
        """A charger came to life or has changed, perhaps its location."""
        site = self._sites.get(charger.location_id)
        if charger.site is not None and charger.site is not site:
            charger.site.leave(charger)
        if site is not None:
            site.join(charger)

    def remove(self, charger: LiveCharger) -> None:
        """A charger ends."""
        if charger.site is not None:
            charger.site.leave(charger, is_ending=True)

    def apply_time_scales(self, real_s: float) -> None:
        """Run at the paces that are in force since ``real_s``."""
        for site in self._sites.values():
            site.apply_time_scale(real_s)

    def close(self) -> None:
        """All chargers end."""
        for site in self._sites.values():
            site.close(is_ending=True)


__all__ = ["LiveSite", "LiveSites"]
