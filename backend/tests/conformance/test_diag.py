"""DIAG: GetDiagnostics and the upload that follows (1.6 ed.2 §4.4, §5.9, §7.24, §8.2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ocppsim.protocol.v16.date_time import format_date_time
from ocppsim.simulation.virtual_bench import VirtualBench

BenchFactory = Callable[..., VirtualBench]

LOCATION = "ftp://user:secret@files.example:2121/diagnostics/"


def get(bench: VirtualBench, location: str = LOCATION, **more: Any) -> dict[str, Any]:
    """Asks for diagnostics; returns the answer."""
    answer = bench.ask("GetDiagnostics", {"location": location, **more})
    assert answer.payload is not None
    return answer.payload


def progress(bench: VirtualBench, since_s: float = 0.0) -> list[str]:
    """The diagnostics statuses that the CSMS heard, in order."""
    return [note["status"] for note in bench.sent("DiagnosticsStatusNotification", since_s)]


def times(bench: VirtualBench) -> list[float]:
    return [call.at_s for call in bench.central_system.calls("DiagnosticsStatusNotification")]


def moment(bench: VirtualBench, offset_s: float) -> str:
    return format_date_time(VirtualBench.EPOCH_S + bench.now_s + offset_s)


@pytest.mark.obligation("DIAG-01", "DIAG-04")
def test_the_answer_names_the_file_and_comes_first(bench: VirtualBench):
    before = len(bench.central_system.records)
    assert get(bench) == {"fileName": "CP001-diagnostics-20260101T000000Z.log"}
    records = [r for r in bench.central_system.records[before:] if r.sender == "charge_point"]
    assert [r.kind for r in records] == ["CALLRESULT", "CALL"]
    assert records[1].payload == {"status": "Uploading"}


@pytest.mark.obligation("DIAG-03", "DIAG-02")
def test_the_upload_is_told_from_its_begin_to_its_end(bench: VirtualBench):
    bench.files(duration_s=20.0)
    get(bench)
    bench.advance(100)
    assert progress(bench) == ["Uploading", "Uploaded"]
    assert times(bench) == [0.0, 20.0]


@pytest.mark.obligation("DIAG-01", "DIAG-06")
@pytest.mark.parametrize("period", [(100.0, None), (-100.0, -200.0), (100.0, 200.0)])
def test_without_anything_of_that_time_there_is_no_file(
    bench: VirtualBench, period: tuple[float, float | None]
):
    bench.advance(1000)
    begin, end = period
    more = {"startTime": moment(bench, begin)}
    if end is not None:
        more["stopTime"] = moment(bench, end)
    assert get(bench, **more) == {}
    bench.advance(100)
    assert progress(bench) == []


@pytest.mark.obligation("DIAG-06", "DIAG-01")
@pytest.mark.parametrize("period", [(-500.0, None), (-500.0, -100.0), (-500.0, 500.0)])
def test_a_period_that_has_begun_has_its_file(
    bench: VirtualBench, period: tuple[float, float | None]
):
    bench.advance(1000)
    begin, end = period
    more = {"startTime": moment(bench, begin)}
    if end is not None:
        more["stopTime"] = moment(bench, end)
    assert "fileName" in get(bench, **more)
    bench.advance(100)
    assert progress(bench) == ["Uploading", "Uploaded"]


@pytest.mark.obligation("DIAG-03", "DIAG-05")
def test_without_retries_one_failure_is_final(bench: VirtualBench):
    bench.files(upload="fail", duration_s=4.0)
    get(bench, retries=0)
    bench.advance(1000)
    assert progress(bench) == ["Uploading", "UploadFailed"]
    assert times(bench) == [0.0, 4.0]


@pytest.mark.obligation("DIAG-05")
def test_retries_are_counted_beside_the_first_attempt(bench: VirtualBench):
    bench.files(upload="fail", duration_s=4.0)
    get(bench, retries=2, retryInterval=50)
    bench.advance(1000)
    assert progress(bench) == ["Uploading", "UploadFailed"]
    assert times(bench) == [0.0, 4.0 * 3 + 50.0 * 2]


@pytest.mark.obligation("DIAG-05")
def test_a_retry_may_succeed(bench: VirtualBench):
    bench.files(upload="fail")
    get(bench, retries=2, retryInterval=50)
    bench.advance(20)
    bench.files(upload="ok")
    bench.advance(100)
    assert progress(bench) == ["Uploading", "Uploaded"]


@pytest.mark.obligation("DIAG-05")
def test_what_the_csms_leaves_open_is_decided(bench: VirtualBench):
    bench.files(upload="fail")
    get(bench)
    bench.advance(300)
    assert progress(bench) == ["Uploading", "UploadFailed"]


@pytest.mark.obligation("DIAG-09")
def test_a_failed_upload_disturbs_nobody(bench: VirtualBench):
    bench.start()
    bench.files(upload="fail")
    get(bench, retries=0)
    bench.advance(100)
    assert progress(bench) == ["Uploading", "UploadFailed"]
    assert bench.status() == "Charging"
    bench.stop_button()
    bench.drive_away()
    assert bench.status() == "Available"
    bench.files(upload="ok")
    get(bench)
    bench.advance(100)
    assert progress(bench)[2:] == ["Uploading", "Uploaded"]


@pytest.mark.obligation("DIAG-07", "DIAG-03")
@pytest.mark.parametrize(
    "location", ["sftp://files.example/", "ftp:///", "mailto:me@files.example", "http://:80/"]
)
def test_where_nothing_can_be_put_it_fails_without_retries(bench: VirtualBench, location: str):
    assert "fileName" in get(bench, location, retries=5, retryInterval=100)
    assert progress(bench) == ["Uploading", "UploadFailed"]
    bench.advance(1000)
    assert len(progress(bench)) == 2


@pytest.mark.obligation("DIAG-07")
@pytest.mark.parametrize(
    "location",
    [
        "ftp://files.example",
        "ftp://user:secret@files.example:2121/a/b",
        "https://files.example/upload?to=me",
    ],
)
def test_the_protocol_is_that_of_the_url(bench: VirtualBench, location: str):
    get(bench, location)
    bench.advance(60)
    assert progress(bench) == ["Uploading", "Uploaded"]


@pytest.mark.obligation("DIAG-03", "DIAG-09")
@pytest.mark.parametrize("kind", ["Soft", "Hard", "power", "kill"])
def test_an_upload_that_a_restart_cut_has_failed(bench: VirtualBench, kind: str):
    bench.files(duration_s=60.0)
    get(bench)
    bench.advance(10)
    if kind == "power":
        bench.power_cycle()
    elif kind == "kill":
        bench.crash()
    else:
        bench.ask("Reset", {"type": kind})
    bench.advance(200)
    assert progress(bench) == ["Uploading", "UploadFailed"]
    assert bench.actions()[-1] == "DiagnosticsStatusNotification"


@pytest.mark.obligation("DIAG-03")
def test_the_end_of_an_upload_is_told_after_a_time_offline(bench: VirtualBench):
    get(bench)
    bench.cut_link()
    bench.advance(600)
    bench.restore_link()
    assert progress(bench) == ["Uploading", "Uploaded"]


@pytest.mark.obligation("DIAG-01", "DIAG-03")
def test_a_new_request_replaces_the_upload_under_way(bench: VirtualBench):
    bench.files(duration_s=60.0)
    first = get(bench)
    bench.advance(30)
    second = get(bench)
    assert first["fileName"] != second["fileName"]
    bench.advance(600)
    assert progress(bench) == ["Uploading", "Uploading", "Uploaded"]
    assert times(bench) == [0.0, 30.0, 90.0]


@pytest.mark.obligation("DIAG-01")
def test_a_request_for_nothing_replaces_nothing(bench: VirtualBench):
    get(bench)
    assert get(bench, startTime=moment(bench, 1000.0)) == {}
    bench.advance(600)
    assert progress(bench) == ["Uploading", "Uploaded"]


@pytest.mark.obligation("TRG-09", "TRG-10")
def test_the_present_status_can_be_asked_for(bench: VirtualBench):
    def asked() -> str:
        bench.ask("TriggerMessage", {"requestedMessage": "DiagnosticsStatusNotification"})
        return progress(bench)[-1]

    assert asked() == "Idle"
    get(bench)
    assert asked() == "Uploading"
    bench.advance(60)
    assert asked() == "Idle"
    assert progress(bench).count("Uploaded") == 1


@pytest.mark.obligation("DIAG-01")
def test_without_the_profile_there_are_no_diagnostics(make_bench: BenchFactory):
    bench = make_bench(configuration={"SupportedFeatureProfiles": "Core"})
    assert bench.ask("GetDiagnostics", {"location": LOCATION}).error_code == "NotSupported"


@pytest.mark.obligation("DIAG-03", "FW-03")
def test_diagnostics_and_an_update_do_not_mind_each_other(bench: VirtualBench):
    bench.files(duration_s=10.0)
    date = moment(bench, -10.0)
    bench.ask("UpdateFirmware", {"location": f"{LOCATION}fw-2.0.0.bin", "retrieveDate": date})
    get(bench)
    bench.advance(100)
    assert progress(bench) == ["Uploading", "Uploaded"]
    firmware = [note["status"] for note in bench.sent("FirmwareStatusNotification")]
    assert firmware == ["Downloading", "Downloaded", "Installing", "Installed"]
