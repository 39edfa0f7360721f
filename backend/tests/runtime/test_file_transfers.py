"""UpdateFirmware and GetDiagnostics of a hosted charger, against file servers on loopback."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.runtime.clock import iso_utc
from ocppsim.runtime.live_charger import LiveCharger
from ocppsim.runtime.memory_ports import MemoryJournal, NoConfigSync, NoTransfers
from ocppsim.runtime.ports import TransferPort
from ocppsim.runtime.supervisor import Supervisor
from ocppsim.transfer.allowlist import HostAllowlist
from ocppsim.transfer.bounds import Receipt
from ocppsim.transfer.errors import TransferFailed
from ocppsim.transfer.file_transfer import FileTransfer

from .conftest import IMPATIENT, Csms, definition, until

LONG_AGO = "2020-01-01T00:00:00Z"
SECRET = "0123456789abcdef"
UPDATED = ["Downloading", "Downloaded", "Installing", "Installed"]


def new_supervisor(port: TransferPort) -> Supervisor:
    return Supervisor(
        ChargePoint, MemoryJournal(), NoConfigSync(), transfers=port, settings=IMPATIENT
    )


@pytest.fixture
async def supervisor() -> AsyncIterator[Supervisor]:
    async with new_supervisor(FileTransfer(HostAllowlist(["127.0.0.1"]))) as supervisor:
        yield supervisor


async def brought_up(
    supervisor: Supervisor, csms: Csms, charge_point_id: str = "CP-1", **changes: Any
) -> LiveCharger:
    charger = await supervisor.add(definition(csms.url, charge_point_id, **changes), DurableState())
    charger.set_file_outcomes({"duration_s": 0.0})
    charger.connect()
    await until(lambda: charger.snapshot().registration == "Accepted")
    return charger


def statuses(csms: Csms, action: str) -> list[str]:
    return [payload["status"] for payload in csms.payloads(action)]


async def hears(csms: Csms, action: str, *expected: str) -> None:
    await csms.until(lambda: len(statuses(csms, action)) >= len(expected))
    assert statuses(csms, action) == list(expected)


async def update(csms: Csms, location: str, **fields: Any) -> list[Any]:
    payload = {"location": location, "retrieveDate": LONG_AGO, "retries": 0, **fields}
    return await csms.call(csms.connections[-1], "UpdateFirmware", payload)


async def diagnose(csms: Csms, location: str, **fields: Any) -> str:
    """Order diagnostics; the file name that is promised."""
    payload = {"location": location, "retries": 0, **fields}
    answer = await csms.call(csms.connections[-1], "GetDiagnostics", payload)
    return answer[2]["fileName"]


def lines(body: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in body.decode().splitlines()]


@pytest.mark.obligation("FW-03", "FW-12")
async def test_a_firmware_is_fetched_over_http_and_installed(
    supervisor: Supervisor, csms: Csms, http_files: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "ocppsim")
    charger = await brought_up(supervisor, csms)
    http_files.set_answer("GET /fw-2.1.0.bin", "200 OK", b"firmware" * 1000)
    await update(csms, http_files.url("/fw-2.1.0.bin", "me:pw@"))
    await hears(csms, "FirmwareStatusNotification", *UPDATED)
    assert len(http_files.requests) == 1
    boots = csms.payloads("BootNotification")
    assert [boot.get("firmwareVersion") for boot in boots] == [None, "2.1.0"]
    assert charger.summary().firmware_version == "2.1.0"
    assert charger.snapshot().files.firmware_status == "Installed"
    assert f"the download from {http_files.url('/fw-2.1.0.bin')} is done" in caplog.text
    assert "8000 bytes, SHA-256" in caplog.text


@pytest.mark.obligation("FW-04", "FW-06", "FW-12")
async def test_a_firmware_is_fetched_over_ftp_as_often_as_retries_allow(
    supervisor: Supervisor, csms: Csms, ftp_files: Any
) -> None:
    charger = await brought_up(supervisor, csms)
    ftp_files.user, ftp_files.password = "me", "pw"
    await update(csms, ftp_files.url("/fw-2.bin", "me:pw@"), retries=1, retryInterval=1)
    await hears(csms, "FirmwareStatusNotification", "Downloading", "DownloadFailed")
    assert ftp_files.commands.count("RETR fw-2.bin") == 2
    assert charger.summary().firmware_version is None
    ftp_files.files["/fw-2.0.bin"] = b"firmware"
    await update(csms, ftp_files.url("/fw-2.0.bin", "me:pw@"))
    await hears(csms, "FirmwareStatusNotification", "Downloading", "DownloadFailed", *UPDATED)
    assert charger.summary().firmware_version == "2.0"


@pytest.mark.obligation("DIAG-01", "DIAG-02", "DIAG-03", "DIAG-07")
async def test_diagnostics_are_put_into_a_directory_over_http(
    supervisor: Supervisor, csms: Csms, http_files: Any
) -> None:
    charger = await brought_up(supervisor, csms)
    charger.plug_in(1)
    http_files.answers = {}
    name = await diagnose(csms, http_files.url("/up/"))
    await hears(csms, "DiagnosticsStatusNotification", "Uploading", "UploadFailed")
    requests = [(request.method, request.target) for request in http_files.requests]
    assert requests == [("PUT", f"/up/{name}"), ("POST", "/up/")]
    http_files.set_answer("POST /up/", "200 OK")
    await diagnose(csms, http_files.url("/up/"))
    await csms.until(lambda: len(statuses(csms, "DiagnosticsStatusNotification")) == 4)
    assert statuses(csms, "DiagnosticsStatusNotification")[2:] == ["Uploading", "Uploaded"]
    assert charger.snapshot().files.diagnostics_status == "Uploaded"


@pytest.mark.obligation("DIAG-02", "DIAG-07")
async def test_diagnostics_are_stored_over_ftp_and_say_what_a_charge_point_knows(
    supervisor: Supervisor, csms: Csms, ftp_files: Any
) -> None:
    charger = await brought_up(supervisor, csms)
    charger.plug_in(1)
    await csms.called("StatusNotification", 4)
    ftp_files.directories.add("/up")
    name = await diagnose(csms, ftp_files.url("/up/"))
    await hears(csms, "DiagnosticsStatusNotification", "Uploading", "Uploaded")
    (path,) = ftp_files.files
    assert path == f"/up/{name}"
    said = lines(ftp_files.files[path])
    assert said[0]["kind"] == "charge_point"
    assert said[0]["charge_point_id"] == "CP-1"
    assert said[0]["charge_point_vendor"] == "Vendor"
    assert said[0]["queued_messages"] == 0
    connectors = [line for line in said if line["kind"] == "connector"]
    assert [line["status"] for line in connectors] == ["Preparing", "Available"]
    values = {line["key"]: line["value"] for line in said if line["kind"] == "configuration"}
    assert values["NumberOfConnectors"] == "2"
    messages = [line for line in said if line["kind"] == "message"]
    actions = [(line["direction"], line["type"], line["action"]) for line in messages]
    assert actions[:2] == [
        ("sent", "CALL", "BootNotification"),
        ("received", "CALLRESULT", "BootNotification"),
    ]
    assert ("received", "CALL", "GetDiagnostics") in actions


@pytest.mark.obligation("DIAG-10")
async def test_no_secret_is_in_diagnostics_messages_or_logs(
    supervisor: Supervisor, csms: Csms, ftp_files: Any, caplog: pytest.LogCaptureFixture
) -> None:
    for logger in ("ocppsim", "httpx", "httpcore", "asyncio"):
        caplog.set_level(logging.DEBUG, logger)
    await brought_up(supervisor, csms, security_profile=1, basic_auth_password="another-secret-16")
    key = {"key": "AuthorizationKey", "value": SECRET.encode().hex()}
    await csms.call(csms.connections[-1], "ChangeConfiguration", key)
    await csms.call(csms.connections[-1], "GetConfiguration", {})
    await diagnose(csms, ftp_files.url("/", "me:s3cr%40t@"))
    await hears(csms, "DiagnosticsStatusNotification", "Uploading", "UploadFailed")
    await diagnose(csms, ftp_files.url("/", "anonymous:s3cr%40t@"))
    await csms.until(lambda: len(statuses(csms, "DiagnosticsStatusNotification")) == 4)
    (body,) = ftp_files.files.values()
    shown = supervisor.message_log.query(
        supervisor.store.get("CP-1").charger_id, limit=1000
    ).messages
    everything = body.decode() + repr(shown) + caplog.text
    assert "AuthorizationKey" in everything
    for secret in (SECRET, key["value"], key["value"].upper(), "another-secret", "s3cr"):
        assert secret not in everything


@pytest.mark.obligation("DIAG-06")
async def test_only_the_period_that_is_asked_for_is_logged(
    supervisor: Supervisor, csms: Csms, ftp_files: Any
) -> None:
    charger = await brought_up(supervisor, csms)
    charger.plug_in(1)
    await csms.called("StatusNotification", 4)
    records = supervisor.message_log.query(
        supervisor.store.get("CP-1").charger_id, limit=1000
    ).messages
    offset_s = charger.snapshot().clock_offset_s
    log = [
        message.record
        for message in supervisor.message_log.between(
            supervisor.store.get("CP-1").charger_id, None, None
        )
    ]
    start = iso_utc(log[2].timestamp_s + offset_s)
    stop = iso_utc(log[4].timestamp_s + offset_s + 0.001)
    await diagnose(csms, ftp_files.url("/"), startTime=start, stopTime=stop)
    await hears(csms, "DiagnosticsStatusNotification", "Uploading", "Uploaded")
    (body,) = ftp_files.files.values()
    said = lines(body)
    logged = [line["timestamp"] for line in said if line["kind"] == "message"]
    assert len(logged) >= 3
    assert len(logged) < len(records)
    assert all(start <= moment <= stop for moment in logged)
    assert (said[0]["from"], said[0]["to"]) == (start, stop)


@pytest.mark.obligation("DIAG-09")
async def test_charging_goes_on_while_an_upload_fails(
    supervisor: Supervisor, csms: Csms, ftp_files: Any
) -> None:
    charger = await brought_up(supervisor, csms)
    await charger.start_transaction(1, "TAG-1")
    await diagnose(csms, ftp_files.url("/none/"))
    await hears(csms, "DiagnosticsStatusNotification", "Uploading", "UploadFailed")
    assert charger.in_transaction
    assert (await charger.stop_transaction(1)).kind == "confirmed"


async def test_what_is_set_on_the_bench_decides_without_a_transfer(
    supervisor: Supervisor, csms: Csms, http_files: Any
) -> None:
    charger = await brought_up(supervisor, csms)
    charger.set_file_outcomes({"upload": "ok"})
    await diagnose(csms, http_files.url("/up/"))
    await hears(csms, "DiagnosticsStatusNotification", "Uploading", "Uploaded")
    assert http_files.requests == []


@pytest.mark.parametrize("how", ["power", "definition", "removal", "shutdown"])
async def test_what_ends_a_charger_breaks_its_transfer_off(
    csms: Csms, ftp_files: Any, how: str
) -> None:
    ftp_files.silent_on = "RETR"
    ftp_files.files["/fw"] = b"firmware"
    async with new_supervisor(FileTransfer(HostAllowlist(["127.0.0.1"]))) as supervisor:
        charger = await brought_up(supervisor, csms)
        await update(csms, ftp_files.url("/fw"))
        await until(lambda: "RETR fw" in ftp_files.commands)
        if how == "power":
            charger.set_power("off")
        elif how == "definition":
            other = definition(csms.url, behaviour={"authorization_key": "literal"})
            await supervisor.replace(other)
        elif how == "removal":
            await supervisor.remove("CP-1")
        if how != "shutdown":
            async with asyncio.timeout(5):
                await ftp_files.left.wait()
    async with asyncio.timeout(5):
        await ftp_files.left.wait()


class SlowPort(NoTransfers):
    """Allows everything, and lets nothing end before it is told to."""

    def __init__(self) -> None:
        self.under_way = 0
        self.most = 0
        self.go_on = asyncio.Event()
        self.outcome: Receipt | Exception = Receipt(1, "00")

    def allows(self, location: str) -> bool:
        return True

    async def download(self, location: str) -> Receipt:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            await self.go_on.wait()
        finally:
            self.under_way -= 1
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


async def test_so_many_transfers_at_a_time_and_the_others_in_their_turn(csms: Csms) -> None:
    port = SlowPort()
    many = IMPATIENT.max_concurrent_transfers + 3
    async with new_supervisor(port) as supervisor:
        chargers = [await brought_up(supervisor, csms, f"CP-{number}") for number in range(many)]
        for number, connection in enumerate(csms.connections):
            payload = {"location": f"http://h/fw-{number}.1.bin", "retrieveDate": LONG_AGO}
            await csms.call(connection, "UpdateFirmware", payload)
        await until(lambda: port.under_way == IMPATIENT.max_concurrent_transfers)
        await supervisor.remove("CP-0")
        port.go_on.set()
        await until(
            lambda: all(each.summary().firmware_version is not None for each in chargers[1:])
        )
    assert port.most == IMPATIENT.max_concurrent_transfers


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (TransferFailed("The dog ate it."), "The dog ate it."),
        (RuntimeError("secret detail"), "The transfer failed inside the simulator."),
    ],
)
async def test_a_failure_of_any_kind_is_told_to_the_charger(
    csms: Csms, caplog: pytest.LogCaptureFixture, error: Exception, told: str
) -> None:
    caplog.set_level(logging.INFO, "ocppsim")
    port = SlowPort()
    port.outcome = error
    port.go_on.set()
    async with new_supervisor(port) as supervisor:
        await brought_up(supervisor, csms)
        await update(csms, "http://u:pw@h/fw")
        await hears(csms, "FirmwareStatusNotification", "Downloading", "DownloadFailed")
    assert f"CP-1: the download from http://h/fw failed: {told}" in caplog.text


async def test_without_a_port_everything_is_simulated(csms: Csms) -> None:
    async with Supervisor(
        ChargePoint, MemoryJournal(), NoConfigSync(), settings=IMPATIENT
    ) as supervisor:
        await brought_up(supervisor, csms)
        await update(csms, "ftp://files.example/fw-3.0.bin")
        await hears(csms, "FirmwareStatusNotification", *UPDATED)
    with pytest.raises(TransferFailed):
        await NoTransfers().download("x")
    with pytest.raises(TransferFailed):
        await NoTransfers().upload("x", "x", b"")
