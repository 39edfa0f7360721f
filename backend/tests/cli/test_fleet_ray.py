"""A fleet over two machines, emulated on loopback: a process is killed, and then a machine."""

from __future__ import annotations

import asyncio
import contextlib
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
from sqlalchemy import create_engine, text

from .quick_csms import QuickCsms, quick_csms
from .transactions_told import ended, known

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

CHARGERS = 5_000
PLAN = """\
version: 1
name: Two machines
seed: 3
start: 2026-03-02T08:00:00Z
duration: 42s
chargers: [{count: 5000, id_prefix: CP, configuration: {MeterValueSampleInterval: 300}}]
traces: [{file: visits.csv, tag_after_s: 0.1}]
live: {ramp_up: 8s, ramp_down: 2s, settle: 60s}
"""
FEW_CHARGERS = 40
FEW = """\
version: 1
name: A database for all
seed: 3
start: 2026-03-02T08:00:00Z
duration: 18s
chargers:
  - {count: 40, configuration: {MeterValueSampleInterval: 2, AllowOfflineTxForUnknownId: true}}
arrivals: [{per_day: 400000, stay_h: {uniform: [0.0003, 0.003]}, tag_after_s: 0.2}]
live: {ramp_up: 1s, ramp_down: 1s, settle: 60s}
"""
MACHINE_VARIABLE = "OCPPSIM_JOURNAL_DIR"
LIMIT_S = 240.0


class Machines:
    """Nodes of Ray that are told apart by their addresses and by their journal directories."""

    def __init__(self, directory: Path) -> None:
        # Tests that run at the same time have machines of their own
        net = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
        self.first, self.second = f"127.0.{net}.2", f"127.0.{net}.3"
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
            probe.bind((self.first, 0))
            self.head = f"{self.first}:{probe.getsockname()[1]}"

    def journals(self, machine: str) -> Path:
        return self._directory / machine

    async def start(self) -> None:
        # It would else take a quarter of a minute until a machine counts as dead
        impatient = {
            "health_check_initial_delay_ms": 3000,
            "health_check_period_ms": 1000,
            "health_check_timeout_ms": 5000,
            "health_check_failure_threshold": 3,
        }
        port = self.head.rpartition(":")[2]
        await self._start_one(
            *(self.first, "--head", f"--port={port}", "--include-dashboard=false"),
            f"--system-config={json.dumps(impatient)}",
        )
        await self._start_one(self.second, f"--address={self.head}")

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
            with contextlib.suppress(ProcessLookupError):  # it has just ended by itself
                os.kill(process, signal.SIGKILL)
        return len(killed)

    def end(self) -> None:
        for process in self._processes:
            if process.returncode is None:
                process.kill()
        for machine in (self.second, self.first):
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
        assert machines.kill(machines.first, b"ray::FleetActor") == 1
        await _second(process, 15.0, connected=CHARGERS)  # all are back
        assert machines.kill(machines.second) >= 2
        said, errors = await process.communicate()
    assert (process.returncode, errors.decode()) == (0, "")
    summary = json.loads(said.splitlines()[-1])["summary"]
    assert summary["restarts"] == 2
    assert summary["largest_connected"] == CHARGERS

    kept, kept_open = known(machines.journals(machines.first).glob("*/*.db"))
    of_the_dead, _ = known(machines.journals(machines.second).glob("*/*.db"))
    assert kept_open == 0
    assert len(kept) >= 200
    assert ended(csms.starts, csms.stops) == kept | of_the_dead
    lost = {(one["charge_point_id"], one["transaction_id"]) for one in summary["lost_transactions"]}
    assert len(lost) >= 50
    assert lost == csms.starts.keys() - csms.stops.keys()
    assert summary["open_transactions"] == len(lost)


async def test_with_the_journals_in_postgresql_a_dead_machine_loses_nothing(
    machines: Machines, csms: QuickCsms, tmp_path: Path, postgresql_cluster: Any
) -> None:
    plan, out = tmp_path / "few.yaml", tmp_path / "run"
    plan.write_text(FEW, encoding="utf-8")
    database = postgresql_cluster.create_database()
    async with asyncio.timeout(LIMIT_S):
        await machines.start()
        process = await machines.run_fleet(
            *(str(plan), "--csms", f"ws://127.0.0.1:{csms.port}/ocpp", "--out", str(out)),
            *("--progress", "json", "--database-url", database),
        )
        running = await _second(process, 5.0, connected=FEW_CHARGERS)
        assert running["transactions"] >= 5
        assert machines.kill(machines.second) >= 2
        said, errors = await process.communicate()
    assert (process.returncode, errors.decode()) == (0, "")
    summary = json.loads(said.splitlines()[-1])["summary"]
    assert summary["restarts"] == 1
    assert summary["lost_transactions"] == []
    assert summary["open_transactions"] == 0
    told = ended(csms.starts, csms.stops)
    assert summary["outcomes"]["charged"] == len(told)
    # A start whose answer was lost with the machine came again, and got another number
    begun = {
        (charger, start["connectorId"], start["timestamp"])
        for (charger, _), start in csms.starts.items()
    }
    assert len(told) == len(begun) >= 20
    stops = {one.transaction_id: one for one in told}
    assert {(one["charger"], one["id"]) for one in _histories(database)} == {
        (one.charger, number) for number, one in stops.items()
    }


def _histories(database: str) -> list[dict[str, Any]]:
    """The transactions that have ended, in whichever schema."""
    engine = create_engine(database.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        schemas = connection.execute(
            text("SELECT table_schema FROM information_schema.tables WHERE table_name = 'chargers'")
        ).scalars()
        found = [
            dict(row._mapping)
            for schema in schemas.all()
            for row in connection.execute(
                text(
                    "SELECT charge_point_id AS charger, transaction_id AS id"
                    f" FROM {schema}.transactions JOIN {schema}.chargers"
                    f" ON {schema}.chargers.id = charger_id WHERE state = 'stopped'"
                )
            )
        ]
    engine.dispose()
    return found
