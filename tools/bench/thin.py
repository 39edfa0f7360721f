"""The thin reference loop: ``python -m bench.thin``.

Typed encode and decode (msgspec), picows, uvloop, and nothing of a charger: every connection
boots, then sends one MeterValues.req of 333 bytes after the other, closed loop or one a second.
It writes its figures as one line of JSON.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from functools import partial
from typing import Literal

import msgspec
import picows
import uvloop

from .figures import Figures, Window, raise_descriptor_limit, resident_kib
from .options import Options

_CONNECTS_AT_A_TIME = 100


class SampledValue(msgspec.Struct, gc=False, omit_defaults=True):
    """1.6 ed.2 §7.43."""

    value: str
    context: str | None = None
    measurand: str | None = None
    unit: str | None = None


class MeterValue(msgspec.Struct, gc=False):
    """1.6 ed.2 §7.33."""

    timestamp: str
    sampledValue: list[SampledValue]  # noqa: N815 - as it is on the wire


class MeterValuesRequest(msgspec.Struct, gc=False):
    """1.6 ed.2 §6.31."""

    connectorId: int  # noqa: N815
    transactionId: int  # noqa: N815
    meterValue: list[MeterValue]  # noqa: N815


class MeterValuesResponse(msgspec.Struct, gc=False):
    """1.6 ed.2 §6.32."""


class BootNotificationResponse(msgspec.Struct, gc=False):
    """1.6 ed.2 §6.6."""

    status: Literal["Accepted", "Pending", "Rejected"]
    currentTime: str  # noqa: N815
    interval: int


class Result(msgspec.Struct, array_like=True, gc=False):
    """A CALLRESULT (OCPP-J 1.6 §4.2.2)."""

    kind: Literal[3]
    message_id: str
    payload: msgspec.Raw


_encode = msgspec.json.Encoder().encode
_result = msgspec.json.Decoder(Result).decode
_meter_values = msgspec.json.Decoder(MeterValuesResponse).decode
_boot = msgspec.json.Decoder(BootNotificationResponse).decode


class Fleet:
    """What all connections share."""

    def __init__(self, count: int, *, closed: bool) -> None:
        self.closed = closed
        self.all_booted = asyncio.Event()
        self._to_boot = count
        self.answers = 0
        self.running = False
        self.frame_bytes = 0

    def has_booted(self) -> None:
        """One more."""
        self._to_boot -= 1
        if not self._to_boot:
            self.all_booted.set()


class Station(picows.WSListener):
    """A connection that sends meter values."""

    __slots__ = ("_awaited", "_counter", "_fleet", "_transport", "energy_wh")

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._transport: picows.WSTransport | None = None
        self._counter = 0
        self._awaited = ""
        self.energy_wh = 0

    def on_ws_connected(self, transport: picows.WSTransport) -> None:
        self._transport = transport
        self._call("BootNotification", {"chargePointVendor": "bench", "chargePointModel": "thin"})

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:  # noqa: ARG002
        result = _result(frame.get_payload_as_memoryview())
        if result.message_id != self._awaited:
            return
        fleet = self._fleet
        if self._counter == 1:
            _boot(result.payload)
            fleet.has_booted()
            return
        _meter_values(result.payload)
        fleet.answers += 1
        if fleet.closed and fleet.running:
            self.send_meter_values()

    def send_meter_values(self) -> None:
        """One sample of two measurands."""
        self.energy_wh += 1
        values = [
            SampledValue(
                str(self.energy_wh), "Sample.Periodic", "Energy.Active.Import.Register", "Wh"
            ),
            SampledValue("11040.0", "Sample.Periodic", "Power.Active.Import", "W"),
        ]
        meter_value = MeterValue("2026-01-01T00:00:00.000Z", values)
        self._call("MeterValues", MeterValuesRequest(1, self._counter, [meter_value]))

    def _call(self, action: str, payload: object) -> None:
        self._counter += 1
        self._awaited = f"f3a81c22b1-{self._counter}"
        text = _encode((2, self._awaited, action, payload))
        self._fleet.frame_bytes = len(text)
        assert self._transport is not None
        self._transport.send(picows.WSMsgType.TEXT, text)


async def run(options: Options) -> Figures:
    """Connect, boot, send for a while."""
    figures = Figures(program="thin", chargers=options.chargers)
    fleet = Fleet(options.chargers, closed=options.closed)
    before_kib = resident_kib()
    stations: list[Station] = []
    began_s = time.perf_counter()
    numbers = iter(range(options.chargers))

    async def connect() -> None:
        for number in numbers:
            station = Station(fleet)
            stations.append(station)
            await picows.ws_connect(  # pyright: ignore[reportUnknownMemberType]
                partial(_itself, station),
                f"ws://127.0.0.1:{options.port}/ocpp/CP{number:05d}",
                read_buffer_init_size=1024,
                use_aiofastnet=False,
                extra_headers=[("Sec-WebSocket-Protocol", "ocpp1.6")],
            )

    async with asyncio.TaskGroup() as tasks:
        for _ in range(_CONNECTS_AT_A_TIME):
            tasks.create_task(connect())
    await fleet.all_booted.wait()
    figures.connects_per_s = options.chargers / (time.perf_counter() - began_s)
    gc.collect()
    gc.freeze()
    fleet.running = True
    async with asyncio.TaskGroup() as tasks:
        pacing = tasks.create_task(_pace(stations, fleet))
        await asyncio.sleep(options.warm_up_s)
        figures.memory_kib = (resident_kib() - before_kib) / options.chargers
        window = Window(fleet.answers)
        await asyncio.sleep(options.window_s)
        window.end(figures, fleet.answers)
        pacing.cancel()
    figures.frame_bytes = fleet.frame_bytes
    return figures


def _itself(station: Station) -> Station:
    return station


async def _pace(stations: list[Station], fleet: Fleet) -> None:
    """Closed loop: a first message each; else one a second each, spread over the second."""
    if fleet.closed:
        for station in stations:
            station.send_meter_values()
        return
    began_s = time.perf_counter()
    sent = 0
    while True:
        due = int((time.perf_counter() - began_s) * len(stations))
        while sent < due:
            stations[sent % len(stations)].send_meter_values()
            sent += 1
        await asyncio.sleep(0.01)


if __name__ == "__main__":
    raise_descriptor_limit()
    print(msgspec.json.encode(uvloop.run(run(Options.parse(sys.argv[1:])))).decode())
