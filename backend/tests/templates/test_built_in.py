"""Every charger model of the program is one that works."""

from __future__ import annotations

import msgspec
import pytest

from ocppsim.api.charger_rules import new_definition
from ocppsim.api.schemas.charger_input import ChargerCreate
from ocppsim.api.template_rules import check_template, with_template
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.v16.behaviour import check_behaviour
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.physics import VehicleSpec
from ocppsim.protocol.v16.enums import Measurand
from ocppsim.simulation.central_system import CentralSystem
from ocppsim.simulation.definition import ChargerDefinition
from ocppsim.simulation.resolved_vehicle import DEFAULT_VEHICLE
from ocppsim.simulation.virtual_bench import VirtualBench
from ocppsim.templates import ChargerTemplate, creation_fields, read_catalogue

CATALOGUE = read_catalogue()
every_template = pytest.mark.parametrize(
    "template", [pytest.param(template, id=template.id) for template in CATALOGUE]
)


def made_from(template: ChargerTemplate) -> tuple[ChargerDefinition, dict[str, str]]:
    body = ChargerCreate(
        charge_point_id="CP1",
        charger_name="One",
        connection_url="ws://csms.example/ocpp",
        template_id=template.id,
    )
    body = with_template(body, CATALOGUE)
    return new_definition(1, body), body.configuration


def bench_of(template: ChargerTemplate) -> VirtualBench:
    definition, configuration = made_from(template)
    return VirtualBench(
        definition,
        CentralSystem(clock_epoch_s=VirtualBench.EPOCH_S),
        ChargePoint,
        durable=DurableState(configuration=configuration),
    )


def test_there_is_a_model_for_every_usual_charger() -> None:
    assert len(CATALOGUE) >= 12
    contents = [template.content for template in CATALOGUE]
    connectors = [connector for content in contents for connector in content.connectors]
    ac = {(each.phases, each.max_power_w) for each in connectors if each.power_type == "AC"}
    assert ac >= {(1, 3680), (1, 7360), (3, 11_040), (3, 22_080)}
    dc_kw = {each.max_power_w / 1000 for each in connectors if each.power_type == "DC"}
    assert dc_kw >= {24, 50, 150, 300, 350, 400}
    assert {each.definition().cable for each in connectors} == {"socket", "tethered"}
    assert any(content.module_power_w for content in contents)
    assert any(
        {each.power_type for each in content.connectors} == {"AC", "DC"} for content in contents
    )


@every_template
def test_it_says_who_made_it_and_what_it_is(template: ChargerTemplate) -> None:
    content = template.content
    assert template.built_in
    assert content.description.endswith(".")
    assert content.charge_point_vendor
    assert content.charge_point_model
    assert content.meter.measurands
    assert Measurand.Energy_Active_Import_Register in content.meter.measurands


@every_template
def test_its_configuration_and_behaviour_are_accepted(template: ChargerTemplate) -> None:
    def rehearse(definition: ChargerDefinition, values: object) -> None:
        check_behaviour(definition.behaviour)

    check_template(template, rehearse)
    bench = bench_of(template)
    bench.settle()
    for key, value in creation_fields(template)["configuration"].items():
        assert bench.configured(key) == value, key


@every_template
def test_it_boots_and_charges_at_every_connector(template: ChargerTemplate) -> None:
    bench = bench_of(template)
    bench.settle()
    assert len(bench.sent("BootNotification")) == 1
    # What a meter shows may be above what flows, by its class.
    shown_share = 1 + template.content.meter.accuracy_class_percent / 100
    for number, connector in enumerate(template.content.connectors, start=1):
        bench.start(f"TAG{number}", number)
        bench.advance(600.0)
        reading = bench.charger.plant.read_meter(ConnectorId(number), bench.now_s)
        assert 0 < reading.power_w <= connector.max_power_w * shown_share
        assert reading.energy_wh > 0
        bench.tag(f"TAG{number}", number)
        bench.drive_away(number)
        assert bench.status(number) == "Available"
    sampled = bench.sent("MeterValues")
    assert len(sampled) >= len(template.content.connectors)
    assert bench.violations == []


@every_template
def test_a_car_that_fits_is_given_all_that_a_connector_has(template: ChargerTemplate) -> None:
    bench = bench_of(template)
    for number, connector in enumerate(template.content.connectors, start=1):
        power_kw = connector.max_power_w / 1000.0
        spec = VehicleSpec(
            "Fits",
            battery_capacity_kwh=600.0,
            ac_max_power_kw=power_kw,
            ac_phases=connector.phases,
            dc_max_power_kw=power_kw,
        )
        bench.vehicle = msgspec.structs.replace(DEFAULT_VEHICLE, spec=spec, soc_percent=20.0)
        bench.start(f"TAG{number}", number)
        bench.advance(60.0)
        reading = bench.charger.plant.read_meter(ConnectorId(number), bench.now_s)
        assert reading.power_w == pytest.approx(connector.max_power_w, rel=0.02)
        bench.tag(f"TAG{number}", number)
        bench.drive_away(number)


@every_template
def test_every_measurand_that_it_claims_is_in_its_meter_values(template: ChargerTemplate) -> None:
    bench = bench_of(template)
    bench.settle()
    claimed = {str(measurand) for measurand in template.content.meter.measurands or ()}
    wanted = ",".join(sorted(claimed))
    bench.configure(
        MeterValuesSampledData=wanted, StopTxnSampledData=wanted, MeterValueSampleInterval="10"
    )
    for number in range(1, len(template.content.connectors) + 1):
        bench.start(f"TAG{number}", number)
        bench.advance(30.0)
        values = [
            sampled
            for sent in bench.sent("MeterValues")
            if sent["connectorId"] == number
            for value in sent["meterValue"]
            for sampled in value["sampledValue"]
        ]
        assert {sampled["measurand"] for sampled in values} == claimed
        assert all(float(sampled["value"]) >= 0.0 for sampled in values)
        bench.tag(f"TAG{number}", number)
        bench.drive_away(number)
    assert bench.violations == []


@pytest.mark.parametrize(
    "template",
    [
        pytest.param(template, id=template.id)
        for template in CATALOGUE
        if template.content.shared_power_w is not None
    ],
)
def test_its_connectors_share_what_it_has(template: ChargerTemplate) -> None:
    bench = bench_of(template)
    bench.settle()
    count = len(template.content.connectors)
    for number in range(1, count + 1):
        bench.start(f"TAG{number}", number)
        bench.advance(120.0)
    offered_w = [
        bench.charger.plant.read_meter(ConnectorId(number), bench.now_s).power_offered_w
        for number in range(1, count + 1)
    ]
    shared_w = template.content.shared_power_w or 0.0
    assert all(power_w > 0 for power_w in offered_w)
    assert sum(offered_w) <= shared_w + 1
    assert sum(offered_w) > 0.5 * shared_w
    assert bench.violations == []
