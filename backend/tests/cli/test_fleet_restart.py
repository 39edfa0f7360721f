"""Processes of a fleet that are killed: they go on from their journals, and nothing is lost."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from ocppsim.csms import DemoCentralSystem

from .transactions_told import TransactionsTold, known

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="it looks for the processes of a fleet in /proc"
)

PLAN = """\
version: 1
name: Killed in between
seed: 5
start: 2026-03-02T08:00:00Z
duration: 9s
chargers:
  - {count: 40, configuration: {MeterValueSampleInterval: 1, AllowOfflineTxForUnknownId: true}}
arrivals: [{per_day: 1000000, stay_h: {uniform: [0.0002, 0.001]}, tag_after_s: 0.2}]
disturbances: [{kind: poor_network, at: 2s, chargers: CP00*, lasts_min: 0.1, latency_ms: 5}]
live: {ramp_up: 1s, ramp_down: 1s}
"""
LIMIT_S = 90.0


async def _run(
    plan: Path,
    csms: DemoCentralSystem,
    out: Path,
    disturb: Callable[[Process, Path], Awaitable[None]],
) -> tuple[int, str, str]:
    """The exit code and what was said of a run of two processes that something happens to."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ocppsim", "fleet", "run", str(plan), "--out", str(out)),
        *("--csms", f"ws://127.0.0.1:{csms.port}/ocpp", "--processes", "2"),
        cwd=plan.parent,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUNBUFFERED": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(LIMIT_S):
            first = await process.stdout.readline()
            await disturb(process, out)
            said, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    return process.returncode, (first + said).decode(), errors.decode()


def _parts_of(pid: int) -> list[int]:
    """The processes of a fleet; multiprocessing keeps one more, that is none."""
    children: set[int] = set()
    for thread in Path(f"/proc/{pid}/task").iterdir():
        children.update(map(int, (thread / "children").read_text("ascii").split()))
    return sorted(
        child for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()
    )


async def _kill_both_in_turn(process: Process, _out: Path) -> None:
    first, second = _parts_of(process.pid)
    await asyncio.sleep(2.0)
    os.kill(first, signal.SIGKILL)
    await asyncio.sleep(2.5)
    os.kill(second, signal.SIGKILL)


async def _kill_whatever_comes(process: Process, _out: Path) -> None:
    while process.returncode is None:
        for part in _parts_of(process.pid)[:1]:
            os.kill(part, signal.SIGKILL)
        await asyncio.sleep(0.2)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "killed.yaml"
    path.write_text(PLAN, encoding="utf-8")
    return path


async def test_processes_that_are_killed_lose_no_transaction_and_no_visit(
    plan: Path, csms: DemoCentralSystem, tmp_path: Path
) -> None:
    told = TransactionsTold(csms)
    out = tmp_path / "run"
    code, said, errors = await _run(plan, csms, out, _kill_both_in_turn)
    assert (code, errors) == (0, "")
    assert said.count("has died and is started again") == 2
    summary: dict[str, Any] = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert summary["restarts"] == 2
    assert summary["open_transactions"] == 0
    assert summary["lost_transactions"] == []
    assert summary["disturbances"] == 9
    assert "Restarts of processes" in (out / "report.html").read_text(encoding="utf-8")
    finished, unfinished = known(sorted(out.glob("fleet-*.db")))
    assert unfinished == 0
    assert told.ended() == finished
    assert len(finished) == len(told.begun) >= 20
    assert summary["outcomes"]["charged"] == len(finished)


async def test_a_process_that_dies_again_and_again_fails_the_run(
    plan: Path, csms: DemoCentralSystem, tmp_path: Path
) -> None:
    code, _, errors = await _run(plan, csms, tmp_path / "run", _kill_whatever_comes)
    assert code == 1
    assert " of the fleet has died 4 times in 60 s\n" in errors
