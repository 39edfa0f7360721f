"""What all chargers draw together, without drawing all of them each time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from .feed_source import FeedSource
from .snapshots import ChargerSummary, Totals


class _Figures(NamedTuple):
    charging: int
    power_w: float


_AT_REST = _Figures(0, 0.0)
"""Without a vehicle nothing charges."""


class FleetTotals:
    """The figures of each charger as they were when it was drawn last.

    Whether it is connected is always as of now.
    """

    def __init__(self) -> None:
        self._figures: dict[FeedSource, _Figures] = {}

    def knows(self, source: FeedSource) -> bool:
        """Whether its figures need no drawing."""
        return source in self._figures or not source.in_session

    def note(self, source: FeedSource, summary: ChargerSummary) -> None:
        """It was drawn."""
        charging = sum(connector.status == "Charging" for connector in summary.connectors)
        if charging or summary.power_w:
            self._figures[source] = _Figures(charging, summary.power_w)
        elif source.in_session:
            self._figures[source] = _AT_REST
        else:
            self._figures.pop(source, None)

    def remove(self, source: FeedSource) -> None:
        self._figures.pop(source, None)

    def forget(self) -> None:
        """Nobody watches any more: what was drawn grows old."""
        self._figures.clear()

    def of(self, sources: Iterable[FeedSource]) -> Totals:
        """The totals of these chargers."""
        chargers = connected = charging = 0
        power_w = 0.0
        figures = self._figures
        for source in sources:
            chargers += 1
            connected += source.is_connected
            known = figures.get(source)
            if known is not None:
                charging += known.charging
                power_w += known.power_w
        return Totals(chargers, connected, charging, round(power_w, 1))


__all__ = ["FleetTotals"]
