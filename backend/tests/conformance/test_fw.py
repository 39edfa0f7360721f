"""FW: UpdateFirmware and what follows from it (1.6 ed.2 §4.5, §5.19, §7.25, §8.1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.protocol.v16.date_time import format_date_time
from ocppsim.simulation.central_system import Delayed, ErrorReply, Silence
from ocppsim.simulation.virtual_bench import VirtualBench

BenchFactory = Callable[..., VirtualBench]
Cut = Callable[[VirtualBench], None]

LOCATION = "ftp://user:secret@files.example:2121/firmware/charger-2.1.0.bin"
WHOLE_WAY = ["Downloading", "Downloaded", "Installing", "Installed"]


@pytest.fixture
def bench(make_bench: BenchFactory) -> VirtualBench:
    """A registered charger with two sockets and firmware 1.0.0."""
    return make_bench(connectors=2, firmware_version="1.0.0")


def update(
    bench: VirtualBench, wait_s: float = -60.0, location: str = LOCATION, **more: Any
) -> dict[str, Any]:
    """Asks for an update to be retrieved so many seconds from now; returns the answer."""
    date = format_date_time(VirtualBench.EPOCH_S + bench.now_s + wait_s)
    answer = bench.ask("UpdateFirmware", {"location": location, "retrieveDate": date, **more})
    assert answer.payload is not None
    return answer.payload


def progress(bench: VirtualBench, since_s: float = 0.0) -> list[str]:
    """The firmware statuses that the CSMS heard, in order."""
    return [note["status"] for note in bench.sent("FirmwareStatusNotification", since_s)]


def times(bench: VirtualBench) -> list[float]:
    return [call.at_s for call in bench.central_system.calls("FirmwareStatusNotification")]


def power_cut(bench: VirtualBench) -> None:
    bench.power_cycle(5.0)


def kill(bench: VirtualBench) -> None:
    bench.crash(down_s=5.0)


def soft_reset(bench: VirtualBench) -> None:
    assert bench.ask("Reset", {"type": "Soft"}).status == "Accepted"


def hard_reset(bench: VirtualBench) -> None:
    assert bench.ask("Reset", {"type": "Hard"}).status == "Accepted"


CUTS = pytest.mark.parametrize("cut", [power_cut, kill, soft_reset, hard_reset])


# --- the order and the time ------------------------------------------------------------------


@pytest.mark.obligation("FW-01")
def test_the_answer_is_empty_and_comes_before_anything_else(bench: VirtualBench):
    before = len(bench.central_system.records)
    assert update(bench) == {}
    records = [r for r in bench.central_system.records[before:] if r.sender == "charge_point"]
    assert records[0].kind == "CALLRESULT"
    assert records[0].payload == {}
    assert records[1].payload == {"status": "Downloading"}
    assert records[0].at_s == records[1].at_s


@pytest.mark.obligation("FW-03", "FW-07")
def test_every_step_is_told_in_order(bench: VirtualBench):
    update(bench)
    bench.advance(60)
    assert progress(bench) == WHOLE_WAY


@pytest.mark.obligation("FW-02")
def test_nothing_is_retrieved_before_the_date_and_at_once_then(bench: VirtualBench):
    update(bench, wait_s=3600)
    bench.advance(3599)
    assert progress(bench) == []
    bench.advance(2)
    assert progress(bench) == ["Downloading"]
    assert times(bench) == [3600.0]


@pytest.mark.obligation("FW-02")
@pytest.mark.parametrize(("offset_s", "at_s"), [(1800.0, 1800.0), (-1800.0, 5400.0)])
def test_the_date_is_one_of_its_clock(bench: VirtualBench, offset_s: float, at_s: float):
    bench.central_system.on("Heartbeat", Silence())  # else it would set the clock right
    update(bench, wait_s=3600)
    bench.advance(10)
    bench.set_clock(offset_s)
    bench.wait_for(lambda: progress(bench), limit_s=10_000)
    assert times(bench) == [at_s]


@pytest.mark.obligation("FW-02")
def test_a_clock_set_past_the_date_starts_the_download(bench: VirtualBench):
    bench.central_system.on("Heartbeat", Silence())
    update(bench, wait_s=3600)
    bench.advance(10)
    bench.set_clock(7200.0)
    assert progress(bench) == ["Downloading"]


@pytest.mark.obligation("FW-02", "FW-11")
@CUTS
def test_a_restart_forgets_no_date(bench: VirtualBench, cut: Cut):
    update(bench, wait_s=3600)
    bench.advance(100)
    cut(bench)
    bench.wait_for(lambda: progress(bench), limit_s=10_000)
    assert times(bench) == [3600.0]
    bench.advance(60)
    assert progress(bench) == WHOLE_WAY


@pytest.mark.obligation("FW-02")
def test_a_date_that_passes_while_it_is_off_is_made_up_for(bench: VirtualBench):
    update(bench, wait_s=100)
    bench.power_off()
    bench.advance(1000)
    bench.power_on()
    bench.advance(60)
    assert progress(bench) == WHOLE_WAY


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


# --- transactions ----------------------------------------------------------------------------


@pytest.mark.obligation("FW-08", "SN-10")
def test_it_waits_for_the_transactions_and_lets_nobody_in_meanwhile(bench: VirtualBench):
    bench.start("A", 1)
    update(bench)
    bench.advance(3600)
    assert progress(bench) == ["Downloading", "Downloaded"]
    assert bench.status(1) == "Charging"
    assert bench.status(2) == "Unavailable"
    with pytest.raises(LookupError):
        bench.start("B", 2)
    remote = bench.ask("RemoteStartTransaction", {"connectorId": 2, "idTag": "B"})
    assert remote.status == "Rejected"
    bench.stop_button(1)
    bench.advance(60)
    assert progress(bench) == WHOLE_WAY
    assert bench.statuses(1)[-4:] == ["Charging", "Finishing", "Unavailable", "Preparing"]


@pytest.mark.obligation("FW-08", "SN-10")
def test_charging_goes_on_during_the_download(bench: VirtualBench):
    bench.files(duration_s=100.0)
    bench.start("A", 1)
    update(bench)
    bench.advance(50)
    bench.start("B", 2)
    bench.advance(20)
    assert progress(bench) == ["Downloading"]
    assert bench.status(1) == bench.status(2) == "Charging"


@pytest.mark.obligation("FW-08")
def test_it_waits_for_the_last_of_several_transactions(bench: VirtualBench):
    bench.start("A", 1)
    bench.start("B", 2)
    update(bench)
    bench.advance(100)
    bench.stop_button(1)
    bench.advance(100)
    assert progress(bench) == ["Downloading", "Downloaded"]
    assert bench.status(1) == "Unavailable"
    bench.ask("RemoteStopTransaction", {"transactionId": 2})
    bench.advance(100)
    assert progress(bench) == WHOLE_WAY
    assert bench.rules.transactions.unstopped() == []


@pytest.mark.obligation("FW-08", "FW-07")
@pytest.mark.parametrize(("reply", "within_s"), [(None, 1), (ErrorReply(), 1), (Silence(), 31)])
def test_it_installs_once_the_csms_has_heard_of_the_end_of_the_transaction(
    bench: VirtualBench, reply: ErrorReply | Silence | None, within_s: float
):
    bench.start("A", 1)
    update(bench)
    bench.advance(60)
    if reply is not None:
        bench.central_system.on("StopTransaction", reply)
    bench.stop_button(1)
    bench.advance(60)
    calls = bench.central_system.calls("StopTransaction", "FirmwareStatusNotification")
    words = [call.payload.get("status", call.action) for call in calls]
    assert words[:4] == ["Downloading", "Downloaded", "StopTransaction", "Installing"]
    assert calls[3].at_s - calls[2].at_s < within_s
    assert progress(bench) == WHOLE_WAY


@pytest.mark.obligation("FW-08", "SN-10")
@pytest.mark.parametrize("operative", [True, False])
def test_what_the_csms_wants_of_a_connector_counts_afterwards(bench: VirtualBench, operative: bool):
    bench.start("A", 1)
    update(bench)
    bench.advance(60)
    kind = "Operative" if operative else "Inoperative"
    answer = bench.ask("ChangeAvailability", {"connectorId": 2, "type": kind})
    assert answer.status == "Accepted"
    assert bench.status(2) == "Unavailable"
    bench.stop_button(1)
    bench.drive_away(1)
    bench.advance(60)
    assert bench.status(1) == "Available"
    assert bench.status(2) == ("Available" if operative else "Unavailable")


@pytest.mark.obligation("SN-10", "FW-08")
def test_a_tag_that_waits_for_its_cable_waits_no_longer(bench: VirtualBench):
    bench.tag("A", 1)
    assert bench.status(1) == "Preparing"
    bench.files(install="fail")
    update(bench)
    bench.advance(3)
    assert bench.status(1) == "Unavailable"
    bench.plug_in(1)
    bench.advance(60)
    assert bench.status(1) == "Preparing"
    assert "StartTransaction" not in bench.actions()


@pytest.mark.obligation("SN-10")
@pytest.mark.parametrize("seen", ["the old firmware", "the new firmware"])
def test_a_vehicle_that_is_there_afterwards_is_seen(bench: VirtualBench, seen: str):
    bench.files(install="fail" if seen == "the old firmware" else "ok", duration_s=20.0)
    update(bench)
    bench.advance(25)
    assert bench.status(1) == "Unavailable"
    bench.plug_in(1)
    assert bench.status(1) == "Unavailable"
    bench.advance(60)
    assert bench.status(1) == "Preparing"
    bench.tag("A", 1)
    assert bench.status(1) == "Charging"


@pytest.mark.obligation("SN-10")
def test_a_reserved_connector_is_taken_out_of_service_too(bench: VirtualBench):
    reservation = {
        "connectorId": 1,
        "expiryDate": "2026-01-02T00:00:00Z",
        "idTag": "A",
        "reservationId": 1,
    }
    assert bench.ask("ReserveNow", reservation).status == "Accepted"
    bench.files(install="fail")
    update(bench)
    bench.advance(60)
    assert bench.statuses(1)[-3:] == ["Reserved", "Unavailable", "Available"]


# --- the reboot ------------------------------------------------------------------------------


@pytest.mark.obligation("FW-09", "FW-10", "FW-11")
def test_the_reboot_is_a_boot_like_any_other_and_installed_comes_after_it(bench: VirtualBench):
    update(bench)
    bench.wait_for(lambda: progress(bench)[-1:] == ["Installing"])
    before = len(bench.central_system.records)
    bench.advance(60)
    actions = bench.actions(before)
    assert actions[:5] == [
        "BootNotification",
        *["StatusNotification"] * 3,
        "FirmwareStatusNotification",
    ]
    assert bench.sent("BootNotification")[-1]["firmwareVersion"] == "2.1.0"
    assert bench.central_system.connections == 2
    assert bench.status(1) == bench.status(2) == bench.status(0) == "Available"


@pytest.mark.obligation("FW-10", "FW-09")
def test_installed_may_come_before_the_reboot(make_bench: BenchFactory):
    bench = make_bench(firmware_version="1.0.0", behaviour={"firmware_installed": "before_reboot"})
    update(bench)
    bench.advance(60)
    order = [
        record.payload.get("status", record.payload.get("firmwareVersion"))
        for record in bench.central_system.calls("BootNotification", "FirmwareStatusNotification")
    ]
    assert order == ["1.0.0", *WHOLE_WAY, "2.1.0"]


@pytest.mark.obligation("FW-09")
def test_without_a_version_in_the_name_the_last_number_rises(make_bench: BenchFactory):
    bench = make_bench(firmware_version="V 1.9")
    update(bench, location="https://10.0.0.1/latest")
    bench.advance(60)
    assert bench.sent("BootNotification")[-1]["firmwareVersion"] == "V 1.10"


@pytest.mark.obligation("FW-11")
@pytest.mark.parametrize("cut", [power_cut, kill, soft_reset, hard_reset])
def test_the_new_firmware_stays_installed(bench: VirtualBench, cut: Cut):
    update(bench)
    bench.advance(60)
    cut(bench)
    bench.advance(60)
    assert bench.sent("BootNotification")[-1]["firmwareVersion"] == "2.1.0"
    assert progress(bench) == WHOLE_WAY


@pytest.mark.obligation("FW-11")
@pytest.mark.parametrize("registration", ["Pending", "Rejected"])
def test_installed_waits_until_it_is_accepted(bench: VirtualBench, registration: str):
    update(bench)
    bench.wait_for(lambda: progress(bench)[-1:] == ["Installing"])
    bench.central_system.registration = registration
    bench.central_system.interval_s = 20
    bench.advance(60)
    assert progress(bench) == WHOLE_WAY[:-1]
    bench.central_system.registration = "Accepted"
    bench.advance(60)
    assert progress(bench) == WHOLE_WAY


@pytest.mark.obligation("FW-07", "FW-09")
@pytest.mark.parametrize("stage", ["Downloaded", "Installing"])
def test_a_reset_that_fails_does_not_stop_an_update(make_bench: BenchFactory, stage: str):
    bench = make_bench(firmware_version="1.0.0", behaviour={"reset": "fails"})
    bench.start()
    update(bench)
    bench.advance(60)
    if stage == "Installing":
        bench.stop_button()
    assert progress(bench)[-1] == stage
    soft_reset(bench)
    bench.advance(120)
    assert progress(bench) == WHOLE_WAY
    assert bench.sent("BootNotification")[-1]["firmwareVersion"] == "2.1.0"


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


# --- another update --------------------------------------------------------------------------


@pytest.mark.obligation("FW-01", "FW-02")
def test_a_new_update_replaces_one_that_waits_for_its_date(bench: VirtualBench):
    update(bench, wait_s=3600)
    assert update(bench, wait_s=100, location="ftp://files.example/charger-3.0.0.bin") == {}
    bench.advance(10_000)
    assert times(bench)[0] == 100.0
    assert progress(bench) == WHOLE_WAY
    assert bench.sent("BootNotification")[-1]["firmwareVersion"] == "3.0.0"


@pytest.mark.obligation("FW-01")
@pytest.mark.parametrize("stage", ["Downloading", "Downloaded"])
def test_a_new_update_replaces_one_that_is_not_being_installed(bench: VirtualBench, stage: str):
    if stage == "Downloaded":
        bench.start()
    update(bench)
    bench.wait_for(lambda: progress(bench)[-1:] == [stage])
    update(bench, wait_s=1000, location="ftp://files.example/charger-3.0.0.bin")
    bench.advance(500)
    assert progress(bench)[-1] == stage
    assert bench.status(2) == "Available"
    if stage == "Downloaded":
        bench.stop_button()
    bench.advance(1000)
    assert progress(bench)[-4:] == WHOLE_WAY
    assert progress(bench).count("Installed") == 1
    assert bench.sent("BootNotification")[-1]["firmwareVersion"] == "3.0.0"


@pytest.mark.obligation("FW-01")
def test_a_new_update_is_ignored_during_the_installation(bench: VirtualBench):
    update(bench)
    bench.wait_for(lambda: progress(bench)[-1:] == ["Installing"])
    assert update(bench, location="ftp://files.example/charger-3.0.0.bin") == {}
    bench.advance(1000)
    assert progress(bench) == WHOLE_WAY
    assert bench.sent("BootNotification")[-1]["firmwareVersion"] == "2.1.0"


@pytest.mark.obligation("FW-03")
def test_one_update_may_follow_another(bench: VirtualBench):
    for version in ("2.1.0", "2.2.0", "1.0.0"):
        update(bench, location=f"ftp://files.example/charger-{version}.bin")
        bench.advance(60)
        assert bench.sent("BootNotification")[-1]["firmwareVersion"] == version
    assert progress(bench) == WHOLE_WAY * 3


# --- on a trigger ----------------------------------------------------------------------------


@pytest.mark.obligation("TRG-09", "TRG-10")
def test_the_present_status_can_be_asked_for(bench: VirtualBench):
    def asked() -> str:
        bench.ask("TriggerMessage", {"requestedMessage": "FirmwareStatusNotification"})
        return progress(bench)[-1]

    assert asked() == "Idle"
    bench.start()
    update(bench, wait_s=10)
    assert asked() == "Idle"
    bench.advance(11)
    assert asked() == "Downloading"
    bench.advance(10)
    assert asked() == "Downloaded"
    bench.stop_button()
    assert asked() == "Installing"
    bench.advance(60)
    assert asked() == "Idle"
    assert progress(bench).count("Installed") == 1


# --- off -------------------------------------------------------------------------------------


@pytest.mark.obligation("FW-01")
def test_without_the_profile_there_is_no_update(make_bench: BenchFactory):
    bench = make_bench(configuration={"SupportedFeatureProfiles": "Core"})
    answer = bench.ask(
        "UpdateFirmware", {"location": LOCATION, "retrieveDate": "2026-01-01T00:00:00Z"}
    )
    assert answer.error_code == "NotSupported"
    assert bench.charger.connector_view(ConnectorId(1)).status == "Available"
