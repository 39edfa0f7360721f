"""FW: UpdateFirmware and what follows from it (1.6 ed.2 §4.5, §5.19, §7.25)."""

from __future__ import annotations

import pytest

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.simulation.central_system import Silence
from ocppsim.simulation.virtual_bench import VirtualBench

from .updating import CUTS, LOCATION, WHOLE_WAY, BenchFactory, Cut, progress, times, update


@pytest.fixture
def bench(make_bench: BenchFactory) -> VirtualBench:
    """A registered charger with two sockets and firmware 1.0.0."""
    return make_bench(connectors=2, firmware_version="1.0.0")


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
