"""Intervals of energy: what belongs to which transaction and to which time."""

from __future__ import annotations

from typing import Any

import pytest

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.simulation.central_system import CentralSystem
from ocppsim.simulation.definition import ChargerDefinition, ConnectorDefinition
from ocppsim.simulation.virtual_bench import VirtualBench

INTERVAL = "Energy.Active.Import.Interval"
REGISTER = "Energy.Active.Import.Register"


def make_bench(**configuration: str) -> VirtualBench:
    return VirtualBench(
        ChargerDefinition(
            charger_id=1,
            location_id=1,
            charger_name="Charger",
            connection_url="ws://csms.example/ocpp",
            identity=ChargePointIdentity("CP001", "Vendor", "Model"),
            connectors=(ConnectorDefinition(),),
        ),
        CentralSystem(clock_epoch_s=VirtualBench.EPOCH_S),
        ChargePoint,
        durable=DurableState(configuration={"MeterValueSampleInterval": "0"} | configuration),
    )


def intervals(bench: VirtualBench, connector_id: int = 1) -> list[tuple[str, float, int | None]]:
    """Time, energy and transaction of every interval that was told."""
    told: list[tuple[str, float, int | None]] = []
    for payload in bench.sent("MeterValues"):
        if payload["connectorId"] != connector_id:
            continue
        meter_value: dict[str, Any]
        for meter_value in payload["meterValue"]:
            for sample in meter_value["sampledValue"]:
                if sample["measurand"] == INTERVAL:
                    time = meter_value["timestamp"][11:19]
                    told.append((time, float(sample["value"]), payload.get("transactionId")))
    return told


def test_an_aligned_interval_of_a_transaction_begins_with_it():
    bench = make_bench(
        ClockAlignedDataInterval="3600", MeterValuesAlignedData=f"{REGISTER},{INTERVAL}"
    )
    bench.advance(600)
    bench.start("ONE")
    bench.advance(600)
    bench.stop_button()
    bench.advance(600)
    bench.tag("TWO")
    bench.advance(3600)
    start_one, start_two = (call["meterStart"] for call in bench.sent("StartTransaction"))
    assert start_one == 0
    assert start_two > 1000
    (time, energy_wh, transaction_id), *_ = intervals(bench)
    assert (time, transaction_id) == ("00:30:00", 2)
    at_one_hour = bench.sent("MeterValues")[1]["meterValue"][0]["sampledValue"][0]["value"]
    assert energy_wh == pytest.approx(int(at_one_hour) - start_two, abs=2)


def test_the_main_meter_counts_the_whole_interval():
    bench = make_bench(
        ClockAlignedDataInterval="3600", MeterValuesAlignedData=f"{REGISTER},{INTERVAL}"
    )
    bench.advance(600)
    bench.start("ONE")
    bench.advance(3600)
    (time, energy_wh, transaction_id), *_ = intervals(bench, 0)
    assert (time, transaction_id) == ("00:00:00", None)
    assert energy_wh == pytest.approx(22_080 * 50 / 60, rel=0.05)


@pytest.mark.parametrize(
    ("late_s", "time"), [(0.02, "00:15:00.000Z"), (0.9, "00:15:00.000Z"), (5.0, "00:15:05.000Z")]
)
def test_aligned_values_carry_the_aligned_instant_unless_they_are_really_late(
    late_s: float, time: str
):
    bench = make_bench(ClockAlignedDataInterval="900", MeterValuesAlignedData=REGISTER)
    bench.start("ONE")
    bench.advance_to(899.0)
    bench.now_s = 900.0 + late_s
    bench.settle()
    stamps = {payload["meterValue"][0]["timestamp"][11:] for payload in bench.sent("MeterValues")}
    assert stamps == {time}


def test_moving_the_clock_moves_the_aligned_times_and_nothing_else():
    bench = make_bench(
        ClockAlignedDataInterval="900",
        MeterValuesAlignedData=REGISTER,
        MeterValueSampleInterval="60",
        HeartbeatInterval="0",
    )
    bench.start("ONE")
    bench.advance(30)
    bench.set_clock(840.0)
    bench.advance(30)
    contexts = [
        payload["meterValue"][0]["sampledValue"][0]["context"]
        for payload in bench.sent("MeterValues")
    ]
    assert contexts == ["Sample.Clock", "Sample.Clock", "Sample.Periodic"]
