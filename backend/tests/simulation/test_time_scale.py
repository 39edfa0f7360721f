"""A charger whose time runs faster: whose time counts, and what its clock shows after a restart."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.chargepoint.notifications import ClockAdjusted, ClockKept
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.protocol.v16.date_time import format_date_time, parse_date_time
from ocppsim.simulation.central_system import CentralSystem
from ocppsim.simulation.definition import ChargerDefinition, ConnectorDefinition
from ocppsim.simulation.virtual_bench import VirtualBench

DAY_S = 86_400.0
EPOCH_S = VirtualBench.EPOCH_S


class WorldTime:
    """A CSMS whose clock does not follow that of the bench: it stands at the epoch."""

    def __init__(self) -> None:
        self.wall_s = EPOCH_S

    def answer(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"currentTime": format_date_time(self.wall_s)}

    def accept(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"status": "Accepted", "interval": 300, **self.answer({})}


@pytest.fixture
def world() -> WorldTime:
    return WorldTime()


@pytest.fixture
def bench(world: WorldTime) -> VirtualBench:
    """A charger that is registered, in real time, at the epoch."""
    central_system = CentralSystem(clock_epoch_s=EPOCH_S)
    central_system.on("BootNotification", world.accept)
    central_system.on("Heartbeat", world.answer)
    bench = VirtualBench(
        ChargerDefinition(
            1,
            1,
            "Charger",
            "ws://csms.example/ocpp",
            ChargePointIdentity("CP-1", "Vendor", "Model"),
            (ConnectorDefinition(),),
            behaviour={"power_loss": "resume"},
        ),
        central_system,
        ChargePoint,
    )
    bench.advance(1)
    return bench


def scale(bench: VirtualBench, time_scale: float) -> None:
    bench.act(lambda charger, now: charger.set_time_scale(time_scale, now))


def shown_s(bench: VirtualBench) -> float:
    """The charger's wall clock."""
    return bench.charger.controller.clock_epoch_s + bench.now_s


def test_fast_chargers_leave_the_time_of_the_csms_alone(bench: VirtualBench):
    scale(bench, 60.0)
    bench.advance(DAY_S)
    assert shown_s(bench) == EPOCH_S + 1 + DAY_S
    assert not bench.notified(ClockAdjusted)
    kept = bench.notified(ClockKept)
    assert kept
    assert -DAY_S <= kept[-1].difference_s < -DAY_S + 600


def test_back_at_real_time_the_next_heartbeat_sets_the_clock(bench: VirtualBench, world: WorldTime):
    scale(bench, 60.0)
    bench.advance(DAY_S)
    scale(bench, 1.0)
    world.wall_s = EPOCH_S + 1440
    assert shown_s(bench) == EPOCH_S + 1 + DAY_S
    bench.rules.transactions.clock_moved()
    bench.wait_for(lambda: bench.notified(ClockAdjusted))
    assert shown_s(bench) == world.wall_s


def test_the_clock_goes_back_only_when_no_transaction_is_under_way(
    bench: VirtualBench, world: WorldTime
):
    bench.start()
    scale(bench, 60.0)
    bench.advance(7200)
    scale(bench, 1.0)
    bench.advance(3600)
    assert not bench.notified(ClockAdjusted)
    bench.tag("TAG")
    bench.unplug()
    stop = bench.sent("StopTransaction")[0]
    start = bench.sent("StartTransaction")[0]
    charged_s = parse_date_time(stop["timestamp"]) - parse_date_time(start["timestamp"])
    assert charged_s == pytest.approx(10_800, abs=5)
    bench.rules.transactions.clock_moved()
    bench.advance(600)
    assert bench.notified(ClockAdjusted)
    assert shown_s(bench) == pytest.approx(world.wall_s, abs=600)


def test_the_clock_of_a_charger_that_was_never_fast_follows_its_csms(
    bench: VirtualBench, world: WorldTime
):
    bench.start()
    world.wall_s += 10 * DAY_S
    bench.rules.transactions.clock_moved()
    bench.advance(600)
    assert bench.notified(ClockAdjusted)
    assert "device/clock" not in bench.charger.durable.cells


def test_setting_the_clock_by_hand_ends_the_lead(bench: VirtualBench):
    scale(bench, 60.0)
    bench.advance(DAY_S)
    scale(bench, 1.0)
    assert "device/clock" in bench.charger.durable.cells
    bench.set_clock(-DAY_S)
    assert shown_s(bench) == EPOCH_S + 1
    assert "device/clock" not in bench.charger.durable.cells


def test_no_reading_is_of_the_future_once_the_clock_was_set_back(bench: VirtualBench):
    bench.configure(MeterValueSampleInterval="60")
    bench.start()
    scale(bench, 60.0)
    bench.advance(DAY_S / 2)
    bench.tag("TAG")
    bench.unplug()
    bench.advance(60)
    scale(bench, 1.0)
    bench.set_clock(-DAY_S / 2)
    _, read_at_s = json.loads(bench.charger.durable.cells["meter/1"])
    assert read_at_s == pytest.approx(shown_s(bench), abs=1)


def test_after_a_crash_the_clock_does_not_go_back_behind_what_was_metered(
    bench: VirtualBench, monkeypatch: pytest.MonkeyPatch
):
    bench.configure(MeterValueSampleInterval="60")
    bench.start()
    scale(bench, 60.0)
    bench.advance(7200)
    before_s = shown_s(bench)
    # The world's clock at the new start is that of 7200 s at x60
    monkeypatch.setattr(bench, "_clock_epoch_s", EPOCH_S + 120 - bench.now_s)
    bench.crash()
    assert before_s - 60 <= shown_s(bench) <= before_s
    assert bench.charger.controller.clock_ran_ahead
    bench.tag("TAG")
    bench.unplug()
    bench.wait_for(lambda: bench.sent("StopTransaction"))
    stopped_s = parse_date_time(bench.sent("StopTransaction")[0]["timestamp"])
    sampled_s = parse_date_time(bench.sent("MeterValues")[-1]["meterValue"][0]["timestamp"])
    assert stopped_s >= sampled_s > EPOCH_S + 7000


def test_after_an_orderly_end_the_clock_goes_on_where_it_was(
    bench: VirtualBench, monkeypatch: pytest.MonkeyPatch
):
    scale(bench, 600.0)
    bench.advance(DAY_S)
    before_s = shown_s(bench)
    bench.act(lambda charger, now: charger.store_meters(now))
    bench.cut_link()
    bench.advance(0.1)
    monkeypatch.setattr(bench, "_clock_epoch_s", EPOCH_S - DAY_S)
    bench.crash()
    assert shown_s(bench) == pytest.approx(before_s, abs=0.2)


def test_a_lead_that_the_world_has_caught_up_with_is_none(
    bench: VirtualBench, monkeypatch: pytest.MonkeyPatch
):
    scale(bench, 60.0)
    bench.advance(DAY_S)
    bench.cut_link()
    monkeypatch.setattr(bench, "_clock_epoch_s", EPOCH_S + 3 * DAY_S)
    bench.crash()
    assert shown_s(bench) == EPOCH_S + 3 * DAY_S + bench.now_s
    assert not bench.charger.controller.clock_ran_ahead


def test_a_factory_reset_leaves_the_clock_alone(bench: VirtualBench):
    scale(bench, 60.0)
    bench.advance(DAY_S)
    bench.act(lambda charger, now: charger.factory_reset(now))
    bench.advance(10)
    assert shown_s(bench) == EPOCH_S + 11 + DAY_S
    assert "device/clock" in bench.charger.durable.cells
