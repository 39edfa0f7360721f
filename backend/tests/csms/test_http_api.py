"""The HTTP interface of the demo central system, over a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from ocppsim.csms import DemoCentralSystem
from tests.csms.charger_peer import charger, until


@pytest.fixture
async def http(csms: DemoCentralSystem) -> AsyncIterator[httpx.AsyncClient]:
    url = f"http://127.0.0.1:{csms.http_port}"
    async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
        yield client


async def test_a_command_over_http_brings_the_answer_of_the_charger(
    csms: DemoCentralSystem, http: httpx.AsyncClient
) -> None:
    async with charger(csms.url) as cp, asyncio.TaskGroup() as tasks:
        await cp.boot()
        command = {"action": "RemoteStartTransaction", "payload": {"idTag": "TAG1"}}
        answer = tasks.create_task(http.post("/chargers/CP1/commands", json=command))
        message_id, action, payload = await cp.receive_call()
        assert (action, payload) == ("RemoteStartTransaction", {"idTag": "TAG1"})
        await cp.answer(message_id, {"status": "Accepted"})
        body = (await answer).raise_for_status().json()
        assert (body["kind"], body["payload"]) == ("CALLRESULT", {"status": "Accepted"})


async def test_it_lists_chargers_and_transactions(
    csms: DemoCentralSystem, http: httpx.AsyncClient
) -> None:
    async with charger(csms.url, "CP%201") as cp:
        await cp.boot()
        await cp.status(1, "Charging")
        await cp.call(
            "StartTransaction",
            {"connectorId": 1, "idTag": "A", "meterStart": 0, "timestamp": "2026-01-01T00:00:00Z"},
        )
        reading = {"timestamp": "2026-01-01T00:00:00Z", "sampledValue": [{"value": "1"}]}
        await cp.call(
            "MeterValues", {"connectorId": 1, "transactionId": 1, "meterValue": [reading]}
        )
        (listed,) = (await http.get("/chargers?connected=true")).json()
        assert listed["charge_point_vendor"] == "V"
        assert (await http.get("/chargers/CP%201")).json() == listed
        assert (await http.get("/")).json()["connected"] == 1
    (transaction,) = (await http.get("/transactions?state=running")).json()
    assert transaction["id_tag"] == "A"
    assert len((await http.get("/transactions/1/meter-values")).json()) == 1
    assert (await http.get("/transactions?charge_point_id=other")).json() == []
    assert (await http.get("/violations")).json() == []


async def test_a_connection_can_be_closed(csms: DemoCentralSystem, http: httpx.AsyncClient) -> None:
    async with charger(csms.url) as cp:
        await cp.boot()
        assert (await http.delete("/chargers/CP1/connection")).status_code == 204
        await cp.socket.wait_closed()


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/chargers/nobody/commands", {"action": "ClearCache"}, 404),
        ("/chargers/CP1/commands", {"action": "NoSuchAction"}, 422),
        ("/chargers/CP1/commands", {"action": "Reset", "payload": {"type": 1}}, 422),
        ("/chargers/CP1/commands", {"payload": {}}, 422),
        ("/chargers/CP1/commands", {"action": "Reset", "extra": 1}, 422),
        ("/nowhere", {}, 404),
    ],
)
async def test_errors_are_problem_documents(
    csms: DemoCentralSystem, http: httpx.AsyncClient, path: str, body: object, status: int
) -> None:
    async with charger(csms.url) as cp:
        await cp.boot()
        answer = await http.post(path, json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer.json()["detail"]


async def test_a_charger_that_left_is_a_conflict_and_an_unknown_transaction_is_not_found(
    csms: DemoCentralSystem, http: httpx.AsyncClient
) -> None:
    async with charger(csms.url) as cp:
        await cp.boot()
    await until(lambda: not csms.is_connected("CP1"))
    answer = await http.post("/chargers/CP1/commands", json={"action": "ClearCache"})
    assert answer.status_code == 409
    assert (await http.get("/transactions/9/meter-values")).status_code == 404


async def test_another_host_name_is_not_served(http: httpx.AsyncClient) -> None:
    assert (await http.get("/chargers", headers={"Host": "evil.example"})).status_code == 400
