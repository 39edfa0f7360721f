from __future__ import annotations

import logging
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from ocppsim.main import create_app
from ocppsim.settings import Settings

from .conftest import BASE_URL, Api, Csms, assert_problem, until

ZOE = "renault-zoe-ze50"
IONIQ = "hyundai-ioniq-5-77"


async def add(api: Api, location_id: int, **fields: Any) -> dict[str, Any]:
    body = {"name": "Car", **fields}
    answer = await api.post(f"/api/locations/{location_id}/vehicles", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def model(api: Api, model_id: str) -> dict[str, Any]:
    answer = await api.get(f"/api/vehicle-models/{model_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_library_is_listed_in_order_and_searched(api: Api) -> None:
    answer = await api.get("/api/vehicle-models")
    models = answer.json()
    ids = [each["id"] for each in models]
    assert len(ids) >= 40
    assert ids == sorted(ids)
    assert answer.headers["x-total-count"] == str(len(ids))
    zoe = next(each for each in models if each["id"] == ZOE)
    assert zoe == await model(api, ZOE)
    assert (zoe["brand"], zoe["ac_phases"], zoe["ac_max_power_kw"]) == ("Renault", 3, 22)
    assert {"soc_percent": 0, "power_kw": 41} in zoe["dc_charging_curve"]
    found = await api.get("/api/vehicle-models", params={"q": "RENAULT zoe"})
    assert [each["id"] for each in found.json()] == ["renault-zoe-ze40", ZOE]
    page = await api.get("/api/vehicle-models", params={"q": "zoe", "limit": 1, "offset": 1})
    assert [each["id"] for each in page.json()] == [ZOE]
    assert page.headers["x-total-count"] == "2"


async def test_a_model_that_is_not_there_is_answered_with_those_near_it(api: Api) -> None:
    location_id = await api.location()
    unknown = assert_problem(await api.get("/api/vehicle-models/renault-zoe-ze5"), 404)
    assert ZOE in unknown["detail"]
    path = f"/api/locations/{location_id}/vehicles"
    body = {"name": "Car", "model_id": "renault-zoe-ze5"}
    refused = assert_problem(await api.post(path, json=body), 422)
    assert ZOE in refused["detail"]
    vehicle = await add(api, location_id)
    where = f"/api/vehicles/{vehicle['id']}"
    assert_problem(await api.patch(where, json={"name": "New", "model_id": "no-such"}), 422)
    assert (await api.get(where)).json() == vehicle


async def test_a_vehicle_is_as_its_model_but_for_its_own_numbers(api: Api) -> None:
    location_id = await api.location()
    zoe = await model(api, ZOE)
    vehicle = await add(api, location_id, model_id=ZOE, ac_max_power_kw=7.4, ac_efficiency=0.8)
    assert vehicle["battery_capacity_kwh"] == zoe["battery_capacity_kwh"]
    assert vehicle["battery_capacity_own"] is False
    assert vehicle["dc_max_power_kw"] is None
    assert vehicle["ac_efficiency"] == 0.8
    resolved = vehicle["resolved"]
    assert resolved["dc_charging_curve"] == zoe["dc_charging_curve"]
    assert resolved["nominal_voltage_v"] == zoe["nominal_voltage_v"]
    assert (resolved["ac_max_power_kw"], resolved["ac_efficiency"]) == (7.4, 0.8)
    assert (await api.get(f"/api/vehicles/{vehicle['id']}")).json() == vehicle


async def test_null_goes_back_to_the_model_and_the_capacity_follows_it(api: Api) -> None:
    location_id = await api.location()
    vehicle = await add(
        api, location_id, model_id=ZOE, battery_capacity_kwh=48, ac_phases=1, ac_efficiency=0.8
    )
    assert (vehicle["battery_capacity_kwh"], vehicle["battery_capacity_own"]) == (48, True)
    where = f"/api/vehicles/{vehicle['id']}"
    back = {"battery_capacity_kwh": None, "ac_phases": None, "ac_efficiency": None}
    plain = (await api.patch(where, json=back)).json()
    assert plain["battery_capacity_kwh"] == 52
    assert (plain["resolved"]["ac_phases"], plain["resolved"]["ac_efficiency"]) == (3, 0.86)
    other = (await api.patch(where, json={"model_id": IONIQ})).json()
    assert other["battery_capacity_kwh"] == (await model(api, IONIQ))["battery_capacity_kwh"]
    none = (await api.patch(where, json={"model_id": None})).json()
    assert (none["battery_capacity_kwh"], none["battery_capacity_own"]) == (100, False)
    own = (await api.patch(where, json={"battery_capacity_kwh": 30, "model_id": ZOE})).json()
    assert (own["battery_capacity_kwh"], own["battery_capacity_own"]) == (30, True)


async def test_a_vehicle_charges_as_its_model_does(api: Api) -> None:
    location_id = await api.location()
    vehicle = await add(api, location_id, name="Ours", model_id="nissan-leaf-40")
    await api.charger("CP1", location_id=location_id)
    body = {"vehicle_id": vehicle["id"], "soc_percent": 50}
    answer = await api.post("/api/chargers/CP1/connectors/1/plug-in", json=body)
    assert answer.json()["vehicle_name"] == "Ours"
    await api.charger("DC", location_id=location_id, power_type="DC")
    hybrid = await add(api, location_id, model_id="ford-kuga-phev")
    refused = await api.post(
        "/api/chargers/DC/connectors/1/plug-in", json={"vehicle_id": hybrid["id"]}
    )
    assert "cannot charge with DC" in assert_problem(refused, 409)["detail"]


async def test_a_car_of_a_model_passes_by(api: Api) -> None:
    await api.charger("CP1")
    path = "/api/chargers/CP1/connectors/1/plug-in"
    near = assert_problem(await api.post(path, json={"model_id": "zoe"}), 422)
    assert ZOE in near["detail"]
    assert_problem(await api.post(path, json={"model_id": ZOE, "vehicle_id": 1}), 422)
    connector = (await api.post(path, json={"model_id": ZOE, "soc_percent": 40})).json()
    assert connector["vehicle_name"] == "Renault Zoe ZE50"
    assert connector["vehicle_id"] is None
    assert connector["meter"]["soc_percent"] == 40
    start = {"connector_id": 1, "id_tag": "T", "model_id": IONIQ}
    other = assert_problem(await api.post("/api/chargers/CP1/transactions/start", json=start), 409)
    assert "another vehicle" in other["detail"]


async def test_files_may_name_a_model(api: Api) -> None:
    location_id = await api.location()
    content = (
        "name,idTag,battery_capacity_kWh,model_id,ac_efficiency\n"
        f'A,T1,,{ZOE},\nB,T2,48,{ZOE},"0,85"\nC,T3,,renault-zoe,\nD,T4,,,2\n'
    )
    answer = await api.post(
        f"/api/locations/{location_id}/import/vehicles", files={"file": ("rows", content.encode())}
    )
    outcome = answer.json()
    shown = [
        (each["name"], each["model_id"], each["battery_capacity_kwh"], each["ac_efficiency"])
        for each in outcome["success"]
    ]
    assert shown == [("A", ZOE, 52.0, None), ("B", ZOE, 48.0, 0.85)]
    assert [each["row"] for each in outcome["failed"]] == [3, 4]
    assert ZOE in outcome["failed"][0]["error"]


@asynccontextmanager
async def running(settings: Settings) -> AsyncGenerator[Api]:
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE_URL) as http,
    ):
        yield Api(http)


async def test_a_vehicle_outlives_its_model(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(settings) as api:
        vehicle = await add(api, await api.location(), model_id=ZOE, ac_phases=1)
    with closing(sqlite3.connect(tmp_path / "ocppsim.db")) as database, database:
        database.execute("UPDATE vehicles SET model_id = 'gone-away'")
    with caplog.at_level(logging.WARNING, logger="ocppsim"):
        async with running(settings) as api:
            where = f"/api/vehicles/{vehicle['id']}"
            shown = (await api.get(where)).json()
            kept = {"name": "Still here", "model_id": "gone-away"}
            patched = (await api.patch(where, json=kept)).json()
            assert_problem(await api.patch(where, json={"model_id": "gone-too"}), 422)
    assert "gone-away" in caplog.text
    assert shown["model_id"] == "gone-away"
    assert (shown["battery_capacity_kwh"], shown["resolved"]["ac_phases"]) == (52, 1)
    assert patched["name"] == "Still here"
    assert patched["battery_capacity_kwh"] == 52


async def test_a_car_that_needs_more_current_than_is_offered_does_not_charge(
    api: Api, csms: Csms
) -> None:
    six_amperes_w = 3 * 230 * 6
    await api.charger("CP1", connection_url=csms.url, max_power_w=six_amperes_w, evse_count=2)
    await api.post("/api/chargers/CP1/connect")
    await api.reaches("CP1", registration="Accepted")
    for connector_id, model_id in ((1, "renault-zoe-ze40"), (2, "tesla-model-3-lr")):
        body = {"connector_id": connector_id, "id_tag": "T", "model_id": model_id}
        answer = await api.post("/api/chargers/CP1/transactions/start", json=body)
        assert answer.status_code == 200, answer.text

    async def settled() -> bool:
        first, second = (await api.detail())["connectors"]
        return (first["status"], second["status"]) == ("SuspendedEV", "Charging")

    await until(settled)
    first, second = (await api.detail())["connectors"]
    assert first["meter"]["power_w"] == 0
    assert second["vehicle_name"] == "Tesla Model 3 Long Range"
