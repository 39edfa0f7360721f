"""The hardware beyond the connectors: supply, shared power, meters."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI

from .conftest import Api, Csms, assert_problem

REGISTER = "Energy.Active.Import.Register"
METER = {
    "accuracy_class_percent": 1.0,
    "resolution_wh": 10.0,
    "measurands": [REGISTER, "Power.Active.Import"],
}
HARDWARE: dict[str, Any] = {
    "phase_rotation": "STR",
    "shared_power_w": 150_000.0,
    "module_power_w": 30_000.0,
    "meter": METER,
}


def hardware_of(charger: dict[str, Any]) -> dict[str, Any]:
    return {name: charger[name] for name in HARDWARE}


async def test_a_charger_that_says_nothing_has_plain_hardware(api: Api) -> None:
    assert hardware_of(await api.charger()) == {
        "phase_rotation": "RST",
        "shared_power_w": None,
        "module_power_w": None,
        "meter": {"accuracy_class_percent": 0.0, "resolution_wh": 0.0, "measurands": None},
    }


async def test_what_is_given_is_shown(api: Api) -> None:
    assert hardware_of(await api.charger(**HARDWARE)) == HARDWARE
    assert hardware_of(await api.detail()) == HARDWARE


async def test_chargers_alike_share_what_describes_them(api: Api, app: FastAPI) -> None:
    location_id = await api.location()
    for name in ("CP1", "CP2"):
        await api.charger(name, location_id=location_id, **HARDWARE)
    store = app.state.services.supervisor.store
    assert store.get("CP1").definition.hardware is store.get("CP2").definition.hardware


async def test_a_change_leaves_what_it_does_not_name(api: Api) -> None:
    await api.charger(**HARDWARE)
    answer = await api.patch("/api/chargers/CP1", json={"meter": {"resolution_wh": 1}})
    assert answer.json()["meter"] == METER | {"resolution_wh": 1.0}
    answer = await api.patch(
        "/api/chargers/CP1",
        json={"meter": {"measurands": None}, "module_power_w": None, "phase_rotation": "TRS"},
    )
    assert hardware_of(answer.json()) == HARDWARE | {
        "phase_rotation": "TRS",
        "module_power_w": None,
        "meter": METER | {"resolution_wh": 1.0, "measurands": None},
    }


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"phase_rotation": "RRR"}, "phase_rotation"),
        ({"shared_power_w": 0}, "shared_power_w"),
        ({"module_power_w": 30_000}, "give both"),
        ({"shared_power_w": 20_000, "module_power_w": 30_000}, "more than the shared power"),
        ({"shared_power_w": 20_000, "module_power_w": 1e-9}, "more than 500 modules"),
        ({"shared_power_w": 20_000, "module_power_w": 5e-324}, "more than 500 modules"),
        ({"meter": {"accuracy_class_percent": -1}}, "accuracy_class_percent"),
        ({"meter": {"resolution_wh": "fine"}}, "resolution_wh"),
        ({"meter": {"measurands": ["Power"]}}, "Power.Active.Import"),
        ({"meter": {"measurands": []}}, "measurands"),
        ({"meter": {"measurands": ["SoC"]}}, "Energy.Active.Import.Register"),
        ({"meter": {"measurands": [REGISTER, "RPM"]}}, "fan"),
        ({"power_type": "DC", "meter": {"measurands": [REGISTER, "Frequency"]}}, "no Frequency"),
        (
            {"power_type": "DC", "meter": {"measurands": [REGISTER, "Power.Reactive.Export"]}},
            "no Power.Reactive.Export",
        ),
        ({"meter": {"phases": 3}}, "phases"),
    ],
)
async def test_what_fits_no_hardware_is_refused(
    api: Api, fields: dict[str, Any], told: str
) -> None:
    location_id = await api.location()
    body = {"charge_point_id": "CP1", "charger_name": "One", "connection_url": "ws://h/ocpp"}
    answer = await api.post(f"/api/locations/{location_id}/chargers", json=body | fields)
    assert told in assert_problem(answer, 422)["detail"]
    await api.charger("CP1", location_id=location_id)
    answer = await api.patch("/api/chargers/CP1", json=fields)
    assert told in assert_problem(answer, 422)["detail"]


async def test_hardware_does_not_change_while_a_transaction_runs(api: Api, csms: Csms) -> None:
    await api.charger(connection_url=csms.url)
    await api.post("/api/chargers/CP1/connect")
    await api.reaches("CP1", registration="Accepted")
    started = await api.post(
        "/api/chargers/CP1/transactions/start", json={"connector_id": 1, "id_tag": "TAG1"}
    )
    assert started.status_code == 200
    answer = await api.patch("/api/chargers/CP1", json={"shared_power_w": 11_000})
    assert "while a transaction runs" in assert_problem(answer, 409)["detail"]
    answer = await api.patch("/api/chargers/CP1", json={"phase_rotation": "RST"})
    assert answer.status_code == 200
