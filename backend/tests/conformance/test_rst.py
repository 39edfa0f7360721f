"""RST: soft and hard resets (1.6 ed.2 §5.14)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ocppsim.simulation.central_system import ErrorReply, Silence
from ocppsim.simulation.virtual_bench import VirtualBench

BenchFactory = Callable[..., VirtualBench]

KINDS = pytest.mark.parametrize("kind", ["Soft", "Hard"])


def reset(bench: VirtualBench, kind: str) -> str | None:
    return bench.ask("Reset", {"type": kind}).status


@pytest.mark.obligation("RST-01", "RST-05", "RST-06", "RST-09")
@KINDS
def test_it_is_answered_and_then_done(make_bench: BenchFactory, kind: str):
    bench = make_bench(connectors=2)
    before = len(bench.central_system.records)
    assert reset(bench, kind) == "Accepted"
    bench.advance(30)
    after = [
        record.action if record.kind == "CALL" else "answer"
        for record in bench.central_system.records[before:]
        if record.sender == "charge_point"
    ]
    assert after == ["answer", "BootNotification", *["StatusNotification"] * 3]
    assert bench.central_system.connections == 2


@pytest.mark.obligation("RST-02", "RST-04", "RST-07")
@KINDS
def test_transactions_are_stopped_before(make_bench: BenchFactory, kind: str):
    bench = make_bench(connectors=2)
    bench.start("A", 1)
    bench.start("B", 2)
    bench.advance(100)
    reset(bench, kind)
    bench.advance(30)
    assert [stop["reason"] for stop in bench.sent("StopTransaction")] == [f"{kind}Reset"] * 2
    order = bench.actions()
    boot = len(order) - 1 - order[::-1].index("BootNotification")
    assert order.index("StopTransaction") < boot
    assert bench.rules.transactions.unstopped() == []


@pytest.mark.obligation("RST-04")
def test_a_soft_reset_reports_finishing(bench: VirtualBench):
    bench.start()
    reset(bench, "Soft")
    bench.advance(30)
    assert bench.statuses()[:4] == ["Available", "Preparing", "Charging", "Finishing"]


@pytest.mark.obligation("RST-03", "OFF-15")
@KINDS
@pytest.mark.parametrize("reply", [Silence(), ErrorReply()])
def test_a_stop_without_an_answer_is_kept_over_the_reset(
    bench: VirtualBench, kind: str, reply: Silence | ErrorReply
):
    bench.start()
    bench.central_system.on("StopTransaction", reply)
    reset(bench, kind)
    bench.wait_for(lambda: bench.actions().count("BootNotification") == 2, limit_s=300)
    bench.central_system.as_usual("StopTransaction")
    bench.advance(300)
    assert bench.rules.transactions.unstopped() == []
    assert {stop["reason"] for stop in bench.sent("StopTransaction")} == {f"{kind}Reset"}


@pytest.mark.obligation("RST-09", "SN-09", "CA-06")
@KINDS
def test_unavailable_stays_unavailable(make_bench: BenchFactory, kind: str):
    bench = make_bench(connectors=2)
    bench.ask("ChangeAvailability", {"connectorId": 1, "type": "Inoperative"})
    reset(bench, kind)
    bench.advance(30)
    assert bench.statuses(1)[-1] == "Unavailable"
    assert bench.statuses(2)[-1] == "Available"
    assert len(bench.statuses(0)) == 2


@pytest.mark.obligation("RST-10", "BOOT-21")
@KINDS
def test_a_cable_that_is_in_is_seen_after_the_boot(make_bench: BenchFactory, kind: str):
    bench = make_bench(connectors=3)
    bench.start("A", 1)
    bench.plug_in(2)
    reset(bench, kind)
    bench.advance(30)
    reported = {p["connectorId"]: p["status"] for p in bench.sent("StatusNotification")}
    assert reported[1] in {"Finishing", "Preparing"}
    assert reported[2] in {"Finishing", "Preparing"}
    assert reported[3] == "Available"


@pytest.mark.obligation("RST-06", "TX-08")
@KINDS
def test_afterwards_it_charges_again(bench: VirtualBench, kind: str):
    bench.start()
    reset(bench, kind)
    bench.advance(30)
    bench.drive_away()
    bench.start("NEXT")
    bench.advance(100)
    bench.stop_button()
    assert bench.rules.transactions.unstopped() == []


@pytest.mark.obligation("RST-01")
@KINDS
def test_a_reset_while_pending_is_done_too(make_bench: BenchFactory, kind: str):
    bench = make_bench(link=False)
    bench.central_system.registration = "Pending"
    bench.restore_link()
    assert reset(bench, kind) == "Accepted"
    bench.advance(30)
    assert bench.actions() == ["BootNotification", "BootNotification"]


@pytest.mark.obligation("CFG-K23")
def test_the_number_of_retries_can_be_set(bench: VirtualBench):
    bench.configure(ResetRetries="3")
    assert bench.configured("ResetRetries") == "3"
    assert reset(bench, "Soft") == "Accepted"
    bench.advance(30)
    assert bench.actions().count("BootNotification") == 2
