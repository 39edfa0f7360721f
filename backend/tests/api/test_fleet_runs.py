"""Fleet runs over REST: a plan is checked, run in a process of its own, watched and reported."""

from __future__ import annotations

from typing import Any

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
