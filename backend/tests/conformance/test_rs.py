"""RS: remote start and stop (1.6 ed.2 §5.11, §5.12)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ocppsim.simulation.central_system import ErrorReply, Silence
from ocppsim.simulation.virtual_bench import VirtualBench

BenchFactory = Callable[..., VirtualBench]

PROFILE = {
    "chargingProfileId": 1,
    "stackLevel": 0,
    "chargingProfilePurpose": "TxProfile",
    "chargingProfileKind": "Relative",
    "chargingSchedule": {
        "chargingRateUnit": "A",
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 6.0}],
    },
}


def remote_start(bench: VirtualBench, id_tag: str = "REMOTE", **more: Any) -> str | None:
    return bench.ask("RemoteStartTransaction", {"idTag": id_tag, **more}).status


def remote_stop(bench: VirtualBench, transaction_id: int) -> str | None:
    return bench.ask("RemoteStopTransaction", {"transactionId": transaction_id}).status


def wire_after(bench: VirtualBench, frames: int) -> list[str]:
    """What the charge point sent after so many frames: actions, and ``answer`` for answers."""
    return [
        record.action if record.kind == "CALL" else "answer"
        for record in bench.central_system.records[frames:]
        if record.sender == "charge_point"
    ]


@pytest.mark.obligation("RS-01", "RS-11", "SN-T-A2")
def test_accepted_means_that_it_will_try(bench: VirtualBench):
    assert remote_start(bench, connectorId=1) == "Accepted"
    assert bench.status() == "Preparing"
    assert "StartTransaction" not in bench.actions()
    bench.plug_in()
    assert bench.sent("StartTransaction")[0]["idTag"] == "REMOTE"


@pytest.mark.obligation("RS-11", "SN-T-B1", "CFG-K06")
def test_without_a_cable_it_gives_up(bench: VirtualBench):
    remote_start(bench, connectorId=1)
    bench.advance(61)
    assert bench.statuses() == ["Available", "Preparing", "Available"]
    bench.plug_in()
    assert "StartTransaction" not in bench.actions()


@pytest.mark.obligation("RS-02", "CFG-K03")
def test_the_tag_is_authorized_where_configured(bench: VirtualBench):
    bench.configure(AuthorizeRemoteTxRequests="true")
    bench.plug_in()
    assert remote_start(bench, connectorId=1) == "Accepted"
    assert [payload["idTag"] for payload in bench.sent("Authorize")] == ["REMOTE"]
    assert bench.actions().index("Authorize") < bench.actions().index("StartTransaction")


@pytest.mark.obligation("RS-02", "AUT-23", "CFG-K03")
def test_a_cached_tag_needs_no_authorize_where_configured(bench: VirtualBench):
    bench.start("REMOTE")
    bench.stop_button()
    bench.drive_away()
    bench.configure(AuthorizeRemoteTxRequests="true", LocalPreAuthorize="true")
    bench.plug_in()
    remote_start(bench, connectorId=1)
    assert len(bench.sent("Authorize")) == 1
    assert len(bench.sent("StartTransaction")) == 2


@pytest.mark.obligation("RS-03", "RS-04", "RS-12", "CFG-K03")
def test_otherwise_it_starts_at_once_without_authorize(bench: VirtualBench):
    bench.configure(AuthorizeRemoteTxRequests="false")
    bench.central_system.id_tags["REMOTE"] = {"status": "Accepted"}
    bench.plug_in()
    assert remote_start(bench, connectorId=1) == "Accepted"
    assert "Authorize" not in bench.actions()
    assert bench.sent("StartTransaction")[0]["idTag"] == "REMOTE"
    assert bench.status() == "Charging"


@pytest.mark.obligation("RS-05", "RS-06")
@pytest.mark.parametrize("connector_id", [0, -1, 2, 99])
def test_a_connector_that_is_not_there_is_rejected(bench: VirtualBench, connector_id: int):
    bench.plug_in()
    answer = bench.ask("RemoteStartTransaction", {"idTag": "T", "connectorId": connector_id})
    assert answer.status == "Rejected" or answer.error_code == "PropertyConstraintViolation"
    assert "StartTransaction" not in bench.actions()


@pytest.mark.obligation("RS-07")
def test_without_a_connector_the_free_one_is_chosen(make_bench: BenchFactory):
    bench = make_bench(connectors=3)
    bench.start("A", 1)
    bench.plug_in(3)
    assert remote_start(bench) == "Accepted"
    assert bench.sent("StartTransaction")[-1]["connectorId"] == 3
    assert remote_start(bench) == "Accepted"
    assert remote_start(bench) == "Rejected"


@pytest.mark.obligation("RS-07")
def test_without_a_connector_the_cable_decides(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    assert remote_start(bench) == "Accepted"
    bench.plug_in(2)
    assert bench.sent("StartTransaction")[-1]["connectorId"] == 2
    assert (bench.status(1), bench.status(2)) == ("Available", "Charging")


@pytest.mark.obligation("RS-08", "TX-08")
def test_a_connector_with_a_transaction_is_rejected(bench: VirtualBench):
    bench.start()
    assert remote_start(bench, connectorId=1) == "Rejected"
    bench.advance(100)
    assert len(bench.sent("StartTransaction")) == 1
    assert not bench.sent("StopTransaction")


@pytest.mark.obligation("RS-09", "CA-09")
@pytest.mark.parametrize("obstacle", ["fault", "inoperative", "scheduled", "charge point"])
def test_a_connector_that_cannot_charge_is_rejected(bench: VirtualBench, obstacle: str):
    inoperative = {"connectorId": 1, "type": "Inoperative"}
    match obstacle:
        case "fault":
            bench.raise_fault("GroundFailure")
        case "inoperative":
            bench.ask("ChangeAvailability", inoperative)
        case "charge point":
            bench.ask("ChangeAvailability", inoperative | {"connectorId": 0})
        case _:
            bench.start()
            assert bench.ask("ChangeAvailability", inoperative).status == "Scheduled"
            bench.stop_button()
    assert remote_start(bench, connectorId=1) == "Rejected"
    assert remote_start(bench) == "Rejected"


@pytest.mark.obligation("RS-13")
def test_the_answer_goes_before_what_it_brings_about(bench: VirtualBench):
    bench.configure(AuthorizeRemoteTxRequests="true")
    bench.plug_in()
    before = len(bench.central_system.records)
    remote_start(bench, connectorId=1)
    assert wire_after(bench, before)[:2] == ["answer", "Authorize"]
    assert "StartTransaction" in wire_after(bench, before)


@pytest.mark.obligation("RS-14")
@pytest.mark.parametrize("plugged", [True, False])
@pytest.mark.parametrize("reply", [{"idTagInfo": {"status": "Blocked"}}, ErrorReply()])
def test_a_refused_tag_does_not_start(bench: VirtualBench, plugged: bool, reply: Any):
    bench.configure(AuthorizeRemoteTxRequests="true")
    bench.central_system.on("Authorize", reply)
    if plugged:
        bench.plug_in()
    before = bench.status()
    assert remote_start(bench, connectorId=1) == "Accepted"
    bench.advance(5)
    assert "StartTransaction" not in bench.actions()
    assert bench.status() == before


@pytest.mark.obligation("RS-14", "AUT-13")
def test_without_an_answer_to_authorize_an_unknown_tag_does_not_start(bench: VirtualBench):
    bench.configure(AuthorizeRemoteTxRequests="true")
    bench.central_system.on("Authorize", Silence())
    bench.plug_in()
    remote_start(bench, connectorId=1)
    bench.advance(50)
    assert "StartTransaction" not in bench.actions()


@pytest.mark.obligation("RS-18")
def test_without_smart_charging_the_profile_is_ignored(bench: VirtualBench):
    bench.plug_in()
    assert remote_start(bench, connectorId=1, chargingProfile=PROFILE) == "Accepted"
    assert bench.status() == "Charging"


@pytest.mark.obligation("RS-20")
@pytest.mark.parametrize("transaction_id", [0, -1, 2, 99])
def test_an_unknown_transaction_is_not_stopped(bench: VirtualBench, transaction_id: int):
    bench.start()
    assert remote_stop(bench, transaction_id) == "Rejected"
    assert not bench.sent("StopTransaction")


@pytest.mark.obligation("RS-20")
def test_a_transaction_that_is_over_is_not_stopped(bench: VirtualBench):
    transaction_id = bench.start()
    bench.stop_button()
    assert remote_stop(bench, transaction_id) == "Rejected"
    assert len(bench.sent("StopTransaction")) == 1


@pytest.mark.obligation("RS-21", "RS-22", "TX-30")
def test_a_remote_stop_is_a_stop_like_any_other(bench: VirtualBench):
    transaction_id = bench.start()
    before = len(bench.central_system.records)
    assert remote_stop(bench, transaction_id) == "Accepted"
    wire = wire_after(bench, before)
    assert wire[0] == "answer"
    assert "StopTransaction" in wire
    assert bench.sent("StopTransaction")[0]["reason"] == "Remote"
    assert bench.status() == "Finishing"
    bench.unplug(side="charger")
    assert bench.status() == "Available"


@pytest.mark.obligation("RS-23")
def test_a_transaction_without_an_id_yet_is_not_stopped(bench: VirtualBench):
    bench.central_system.once("StartTransaction", Silence())
    bench.plug_in()
    bench.tag("TAG")
    assert remote_stop(bench, 1) == "Rejected"
    assert remote_stop(bench, -1) == "Rejected"
    assert remote_stop(bench, 0) == "Rejected"
    assert bench.status() == "Charging"


@pytest.mark.obligation("RS-20", "RS-21")
def test_the_right_one_of_several_is_stopped(make_bench: BenchFactory):
    bench = make_bench(connectors=3)
    ids = [bench.start(f"TAG{connector}", connector) for connector in (1, 2, 3)]
    remote_stop(bench, ids[1])
    assert bench.statuses(2)[-1] == "Finishing"
    assert bench.statuses(1)[-1] == bench.statuses(3)[-1] == "Charging"
