"""From the charger groups of a plan to chargers, checked before anything runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from ocppsim.chargepoint.controller import ChargePointIdentity, ControllerFactory
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.errors import InvalidSetting
from ocppsim.chargepoint.moment import Moment
from ocppsim.simulation.charger import Charger
from ocppsim.simulation.definition import (
    ChargerDefinition,
    ConnectorDefinition,
    HardwareDefinition,
    MeterDefinition,
    modules_problem,
)
from ocppsim.simulation.fleet_member import FleetCharger
from ocppsim.simulation.resolved_vehicle import DEFAULT_VEHICLE
from ocppsim.templates import TemplateCatalogue, UnknownTemplate, creation_fields

from .charger_plan import ChargerGroup, ConnectorPlan
from .plan_fault import Keys, PlanFault, named_in

_ALIKE = frozenset(ConnectorPlan.model_fields)
_ROTATIONS = ("RST", "STR", "TRS")
_SINGLE_PHASE_W, _THREE_PHASE_W, _DC_W = 7_360.0, 22_080.0, 150_000.0

CheckBehaviour = Callable[[Mapping[str, str]], None]


def planned_chargers(
    groups: Sequence[ChargerGroup],
    *,
    templates: TemplateCatalogue,
    controller_factory: ControllerFactory,
    check_behaviour: CheckBehaviour,
) -> tuple[FleetCharger, ...]:
    """All chargers of the groups, in order; raises :class:`PlanFault` for what cannot be."""
    chargers: list[FleetCharger] = []
    for number, group in enumerate(groups):
        place = ("chargers", number)
        alike = _charger(group, templates, place)
        _rehearse(alike, controller_factory, check_behaviour, place)
        for index, charge_point_id in enumerate(group.charge_point_ids):
            chargers.append(_one_of(group, alike, charge_point_id, index, len(chargers) + 1))
    return tuple(chargers)


def _charger(group: ChargerGroup, templates: TemplateCatalogue, place: Keys) -> FleetCharger:
    """The first charger of a group."""
    fields: dict[str, Any] = {}
    if group.template is not None:
        try:
            fields = creation_fields(templates.get(group.template))
        except UnknownTemplate as error:
            raise PlanFault((*place, "template"), str(error)) from error
    given = group.model_fields_set
    if "connectors" not in fields or given & (_ALIKE | {"connectors"}):
        connectors = _connectors(group)
    else:
        connectors = msgspec.convert(fields["connectors"], tuple[ConnectorDefinition, ...])
    own = {name: getattr(group, name) for name in given}
    rotation = str(own.get("phase_rotation", fields.get("phase_rotation", "RST")))
    meter = group.meter.model_dump() if "meter" in given else fields.get("meter", {})
    if own.get("shared_power_w", 0) is None:
        # Nothing is shared, so the template has nothing to deal out in modules.
        fields.pop("module_power_w", None)
    hardware = HardwareDefinition(
        phase_rotation=_ROTATIONS[0] if rotation == "alternate" else rotation,
        shared_power_w=own.get("shared_power_w", fields.get("shared_power_w")),
        module_power_w=own.get("module_power_w", fields.get("module_power_w")),
        meter=msgspec.convert(meter, MeterDefinition),
    )
    problem = modules_problem(hardware)
    if problem is not None:
        raise PlanFault((*place, "module_power_w"), problem)
    first = group.charge_point_ids[0]
    definition = ChargerDefinition(
        charger_id=1,
        location_id=0,
        charger_name=first,
        connection_url="ws://csms.invalid/",
        identity=ChargePointIdentity(
            charge_point_id=first,
            charge_point_vendor=group.charge_point_vendor
            or fields.get("charge_point_vendor", "OCPP Simulator"),
            charge_point_model=group.charge_point_model
            or fields.get("charge_point_model", "Virtual"),
            firmware_version=group.firmware_version or fields.get("firmware_version"),
            meter_type=fields.get("meter_type"),
        ),
        connectors=connectors,
        behaviour={**fields.get("behaviour", {}), **group.behaviour},
        template_id=group.template,
        hardware=hardware,
    )
    configuration = {key: _as_ocpp(value) for key, value in group.configuration.items()}
    return FleetCharger(definition, {**fields.get("configuration", {}), **configuration})


def _one_of(
    group: ChargerGroup, alike: FleetCharger, charge_point_id: str, index: int, number: int
) -> FleetCharger:
    definition = alike.definition
    hardware = definition.hardware
    if group.phase_rotation == "alternate":
        rotation = _ROTATIONS[index % len(_ROTATIONS)]
        hardware = msgspec.structs.replace(hardware, phase_rotation=rotation)
    identity = msgspec.structs.replace(definition.identity, charge_point_id=charge_point_id)
    return FleetCharger(
        msgspec.structs.replace(
            definition,
            charger_id=number,
            charger_name=charge_point_id,
            identity=identity,
            hardware=hardware,
        ),
        alike.configuration,
    )


def _connectors(group: ChargerGroup) -> tuple[ConnectorDefinition, ...]:
    if isinstance(group.connectors, int):
        return (_connector(group),) * group.connectors
    return tuple(_connector(connector) for connector in group.connectors)


def _connector(plan: ConnectorPlan) -> ConnectorDefinition:
    max_power_w = plan.max_power_w
    if max_power_w is None and plan.power_type == "DC":
        max_power_w = _DC_W
    elif max_power_w is None:
        max_power_w = _THREE_PHASE_W if plan.phases == 3 else _SINGLE_PHASE_W
    cable = plan.cable or ("tethered" if plan.power_type == "DC" else "socket")
    return ConnectorDefinition(plan.power_type, max_power_w, plan.phases, cable)


def _rehearse(
    charger: FleetCharger,
    controller_factory: ControllerFactory,
    check_behaviour: CheckBehaviour,
    place: Keys,
) -> None:
    """Try behaviour and configuration on a charge point that nobody sees."""
    try:
        check_behaviour(charger.definition.behaviour)
    except InvalidSetting as error:
        name = named_in(str(error), charger.definition.behaviour)
        raise PlanFault((*place, "behaviour", *name), str(error)) from error
    nowhere = Moment(0.0, 0.0)
    rehearsal = Charger(
        charger.definition,
        DurableState(),
        controller_factory,
        lambda _: DEFAULT_VEHICLE,
        now=nowhere,
        clock_epoch_s=0.0,
        message_id_prefix="rehearsal",
        seed=0,
    )
    try:
        rehearsal.set_configuration(charger.configuration, nowhere)
    except InvalidSetting as error:
        name = named_in(str(error), charger.configuration)
        raise PlanFault((*place, "configuration", *name), str(error)) from error


def _as_ocpp(value: str | bool | int) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


__all__ = ["CheckBehaviour", "planned_chargers"]
