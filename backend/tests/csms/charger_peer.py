"""A hand-driven charger on the ``websockets`` client: sends frames, answers what it is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol


class ChargerPeer:
    """One connection; every method reads or writes exactly one exchange."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self._count = 0

    async def call(self, action: str, payload: dict[str, Any]) -> Any:
        """Send a CALL and give the payload of its CALLRESULT (or the whole CALLERROR)."""
        self._count += 1
        await self.socket.send(json.dumps([2, f"m{self._count}", action, payload]))
        answer = json.loads(await self.socket.recv())
        assert answer[1] == f"m{self._count}"
        return answer[2] if answer[0] == 3 else answer

    async def boot(self) -> Any:
        return await self.call(
            "BootNotification", {"chargePointVendor": "V", "chargePointModel": "M"}
        )

    async def status(self, connector_id: int, status: str) -> Any:
        return await self.call(
            "StatusNotification",
            {"connectorId": connector_id, "status": status, "errorCode": "NoError"},
        )

    async def receive_call(self) -> tuple[str, str, Any]:
        """The next CALL of the central system: id, action, payload."""
        kind, message_id, action, payload = json.loads(await self.socket.recv())
        assert kind == 2
        return message_id, action, payload

    async def answer(self, message_id: str, payload: dict[str, Any]) -> None:
        await self.socket.send(json.dumps([3, message_id, payload]))


@asynccontextmanager
async def charger(
    url: str, charge_point_id: str = "CP1", headers: dict[str, str] | None = None
) -> AsyncGenerator[ChargerPeer]:
    """Connect a hand-driven charger to a central system."""
    async with connect(
        f"{url}/{charge_point_id}",
        subprotocols=[Subprotocol("ocpp1.6")],
        additional_headers=headers,
        proxy=None,
    ) as socket:
        yield ChargerPeer(socket)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that the other end does on its own; fails after 20 s."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - the other end has no event to wait for
            await asyncio.sleep(0.01)
