"""An outlet on a stretch of constant power, read without looking at the outlet."""

from __future__ import annotations

from .course import Stretch
from .line_reading import LineReading
from .meter import REACTIVE_SHARE
from .noise import Noise


class SteadyFlow:
    """Gives the readings that the outlet would give, as long as nobody touches it.

    Before ``until_s`` (simulated seconds) power is constant. The outlet itself stays where it
    is: since nothing depends on how often it is looked at, it need not know.
    """

    __slots__ = (
        "_base_wh",
        "_capacity_wh",
        "_load",
        "_noise",
        "_offered_phases",
        "_offered_w",
        "_phases",
        "_stretch",
        "_used",
        "until_s",
    )

    def __init__(
        self,
        stretch: Stretch,
        *,
        base_wh: float,
        capacity_wh: float,
        noise: Noise,
        phases: int,
        used: int,
        offered_w: float,
        offered_phases: int,
        load: float,
    ) -> None:
        """``base_wh``: the register where the stretch, of constant power, begins."""
        self._stretch = stretch
        self._base_wh = base_wh
        self._capacity_wh = capacity_wh
        self._noise = noise
        self._phases = phases
        self._used = used
        self._offered_w = offered_w
        self._offered_phases = offered_phases
        self._load = load
        self.until_s = stretch.ends_at_s

    def read(self, now_s: float) -> LineReading:
        """The reading at ``now_s``, which lies on the stretch."""
        power_w, energy_wh, stored_wh = self._stretch.flow(now_s)
        energy_wh += self._base_wh
        return LineReading(
            energy_wh,
            power_w,
            energy_wh * REACTIVE_SHARE,
            stored_wh / self._capacity_wh * 100.0,
            self._noise,
            now_s,
            self._phases,
            self._used,
            self._offered_w,
            self._offered_phases,
            self._load,
        )


__all__ = ["SteadyFlow"]
