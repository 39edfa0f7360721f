from __future__ import annotations

import pytest

from .conftest import Api, assert_problem


async def test_a_location_lives_from_creation_to_deletion(api: Api) -> None:
    created = await api.post("/api/locations", json={"name": " Home ", "address": "Road 1"})
    assert created.status_code == 201
    location = created.json()
    assert location == {
        "id": location["id"],
        "name": "Home",
        "address": "Road 1",
        "charger_count": 0,
        "time_scale": 1.0,
        "site": None,
    }
    where = created.headers["location"]
    assert (await api.get(where)).json() == location
    changed = await api.patch(where, json={"address": "Road 2"})
    assert changed.status_code == 200
    assert changed.json() == location | {"address": "Road 2"}
    assert (await api.delete(where)).status_code == 204
    assert_problem(await api.get(where), 404)
    assert_problem(await api.delete(where), 404)


async def test_lists_come_in_pages_with_the_total(api: Api) -> None:
    for number in range(5):
        await api.location(f"L{number}")
    answer = await api.get("/api/locations", params={"limit": 2, "offset": 1})
    assert [each["name"] for each in answer.json()] == ["L1", "L2"]
    assert answer.headers["x-total-count"] == "5"
    beyond = await api.get("/api/locations", params={"offset": 9})
    assert beyond.json() == []
    assert beyond.headers["x-total-count"] == "5"


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=-1", "limit=1001", "limit=x", "offset=-1", f"offset={2**70}"]
)
async def test_a_page_that_cannot_be_is_refused(api: Api, query: str) -> None:
    problem = assert_problem(await api.get(f"/api/locations?{query}"), 422)
    assert problem["errors"][0]["loc"][0] == "query"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": "   "},
        {"name": None},
        {"name": 7},
        {"name": "x" * 201},
        {"name": "a\x00b"},
        {"name": "x", "adress": "typo"},
        {"name": "x", "id": 9},
        {"name": "x", "address": None},
        [],
        "name",
    ],
)
async def test_what_does_not_fit_creates_nothing(api: Api, body: object) -> None:
    problem = assert_problem(await api.post("/api/locations", json=body), 422)
    assert problem["errors"]
    assert (await api.get("/api/locations")).json() == []


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"{", "application/json"),
        (b"", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"name": "\\ud800"}', "application/json"),
        (b'{"name": "x"}', "text/plain"),
        (b"name=x", "application/x-www-form-urlencoded"),
    ],
)
async def test_a_body_that_is_no_json_is_refused(api: Api, content: bytes, media_type: str) -> None:
    answer = await api.post("/api/locations", content=content, headers={"Content-Type": media_type})
    assert_problem(answer, 422)


@pytest.mark.parametrize("body", [{"name": None}, {"name": ""}, {"nam": "x"}, {"address": 1}])
async def test_a_change_is_all_or_nothing(api: Api, body: dict[str, object]) -> None:
    location_id = await api.location()
    assert_problem(await api.patch(f"/api/locations/{location_id}", json=body), 422)
    both = {"address": "new", **body}
    assert_problem(await api.patch(f"/api/locations/{location_id}", json=both), 422)
    assert (await api.get(f"/api/locations/{location_id}")).json()["address"] == ""


@pytest.mark.parametrize("number", ["0", "-1", "4711", str(2**31), str(2**63), str(10**40)])
async def test_a_location_that_is_not_there_is_404(api: Api, number: str) -> None:
    for path in ("", "/chargers", "/vehicles"):
        assert_problem(await api.get(f"/api/locations/{number}{path}"), 404)
    assert_problem(await api.delete(f"/api/locations/{number}?force=true"), 404)
    assert_problem(await api.patch(f"/api/locations/{number}", json={"name": "x"}), 404)
    assert_problem(await api.post(f"/api/locations/{number}/vehicles", json={"name": "x"}), 404)
    charger = {"charge_point_id": "A", "charger_name": "A", "connection_url": "ws://x"}
    assert_problem(await api.post(f"/api/locations/{number}/chargers", json=charger), 404)


async def test_a_location_with_chargers_goes_only_by_force(api: Api) -> None:
    location_id = await api.location()
    await api.charger("CP1", location_id=location_id)
    await api.charger("CP2", location_id=location_id)
    assert (await api.get(f"/api/locations/{location_id}")).json()["charger_count"] == 2
    assert_problem(await api.delete(f"/api/locations/{location_id}"), 409)
    assert len((await api.get("/api/chargers")).json()) == 2
    assert (await api.delete(f"/api/locations/{location_id}?force=true")).status_code == 204
    assert (await api.get("/api/chargers")).json() == []
    assert_problem(await api.get("/api/chargers/CP1"), 404)
