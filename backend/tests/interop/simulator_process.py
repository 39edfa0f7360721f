"""``ocppsim serve`` in a process of its own, which a test may kill."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

_URL = re.compile(r"ocppsim serves at (http://\S+)")
_START_LIMIT_S = 60.0
_END_LIMIT_S = 30.0


class SimulatorProcess:
    """A simulator on a port of its own; ``api`` is its REST API."""

    def __init__(self, process: asyncio.subprocess.Process, api: httpx.AsyncClient) -> None:
        self._process = process
        self.api = api
        self.log: list[str] = []

    async def read_log(self) -> None:
        """Take in what it logs until it ends."""
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            self.log.append(line.decode().rstrip())

    async def kill(self) -> None:
        """``kill -9``: no chance to say or store anything."""
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    async def stop(self) -> int:
        """Ctrl-C; gives the exit code."""
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGINT)
        async with asyncio.timeout(_END_LIMIT_S):
            return await self._process.wait()


@asynccontextmanager
async def simulator_process(database: Path) -> AsyncGenerator[SimulatorProcess]:
    """A simulator on that SQLite file, serving; it does not outlive the context."""
    source = Path(__file__).parents[2]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "ocppsim",
        "serve",
        "--port",
        "0",
        "--database-url",
        f"sqlite:///{database}",
        cwd=database.parent,
        env={**os.environ, "PYTHONPATH": str(source), "PYTHONUNBUFFERED": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with httpx.AsyncClient(timeout=60, trust_env=False) as api, asyncio.TaskGroup() as tasks:
        simulator = SimulatorProcess(process, api)
        tasks.create_task(simulator.read_log())
        try:
            api.base_url = httpx.URL(f"{await _url(process, simulator)}/api")
            yield simulator
        finally:
            if process.returncode is None:
                await simulator.kill()


async def _url(process: asyncio.subprocess.Process, simulator: SimulatorProcess) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(_START_LIMIT_S):
        async for line in process.stdout:
            if (match := _URL.search(line.decode())) is not None:
                return match[1]
    pytest.fail("the simulator did not start:\n" + "\n".join(simulator.log))
