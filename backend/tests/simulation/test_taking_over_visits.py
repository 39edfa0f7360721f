"""A driver who takes over: who is there stays or leaves, and each visit is written down once."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.simulation.fleet_driver import FleetDriver
from ocppsim.simulation.fleet_records import FleetTotals
from ocppsim.simulation.leaving import UNPLUGS_AFTER_S
from ocppsim.simulation.resolved_vehicle import DEFAULT_VEHICLE
from ocppsim.simulation.visit import StoredVisit, Visit

ONE = ConnectorId(1)
NOW_S = 50.0
VISIT = Visit(
    number=7,
    at_s=10.0,
    departs_at_s=90.0,
    chargers=(0,),
    connector_id=None,
    vehicle=DEFAULT_VEHICLE,
    id_tag="TAG",
    tag_after_s=5.0,
)


class Scene:
    """A charger with one connector, and what is planned to be done."""

    def __init__(self, *, cable: str, transaction: object = None) -> None:
        self.cable = cable
        self.totals = FleetTotals()
        self.planned_s: list[float] = []
        self.remembered: list[StoredVisit | None] = []
        plant = SimpleNamespace(
            cable=lambda _connector: self.cable,
            is_vehicle_connected=lambda _connector: self.cable == "vehicle",
        )
        charger = SimpleNamespace(
            plant=plant,
            connector_view=lambda _connector: SimpleNamespace(transaction=transaction),
            unplug=self._unplug,
        )
        member: Any = SimpleNamespace(
            name="CP1",
            connector_ids=(ONE,),
            charger=charger,
            do_at=lambda _now_s, deed: deed(charger, None),
            reading=lambda _connector, _now_s: SimpleNamespace(
                energy_wh=1500.0, soc_percent=50.0, power_w=0.0
            ),
        )
        rows: Any = SimpleNamespace(session=lambda _row: None)
        self.driver = FleetDriver(
            [member],
            rows,
            self.totals,
            start_epoch_s=0.0,
            seed=1,
            schedule=self._schedule,
            remember=lambda _place, _connector, visit: self.remembered.append(visit),
        )

    def _schedule(self, at_s: float, _deed: Callable[[float], object]) -> None:
        self.planned_s.append(at_s)

    def _unplug(self, _connector: ConnectorId, side: str, _now: object) -> None:
        assert side == "charger"
        self.cable = "none"

    def take_over(self, outcome: str, left_at_s: float | None = None) -> None:
        stored = StoredVisit(7, 10.0, 1000.0, outcome, left_at_s, 1200.0)
        self.driver.take_over(0, ONE, VISIT, stored, NOW_S)


def test_whose_transaction_has_ended_meanwhile_leaves() -> None:
    scene = Scene(cable="vehicle")
    scene.take_over("charged")
    assert scene.driver.plugged_in == 1
    assert scene.planned_s == [NOW_S + UNPLUGS_AFTER_S]
    assert scene.totals.sessions == 0


def test_whose_transaction_goes_on_stays_until_the_time_has_come() -> None:
    scene = Scene(cable="vehicle", transaction=SimpleNamespace(state="running"))
    scene.take_over("charged")
    assert scene.planned_s == [VISIT.departs_at_s]


def test_who_had_not_shown_the_tag_does_so_now() -> None:
    scene = Scene(cable="vehicle")
    scene.take_over("no_transaction")
    assert scene.planned_s == [NOW_S, VISIT.departs_at_s]


@pytest.mark.parametrize("cable", ["none", "socket"])
def test_whose_vehicle_is_out_already_has_gone(cable: str) -> None:
    scene = Scene(cable=cable)
    scene.take_over("charged")
    assert scene.cable == "none"
    assert scene.driver.plugged_in == 0
    assert (scene.totals.outcomes, scene.totals.energy_wh) == ({"charged": 1}, 500.0)
    assert scene.remembered == [StoredVisit(7, 10.0, 1000.0, "charged", NOW_S, 1500.0)]


def test_a_visit_that_was_over_is_written_down_as_it_was() -> None:
    scene = Scene(cable="none")
    scene.take_over("refused", left_at_s=40.0)
    assert (scene.totals.outcomes, scene.totals.energy_wh) == ({"refused": 1}, 200.0)
    assert scene.driver.plugged_in == 0
    assert scene.remembered == []
