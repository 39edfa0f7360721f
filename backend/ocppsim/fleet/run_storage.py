"""The database of a run: the journal that no message is sent without, and the history."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from sqlalchemy.orm import Session

from ocppsim.persistence import ConfigSync, Database, Journal, chargers, locations
from ocppsim.simulation.definition import ChargerDefinition, TlsDefinition

DATABASE_NAME = "fleet.db"


class RunStorage:
    """Where the chargers of a run keep what they must not lose.

    ``definitions`` are the chargers as they were given, with the numbers that they have in the
    database. Their passwords and keys are not stored.
    """

    def __init__(
        self, journal: Journal, config_sync: ConfigSync, definitions: list[ChargerDefinition]
    ) -> None:
        self.journal = journal
        self.config_sync = config_sync
        self.definitions = definitions


@asynccontextmanager
async def run_storage(
    path: Path, name: str, definitions: Sequence[ChargerDefinition]
) -> AsyncGenerator[RunStorage]:
    """Create the database in that file (an absolute path), and close it in the end.

    Raises what :class:`~ocppsim.persistence.Database` raises.
    """
    database = Database(f"sqlite:///{path}")
    try:
        await asyncio.to_thread(database.upgrade)
        stored = await database.run(lambda session: _create(session, name, definitions))
        journal = Journal(database)
        numbered = [
            msgspec.structs.replace(given, charger_id=kept.charger_id, location_id=kept.location_id)
            for given, kept in zip(definitions, stored, strict=True)
        ]
        try:
            yield RunStorage(journal, ConfigSync(journal.writer), numbered)
        finally:
            await asyncio.to_thread(journal.close)
    finally:
        await asyncio.to_thread(database.close)


def _create(
    session: Session, name: str, definitions: Sequence[ChargerDefinition]
) -> list[ChargerDefinition]:
    location_id = locations.create(session, name).id
    without_secrets = [
        msgspec.structs.replace(
            definition, location_id=location_id, basic_auth_password=None, tls=TlsDefinition()
        )
        for definition in definitions
    ]
    return chargers.create_many(session, without_secrets)


__all__ = ["DATABASE_NAME", "RunStorage", "run_storage"]
