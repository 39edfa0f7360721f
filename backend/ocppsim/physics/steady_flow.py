"""An outlet for as long as it goes on as planned, read with little to look at."""

from __future__ import annotations

from typing import Protocol

from .course import SECONDS_PER_HOUR, Stretch
from .meter import Reading

_END_S = 1.0
"""So long before its end a stretch cannot have given all of its energy, however that rounds."""


class Outlet(Protocol):
    """What has a meter."""

    def read(self, now_s: float) -> Reading: ...


class SteadyFlow:
    """The meter of an outlet that nobody touches, up to ``until_s`` (simulated seconds).

    What is offered stays as it is meanwhile, and so does the plan of what the vehicle takes.
    """

    __slots__ = ("_outlet", "until_s")

    def __init__(self, outlet: Outlet, until_s: float) -> None:
        self._outlet = outlet
        self.until_s = until_s

    def energy_wh(self, now_s: float) -> float:
        """The register at ``now_s``."""
        return self._outlet.read(now_s).energy_wh

    def read(self, now_s: float) -> Reading:
        """The whole reading at ``now_s``."""
        return self._outlet.read(now_s)


class EvenFlow(SteadyFlow):
    """The same at constant power, for a meter that shows what has flowed.

    The outlet itself stays where it is while only the register is read: since nothing depends
    on how often it is looked at, it need not know.
    """

    __slots__ = ("_base_wh", "_from_s", "_power_w")

    def __init__(self, outlet: Outlet, stretch: Stretch, base_wh: float) -> None:
        """``base_wh``: the register where the stretch begins."""
        super().__init__(outlet, stretch.ends_at_s - _END_S)
        self._base_wh = base_wh
        self._from_s = stretch.starts_at_s
        self._power_w = stretch.start_power_w

    def energy_wh(self, now_s: float) -> float:
        return self._power_w * ((now_s - self._from_s) / SECONDS_PER_HOUR) + self._base_wh


__all__ = ["EvenFlow", "SteadyFlow"]
