"""What may stand in ``DATABASE_URL``, brought to the one spelling that the drivers here take."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from .errors import DatabaseUnavailable

SQLITE = "sqlite"
POSTGRESQL = "postgresql"

CONNECT_TIMEOUT_S = 10
"""How long a connection to a database server may take, unless the URL says otherwise."""

# A server that vanishes without a word would else hold up its thread, and the end of the
# program, for a quarter of an hour (or two hours, when it was about to answer).
_FIND_DEAD_PEERS = {
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}


def parse_database_url(text: str) -> URL:
    """Return the URL with a synchronous driver: ``sqlite:///path`` or ``postgresql+psycopg``.

    Spellings for asynchronous drivers (``sqlite+aiosqlite``, ``postgresql+asyncpg``) and the
    short ``postgres://`` mean the same. A relative SQLite path is resolved against the present
    working directory once. Raises ``DatabaseUnavailable`` for anything else; the message never
    repeats the text, which may hold a password.
    """
    try:
        url = make_url(text.strip())
    except (ArgumentError, ValueError):
        raise DatabaseUnavailable(
            "the database URL cannot be read; expected sqlite:///path/to/file.db "
            "or postgresql://user:password@host/name"
        ) from None
    backend, _, _driver = url.drivername.lower().partition("+")
    if backend == SQLITE:
        return _sqlite_url(url)
    if backend in {"postgres", POSTGRESQL}:
        return _postgresql_url(url)
    raise DatabaseUnavailable(
        f"{url.drivername!r} is not a supported kind of database; "
        "use a sqlite:/// or postgresql:// URL"
    )


def sqlite_path(url: URL) -> Path:
    """The file of a URL that ``parse_database_url`` returned for SQLite."""
    if url.database is None:
        raise ValueError("not the URL of an SQLite file")
    return Path(url.database)


def shown(url: URL) -> str:
    """The URL for people and logs: passwords, wherever they stand, and timeouts are left out."""
    secretive = url.difference_update_query(["password", "sslpassword", *_FIND_DEAD_PEERS])
    return secretive.render_as_string(hide_password=True)


def _sqlite_url(url: URL) -> URL:
    if url.host:
        raise DatabaseUnavailable("an SQLite URL has three slashes: sqlite:///path/to/file.db")
    if not url.database or url.database == ":memory:" or url.query:
        raise DatabaseUnavailable(
            "an SQLite database must be a plain file (sqlite:///path/to/file.db): "
            "several connections share it"
        )
    return URL.create(SQLITE, database=str(Path(url.database).absolute()))


def _postgresql_url(url: URL) -> URL:
    query = dict(url.query)
    if "ssl" in query:  # asyncpg's word for libpq's sslmode
        query.setdefault("sslmode", query.pop("ssl"))
    query.setdefault("connect_timeout", str(CONNECT_TIMEOUT_S))
    for name, value in _FIND_DEAD_PEERS.items():
        query.setdefault(name, value)
    return url.set(drivername="postgresql+psycopg", query=query)
