from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import httpx
import pytest

from ocppsim.main import create_app
from ocppsim.settings import Settings

from .conftest import BASE_URL, Api, Csms, assert_problem, until

CHARGER = "/api/chargers/CP1"
UNSET = {"download": None, "install": None, "signature": None, "upload": None, "duration_s": None}
AT_REST = {"firmware_status": "Idle", "diagnostics_status": "Idle", **UNSET}
LONG_AGO = "2020-01-01T00:00:00Z"


async def connected(api: Api, csms: Csms, **fields: Any) -> None:
    await api.charger("CP1", connection_url=csms.url, auto_connect=True, **fields)
    await api.reaches("CP1", registration="Accepted")


async def set_files(api: Api, **body: Any) -> dict[str, Any]:
    answer = await api.post(f"{CHARGER}/files", json=body)
    assert answer.status_code == 202, answer.text
    return answer.json()["files"]


def statuses(csms: Csms, action: str) -> list[str]:
    return [payload["status"] for _, name, payload in csms.calls if name == action]


async def hears(csms: Csms, action: str, *expected: str) -> None:
    async def heard() -> bool:
        return statuses(csms, action) == list(expected)

    try:
        await until(heard)
    except TimeoutError:
        assert statuses(csms, action) == list(expected)


async def test_how_transfers_go_is_set_bit_by_bit_and_set_back(api: Api) -> None:
    assert (await api.charger())["files"] == AT_REST
    assert await set_files(api, download="fail", duration_s=0.5) == {
        **AT_REST,
        "download": "fail",
        "duration_s": 0.5,
    }
    every = {"install": "fail", "signature": "invalid", "upload": "ok"}
    assert await set_files(api, **every) == {
        **AT_REST,
        "download": "fail",
        "duration_s": 0.5,
        **every,
    }
    assert await set_files(api) == (await api.detail())["files"]
    assert await set_files(api, **UNSET) == AT_REST


@pytest.mark.parametrize(
    "body",
    [
        {"download": "maybe"},
        {"signature": "fail"},
        {"upload": True},
        {"duration_s": -1},
        {"duration_s": 1e9},
        {"duration_s": "long"},
        {"downloads": "ok"},
    ],
)
async def test_what_does_not_fit_is_refused_and_changes_nothing(
    api: Api, body: dict[str, Any]
) -> None:
    await api.charger()
    problem = await api.post(f"{CHARGER}/files", json={"install": "fail", **body})
    assert_problem(problem, 422)
    assert (await api.detail())["files"] == AT_REST
    assert_problem(await api.post("/api/chargers/CP2/files", json={}), 404)


async def test_it_can_be_set_for_many_at_once(api: Api) -> None:
    location_id = await api.location()
    for name in ("CP1", "CP2"):
        await api.charger(name, location_id=location_id)
    body = {"ids": ["CP1", "CP2"], "action": "files", "body": {"upload": "fail"}}
    answer = await api.post("/api/chargers/bulk", json=body)
    assert answer.status_code == 202, answer.text

    async def both() -> bool:
        shown = [await api.detail(name) for name in ("CP1", "CP2")]
        return all(each["files"]["upload"] == "fail" for each in shown)

    await until(both)
    body["body"] = {"upload": "perhaps"}
    assert_problem(await api.post("/api/chargers/bulk", json=body), 422)


async def test_an_update_that_fails_leaves_the_old_firmware(api: Api, csms: Csms) -> None:
    await connected(api, csms, firmware_version="1.0")
    await set_files(api, download="fail", duration_s=0)
    update = {"location": "http://files.example/fw-2.0.bin", "retrieveDate": LONG_AGO, "retries": 0}
    await csms.send("CP1", "UpdateFirmware", update)
    await hears(csms, "FirmwareStatusNotification", "Downloading", "DownloadFailed")
    shown = await api.detail()
    assert (shown["files"]["firmware_status"], shown["firmware_version"]) == (
        "DownloadFailed",
        "1.0",
    )


async def test_the_version_follows_an_installation_and_can_still_be_set(
    api: Api, csms: Csms
) -> None:
    await connected(api, csms, firmware_version="1.0")
    await set_files(api, download="ok", install="ok", duration_s=0)
    update = {"location": "http://files.example/fw-2.0.bin", "retrieveDate": LONG_AGO}
    await csms.send("CP1", "UpdateFirmware", update)
    await api.reaches("CP1", firmware_version="2.0", registration="Accepted")
    listed = (await api.get("/api/chargers")).json()[0]
    assert listed["firmware_version"] == "2.0"
    await hears(
        csms, "FirmwareStatusNotification", "Downloading", "Downloaded", "Installing", "Installed"
    )
    for version in ("1.0", "3.0"):
        assert (await api.patch(CHARGER, json={"firmware_version": version})).status_code == 200
        assert (await api.detail())["firmware_version"] == version
        await api.reaches("CP1", firmware_version=version, registration="Accepted")
    boots = [payload for _, action, payload in csms.calls if action == "BootNotification"]
    versions = [boot["firmwareVersion"] for boot in boots]
    assert versions == ["1.0", "2.0", "1.0", "3.0"]


async def test_what_was_set_and_installed_outlives_the_program(
    settings: Settings, csms: Csms
) -> None:
    async def run(steps: Any) -> None:
        app = create_app(settings)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE_URL) as http,
        ):
            await steps(Api(http))

    async def first(api: Api) -> None:
        await connected(api, csms, firmware_version="1.0")
        await set_files(api, upload="fail", duration_s=0)
        update = {"location": "http://files.example/fw-2.0.bin", "retrieveDate": LONG_AGO}
        await csms.send("CP1", "UpdateFirmware", update)
        await api.reaches("CP1", firmware_version="2.0", registration="Accepted")

    async def second(api: Api) -> None:
        shown = await api.detail()
        assert shown["firmware_version"] == "2.0"
        assert shown["files"]["upload"] == "fail"
        assert (await api.patch(CHARGER, json={"firmware_version": "1.0"})).status_code == 200

    async def third(api: Api) -> None:
        assert (await api.detail())["firmware_version"] == "1.0"

    for steps in (first, second, third):
        await run(steps)


async def test_where_hosts_are_allowed_files_are_really_exchanged(
    tmp_path: Path, csms: Csms, http_files: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    http_files.set_answer("GET /fw-2.0.bin", "200 OK", b"firmware")
    settings = Settings(
        database_url=f"sqlite:///{tmp_path}/ocppsim.db",
        transfer_hosts=(f"127.0.0.1:{http_files.port}",),
    )
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE_URL) as http,
    ):
        api = Api(http)
        await connected(api, csms)
        location = http_files.url("/fw-2.0.bin", "u:s3cret@")
        update = {"location": location, "retrieveDate": LONG_AGO, "retries": 0}
        await csms.send("CP1", "UpdateFirmware", update)
        updated = ["Downloading", "Downloaded", "Installing", "Installed"]
        await hears(csms, "FirmwareStatusNotification", *updated)
        update["location"] = http_files.url("/none", "u:s3cret@")
        await csms.send("CP1", "UpdateFirmware", update)
        await hears(csms, "FirmwareStatusNotification", *updated, "Downloading", "DownloadFailed")
        messages = (await api.get(f"{CHARGER}/messages")).text
    assert [request.target for request in http_files.requests] == ["/fw-2.0.bin", "/none"]
    assert "u:***@127.0.0.1" in messages
    assert "answered 404 Not Found" in caplog.text
    assert "s3cret" not in messages + caplog.text


async def test_everywhere_is_allowed_only_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url = f"sqlite:///{tmp_path}/ocppsim.db"
    app = create_app(Settings(database_url=url, transfer_hosts=("*",)))
    async with app.router.lifespan_context(app):
        await asyncio.sleep(0)
    assert "TRANSFER_HOSTS is *" in caplog.text
