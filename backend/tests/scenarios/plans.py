"""Plans as tests write them."""

from __future__ import annotations

from pathlib import Path

from ocppsim.chargepoint.v16.behaviour import check_behaviour
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.runtime.vehicle_library import vehicle_models
from ocppsim.scenarios.plan_text import parse_plan
from ocppsim.scenarios.planned_fleet import PlannedFleet, planned_fleet
from ocppsim.templates import read_catalogue

HEAD = """\
version: 1
start: 2026-03-02T00:00:00Z
duration: 24h
"""
START_S = 1_772_409_600.0


def fleet_of(body: str, head: str = HEAD, directory: Path | None = None) -> PlannedFleet:
    """What a plan in that folder comes to."""
    return planned_fleet(
        parse_plan(head + body),
        templates=read_catalogue(),
        models=vehicle_models(),
        controller_factory=ChargePoint,
        check_behaviour=check_behaviour,
        directory=directory,
    )
