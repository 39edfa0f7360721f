"""What goes wrong in a plan: when, where, and drawn from the seed."""

from __future__ import annotations

import pytest

from ocppsim.scenarios.plan_fault import PlanFault

from .plans import fleet_of

CHARGERS = "chargers: [{count: 2, id_prefix: A, connectors: 2}, {count: 2, id_prefix: B}]\n"


def test_a_disturbance_comes_when_and_where_the_plan_says() -> None:
    fleet = fleet_of(
        CHARGERS + "disturbances:\n"
        "  - {kind: fault, at: 06:00, every: 12h, lasts_min: 30, chargers: 'A*', connector: 2,"
        " error_code: GroundFailure}\n"
        "  - {kind: restart, at: 1h, chargers: B001}\n"
    )
    assert [
        (one.kind, one.charger, one.at_s, one.until_s, one.connector_id, one.error_code)
        for one in fleet.disturbances
    ] == [
        ("fault", 0, 21_600.0, 23_400.0, 2, "GroundFailure"),
        ("fault", 0, 64_800.0, 66_600.0, 2, "GroundFailure"),
        ("fault", 1, 21_600.0, 23_400.0, 2, "GroundFailure"),
        ("fault", 1, 64_800.0, 66_600.0, 2, "GroundFailure"),
        ("restart", 2, 3_600.0, 3_600.0, 0, "OtherError"),
    ]


def test_chance_follows_the_seed_and_the_charger_alone() -> None:
    one = "{kind: offline, per_charger_per_day: 20, lasts_min: {uniform: [1, 60]}, name: flaky}"
    two = "{kind: power_cut, at: 10:00, share: 0.5, lasts_min: 5}"
    alone = fleet_of(f"{CHARGERS}disturbances: [{one}]").disturbances
    both = fleet_of(f"{CHARGERS}disturbances: [{two}, {one}]").disturbances
    assert [each for each in both if each.kind == "offline"] == list(alone)
    assert fleet_of(f"seed: 1\n{CHARGERS}disturbances: [{one}]").disturbances != alone
    by_charger = [[each.at_s for each in alone if each.charger == place] for place in range(4)]
    assert len({tuple(times_s) for times_s in by_charger}) == 4
    assert 40 < len(alone) < 130
    assert all(60.0 <= round(each.until_s - each.at_s, 2) <= 3_600.0 for each in alone)


def test_a_share_of_the_chargers_is_hit() -> None:
    fleet = fleet_of(
        "chargers: [{count: 1000}]\n"
        "disturbances: [{kind: offline, at: 1h, share: 0.1, lasts_min: 5}]"
    )
    assert 70 < len(fleet.disturbances) < 130


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{kind: fire, at: 1h}", "disturbances[0].kind: it must be 'fault', 'offline'"),
        ("{kind: offline, lasts_min: 1}", "give either at or per_charger_per_day"),
        ("{kind: offline, at: 1h}", "disturbances[0].lasts_min: it is missing"),
        ("{kind: restart, at: 1h, lasts_min: 1}", "lasts_min: it is not for what comes as restart"),
        (
            "{kind: offline, at: 1h, lasts_min: 1, connector: 1}",
            "connector: it is not for what comes as offline",
        ),
        (
            "{kind: offline, per_charger_per_day: 1, lasts_min: 1, share: 0.5}",
            "share: it is not for what comes by chance",
        ),
        ("{kind: offline, at: 1h, lasts_min: -1}", "lasts_min: what is drawn must be from 0"),
        ("{kind: fault, at: 1h, lasts_min: 1, error_code: NoError}", "error_code: NoError is no"),
        ("{kind: fault, at: 1h, lasts_min: 1, error_code: Fire}", "error_code: it must be"),
        ("{kind: fault, at: 1h, lasts_min: 1, connector: 2}", "disturbances[0].connector: B001"),
        ("{kind: poor_network, at: 1h, lasts_min: 1}", "at least one of latency_ms, jitter_ms"),
        ("{kind: offline, at: 1h, lasts_min: 1, loss: 1}", "loss: it is not for what comes as off"),
        ("{kind: restart, at: 1h, chargers: X}", "chargers: no charger is called 'X'"),
        ("{kind: restart, at: 2026-03-01T00:00Z}", "disturbances[0].at: it is before the start"),
    ],
)
def test_what_cannot_go_wrong_is_told_with_its_place(body: str, message: str) -> None:
    with pytest.raises(PlanFault) as caught:
        fleet_of(f"{CHARGERS}disturbances: [{body}]")
    assert message in str(caught.value)
