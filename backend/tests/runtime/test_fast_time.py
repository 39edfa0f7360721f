"""Chargers in fast time, over a real socket: what is scaled, and what is not."""

from __future__ import annotations

import time
from datetime import datetime
from itertools import pairwise

import msgspec
import pytest

from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.runtime.clock import SystemClock
from ocppsim.runtime.diagnostics_file import diagnostics_file
from ocppsim.runtime.live_charger import LiveCharger
from ocppsim.runtime.memory_ports import MemoryJournal, NoConfigSync
from ocppsim.runtime.message_log import MessageLog
from ocppsim.runtime.supervisor import Supervisor

from .conftest import IMPATIENT, Csms, definition, until


def wall_s(timestamp: str) -> float:
    return datetime.fromisoformat(timestamp).timestamp()


@pytest.fixture
async def connected(charger: LiveCharger, csms: Csms) -> LiveCharger:
    """Registered, with samples every minute of its time."""
    charger.set_configuration({"MeterValueSampleInterval": "60"})
    charger.connect()
    await csms.called("BootNotification")
    await until(lambda: charger.snapshot().registration == "Accepted")
    return charger


async def test_a_session_at_an_hour_a_second_has_its_samples_on_the_minute(
    supervisor: Supervisor, connected: LiveCharger, csms: Csms
) -> None:
    supervisor.set_time_scale(3600.0)
    outcome = await connected.start_transaction(1, "TAG-1", start_soc_percent=10)
    assert outcome.kind == "confirmed"
    await csms.called("MeterValues", times=30)
    await connected.stop_transaction(1)
    start = csms.payloads("StartTransaction")[0]
    began_s = wall_s(start["timestamp"])
    values = [payload["meterValue"][0] for payload in csms.payloads("MeterValues")]
    times = [wall_s(value["timestamp"]) - began_s for value in values]
    assert times == pytest.approx([60.0 * n for n in range(1, len(times) + 1)], abs=0.01)
    energies = [float(value["sampledValue"][0]["value"]) for value in values]
    assert all(later > earlier for earlier, later in pairwise(energies))
    stop = csms.payloads("StopTransaction")[0]
    assert wall_s(stop["timestamp"]) >= wall_s(values[-1]["timestamp"])
    charged_kwh = (stop["meterStop"] - start["meterStart"]) / 1000
    assert charged_kwh == pytest.approx(
        22.08 * (wall_s(stop["timestamp"]) - began_s) / 3600, rel=0.05
    )


async def test_heartbeats_follow_simulated_time_and_the_clock_runs_ahead(
    supervisor: Supervisor, connected: LiveCharger, csms: Csms
) -> None:
    offset_s = connected.snapshot().clock_offset_s
    supervisor.set_time_scale(3600.0)
    await csms.called("Heartbeat", times=3)
    assert connected.snapshot().clock_offset_s >= offset_s + 600
    supervisor.set_time_scale(1.0)
    assert connected.snapshot().clock_offset_s >= offset_s + 600


async def test_the_wait_for_an_answer_is_not_shortened(
    supervisor: Supervisor, connected: LiveCharger, csms: Csms
) -> None:
    csms.answers["Authorize"] = lambda _: None
    supervisor.set_time_scale(3600.0)
    connected.plug_in(1)
    connected.present_id_tag("TAG-1", 1)
    await csms.called("Authorize")
    deadline_s = connected.charger.next_real_deadline_s
    offset_s = connected.snapshot().clock_offset_s
    await until(lambda: connected.snapshot().clock_offset_s > offset_s + 600)
    assert connected.charger.next_real_deadline_s == deadline_s < float("inf")
    assert len(csms.payloads("Authorize")) == 1


async def test_chargers_change_pace_by_themselves_at_a_location_and_all_together(
    supervisor: Supervisor, csms: Csms
) -> None:
    slow = await supervisor.add(definition(csms.url, "SLOW"), DurableState())
    depot = await supervisor.add(definition(csms.url, "DEPOT", location_id=2), DurableState())
    fast = await supervisor.add(
        definition(csms.url, "FAST", location_id=2, time_scale=600.0), DurableState()
    )
    assert [each.time_scale for each in (slow, depot, fast)] == [1.0, 1.0, 600.0]
    supervisor.set_location_time_scale(2, 10.0)
    assert [each.time_scale for each in (slow, depot, fast)] == [1.0, 10.0, 600.0]
    supervisor.set_time_scale(60.0)
    assert [each.time_scale for each in (slow, depot, fast)] == [60.0, 10.0, 600.0]
    await supervisor.replace(msgspec.structs.replace(fast.definition, time_scale=1.0))
    assert fast.time_scale == 10.0
    await supervisor.replace(msgspec.structs.replace(depot.definition, location_id=1))
    assert depot.time_scale == 60.0
    late = await supervisor.add(definition(csms.url, "LATE", location_id=2), DurableState())
    assert late.time_scale == 10.0


async def test_other_hardware_does_not_set_the_clock_back(
    supervisor: Supervisor, charger: LiveCharger
) -> None:
    supervisor.set_time_scale(3600.0)
    await until(lambda: charger.snapshot().clock_offset_s > 600)
    supervisor.set_time_scale(1.0)
    before_s = charger.snapshot().clock_offset_s
    rebuilt = msgspec.structs.replace(
        charger.definition, connectors=charger.definition.connectors[:1]
    )
    await supervisor.replace(rebuilt)
    assert charger.snapshot().clock_offset_s == pytest.approx(before_s, abs=0.01)


async def test_a_charger_that_is_behind_leaves_time_to_the_others(
    supervisor: Supervisor, connected: LiveCharger, csms: Csms
) -> None:
    """Thousands of alignments a real second at each of many: commands are still answered."""
    for number in range(20):
        busy = await supervisor.add(definition(csms.url, f"BUSY-{number}"), DurableState())
        busy.set_configuration({"ClockAlignedDataInterval": "1"})
    supervisor.set_time_scale(3600.0)
    assert connected.is_connected
    connection = csms.connections[0]
    answer = await csms.call(connection, "GetConfiguration", {"key": ["HeartbeatInterval"]})
    assert answer[2]["configurationKey"][0]["value"] == "300"


class SlowMachine:
    """A monotonic clock of a computer on which everything takes its time."""

    def __init__(self) -> None:
        self._lost_s = 0.0

    def monotonic(self) -> float:
        self._lost_s += 0.005
        return time.monotonic() + self._lost_s


async def test_slowed_down_time_goes_on_at_once_also_for_the_last_of_many() -> None:
    clock = SystemClock(SlowMachine().monotonic)
    async with Supervisor(
        ChargePoint, MemoryJournal(), NoConfigSync(), settings=IMPATIENT, clock=clock
    ) as supervisor:
        chargers = [
            await supervisor.add(definition("ws://x", f"CP-{number}"), DurableState())
            for number in range(10)
        ]
        supervisor.set_time_scale(3600.0)
        await until(lambda: chargers[-1].snapshot().clock_offset_s > 600)
        supervisor.set_time_scale(1.0)
        shown = chargers[-1].composite_schedule(1, 60)
        await until(lambda: chargers[-1].composite_schedule(1, 60) != shown)


async def test_its_diagnostics_tell_the_times_that_its_clock_showed(
    supervisor: Supervisor, connected: LiveCharger
) -> None:
    supervisor.set_time_scale(60.0)
    now_s = 1_800_000_000.0
    shown = msgspec.structs.replace(connected.snapshot(), clock_offset_s=5900.0)
    log = MessageLog()
    for ago_s in (200.0, 100.0, 10.0):
        log.add(1, "sent", b'[2,"1","Heartbeat",{}]', now_s - ago_s)
    pieces = [
        piece
        async for piece in diagnostics_file(
            shown, [], log, 1, now_s=now_s, from_s=now_s + 5900 - 6001, to_s=None
        )
    ]
    lines = [msgspec.json.decode(line) for line in b"".join(pieces).splitlines()]
    times = [wall_s(line["timestamp"]) for line in lines if line["kind"] == "message"]
    assert times == [now_s + 5900 - 6000, now_s + 5900 - 600]
