"""Heartbeats and the time that comes back with them (1.6 ed.2 §4.6)."""

from __future__ import annotations

from ocppsim.protocol.v16.core import HeartbeatRequest, HeartbeatResponse
from ocppsim.protocol.v16.date_time import parse_date_time

from .caller import Caller, CallFailed, OwnCall
from .core import Core

_TIMER = "heartbeat"
LONGEST_INTERVAL_S = 86_400
"""At least one a day, for the time, whatever is configured (1.6 ed.2 §4.6 note, HB-03)."""


class Heartbeat:
    """Sends a Heartbeat every HeartbeatInterval seconds, from the acceptance on.

    None is queued while offline (HB-07), and none while the last one waits to be sent.
    """

    __slots__ = ("_caller", "_core")

    def __init__(self, core: Core, caller: Caller) -> None:
        self._core = core
        self._caller = caller

    def start(self) -> None:
        """Count the interval from now."""
        interval_s = self._core.configuration.number("HeartbeatInterval") or LONGEST_INTERVAL_S
        interval_s = min(interval_s, LONGEST_INTERVAL_S)
        self._core.timers.set(_TIMER, self._core.now_s + interval_s, self._beat)

    def interval_changed(self) -> None:
        """HB-05: an accepted change applies to the running interval."""
        if self._core.timers.is_set(_TIMER):
            self.start()

    def _beat(self) -> None:
        self.start()
        if self._caller.open and not self._caller.is_waiting("Heartbeat"):
            self._caller.call(self._call())

    def trigger(self) -> None:
        """Send one because the CSMS asks for it; the interval goes on as it was."""
        self._caller.call_triggered(self._call())

    def _call(self) -> OwnCall:
        return OwnCall("Heartbeat", HeartbeatRequest(), self._answered, self._failed)

    def _answered(self, response: HeartbeatResponse) -> None:
        try:
            wall_s = parse_date_time(response.current_time)
        except ValueError:
            return
        self._core.take_csms_time(wall_s)

    def _failed(self, _failure: CallFailed) -> None:
        """The next interval brings the next one."""
