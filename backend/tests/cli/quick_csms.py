"""A central system that accepts everything, for thousands of chargers on a busy core."""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import picows

_ACCEPTED = {"idTagInfo": {"status": "Accepted"}}


class QuickCsms:
    """Keeps the starts and stops of transactions: by charger and the number that they got."""

    def __init__(self) -> None:
        self.port = 0
        self.starts: dict[tuple[str, int], dict[str, Any]] = {}
        self.stops: dict[tuple[str, int], list[dict[str, Any]]] = {}
        self._numbers = itertools.count(1)

    def answer(self, charger: str, action: str, payload: bytes) -> dict[str, Any]:
        match action:
            case "BootNotification":
                return {"status": "Accepted", "currentTime": _now(), "interval": 600}
            case "Heartbeat":
                return {"currentTime": _now()}
            case "StartTransaction":
                number = next(self._numbers)
                self.starts[charger, number] = json.loads(payload)[3]
                return {"transactionId": number, **_ACCEPTED}
            case "StopTransaction":
                stop = json.loads(payload)[3]
                self.stops.setdefault((charger, stop["transactionId"]), []).append(stop)
                return _ACCEPTED
            case "Authorize":
                return _ACCEPTED
            case _:
                return {}


class _Connection(picows.WSListener):
    def __init__(self, csms: QuickCsms, charger: str) -> None:
        self._csms = csms
        self._charger = charger

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        if frame.msg_type == picows.WSMsgType.TEXT:
            text = frame.get_payload_as_bytes()
            _, message_id, _, action, _ = text.split(b'"', 4)  # [2,"id","Action",{…
            payload = self._csms.answer(self._charger, action.decode(), text)
            answer = b'[3,"%s",%s]' % (message_id, json.dumps(payload).encode())
            transport.send(picows.WSMsgType.TEXT, answer)
        elif frame.msg_type == picows.WSMsgType.CLOSE:
            transport.send_close(picows.WSCloseCode.OK)
            transport.disconnect()


@contextmanager
def quick_csms() -> Generator[QuickCsms]:
    """One that listens on loopback, in a thread of its own; read it when its chargers have gone."""
    csms = QuickCsms()
    listening = threading.Event()
    ends: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    def accept(request: picows.WSUpgradeRequest) -> picows.WSUpgradeResponseWithListener:
        response = picows.WSUpgradeResponse.create_101_response(
            {"Sec-WebSocket-Protocol": "ocpp1.6"}
        )
        charger = request.path.decode().rpartition("/")[2]
        return picows.WSUpgradeResponseWithListener(response, _Connection(csms, charger))

    async def live() -> None:
        server = await picows.ws_create_server(
            accept, "127.0.0.1", 0, read_buffer_init_size=2048, use_aiofastnet=False, backlog=4096
        )
        csms.port = server.sockets[0].getsockname()[1]
        end = asyncio.Event()
        ends.append((asyncio.get_running_loop(), end))
        listening.set()
        async with server:
            await end.wait()

    thread = threading.Thread(target=lambda: asyncio.run(live()))
    thread.start()
    assert listening.wait(20)
    try:
        yield csms
    finally:
        loop, end = ends[0]
        loop.call_soon_threadsafe(end.set)
        thread.join(20)
        assert not thread.is_alive()


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
