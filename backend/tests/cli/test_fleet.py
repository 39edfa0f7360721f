"""``ocppsim fleet run``: chargers of a plan against a central system, over sockets."""

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

from ocppsim.cli.program import run
from ocppsim.csms import CentralSystemConfig, DemoCentralSystem

from .conftest import listening

PLAN = """\
version: 1
name: Small load
seed: 5
start: 2026-03-02T08:00:00Z
duration: 3s
chargers: [{count: 20, configuration: {MeterValueSampleInterval: 1}}]
arrivals: [{per_day: 345600, stay_h: {uniform: [0.0005, 0.001]}, tag_after_s: 0.2}]
disturbances:
  - {kind: offline, at: 1.5s, chargers: CP001, lasts_min: 0.01}
  - {kind: poor_network, at: 1.2s, chargers: [CP001, CP002], lasts_min: 0.02, latency_ms: 50}
  - {kind: power_cut, at: 1.5s, chargers: CP003, lasts_min: 0.01}
  - {kind: restart, at: 1.5s, chargers: CP004}
  - {kind: fault, at: 1.5s, chargers: CP005, lasts_min: 0.01}
live: {ramp_up: 1s, ramp_down: 1s}
thresholds: {failed_calls_share: 0, open_transactions: 0, latency: {"*": {p99_ms: 60000}}}
"""
LIMIT_S = 60.0


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "load.yaml"
    path.write_text(PLAN, encoding="utf-8")
    return path


def url_of(csms: DemoCentralSystem) -> str:
    return f"ws://127.0.0.1:{csms.port}/ocpp"


def summary_of(directory: Path) -> dict[str, Any]:
    return json.loads((directory / "summary.json").read_text(encoding="utf-8"))


def test_a_fleet_runs_and_leaves_nothing_open(
    plan: Path, csms: DemoCentralSystem, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["fleet", "run", str(plan), "--csms", url_of(csms)]) == 0
    said = capsys.readouterr()
    assert "Small load" in said.out
    assert "MeterValues" in said.out
    assert said.err == ""
    (directory,) = Path("fleet-runs").iterdir()
    summary = summary_of(directory)
    assert summary["passed"] is True
    assert summary["largest_connected"] == 20
    assert summary["open_transactions"] == 0
    assert summary["outcomes"]["charged"] >= 5
    assert summary["disturbances"] == 6
    assert summary["lost_links"] == summary["connect_failures"] == {}
    assert summary["calls"]["failed"] == 0
    assert summary["latency"]["BootNotification"]["answered"] >= 20
    assert summary["messages"]["sent"] >= summary["calls"]["answered"]
    assert (directory / "fleet.db").is_file()
    assert "Small load: passed" in (directory / "report.html").read_text(encoding="utf-8")


def test_a_threshold_that_does_not_hold_fails_the_run(
    plan: Path, csms: DemoCentralSystem, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan.write_text(PLAN.replace("p99_ms: 60000", "p50_ms: 0.001"), encoding="utf-8")
    out = tmp_path / "run"
    arguments = ["fleet", "run", str(plan), "--csms", url_of(csms), "--out", str(out)]
    assert run([*arguments, "--duration", "1s", "--quiet", "--shard", "1/2"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("ocppsim: threshold: all answers p50: ")
    assert "at most 0.001 ms" in said.err
    assert summary_of(out)["passed"] is False
    assert 1 <= summary_of(out)["chargers"] <= 19
    assert run(arguments) == 2
    assert "has a run already" in capsys.readouterr().err


def test_a_csms_that_is_not_there_is_told_by_its_diagnosis(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan.write_text(PLAN.replace("ramp_down: 1s", "settle: 1s"), encoding="utf-8")
    arguments = ["fleet", "run", str(plan), "--csms", "ws://127.0.0.1:9/", "--out", str(tmp_path)]
    assert run([*arguments, "--duration", "1s", "--quiet"]) == 1
    assert "failed CALLs: no CALL was answered" in capsys.readouterr().err
    summary = summary_of(tmp_path)
    assert summary["largest_connected"] == 0
    assert summary["connect_failures"]["TCP: 127.0.0.1:9 refuses the connection"] >= 10


def test_chargers_give_their_password(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan.write_text(PLAN.replace("live: {", "live: {settle: 1s, "), encoding="utf-8")
    config = CentralSystemConfig(port=0, basic_auth_password="a-password-of-20-byt")
    with listening(config) as csms:
        arguments = ["fleet", "run", str(plan), "--csms", url_of(csms), "--duration", "1s", "-q"]
        right = ["--password", "a-password-of-20-byt", "--out", str(tmp_path / "right")]
        assert run([*arguments, *right]) == 0
        wrong = ["--password", "another", "--out", str(tmp_path / "wrong")]
        assert run([*arguments, *wrong]) == 1
    assert summary_of(tmp_path / "right")["largest_connected"] == 20
    assert b"a-password" not in (tmp_path / "right" / "fleet.db").read_bytes()
    (reason,) = summary_of(tmp_path / "wrong")["connect_failures"]
    assert reason.startswith("HTTP 401 Unauthorized")
    assert "failed CALLs" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "live.csms_urls: there is no CSMS"),
        (["--csms", "http://x"], "--csms: it must begin with ws://"),
        (["--csms", "ws://x", "--duration", "soon"], "--duration: a duration is like"),
        (["--csms", "ws://x", "--seed", "-1"], "--seed"),
        (["--csms", "ws://x", "--shard", "1/2", "--processes", "2"], "a shard runs in one process"),
        (["--csms", "ws://x", "--shard", "3/2"], "--shard: it is a part like 2/3, not '3/2'"),
    ],
)
def test_what_cannot_be_run_is_told_before_anything_runs(
    plan: Path, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["fleet", "run", str(plan), *arguments]) == 2
    assert told in capsys.readouterr().err
    assert not Path("fleet-runs").exists()


def test_a_plan_with_a_mistake_is_told_with_its_line(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan.write_text(PLAN + "lives: {}\n", encoding="utf-8")
    assert run(["fleet", "run", str(plan)]) == 2
    assert "load.yaml: line 16: lives: there is no such field" in capsys.readouterr().err


async def _disturbed(
    plan: Path, url: str, out: Path, *options: str, disturb: Callable[[Process], Awaitable[None]]
) -> tuple[int, str]:
    """The exit code and stderr of a run to which something happens after its first second."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ocppsim", "fleet", "run", str(plan), "--csms", url),
        *("--out", str(out), "--duration", "10m", *options),
        cwd=plan.parent,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUNBUFFERED": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(LIMIT_S):
            await process.stdout.readline()
            await disturb(process)
            _, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    return process.returncode, errors.decode()


async def _interrupt(process: Process) -> None:
    process.send_signal(signal.SIGINT)


async def _interrupt_twice(process: Process) -> None:
    process.send_signal(signal.SIGINT)
    await asyncio.sleep(0.3)
    process.send_signal(signal.SIGINT)


async def test_ctrl_c_ramps_down_and_reports(
    plan: Path, csms: DemoCentralSystem, tmp_path: Path
) -> None:
    code, errors = await _disturbed(plan, url_of(csms), tmp_path / "run", disturb=_interrupt)
    assert (code, errors) == (0, "")
    summary = summary_of(tmp_path / "run")
    assert summary["broken_off"] is True
    assert summary["open_transactions"] == 0


async def test_a_second_ctrl_c_breaks_off(
    plan: Path, csms: DemoCentralSystem, tmp_path: Path
) -> None:
    # The ramp-down of a second takes some more for those who are charging
    code, errors = await _disturbed(plan, url_of(csms), tmp_path / "run", disturb=_interrupt_twice)
    assert code == 130
    assert "Traceback" not in errors
    assert not (tmp_path / "run" / "summary.json").exists()


async def test_processes_run_the_parts_and_report_the_whole(
    plan: Path, csms: DemoCentralSystem, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    code, errors = await _disturbed(
        plan, url_of(csms), out, "--processes", "2", "--duration", "3s", disturb=_do_nothing
    )
    assert (code, errors) == (0, "")
    summary = summary_of(out)
    assert (summary["chargers"], summary["largest_connected"]) == (20, 20)
    assert summary["latency"]["BootNotification"]["answered"] >= 20
    assert summary["open_transactions"] == 0
    assert summary["disturbances"] == 6
    assert sorted(path.name for path in out.glob("*.db")) == ["fleet-1.db", "fleet-2.db"]


async def test_ctrl_c_ramps_all_processes_down(
    plan: Path, csms: DemoCentralSystem, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    code, errors = await _disturbed(plan, url_of(csms), out, "--processes", "2", disturb=_interrupt)
    assert (code, errors) == (0, "")
    assert summary_of(out)["broken_off"] is True
    assert summary_of(out)["open_transactions"] == 0


async def _do_nothing(process: Process) -> None:
    """It runs to its end."""


async def test_without_uvloop_a_fleet_runs_on_the_event_loop_of_python(
    plan: Path, csms: DemoCentralSystem, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    hidden = (
        "import sys; sys.modules['uvloop'] = None\n"
        "from ocppsim.cli import main\n"
        "from ocppsim.cli.server import run_on_fastest_loop\n"
        "async def loop(): import asyncio; return type(asyncio.get_running_loop()).__module__\n"
        "print(run_on_fastest_loop(loop()))\n"
        "sys.exit(main())"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", hidden, "fleet", "run", str(plan), "--csms", url_of(csms)),
        *("--out", str(out)),
        cwd=plan.parent,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(LIMIT_S):
        said, errors = await process.communicate()
    assert (process.returncode, errors.decode()) == (0, "")
    assert said.decode().startswith(("asyncio.", "asyncio\n"))
    assert summary_of(out)["largest_connected"] == 20
    assert summary_of(out)["open_transactions"] == 0
