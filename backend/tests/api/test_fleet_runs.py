"""Fleet runs over REST: a plan is checked, run in a process of its own, watched and reported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ocppsim.api.schemas.fleet_run import FleetRunProgress
from ocppsim.settings import Settings

from .conftest import Api, Csms, assert_problem, until

PLAN = """\
version: 1
name: Small load
seed: 5
start: 2026-03-02T08:00:00Z
duration: 2s
chargers: [{count: 4, configuration: {MeterValueSampleInterval: 1}}]
arrivals: [{per_day: 345600, stay_h: {uniform: [0.0002, 0.0003]}, tag_after_s: 0.1}]
live: {csms_urls: ws://127.0.0.1:9/ocpp, basic_auth_password: wonderland}  # ours
thresholds: {failed_calls_share: 0, latency: {"*": {p99_ms: 60000}}}
"""
ENDLESS = PLAN.replace("duration: 2s", "duration: 1h")
OVER = {"passed", "failed", "broken_off", "died"}


async def started(api: Api, plan: str, csms: Csms | None = None, **more: Any) -> str:
    """The id of a new run, against the CSMS if there is one."""
    urls = {} if csms is None else {"csms_urls": [csms.url]}
    answer = await api.post("/api/fleet-runs", json={"plan": plan, **urls, **more})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/api/fleet-runs/{answer.json()['id']}"
    return answer.json()["id"]


async def run_of(api: Api, run_id: str) -> dict[str, Any]:
    answer = await api.get(f"/api/fleet-runs/{run_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def reaches(api: Api, run_id: str, *states: str) -> dict[str, Any]:
    """The run, once it is in one of the states."""

    async def holds() -> bool:
        return (await run_of(api, run_id))["state"] in states

    await until(holds)
    return await run_of(api, run_id)


async def test_a_plan_runs_and_is_watched_and_reported(api: Api, csms: Csms) -> None:
    run_id = await started(api, PLAN, csms)
    begun = await run_of(api, run_id)
    assert begun["state"] == "starting"
    assert begun["ended_at"] is None
    assert begun["csms_urls"] == [csms.url]
    assert_problem(await api.get(f"/api/fleet-runs/{run_id}/report"), 404)
    assert_problem(await api.delete(f"/api/fleet-runs/{run_id}"), 409)

    running = await reaches(api, run_id, "running", "ramping_down")
    assert running["latest"]["there"] == 4

    ended = await reaches(api, run_id, *OVER)
    assert ended["state"] == "passed", ended
    assert ended["error"] is None
    assert ended["ended_at"] > ended["began_at"]
    assert (ended["name"], ended["chargers"], ended["connectors"]) == ("Small load", 4, 4)
    assert (ended["planned_s"], ended["seed"], ended["latest"]) == (2, 5, None)
    assert ended["elapsed_s"] >= 2
    assert ended["sessions"] > 0
    assert [each["holds"] for each in ended["thresholds"]] == [True, True]
    assert {"authorization"} <= set(csms.headers[0])

    progress = (await api.get(f"/api/fleet-runs/{run_id}/progress")).json()
    assert max(point["connected"] for point in progress["points"]) == 4
    assert sum(point["sessions"] for point in progress["points"]) == ended["sessions"]
    assert FleetRunProgress.model_validate(progress).model_dump() == progress
    assert progress["failures"] == []
    assert {"BootNotification", "StopTransaction"} <= {
        one["action"] for one in progress["latencies"]
    }
    later = await api.get(f"/api/fleet-runs/{run_id}/progress", params={"after_s": 1.5})
    assert 0 < len(later.json()["points"]) < len(progress["points"])

    report = await api.get(f"/api/fleet-runs/{run_id}/report")
    assert report.headers["content-type"].startswith("text/html")
    assert "sandbox" in report.headers["content-security-policy"]
    assert "Small load: passed" in report.text
    summary = (await api.get(f"/api/fleet-runs/{run_id}/summary")).json()
    assert summary["sessions"] == ended["sessions"]

    assert (await api.delete(f"/api/fleet-runs/{run_id}")).status_code == 204
    assert_problem(await api.get(f"/api/fleet-runs/{run_id}"), 404)
    assert (await api.get("/api/fleet-runs")).json() == []


async def test_a_run_that_is_stopped_ramps_down_and_reports(api: Api, csms: Csms) -> None:
    run_id = await started(api, ENDLESS, csms, seed=9)
    await reaches(api, run_id, "running")
    stopped = await api.post(f"/api/fleet-runs/{run_id}/stop")
    assert (stopped.status_code, stopped.json()["state"]) == (202, "ramping_down")
    ended = await reaches(api, run_id, *OVER)
    assert (ended["state"], ended["error"], ended["seed"]) == ("broken_off", None, 9)
    assert (await api.get(f"/api/fleet-runs/{run_id}/report")).status_code == 200
    assert (await api.post(f"/api/fleet-runs/{run_id}/stop")).json() == ended
    assert set(csms.closed) == set(csms.connections)


async def test_a_run_without_a_csms_fails_its_thresholds(api: Api) -> None:
    ended = await reaches(api, await started(api, PLAN, duration="1s"), *OVER)
    assert ended["state"] == "failed"
    assert {
        "line": "failed CALLs: no CALL was answered or failed, at most 0 %",
        "holds": False,
    } in (ended["thresholds"])
    progress = (await api.get(f"/api/fleet-runs/{ended['id']}/progress")).json()
    (failure,) = progress["failures"]
    assert failure["action"] is None
    assert failure["kind"].startswith("connecting: ")


async def test_no_more_run_at_once_than_are_allowed(api: Api) -> None:
    runs = [await started(api, ENDLESS) for _ in range(2)]
    problem = assert_problem(await api.post("/api/fleet-runs", json={"plan": PLAN}), 409)
    assert "MOST_FLEET_RUNS" in problem["detail"]
    listed = await api.get("/api/fleet-runs", params={"limit": 1})
    assert listed.headers["x-total-count"] == "2"
    assert len(listed.json()) == 1
    for run_id in runs:
        await api.post(f"/api/fleet-runs/{run_id}/stop", params={"now": True})
        ended = await reaches(api, run_id, *OVER)
        assert ended["state"] == "broken_off"
        assert ended["error"]
        assert_problem(await api.get(f"/api/fleet-runs/{run_id}/summary"), 404)


async def test_a_plan_is_checked_without_a_run(api: Api) -> None:
    body = {"plan": PLAN, "duration": "10m", "seed": 3, "csms_urls": ["ws://csms.invalid/a"]}
    answer = await api.post("/api/fleet-runs/check", json=body)
    assert answer.status_code == 200, answer.text
    visits = answer.json().pop("visits")
    assert visits > 2000
    assert answer.json() == {
        "name": "Small load",
        "chargers": 4,
        "connectors": 4,
        "duration_s": 600,
        "csms_urls": ["ws://csms.invalid/a"],
        "visits": visits,
        "seed": 3,
    }
    assert (await api.get("/api/fleet-runs")).json() == []


@pytest.mark.parametrize(
    ("old", "new", "line", "loc", "reason"),
    [
        ("count: 4", "cuont: 4", 6, ["chargers", 0, "cuont"], "did you mean count?"),
        ("start: 2026-03-02T08:00:00Z\n", "", 1, ["start"], "it is missing"),
        ("csms_urls: ws:", "csms_urls: http:", 8, ["live", "csms_urls", 0], "ws://"),
        ("csms_urls: ws://127.0.0.1:9/ocpp, ", "", 8, ["live"], "there is no CSMS"),
        ("wonderland", "'***'", 8, ["live", "basic_auth_password"], "give the secret itself"),
        ("[{count: 4,", "[{template: nil,", 6, ["chargers", 0, "template"], "nil"),
        (
            "thresholds:",
            "traces: [{file: /etc/passwd}]\nthresholds:",
            9,
            ["traces", 0, "file"],
            "names no files",
        ),
    ],
)
@pytest.mark.parametrize("path", ["/api/fleet-runs", "/api/fleet-runs/check"])
async def test_a_plan_that_cannot_be_used_is_told_with_its_line(
    api: Api, path: str, old: str, new: str, line: int, loc: list[Any], reason: str
) -> None:
    assert old in PLAN
    problem = assert_problem(await api.post(path, json={"plan": PLAN.replace(old, new)}), 422)
    (error,) = problem["errors"]
    assert error["line"] == line
    assert error["loc"][: len(loc) + 2] == ["body", "plan", *loc]
    assert reason in error["msg"]
    assert f"line {line}: " in problem["detail"]
    assert (await api.get("/api/fleet-runs")).json() == []


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("duration", "soon", "a duration is like"),
        ("duration", "0", "above 0"),
        ("csms_urls", ["ftp://csms.invalid/"], "ws://"),
        ("csms_urls", ["ws://a:b@csms.invalid/"], "must not hold a password"),
        ("csms_urls", [], "at least 1"),
        ("seed", -1, "greater than or equal to 0"),
        ("processes", 0, "greater than or equal to 1"),
        ("plan", "{", "line 1, column 2"),
    ],
)
async def test_what_stands_instead_of_the_plan_is_checked_as_well(
    api: Api, field: str, value: object, reason: str
) -> None:
    body = {"plan": PLAN, field: value}
    problem = assert_problem(await api.post("/api/fleet-runs/check", json=body), 422)
    assert problem["errors"][0]["loc"][:2] == ["body", field]
    assert reason in problem["detail"]


async def test_a_site_cannot_be_divided(api: Api) -> None:
    plan = f"{PLAN}site: {{grid_limit_a_per_phase: 100}}\n"
    body = {"plan": plan, "processes": 2}
    problem = assert_problem(await api.post("/api/fleet-runs/check", json=body), 422)
    assert problem["errors"][0]["loc"] == ["body", "processes"]


async def test_the_plan_comes_back_without_its_secrets(api: Api, settings: Settings) -> None:
    run_id = await started(api, PLAN, duration="1s")
    answer = await api.get(f"/api/fleet-runs/{run_id}/plan")
    assert answer.headers["content-type"].startswith("application/yaml")
    assert answer.text == PLAN.replace("wonderland", '"***"')
    await reaches(api, run_id, *OVER)
    folder = Path(settings.database_url.removeprefix("sqlite:///")).parent / "fleet-runs" / run_id
    for path in folder.iterdir():
        assert (b"wonderland" in path.read_bytes()) == (path.name == "plan.yaml"), path


async def test_a_secret_of_the_wrong_kind_is_not_repeated(api: Api) -> None:
    plan = PLAN.replace("wonderland", "31415926")
    problem = assert_problem(await api.post("/api/fleet-runs", json={"plan": plan}), 422)
    assert "31415926" not in str(problem)
    assert problem["errors"][0]["line"] == 8


@pytest.mark.parametrize("path", ["", "/progress", "/report", "/summary", "/plan"])
async def test_a_run_that_is_not_there_is_not_found(api: Api, path: str) -> None:
    assert_problem(await api.get(f"/api/fleet-runs/..%2f..{path}"), 404)
    assert_problem(await api.get(f"/api/fleet-runs/20260101-000000-abcdef{path}"), 404)
