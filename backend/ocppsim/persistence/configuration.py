"""Configuration values and connector availability in the database.

For chargers that are live, ``config_sync`` writes; ``set_values`` is for those that are not
(creation, import), inside the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from .schema import ConfigurationValueRow, ConnectorAvailabilityRow


def values(session: Session, charger_id: int) -> dict[str, str]:
    """The keys that were set from outside."""
    rows = session.execute(
        select(ConfigurationValueRow.key, ConfigurationValueRow.value)
        .where(ConfigurationValueRow.charger_id == charger_id)
        .order_by(ConfigurationValueRow.key)
    )
    return {key: value for key, value in rows}  # noqa: C416


def set_values(session: Session, charger_id: int, changes: Mapping[str, str]) -> None:
    """Store values; keys that are not named stay as they are."""
    if not changes:
        return
    session.execute(
        delete(ConfigurationValueRow).where(
            ConfigurationValueRow.charger_id == charger_id,
            ConfigurationValueRow.key.in_(sorted(changes)),
        )
    )
    session.execute(
        insert(ConfigurationValueRow),
        [{"charger_id": charger_id, "key": key, "value": value} for key, value in changes.items()],
    )


def availability(session: Session, charger_id: int) -> dict[int, bool]:
    """The connectors (0: the charge point) that are not Operative, with False."""
    inoperative = session.scalars(
        select(ConnectorAvailabilityRow.connector_id)
        .where(
            ConnectorAvailabilityRow.charger_id == charger_id,
            ConnectorAvailabilityRow.operative.is_(False),
        )
        .order_by(ConnectorAvailabilityRow.connector_id)
    )
    return dict.fromkeys(inoperative, False)
