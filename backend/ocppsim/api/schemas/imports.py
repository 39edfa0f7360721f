"""The outcome of imports; each row stands alone."""

from __future__ import annotations

from pydantic import Field

from .base import Answer
from .charger import Charger
from .vehicle import Vehicle


class ImportFailure(Answer):
    """A row that was not imported."""

    row: int = Field(description="Counted from 1; the header line of a CSV does not count.")
    error: str


class ChargerImport(Answer):
    """What became of a file with chargers."""

    success: list[Charger]
    failed: list[ImportFailure]


class VehicleImport(Answer):
    """What became of a file with vehicles."""

    success: list[Vehicle]
    failed: list[ImportFailure]
