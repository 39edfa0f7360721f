"""What can go wrong between the program and its database.

PersistenceError
├── DatabaseUnavailable     it cannot be reached, opened or written (the message is one line)
├── DatabaseTooNew          a newer version of the program has migrated it
├── NotFound                there is no such row
│   ├── UnknownLocation
│   ├── UnknownCharger
│   └── UnknownVehicle
├── DuplicateChargePoint    another charger has this charge point id
├── LocationInUse           the location still has chargers
└── UnfitValue              the database cannot store a value (a NUL in text, too large a number)

No message holds the password of a database URL.
"""

from __future__ import annotations

from collections.abc import Sequence


class PersistenceError(Exception):
    """Base of the errors of this package; the message is meant for people."""


class DatabaseUnavailable(PersistenceError):
    """The database cannot be reached, opened or written; the message says why in one line."""


class DatabaseTooNew(PersistenceError):
    """The schema was migrated by a newer version of the program than this one."""


class NotFound(PersistenceError):
    """There is no row of that id."""


class UnknownLocation(NotFound):
    """There is no location of that id."""

    def __init__(self, location_id: int) -> None:
        super().__init__(f"there is no location {location_id}")
        self.location_id = location_id


class UnknownCharger(NotFound):
    """There is no charger with that charge point id."""

    def __init__(self, charge_point_id: str) -> None:
        super().__init__(f"there is no charger {charge_point_id!r}")
        self.charge_point_id = charge_point_id


class UnknownVehicle(NotFound):
    """There is no vehicle of that id."""

    def __init__(self, vehicle_id: int) -> None:
        super().__init__(f"there is no vehicle {vehicle_id}")
        self.vehicle_id = vehicle_id


class DuplicateChargePoint(PersistenceError):
    """These charge point ids are taken already, or were given twice."""

    def __init__(self, charge_point_ids: Sequence[str]) -> None:
        named = ", ".join(repr(charge_point_id) for charge_point_id in charge_point_ids)
        super().__init__(f"a charger with the charge point id {named} exists already")
        self.charge_point_ids = tuple(charge_point_ids)


class LocationInUse(PersistenceError):
    """The location has chargers, and nobody insisted that they go with it."""

    def __init__(self, location_id: int, charger_count: int) -> None:
        super().__init__(f"location {location_id} still has {charger_count} charger(s)")
        self.location_id = location_id
        self.charger_count = charger_count


class UnfitValue(PersistenceError):
    """The database cannot store one of the values; it would refuse it every time."""


__all__ = [
    "DatabaseTooNew",
    "DatabaseUnavailable",
    "DuplicateChargePoint",
    "LocationInUse",
    "NotFound",
    "PersistenceError",
    "UnfitValue",
    "UnknownCharger",
    "UnknownLocation",
    "UnknownVehicle",
]
