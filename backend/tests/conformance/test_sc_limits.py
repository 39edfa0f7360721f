"""SC: which limit holds when, at the connector and on the wire (1.6 ed.2 §3.13, §7.7-7.14)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from ocppsim.physics import VehicleSpec
from ocppsim.protocol.v16.date_time import parse_date_time
from ocppsim.simulation.resolved_vehicle import ResolvedVehicle
from ocppsim.simulation.virtual_bench import VirtualBench
from tests.conformance.charging import (
    DEFAULT,
    MAX,
    TX,
    at,
    clear,
    composite,
    install,
    measured,
    offered_a,
    profile,
    set_profile,
    stop,
)

BenchFactory = Callable[..., VirtualBench]
DAY_S = 86_400


def offers(bench: VirtualBench, *seconds: float) -> list[float]:
    """Current.Offered at these seconds of the bench."""
    found: list[float] = []
    for second in seconds:
        bench.advance_to(second)
        found.append(offered_a(bench))
    return found


# --- which profile ----------------------------------------------------------------------------


@pytest.mark.obligation("SC-02", "SC-03")
def test_a_default_of_the_charge_point_is_for_all_but_those_with_their_own(
    make_bench: BenchFactory,
):
    bench = make_bench(connectors=3)
    for connector_id in (1, 2, 3):
        bench.start(f"TAG{connector_id}", connector_id)
    install(bench, 0, profile((0, 20), profile_id=1, level=5))
    assert [offered_a(bench, connector_id) for connector_id in (1, 2, 3)] == [20.0] * 3
    install(bench, 2, profile((0, 10), profile_id=2, level=1))
    assert [offered_a(bench, connector_id) for connector_id in (1, 2, 3)] == [20.0, 10.0, 20.0]
    clear(bench, id=2)
    assert [offered_a(bench, connector_id) for connector_id in (1, 2, 3)] == [20.0] * 3


@pytest.mark.obligation("SC-05", "SC-10")
def test_a_tx_profile_overrules_the_default_for_its_transaction(bench: VirtualBench):
    install(bench, 1, profile((0, 10), profile_id=1, level=8))
    transaction_id = bench.start()
    assert offered_a(bench) == 10.0
    install(bench, 1, profile((0, 20), purpose=TX, profile_id=2, transactionId=transaction_id))
    assert offered_a(bench) == 20.0
    stop(bench)
    bench.start()
    assert offered_a(bench) == 10.0


@pytest.mark.obligation("SC-11", "SC-12")
def test_tc_082_a_default_that_comes_changes_or_goes_acts_at_once(bench: VirtualBench):
    bench.start()
    assert offered_a(bench) == 32.0
    install(bench, 0, profile((0, 10), profile_id=1))
    assert offered_a(bench) == 10.0
    install(bench, 0, profile((0, 8), profile_id=1))
    assert offered_a(bench) == 8.0
    install(bench, 1, profile((0, 12), profile_id=2))
    assert offered_a(bench) == 12.0
    clear(bench, chargingProfilePurpose=DEFAULT)
    assert offered_a(bench) == 32.0
    assert len(bench.sent("StartTransaction")) == 1
    assert bench.status() == "Charging"


@pytest.mark.obligation("SC-11")
def test_a_default_leaves_a_transaction_with_its_own_profile_alone(bench: VirtualBench):
    bench.start()
    install(bench, 1, profile((0, 10), purpose=TX, profile_id=1))
    install(bench, 1, profile((0, 8), profile_id=2))
    assert offered_a(bench) == 10.0
    clear(bench, id=1)
    assert offered_a(bench) == 8.0


@pytest.mark.obligation("SC-13", "SC-18", "SC-19", "SC-36")
def test_tc_072_the_highest_level_that_is_valid_holds(bench: VirtualBench):
    bench.start()
    install(bench, 1, profile((0, 20), profile_id=1, level=0))
    install(bench, 1, profile((0, 8), profile_id=2, level=3, validFrom=at(100), validTo=at(200)))
    install(bench, 1, profile((0, 12), profile_id=3, level=1, start_s=150, duration_s=150))
    assert offers(bench, 50, 100, 150, 200, 299, 300) == [20.0, 8.0, 8.0, 12.0, 12.0, 20.0]
    install(bench, 1, profile((0, 7), profile_id=4, level=8))
    assert offers(bench, 400, 100_000) == [7.0, 7.0]


@pytest.mark.obligation("SC-20")
@pytest.mark.parametrize(("whole_a", "own_a"), [(16, 10), (10, 16), (12, 12)])
def test_the_smaller_of_both_limits_holds(bench: VirtualBench, whole_a: float, own_a: float):
    bench.start()
    install(bench, 0, profile((0, whole_a), purpose=MAX, profile_id=1))
    install(bench, 1, profile((0, own_a), purpose=TX, profile_id=2))
    assert offered_a(bench) == min(whole_a, own_a)


@pytest.mark.obligation("SC-20")
def test_the_limit_of_the_charge_point_holds_without_any_other(bench: VirtualBench):
    install(bench, 0, profile((0, 16), (60, 8), purpose=MAX))
    bench.start()
    assert offers(bench, 0, 60) == [16.0, 8.0]


@pytest.mark.obligation("SC-19", "SC-20")
@pytest.mark.parametrize(("exhausted", "after_a"), [("no_fallback", 16.0), ("tx_default", 8.0)])
def test_when_a_tx_profile_is_over(make_bench: BenchFactory, exhausted: str, after_a: float):
    bench = make_bench(behaviour={"tx_profile_exhausted": exhausted})
    bench.start()
    install(bench, 0, profile((0, 16), purpose=MAX, profile_id=1))
    install(bench, 1, profile((0, 8), profile_id=2))
    install(
        bench,
        1,
        profile((0, 12), purpose=TX, profile_id=3, duration_s=100, validTo=at(200)),
    )
    assert offers(bench, 0, 99, 100, 199, 200) == [12.0, 12.0, after_a, after_a, 8.0]


@pytest.mark.obligation("SC-21")
def test_connectors_share_the_limit_of_the_charge_point(make_bench: BenchFactory):
    bench = make_bench(connectors=3)
    install(bench, 0, profile((0, 30), purpose=MAX))
    bench.start("A", 1)
    assert offered_a(bench, 1) == 30.0
    bench.start("B", 2)
    assert (offered_a(bench, 1), offered_a(bench, 2)) == (15.0, 15.0)
    bench.start("C", 3)
    shares = [offered_a(bench, connector_id) for connector_id in (1, 2, 3)]
    assert shares == [10.0] * 3
    flows_a = sum(measured(bench, connector_id)["Current.Import L1"] for connector_id in (1, 2, 3))
    assert 28.0 < flows_a <= 30.0
    bench.ev_draws(False, 2)
    assert (offered_a(bench, 1), offered_a(bench, 3)) == (15.0, 15.0)
    bench.ev_draws(True, 2)
    stop(bench, 1)
    assert (offered_a(bench, 2), offered_a(bench, 3)) == (15.0, 15.0)
    bench.raise_fault("GroundFailure", 2)
    assert offered_a(bench, 3) == 30.0


@pytest.mark.obligation("SC-21", "SC-23")
def test_where_there_is_too_little_for_all_the_later_one_waits(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    install(bench, 0, profile((0, 10), purpose=MAX))
    bench.start("A", 1)
    bench.advance(10)
    bench.start("B", 2)
    assert (bench.status(1), bench.status(2)) == ("Charging", "SuspendedEVSE")
    stop(bench, 1)
    assert bench.status(2) == "Charging"
    assert offered_a(bench, 2) == 10.0


@pytest.mark.obligation("SC-22")
def test_without_profiles_only_the_hardware_limits(bench: VirtualBench):
    bench.start()
    assert offered_a(bench) == 32.0


@pytest.mark.obligation("SC-22", "MV-32")
def test_a_cable_limits_too(bench: VirtualBench):
    bench.act(
        lambda charger, now: charger.plug_in(
            bench.charger.plant.connector_ids[0], bench.vehicle, now, cable_current_a=20.0
        )
    )
    bench.tag("TAG")
    assert offered_a(bench) == 20.0
    install(bench, 1, profile((0, 16)))
    assert offered_a(bench) == 16.0
    install(bench, 1, profile((0, 25)))
    assert offered_a(bench) == 20.0


# --- suspended --------------------------------------------------------------------------------


@pytest.mark.obligation("SC-23", "SN-23", "SN-T-C5", "SN-T-E3", "MV-32")
@pytest.mark.parametrize("limit_a", [0, 5.9])
def test_less_than_a_pilot_can_offer_suspends(bench: VirtualBench, limit_a: float):
    bench.start()
    bench.advance(100)
    install(bench, 1, profile((0, limit_a), (1000, 6)))
    assert bench.statuses()[-2:] == ["Charging", "SuspendedEVSE"]
    suspended = measured(bench)
    assert suspended["Current.Offered"] == suspended["Power.Offered"] == 0.0
    assert suspended["Power.Active.Import"] == suspended["Current.Import L1"] == 0.0
    energy_wh = suspended["Energy.Active.Import.Register"]
    assert energy_wh > 0
    bench.advance_to(999)
    assert measured(bench)["Energy.Active.Import.Register"] == energy_wh
    bench.advance_to(1000)
    assert bench.status() == "Charging"
    resumed = measured(bench)
    assert resumed["Current.Offered"] == 6.0
    assert 0 < resumed["Power.Active.Import"] <= 6 * 690
    assert len(bench.sent("StartTransaction")) == 1
    assert not bench.sent("StopTransaction")


@pytest.mark.obligation("SC-23", "SN-T-D5", "SN-T-E4", "SN-T-D3")
def test_both_sides_may_suspend(bench: VirtualBench):
    bench.start()
    bench.ev_draws(False)
    install(bench, 1, profile((0, 0)))
    assert bench.statuses()[-3:] == ["Charging", "SuspendedEV", "SuspendedEVSE"]
    clear(bench)
    assert bench.status() == "SuspendedEV"
    bench.ev_draws(True)
    assert bench.status() == "Charging"


@pytest.mark.obligation("SN-T-B5", "SC-23", "SC-10")
def test_a_transaction_may_begin_suspended(bench: VirtualBench):
    install(bench, 0, profile((0, 0), (60, 16)))
    bench.start()
    assert bench.statuses() == ["Available", "Preparing", "SuspendedEVSE"]
    bench.advance(60)
    assert bench.statuses()[2:] == ["SuspendedEVSE", "Charging"]


@pytest.mark.obligation("SN-T-E6", "SN-T-E9", "SN-T-I5", "SC-23")
def test_a_suspended_transaction_ends_and_breaks_like_any_other(bench: VirtualBench):
    install(bench, 1, profile((0, 0)))
    bench.start()
    bench.raise_fault("GroundFailure")
    bench.clear_fault()
    assert bench.statuses()[-3:] == ["SuspendedEVSE", "Faulted", "SuspendedEVSE"]
    bench.stop_button()
    assert bench.status() == "Finishing"
    assert len(bench.sent("StopTransaction")) == 1


# --- when -------------------------------------------------------------------------------------


@pytest.mark.obligation("SC-25", "SC-26", "SC-29")
def test_a_period_ends_where_the_next_begins_and_the_last_goes_on(bench: VirtualBench):
    bench.start()
    install(bench, 1, profile((0, 10), (60, 12), (120, 14), start_s=30))
    instants = (29, 30, 89, 90, 149, 150, 100_000)
    assert offers(bench, *instants) == [32.0, 10.0, 10.0, 12.0, 12.0, 14.0, 14.0]


@pytest.mark.obligation("SC-27", "SC-28")
def test_a_duration_cuts_off_or_stretches_what_it_has(bench: VirtualBench):
    bench.start()
    install(bench, 1, profile((0, 10), (60, 12), (300, 14), duration_s=200))
    assert offers(bench, 0, 60, 199, 200, 300) == [10.0, 12.0, 12.0, 32.0, 32.0]


@pytest.mark.obligation("SC-30")
def test_a_relative_schedule_begins_with_the_transaction(bench: VirtualBench):
    install(bench, 1, profile((0, 10), (60, 12), start_s=None))
    bench.advance_to(500)
    bench.start()
    assert offers(bench, 559, 560) == [10.0, 12.0]
    stop(bench)
    bench.advance_to(1000)
    bench.start()
    assert offers(bench, 1059, 1060) == [10.0, 12.0]


@pytest.mark.obligation("SC-26", "SC-31")
def test_without_a_start_an_absolute_one_does_too(bench: VirtualBench):
    homeless = profile((0, 10), (60, 12))
    del homeless["chargingSchedule"]["startSchedule"]
    install(bench, 1, homeless)
    bench.advance_to(500)
    bench.start()
    assert offers(bench, 559, 560, 50_000) == [10.0, 12.0, 12.0]


@pytest.mark.obligation("SC-31")
def test_or_it_is_refused_where_the_charger_is_set_so(make_bench: BenchFactory):
    bench = make_bench(behaviour={"absolute_without_start": "reject"})
    homeless = profile((0, 10))
    del homeless["chargingSchedule"]["startSchedule"]
    assert set_profile(bench, 1, homeless) == "Rejected"


@pytest.mark.obligation("SC-32", "SC-34", "SC-35")
def test_a_daily_schedule_begins_anew_every_day(bench: VirtualBench):
    bench.configure(MeterValueSampleInterval="0", HeartbeatInterval="86400")
    bench.start()
    install(bench, 1, profile((0, 20), profile_id=1, level=0))
    daily = profile(
        (0, 10),
        (3600, 12),
        profile_id=2,
        level=1,
        start_s=7200,
        duration_s=7200,
        recurrency="Daily",
    )
    install(bench, 1, daily)
    day = (3600, 7200, 10_800, 14_399, 14_400)
    expected = [20.0, 10.0, 12.0, 12.0, 20.0]
    assert offers(bench, *day) == expected
    assert offers(bench, *(second + DAY_S for second in day)) == expected
    assert offers(bench, *(second + 5 * DAY_S for second in day)) == expected
    clear(bench, id=1)
    assert offers(bench, 6 * DAY_S, 6 * DAY_S + 7200, 6 * DAY_S + 14_400) == [32.0, 10.0, 32.0]


@pytest.mark.obligation("SC-32", "SC-34")
def test_a_weekly_schedule_begins_anew_every_week(bench: VirtualBench):
    bench.configure(MeterValueSampleInterval="0", HeartbeatInterval="86400")
    bench.start()
    weekly = profile(
        (0, 10), (DAY_S, 12), (8 * DAY_S, 14), recurrency="Weekly", duration_s=9 * DAY_S
    )
    install(bench, 1, weekly)
    days = [second * DAY_S for second in (0.5, 1, 6.5, 7, 7.5, 8, 14, 15)]
    assert offers(bench, *days) == [10.0, 12.0, 12.0, 10.0, 10.0, 12.0, 10.0, 12.0]


@pytest.mark.obligation("SC-36")
def test_a_tx_profile_may_have_a_validity_as_well(bench: VirtualBench):
    bench.start()
    install(bench, 1, profile((0, 20), profile_id=1))
    own = profile((0, 10), purpose=TX, profile_id=2, validFrom=at(60), validTo=at(120))
    install(bench, 1, own)
    assert offers(bench, 59, 60, 119, 120) == [20.0, 10.0, 10.0, 20.0]


@pytest.mark.obligation("SC-29", "HB-08")
def test_schedules_follow_the_clock_and_transactions_do_not(bench: VirtualBench):
    bench.start()
    install(bench, 1, profile((0, 20), (7200, 10), profile_id=1))
    install(bench, 0, profile((0, 30), (3600, 8), purpose=MAX, start_s=None, profile_id=2))
    bench.advance(100)
    assert offered_a(bench) == 20.0
    bench.set_clock(7200)
    assert offered_a(bench) == 10.0
    bench.set_clock(0)
    assert offered_a(bench) == 20.0
    bench.advance_to(3600)
    assert offered_a(bench) == 8.0


@pytest.mark.obligation("SC-25", "MV-32")
@pytest.mark.parametrize("interval_s", [20, 60])
def test_a_sample_at_the_instant_of_a_change_is_of_the_new_period(
    bench: VirtualBench, interval_s: int
):
    bench.configure(
        MeterValueSampleInterval=str(interval_s), MeterValuesSampledData="Current.Offered"
    )
    bench.advance_to(8.0)
    transaction_id = bench.start()
    periods = profile((0, 20), (60, 10), (120, 0), (180, 8), purpose=TX, start_s=None)
    install(bench, 1, periods | {"transactionId": transaction_id})
    bench.advance(200)
    started_s = parse_date_time(bench.sent("StartTransaction")[0]["timestamp"])
    offered = {
        round(parse_date_time(value["timestamp"]) - started_s): value["sampledValue"][0]["value"]
        for sent in bench.sent("MeterValues")
        for value in sent["meterValue"]
    }
    assert [float(offered[second]) for second in (60, 120, 180)] == [10.0, 0.0, 8.0]


# --- units and phases -------------------------------------------------------------------------


def vehicle(phases: int) -> ResolvedVehicle:
    spec = VehicleSpec(
        name="car", ac_phases=phases, ac_max_power_kw=7.36 * phases, battery_capacity_kwh=80.0
    )
    return ResolvedVehicle(None, "car", spec, 10.0)


@pytest.mark.obligation("SC-38", "SC-39", "SC-40", "MV-32")
def test_amperes_are_of_a_phase_and_watts_of_all(bench: VirtualBench):
    bench.start()
    install(bench, 1, profile((0, 10)))
    by_current = measured(bench)
    assert (by_current["Current.Offered"], by_current["Power.Offered"]) == (10.0, 6900.0)
    install(bench, 1, profile((0, 5520), unit="W"))
    by_power = measured(bench)
    assert (by_power["Current.Offered"], by_power["Power.Offered"]) == (8.0, 5520.0)
    assert by_power["Power.Active.Import"] == pytest.approx(5520, rel=0.02)
    install(bench, 1, profile((0, 5520, 3), unit="W"))
    assert measured(bench) == by_power


@pytest.mark.obligation("SC-41", "SC-43")
@pytest.mark.parametrize("number_of_phases", [None, 3])
def test_more_phases_than_there_are_change_no_limit(
    bench: VirtualBench, number_of_phases: int | None
):
    bench.vehicle = vehicle(1)
    bench.start()
    period = (0, 16) if number_of_phases is None else (0, 16, number_of_phases)
    install(bench, 1, profile(period))
    reading = measured(bench)
    assert reading["Current.Offered"] == 16.0
    assert reading["Current.Import L1"] == pytest.approx(16, rel=0.02)
    assert reading["Power.Active.Import"] == pytest.approx(3680, rel=0.02)


@pytest.mark.obligation("MV-32", "SC-41")
@pytest.mark.parametrize("phases", [1, 2])
def test_the_power_offered_is_on_the_phases_that_the_vehicle_has(bench: VirtualBench, phases: int):
    bench.vehicle = vehicle(phases)
    bench.start()
    assert measured(bench)["Power.Offered"] == pytest.approx(7360 * phases)
    install(bench, 1, profile((0, 10)))
    assert measured(bench)["Power.Offered"] == pytest.approx(2300 * phases)
    install(bench, 1, profile((0, 4140), unit="W"))
    reading = measured(bench)
    assert reading["Power.Offered"] == pytest.approx(4140)
    assert reading["Current.Offered"] == pytest.approx(18 / phases)


@pytest.mark.obligation("SC-41")
def test_a_charger_with_one_phase_uses_the_limit_as_it_is(make_bench: BenchFactory):
    bench = make_bench(phases=1)
    bench.vehicle = vehicle(1)
    bench.start()
    install(bench, 1, profile((0, 3680, 3), unit="W"))
    assert measured(bench)["Current.Offered"] == 16.0
    install(bench, 1, profile((0, 10, 3)))
    assert measured(bench)["Power.Offered"] == 2300.0


@pytest.mark.obligation("SC-43", "CFG-K45")
@pytest.mark.parametrize(("switches", "phases_in_use"), [("false", 3), ("true", 1)])
def test_phases_are_switched_only_where_that_is_possible(
    bench: VirtualBench, switches: str, phases_in_use: int
):
    bench.set_configuration(ConnectorSwitch3to1PhaseSupported=switches)
    bench.start()
    bench.advance(60)
    install(bench, 1, profile((0, 10, 1)))
    reading = measured(bench)
    flowing = [reading[f"Current.Import L{phase}"] > 0 for phase in (1, 2, 3)]
    assert flowing == [phase <= phases_in_use for phase in (1, 2, 3)]
    assert reading["Current.Offered"] == 10.0
    assert reading["Power.Offered"] == pytest.approx(2300 * phases_in_use)
    assert reading["Power.Active.Import"] == pytest.approx(2300 * phases_in_use, rel=0.02)
    powers_w = [reading[f"Power.Active.Import L{phase}"] for phase in (1, 2, 3)]
    assert sum(powers_w) == pytest.approx(reading["Power.Active.Import"], abs=0.2)


@pytest.mark.obligation("SC-38", "SC-23")
def test_direct_current_is_limited_by_its_power(make_bench: BenchFactory):
    bench = make_bench(power_type="DC", cable="tethered")
    bench.start()
    install(bench, 1, profile((0, 15_000), (60, 0), unit="W", start_s=None))
    reading = measured_dc(bench)
    assert reading["Power.Offered"] == 15_000.0
    assert reading["Power.Active.Import"] == 15_000.0
    bench.advance(60)
    assert bench.status() == "SuspendedEVSE"
    assert measured_dc(bench)["Power.Active.Import"] == 0.0


def measured_dc(bench: VirtualBench) -> dict[str, float]:
    bench.configure(MeterValuesSampledData="Power.Offered,Power.Active.Import")
    bench.ask("TriggerMessage", {"requestedMessage": "MeterValues", "connectorId": 1})
    values: list[dict[str, Any]] = bench.sent("MeterValues")[-1]["meterValue"][0]["sampledValue"]
    return {value["measurand"]: float(value["value"]) for value in values}


@pytest.mark.obligation("SC-42")
def test_a_minimum_rate_is_taken_and_changes_nothing(bench: VirtualBench):
    bench.start()
    install(bench, 1, profile((0, 10), schedule={"minChargingRate": 8.0}))
    assert offered_a(bench) == 10.0
    assert composite(bench) == [(0, 10.0)]


@pytest.mark.obligation("SC-25", "MV-32")
def test_the_energy_is_that_of_the_limits(bench: VirtualBench):
    spec = msgspec.structs.replace(bench.vehicle.spec, ac_efficiency=1.0)
    bench.vehicle = msgspec.structs.replace(bench.vehicle, spec=spec)
    install(bench, 1, profile((0, 16), (1800, 0), (3600, 8), (5400, 32), start_s=None))
    bench.start()
    bench.advance(7200)
    energy_wh = measured(bench)["Energy.Active.Import.Register"]
    at_most_wh = 690 * (16 + 0 + 8 + 32) / 2
    assert at_most_wh * 0.98 < energy_wh <= at_most_wh
