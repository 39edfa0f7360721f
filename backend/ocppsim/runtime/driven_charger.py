"""A pure charger in time: its clock, its timer, and the order of what happens to it."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TypeVar

from ocppsim.chargepoint.moment import Moment
from ocppsim.simulation.charger import Charger
from ocppsim.simulation.definition import ChargerDefinition

from .clock import Clock
from .errors import UnknownCharger
from .pacing import STEPS_BEFORE_AN_INPUT, STEPS_IN_A_TURN, keep_up
from .scaled_clock import ScaledClock
from .scheduler import Timer
from .time_scales import REAL_TIME, TimeScales

_logger = logging.getLogger("ocppsim.runtime.charger")

T = TypeVar("T")

_LONGEST_PAUSE_S = 60.0


class DrivenCharger(ABC):
    """Feeds a pure charger with what happens, at the simulated moment at which it does.

    In real time that is the present one. In fast time what is due comes first, a few steps at a
    time, and what happens meanwhile waits for it in the charger's time. An error inside the
    charger is logged and stays within this charger; its deadlines wait longer each time then.
    """

    def __init__(
        self,
        definition: ChargerDefinition,
        clock: Clock,
        timer: Timer,
        time_scales: TimeScales,
    ) -> None:
        """``timer`` calls :meth:`deadline_due`."""
        self.definition = definition
        self.charge_point_id = definition.charge_point_id
        self._time_scales = time_scales
        self._base_clock = clock
        self._clock = clock
        self._scaled: ScaledClock | None = None
        self._ended = False
        self._failures = 0
        self._timer = timer
        self._set_pace(clock.now().real_s)

    @property
    @abstractmethod
    def charger(self) -> Charger:
        """The pure charger."""

    @abstractmethod
    def _drain(self) -> None:
        """Carry out what the charger ordered."""

    @property
    def time_scale(self) -> float:
        """How fast its simulated time runs; ``definition`` has what was chosen for it alone."""
        return REAL_TIME if self._scaled is None else self._scaled.time_scale

    def _ask(self, call: Callable[[Moment], T]) -> T:
        """Do what somebody asks for, who is told when it is not possible."""
        if self._ended:
            raise UnknownCharger(self.charge_point_id)
        self._keep_up()
        try:
            return call(self._now())
        finally:
            self._drain()
            self._rearm()

    def _tell(self, call: Callable[[Moment], object]) -> None:
        """Tell what happened; an error stays within this charger."""
        if self._ended:
            return
        if self._scaled is not None:
            self._keep_up(STEPS_BEFORE_AN_INPUT)
        try:
            call(self._now())
            self._failures = 0
        except Exception:
            self._failures += 1
            _logger.exception("%s: an input failed", self.charge_point_id)
        self._drain()
        self._rearm()

    def _now(self) -> Moment:
        """The present moment, but not beyond what is still to be done first, in fast time."""
        if self._scaled is None:
            return self._clock.now()
        return self._scaled.at(self.charger.next_deadline_s)

    def _set_pace(self, real_s: float) -> bool:
        """Let the clock run at the pace that is in force; whether that is another one."""
        definition = self.definition
        wanted = self._time_scales.in_force(definition.location_id, definition.time_scale)
        if wanted == self.time_scale:
            return False
        if self._scaled is None:
            self._clock = self._scaled = ScaledClock(self._base_clock)
        self._scaled.set_time_scale(wanted, real_s)
        return True

    def _keep_up(self, most_steps: int = STEPS_IN_A_TURN) -> bool:
        """Fast time: what is due comes before what happens now; whether anything was."""
        clock = self._scaled
        if clock is None or self._ended:
            return False
        try:
            if not keep_up(self.charger, clock, most_steps):
                return False
            self._failures = 0
        except Exception:
            self._failures += 1
            _logger.exception("%s: a deadline failed", self.charge_point_id)
        self._drain()
        self._rearm()
        return True

    def deadline_due(self) -> None:
        """The timer has come."""
        if self._scaled is not None:
            if not self._keep_up():
                self._rearm()
            return
        if self._ended:
            return
        # As _tell() does: every sample begins here
        try:
            self.charger.handle_deadline(self._clock.now())
            self._failures = 0
        except Exception:
            self._failures += 1
            _logger.exception("%s: an input failed", self.charge_point_id)
        self._drain()
        self._rearm()

    def _rearm_for_answer(self) -> None:
        """As :meth:`_rearm`, where nothing can be due earlier but the wait for an answer."""
        due_s = self.charger.next_real_deadline_s
        if due_s < self._timer.due_s and not self._failures:
            self._timer.set(due_s)

    def _rearm(self) -> None:
        """Come back when something is due; what is due already comes with the next tick."""
        if self._ended:
            return
        charger = self.charger
        due_s = charger.next_deadline_s
        if self._scaled is not None:
            due_s = self._scaled.real_at(due_s)
        due_s = min(due_s, charger.next_real_deadline_s)
        if self._failures:  # A deadline that cannot be handled must not spin.
            pause_s = min(_LONGEST_PAUSE_S, 0.5 * 2.0 ** min(self._failures, 10))
            due_s = max(due_s, self._base_clock.real_s() + pause_s)
        self._timer.set(due_s)


__all__ = ["DrivenCharger"]
