from __future__ import annotations

import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from pathlib import Path

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


async def test_everything_is_there_after_a_restart(settings: Settings, csms: Csms) -> None:
    async with running(settings) as api:
        location_id = await api.location()
        vehicle = await api.post(
            f"/api/locations/{location_id}/vehicles", json={"name": "Car", "id_tags": ["T"]}
        )
        for number in (1, 2, 3, 4):
            await api.charger(f"CP{number}", location_id=location_id, connection_url=csms.url)
        await api.post("/api/chargers/CP1/connect")
        await api.post("/api/chargers/CP2/connect")
        await api.post("/api/chargers/CP2/disconnect")
        await api.post("/api/chargers/CP3/go-offline")
        await api.patch("/api/chargers/CP4", json={"charger_name": "Four", "evse_count": 2})
        await api.patch("/api/chargers/CP4/configuration", json={"HeartbeatInterval": "77"})
        await api.reaches("CP1", registration="Accepted")
    async with running(settings) as api:
        await api.reaches("CP1", state="connected", registration="Accepted")
        for number, state in ((2, "disconnected"), (3, "offline"), (4, "disconnected")):
            assert (await api.detail(f"CP{number}"))["connection"]["state"] == state
        four = await api.detail("CP4")
        assert (four["charger_name"], four["evse_count"]) == ("Four", 2)
        keys = (await api.get("/api/chargers/CP4/configuration")).json()
        assert {each["key"]: each["value"] for each in keys}["HeartbeatInterval"] == "77"
        listed = (await api.get(f"/api/locations/{location_id}/vehicles")).json()
        assert listed == [vehicle.json()]
        body = {"vehicle_id": vehicle.json()["id"]}
        plugged = await api.post("/api/chargers/CP4/connectors/2/plug-in", json=body)
        assert plugged.json()["vehicle_name"] == "Car"


async def test_a_charger_whose_state_is_damaged_does_not_keep_the_others_down(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(settings) as api:
        location_id = await api.location()
        for number in (1, 2):
            await api.charger(f"CP{number}", location_id=location_id)
            await api.post(f"/api/chargers/CP{number}/connectors/1/plug-in", json={})
    with closing(sqlite3.connect(tmp_path / "ocppsim.db")) as database, database:
        database.execute(
            "UPDATE journal_cell SET body = x'00' WHERE key = 'plant/1' AND charger_id = "
            "(SELECT id FROM chargers WHERE charge_point_id = 'CP1')"
        )
    async with running(settings) as api:
        assert (await api.detail("CP2"))["connectors"][0]["vehicle_name"] is not None
        problem = assert_problem(await api.get("/api/chargers/CP1"), 409)
        assert "delete" in problem["detail"]
        assert_problem(await api.post("/api/chargers/CP1/connect"), 409)
        listed = (await api.get("/api/chargers")).json()
        assert [each["charge_point_id"] for each in listed] == ["CP2"]
        assert (await api.delete("/api/chargers/CP1")).status_code == 204
        assert_problem(await api.get("/api/chargers/CP1"), 404)
        assert_problem(await api.delete("/api/chargers/CP1"), 404)
        await api.charger("CP1", location_id=location_id)
    assert "CP1 cannot be brought back" in caplog.text


async def test_a_charger_that_cannot_be_deleted_for_now_goes_on(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ocppsim.persistence.database.BUSY_TIMEOUT_S", 0.1)
    async with running(settings) as api:
        location_id = await api.location()
        await api.charger("CP1", location_id=location_id)
        with closing(sqlite3.connect(tmp_path / "ocppsim.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for path in ("/api/chargers/CP1", f"/api/locations/{location_id}?force=true"):
                assert_problem(await api.delete(path), 503)
            assert (await api.detail("CP1"))["charge_point_id"] == "CP1"
        assert (await api.delete(f"/api/locations/{location_id}?force=true")).status_code == 204
        assert (await api.get("/api/chargers/CP1")).status_code == 404


@pytest.mark.parametrize(
    ("call", "desired"),
    [
        ("connect", "connected"),
        ("disconnect", "disconnected"),
        ("go-offline", "offline"),
        ("go-online", "connected"),
    ],
)
async def test_what_is_desired_is_stored_when_the_answer_comes(
    settings: Settings, tmp_path: Path, call: str, desired: str
) -> None:
    def stored() -> tuple[str, ...]:
        with closing(sqlite3.connect(tmp_path / "ocppsim.db")) as database:
            return database.execute("SELECT desired_connection FROM chargers").fetchone()

    async with running(settings) as api:
        await api.charger("CP1")
        await api.post(f"/api/chargers/CP1/{'connect' if call == 'disconnect' else call}")
        await api.post(f"/api/chargers/CP1/{call}")
        assert stored() == (desired,)
        values = {"ConnectionTimeOut": "77"}
        await api.patch("/api/chargers/CP1/configuration", json=values)
        with closing(sqlite3.connect(tmp_path / "ocppsim.db")) as database:
            rows = database.execute("SELECT key, value FROM configuration_values").fetchall()
        assert dict(rows) == values


async def test_what_was_queued_is_delivered_after_a_restart(settings: Settings, csms: Csms) -> None:
    async with running(settings) as api:
        await api.charger("CP1", connection_url=csms.url, auto_connect=True)
        await api.reaches("CP1", registration="Accepted")
        await api.post("/api/chargers/CP1/go-offline")
        values = {"AllowOfflineTxForUnknownId": "true"}
        await api.patch("/api/chargers/CP1/configuration", json=values)
        start = {"connector_id": 1, "id_tag": "TAG"}
        started = await api.post("/api/chargers/CP1/transactions/start", json=start)
        assert started.status_code == 202
        await api.post("/api/chargers/CP1/transactions/stop", json={"connector_id": 1})
        queued = (await api.detail())["queued_messages"]
        assert queued >= 2
    async with running(settings) as api:
        assert (await api.detail())["queued_messages"] == queued
        await api.post("/api/chargers/CP1/go-online")
        await api.reaches("CP1", queued_messages=0)
        actions = csms.actions()
        assert actions.index("StartTransaction") < actions.index("StopTransaction")
        (transaction,) = (await api.get("/api/transactions")).json()
        assert transaction["transaction_id"] == 1
        assert transaction["state"] == "stopped"


async def test_what_the_csms_gave_it_to_keep_is_kept(settings: Settings, csms: Csms) -> None:
    paths = ("local-list", "reservations", "charging-profiles", "connectors/1/limit")

    async def kept(api: Api) -> list[object]:
        return [(await api.get(f"/api/chargers/CP1/{path}")).json() for path in paths]

    async with running(settings) as api:
        await api.charger("CP1", connection_url=csms.url, auto_connect=True, evse_count=2)
        await api.reaches("CP1", registration="Accepted")
        entry = {"idTag": "A", "idTagInfo": {"status": "Accepted", "parentIdTag": "G"}}
        full = {"listVersion": 3, "updateType": "Full", "localAuthorizationList": [entry]}
        reservation = {"connectorId": 2, "idTag": "A", "reservationId": 4, "parentIdTag": "G"}
        profile = {
            "chargingProfileId": 5,
            "stackLevel": 0,
            "chargingProfilePurpose": "TxDefaultProfile",
            "chargingProfileKind": "Absolute",
            "chargingSchedule": {
                "chargingRateUnit": "A",
                "startSchedule": "2026-01-02T00:00:00Z",
                "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 10}],
            },
        }
        for action, payload in (
            ("SendLocalList", full),
            ("ReserveNow", reservation | {"expiryDate": "2035-01-02T03:04:05Z"}),
            ("SetChargingProfile", {"connectorId": 0, "csChargingProfiles": profile}),
        ):
            assert await csms.ask(action, payload) == {"status": "Accepted"}
        before = await kept(api)
    async with running(settings) as api:
        assert await kept(api) == before
        assert (await api.detail())["connectors"][1]["status"] == "Reserved"


async def test_what_was_deleted_stays_deleted(settings: Settings) -> None:
    async with running(settings) as api:
        await api.charger("CP1")
        await api.charger("CP2")
        assert (await api.delete("/api/chargers/CP1")).status_code == 204
    async with running(settings) as api:
        assert_problem(await api.get("/api/chargers/CP1"), 404)
        assert (await api.get("/api/chargers")).headers["x-total-count"] == "1"


async def test_a_stop_closes_the_connections_cleanly(settings: Settings, csms: Csms) -> None:
    async with running(settings) as api:
        await api.charger("CP1", connection_url=csms.url, auto_connect=True)
        await api.reaches("CP1", registration="Accepted")

    async def closed() -> bool:
        return csms.closed == ["CP1"]

    await until(closed)
    assert csms.connections["CP1"].close_code in {1000, 1001}
