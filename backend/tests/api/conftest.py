"""The whole application on a database of its own, and a small CSMS for its chargers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from ocppsim.main import create_app
from ocppsim.settings import Settings

BASE_URL = "http://127.0.0.1:8001"
PATIENCE_S = 20.0


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Return when the condition holds; fail when it does not within the patience."""
    async with asyncio.timeout(PATIENCE_S):
        while not await condition():  # noqa: ASYNC110 - only asking tells
            await asyncio.sleep(0.01)


class Api:
    """The API as a client sees it, with the few requests that most tests begin with."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self.get = http.get
        self.post = http.post
        self.patch = http.patch
        self.delete = http.delete
        self.request = http.request

    async def location(self, name: str = "Home") -> int:
        answer = await self.post("/api/locations", json={"name": name})
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    async def charger(self, charge_point_id: str = "CP1", **fields: Any) -> dict[str, Any]:
        """A new charger, at a location of its own unless ``location_id`` is given."""
        location_id = fields.pop("location_id", None) or await self.location()
        answer = await self.post(
            f"/api/locations/{location_id}/chargers",
            json={
                "charge_point_id": charge_point_id,
                "charger_name": f"Charger {charge_point_id}",
                "connection_url": "ws://127.0.0.1:9/ocpp",
                **fields,
            },
        )
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def detail(self, charge_point_id: str = "CP1") -> dict[str, Any]:
        answer = await self.get(f"/api/chargers/{charge_point_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def reaches(
        self, charge_point_id: str, *, state: str | None = None, **fields: Any
    ) -> None:
        """Wait until the charger's connection is in a state, and its fields have values."""

        async def holds() -> bool:
            shown = await self.detail(charge_point_id)
            fits = state is None or shown["connection"]["state"] == state
            return fits and all(shown[name] == value for name, value in fields.items())

        await until(holds)


def assert_problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The answer is a problem document of this status; returns it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    return problem


class Csms:
    """Accepts every charger and every tag but ``BAD``; remembers what it got."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self.connections: dict[str, ServerConnection] = {}
        self.silent_on: set[str] = set()
        self.headers: list[dict[str, str]] = []
        self.closed: list[str] = []
        self.replies: dict[str, list[Any]] = {}
        self._sent = 0
        self._transactions = 0
        self.url = ""

    async def serve(self) -> Server:
        server = await serve(self._charger, "127.0.0.1", 0, subprotocols=[Subprotocol("ocpp1.6")])
        port = next(iter(server.sockets)).getsockname()[1]
        self.url = f"ws://127.0.0.1:{port}/ocpp"
        return server

    def actions(self, charge_point_id: str = "CP1") -> list[str]:
        return [action for who, action, _ in self.calls if who == charge_point_id]

    async def send(self, charge_point_id: str, action: str, payload: dict[str, Any]) -> str:
        """Send a CALL; returns its message id."""
        self._sent += 1
        message_id = f"csms-{self._sent}"
        frame = json.dumps([2, message_id, action, payload])
        await self.connections[charge_point_id].send(frame)
        return message_id

    async def ask(self, action: str, payload: dict[str, Any], charge_point_id: str = "CP1") -> Any:
        """Send a CALL and wait for the answer: the payload of a CALLRESULT, a code of an error."""
        message_id = await self.send(charge_point_id, action, payload)

        async def answered() -> bool:
            return message_id in self.replies

        await until(answered)
        return self.replies[message_id][2]

    async def _charger(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        charge_point_id = connection.request.path.rpartition("/")[2]
        self.headers.append(dict(connection.request.headers))
        self.connections[charge_point_id] = connection
        try:
            async for text in connection:
                frame = json.loads(text)
                if frame[0] == 2:
                    self.calls.append((charge_point_id, frame[2], frame[3]))
                    if frame[2] not in self.silent_on:
                        await connection.send(json.dumps(self._answer(*frame[1:])))
                else:
                    self.replies[frame[1]] = frame
        except ConnectionClosed:
            pass
        self.closed.append(charge_point_id)

    def _answer(self, message_id: str, action: str, payload: dict[str, Any]) -> list[Any]:
        now = "2026-01-02T03:04:05Z"
        tag = {"status": "Invalid" if payload.get("idTag") == "BAD" else "Accepted"}
        self._transactions += action == "StartTransaction"
        answers: dict[str, dict[str, Any]] = {
            "BootNotification": {"status": "Accepted", "currentTime": now, "interval": 300},
            "Heartbeat": {"currentTime": now},
            "Authorize": {"idTagInfo": tag},
            "StartTransaction": {"transactionId": self._transactions, "idTagInfo": tag},
            "StopTransaction": {"idTagInfo": tag},
            "StatusNotification": {},
            "MeterValues": {},
            "DataTransfer": {"status": "Accepted", "data": "hello"},
        }
        if action not in answers:
            return [4, message_id, "NotImplemented", "never heard of it", {}]
        return [3, message_id, answers[action]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        host="127.0.0.1", database_url=f"sqlite:///{tmp_path}/ocppsim.db", log_level="info"
    )


@pytest.fixture
async def app(settings: Settings) -> AsyncGenerator[FastAPI]:
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def api(app: FastAPI) -> AsyncGenerator[Api]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, timeout=60) as http:
        yield Api(http)


@pytest.fixture
async def csms() -> AsyncGenerator[Csms]:
    csms = Csms()
    server = await csms.serve()
    yield csms
    server.close()
    await server.wait_closed()
