"""Runs in processes of their own: how they begin, what is heard of them, and how they end.

The program here carries out the "plan" as Python, so that a run does what a test needs.
"""

from __future__ import annotations

import asyncio
import json
import os
import stat
import sys
import time
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ocppsim.fleet.child_run import Program
from ocppsim.fleet.errors import RunsBusy, UnknownRun
from ocppsim.fleet.hosted_run import RunView
from ocppsim.fleet.hosted_runs import HostedRuns
from ocppsim.fleet.run_folder import RunFolder, RunHead

PATIENCE_S = 20.0
HEAD = RunHead("Load", 1_770_000_000.0, 5, 6, 60.0, ("ws://127.0.0.1:9/ocpp",), 7)
PROGRAM = Program(
    [sys.executable, "-c", "import sys; exec(open(sys.argv[3]).read())"], dict(os.environ)
)
SUMMARY: dict[str, Any] = {
    "took_s": 61.5,
    "broken_off": False,
    "passed": True,
    "sessions": 3,
    "energy_wh": 1234.5,
    "thresholds": [
        {"what": "lost links", "limit": "at most 0", "measured": "0", "holds": True},
    ],
}


def second(to_s: float, **changes: Any) -> dict[str, Any]:
    point = {
        "from_s": to_s - 1.0,
        "to_s": to_s,
        **dict.fromkeys(("there", "connected", "plugged_in", "charging", "transactions"), 1.0),
        **dict.fromkeys(("sent_per_s", "received_per_s", "loop_lag_ms", "energy_wh"), 2.0),
        "failed": 0,
        "sessions": 0,
        "latency_ms": None,
    }
    line = {
        "kind": "second",
        "point": point,
        "sessions": 2,
        "energy_wh": 55.0,
        "failures": [{"action": None, "kind": "connecting: refused", "count": 4}],
        "latencies": [],
        "latency_ms": None,
        "course": [point],
    }
    return line | changes


def says(*lines: dict[str, Any]) -> str:
    return "".join(f"print({json.dumps(json.dumps(line))}, flush=True)\n" for line in lines)


WRITES_A_RESULT = (
    "import pathlib\n"
    f"pathlib.Path(sys.argv[5], 'summary.json').write_text({json.dumps(json.dumps(SUMMARY))})\n"
    "pathlib.Path(sys.argv[5], 'report.html').write_text('<p>all is well')\n"
) + says({"kind": "result", "summary": SUMMARY})
UNTIL_STOPPED = "sys.stdin.read()\n"
FOREVER = "import time\nwhile True: time.sleep(1)\n"


@pytest.fixture
async def runs(tmp_path: Path) -> AsyncGenerator[HostedRuns]:
    runs = HostedRuns(tmp_path / "runs", PROGRAM, most=2)
    async with runs.at_work():
        yield runs


async def reached(runs: HostedRuns, run_id: str, holds: Callable[[RunView], bool]) -> RunView:
    async with asyncio.timeout(PATIENCE_S):
        while not holds(runs.get(run_id)):  # noqa: ASYNC110 - only asking tells
            await asyncio.sleep(0.01)
    return runs.get(run_id)


async def ended(runs: HostedRuns, run_id: str) -> RunView:
    return await reached(runs, run_id, lambda run: run.ended_at_s is not None)


def folder_of(tmp_path: Path, run_id: str) -> RunFolder:
    return RunFolder(tmp_path / "runs" / run_id)


async def test_a_run_is_followed_from_its_first_second_to_its_result(runs: HostedRuns) -> None:
    plan = says(second(1.0)) + UNTIL_STOPPED + says(second(2.0)) + WRITES_A_RESULT
    begun = runs.start(plan, HEAD, ["--seed=7"])
    assert begun.state == "starting"
    assert begun.run_id.startswith("20260202-")
    running = await reached(runs, begun.run_id, lambda run: run.latest is not None)
    assert (running.state, running.elapsed_s, running.sessions) == ("running", 1.0, 2)
    with pytest.raises(UnknownRun, match="no report yet"):
        runs.report(begun.run_id)
    assert runs.stop(begun.run_id).state == "ramping_down"
    over = await ended(runs, begun.run_id)
    assert (over.state, over.elapsed_s, over.sessions, over.error) == ("passed", 61.5, 3, None)
    assert [(check.line, check.holds) for check in over.checks] == [
        ("lost links: 0, at most 0", True)
    ]
    course = await runs.course(begun.run_id)
    assert [point.to_s for point in course.points] == [1.0, 2.0]
    assert [(one.kind, one.count) for one in course.failures] == [("connecting: refused", 4)]
    later = await runs.course(begun.run_id, after_s=1.0)
    assert [point.to_s for point in later.points] == [2.0]
    assert runs.report(begun.run_id).read_text(encoding="utf-8") == "<p>all is well"


async def test_a_run_is_ramping_down_once_its_time_is_over(runs: HostedRuns) -> None:
    run_id = runs.start(says(second(61.0)) + UNTIL_STOPPED, HEAD, []).run_id
    assert (await reached(runs, run_id, lambda run: run.latest is not None)).state == "ramping_down"


async def test_a_run_that_dies_is_told_of_with_what_it_said_last(
    runs: HostedRuns, tmp_path: Path
) -> None:
    plan = "print('no line of ours')\n" + says(second(1.0)) + "sys.exit('ocppsim: out of luck')"
    run_id = runs.start(plan, HEAD, []).run_id
    over = await ended(runs, run_id)
    assert (over.state, over.error, over.elapsed_s) == ("died", "out of luck", 1.0)
    assert (await runs.course(run_id)).points[0].to_s == 1.0
    assert not folder_of(tmp_path, run_id).is_locked()


async def test_a_run_that_dies_in_silence_leaves_its_exit_code(runs: HostedRuns) -> None:
    run_id = runs.start("import os; os._exit(7)", HEAD, []).run_id
    assert (await ended(runs, run_id)).error == "it ended without a word (exit code 7)"


async def test_a_run_that_cannot_be_followed_does_not_go_on_unseen(
    runs: HostedRuns, tmp_path: Path
) -> None:
    run_id = runs.start("print('x' * 5_000_000)\n" + FOREVER, HEAD, []).run_id
    over = await ended(runs, run_id)
    assert (over.state, over.error) == (
        "died",
        "an error of the simulator itself; its log says more",
    )
    async with asyncio.timeout(PATIENCE_S):
        while folder_of(tmp_path, run_id).is_locked():  # noqa: ASYNC110 - only asking tells
            await asyncio.sleep(0.01)


async def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    runs = HostedRuns(tmp_path, Program([str(tmp_path / "nothing")], {}), most=1)
    async with runs.at_work():
        over = await ended(runs, runs.start("", HEAD, []).run_id)
    assert over.state == "died"
    assert over.error is not None
    assert over.error.startswith("it cannot be started: ")


async def test_only_so_many_run_at_once(runs: HostedRuns) -> None:
    first = runs.start(UNTIL_STOPPED, HEAD, []).run_id
    runs.start(UNTIL_STOPPED, HEAD, [])
    with pytest.raises(RunsBusy, match="2 fleet runs are under way"):
        runs.start(UNTIL_STOPPED, HEAD, [])
    runs.stop(first)
    await ended(runs, first)
    runs.start(UNTIL_STOPPED, HEAD, [])
    assert len(runs.all()) == 3


async def test_runs_can_be_forbidden(tmp_path: Path) -> None:
    runs = HostedRuns(tmp_path, PROGRAM, most=0)
    async with runs.at_work():
        with pytest.raises(RunsBusy, match="MOST_FLEET_RUNS is 0"):
            runs.check_room()


async def test_a_run_that_does_not_ramp_down_can_be_ended_at_once(runs: HostedRuns) -> None:
    run_id = runs.start(says(second(1.0)) + FOREVER, HEAD, []).run_id
    await reached(runs, run_id, lambda run: run.latest is not None)
    runs.stop(run_id)
    with pytest.raises(RunsBusy, match="under way"):
        await runs.delete(run_id)
    runs.stop(run_id, now=True)
    over = await ended(runs, run_id)
    assert over.state == "broken_off"
    assert over.error == "it was ended before its chargers had gone, and came to no result"
    runs.stop(run_id)
    await runs.delete(run_id)
    with pytest.raises(UnknownRun, match="there is no fleet run"):
        runs.get(run_id)


async def test_all_runs_end_with_their_service(tmp_path: Path) -> None:
    runs = HostedRuns(tmp_path / "runs", PROGRAM, most=2, stops_within_s=1.0)
    async with runs.at_work():
        tidy = runs.start(UNTIL_STOPPED + WRITES_A_RESULT, HEAD, []).run_id
        stubborn = runs.start(FOREVER, HEAD, []).run_id
    assert [runs.get(one).state for one in (tidy, stubborn)] == ["passed", "broken_off"]
    assert not folder_of(tmp_path, stubborn).is_locked()
    with pytest.raises(RunsBusy, match="about to end"):
        runs.start("", HEAD, [])


async def test_who_does_not_want_to_wait_breaks_all_runs_off(tmp_path: Path) -> None:
    runs = HostedRuns(tmp_path / "runs", PROGRAM, most=2, stops_within_s=60.0)
    async with asyncio.timeout(PATIENCE_S), runs.at_work():
        stubborn = [runs.start(FOREVER, HEAD, []).run_id for _ in range(2)]
        asyncio.get_running_loop().call_later(0.1, runs.break_off)
    assert [runs.get(one).state for one in stubborn] == ["broken_off"] * 2


async def test_a_later_service_knows_the_runs_of_earlier_ones(tmp_path: Path) -> None:
    runs = HostedRuns(tmp_path / "runs", PROGRAM, most=2)
    async with runs.at_work():
        passed = runs.start(says(second(1.0)) + WRITES_A_RESULT, HEAD, []).run_id
        died = runs.start("sys.exit('alas')", HEAD, []).run_id
        views = [await ended(runs, one) for one in (passed, died)]
    (tmp_path / "runs" / "notes").mkdir()
    (tmp_path / "runs" / "20260101-000000-abcdef").mkdir()
    later = HostedRuns(tmp_path / "runs", PROGRAM, most=2)
    async with later.at_work():
        assert [later.get(one) for one in (passed, died)] == views
        assert len(later.all()) == 2
        assert [point.to_s for point in (await later.course(passed)).points] == [1.0]
        await later.delete(died)
    assert not (tmp_path / "runs" / died).exists()


async def test_a_run_whose_service_was_killed_goes_on_until_it_has_ended(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "20260202-024000-0a0b0c")
    folder.create(UNTIL_STOPPED + WRITES_A_RESULT, HEAD)
    with folder.lock() as kept_open:
        process = await asyncio.create_subprocess_exec(
            *PROGRAM.command,
            *("fleet", "run", str(folder.path / "plan.yaml"), "--out", str(folder.path)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            pass_fds=kept_open,
        )
    runs = HostedRuns(tmp_path / "runs", PROGRAM, most=2)
    async with runs.at_work():
        (run,) = runs.all()
        assert run.state == "ramping_down"
        with pytest.raises(RunsBusy, match="under way"):
            await runs.delete(run.run_id)
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()
        over = runs.get(run.run_id)
        assert (over.state, over.sessions) == ("passed", 3)
        assert over.ended_at_s == pytest.approx(time.time(), abs=PATIENCE_S)


async def test_a_run_that_nobody_saw_the_end_of_has_died(tmp_path: Path) -> None:
    folder_of(tmp_path, "20260202-024000-0a0b0c").create("", HEAD)
    runs = HostedRuns(tmp_path / "runs", PROGRAM, most=2)
    async with runs.at_work():
        (run,) = runs.all()
        assert run.state == "died"
        assert run.error == "the simulator ended while it ran, and it came to no result"
        assert (await runs.course(run.run_id)).points == []


async def test_where_no_lock_tells_a_run_is_over_once_it_has_its_result(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "20260202-024000-0a0b0c")
    folder.create("", HEAD)
    runs = HostedRuns(tmp_path / "runs", PROGRAM, most=2)
    async with runs.at_work():
        assert runs.all()[0].state == "died"
        (folder.path / "summary.json").write_text(json.dumps(SUMMARY), encoding="utf-8")
        assert runs.all()[0].state == "passed"


async def test_the_newest_run_comes_first(runs: HostedRuns) -> None:
    later = msgspec.structs.replace(HEAD, began_at_s=HEAD.began_at_s + 0.1)
    begun = [runs.start("", head, []).run_id for head in (later, HEAD)]
    assert [run.run_id for run in runs.all()] == begun


@pytest.mark.skipif(sys.platform == "win32", reason="files have no modes there")
async def test_the_plan_is_for_this_user_alone(runs: HostedRuns, tmp_path: Path) -> None:
    run_id = runs.start("# secret\r\n", HEAD, []).run_id
    mode = (folder_of(tmp_path, run_id).path / "plan.yaml").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert runs.plan(run_id) == "# secret\r\n"
