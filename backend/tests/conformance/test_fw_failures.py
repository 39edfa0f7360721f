"""FW: updates that fail, or are cut in the middle (1.6 ed.2 §4.5, §5.19)."""

from __future__ import annotations

from typing import Any

import pytest

from ocppsim.simulation.central_system import Delayed, ErrorReply
from ocppsim.simulation.virtual_bench import VirtualBench

from .updating import (
    CUTS,
    LOCATION,
    WHOLE_WAY,
    BenchFactory,
    Cut,
    kill,
    power_cut,
    progress,
    times,
    update,
)


@pytest.fixture
def bench(make_bench: BenchFactory) -> VirtualBench:
    """A registered charger with two sockets and firmware 1.0.0."""
    return make_bench(connectors=2, firmware_version="1.0.0")


# --- failures and retries --------------------------------------------------------------------


@pytest.mark.obligation("FW-04", "FW-06")
def test_without_retries_a_failed_download_is_final(bench: VirtualBench):
    bench.files(download="fail", duration_s=4.0)
    update(bench, retries=0)
    bench.advance(1000)
    assert progress(bench) == ["Downloading", "DownloadFailed"]
    assert times(bench) == [0.0, 4.0]


@pytest.mark.obligation("FW-04", "FW-06")
def test_it_fails_when_the_retries_are_used_up(bench: VirtualBench):
    bench.files(download="fail", duration_s=4.0)
    update(bench, retries=3, retryInterval=100)
    bench.advance(1000)
    assert progress(bench) == ["Downloading", "DownloadFailed"]
    assert times(bench) == [0.0, 4.0 * 4 + 100.0 * 3]


@pytest.mark.obligation("FW-06")
def test_a_retry_may_succeed(bench: VirtualBench):
    bench.files(download="fail")
    update(bench, retries=3, retryInterval=100)
    bench.advance(50)
    bench.files(download="ok")
    bench.advance(100)
    assert progress(bench) == WHOLE_WAY


@pytest.mark.obligation("FW-06")
@pytest.mark.parametrize("more", [{}, {"retries": 1}, {"retryInterval": 60}])
def test_what_the_csms_leaves_open_is_decided(bench: VirtualBench, more: dict[str, Any]):
    bench.files(download="fail")
    update(bench, **more)
    bench.advance(300)
    assert progress(bench) == ["Downloading", "DownloadFailed"]
    assert times(bench)[1] > 5


@pytest.mark.obligation("FW-06")
@pytest.mark.parametrize("retries", [-1, 10**30])
@pytest.mark.parametrize("interval", [-1, 0, 10**30])
def test_odd_numbers_make_no_storm(bench: VirtualBench, retries: int, interval: int):
    bench.files(download="fail", duration_s=0.0)
    before = len(bench.central_system.records)
    update(bench, retries=retries, retryInterval=interval)
    bench.advance(100)
    assert len(bench.central_system.records) - before < 10
    assert update(bench, retries=0) == {}


@pytest.mark.obligation("FW-04")
@pytest.mark.parametrize("status", ["DownloadFailed", "InstallationFailed"])
def test_after_a_failure_the_old_firmware_serves_on(bench: VirtualBench, status: str):
    bench.files(**{"download" if status == "DownloadFailed" else "install": "fail"})
    update(bench, retries=0)
    bench.advance(60)
    assert progress(bench)[-1] == status
    assert bench.status(1) == bench.status(2) == "Available"
    assert bench.actions().count("BootNotification") == 1
    bench.start()
    bench.power_cycle()
    bench.advance(10)
    assert bench.sent("BootNotification")[-1]["firmwareVersion"] == "1.0.0"


@pytest.mark.obligation("FW-05")
def test_a_failed_installation_is_told_and_frees_the_connectors(bench: VirtualBench):
    bench.files(install="fail")
    update(bench)
    bench.advance(60)
    assert progress(bench) == ["Downloading", "Downloaded", "Installing", "InstallationFailed"]
    assert bench.statuses(1)[-2:] == ["Unavailable", "Available"]
    assert bench.statuses(2)[-2:] == ["Unavailable", "Available"]


@pytest.mark.obligation("FW-12")
@pytest.mark.parametrize(
    "location",
    [
        "ftp://files.example/charger-2.1.0.bin",
        "ftp://user:secret@files.example:2121/charger-2.1.0.bin",
        "http://files.example:8080/charger-2.1.0.bin?a=b",
        "HTTPS://[2001:db8::1]:8443/charger-2.1.0.bin",
        "ftp://files.example",
    ],
)
def test_the_protocol_is_that_of_the_url(bench: VirtualBench, location: str):
    update(bench, location=location)
    bench.advance(60)
    assert progress(bench) == WHOLE_WAY


@pytest.mark.obligation("FW-12", "FW-04")
@pytest.mark.parametrize(
    "location",
    [
        "sftp://files.example/charger.bin",
        "gopher://files.example/charger.bin",
        "file:///charger.bin",
        "ftp:///charger.bin",
        "http:charger.bin",
        "https://files.example:99999/charger.bin",
        "urn:charger:bin",
    ],
)
def test_what_cannot_be_fetched_fails_without_retries(bench: VirtualBench, location: str):
    update(bench, location=location, retries=5, retryInterval=100)
    assert progress(bench) == ["Downloading", "DownloadFailed"]
    bench.advance(1000)
    assert len(progress(bench)) == 2


@pytest.mark.obligation("FW-12")
def test_only_the_protocols_of_the_key_are_spoken(bench: VirtualBench):
    bench.set_configuration(SupportedFileTransferProtocols="HTTPS")
    update(bench, location="ftp://files.example/charger.bin")
    bench.advance(60)
    update(bench, location="https://files.example/charger.bin")
    bench.advance(60)
    assert progress(bench) == ["Downloading", "DownloadFailed", *WHOLE_WAY]


@pytest.mark.obligation("FW-01")
@pytest.mark.parametrize("wrong", [{"retrieveDate": "tomorrow"}, {"location": "no uri"}])
def test_a_wrong_field_is_refused(bench: VirtualBench, wrong: dict[str, str]):
    payload = {"location": LOCATION, "retrieveDate": "2026-01-01T00:00:00Z", **wrong}
    assert bench.ask("UpdateFirmware", payload).error_code == "PropertyConstraintViolation"
    bench.advance(60)
    assert progress(bench) == []


# --- cuts ------------------------------------------------------------------------------------


@pytest.mark.obligation("FW-11", "FW-03")
@CUTS
def test_a_download_that_was_cut_starts_over(bench: VirtualBench, cut: Cut):
    bench.files(duration_s=30.0)
    update(bench)
    bench.advance(10)
    cut(bench)
    bench.advance(200)
    assert progress(bench) == ["Downloading", *WHOLE_WAY]
    assert bench.status(1) == bench.status(2) == "Available"


@pytest.mark.obligation("FW-11", "FW-08")
@CUTS
def test_what_is_downloaded_is_installed_after_the_restart(bench: VirtualBench, cut: Cut):
    bench.start()
    update(bench)
    bench.advance(60)
    cut(bench)
    bench.drive_away()
    bench.advance(60)
    assert progress(bench) == WHOLE_WAY
    assert bench.status(1) == bench.status(2) == "Available"
    assert bench.rules.transactions.unstopped() == []


@pytest.mark.obligation("FW-08", "FW-11")
def test_a_transaction_that_is_resumed_is_waited_for_again(make_bench: BenchFactory):
    bench = make_bench(connectors=2, behaviour={"power_loss": "resume"})
    bench.start()
    update(bench)
    bench.advance(60)
    power_cut(bench)
    bench.advance(600)
    assert progress(bench) == ["Downloading", "Downloaded"]
    assert bench.status(1) == "Charging"
    assert bench.status(2) == "Unavailable"
    bench.stop_button()
    bench.advance(60)
    assert progress(bench) == WHOLE_WAY


@pytest.mark.obligation("FW-05", "FW-11")
@CUTS
def test_an_installation_that_was_cut_has_failed(bench: VirtualBench, cut: Cut):
    bench.files(duration_s=30.0)
    update(bench)
    bench.advance(45)
    cut(bench)
    bench.advance(200)
    assert progress(bench) == ["Downloading", "Downloaded", "Installing", "InstallationFailed"]
    assert bench.sent("BootNotification")[-1]["firmwareVersion"] == "1.0.0"
    assert bench.status(1) == bench.status(2) == "Available"


@pytest.mark.obligation("FW-11")
@pytest.mark.parametrize(
    ("outcome", "final"),
    [
        ({"download": "fail"}, "DownloadFailed"),
        ({"install": "fail"}, "InstallationFailed"),
        ({}, "Installed"),
    ],
)
def test_what_happens_while_offline_is_told_by_its_end(
    bench: VirtualBench, outcome: dict[str, str], final: str
):
    bench.files(**outcome)
    update(bench, retries=0)
    bench.cut_link()
    bench.advance(600)
    bench.restore_link()
    bench.advance(60)
    assert progress(bench) == ["Downloading", final]


@pytest.mark.obligation("FW-11")
def test_the_latest_status_is_told_when_it_is_back(bench: VirtualBench):
    bench.start()
    update(bench)
    bench.cut_link()
    bench.advance(600)
    bench.restore_link()
    assert progress(bench) == ["Downloading", "Downloaded"]


@pytest.mark.obligation("FW-11")
@pytest.mark.parametrize("cut", [power_cut, kill])
def test_a_final_status_that_was_not_told_outlives_a_restart(bench: VirtualBench, cut: Cut):
    bench.files(download="fail")
    update(bench, retries=0)
    bench.cut_link()
    bench.advance(600)
    cut(bench)
    bench.advance(60)
    bench.restore_link()
    bench.advance(60)
    assert progress(bench) == ["Downloading", "DownloadFailed"]


@pytest.mark.obligation("FW-11")
def test_a_final_status_whose_answer_was_lost_is_told_again(bench: VirtualBench):
    bench.central_system.once("FirmwareStatusNotification", {}, Delayed(20.0, {}))
    bench.files(download="fail")
    update(bench, retries=0)
    bench.advance(5)
    bench.cut_link()
    bench.restore_link()
    bench.advance(60)
    assert progress(bench) == ["Downloading", "DownloadFailed", "DownloadFailed"]


@pytest.mark.obligation("FW-03")
def test_an_answer_with_an_error_is_an_answer(bench: VirtualBench):
    bench.central_system.on("FirmwareStatusNotification", ErrorReply())
    update(bench)
    bench.advance(60)
    bench.cut_link()
    bench.restore_link()
    bench.advance(60)
    assert progress(bench) == WHOLE_WAY


@pytest.mark.obligation("FW-02", "FW-03")
def test_a_date_that_comes_while_offline_waits_for_the_network(bench: VirtualBench):
    update(bench, wait_s=100)
    bench.cut_link()
    bench.advance(600)
    bench.restore_link()
    bench.advance(60)
    assert progress(bench) == WHOLE_WAY


@pytest.mark.obligation("FW-03")
def test_while_pending_an_update_waits_for_the_acceptance(make_bench: BenchFactory):
    bench = make_bench(link=False)
    bench.central_system.registration = "Pending"
    bench.central_system.interval_s = 60
    bench.restore_link()
    assert update(bench) == {}
    bench.advance(30)
    assert progress(bench) == []
    bench.central_system.registration = "Accepted"
    bench.advance(100)
    assert progress(bench) == WHOLE_WAY
