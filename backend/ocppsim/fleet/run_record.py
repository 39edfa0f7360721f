"""A run as a whole: its totals, and its course in a bounded number of points."""

from __future__ import annotations

from .open_transactions import OpenTransaction
from .run_listener import Restart
from .time_slice import TimeSlice

_MOST_POINTS = 720


class RunRecord:
    """Takes the slices of a run in the order of time.

    ``total`` is the run so far. ``points`` are its course: slices of one length, which doubles
    whenever there would be more than 720 of them. ``restarts`` counts the processes that died in
    it, ``lost`` has the transactions that died with them.
    """

    def __init__(self) -> None:
        self.total = TimeSlice(0.0, 0.0)
        self.points: list[TimeSlice] = []
        self.largest_connected = 0.0
        self.restarts = 0
        self.lost: list[OpenTransaction] = []
        self._there_s = 0.0
        self._connected_s = 0.0
        self._slices_a_point = 1
        self._in_last_point = 0

    @property
    def connected_share(self) -> float | None:
        """Between the ramps, over chargers and time; None where there was no such time."""
        return self._connected_s / self._there_s if self._there_s > 0.0 else None

    def add(self, span: TimeSlice) -> None:
        """What followed."""
        if span.is_steady:
            self._there_s += span.there * span.span_s
            self._connected_s += span.connected * span.span_s
        self.largest_connected = max(self.largest_connected, span.connected)
        self.total.add_later(span)
        self._add_point(span)

    def add_restart(self, restart: Restart) -> None:
        """A part of the fleet has died, and is started again if it can be."""
        self.restarts += 1
        self.lost += restart.lost

    def _add_point(self, span: TimeSlice) -> None:
        if self.points and self._in_last_point < self._slices_a_point:
            self.points[-1].add_later(span)
            self._in_last_point += 1
            return
        if len(self.points) >= _MOST_POINTS:
            for first, second in zip(self.points[::2], self.points[1::2], strict=True):
                first.add_later(second)
            del self.points[1::2]
            self._slices_a_point *= 2
        point = TimeSlice(span.from_s, span.from_s)
        point.is_steady = span.is_steady
        point.add_later(span)
        self.points.append(point)
        self._in_last_point = 1


__all__ = ["RunRecord"]
