"""Brings a database to the schema of this program, or back: Alembic, without its files in cwd."""

from __future__ import annotations

from collections.abc import Callable

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from .database_url import SQLITE
from .errors import DatabaseTooNew, DatabaseUnavailable

HEAD = "head"
BASE = "base"

# Any number will do, as long as every process takes the same one.
_MIGRATION_LOCK = 6_021_016


def upgrade(engine: Engine, revision: str = HEAD) -> None:
    """Migrate up to ``revision``, all or nothing; what is stored is kept.

    Safe to run from several processes at once: the second one waits and finds nothing to do.
    Raises ``DatabaseTooNew`` when the database is at a revision that this program lacks.
    """
    _migrate(engine, lambda config: command.upgrade(config, revision))


def downgrade(engine: Engine, revision: str) -> None:
    """Migrate down to ``revision`` (``base``: no tables); what it did not have is lost."""
    _migrate(engine, lambda config: command.downgrade(config, revision))


def current_revision(connection: Connection) -> str | None:
    """The revision that the database is at; None when it was never migrated."""
    return MigrationContext.configure(connection).get_current_revision()


def _migrate(engine: Engine, run: Callable[[Config], None]) -> None:
    config = Config()
    config.set_main_option("script_location", "ocppsim.persistence:migrations")
    config.set_main_option("path_separator", "os")
    with engine.connect() as connection:
        if engine.dialect.name == SQLITE:
            # Copying a table drops the old one, and with enforcement on that would delete every
            # row that refers to it. The pragma does nothing inside a transaction.
            _outside_transaction(connection, "PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                if engine.dialect.name != SQLITE:  # there, BEGIN IMMEDIATE is the lock
                    connection.execute(
                        text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK}
                    )
                _refuse_newer(connection, config)
                config.attributes["connection"] = connection
                run(config)
                _check_references(connection)
        finally:
            if engine.dialect.name == SQLITE:
                _outside_transaction(connection, "PRAGMA foreign_keys=ON")


def _refuse_newer(connection: Connection, config: Config) -> None:
    revision = current_revision(connection)
    if revision is None:
        return
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision not in known:
        raise DatabaseTooNew(
            f"the database is at schema revision {revision}, which this version of ocppsim does "
            "not know; use the newer ocppsim that wrote it, or another DATABASE_URL"
        )


def _check_references(connection: Connection) -> None:
    if connection.dialect.name != SQLITE:
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise DatabaseUnavailable(
            f"a row of table {broken[0]} refers to a missing row of {broken[2]}; "
            "nothing was migrated"
        )


def _outside_transaction(connection: Connection, statement: str) -> None:
    driver_connection = connection.connection.driver_connection
    if driver_connection is None:
        raise DatabaseUnavailable("the connection to the database was lost")
    driver_connection.execute(statement)
