"""MV: meter values, sampled and clock-aligned (1.6 ed.2 §3.16, §7.31-7.45, errata 3.9-3.16)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from ocppsim.protocol.v16.date_time import parse_date_time
from ocppsim.simulation.central_system import ErrorReply
from ocppsim.simulation.virtual_bench import VirtualBench

BenchFactory = Callable[..., VirtualBench]

AC_MEASURANDS = (
    "Energy.Active.Import.Register,Energy.Active.Import.Interval,Power.Active.Import,"
    "Power.Offered,Power.Factor,Current.Import,Current.Offered,Voltage,Frequency,Temperature,SoC"
)
UNITS = {
    "Energy.Active.Import.Register": "Wh",
    "Energy.Active.Import.Interval": "Wh",
    "Power.Active.Import": "W",
    "Power.Offered": "W",
    "Power.Factor": None,
    "Current.Import": "A",
    "Current.Offered": "A",
    "Voltage": "V",
    "Frequency": None,
    "Temperature": "Celsius",
    "SoC": "Percent",
}


def samples(meter_values: dict[str, Any]) -> list[dict[str, Any]]:
    """All sampled values of a MeterValues.req."""
    return [value for entry in meter_values["meterValue"] for value in entry["sampledValue"]]


def of(meter_values: dict[str, Any], measurand: str) -> list[dict[str, Any]]:
    return [
        value
        for value in samples(meter_values)
        if value.get("measurand", "Energy.Active.Import.Register") == measurand
    ]


def stamps_s(bench: VirtualBench) -> list[float]:
    """When the values were taken, in seconds since the bench began."""
    return [
        parse_date_time(payload["meterValue"][0]["timestamp"]) - bench.EPOCH_S
        for payload in bench.sent("MeterValues")
    ]


# --- when -----------------------------------------------------------------------------------


@pytest.mark.obligation("MV-01", "MV-03", "MV-19", "CFG-K20")
def test_samples_come_at_the_interval_from_the_start_on(bench: VirtualBench):
    bench.configure(MeterValueSampleInterval="20")
    bench.advance(7)
    bench.start()
    bench.advance(65)
    assert stamps_s(bench) == pytest.approx([27, 47, 67])
    contexts = [
        value.get("context", "Sample.Periodic")
        for payload in bench.sent("MeterValues")
        for value in samples(payload)
    ]
    assert set(contexts) == {"Sample.Periodic"}


@pytest.mark.obligation("MV-02", "CFG-K20", "CFG-K05")
def test_0_is_off(bench: VirtualBench):
    bench.configure(MeterValueSampleInterval="0", ClockAlignedDataInterval="0")
    bench.start()
    bench.advance(7200)
    assert not bench.sent("MeterValues")


@pytest.mark.obligation("MV-01", "MV-04", "MV-20", "CFG-K05")
def test_aligned_values_come_at_even_times_of_the_day(make_bench: BenchFactory):
    epoch_s = VirtualBench.EPOCH_S + 3_333
    bench = make_bench()
    bench.central_system.clock_epoch_s = epoch_s
    bench.crash()
    bench.configure(MeterValueSampleInterval="0", ClockAlignedDataInterval="900")
    bench.start()
    bench.advance(2800)
    mine = [entry for entry in bench.sent("MeterValues") if entry["connectorId"] == 1]
    times = [entry["meterValue"][0]["timestamp"][11:19] for entry in mine]
    assert times == ["01:00:00", "01:15:00", "01:30:00"]
    assert {value["context"] for entry in mine for value in samples(entry)} == {"Sample.Clock"}


@pytest.mark.obligation("MV-04")
def test_an_interval_that_does_not_divide_the_day_begins_anew_at_midnight(bench: VirtualBench):
    bench.configure(MeterValueSampleInterval="0", ClockAlignedDataInterval="50000")
    bench.advance(2 * 86_400 + 60_000)
    mine = [entry for entry in bench.sent("MeterValues") if entry["connectorId"] == 1]
    times = [entry["meterValue"][0]["timestamp"][11:19] for entry in mine]
    assert times == ["13:53:20", "00:00:00", "13:53:20", "00:00:00", "13:53:20"]


@pytest.mark.obligation("MV-06", "OFF-03")
def test_sampling_goes_on_suspended_and_offline(bench: VirtualBench):
    bench.start()
    bench.ev_draws(False)
    bench.cut_link()
    bench.advance(600)
    bench.restore_link()
    bench.settle()
    assert stamps_s(bench) == pytest.approx([60 * number for number in range(1, 11)])


@pytest.mark.obligation("MV-08", "CFG-08")
def test_a_new_interval_or_list_counts_at_once(bench: VirtualBench):
    bench.start()
    bench.advance(90)
    bench.configure(MeterValueSampleInterval="10", MeterValuesSampledData="SoC")
    bench.advance(31)
    assert stamps_s(bench)[0] == pytest.approx(60)
    assert [later - earlier for earlier, later in pairwise(stamps_s(bench)[1:])] == [10, 10]
    assert [value["measurand"] for value in samples(bench.sent("MeterValues")[-1])] == ["SoC"]


@pytest.mark.obligation("MV-08", "MV-02")
def test_sampling_can_be_switched_off_and_on_in_a_transaction(bench: VirtualBench):
    bench.start()
    bench.configure(MeterValueSampleInterval="0")
    bench.advance(600)
    assert not bench.sent("MeterValues")
    bench.configure(MeterValueSampleInterval="60")
    bench.advance(120)
    assert len(bench.sent("MeterValues")) == 2


# --- what -----------------------------------------------------------------------------------


@pytest.mark.obligation("MV-09", "CFG-K16", "CFG-K18")
def test_each_kind_has_a_list_of_its_own(bench: VirtualBench):
    bench.configure(
        MeterValuesSampledData="SoC",
        MeterValuesAlignedData="Temperature",
        MeterValueSampleInterval="60",
        ClockAlignedDataInterval="60",
    )
    bench.start()
    bench.advance(61)
    seen = {
        (value["context"], value["measurand"])
        for entry in bench.sent("MeterValues")
        if entry["connectorId"] == 1
        for value in samples(entry)
    }
    assert {("Sample.Clock", "Temperature")} <= seen
    assert not {("Sample.Clock", "SoC"), ("Sample.Periodic", "Temperature")} & seen
    assert any(measurand == "SoC" for _, measurand in seen)


@pytest.mark.obligation("MV-10", "CFG-K18")
@pytest.mark.parametrize("value", [None, ""])
def test_by_default_the_register_is_sampled(bench: VirtualBench, value: str | None):
    if value is None:
        assert bench.configured("MeterValuesSampledData") == "Energy.Active.Import.Register"
    else:
        bench.configure(MeterValuesSampledData=value)
    bench.start()
    bench.advance(61)
    assert len(of(bench.sent("MeterValues")[0], "Energy.Active.Import.Register")) == 1


@pytest.mark.obligation("MV-11", "MV-18", "MV-24", "MV-25", "MV-26", "MV-27")
def test_every_measurand_of_an_ac_charger_on_all_its_phases(bench: VirtualBench):
    bench.configure(MeterValuesSampledData=AC_MEASURANDS)
    bench.start()
    bench.advance(61)
    payload = bench.sent("MeterValues")[0]
    for measurand in AC_MEASURANDS.split(","):
        values = of(payload, measurand)
        assert values, measurand
        for value in values:
            default = "Wh" if measurand.startswith("Energy") else None
            assert value.get("unit", default) == UNITS[measurand]
    assert {v.get("phase") for v in of(payload, "Current.Import")} >= {"L1", "L2", "L3"}
    assert {v.get("phase") for v in of(payload, "Voltage")} >= {"L1-N", "L2-N", "L3-N"}
    assert {v.get("phase") for v in of(payload, "SoC")} == {None}
    assert {v.get("phase") for v in of(payload, "Frequency")} == {None}
    assert of(payload, "SoC")[0]["location"] == "EV"


@pytest.mark.obligation("MV-12")
def test_a_suffix_selects_a_phase(bench: VirtualBench):
    bench.configure(MeterValuesSampledData="Voltage.L1-N,Current.Import.L3")
    bench.start()
    bench.advance(61)
    values = samples(bench.sent("MeterValues")[0])
    assert [(value["measurand"], value["phase"]) for value in values] == [
        ("Voltage", "L1-N"),
        ("Current.Import", "L3"),
    ]


@pytest.mark.obligation("MV-11", "MV-27")
def test_a_one_phase_charger_has_one_phase(make_bench: BenchFactory):
    bench = make_bench(phases=1)
    bench.configure(MeterValuesSampledData="Current.Import,Voltage")
    bench.start()
    bench.advance(61)
    phases = {value.get("phase") for value in samples(bench.sent("MeterValues")[0])}
    assert phases <= {None, "L1", "L1-N"}


@pytest.mark.obligation("MV-11", "MV-24")
def test_a_dc_charger_measures_what_it_has(make_bench: BenchFactory):
    bench = make_bench(power_type="DC", cable="tethered")
    bench.configure(
        MeterValuesSampledData="Energy.Active.Import.Register,Voltage,Current.Import,"
        "Power.Active.Import,SoC"
    )
    bench.start()
    bench.advance(61)
    values = {
        value["measurand"]: float(value["value"])
        for value in samples(bench.sent("MeterValues")[0])
        if "measurand" in value
    }
    assert values["Voltage"] > 200
    power_w = values["Voltage"] * values["Current.Import"]
    assert power_w == pytest.approx(values["Power.Active.Import"], rel=0.02)


@pytest.mark.obligation("MV-13", "MV-15", "MV-16")
def test_values_are_told_connector_by_connector(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    bench.configure(MeterValueSampleInterval="0", ClockAlignedDataInterval="600")
    transaction_id = bench.start("TAG", 1)
    bench.advance(601)
    told = {entry["connectorId"]: entry.get("transactionId") for entry in bench.sent("MeterValues")}
    assert told[1] == transaction_id
    assert told.get(2) is None
    assert told.get(0) is None
    bench.stop_button(1)
    bench.advance(600)
    assert (
        "transactionId"
        not in [entry for entry in bench.sent("MeterValues") if entry["connectorId"] == 1][-1]
    )


@pytest.mark.obligation("MV-14")
def test_the_main_meter_counts_all_connectors(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    bench.configure(MeterValueSampleInterval="0", ClockAlignedDataInterval="3600")
    bench.start("A", 1)
    bench.start("B", 2)
    bench.advance(3601)
    register = "Energy.Active.Import.Register"
    energy = {
        entry["connectorId"]: float(of(entry, register)[0]["value"])
        for entry in bench.sent("MeterValues")
    }
    assert energy[0] == pytest.approx(energy[1] + energy[2], abs=3)


@pytest.mark.obligation("MV-15")
def test_each_transaction_gets_its_own_values(bench: VirtualBench):
    first = bench.start()
    bench.advance(130)
    bench.tag("TAG")
    bench.advance(50)
    bench.tag("TAG")
    bench.advance(130)
    told = [entry["transactionId"] for entry in bench.sent("MeterValues")]
    assert told == [first, first, first + 1, first + 1]


@pytest.mark.obligation("MV-17")
def test_values_are_texts_of_one_instant(bench: VirtualBench):
    bench.configure(MeterValuesSampledData=AC_MEASURANDS)
    bench.start()
    bench.advance(61)
    for payload in bench.sent("MeterValues"):
        assert len(payload["meterValue"]) == 1
        for value in samples(payload):
            assert isinstance(value["value"], str)
            float(value["value"])


@pytest.mark.obligation("MV-29", "MV-30", "MV-33")
def test_the_register_runs_on_from_transaction_to_transaction(bench: VirtualBench):
    for _ in range(3):
        bench.start()
        bench.advance(1200)
        bench.stop_button()
        bench.drive_away()
        bench.advance(600)
    starts = [payload["meterStart"] for payload in bench.sent("StartTransaction")]
    stops = [payload["meterStop"] for payload in bench.sent("StopTransaction")]
    assert starts[0] == 0
    assert starts[1:] == stops[:-1]
    assert stops == sorted(stops)
    assert stops[0] > 0


@pytest.mark.obligation("MV-29")
@pytest.mark.parametrize("cause", ["soft", "hard", "mains", "crash"])
def test_the_register_does_not_fall_in_a_restart(bench: VirtualBench, cause: str):
    bench.start()
    bench.advance(1000)
    match cause:
        case "soft" | "hard":
            bench.ask("Reset", {"type": cause.title()})
        case "mains":
            bench.power_cycle()
        case _:
            bench.crash()
    bench.advance(60)
    bench.tag("TAG")
    stop, start = bench.sent("StopTransaction")[0], bench.sent("StartTransaction")[1]
    assert start["meterStart"] >= stop["meterStop"] > 0


@pytest.mark.obligation("MV-31")
def test_interval_values_add_up_to_the_register(bench: VirtualBench):
    bench.configure(
        MeterValuesSampledData="Energy.Active.Import.Register,Energy.Active.Import.Interval"
    )
    bench.start()
    bench.advance(1801)
    told = bench.sent("MeterValues")
    total_wh = sum(float(of(entry, "Energy.Active.Import.Interval")[0]["value"]) for entry in told)
    register_wh = float(of(told[-1], "Energy.Active.Import.Register")[0]["value"])
    assert total_wh == pytest.approx(register_wh, abs=3)


@pytest.mark.obligation("MV-05", "MV-31")
def test_aligned_interval_values_are_stamped_with_the_start_of_the_interval(bench: VirtualBench):
    bench.configure(
        MeterValueSampleInterval="0",
        ClockAlignedDataInterval="900",
        MeterValuesAlignedData="Energy.Active.Import.Interval",
    )
    bench.start()
    bench.advance(1801)
    mine = [entry for entry in bench.sent("MeterValues") if entry["connectorId"] == 1]
    assert [entry["meterValue"][0]["timestamp"][11:19] for entry in mine] == [
        "00:00:00",
        "00:15:00",
    ]
    energies = [float(samples(entry)[0]["value"]) for entry in mine]
    assert sum(energies) == pytest.approx(
        bench.charger.plant.read_meter(1, 1800).energy_wh,  # type: ignore[arg-type]
        rel=0.01,
    )


@pytest.mark.obligation("MV-32")
def test_what_is_offered_is_what_the_hardware_can_give(bench: VirtualBench):
    bench.configure(MeterValuesSampledData="Current.Offered,Power.Offered")
    bench.start()
    bench.advance(61)
    values = {
        value["measurand"]: float(value["value"]) for value in samples(bench.sent("MeterValues")[0])
    }
    assert values["Current.Offered"] == pytest.approx(32, abs=0.1)
    assert values["Power.Offered"] == pytest.approx(22_080, abs=10)


@pytest.mark.obligation("MV-33")
def test_meter_start_and_stop_are_the_register(bench: VirtualBench):
    bench.configure(StopTxnSampledData="Energy.Active.Import.Register")
    bench.start()
    bench.advance(1234)
    bench.stop_button()
    stop = bench.sent("StopTransaction")[0]
    begin, end = stop["transactionData"][0], stop["transactionData"][-1]
    start = bench.sent("StartTransaction")[0]
    assert int(float(begin["sampledValue"][0]["value"])) == start["meterStart"]
    assert int(float(end["sampledValue"][0]["value"])) == stop["meterStop"]
    assert (begin["timestamp"], end["timestamp"]) == (start["timestamp"], stop["timestamp"])


# --- limits ---------------------------------------------------------------------------------


@pytest.mark.obligation("MV-40", "CFG-11", "CFG-12")
@pytest.mark.parametrize(
    "key",
    [
        "MeterValuesSampledData",
        "MeterValuesAlignedData",
        "StopTxnSampledData",
        "StopTxnAlignedData",
    ],
)
@pytest.mark.parametrize(
    "value",
    ["Nonsense", "SoC,Nonsense", "RPM", "Energy.Reactive.Export.Register,SoC", "SoC.L1", "soc"],
)
def test_a_list_with_a_measurand_that_is_not_there_is_refused_whole(
    bench: VirtualBench, key: str, value: str
):
    before = bench.configured(key)
    assert bench.ask("ChangeConfiguration", {"key": key, "value": value}).status == "Rejected"
    assert bench.configured(key) == before


@pytest.mark.obligation("MV-41", "CFG-15", "CFG-K17", "CFG-K19", "CFG-K28", "CFG-K30")
@pytest.mark.parametrize(
    "key",
    [
        "MeterValuesSampledData",
        "MeterValuesAlignedData",
        "StopTxnSampledData",
        "StopTxnAlignedData",
    ],
)
def test_a_list_that_is_too_long_is_refused(bench: VirtualBench, key: str):
    longest = int(bench.configured(f"{key}MaxLength") or "")
    change = {"key": key, "value": ",".join(["SoC"] * (longest + 1))}
    assert bench.ask("ChangeConfiguration", change).status == "Rejected"


@pytest.mark.obligation("MV-42", "OFF-07")
def test_meter_values_that_failed_are_repeated(bench: VirtualBench):
    bench.start()
    bench.central_system.once("MeterValues", ErrorReply())
    bench.advance(125)
    told = bench.sent("MeterValues")
    assert len(told) >= 2
    assert told[0] == told[1]
