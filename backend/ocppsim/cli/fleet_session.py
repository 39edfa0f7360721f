"""A fleet in this process, from its database to the last charger that goes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec

from ocppsim.fleet.connections import connected_to
from ocppsim.fleet.engine import FleetEngine
from ocppsim.fleet.run_storage import run_storage
from ocppsim.fleet.time_slice import TimeSlice
from ocppsim.main import CONTROLLER_FACTORY
from ocppsim.scenarios.plan import Plan
from ocppsim.scenarios.planned_fleet import PlannedFleet
from ocppsim.simulation.fleet_records import FleetTotals


class Ended(msgspec.Struct, frozen=True):
    """What is known in the end beside the slices."""

    totals: FleetTotals
    open_transactions: int
    disturbances: int


async def run_here(
    plan: Plan,
    planned: PlannedFleet,
    database: Path,
    stopped: asyncio.Event,
    *,
    whole: int,
    on_slice: Callable[[TimeSlice], None],
    on_begin: Callable[[], None],
) -> Ended:
    """Run it; ramps down when ``stopped`` is set. ``whole``: chargers of all parts together."""
    definitions = connected_to(planned.chargers, plan.live, plan.live.csms_urls)
    async with run_storage(database, plan.name, definitions) as storage:
        engine = FleetEngine(
            planned,
            plan.live,
            storage,
            CONTROLLER_FACTORY,
            duration_s=plan.duration,
            seed=plan.seed,
            on_slice=on_slice,
            whole=whole,
        )
        async with asyncio.TaskGroup() as tasks:
            watch = tasks.create_task(_ramp_down_when(stopped, engine))
            try:
                await engine.run(on_begin)
            finally:
                watch.cancel()
    return Ended(engine.totals, engine.open_transactions, engine.disturbances)


async def _ramp_down_when(stopped: asyncio.Event, engine: FleetEngine) -> None:
    await stopped.wait()
    engine.ramp_down()
