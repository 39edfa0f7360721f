"""RSV: for whom a connector is reserved, and who gets it (1.6 ed.2 §5.13, §5.11)."""

from __future__ import annotations

import pytest

from ocppsim.simulation.central_system import Delayed
from ocppsim.simulation.virtual_bench import VirtualBench

from .reserving import GROUP, BenchFactory, cancel, remote_start, reserve, started

# --- whose it is ------------------------------------------------------------------------------


@pytest.mark.obligation("RSV-10", "TX-09")
def test_a_stranger_is_refused_without_asking(bench: VirtualBench):
    reserve(bench)
    bench.plug_in()
    bench.tag("STRANGER")
    assert bench.sent("Authorize") == []
    assert started(bench) == []
    # AMB-31: whatever a stranger plugs in
    assert bench.statuses() == ["Available", "Reserved"]
    bench.drive_away()
    assert bench.statuses() == ["Available", "Reserved"]


@pytest.mark.obligation("RSV-13", "RSV-14", "RSV-20", "TX-03", "SN-T-G2")
def test_the_holder_is_authorized_and_charges(bench: VirtualBench):
    reserve(bench)
    bench.tag("holder")
    assert bench.sent("Authorize") == [{"idTag": "holder"}]
    assert bench.status() == "Preparing"
    bench.plug_in()
    assert started(bench) == [(1, "holder", 7)]
    assert bench.statuses() == ["Available", "Reserved", "Preparing", "Charging"]
    assert cancel(bench) == "Rejected"
    bench.stop_button()
    bench.drive_away()
    bench.start("STRANGER")
    assert started(bench)[1:] == [(1, "STRANGER", None)]


@pytest.mark.obligation("RSV-20", "AUT-07")
def test_a_holder_whom_the_csms_refuses_does_not_charge(bench: VirtualBench):
    reserve(bench)
    bench.central_system.id_tags["HOLDER"] = {"status": "Blocked"}
    bench.plug_in()
    bench.tag("HOLDER")
    assert started(bench) == []
    assert bench.statuses() == ["Available", "Reserved"]


@pytest.mark.obligation("RSV-10", "RSV-12")
def test_the_group_is_asked_for_where_it_is_not_known(bench: VirtualBench):
    bench.central_system.id_tags["MEMBER"] = GROUP
    reserve(bench, parent="group")
    bench.plug_in()
    bench.tag("STRANGER")
    assert started(bench) == []
    assert bench.statuses() == ["Available", "Reserved"]
    bench.tag("MEMBER")
    assert [call["idTag"] for call in bench.sent("Authorize")] == ["STRANGER", "MEMBER"]
    assert started(bench) == [(1, "MEMBER", 7)]


@pytest.mark.obligation("RSV-12")
@pytest.mark.parametrize(("parent", "ends"), [("GROUP", [(1, "KNOWN", 7)]), ("OTHERS", [])])
def test_a_parent_that_is_known_need_not_be_asked_for(
    make_bench: BenchFactory, parent: str, ends: list[tuple[int, str, int]]
):
    bench = make_bench(configuration={"LocalPreAuthorize": "true"})
    bench.central_system.id_tags["KNOWN"] = GROUP
    bench.tag("KNOWN")
    bench.tag("KNOWN")
    assert len(bench.sent("Authorize")) == 1
    reserve(bench, parent=parent)
    bench.plug_in()
    bench.tag("KNOWN")
    assert len(bench.sent("Authorize")) == 1
    assert started(bench) == ends


@pytest.mark.obligation("RSV-12")
def test_a_known_tag_without_a_known_parent_is_asked_for(make_bench: BenchFactory):
    bench = make_bench(configuration={"LocalPreAuthorize": "true"})
    bench.tag("MEMBER")
    bench.tag("MEMBER")
    bench.central_system.id_tags["MEMBER"] = GROUP
    reserve(bench, parent="GROUP")
    bench.plug_in()
    bench.tag("MEMBER")
    assert len(bench.sent("Authorize")) == 2
    assert started(bench) == [(1, "MEMBER", 7)]


@pytest.mark.obligation("RSV-10")
def test_an_empty_parent_admits_nobody(bench: VirtualBench):
    bench.central_system.id_tags["STRANGER"] = {"status": "Accepted", "parentIdTag": ""}
    reserve(bench, parent="")
    bench.plug_in()
    bench.tag("STRANGER")
    bench.settle()
    assert started(bench) == []
    bench.tag("HOLDER")
    assert started(bench) == [(1, "HOLDER", 7)]


@pytest.mark.obligation("RSV-10")
def test_a_parent_tag_itself_is_a_stranger(bench: VirtualBench):
    """AUT-09: a parent id is not a token."""
    reserve(bench, parent="GROUP")
    bench.plug_in()
    bench.tag("GROUP")
    assert started(bench) == []


@pytest.mark.obligation("RSV-10")
def test_a_tag_that_was_being_asked_for_comes_too_late(bench: VirtualBench):
    bench.plug_in()
    bench.drive_away()
    bench.central_system.once("Authorize", Delayed(5, {"idTagInfo": {"status": "Accepted"}}))
    bench.tag("STRANGER")
    assert reserve(bench) == "Accepted"
    bench.plug_in()
    bench.advance(6)
    assert started(bench) == []
    assert bench.status() == "Reserved"


@pytest.mark.obligation("RSV-10", "RSV-13")
def test_offline_the_holder_charges_and_a_stranger_does_not(make_bench: BenchFactory):
    bench = make_bench(configuration={"AllowOfflineTxForUnknownId": "true"})
    reserve(bench, parent="GROUP")
    bench.cut_link()
    bench.plug_in()
    bench.tag("STRANGER")
    bench.tag("HOLDER")
    bench.restore_link()
    bench.advance(1)
    assert started(bench) == [(1, "HOLDER", 7)]


@pytest.mark.obligation("RSV-10", "RSV-13", "TX-10")
def test_a_holder_without_a_cable_may_come_again(bench: VirtualBench):
    reserve(bench)
    bench.tag("HOLDER")
    bench.advance(61)
    assert bench.statuses() == ["Available", "Reserved", "Preparing", "Available", "Reserved"]
    bench.plug_in()
    bench.tag("STRANGER")
    bench.tag("HOLDER")
    assert started(bench) == [(1, "HOLDER", 7)]


@pytest.mark.obligation("RSV-13")
def test_a_reservation_does_not_end_elsewhere(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    reserve(bench, connector_id=1)
    bench.start("HOLDER", 2)
    assert started(bench) == [(2, "HOLDER", None)]
    assert bench.status(1) == "Reserved"
    assert cancel(bench) == "Accepted"


@pytest.mark.obligation("RSV-10", "RSV-14")
def test_at_a_shared_reader_the_holder_gets_the_reserved_connector(make_bench: BenchFactory):
    bench = make_bench(connectors=3)
    reserve(bench, connector_id=2)
    bench.tag("STRANGER", None)
    bench.plug_in(2)
    assert started(bench) == []
    assert bench.status(2) == "Reserved"
    bench.tag("HOLDER", None)
    assert started(bench) == [(2, "HOLDER", 7)]
    bench.plug_in(3)
    assert started(bench)[1:] == [(3, "STRANGER", None)]


@pytest.mark.obligation("RSV-12", "RSV-14")
def test_at_a_shared_reader_a_member_gets_the_reserved_connector(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    bench.central_system.id_tags["MEMBER"] = GROUP
    reserve(bench, connector_id=2, parent="GROUP")
    bench.plug_in(1)
    bench.plug_in(2)
    bench.tag("MEMBER", None)
    bench.tag("STRANGER", None)
    assert started(bench) == [(2, "MEMBER", 7), (1, "STRANGER", None)]


# --- remote start -----------------------------------------------------------------------------


@pytest.mark.obligation("RS-10")
@pytest.mark.parametrize("authorize", ["true", "false"])
def test_a_remote_start_respects_the_reservation(make_bench: BenchFactory, authorize: str):
    bench = make_bench(configuration={"AuthorizeRemoteTxRequests": authorize})
    reserve(bench)
    bench.plug_in()
    assert remote_start(bench, "STRANGER", 1) == "Rejected"
    assert remote_start(bench, "STRANGER") == "Rejected"
    assert remote_start(bench, "HOLDER", 1) == "Accepted"
    assert started(bench) == [(1, "HOLDER", 7)]


@pytest.mark.obligation("RS-10", "RS-07")
def test_a_remote_start_finds_the_reserved_connector(make_bench: BenchFactory):
    bench = make_bench(connectors=3)
    reserve(bench, connector_id=3)
    bench.plug_in(1)
    assert remote_start(bench, "HOLDER") == "Accepted"
    bench.plug_in(3)
    assert remote_start(bench, "STRANGER") == "Accepted"
    assert started(bench) == [(3, "HOLDER", 7), (1, "STRANGER", None)]


@pytest.mark.obligation("RS-10", "RSV-12")
@pytest.mark.parametrize("authorize", ["true", "false"])
def test_a_remote_start_of_a_group_is_asked_for(make_bench: BenchFactory, authorize: str):
    bench = make_bench(configuration={"AuthorizeRemoteTxRequests": authorize})
    bench.central_system.id_tags["MEMBER"] = GROUP
    reserve(bench, parent="GROUP")
    bench.plug_in()
    assert remote_start(bench, "STRANGER", 1) == "Accepted"
    assert started(bench) == []
    assert bench.statuses() == ["Available", "Reserved"]
    assert remote_start(bench, "MEMBER", 1) == "Accepted"
    assert started(bench) == [(1, "MEMBER", 7)]


@pytest.mark.obligation("RSV-13", "RSV-14")
def test_who_was_known_to_be_of_the_group_ends_it_though_it_was_forgotten_since(
    make_bench: BenchFactory,
):
    bench = make_bench(configuration={"AuthorizeRemoteTxRequests": "false"})
    bench.central_system.id_tags["MEMBER"] = GROUP
    bench.tag("MEMBER")
    bench.tag("MEMBER")
    reserve(bench, parent="GROUP")
    assert remote_start(bench, "MEMBER", 1) == "Accepted"
    assert bench.ask("ClearCache").status == "Accepted"
    bench.plug_in()
    assert started(bench) == [(1, "MEMBER", 7)]
    bench.stop_button()
    assert bench.status() == "Finishing"
    assert cancel(bench) == "Rejected"
