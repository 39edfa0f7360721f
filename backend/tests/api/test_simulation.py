from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
import pytest

from ocppsim.main import create_app
from ocppsim.settings import Settings

from .conftest import BASE_URL, Api, Csms, assert_problem, until


@asynccontextmanager
async def running(settings: Settings) -> AsyncGenerator[Api]:
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE_URL) as http,
    ):
        yield Api(http)


async def pace(api: Api, charge_point_id: str) -> float:
    return (await api.detail(charge_point_id))["time_scale_in_force"]


async def test_everything_runs_in_real_time_until_it_is_told_otherwise(api: Api) -> None:
    assert (await api.get("/api/simulation")).json() == {"time_scale": 1.0, "fast_chargers": 0}
    shown = await api.charger()
    assert (shown["time_scale"], shown["time_scale_in_force"]) == (1.0, 1.0)
    answer = await api.patch("/api/simulation", json={"time_scale": 60})
    assert answer.status_code == 200
    assert answer.json() == {"time_scale": 60.0, "fast_chargers": 1}
    assert (await api.get("/api/simulation")).json() == answer.json()
    shown = await api.detail()
    assert (shown["time_scale"], shown["time_scale_in_force"]) == (1.0, 60.0)
    assert (await api.patch("/api/simulation", json={})).json() == answer.json()


@pytest.mark.parametrize(
    "body",
    [
        {"time_scale": 0},
        {"time_scale": 0.5},
        {"time_scale": -1},
        {"time_scale": 3601},
        {"time_scale": None},
        {"time_scale": "60"},
        {"time_scale": True},
        {"timescale": 60},
        {"fast_chargers": 3},
        [],
    ],
)
async def test_a_time_scale_that_does_not_fit_is_refused(api: Api, body: object) -> None:
    assert_problem(await api.patch("/api/simulation", json=body), 422)
    assert (await api.get("/api/simulation")).json()["time_scale"] == 1.0


async def test_the_scale_of_a_charger_goes_before_that_of_its_location(api: Api) -> None:
    created = await api.post("/api/locations", json={"name": "Depot", "time_scale": 10})
    depot = created.json()
    assert depot["time_scale"] == 10.0
    await api.charger("OWN", location_id=depot["id"], time_scale=600.0)
    await api.charger("DEPOT", location_id=depot["id"])
    await api.charger("OTHER")
    await api.patch("/api/simulation", json={"time_scale": 60})
    assert [await pace(api, each) for each in ("OWN", "DEPOT", "OTHER")] == [600.0, 10.0, 60.0]
    changed = await api.patch("/api/chargers/OWN", json={"time_scale": 1})
    assert (changed.json()["time_scale"], changed.json()["time_scale_in_force"]) == (1.0, 10.0)
    moved = await api.patch(f"/api/locations/{depot['id']}", json={"time_scale": 1})
    assert moved.json() == depot | {"time_scale": 1.0, "charger_count": 2}
    assert [await pace(api, each) for each in ("OWN", "DEPOT")] == [60.0, 60.0]
    assert_problem(await api.patch("/api/chargers/OWN", json={"time_scale": 4000}), 422)
    where = f"/api/locations/{depot['id']}"
    assert_problem(await api.patch(where, json={"time_scale": 0}), 422)
    assert_problem(await api.post("/api/locations", json={"name": "X", "time_scale": 0}), 422)


async def test_scales_and_the_time_that_was_reached_outlive_the_program(
    settings: Settings, csms: Csms
) -> None:
    async with running(settings) as api:
        created = await api.post("/api/locations", json={"name": "Depot", "time_scale": 10})
        await api.charger("DEPOT", location_id=created.json()["id"])
        await api.charger("OWN", time_scale=600.0)
        await api.charger("FAST", connection_url=csms.url, auto_connect=True)
        await api.reaches("FAST", registration="Accepted")
        await api.post("/api/chargers/FAST/clock", json={"offset_s": 0})
        await api.patch("/api/simulation", json={"time_scale": 3600})

        async def is_ahead() -> bool:
            return (await api.detail("FAST"))["clock_offset_s"] > 1200

        await until(is_ahead)
        before_s = (await api.detail("FAST"))["clock_offset_s"]
    async with running(settings) as api:
        assert (await api.get("/api/simulation")).json()["time_scale"] == 3600.0
        assert [await pace(api, each) for each in ("OWN", "DEPOT", "FAST")] == [600.0, 10.0, 3600.0]
        assert (await api.detail("FAST"))["clock_offset_s"] >= before_s
