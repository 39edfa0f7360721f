"""``ocppsim db``: the schema of the database."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Annotated

import typer
from alembic.util.exc import CommandError

from ocppsim.persistence import schema_version
from ocppsim.persistence.database import Database
from ocppsim.persistence.errors import PersistenceError

from .failures import CommandFailed
from .settings_options import DatabaseUrlOption, load_settings
from .terminal import stdout_console

app = typer.Typer(help="Look after the database's schema.")


@app.callback(invoke_without_command=True)
def root(context: typer.Context) -> None:
    """Look after the database's schema."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def upgrade(database_url: DatabaseUrlOption = None) -> None:
    """Migrate to the schema of this version; every start does so by itself."""
    with _database(database_url) as database:
        database.upgrade()
        _report(database)


@app.command()
def downgrade(
    revision: Annotated[str, typer.Argument(help="Revision to go back to; base: no tables.")],
    database_url: DatabaseUrlOption = None,
) -> None:
    """Migrate back; what the older schema has no place for is lost."""
    with _database(database_url) as database:
        _revision(database)  # says in one line where there is no database
        schema_version.downgrade(database.engine, revision)
        _report(database)


@app.command()
def current(database_url: DatabaseUrlOption = None) -> None:
    """Show the revision that the database is at."""
    with _database(database_url) as database:
        _report(database)


@contextmanager
def _database(database_url: str | None) -> Generator[Database]:
    settings = load_settings(database_url=database_url)
    try:
        database = Database(settings.database_url)
        try:
            yield database
        finally:
            database.close()
    except (PersistenceError, CommandError) as error:
        raise CommandFailed(str(error)) from error


def _revision(database: Database) -> str | None:
    with database.transaction() as session:
        return schema_version.current_revision(session.connection())


def _report(database: Database) -> None:
    revision = _revision(database)
    stdout_console().print(f"{database.shown_url} is at {revision or 'no revision'}")
