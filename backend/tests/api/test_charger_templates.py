"""Charger models: the list of them, and chargers that are made from one."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx
import pytest

from ocppsim.main import create_app
from ocppsim.settings import Settings

from .conftest import BASE_URL, Api, assert_problem

DUO = "dc-2x150kw-shared"
TEMPLATE_FIELDS = (
    "charge_point_vendor",
    "charge_point_model",
    "firmware_version",
    "meter_type",
    "phase_rotation",
    "shared_power_w",
    "module_power_w",
    "meter",
    "behaviour",
)


async def template(api: Api, template_id: str = DUO) -> dict[str, Any]:
    answer = await api.get(f"/api/charger-templates/{template_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def configuration(api: Api) -> dict[str, str]:
    answer = await api.get("/api/chargers/CP1/configuration")
    return {each["key"]: each["value"] for each in answer.json()}


def connectors_of(charger: dict[str, Any]) -> list[tuple[str, float, int, str]]:
    return [
        (each["power_type"], each["max_power_w"], each["phases"], each["cable_kind"])
        for each in charger["connectors"]
    ]


async def test_the_models_are_listed_with_all_that_creation_takes(api: Api) -> None:
    answer = await api.get("/api/charger-templates")
    listed = answer.json()
    assert len(listed) >= 12
    assert answer.headers["X-Total-Count"] == str(len(listed))
    assert all(each["built_in"] for each in listed)
    one = next(each for each in listed if each["id"] == DUO)
    assert one == await template(api)
    assert one["shared_power_w"] == 150_000
    assert one["module_power_w"] == 30_000
    assert len(one["connectors"]) == 2
    assert one["configuration"]["MeterValueSampleInterval"] == "15"
    page = await api.get("/api/charger-templates?limit=2&offset=1")
    assert page.json() == listed[1:3]
    assert_problem(await api.get("/api/charger-templates/none"), 404)


async def test_what_a_model_says_is_taken_as_it_is_by_creation(api: Api) -> None:
    location_id = await api.location()
    for number, model in enumerate((await api.get("/api/charger-templates")).json()):
        for name in ("id", "name", "description", "built_in"):
            del model[name]
        await api.charger(f"CP{number}", location_id=location_id, **model)


async def test_a_charger_is_made_from_a_model(api: Api) -> None:
    model = await template(api)
    charger = await api.charger("CP1", template_id=DUO)
    assert charger["template_id"] == DUO
    assert {name: charger[name] for name in TEMPLATE_FIELDS} == {
        name: model[name] for name in TEMPLATE_FIELDS
    }
    assert connectors_of(charger) == [("DC", 150_000, 0, "tethered")] * 2
    assert model["configuration"].items() <= (await configuration(api)).items()
    assert (await api.detail())["template_id"] == DUO


async def test_what_the_request_says_goes_before_the_model(api: Api) -> None:
    charger = await api.charger(
        "CP1",
        template_id=DUO,
        charge_point_model="Mine",
        firmware_version=None,
        shared_power_w=120_000,
        meter={"resolution_wh": 100},
        behaviour={"stop_id_tag": "presented", "power_loss": "resume"},
        configuration={"MeterValueSampleInterval": "7"},
    )
    model = await template(api)
    assert charger["charge_point_vendor"] == model["charge_point_vendor"]
    assert charger["charge_point_model"] == "Mine"
    assert charger["firmware_version"] is None
    assert charger["shared_power_w"] == 120_000
    assert charger["module_power_w"] == 30_000
    assert charger["meter"] == model["meter"] | {"resolution_wh": 100}
    assert charger["behaviour"] == model["behaviour"] | {
        "stop_id_tag": "presented",
        "power_loss": "resume",
    }
    values = await configuration(api)
    assert values["MeterValueSampleInterval"] == "7"
    assert values["StopTxnSampledData"] == model["configuration"]["StopTxnSampledData"]


@pytest.mark.parametrize(
    ("template_id", "fields", "connectors"),
    [
        (DUO, {"evse_count": 1}, [("DC", 150_000, 0, "tethered")]),
        (DUO, {"evse_count": 3}, [("DC", 150_000, 0, "tethered")] * 3),
        (DUO, {"max_power_w": 75_000}, [("DC", 75_000, 0, "tethered")] * 2),
        ("ac-11kw-3p-tethered", {"power_type": "AC"}, [("AC", 11_040, 3, "tethered")]),
        (
            "ac-11kw-3p-tethered",
            {"power_type": "AC", "cable": "socket"},
            [("AC", 11_040, 3, "socket")],
        ),
        ("ac-11kw-3p-tethered", {"power_type": "DC"}, [("DC", 150_000, 0, "tethered")]),
        (DUO, {"connectors": [{"phases": 1}]}, [("AC", 7360, 1, "socket")]),
        (DUO, {"connectors": None, "evse_count": None}, [("DC", 150_000, 0, "tethered")] * 2),
        ("dc-50kw", {"max_power_w": None, "cable": None}, [("DC", 50_000, 0, "tethered")]),
        ("ac-2x22kw-shared", {"phases": 1}, [("AC", 7360, 1, "socket")] * 2),
        ("ac-22kw-3p-socket", {"phases": 1, "max_power_w": 3680}, [("AC", 3680, 1, "socket")]),
    ],
)
async def test_connectors_may_be_others_than_the_models(
    api: Api,
    template_id: str,
    fields: dict[str, Any],
    connectors: list[tuple[str, float, int, str]],
) -> None:
    charger = await api.charger("CP1", template_id=template_id, **fields)
    assert connectors_of(charger) == connectors


async def test_a_charger_has_a_connector_at_least(api: Api) -> None:
    location_id = await api.location()
    body = {
        "charge_point_id": "CP1",
        "charger_name": "One",
        "connection_url": "ws://csms.example/ocpp",
        "connectors": [],
    }
    for more in ({}, {"template_id": DUO}):
        answer = await api.post(f"/api/locations/{location_id}/chargers", json=body | more)
        problem = assert_problem(answer, 422)
        assert problem["detail"] == "connectors: List should have at least 1 item, not 0"


async def test_a_restart_leaves_it_as_it_was(settings: Settings) -> None:
    shown: list[dict[str, Any]] = []
    for start in range(2):
        app = create_app(settings)
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as http:
                api = Api(http)
                if start == 0:
                    await api.charger("CP1", template_id=DUO)
                shown.append(await api.detail() | {"configuration": await configuration(api)})
    names = (*TEMPLATE_FIELDS, "template_id", "configuration")
    assert connectors_of(shown[0]) == connectors_of(shown[1])
    assert {name: shown[0][name] for name in names} == {name: shown[1][name] for name in names}


async def test_nothing_shared_leaves_no_modules(api: Api) -> None:
    charger = await api.charger("CP1", template_id=DUO, shared_power_w=None)
    assert (charger["shared_power_w"], charger["module_power_w"]) == (None, None)


async def test_an_unknown_model_is_refused_with_a_hint(api: Api) -> None:
    location_id = await api.location()
    answer = await api.post(
        f"/api/locations/{location_id}/chargers",
        json={
            "charge_point_id": "CP1",
            "charger_name": "One",
            "connection_url": "ws://csms.example/ocpp",
            "template_id": "dc-150",
        },
    )
    problem = assert_problem(answer, 422)
    assert "no charger template 'dc-150'" in problem["detail"]
    assert "dc-150kw" in problem["detail"]
    assert problem["errors"][0]["loc"] == ["body", "template_id"]


async def test_rows_of_a_file_may_name_models(api: Api) -> None:
    location_id = await api.location()
    text = (
        "connection_url,charger_name,charge_point_id,number_of_evses,template_id\n"
        f"ws://csms.example/ocpp,One,CP1,,{DUO}\n"
        f"ws://csms.example/ocpp,Two,CP2,1,{DUO}\n"
        "ws://csms.example/ocpp,Three,CP3,1,none\n"
        "ws://csms.example/ocpp,Four,CP4,1,\n"
    )
    answer = await api.post(
        f"/api/locations/{location_id}/import/chargers", files={"file": ("rows.csv", text)}
    )
    outcome = answer.json()
    assert [each["charge_point_id"] for each in outcome["success"]] == ["CP1", "CP2", "CP4"]
    assert [each["row"] for each in outcome["failed"]] == [3]
    assert "no charger template 'none'" in outcome["failed"][0]["error"]
    first, second, last = [await api.detail(name) for name in ("CP1", "CP2", "CP4")]
    assert (first["template_id"], first["evse_count"], first["power_type"]) == (DUO, 2, "DC")
    assert (second["template_id"], second["evse_count"]) == (DUO, 1)
    assert (last["template_id"], last["power_type"]) == (None, "AC")
    assert (await configuration(api))["MeterValueSampleInterval"] == "15"


@pytest.fixture
async def own(settings: Settings, tmp_path: Path) -> AsyncGenerator[Api]:
    """The API of a simulator with a directory of templates."""
    directory = tmp_path / "templates"
    directory.mkdir()
    text = "name: Yard\nconnectors: [{max_power_w: 5000}]\nconfiguration: {LightIntensity: 40}\n"
    (directory / "yard.yaml").write_text(text)
    app = create_app(settings.model_copy(update={"templates_dir": directory}))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, timeout=60) as http:
            yield Api(http)


async def test_models_of_ones_own_are_as_good_as_built_in_ones(own: Api) -> None:
    shown = await template(own, "yard")
    assert (shown["name"], shown["built_in"], shown["charge_point_vendor"]) == ("Yard", False, None)
    charger = await own.charger("CP1", template_id="yard")
    assert connectors_of(charger) == [("AC", 5000, 3, "socket")]
    assert charger["charge_point_vendor"] == "ocppsim"
    assert (await configuration(own))["LightIntensity"] == "40"
