"""Parts of a fleet: together they are the whole, and a charger stays where it is."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.chargepoint.v16.behaviour import check_behaviour
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.fleet.shard import Shard, part_of
from ocppsim.runtime.vehicle_library import vehicle_models
from ocppsim.scenarios.plan_text import parse_plan
from ocppsim.scenarios.planned_fleet import PlannedFleet, planned_fleet
from ocppsim.templates import read_catalogue

PLAN = """\
version: 1
start: 2026-03-02T00:00:00Z
duration: 24h
chargers: [{count: 60}]
arrivals: [{per_charger_per_day: 5, stay_h: 1}]
sessions: [{at: 1h, charger: CP007, duration: 1h, id_tag: NAMED}]
disturbances: [{kind: restart, per_charger_per_day: 3}]
csms: {calls: [{at: 1h, action: GetLocalListVersion}]}
"""


def fleet_of(text: str) -> PlannedFleet:
    return planned_fleet(
        parse_plan(text),
        templates=read_catalogue(),
        models=vehicle_models(),
        controller_factory=ChargePoint,
        check_behaviour=check_behaviour,
        directory=Path(),
    )


@pytest.fixture(scope="module")
def fleet() -> PlannedFleet:
    return fleet_of(PLAN)


def names_of(part: PlannedFleet, rows: tuple[Any, ...]) -> list[tuple[str, float]]:
    return [(part.chargers[row.charger].definition.charge_point_id, row.at_s) for row in rows]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_all_parts_together_are_the_whole(fleet: PlannedFleet, count: int) -> None:
    parts = [part_of(fleet, Shard(index, count)) for index in range(count)]
    assert sorted(one.definition.charger_id for part in parts for one in part.chargers) == list(
        range(1, 61)
    )
    assert sorted(visit.number for part in parts for visit in part.visits) == sorted(
        visit.number for visit in fleet.visits
    )
    for whole, rows in (
        (names_of(fleet, fleet.disturbances), lambda part: part.disturbances),
        (names_of(fleet, fleet.csms.calls), lambda part: part.csms.calls),
    ):
        assert sorted(name for part in parts for name in names_of(part, rows(part))) == sorted(
            whole
        )


def test_visits_come_to_chargers_of_the_part(fleet: PlannedFleet) -> None:
    for index in range(4):
        part = part_of(fleet, Shard(index, 4))
        for visit in part.visits:
            assert visit.chargers
            assert max(visit.chargers) < len(part.chargers)
            if visit.id_tag == "NAMED":
                (place,) = visit.chargers
                assert part.chargers[place].definition.charge_point_id == "CP007"


@given(st.text(st.characters(codec="ascii"), min_size=1, max_size=48), st.integers(1, 20))
def test_a_charger_is_in_one_part_and_moves_to_a_new_one_only(name: str, count: int) -> None:
    (before,) = [index for index in range(count) if Shard(index, count).has(name)]
    (after,) = [index for index in range(count + 1) if Shard(index, count + 1).has(name)]
    assert after in {before, count}


def test_parts_are_about_of_one_size() -> None:
    sizes = Counter(
        index for n in range(4000) for index in range(4) if Shard(index, 4).has(f"CP{n:05}")
    )
    assert all(900 < size < 1100 for size in sizes.values())


def test_a_site_is_not_divided() -> None:
    fleet = fleet_of(PLAN + "site: {grid_limit_kw: 100}\n")
    assert part_of(fleet, Shard(0, 1)).site is not None
    with pytest.raises(ValueError, match="belong together"):
        part_of(fleet, Shard(0, 2))
