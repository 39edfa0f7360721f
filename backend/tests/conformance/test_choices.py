"""Where OCPP leaves a choice a charger can be told which: the choices that are no default."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ocppsim.simulation.central_system import ErrorReply
from ocppsim.simulation.virtual_bench import VirtualBench

BenchFactory = Callable[..., VirtualBench]


def test_a_charger_that_never_gives_up_delivers_in_the_end(make_bench: BenchFactory):
    bench = make_bench(behaviour={"transaction_message_attempts": "forever"})
    bench.configure(TransactionMessageAttempts="2", TransactionMessageRetryInterval="10")
    bench.central_system.on("StartTransaction", ErrorReply())
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(600)
    refused = len(bench.sent("StartTransaction"))
    assert refused == 2 + (600 - 10) // 20
    bench.central_system.as_usual("StartTransaction")
    bench.advance(30)
    bench.stop_button()
    assert bench.sent("StopTransaction")[0]["transactionId"] == 1


@pytest.mark.obligation("MV-05")
def test_aligned_registers_may_be_stamped_with_the_start_of_their_interval(
    make_bench: BenchFactory,
):
    bench = make_bench(behaviour={"aligned_timestamp": "interval_start"})
    bench.configure(ClockAlignedDataInterval="900")
    bench.advance(1_801)
    stamps = [
        message["meterValue"][0]["timestamp"][11:19]
        for message in bench.sent("MeterValues")
        if message["connectorId"] == 1
    ]
    assert stamps == ["00:00:00", "00:15:00"]


def test_aligned_values_may_be_left_out_where_nobody_charges(make_bench: BenchFactory):
    bench = make_bench(connectors=2, behaviour={"aligned_connectors": "in_transaction"})
    bench.configure(ClockAlignedDataInterval="60", MeterValueSampleInterval="0")
    bench.advance(130)
    assert bench.sent("MeterValues") == []
    bench.start("TAG", 2)
    bench.advance(60)
    assert [message["connectorId"] for message in bench.sent("MeterValues")] == [2]


@pytest.mark.parametrize(("choice", "count"), [("register", 2), ("nothing", 0)])
def test_an_empty_list_means_the_register_or_nothing(
    make_bench: BenchFactory, choice: str, count: int
):
    bench = make_bench(behaviour={"empty_sampled_data": choice})
    bench.configure(MeterValuesSampledData="", MeterValueSampleInterval="60")
    bench.start()
    bench.advance(130)
    assert len(bench.sent("MeterValues")) == count


@pytest.mark.obligation("RST-07")
def test_a_hard_reset_may_leave_the_stop_to_the_boot(make_bench: BenchFactory):
    bench = make_bench(behaviour={"hard_reset": "stop_after_boot"})
    transaction_id = bench.start()
    bench.advance(100)
    before = len(bench.actions())
    assert bench.ask("Reset", {"type": "Hard"}).status == "Accepted"
    bench.advance(30)
    after = bench.actions()[before:]
    assert after.index("BootNotification") < after.index("StopTransaction")
    (stop,) = bench.sent("StopTransaction")
    assert (stop["transactionId"], stop["reason"]) == (transaction_id, "HardReset")


@pytest.mark.obligation("BOOT-17", "ERR-07")
def test_who_is_pending_may_answer_remote_commands_with_an_error(make_bench: BenchFactory):
    bench = make_bench(link=False, behaviour={"remote_start_while_pending": "SecurityError"})
    bench.central_system.registration = "Pending"
    bench.restore_link()
    start = bench.ask("RemoteStartTransaction", {"idTag": "TAG", "connectorId": 1})
    stop = bench.ask("RemoteStopTransaction", {"transactionId": 1})
    assert start.error_code == stop.error_code == "SecurityError"
    bench.advance(10)
    assert bench.actions() == ["BootNotification"]
