"""A CSMS on loopback with ready answers, and a supervisor with one impatient charger."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.runtime.feed_reader import FeedReader
from ocppsim.runtime.live_charger import LiveCharger
from ocppsim.runtime.memory_ports import MemoryJournal, NoConfigSync
from ocppsim.runtime.settings import RuntimeSettings
from ocppsim.runtime.supervisor import Supervisor
from ocppsim.simulation.definition import ChargerDefinition, ConnectorDefinition

Answer = dict[str, Any] | None
NOW = "2026-01-02T03:04:05.000Z"

IMPATIENT = RuntimeSettings(
    connect_timeout_s=2.0,
    handshake_timeout_s=1.0,
    back_off_min_s=0.02,
    back_off_max_s=0.1,
    stable_connection_s=0.5,
    pong_wait_s=0.3,
    start_wait_s=2.0,
)


class Csms:
    """Answers what chargers ask; ``answers`` may be changed, None means silence."""

    def __init__(self) -> None:
        self.url = ""
        self.connections: list[ServerConnection] = []
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self.replies: dict[str, list[Any]] = {}
        self._changed = asyncio.Condition()
        self._transactions = 0
        self.answers: dict[str, Callable[[dict[str, Any]], Answer]] = {
            "BootNotification": lambda _: {
                "status": "Accepted",
                "currentTime": NOW,
                "interval": 300,
            },
            "Heartbeat": lambda _: {"currentTime": NOW},
            "Authorize": lambda _: {"idTagInfo": {"status": "Accepted"}},
            "StartTransaction": self._start,
            "StopTransaction": lambda _: {},
        }

    def _start(self, _: dict[str, Any]) -> Answer:
        self._transactions += 1
        return {"idTagInfo": {"status": "Accepted"}, "transactionId": self._transactions}

    async def handle(self, connection: ServerConnection) -> None:
        self.connections.append(connection)
        await self._notify()
        try:
            async for text in connection:
                await self._frame(connection, json.loads(text))
        except ConnectionClosed:
            pass
        await self._notify()

    async def _frame(self, connection: ServerConnection, frame: list[Any]) -> None:
        if frame[0] == 2:
            request = connection.request
            assert request is not None
            self.calls.append((request.path, frame[2], frame[3]))
            answer = self.answers.get(frame[2], lambda _: {})(frame[3])
            if answer is not None:
                await connection.send(json.dumps([3, frame[1], answer]))
        else:
            self.replies[frame[1]] = frame
        await self._notify()

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something that CSMS can see has come about."""
        async with self._changed, asyncio.timeout(10):
            await self._changed.wait_for(condition)

    async def called(self, action: str, times: int = 1) -> dict[str, Any]:
        """Wait for a CALL; its payload."""
        await self.until(lambda: len(self.payloads(action)) >= times)
        return self.payloads(action)[times - 1]

    def payloads(self, action: str) -> list[dict[str, Any]]:
        return [payload for _, name, payload in self.calls if name == action]

    async def connected(self, times: int = 1) -> ServerConnection:
        """Wait for so many connections altogether; the last of them."""
        await self.until(lambda: len(self.connections) >= times)
        return self.connections[times - 1]

    async def call(self, connection: ServerConnection, action: str, payload: Answer) -> list[Any]:
        message_id = f"csms-{len(self.replies)}"
        await connection.send(json.dumps([2, message_id, action, payload]))
        await self.until(lambda: message_id in self.replies)
        return self.replies[message_id]


@asynccontextmanager
async def running_csms(port: int = 0) -> AsyncGenerator[Csms]:
    csms = Csms()
    async with serve(csms.handle, "127.0.0.1", port, subprotocols=["ocpp1.6"]) as server:  # pyright: ignore[reportArgumentType]
        csms.url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/ocpp"
        yield csms


@pytest.fixture
async def csms() -> AsyncIterator[Csms]:
    async with running_csms() as csms:
        yield csms


@pytest.fixture
async def supervisor() -> AsyncIterator[Supervisor]:
    async with Supervisor(
        ChargePoint, MemoryJournal(), NoConfigSync(), settings=IMPATIENT
    ) as supervisor:
        yield supervisor


def definition(url: str, charge_point_id: str = "CP-1", **changes: Any) -> ChargerDefinition:
    values: dict[str, Any] = {
        "charger_id": 0,
        "location_id": 1,
        "charger_name": "Charger",
        "connection_url": url,
        "identity": ChargePointIdentity(charge_point_id, "Vendor", "Model"),
        "connectors": (ConnectorDefinition(), ConnectorDefinition()),
    }
    return ChargerDefinition(**(values | changes))


@pytest.fixture
async def charger(supervisor: Supervisor, csms: Csms) -> LiveCharger:
    return await supervisor.add(definition(csms.url), DurableState())


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something has come about inside."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - the program has no event for every wish
            await asyncio.sleep(0.005)


async def read(reader: FeedReader) -> tuple[str, Any]:
    event = await reader.next(10)
    assert event is not None
    return event.event, msgspec.json.decode(event.data)


async def until_event(reader: FeedReader, name: str) -> Any:
    async with asyncio.timeout(10):
        while True:
            event, data = await read(reader)
            if event == name:
                return data
