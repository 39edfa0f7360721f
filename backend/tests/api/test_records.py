"""What a charger keeps for its CSMS: the local list, reservations, charging profiles, limits."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Api, Csms, assert_problem, until

CHARGER = "/api/chargers/CP1"
NOW = "2026-01-02T03:04:05Z"  # what the CSMS says
LATER = "2035-01-02T03:04:05Z"
RECORDS = ("charging-profiles", "reservations", "local-list")


@pytest.fixture
async def online(api: Api, csms: Csms) -> Api:
    """The API with a charger CP1 of two sockets that is connected and accepted."""
    await api.charger("CP1", connection_url=csms.url, auto_connect=True, evse_count=2)
    await api.reaches("CP1", state="connected", registration="Accepted")
    return api


async def got(api: Api, path: str, **query: Any) -> Any:
    answer = await api.get(f"{CHARGER}/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def profile(number: int, purpose: str, limit: float, **fields: Any) -> dict[str, Any]:
    """A charging profile of one period, in amperes unless told otherwise."""
    schedule: dict[str, Any] = {
        "chargingRateUnit": fields.pop("unit", "A"),
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}],
    }
    return {
        "chargingProfileId": number,
        "stackLevel": 0,
        "chargingProfilePurpose": purpose,
        "chargingProfileKind": "Absolute",
        "chargingSchedule": schedule | fields.pop("schedule", {}),
        **fields,
    }


async def install(csms: Csms, connector_id: int, sent: dict[str, Any]) -> None:
    payload = {"connectorId": connector_id, "csChargingProfiles": sent}
    assert await csms.ask("SetChargingProfile", payload) == {"status": "Accepted"}


# --- the local list ---


async def test_the_local_list_is_what_the_csms_sent(online: Api, csms: Csms) -> None:
    assert await got(online, "local-list") == {"version": 0, "enabled": True, "entries": []}
    entries = [
        {"idTag": "B", "idTagInfo": {"status": "Blocked"}},
        {
            "idTag": "A",
            "idTagInfo": {
                "status": "Accepted",
                "expiryDate": "2035-01-02T05:04:05+02:00",
                "parentIdTag": "GROUP",
            },
        },
    ]
    sent = {"listVersion": 7, "updateType": "Full", "localAuthorizationList": entries}
    assert await csms.ask("SendLocalList", sent) == {"status": "Accepted"}
    shown = await got(online, "local-list")
    assert (shown["version"], shown["enabled"]) == (7, True)
    assert {each["id_tag"]: each for each in shown["entries"]} == {
        "B": {"id_tag": "B", "status": "Blocked", "expiry_date": None, "parent_id_tag": None},
        "A": {
            "id_tag": "A",
            "status": "Accepted",
            "expiry_date": "2035-01-02T03:04:05.000Z",
            "parent_id_tag": "GROUP",
        },
    }
    await online.patch(f"{CHARGER}/configuration", json={"LocalAuthListEnabled": "false"})
    assert not (await got(online, "local-list"))["enabled"]


# --- reservations ---


async def test_a_reservation_shows_until_it_is_cancelled(online: Api, csms: Csms) -> None:
    reserve = {"connectorId": 2, "expiryDate": LATER, "idTag": "ANNA", "reservationId": 9}
    assert await csms.ask("ReserveNow", reserve) == {"status": "Accepted"}
    assert await got(online, "reservations") == [
        {
            "reservation_id": 9,
            "connector_id": 2,
            "id_tag": "ANNA",
            "parent_id_tag": None,
            "expires_at": "2035-01-02T03:04:05.000Z",
        }
    ]
    first, second = (await online.detail())["connectors"]
    assert (first["status"], first["reservation"]) == ("Available", None)
    assert second["status"] == "Reserved"
    assert second["reservation"] == {
        "reservation_id": 9,
        "id_tag": "ANNA",
        "expires_at": "2035-01-02T03:04:05.000Z",
    }
    assert (await got(online, "connectors/2"))["reservation"] == second["reservation"]
    await csms.ask("CancelReservation", {"reservationId": 9})
    assert await got(online, "reservations") == []
    assert (await got(online, "connectors/2"))["reservation"] is None


async def test_a_reservation_of_any_connector_shows_where_it_reserves(
    online: Api, csms: Csms
) -> None:
    values = {"ReserveConnectorZeroSupported": "true"}
    answer = await online.patch(f"{CHARGER}/configuration", json=values)
    assert answer.status_code == 200, answer.text
    reserve = {"connectorId": 0, "expiryDate": LATER, "idTag": "ANNA", "reservationId": 1}
    assert await csms.ask("ReserveNow", reserve) == {"status": "Accepted"}
    (shown,) = await got(online, "reservations")
    assert shown["connector_id"] == 0
    for connector in (await online.detail())["connectors"]:
        assert (connector["reservation"] is None) == (connector["status"] != "Reserved")
    assert (await got(online, "connectors/0"))["reservation"]["reservation_id"] == 1


async def test_reservations_come_a_page_at_a_time(online: Api, csms: Csms) -> None:
    for number in (1, 2):
        reserve = {"expiryDate": LATER, "idTag": "T", "connectorId": number}
        await csms.ask("ReserveNow", reserve | {"reservationId": number})
    answer = await online.get(f"{CHARGER}/reservations?limit=1&offset=1")
    assert answer.headers["x-total-count"] == "2"
    assert [each["reservation_id"] for each in answer.json()] == [2]


# --- charging profiles and what they limit ---


async def test_without_profiles_the_hardware_is_the_limit(api: Api) -> None:
    await api.charger("CP1", max_power_w=11040, evse_count=2)
    assert await got(api, "charging-profiles") == []
    limit = await got(api, "connectors/2/limit")
    assert (limit["connector_id"], limit["layer"]) == (2, "hardware")
    assert limit["power_w"] == pytest.approx(11040)
    assert limit["current_a"] == pytest.approx(16)
    assert limit["phases"] == 3
    assert limit["offered_power_w"] == 0
    hardware = next(each for each in limit["layers"] if each["layer"] == "hardware")
    assert hardware["in_force"]
    assert hardware["explanation"]
    assert hardware["until"] is None


async def test_each_layer_says_why(online: Api, csms: Csms) -> None:
    body = {"cable_current_a": 20, "soc_percent": 10}
    plugged = await online.post(f"{CHARGER}/connectors/1/plug-in", json=body)
    assert plugged.json()["cable_current_a"] == 20
    started = await online.post(
        f"{CHARGER}/transactions/start", json={"connector_id": 1, "id_tag": "TAG"}
    )
    transaction_id = started.json()["transaction_id"]
    await install(csms, 0, profile(1, "ChargePointMaxProfile", 40))
    await install(csms, 0, profile(2, "TxDefaultProfile", 13))
    own = profile(
        3,
        "TxProfile",
        6900,
        unit="W",
        transactionId=transaction_id,
        validTo="2026-01-02T05:04:05+01:00",
    )
    await install(csms, 1, own)
    limit = await got(online, "connectors/1/limit")
    layers = {each["layer"]: each for each in limit["layers"]}
    assert limit["layer"] == "tx_profile"
    assert limit["power_w"] == pytest.approx(6900)
    assert limit["current_a"] == pytest.approx(10)
    assert limit["offered_power_w"] == pytest.approx(6900)
    assert limit["until"] == "2026-01-02T04:04:05.000Z"
    assert layers["cable"]["current_a"] == pytest.approx(20)
    in_force = layers["tx_profile"]
    assert in_force["in_force"]
    assert (in_force["charging_profile_id"], in_force["stack_level"]) == (3, 0)
    assert (in_force["period_index"], in_force["limit"], in_force["unit"]) == (0, 6900, "W")
    assert layers["charge_point_max"]["charging_profile_id"] == 1
    assert all(each["explanation"] for each in limit["layers"])
    assert sum(each["in_force"] for each in limit["layers"]) == 1
    shown = {each["charging_profile_id"]: each for each in await got(online, "charging-profiles")}
    assert {number: each["in_force"] for number, each in shown.items()} == {
        1: True,
        2: True,  # at the other connector
        3: True,
    }
    assert shown[3] == {
        "charging_profile_id": 3,
        "connector_id": 1,
        "stack_level": 0,
        "purpose": "TxProfile",
        "kind": "Absolute",
        "recurrency_kind": None,
        "transaction_id": transaction_id,
        "valid_from": None,
        "valid_to": "2026-01-02T04:04:05.000Z",
        "start_schedule": None,
        "duration_s": None,
        "unit": "W",
        "min_charging_rate": None,
        "periods": [{"start_period_s": 0, "limit": 6900, "number_phases": None}],
        "in_force": True,
    }

    async def charges_at_the_limit() -> bool:
        meter = (await got(online, "connectors/1"))["meter"]
        return 0 < meter["power_w"] <= 6900 * 1.02 and meter["power_offered_w"] == 6900

    await until(charges_at_the_limit)


async def test_the_composite_schedule_looks_ahead(online: Api, csms: Csms) -> None:
    periods = [{"startPeriod": 0, "limit": 16}, {"startPeriod": 3600, "limit": 8}]
    schedule = {
        "chargingSchedulePeriod": periods,
        "startSchedule": NOW,
        "duration": 7200,
    }
    await install(csms, 0, profile(1, "TxDefaultProfile", 16, schedule=schedule))
    shown = await got(online, "connectors/1/composite-schedule", duration_s=10_800)
    assert (shown["connector_id"], shown["duration_s"], shown["unit"]) == (1, 10_800, "A")
    assert shown["schedule_start"].endswith("Z")
    first, second, last = shown["periods"]
    assert (first["start_period_s"], first["limit"]) == (0, 16)
    assert abs(second["start_period_s"] - 3600) <= 30
    assert second["limit"] == 8
    assert abs(last["start_period_s"] - 7200) <= 30
    assert last["limit"] == 32
    in_watts = await got(online, "connectors/1/composite-schedule", duration_s=60, unit="W")
    assert in_watts["unit"] == "W"
    assert [each["limit"] for each in in_watts["periods"]] == [pytest.approx(16 * 230 * 3)]
    whole = await got(online, "connectors/0/composite-schedule", duration_s=60)
    assert whole["connector_id"] == 0
    day = await got(online, "connectors/1/composite-schedule")
    assert day["duration_s"] == 86_400


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("connectors/3/composite-schedule", 404),
        ("connectors/-1/composite-schedule", 404),
        ("connectors/x/composite-schedule", 422),
        ("connectors/1/composite-schedule?duration_s=0", 422),
        ("connectors/1/composite-schedule?duration_s=-5", 422),
        ("connectors/1/composite-schedule?duration_s=soon", 422),
        ("connectors/1/composite-schedule?duration_s=99999999", 422),
        ("connectors/1/composite-schedule?unit=kW", 422),
        ("connectors/0/limit", 404),
        ("connectors/3/limit", 404),
        (f"connectors/{2**70}/limit", 404),
        ("charging-profiles?limit=0", 422),
    ],
)
async def test_what_is_not_there_or_does_not_fit(api: Api, path: str, status: int) -> None:
    await api.charger("CP1", evse_count=2)
    assert_problem(await api.get(f"{CHARGER}/{path}"), status)


async def test_nobody_keeps_anything(api: Api) -> None:
    for path in (*RECORDS, "connectors/1/limit", "connectors/1/composite-schedule"):
        assert_problem(await api.get(f"/api/chargers/Nobody/{path}"), 404)


# --- power, restarts, profiles that are off ---


async def test_what_is_stored_shows_while_the_power_is_off(online: Api, csms: Csms) -> None:
    entries = [{"idTag": "A", "idTagInfo": {"status": "Accepted"}}]
    full = {"listVersion": 3, "updateType": "Full", "localAuthorizationList": entries}
    await csms.ask("SendLocalList", full)
    reserve = {"connectorId": 1, "expiryDate": LATER, "idTag": "A", "reservationId": 4}
    await csms.ask("ReserveNow", reserve)
    await install(csms, 0, profile(1, "TxDefaultProfile", 16))
    before = [await got(online, path) for path in RECORDS]
    assert all(before)
    for state in ("off", "on"):
        await online.post(f"{CHARGER}/power", json={"state": state})
        assert [await got(online, path) for path in RECORDS] == before
        limit = await got(online, "connectors/2/limit")
        assert limit["layers"]
    await online.reaches("CP1", state="connected", registration="Accepted")
    assert [await got(online, path) for path in RECORDS] == before


async def test_a_profile_that_is_off_is_not_implemented(api: Api, csms: Csms) -> None:
    await api.charger(
        "CP1",
        connection_url=csms.url,
        auto_connect=True,
        configuration={"SupportedFeatureProfiles": "Core,RemoteTrigger"},
    )
    await api.reaches("CP1", state="connected", registration="Accepted")
    for action, payload in (
        ("CancelReservation", {"reservationId": 1}),
        ("ClearChargingProfile", {}),
    ):
        assert await csms.ask(action, payload) in ("NotSupported", "NotImplemented")
    keys = {each["key"] for each in await got(api, "configuration")}
    assert "HeartbeatInterval" in keys
    assert not keys & {"LocalAuthListEnabled", "ChargeProfileMaxStackLevel"}
    for path in ("charging-profiles", "reservations"):
        assert await got(api, path) == []
    assert (await got(api, "local-list"))["entries"] == []
    # What is off now may be prepared for the day when it is on
    answer = await api.patch(f"{CHARGER}/configuration", json={"LocalAuthListEnabled": "false"})
    assert answer.status_code == 200, answer.text
    profiles = {"SupportedFeatureProfiles": "Core,LocalAuthListManagement"}
    answer = await api.patch(f"{CHARGER}/configuration", json=profiles)
    values = {each["key"]: each["value"] for each in answer.json()}
    assert values["LocalAuthListEnabled"] == "false"
    assert await csms.ask("ClearChargingProfile", {}) in ("NotSupported", "NotImplemented")


async def test_keys_tell_their_unit_and_bounds(api: Api) -> None:
    await api.charger("CP1")
    keys = {each["key"]: each for each in await got(api, "configuration")}
    assert (keys["HeartbeatInterval"]["unit"], keys["HeartbeatInterval"]["minimum"]) == ("s", 0)
    assert (keys["LightIntensity"]["unit"], keys["LightIntensity"]["maximum"]) == ("%", 100)
    supported = keys["SupportedFeatureProfiles"]
    assert (supported["unit"], supported["minimum"], supported["maximum"]) == (None, None, None)
