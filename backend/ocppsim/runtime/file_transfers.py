"""The transfers of all chargers: so many at a time, the others in the order in which they came."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

from ocppsim.chargepoint.effects import CancelTransfer, StartDownload, StartUpload
from ocppsim.transfer.bounds import Receipt
from ocppsim.transfer.errors import TransferFailed
from ocppsim.transfer.location import shown_location

from .ports import TransferPort

_logger = logging.getLogger("ocppsim.runtime.transfers")

OnEnded = Callable[[int, bool, str | None], None]
"""Told ticket, whether it succeeded, and one sentence where it did not."""

Diagnostics = Callable[[float | None, float | None], AsyncIterator[bytes]]
"""Makes the diagnostics of a period (Unix seconds of the charge point's clock), piece by piece."""

_TransferWork = Callable[[], Awaitable[Receipt]]


class FileTransfers:
    """Runs transfers as children of ``tasks``."""

    def __init__(self, tasks: asyncio.TaskGroup, port: TransferPort, most_at_once: int) -> None:
        self._tasks = tasks
        self._port = port
        self._places = asyncio.Semaphore(most_at_once)
        self.allows = port.allows
        """Whether a transfer to a location is made for real; one object for all chargers."""

    def of_charger(
        self, charge_point_id: str, diagnostics: Diagnostics, on_ended: OnEnded
    ) -> ChargerTransfers:
        """The transfers of one charger; ``on_ended`` is not told of those that were cancelled."""
        return ChargerTransfers(self, charge_point_id, diagnostics, on_ended)

    def begin(self, work: _TransferWork, on_ended: Callable[[Receipt | str], None]) -> Task:
        """Do it in its turn; ``on_ended`` gets the receipt, or the reason of the failure."""
        return self._tasks.create_task(self._run(work, on_ended))

    async def download(self, location: str) -> Receipt:
        return await self._port.download(location)

    async def upload(self, location: str, file_name: str, content: bytes) -> Receipt:
        return await self._port.upload(location, file_name, content)

    async def _run(self, work: _TransferWork, on_ended: Callable[[Receipt | str], None]) -> None:
        async with self._places:
            try:
                outcome = await work()
            except TransferFailed as failure:
                outcome = str(failure)
            except Exception:
                _logger.exception("a transfer failed")
                outcome = "The transfer failed inside the simulator."
        on_ended(outcome)


Task = asyncio.Task[None]


class ChargerTransfers:
    """The transfers of one charger, by the tickets of its effects."""

    def __init__(
        self,
        transfers: FileTransfers,
        charge_point_id: str,
        diagnostics: Diagnostics,
        on_ended: OnEnded,
    ) -> None:
        self._transfers = transfers
        self._charge_point_id = charge_point_id
        self._diagnostics = diagnostics
        self._on_ended = on_ended
        self._running: dict[int, Task] = {}

    def perform(self, effect: StartDownload | StartUpload | CancelTransfer) -> None:
        """Carry out what the charger orders."""
        match effect:
            case StartDownload():
                self._begin(
                    effect.ticket,
                    f"the download from {shown_location(effect.location)}",
                    partial(self._transfers.download, effect.location),
                )
            case StartUpload():
                self._begin(
                    effect.ticket,
                    f"the upload to {shown_location(effect.location)}",
                    partial(self._upload, effect),
                )
            case CancelTransfer():
                self._cancel(effect.ticket)

    def cancel_all(self) -> None:
        """Break off what is under way, and forget what waits."""
        for ticket in list(self._running):
            self._cancel(ticket)

    def _begin(self, ticket: int, what: str, work: _TransferWork) -> None:
        self._cancel(ticket)
        task = self._transfers.begin(work, lambda outcome: self._ended(ticket, what, outcome))
        self._running[ticket] = task

    def _cancel(self, ticket: int) -> None:
        task = self._running.pop(ticket, None)
        if task is not None:
            task.cancel()

    def _ended(self, ticket: int, what: str, outcome: Receipt | str) -> None:
        self._running.pop(ticket, None)
        if isinstance(outcome, str):
            _logger.info("%s: %s failed: %s", self._charge_point_id, what, outcome)
            self._on_ended(ticket, False, outcome)
            return
        _logger.info(
            "%s: %s is done: %d bytes, SHA-256 %s",
            self._charge_point_id,
            what,
            outcome.size_bytes,
            outcome.sha256,
        )
        self._on_ended(ticket, True, None)

    async def _upload(self, effect: StartUpload) -> Receipt:
        content = bytearray()
        async for piece in self._diagnostics(effect.from_s, effect.to_s):
            content += piece
        return await self._transfers.upload(effect.location, effect.file_name, bytes(content))


__all__ = ["ChargerTransfers", "Diagnostics", "FileTransfers", "OnEnded"]
