"""A clock of simulated time that runs faster than real time."""

from __future__ import annotations

from ocppsim.chargepoint.moment import Moment

from .clock import Clock


class ScaledClock:
    """Simulated time at a multiple of the pace of ``base``, which keeps the real time.

    It goes on from where ``base`` is, and from where it is itself when the scale changes: it
    never jumps, and the moments that it gives never go back.
    """

    __slots__ = ("_base", "_from_real_s", "_from_simulated_s", "_latest_s", "_time_scale")

    def __init__(self, base: Clock) -> None:
        now = base.now()
        self._base = base
        self._time_scale = 1.0
        self._from_real_s = now.real_s
        self._from_simulated_s = now.simulated_s
        self._latest_s = now.simulated_s

    @property
    def time_scale(self) -> float:
        """Simulated seconds in a real second."""
        return self._time_scale

    @property
    def epoch_s(self) -> float:
        """The true time (Unix seconds), less what simulated time has reached by now."""
        real = self._base.now()
        return self._base.epoch_s + real.simulated_s - self._simulated_s(real.real_s)

    def now(self) -> Moment:
        return self.at(float("inf"))

    def at(self, simulated_s: float) -> Moment:
        """The moment of ``simulated_s`` if that is over, else the present one.

        It is never before one that was given already.
        """
        real_s = self._base.now().real_s
        reached_s = min(simulated_s, self._simulated_s(real_s))
        self._latest_s = max(self._latest_s, reached_s)
        return Moment(self._latest_s, real_s)

    def real_s(self) -> float:
        return self._base.real_s()

    def real_at(self, simulated_s: float) -> float:
        """For what was before the scale changed: when it changed."""
        ahead_s = max(0.0, simulated_s - self._from_simulated_s)
        return self._from_real_s + ahead_s / self._time_scale

    def wall_s(self) -> float:
        return self._base.wall_s()

    def set_time_scale(self, time_scale: float, real_s: float) -> None:
        """Run ``time_scale`` (> 0) times as fast as real time since ``real_s``."""
        # What was given out since then stays: a slower clock waits for it
        self._from_simulated_s = self._simulated_s(real_s)
        self._from_real_s = real_s
        self._time_scale = time_scale

    def _simulated_s(self, real_s: float) -> float:
        return self._from_simulated_s + (real_s - self._from_real_s) * self._time_scale


__all__ = ["ScaledClock"]
