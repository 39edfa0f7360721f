"""OFF: the delivery of transaction-related messages (1.6 ed.2 §3.7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ocppsim.simulation.central_system import ErrorReply, Silence
from ocppsim.simulation.virtual_bench import VirtualBench

BenchFactory = Callable[..., VirtualBench]

RELATED = ("StartTransaction", "MeterValues", "StopTransaction")


def related(bench: VirtualBench) -> list[str]:
    return [record.action for record in bench.central_system.calls(*RELATED)]


def times(bench: VirtualBench, action: str) -> list[float]:
    return [record.at_s for record in bench.central_system.calls(action)]


@pytest.mark.obligation("OFF-01", "OFF-02", "OFF-03", "OFF-13")
def test_what_happened_offline_is_delivered_in_order(bench: VirtualBench):
    bench.start()
    bench.advance(30)
    bench.cut_link()
    bench.advance(200)
    bench.stop_button()
    bench.advance(500)
    bench.restore_link()
    bench.settle()
    assert related(bench) == ["StartTransaction", *["MeterValues"] * 3, "StopTransaction"]
    stamps = [entry["meterValue"][0]["timestamp"] for entry in bench.sent("MeterValues")]
    assert [stamp[14:19] for stamp in stamps] == ["01:00", "02:00", "03:00"]
    assert bench.sent("StopTransaction")[0]["timestamp"].startswith("2026-01-01T00:03:50")
    assert bench.sent("StopTransaction")[0].get("reason", "Local") == "Local"


@pytest.mark.obligation("OFF-04", "OFF-11")
def test_new_messages_wait_behind_old_ones(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    bench.central_system.on("StartTransaction", ErrorReply())
    bench.plug_in(1)
    bench.tag("A", 1)
    bench.advance(20)
    bench.plug_in(2)
    bench.tag("B", 2)
    bench.advance(35)
    assert [payload["idTag"] for payload in bench.sent("StartTransaction")] == ["A"]
    bench.central_system.as_usual("StartTransaction")
    bench.advance(10)
    assert [payload["idTag"] for payload in bench.sent("StartTransaction")] == ["A", "A", "B"]


@pytest.mark.obligation("OFF-05")
def test_other_messages_do_not_wait_behind_them(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    bench.central_system.on("StartTransaction", ErrorReply())
    bench.plug_in(1)
    bench.tag("A", 1)
    bench.tag("B", 2)
    assert [payload["idTag"] for payload in bench.sent("Authorize")] == ["A", "B"]
    assert bench.statuses(2)[-1] == "Preparing"


@pytest.mark.obligation("OFF-06", "OFF-07", "OFF-09", "OFF-10", "CFG-K33", "CFG-K34")
@pytest.mark.parametrize("reply", [ErrorReply("InternalError"), Silence()])
def test_a_failed_message_is_repeated_and_then_given_up(bench: VirtualBench, reply: Any):
    bench.configure(TransactionMessageAttempts="4", TransactionMessageRetryInterval="10")
    bench.central_system.on("StartTransaction", reply)
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(58)
    bench.stop_button()
    bench.advance(1200)
    assert len(bench.sent("StartTransaction")) == 4
    assert len(bench.sent("StopTransaction")) == 1


@pytest.mark.obligation("OFF-08", "CFG-K34")
def test_the_waits_grow_with_the_attempts(bench: VirtualBench):
    bench.configure(TransactionMessageAttempts="5", TransactionMessageRetryInterval="60")
    bench.central_system.on("StartTransaction", ErrorReply())
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(3600)
    assert times(bench, "StartTransaction") == pytest.approx([0, 60, 180, 360, 600], abs=0.5)


@pytest.mark.obligation("OFF-07")
@pytest.mark.parametrize("attempts", ["0", "1"])
def test_none_and_one_attempt_are_one(bench: VirtualBench, attempts: str):
    bench.configure(TransactionMessageAttempts=attempts)
    bench.central_system.on("StartTransaction", ErrorReply())
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(600)
    assert len(bench.sent("StartTransaction")) == 1


@pytest.mark.obligation("OFF-11")
def test_nothing_overtakes_a_message_that_waits_for_its_retry(bench: VirtualBench):
    bench.start()
    bench.central_system.once("MeterValues", ErrorReply(), ErrorReply())
    bench.advance(61)
    bench.stop_button()
    bench.advance(30)
    assert related(bench) == ["StartTransaction", "MeterValues"]
    bench.advance(400)
    assert related(bench) == [
        "StartTransaction",
        "MeterValues",
        "MeterValues",
        "MeterValues",
        "StopTransaction",
    ]


@pytest.mark.obligation("OFF-12", "OFF-19")
def test_a_lost_link_uses_up_no_attempt(bench: VirtualBench):
    bench.configure(TransactionMessageAttempts="2")
    bench.central_system.on("StartTransaction", Silence())
    bench.plug_in()
    bench.tag("TAG")
    for _ in range(5):
        bench.advance(5)
        bench.cut_link()
        bench.advance(5)
        bench.restore_link()
    assert len(bench.sent("StartTransaction")) == 6
    bench.central_system.as_usual("StartTransaction")
    bench.cut_link()
    bench.restore_link()
    bench.advance(120)
    assert len(bench.sent("StartTransaction")) == 7
    bench.stop_button()
    assert bench.sent("StopTransaction")[0]["transactionId"] == 1


@pytest.mark.obligation("OFF-14", "TX-04")
def test_messages_of_an_offline_transaction_get_its_id_before_they_are_sent(bench: VirtualBench):
    bench.configure(AllowOfflineTxForUnknownId="true")
    bench.central_system.next_transaction_id = 4711
    bench.cut_link()
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(200)
    bench.tag("TAG")
    bench.restore_link()
    bench.settle()
    assert {payload["transactionId"] for payload in bench.sent("MeterValues")} == {4711}
    assert bench.sent("StopTransaction")[0]["transactionId"] == 4711


@pytest.mark.obligation("OFF-15", "RST-03", "RST-08")
@pytest.mark.parametrize("cause", ["soft", "hard", "mains", "crash"])
def test_the_queue_survives(bench: VirtualBench, cause: str):
    bench.start()
    for action in ("MeterValues", "StopTransaction"):
        bench.central_system.on(action, Silence())
    bench.advance(61)
    bench.stop_button()
    if cause in {"soft", "hard"}:
        bench.advance(40)
        bench.ask("Reset", {"type": cause.title()})
    elif cause == "mains":
        bench.power_cycle()
    else:
        bench.crash(down_s=5)
    for action in ("MeterValues", "StopTransaction"):
        bench.central_system.as_usual(action)
    bench.advance(600)
    assert related(bench)[-2:] == ["MeterValues", "StopTransaction"]
    assert bench.rules.transactions.unstopped() == []


@pytest.mark.obligation("OFF-16")
def test_pending_does_not_open_the_queue(bench: VirtualBench):
    bench.start()
    bench.cut_link()
    bench.advance(100)
    bench.central_system.registration = "Pending"
    bench.central_system.interval_s = 50
    bench.crash()
    bench.restore_link()
    bench.advance(200)
    assert related(bench) == ["StartTransaction"]
    bench.central_system.registration = "Accepted"
    bench.advance(51)
    assert related(bench) == ["StartTransaction", "MeterValues", "StopTransaction"]


@pytest.mark.obligation("OFF-17", "FRM-10")
def test_every_retransmission_has_an_id_of_its_own(bench: VirtualBench):
    bench.central_system.once("StartTransaction", ErrorReply(), Silence())
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(600)
    calls = bench.central_system.calls("StartTransaction")
    assert len(calls) == 3
    assert len({record.message_id for record in calls}) == 3
    assert len({str(record.payload) for record in calls}) == 1


@pytest.mark.obligation("OFF-19")
def test_what_was_in_flight_when_the_link_was_lost_is_sent_again(bench: VirtualBench):
    bench.start()
    bench.central_system.once("StopTransaction", Silence())
    bench.stop_button()
    bench.cut_link()
    bench.advance(3)
    bench.restore_link()
    bench.settle()
    assert len(bench.sent("StopTransaction")) == 2
    first, second = bench.sent("StopTransaction")
    assert first == second


@pytest.mark.obligation("OFF-20", "TX-13")
def test_a_refusal_of_an_offline_start_stops_the_transaction_that_still_runs(bench: VirtualBench):
    bench.configure(AllowOfflineTxForUnknownId="true")
    bench.central_system.id_tags["TAG"] = {"status": "Blocked"}
    bench.cut_link()
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(600)
    bench.restore_link()
    bench.settle()
    assert related(bench)[0] == "StartTransaction"
    assert bench.sent("StopTransaction")[0]["reason"] == "DeAuthorized"


@pytest.mark.obligation("OFF-20", "TX-15")
def test_a_refusal_of_an_offline_start_suspends_where_configured(bench: VirtualBench):
    bench.configure(AllowOfflineTxForUnknownId="true", StopTransactionOnInvalidId="false")
    bench.central_system.id_tags["TAG"] = {"status": "Blocked"}
    bench.cut_link()
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(600)
    bench.restore_link()
    bench.settle()
    assert bench.status() == "SuspendedEVSE"
    assert not bench.sent("StopTransaction")


@pytest.mark.obligation("OFF-20")
def test_a_refusal_of_an_offline_start_that_is_over_stops_nothing_twice(bench: VirtualBench):
    bench.configure(AllowOfflineTxForUnknownId="true")
    bench.central_system.id_tags["TAG"] = {"status": "Blocked"}
    bench.cut_link()
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(100)
    bench.tag("TAG")
    bench.restore_link()
    bench.advance(100)
    assert len(bench.sent("StopTransaction")) == 1
    assert bench.sent("StopTransaction")[0].get("reason", "Local") == "Local"


@pytest.mark.obligation("OFF-18", "OFF-03")
def test_a_long_time_offline_loses_no_start_and_no_stop(bench: VirtualBench):
    bench.configure(AllowOfflineTxForUnknownId="true", MeterValueSampleInterval="5")
    bench.cut_link()
    for number in range(5):
        bench.plug_in(soc_percent=10.0)
        bench.tag(f"TAG{number}")
        bench.advance(2 * 3600)
        bench.tag(f"TAG{number}")
        bench.drive_away()
    bench.restore_link()
    bench.settle()
    tags = [payload["idTag"] for payload in bench.sent("StartTransaction")]
    assert tags == [f"TAG{number}" for number in range(5)]
    assert bench.rules.transactions.unstopped() == []
    assert 2000 < len(bench.sent("MeterValues")) < 5 * 1440


@pytest.mark.obligation("OFF-02", "OFF-13")
def test_slow_storage_changes_nothing_but_the_moment(bench: VirtualBench):
    bench.journal.delay_s = 3.0
    bench.plug_in()
    bench.tag("TAG")
    assert "StartTransaction" not in bench.actions()
    bench.advance(3)
    assert related(bench) == ["StartTransaction"]
    assert bench.sent("StartTransaction")[0]["timestamp"] == "2026-01-01T00:00:00.000Z"
    bench.advance(100)
    bench.stop_button()
    bench.advance(4)
    assert related(bench) == ["StartTransaction", "MeterValues", "StopTransaction"]


@pytest.mark.obligation("OFF-15")
def test_what_was_not_stored_yet_was_never_sent(bench: VirtualBench):
    bench.journal.delay_s = 3.0
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(1)
    bench.crash()
    bench.advance(60)
    assert related(bench) == []
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(10)
    assert related(bench) == ["StartTransaction"]
