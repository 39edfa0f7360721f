"""Chargers in the database, as ``ChargerDefinition``."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, func, insert, select
from sqlalchemy import delete as delete_from
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.simulation.definition import ChargerDefinition, ConnectorDefinition

from .charger_rows import column_values, connector_of, definition_of, evse_values
from .errors import DuplicateChargePoint, UnknownCharger, UnknownLocation
from .records import Page
from .schema import ChargerRow, EvseRow, LocationRow
from .shared_values import SharedValues

IDENTITY_FIELDS = frozenset(ChargePointIdentity.__struct_fields__)
DEFINITION_FIELDS = frozenset(ChargerDefinition.__struct_fields__) - {"charger_id", "identity"}

# Databases bound the number of values in one statement (SQLite: 32766).
_IDS_PER_STATEMENT = 10_000


def create(session: Session, definition: ChargerDefinition) -> ChargerDefinition:
    """Store a new charger and return it with its ``charger_id``.

    Raises ``UnknownLocation`` or ``DuplicateChargePoint``.
    """
    return create_many(session, [definition])[0]


def create_many(
    session: Session, definitions: Sequence[ChargerDefinition]
) -> list[ChargerDefinition]:
    """Store new chargers, all or none, and return them with their ``charger_id``, in order.

    Raises ``UnknownLocation``, or ``DuplicateChargePoint`` with every id that is taken or was
    given twice.
    """
    if not definitions:
        return []
    _refuse_unknown_locations(session, {definition.location_id for definition in definitions})
    charge_point_ids = [definition.charge_point_id for definition in definitions]
    taken = taken_ids(session, charge_point_ids)
    given_twice = {given for given, count in Counter(charge_point_ids).items() if count > 1}
    if taken or given_twice:
        raise DuplicateChargePoint(sorted(taken | given_twice))
    try:
        charger_ids = session.scalars(
            insert(ChargerRow).returning(ChargerRow.id, sort_by_parameter_order=True),
            [column_values(definition) for definition in definitions],
        ).all()
    except IntegrityError:  # somebody else was faster
        raise DuplicateChargePoint(charge_point_ids[:1]) from None
    stored = [
        msgspec.structs.replace(definition, charger_id=charger_id)
        for definition, charger_id in zip(definitions, charger_ids, strict=True)
    ]
    session.execute(insert(EvseRow), [row for each in stored for row in evse_values(each)])
    return stored


def taken_ids(session: Session, charge_point_ids: Sequence[str]) -> set[str]:
    """Those of the given charge point ids that a charger has already."""
    taken: set[str] = set()
    for start in range(0, len(charge_point_ids), _IDS_PER_STATEMENT):
        asked = charge_point_ids[start : start + _IDS_PER_STATEMENT]
        taken.update(
            session.scalars(
                select(ChargerRow.charge_point_id).where(ChargerRow.charge_point_id.in_(asked))
            )
        )
    return taken


def get(session: Session, charge_point_id: str) -> ChargerDefinition:
    """Raises ``UnknownCharger``."""
    found = _definitions(
        session, select(ChargerRow).where(ChargerRow.charge_point_id == charge_point_id)
    )
    if not found:
        raise UnknownCharger(charge_point_id)
    return found[0]


def list_page(
    session: Session,
    *,
    location_id: int | None = None,
    q: str | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> Page[ChargerDefinition]:
    """Chargers in the order of their creation.

    ``q`` is a part of the charge point id or the name, in whatever case.
    """
    conditions = _conditions(location_id, q)
    page = select(ChargerRow).where(*conditions).order_by(ChargerRow.id).limit(limit).offset(offset)
    total = session.scalar(select(func.count()).select_from(ChargerRow).where(*conditions)) or 0
    return Page(_definitions(session, page), total)


def load_all(session: Session) -> list[ChargerDefinition]:
    """All chargers, in the order of their creation, in two queries."""
    return _definitions(session, select(ChargerRow).order_by(ChargerRow.id))


def update(session: Session, charge_point_id: str, changes: Mapping[str, Any]) -> ChargerDefinition:
    """Change the named fields of a charger and return it as it is now.

    ``changes`` takes the fields of ``ChargerDefinition`` and of its identity by their names.
    Only columns that change are written, so that what is kept in step in the background (the
    desired connection) is not set back. Raises ``UnknownCharger``,
    ``UnknownLocation``, ``DuplicateChargePoint``, or ValueError for a name that is no field.
    """
    unknown = set(changes) - IDENTITY_FIELDS - DEFINITION_FIELDS
    if unknown:
        raise ValueError(f"a charger has no field {', '.join(sorted(unknown))}")
    row = _row(session, charge_point_id)
    before = get(session, charge_point_id)
    identity = msgspec.structs.replace(before.identity, **_only(changes, IDENTITY_FIELDS))
    after = msgspec.structs.replace(before, identity=identity, **_only(changes, DEFINITION_FIELDS))
    if after.location_id != before.location_id:
        _refuse_unknown_locations(session, {after.location_id})
    if after.charge_point_id != charge_point_id and taken_ids(session, [after.charge_point_id]):
        raise DuplicateChargePoint([after.charge_point_id])
    values_before = column_values(before)
    for column, value in column_values(after).items():
        if value != values_before[column]:
            setattr(row, column, value)
    try:
        session.flush()
    except IntegrityError:
        raise DuplicateChargePoint([after.charge_point_id]) from None
    if after.connectors != before.connectors:
        session.execute(delete_from(EvseRow).where(EvseRow.charger_id == row.id))
        session.execute(insert(EvseRow), evse_values(after))
    return after


def delete(session: Session, charge_point_id: str) -> None:
    """Delete a charger and everything of it, its journal and history too.

    Raises ``UnknownCharger``.
    """
    charger_id = _row(session, charge_point_id).id
    session.execute(delete_from(ChargerRow).where(ChargerRow.id == charger_id))


def _row(session: Session, charge_point_id: str) -> ChargerRow:
    row = session.scalar(select(ChargerRow).where(ChargerRow.charge_point_id == charge_point_id))
    if row is None:
        raise UnknownCharger(charge_point_id)
    return row


def _definitions(session: Session, chargers: Select[ChargerRow]) -> list[ChargerDefinition]:
    connectors: defaultdict[int, list[ConnectorDefinition]] = defaultdict(list)
    evses = (
        select(
            EvseRow.charger_id,
            EvseRow.power_type,
            EvseRow.max_power_w,
            EvseRow.phases,
            EvseRow.cable,
        )
        .where(EvseRow.charger_id.in_(chargers.with_only_columns(ChargerRow.id)))
        .order_by(EvseRow.charger_id, EvseRow.evse_id, EvseRow.connector_id)
    )
    for charger_id, power_type, max_power_w, phases, cable in session.execute(evses):
        connectors[charger_id].append(connector_of(power_type, max_power_w, phases, cable))
    shared = SharedValues()
    return [
        definition_of(row, tuple(connectors[row.id]), shared) for row in session.scalars(chargers)
    ]


def _conditions(location_id: int | None, q: str | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if location_id is not None:
        conditions.append(ChargerRow.location_id == location_id)
    if q:
        conditions.append(
            ChargerRow.charge_point_id.icontains(q, autoescape=True)
            | ChargerRow.charger_name.icontains(q, autoescape=True)
        )
    return conditions


def _refuse_unknown_locations(session: Session, location_ids: set[int]) -> None:
    known = set(
        session.scalars(select(LocationRow.id).where(LocationRow.id.in_(sorted(location_ids))))
    )
    for location_id in sorted(location_ids - known):
        raise UnknownLocation(location_id)


def _only(changes: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in changes.items() if name in names}
