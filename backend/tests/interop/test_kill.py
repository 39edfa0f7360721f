"""``kill -9`` in the middle of charging: no message to the CSMS is lost."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx

from ocppsim.persistence.sample_slots import LeftSamples
from tests.interop.csms_peer import CsmsPeer, ReceivedCall, ocpp_package_peer
from tests.interop.simulator_process import simulator_process

CP = "KILLED-1"
TRANSACTION_MESSAGES = ("StartTransaction", "MeterValues", "StopTransaction")


async def add_charger(api: httpx.AsyncClient, csms: CsmsPeer) -> None:
    location = (await api.post("/locations", json={"name": "Kill", "address": "-"})).json()
    body = {
        "charge_point_id": CP,
        "charger_name": "Killed",
        "connection_url": csms.url,
        "auto_connect": True,
        "evse_count": 2,
        "configuration": {
            "MeterValueSampleInterval": "1",
            "AllowOfflineTxForUnknownId": "true",
            "TransactionMessageRetryInterval": "1",
        },
    }
    answer = await api.post(f"/locations/{location['id']}/chargers", json=body)
    assert answer.status_code == 201, answer.text
    await csms.until(lambda: csms.statuses(2) == ["Available"])


async def bench(api: httpx.AsyncClient, path: str, body: dict[str, Any] | None = None) -> None:
    answer = await api.post(f"/chargers/{CP}/{path}", json=body or {})
    assert answer.is_success, answer.text


async def queued(api: httpx.AsyncClient) -> int:
    return (await api.get(f"/chargers/{CP}")).json()["queued_messages"]


async def until_queued(api: httpx.AsyncClient, count: int) -> None:
    async with asyncio.timeout(30):
        while await queued(api) < count:  # noqa: ASYNC110 - REST is asked, there is no event
            await asyncio.sleep(0.1)


async def until_delivered(api: httpx.AsyncClient) -> None:
    async with asyncio.timeout(30):
        while await queued(api) > 0:  # noqa: ASYNC110 - REST is asked, there is no event
            await asyncio.sleep(0.1)


def transaction_calls(csms: CsmsPeer) -> list[ReceivedCall]:
    """The transaction-related CALLs, repeated ones (their answer was never read) once."""
    calls: list[ReceivedCall] = []
    for call in csms.calls:
        if call.action in TRANSACTION_MESSAGES and call not in calls:
            calls.append(call)
    return calls


async def test_a_running_transaction_is_stopped_after_the_restart(tmp_path: Path) -> None:
    database = tmp_path / "kill.db"
    beside = tmp_path / "kill.db-samples"
    async with ocpp_package_peer() as csms:
        async with simulator_process(database) as simulator:
            await add_charger(simulator.api, csms)
            await bench(simulator.api, "connectors/1/plug-in")
            await bench(simulator.api, "connectors/1/id-tag", {"id_tag": "TAG"})
            await csms.until(lambda: len(csms.named("MeterValues")) >= 6)
            await simulator.kill()
        left = LeftSamples(beside)
        (kept,) = left.read()
        left.close()
        assert kept.sequence >= 6  # the start is the first message
        async with simulator_process(database) as simulator:
            await csms.until(lambda: bool(csms.named("StopTransaction")))
            await until_delivered(simulator.api)
            ledger = (await simulator.api.get(f"/chargers/{CP}/transactions/1/ledger")).json()
            assert await simulator.stop() == 0
        assert not beside.exists()
        messages, unrecorded = ledger["messages"], ledger["transaction"]["messages_unrecorded"]
        assert len(messages) + unrecorded == messages[-1]["sequence"]
        calls = transaction_calls(csms)
        assert [call.action for call in calls if call.action != "MeterValues"] == [
            "StartTransaction",
            "StopTransaction",
        ]
        start, stop = calls[0].payload, calls[-1].payload
        assert stop["transactionId"] == csms.named("MeterValues")[0]["transactionId"]
        assert stop["reason"] == "PowerLoss"
        last = csms.named("MeterValues")[-1]["meterValue"][0]["sampledValue"][0]["value"]
        assert stop["meterStop"] >= float(last) >= start["meterStart"]
        assert csms.violations == []


async def test_what_was_queued_offline_comes_complete_and_in_order(tmp_path: Path) -> None:
    database = tmp_path / "kill.db"
    async with ocpp_package_peer() as csms:
        async with simulator_process(database) as simulator:
            api = simulator.api
            await add_charger(api, csms)
            await bench(api, "go-offline")
            for connector_id in (1, 2):
                session = {"connector_id": connector_id, "id_tag": f"TAG{connector_id}"}
                await bench(api, "transactions/start", session)
            await until_queued(api, 5)
            await bench(api, "transactions/stop", {"connector_id": 1})
            known = await queued(api)
            await until_queued(api, known + 2)  # so that what is known is older than a second
            await simulator.kill()
        async with simulator_process(database) as simulator:
            detail = (await simulator.api.get(f"/chargers/{CP}")).json()
            assert detail["connection"]["state"] == "offline"
            assert detail["queued_messages"] >= known
            assert not transaction_calls(csms)
            await bench(simulator.api, "go-online")
            await csms.until(lambda: len(csms.named("StopTransaction")) >= 2)
            await until_delivered(simulator.api)
            assert await simulator.stop() == 0
        calls = transaction_calls(csms)
        assert len(calls) >= known + 1
        _assert_complete_and_in_order(calls)
        assert csms.violations == []


def _assert_complete_and_in_order(calls: list[ReceivedCall]) -> None:
    starts = [call.payload for call in calls if call.action == "StartTransaction"]
    stops = [call.payload for call in calls if call.action == "StopTransaction"]
    assert [start["idTag"] for start in starts] == ["TAG1", "TAG2"]
    assert len({stop["transactionId"] for stop in stops}) == len(stops) == 2
    times = [
        call.payload["timestamp"]
        if "timestamp" in call.payload
        else call.payload["meterValue"][0]["timestamp"]
        for call in calls
        if call.payload.get("reason") != "PowerLoss"  # carries the time of the last sample
    ]
    assert times == sorted(times)
    assert calls[0].action == "StartTransaction"
    assert calls[-1].action == "StopTransaction"
    assert calls[-1].payload["reason"] == "PowerLoss"
