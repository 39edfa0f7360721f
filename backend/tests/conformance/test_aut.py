"""AUT: who may charge, online and offline (1.6 ed.2 §3.4, §3.5, §4.1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ocppsim.chargepoint.notifications import AuthorizationEnded
from ocppsim.protocol.v16.date_time import format_date_time
from ocppsim.simulation.central_system import ErrorReply, Silence
from ocppsim.simulation.virtual_bench import VirtualBench

BenchFactory = Callable[..., VirtualBench]

REFUSALS = ["Blocked", "Expired", "Invalid", "ConcurrentTx"]


def authorized(bench: VirtualBench) -> list[str]:
    """The tags that the CSMS was asked about."""
    return [payload["idTag"] for payload in bench.sent("Authorize")]


def learn(bench: VirtualBench, id_tag: str) -> None:
    """The tag charges once, so that the cache knows it."""
    bench.start(id_tag)
    bench.stop_button()
    bench.drive_away()


def judge(bench: VirtualBench, id_tag: str, status: str, **more: str) -> None:
    bench.central_system.id_tags[id_tag] = {"status": status, **more}


def started(bench: VirtualBench) -> list[str]:
    return [payload["idTag"] for payload in bench.sent("StartTransaction")]


@pytest.mark.obligation("AUT-01", "AUT-02", "AUT-24")
def test_energy_flows_after_the_authorization_only(bench: VirtualBench):
    bench.central_system.on("Authorize", Silence())
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(20)
    assert authorized(bench) == ["TAG"]
    assert bench.status() == "Preparing"
    assert not started(bench)
    assert bench.charger.plant.read_meter(1, bench.now_s).power_w == 0  # type: ignore[arg-type]


@pytest.mark.obligation("AUT-02", "AUT-06")
def test_authorize_is_sent_once_for_a_start_and_for_nothing_else(bench: VirtualBench):
    bench.start("TAG")
    bench.advance(1000)
    bench.stop_button()
    bench.drive_away()
    assert authorized(bench) == ["TAG"]


@pytest.mark.obligation("AUT-04", "TX-31")
def test_the_tag_that_started_stops_without_authorize(bench: VirtualBench):
    bench.start("TAG")
    bench.advance(100)
    bench.tag("TAG")
    assert authorized(bench) == ["TAG"]
    assert bench.sent("StopTransaction")[0]["idTag"] == "TAG"


@pytest.mark.obligation("AUT-05", "AUT-08", "TX-32")
def test_a_tag_of_the_same_group_is_authorized_and_stops(bench: VirtualBench):
    judge(bench, "HIS", "Accepted", parentIdTag="FAMILY")
    judge(bench, "HERS", "Accepted", parentIdTag="family")
    bench.start("HIS")
    bench.tag("HERS")
    assert authorized(bench) == ["HIS", "HERS"]
    assert bench.sent("StopTransaction")[0]["idTag"] == "HERS"


@pytest.mark.obligation("AUT-05", "AUT-08", "TX-33")
def test_a_tag_of_another_group_is_authorized_and_stops_nothing(bench: VirtualBench):
    judge(bench, "HIS", "Accepted", parentIdTag="FAMILY")
    judge(bench, "OTHER", "Accepted", parentIdTag="NEIGHBOURS")
    bench.start("HIS")
    bench.tag("OTHER")
    assert authorized(bench) == ["HIS", "OTHER"]
    assert not bench.sent("StopTransaction")
    assert bench.status() == "Charging"


@pytest.mark.obligation("AUT-12", "TX-33")
def test_without_a_group_another_tag_does_nothing(bench: VirtualBench):
    bench.start("HIS")
    bench.tag("OTHER")
    assert authorized(bench) == ["HIS"]
    assert not bench.sent("StopTransaction")


@pytest.mark.obligation("AUT-08", "AUT-12", "TX-33")
def test_tags_with_an_empty_parent_are_no_group(bench: VirtualBench):
    judge(bench, "HIS", "Accepted", parentIdTag="")
    judge(bench, "OTHER", "Accepted", parentIdTag="")
    bench.start("HIS")
    bench.tag("OTHER")
    assert authorized(bench) == ["HIS"]
    assert not bench.sent("StopTransaction")


@pytest.mark.obligation("AUT-07", "TX-09")
@pytest.mark.parametrize("status", REFUSALS)
def test_only_accepted_tags_charge(bench: VirtualBench, status: str):
    judge(bench, "TAG", status)
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(30)
    assert authorized(bench) == ["TAG"]
    assert not started(bench)
    assert bench.status() == "Preparing"
    bench.tag("OTHER")
    assert started(bench) == ["OTHER"]


@pytest.mark.obligation("AUT-07")
@pytest.mark.parametrize("status", REFUSALS)
def test_a_refused_tag_without_a_cable_leaves_the_connector_available(
    bench: VirtualBench, status: str
):
    judge(bench, "TAG", status)
    bench.tag("TAG")
    assert bench.status() == "Available"


@pytest.mark.obligation("AUT-09")
def test_a_parent_is_not_compared_with_a_tag(bench: VirtualBench):
    judge(bench, "HIS", "Accepted", parentIdTag="FAMILY")
    judge(bench, "FAMILY", "Accepted")
    bench.start("HIS")
    bench.tag("FAMILY")
    assert not bench.sent("StopTransaction")


@pytest.mark.obligation("AUT-10", "AUT-11")
@pytest.mark.parametrize("id_tag", ["1", "ABC", "04E1F2A3B4C5D6", "a b|c!?", "€", "x" * 20])
def test_any_text_is_a_tag(bench: VirtualBench, id_tag: str):
    bench.start(id_tag)
    assert started(bench) == [id_tag]


@pytest.mark.obligation("AUT-13")
@pytest.mark.parametrize("reply", [Silence(), ErrorReply("InternalError"), {"idTagInfo": {}}])
def test_without_a_usable_answer_nobody_unknown_charges(bench: VirtualBench, reply: Any):
    bench.central_system.once("Authorize", reply)
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(45)
    assert not started(bench)


@pytest.mark.obligation("AUT-13", "AUT-29")
def test_without_an_answer_the_offline_rules_apply(bench: VirtualBench):
    learn(bench, "KNOWN")
    bench.central_system.once("Authorize", Silence())
    bench.plug_in()
    bench.tag("KNOWN")
    bench.advance(31)
    assert started(bench) == ["KNOWN", "KNOWN"]


@pytest.mark.obligation("AUT-13")
def test_an_error_refuses_even_a_known_tag(bench: VirtualBench):
    learn(bench, "KNOWN")
    bench.central_system.once("Authorize", ErrorReply("GenericError"))
    bench.plug_in()
    bench.tag("KNOWN")
    bench.advance(31)
    assert started(bench) == ["KNOWN"]


# --- the cache ------------------------------------------------------------------------------


@pytest.mark.obligation("AUT-14", "AUT-23", "CFG-K13", "CFG-K02")
def test_a_cached_tag_starts_without_authorize_where_that_is_configured(bench: VirtualBench):
    learn(bench, "TAG")
    bench.configure(LocalPreAuthorize="true")
    bench.start("TAG")
    assert authorized(bench) == ["TAG"]
    assert started(bench) == ["TAG", "TAG"]


@pytest.mark.obligation("AUT-24", "AUT-03")
def test_a_cached_tag_is_asked_about_where_it_is_not(bench: VirtualBench):
    learn(bench, "TAG")
    bench.configure(LocalPreAuthorize="false")
    bench.start("TAG")
    assert authorized(bench) == ["TAG", "TAG"]


@pytest.mark.obligation("AUT-15", "AUT-21")
@pytest.mark.parametrize("status", REFUSALS)
def test_a_tag_that_was_refused_is_asked_about_again(bench: VirtualBench, status: str):
    bench.configure(LocalPreAuthorize="true")
    judge(bench, "TAG", status)
    bench.tag("TAG")
    judge(bench, "TAG", "Accepted")
    bench.start("TAG")
    assert authorized(bench) == ["TAG", "TAG"]


@pytest.mark.obligation("AUT-15", "AUT-32")
@pytest.mark.parametrize("status", REFUSALS)
def test_a_tag_that_was_refused_is_refused_offline(bench: VirtualBench, status: str):
    bench.configure(AllowOfflineTxForUnknownId="true")
    judge(bench, "TAG", status)
    bench.tag("TAG")
    bench.cut_link()
    bench.plug_in()
    bench.tag("TAG")
    bench.restore_link()
    bench.advance(30)
    assert not started(bench)


@pytest.mark.obligation("AUT-16")
@pytest.mark.parametrize("action", ["StartTransaction", "StopTransaction"])
def test_the_answers_to_start_and_stop_update_the_cache(bench: VirtualBench, action: str):
    bench.configure(LocalPreAuthorize="true", StopTransactionOnInvalidId="false")
    answer: dict[str, Any] = {"idTagInfo": {"status": "Blocked"}}
    bench.central_system.once(action, answer | ({"transactionId": 9} if "Sta" in action else {}))
    bench.plug_in()
    bench.tag("TAG")
    bench.tag("TAG")
    bench.drive_away()
    bench.cut_link()
    bench.plug_in()
    bench.tag("TAG")
    assert bench.notified(AuthorizationEnded)[-1].status == "Blocked"
    bench.restore_link()
    assert len(started(bench)) == 1


@pytest.mark.obligation("AUT-18", "AUT-33")
def test_a_cached_tag_expires_with_time(bench: VirtualBench):
    bench.configure(AllowOfflineTxForUnknownId="true")
    expiry = format_date_time(bench.EPOCH_S + 3600)
    judge(bench, "TAG", "Accepted", expiryDate=expiry)
    learn(bench, "TAG")
    bench.cut_link()
    bench.advance(3000)
    bench.plug_in()
    bench.tag("TAG")
    assert bench.charger.controller.connector(1).transaction is not None  # type: ignore[arg-type]
    bench.stop_button()
    bench.drive_away()
    bench.advance(601)
    bench.plug_in()
    bench.tag("TAG")
    assert bench.notified(AuthorizationEnded)[-1].status == "Expired"
    bench.restore_link()
    assert len(started(bench)) == 2


@pytest.mark.obligation("AUT-20")
@pytest.mark.parametrize("cause", ["soft", "hard", "mains", "crash"])
def test_the_cache_survives(bench: VirtualBench, cause: str):
    learn(bench, "TAG")
    bench.configure(LocalPreAuthorize="true")
    match cause:
        case "soft" | "hard":
            bench.ask("Reset", {"type": cause.title()})
        case "mains":
            bench.power_cycle()
        case _:
            bench.crash()
    bench.advance(30)
    bench.start("TAG")
    assert authorized(bench) == ["TAG"]


@pytest.mark.obligation("AUT-22", "CFG-K02")
def test_a_cache_that_is_off_is_not_used(bench: VirtualBench):
    learn(bench, "TAG")
    bench.configure(AuthorizationCacheEnabled="false", LocalPreAuthorize="true")
    bench.start("TAG")
    assert authorized(bench) == ["TAG", "TAG"]
    bench.stop_button()
    bench.drive_away()
    bench.cut_link()
    bench.plug_in()
    bench.tag("TAG")
    bench.restore_link()
    bench.advance(5)
    assert started(bench) == ["TAG", "TAG"]


@pytest.mark.obligation("AUT-22")
def test_a_cache_that_is_off_learns_nothing(bench: VirtualBench):
    bench.configure(AuthorizationCacheEnabled="false", LocalPreAuthorize="true")
    learn(bench, "TAG")
    bench.configure(AuthorizationCacheEnabled="true")
    bench.start("TAG")
    assert authorized(bench) == ["TAG", "TAG"]


@pytest.mark.obligation("AUT-19")
def test_a_full_cache_drops_the_tags_that_are_not_valid_first(
    bench: VirtualBench, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("ocppsim.chargepoint.v16.authorization_cache.CAPACITY", 3)
    judge(bench, "BAD", "Blocked")
    for id_tag in ("OLD", "BAD", "NEW", "NEWER"):
        bench.tag(id_tag)
        bench.advance(61)
    bench.configure(LocalPreAuthorize="true", AllowOfflineTxForUnknownId="true")
    bench.tag("OLD")
    bench.tag("OLD")
    assert authorized(bench) == ["OLD", "BAD", "NEW", "NEWER"]
    bench.tag("NEWEST")
    bench.advance(61)
    bench.tag("OLD")
    assert authorized(bench) == ["OLD", "BAD", "NEW", "NEWER", "NEWEST", "OLD"]


# --- offline --------------------------------------------------------------------------------


@pytest.mark.obligation("AUT-29", "AUT-34", "CFG-K12")
def test_a_known_tag_charges_offline(bench: VirtualBench):
    learn(bench, "TAG")
    bench.cut_link()
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(100)
    bench.restore_link()
    bench.settle()
    assert started(bench) == ["TAG", "TAG"]
    assert bench.status() == "Charging"


@pytest.mark.obligation("AUT-30", "CFG-K12")
def test_a_known_tag_does_not_charge_offline_where_that_is_forbidden(bench: VirtualBench):
    learn(bench, "TAG")
    bench.configure(LocalAuthorizeOffline="false")
    bench.cut_link()
    bench.plug_in()
    bench.tag("TAG")
    bench.restore_link()
    bench.advance(5)
    assert started(bench) == ["TAG"]


@pytest.mark.obligation("AUT-31", "CFG-K01")
@pytest.mark.parametrize(("allowed", "expected"), [("true", ["STRANGER"]), ("false", [])])
def test_an_unknown_tag_charges_offline_only_where_allowed(
    bench: VirtualBench, allowed: str, expected: list[str]
):
    bench.configure(AllowOfflineTxForUnknownId=allowed)
    bench.cut_link()
    bench.plug_in()
    bench.tag("STRANGER")
    bench.restore_link()
    bench.advance(5)
    assert started(bench) == expected


@pytest.mark.obligation("AUT-34", "OFF-03", "OFF-13")
def test_a_session_that_began_and_ended_offline_is_told_afterwards(bench: VirtualBench):
    learn(bench, "TAG")
    bench.cut_link()
    bench.advance(1000)
    bench.plug_in()
    bench.tag("TAG")
    begun = format_date_time(bench.EPOCH_S + bench.now_s)
    bench.advance(1000)
    bench.tag("TAG")
    ended = format_date_time(bench.EPOCH_S + bench.now_s)
    bench.drive_away()
    bench.advance(1000)
    bench.restore_link()
    bench.settle()
    assert bench.sent("StartTransaction")[1]["timestamp"] == begun
    stop = bench.sent("StopTransaction")[1]
    assert (stop["timestamp"], stop["transactionId"], stop["idTag"]) == (ended, 2, "TAG")
    assert len(bench.sent("MeterValues")) == 16
