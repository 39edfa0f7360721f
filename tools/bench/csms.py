"""A CSMS that accepts everything, as fast as it goes: ``python -m bench.csms``.

It writes its port as the first line of stdout. Each line of stdin is an order: ``calls N`` sends
N CALLs a second to connections in turn and takes the time to their answers, ``stats`` writes what
was found since the last ``stats`` as one line of JSON. It ends with its stdin.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import time

import msgspec
import picows
import uvloop

from .figures import percentile

_CALL = b'[2,"%d","GetConfiguration",{"key":["HeartbeatInterval"]}]'
_BOOT = b'{"status":"Accepted","currentTime":"%s","interval":%d}'  # 1.6 ed.2 §6.6
_START = b'{"transactionId":%d,"idTagInfo":{"status":"Accepted"}}'
_AUTHORIZED = b'{"idTagInfo":{"status":"Accepted"}}'


class Csms:
    """What all connections share."""

    def __init__(self, heartbeat_s: int) -> None:
        self.heartbeat_s = heartbeat_s
        self.connections: list[Connection] = []
        self.transaction_ids = itertools.count(1)
        self.call_ids = itertools.count(1)
        self.answered_s: list[float] = []
        self.meter_values = 0
        self.boots = 0
        self.calls_a_second = 0.0

    def answer(self, action: bytes) -> bytes:
        """The payload of the CALLRESULT."""
        if action == b"MeterValues":
            self.meter_values += 1
            return b"{}"
        if action == b"BootNotification":
            self.boots += 1
            return _BOOT % (_now(), self.heartbeat_s)
        if action == b"Heartbeat":
            return b'{"currentTime":"%s"}' % _now()
        if action == b"StartTransaction":
            return _START % next(self.transaction_ids)
        if action == b"Authorize":
            return _AUTHORIZED
        return b"{}"

    async def send_calls(self) -> None:
        """Ask one connection after the other, ``calls_a_second`` times a second."""
        for number in itertools.count():
            if not self.calls_a_second or not self.connections:
                await asyncio.sleep(0.05)
                continue
            await asyncio.sleep(1.0 / self.calls_a_second)
            if self.connections:
                self.connections[number * 7919 % len(self.connections)].ask()

    def stats(self) -> dict[str, float | int]:
        """What happened since the last time."""
        taken = sorted(self.answered_s)
        result: dict[str, float | int] = {
            "connections": len(self.connections),
            "boots": self.boots,
            "meter_values": self.meter_values,
            "calls_answered": len(taken),
            "call_p50_ms": percentile(taken, 50.0) * 1e3,
            "call_p99_ms": percentile(taken, 99.0) * 1e3,
            "call_max_ms": percentile(taken, 100.0) * 1e3,
        }
        self.answered_s.clear()
        self.boots = self.meter_values = 0
        return result


class Connection(picows.WSListener):
    """One charge point, as the CSMS sees it."""

    def __init__(self, csms: Csms) -> None:
        self._csms = csms
        self._transport: picows.WSTransport | None = None
        self._asked: dict[bytes, float] = {}

    def on_ws_connected(self, transport: picows.WSTransport) -> None:
        self._transport = transport
        self._csms.connections.append(self)

    def on_ws_disconnected(self, transport: picows.WSTransport) -> None:  # noqa: ARG002
        if self._transport is not None:
            self._transport = None
            self._csms.connections.remove(self)

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        if frame.msg_type == picows.WSMsgType.TEXT:
            text = frame.get_payload_as_bytes()
            # [2,"id","Action",...: nothing in what the clients of the benchmark send is escaped
            parts = text.split(b'"', 4)
            if text[1] == 50:
                payload = self._csms.answer(parts[3])
                transport.send(picows.WSMsgType.TEXT, b'[3,"%s",%s]' % (parts[1], payload))
            else:
                began_s = self._asked.pop(parts[1], None)
                if began_s is not None:
                    self._csms.answered_s.append(time.perf_counter() - began_s)
        elif frame.msg_type == picows.WSMsgType.CLOSE:
            transport.disconnect()

    def ask(self) -> None:
        """Send a CALL and take the time."""
        if self._transport is not None:
            call_id = b"%d" % next(self._csms.call_ids)
            self._asked[call_id] = time.perf_counter()
            self._transport.send(picows.WSMsgType.TEXT, _CALL % int(call_id))


def _now() -> bytes:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()).encode()


async def serve(heartbeat_s: int) -> None:
    """Serve until stdin ends."""
    csms = Csms(heartbeat_s)

    def accept(_request: picows.WSUpgradeRequest) -> picows.WSUpgradeResponseWithListener:
        headers = {"Sec-WebSocket-Protocol": "ocpp1.6"}
        response = picows.WSUpgradeResponse.create_101_response(headers)
        return picows.WSUpgradeResponseWithListener(response, Connection(csms))

    server = await picows.ws_create_server(  # pyright: ignore[reportUnknownMemberType]
        accept, "127.0.0.1", 0, read_buffer_init_size=2048, use_aiofastnet=False, backlog=4096
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async with asyncio.TaskGroup() as tasks:
        asking = tasks.create_task(csms.send_calls())
        while line := await reader.readline():
            order, *values = line.decode().split()
            if order == "calls":
                csms.calls_a_second = float(values[0])
            else:
                print(msgspec.json.encode(csms.stats()).decode(), flush=True)
        asking.cancel()
    server.close()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
