"""The feature profiles beside Core against central systems that are not ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.interop.csms_peer import CsmsPeer
from tests.interop.test_sessions import CP, add_charger, bench


def soon(**wait: float) -> str:
    """A date-time of the near future."""
    return (datetime.now(UTC) + timedelta(**wait)).strftime("%Y-%m-%dT%H:%M:%SZ")  # noqa: TID251


def limited_to(current_a: float, **more: Any) -> dict[str, Any]:
    """A default profile for transactions."""
    return {
        "chargingProfileId": 1,
        "stackLevel": 1,
        "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Absolute",
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "startSchedule": soon(seconds=-60),
            "chargingSchedulePeriod": [
                {"startPeriod": 0, "limit": current_a},
                {"startPeriod": 3_600, "limit": 16.0, "numberPhases": 3},
            ],
        },
        **more,
    }


async def test_a_charging_profile_limits_and_lets_go(
    api: httpx.AsyncClient, csms: CsmsPeer
) -> None:
    await add_charger(api, csms)
    await bench(api, "connectors/1/plug-in", {"soc_percent": 40})
    await bench(api, "connectors/1/id-tag", {"id_tag": "TAG1"})
    await csms.until(lambda: csms.statuses()[-1] == "Charging")

    async def set_profile(profile: dict[str, Any]) -> None:
        order = {"connectorId": 1, "csChargingProfiles": profile}
        assert await csms.command(CP, "SetChargingProfile", order) == {"status": "Accepted"}

    await set_profile(limited_to(0.0))
    await csms.until(lambda: csms.statuses()[-1] == "SuspendedEVSE")
    await set_profile(limited_to(10.0))
    await csms.until(lambda: csms.statuses()[-1] == "Charging")
    limit = (await api.get(f"/chargers/{CP}/connectors/1/limit")).json()
    assert (limit["current_a"], limit["layer"]) == (10.0, "tx_default_profile")
    schedule = await csms.command(
        CP, "GetCompositeSchedule", {"connectorId": 1, "duration": 7_200, "chargingRateUnit": "A"}
    )
    assert isinstance(schedule, dict)
    assert schedule["status"] == "Accepted"
    limits = [p["limit"] for p in schedule["chargingSchedule"]["chargingSchedulePeriod"]]
    assert limits == [10.0, 16.0]
    refused = await csms.command(
        CP, "SetChargingProfile", {"connectorId": 9, "csChargingProfiles": limited_to(10.0)}
    )
    assert refused == "PropertyConstraintViolation"
    assert await csms.command(CP, "ClearChargingProfile", {"id": 1}) == {"status": "Accepted"}
    assert await csms.command(CP, "ClearChargingProfile", {}) == {"status": "Unknown"}
    assert (await api.get(f"/chargers/{CP}/charging-profiles")).json() == []
    assert csms.violations == []


async def test_a_reserved_connector_waits_for_its_holder(
    api: httpx.AsyncClient, csms: CsmsPeer
) -> None:
    await add_charger(api, csms, connectors=[{}, {}])
    order = {"connectorId": 1, "idTag": "HOLDER", "expiryDate": soon(hours=1), "reservationId": 7}
    assert await csms.command(CP, "ReserveNow", order) == {"status": "Accepted"}
    await csms.until(lambda: csms.statuses()[-1] == "Reserved")
    held = (await api.get(f"/chargers/{CP}/reservations")).json()
    assert [(entry["reservation_id"], entry["id_tag"]) for entry in held] == [(7, "HOLDER")]
    again = order | {"reservationId": 8}
    assert await csms.command(CP, "ReserveNow", again) == {"status": "Occupied"}
    unknown = {"reservationId": 99}
    assert await csms.command(CP, "CancelReservation", unknown) == {"status": "Rejected"}
    await bench(api, "connectors/1/plug-in", {})
    await bench(api, "connectors/1/id-tag", {"id_tag": "STRANGER"})
    await bench(api, "connectors/1/id-tag", {"id_tag": "HOLDER"})
    await csms.until(lambda: bool(csms.named("StartTransaction")))
    (start,) = csms.named("StartTransaction")
    assert (start["idTag"], start["reservationId"]) == ("HOLDER", 7)
    assert (await api.get(f"/chargers/{CP}/reservations")).json() == []
    assert csms.violations == []


async def test_a_local_list_is_kept_and_used(api: httpx.AsyncClient, csms: CsmsPeer) -> None:
    await add_charger(api, csms)
    entries = [
        {"idTag": "FRIEND", "idTagInfo": {"status": "Accepted", "expiryDate": soon(days=1)}},
        {"idTag": "FOE", "idTagInfo": {"status": "Blocked"}},
    ]
    order = {"listVersion": 3, "updateType": "Full", "localAuthorizationList": entries}
    assert await csms.command(CP, "SendLocalList", order) == {"status": "Accepted"}
    assert await csms.command(CP, "GetLocalListVersion", {}) == {"listVersion": 3}
    late = {"listVersion": 3, "updateType": "Differential", "localAuthorizationList": []}
    assert await csms.command(CP, "SendLocalList", late) == {"status": "VersionMismatch"}
    local_list = (await api.get(f"/chargers/{CP}/local-list")).json()
    assert local_list["version"] == 3
    assert {entry["id_tag"] for entry in local_list["entries"]} == {"FRIEND", "FOE"}
    await bench(api, "go-offline")
    start = {"connector_id": 1, "id_tag": "FOE"}
    assert (await api.post(f"/chargers/{CP}/transactions/start", json=start)).status_code == 409
    start = {"connector_id": 1, "id_tag": "FRIEND"}
    assert (await api.post(f"/chargers/{CP}/transactions/start", json=start)).status_code == 202
    await bench(api, "go-online")
    await csms.until(lambda: bool(csms.named("StartTransaction")))
    assert csms.named("StartTransaction")[0]["idTag"] == "FRIEND"
    assert csms.violations == []


async def test_firmware_and_diagnostics_go_their_way(
    api: httpx.AsyncClient, csms: CsmsPeer
) -> None:
    await add_charger(api, csms, firmware_version="1.0.0")
    await bench(api, "files", {"duration_s": 0.2})
    order: dict[str, Any] = {"location": "ftp://files.example/logs/"}
    answer = await csms.command(CP, "GetDiagnostics", order)
    assert isinstance(answer, dict)
    assert answer["fileName"]
    diagnostics = "DiagnosticsStatusNotification"
    await csms.until(lambda: csms.named(diagnostics)[-1:] == [{"status": "Uploaded"}])
    order = {"location": "https://files.example/fw-2.0.0.bin", "retrieveDate": soon()}
    assert await csms.command(CP, "UpdateFirmware", order) == {}
    firmware = "FirmwareStatusNotification"
    await csms.until(lambda: csms.named(firmware)[-1:] == [{"status": "Installed"}])
    assert [report["status"] for report in csms.named(firmware)] == [
        "Downloading",
        "Downloaded",
        "Installing",
        "Installed",
    ]
    assert [boot["firmwareVersion"] for boot in csms.named("BootNotification")] == [
        "1.0.0",
        "2.0.0",
    ]
    assert csms.violations == []


async def test_what_is_triggered_comes(api: httpx.AsyncClient, csms: CsmsPeer) -> None:
    await add_charger(api, csms)
    for message in (
        "DiagnosticsStatusNotification",
        "FirmwareStatusNotification",
        "Heartbeat",
        "MeterValues",
        "StatusNotification",
    ):
        before = len(csms.named(message))
        answer = await csms.command(CP, "TriggerMessage", {"requestedMessage": message})
        assert answer == {"status": "Accepted"}
        await csms.until(lambda: len(csms.named(message)) > before)  # noqa: B023 - waited for here
    boot = {"requestedMessage": "BootNotification"}
    assert await csms.command(CP, "TriggerMessage", boot) == {"status": "Rejected"}
    assert csms.violations == []
