"""FW: an update beside transactions, and the reboot (1.6 ed.2 §4.5, §5.19, §8.1)."""

from __future__ import annotations

import pytest

from ocppsim.simulation.central_system import ErrorReply, Silence
from ocppsim.simulation.virtual_bench import VirtualBench

from .updating import (
    WHOLE_WAY,
    BenchFactory,
    Cut,
    hard_reset,
    kill,
    power_cut,
    progress,
    soft_reset,
    update,
)


@pytest.fixture
def bench(make_bench: BenchFactory) -> VirtualBench:
    """A registered charger with two sockets and firmware 1.0.0."""
    return make_bench(connectors=2, firmware_version="1.0.0")


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


@pytest.mark.obligation("FW-09", "FW-10")
def test_a_failed_hard_reset_does_not_hurry_the_restart_after_the_installation(
    make_bench: BenchFactory,
):
    bench = make_bench(
        firmware_version="1.0.0",
        behaviour={
            "reset": "fails",
            "hard_reset": "stop_after_boot",
            "firmware_installed": "before_reboot",
        },
    )
    update(bench)
    bench.wait_for(lambda: progress(bench)[-1:] == ["Installing"])
    hard_reset(bench)
    bench.advance(120)
    assert progress(bench) == WHOLE_WAY
    assert bench.sent("BootNotification")[-1]["firmwareVersion"] == "2.1.0"
