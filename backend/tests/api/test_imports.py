from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from .conftest import Api, assert_problem

HEADER = (
    "connection_url,charger_name,charge_point_id,charge_point_vendor,charge_point_model,"
    "firmware_version,number_of_evses,ocpp_version,power_type"
)
ROW = "ws://csms.example/ocpp,One,CP1,V,M,1.0,2,1.6,AC"


async def send(
    api: Api,
    kind: str,
    content: str | bytes,
    location_id: int | None = None,
    data: dict[str, str] | None = None,
) -> httpx.Response:
    location_id = location_id or await api.location()
    body = content.encode() if isinstance(content, str) else content
    return await api.post(
        f"/api/locations/{location_id}/import/{kind}", files={"file": ("rows", body)}, data=data
    )


async def imported(api: Api, kind: str, content: str | bytes, **data: str) -> dict[str, Any]:
    answer = await send(api, kind, content, data=data)
    assert answer.status_code == 200, answer.text
    return answer.json()


def ids(outcome: dict[str, Any]) -> list[str]:
    return [each["charge_point_id"] for each in outcome["success"]]


async def test_each_row_stands_alone(api: Api) -> None:
    await api.charger("TAKEN")
    rows = [
        HEADER,
        ROW,
        ROW.replace("CP1", "CP2").replace("ws://", "http://"),
        ROW.replace("CP1", "CP3").replace(",2,", ",0,"),
        ROW,
        ROW.replace("CP1", "TAKEN"),
        "",
        ROW.replace("CP1", "CP4").replace("1.6", "2.0.1"),
        ROW.replace("CP1", "CP5").replace("AC", "DC"),
        ",".join(ROW.split(",")[:2]),
        ROW + ",one more",
    ]
    outcome = await imported(api, "chargers", "\n".join(rows))
    assert ids(outcome) == ["CP1", "CP5"]
    assert [each["row"] for each in outcome["failed"]] == [2, 3, 4, 5, 6, 8, 9]
    errors = {each["row"]: each["error"] for each in outcome["failed"]}
    assert errors[2] == "connection_url: it must begin with ws:// or wss://"
    assert "evse_count" in errors[3]
    assert "earlier" in errors[4]
    assert "exists" in errors[5]
    assert "2.0.1" in errors[6]
    assert "charge_point_id" in errors[8]
    assert len((await api.detail("CP1"))["connectors"]) == 2
    assert (await api.detail("CP5"))["power_type"] == "DC"


@pytest.mark.parametrize(
    "content",
    [
        f"\ufeff{HEADER}\r\n{ROW}\r\n",
        f"{HEADER}\n{ROW}".replace(",", ";"),
        f"{HEADER}\n{ROW}".replace(",", "\t"),
        f"{HEADER.upper()}\n{ROW}",
        f"{HEADER.replace('_', ' ')}\n{ROW}",
        f"\n\n{HEADER}\n\n{ROW}\n\n",
        f"{HEADER},notes\n{ROW},ours",
        f"{HEADER}\n{ROW}".encode("utf-16"),
        f"{HEADER}\n{ROW.replace('One', chr(34) + 'One' + chr(34))}",
        f"{HEADER}\n{ROW.replace('1.6', 'OCPP 1.6J').replace('AC', 'ac')}",
    ],
)
async def test_spreadsheets_write_csv_in_many_ways(api: Api, content: str | bytes) -> None:
    outcome = await imported(api, "chargers", content)
    assert ids(outcome) == ["CP1"], outcome
    assert outcome["success"][0]["charger_name"] == "One"


@pytest.mark.parametrize("wrapped", [False, True])
async def test_json_says_the_same_and_more(api: Api, wrapped: bool) -> None:
    rows: list[Any] = [
        {
            "connection_url": "ws://csms.example",
            "charger_name": "One",
            "charge_point_id": "CP1",
            "number_of_evses": 2,
            "firmware_version": 1.5,
            "ocpp_version": 1.6,
            "configuration": {"HeartbeatInterval": "9"},
        },
        {"charge_point_id": "CP2"},
        "CP3",
        {
            "connection_url": "ws://csms.example",
            "charger_name": "Four",
            "charge_point_id": "CP4",
            "configuration": {"NoSuchKey": "9"},
        },
        {
            "connection_url": "ws://csms.example",
            "charger_name": "Five",
            "charge_point_id": "CP5",
            "behaviour": {"no_such_choice": "any"},
        },
    ]
    outcome = await imported(api, "chargers", json.dumps({"rows": rows} if wrapped else rows))
    assert ids(outcome) == ["CP1"]
    assert [each["row"] for each in outcome["failed"]] == [2, 3, 4, 5]
    assert outcome["success"][0]["firmware_version"] == "1.5"


async def test_rows_without_a_url_take_the_default(api: Api) -> None:
    content = "charge_point_id,charger_name,connection_url\nA,A,\nB,B,ws://own.example\n"
    outcome = await imported(
        api, "chargers", content, default_connection_url="ws://default.example"
    )
    urls = [each["connection_url"] for each in outcome["success"]]
    assert urls == ["ws://default.example", "ws://own.example"]
    without = await imported(api, "chargers", content.replace("A,A", "C,C").replace("B,B", "D,D"))
    assert ids(without) == ["D"]


async def test_vehicles_may_have_several_tags(api: Api) -> None:
    content = (
        'name,idTag,battery_capacity_kWh\nA,TAG1,50\nB,"TAG2, TAG3",77.4\nC,,\n,TAG4,50\n'
        "D,TAG5,much\nE,Straße,40\n"
    )
    outcome = await imported(api, "vehicles", content)
    shown = [
        (each["name"], each["id_tags"], each["battery_capacity_kwh"]) for each in outcome["success"]
    ]
    assert shown == [
        ("A", ["TAG1"], 50.0),
        ("B", ["TAG2", "TAG3"], 77.4),
        ("C", [], 100.0),
    ]
    assert [each["row"] for each in outcome["failed"]] == [4, 5, 6]


async def test_decimal_commas_are_understood(api: Api) -> None:
    content = "Name;IdTag;Battery_Capacity_kWh\nA;TAG1,TAG2;77,4\n"
    (vehicle,) = (await imported(api, "vehicles", content))["success"]
    assert vehicle["battery_capacity_kwh"] == 77.4
    assert vehicle["id_tags"] == ["TAG1", "TAG2"]


async def test_json_vehicles_may_list_their_tags(api: Api) -> None:
    rows = [
        {"name": "A", "idTag": ["T1", "T2"], "battery_capacity_kWh": 50},
        {"name": "B", "id_tags": ["T3"], "ac_phases": 1},
        {"name": "C", "idTag": [{"no": "tag"}]},
    ]
    outcome = await imported(api, "vehicles", json.dumps(rows))
    assert [each["id_tags"] for each in outcome["success"]] == [["T1", "T2"], ["T3"]]
    assert [each["row"] for each in outcome["failed"]] == [3]


@pytest.mark.parametrize("kind", ["chargers", "vehicles"])
@pytest.mark.parametrize("form", ["csv", "json"])
async def test_templates_can_be_imported_as_they_are(api: Api, kind: str, form: str) -> None:
    template = await api.get(f"/api/import/templates/{kind}.{form}")
    assert template.status_code == 200
    assert f"{kind}.{form}" in template.headers["content-disposition"]
    if form == "csv":
        assert template.headers["content-type"].startswith("text/csv")
    if (kind, form) == ("chargers", "csv"):
        assert template.text.splitlines()[0] == HEADER
    outcome = await imported(api, kind, template.content)
    assert len(outcome["success"]) == 2
    assert outcome["failed"] == []


@pytest.mark.parametrize("name", ["drivers.csv", "chargers.xml", "chargers", ".csv", "a.b.csv"])
async def test_a_template_that_is_not_there_is_404(api: Api, name: str) -> None:
    assert_problem(await api.get(f"/api/import/templates/{name}"), 404)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"  \n ",
        b"\xff\xfe\x00",
        b"\x80\x81",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"{",
        b"[" * 100_000,
        b"one,two\n1,2",
        b"name,name\n1,2",
        b"charge_point_id,Charge Point Id\n1,2",
    ],
)
async def test_a_file_that_is_neither_is_refused(api: Api, content: bytes) -> None:
    for kind in ("chargers", "vehicles"):
        if kind == "vehicles" and b"charge_point" in content:
            continue
        if kind == "chargers" and content.startswith(b"name"):
            continue
        assert_problem(await send(api, kind, content), 422)
    assert (await api.get("/api/chargers")).json() == []


async def test_empty_lists_import_nothing(api: Api) -> None:
    for content in ("[]", HEADER):
        assert await imported(api, "chargers", content) == {"success": [], "failed": []}


async def test_a_file_too_large_is_not_read(api: Api) -> None:
    content = b"name\n" + b"x" * (17 * 1024 * 1024)
    assert_problem(await send(api, "vehicles", content), 413)


async def test_too_many_rows_are_refused(api: Api) -> None:
    content = "name\n" + "car\n" * 20_001
    assert_problem(await send(api, "vehicles", content), 422)


async def test_a_request_without_a_file_is_refused(api: Api) -> None:
    location_id = await api.location()
    path = f"/api/locations/{location_id}/import/chargers"
    assert_problem(await api.post(path), 422)
    assert_problem(await api.post(path, json=[]), 422)
    assert_problem(await api.post(path, data={"file": "text"}), 422)


async def test_a_location_that_is_not_there_is_404(api: Api) -> None:
    for kind in ("chargers", "vehicles"):
        assert_problem(await send(api, kind, HEADER, location_id=4711), 404)


async def test_thousands_are_imported_and_listed(api: Api) -> None:
    rows = [f"ws://csms.example,N{n},CP{n},V,M,1,1,1.6,AC" for n in range(2000)]
    outcome = await imported(api, "chargers", "\n".join([HEADER, *rows]))
    assert len(outcome["success"]) == 2000
    listed = await api.get("/api/chargers", params={"limit": 10, "offset": 1990})
    assert listed.headers["x-total-count"] == "2000"
    assert [each["charge_point_id"] for each in listed.json()] == [
        f"CP{n}" for n in range(1990, 2000)
    ]
