"""What holds for the whole simulation, in the database: one row at most."""

from __future__ import annotations

from sqlalchemy.orm import Session

from .records import SimulationSettings
from .schema import SimulationRow

_ONLY_ROW = 1


def load(session: Session) -> SimulationSettings:
    """As it was saved last; the defaults where it never was."""
    row = session.get(SimulationRow, _ONLY_ROW)
    return SimulationSettings() if row is None else SimulationSettings(time_scale=row.time_scale)


def save(session: Session, settings: SimulationSettings) -> None:
    """Keep it for the next start."""
    session.merge(SimulationRow(id=_ONLY_ROW, time_scale=settings.time_scale))
