"""Raw connections for the background writer: SQL with ``?``, and errors told apart."""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

from .database import CACHE_KIB, Database
from .database_url import sqlite_path
from .write_batch import Row, Statement

BUSY_TIMEOUT_S = 5.0
"""How long the writer waits for another writer of the SQLite file before it counts as failed."""

_ROWS_AT_ONCE = 256
"""So many rows go into one statement at most; their values must fit its parameters."""


class WriteFailed(Exception):
    """Nothing was written, and trying again may help (locked, disk full, connection lost)."""


class WriteRefused(Exception):
    """The database will never take these values (a charger that is gone, no such number)."""


class OwnerGone(WriteRefused):
    """The charger that the values belong to is not in the database."""


class Refusal(NamedTuple):
    """One write that was left out because the database will never take it."""

    statement: Statement
    row: Row
    error: WriteRefused


class WritingConnection(ABC):
    """A connection of the thread that opened it; each write is one transaction."""

    _begin: ClassVar[str]

    def write(self, statements: Sequence[tuple[Statement, list[Row]]]) -> None:
        """Commit all of it. Raises ``WriteRefused`` or ``WriteFailed``, and has written nothing.

        After ``WriteFailed`` (where the outcome of the commit may be unknown, too) the connection
        is of no use any more.
        """
        if len(statements) == 1 and len(statements[0][1]) == 1:  # a transaction by itself
            self._execute_many(statements[0][0].sql, statements[0][1])
            return
        self._execute(self._begin)
        try:
            for statement, rows in statements:
                self._execute_rows(statement, rows)
        except WriteRefused:
            self._execute("ROLLBACK")
            raise
        self._execute("COMMIT")

    def write_one_by_one(self, statements: Sequence[tuple[Statement, list[Row]]]) -> list[Refusal]:
        """Commit what the database takes and return the rest. Raises ``WriteFailed``."""
        refusals: list[Refusal] = []
        self._execute(self._begin)
        for statement, rows in statements:
            for row in rows:
                self._execute("SAVEPOINT one")
                try:
                    self._execute_many(statement.sql, [row])
                except WriteRefused as error:
                    refusals.append(Refusal(statement, row, error))
                    self._execute("ROLLBACK TO SAVEPOINT one")
                self._execute("RELEASE SAVEPOINT one")
        self._execute("COMMIT")
        return refusals

    @abstractmethod
    def read(self, sql: str) -> list[Row]:
        """The rows of a query. Raises ``WriteFailed``, like the rest."""

    @abstractmethod
    def close(self) -> None:
        """Close it; an open transaction is rolled back."""

    def _execute_rows(self, statement: Statement, rows: Sequence[Row]) -> None:
        if not statement.row:
            self._execute_many(statement.sql, rows)
            return
        # Each step of a statement gives up the interpreter's lock, and with a busy event loop
        # waits long to have it again: hence few statements, of few lengths, prepared once.
        start, size = 0, _ROWS_AT_ONCE
        while start < len(rows):
            while size > len(rows) - start:
                size //= 2
            values = tuple(value for row in rows[start : start + size] for value in row)
            self._execute_many(_of_rows(statement, size), [values])
            start += size

    @abstractmethod
    def _execute(self, sql: str) -> None: ...

    @abstractmethod
    def _execute_many(self, sql: str, rows: Sequence[Row]) -> None: ...


@lru_cache(maxsize=256)
def _of_rows(statement: Statement, count: int) -> str:
    return statement.sql.replace(
        f"VALUES {statement.row}", "VALUES " + ", ".join([statement.row] * count)
    )


def connect(database: Database) -> WritingConnection:
    """Open a connection. Raises ``WriteFailed``."""
    return _SqliteConnection(database) if database.is_sqlite else _PostgresqlConnection(database)


class _SqliteConnection(WritingConnection):
    # The write lock from the beginning: a transaction then never fails half-way.
    _begin: ClassVar[str] = "BEGIN IMMEDIATE"

    def __init__(self, database: Database) -> None:
        try:
            self._connection = sqlite3.connect(
                # Never create the file: an empty one would hide that the real one is gone.
                f"{sqlite_path(database.url).as_uri()}?mode=rw",
                uri=True,
                timeout=BUSY_TIMEOUT_S,
                isolation_level=None,
            )
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute(f"PRAGMA synchronous={database.synchronous}")
            self._connection.execute("PRAGMA foreign_keys=ON")
            self._connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
            # Where the library clears what is deleted, the log would be written twice.
            self._connection.execute("PRAGMA secure_delete=FAST")
        except sqlite3.Error as error:
            raise WriteFailed(_first_line(error)) from error

    def close(self) -> None:
        self._connection.close()

    def read(self, sql: str) -> list[Row]:
        try:
            return self._connection.execute(sql).fetchall()
        except sqlite3.Error as error:
            raise WriteFailed(_first_line(error)) from error

    def _execute(self, sql: str) -> None:
        self._execute_many(sql, [()])

    def _execute_many(self, sql: str, rows: Sequence[Row]) -> None:
        try:
            if len(rows) == 1:
                self._connection.execute(sql, rows[0])
            else:
                self._connection.executemany(sql, rows)
        except sqlite3.IntegrityError as error:  # of the constraints, only that one can fail
            raise OwnerGone(_first_line(error)) from error
        except (
            sqlite3.DataError,
            sqlite3.InterfaceError,
            sqlite3.ProgrammingError,
            OverflowError,
            ValueError,
        ) as error:
            raise WriteRefused(_first_line(error)) from error
        except sqlite3.Error as error:
            raise WriteFailed(_first_line(error)) from error


class _PostgresqlConnection(WritingConnection):
    _begin: ClassVar[str] = "BEGIN"

    def __init__(self, database: Database) -> None:
        import psycopg  # noqa: PLC0415 - only there where PostgreSQL is used

        self._psycopg: Any = psycopg
        arguments, options = database.engine.dialect.create_connect_args(database.url)
        try:
            self._connection: Any = self._psycopg.connect(*arguments, **options, autocommit=True)
            self._cursor: Any = self._connection.cursor()
        except psycopg.Error as error:
            raise WriteFailed(_first_line(error)) from error

    def close(self) -> None:
        self._connection.close()

    def read(self, sql: str) -> list[Row]:
        try:
            return self._cursor.execute(sql).fetchall()
        except self._psycopg.Error as error:
            raise WriteFailed(_first_line(error)) from error

    def _execute(self, sql: str) -> None:
        self._execute_many(sql, [()])

    def _execute_many(self, sql: str, rows: Sequence[Row]) -> None:
        own_sql = sql.replace("?", "%s")
        try:
            if len(rows) == 1:
                self._cursor.execute(own_sql, rows[0])
            else:
                self._cursor.executemany(own_sql, rows)
        except self._psycopg.IntegrityError as error:
            raise OwnerGone(_first_line(error)) from error
        except (self._psycopg.DataError, OverflowError, ValueError) as error:
            raise WriteRefused(_first_line(error)) from error
        except self._psycopg.Error as error:
            raise WriteFailed(_first_line(error)) from error


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
