"""The whole product with its defaults on: ``python -m bench.product``.

The chargers of a database are brought to life as at any start, connected, booted, and each begins
a transaction. Closed loop means that the next sample falls due when an answer has arrived; it
then comes by the charger's timer like any other. Writes its figures as one line of JSON.
"""

# To make a sample fall due is nothing that the product offers.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any, cast

import msgspec
import uvloop

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.main import create_app
from ocppsim.runtime.live_charger import LiveCharger
from ocppsim.runtime.message_log import MessageLog
from ocppsim.runtime.short_way import ShortWay
from ocppsim.settings import Settings

from .api_pages import page_p95_ms, served
from .figures import Figures, Window, raise_descriptor_limit, resident_kib
from .options import Options

_CONNECTOR = ConnectorId(1)
_SAMPLE_TIMER = f"sample-{_CONNECTOR}"
_CALL_RESULT = ord("3")
_STARTS_PER_S = 500
_PAUSE_S = 0.02


class Answers:
    """Counts the answers that arrive; in a closed loop each makes the next sample fall due."""

    def __init__(self) -> None:
        self.count = 0
        self.next_falls_due = False
        take = ShortWay.take_text

        def take_text(self: ShortWay, text: bytes) -> None:
            take(self, text)
            if text[1] == _CALL_RESULT:
                answers.count += 1
                if answers.next_falls_due:
                    steady: Any = self.steady
                    if steady is None:
                        make_due(self)
                    else:
                        steady.sample_s = now_s = monotonic()
                        self.set(now_s)

        answers = self
        ShortWay.take_text = take_text


def make_due(short_way: ShortWay) -> None:
    """Let the charger's next sample be due now, on the long way."""
    charger = cast("LiveCharger", short_way._long_way)
    now_s = charger._now().simulated_s
    parts = cast("ChargePoint", charger.charger.controller)._parts
    sample = parts.connectors[_CONNECTOR].take_sample
    assert sample is not None
    parts.core.timers.set(_SAMPLE_TIMER, now_s, sample, True)
    charger._timer.set(now_s)


async def run(options: Options) -> Figures:
    """Load, connect, boot, charge, send for a while."""
    figures = Figures(program="product", chargers=options.chargers)
    answers = Answers()
    app = create_app(Settings(database_url=f"sqlite:///{options.database}"))
    before_kib = resident_kib()
    began_s = time.perf_counter()
    async with served(app) as address:
        figures.ready_s = time.perf_counter() - began_s
        supervisor = app.state.services.supervisor
        fleet = list(supervisor.store)
        await _bring_to_charge(fleet, options, figures)
        answers.next_falls_due = options.closed
        if options.closed:
            for charger in fleet:
                make_due(charger.short_way)
        await asyncio.sleep(options.warm_up_s)
        log: MessageLog = supervisor.message_log
        resident = resident_kib() - before_kib - log.size_bytes / 1024.0
        figures.memory_kib = resident / options.chargers
        window = Window(answers.count)
        journal_cpu_s = _writer_cpu_s()
        await asyncio.sleep(options.window_s)
        window.end(figures, answers.count)
        done = max(1, answers.count - window.count)
        figures.journal_us = (_writer_cpu_s() - journal_cpu_s) / done * 1e6
        figures.frame_bytes = _frame_bytes(log, fleet)
        if options.api:
            figures.page_p95_ms = await asyncio.to_thread(
                page_p95_ms, address, len(fleet), options.window_s
            )
        answers.next_falls_due = False
    return figures


async def _bring_to_charge(fleet: list[LiveCharger], options: Options, figures: Figures) -> None:
    began_s = time.perf_counter()
    for charger in fleet:
        charger.connect()
    await _until(fleet, lambda charger: charger.charger.registration == "Accepted")
    figures.connects_per_s = len(fleet) / (time.perf_counter() - began_s)
    began_s = time.perf_counter()
    for number, charger in enumerate(fleet, start=1):
        charger.plug_in(_CONNECTOR)
        charger.present_id_tag("TAG", _CONNECTOR)
        # Spread over the interval, so that the samples are, too
        due_s = began_s + number / len(fleet) * max(options.interval_s, len(fleet) / _STARTS_PER_S)
        if (ahead_s := due_s - time.perf_counter()) > _PAUSE_S or number % 50 == 0:
            await asyncio.sleep(max(0.0, ahead_s))
    await _until(fleet, _charges)


async def _until(fleet: list[LiveCharger], is_so: Callable[[LiveCharger], bool]) -> None:
    """Wait for all, in their order: to look at all of them each time costs what is measured."""
    waiting = fleet[::-1]
    while waiting:
        await asyncio.sleep(0.002)
        while waiting and is_so(waiting[-1]):
            waiting.pop()


def _charges(charger: LiveCharger) -> bool:
    transaction = charger.charger.controller.connector(_CONNECTOR).transaction
    return transaction is not None and transaction.transaction_id is not None


def _frame_bytes(log: MessageLog, fleet: list[LiveCharger]) -> float | None:
    for charger in reversed(fleet):
        for message in log.between(charger.charger_id, None, None):
            if message.action == "MeterValues" and message.record.direction == "sent":
                return len(message.record.text)
    return None


def _writer_cpu_s() -> float:
    """What the journal's thread has taken so far."""
    for thread in threading.enumerate():
        if thread.name == "ocppsim-writer":
            path = Path(f"/proc/self/task/{thread.native_id}/stat")
            fields = path.read_text(encoding="ascii").rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


if __name__ == "__main__":
    raise_descriptor_limit()
    print(msgspec.json.encode(uvloop.run(run(Options.parse(sys.argv[1:])))).decode())
