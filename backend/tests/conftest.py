"""What all tests share: how hypothesis looks for examples, file servers, and a PostgreSQL."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import HealthCheck, settings

from .persistence.postgresql import PostgresqlCluster, postgresql_bin_directory
from .transfer.file_servers import FtpServer, HttpServer, ftp_server, http_server

# A test is right or wrong, not fast or slow: no deadline. In CI the same commit gives the same
# examples; on a developer's machine every run looks at new ones.
settings.register_profile(
    "local",
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("ci", parent=settings.get_profile("local"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture
async def http_files() -> AsyncIterator[HttpServer]:
    """A web server that answers what it is told to."""
    async with http_server() as server:
        yield server


@pytest.fixture
async def ftp_files() -> AsyncIterator[FtpServer]:
    """An FTP server for anybody."""
    async with ftp_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_cluster() -> Iterator[PostgresqlCluster]:
    pytest.importorskip("psycopg", reason="the PostgreSQL driver psycopg is not installed")
    bin_directory = postgresql_bin_directory()
    if bin_directory is None:
        pytest.skip("no PostgreSQL server is installed (initdb not found)")
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        pytest.skip("PostgreSQL does not run as root, and there is no setpriv to leave it")
    cluster = PostgresqlCluster(bin_directory)
    yield cluster
    cluster.stop()
