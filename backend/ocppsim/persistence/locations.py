"""Locations in the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy import delete as delete_from
from sqlalchemy.orm import Session

from .errors import LocationInUse, UnknownLocation
from .records import Location, Page
from .schema import ChargerRow, LocationRow

LOCATION_FIELDS = frozenset({"name", "address", "time_scale", "site"})
"""What of a location can be given and changed."""


def create(
    session: Session,
    name: str,
    address: str = "",
    *,
    time_scale: float = 1.0,
    site: dict[str, Any] | None = None,
) -> Location:
    row = LocationRow(name=name, address=address, time_scale=time_scale, site=site)
    session.add(row)
    session.flush()
    return get(session, row.id)


def get(session: Session, location_id: int) -> Location:
    """Raises ``UnknownLocation``."""
    found = session.execute(_with_counts().where(LocationRow.id == location_id)).one_or_none()
    if found is None:
        raise UnknownLocation(location_id)
    return Location(*found)


def list_page(
    session: Session, *, q: str | None = None, limit: int | None = None, offset: int = 0
) -> Page[Location]:
    """Locations in the order of their creation; ``q`` is a part of the name or the address."""
    listed = _with_counts().order_by(LocationRow.id).limit(limit).offset(offset)
    counted = select(func.count()).select_from(LocationRow)
    if q:
        matching = LocationRow.name.icontains(q, autoescape=True) | LocationRow.address.icontains(
            q, autoescape=True
        )
        listed, counted = listed.where(matching), counted.where(matching)
    locations = [Location(*row) for row in session.execute(listed)]
    return Page(locations, session.scalar(counted) or 0)


def update(session: Session, location_id: int, changes: Mapping[str, Any]) -> Location:
    """Change the named fields and return the location as it is now.

    Raises ``UnknownLocation``, or ValueError for a name that is no field to be changed.
    """
    unknown = set(changes) - LOCATION_FIELDS
    if unknown:
        raise ValueError(f"a location has no field {', '.join(sorted(unknown))} to change")
    row = session.get(LocationRow, location_id)
    if row is None:
        raise UnknownLocation(location_id)
    for column, value in changes.items():
        setattr(row, column, value)
    session.flush()
    return get(session, location_id)


def delete(session: Session, location_id: int, *, force: bool = False) -> None:
    """Delete a location with its vehicles, and with ``force`` its chargers and all of theirs.

    Raises ``UnknownLocation``, or ``LocationInUse`` when there are chargers and no ``force``.
    """
    location = get(session, location_id)
    if location.charger_count and not force:
        raise LocationInUse(location_id, location.charger_count)
    session.execute(delete_from(LocationRow).where(LocationRow.id == location_id))


def _with_counts() -> Select[int, str, str, int, float, dict[str, Any] | None]:
    charger_count = (
        select(func.count())
        .select_from(ChargerRow)
        .where(ChargerRow.location_id == LocationRow.id)
        .correlate(LocationRow)
        .scalar_subquery()
    )
    return select(
        LocationRow.id,
        LocationRow.name,
        LocationRow.address,
        charger_count,
        LocationRow.time_scale,
        LocationRow.site,
    )
