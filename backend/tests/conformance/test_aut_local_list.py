"""AUT, SN-19, CC-04: the local list beside the cache and the CSMS's word (1.6 ed.2 §3.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.notifications import AuthorizationEnded
from ocppsim.protocol.v16.date_time import format_date_time
from ocppsim.simulation.central_system import Delayed, ErrorReply, Silence
from ocppsim.simulation.virtual_bench import VirtualBench

BenchFactory = Callable[..., VirtualBench]

NOT_VALID = ["Blocked", "Expired", "Invalid"]


def listed(bench: VirtualBench, **tags: str | dict[str, str]) -> None:
    """The local list is these tags, each with a status or a whole idTagInfo."""
    entries = [
        {"idTag": tag, "idTagInfo": {"status": info} if isinstance(info, str) else info}
        for tag, info in tags.items()
    ]
    payload = {"listVersion": 1, "updateType": "Full", "localAuthorizationList": entries}
    assert bench.ask("SendLocalList", payload).status == "Accepted"


def asked(bench: VirtualBench) -> list[str]:
    return [payload["idTag"] for payload in bench.sent("Authorize")]


def started(bench: VirtualBench) -> list[str]:
    return [payload["idTag"] for payload in bench.sent("StartTransaction")]


def charge(bench: VirtualBench, id_tag: str) -> bool:
    """Plugs in, shows the tag and drives away; whether a transaction began."""
    bench.plug_in()
    bench.tag(id_tag)
    begun = bench.charger.controller.connector(ConnectorId(1)).transaction is not None
    if begun:
        bench.stop_button()
    bench.drive_away()
    return begun


def conflicts(bench: VirtualBench) -> list[dict[str, Any]]:
    """The reports of a conflict, at connector 0 all of them."""
    found = [
        payload
        for payload in bench.sent("StatusNotification")
        if payload["errorCode"] == "LocalListConflict"
    ]
    assert all(payload["connectorId"] == 0 for payload in found)
    return found


@pytest.fixture
def quick(make_bench: BenchFactory) -> VirtualBench:
    """A charger that lets locally authorized tags start without asking."""
    return make_bench(configuration={"LocalPreAuthorize": "true"})


# --- online ---------------------------------------------------------------------------------


@pytest.mark.obligation("AUT-23", "AUT-28", "CFG-K13")
@pytest.mark.parametrize("status", ["Accepted", "ConcurrentTx"])
def test_a_tag_that_is_valid_in_the_list_starts_without_authorize(quick: VirtualBench, status: str):
    listed(quick, TAG=status)
    assert charge(quick, "tag")
    assert asked(quick) == []


@pytest.mark.obligation("AUT-21", "AUT-28")
@pytest.mark.parametrize("status", NOT_VALID)
def test_a_tag_that_is_not_valid_in_the_list_is_asked_about(quick: VirtualBench, status: str):
    listed(quick, TAG=status)
    assert charge(quick, "TAG")
    assert asked(quick) == ["TAG"]


@pytest.mark.obligation("AUT-24", "AUT-03", "CFG-K13")
def test_a_listed_tag_waits_for_the_answer_where_that_is_configured(bench: VirtualBench):
    listed(bench, TAG="Accepted")
    bench.central_system.once("Authorize", Delayed(5.0, {"idTagInfo": {"status": "Accepted"}}))
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(4)
    assert started(bench) == []
    bench.advance(2)
    assert started(bench) == ["TAG"]


@pytest.mark.obligation("AUT-02")
def test_a_tag_that_nobody_knows_is_asked_about(quick: VirtualBench):
    listed(quick, OTHER="Accepted")
    assert charge(quick, "TAG")
    assert asked(quick) == ["TAG"]


@pytest.mark.obligation("AUT-25")
def test_the_list_has_priority_over_the_cache(quick: VirtualBench):
    assert charge(quick, "TAG")
    assert charge(quick, "TAG")
    assert asked(quick) == ["TAG"]
    listed(quick, TAG="Blocked")
    quick.cut_link()
    assert not charge(quick, "TAG")
    assert quick.notified(AuthorizationEnded)[-1].status == "Blocked"
    quick.restore_link()


@pytest.mark.obligation("AUT-17", "AUT-16")
def test_nothing_of_a_listed_tag_is_cached(quick: VirtualBench):
    listed(quick, TAG="Blocked")
    assert charge(quick, "TAG")
    assert asked(quick) == ["TAG"]
    assert quick.ask("SendLocalList", {"listVersion": 2, "updateType": "Full"}).status == "Accepted"
    assert charge(quick, "TAG")
    assert asked(quick) == ["TAG", "TAG"]


@pytest.mark.obligation("AUT-27", "CFG-K38")
def test_a_list_that_is_disabled_authorizes_nobody(quick: VirtualBench):
    listed(quick, TAG="Accepted", BAD="Blocked")
    quick.configure(LocalAuthListEnabled="false", AuthorizationCacheEnabled="false")
    assert charge(quick, "TAG")
    assert charge(quick, "BAD")
    assert asked(quick) == ["TAG", "BAD"]
    quick.cut_link()
    assert not charge(quick, "TAG")
    quick.restore_link()


@pytest.mark.obligation("AUT-08", "AUT-05")
def test_a_group_of_the_list_stops_its_transactions(quick: VirtualBench):
    family = {"status": "Accepted", "parentIdTag": "FAMILY"}
    listed(quick, HIS=family, HERS=family, OTHER="Accepted")
    quick.plug_in()
    quick.tag("HIS")
    quick.tag("OTHER")
    assert quick.status() == "Charging"
    quick.tag("HERS")
    assert quick.sent("StopTransaction")[0]["idTag"] == "HERS"
    assert asked(quick) == []


@pytest.mark.obligation("TX-14", "AUT-08")
def test_the_list_knows_whose_group_a_kept_cable_belongs_to(quick: VirtualBench):
    family = {"status": "Accepted", "parentIdTag": "FAMILY"}
    listed(quick, HIS=family, HERS=family)
    quick.central_system.id_tags["HIS"] = {"status": "Blocked", "parentIdTag": "FAMILY"}
    quick.plug_in()
    quick.tag("HIS")
    assert quick.sent("StopTransaction")[0]["reason"] == "DeAuthorized"
    assert quick.charger.plant.is_locked(ConnectorId(1))
    quick.tag("HERS")
    assert not quick.charger.plant.is_locked(ConnectorId(1))
    assert asked(quick) == []


@pytest.mark.obligation("RS-02", "AUT-23")
def test_a_remote_start_looks_into_the_list_where_it_authorizes(quick: VirtualBench):
    quick.configure(AuthorizeRemoteTxRequests="true")
    listed(quick, TAG="Accepted")
    quick.plug_in()
    payload = {"idTag": "TAG", "connectorId": 1}
    assert quick.ask("RemoteStartTransaction", payload).status == "Accepted"
    assert started(quick) == ["TAG"]
    assert asked(quick) == []


# --- Authorize without an answer --------------------------------------------------------------


@pytest.mark.obligation("AUT-13")
def test_without_an_answer_the_list_decides(bench: VirtualBench):
    listed(bench, GOOD="Accepted", BAD="Blocked")
    bench.central_system.on("Authorize", Silence())
    bench.configure(ConnectionTimeOut="600", AllowOfflineTxForUnknownId="true")
    bench.plug_in()
    for tag in ("BAD", "GOOD"):
        bench.tag(tag)
        bench.advance(31)
    assert started(bench) == ["GOOD"]


@pytest.mark.obligation("AUT-13")
def test_without_an_answer_everybody_may_be_refused(make_bench: BenchFactory):
    bench = make_bench(
        behaviour={"authorize_timeout": "refuse"},
        configuration={"AllowOfflineTxForUnknownId": "true"},
    )
    listed(bench, TAG="Accepted")
    bench.central_system.on("Authorize", Silence())
    bench.plug_in()
    for tag in ("TAG", "STRANGER"):
        bench.tag(tag)
        bench.advance(31)
    assert started(bench) == []
    bench.cut_link()
    bench.tag("TAG")
    bench.restore_link()
    bench.advance(1)
    assert started(bench) == ["TAG"]


@pytest.mark.obligation("AUT-13")
def test_an_error_refuses_a_listed_tag_too(bench: VirtualBench):
    listed(bench, TAG="Accepted")
    bench.central_system.once("Authorize", ErrorReply("InternalError"))
    assert not charge(bench, "TAG")


@pytest.mark.obligation("AUT-13", "AUT-29")
def test_a_link_that_breaks_meanwhile_leaves_it_to_the_list(bench: VirtualBench):
    listed(bench, TAG="Accepted")
    bench.central_system.once("Authorize", Silence())
    bench.plug_in()
    bench.tag("TAG")
    bench.cut_link()
    bench.advance(10)
    bench.restore_link()
    bench.advance(1)
    assert started(bench) == ["TAG"]


# --- offline --------------------------------------------------------------------------------


@pytest.mark.obligation("AUT-29", "AUT-30", "AUT-34", "CFG-K12")
@pytest.mark.parametrize("allowed", [True, False])
def test_a_listed_tag_charges_offline_where_that_is_configured(bench: VirtualBench, allowed: bool):
    bench.configure(LocalAuthorizeOffline=str(allowed).lower(), AllowOfflineTxForUnknownId="true")
    listed(bench, TAG="Accepted")
    bench.cut_link()
    assert charge(bench, "TAG") == allowed
    bench.restore_link()
    bench.advance(1)
    assert started(bench) == (["TAG"] if allowed else [])
    assert len(bench.sent("StopTransaction")) == allowed


@pytest.mark.obligation("AUT-28", "AUT-32")
@pytest.mark.parametrize("status", [*NOT_VALID, "ConcurrentTx"])
def test_a_tag_that_is_not_accepted_in_the_list_is_refused_offline(
    bench: VirtualBench, status: str
):
    bench.configure(AllowOfflineTxForUnknownId="true")
    listed(bench, TAG=status)
    bench.cut_link()
    assert not charge(bench, "tAg")
    assert bench.notified(AuthorizationEnded)[-1].status == status
    assert charge(bench, "STRANGER")
    bench.restore_link()


@pytest.mark.obligation("AUT-33", "AUT-28")
def test_a_listed_tag_expires_with_time(bench: VirtualBench):
    bench.configure(AllowOfflineTxForUnknownId="true")
    expiry = format_date_time(bench.EPOCH_S + 3600)
    listed(bench, TAG={"status": "Accepted", "expiryDate": expiry})
    bench.cut_link()
    bench.advance(3500)
    assert charge(bench, "TAG")
    bench.advance(101)
    assert not charge(bench, "TAG")
    assert bench.notified(AuthorizationEnded)[-1].status == "Expired"
    bench.restore_link()


@pytest.mark.obligation("AUT-33", "AUT-21")
def test_an_expired_entry_is_asked_about_online(quick: VirtualBench):
    expiry = format_date_time(quick.EPOCH_S - 1)
    listed(quick, TAG={"status": "Accepted", "expiryDate": expiry})
    quick.central_system.id_tags["TAG"] = {"status": "Expired"}
    assert not charge(quick, "TAG")
    assert asked(quick) == ["TAG"]
    assert conflicts(quick) == []


# --- conflicts ------------------------------------------------------------------------------


@pytest.mark.obligation("SN-19")
@pytest.mark.parametrize(
    ("in_list", "by_csms", "contradicts"),
    [
        ("Accepted", "Accepted", False),
        ("Accepted", "ConcurrentTx", False),
        ("Accepted", "Blocked", True),
        ("Accepted", "Expired", True),
        ("Accepted", "Invalid", True),
        ("Blocked", "Accepted", True),
        ("Blocked", "Blocked", False),
        ("Invalid", "Accepted", True),
        ("Expired", "Accepted", True),
    ],
)
def test_an_answer_that_contradicts_the_list_is_reported(
    bench: VirtualBench, in_list: str, by_csms: str, contradicts: bool
):
    listed(bench, TAG=in_list)
    bench.central_system.once("Authorize", {"idTagInfo": {"status": by_csms}})
    bench.tag("TAG")
    found = conflicts(bench)
    assert len(found) == contradicts
    if contradicts:
        assert found[0]["status"] == "Available"
        assert found[0]["info"] == f"TAG: {in_list}, CSMS: {by_csms}"


@pytest.mark.obligation("SN-19", "AUT-16")
def test_the_answer_to_a_start_can_contradict_the_list(quick: VirtualBench):
    listed(quick, TAG="Accepted")
    quick.central_system.id_tags["TAG"] = {"status": "Blocked"}
    quick.plug_in()
    quick.tag("TAG")
    assert len(conflicts(quick)) == 1
    assert quick.sent("StopTransaction")[0]["reason"] == "DeAuthorized"


@pytest.mark.obligation("SN-19", "AUT-16")
def test_the_answer_to_a_stop_can_contradict_the_list(quick: VirtualBench):
    listed(quick, TAG="Accepted")
    quick.central_system.once("StopTransaction", {"idTagInfo": {"status": "Invalid"}})
    quick.plug_in()
    quick.tag("TAG")
    quick.tag("TAG")
    assert len(conflicts(quick)) == 1


@pytest.mark.obligation("SN-19", "AUT-34")
def test_a_conflict_of_a_session_offline_is_reported_afterwards(bench: VirtualBench):
    listed(bench, TAG="Accepted")
    bench.central_system.id_tags["TAG"] = {"status": "Blocked"}
    bench.cut_link()
    assert charge(bench, "TAG")
    bench.restore_link()
    bench.advance(1)
    assert len(conflicts(bench)) == 1


@pytest.mark.obligation("SN-19", "SN-02")
def test_a_conflict_changes_no_status(bench: VirtualBench):
    listed(bench, TAG="Blocked")
    bench.ask("ChangeAvailability", {"connectorId": 0, "type": "Inoperative"})
    bench.ask("ChangeAvailability", {"connectorId": 0, "type": "Operative"})
    bench.tag("TAG")
    whole = bench.charger.controller.connector(ConnectorId(0))
    assert (whole.status, whole.error_code) == ("Available", "NoError")
    bench.cut_link()
    bench.restore_link()
    bench.advance(1)
    assert len(conflicts(bench)) == 1
    assert bench.statuses(0) == ["Available", "Unavailable", "Available", "Available"]


@pytest.mark.obligation("SN-19")
def test_a_conflict_that_the_link_lost_is_reported_again(bench: VirtualBench):
    listed(bench, TAG="Blocked")
    bench.central_system.once("StatusNotification", Silence())
    bench.tag("TAG")
    bench.cut_link()
    bench.advance(60)
    bench.restore_link()
    bench.advance(1)
    first, again = conflicts(bench)
    assert first == again


@pytest.mark.obligation("SN-19", "AUT-27")
def test_a_list_that_is_not_used_is_not_contradicted(bench: VirtualBench):
    listed(bench, TAG="Accepted")
    bench.configure(LocalAuthListEnabled="false")
    bench.central_system.id_tags["TAG"] = {"status": "Blocked"}
    bench.tag("TAG")
    assert conflicts(bench) == []


@pytest.mark.obligation("CC-04")
def test_clearing_the_cache_leaves_the_list(quick: VirtualBench):
    assert charge(quick, "CACHED")
    listed(quick, LISTED="Accepted")
    assert quick.ask("ClearCache").status == "Accepted"
    assert charge(quick, "LISTED")
    assert charge(quick, "CACHED")
    assert asked(quick) == ["CACHED", "CACHED"]
