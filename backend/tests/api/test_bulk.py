from __future__ import annotations

from typing import Any

import pytest

from .conftest import Api, Csms, assert_problem, until


@pytest.fixture
async def three(api: Api) -> Api:
    location_id = await api.location()
    for number in (1, 2, 3):
        await api.charger(f"CP{number}", location_id=location_id, evse_count=2)
    return api


async def finished(api: Api, body: dict[str, Any]) -> dict[str, Any]:
    accepted = await api.post("/api/chargers/bulk", json=body)
    assert accepted.status_code == 202, accepted.text
    where = f"/api/operations/{accepted.json()['operation_id']}"
    assert accepted.headers["location"] == where

    async def over() -> bool:
        return (await api.get(where)).json()["state"] != "running"

    await until(over)
    return (await api.get(where)).json()


async def statuses(api: Api) -> list[list[str]]:
    chargers = (await api.get("/api/chargers")).json()
    return [[each["status"] for each in charger["connectors"]] for charger in chargers]


async def test_an_action_on_named_chargers(three: Api) -> None:
    body = {"ids": ["CP1", "CP3", "CP1"], "action": "plug-in", "body": {"connector_id": 2}}
    operation = await finished(three, body)
    assert operation["state"] == "finished"
    assert (operation["total"], operation["done"], operation["succeeded"]) == (2, 2, 2)
    assert operation["failures"] == []
    assert operation["started_at"].endswith("Z")
    assert operation["finished_at"].endswith("Z")
    assert await statuses(three) == [
        ["Available", "Preparing"],
        ["Available", "Available"],
        ["Available", "Preparing"],
    ]


async def test_an_action_on_all_connectors_of_all_chargers(three: Api) -> None:
    body = {"filter": {}, "action": "fault", "body": {"error_code": "OtherError"}}
    assert (await finished(three, body))["succeeded"] == 3
    assert await statuses(three) == [["Faulted", "Faulted"]] * 3
    assert (await finished(three, {"filter": {}, "action": "clear-fault"}))["succeeded"] == 3
    assert await statuses(three) == [["Available", "Available"]] * 3


async def test_what_failed_is_told_one_by_one(three: Api) -> None:
    await three.post("/api/chargers/CP2/connectors/1/plug-in")
    body = {"ids": ["CP1", "CP2", "Nobody"], "action": "plug-in", "body": {"connector_id": 1}}
    operation = await finished(three, body)
    assert (operation["succeeded"], operation["failed"], operation["done"]) == (1, 2, 3)
    failures = {each["charge_point_id"]: each for each in operation["failures"]}
    assert (failures["CP2"]["status"], failures["CP2"]["connector_id"]) == (409, 1)
    assert failures["Nobody"]["status"] == 404
    assert failures["Nobody"]["detail"]


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("connect", None),
        ("disconnect", None),
        ("go-offline", None),
        ("go-online", None),
        ("id-tag", {"id_tag": "T"}),
        ("id-tag", {"id_tag": "T", "connector_id": 2}),
        ("emergency-stop", {}),
        ("power", {"state": "cycle"}),
        ("network", {"state": "cut"}),
        ("clock", {"offset_s": 60}),
        ("factory-reset", None),
        ("inject-status", {"connector_id": 1, "status": "Available"}),
        ("configuration", {"HeartbeatInterval": "9"}),
        ("update", {"charger_name": "Same"}),
        ("lock", {"jammed": True}),
        ("stop-button", {"connector_id": 1}),
        ("delete", None),
    ],
)
async def test_every_single_action_works_in_bulk(
    three: Api, action: str, body: dict[str, Any] | None
) -> None:
    operation = await finished(three, {"filter": {"q": "cp"}, "action": action, "body": body})
    assert operation["total"] == 3
    assert all(each["status"] == 409 for each in operation["failures"])


async def test_sessions_start_and_stop_in_bulk(three: Api, csms: Csms) -> None:
    update = {"filter": {}, "action": "update", "body": {"connection_url": csms.url}}
    assert (await finished(three, update))["succeeded"] == 3
    assert (await finished(three, {"filter": {}, "action": "connect"}))["succeeded"] == 3
    for number in (1, 2, 3):
        await three.reaches(f"CP{number}", registration="Accepted")
    start = {"connector_id": 1, "id_tag": "TAG"}
    operation = await finished(
        three, {"filter": {"connected": True}, "action": "transactions/start", "body": start}
    )
    assert operation["succeeded"] == 3, operation
    call = {"action": "Heartbeat", "payload": {}}
    sent = await finished(three, {"filter": {}, "action": "messages", "body": call})
    assert sent["succeeded"] == 3
    status = {"connector_id": 2, "status": "Finishing"}
    injected = await finished(three, {"filter": {}, "action": "inject-status", "body": status})
    assert injected["succeeded"] == 3
    finishing = [who for who, _, sent in csms.calls if sent.get("status") == "Finishing"]
    assert sorted(finishing) == ["CP1", "CP2", "CP3"]
    status["connector_id"] = 3
    nowhere = await finished(three, {"filter": {}, "action": "inject-status", "body": status})
    assert [each["status"] for each in nowhere["failures"]] == [404] * 3
    stop = {"filter": {}, "action": "transactions/stop", "body": {"connector_id": 1}}
    assert (await finished(three, stop))["succeeded"] == 3
    again = await finished(three, stop)
    assert [each["status"] for each in again["failures"]] == [409] * 3


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"ids": ["CP1"]},
        {"action": "connect"},
        {"ids": ["CP1"], "filter": {}, "action": "connect"},
        {"ids": "CP1", "action": "connect"},
        {"ids": ["CP1"], "action": "explode"},
        {"ids": ["CP1"], "action": "connect", "body": {"x": 1}},
        {"ids": ["CP1"], "action": "plug-in", "body": {"soc_percent": 101}},
        {"ids": ["CP1"], "action": "plug-in", "body": {"connector_id": "x"}},
        {"ids": ["CP1"], "action": "fault"},
        {"ids": ["CP1"], "action": "power", "body": {"state": "half"}},
        {"ids": ["CP1"], "action": "inject-status", "body": {"status": "Available"}},
        {"filter": {"colour": "red"}, "action": "connect"},
        {"filter": {"status": "Odd"}, "action": "connect"},
    ],
)
async def test_what_does_not_fit_is_refused_at_once(three: Api, body: dict[str, Any]) -> None:
    problem = assert_problem(await three.post("/api/chargers/bulk", json=body), 422)
    assert problem["errors"]


async def test_an_operation_can_be_cancelled(three: Api, csms: Csms) -> None:
    csms.silent_on = {"Heartbeat"}
    await finished(three, {"filter": {}, "action": "update", "body": {"connection_url": csms.url}})
    await finished(three, {"filter": {}, "action": "connect"})
    for number in (1, 2, 3):
        await three.reaches(f"CP{number}", registration="Accepted")
    body = {"filter": {}, "action": "messages", "body": {"action": "Heartbeat"}}
    accepted = (await three.post("/api/chargers/bulk", json=body)).json()
    where = f"/api/operations/{accepted['operation_id']}"
    assert (await three.get(where)).json()["state"] == "running"
    assert (await three.delete(where)).status_code == 204
    assert (await three.delete(where)).status_code == 204
    operation = (await three.get(where)).json()
    assert operation["state"] == "cancelled"
    assert operation["done"] < 3


async def test_an_operation_that_is_not_there_is_404(api: Api) -> None:
    assert_problem(await api.get("/api/operations/nothing"), 404)
    assert_problem(await api.delete("/api/operations/nothing"), 404)


async def test_nobody_to_act_on_is_done_at_once(api: Api) -> None:
    operation = await finished(api, {"filter": {}, "action": "connect"})
    assert operation["total"] == 0
    assert operation["state"] == "finished"
