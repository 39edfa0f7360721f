"""A part of a fleet in this process, from its database to the last charger that goes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

import msgspec

from ocppsim.fleet.connections import connected_to
from ocppsim.fleet.engine import FleetEngine
from ocppsim.fleet.open_transactions import OpenTransactions
from ocppsim.fleet.part_messages import Done, Joining, Made, PartMessage, Second
from ocppsim.fleet.part_orders import PartOrders
from ocppsim.fleet.run_listener import RunListener
from ocppsim.fleet.run_storage import DatabasePlace, run_storage
from ocppsim.fleet.time_slice import TimeSlice
from ocppsim.main import CONTROLLER_FACTORY
from ocppsim.scenarios.plan import Plan
from ocppsim.scenarios.planned_fleet import PlannedFleet


class PartOrder(msgspec.Struct, frozen=True):
    """What to run: chargers of a plan, where they keep their journal, and how many all are."""

    plan: Plan
    planned: PlannedFleet
    database: DatabasePlace
    whole: int
    log_level: str = "error"


async def run_part(
    order: PartOrder, orders: PartOrders, tell: Callable[[PartMessage], None]
) -> None:
    """Run it to its end; ``tell`` is called on any thread, and returns at once.

    What is told is stored: whoever takes over when this has died need know no more.
    """
    plan = order.plan
    definitions = connected_to(order.planned.chargers, plan.live, plan.live.csms_urls)
    async with run_storage(order.database, plan.name, definitions) as storage:

        def on_slice(span: TimeSlice) -> None:
            second = Second(span, engine.transactions.take_changes())
            storage.journal.when_committed(partial(tell, second))

        engine = FleetEngine(
            order.planned,
            plan.live,
            storage,
            CONTROLLER_FACTORY,
            duration_s=plan.duration,
            seed=plan.seed,
            on_slice=on_slice,
            whole=order.whole,
        )

        async def begin() -> Joining:
            engine.transactions.take_changes()
            tell(Made(engine.transactions.all()))
            return await orders.joined()

        async with asyncio.TaskGroup() as tasks:
            watch = tasks.create_task(_ramp_down_when_told(orders, engine))
            try:
                await engine.run(begin)
            finally:
                watch.cancel()
    tell(Done())


async def run_here(order: PartOrder, stopped: asyncio.Event, listener: RunListener) -> int:
    """Run it in this process; it ramps down when ``stopped`` is set.

    Returns how many transactions are left that the CSMS has not confirmed the end of.
    """
    loop = asyncio.get_running_loop()
    orders = PartOrders()
    transactions = OpenTransactions()

    def take(message: PartMessage) -> None:
        match message:
            case Made():
                listener.begin()
                orders.join(Joining())
            case Second(span, changes):
                transactions.apply(changes)
                listener.show(span)
            case _:
                pass

    def tell(message: PartMessage) -> None:
        loop.call_soon_threadsafe(take, message)

    async def stop() -> None:
        await stopped.wait()
        orders.stop()

    async with asyncio.TaskGroup() as tasks:
        watch = tasks.create_task(stop())
        try:
            await run_part(order, orders, tell)
        finally:
            watch.cancel()
    return len(transactions)


async def _ramp_down_when_told(orders: PartOrders, engine: FleetEngine) -> None:
    await orders.stopped()
    engine.ramp_down()


__all__ = ["PartOrder", "run_here", "run_part"]
