from __future__ import annotations

import asyncio
from typing import Any

import pytest

from .conftest import Api, Csms, assert_problem, until

CHARGER = "/api/chargers/CP1"


@pytest.mark.parametrize(
    "fields",
    [
        {"charger_name": "Two"},
        {"connection_url": "wss://csms.example/x"},
        {"charge_point_vendor": "Vendor", "charge_point_model": "Model"},
        {"charge_point_serial_number": "S1", "iccid": "1", "imsi": "2", "meter_type": "M"},
        {"firmware_version": "2.0"},
        {"auto_plug_in": True},
        {"evse_count": 3},
        {"power_type": "DC", "max_power_w": 50_000.0, "cable": "tethered"},
        {"max_power_w": 3680.0, "phases": 1},
        {"cable": "tethered"},
    ],
)
async def test_what_is_named_changes_and_the_rest_stays(api: Api, fields: dict[str, Any]) -> None:
    before = await api.charger("CP1", meter_serial_number="M1")
    answer = await api.patch(CHARGER, json=fields)
    assert answer.status_code == 200, answer.text
    moving = {"connectors", "connection", "evse_count"}
    shown = {name: value for name, value in answer.json().items() if name not in moving}
    expected = {name: value for name, value in (before | fields).items() if name not in moving}
    assert shown == expected
    assert len(answer.json()["connectors"]) == fields.get("evse_count", 1)


async def test_optional_identity_can_be_taken_away(api: Api) -> None:
    await api.charger("CP1", iccid="1", meter_type="M")
    changed = (await api.patch(CHARGER, json={"iccid": None})).json()
    assert changed["iccid"] is None
    assert changed["meter_type"] == "M"


@pytest.mark.parametrize(
    "fields",
    [
        {"charger_name": None},
        {"charger_name": ""},
        {"charge_point_id": "CP2"},
        {"connection_url": "http://x"},
        {"connection_url": None},
        {"ocpp_version": "2.0.1"},
        {"security_profile": 1},
        {"security_profile": None},
        {"evse_count": 0},
        {"evse_count": 2, "connectors": [{}]},
        {"configuration": {"NoSuchKey": "1"}},
        {"configuration": {"HeartbeatInterval": "5", "MeterValueSampleInterval": "x"}},
        {"configuration": None},
        {"tls": {"client_key_pem": "x"}},
        {"tls": None},
        {"auto_connect": True},
        {"location_id": 4711},
        {"location_id": -1},
        {"location_id": 2**70},
    ],
)
async def test_a_change_is_all_or_nothing(api: Api, fields: dict[str, Any]) -> None:
    await api.charger("CP1", configuration={"HeartbeatInterval": "33"})
    before = await api.detail()
    keys = (await api.get(f"{CHARGER}/configuration")).json()
    body = {"charger_name": "Other", "charge_point_model": "Other", **fields}
    answer = await api.patch(CHARGER, json=body)
    assert answer.status_code in {404, 422}
    assert_problem(answer, answer.status_code)
    after = await api.detail()
    assert after | {"connectors": 0} == before | {"connectors": 0}
    assert (await api.get(f"{CHARGER}/configuration")).json() == keys


async def test_no_changes_are_fine(api: Api) -> None:
    await api.charger("CP1")
    assert (await api.patch(CHARGER, json={})).status_code == 200


async def test_a_charger_can_move(api: Api) -> None:
    await api.charger("CP1")
    elsewhere = await api.location("Elsewhere")
    changed = await api.patch(CHARGER, json={"location_id": elsewhere})
    assert changed.json()["location_id"] == elsewhere
    listed = (await api.get(f"/api/locations/{elsewhere}/chargers")).json()
    assert [each["charge_point_id"] for each in listed] == ["CP1"]


async def test_configuration_can_be_changed_with_the_rest(api: Api) -> None:
    await api.charger("CP1")
    body = {"charger_name": "Two", "configuration": {"HeartbeatInterval": "44"}}
    assert (await api.patch(CHARGER, json=body)).status_code == 200
    keys = (await api.get(f"{CHARGER}/configuration")).json()
    assert {each["key"]: each["value"] for each in keys}["HeartbeatInterval"] == "44"


async def test_hardware_stays_while_a_transaction_runs(api: Api, csms: Csms) -> None:
    await api.charger("CP1", connection_url=csms.url, auto_connect=True)
    await api.reaches("CP1", registration="Accepted")
    start = {"connector_id": 1, "id_tag": "TAG"}
    assert (await api.post(f"{CHARGER}/transactions/start", json=start)).status_code == 200
    assert_problem(await api.patch(CHARGER, json={"evse_count": 2}), 409)
    assert (await api.detail())["evse_count"] == 1
    assert (await api.patch(CHARGER, json={"charger_name": "Two"})).status_code == 200
    assert (await api.detail())["connectors"][0]["transaction"]["state"] == "running"


async def test_a_charger_in_a_transaction_goes_only_by_force(api: Api, csms: Csms) -> None:
    await api.charger("CP1", connection_url=csms.url, auto_connect=True)
    await api.reaches("CP1", registration="Accepted")
    start = {"connector_id": 1, "id_tag": "TAG"}
    assert (await api.post(f"{CHARGER}/transactions/start", json=start)).status_code == 200
    assert_problem(await api.delete(CHARGER), 409)
    assert (await api.delete(f"{CHARGER}?force=true")).status_code == 204
    assert_problem(await api.get(CHARGER), 404)
    assert (await api.get("/api/transactions")).json() == []


async def test_who_waits_for_a_charger_that_is_deleted_is_told_so(api: Api, csms: Csms) -> None:
    csms.silent_on.add("StartTransaction")
    await api.charger("CP1", connection_url=csms.url, auto_connect=True)
    await api.reaches("CP1", registration="Accepted")
    start = {"connector_id": 1, "id_tag": "TAG"}

    async def started() -> bool:
        return "StartTransaction" in csms.actions()

    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(api.post(f"{CHARGER}/transactions/start", json=start))
        await until(started)
        assert (await api.delete(f"{CHARGER}?force=true")).status_code == 204
    assert_problem(waiting.result(), 404)


async def test_other_credentials_make_it_reconnect(api: Api, csms: Csms) -> None:
    await api.charger(
        "CP1",
        connection_url=csms.url,
        auto_connect=True,
        security_profile=1,
        basic_auth_password="first-password-16",
    )
    await api.reaches("CP1", registration="Accepted")
    changed = {"basic_auth_password": "second-password-16"}
    assert (await api.patch(CHARGER, json=changed)).status_code == 200
    await api.reaches("CP1", state="connected", registration="Accepted")
    first, second = (headers["authorization"] for headers in csms.headers[:2])
    assert first != second


async def test_a_charge_point_id_is_free_again_after_deletion(api: Api) -> None:
    location_id = await api.location()
    await api.charger("CP1", location_id=location_id)
    assert (await api.delete(CHARGER)).status_code == 204
    await api.charger("CP1", location_id=location_id)
