"""From a reading to SampledValues: by the schema, by the meter, by the list."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.v16.configuration.measurands import (
    MeterCapabilities,
    capabilities_of,
    supported_measurands,
)
from ocppsim.chargepoint.v16.sample_text import as_text, meter_values_text
from ocppsim.chargepoint.v16.sampling import (
    DEFAULT_SELECTION,
    Registers,
    merged_plan,
    plan_for,
)
from ocppsim.protocol.v16.codec import encode, validate
from ocppsim.protocol.v16.core import MeterValuesRequest
from ocppsim.protocol.v16.datatypes import MeterValue, SampledValue
from ocppsim.protocol.v16.enums import Location, Measurand, Phase, ReadingContext, UnitOfMeasure
from ocppsim.simulation.definition import ConnectorDefinition, HardwareDefinition, MeterDefinition
from ocppsim.simulation.plant import Plant
from ocppsim.simulation.resolved_vehicle import DEFAULT_VEHICLE

ONE = ConnectorId(1)
CONTEXT = ReadingContext.Sample_Periodic
THREE_PHASES = MeterCapabilities("AC", 3)
UNITS = {
    Measurand.Energy_Active_Import_Register: UnitOfMeasure.Wh,
    Measurand.Energy_Active_Import_Interval: UnitOfMeasure.Wh,
    Measurand.Energy_Reactive_Import_Register: UnitOfMeasure.varh,
    Measurand.Energy_Reactive_Import_Interval: UnitOfMeasure.varh,
    Measurand.Energy_Active_Export_Register: UnitOfMeasure.Wh,
    Measurand.Energy_Active_Export_Interval: UnitOfMeasure.Wh,
    Measurand.Energy_Reactive_Export_Register: UnitOfMeasure.varh,
    Measurand.Energy_Reactive_Export_Interval: UnitOfMeasure.varh,
    Measurand.Power_Active_Export: UnitOfMeasure.W,
    Measurand.Power_Reactive_Export: UnitOfMeasure.var,
    Measurand.Power_Reactive_Import: UnitOfMeasure.var,
    Measurand.Current_Export: UnitOfMeasure.A,
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


BIDIRECTIONAL = HardwareDefinition(
    meter=MeterDefinition(measurands=tuple(measurand.value for measurand in Measurand))
)


def charging(
    power_type: str = "AC", phases: int = 3, hardware: HardwareDefinition | None = None
) -> Plant:
    """A plant that has delivered energy for ten minutes."""
    definition = ConnectorDefinition(
        power_type="DC" if power_type == "DC" else "AC",
        phases=phases,
        max_power_w=7360.0 * max(phases, 1),
    )
    plant = Plant([definition], 1, hardware or HardwareDefinition())
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
    st.sampled_from([None, BIDIRECTIONAL]),
)
def test_every_plan_fits_the_schema_and_says_its_unit_and_context(
    kind: tuple[str, int],
    measurands: list[Measurand],
    context: ReadingContext,
    hardware: HardwareDefinition | None,
):
    plant = charging(*kind, hardware)
    capabilities = capabilities_of(plant)
    supported = [one for one in measurands if one in supported_measurands(capabilities)]
    plan = plan_for(",".join(one.value for one in supported), capabilities, DEFAULT_SELECTION)
    values = plan.sample(plant.read_meter(ONE, 600.0), context)
    assert plan.sample_texts(plant.read_meter(ONE, 600.0), context) == [as_text(v) for v in values]
    values += plan.sample_interval(Registers(100.0, 10.0), Registers(112.25, 11.0), context)
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


@pytest.mark.parametrize("transaction_id", [None, 17, -1])
def test_a_sample_written_by_template_is_what_its_objects_encode_to(transaction_id: int | None):
    everything = ",".join(one.value for one in supported_measurands(THREE_PHASES))
    asked = f"{everything},Voltage.L1-L2,Current.Import.N,Voltage.L2"
    values = sample(asked, charging())
    request = MeterValuesRequest(
        connector_id=ONE,
        meter_value=[MeterValue("2026-01-01T00:00:00.000Z", values)],
        transaction_id=transaction_id,
    )
    plant = charging()
    texts = plan_for(asked, capabilities_of(plant)).sample_texts(
        plant.read_meter(ONE, 600.0), CONTEXT
    )
    stamp = "2026-01-01T00:00:00.000Z"
    written = meter_values_text(ONE, stamp, ",".join(texts), transaction_id).encode()
    assert written == encode(request)


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


def test_lines_are_told_to_each_other_and_to_neutral_where_a_list_names_them():
    plant = charging()
    reading = plant.read_meter(ONE, 600.0)
    between, neutral = sample("Voltage.L3-L1,Current.Import.N", plant)
    assert (between.phase, neutral.phase) == (Phase.L3_L1, Phase.N)
    assert float(between.value) == pytest.approx(reading.voltage_v * 3**0.5, rel=0.004)
    assert float(neutral.value) == 0.0


def test_the_neutral_of_one_phase_carries_its_current():
    line, neutral = sample("Current.Import.L1,Current.Import.N", charging(phases=1))
    assert line.value == neutral.value != "0.00"


def test_what_two_of_three_lines_carry_comes_back_through_neutral():
    plant = Plant([ConnectorDefinition()], seed=1)
    spec = msgspec.structs.replace(DEFAULT_VEHICLE.spec, ac_phases=2)
    plant.plug_in(ONE, msgspec.structs.replace(DEFAULT_VEHICLE, spec=spec), 0.0)
    plant.offer_energy(ONE, plant.max_power_w(ONE), 0.0)
    one, two, three, neutral = [
        float(value.value) for value in sample("Current.Import,Current.Import.N", plant)
    ]
    assert one == two == neutral > 0.0 == three


def test_reactive_power_is_told_as_active_power_is():
    values = sample("Power.Reactive.Import", charging())
    assert [value.phase for value in values] == [None, Phase.L1, Phase.L2, Phase.L3]
    total, *lines = [float(value.value) for value in values]
    assert total == pytest.approx(sum(lines), abs=0.2)


def test_a_meter_that_has_export_registers_shows_nothing_on_them():
    text = "Energy.Active.Export.Register,Power.Active.Export,Current.Export"
    assert [value.value for value in sample(text, charging(hardware=BIDIRECTIONAL))] == [
        "0",
        "0.0",
        "0.00",
    ]


def test_a_simple_meter_has_its_register_and_what_it_is_said_to_have():
    simple = HardwareDefinition(meter=MeterDefinition(measurands=("SoC", "RPM")))
    capabilities = capabilities_of(Plant([ConnectorDefinition()], 1, simple))
    assert supported_measurands(capabilities) == {
        Measurand.Energy_Active_Import_Register,
        Measurand.SoC,
    }
    with pytest.raises(ValueError):
        plan_for("Voltage", capabilities)


def test_no_meter_has_what_its_outlet_cannot_have():
    capabilities = capabilities_of(charging("DC", hardware=BIDIRECTIONAL))
    assert not supported_measurands(capabilities) & {
        Measurand.Frequency,
        Measurand.Power_Reactive_Import,
        Measurand.RPM,
    }
