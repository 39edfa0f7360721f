"""SN: StatusNotification, its content and when it is sent (1.6 ed.2 §4.9, §7.6, §7.7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ocppsim.chargepoint.errors import IllegalAction
from ocppsim.protocol.v16.date_time import parse_date_time
from ocppsim.protocol.v16.enums import ChargePointErrorCode
from ocppsim.simulation.virtual_bench import VirtualBench

BenchFactory = Callable[..., VirtualBench]


def last(bench: VirtualBench, connector_id: int = 1) -> dict[str, Any]:
    return [p for p in bench.sent("StatusNotification") if p["connectorId"] == connector_id][-1]


@pytest.mark.obligation("SN-01", "SN-22", "SN-23", "SN-25")
def test_a_session_is_reported_status_by_status(bench: VirtualBench):
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(600)
    bench.stop_button()
    bench.drive_away()
    assert bench.statuses() == ["Available", "Preparing", "Charging", "Finishing", "Available"]


@pytest.mark.obligation("SN-02", "SN-03", "SN-04")
def test_connector_0_keeps_to_itself(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    bench.start(connector_id=1)
    bench.raise_fault("HighTemperature", 2)
    bench.clear_fault(2)
    bench.stop_button(1)
    bench.drive_away(1)
    assert bench.statuses(0) == ["Available"]


@pytest.mark.obligation("SN-02")
def test_connector_0_can_be_unavailable_and_faulted(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    bench.ask("ChangeAvailability", {"connectorId": 0, "type": "Inoperative"})
    bench.ask("ChangeAvailability", {"connectorId": 0, "type": "Operative"})
    bench.raise_fault("OtherError", 0)
    bench.clear_fault(0)
    assert bench.statuses(0) == ["Available", "Unavailable", "Available", "Faulted", "Available"]


@pytest.mark.obligation("SN-04", "SN-05")
def test_every_report_has_its_three_fields_and_the_time_of_the_status(bench: VirtualBench):
    bench.start()
    bench.advance(100)
    bench.raise_fault("OtherError", info="i" * 50, vendor_id="v" * 255, vendor_error_code="E" * 50)
    for payload in bench.sent("StatusNotification"):
        assert {"connectorId", "errorCode", "status"} <= payload.keys()
        if payload["status"] != "Faulted":
            assert payload["errorCode"] == "NoError"
    fault = last(bench)
    assert fault["errorCode"] == "OtherError"
    assert fault["info"] == "i" * 50
    assert fault["vendorId"] == "v" * 255
    assert fault["vendorErrorCode"] == "E" * 50
    assert parse_date_time(fault["timestamp"]) == pytest.approx(bench.EPOCH_S + bench.now_s)


@pytest.mark.obligation("SN-06")
def test_where_both_suspend_it_is_the_evse(make_bench: BenchFactory):
    bench = make_bench(configuration={"StopTransactionOnInvalidId": "false"})
    bench.plug_in()
    bench.tag("TAG")
    bench.ev_draws(False)
    assert bench.status() == "SuspendedEV"
    bench.stop_button()
    bench.drive_away()
    bench.central_system.once(
        "StartTransaction", {"transactionId": 50, "idTagInfo": {"status": "Invalid"}}
    )
    bench.plug_in()
    bench.tag("TAG")
    assert bench.status() == "SuspendedEVSE"
    bench.ev_draws(False)
    assert bench.status() == "SuspendedEVSE"


@pytest.mark.obligation("SN-07", "SN-08")
def test_a_communication_error_is_a_warning_beside_few_statuses(bench: VirtualBench):
    with pytest.raises(IllegalAction):
        bench.raise_fault("EVCommunicationError")
    bench.plug_in()
    bench.raise_fault("EVCommunicationError")
    assert (last(bench)["status"], last(bench)["errorCode"]) == (
        "Preparing",
        "EVCommunicationError",
    )
    bench.tag("TAG")
    assert (last(bench)["status"], last(bench)["errorCode"]) == ("Charging", "NoError")
    with pytest.raises(IllegalAction):
        bench.raise_fault("EVCommunicationError")
    bench.ev_draws(False)
    bench.raise_fault("EVCommunicationError")
    assert (last(bench)["status"], last(bench)["errorCode"]) == (
        "SuspendedEV",
        "EVCommunicationError",
    )


@pytest.mark.obligation("SN-11", "SN-12", "CFG-K21")
def test_a_status_that_did_not_last_is_not_reported(bench: VirtualBench):
    bench.configure(MinimumStatusDuration="10")
    bench.plug_in()
    bench.advance(5)
    assert bench.statuses() == ["Available"]
    bench.tag("TAG")
    bench.advance(9)
    assert bench.statuses() == ["Available"]
    bench.advance(2)
    assert bench.statuses() == ["Available", "Charging"]
    bench.configure(MinimumStatusDuration="0")
    bench.stop_button()
    assert bench.status() == "Finishing"


@pytest.mark.obligation("SN-13")
def test_an_unplugged_ev_suspends_where_it_does_not_stop(bench: VirtualBench):
    bench.configure(StopTransactionOnEVSideDisconnect="false")
    bench.start()
    bench.unplug()
    report = last(bench)
    assert report["status"] == "SuspendedEV"
    assert report["errorCode"] == "NoError"
    assert report["info"] == "EV side disconnected"
    assert not bench.sent("StopTransaction")


@pytest.mark.obligation("SN-14")
def test_an_unplugged_ev_finishes_where_it_stops(bench: VirtualBench):
    bench.start()
    bench.unplug()
    report = last(bench)
    assert report["status"] == "Finishing"
    assert report["errorCode"] == "NoError"
    assert report["info"] == "EV side disconnected"


@pytest.mark.obligation("SN-15", "SN-17")
def test_back_online_the_present_status_is_reported_but_no_history(make_bench: BenchFactory):
    bench = make_bench(connectors=3)
    bench.cut_link()
    bench.plug_in(1)
    bench.advance(10)
    bench.drive_away(1)
    bench.plug_in(2)
    bench.advance(10)
    before = len(bench.sent("StatusNotification"))
    bench.restore_link()
    bench.settle()
    news = [(p["connectorId"], p["status"]) for p in bench.sent("StatusNotification")[before:]]
    assert (2, "Preparing") in news
    assert news.count((1, "Preparing")) == 0
    assert not [entry for entry in news if entry[0] == 3]


@pytest.mark.obligation("SN-18")
def test_reports_come_in_the_order_of_events_even_where_answers_are_slow(bench: VirtualBench):
    bench.central_system.once("Authorize", lambda _: {"idTagInfo": {"status": "Accepted"}})
    bench.plug_in()
    bench.tag("TAG")
    bench.ev_draws(False)
    bench.ev_draws(True)
    bench.stop_button()
    bench.drive_away()
    assert bench.statuses() == [
        "Available",
        "Preparing",
        "Charging",
        "SuspendedEV",
        "Charging",
        "Finishing",
        "Available",
    ]
    times = [parse_date_time(p["timestamp"]) for p in bench.sent("StatusNotification")]
    assert times == sorted(times)


@pytest.mark.obligation("SN-20", "SN-T-B9")
def test_a_failing_lock_is_a_fault_and_no_transaction(bench: VirtualBench):
    bench.plug_in(lock_fails=True)
    bench.tag("TAG")
    assert bench.statuses() == ["Available", "Preparing", "Faulted"]
    assert last(bench)["errorCode"] == "ConnectorLockFailure"
    bench.advance(300)
    assert "StartTransaction" not in bench.actions()
    assert "StopTransaction" not in bench.actions()


@pytest.mark.obligation("SN-24")
def test_an_ev_that_does_not_ask_is_suspended(bench: VirtualBench):
    bench.start()
    bench.ev_draws(False)
    assert bench.status() == "SuspendedEV"
    bench.ev_draws(True)
    assert bench.status() == "Charging"


@pytest.mark.obligation("SN-24", "MV-06")
def test_a_full_battery_suspends_the_ev(bench: VirtualBench):
    bench.plug_in(soc_percent=99.0)
    bench.tag("TAG")
    bench.wait_for(lambda: bench.status() == "SuspendedEV", limit_s=4 * 3600)
    full_at_s = bench.now_s
    bench.advance(600)
    samples = bench.sent("MeterValues", since_s=full_at_s + 1)
    assert len(samples) == 10
    registers = [entry["meterValue"][0]["sampledValue"][0]["value"] for entry in samples]
    assert len(set(registers)) == 1
    assert not bench.sent("StopTransaction")


@pytest.mark.obligation("SN-26")
@pytest.mark.parametrize("error_code", [code.value for code in ChargePointErrorCode])
def test_the_error_codes_are_those_of_the_standard(bench: VirtualBench, error_code: str):
    if error_code in {"NoError", "EVCommunicationError"}:
        with pytest.raises(IllegalAction):
            bench.raise_fault(error_code)
        return
    bench.raise_fault(error_code)
    assert (last(bench)["status"], last(bench)["errorCode"]) == ("Faulted", error_code)
    bench.clear_fault()
    assert (last(bench)["status"], last(bench)["errorCode"]) == ("Available", "NoError")


@pytest.mark.obligation("SN-26")
def test_other_error_codes_do_not_exist(bench: VirtualBench):
    with pytest.raises(IllegalAction):
        bench.raise_fault("Fire")


@pytest.mark.obligation("SN-27", "CA-04")
def test_a_change_of_availability_is_reported(bench: VirtualBench):
    bench.ask("ChangeAvailability", {"connectorId": 1, "type": "Inoperative"})
    assert bench.status() == "Unavailable"
    bench.ask("ChangeAvailability", {"connectorId": 1, "type": "Operative"})
    assert bench.status() == "Available"


@pytest.mark.obligation("SN-30", "OFF-05")
def test_status_reports_do_not_wait_behind_queued_messages(bench: VirtualBench):
    bench.central_system.on("StartTransaction", {"transactionId": "not a number"})
    bench.plug_in()
    bench.tag("TAG")
    bench.ev_draws(False)
    assert bench.status() == "SuspendedEV"
    bench.central_system.as_usual("StartTransaction")
    bench.advance(300)
    assert len(bench.sent("StartTransaction")) == 2
