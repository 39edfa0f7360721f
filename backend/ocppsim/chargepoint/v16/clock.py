"""The charge point's real-time clock: an offset to the simulated one."""

from __future__ import annotations

from ocppsim.protocol.v16.date_time import format_date_time

SMALLEST_CORRECTION_S = 1.0
"""A currentTime within a second of ours is network delay or rounding, not a wrong clock."""
EARLIEST_S = 0.0
LATEST_S = 221_845_305_600.0
"""From 1970 to 9000: what a clock shows can be written as a date-time for a long while then."""


class Clock:
    """Wall-clock time for the wire; durations never depend on it (HB-08).

    ``is_scaled`` while simulated time runs faster than real time; ``ran_ahead`` from then on
    until the clock is set.
    """

    __slots__ = ("epoch_s", "is_scaled", "ran_ahead")

    def __init__(self, epoch_s: float, *, is_scaled: bool = False, ran_ahead: bool = False) -> None:
        self.epoch_s = epoch_s
        self.is_scaled = is_scaled
        self.ran_ahead = ran_ahead or is_scaled

    def wall_s(self, now_s: float) -> float:
        """Unix seconds that the clock shows at a simulated second."""
        return self.epoch_s + now_s

    def stamp(self, now_s: float) -> str:
        """The date-time of a simulated second as it goes on the wire (1.6 ed.2 §3.14)."""
        return format_date_time(self.epoch_s + now_s)

    def scale(self, time_scale: float) -> None:
        """Simulated time runs ``time_scale`` times as fast as real time from now on."""
        self.is_scaled = time_scale != 1.0
        self.ran_ahead = self.ran_ahead or self.is_scaled

    def set(self, wall_s: float, now_s: float) -> None:
        """Show ``wall_s`` now, whatever it was."""
        self.epoch_s = wall_s - now_s
        self.ran_ahead = self.is_scaled

    def adjust(self, wall_s: float, now_s: float) -> float:
        """Show ``wall_s`` now; returns the correction in seconds.

        That is 0.0 where it is too small, or where no clock can be meant.
        """
        correction_s = wall_s - now_s - self.epoch_s
        if not EARLIEST_S <= wall_s <= LATEST_S:
            return 0.0
        self.ran_ahead = self.is_scaled
        if abs(correction_s) < SMALLEST_CORRECTION_S:
            return 0.0
        self.epoch_s += correction_s
        return correction_s
