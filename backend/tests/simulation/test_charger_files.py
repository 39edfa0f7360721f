"""Files on the bench of a whole device: outcomes, real transfers, the installed version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.chargepoint.effects import CancelTransfer, StartDownload, StartUpload
from ocppsim.chargepoint.notifications import RecordsChanged
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.simulation.central_system import CentralSystem
from ocppsim.simulation.definition import ChargerDefinition, ConnectorDefinition
from ocppsim.simulation.file_bench import FileOutcomes
from ocppsim.simulation.virtual_bench import VirtualBench

LOCATION = "https://real.example/charger-2.0.0.bin"


def make_bench(may_transfer: Callable[[str], bool] = lambda _location: False) -> VirtualBench:
    return VirtualBench(
        ChargerDefinition(
            charger_id=1,
            location_id=1,
            charger_name="Charger",
            connection_url="ws://csms.example/ocpp",
            identity=ChargePointIdentity("CP/001", "Vendor", "Model", "1.0.0"),
            connectors=(ConnectorDefinition(),),
        ),
        CentralSystem(clock_epoch_s=VirtualBench.EPOCH_S),
        ChargePoint,
        may_transfer=may_transfer,
    )


@pytest.fixture
def bench() -> VirtualBench:
    """All that is on its hosts is transferred by the shell."""
    return make_bench(lambda location: "real.example" in location)


def update(bench: VirtualBench, location: str = LOCATION, **more: Any) -> None:
    date = "2026-01-01T00:00:00Z"
    bench.ask("UpdateFirmware", {"location": location, "retrieveDate": date, **more})


def transfers(bench: VirtualBench) -> list[StartDownload | StartUpload | CancelTransfer]:
    kinds = (StartDownload, StartUpload, CancelTransfer)
    return [effect for effect in bench.effects if isinstance(effect, kinds)]


def firmware(bench: VirtualBench) -> list[str]:
    return [note["status"] for note in bench.sent("FirmwareStatusNotification")]


def reported_version(bench: VirtualBench) -> str:
    return bench.sent("BootNotification")[-1]["firmwareVersion"]


def redefined(bench: VirtualBench, firmware_version: str) -> VirtualBench:
    """The program starts anew with another definition."""
    bench.definition = msgspec.structs.replace(
        bench.definition,
        identity=msgspec.structs.replace(
            bench.definition.identity, firmware_version=firmware_version
        ),
    )
    bench.crash()
    bench.advance(10)
    return bench


# --- real transfers --------------------------------------------------------------------------


def test_a_real_download_is_ordered_and_awaited(bench: VirtualBench):
    update(bench)
    bench.advance(1000)
    assert transfers(bench) == [StartDownload(1, LOCATION)]
    assert firmware(bench) == ["Downloading"]
    bench.end_transfer(1)
    bench.advance(60)
    assert firmware(bench) == ["Downloading", "Downloaded", "Installing", "Installed"]
    assert bench.charger.firmware_version == "2.0.0"


def test_a_real_download_that_fails_is_tried_again(bench: VirtualBench):
    update(bench, retries=1, retryInterval=10)
    bench.end_transfer(1, succeeded=False)
    bench.advance(10)
    assert transfers(bench)[-1] == StartDownload(2, LOCATION)
    bench.end_transfer(2, succeeded=False)
    assert firmware(bench) == ["Downloading", "DownloadFailed"]


def test_other_urls_are_simulated(bench: VirtualBench):
    update(bench, "https://elsewhere.example/charger-3.0.0.bin")
    bench.advance(60)
    assert transfers(bench) == []
    assert firmware(bench)[-1] == "Installed"


@pytest.mark.parametrize("outcome", ["ok", "fail"])
def test_what_was_set_decides_whatever_the_url(bench: VirtualBench, outcome: str):
    bench.files(download=outcome, upload=outcome)
    update(bench, retries=0)
    bench.ask("GetDiagnostics", {"location": "ftp://real.example/", "retries": 0})
    bench.advance(60)
    assert transfers(bench) == []
    assert firmware(bench)[-1] == ("Installed" if outcome == "ok" else "DownloadFailed")


def test_set_back_it_is_real_again(bench: VirtualBench):
    bench.files(download="fail")
    bench.files(download=None)
    update(bench)
    assert transfers(bench) == [StartDownload(1, LOCATION)]


def test_an_upload_names_the_file_and_its_period(bench: VirtualBench):
    answer = bench.ask(
        "GetDiagnostics",
        {
            "location": "ftp://real.example/logs/",
            "startTime": "2025-12-31T00:00:00Z",
            "stopTime": "2025-12-31T12:00:00+02:00",
        },
    )
    assert answer.payload is not None
    file_name = answer.payload["fileName"]
    assert file_name == "CP-001-diagnostics-20260101T000000Z.log"
    day_s = 86_400.0
    assert transfers(bench) == [
        StartUpload(
            1,
            "ftp://real.example/logs/",
            file_name,
            VirtualBench.EPOCH_S - day_s,
            VirtualBench.EPOCH_S - day_s + 36_000.0,
        )
    ]
    bench.end_transfer(1)
    assert bench.sent("DiagnosticsStatusNotification")[-1] == {"status": "Uploaded"}


def test_a_replaced_transfer_is_cancelled_and_its_answer_passed_over(bench: VirtualBench):
    for _ in range(2):
        bench.ask("GetDiagnostics", {"location": "ftp://real.example/logs/"})
    assert [type(order) for order in transfers(bench)] == [StartUpload, CancelTransfer, StartUpload]
    assert [order.ticket for order in transfers(bench)] == [1, 1, 2]
    bench.end_transfer(1)
    assert bench.sent("DiagnosticsStatusNotification")[-1] == {"status": "Uploading"}
    bench.end_transfer(2, succeeded=False)
    bench.advance(1)
    assert bench.charger.controller.file_transfers().diagnostics_status == "Uploading"


@pytest.mark.parametrize("how", ["power", "reset"])
def test_going_down_cancels_what_is_under_way(bench: VirtualBench, how: str):
    update(bench)
    if how == "power":
        bench.power_cycle()
    else:
        bench.ask("Reset", {"type": "Hard"})
    bench.advance(60)
    assert transfers(bench) == [
        StartDownload(1, LOCATION),
        CancelTransfer(1),
        StartDownload(2, LOCATION),
    ]
    bench.end_transfer(1)
    assert firmware(bench) == ["Downloading", "Downloading"]
    bench.end_transfer(2)
    bench.advance(60)
    assert firmware(bench)[-1] == "Installed"


# --- outcomes --------------------------------------------------------------------------------


def test_outcomes_are_changed_one_by_one_and_outlive_the_program():
    bench = make_bench()
    bench.files(download="fail", duration_s=7.0)
    bench.files(signature="invalid")
    bench.crash()
    expected = FileOutcomes(download="fail", signature="invalid", duration_s=7.0)
    assert bench.charger.file_outcomes == expected
    bench.act(lambda charger, now: charger.factory_reset(now))
    bench.crash()
    assert bench.charger.file_outcomes == expected


def test_outcomes_can_be_set_without_power():
    bench = make_bench()
    bench.power_off()
    bench.files(install="fail")
    bench.power_on()
    bench.advance(10)
    update(bench)
    bench.advance(60)
    assert firmware(bench)[-1] == "InstallationFailed"


def test_what_ends_at_one_instant_ends_in_peace():
    bench = make_bench()
    bench.files(install="fail", duration_s=10.0)
    update(bench)
    bench.advance(10)
    bench.ask("GetDiagnostics", {"location": "ftp://files.example/"})
    bench.advance(10)
    assert firmware(bench)[-1] == "InstallationFailed"
    assert bench.sent("DiagnosticsStatusNotification")[-1] == {"status": "Uploaded"}


def test_with_a_duration_of_zero_it_is_all_one_instant():
    bench = make_bench()
    bench.files(duration_s=0.0)
    update(bench)
    bench.advance(1)
    assert firmware(bench) == ["Downloading", "Downloaded", "Installing", "Installed"]


# --- the installed version -------------------------------------------------------------------


def test_an_installed_version_is_kept_over_a_new_program_and_a_factory_reset():
    bench = make_bench()
    update(bench)
    bench.advance(60)
    bench.crash()
    bench.advance(10)
    assert bench.charger.firmware_version == reported_version(bench) == "2.0.0"
    bench.act(lambda charger, now: charger.factory_reset(now))
    bench.advance(10)
    assert bench.charger.firmware_version == reported_version(bench) == "2.0.0"


def test_the_definition_wins_when_it_names_another_version():
    bench = make_bench()
    update(bench)
    bench.advance(60)
    redefined(bench, "5.0.0")
    assert bench.charger.firmware_version == reported_version(bench) == "5.0.0"
    redefined(bench, "1.0.0")
    assert bench.charger.firmware_version == reported_version(bench) == "1.0.0"


def test_a_factory_reset_forgets_the_update_under_way():
    bench = make_bench()
    update(bench)
    bench.ask("GetDiagnostics", {"location": "ftp://files.example/"})
    bench.act(lambda charger, now: charger.factory_reset(now))
    bench.advance(100)
    assert firmware(bench) == ["Downloading"]
    assert bench.sent("DiagnosticsStatusNotification") == [{"status": "Uploading"}]
    assert bench.charger.firmware_version == "1.0.0"


# --- what people see -------------------------------------------------------------------------


def test_the_view_follows_the_statuses():
    bench = make_bench()
    view = bench.charger.controller.file_transfers
    assert (view().firmware_status, view().diagnostics_status) == ("Idle", "Idle")
    update(bench)
    bench.ask("GetDiagnostics", {"location": "ftp://files.example/"})
    assert (view().firmware_status, view().diagnostics_status) == ("Downloading", "Uploading")
    bench.advance(3)
    assert (view().firmware_status, view().diagnostics_status) == ("Installing", "Uploaded")
    bench.advance(60)
    assert bench.charger.controller.file_transfers().firmware_status == "Installed"
    assert bench.notified(RecordsChanged).count(RecordsChanged("files")) == 6
