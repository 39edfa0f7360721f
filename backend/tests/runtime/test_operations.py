from __future__ import annotations

import asyncio

import pytest

from ocppsim.runtime.errors import UnknownOperation
from ocppsim.runtime.operations import CONCURRENCY, OperationFailure
from ocppsim.runtime.supervisor import Supervisor

from .conftest import until


async def test_an_operation_reports_progress_and_failures_one_by_one(
    supervisor: Supervisor,
) -> None:
    running = 0
    most = 0

    async def step(charge_point_id: str) -> list[OperationFailure]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        if charge_point_id.endswith("7"):
            return [OperationFailure(charge_point_id, 1, 409, "nothing is plugged in")]
        if charge_point_id == "CP-13":
            raise ZeroDivisionError
        return []

    operations = supervisor.operations
    view = operations.start("unplug", [f"CP-{n}" for n in range(200)], step)
    assert (view.state, view.total, view.done) == ("running", 200, 0)
    await until(lambda: operations.get(view.operation_id).state == "finished")
    done = operations.get(view.operation_id)
    assert (done.done, done.succeeded, done.failed) == (200, 179, 21)
    assert {failure.status for failure in done.failures} == {409, 500}
    assert done.finished_at is not None
    assert most <= CONCURRENCY


async def test_a_cancelled_operation_begins_nothing_new(supervisor: Supervisor) -> None:
    begun: list[str] = []

    async def step(charge_point_id: str) -> list[OperationFailure]:
        begun.append(charge_point_id)
        await asyncio.Event().wait()
        return []

    operations = supervisor.operations
    view = operations.start("connect", [f"CP-{n}" for n in range(500)], step)
    await until(lambda: len(begun) == CONCURRENCY)
    operations.cancel(view.operation_id)
    operations.cancel(view.operation_id)
    assert operations.get(view.operation_id).state == "cancelled"
    await asyncio.sleep(0.01)
    assert len(begun) == CONCURRENCY


async def test_an_operation_on_nobody_is_finished(supervisor: Supervisor) -> None:
    async def step(charge_point_id: str) -> list[OperationFailure]:
        return []

    view = supervisor.operations.start("connect", [], step)
    await until(lambda: supervisor.operations.get(view.operation_id).state == "finished")


async def test_an_unknown_operation_is_said_to_be(supervisor: Supervisor) -> None:
    with pytest.raises(UnknownOperation):
        supervisor.operations.get("nope")
