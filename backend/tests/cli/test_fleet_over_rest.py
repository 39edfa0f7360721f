"""Fleet runs of a service: what becomes of them when it ends, or is killed."""

from __future__ import annotations

import asyncio
import json
import re
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from ocppsim.cli.program import run
from ocppsim.csms import DemoCentralSystem

from .processes import LIMIT_S, Process, ocppsim

PLAN = """\
version: 1
start: 2026-03-02T08:00:00Z
duration: 1h
chargers: [{count: 5}]
arrivals: [{per_day: 345600, stay_h: 1, tag_after_s: 0.1}]
live: {csms_urls: "ws://127.0.0.1:PORT/ocpp"}
"""


def plan_for(csms: DemoCentralSystem) -> str:
    return PLAN.replace("PORT", str(csms.port))


@asynccontextmanager
async def serving(folder: Path) -> AsyncGenerator[tuple[Process, httpx.AsyncClient]]:
    async with ocppsim(folder, "serve", "--port", "0") as server:
        await server.until(lambda: "ocppsim serves at" in server.printed)
        (url,) = re.findall(r"serves at (\S+)", server.printed)
        async with httpx.AsyncClient(
            base_url=f"{url}/api", trust_env=False, timeout=LIMIT_S
        ) as client:
            yield server, client


async def running(client: httpx.AsyncClient, plan: str, **more: Any) -> str:
    """The id of a run that has begun, and has cars by now."""
    answer = await client.post("/fleet-runs", json={"plan": plan, **more})
    assert answer.status_code == 201, answer.text
    run_id = answer.json()["id"]
    async with asyncio.timeout(LIMIT_S):
        while not ((await one(client, run_id))["latest"] or {}).get("transactions"):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return run_id


async def one(client: httpx.AsyncClient, run_id: str) -> dict[str, Any]:
    answer = await client.get(f"/fleet-runs/{run_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_run_outlives_a_service_that_is_killed_and_ends_by_itself(
    csms: DemoCentralSystem, tmp_path: Path
) -> None:
    async with serving(tmp_path) as (server, client):
        run_id = await running(client, plan_for(csms), processes=2)
        server.process.kill()
        await server.process.wait()
    async with serving(tmp_path) as (_, client):
        async with asyncio.timeout(LIMIT_S):
            while (await one(client, run_id))["state"] == "ramping_down":  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        ended = await one(client, run_id)
        assert (ended["state"], ended["error"]) == ("broken_off", None)
        assert ended["sessions"] > 0
        summary = (await client.get(f"/fleet-runs/{run_id}/summary")).json()
        assert summary["open_transactions"] == 0
        progress = (await client.get(f"/fleet-runs/{run_id}/progress")).json()
        assert max(point["connected"] for point in progress["points"]) == 5
        assert (await client.get(f"/fleet-runs/{run_id}/report")).status_code == 200
        assert (await client.delete(f"/fleet-runs/{run_id}")).status_code == 204


async def test_runs_ramp_down_and_report_when_their_service_ends(
    csms: DemoCentralSystem, tmp_path: Path
) -> None:
    async with serving(tmp_path) as (server, client):
        run_id = await running(client, plan_for(csms))
        assert await server.interrupt(signal.SIGTERM) == 0
        assert "Traceback" not in server.printed
    async with serving(tmp_path) as (_, client):
        ended = await one(client, run_id)
        assert (ended["state"], ended["error"]) == ("broken_off", None)
        assert (await client.get(f"/fleet-runs/{run_id}/report")).status_code == 200


def test_a_program_reads_the_progress_of_a_run_line_by_line(
    csms: DemoCentralSystem, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "load.yaml"
    plan.write_text(plan_for(csms), encoding="utf-8")
    out = tmp_path / "run"
    command = ["fleet", "run", str(plan), "--duration", "2s", "--out", str(out)]
    assert run([*command, "--progress", "json"]) == 0
    *seconds, result = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["kind"] for line in seconds} == {"second"}
    assert max(line["point"]["connected"] for line in seconds) == 5
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert result == {"kind": "result", "summary": summary}
    course = json.loads((out / "course.json").read_text(encoding="utf-8"))
    assert course["points"] == [line["point"] for line in seconds]
    assert course["latencies"] == seconds[-1]["latencies"]
