"""RSV: the charge point as a whole is reserved (1.6 ed.2 §5.13, §9.3)."""

from __future__ import annotations

import pytest

from ocppsim.simulation.virtual_bench import VirtualBench

from .reserving import BenchFactory, availability, cancel, remote_start, reserve, started


@pytest.mark.obligation("RSV-11")
def test_of_the_whole_the_last_free_connector_is_shown(make_bench: BenchFactory):
    bench = make_bench(connectors=3)
    assert reserve(bench, connector_id=0) == "Accepted"
    assert bench.statuses(0) == ["Available"]
    bench.start("ONE", 1)
    assert bench.statuses(2) == bench.statuses(3) == ["Available"]
    bench.start("TWO", 2)
    assert bench.statuses(3) == ["Available", "Reserved"]
    bench.plug_in(3)
    bench.tag("THREE", 3)
    assert bench.statuses(3) == ["Available", "Reserved"]
    bench.tag("HOLDER", 3)
    assert started(bench)[2:] == [(3, "HOLDER", 7)]
    assert bench.statuses(3) == ["Available", "Reserved", "Preparing", "Charging"]
    assert cancel(bench) == "Rejected"


@pytest.mark.obligation("RSV-11", "SN-T-G1")
def test_a_second_free_connector_releases_the_last_one(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    reserve(bench, connector_id=0)
    bench.start("ONE", 1)
    bench.stop_button(1)
    assert bench.status(2) == "Reserved"
    bench.drive_away(1)
    assert bench.statuses(2) == ["Available", "Reserved", "Available"]


@pytest.mark.obligation("RSV-11", "RSV-13", "RSV-14")
def test_of_the_whole_any_connector_ends_it(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    reserve(bench, connector_id=0)
    bench.start("HOLDER", 2)
    assert started(bench) == [(2, "HOLDER", 7)]
    assert bench.status(1) == "Available"
    bench.start("STRANGER", 1)
    assert started(bench)[1:] == [(1, "STRANGER", None)]


@pytest.mark.obligation("RSV-11")
def test_of_the_whole_the_holder_has_a_connector_while_he_fetches_the_cable(
    make_bench: BenchFactory,
):
    bench = make_bench(connectors=2)
    reserve(bench, connector_id=0)
    bench.start("ONE", 1)
    bench.tag("HOLDER", 2)
    assert bench.status(2) == "Preparing"
    bench.advance(61)
    assert bench.statuses(2) == ["Available", "Reserved", "Preparing", "Available", "Reserved"]


@pytest.mark.obligation("RSV-11")
def test_the_one_connector_of_a_small_charger_is_the_last_one(bench: VirtualBench):
    assert reserve(bench, connector_id=0) == "Accepted"
    assert bench.statuses() == ["Available", "Reserved"]
    bench.power_cycle()
    bench.advance(1)
    assert bench.status() == "Reserved"
    bench.plug_in()
    bench.tag("STRANGER")
    bench.crash()
    bench.advance(1)
    assert bench.status() == "Reserved"
    bench.tag("HOLDER")
    assert started(bench) == [(1, "HOLDER", 7)]


@pytest.mark.obligation("RSV-11")
def test_the_last_one_is_kept_also_where_it_is_not_shown(make_bench: BenchFactory):
    bench = make_bench(connectors=2, behaviour={"reserved_connector_zero": "never_shown"})
    reserve(bench, connector_id=0)
    bench.start("ONE", 1)
    assert bench.statuses(2) == ["Available"]
    bench.plug_in(2)
    bench.tag("STRANGER", 2)
    assert bench.status(2) == "Preparing"
    assert remote_start(bench, "STRANGER") == "Rejected"
    bench.advance(61)
    bench.tag("STRANGER", 2)
    bench.tag("HOLDER", 2)
    assert started(bench)[1:] == [(2, "HOLDER", 7)]


@pytest.mark.obligation("RSV-11", "RS-10")
def test_a_remote_start_leaves_the_last_one(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    reserve(bench, connector_id=0)
    assert remote_start(bench, "ONE") == "Accepted"
    assert remote_start(bench, "TWO") == "Rejected"
    assert bench.status(2) == "Reserved"
    assert remote_start(bench, "HOLDER") == "Accepted"
    bench.plug_in(1)
    bench.plug_in(2)
    assert started(bench) == [(1, "ONE", None), (2, "HOLDER", 7)]


@pytest.mark.obligation("RSV-11", "RSV-17", "SN-T-I7", "SN-T-G9")
def test_the_whole_stays_reserved_while_one_connector_can_become_free(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    reserve(bench, connector_id=0)
    bench.start("ONE", 1)
    bench.raise_fault("GroundFailure", 2)
    bench.clear_fault(2)
    assert bench.statuses(2) == ["Available", "Reserved", "Faulted", "Reserved"]
    bench.raise_fault("GroundFailure", 2)
    bench.raise_fault("GroundFailure", 1)
    assert cancel(bench) == "Rejected"


@pytest.mark.obligation("RSV-17", "CA-10")
def test_the_end_of_the_whole_ends_every_reservation(make_bench: BenchFactory):
    bench = make_bench(connectors=3)
    reserve(bench, 1, 1)
    reserve(bench, 2, 0)
    availability(bench, 0, "Inoperative")
    assert cancel(bench, 1) == "Rejected"
    assert cancel(bench, 2) == "Rejected"
    availability(bench, 0, "Operative")
    assert [bench.status(number) for number in (1, 2, 3)] == ["Available"] * 3


@pytest.mark.obligation("RSV-06")
def test_what_becomes_unavailable_after_its_transaction_is_so_already(bench: VirtualBench):
    bench.start()
    assert availability(bench, 1, "Inoperative") == "Scheduled"
    assert reserve(bench) == "Unavailable"
