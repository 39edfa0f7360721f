"""The charge point's real-time clock: an offset to the simulated one."""

from __future__ import annotations

from ocppsim.protocol.v16.date_time import format_date_time

SMALLEST_CORRECTION_S = 1.0
"""A currentTime within a second of ours is network delay or rounding, not a wrong clock."""
EARLIEST_S = 0.0
LATEST_S = 221_845_305_600.0
"""From 1970 to 9000: what a clock shows can be written as a date-time for a long while then."""


class Clock:
    """Wall-clock time for the wire; durations never depend on it (HB-08)."""

    __slots__ = ("epoch_s",)

    def __init__(self, epoch_s: float) -> None:
        self.epoch_s = epoch_s

    def wall_s(self, now_s: float) -> float:
        """Unix seconds that the clock shows at a simulated second."""
        return self.epoch_s + now_s

    def stamp(self, now_s: float) -> str:
        """The date-time of a simulated second as it goes on the wire (1.6 ed.2 §3.14)."""
        return format_date_time(self.epoch_s + now_s)

    def adjust(self, wall_s: float, now_s: float) -> float:
        """Show ``wall_s`` now; returns the correction in seconds.

        That is 0.0 where it is too small, or where no clock can be meant.
        """
        correction_s = wall_s - now_s - self.epoch_s
        if abs(correction_s) < SMALLEST_CORRECTION_S or not EARLIEST_S <= wall_s <= LATEST_S:
            return 0.0
        self.epoch_s += correction_s
        return correction_s
