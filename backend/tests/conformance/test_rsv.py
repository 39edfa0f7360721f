"""RSV: reservations of a connector (1.6 ed.2 §5.13, §5.1)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ocppsim.protocol.v16.date_time import format_date_time
from ocppsim.simulation.central_system import Delayed
from ocppsim.simulation.virtual_bench import VirtualBench

BenchFactory = Callable[..., VirtualBench]
Story = Callable[[VirtualBench], object]

GROUP = {"status": "Accepted", "parentIdTag": "GROUP"}


def reserve(
    bench: VirtualBench,
    reservation_id: int = 7,
    connector_id: int = 1,
    id_tag: str = "HOLDER",
    *,
    for_s: float = 3600.0,
    parent: str | None = None,
) -> str | None:
    """ReserveNow that expires in so many seconds; returns the answer's status."""
    expiry = format_date_time(bench.EPOCH_S + bench.now_s + for_s)
    request: dict[str, object] = {
        "connectorId": connector_id,
        "expiryDate": expiry,
        "idTag": id_tag,
        "reservationId": reservation_id,
    }
    if parent is not None:
        request["parentIdTag"] = parent
    return bench.ask("ReserveNow", request).status


def cancel(bench: VirtualBench, reservation_id: int = 7) -> str | None:
    return bench.ask("CancelReservation", {"reservationId": reservation_id}).status


def availability(bench: VirtualBench, connector_id: int, kind: str) -> str | None:
    return bench.ask("ChangeAvailability", {"connectorId": connector_id, "type": kind}).status


def remote_start(bench: VirtualBench, id_tag: str, connector_id: int | None = None) -> str | None:
    request: dict[str, object] = {"idTag": id_tag}
    if connector_id is not None:
        request["connectorId"] = connector_id
    return bench.ask("RemoteStartTransaction", request).status


def started(bench: VirtualBench) -> list[tuple[int, str, int | None]]:
    """Connector, tag and reservation of every transaction that began."""
    return [
        (call["connectorId"], call["idTag"], call.get("reservationId"))
        for call in bench.sent("StartTransaction")
    ]


# --- ReserveNow: the answer -------------------------------------------------------------------


@pytest.mark.obligation("RSV-02", "RSV-09", "SN-T-A7")
def test_an_accepted_reservation_is_reported(bench: VirtualBench):
    frames = len(bench.central_system.records)
    assert reserve(bench) == "Accepted"
    assert bench.statuses() == ["Available", "Reserved"]
    after = [
        record.action
        for record in bench.central_system.records[frames:]
        if record.sender == "charge_point"
    ]
    assert after == ["ReserveNow", "StatusNotification"]


def nothing(_: VirtualBench) -> None:
    """Available."""


def charge_paused(bench: VirtualBench) -> None:
    bench.start()
    bench.ev_draws(False)


def finish(bench: VirtualBench) -> None:
    bench.start()
    bench.stop_button()


@pytest.mark.obligation("RSV-03")
@pytest.mark.parametrize(
    ("story", "status"),
    [
        (lambda bench: bench.plug_in(), "Preparing"),
        (lambda bench: bench.tag("OTHER"), "Preparing"),
        (lambda bench: bench.start(), "Charging"),
        (charge_paused, "SuspendedEV"),
        (finish, "Finishing"),
    ],
)
@pytest.mark.parametrize("connector_id", [0, 1])
def test_a_connector_in_use_is_occupied(
    bench: VirtualBench, story: Story, status: str, connector_id: int
):
    bench.set_configuration(ReserveConnectorZeroSupported="true")
    story(bench)
    assert reserve(bench, connector_id=connector_id) == "Occupied"
    assert bench.status() == status


@pytest.mark.obligation("RSV-03")
def test_a_suspended_connector_is_occupied(make_bench: BenchFactory):
    bench = make_bench(configuration={"StopTransactionOnInvalidId": "false"})
    bench.central_system.once(
        "StartTransaction", {"transactionId": 5, "idTagInfo": {"status": "Invalid"}}
    )
    bench.plug_in()
    bench.tag("TAG")
    assert bench.status() == "SuspendedEVSE"
    assert reserve(bench) == "Occupied"


@pytest.mark.obligation("RSV-04")
@pytest.mark.parametrize("id_tag", ["HOLDER", "OTHER"])
def test_what_is_reserved_is_occupied(bench: VirtualBench, id_tag: str):
    assert reserve(bench, 1) == "Accepted"
    assert reserve(bench, 2, id_tag=id_tag) == "Occupied"
    assert reserve(bench, 2, 0, id_tag=id_tag) == "Occupied"
    bench.plug_in()
    bench.tag("HOLDER")
    assert started(bench) == [(1, "HOLDER", 1)]


@pytest.mark.obligation("RSV-04", "RSV-11")
def test_the_last_free_connector_is_promised_only_once(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    assert reserve(bench, 1, 0) == "Accepted"
    assert reserve(bench, 2, 0) == "Occupied"
    assert reserve(bench, 3, 1) == "Accepted"
    assert reserve(bench, 4, 2) == "Occupied"


@pytest.mark.obligation("RSV-05")
@pytest.mark.parametrize(("connector_id", "faulted"), [(1, 1), (1, 0), (0, 1), (0, 0)])
def test_what_is_faulted_cannot_be_reserved(bench: VirtualBench, connector_id: int, faulted: int):
    bench.raise_fault("GroundFailure", faulted)
    assert reserve(bench, connector_id=connector_id) == "Faulted"


@pytest.mark.obligation("RSV-06", "CA-09")
@pytest.mark.parametrize(("connector_id", "changed"), [(1, 1), (1, 0), (0, 1), (0, 0)])
def test_what_is_unavailable_cannot_be_reserved(
    bench: VirtualBench, connector_id: int, changed: int
):
    availability(bench, changed, "Inoperative")
    assert reserve(bench, connector_id=connector_id) == "Unavailable"


@pytest.mark.obligation("RSV-05", "RSV-06", "RSV-03")
def test_all_connectors_count_for_the_whole(make_bench: BenchFactory):
    bench = make_bench(connectors=3)
    availability(bench, 1, "Inoperative")
    bench.raise_fault("GroundFailure", 2)
    assert reserve(bench, 1, 0) == "Accepted"
    assert cancel(bench, 1) == "Accepted"
    bench.plug_in(3)
    assert reserve(bench, 1, 0) == "Occupied"
    bench.raise_fault("GroundFailure", 3)
    assert reserve(bench, 1, 0) == "Unavailable"
    bench.raise_fault("GroundFailure", 1)
    assert reserve(bench, 1, 0) == "Faulted"


@pytest.mark.obligation("RSV-07")
@pytest.mark.parametrize("connector_id", [0, 1])
def test_without_the_profile_reservations_are_rejected(bench: VirtualBench, connector_id: int):
    bench.set_configuration(SupportedFeatureProfiles="Core,SmartCharging")
    assert reserve(bench, connector_id=connector_id) == "Rejected"
    assert bench.statuses() == ["Available"]


@pytest.mark.obligation("RSV-07")
def test_reservations_end_with_the_profile(bench: VirtualBench):
    reserve(bench)
    bench.set_configuration(SupportedFeatureProfiles="Core")
    assert bench.statuses() == ["Available", "Reserved", "Available"]
    bench.start("STRANGER")
    assert started(bench) == [(1, "STRANGER", None)]


@pytest.mark.obligation("RSV-08")
def test_the_whole_cannot_be_reserved_unless_that_is_supported(make_bench: BenchFactory):
    bench = make_bench(configuration={"ReserveConnectorZeroSupported": "false"})
    assert reserve(bench, connector_id=0) == "Rejected"
    assert bench.statuses() == ["Available"]
    assert reserve(bench, connector_id=1) == "Accepted"


@pytest.mark.obligation("RSV-22")
@pytest.mark.parametrize("connector_id", [-1, 2, 99])
def test_an_unknown_connector_cannot_be_reserved(bench: VirtualBench, connector_id: int):
    assert reserve(bench, connector_id=connector_id) == "Rejected"
    assert bench.statuses() == ["Available"]


@pytest.mark.obligation("RSV-15")
@pytest.mark.parametrize("for_s", [-3600.0, 0.0])
def test_what_is_over_is_not_reserved(bench: VirtualBench, for_s: float):
    assert reserve(bench, for_s=for_s) == "Rejected"
    assert bench.statuses() == ["Available"]


# --- replacement ------------------------------------------------------------------------------


@pytest.mark.obligation("RSV-01")
def test_the_same_id_replaces_tag_and_expiry(bench: VirtualBench):
    reserve(bench, 7, id_tag="FIRST", for_s=60)
    assert reserve(bench, 7, id_tag="SECOND", for_s=600) == "Accepted"
    bench.advance(120)
    assert bench.statuses() == ["Available", "Reserved"]
    bench.plug_in()
    bench.tag("FIRST")
    assert started(bench) == []
    bench.tag("SECOND")
    assert started(bench) == [(1, "SECOND", 7)]


@pytest.mark.obligation("RSV-01", "RSV-22")
def test_a_replacement_may_move_to_another_connector(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    reserve(bench, 7, 1)
    assert reserve(bench, 7, 2) == "Accepted"
    assert bench.statuses(1) == ["Available", "Reserved", "Available"]
    assert bench.statuses(2) == ["Available", "Reserved"]
    bench.start("STRANGER", 1)
    bench.plug_in(2)
    bench.tag("STRANGER", 2)
    bench.tag("HOLDER", 2)
    assert started(bench) == [(1, "STRANGER", None), (2, "HOLDER", 7)]


@pytest.mark.obligation("RSV-01", "RSV-03")
def test_a_replacement_that_is_refused_changes_nothing(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    reserve(bench, 7, 1)
    bench.plug_in(2)
    assert reserve(bench, 7, 2) == "Occupied"
    assert bench.status(1) == "Reserved"
    bench.plug_in(1)
    bench.tag("HOLDER", 1)
    assert started(bench) == [(1, "HOLDER", 7)]


@pytest.mark.obligation("RSV-01")
def test_a_replacement_may_move_to_the_whole_and_back(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    reserve(bench, 7, 1)
    assert reserve(bench, 7, 0) == "Accepted"
    assert bench.statuses(1) == ["Available", "Reserved", "Available"]
    bench.plug_in(1)
    assert bench.status(2) == "Reserved"
    assert reserve(bench, 7, 2) == "Accepted"
    bench.drive_away(1)
    assert bench.statuses(2) == ["Available", "Reserved"]


@pytest.mark.obligation("RSV-01", "RSV-03")
def test_who_waits_for_the_cable_already_is_not_replaced_by_another(bench: VirtualBench):
    reserve(bench)
    bench.tag("HOLDER")
    assert reserve(bench, id_tag="OTHER") == "Occupied"
    assert reserve(bench, for_s=7200) == "Accepted"
    assert bench.status() == "Preparing"


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


# --- the end ----------------------------------------------------------------------------------


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


# --- the whole charge point -------------------------------------------------------------------


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
