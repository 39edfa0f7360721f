"""RSV: reservations of a connector, what ReserveNow is answered (1.6 ed.2 §5.13)."""

from __future__ import annotations

import pytest

from ocppsim.simulation.virtual_bench import VirtualBench

from .reserving import BenchFactory, Story, availability, cancel, reserve, started

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
