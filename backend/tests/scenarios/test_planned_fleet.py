"""What a plan comes to: chargers, and who comes when."""

from __future__ import annotations

import pytest

from ocppsim.scenarios.plan_fault import PlanFault

from .plans import START_S, fleet_of

DAY_S = 86_400.0


def test_a_group_is_made_from_its_template_and_what_it_says_itself() -> None:
    fleet = fleet_of(
        "chargers: [{count: 4, id_prefix: A-, template: ac-22kw-3p-socket,"
        " phase_rotation: alternate, configuration: {MeterValueSampleInterval: 30,"
        " AuthorizeRemoteTxRequests: false}, charge_point_model: Mine}]"
    )
    assert [charger.definition.charge_point_id for charger in fleet.chargers] == [
        f"A-00{number}" for number in range(1, 5)
    ]
    rotations = [charger.definition.hardware.phase_rotation for charger in fleet.chargers]
    assert rotations == ["RST", "STR", "TRS", "RST"]
    first = fleet.chargers[0]
    assert first.definition.identity.charge_point_model == "Mine"
    assert first.definition.connectors[0].max_power_w == 22_080.0
    assert first.configuration["MeterValueSampleInterval"] == "30"
    assert first.configuration["AuthorizeRemoteTxRequests"] == "false"


def test_connectors_are_alike_or_one_by_one() -> None:
    fleet = fleet_of(
        "chargers: [{ids: [A], connectors: 2, phases: 1},"
        " {ids: [B], connectors: [{power_type: DC}, {max_power_w: 11040}]}]"
    )
    a, b = (charger.definition.connectors for charger in fleet.chargers)
    assert [(one.phases, one.max_power_w, one.cable) for one in a] == [(1, 7_360.0, "socket")] * 2
    assert [(one.power_type, one.max_power_w, one.cable) for one in b] == [
        ("DC", 150_000.0, "tethered"),
        ("AC", 11_040.0, "socket"),
    ]


def test_modules_that_no_charger_can_have_are_refused() -> None:
    for said, told in (
        ("shared_power_w: 1000, module_power_w: 1.0e-9", "more than 500 modules"),
        ("shared_power_w: 1000, module_power_w: 2000", "more than the shared power"),
        ("module_power_w: 2000", "give both"),
    ):
        with pytest.raises(PlanFault, match=told):
            fleet_of(f"chargers: [{{connectors: 2, {said}}}]")


def test_what_is_shared_no_more_is_not_dealt_out_in_modules() -> None:
    fleet = fleet_of("chargers: [{template: dc-2x150kw-shared, shared_power_w: null}]")
    hardware = fleet.chargers[0].definition.hardware
    assert (hardware.shared_power_w, hardware.module_power_w) == (None, None)


def test_a_session_has_the_times_and_the_vehicle_that_the_plan_gives() -> None:
    fleet = fleet_of(
        "chargers: [{connectors: 2}]\n"
        "vehicles: [{name: van, battery_capacity_kwh: 70, id_tags: [V1, V2]}]\n"
        "sessions: [{at: 18:15, charger: CP001, connector: 2, vehicle: van, soc_percent: 12,"
        " departs_at: 06:00, energy_kwh: 20}]"
    )
    (visit,) = fleet.visits
    assert (visit.at_s, visit.departs_at_s) == (65_700.0, DAY_S + 21_600.0)
    assert (visit.chargers, visit.connector_id) == ((0,), 2)
    assert (visit.id_tag, visit.vehicle.soc_percent) == ("V1", 12.0)
    assert visit.vehicle.spec.battery_capacity_kwh == 70.0
    target = visit.vehicle_for("AC").spec.target_soc_percent
    assert target == pytest.approx(12.0 + 100.0 * 20.0 * 0.9 / 70.0)


def test_arrivals_come_as_often_as_the_plan_says_and_when() -> None:
    fleet = fleet_of(
        "chargers: [{count: 10}]\n"
        "arrivals: [{per_charger_per_day: 5, days: [mon, tue, wed, thu, fri],"
        " by_hour: [0,0,0,0,0,0,0,1,2,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0],"
        " stay_h: {uniform: [1, 2]}, soc_percent: {uniform: [10, 50]}}]",
        head="version: 1\nstart: 2026-03-02\nduration: 28d\n",
    )
    expected = 10 * 5 * 20
    assert abs(len(fleet.visits) - expected) < 5 * expected**0.5
    hours = [int(visit.at_s % DAY_S // 3600) for visit in fleet.visits]
    assert set(hours) == {7, 8, 9}
    assert abs(hours.count(8) / len(hours) - 0.5) < 0.08
    weekdays = {int((START_S + visit.at_s) // DAY_S + 3) % 7 for visit in fleet.visits}
    assert weekdays == {0, 1, 2, 3, 4}
    for visit in fleet.visits:
        assert 3_599.0 <= visit.departs_at_s - visit.at_s <= 7_201.0
        assert 10.0 <= visit.vehicle.soc_percent <= 50.0
    at_s = [visit.at_s for visit in fleet.visits]
    assert at_s == sorted(at_s)


def test_arrivals_follow_the_seed() -> None:
    body = "chargers: [{}]\narrivals: [{per_day: 20, stay_h: 1}]\n"
    assert fleet_of(body + "seed: 1").visits == fleet_of(body + "seed: 1").visits
    assert fleet_of(body + "seed: 1").visits != fleet_of(body + "seed: 2").visits


def test_a_pattern_does_not_change_with_another_one_beside_it() -> None:
    one = "{per_day: 20, stay_h: {uniform: [1, 3]}}"
    alone = fleet_of(f"chargers: [{{}}]\narrivals: [{one}]").visits
    both = fleet_of(f"chargers: [{{}}]\narrivals: [{one}, {{per_day: 5, stay_h: 9}}]").visits
    assert {(visit.at_s, visit.departs_at_s) for visit in alone} <= {
        (visit.at_s, visit.departs_at_s) for visit in both
    }


def test_a_vehicle_is_at_one_place_at_a_time() -> None:
    fleet = fleet_of(
        "chargers: [{count: 5}]\n"
        "vehicles: [{name: pool, count: 3}]\n"
        "arrivals: [{per_day: 60, stay_h: {uniform: [0.5, 4]}}]"
    )
    away_until_s: dict[str, float] = {}
    for visit in fleet.visits:
        assert away_until_s.get(visit.id_tag, 0.0) <= visit.at_s
        away_until_s[visit.id_tag] = visit.departs_at_s
    assert set(away_until_s) == {"POOL-1", "POOL-2", "POOL-3"}
    assert fleet.without_vehicle > 0


def test_the_groups_come_in_their_shares() -> None:
    fleet = fleet_of(
        "chargers: [{count: 5}]\n"
        "vehicles: [{name: often, share: 3}, {name: seldom}]\n"
        "arrivals: [{per_day: 1000, stay_h: 1}]"
    )
    often = sum(visit.vehicle.name.startswith("often") for visit in fleet.visits)
    assert abs(often / len(fleet.visits) - 0.75) < 0.08


def test_the_csms_sends_what_the_plan_says_to_whom_it_says() -> None:
    fleet = fleet_of(
        "chargers: [{count: 2, id_prefix: A}, {count: 2, id_prefix: B}]\n"
        "csms: {accepted_tags: [X], refused_tags: {Y: Blocked},\n"
        "  calls: [{at: 6h, every: 12h, chargers: 'A*', action: ClearCache}]}"
    )
    assert [(call.at_s, call.charger) for call in fleet.csms.calls] == [
        (21_600.0, 0),
        (21_600.0, 1),
        (64_800.0, 0),
        (64_800.0, 1),
    ]
    assert fleet.csms.id_tags == {"X": "Accepted", "Y": "Blocked"}
    assert fleet.csms.other_tags == "Invalid"
