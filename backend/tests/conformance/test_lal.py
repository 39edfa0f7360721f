"""LAL: the local authorization list that the CSMS sends (1.6 ed.2 §3.5.2, §5.10, §5.15)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from ocppsim.chargepoint.notifications import RecordsChanged
from ocppsim.simulation.virtual_bench import VirtualBench

BenchFactory = Callable[..., VirtualBench]
Entry = dict[str, Any]


def entry(id_tag: str, status: str = "Accepted", **more: str) -> Entry:
    return {"idTag": id_tag, "idTagInfo": {"status": status, **more}}


def send(bench: VirtualBench, version: int, *entries: Entry, update: str = "Full") -> str | None:
    """The status that a SendLocalList with these entries is answered with."""
    payload: dict[str, Any] = {"listVersion": version, "updateType": update}
    if entries:
        payload["localAuthorizationList"] = list(entries)
    return bench.ask("SendLocalList", payload).status


def amend(bench: VirtualBench, version: int, *entries: Entry) -> str | None:
    return send(bench, version, *entries, update="Differential")


def version(bench: VirtualBench) -> int:
    answer = bench.ask("GetLocalListVersion").payload
    assert answer is not None
    assert set(answer) == {"listVersion"}
    return answer["listVersion"]


def charges_by_itself(bench: VirtualBench, id_tag: str) -> bool:
    """Whether the tag starts a transaction that the CSMS was not asked about."""
    asked, started = len(bench.sent("Authorize")), len(bench.sent("StartTransaction"))
    bench.central_system.once("Authorize", {"idTagInfo": {"status": "Invalid"}})
    bench.plug_in()
    bench.tag(id_tag)
    begun = len(bench.sent("StartTransaction")) > started
    assert begun == (len(bench.sent("Authorize")) == asked)
    if begun:
        bench.stop_button()
    bench.central_system.as_usual("Authorize")
    bench.drive_away()
    return begun


@pytest.fixture
def bench(make_bench: BenchFactory) -> VirtualBench:
    """A charger without a cache that lets whom its list allows charge."""
    return make_bench(
        configuration={"LocalPreAuthorize": "true", "AuthorizationCacheEnabled": "false"}
    )


# --- the version ----------------------------------------------------------------------------


@pytest.mark.obligation("LAL-01", "LAL-08")
def test_the_version_is_that_of_the_last_list(bench: VirtualBench):
    assert send(bench, 7, entry("ONE")) == "Accepted"
    assert version(bench) == 7
    assert amend(bench, 8, entry("TWO")) == "Accepted"
    assert version(bench) == 8


@pytest.mark.obligation("LAL-02", "LAL-05")
@pytest.mark.parametrize("body", [{}, {"localAuthorizationList": []}])
def test_an_empty_list_has_version_0_whatever_was_sent(bench: VirtualBench, body: dict[str, Any]):
    assert version(bench) == 0
    send(bench, 5, entry("ONE"))
    emptied = {"listVersion": 6, "updateType": "Full"} | body
    assert bench.ask("SendLocalList", emptied).status == "Accepted"
    assert version(bench) == 0
    assert not charges_by_itself(bench, "ONE")


@pytest.mark.obligation("LAL-02")
def test_a_list_whose_last_entry_was_deleted_is_empty(bench: VirtualBench):
    send(bench, 5, entry("ONE"))
    assert amend(bench, 6, {"idTag": "one"}) == "Accepted"
    assert version(bench) == 0
    assert amend(bench, 1, entry("TWO")) == "Accepted"
    assert version(bench) == 1


@pytest.mark.obligation("LAL-15")
@pytest.mark.parametrize("update", ["Full", "Differential"])
@pytest.mark.parametrize("number", [0, -1, -7])
def test_a_version_that_means_something_else_fails(bench: VirtualBench, update: str, number: int):
    send(bench, 5, entry("ONE"))
    assert send(bench, number, entry("TWO"), update=update) == "Failed"
    assert version(bench) == 5
    assert not charges_by_itself(bench, "TWO")


@pytest.mark.obligation("LAL-09")
@pytest.mark.parametrize("number", [1, 4, 5])
def test_a_differential_update_needs_a_higher_version(bench: VirtualBench, number: int):
    send(bench, 5, entry("ONE"))
    assert amend(bench, number, entry("TWO"), {"idTag": "ONE"}) == "VersionMismatch"
    assert version(bench) == 5
    assert charges_by_itself(bench, "ONE")
    assert not charges_by_itself(bench, "TWO")


@pytest.mark.obligation("LAL-19", "LAL-04")
@pytest.mark.parametrize("number", [1, 5, 6, 2**31 - 1])
def test_a_full_update_may_have_any_positive_version(bench: VirtualBench, number: int):
    send(bench, 5, entry("ONE"))
    assert send(bench, number, entry("TWO")) == "Accepted"
    assert version(bench) == number
    assert charges_by_itself(bench, "TWO")


# --- the updates ----------------------------------------------------------------------------


@pytest.mark.obligation("LAL-04")
def test_a_full_update_replaces_the_whole_list(bench: VirtualBench):
    send(bench, 1, entry("ONE"), entry("BOTH"))
    send(bench, 2, entry("TWO"), entry("BOTH"))
    assert [charges_by_itself(bench, tag) for tag in ("ONE", "TWO", "BOTH")] == [False, True, True]


@pytest.mark.obligation("LAL-06")
def test_a_differential_update_adds_changes_and_deletes(bench: VirtualBench):
    send(bench, 1, entry("KEPT"), entry("BLOCKED"), entry("GONE"), entry("FREED", "Blocked"))
    changes = (
        entry("NEW"),
        entry("blocked", "Blocked"),
        {"idTag": "GONE"},
        entry("FREED"),
        {"idTag": "NEVER THERE"},
    )
    assert amend(bench, 2, *changes) == "Accepted"
    allowed = [
        tag
        for tag in ("KEPT", "BLOCKED", "GONE", "FREED", "NEW", "NEVER THERE")
        if charges_by_itself(bench, tag)
    ]
    assert allowed == ["KEPT", "FREED", "NEW"]
    assert version(bench) == 2


@pytest.mark.obligation("LAL-07")
@pytest.mark.parametrize(
    ("behaviour", "expected"), [({}, 9), ({"empty_differential": "same_version"}, 5)]
)
def test_a_differential_update_without_entries_changes_none(
    make_bench: BenchFactory, behaviour: dict[str, str], expected: int
):
    bench = make_bench(behaviour=behaviour, configuration={"LocalPreAuthorize": "true"})
    send(bench, 5, entry("ONE"))
    assert amend(bench, 9) == "Accepted"
    assert version(bench) == expected
    assert charges_by_itself(bench, "ONE")


@pytest.mark.obligation("LAL-10", "LAL-12")
@pytest.mark.parametrize("update", ["Full", "Differential"])
@pytest.mark.parametrize("again", [entry("tWo"), {"idTag": "TWO"}])
def test_a_tag_that_comes_twice_fails_all(bench: VirtualBench, update: str, again: Entry):
    send(bench, 1, entry("ONE"))
    assert send(bench, 2, entry("TWO"), entry("THREE"), again, update=update) == "Failed"
    assert version(bench) == 1
    assert charges_by_itself(bench, "ONE")
    assert not charges_by_itself(bench, "THREE")


@pytest.mark.obligation("LAL-10", "LAL-13")
def test_a_full_update_says_something_of_every_tag(bench: VirtualBench):
    send(bench, 1, entry("ONE"))
    assert send(bench, 2, entry("TWO"), {"idTag": "THREE"}) == "Failed"
    assert version(bench) == 1
    assert charges_by_itself(bench, "ONE")
    assert not charges_by_itself(bench, "TWO")


@pytest.mark.obligation("LAL-10", "LAL-14", "CFG-K40")
@pytest.mark.parametrize("update", ["Full", "Differential"])
def test_one_message_has_so_many_entries_at_most(bench: VirtualBench, update: str):
    limit = int(bench.configured("SendLocalListMaxLength") or "")
    assert send(bench, 1, *(entry(f"T{n}") for n in range(limit))) == "Accepted"
    too_many = [entry(f"U{n}") for n in range(limit + 1)]
    assert send(bench, 2, *too_many, update=update) == "Failed"
    assert version(bench) == 1
    assert charges_by_itself(bench, "T0")


@pytest.mark.obligation("LAL-10", "LAL-14", "CFG-K39")
def test_the_list_has_so_many_entries_at_most(make_bench: BenchFactory):
    bench = make_bench(configuration={"LocalAuthListMaxLength": "3", "LocalPreAuthorize": "true"})
    assert bench.configured("LocalAuthListMaxLength") == "3"
    assert send(bench, 1, *(entry(f"T{n}") for n in range(4))) == "Failed"
    assert version(bench) == 0
    assert send(bench, 1, entry("ONE"), entry("TWO")) == "Accepted"
    assert amend(bench, 2, entry("THREE"), entry("FOUR")) == "Failed"
    assert version(bench) == 1
    assert not charges_by_itself(bench, "THREE")
    # One goes, so two may come
    assert amend(bench, 2, entry("THREE"), {"idTag": "TWO"}, entry("FOUR")) == "Accepted"
    assert charges_by_itself(bench, "FOUR")


@pytest.mark.obligation("LAL-14")
def test_a_list_of_a_thousand_comes_in_parts(bench: VirtualBench):
    for part in range(10):
        entries = [entry(f"TAG-{part}-{n}") for n in range(100)]
        assert amend(bench, part + 1, *entries) == "Accepted"
    assert version(bench) == 10
    assert amend(bench, 11, entry("ONE MORE")) == "Failed"
    assert charges_by_itself(bench, "TAG-0-0")
    assert charges_by_itself(bench, "TAG-9-99")


@pytest.mark.obligation("LAL-10")
@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ([{"idTagInfo": {"status": "Accepted"}}], "OccurenceConstraintViolation"),
        ([{"idTag": "TWO", "idTagInfo": {}}], "OccurenceConstraintViolation"),
        ([entry("TWO", "Perhaps")], "PropertyConstraintViolation"),
        ([entry("T" * 21)], "PropertyConstraintViolation"),
        ([entry("TWO", expiryDate="next week")], "PropertyConstraintViolation"),
        ([entry("TWO", parentIdTag="P" * 21)], "PropertyConstraintViolation"),
        ([entry("TWO", groupId="G")], "FormationViolation"),
        ([{"idTag": 2}], "TypeConstraintViolation"),
        ("TWO", "TypeConstraintViolation"),
    ],
)
def test_what_breaks_the_standard_is_an_error_and_changes_nothing(
    bench: VirtualBench, wrong: Any, code: str
):
    send(bench, 1, entry("ONE"))
    payload = {"listVersion": 2, "updateType": "Full", "localAuthorizationList": wrong}
    assert bench.ask("SendLocalList", payload).error_code == code
    assert version(bench) == 1
    assert charges_by_itself(bench, "ONE")


@pytest.mark.obligation("FRM-23", "LAL-06")
@pytest.mark.parametrize(
    "expiry", ["2027-01-01T00:00:00Z", "2027-01-01T01:00:00.5+01:00", "2027-01-01T00:00:00"]
)
def test_an_entry_has_an_expiry_and_a_parent(bench: VirtualBench, expiry: str):
    full = entry("ONE", expiryDate=expiry, parentIdTag="FAMILY")
    assert send(bench, 1, full, entry("TWO", parentIdTag="family")) == "Accepted"
    bench.plug_in()
    bench.tag("ONE")
    bench.tag("TWO")
    assert bench.sent("StartTransaction")[0]["idTag"] == "ONE"
    assert bench.sent("StopTransaction")[0]["idTag"] == "TWO"
    assert not bench.sent("Authorize")


def test_people_who_watch_are_told_of_a_new_list(bench: VirtualBench):
    before = len(bench.notified(RecordsChanged))
    send(bench, 1, entry("ONE", expiryDate="2027-01-01T00:00:00Z"))
    send(bench, 2, entry("TWO"), entry("two"))
    assert bench.notified(RecordsChanged)[before:] == [RecordsChanged("local-list")]
    shown = bench.charger.controller.local_list()
    assert (shown.version, shown.enabled) == (1, True)
    assert [(tag.id_tag, tag.expiry_date) for tag in shown.entries] == [
        ("ONE", "2027-01-01T00:00:00Z")
    ]


# --- keeping it -----------------------------------------------------------------------------


@pytest.mark.obligation("LAL-16", "BOOT-27")
@pytest.mark.parametrize("cause", ["soft", "hard", "mains", "crash"])
def test_list_and_version_survive(bench: VirtualBench, cause: str):
    send(bench, 41, entry("ONE"), entry("TWO", "Blocked"))
    amend(bench, 42, entry("THREE"))
    match cause:
        case "soft" | "hard":
            bench.ask("Reset", {"type": cause.title()})
        case "mains":
            bench.power_cycle()
        case _:
            bench.crash()
    bench.advance(30)
    assert version(bench) == 42
    assert [charges_by_itself(bench, tag) for tag in ("ONE", "TWO", "THREE")] == [
        True,
        False,
        True,
    ]


@pytest.mark.obligation("LAL-16")
def test_an_emptied_list_stays_empty(bench: VirtualBench):
    send(bench, 1, entry("ONE"))
    send(bench, 2)
    bench.power_cycle()
    assert version(bench) == 0
    assert not charges_by_itself(bench, "ONE")


@pytest.mark.obligation("LAL-18", "AUT-17", "AUT-25")
@pytest.mark.parametrize("update", ["Full", "Differential"])
def test_a_tag_that_enters_the_list_leaves_the_cache(make_bench: BenchFactory, update: str):
    bench = make_bench(configuration={"LocalPreAuthorize": "true"})
    bench.start("TAG")
    bench.stop_button()
    bench.drive_away()
    assert send(bench, 1, entry("tag", "Blocked"), update=update) == "Accepted"
    assert send(bench, 2) == "Accepted"
    # Neither in the list any more, nor in the cache
    assert not charges_by_itself(bench, "TAG")


# --- without it -----------------------------------------------------------------------------


@pytest.mark.obligation("LAL-17", "CFG-22")
def test_support_is_announced(bench: VirtualBench):
    profiles = (bench.configured("SupportedFeatureProfiles") or "").split(",")
    assert "LocalAuthListManagement" in profiles


@pytest.mark.obligation("LAL-03", "LAL-11", "CFG-K38", "AUT-27")
def test_a_list_that_is_disabled_is_as_if_there_were_none(bench: VirtualBench):
    send(bench, 3, entry("ONE"))
    bench.configure(LocalAuthListEnabled="false")
    assert version(bench) == -1
    assert send(bench, 4, entry("TWO")) == "NotSupported"
    assert not charges_by_itself(bench, "ONE")
    bench.configure(LocalAuthListEnabled="true")
    assert version(bench) == 3
    assert charges_by_itself(bench, "ONE")
    assert not charges_by_itself(bench, "TWO")


@pytest.mark.obligation("LAL-03", "LAL-11")
def test_a_list_that_is_disabled_may_be_an_error(make_bench: BenchFactory):
    bench = make_bench(
        behaviour={"unsupported_profile": "error"}, configuration={"LocalAuthListEnabled": "false"}
    )
    assert bench.ask("GetLocalListVersion").error_code == "NotSupported"
    payload = {"listVersion": 4, "updateType": "Full"}
    assert bench.ask("SendLocalList", payload).error_code == "NotSupported"


@pytest.mark.obligation("LAL-01", "AUT-27")
def test_a_list_that_is_disabled_may_be_kept_up_to_date(make_bench: BenchFactory):
    bench = make_bench(
        behaviour={"local_list_disabled": "stored"},
        configuration={"LocalAuthListEnabled": "false", "LocalPreAuthorize": "true"},
    )
    assert send(bench, 4, entry("TWO")) == "Accepted"
    assert version(bench) == 4
    assert not charges_by_itself(bench, "TWO")
    bench.configure(LocalAuthListEnabled="true")
    assert charges_by_itself(bench, "TWO")


@pytest.mark.obligation("LAL-03", "LAL-11", "LAL-17", "AUT-27")
def test_without_the_profile_there_is_no_list(bench: VirtualBench):
    send(bench, 3, entry("ONE"))
    bench.set_configuration(SupportedFeatureProfiles="Core,SmartCharging")
    assert version(bench) == -1
    assert send(bench, 4) == "NotSupported"
    assert bench.configured("LocalAuthListEnabled") is None
    assert not charges_by_itself(bench, "ONE")
    bench.set_configuration(SupportedFeatureProfiles="Core,LocalAuthListManagement")
    assert version(bench) == 3
    assert charges_by_itself(bench, "ONE")


@pytest.mark.obligation("LAL-01", "BOOT-15")
def test_the_list_can_be_sent_while_pending(make_bench: BenchFactory):
    bench = make_bench(link=False)
    bench.central_system.registration = "Pending"
    bench.restore_link()
    assert send(bench, 3, entry("ONE")) == "Accepted"
    assert version(bench) == 3
    assert bench.actions() == ["BootNotification"]


@pytest.mark.obligation("AUT-26", "CC-04")
def test_nothing_but_send_local_list_changes_the_list(make_bench: BenchFactory):
    bench = make_bench(configuration={"LocalPreAuthorize": "false"})
    send(bench, 3, entry("ONE"), entry("TWO", "Blocked"))
    before = bench.charger.controller.local_list()
    bench.central_system.id_tags |= {"ONE": {"status": "Blocked"}, "TWO": {"status": "Accepted"}}
    bench.plug_in()
    bench.tag("ONE")
    bench.tag("TWO")
    bench.advance(60)
    bench.stop_button()
    bench.drive_away()
    assert bench.ask("ClearCache").status == "Accepted"
    assert bench.charger.controller.local_list() == before
    assert version(bench) == 3
    bench.configure(LocalPreAuthorize="true")
    bench.central_system.id_tags.clear()
    assert charges_by_itself(bench, "ONE")
    assert not charges_by_itself(bench, "TWO")


def test_the_answer_has_nothing_but_a_status(bench: VirtualBench):
    send(bench, 1, entry("ONE"))
    frame = json.loads(bench.central_system.records[-1].text)
    assert frame[2] == {"status": "Accepted"}
