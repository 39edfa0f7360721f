"""How file transfers and installations go on the bench: simulated, unless the shell does them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import msgspec

from ocppsim.chargepoint.controller import NEVER
from ocppsim.chargepoint.effects import (
    CancelTransfer,
    Effect,
    InstallFirmware,
    StartDownload,
    StartUpload,
)
from ocppsim.chargepoint.inputs import FirmwareInstalled, Input, TransferEnded

Outcome = Literal["ok", "fail"]
SignatureOutcome = Literal["ok", "invalid"]
FileOrder = StartDownload | StartUpload | CancelTransfer | InstallFirmware

DURATION_S = 3.0
"""How long a simulated transfer or installation takes where nobody set it."""


class FileOutcomes(msgspec.Struct, frozen=True):
    """What was set on the bench; None is not set: it goes well, or as it really goes.

    A ``download`` or ``upload`` that is set decides whatever the URL. ``signature`` is that of
    a signed firmware image. ``duration_s`` is simulated seconds for each.
    """

    download: Outcome | None = None
    install: Outcome | None = None
    signature: SignatureOutcome | None = None
    upload: Outcome | None = None
    duration_s: float | None = None


NOTHING_SET = FileOutcomes()


class EndedTask(msgspec.Struct, frozen=True):
    """What the controller is told, and where the firmware came from that is installed now."""

    event: Input
    installed_from: str | None = None


class _Task(msgspec.Struct, frozen=True):
    order: StartDownload | StartUpload | InstallFirmware
    due_s: float


_NO_TASKS: Mapping[int, _Task] = {}
_NO_NUMBERS: Mapping[int, int] = {}


class FileBench:
    """Carries out what the controller orders of files.

    A real transfer is asked of the shell under a number of the bench's own, never used twice,
    so that a late answer cannot be taken for that of a later transfer.
    """

    __slots__ = ("_last_number", "_may_transfer", "_passed_on", "_tasks", "outcomes")

    def __init__(self, may_transfer: Callable[[str], bool], outcomes: FileOutcomes) -> None:
        self._may_transfer = may_transfer
        # Most have no task at any time, and share the absence of any
        self._tasks: Mapping[int, _Task] = _NO_TASKS
        self._passed_on: Mapping[int, int] = _NO_NUMBERS
        self._last_number = 0
        self.outcomes = outcomes

    @property
    def next_due_s(self) -> float:
        """When the next simulated task ends."""
        if not self._tasks:
            return NEVER
        return min(task.due_s for task in self._tasks.values())

    def take(self, order: FileOrder, now_s: float) -> Effect | None:
        """Begin or cancel; returns what the shell must do, if it must."""
        if isinstance(order, CancelTransfer):
            return self._cancel(order.ticket)
        if self._is_real(order):
            assert not isinstance(order, InstallFirmware)
            self._last_number += 1
            self._passed_on = {**self._passed_on, self._last_number: order.ticket}
            return msgspec.structs.replace(order, ticket=self._last_number)
        duration_s = self.outcomes.duration_s
        if duration_s is None:
            duration_s = DURATION_S
        self._tasks = {**self._tasks, order.ticket: _Task(order, now_s + duration_s)}
        return None

    def end_next(self, now_s: float) -> EndedTask | None:
        """A simulated task that is over by now; how it ends is what is set by then."""
        for ticket, task in self._tasks.items():
            if task.due_s <= now_s:
                self._forget_task(ticket)
                return self._end(task.order)
        return None

    def transfer_ended(self, number: int, succeeded: bool, reason: str | None) -> Input | None:
        """The shell's answer; None where nobody waits for it any more."""
        ticket = self._passed_on.get(number)
        if ticket is None:
            return None
        self._forget_number(number)
        return TransferEnded(ticket, succeeded, reason)

    def stop(self) -> list[Effect]:
        """The charge point goes down: nothing goes on; returns what the shell must do."""
        self._tasks = _NO_TASKS
        cancelled: list[Effect] = [CancelTransfer(number) for number in self._passed_on]
        self._passed_on = _NO_NUMBERS
        return cancelled

    def _forget_task(self, ticket: int) -> None:
        left = {one: task for one, task in self._tasks.items() if one != ticket}
        self._tasks = left or _NO_TASKS

    def _forget_number(self, number: int) -> None:
        left = {one: ticket for one, ticket in self._passed_on.items() if one != number}
        self._passed_on = left or _NO_NUMBERS

    def _is_real(self, order: StartDownload | StartUpload | InstallFirmware) -> bool:
        if isinstance(order, InstallFirmware):
            return False
        downloads = isinstance(order, StartDownload)
        outcome = self.outcomes.download if downloads else self.outcomes.upload
        return outcome is None and self._may_transfer(order.location)

    def _cancel(self, ticket: int) -> Effect | None:
        self._forget_task(ticket)
        for number, passed_on in self._passed_on.items():
            if passed_on == ticket:
                self._forget_number(number)
                return CancelTransfer(number)
        return None

    def _end(self, order: StartDownload | StartUpload | InstallFirmware) -> EndedTask:
        match order:
            case InstallFirmware(ticket, location):
                succeeded = self.outcomes.install != "fail"
                reason = None if succeeded else "the installation was set to fail"
                return EndedTask(
                    FirmwareInstalled(ticket, succeeded, reason), location if succeeded else None
                )
            case StartDownload(ticket):
                succeeded = self.outcomes.download != "fail"
                reason = None if succeeded else "the download was set to fail"
            case StartUpload(ticket):
                succeeded = self.outcomes.upload != "fail"
                reason = None if succeeded else "the upload was set to fail"
        return EndedTask(TransferEnded(ticket, succeeded, reason))


__all__ = ["DURATION_S", "NOTHING_SET", "EndedTask", "FileBench", "FileOrder", "FileOutcomes"]
