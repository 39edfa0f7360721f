from __future__ import annotations

from typing import Any

import pytest

from .conftest import Api, assert_problem


async def add(api: Api, location_id: int, **fields: Any) -> dict[str, Any]:
    body = {"name": "Car", **fields}
    answer = await api.post(f"/api/locations/{location_id}/vehicles", json=body)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/api/vehicles/{answer.json()['id']}"
    return answer.json()


async def test_a_vehicle_lives_from_creation_to_deletion(api: Api) -> None:
    location_id = await api.location()
    curve = [{"soc_percent": 0.0, "power_kw": 100.0}, {"soc_percent": 80.0, "power_kw": 40.0}]
    vehicle = await add(
        api, location_id, id_tags=["A", "B"], battery_capacity_kwh=77.4, dc_charging_curve=curve
    )
    where = f"/api/vehicles/{vehicle['id']}"
    assert vehicle["id_tags"] == ["A", "B"]
    assert vehicle["dc_charging_curve"] == curve
    assert vehicle["ac_phases"] is None
    assert (await api.get(where)).json() == vehicle
    listed = await api.get(f"/api/locations/{location_id}/vehicles")
    assert listed.json() == [vehicle]
    assert listed.headers["x-total-count"] == "1"
    changed = await api.patch(where, json={"id_tags": ["C"], "dc_charging_curve": None})
    assert changed.json() == vehicle | {
        "id_tags": ["C"],
        "dc_charging_curve": None,
        "resolved": vehicle["resolved"] | {"dc_charging_curve": []},
    }
    assert (await api.delete(where)).status_code == 204
    assert_problem(await api.get(where), 404)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"battery_capacity_kwh": 0},
        {"battery_capacity_kwh": 5e-324},
        {"battery_capacity_kwh": -1},
        {"battery_capacity_kwh": "lots"},
        {"battery_capacity_kwh": 1e300},
        {"id_tags": ["x" * 21]},
        {"id_tags": [""]},
        {"id_tags": ["Straße"]},
        {"id_tags": "A"},
        {"ac_phases": 4},
        {"ac_max_power_kw": -1},
        {"dc_charging_curve": []},
        {"dc_charging_curve": [{"soc_percent": 101, "power_kw": 1}]},
        {
            "dc_charging_curve": [
                {"soc_percent": 5, "power_kw": 1},
                {"soc_percent": 5, "power_kw": 1},
            ]
        },
        {"wheels": 4},
        {"ac_efficiency": 0},
        {"dc_efficiency": 1.01},
        {"nominal_voltage_v": 0},
        {"model_id": ""},
        {"model_id": "no-such-car"},
        {"model_id": "renault-zoe-ze50", "dc_charging_curve": []},
    ],
)
async def test_what_does_not_fit_creates_nothing(api: Api, fields: dict[str, Any]) -> None:
    location_id = await api.location()
    path = f"/api/locations/{location_id}/vehicles"
    assert_problem(await api.post(path, json={"name": "Car", **fields}), 422)
    assert (await api.get(path)).json() == []


async def test_the_vehicle_of_the_location_comes_when_it_is_named(api: Api) -> None:
    location_id = await api.location()
    vehicle = await add(api, location_id, name="Kona", battery_capacity_kwh=64)
    await api.charger("CP1", location_id=location_id)
    answer = await api.post(
        "/api/chargers/CP1/connectors/1/plug-in",
        json={"vehicle_id": vehicle["id"], "soc_percent": 33},
    )
    assert answer.status_code == 202, answer.text
    connector = answer.json()
    assert connector["vehicle_id"] == vehicle["id"]
    assert connector["vehicle_name"] == "Kona"
    assert connector["meter"]["soc_percent"] == 33


async def test_a_vehicle_of_elsewhere_cannot_come(api: Api) -> None:
    vehicle = await add(api, await api.location("Elsewhere"))
    await api.charger("CP1")
    for number in (vehicle["id"], 4711, -1, 2**80):
        body = {"vehicle_id": number}
        answer = await api.post("/api/chargers/CP1/connectors/1/plug-in", json=body)
        assert_problem(answer, 422)
    assert (await api.detail())["connectors"][0]["cable"] == "none"


async def test_a_session_is_not_begun_with_another_vehicle_than_the_named_one(api: Api) -> None:
    location_id = await api.location()
    vehicle = await add(api, location_id)
    await api.charger("CP1", location_id=location_id)
    await api.post("/api/chargers/CP1/connectors/1/plug-in")
    body = {"connector_id": 1, "id_tag": "T", "vehicle_id": vehicle["id"]}
    problem = assert_problem(await api.post("/api/chargers/CP1/transactions/start", json=body), 409)
    assert "another vehicle" in problem["detail"]


async def test_vehicles_go_with_their_location(api: Api) -> None:
    location_id = await api.location()
    vehicle = await add(api, location_id)
    assert (await api.delete(f"/api/locations/{location_id}")).status_code == 204
    assert_problem(await api.get(f"/api/vehicles/{vehicle['id']}"), 404)
