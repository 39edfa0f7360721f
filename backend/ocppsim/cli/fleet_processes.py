"""A fleet over several processes of this machine: a part in each, put together as it goes."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from threading import Thread
from typing import Any

from ocppsim.fleet.part_messages import Failed, Joining, PartMessage
from ocppsim.fleet.part_orders import PartOrders
from ocppsim.fleet.parts import PartDied, run_parts
from ocppsim.fleet.run_listener import RunListener
from ocppsim.persistence import PersistenceError

from .failures import CommandFailed
from .fleet_session import PartOrder, run_part
from .logs import configure_logging
from .server import run_on_fastest_loop
from .stopping import STOP_SIGNALS

_STOP = "stop"


async def run_in_processes(
    parts: Sequence[PartOrder], stopped: asyncio.Event, listener: RunListener
) -> int:
    """Run all parts, a process each; one that dies goes on from its own journal.

    They ramp down when ``stopped`` is set. Returns how many transactions are left that the CSMS
    has not confirmed the end of. Raises :class:`~ocppsim.fleet.parts.RunFailed`.
    """
    threads = ThreadPoolExecutor(len(parts), "ocppsim-fleet")
    try:
        return await run_parts(_Processes(parts, threads), stopped, listener)
    finally:
        threads.shutdown(wait=False)


class _Processes:
    def __init__(self, parts: Sequence[PartOrder], threads: ThreadPoolExecutor) -> None:
        self.count = len(parts)
        self._parts = parts
        self._threads = threads
        self._context = multiprocessing.get_context("spawn")

    async def start(self, part: int) -> _ProcessLink:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=_run_part, args=(self._parts[part], theirs), daemon=True
        )
        try:
            # The plan is written to the process while that still starts
            await asyncio.to_thread(process.start)
        except BrokenPipeError:
            ours.close()
            raise PartDied from None
        finally:
            theirs.close()
        return _ProcessLink(process, ours, self._threads)

    async def place_again(self, part: int) -> _SamePlace:  # noqa: ARG002 - all parts are alike
        return _SamePlace()


class _SamePlace:
    outcome = "and is started again"
    has_journal = True


class _ProcessLink:
    def __init__(
        self, process: BaseProcess, connection: Connection, threads: ThreadPoolExecutor
    ) -> None:
        self._process = process
        self._connection = connection
        self._threads = threads

    async def receive(self) -> PartMessage:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, self._connection.recv)
        except (EOFError, OSError):
            raise PartDied from None

    def join(self, joining: Joining) -> None:
        self._send(joining)

    def stop(self) -> None:
        self._send(_STOP)

    async def end(self) -> None:
        self._process.kill()
        self._process.join()
        self._connection.close()

    def _send(self, message: Joining | str) -> None:
        with suppress(OSError):  # it has ended, or its death is being told
            self._connection.send(message)


# --- in the other process ---


def _run_part(order: PartOrder, connection: Connection) -> None:
    for number in STOP_SIGNALS:  # the first process gets them too, and tells
        signal.signal(number, signal.SIG_IGN)
    configure_logging(order.log_level)
    orders = PartOrders()
    Thread(target=_hear, args=(connection, orders), daemon=True).start()
    # Nothing waits for the first process to listen
    told: SimpleQueue[PartMessage | None] = SimpleQueue()
    telling = Thread(target=_pass_on, args=(told, connection))
    telling.start()
    try:
        run_on_fastest_loop(run_part(order, orders, told.put))
    except (CommandFailed, PersistenceError, OSError) as error:
        told.put(Failed(str(error)))
    finally:
        told.put(None)
        telling.join()


def _hear(connection: Connection, orders: PartOrders) -> None:
    with suppress(EOFError, OSError):  # the first process is gone
        while True:
            order: Any = connection.recv()
            if isinstance(order, Joining):
                orders.join(order)
            else:
                orders.stop()
    orders.leave_alone()


def _pass_on(told: SimpleQueue[PartMessage | None], connection: Connection) -> None:
    while (message := told.get()) is not None:
        with suppress(OSError):  # the first process is gone, and this one told to stop
            connection.send(message)


__all__ = ["run_in_processes"]
