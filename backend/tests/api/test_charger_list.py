from __future__ import annotations

import pytest

from ocppsim.api.schemas.charger import Charger

from .conftest import Api, Csms, assert_problem


async def ids(api: Api, query: str = "") -> list[str]:
    answer = await api.get(f"/api/chargers{query}")
    assert answer.status_code == 200, answer.text
    return [each["charge_point_id"] for each in answer.json()]


async def test_filters_narrow_the_list(api: Api, csms: Csms) -> None:
    here, there = await api.location("Here"), await api.location("There")
    await api.charger("A1", location_id=here, connection_url=csms.url, auto_connect=True)
    await api.charger("A2", location_id=here, charger_name="Säule Nord")
    await api.charger("B1", location_id=there, charger_name="North")
    await api.reaches("A1", state="connected")
    await api.post("/api/chargers/B1/connectors/1/fault", json={"error_code": "GroundFailure"})
    assert await ids(api) == ["A1", "A2", "B1"]
    assert await ids(api, f"?location_id={here}") == ["A1", "A2"]
    assert await ids(api, "?connected=true") == ["A1"]
    assert await ids(api, "?connected=false") == ["A2", "B1"]
    assert await ids(api, "?status=Faulted") == ["B1"]
    assert await ids(api, "?q=NOR") == ["A2", "B1"]
    assert await ids(api, "?q=SÄULE") == ["A2"]
    assert await ids(api, "?q=a&connected=false") == ["A2"]
    assert await ids(api, "?location_id=4711") == []


async def test_each_of_a_page_is_as_the_document_says(api: Api, csms: Csms) -> None:
    await api.charger("CP1", connection_url=csms.url, auto_connect=True, evse_count=2)
    await api.reaches("CP1", state="connected")
    await api.post("/api/chargers/CP1/connectors/1/plug-in")
    (told,) = (await api.get("/api/chargers")).json()
    assert Charger.model_validate(told, strict=True).model_dump(mode="json") == told


async def test_pages_count_what_fits(api: Api) -> None:
    location_id = await api.location()
    for number in range(5):
        await api.charger(f"CP{number}", location_id=location_id)
    for path in ("/api/chargers", f"/api/locations/{location_id}/chargers"):
        answer = await api.get(path, params={"limit": 2, "offset": 3})
        assert [each["charge_point_id"] for each in answer.json()] == ["CP3", "CP4"]
        assert answer.headers["x-total-count"] == "5"
        first = await api.get(path, params={"q": "CP", "limit": 1})
        assert first.headers["x-total-count"] == "5"


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1001", "offset=-1", "status=Busy", "connected=maybe"]
)
async def test_filters_that_cannot_be_are_refused(api: Api, query: str) -> None:
    assert_problem(await api.get(f"/api/chargers?{query}"), 422)


async def test_a_charger_that_is_not_there_is_404_everywhere(api: Api) -> None:
    for method, path, body in (
        ("GET", "", None),
        ("PATCH", "", {}),
        ("DELETE", "", None),
        ("POST", "/connect", None),
        ("POST", "/disconnect", None),
        ("POST", "/go-offline", None),
        ("POST", "/go-online", None),
        ("GET", "/configuration", None),
        ("PATCH", "/configuration", {"A": "b"}),
        ("GET", "/messages", None),
        ("DELETE", "/messages", None),
        ("POST", "/messages", {"action": "Heartbeat", "payload": {}}),
        ("POST", "/messages/raw", {"text": "x"}),
        ("GET", "/transactions", None),
        ("POST", "/transactions/start", {"connector_id": 1, "id_tag": "T"}),
        ("POST", "/transactions/stop", {"connector_id": 1}),
        ("POST", "/connectors/1/plug-in", None),
        ("POST", "/connectors/1/unplug", None),
        ("POST", "/connectors/1/ev", {"draws": True}),
        ("POST", "/connectors/1/id-tag", {"id_tag": "T"}),
        ("POST", "/connectors/1/stop-button", None),
        ("POST", "/connectors/1/fault", {"error_code": "OtherError"}),
        ("DELETE", "/connectors/1/fault", None),
        ("POST", "/connectors/1/lock", {"jammed": True}),
        ("POST", "/id-tag", {"id_tag": "T"}),
        ("POST", "/emergency-stop", None),
        ("POST", "/power", {"state": "off"}),
        ("POST", "/network", {"state": "cut"}),
        ("POST", "/clock", {"offset_s": 5}),
        ("POST", "/factory-reset", None),
    ):
        answer = await api.request(method, f"/api/chargers/Nobody{path}", json=body)
        assert_problem(answer, 404)
