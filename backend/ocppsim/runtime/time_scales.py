"""How fast simulated time runs: for everything, at a location, for one charger."""

from __future__ import annotations

REAL_TIME = 1.0
FASTEST = 3600.0
"""An hour in a second."""


class TimeScales:
    """The scales that chargers share; the most specific one that is not 1 counts."""

    __slots__ = ("_locations", "simulation")

    def __init__(self) -> None:
        self.simulation = REAL_TIME
        self._locations: dict[int, float] = {}

    def set_location(self, location_id: int, time_scale: float) -> None:
        """That of the chargers of a location; 1: as the whole simulation."""
        if time_scale == REAL_TIME:
            self._locations.pop(location_id, None)
        else:
            self._locations[location_id] = time_scale

    def in_force(self, location_id: int, own: float) -> float:
        """How fast a charger runs that has ``own`` for itself (1: as its location)."""
        if own != REAL_TIME:
            return own
        return self._locations.get(location_id, self.simulation)


__all__ = ["FASTEST", "REAL_TIME", "TimeScales"]
