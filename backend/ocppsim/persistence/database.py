"""The database of locations, chargers and what else REST serves: one engine, one thread."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Literal, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from . import schema_version
from .database_url import SQLITE, parse_database_url, shown, sqlite_path
from .errors import DatabaseUnavailable, UnfitValue

T = TypeVar("T")

Synchronous = Literal["normal", "full"]

BUSY_TIMEOUT_S = 30.0
"""How long a REST request waits for another writer of the SQLite file."""

CACHE_KIB = 256
"""What a connection to SQLite keeps of the file at most; the kernel has the rest."""

_READ_ONLY = "ocppsim_read_only"


class Database:
    """A database by URL; work on it runs on one dedicated thread, in the order of the calls.

    ``synchronous`` is SQLite's: with ``normal`` a commit survives the death of the process,
    with ``full`` that of the machine too (PostgreSQL's own setting decides there). The waiting
    work is bounded by the number of callers, who all await their answer.

    Nothing is opened before ``upgrade`` or the first work. Raises ``DatabaseUnavailable`` for a
    URL that cannot be used.
    """

    def __init__(self, url: str, *, synchronous: Synchronous = "normal") -> None:
        self.url: URL = parse_database_url(url)
        self.synchronous: Synchronous = synchronous
        self.engine = _make_engine(self.url, synchronous)
        self._reading_engine = self.engine.execution_options(**_reading_options(self.url))
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ocppsim-database")

    @property
    def shown_url(self) -> str:
        """The URL without its password."""
        return shown(self.url)

    @property
    def is_sqlite(self) -> bool:
        return self.url.drivername == SQLITE

    def upgrade(self) -> None:
        """Migrate to the schema of this program, creating the SQLite file where there is none.

        Blocks; meant for the start, before the event loop has work. Raises
        ``DatabaseUnavailable`` or ``DatabaseTooNew``.
        """
        with self._described_errors():
            if self.is_sqlite:
                self._prepare_file()
            schema_version.upgrade(self.engine)

    async def run(self, work: Callable[[Session], T]) -> T:
        """Run ``work`` in a transaction that may write; commit, or roll back if it raises.

        On SQLite the transaction holds the write lock from its beginning, so that it never
        fails half-way because of another writer. Work that only reads is better off with
        ``read``. Objects must not leave the session; the repositories return records. Raises
        what ``work`` raises, ``DatabaseUnavailable`` or ``UnfitValue``.
        """
        return await asyncio.get_running_loop().run_in_executor(
            self._executor, self._run, self.engine, work
        )

    async def read(self, work: Callable[[Session], T]) -> T:
        """Run ``work`` on one consistent snapshot, without keeping writers out."""
        return await asyncio.get_running_loop().run_in_executor(
            self._executor, self._run, self._reading_engine, work
        )

    @contextmanager
    def transaction(self) -> Generator[Session]:
        """The same as ``run`` for code without an event loop, on the calling thread."""
        with self._described_errors(), Session(self.engine) as session, session.begin():
            yield session

    @contextmanager
    def snapshot(self) -> Generator[Session]:
        """The same as ``read`` for code without an event loop, on the calling thread."""
        with self._described_errors(), Session(self._reading_engine) as session, session.begin():
            yield session

    def close(self) -> None:
        """Finish the work that was handed in, then close the connections."""
        self._executor.shutdown(wait=True)
        self.engine.dispose()

    def _run(self, engine: Engine, work: Callable[[Session], T]) -> T:
        with self._described_errors(), Session(engine) as session, session.begin():
            return work(session)

    def _prepare_file(self) -> None:
        path = sqlite_path(self.url)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseUnavailable(
                f"cannot create the directory {path.parent}: {error.strerror}"
            ) from None

    @contextmanager
    def _described_errors(self) -> Generator[None]:
        try:
            yield
        except DBAPIError as error:
            if isinstance(error, DataError):
                raise UnfitValue(_first_line(error)) from error
            if isinstance(error, (OperationalError, InterfaceError)) or _is_no_database(error):
                raise DatabaseUnavailable(f"{self.shown_url}: {_first_line(error)}") from error
            raise
        except (UnicodeEncodeError, OverflowError) as error:
            raise UnfitValue(str(error)) from error


def _is_no_database(error: DBAPIError) -> bool:
    # SQLite says with its most general class that a file is no database at all.
    return type(error.orig) is sqlite3.DatabaseError


def _first_line(error: DBAPIError) -> str:
    lines = str(error.orig).strip().splitlines()
    return lines[0] if lines else type(error.orig).__name__


def _reading_options(url: URL) -> dict[str, Any]:
    if url.drivername == SQLITE:
        return {_READ_ONLY: True}
    # Otherwise each statement sees what was committed meanwhile.
    return {"isolation_level": "REPEATABLE READ"}


def _make_engine(url: URL, synchronous: Synchronous) -> Engine:
    try:
        engine = create_engine(
            url,
            pool_pre_ping=url.drivername != SQLITE,
            hide_parameters=True,  # errors end up in logs; passwords and keys must not
        )
    except ModuleNotFoundError as error:
        raise DatabaseUnavailable(
            f"PostgreSQL needs the Python package {error.name}: pip install 'ocppsim[postgres]'"
        ) from None
    if url.drivername == SQLITE:
        _prepare_sqlite(engine, synchronous)
    return engine


def _prepare_sqlite(engine: Engine, synchronous: Synchronous) -> None:
    def on_connect(connection: Any, _record: object) -> None:
        # The driver's own notion of when to begin leaves out SELECT and DDL; we begin.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={int(BUSY_TIMEOUT_S * 1000)}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={synchronous}")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        # SQLite's own lower() knows only ASCII; searching for "säule" should find "SÄULE".
        connection.create_function("lower", 1, _lower, deterministic=True)

    def on_begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get(_READ_ONLY, False)
        # A transaction that reads first and writes then would fail at once, whatever the
        # timeout, if another writer came between: hence the write lock from the beginning.
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()
