"""MV: the meter values that StopTransaction carries (1.6 ed.2 §3.16, errata 3.14, 3.89)."""

from __future__ import annotations

from itertools import pairwise

import pytest

from ocppsim.protocol.v16.date_time import parse_date_time
from ocppsim.simulation.virtual_bench import VirtualBench


@pytest.mark.obligation("MV-07", "MV-21", "MV-35", "MV-38", "CFG-K29")
def test_the_stop_carries_the_samples_of_the_transaction(bench: VirtualBench):
    bench.configure(StopTxnSampledData="Energy.Active.Import.Register,SoC")
    bench.start()
    bench.advance(200)
    bench.stop_button()
    data = bench.sent("StopTransaction")[0]["transactionData"]
    contexts = [entry["sampledValue"][0].get("context", "Sample.Periodic") for entry in data]
    assert contexts == ["Transaction.Begin", *["Sample.Periodic"] * 3, "Transaction.End"]
    for entry in data:
        measurands = [
            value.get("measurand", "Energy.Active.Import.Register")
            for value in entry["sampledValue"]
        ]
        assert measurands == ["Energy.Active.Import.Register", "SoC"]


@pytest.mark.obligation("MV-36", "MV-38", "CFG-K27")
def test_the_stop_carries_the_aligned_values_of_the_transaction(bench: VirtualBench):
    bench.configure(StopTxnAlignedData="SoC", ClockAlignedDataInterval="100")
    bench.advance(50)
    bench.start()
    bench.advance(300)
    bench.stop_button()
    data = bench.sent("StopTransaction")[0]["transactionData"]
    contexts = [entry["sampledValue"][0]["context"] for entry in data]
    assert contexts == ["Transaction.Begin", *["Sample.Clock"] * 3, "Transaction.End"]


@pytest.mark.obligation("MV-38", "MV-08")
def test_a_list_that_was_set_in_the_middle_still_gets_the_begin(bench: VirtualBench):
    bench.start()
    bench.advance(600)
    bench.configure(StopTxnSampledData="Energy.Active.Import.Register,SoC")
    bench.stop_button()
    (stop,) = bench.sent("StopTransaction")
    (start,) = bench.sent("StartTransaction")
    begin, end = stop["transactionData"]
    assert begin["timestamp"] == start["timestamp"]
    assert [value["context"] for value in begin["sampledValue"]] == ["Transaction.Begin"] * 2
    assert begin["sampledValue"][0]["value"] == str(start["meterStart"])
    assert {value["context"] for value in end["sampledValue"]} == {"Transaction.End"}


@pytest.mark.obligation("MV-35", "MV-38", "TX-44")
@pytest.mark.parametrize("cause", ["mains", "crash"])
def test_a_power_loss_takes_no_sample_out_of_the_stop(bench: VirtualBench, cause: str):
    bench.configure(StopTxnSampledData="Energy.Active.Import.Register")
    bench.start()
    bench.advance(190)
    if cause == "mains":
        bench.power_cycle()
    else:
        bench.crash()
    bench.advance(60)
    (stop,) = bench.sent("StopTransaction")
    contexts = [entry["sampledValue"][0]["context"] for entry in stop["transactionData"]]
    assert contexts == ["Transaction.Begin", *["Sample.Periodic"] * 3, "Transaction.End"]
    times = [entry["timestamp"] for entry in stop["transactionData"]]
    assert times == sorted(times)
    assert not any(key.startswith("sample/") for key in bench.charger.durable.cells)


@pytest.mark.obligation("MV-38", "TX-43")
@pytest.mark.parametrize("late", [False, True])
def test_after_a_power_loss_too_the_end_has_every_measurand(bench: VirtualBench, late: bool):
    wanted = {"StopTxnSampledData": "Power.Offered,SoC", "StopTxnAlignedData": "Voltage"}
    if not late:
        bench.configure(**wanted)
    bench.start()
    bench.advance(100)
    if late:
        bench.configure(**wanted)
    bench.advance(90)
    bench.power_cycle()
    bench.advance(60)
    (stop,) = bench.sent("StopTransaction")
    begin, *_, end = stop["transactionData"]
    told = [
        [(value["measurand"], value.get("phase")) for value in entry["sampledValue"]]
        for entry in (begin, end)
    ]
    assert told[0] == told[1]
    assert {value["context"] for value in end["sampledValue"]} == {"Transaction.End"}
    assert end["timestamp"] == stop["timestamp"]


@pytest.mark.obligation("MV-38", "TX-43")
def test_a_list_set_right_before_a_power_loss_gets_the_register_at_the_end(bench: VirtualBench):
    bench.start()
    bench.advance(190)
    bench.configure(StopTxnSampledData="Energy.Active.Import.Register,SoC")
    bench.power_cycle()
    bench.advance(60)
    (stop,) = bench.sent("StopTransaction")
    (end,) = stop["transactionData"][-1]["sampledValue"]
    assert end["context"] == "Transaction.End"
    assert end["value"] == str(stop["meterStop"])


@pytest.mark.obligation("MV-37", "CFG-K27", "CFG-K29")
def test_without_either_list_the_stop_carries_nothing(bench: VirtualBench):
    bench.configure(ClockAlignedDataInterval="60")
    bench.start()
    bench.advance(600)
    bench.stop_button()
    assert "transactionData" not in bench.sent("StopTransaction")[0]


@pytest.mark.obligation("MV-35")
def test_the_list_of_the_stop_does_not_need_that_of_the_samples(bench: VirtualBench):
    bench.configure(StopTxnSampledData="SoC", MeterValueSampleInterval="0")
    bench.start()
    bench.advance(200)
    bench.stop_button()
    data = bench.sent("StopTransaction")[0]["transactionData"]
    assert [entry["sampledValue"][0]["context"] for entry in data] == [
        "Transaction.Begin",
        "Transaction.End",
    ]


@pytest.mark.obligation("MV-39", "CFG-K24")
def test_of_too_many_values_the_first_and_last_are_kept(bench: VirtualBench):
    limit = int(bench.configured("StopTransactionMaxMeterValues") or "")
    bench.configure(
        StopTxnSampledData="Energy.Active.Import.Register",
        MeterValueSampleInterval="1",
        MeterValuesSampledData="SoC",
    )
    bench.start()
    bench.advance(limit * 5)
    bench.stop_button()
    data = bench.sent("StopTransaction")[0]["transactionData"]
    assert len(data) <= limit
    assert len(data) > limit / 3
    assert data[0]["sampledValue"][0]["context"] == "Transaction.Begin"
    assert data[-1]["sampledValue"][0]["context"] == "Transaction.End"
    times = [parse_date_time(entry["timestamp"]) for entry in data]
    assert times == sorted(times)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert max(gaps) <= 20
