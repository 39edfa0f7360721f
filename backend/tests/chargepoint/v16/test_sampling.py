"""From a reading to SampledValues: by the schema, by the meter, by the list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.v16.configuration.measurands import (
    MeterCapabilities,
    capabilities_of,
    supported_measurands,
)
from ocppsim.chargepoint.v16.sampling import (
    DEFAULT_SELECTION,
    interval_value,
    merged_plan,
    plan_for,
)
from ocppsim.protocol.v16.codec import validate
from ocppsim.protocol.v16.core import MeterValuesRequest
from ocppsim.protocol.v16.datatypes import MeterValue, SampledValue
from ocppsim.protocol.v16.enums import Location, Measurand, Phase, ReadingContext, UnitOfMeasure
from ocppsim.simulation.definition import ConnectorDefinition
from ocppsim.simulation.plant import Plant
from ocppsim.simulation.resolved_vehicle import DEFAULT_VEHICLE

ONE = ConnectorId(1)
CONTEXT = ReadingContext.Sample_Periodic
THREE_PHASES = MeterCapabilities("AC", 3)
UNITS = {
    Measurand.Energy_Active_Import_Register: UnitOfMeasure.Wh,
    Measurand.Energy_Active_Import_Interval: UnitOfMeasure.Wh,
    Measurand.Power_Active_Import: UnitOfMeasure.W,
    Measurand.Power_Offered: UnitOfMeasure.W,
    Measurand.Current_Import: UnitOfMeasure.A,
    Measurand.Current_Offered: UnitOfMeasure.A,
    Measurand.Voltage: UnitOfMeasure.V,
    Measurand.SoC: UnitOfMeasure.Percent,
    Measurand.Temperature: UnitOfMeasure.Celsius,
    Measurand.Frequency: None,
    Measurand.Power_Factor: None,
}


def charging(power_type: str = "AC", phases: int = 3) -> Plant:
    """A plant that has delivered energy for ten minutes."""
    definition = ConnectorDefinition(
        power_type="DC" if power_type == "DC" else "AC",
        phases=phases,
        max_power_w=7360.0 * max(phases, 1),
    )
    plant = Plant([definition], seed=1)
    plant.plug_in(ONE, DEFAULT_VEHICLE, 0.0, soc_percent=None, lock_fails=False)
    plant.offer_energy(ONE, plant.max_power_w(ONE), 0.0)
    return plant


def sample(text: str, plant: Plant) -> list[SampledValue]:
    plan = plan_for(text, capabilities_of(plant))
    return plan.sample(plant.read_meter(ONE, 600.0), CONTEXT)


@given(
    st.sampled_from([("AC", 3), ("AC", 1), ("DC", 3)]),
    st.lists(st.sampled_from(list(Measurand)), unique=True, min_size=1),
    st.sampled_from(list(ReadingContext)),
)
def test_every_plan_fits_the_schema_and_says_its_unit_and_context(
    hardware: tuple[str, int], measurands: list[Measurand], context: ReadingContext
):
    plant = charging(*hardware)
    capabilities = capabilities_of(plant)
    supported = [one for one in measurands if one in supported_measurands(capabilities)]
    plan = plan_for(",".join(one.value for one in supported), capabilities, DEFAULT_SELECTION)
    values = plan.sample(plant.read_meter(ONE, 600.0), context)
    if plan.has_interval:
        values.append(interval_value(12.25, context))
    for value in values:
        measurand = value.measurand or Measurand.Energy_Active_Import_Register
        assert value.context is context
        assert value.unit is UNITS[measurand]
        assert float(value.value) >= 0
    told = {value.measurand for value in values}
    assert told == set(supported or [Measurand.Energy_Active_Import_Register])
    validate(
        MeterValuesRequest(
            connector_id=ONE, meter_value=[MeterValue("2026-01-01T00:00:00Z", values)]
        )
    )


def test_three_phases_are_told_one_by_one_and_power_in_total_too():
    values = sample("Voltage,Current.Import,Power.Active.Import", charging())
    phases = [(value.measurand, value.phase) for value in values]
    assert phases == [
        (Measurand.Voltage, Phase.L1_N),
        (Measurand.Voltage, Phase.L2_N),
        (Measurand.Voltage, Phase.L3_N),
        (Measurand.Current_Import, Phase.L1),
        (Measurand.Current_Import, Phase.L2),
        (Measurand.Current_Import, Phase.L3),
        (Measurand.Power_Active_Import, None),
        (Measurand.Power_Active_Import, Phase.L1),
        (Measurand.Power_Active_Import, Phase.L2),
        (Measurand.Power_Active_Import, Phase.L3),
    ]
    total, *lines = [float(value.value) for value in values[6:]]
    assert total == pytest.approx(sum(lines), abs=0.2)


def test_one_phase_says_its_power_once():
    values = sample("Power.Active.Import,Current.Import", charging(phases=1))
    assert [(value.measurand, value.phase) for value in values] == [
        (Measurand.Power_Active_Import, None),
        (Measurand.Current_Import, Phase.L1),
    ]


def test_dc_has_no_phases():
    values = sample("Voltage,Current.Import,Power.Active.Import,SoC", charging("DC"))
    assert [value.phase for value in values] == [None] * 4
    assert values[-1].location is Location.EV


def test_a_suffix_picks_the_phase_by_the_name_that_was_asked_for():
    plant = charging()
    reading = plant.read_meter(ONE, 600.0)
    by_line = sample("Voltage.L2,Voltage.L2-N", plant)
    assert [value.phase for value in by_line] == [Phase.L2, Phase.L2_N]
    assert {value.value for value in by_line} == {f"{reading.phase_voltage_v[1]:.1f}"}


def test_registers_are_whole_and_never_rounded_up():
    plant = charging()
    (value,) = sample("Energy.Active.Import.Register", plant)
    energy_wh = plant.read_meter(ONE, 600.0).energy_wh
    assert value.value == str(int(energy_wh))


def test_an_empty_list_says_nothing_or_the_default():
    assert not plan_for("", THREE_PHASES)
    default = plan_for("", THREE_PHASES, DEFAULT_SELECTION)
    assert default.selections == (DEFAULT_SELECTION,)


def test_two_lists_are_merged_without_repeating_anything():
    one = plan_for("SoC,Voltage", THREE_PHASES)
    other = plan_for("Voltage,Voltage.L1,Energy.Active.Import.Interval", THREE_PHASES)
    merged = merged_plan(one, other)
    assert [selection.measurand for selection in merged.selections] == [
        Measurand.SoC,
        Measurand.Voltage,
        Measurand.Voltage,
    ]
    assert not merged.has_interval
