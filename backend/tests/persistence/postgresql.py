"""A PostgreSQL of the tests' own, where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path

from sqlalchemy import create_engine, text

OWNER = "postgres"


class PostgresqlCluster:
    """A private server on a Unix socket, gone with the tests."""

    def __init__(self, bin_directory: Path) -> None:
        self._bin = bin_directory
        # Not below pytest's own directory, which only its owner may enter.
        self._directory = Path(tempfile.mkdtemp(prefix="ocppsim-pg-"))
        self._as_owner: list[str] = []
        if os.geteuid() == 0:  # the server refuses to run as root
            shutil.chown(self._directory, OWNER)
            self._as_owner = ["setpriv", f"--reuid={OWNER}", f"--regid={OWNER}", "--init-groups"]
        data = self._directory / "data"
        self._run("initdb", "-D", data, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c fsync=off -k {self._directory}"
        log = self._directory / "log"
        self._run("pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self._directory / "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._directory)

    def restart(self) -> None:
        self._run("pg_ctl", "-D", self._directory / "data", "-m", "fast", "-w", "restart")

    def url(self, database: str) -> str:
        return f"postgresql://{OWNER}@/{database}?host={self._directory}"

    def create_database(self) -> str:
        """The URL of a new, empty database."""
        name = f"test_{uuid.uuid4().hex}"
        engine = create_engine(
            f"postgresql+psycopg://{OWNER}@/postgres?host={self._directory}",
            isolation_level="AUTOCOMMIT",
        )
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return self.url(name)

    def _run(self, program: str, *arguments: str | Path) -> None:
        subprocess.run(
            [*self._as_owner, str(self._bin / program), *map(str, arguments)],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )


def postgresql_bin_directory() -> Path | None:
    """Where initdb and pg_ctl are: Debian keeps them out of the path."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = shutil.which("initdb")
    if installed:
        return installed[-1].parent
    return None if found is None else Path(found).resolve().parent
