"""A fleet over two machines, emulated on loopback: a process is killed, and then a machine."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .quick_csms import QuickCsms, quick_csms
from .transactions_told import Told, known

pytestmark = [
    pytest.mark.skipif(
        importlib.util.find_spec("ray") is None,
        reason="Ray is not installed (pip install ocppsim[cluster])",
    ),
    pytest.mark.skipif(
        sys.platform != "linux", reason="machines are emulated on 127.0.0.2 and 127.0.0.3"
    ),
    pytest.mark.timeout(300),
]

CHARGERS = 5000
PLAN = f"""\
version: 1
name: Two machines
seed: 3
start: 2026-03-02T08:00:00Z
duration: 42s
chargers: [{{count: {CHARGERS}, id_prefix: CP, configuration: {{MeterValueSampleInterval: 300}}}}]
traces: [{{file: visits.csv, tag_after_s: 0.1}}]
live: {{ramp_up: 8s, ramp_down: 2s, settle: 60s}}
"""
FIRST, SECOND = "127.0.0.2", "127.0.0.3"
MACHINE_VARIABLE = "OCPPSIM_JOURNAL_DIR"
LIMIT_S = 240.0


class Machines:
    """Nodes of Ray that are told apart by their addresses and by their journal directories."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._processes: list[Process] = []
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "PYTHONUNBUFFERED": "1",
            "RAY_AUTH_MODE": "token",
            "RAY_AUTH_TOKEN": secrets.token_hex(16),
            "RAY_TMPDIR": str(directory / "ray"),
            "RAY_USAGE_STATS_ENABLED": "0",
        }
        with socket.socket() as probe:
            probe.bind((FIRST, 0))
            self.head = f"{FIRST}:{probe.getsockname()[1]}"

    def journals(self, machine: str) -> Path:
        return self._directory / machine

    async def start(self) -> None:
        # It would else take a quarter of a minute until a machine counts as dead
        impatient = {
            "health_check_initial_delay_ms": 3000,
            "health_check_period_ms": 1000,
            "health_check_timeout_ms": 2000,
            "health_check_failure_threshold": 3,
        }
        port = self.head.rpartition(":")[2]
        await self._start_one(
            *(FIRST, "--head", f"--port={port}", "--include-dashboard=false"),
            f"--system-config={json.dumps(impatient)}",
        )
        await self._start_one(SECOND, f"--address={self.head}")

    async def _start_one(self, machine: str, *arguments: str) -> None:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "ray.scripts.scripts", "start", *arguments),
            *(f"--node-ip-address={machine}", "--num-cpus=1", "--object-store-memory=80000000"),
            "--include-log-monitor=false",
            env=self._environment | {MACHINE_VARIABLE: str(self.journals(machine))},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        _, errors = await process.communicate()
        assert process.returncode == 0, errors.decode()

    async def run_fleet(self, *arguments: str) -> Process:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "ocppsim", "fleet", "run", *arguments),
            *("--engine", "ray", "--address", self.head),
            cwd=self._directory,
            env=self._environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=1 << 22,
        )
        self._processes.append(process)
        return process

    def processes_of(self, machine: str, name: bytes = b"") -> list[int]:
        """Those of a machine whose command line begins so."""
        mine = f"{MACHINE_VARIABLE}={self.journals(machine)}".encode()
        found: list[int] = []
        for directory in Path("/proc").glob("[0-9]*"):
            try:
                if mine in (directory / "environ").read_bytes().split(b"\0") and (
                    (directory / "cmdline").read_bytes().startswith(name)
                ):
                    found.append(int(directory.name))
            except OSError:
                continue  # it has ended, or is somebody else's
        return found

    def kill(self, machine: str, name: bytes = b"") -> int:
        """How many processes that were."""
        killed = self.processes_of(machine, name)
        for process in killed:
            os.kill(process, signal.SIGKILL)
        return len(killed)

    def end(self) -> None:
        for process in self._processes:
            if process.returncode is None:
                process.kill()
        for machine in (SECOND, FIRST):
            while self.kill(machine):
                pass


@pytest.fixture
def machines() -> Iterator[Machines]:
    # The sockets of Ray want a short path
    directory = Path(tempfile.mkdtemp(prefix="ocppsim-"))
    made = Machines(directory)
    yield made
    made.end()
    shutil.rmtree(directory)


@pytest.fixture
def csms() -> Iterator[QuickCsms]:
    with quick_csms() as made:
        yield made


def _visits() -> Iterator[str]:
    """A first wave, of which every other car stays, and a second one to other chargers."""
    yield "charger,at,stay_h"
    for number in range(1, CHARGERS, 10):
        stay_s = 2.0 if number % 20 == 1 else 200.0
        yield f"CP{number:04},{8.5 + number % 7 * 0.3:.1f}s,{stay_s / 3600.0:.6f}"
    for number in range(5, CHARGERS, 25):
        yield f"CP{number:04},{34.0 + number % 7 * 0.3:.1f}s,{3.0 / 3600.0:.6f}"


async def _second(process: Process, at_least_s: float, connected: int = 0) -> dict[str, Any]:
    """The first second of the run so late that has so many chargers connected."""
    assert process.stdout is not None
    while line := await process.stdout.readline():
        told = json.loads(line)
        if told["kind"] == "second":
            point = told["point"]
            if point["to_s"] >= at_least_s and point["connected"] >= connected:
                return point
    assert process.stderr is not None
    raise AssertionError((await process.stderr.read()).decode())


def _ended(csms: QuickCsms) -> set[Told]:
    found: set[Told] = set()
    for (charger, number), stops in csms.stops.items():
        start = csms.starts[charger, number]
        assert len({json.dumps(stop, sort_keys=True) for stop in stops}) == 1
        found.add(
            Told(
                charger,
                start["connectorId"],
                start["idTag"],
                start["meterStart"],
                stops[0]["meterStop"],
                number,
            )
        )
    return found


async def test_a_killed_process_loses_nothing_and_a_dead_machine_what_was_open_by_its_ids(
    machines: Machines, csms: QuickCsms, tmp_path: Path
) -> None:
    plan, out = tmp_path / "two.yaml", tmp_path / "run"
    plan.write_text(PLAN, encoding="utf-8")
    (tmp_path / "visits.csv").write_text("\n".join(_visits()), encoding="utf-8")
    url = f"ws://127.0.0.1:{csms.port}/ocpp"
    async with asyncio.timeout(LIMIT_S):
        await machines.start()
        process = await machines.run_fleet(
            *(str(plan), "--csms", url, "--out", str(out), "--progress", "json")
        )
        running = await _second(process, 13.0, connected=CHARGERS)
        assert running["transactions"] >= 200
        assert machines.kill(FIRST, b"ray::FleetActor") == 1
        await _second(process, 15.0, connected=CHARGERS)  # all are back
        assert machines.kill(SECOND) >= 2
        said, errors = await process.communicate()
    assert (process.returncode, errors.decode()) == (0, "")
    summary = json.loads(said.splitlines()[-1])["summary"]
    assert summary["restarts"] == 2
    assert summary["largest_connected"] == CHARGERS

    kept, kept_open = known(machines.journals(FIRST).glob("*/*.db"))
    of_the_dead, _ = known(machines.journals(SECOND).glob("*/*.db"))
    assert kept_open == 0
    assert len(kept) >= 200
    assert _ended(csms) == kept | of_the_dead
    lost = {(one["charge_point_id"], one["transaction_id"]) for one in summary["lost_transactions"]}
    assert len(lost) >= 50
    assert lost == csms.starts.keys() - csms.stops.keys()
    assert summary["open_transactions"] == len(lost)
