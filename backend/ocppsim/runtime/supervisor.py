"""The parent of everything that runs: chargers, links, timers, feed and operations."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from random import Random
from types import TracebackType
from typing import Self

from ocppsim.chargepoint.controller import ControllerFactory
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.physics.site import SiteDefinition
from ocppsim.simulation.definition import ChargerDefinition
from ocppsim.transport.frame_batches import FrameBatches
from ocppsim.transport.impairment import Network
from ocppsim.transport.link import CLOSE_WAIT_S

from .charger_services import ChargerServices
from .clock import Clock, SystemClock
from .connection import ConnectionServices
from .dial_queue import DialQueue
from .errors import DuplicateCharger
from .file_transfers import FileTransfers
from .garage import Garage, GarageVehicle
from .huge_pages import HugePages, are_available, gather, resident_bytes
from .live_charger import LiveCharger
from .live_feed import LiveFeed
from .live_site import LiveSites
from .long_lived import LongLived
from .memory_ports import NoTransfers
from .message_log import MessageLog
from .one_heap import share_one_heap
from .operations import Operations
from .ports import ConfigSyncPort, JournalPort, TransferPort
from .scheduler import Scheduler
from .settings import RuntimeSettings
from .store import ChargerStore
from .time_scales import TimeScales
from .watcher import ChargerWatcher

_logger = logging.getLogger("ocppsim.runtime")

_CLOSE_POLL_S = 0.02
_FLUSH_WAIT_S = 15.0
_CONFIRMED_A_TURN = 64
"""One commit may be that of ten thousand chargers; sockets get their turn between."""


class Supervisor:
    """Brings chargers to life and ends them; to be entered with ``async with``.

    On the way out links are closed cleanly, then the journal is flushed; the storage itself is
    closed by whoever opened it. What is desired of chargers is not changed by that.
    """

    def __init__(
        self,
        controller_factory: ControllerFactory,
        journal: JournalPort,
        config_sync: ConfigSyncPort,
        *,
        transfers: TransferPort | None = None,
        settings: RuntimeSettings | None = None,
        clock: Clock | None = None,
        watcher: ChargerWatcher | None = None,
    ) -> None:
        """Without ``transfers`` no file is exchanged for real."""
        self._controller_factory = controller_factory
        self._journal = journal
        self._config_sync = config_sync
        self._transfers = transfers if transfers is not None else NoTransfers()
        self._settings = settings if settings is not None else RuntimeSettings()
        self._clock = clock if clock is not None else SystemClock()
        self._watcher = watcher
        self._garage = Garage()
        self._stack = AsyncExitStack()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._huge_pages: asyncio.Task[None] | None = None
        self._next_number = -1
        self._confirming: list[tuple[int, int]] = []
        """Chargers, the next one last, and up to which sequence all is stored of each, ..."""
        self._committed_to: dict[int, int] = {}
        """... and what was stored meanwhile."""
        self.store = ChargerStore()
        self.time_scales = TimeScales()
        self.long_lived = LongLived()
        self.message_log = MessageLog(self._settings.message_log_bytes)

    async def __aenter__(self) -> Self:
        share_one_heap()
        loop = self._loop = asyncio.get_running_loop()
        tasks = await self._stack.enter_async_context(asyncio.TaskGroup())
        self._scheduler = Scheduler(self._clock.real_s, loop.call_later)
        self.feed = LiveFeed(self._scheduler, self.message_log)
        self.feed.watch(self.store)
        self.operations = Operations(tasks, self._clock)
        self.sites = LiveSites(self._clock, self._scheduler, self.time_scales)
        random = Random(self._settings.seed)
        self._services = ChargerServices(
            controller_factory=self._controller_factory,
            connections=ConnectionServices(
                batches=FrameBatches(),
                undisturbed=Network(self._scheduler, random),
                clock=self._clock,
                scheduler=self._scheduler,
                dial_queue=DialQueue(tasks, self._settings.max_concurrent_connects),
                random=random,
                settings=self._settings,
            ),
            journal=self._journal,
            config_sync=self._config_sync,
            garage=self._garage,
            feed=self.feed,
            message_log=self.message_log,
            transfers=FileTransfers(
                tasks, self._transfers, self._settings.max_concurrent_transfers
            ),
            time_scales=self.time_scales,
            watcher=self._watcher,
        )
        self._journal.start(self._committed)
        if are_available():
            self._huge_pages = tasks.create_task(HugePages(resident_bytes, gather).run())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.operations.close()
        self.feed.close()
        self.sites.close()
        chargers = list(self.store)
        for charger in chargers:
            charger.end()
        await self._links_gone(chargers)
        self._scheduler.close()
        self.long_lived.end()
        if self._huge_pages is not None:
            self._huge_pages.cancel()
        self._loop = None
        if not await asyncio.to_thread(self._journal.flush, _FLUSH_WAIT_S):
            _logger.error("the journal was not written within %.0f s", _FLUSH_WAIT_S)
        await self._stack.aclose()

    async def add(self, definition: ChargerDefinition, durable: DurableState) -> LiveCharger:
        """Bring a charger to life; it boots, and connects if its definition desires that.

        Raises :class:`~.errors.DuplicateCharger`.
        """
        if definition.charge_point_id in self.store:
            raise DuplicateCharger(definition.charge_point_id)
        charger_id = definition.charger_id
        if not charger_id:
            charger_id = self._next_number
            self._next_number -= 1
        charger = LiveCharger(definition, durable, self._services, charger_id)
        self.store.add(charger)
        self.sites.place(charger)
        charger.begin()
        self.feed.note_charger(charger)
        return charger

    async def remove(self, charge_point_id: str) -> None:
        """End a charger and close its link cleanly; raises :class:`~.errors.UnknownCharger`.

        When this returns, nothing of it reaches the journal any more.
        """
        charger = self.store.remove(charge_point_id)
        self.sites.remove(charger)
        charger.end()
        self.feed.note_removed(charger)
        self.message_log.clear(charger.charger_id)
        self.long_lived.note_removed(len(self.store))

    async def replace(
        self, definition: ChargerDefinition, *, forget_installed_firmware: bool = False
    ) -> LiveCharger:
        """Change a charger to what ``definition`` says; its charge point id stays.

        So does a firmware version that was installed, unless it is to be forgotten.
        Raises :class:`~.errors.UnknownCharger`.
        """
        charger = self.store.get(definition.charge_point_id)
        charger.change_definition(definition, forget_installed_firmware=forget_installed_firmware)
        self.sites.place(charger)
        return charger

    def set_vehicles(self, location_id: int, vehicles: Sequence[GarageVehicle]) -> None:
        """Say which vehicles stand at a location; sessions under way keep theirs."""
        self._garage.set_vehicles(location_id, vehicles)

    def set_site(self, location_id: int, definition: SiteDefinition | None) -> None:
        """Divide what is left of a grid connection among the chargers of a location; or not."""
        self.sites.set_site(location_id, definition, self.store.at_location(location_id))

    def set_time_scale(self, time_scale: float) -> None:
        """How fast the whole simulation runs, but for what has a scale of its own."""
        self.time_scales.simulation = time_scale
        self._apply_time_scales(self.store)

    def set_location_time_scale(self, location_id: int, time_scale: float) -> None:
        """How fast the chargers of a location run that have no scale of their own.

        1 means as the whole simulation.
        """
        self.time_scales.set_location(location_id, time_scale)
        self._apply_time_scales(self.store.at_location(location_id))

    def _apply_time_scales(self, chargers: Iterable[LiveCharger]) -> None:
        # In one go, and as of one instant, so that their clocks stay together
        real_s = self._clock.now().real_s
        for charger in chargers:
            charger.apply_time_scale(real_s)
        self.sites.apply_time_scales(real_s)

    def _committed(self, commits: list[tuple[int, int]]) -> None:
        """On the journal's thread."""
        loop = self._loop
        if loop is not None:
            try:
                loop.call_soon_threadsafe(self._note_commits, loop, commits)
            except RuntimeError:
                _logger.debug("a commit came after the end")

    def _note_commits(
        self, loop: asyncio.AbstractEventLoop, commits: list[tuple[int, int]]
    ) -> None:
        if self._confirming:
            self._committed_to.update(commits)
        else:
            self._confirming = commits[::-1]
            self._confirm(loop)

    def _confirm(self, loop: asyncio.AbstractEventLoop) -> None:
        """Tell chargers what is stored of theirs, so many in a turn of the event loop."""
        confirming = self._confirming
        now = self._clock.now()
        try:
            for _ in range(min(_CONFIRMED_A_TURN, len(confirming))):
                charger_id, sequence = confirming.pop()
                short_way = self.store.short_way(charger_id)
                if short_way is not None:
                    short_way.persisted(sequence, now)
        finally:
            if self._committed_to and not confirming:
                confirming += reversed(self._committed_to.items())
                self._committed_to = {}
            if confirming:
                loop.call_soon(self._confirm, loop)

    async def _links_gone(self, chargers: list[LiveCharger]) -> None:
        waited_s = 0.0
        while waited_s < CLOSE_WAIT_S and not all(c.connection.is_gone for c in chargers):
            await asyncio.sleep(_CLOSE_POLL_S)
            waited_s += _CLOSE_POLL_S


__all__ = ["Supervisor"]
