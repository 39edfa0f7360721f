"""Transfers under test on both event loops, servers on loopback, certificates."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import uvloop

from ocppsim.transfer.allowlist import HostAllowlist
from ocppsim.transfer.bounds import TransferBounds
from ocppsim.transfer.file_transfer import FileTransfer

from .file_servers import FtpServer, HttpServer, ftp_server, http_server

IMPATIENT = TransferBounds(max_bytes=100_000, connect_s=1.0, idle_s=0.3, limit_s=3.0)


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Transfers have to work on both event loops."""
    return {"asyncio": asyncio.SelectorEventLoop, "uvloop": uvloop.new_event_loop}


def transfers(*hosts: str, bounds: TransferBounds = IMPATIENT) -> FileTransfer:
    return FileTransfer(HostAllowlist(hosts or ["127.0.0.1"]), bounds)


@pytest.fixture
async def http() -> AsyncIterator[HttpServer]:
    async with http_server() as server:
        yield server


@pytest.fixture
async def ftp() -> AsyncIterator[FtpServer]:
    async with ftp_server() as server:
        yield server


class Tls(NamedTuple):
    """A server's context with a certificate for 127.0.0.1, and a client's that trusts it."""

    server: ssl.SSLContext
    client: ssl.SSLContext


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    folder: Path = tmp_path_factory.mktemp("pki")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"),
            *("-pkeyopt", "ec_paramgen_curve:P-256", "-keyout", "key.pem", "-out", "cert.pem"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
        ],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    client = ssl.create_default_context(cafile=str(folder / "cert.pem"))
    return Tls(server, client)
