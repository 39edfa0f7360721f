"""Run by Alembic for every command: the connection comes from ``schema_version``.

A new revision is a file in ``versions/`` written like its neighbours: numbered, with
``upgrade`` and ``downgrade``. The test that compares the migrated schema with ``schema.py``
prints what is still missing.
"""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from ocppsim.persistence.schema import Base


def run() -> None:
    connection = context.config.attributes["connection"]
    if not isinstance(connection, Connection):
        raise TypeError("migrations run on the connection that schema_version hands over")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        # SQLite can only add columns; everything else is a copy of the table.
        render_as_batch=True,
        # SQLite's DDL is transactional once the driver does not begin and commit by itself.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
