"""A link under test, its timers, and small servers on loopback to connect to."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
import uvloop
from websockets.asyncio.server import ServerConnection, serve

from ocppsim.simulation.definition import TlsDefinition
from ocppsim.transport.dialing import Dial, open_link
from ocppsim.transport.frame_batches import FrameBatches
from ocppsim.transport.impairment import Network
from ocppsim.transport.link import Link
from ocppsim.transport.timers import TimerHandle
from ocppsim.transport.url import target_url


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Links have to work on both event loops."""
    return {"asyncio": asyncio.SelectorEventLoop, "uvloop": uvloop.new_event_loop}


class LoopTimers:
    def now_s(self) -> float:
        return asyncio.get_running_loop().time()

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> TimerHandle:
        return asyncio.get_running_loop().call_later(delay_s, callback)


class Recorder:
    """Who is told about a link, and remembers it."""

    def __init__(self) -> None:
        self.opened = asyncio.Event()
        self.texts: asyncio.Queue[bytes] = asyncio.Queue()
        self.closed: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def link_opened(self, link: Link) -> None:
        self.opened.set()

    def link_closed(self, link: Link, reason: str) -> None:
        self.closed.set_result(reason)

    def take_text(self, text: bytes) -> None:
        self.texts.put_nowait(text)


class Client(NamedTuple):
    """One link with everything around it."""

    link: Link
    recorder: Recorder
    network: Network

    async def dial(
        self,
        url: str,
        charge_point_id: str = "CP-1",
        password: str | None = None,
        tls: TlsDefinition | None = None,
        timeout_s: float = 5.0,
    ) -> None:
        dial = Dial(
            target_url(url, charge_point_id),
            charge_point_id,
            password,
            tls=tls or TlsDefinition(),
            connect_timeout_s=timeout_s,
            handshake_timeout_s=timeout_s / 2,
        )
        await open_link(dial, self.link)

    async def text(self) -> bytes:
        return await asyncio.wait_for(self.recorder.texts.get(), 5)

    async def reason(self) -> str:
        return await asyncio.wait_for(self.recorder.closed, 5)


def new_client() -> Client:
    timers = LoopTimers()
    network = Network(timers, Random(7))
    recorder = Recorder()
    link = Link(recorder, network, recorder, FrameBatches())
    return Client(link, recorder, network)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    client = new_client()
    yield client
    client.link.abort()
    await asyncio.sleep(0)


class Csms:
    """A WebSocket server; ``connections`` are the links in the order in which they came."""

    def __init__(self) -> None:
        self.connections: asyncio.Queue[ServerConnection] = asyncio.Queue()
        self.url = ""

    async def handle(self, connection: ServerConnection) -> None:
        self.connections.put_nowait(connection)
        await connection.wait_closed()

    async def connection(self) -> ServerConnection:
        return await asyncio.wait_for(self.connections.get(), 5)


@asynccontextmanager
async def running_csms(**options: Any) -> AsyncGenerator[Csms]:
    csms = Csms()
    options.setdefault("subprotocols", ["ocpp1.6"])
    secure = "ssl" in options
    async with serve(csms.handle, "127.0.0.1", 0, **options) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        csms.url = f"{'wss' if secure else 'ws'}://127.0.0.1:{port}/ocpp"
        yield csms


def server_context(certificate: str, client_ca: str | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    if client_ca is not None:
        context.load_verify_locations(client_ca)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


class Certificates(NamedTuple):
    """PEM files of a small public key infrastructure; the server's is for 127.0.0.1."""

    ca: Path
    other_ca: Path
    server: Path
    expired: Path
    client: Path
    client_key: Path


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    folder = tmp_path_factory.mktemp("pki")

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    def authority(name: str) -> Path:
        openssl(
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-keyout", f"{name}.key", "-out", f"{name}.pem", "-days", "2"),
            *("-subj", f"/CN={name}", "-addext", "keyUsage=critical,keyCertSign"),
        )
        return folder / f"{name}.pem"

    def certificate(name: str, *validity: str) -> Path:
        openssl(
            *("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}"),
        )
        (folder / "extensions").write_text("subjectAltName=IP:127.0.0.1\n")
        openssl(
            *("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key"),
            *("-CAcreateserial", "-out", f"{name}.pem", "-extfile", "extensions", *validity),
        )
        (folder / f"{name}.both").write_text(
            (folder / f"{name}.pem").read_text() + (folder / f"{name}.key").read_text()
        )
        return folder / f"{name}.both"

    ca = authority("ca")
    other_ca = authority("other")
    server = certificate("server", "-days", "2")
    expired = certificate("expired", "-days", "-1")
    certificate("client", "-days", "2")
    return Certificates(ca, other_ca, server, expired, folder / "client.pem", folder / "client.key")
