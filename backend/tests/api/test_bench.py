from __future__ import annotations

from typing import Any

import pytest

from .conftest import Api, Csms, assert_problem, until

CHARGER = "/api/chargers/CP1"


@pytest.fixture(autouse=True)
async def charger(api: Api) -> None:
    await api.charger("CP1", evse_count=2)


async def do(api: Api, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = await api.post(f"{CHARGER}{path}", json=body)
    assert answer.status_code == 202, answer.text
    return answer.json()


async def test_a_car_comes_and_goes(api: Api) -> None:
    plugged = await do(api, "/connectors/1/plug-in")
    assert plugged["status"] == "Preparing"
    assert plugged["cable"] == "vehicle"
    assert plugged["vehicle_name"]
    left = await do(api, "/connectors/1/unplug")
    assert left["cable"] == "socket"
    assert_problem(await api.post(f"{CHARGER}/connectors/1/unplug", json={"side": "ev"}), 409)
    free = await do(api, "/connectors/1/unplug", {"side": "charger"})
    assert free["cable"] == "none"
    assert free["status"] == "Available"
    assert_problem(await api.post(f"{CHARGER}/connectors/1/unplug", json={"side": "charger"}), 409)


async def test_where_a_car_stands_no_other_can(api: Api) -> None:
    await do(api, "/connectors/1/plug-in", {"soc_percent": 50})
    assert_problem(await api.post(f"{CHARGER}/connectors/1/plug-in"), 409)
    assert (await api.detail())["connectors"][0]["meter"]["soc_percent"] == 50


async def test_a_battery_comes_at_a_temperature_that_a_battery_has(api: Api) -> None:
    await do(api, "/connectors/1/plug-in", {"battery_temperature_celsius": -5})
    refused = {"battery_temperature_celsius": -300}
    assert_problem(await api.post(f"{CHARGER}/connectors/2/plug-in", json=refused), 422)


async def test_a_car_leaves_when_its_driver_said(api: Api) -> None:
    plugged = await do(api, "/connectors/1/plug-in", {"departs_after_s": 0.2})
    assert plugged["departs_at"].endswith("Z")
    assert (await do(api, "/connectors/2/plug-in"))["departs_at"] is None

    async def gone() -> bool:
        return (await api.detail())["connectors"][0]["cable"] == "none"

    await until(gone)
    first, second = (await api.detail())["connectors"]
    assert (first["status"], first["departs_at"]) == ("Available", None)
    assert second["cable"] == "vehicle"


async def test_a_car_brings_a_cable_that_is_rated(api: Api) -> None:
    plugged = await do(api, "/connectors/1/plug-in", {"cable_current_a": 13})
    assert plugged["cable_current_a"] == 13
    await do(api, "/connectors/1/unplug")
    # The cable is still in the socket: no other one can come
    again = {"cable_current_a": 32}
    assert_problem(await api.post(f"{CHARGER}/connectors/1/plug-in", json=again), 409)
    assert (await do(api, "/connectors/1/plug-in"))["cable_current_a"] == 13
    assert (await do(api, "/connectors/2/plug-in"))["cable_current_a"] is None
    await api.post(f"{CHARGER}/connectors/1/unplug", json={"side": "charger"})
    assert (await do(api, "/connectors/1/plug-in"))["cable_current_a"] is None


async def test_a_tethered_cable_leaves_nothing(api: Api) -> None:
    await api.patch(CHARGER, json={"cable": "tethered"})
    brought = {"cable_current_a": 20}
    assert_problem(await api.post(f"{CHARGER}/connectors/1/plug-in", json=brought), 409)
    await do(api, "/connectors/1/plug-in")
    assert (await do(api, "/connectors/1/unplug"))["cable"] == "none"


async def test_the_ev_pauses_and_goes_on(api: Api) -> None:
    await do(api, "/connectors/1/plug-in")
    assert not (await do(api, "/connectors/1/ev", {"draws": False}))["ev_draws"]
    assert (await do(api, "/connectors/1/ev", {"draws": True}))["ev_draws"]
    assert_problem(await api.post(f"{CHARGER}/connectors/2/ev", json={"draws": True}), 409)


async def test_a_fault_covers_the_state_below_it(api: Api) -> None:
    await do(api, "/connectors/1/plug-in")
    body = {"error_code": "HighTemperature", "info": "hot", "vendor_error_code": "E7"}
    faulted = await do(api, "/connectors/1/fault", body)
    assert (faulted["status"], faulted["error_code"]) == ("Faulted", "HighTemperature")
    again = await do(api, "/connectors/1/fault", body)
    assert again["status"] == "Faulted"
    cleared = await api.delete(f"{CHARGER}/connectors/1/fault")
    assert cleared.status_code == 202
    assert (cleared.json()["status"], cleared.json()["error_code"]) == ("Preparing", "NoError")
    assert (await api.delete(f"{CHARGER}/connectors/1/fault")).status_code == 202


async def test_connector_0_is_the_charge_point(api: Api) -> None:
    faulted = await do(api, "/connectors/0/fault", {"error_code": "InternalError"})
    assert faulted["connector_id"] == 0
    assert faulted["status"] == "Faulted"
    assert (await api.detail())["status"] == "Faulted"
    assert (await api.delete(f"{CHARGER}/connectors/0/fault")).status_code == 202
    assert (await api.detail())["status"] == "Available"


@pytest.mark.parametrize("code", ["NoError", "Broken", "", None, 7])
async def test_a_fault_has_one_of_the_codes(api: Api, code: object) -> None:
    answer = await api.post(f"{CHARGER}/connectors/1/fault", json={"error_code": code})
    assert_problem(answer, 422)
    assert (await api.detail())["connectors"][0]["status"] == "Available"


@pytest.mark.parametrize("connector", ["3", "-1", str(2**70)])
async def test_a_connector_that_is_not_there_is_404(api: Api, connector: str) -> None:
    for path, body in (
        ("plug-in", None),
        ("unplug", None),
        ("ev", {"draws": True}),
        ("id-tag", {"id_tag": "T"}),
        ("stop-button", None),
        ("fault", {"error_code": "OtherError"}),
        ("lock", {"jammed": True}),
    ):
        answer = await api.post(f"{CHARGER}/connectors/{connector}/{path}", json=body)
        assert_problem(answer, 404)
    assert_problem(await api.delete(f"{CHARGER}/connectors/{connector}/fault"), 404)


async def test_only_faults_know_connector_0(api: Api) -> None:
    for path, body in (
        ("plug-in", None),
        ("unplug", None),
        ("ev", {"draws": True}),
        ("id-tag", {"id_tag": "T"}),
        ("stop-button", None),
        ("lock", {"jammed": True}),
    ):
        answer = await api.post(f"{CHARGER}/connectors/0/{path}", json=body)
        assert_problem(answer, 404)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/connectors/1/plug-in", {"soc_percent": 101}),
        ("/connectors/1/plug-in", {"soc": 5}),
        ("/connectors/1/plug-in", {"lock_fails": "x"}),
        ("/connectors/1/plug-in", {"cable_current_a": 25}),
        ("/connectors/1/plug-in", {"departs_after_s": 0}),
        ("/connectors/1/plug-in", {"departs_after_s": -60}),
        ("/connectors/1/plug-in", {"departs_after_s": 1e9}),
        ("/connectors/1/plug-in", {"cable_current_a": "wide"}),
        ("/connectors/1/unplug", {"side": "left"}),
        ("/connectors/1/plug-in", {"lock_fails": 1}),
        ("/connectors/1/ev", {}),
        ("/connectors/1/ev", {"draws": "yes"}),
        ("/connectors/1/id-tag", {"id_tag": ""}),
        ("/connectors/1/id-tag", {"id_tag": "x" * 21}),
        ("/connectors/1/lock", {"jammed": None}),
        ("/connectors/x/lock", {"jammed": True}),
        ("/id-tag", {}),
        ("/power", {"state": "half"}),
        ("/power", None),
        ("/network", {"state": "slow"}),
        ("/network", {"loss": 1.1}),
        ("/network", {"latency_ms": -1}),
        ("/clock", {"offset_s": "soon"}),
        ("/clock", {"offset_s": "5"}),
        ("/files", {"duration_s": True}),
        ("/clock", {"offset_s": 1e300}),
    ],
)
async def test_what_does_not_fit_is_refused(api: Api, path: str, body: object) -> None:
    assert_problem(await api.post(f"{CHARGER}{path}", json=body), 422)


async def test_the_lock_jams(api: Api) -> None:
    assert (await do(api, "/connectors/1/lock", {"jammed": True}))["lock_jammed"]
    assert not (await do(api, "/connectors/1/lock", {"jammed": False}))["lock_jammed"]


async def test_power_goes_and_comes(api: Api) -> None:
    assert not (await do(api, "/power", {"state": "off"}))["powered"]
    assert not (await do(api, "/power", {"state": "off"}))["powered"]
    assert (await do(api, "/power", {"state": "on"}))["powered"]
    assert (await do(api, "/power", {"state": "on"}))["powered"]
    assert (await do(api, "/power", {"state": "cycle"}))["powered"]


async def test_the_network_is_what_was_said_last(api: Api) -> None:
    shown = await do(api, "/network", {"state": "cut"})
    assert shown["network"] == {"state": "cut", "latency_ms": 0, "jitter_ms": 0, "loss": 0}
    shown = await do(api, "/network", {"state": "up", "latency_ms": 50, "loss": 0.1})
    assert shown["network"] == {"state": "up", "latency_ms": 50, "jitter_ms": 0, "loss": 0.1}


async def test_the_clock_is_wrong_before_the_first_boot(api: Api) -> None:
    assert abs((await do(api, "/clock", {"offset_s": -3600}))["clock_offset_s"] + 3600) < 1
    assert abs((await do(api, "/clock", {"offset_s": 0}))["clock_offset_s"]) < 1


async def test_a_factory_reset_forgets_the_configuration(api: Api) -> None:
    await api.patch(f"{CHARGER}/configuration", json={"HeartbeatInterval": "77"})
    await do(api, "/factory-reset")

    async def forgotten() -> bool:
        keys = (await api.get(f"{CHARGER}/configuration")).json()
        return all(key["value"] != "77" for key in keys)

    await until(forgotten)


async def test_the_shared_reader_and_the_buttons_answer(api: Api) -> None:
    assert (await do(api, "/id-tag", {"id_tag": "TAG"}))["charge_point_id"] == "CP1"
    assert (await do(api, "/emergency-stop"))["charge_point_id"] == "CP1"


async def test_a_session_from_plug_to_button(api: Api, csms: Csms) -> None:
    await api.patch(CHARGER, json={"connection_url": csms.url})
    assert (await api.post(f"{CHARGER}/connect")).status_code == 202
    await api.reaches("CP1", registration="Accepted")
    await do(api, "/connectors/1/plug-in")
    await do(api, "/connectors/1/id-tag", {"id_tag": "TAG"})

    async def charges() -> bool:
        return (await api.detail())["connectors"][0]["status"] == "Charging"

    await until(charges)
    (connector, _) = (await api.detail())["connectors"]
    assert connector["transaction"]["id_tag"] == "TAG"
    assert connector["meter"]["power_w"] > 0
    assert_problem(await api.post(f"{CHARGER}/factory-reset"), 409)
    stopped = await do(api, "/connectors/1/stop-button")
    assert stopped["status"] == "Finishing"


async def test_one_connector_can_be_looked_at(api: Api) -> None:
    plugged = await do(api, "/connectors/2/plug-in")
    shown = (await api.get(f"{CHARGER}/connectors/2")).json()
    assert shown | {"meter": {}} == plugged | {"meter": {}}
    assert (await api.get(f"{CHARGER}/connectors/0")).json()["connector_id"] == 0
    assert_problem(await api.get(f"{CHARGER}/connectors/3"), 404)


@pytest.mark.parametrize("content", [b"", b"null", b"{}"])
async def test_where_nothing_must_be_said_nothing_is_fine(api: Api, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    path = f"{CHARGER}/connectors/1/plug-in"
    answer = await api.post(path, content=content, headers=headers)
    assert answer.status_code == 202, answer.text
