from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from .conftest import Api, assert_problem

PRINTABLE = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) != "/")
BASE = {"charge_point_id": "CP1", "charger_name": "One", "connection_url": "ws://127.0.0.1:9/ocpp"}


async def refused(api: Api, fields: dict[str, Any], status: int = 422) -> dict[str, Any]:
    """Ask for a charger that cannot be; nothing must be left of it."""
    location_id = await api.location()
    body = {name: value for name, value in (BASE | fields).items() if value != "absent"}
    answer = await api.post(f"/api/locations/{location_id}/chargers", json=body)
    problem = assert_problem(answer, status)
    assert (await api.get("/api/chargers")).json() == []
    assert (await api.get(f"/api/locations/{location_id}")).json()["charger_count"] == 0
    return problem


async def test_a_charger_begins_with_sensible_defaults(api: Api) -> None:
    charger = await api.charger("CP1")
    expected = {
        "charge_point_id": "CP1",
        "ocpp_version": "1.6",
        "power_type": "AC",
        "max_power_w": 22080.0,
        "phases": 3,
        "cable": "socket",
        "evse_count": 1,
        "security_profile": 0,
        "basic_auth_password_set": False,
        "auto_plug_in": False,
        "desired_connection": "disconnected",
        "registration": None,
        "status": "Available",
        "queued_messages": 0,
        "warnings": [],
    }
    assert {name: charger[name] for name in expected} == expected
    assert charger["connection"]["state"] == "disconnected"
    (connector,) = charger["connectors"]
    assert connector["connector_id"] == 1
    assert connector["status"] == "Available"
    assert connector["transaction"] is None
    assert connector["meter"]["energy_wh"] == 0
    shown = await api.detail("CP1")
    assert shown | {"connectors": []} == charger | {"connectors": []}


@pytest.mark.parametrize(
    "charge_point_id",
    [
        "A",
        "CP 1",
        "A|B",
        "...",
        "a.b",
        "x" * 48,
        PRINTABLE[:48],
        PRINTABLE[48:],
        "%2F",
        "ü".encode().hex(),
    ],
)
async def test_charge_point_ids_work_percent_encoded(api: Api, charge_point_id: str) -> None:
    location_id = await api.location()
    body = BASE | {"charge_point_id": charge_point_id}
    answer = await api.post(f"/api/locations/{location_id}/chargers", json=body)
    assert answer.status_code == 201, answer.text
    where = f"/api/chargers/{quote(charge_point_id, safe='')}"
    assert answer.headers["location"] == where
    assert (await api.get(where)).json()["charge_point_id"] == charge_point_id
    assert (await api.post(f"{where}/connectors/1/plug-in")).status_code == 202
    assert (await api.delete(where)).status_code == 204
    assert_problem(await api.get(where), 404)


@pytest.mark.parametrize(
    "charge_point_id",
    ["", ".", "..", "a/b", "/", "x" * 49, "ü", "a\nb", "a\x00", "a\x7f", None, 5, ["A"], "absent"],
)
async def test_charge_point_ids_that_no_url_can_hold(api: Api, charge_point_id: object) -> None:
    await refused(api, {"charge_point_id": charge_point_id})


async def test_a_colon_is_warned_about_where_basic_auth_is_used(api: Api) -> None:
    location_id = await api.location()
    assert (await api.charger("A:B", location_id=location_id))["warnings"] == []
    fields = {"security_profile": 1, "basic_auth_password": "0123456789abcdef"}
    warned = await api.charger("C:D", location_id=location_id, **fields)
    assert len(warned["warnings"]) == 1
    assert "colon" in warned["warnings"][0]


async def test_a_charge_point_id_can_be_had_once(api: Api) -> None:
    await api.charger("CP1")
    location_id = await api.location("Elsewhere")
    answer = await api.post(f"/api/locations/{location_id}/chargers", json=BASE)
    assert_problem(answer, 409)
    assert len((await api.get("/api/chargers")).json()) == 1


@pytest.mark.parametrize(
    "connection_url",
    [
        "ws://csms.example",
        "wss://csms.example:8443/ocpp/1.6/",
        "ws://[::1]:9000/CP1",
        "ws://csms.example/ocpp?tenant=7",
    ],
)
async def test_connection_urls(api: Api, connection_url: str) -> None:
    charger = await api.charger("CP1", connection_url=connection_url)
    assert charger["connection_url"] == connection_url


@pytest.mark.parametrize(
    "connection_url",
    [
        "",
        "http://csms.example",
        "csms.example",
        "ws://",
        "ws:///ocpp",
        "ws://:9000/ocpp",
        "ws://csms.example:99999",
        "ws://csms.example:port",
        "ws://csms.example:0",
        "ws://csms.example/a b",
        "ws://user:secret@csms.example/ocpp",
        "ws://csms.example/ocpp#part",
        "ws://" + "x" * 64 + ".example",
        "ws://[::1",
        "ws://a\x00b",
        "ws://csms..example",
        None,
        7,
        "absent",
    ],
)
async def test_connection_urls_that_lead_nowhere(api: Api, connection_url: object) -> None:
    problem = await refused(api, {"connection_url": connection_url})
    assert "secret" not in str(problem)


@pytest.mark.parametrize("version", ["2.0.1", "1.5", "", "1.6J", 1.6, None])
async def test_other_versions_are_refused_by_name(api: Api, version: object) -> None:
    problem = await refused(api, {"ocpp_version": version})
    if isinstance(version, str):
        assert "1.6" in problem["detail"]


@pytest.mark.parametrize(
    "fields",
    [
        {"charger_name": ""},
        {"charger_name": "absent"},
        {"evse_count": 0},
        {"evse_count": -1},
        {"evse_count": 101},
        {"evse_count": 1.5},
        {"evse_count": "2"},
        {"evse_count": True},
        {"evse_count": 2, "connectors": [{}]},
        {"connectors": []},
        {"connectors": [{"watts": 1}]},
        {"connectors": [{}] * 101},
        {"connectors": [{"cable": "wireless"}]},
        {"power_type": "ac"},
        {"max_power_w": 0},
        {"max_power_w": -1},
        {"max_power_w": 1e12},
        {"phases": 2},
        {"cable": "none"},
        {"charge_point_vendor": "x" * 21},
        {"charge_point_vendor": ""},
        {"charge_point_model": "x" * 21},
        {"charge_point_model": "a\nb"},
        {"firmware_version": "x" * 51},
        {"firmware_version": "\0"},
        {"ocpp_version": "1.6" * 1000},
        {"iccid": "x" * 21},
        {"security_profile": 4},
        {"security_profile": -1},
        {"security_profile": 1},
        {"security_profile": 2, "basic_auth_password": "secret"},
        {"security_profile": 2, "connection_url": "wss://csms.example"},
        {"security_profile": 3, "connection_url": "wss://csms.example"},
        {"basic_auth_password": ""},
        {"basic_auth_password": "a\nb"},
        {"tls": {"ca_pem": "no certificate"}},
        {"tls": {"client_cert_pem": "no certificate"}},
        {"tls": {"client_cert_pem": "no", "client_key_pem": "certificate"}},
        {"tls": {"verify": "perhaps"}},
        {"tls": {"insecure": True}},
        {"configuration": {"NoSuchKey": "1"}},
        {"configuration": {"HeartbeatInterval": "often"}},
        {"configuration": {"HeartbeatInterval": 5}},
        {"configuration": ["HeartbeatInterval"]},
        {"auto_connect": "perhaps"},
        {"auto_connect": "true"},
        {"auto_plug_in": 1},
        {"behavior": {}},
    ],
)
async def test_what_does_not_fit_creates_nothing(api: Api, fields: dict[str, Any]) -> None:
    problem = await refused(api, fields)
    assert "secret" not in str(problem)


async def test_json_has_one_number_type(api: Api) -> None:
    charger = await api.charger("CP1", evse_count=2.0, max_power_w=7360)
    assert (charger["evse_count"], charger["max_power_w"]) == (2, 7360)


async def test_connectors_alike_are_counted(api: Api) -> None:
    charger = await api.charger("CP1", evse_count=3, power_type="AC", max_power_w=7360, phases=1)
    assert [each["connector_id"] for each in charger["connectors"]] == [1, 2, 3]
    assert {each["max_power_w"] for each in charger["connectors"]} == {7360}


async def test_connectors_may_differ(api: Api) -> None:
    connectors = [{"power_type": "DC", "max_power_w": 50_000}, {"power_type": "AC", "phases": 1}]
    charger = await api.charger("CP1", connectors=connectors)
    shown = [
        (each["power_type"], each["max_power_w"], each["cable_kind"])
        for each in charger["connectors"]
    ]
    assert shown == [("DC", 50_000.0, "tethered"), ("AC", 7360.0, "socket")]
    keys = (await api.get("/api/chargers/CP1/configuration")).json()
    assert [each["value"] for each in keys if each["key"] == "NumberOfConnectors"] == ["2"]


async def test_what_a_connector_leaves_out_is_as_for_the_others_of_its_kind(api: Api) -> None:
    charger = await api.charger(
        "CP1",
        evse_count=3,
        power_type="AC",
        max_power_w=11_040,
        cable="tethered",
        connectors=[{}, {"power_type": "AC", "cable": "socket"}, {"power_type": "DC"}],
    )
    shown = [
        (each["power_type"], each["max_power_w"], each["cable_kind"])
        for each in charger["connectors"]
    ]
    assert shown == [
        ("AC", 11_040.0, "tethered"),
        ("AC", 11_040.0, "socket"),
        ("DC", 150_000.0, "tethered"),
    ]


async def test_the_number_of_connectors_may_be_said_but_not_changed(api: Api) -> None:
    values = {"NumberOfConnectors": "2", "ReserveConnectorZeroSupported": "true"}
    await api.charger("CP1", evse_count=2, configuration=values)
    answer = await api.get("/api/chargers/CP1/configuration")
    keys = {each["key"]: each for each in answer.json()}
    assert keys["NumberOfConnectors"]["value"] == "2"
    assert keys["ReserveConnectorZeroSupported"]["value"] == "true"
    assert keys["ReserveConnectorZeroSupported"]["readonly"]
    assert answer.headers["x-total-count"] == str(len(keys))
    wrong = await api.patch("/api/chargers/CP1/configuration", json={"NumberOfConnectors": "3"})
    assert_problem(wrong, 422)


async def test_configuration_at_creation_may_set_what_is_read_only(api: Api) -> None:
    values = {"HeartbeatInterval": "17", "SupportedFeatureProfiles": "Core"}
    await api.charger("CP1", configuration=values)
    keys = {each["key"]: each for each in (await api.get("/api/chargers/CP1/configuration")).json()}
    assert keys["HeartbeatInterval"]["value"] == "17"
    assert keys["SupportedFeatureProfiles"]["value"] == "Core"
    assert keys["SupportedFeatureProfiles"]["readonly"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A certificate and its private key, as PEM."""
    directory: Path = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=x", "-keyout", str(directory / "key.pem")),
            *("-out", str(directory / "cert.pem")),
        ],
        check=True,
        capture_output=True,
    )
    return (directory / "cert.pem").read_text(), (directory / "key.pem").read_text()


async def test_secrets_go_in_and_never_come_out(api: Api, certificate: tuple[str, str]) -> None:
    cert_pem, key_pem = certificate
    tls = {"ca_pem": cert_pem, "client_cert_pem": cert_pem, "client_key_pem": key_pem}
    password = "a-very-secret-password"
    await api.charger(
        "CP1",
        connection_url="wss://127.0.0.1:9/ocpp",
        security_profile=3,
        basic_auth_password=password,
        tls=tls,
    )
    answers = [
        await api.get("/api/chargers/CP1"),
        await api.get("/api/chargers"),
        await api.patch("/api/chargers/CP1", json={"charger_name": "New"}),
        await api.get("/api/chargers/CP1/configuration"),
        await api.patch("/api/chargers/CP1", json={"tls": {"client_cert_pem": None}}),
        await api.patch("/api/chargers/CP1", json={"basic_auth_password": password, "x": 1}),
    ]
    for answer in answers:
        assert password not in answer.text
        assert "PRIVATE KEY" not in answer.text
    assert answers[0].json()["tls"] == {
        "ca_pem": cert_pem,
        "client_cert_pem": cert_pem,
        "client_key_set": True,
        "verify": True,
    }
    assert answers[0].json()["basic_auth_password_set"]
    assert answers[4].status_code == 422


async def test_a_key_that_belongs_to_another_certificate_is_refused(
    api: Api, certificate: tuple[str, str]
) -> None:
    cert_pem, key_pem = certificate
    lines = key_pem.splitlines()
    lines[5] = lines[5][::-1]
    tls = {"client_cert_pem": cert_pem, "client_key_pem": "\n".join(lines)}
    await refused(api, {"tls": tls, "security_profile": 3, "connection_url": "wss://x.example"})


async def test_of_many_at_once_one_gets_the_id(api: Api) -> None:
    location_id = await api.location()
    path = f"/api/locations/{location_id}/chargers"
    answers = await asyncio.gather(*(api.post(path, json=BASE) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    assert len((await api.get("/api/chargers")).json()) == 1


async def test_a_charger_is_told_how_to_behave_where_ocpp_leaves_it_open(api: Api) -> None:
    charger = await api.charger("CP1", behaviour={"power_loss": "resume"})
    assert charger["behaviour"] == {"power_loss": "resume"}
    changed = await api.patch("/api/chargers/CP1", json={"behaviour": {"preparing_timeout": "no"}})
    assert_problem(changed, 422)
    assert (await api.detail("CP1"))["behaviour"] == {"power_loss": "resume"}
    changed = await api.patch("/api/chargers/CP1", json={"behaviour": {}})
    assert changed.json()["behaviour"] == {}


async def test_a_behaviour_that_does_not_exist_is_refused(api: Api) -> None:
    problem = await refused(api, {"behaviour": {"mood": "bad"}})
    assert "mood" in problem["detail"]
