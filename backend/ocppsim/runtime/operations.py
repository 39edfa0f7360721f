"""Bulk operations: one action on many chargers, with progress, failures and cancellation."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

import msgspec

from .clock import Clock, iso_utc
from .errors import UnknownOperation

_logger = logging.getLogger("ocppsim.runtime.operations")

CONCURRENCY = 64
"""How many chargers an operation works on at a time."""

KEPT_FINISHED = 100
"""How many finished operations can still be asked for."""

KEPT_FOR_S = 3600.0

OperationState = Literal["running", "finished", "cancelled"]


class OperationFailure(msgspec.Struct, frozen=True):
    """A charger (or one of its connectors) for which the action was not possible.

    ``status`` is the HTTP status that the action would have had by itself.
    """

    charge_point_id: str
    connector_id: int | None
    status: int
    detail: str


class OperationView(msgspec.Struct, frozen=True):
    """The progress of an operation; ``total`` and ``done`` count chargers."""

    operation_id: str
    action: str
    state: OperationState
    total: int
    done: int
    succeeded: int
    failed: int
    failures: list[OperationFailure]
    started_at: str
    finished_at: str | None


OperationStep = Callable[[str], Awaitable[list[OperationFailure]]]
"""Does the action on one charger and says what was not possible, rather than raise."""


class _Operation:
    def __init__(self, operation_id: str, action: str, total: int, started_at_s: float) -> None:
        self.operation_id = operation_id
        self.action = action
        self.total = total
        self.state: OperationState = "running"
        self.succeeded = 0
        self.failed = 0
        self.failures: list[OperationFailure] = []
        self.started_at_s = started_at_s
        self.finished_at_s: float | None = None
        self.task: asyncio.Task[None] | None = None

    def view(self) -> OperationView:
        finished_at_s = self.finished_at_s
        return OperationView(
            operation_id=self.operation_id,
            action=self.action,
            state=self.state,
            total=self.total,
            done=self.succeeded + self.failed,
            succeeded=self.succeeded,
            failed=self.failed,
            failures=list(self.failures),
            started_at=iso_utc(self.started_at_s),
            finished_at=None if finished_at_s is None else iso_utc(finished_at_s),
        )


class Operations:
    """Runs operations as children of ``tasks``; finished ones are kept for a while."""

    def __init__(self, tasks: asyncio.TaskGroup, clock: Clock) -> None:
        self._tasks = tasks
        self._clock = clock
        self._operations: dict[str, _Operation] = {}

    def start(self, action: str, targets: Sequence[str], step: OperationStep) -> OperationView:
        """Begin to do ``step`` on every target (charge point ids), a bounded number at once."""
        self._forget_old()
        operation = _Operation(secrets.token_hex(8), action, len(targets), self._clock.wall_s())
        self._operations[operation.operation_id] = operation
        operation.task = self._tasks.create_task(self._run(operation, list(targets), step))
        return operation.view()

    def get(self, operation_id: str) -> OperationView:
        """The progress; raises :class:`~.errors.UnknownOperation`."""
        return self._find(operation_id).view()

    def cancel(self, operation_id: str) -> None:
        """Begin with no further charger and wait for none; harmless when it is over.

        What was begun on a charger goes on there, but is not counted any more.
        """
        operation = self._find(operation_id)
        if operation.state == "running":
            operation.state = "cancelled"
            operation.finished_at_s = self._clock.wall_s()
            if operation.task is not None:
                operation.task.cancel()

    def close(self) -> None:
        """Cancel what still runs."""
        for operation_id in list(self._operations):
            self.cancel(operation_id)

    async def _run(self, operation: _Operation, targets: list[str], step: OperationStep) -> None:
        waiting = iter(targets)

        async def work() -> None:
            for target in waiting:
                try:
                    failures = await step(target)
                except Exception as error:
                    _logger.exception("%s on %s failed", operation.action, target)
                    failures = [OperationFailure(target, None, 500, type(error).__name__)]
                if failures:
                    operation.failed += 1
                    operation.failures.extend(failures)
                else:
                    operation.succeeded += 1
                # A step may never wait for anything; the others must get their turn.
                await asyncio.sleep(0)

        async with asyncio.TaskGroup() as workers:
            for _ in range(min(CONCURRENCY, len(targets))):
                workers.create_task(work())
        operation.state = "finished"
        operation.finished_at_s = self._clock.wall_s()

    def _find(self, operation_id: str) -> _Operation:
        operation = self._operations.get(operation_id)
        if operation is None:
            raise UnknownOperation(operation_id)
        return operation

    def _forget_old(self) -> None:
        finished = [
            operation
            for operation in self._operations.values()
            if operation.finished_at_s is not None
        ]
        oldest_s = self._clock.wall_s() - KEPT_FOR_S
        for index, operation in enumerate(reversed(finished)):
            if index >= KEPT_FINISHED - 1 or (operation.finished_at_s or 0.0) < oldest_s:
                del self._operations[operation.operation_id]


__all__ = ["OperationFailure", "OperationStep", "OperationView", "Operations"]
