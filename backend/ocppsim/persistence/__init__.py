"""The database: what REST serves, and the journal of what a charge point must not lose.

``Database`` runs the repositories (``locations``, ``chargers``, ``vehicles``, ``configuration``,
``transactions``: plain functions over a session) on one thread; ``Journal`` and ``ConfigSync``
write in the background, in group commits. Records go out, never rows.
"""

from __future__ import annotations

from . import chargers, configuration, locations, simulation, transactions, vehicles
from .background_writer import BackgroundWriter, Backlog
from .config_sync import ConfigSync
from .database import Database
from .durable_states import load_durable_states
from .errors import (
    DatabaseTooNew,
    DatabaseUnavailable,
    DuplicateChargePoint,
    LocationInUse,
    NotFound,
    PersistenceError,
    UnfitValue,
    UnknownCharger,
    UnknownLocation,
    UnknownVehicle,
)
from .history_keeper import HistoryKeeper
from .journal import Journal, JournalContent
from .records import CurvePoint, Location, Page, TransactionRecord, Vehicle

__all__ = [
    "BackgroundWriter",
    "Backlog",
    "ConfigSync",
    "CurvePoint",
    "Database",
    "DatabaseTooNew",
    "DatabaseUnavailable",
    "DuplicateChargePoint",
    "HistoryKeeper",
    "Journal",
    "JournalContent",
    "Location",
    "LocationInUse",
    "NotFound",
    "Page",
    "PersistenceError",
    "TransactionRecord",
    "UnfitValue",
    "UnknownCharger",
    "UnknownLocation",
    "UnknownVehicle",
    "Vehicle",
    "chargers",
    "configuration",
    "load_durable_states",
    "locations",
    "simulation",
    "transactions",
    "vehicles",
]
