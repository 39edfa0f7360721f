"""The chargers that are live, by charge point id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .errors import DuplicateCharger, UnknownCharger, UnusableCharger
from .live_charger import LiveCharger
from .short_way import ShortWay
from .time_scales import REAL_TIME


class LeftOut(NamedTuple):
    """A stored charger that could not be brought to life, and why."""

    location_id: int
    reason: str


class ChargerStore:
    """All live chargers, in the order in which they came."""

    def __init__(self) -> None:
        self._by_id: dict[str, LiveCharger] = {}
        self._short_ways: dict[int, ShortWay] = {}
        self.left_out: dict[str, LeftOut] = {}
        """By charge point id, the stored chargers that are not among them."""

    def get(self, charge_point_id: str) -> LiveCharger:
        """The charger of that charge point id.

        Raises :class:`~.errors.UnknownCharger`, or :class:`~.errors.UnusableCharger` for one
        that was left out.
        """
        charger = self._by_id.get(charge_point_id)
        if charger is None:
            left_out = self.left_out.get(charge_point_id)
            if left_out is not None:
                raise UnusableCharger(charge_point_id, left_out.reason)
            raise UnknownCharger(charge_point_id)
        return charger

    def find(self, charge_point_id: str) -> LiveCharger | None:
        """The charger of that charge point id, or None."""
        return self._by_id.get(charge_point_id)

    def short_way(self, charger_id: int) -> ShortWay | None:
        """The one to the charger that the journal knows by that number, or None."""
        return self._short_ways.get(charger_id)

    def at_location(self, location_id: int) -> list[LiveCharger]:
        return [charger for charger in self if charger.location_id == location_id]

    def connected_count(self) -> int:
        return sum(charger.is_connected for charger in self)

    def fast_count(self) -> int:
        """How many run faster than real time."""
        return sum(charger.time_scale != REAL_TIME for charger in self)

    def add(self, charger: LiveCharger) -> None:
        """Raises :class:`~.errors.DuplicateCharger`."""
        if charger.charge_point_id in self._by_id:
            raise DuplicateCharger(charger.charge_point_id)
        self._by_id[charger.charge_point_id] = charger
        self._short_ways[charger.charger_id] = charger.short_way

    def remove(self, charge_point_id: str) -> LiveCharger:
        """Take a charger out; raises :class:`~.errors.UnknownCharger`."""
        charger = self.get(charge_point_id)
        del self._by_id[charge_point_id]
        self._short_ways.pop(charger.charger_id, None)
        return charger

    def __contains__(self, charge_point_id: object) -> bool:
        return charge_point_id in self._by_id

    def __iter__(self) -> Iterator[LiveCharger]:
        return iter(list(self._by_id.values()))

    def __len__(self) -> int:
        return len(self._by_id)


__all__ = ["ChargerStore", "LeftOut"]
