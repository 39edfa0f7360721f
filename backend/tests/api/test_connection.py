from __future__ import annotations

from typing import Any

import pytest

from .conftest import Api, Csms, assert_problem, until

CHARGER = "/api/chargers/CP1"
START = {"connector_id": 1, "id_tag": "TAG"}


@pytest.fixture
async def online(api: Api, csms: Csms) -> Api:
    """The API with a charger CP1 that is connected and accepted."""
    await api.charger("CP1", connection_url=csms.url, auto_connect=True)
    await api.reaches("CP1", state="connected", registration="Accepted")
    return api


async def last_transaction(api: Api, path: str = "/api/transactions") -> dict[str, Any]:
    (transaction, *_) = (await api.get(path)).json()
    return transaction


# --- the connection ---


async def test_connect_and_disconnect_are_idempotent(api: Api, csms: Csms) -> None:
    await api.charger("CP1", connection_url=csms.url)
    for _ in range(2):
        answer = await api.post(f"{CHARGER}/connect")
        assert answer.status_code == 202
        assert answer.json()["desired_connection"] == "connected"
    await api.reaches("CP1", state="connected", registration="Accepted")
    assert (await api.get("/api/health")).json()["connected"] == 1
    for _ in range(2):
        assert (await api.post(f"{CHARGER}/disconnect")).status_code == 204
    await api.reaches("CP1", state="disconnected", desired_connection="disconnected")

    async def closed() -> bool:
        return csms.closed == ["CP1"]

    await until(closed)


async def test_the_identity_goes_encoded_behind_the_url(api: Api, csms: Csms) -> None:
    await api.charger("CP 1|x", connection_url=csms.url, auto_connect=True)
    await api.reaches("CP%201%7Cx", state="connected")
    assert list(csms.connections) == ["CP%201%7Cx"]


async def test_why_it_cannot_connect_is_told(api: Api) -> None:
    await api.charger("CP1", connection_url="ws://127.0.0.1:9/ocpp", auto_connect=True)

    async def failed() -> bool:
        return bool((await api.detail())["connection"]["last_error"])

    await until(failed)
    connection = (await api.detail())["connection"]
    assert "refuse" in connection["last_error"]
    assert connection["state"] == "connecting"
    assert connection["attempts"] >= 1


async def test_offline_it_queues_and_online_it_delivers(online: Api, csms: Csms) -> None:
    for _ in range(2):
        assert (await online.post(f"{CHARGER}/go-offline")).status_code == 204
    await online.reaches("CP1", state="offline")
    await online.patch(f"{CHARGER}/configuration", json={"AllowOfflineTxForUnknownId": "true"})
    answer = await online.post(f"{CHARGER}/transactions/start", json=START)
    assert answer.status_code == 202, answer.text
    assert answer.json()["transaction_id"] is None
    assert (await online.detail())["queued_messages"] >= 1
    assert "StartTransaction" not in csms.actions()
    back = await online.post(f"{CHARGER}/go-online")
    assert back.status_code == 202
    assert back.json()["queued_messages"] >= 1
    await online.reaches("CP1", state="connected", queued_messages=0)
    assert csms.actions().count("StartTransaction") == 1
    transaction = await last_transaction(online)
    assert transaction["transaction_id"] == 1


# --- transactions ---


async def test_a_transaction_from_start_to_stop(online: Api, csms: Csms) -> None:
    answer = await online.post(
        f"{CHARGER}/transactions/start", json=START | {"start_soc_percent": 40}
    )
    assert answer.status_code == 200, answer.text
    started = answer.json()
    assert started["transaction_id"] == 1
    assert started["local_transaction_id"] is not None
    running = await last_transaction(online)
    assert running["state"] == "running"
    assert running["started_at"].endswith("Z")
    assert running["energy_wh"] is not None
    assert_problem(await online.post(f"{CHARGER}/transactions/start", json=START), 409)
    stop = {"connector_id": 1, "reason": "Local"}
    stopped = await online.post(f"{CHARGER}/transactions/stop", json=stop)
    assert stopped.status_code == 200, stopped.text
    assert stopped.json() == started
    assert_problem(await online.post(f"{CHARGER}/transactions/stop", json=stop), 409)
    done = await last_transaction(online, f"{CHARGER}/transactions")
    assert done["state"] == "stopped"
    assert done["stopped_at"].endswith("Z")
    assert done["meter_stop_wh"] is not None
    assert csms.actions().count("StopTransaction") == 1


async def test_a_car_that_is_there_does_not_begin_at_another_charge(online: Api) -> None:
    await online.post(f"{CHARGER}/connectors/1/plug-in", json={"soc_percent": 20})
    wrong = START | {"start_soc_percent": 80}
    answer = await online.post(f"{CHARGER}/transactions/start", json=wrong)
    assert "at 20.0 %" in assert_problem(answer, 409)["detail"]
    assert (await online.detail())["connectors"][0]["transaction"] is None
    right = START | {"start_soc_percent": 20}
    answer = await online.post(f"{CHARGER}/transactions/start", json=right)
    assert answer.status_code == 200, answer.text


async def test_a_tag_that_is_refused_is_409_with_the_reason(online: Api) -> None:
    answer = await online.post(f"{CHARGER}/transactions/start", json=START | {"id_tag": "BAD"})
    assert "Invalid" in assert_problem(answer, 409)["detail"]
    assert (await online.get("/api/transactions")).json() == []


async def test_transactions_are_found_by_their_fields(online: Api) -> None:
    for tag in ("TAG1", "TAG2"):
        body = {"connector_id": 1, "id_tag": tag}
        answer = await online.post(f"{CHARGER}/transactions/start", json=body)
        assert answer.status_code == 200, answer.text
        await online.post(f"{CHARGER}/transactions/stop", json={"connector_id": 1})
        await online.post(f"{CHARGER}/connectors/1/unplug")
        await online.post(f"{CHARGER}/connectors/1/unplug", json={"side": "charger"})
    for query, tags in (
        ("", ["TAG2", "TAG1"]),
        ("?id_tag=TAG1", ["TAG1"]),
        ("?state=stopped&limit=1", ["TAG2"]),
        ("?state=running", []),
        ("?charge_point_id=CP1&offset=1", ["TAG1"]),
        ("?charge_point_id=CP2", []),
    ):
        answer = await online.get(f"/api/transactions{query}")
        assert [each["id_tag"] for each in answer.json()] == tags, query
    assert (await online.get("/api/transactions?limit=1")).headers["x-total-count"] == "2"
    assert_problem(await online.get("/api/transactions?state=odd"), 422)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("start", {"connector_id": 0, "id_tag": "T"}, 422),
        ("start", {"connector_id": 9, "id_tag": "T"}, 404),
        ("start", {"connector_id": 1}, 422),
        ("start", {"connector_id": 1, "id_tag": "T", "vehicle_id": 99}, 422),
        ("start", {"connector_id": 1, "id_tag": "T", "start_soc_percent": -1}, 422),
        ("stop", {"connector_id": 9}, 404),
        ("stop", {"connector_id": 1, "reason": "Bored"}, 422),
        ("stop", {"connector_id": 1}, 409),
    ],
)
async def test_what_cannot_start_or_stop(
    api: Api, path: str, body: dict[str, Any], status: int
) -> None:
    await api.charger("CP1")
    assert_problem(await api.post(f"{CHARGER}/transactions/{path}", json=body), status)


# --- messages ---


async def test_messages_can_be_read_filtered_and_cleared(online: Api) -> None:
    messages = (await online.get(f"{CHARGER}/messages")).json()
    boot, answer = messages[:2]
    assert (boot["direction"], boot["kind"], boot["action"]) == (
        "sent",
        "CALL",
        "BootNotification",
    )
    assert boot["payload"]["chargePointVendor"]
    assert (answer["direction"], answer["kind"], answer["action"]) == (
        "received",
        "CALLRESULT",
        "BootNotification",
    )
    assert answer["message_id"] == boot["message_id"]
    assert answer["latency_ms"] >= 0
    assert answer["valid"]
    assert boot["timestamp"].endswith("Z")
    assert [each["id"] for each in messages] == sorted(each["id"] for each in messages)
    for query, fits in (
        ("direction=received", lambda each: each["direction"] == "received"),
        ("action=BootNotification", lambda each: each["action"] == "BootNotification"),
        ("q=chargepointvendor", lambda each: "chargePointVendor" in each["payload"]),
        (f"after={boot['id']}", lambda each: each["id"] > boot["id"]),
    ):
        found = (await online.get(f"{CHARGER}/messages?{query}")).json()
        assert found, query
        assert all(fits(each) for each in found), query
    assert (await online.delete(f"{CHARGER}/messages")).status_code == 204
    assert (await online.get(f"{CHARGER}/messages?action=BootNotification")).json() == []


async def test_any_call_can_be_sent_and_the_answer_comes_back(online: Api) -> None:
    body = {"action": "DataTransfer", "payload": {"vendorId": "x"}}
    answer = await online.post(f"{CHARGER}/messages", json=body)
    assert answer.status_code == 200
    assert answer.json() == {
        "outcome": "result",
        "payload": {"status": "Accepted", "data": "hello"},
        "error_code": None,
        "error_description": None,
    }
    refused = await online.post(f"{CHARGER}/messages", json={"action": "Made.Up", "payload": {}})
    assert refused.json()["outcome"] == "error"
    assert refused.json()["error_code"] == "NotImplemented"


async def test_raw_text_goes_as_it_is(online: Api) -> None:
    text = '[2,"raw-1","DataTransfer",{"vendorId":"räw"}]'
    assert (await online.post(f"{CHARGER}/messages/raw", json={"text": text})).status_code == 204

    async def answered() -> bool:
        found = (await online.get(f"{CHARGER}/messages?action=DataTransfer")).json()
        return [each["kind"] for each in found] == ["CALL", "CALLRESULT"]

    await until(answered)


async def test_nothing_can_be_sent_without_a_connection(api: Api) -> None:
    await api.charger("CP1")
    body = {"action": "Heartbeat", "payload": {}}
    assert_problem(await api.post(f"{CHARGER}/messages", json=body), 409)
    assert_problem(await api.post(f"{CHARGER}/messages/raw", json={"text": "x"}), 409)


@pytest.mark.parametrize(
    "content",
    [
        b'{"action": ""}',
        b'{"action": "A", "payload": []}',
        b'{"action": "A", "payload": {"x": "\\ud800"}}',
        b'{"action": "A\\ud800", "payload": {}}',
        b'{"action": "A", "payload": {"x": NaN}}',
        b'{"action": "A", "payload": {"x": 1e999}}',
        b'{"payload": {}}',
    ],
)
async def test_a_call_that_cannot_be_is_refused(online: Api, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await online.post(f"{CHARGER}/messages", content=content, headers=headers)
    assert_problem(answer, 422)


# --- configuration ---


async def test_configuration_keys_tell_all_about_themselves(api: Api) -> None:
    await api.charger("CP1")
    keys = {each["key"]: each for each in (await api.get(f"{CHARGER}/configuration")).json()}
    heartbeat = keys["HeartbeatInterval"]
    assert not heartbeat["readonly"]
    assert heartbeat["profile"] == "Core"
    assert keys["NumberOfConnectors"]["readonly"]
    assert keys["NumberOfConnectors"]["value"] == "1"


@pytest.mark.parametrize(
    "body",
    [
        {"HeartbeatInterval": "5", "NoSuchKey": "x"},
        {"HeartbeatInterval": "5", "MeterValueSampleInterval": "often"},
        {"HeartbeatInterval": 5},
        {"HeartbeatInterval": None},
        {"": "x"},
        [],
        None,
    ],
)
async def test_configuration_changes_all_or_nothing(api: Api, body: object) -> None:
    await api.charger("CP1")
    before = (await api.get(f"{CHARGER}/configuration")).json()
    assert_problem(await api.patch(f"{CHARGER}/configuration", json=body), 422)
    assert (await api.get(f"{CHARGER}/configuration")).json() == before
