"""MV: what the meter has, and that the numbers of one sample agree (1.6 ed.2 §7.31, §7.45)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from ocppsim.simulation.definition import HardwareDefinition, MeterDefinition
from ocppsim.simulation.virtual_bench import VirtualBench

BenchFactory = Callable[..., VirtualBench]

REGISTER = "Energy.Active.Import.Register"
EVERYTHING = (
    f"{REGISTER},Energy.Active.Import.Interval,Energy.Reactive.Import.Register,"
    "Energy.Reactive.Import.Interval,Power.Active.Import,Power.Reactive.Import,Power.Offered,"
    "Power.Factor,Current.Import,Current.Import.N,Current.Offered,Voltage,Voltage.L1-L2,"
    "Voltage.L2-L3,Voltage.L3-L1,Frequency,Temperature,SoC"
)
EXPORT = (
    "Energy.Active.Export.Register,Energy.Active.Export.Interval,Power.Active.Export,Current.Export"
)
TAN_PHI = (1.0 - 0.995**2) ** 0.5 / 0.995

Sample = dict[tuple[str, str | None], float]


def sample_of(payload: dict[str, Any]) -> Sample:
    """The numbers of one MeterValues.req by measurand and phase."""
    return {
        (value["measurand"], value.get("phase")): float(value["value"])
        for entry in payload["meterValue"]
        for value in entry["sampledValue"]
    }


def meter(**values: Any) -> HardwareDefinition:
    return HardwareDefinition(meter=MeterDefinition(**values))


def lines_of(sample: Sample, measurand: str, suffix: str = "") -> list[float]:
    """The values on L1 to L3, as far as they are told."""
    names = [f"L{number}{suffix}" for number in (1, 2, 3)]
    return [sample[measurand, name] for name in names if (measurand, name) in sample]


def assert_agrees(sample: Sample) -> None:
    """Within what rounding to 0.1 V, 0.01 A, 0.1 W and 0.001 leaves open."""
    volts = lines_of(sample, "Voltage", "-N")
    amperes = lines_of(sample, "Current.Import")
    factor = sample["Power.Factor", None]
    active_w = sample["Power.Active.Import", None]
    reactive_var = sample["Power.Reactive.Import", None]
    apparent_va = sum(u * i for u, i in zip(volts, amperes, strict=True))
    assert active_w == pytest.approx(apparent_va * factor, abs=10.0)
    assert (active_w**2 + reactive_var**2) ** 0.5 == pytest.approx(apparent_va, abs=10.0)
    for line, (u, i) in enumerate(zip(volts, amperes, strict=True)):
        by_line = lines_of(sample, "Power.Active.Import")
        if by_line:
            assert by_line[line] == pytest.approx(u * i * factor, abs=4.0)
    for measurand in ("Power.Active.Import", "Power.Reactive.Import"):
        by_line = lines_of(sample, measurand)
        if by_line:
            assert sum(by_line) == pytest.approx(sample[measurand, None], abs=0.2)
    assert reactive_var == pytest.approx(active_w * TAN_PHI, abs=0.1)
    reactive_varh = sample["Energy.Reactive.Import.Register", None]
    assert reactive_varh == pytest.approx(sample[REGISTER, None] * TAN_PHI, abs=1.2)


@pytest.mark.obligation("MV-11", "MV-12", "MV-24", "MV-27")
@pytest.mark.parametrize("phases", [1, 3])
def test_the_numbers_of_one_sample_agree(make_bench: BenchFactory, phases: int):
    bench = make_bench(phases=phases)
    everything = ",".join(
        item
        for item in EVERYTHING.split(",")
        if phases == 3 or not item.endswith(("L2", "L3-L1", "L3"))
    )
    bench.configure(MeterValuesSampledData=everything)
    bench.start()
    bench.advance(3 * 60 + 1)
    told = [sample_of(payload) for payload in bench.sent("MeterValues")]
    assert len(told) == 3
    for sample in told:
        assert {measurand for measurand, _ in sample} == {
            item.rpartition(".")[0] if "-" in item or item.endswith(".N") else item
            for item in everything.split(",")
        }
        assert sample["Power.Active.Import", None] > 1_000.0
        assert_agrees(sample)
        if phases == 3:
            one, two, _ = lines_of(sample, "Voltage", "-N")
            between = (one**2 + two**2 + one * two) ** 0.5
            assert sample["Voltage", "L1-L2"] == pytest.approx(between, abs=0.2)
            assert sample["Current.Import", "N"] == 0.0
        else:
            assert sample["Current.Import", "N"] == sample["Current.Import", "L1"]


@pytest.mark.obligation("MV-29", "MV-31")
@pytest.mark.parametrize("deviates", [0.0, 2.0])
def test_energy_is_the_power_over_time_and_intervals_are_steps_of_their_register(
    make_bench: BenchFactory, deviates: float
):
    bench = make_bench(hardware=meter(accuracy_class_percent=deviates))
    bench.configure(MeterValuesSampledData=EVERYTHING)
    bench.start()
    bench.advance(5 * 60 + 1)
    told = [sample_of(payload) for payload in bench.sent("MeterValues")]
    for before, after in pairwise(told):
        passed_wh = after["Power.Active.Import", None] / 60.0
        assert after["Energy.Active.Import.Interval", None] == pytest.approx(passed_wh, abs=0.1)
        for kind in ("Active", "Reactive"):
            rise = (
                after[f"Energy.{kind}.Import.Register", None]
                - before[f"Energy.{kind}.Import.Register", None]
            )
            interval = after[f"Energy.{kind}.Import.Interval", None]
            assert rise == pytest.approx(interval, abs=1.1)


@pytest.mark.obligation("MV-11", "MV-14")
def test_the_main_meter_sums_up_reactive_energy_too(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    bench.configure(
        MeterValueSampleInterval="0",
        ClockAlignedDataInterval="900",
        MeterValuesAlignedData=",".join(
            item for item in EVERYTHING.split(",") if "Interval" not in item
        ),
    )
    bench.start("TAG", 1)
    bench.start("TAG", 2)
    bench.advance(901)
    told = {payload["connectorId"]: sample_of(payload) for payload in bench.sent("MeterValues")}
    for sample in told.values():
        assert_agrees(sample)
    for measurand in ("Power.Active.Import", "Power.Reactive.Import", REGISTER):
        parts = told[1][measurand, None] + told[2][measurand, None]
        assert told[0][measurand, None] == pytest.approx(parts, abs=1.1)
    for line in ("L1", "L2", "L3"):
        parts = told[1]["Current.Import", line] + told[2]["Current.Import", line]
        assert told[0]["Current.Import", line] == pytest.approx(parts, abs=0.02)


@pytest.mark.obligation("MV-29", "MV-30", "MV-33")
def test_a_register_in_steps_is_the_same_wherever_it_is_told_and_stays_over_a_power_loss(
    make_bench: BenchFactory,
):
    bench = make_bench(hardware=meter(accuracy_class_percent=1.0, resolution_wh=100.0))
    bench.configure(StopTxnSampledData=REGISTER)
    bench.start()
    bench.advance(20 * 60 + 7)
    bench.stop_button()
    bench.drive_away()
    bench.crash()
    bench.start()
    bench.advance(10 * 60 + 7)
    bench.stop_button()
    first, second = bench.sent("StopTransaction")
    started = [payload["meterStart"] for payload in bench.sent("StartTransaction")]
    assert started == [0, first["meterStop"]]
    assert second["meterStop"] > first["meterStop"] > 5_000
    registers: defaultdict[int, list[int]] = defaultdict(list)
    for stop in (first, second):
        for entry in stop["transactionData"]:
            registers[stop["transactionId"]] += [int(v["value"]) for v in entry["sampledValue"]]
        assert registers[stop["transactionId"]][-1] == stop["meterStop"]
    told = [register for several in registers.values() for register in several]
    assert told == sorted(told)
    assert {register % 100 for register in told} == {0}


@pytest.mark.obligation("MV-24", "MV-25")
def test_a_meter_that_counts_both_ways_shows_that_nothing_is_fed_back(make_bench: BenchFactory):
    bench = make_bench(hardware=meter(measurands=(REGISTER, *EXPORT.split(","))))
    bench.configure(MeterValuesSampledData=f"{REGISTER},{EXPORT}")
    bench.start()
    bench.advance(61)
    (payload,) = bench.sent("MeterValues")
    sample = sample_of(payload)
    assert sample.pop((REGISTER, None)) > 100.0
    assert set(sample.values()) == {0.0}
    units = [value["unit"] for value in payload["meterValue"][0]["sampledValue"][1:]]
    assert units == ["Wh", "W", "A", "Wh"]


@pytest.mark.obligation("MV-40")
def test_a_meter_is_not_asked_for_what_it_does_not_have(make_bench: BenchFactory):
    bench = make_bench(hardware=meter(measurands=(REGISTER, "Voltage")))
    for value, status in (
        ("Voltage.L1-N", "Accepted"),
        ("SoC", "Rejected"),
        (REGISTER, "Accepted"),
    ):
        answer = bench.ask("ChangeConfiguration", {"key": "MeterValuesSampledData", "value": value})
        assert answer.status == status
    plain = make_bench()
    for value in EXPORT.split(","):
        answer = plain.ask("ChangeConfiguration", {"key": "MeterValuesSampledData", "value": value})
        assert answer.status == "Rejected"
