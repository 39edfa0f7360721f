"""The database of a run: the journal that no message is sent without, and the history."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.persistence import (
    ConfigSync,
    Database,
    Journal,
    chargers,
    load_durable_states,
    locations,
    transactions,
)
from ocppsim.simulation.definition import ChargerDefinition, TlsDefinition

from .open_transactions import OpenTransaction

DATABASE_NAME = "fleet.db"


class DatabasePlace(msgspec.Struct, frozen=True):
    """Where the database of a part of a run is; in PostgreSQL it has a schema of its own."""

    url: str
    schema: str | None = None

    @classmethod
    def file(cls, path: Path) -> DatabasePlace:
        """A file of SQLite."""
        return cls(f"sqlite:///{path.absolute()}")


class RunStorage:
    """Where the chargers of a run keep what they must not lose.

    ``definitions`` are the chargers as they were given, with the numbers that they have in the
    database. Their passwords and keys are not stored. ``durable`` is what a process before this
    one has left of them, by their numbers, and ``open_transactions`` those of its transactions that
    the CSMS has not confirmed the end of.
    """

    def __init__(
        self, journal: Journal, config_sync: ConfigSync, definitions: list[ChargerDefinition]
    ) -> None:
        self.journal = journal
        self.config_sync = config_sync
        self.definitions = definitions
        self.durable: dict[int, DurableState] = {}
        self.open_transactions: list[OpenTransaction] = []


@asynccontextmanager
async def run_storage(
    place: DatabasePlace, name: str, definitions: Sequence[ChargerDefinition]
) -> AsyncGenerator[RunStorage]:
    """Open the database there, create it where there is none, and close it in the end.

    Raises what :class:`~ocppsim.persistence.Database` raises.
    """
    database = await asyncio.to_thread(_open, place)
    try:
        await asyncio.to_thread(database.upgrade)
        journal = Journal(database)
        await asyncio.to_thread(journal.recover)
        found = await database.run(lambda session: _found_or_created(session, name, definitions))
        storage = RunStorage(
            journal,
            ConfigSync(journal.writer),
            [
                msgspec.structs.replace(
                    given, charger_id=kept.charger_id, location_id=kept.location_id
                )
                for given, kept in zip(definitions, found.definitions, strict=True)
            ],
        )
        storage.durable = found.durable
        storage.open_transactions = found.open_transactions
        try:
            yield storage
        finally:
            await asyncio.to_thread(journal.close)
    finally:
        await asyncio.to_thread(database.close)


class _Found(NamedTuple):
    definitions: list[ChargerDefinition]
    durable: dict[int, DurableState]
    open_transactions: list[OpenTransaction]


def _open(place: DatabasePlace) -> Database:
    if place.schema is None:
        return Database(place.url)
    whole = Database(place.url)
    try:
        with whole.transaction() as session:
            session.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{place.schema}"'))
    finally:
        whole.close()
    url = make_url(place.url)
    options = f"{url.query.get('options', '')} -csearch_path={place.schema}".strip()
    url = url.update_query_dict({"options": options})
    return Database(url.render_as_string(hide_password=False))


def _found_or_created(
    session: Session, name: str, definitions: Sequence[ChargerDefinition]
) -> _Found:
    stored = {one.charge_point_id: one for one in chargers.load_all(session)}
    if not stored:
        return _Found(_create(session, name, definitions), {}, [])
    return _Found(
        [stored[given.charge_point_id] for given in definitions],
        load_durable_states(session, [one.charger_id for one in stored.values()]),
        [
            OpenTransaction(
                record.charge_point_id,
                record.transaction.connector_id,
                record.transaction.local_transaction_id,
                record.transaction.transaction_id,
            )
            for record in transactions.list_open(session)
        ],
    )


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


__all__ = ["DATABASE_NAME", "DatabasePlace", "RunStorage", "run_storage"]
