"""HB: heartbeats and the clock (1.6 ed.2 §4.6)."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from ocppsim.protocol.v16.date_time import format_date_time, parse_date_time
from ocppsim.simulation.central_system import ErrorReply, Silence
from ocppsim.simulation.virtual_bench import VirtualBench

BenchFactory = Callable[..., VirtualBench]


def heartbeats(bench: VirtualBench) -> list[float]:
    return [record.at_s for record in bench.central_system.calls("Heartbeat")]


@pytest.mark.obligation("HB-01")
def test_heartbeats_come_at_the_interval(bench: VirtualBench):
    bench.advance(3600)
    times = heartbeats(bench)
    assert 12 <= len(times) <= 13
    assert all(300 <= later - earlier <= 301 for earlier, later in itertools.pairwise(times))
    assert bench.sent("Heartbeat")[0] == {}


@pytest.mark.obligation("HB-01")
@pytest.mark.parametrize("reply", [Silence(), ErrorReply()])
def test_a_heartbeat_without_an_answer_does_not_end_them(
    bench: VirtualBench, reply: Silence | ErrorReply
):
    bench.central_system.once("Heartbeat", reply)
    bench.advance(3600)
    assert len(heartbeats(bench)) >= 11


@pytest.mark.obligation("HB-03", "HB-06")
def test_without_an_interval_there_is_one_heartbeat_a_day(make_bench: BenchFactory):
    bench = make_bench(configuration={"HeartbeatInterval": "0"}, link=False)
    bench.central_system.interval_s = 0
    bench.restore_link()
    bench.advance(3 * 86_400 + 60)
    assert len(heartbeats(bench)) >= 3


@pytest.mark.obligation("HB-03", "HB-05")
@pytest.mark.parametrize("interval_s", [86_401, 1_000_000, 2**31 - 1])
def test_a_longer_interval_than_a_day_is_a_day(bench: VirtualBench, interval_s: int):
    bench.configure(HeartbeatInterval=str(interval_s))
    since_s = bench.now_s
    bench.advance(3 * 86_400 + 60)
    days = [(at_s - since_s) / 86_400 for at_s in heartbeats(bench)]
    assert days == pytest.approx([1, 2, 3], abs=0.001)
    assert bench.configured("HeartbeatInterval") == str(interval_s)


@pytest.mark.obligation("HB-03")
def test_an_interval_of_the_boot_above_a_day_is_a_day(make_bench: BenchFactory):
    bench = make_bench(link=False)
    bench.central_system.interval_s = 10 * 86_400
    bench.restore_link()
    bench.advance(2 * 86_400 + 60)
    assert len(heartbeats(bench)) == 2


@pytest.mark.obligation("HB-04")
def test_a_heartbeat_sets_the_clock(bench: VirtualBench):
    bench.central_system.clock_epoch_s += 1000
    bench.wait_for(lambda: heartbeats(bench))
    bench.settle()
    bench.start()
    started = parse_date_time(bench.sent("StartTransaction")[0]["timestamp"])
    assert started == pytest.approx(bench.EPOCH_S + bench.now_s + 1000, abs=0.01)


@pytest.mark.obligation("HB-05", "CFG-08", "CFG-K10")
def test_a_new_interval_counts_at_once(bench: VirtualBench):
    bench.advance(10)
    bench.configure(HeartbeatInterval="30")
    since_s = bench.now_s
    bench.advance(95)
    assert [at_s - since_s for at_s in heartbeats(bench)] == pytest.approx([30, 60, 90], abs=0.5)


@pytest.mark.obligation("HB-06")
def test_the_interval_of_the_boot_overrides_the_key(make_bench: BenchFactory):
    bench = make_bench(configuration={"HeartbeatInterval": "9999"})
    assert bench.configured("HeartbeatInterval") == "300"


@pytest.mark.obligation("HB-06")
def test_interval_0_of_the_boot_keeps_the_key(make_bench: BenchFactory):
    bench = make_bench(configuration={"HeartbeatInterval": "44"}, link=False)
    bench.central_system.interval_s = 0
    bench.restore_link()
    assert bench.configured("HeartbeatInterval") == "44"
    bench.advance(45)
    assert len(heartbeats(bench)) == 1


@pytest.mark.obligation("HB-07")
def test_heartbeats_are_not_queued_while_offline(bench: VirtualBench):
    bench.cut_link()
    bench.advance(36_000)
    before = len(heartbeats(bench))
    bench.restore_link()
    bench.advance(10)
    assert len(heartbeats(bench)) - before <= 1


@pytest.mark.obligation("HB-08")
def test_all_times_on_the_wire_come_from_the_one_clock(make_bench: BenchFactory):
    bench = make_bench(clock_epoch_s=VirtualBench.EPOCH_S - 5_000_000)
    bench.start()
    bench.advance(120)
    bench.stop_button()
    stamps = [bench.sent("StartTransaction")[0]["timestamp"]]
    stamps += [entry["meterValue"][0]["timestamp"] for entry in bench.sent("MeterValues")]
    stamps += [bench.sent("StopTransaction")[0]["timestamp"]]
    times = [parse_date_time(stamp) - bench.EPOCH_S for stamp in stamps]
    assert times == pytest.approx([0, 60, 120, 120], abs=0.01)


@pytest.mark.obligation("HB-08")
@pytest.mark.parametrize("jump_s", [-86_400, 86_400])
def test_durations_do_not_jump_with_the_clock(bench: VirtualBench, jump_s: int):
    bench.configure(MeterValueSampleInterval="60", HeartbeatInterval="100")
    start_s = bench.now_s
    bench.start()
    bench.advance(90)
    bench.central_system.clock_epoch_s += jump_s
    bench.advance(400)
    samples = [record.at_s - start_s for record in bench.central_system.calls("MeterValues")]
    assert samples == pytest.approx([60, 120, 180, 240, 300, 360, 420, 480], abs=0.5)


@pytest.mark.obligation("HB-04")
@pytest.mark.parametrize("text", ["", "today", "2026-13-01T00:00:00Z"])
def test_an_unreadable_time_does_not_move_the_clock(bench: VirtualBench, text: str):
    bench.central_system.on("Heartbeat", {"currentTime": text})
    bench.advance(700)
    bench.start()
    started = bench.sent("StartTransaction")[0]["timestamp"]
    assert started == format_date_time(bench.EPOCH_S + 700)
