"""A location's site: set, seen, kept, shared, removed."""

from __future__ import annotations

from typing import Any

import pytest

from ocppsim.settings import Settings
from tests.api.conftest import Api, Csms, assert_problem, until
from tests.api.test_restart import running

TWENTY_AMPERES: dict[str, Any] = {
    "grid_limit_a_per_phase": 26.0,
    "base_load": [{"time": "00:00", "power_kw": 4.14}],
}


async def limit_of(api: Api, charge_point_id: str) -> dict[str, Any]:
    answer = await api.get(f"/api/chargers/{charge_point_id}/connectors/1/limit")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_site_is_kept_with_its_location(api: Api) -> None:
    location_id = await api.location()
    where = f"/api/locations/{location_id}"
    changed = await api.patch(where, json={"site": TWENTY_AMPERES})
    assert changed.status_code == 200, changed.text
    assert changed.json()["site"] == {
        "grid_limit_a_per_phase": 26.0,
        "grid_limit_kw": None,
        "base_load": [{"time": "00:00", "power_kw": 4.14}],
        "pv": [],
        "sharing": "equal",
        "minimum_current_a": 6.0,
        "interval_s": 10.0,
    }
    assert (await api.patch(where, json={"name": "Depot"})).json()["site"] is not None
    removed = await api.patch(where, json={"site": None})
    assert removed.json()["site"] is None
    assert_problem(await api.get(f"{where}/site"), 404)


async def test_a_location_can_be_made_with_its_site(api: Api) -> None:
    made = await api.post(
        "/api/locations",
        json={"name": "Depot", "site": {"grid_limit_kw": 50, "sharing": "first_come"}},
    )
    assert made.status_code == 201, made.text
    state = (await api.get(f"/api/locations/{made.json()['id']}/site")).json()
    assert state["grid_limit_w"] == state["left_w"] == 50_000
    assert state["drawn_a"] == [0, 0, 0]
    assert state["connectors"] == []


def pv(*points: tuple[str, float]) -> dict[str, Any]:
    return {
        "grid_limit_kw": 1,
        "pv": [{"time": time, "power_kw": power_kw} for time, power_kw in points],
    }


@pytest.mark.parametrize(
    ("site", "reason"),
    [
        ({}, "site: give either grid_limit_a_per_phase or grid_limit_kw"),
        (
            {"grid_limit_kw": 1, "grid_limit_a_per_phase": 1},
            "site: give either grid_limit_a_per_phase or grid_limit_kw",
        ),
        ({"grid_limit_kw": -1}, "site.grid_limit_kw: Input should be greater than 0"),
        ({"grid_limit_kw": 1, "sharing": "lottery"}, "'equal', 'first_come' or 'stack'"),
        (pv(("25:00", 1)), "site.pv.0.time: a day goes from 00:00 to 23:59, there is no '25:00'"),
        (pv(("7:00", 1)), "site.pv.0.time: a time of the day is HH:MM, not '7:00'"),
        (pv(("12:00", 1), ("11:00", 1)), "site: pv: the times must rise from point to point"),
        ({"grid_limit_kw": 1, "battery": 3}, "site.battery: "),
    ],
)
async def test_a_site_that_cannot_be_is_refused_and_told_why(
    api: Api, site: dict[str, Any], reason: str
) -> None:
    location_id = await api.location()
    where = f"/api/locations/{location_id}"
    problem = assert_problem(await api.patch(where, json={"site": site}), 422)
    assert reason in problem["detail"]
    assert (await api.get(where)).json()["site"] is None


async def test_two_cars_share_what_the_building_leaves(api: Api, csms: Csms) -> None:
    location_id = await api.location()
    for charge_point_id in ("CP1", "CP2"):
        await api.charger(
            charge_point_id,
            location_id=location_id,
            connection_url=csms.url,
            auto_connect=True,
        )
        await api.reaches(charge_point_id, state="connected", registration="Accepted")
        started = await api.post(
            f"/api/chargers/{charge_point_id}/transactions/start",
            json={"connector_id": 1, "id_tag": "TAG"},
        )
        assert started.status_code < 300, started.text
    assert (await limit_of(api, "CP1"))["layer"] == "hardware"
    where = f"/api/locations/{location_id}"
    assert (await api.patch(where, json={"site": TWENTY_AMPERES})).status_code == 200

    async def is_shared() -> bool:
        limits = [await limit_of(api, one) for one in ("CP1", "CP2")]
        return [limit["current_a"] for limit in limits] == pytest.approx([10.0, 10.0])

    await until(is_shared)
    limit = await limit_of(api, "CP1")
    assert limit["layer"] == "site"
    assert "shared with 1 other connector" in limit["layers"][1]["explanation"]
    state = (await api.get(f"{where}/site")).json()
    assert state["left_a"] == pytest.approx([20.0] * 3)
    assert max(state["drawn_a"]) <= 20.0
    assert max(state["grid_a"]) <= 26.0
    assert [one["charge_point_id"] for one in state["connectors"]] == ["CP1", "CP2"]
    assert [one["share_a"] for one in state["connectors"]] == [10.0, 10.0]
    await api.patch(where, json={"site": None})
    assert (await limit_of(api, "CP1"))["layer"] == "hardware"


async def test_a_site_is_there_again_after_a_restart(settings: Settings) -> None:
    async with running(settings) as api:
        location_id = await api.location()
        await api.patch(f"/api/locations/{location_id}", json={"site": TWENTY_AMPERES})
        await api.charger("CP1", location_id=location_id)
    async with running(settings) as api:
        state = await api.get(f"/api/locations/{location_id}/site")
        assert state.status_code == 200, state.text

        async def is_told() -> bool:
            layers = (await limit_of(api, "CP1"))["layers"]
            return [layer["layer"] for layer in layers] == ["hardware", "site"]

        await until(is_told)
