"""TRG: the CSMS asks for a message (1.6 ed.2 §5.17, errata 3.35, 3.40)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ocppsim.simulation.central_system import Silence
from ocppsim.simulation.virtual_bench import VirtualBench

BenchFactory = Callable[..., VirtualBench]

EVERY_MESSAGE = (
    "BootNotification",
    "DiagnosticsStatusNotification",
    "FirmwareStatusNotification",
    "Heartbeat",
    "MeterValues",
    "StatusNotification",
)


def trigger(bench: VirtualBench, requested: str, connector_id: int | None = None) -> str | None:
    """Asks for a message; the status of the answer, or the code of a CALLERROR."""
    payload: dict[str, Any] = {"requestedMessage": requested}
    if connector_id is not None:
        payload["connectorId"] = connector_id
    answer = bench.ask("TriggerMessage", payload)
    return answer.status or answer.error_code


def pending(make_bench: BenchFactory) -> VirtualBench:
    """A charger with two connectors that the CSMS keeps waiting."""
    bench = make_bench(connectors=2, link=False)
    bench.central_system.registration = "Pending"
    bench.central_system.interval_s = 600
    bench.restore_link()
    return bench


@pytest.mark.obligation("TRG-01", "TRG-03")
@pytest.mark.parametrize("requested", [name for name in EVERY_MESSAGE if name[0] != "B"])
def test_the_answer_goes_first_then_the_message(bench: VirtualBench, requested: str):
    bench.start()
    bench.advance(5)
    before = len(bench.central_system.records)
    assert trigger(bench, requested) == "Accepted"
    bench.advance(5)
    own = [
        record
        for record in bench.central_system.records[before:]
        if record.sender == "charge_point"
    ]
    assert (own[0].kind, own[1].kind, own[1].action) == ("CALLRESULT", "CALL", requested)


@pytest.mark.obligation("TRG-02", "TRG-14")
@pytest.mark.parametrize(
    "requested", ["StartTransaction", "StopTransaction", "Authorize", "LogStatusNotification", "?"]
)
def test_what_cannot_be_asked_for_is_not_implemented(bench: VirtualBench, requested: str):
    bench.start()
    before = bench.actions()
    assert trigger(bench, requested) == "NotImplemented"
    bench.advance(5)
    assert bench.actions() == before


@pytest.mark.obligation("TRG-02")
@pytest.mark.parametrize(
    "requested", ["FirmwareStatusNotification", "DiagnosticsStatusNotification"]
)
def test_a_message_of_a_profile_that_is_off_is_not_implemented(
    make_bench: BenchFactory, requested: str
):
    bench = make_bench(configuration={"SupportedFeatureProfiles": "Core,RemoteTrigger"})
    assert trigger(bench, requested) == "NotImplemented"


@pytest.mark.obligation("TRG-02", "ERR-04")
def test_without_the_profile_nothing_can_be_triggered(make_bench: BenchFactory):
    bench = make_bench(configuration={"SupportedFeatureProfiles": "Core"})
    assert trigger(bench, "Heartbeat") == "NotSupported"


@pytest.mark.obligation("TRG-04")
def test_a_connector_that_is_irrelevant_is_ignored(bench: VirtualBench):
    bench.advance(1)
    assert trigger(bench, "Heartbeat", connector_id=7) == "Accepted"
    assert bench.sent("Heartbeat") == [{}]


@pytest.mark.obligation("TRG-05")
def test_without_a_connector_all_of_them_report(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    bench.plug_in(2)
    bench.advance(10)
    assert trigger(bench, "StatusNotification") == "Accepted"
    reports = bench.sent("StatusNotification", since_s=9)
    assert [(report["connectorId"], report["status"]) for report in reports] == [
        (0, "Available"),
        (1, "Available"),
        (2, "Preparing"),
    ]


@pytest.mark.obligation("TRG-06", "TRG-14")
def test_connector_zero_is_the_charge_point_alone(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    bench.ask("ChangeAvailability", {"connectorId": 0, "type": "Inoperative"})
    bench.advance(10)
    assert trigger(bench, "StatusNotification", connector_id=0) == "Accepted"
    reports = bench.sent("StatusNotification", since_s=9)
    assert [(report["connectorId"], report["status"]) for report in reports] == [(0, "Unavailable")]


@pytest.mark.obligation("TRG-05")
def test_one_connector_reports_alone(make_bench: BenchFactory):
    bench = make_bench(connectors=3)
    bench.advance(10)
    assert trigger(bench, "StatusNotification", connector_id=2) == "Accepted"
    reports = bench.sent("StatusNotification", since_s=9)
    assert [report["connectorId"] for report in reports] == [2]


@pytest.mark.obligation("TRG-14")
def test_a_status_tells_when_it_began_and_not_what_was_before(bench: VirtualBench):
    bench.plug_in()
    bench.advance(30)
    told = bench.sent("StatusNotification")[-1]
    assert trigger(bench, "StatusNotification", connector_id=1) == "Accepted"
    assert told["status"] == "Preparing"
    assert bench.sent("StatusNotification")[-1] == told


@pytest.mark.obligation("TRG-07", "MV-22")
def test_meter_values_have_all_measurands_and_say_that_they_were_asked_for(
    make_bench: BenchFactory,
):
    bench = make_bench(
        configuration={
            "MeterValuesSampledData": "Energy.Active.Import.Register,Power.Active.Import,Voltage",
            "MeterValueSampleInterval": "0",
        }
    )
    transaction_id = bench.start()
    bench.advance(600)
    assert trigger(bench, "MeterValues", connector_id=1) == "Accepted"
    (message,) = bench.sent("MeterValues")
    assert message["connectorId"] == 1
    assert message["transactionId"] == transaction_id
    (meter_value,) = message["meterValue"]
    sampled = meter_value["sampledValue"]
    assert {value["context"] for value in sampled} == {"Trigger"}
    assert {value.get("measurand", "Energy.Active.Import.Register") for value in sampled} == {
        "Energy.Active.Import.Register",
        "Power.Active.Import",
        "Voltage",
    }
    register = next(value for value in sampled if value["unit"] == "Wh")
    assert int(register["value"]) > 1_000


@pytest.mark.obligation("TRG-08")
def test_meter_values_come_outside_a_transaction_too(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    assert trigger(bench, "MeterValues") == "Accepted"
    messages = bench.sent("MeterValues")
    assert [message["connectorId"] for message in messages] == [0, 1, 2]
    assert not any("transactionId" in message for message in messages)


@pytest.mark.obligation("TRG-07")
def test_a_triggered_sample_does_not_disturb_the_periodic_ones(make_bench: BenchFactory):
    bench = make_bench(
        configuration={
            "MeterValuesSampledData": "Energy.Active.Import.Interval",
            "MeterValueSampleInterval": "60",
        }
    )
    bench.start()
    bench.advance(90)
    trigger(bench, "MeterValues", connector_id=1)
    bench.advance(60)
    contexts = [
        (value["context"], float(value["value"]))
        for message in bench.sent("MeterValues")
        for meter_value in message["meterValue"]
        for value in meter_value["sampledValue"]
    ]
    assert [context for context, _ in contexts] == ["Sample.Periodic", "Trigger", "Sample.Periodic"]
    (_, first), (_, half), (_, second) = contexts
    assert half == pytest.approx(first / 2, rel=0.05)
    assert second == pytest.approx(first, rel=0.05)


@pytest.mark.obligation("TRG-09", "TRG-10")
@pytest.mark.parametrize("kind", ["Firmware", "Diagnostics"])
def test_who_is_not_busy_is_idle_and_says_so_only_when_asked(bench: VirtualBench, kind: str):
    bench.advance(3_600)
    assert bench.sent(f"{kind}StatusNotification") == []
    assert trigger(bench, f"{kind}StatusNotification") == "Accepted"
    assert bench.sent(f"{kind}StatusNotification") == [{"status": "Idle"}]


@pytest.mark.obligation("TRG-11")
@pytest.mark.parametrize("requested", ["MeterValues", "StatusNotification"])
@pytest.mark.parametrize("connector_id", [3, -1, 1_000_000])
def test_a_connector_that_is_not_there_is_rejected(
    make_bench: BenchFactory, requested: str, connector_id: int
):
    bench = make_bench(connectors=2)
    before = bench.actions()
    assert trigger(bench, requested, connector_id) == "Rejected"
    assert bench.actions() == before


@pytest.mark.obligation("TRG-13", "BOOT-16")
@pytest.mark.parametrize("requested", [name for name in EVERY_MESSAGE if name[0] != "B"])
def test_who_is_pending_sends_what_was_asked_for_and_nothing_else(
    make_bench: BenchFactory, requested: str
):
    bench = pending(make_bench)
    bench.advance(10)
    assert trigger(bench, requested, connector_id=1) == "Accepted"
    bench.advance(100)
    assert bench.actions() == ["BootNotification", requested]


@pytest.mark.obligation("TRG-13", "BOOT-10")
def test_who_is_pending_boots_again_when_asked(make_bench: BenchFactory):
    bench = pending(make_bench)
    bench.advance(10)
    bench.central_system.registration = "Accepted"
    assert trigger(bench, "BootNotification") == "Accepted"
    assert bench.actions()[:2] == ["BootNotification", "BootNotification"]
    assert bench.status(2) == "Available"
    bench.advance(1_000)
    assert bench.actions().count("BootNotification") == 2


def test_a_csms_that_asks_for_ever_and_answers_nothing_gets_no_endless_queue(
    make_bench: BenchFactory,
):
    bench = pending(make_bench)
    bench.central_system.once("Heartbeat", Silence())
    for _ in range(1_000):
        assert trigger(bench, "Heartbeat") == "Accepted"
        assert trigger(bench, "BootNotification") == "Accepted"
    bench.advance(60)
    assert 100 < bench.actions().count("Heartbeat") < 300
    assert bench.actions().count("BootNotification") == 2


@pytest.mark.obligation("BOOT-25")
def test_who_is_accepted_does_not_boot_because_somebody_asks(bench: VirtualBench):
    assert trigger(bench, "BootNotification") == "Rejected"
    bench.cut_link()
    bench.advance(60)
    bench.restore_link()
    bench.advance(60)
    assert trigger(bench, "BootNotification") == "Rejected"
    assert bench.actions().count("BootNotification") == 1


@pytest.mark.obligation("BOOT-03")
@pytest.mark.parametrize("requested", EVERY_MESSAGE)
def test_before_the_first_answer_nothing_is_sent(make_bench: BenchFactory, requested: str):
    bench = make_bench(link=False)
    bench.central_system.once("BootNotification", Silence())
    bench.restore_link()
    assert trigger(bench, requested) == "Rejected"
    assert bench.actions() == ["BootNotification"]


@pytest.mark.obligation("BOOT-11", "BOOT-12")
def test_who_is_rejected_stays_silent(make_bench: BenchFactory):
    bench = make_bench(link=False)
    bench.central_system.registration = "Rejected"
    bench.restore_link()
    assert trigger(bench, "Heartbeat") is None
    bench.advance(5)
    assert bench.actions() == ["BootNotification"]


@pytest.mark.obligation("TRG-12")
def test_a_boot_notification_under_way_counts(make_bench: BenchFactory):
    bench = pending(make_bench)
    bench.central_system.once("BootNotification", Silence())
    assert trigger(bench, "BootNotification") == "Accepted"
    assert trigger(bench, "BootNotification") == "Accepted"
    assert bench.actions() == ["BootNotification", "BootNotification"]
