"""SC: what is installed, replaced, refused, cleared and kept (1.6 ed.2 §3.13, §5.5, §5.16)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ocppsim.simulation.central_system import Delayed
from ocppsim.simulation.virtual_bench import VirtualBench
from tests.conformance.charging import (
    DEFAULT,
    MAX,
    TX,
    at,
    clear,
    composite,
    install,
    offered_a,
    profile,
    remote_start,
    set_profile,
    stop,
)

BenchFactory = Callable[..., VirtualBench]

# --- where a purpose belongs ------------------------------------------------------------------


@pytest.mark.obligation("SC-01")
def test_the_charge_points_own_limit_is_set_at_connector_0_only(bench: VirtualBench):
    assert set_profile(bench, 1, profile((0, 16), purpose=MAX)) == "Rejected"
    assert set_profile(bench, 0, profile((0, 16), purpose=MAX)) == "Accepted"


@pytest.mark.obligation("SC-04")
def test_a_profile_for_a_transaction_is_not_set_at_connector_0(bench: VirtualBench):
    bench.start()
    assert set_profile(bench, 0, profile((0, 16), purpose=TX)) == "Rejected"


@pytest.mark.obligation("SC-06")
def test_tc_058_1_a_profile_for_a_transaction_wants_one(bench: VirtualBench):
    assert set_profile(bench, 1, profile((0, 16), purpose=TX)) == "Rejected"
    assert set_profile(bench, 1, profile((0, 16), purpose=TX, transactionId=1)) == "Rejected"
    bench.plug_in()
    assert set_profile(bench, 1, profile((0, 16), purpose=TX)) == "Rejected"
    assert composite(bench) == [(0, 32.0)]


@pytest.mark.obligation("SC-07")
def test_tc_058_2_a_profile_for_another_transaction_is_refused(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    mine, other = bench.start("A", 1), bench.start("B", 2)
    assert set_profile(bench, 1, profile((0, 8), purpose=TX, transactionId=other)) == "Rejected"
    assert set_profile(bench, 1, profile((0, 8), purpose=TX, transactionId=99)) == "Rejected"
    assert offered_a(bench) == 32.0
    assert set_profile(bench, 1, profile((0, 8), purpose=TX, transactionId=mine)) == "Accepted"
    assert offered_a(bench) == 8.0


@pytest.mark.obligation("SC-06", "SC-07")
def test_what_was_not_confirmed_yet_has_no_id_but_may_have_a_profile(bench: VirtualBench):
    confirmed = {"transactionId": 7, "idTagInfo": {"status": "Accepted"}}
    bench.central_system.on("StartTransaction", Delayed(20, confirmed))
    bench.plug_in()
    bench.tag("TAG")
    assert set_profile(bench, 1, profile((0, 8), purpose=TX, transactionId=7)) == "Rejected"
    assert set_profile(bench, 1, profile((0, 10), purpose=TX)) == "Accepted"
    bench.advance(30)
    install(bench, 1, profile((0, 8), purpose=TX, profile_id=2, transactionId=7))
    assert offered_a(bench) == 8.0
    assert clear(bench, id=1) == "Unknown"


@pytest.mark.obligation("SC-08")
def test_a_transaction_id_is_for_a_tx_profile_only(bench: VirtualBench):
    transaction_id = bench.start()
    for connector_id, purpose in ((0, MAX), (0, DEFAULT), (1, DEFAULT)):
        refused = profile((0, 16), purpose=purpose, transactionId=transaction_id)
        assert set_profile(bench, connector_id, refused) == "Rejected"


@pytest.mark.obligation("SC-05", "SC-08")
def test_without_a_transaction_id_it_is_for_what_runs(bench: VirtualBench):
    bench.start()
    install(bench, 1, profile((0, 10), purpose=TX))
    assert offered_a(bench) == 10.0


@pytest.mark.obligation("SC-08")
def test_or_it_is_refused_where_the_charger_is_set_so(make_bench: BenchFactory):
    bench = make_bench(behaviour={"tx_profile_without_transaction_id": "reject"})
    transaction_id = bench.start()
    assert set_profile(bench, 1, profile((0, 10), purpose=TX)) == "Rejected"
    install(bench, 1, profile((0, 10), purpose=TX, transactionId=transaction_id))


# --- what is wrong with a profile -------------------------------------------------------------


@pytest.mark.obligation("SC-48", "ERR-18")
@pytest.mark.parametrize("connector_id", [-1, 2, 99])
@pytest.mark.parametrize("purpose", [MAX, DEFAULT, TX])
def test_a_connector_that_is_not_there_is_an_error(
    bench: VirtualBench, connector_id: int, purpose: str
):
    refused = set_profile(bench, connector_id, profile((0, 16), purpose=purpose))
    assert refused == "PropertyConstraintViolation"


@pytest.mark.obligation("ERR-17")
@pytest.mark.parametrize(
    "wrong",
    [
        {"chargingProfilePurpose": "MaxProfile"},
        {"chargingProfileKind": "Sometimes"},
        {"recurrencyKind": "Monthly"},
        {"schedule": {"chargingRateUnit": "kW"}},
        {"stackLevel": -1},
        {"validFrom": "tomorrow"},
    ],
)
def test_a_value_that_is_none_of_the_enumeration_is_an_error(
    bench: VirtualBench, wrong: dict[str, Any]
):
    schedule = wrong.pop("schedule", {})
    refused = {**profile((0, 16), schedule=schedule), **wrong}
    assert set_profile(bench, 1, refused) == "PropertyConstraintViolation"
    assert clear(bench) == "Unknown"


@pytest.mark.obligation("SC-37")
def test_limits_have_one_digit_after_the_point(bench: VirtualBench):
    bench.start()
    install(bench, 1, profile((0, 8.1), schedule={"minChargingRate": 6.2}))
    assert offered_a(bench) == pytest.approx(8.1)
    refused = profile((0, 8.15))
    assert set_profile(bench, 1, refused) == "PropertyConstraintViolation"
    refused = profile((0, 8), schedule={"minChargingRate": 6.25})
    assert set_profile(bench, 1, refused) == "PropertyConstraintViolation"
    assert offered_a(bench) == pytest.approx(8.1)


@pytest.mark.obligation("SC-24")
@pytest.mark.parametrize(
    "periods",
    [
        [(1, 16)],
        [(60, 16), (120, 8)],
        [(-60, 16)],
        [(0, 16), (0, 8)],
        [(0, 16), (120, 8), (60, 6)],
        [(0, -1)],
        [(0, 16, 0)],
        [(0, 16), (2**40, 8)],
    ],
)
def test_periods_begin_at_0_and_follow_each_other(
    bench: VirtualBench, periods: list[tuple[float, ...]]
):
    assert set_profile(bench, 1, profile(*periods)) == "Rejected"
    assert clear(bench) == "Unknown"


@pytest.mark.obligation("SC-33")
def test_a_recurrency_is_for_recurring_profiles_which_want_one(bench: VirtualBench):
    assert set_profile(bench, 1, profile((0, 16), recurrencyKind="Daily")) == "Rejected"
    without = {**profile((0, 16)), "chargingProfileKind": "Recurring"}
    assert set_profile(bench, 1, without) == "Rejected"
    assert set_profile(bench, 1, profile((0, 16), recurrency="Daily")) == "Accepted"


@pytest.mark.obligation("SC-31")
def test_a_recurring_profile_wants_a_start(bench: VirtualBench):
    homeless = profile((0, 16), recurrency="Weekly")
    del homeless["chargingSchedule"]["startSchedule"]
    assert set_profile(bench, 1, homeless) == "Rejected"


@pytest.mark.obligation("SC-36")
def test_a_profile_that_can_never_be_valid_is_refused(bench: VirtualBench):
    refused = profile((0, 16), validFrom=at(100), validTo=at(50))
    assert set_profile(bench, 1, refused) == "Rejected"


@pytest.mark.parametrize("duration_s", [-1, 2**31])
def test_a_duration_that_cannot_be_is_refused(bench: VirtualBench, duration_s: int):
    assert set_profile(bench, 1, profile((0, 16), duration_s=duration_s)) == "Rejected"


# --- what the charge point can do -------------------------------------------------------------


@pytest.mark.obligation("SC-44", "CFG-K42")
def test_a_stack_has_so_many_levels(bench: VirtualBench):
    highest = int(bench.configured("ChargeProfileMaxStackLevel") or "")
    assert set_profile(bench, 1, profile((0, 16), level=highest)) == "Accepted"
    assert set_profile(bench, 1, profile((0, 16), level=highest + 1)) == "Rejected"


@pytest.mark.obligation("SC-45", "CFG-K44")
def test_a_schedule_has_so_many_periods(bench: VirtualBench):
    most = int(bench.configured("ChargingScheduleMaxPeriods") or "")
    periods = [(60 * number, 6 + number % 20) for number in range(most + 1)]
    assert set_profile(bench, 1, profile(*periods)) == "Rejected"
    assert set_profile(bench, 1, profile(*periods[:most])) == "Accepted"


@pytest.mark.obligation("SC-46", "CFG-K46")
def test_there_is_room_for_so_many_profiles(bench: VirtualBench):
    bench.set_configuration(MaxChargingProfilesInstalled="3")
    for number in range(3):
        install(bench, 1, profile((0, 16), profile_id=number, level=number))
    assert set_profile(bench, 0, profile((0, 16), purpose=MAX, profile_id=9)) == "Rejected"
    # What replaces another needs no room
    install(bench, 1, profile((0, 10), profile_id=9, level=1))
    assert set_profile(bench, 1, profile((0, 10), profile_id=8, level=5)) == "Rejected"
    assert clear(bench, id=9) == "Accepted"
    install(bench, 1, profile((0, 10), profile_id=8, level=5))


@pytest.mark.obligation("SC-46", "SC-36")
def test_a_profile_whose_validity_is_over_makes_room(bench: VirtualBench):
    bench.set_configuration(MaxChargingProfilesInstalled="1")
    install(bench, 1, profile((0, 16), profile_id=1, validTo=at(100)))
    assert set_profile(bench, 1, profile((0, 10), profile_id=2, level=1)) == "Rejected"
    bench.advance(101)
    install(bench, 1, profile((0, 10), profile_id=2, level=1))
    assert clear(bench, id=1) == "Unknown"


@pytest.mark.obligation("SC-47", "CFG-K43")
@pytest.mark.parametrize(("allowed", "units"), [("Current", "A"), ("Power", "W")])
def test_a_unit_that_is_not_allowed_is_refused(bench: VirtualBench, allowed: str, units: str):
    bench.set_configuration(ChargingScheduleAllowedChargingRateUnit=allowed)
    for unit in ("A", "W"):
        expected = "Accepted" if unit in units else "Rejected"
        assert set_profile(bench, 1, profile((0, 9000), unit=unit)) == expected


@pytest.mark.obligation("SC-50", "CFG-K42", "CFG-K43", "CFG-K44", "CFG-K45", "CFG-K46")
def test_the_keys_are_reported_and_read_only(bench: VirtualBench):
    for key, value in (
        ("ChargeProfileMaxStackLevel", "8"),
        ("ChargingScheduleAllowedChargingRateUnit", "Current,Power"),
        ("ChargingScheduleMaxPeriods", "48"),
        ("ConnectorSwitch3to1PhaseSupported", "false"),
        ("MaxChargingProfilesInstalled", "20"),
    ):
        assert bench.configured(key) == value
        changed = bench.ask("ChangeConfiguration", {"key": key, "value": value})
        assert changed.status == "Rejected"


@pytest.mark.obligation("SC-49")
def test_switched_off_nothing_is_supported_and_nothing_applied(bench: VirtualBench):
    bench.start()
    install(bench, 1, profile((0, 10)))
    bench.set_configuration(SupportedFeatureProfiles="Core,RemoteTrigger")
    assert offered_a(bench) == 32.0
    for action, payload in (
        ("SetChargingProfile", {"connectorId": 1, "csChargingProfiles": profile((0, 8))}),
        ("ClearChargingProfile", {}),
        ("GetCompositeSchedule", {"connectorId": 1, "duration": 60}),
    ):
        assert bench.ask(action, payload).error_code == "NotSupported"
    bench.set_configuration(SupportedFeatureProfiles="Core,RemoteTrigger,SmartCharging")
    assert offered_a(bench) == 10.0


# --- what replaces what -----------------------------------------------------------------------


@pytest.mark.obligation("SC-14", "SC-17")
def test_the_same_level_of_the_same_purpose_is_replaced(bench: VirtualBench):
    bench.start()
    install(bench, 1, profile((0, 10), profile_id=1))
    install(bench, 1, profile((0, 20), profile_id=2))
    assert offered_a(bench) == 20.0
    assert clear(bench, id=1) == "Unknown"
    assert clear(bench, id=2) == "Accepted"


@pytest.mark.obligation("SC-14")
def test_connectors_have_stacks_of_their_own(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    first, second = bench.start("A", 1), bench.start("B", 2)
    install(bench, 1, profile((0, 10), purpose=TX, profile_id=1, transactionId=first))
    install(bench, 2, profile((0, 12), purpose=TX, profile_id=2, transactionId=second))
    assert (offered_a(bench, 1), offered_a(bench, 2)) == (10.0, 12.0)


@pytest.mark.obligation("SC-15")
def test_the_same_id_is_replaced_wherever_it_was(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    bench.start("A", 1)
    bench.start("B", 2)
    install(bench, 1, profile((0, 10), profile_id=5, level=3))
    install(bench, 2, profile((0, 12), profile_id=5, level=1))
    assert (offered_a(bench, 1), offered_a(bench, 2)) == (32.0, 12.0)
    install(bench, 0, profile((0, 14), profile_id=5, purpose=MAX))
    assert clear(bench) == "Accepted"
    assert (offered_a(bench, 1), offered_a(bench, 2)) == (32.0, 32.0)


@pytest.mark.obligation("SC-16")
def test_one_that_is_valid_later_replaces_now(bench: VirtualBench):
    bench.start()
    install(bench, 1, profile((0, 10), profile_id=1))
    install(bench, 1, profile((0, 20), profile_id=2, validFrom=at(600)))
    assert offered_a(bench) == 32.0
    bench.advance(600)
    assert offered_a(bench) == 20.0


@pytest.mark.obligation("SC-17")
def test_the_old_one_is_executed_until_the_new_one_is_there(bench: VirtualBench):
    bench.start()
    install(bench, 1, profile((0, 0), profile_id=1))
    assert bench.status() == "SuspendedEVSE"
    assert set_profile(bench, 1, profile((0, 16), profile_id=1, level=99)) == "Rejected"
    bench.advance(60)
    assert bench.statuses()[-2:] == ["Charging", "SuspendedEVSE"]
    install(bench, 1, profile((0, 0), profile_id=1, level=3))
    bench.advance(60)
    assert bench.statuses()[-2:] == ["Charging", "SuspendedEVSE"]


# --- clearing ---------------------------------------------------------------------------------


def install_four(bench: VirtualBench) -> None:
    install(bench, 0, profile((0, 30), profile_id=1, purpose=MAX))
    install(bench, 0, profile((0, 20), profile_id=2, level=1))
    install(bench, 1, profile((0, 16), profile_id=3, level=1))
    install(bench, 1, profile((0, 10), profile_id=4, level=2))


def left(bench: VirtualBench) -> set[int]:
    """Which of the four are still there; they are not afterwards."""
    return {number for number in range(1, 5) if clear(bench, id=number) == "Accepted"}


@pytest.mark.obligation("SC-62", "SC-66")
def test_tc_067_nothing_asked_for_is_everything(bench: VirtualBench):
    bench.start()
    install_four(bench)
    assert offered_a(bench) == 10.0
    assert clear(bench) == "Accepted"
    assert offered_a(bench) == 32.0
    assert composite(bench) == [(0, 32.0)]
    assert clear(bench) == "Unknown"


@pytest.mark.obligation("SC-63", "SC-65", "SC-66")
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"connectorId": 0}, {3, 4}),
        ({"connectorId": 1}, {1, 2}),
        ({"chargingProfilePurpose": DEFAULT}, {1}),
        ({"stackLevel": 1}, {1, 4}),
        ({"stackLevel": 1, "connectorId": 1}, {1, 2, 4}),
        ({"stackLevel": 1, "chargingProfilePurpose": MAX}, {1, 2, 3, 4}),
        ({"stackLevel": 0, "chargingProfilePurpose": MAX, "connectorId": 0}, {2, 3, 4}),
        ({"connectorId": 7}, {1, 2, 3, 4}),
        ({"chargingProfilePurpose": TX}, {1, 2, 3, 4}),
    ],
)
def test_all_that_is_asked_for_has_to_match(
    bench: VirtualBench, fields: dict[str, Any], expected: set[int]
):
    install_four(bench)
    assert clear(bench, **fields) == ("Unknown" if len(expected) == 4 else "Accepted")
    assert left(bench) == expected


@pytest.mark.obligation("SC-64", "SC-66")
def test_with_an_id_nothing_else_counts(bench: VirtualBench):
    install_four(bench)
    assert clear(bench, id=3, connectorId=0, stackLevel=8) == "Accepted"
    assert clear(bench, id=99, connectorId=1) == "Unknown"
    assert left(bench) == {1, 2, 4}


@pytest.mark.obligation("ERR-17")
def test_a_purpose_that_is_none_is_an_error_here_too(bench: VirtualBench):
    refused = bench.ask("ClearChargingProfile", {"chargingProfilePurpose": "All"})
    assert refused.error_code == "PropertyConstraintViolation"


# --- how long they are kept -------------------------------------------------------------------


@pytest.mark.obligation("SC-09")
def test_a_tx_profile_goes_with_its_transaction(bench: VirtualBench):
    transaction_id = bench.start()
    install(bench, 1, profile((0, 10), purpose=TX, transactionId=transaction_id))
    stop(bench)
    assert clear(bench) == "Unknown"
    bench.start()
    assert offered_a(bench) == 32.0


def hard_reset(bench: VirtualBench) -> None:
    bench.ask("Reset", {"type": "Hard"})
    bench.advance(60)


@pytest.mark.obligation("SC-51")
@pytest.mark.parametrize(
    "restart", [hard_reset, VirtualBench.power_cycle, VirtualBench.crash], ids=lambda x: x.__name__
)
def test_profiles_outlive_a_restart(bench: VirtualBench, restart: Callable[[VirtualBench], None]):
    transaction_id = bench.start()
    install(bench, 0, profile((0, 20), profile_id=1, purpose=MAX))
    install(bench, 0, profile((0, 14), profile_id=2))
    install(bench, 1, profile((0, 10), profile_id=3, purpose=TX, transactionId=transaction_id))
    bench.advance(5)
    restart(bench)
    bench.advance(30)
    assert composite(bench, connector_id=1) == [(0, 14.0)]
    assert clear(bench, id=3) == "Unknown"
    bench.drive_away()
    bench.start()
    assert offered_a(bench) == 14.0
    assert clear(bench, id=1) == "Accepted"
    assert clear(bench, id=2) == "Accepted"


@pytest.mark.obligation("SC-51")
def test_a_transaction_that_is_resumed_keeps_its_profile(make_bench: BenchFactory):
    bench = make_bench(behaviour={"power_loss": "resume"})
    bench.start()
    install(bench, 1, profile((0, 10), (120, 0), purpose=TX, start_s=None))
    bench.advance(50)
    bench.power_cycle(10)
    bench.advance(20)
    assert offered_a(bench) == 10.0
    bench.advance_to(120)
    assert bench.status() == "SuspendedEVSE"


@pytest.mark.obligation("SC-52", "SC-53")
def test_profiles_are_kept_to_without_a_link(bench: VirtualBench):
    bench.configure(LocalAuthorizeOffline="true", AllowOfflineTxForUnknownId="true")
    bench.start()
    install(bench, 1, profile((0, 10), purpose=TX, profile_id=1))
    install(bench, 1, profile((0, 0), (300, 12), profile_id=2, level=1))
    bench.cut_link()
    bench.advance(100)
    stop(bench)
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(50)
    bench.restore_link()
    assert bench.status() == "SuspendedEVSE"
    bench.cut_link()
    bench.advance_to(301)
    bench.restore_link()
    assert bench.status() == "Charging"
    assert offered_a(bench) == 12.0


# --- remote start -----------------------------------------------------------------------------


@pytest.mark.obligation("RS-17", "SC-10")
def test_tc_059_a_remote_start_brings_its_profile(bench: VirtualBench):
    install(bench, 1, profile((0, 20), profile_id=1))
    bench.plug_in()
    assert remote_start(bench, profile((0, 10), purpose=TX, profile_id=2)) == "Accepted"
    assert offered_a(bench) == 10.0
    stop(bench)
    bench.start()
    assert offered_a(bench) == 20.0


@pytest.mark.obligation("RS-17")
@pytest.mark.parametrize("authorizes", ["true", "false"])
def test_it_waits_with_the_tag_for_the_cable(make_bench: BenchFactory, authorizes: str):
    bench = make_bench(connectors=2)
    bench.configure(AuthorizeRemoteTxRequests=authorizes)
    later = profile((0, 10), (60, 7), purpose=TX, start_s=None)
    answer = bench.ask("RemoteStartTransaction", {"idTag": "T", "chargingProfile": later})
    assert answer.status == "Accepted"
    bench.advance(30)
    bench.plug_in(2)
    assert offered_a(bench, 2) == 10.0
    bench.advance(60)
    assert offered_a(bench, 2) == 7.0


@pytest.mark.obligation("SN-T-B5", "RS-17", "SC-23")
def test_it_may_begin_without_energy(bench: VirtualBench):
    bench.plug_in()
    assert remote_start(bench, profile((0, 0), (60, 10), purpose=TX, start_s=None)) == "Accepted"
    assert bench.statuses() == ["Available", "Preparing", "SuspendedEVSE"]
    bench.advance(60)
    assert bench.status() == "Charging"


@pytest.mark.obligation("RS-15", "RS-16")
@pytest.mark.parametrize(
    "refused",
    [
        profile((0, 10), purpose=DEFAULT),
        profile((0, 10), purpose=MAX),
        profile((0, 10), purpose=TX, transactionId=1),
        profile((5, 10), purpose=TX),
        profile((0, 10), purpose=TX, level=99),
    ],
)
def test_tc_060_a_remote_start_with_another_profile_is_rejected(
    bench: VirtualBench, refused: dict[str, Any]
):
    bench.plug_in()
    assert remote_start(bench, refused) == "Rejected"
    bench.advance(10)
    assert "StartTransaction" not in bench.actions()
    assert clear(bench) == "Unknown"


@pytest.mark.obligation("RS-18")
def test_without_smart_charging_the_profile_is_ignored(bench: VirtualBench):
    bench.set_configuration(SupportedFeatureProfiles="Core,RemoteTrigger")
    bench.plug_in()
    assert remote_start(bench, profile((0, 10), purpose=DEFAULT)) == "Accepted"
    assert offered_a(bench) == 32.0


@pytest.mark.obligation("RS-19")
def test_it_is_replaced_or_stacked_upon_when_the_id_is_known(bench: VirtualBench):
    bench.plug_in()
    remote_start(bench, profile((0, 10), purpose=TX, profile_id=1, level=2))
    transaction_id = bench.central_system.next_transaction_id - 1
    same = profile((0, 12), purpose=TX, profile_id=2, level=2, transactionId=transaction_id)
    install(bench, 1, same)
    assert offered_a(bench) == 12.0
    assert clear(bench, id=1) == "Unknown"
    above = profile((0, 14), purpose=TX, profile_id=3, level=3, transactionId=transaction_id)
    install(bench, 1, above)
    assert offered_a(bench) == 14.0
    assert clear(bench, id=3) == "Accepted"
    assert offered_a(bench) == 12.0


@pytest.mark.obligation("SC-46", "RS-17")
def test_room_is_kept_for_what_a_remote_start_was_promised(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    bench.set_configuration(MaxChargingProfilesInstalled="1")
    assert remote_start(bench, profile((0, 10), purpose=TX, profile_id=1)) == "Accepted"
    assert set_profile(bench, 2, profile((0, 10), profile_id=2)) == "Rejected"
    bench.plug_in()
    assert offered_a(bench) == 10.0
