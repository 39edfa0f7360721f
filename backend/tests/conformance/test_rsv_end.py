"""RSV: how a reservation ends (1.6 ed.2 §5.13, §5.1)."""

from __future__ import annotations

import pytest

from ocppsim.simulation.virtual_bench import VirtualBench

from .reserving import Story, availability, cancel, reserve, started


@pytest.mark.obligation("RSV-15", "RSV-16", "RSV-21", "SN-28", "SN-T-G1")
def test_it_ends_at_its_expiry_date(bench: VirtualBench):
    reserve(bench, for_s=600)
    bench.advance(599)
    assert bench.status() == "Reserved"
    bench.advance(1)
    assert bench.statuses() == ["Available", "Reserved", "Available"]
    bench.start("STRANGER")
    bench.stop_button()
    bench.drive_away()
    bench.start("HOLDER")
    assert started(bench) == [(1, "STRANGER", None), (1, "HOLDER", None)]


@pytest.mark.obligation("RSV-18", "RSV-21", "TX-03", "SN-T-G1")
def test_it_can_be_cancelled(bench: VirtualBench):
    reserve(bench)
    frames = len(bench.central_system.records)
    assert cancel(bench) == "Accepted"
    after = [
        record.action
        for record in bench.central_system.records[frames:]
        if record.sender == "charge_point"
    ]
    assert after == ["CancelReservation", "StatusNotification"]
    assert bench.statuses() == ["Available", "Reserved", "Available"]
    bench.start("HOLDER")
    assert started(bench) == [(1, "HOLDER", None)]


@pytest.mark.obligation("RSV-19")
def test_an_unknown_reservation_cannot_be_cancelled(bench: VirtualBench):
    assert cancel(bench) == "Rejected"
    reserve(bench, 7)
    assert cancel(bench, 8) == "Rejected"
    assert bench.statuses() == ["Available", "Reserved"]
    assert cancel(bench, 7) == "Accepted"
    assert cancel(bench, 7) == "Rejected"


@pytest.mark.obligation("RSV-15", "RSV-18", "SN-28", "TX-11")
@pytest.mark.parametrize("end", [cancel, lambda bench: bench.advance(600)])
def test_a_cable_that_is_in_counts_from_the_end_on(bench: VirtualBench, end: Story):
    reserve(bench, for_s=600)
    bench.plug_in()
    bench.advance(100)
    assert bench.statuses() == ["Available", "Reserved"]
    since_s = bench.now_s
    end(bench)
    bench.advance(0)
    assert bench.statuses(since_s=since_s)[:2] == ["Available", "Preparing"]
    bench.advance(70)
    assert bench.status() == "Finishing"


@pytest.mark.obligation("RSV-17", "SN-T-G9", "SN-T-I1")
@pytest.mark.parametrize("connector_id", [0, 1])
def test_a_fault_ends_it(bench: VirtualBench, connector_id: int):
    reserve(bench)
    bench.raise_fault("GroundFailure", connector_id)
    assert bench.status(connector_id) == "Faulted"
    bench.clear_fault(connector_id)
    assert bench.status() == "Available"
    assert cancel(bench) == "Rejected"


@pytest.mark.obligation("RSV-17", "CA-10", "SN-T-G8")
@pytest.mark.parametrize("connector_id", [0, 1])
def test_unavailable_ends_it(bench: VirtualBench, connector_id: int):
    reserve(bench)
    assert availability(bench, connector_id, "Inoperative") == "Accepted"
    assert bench.statuses() == ["Available", "Reserved", "Unavailable"]
    availability(bench, connector_id, "Operative")
    assert bench.status() == "Available"
    assert cancel(bench) == "Rejected"


@pytest.mark.obligation("RSV-17")
def test_a_lock_that_fails_ends_it(bench: VirtualBench):
    reserve(bench)
    bench.plug_in(lock_fails=True)
    bench.tag("HOLDER")
    assert bench.status() == "Faulted"
    assert started(bench) == []
    assert cancel(bench) == "Rejected"


@pytest.mark.obligation("RSV-02", "RSV-14")
@pytest.mark.parametrize(
    "restart",
    [
        lambda bench: bench.power_cycle(),
        lambda bench: bench.crash(),
        lambda bench: bench.ask("Reset", {"type": "Soft"}),
        lambda bench: bench.ask("Reset", {"type": "Hard"}),
    ],
)
def test_it_survives_a_restart(bench: VirtualBench, restart: Story):
    reserve(bench)
    restart(bench)
    bench.wait_for(lambda: bench.charger.registration == "Accepted", limit_s=120)
    bench.advance(1)
    assert bench.status() == "Reserved"
    bench.plug_in()
    bench.tag("STRANGER")
    bench.tag("HOLDER")
    assert started(bench) == [(1, "HOLDER", 7)]


@pytest.mark.obligation("RSV-15")
def test_it_ends_while_the_power_is_off(bench: VirtualBench):
    reserve(bench, for_s=600)
    bench.power_cycle(down_s=700)
    bench.advance(1)
    assert bench.status() == "Available"
    bench.start("STRANGER")
    assert started(bench) == [(1, "STRANGER", None)]


@pytest.mark.obligation("RSV-15", "SN-15", "SN-17")
def test_what_ended_offline_is_reported_as_it_is(bench: VirtualBench):
    reserve(bench, for_s=60)
    bench.cut_link()
    bench.advance(120)
    bench.restore_link()
    bench.advance(1)
    assert bench.statuses() == ["Available", "Reserved", "Available"]


@pytest.mark.obligation("RSV-15")
def test_the_expiry_follows_the_clock(bench: VirtualBench):
    reserve(bench, for_s=3100)
    bench.set_clock(3000)
    bench.advance(101)
    assert bench.statuses() == ["Available", "Reserved", "Available"]


@pytest.mark.obligation("RSV-15")
def test_a_clock_that_is_put_right_ends_it_at_once(bench: VirtualBench):
    reserve(bench, for_s=200)
    bench.set_clock(-1000)
    bench.advance(299)
    assert bench.status() == "Reserved"
    # The Heartbeat tells the time
    bench.advance(2)
    assert bench.status() == "Available"
