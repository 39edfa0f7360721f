"""A fleet over several processes of this machine: a part in each, put together as it goes."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread
from typing import Any

import msgspec

from ocppsim.fleet.shard import Shard, part_of
from ocppsim.fleet.slice_merge import SliceMerge
from ocppsim.fleet.time_slice import TimeSlice
from ocppsim.persistence import PersistenceError
from ocppsim.scenarios.plan import Plan
from ocppsim.simulation.fleet_records import FleetTotals

from .failures import EXIT_FAILED, CommandFailed
from .fleet_session import Ended, run_here
from .logs import configure_logging
from .plan_files import fleet_of
from .server import run_on_fastest_loop
from .stopping import STOP_SIGNALS

_STOP = "stop"


class Order(msgspec.Struct, frozen=True):
    """What each process is told: the plan and where it is, and where the run is written."""

    plan: Plan
    plan_directory: Path
    templates_dir: Path | None
    run_directory: Path
    processes: int
    log_level: str


async def run_in_processes(
    order: Order,
    stopped: asyncio.Event,
    *,
    on_slice: Callable[[TimeSlice], None],
    on_begin: Callable[[], None],
) -> Ended:
    """Run all parts; each ramps down when ``stopped`` is set.

    Raises ``CommandFailed`` where a process fails or dies; the others are ended then.
    """
    context = multiprocessing.get_context("spawn")
    parts: list[tuple[BaseProcess, Connection]] = []
    try:
        for index in range(order.processes):
            ours, theirs = context.Pipe()
            process = context.Process(target=_run_part, args=(order, index, theirs), daemon=True)
            process.start()
            theirs.close()
            parts.append((process, ours))
        merge = SliceMerge(order.processes, on_slice)
        began: set[int] = set()

        def take(index: int, message: object) -> None:
            if isinstance(message, TimeSlice):
                merge.add(index, message)
            else:
                began.add(index)
                if len(began) == order.processes:
                    on_begin()

        threads = ThreadPoolExecutor(order.processes, "ocppsim-fleet")
        async with asyncio.TaskGroup() as tasks:
            watch = tasks.create_task(_tell_when(stopped, [ours for _, ours in parts]))
            listeners = [
                tasks.create_task(_listen(index, connection, threads, take, merge))
                for index, (_, connection) in enumerate(parts)
            ]
            await asyncio.wait(listeners, return_when=asyncio.FIRST_EXCEPTION)
            watch.cancel()
        threads.shutdown(wait=False)
        return _together([listener.result() for listener in listeners])
    except* CommandFailed as failures:
        raise failures.exceptions[0] from None
    finally:
        for process, connection in parts:
            process.kill()
            process.join()
            connection.close()


async def _listen(
    index: int,
    connection: Connection,
    threads: ThreadPoolExecutor,
    take: Callable[[int, object], None],
    merge: SliceMerge,
) -> Ended:
    """Until the part has ended; a thread waits for what it tells."""
    loop = asyncio.get_running_loop()
    try:
        while True:
            message: Any = await loop.run_in_executor(threads, connection.recv)
            if isinstance(message, Ended):
                return message
            if isinstance(message, str):
                raise CommandFailed(message)
            take(index, message)
    except (EOFError, OSError):
        raise CommandFailed(f"process {index + 1} of the fleet has died", EXIT_FAILED) from None
    finally:
        merge.end(index)


async def _tell_when(stopped: asyncio.Event, connections: list[Connection]) -> None:
    await stopped.wait()
    for connection in connections:
        with suppress(OSError):  # it has ended, or its death is being told
            connection.send(_STOP)


def _together(parts: list[Ended]) -> Ended:
    totals = FleetTotals()
    outcomes: Counter[str] = Counter()
    for part in parts:
        totals.sessions += part.totals.sessions
        totals.energy_wh += part.totals.energy_wh
        outcomes.update(part.totals.outcomes)
    totals.outcomes = dict(outcomes)
    return Ended(
        totals,
        sum(part.open_transactions for part in parts),
        sum(part.disturbances for part in parts),
    )


# --- in the other process ---


def _run_part(order: Order, index: int, connection: Connection) -> None:
    for number in STOP_SIGNALS:  # the first process gets them too, and tells
        signal.signal(number, signal.SIG_IGN)
    configure_logging(order.log_level)
    told: object
    try:
        told = run_on_fastest_loop(_part(order, index, connection))
    except (CommandFailed, PersistenceError, OSError) as error:
        told = f"process {index + 1} of the fleet: {error}"
    with suppress(OSError):
        connection.send(told)


async def _part(order: Order, index: int, connection: Connection) -> Ended:
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()

    def await_order() -> None:
        with suppress(EOFError, OSError):  # the first process is gone
            connection.recv()
        with suppress(RuntimeError):  # this one has just ended
            loop.call_soon_threadsafe(stopped.set)

    Thread(target=await_order, daemon=True).start()

    def tell(message: object) -> None:
        with suppress(OSError):  # the first process is gone, and this one told to stop
            connection.send(message)

    whole = fleet_of(order.plan, order.plan_directory, order.templates_dir)
    planned = part_of(whole, Shard(index, order.processes))
    if not planned.chargers:
        tell(None)
        return Ended(FleetTotals(), 0, 0)
    return await run_here(
        order.plan,
        planned,
        order.run_directory / f"fleet-{index + 1}.db",
        stopped,
        whole=len(whole.chargers),
        on_slice=tell,
        on_begin=partial(tell, None),
    )
