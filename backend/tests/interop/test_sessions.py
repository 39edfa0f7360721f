"""Whole sessions against central systems that are not ours: not one schema violation."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from tests.interop.csms_peer import CsmsPeer

CP = "INTEROP-1"
DC_MEASURANDS = (
    "Energy.Active.Import.Register",
    "Energy.Active.Import.Interval",
    "Power.Active.Import",
    "Power.Offered",
    "Current.Import",
    "Current.Offered",
    "Voltage",
    "SoC",
    "Temperature",
)
AC_MEASURANDS = (*DC_MEASURANDS, "Frequency", "Power.Factor")
SAMPLING = {"MeterValueSampleInterval": "1", "MeterValuesSampledData": ",".join(AC_MEASURANDS)}


async def add_charger(api: httpx.AsyncClient, csms: CsmsPeer, **fields: Any) -> None:
    """A connected charger that reports all it can every second."""
    location = (await api.post("/locations", json={"name": "Interop", "address": "-"})).json()
    body = {
        "charge_point_id": CP,
        "charger_name": "Interop",
        "connection_url": csms.url,
        "auto_connect": True,
        "configuration": SAMPLING,
        **fields,
    }
    answer = await api.post(f"/locations/{location['id']}/chargers", json=body)
    assert answer.status_code == 201, answer.text
    await csms.until(lambda: csms.statuses() == ["Available"])


async def bench(api: httpx.AsyncClient, path: str, body: dict[str, Any] | None = None) -> Any:
    answer = await api.post(f"/chargers/{CP}/{path}", json=body or {})
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


async def test_a_session_started_at_the_charger(api: httpx.AsyncClient, csms: CsmsPeer) -> None:
    await add_charger(api, csms)
    await bench(api, "connectors/1/plug-in", {"soc_percent": 40})
    await bench(api, "connectors/1/id-tag", {"id_tag": "TAG1"})
    await csms.until(lambda: len(csms.named("MeterValues")) >= 2)
    await bench(api, "connectors/1/ev", {"draws": False})
    await csms.until(lambda: csms.statuses()[-1] == "SuspendedEV")
    await bench(api, "connectors/1/ev", {"draws": True})
    await csms.until(lambda: csms.statuses()[-1] == "Charging")
    await bench(api, "connectors/1/id-tag", {"id_tag": "TAG1"})
    await csms.until(lambda: bool(csms.named("StopTransaction")))
    await bench(api, "connectors/1/unplug", {"side": "ev"})
    await bench(api, "connectors/1/unplug", {"side": "charger"})
    await csms.until(lambda: csms.statuses()[-1] == "Available")
    assert csms.calls[0].action == "BootNotification"
    assert csms.statuses(0) == ["Available"]
    assert csms.statuses() == [
        "Available",
        "Preparing",
        "Charging",
        "SuspendedEV",
        "Charging",
        "Finishing",
        "Available",
    ]
    (start,), (stop,) = csms.named("StartTransaction"), csms.named("StopTransaction")
    assert start["idTag"] == "TAG1"
    assert stop["meterStop"] >= start["meterStart"]
    measured = {
        sample.get("measurand", "Energy.Active.Import.Register")
        for values in csms.named("MeterValues")
        for value in values["meterValue"]
        for sample in value["sampledValue"]
    }
    assert measured == set(AC_MEASURANDS)
    assert csms.violations == []


async def test_a_session_started_by_the_csms(api: httpx.AsyncClient, csms: CsmsPeer) -> None:
    await add_charger(
        api,
        csms,
        auto_plug_in=True,
        connectors=[{"power_type": "DC"}, {"power_type": "DC"}],
        configuration={**SAMPLING, "MeterValuesSampledData": ",".join(DC_MEASURANDS)},
    )
    order = {"connectorId": 1, "idTag": "TAG2"}
    assert await csms.command(CP, "RemoteStartTransaction", order) == {"status": "Accepted"}
    await csms.until(lambda: len(csms.named("MeterValues")) >= 2)
    transaction_id = csms.named("MeterValues")[0]["transactionId"]
    order = {"transactionId": transaction_id}
    assert await csms.command(CP, "RemoteStopTransaction", order) == {"status": "Accepted"}
    await csms.until(lambda: csms.statuses()[-1] == "Available")
    (stop,) = csms.named("StopTransaction")
    assert (stop["transactionId"], stop["reason"]) == (transaction_id, "Remote")
    assert csms.named("StartTransaction")[0]["idTag"] == "TAG2"
    assert csms.violations == []


async def test_an_offline_session_is_delivered_later_in_order(
    api: httpx.AsyncClient, csms: CsmsPeer
) -> None:
    await add_charger(api, csms)
    keys = {"AllowOfflineTxForUnknownId": "true"}
    assert (await api.patch(f"/chargers/{CP}/configuration", json=keys)).is_success
    await bench(api, "go-offline")
    answer = await api.post(
        f"/chargers/{CP}/transactions/start", json={"connector_id": 1, "id_tag": "TAG3"}
    )
    assert (answer.status_code, answer.json()["transaction_id"]) == (202, None)
    while (await api.get(f"/chargers/{CP}")).json()["queued_messages"] < 3:  # noqa: ASYNC110
        await asyncio.sleep(0.2)
    answer = await api.post(f"/chargers/{CP}/transactions/stop", json={"connector_id": 1})
    assert answer.status_code == 202
    assert not csms.named("StartTransaction")
    await bench(api, "go-online")
    await csms.until(lambda: bool(csms.named("StopTransaction")))
    order = [
        action
        for action, _ in csms.calls
        if action in ("StartTransaction", "MeterValues", "StopTransaction")
    ]
    assert order[0] == "StartTransaction"
    assert order[-1] == "StopTransaction"
    assert order[1:-1] == ["MeterValues"] * len(order[1:-1])
    assert len(order) >= 4
    readings = csms.named("MeterValues")
    times = [reading["meterValue"][0]["timestamp"] for reading in readings]
    assert times == sorted(times)
    assert len({reading["transactionId"] for reading in readings}) == 1
    assert csms.named("StopTransaction")[0]["transactionId"] == readings[0]["transactionId"]
    assert csms.violations == []


ORDERS: list[tuple[str, dict[str, Any], str | None]] = [
    ("GetConfiguration", {}, None),
    ("GetConfiguration", {"key": ["HeartbeatInterval", "NoSuchKey"]}, None),
    ("ChangeConfiguration", {"key": "HeartbeatInterval", "value": "600"}, "Accepted"),
    ("ChangeConfiguration", {"key": "NoSuchKey", "value": "1"}, "NotSupported"),
    ("ChangeConfiguration", {"key": "NumberOfConnectors", "value": "9"}, "Rejected"),
    ("ClearCache", {}, "Accepted"),
    ("DataTransfer", {"vendorId": "nobody"}, "UnknownVendorId"),
    ("UnlockConnector", {"connectorId": 1}, None),
    ("UnlockConnector", {"connectorId": 7}, "NotSupported"),
    ("RemoteStopTransaction", {"transactionId": 4711}, "Rejected"),
    ("ChangeAvailability", {"connectorId": 1, "type": "Inoperative"}, "Accepted"),
    ("ChangeAvailability", {"connectorId": 0, "type": "Operative"}, "Accepted"),
    ("RemoteStartTransaction", {"connectorId": 1, "idTag": "TAG"}, None),
    ("Reset", {"type": "Soft"}, "Accepted"),
]


async def test_every_answer_to_the_core_commands_fits_the_schema(
    api: httpx.AsyncClient, csms: CsmsPeer
) -> None:
    await add_charger(api, csms)
    for action, payload, status in ORDERS:
        answer = await csms.command(CP, action, payload)
        assert isinstance(answer, dict), (action, answer)
        if status is not None:
            assert answer["status"] == status, (action, payload)
    await csms.until(lambda: len(csms.named("BootNotification")) == 2)
    assert csms.violations == []
