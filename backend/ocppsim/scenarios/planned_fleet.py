"""From a plan to what the engines take: chargers, visits, and the script of the CSMS."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

import msgspec

from ocppsim.chargepoint.controller import ChargePointIdentity, ControllerFactory
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.errors import InvalidSetting
from ocppsim.chargepoint.moment import Moment
from ocppsim.physics.site import SiteDefinition
from ocppsim.simulation.charger import Charger
from ocppsim.simulation.definition import (
    ChargerDefinition,
    ConnectorDefinition,
    HardwareDefinition,
    MeterDefinition,
    modules_problem,
)
from ocppsim.simulation.fleet_csms import CsmsScript, PlannedCall
from ocppsim.simulation.fleet_disturbances import Disturbance
from ocppsim.simulation.fleet_member import FleetCharger
from ocppsim.simulation.resolved_vehicle import DEFAULT_VEHICLE
from ocppsim.simulation.vehicle_models import VehicleModels
from ocppsim.simulation.visit import Visit
from ocppsim.templates import TemplateCatalogue, UnknownTemplate, creation_fields

from .arrivals import Arrivals, entry_key
from .charger_plan import ChargerGroup, ConnectorPlan
from .csms_plan import AtChargers
from .plan import Plan
from .plan_fault import Keys, PlanFault, named_in
from .planned_disturbances import disturbances_of
from .vehicle_pool import VehiclePool

_ALIKE = frozenset(ConnectorPlan.model_fields)
_ROTATIONS = ("RST", "STR", "TRS")
_SINGLE_PHASE_W, _THREE_PHASE_W, _DC_W = 7_360.0, 22_080.0, 150_000.0

CheckBehaviour = Callable[[Mapping[str, str]], None]


class PlannedFleet(msgspec.Struct, frozen=True):
    """What happens, in the terms of the engines; chargers go by their place in ``chargers``.

    ``without_vehicle`` counts the arrivals for which no vehicle was at home, ``after_the_end`` the
    sessions, CALLs and disturbances of the plan that would come when the run is over.
    """

    chargers: tuple[FleetCharger, ...]
    visits: tuple[Visit, ...]
    csms: CsmsScript
    disturbances: tuple[Disturbance, ...]
    site: SiteDefinition | None
    without_vehicle: int
    after_the_end: int


def planned_fleet(
    plan: Plan,
    *,
    templates: TemplateCatalogue,
    models: VehicleModels,
    controller_factory: ControllerFactory,
    check_behaviour: CheckBehaviour,
) -> PlannedFleet:
    """What the plan comes to; the same plan gives the same. Raises :class:`PlanFault`."""
    chargers: list[FleetCharger] = []
    for number, group in enumerate(plan.chargers):
        place = ("chargers", number)
        alike = _charger(group, templates, place)
        _rehearse(alike, controller_factory, check_behaviour, place)
        for index, charge_point_id in enumerate(group.charge_point_ids):
            chargers.append(_one_of(group, alike, charge_point_id, index, len(chargers) + 1))
    places = {charger.definition.charge_point_id: n for n, charger in enumerate(chargers)}
    pool = VehiclePool(plan.vehicles, models)
    arrivals = Arrivals(pool, start_epoch_s=plan.start, duration_s=plan.duration, seed=plan.seed)
    for number, session in enumerate(plan.sessions):
        place = ("sessions", number)
        if session.charger not in places:
            raise PlanFault((*place, "charger"), f"there is no charger {session.charger!r}")
        charger = places[session.charger]
        connectors = len(chargers[charger].definition.connectors)
        if session.connector is not None and session.connector > connectors:
            raise PlanFault((*place, "connector"), f"the charger has {connectors}")
        pool.check(None if session.vehicle is None else [session.vehicle], (*place, "vehicle"))
        try:
            arrivals.add_session(session, charger)
        except ValueError as error:
            raise PlanFault(place, str(error)) from error
    for number, pattern in enumerate(plan.arrivals):
        place = ("arrivals", number)
        pool.check(pattern.vehicles, (*place, "vehicles"))
        chosen = _chosen(pattern.chargers or ("*",), places, (*place, "chargers"))
        # By their ids, so that the order of the groups decides nothing
        by_id = sorted(chosen, key=lambda one: chargers[one].definition.charge_point_id)
        arrivals.add_pattern(pattern, number, tuple(by_id))
    visits = tuple(arrivals.visits())
    times_s = [visit.at_s for visit in visits]
    planned = (*plan.csms.profiles, *plan.csms.calls, *plan.disturbances)
    times_s += [one.at.after(plan.start) for one in planned if one.at is not None]
    return PlannedFleet(
        chargers=tuple(chargers),
        visits=visits,
        csms=_script(plan, places),
        disturbances=tuple(_disturbances(plan, places, chargers)),
        site=plan.site_definition,
        without_vehicle=arrivals.without_vehicle,
        after_the_end=sum(at_s > plan.duration for at_s in times_s),
    )


def _disturbances(
    plan: Plan, places: Mapping[str, int], chargers: Sequence[FleetCharger]
) -> Iterator[Disturbance]:
    names: set[str] = set()
    for number, what in enumerate(plan.disturbances):
        place = ("disturbances", number)
        if what.at is not None and what.at.after(plan.start) < 0.0:
            raise PlanFault((*place, "at"), "it is before the start")
        chosen = _chosen(what.chargers, places, (*place, "chargers"))
        for one in chosen:
            definition = chargers[one].definition
            if what.connector > len(definition.connectors):
                raise PlanFault(
                    (*place, "connector"),
                    f"{definition.charge_point_id} has {len(definition.connectors)}",
                )
        key = entry_key(what.name, number, names)
        found = [(one, chargers[one].definition.charge_point_id) for one in chosen]
        yield from disturbances_of(what, plan, key, found)


def _script(plan: Plan, places: Mapping[str, int]) -> CsmsScript:
    csms = plan.csms
    id_tags: dict[str, str] = dict.fromkeys(csms.accepted_tags or (), "Accepted")
    calls: list[PlannedCall] = []
    for number, profile in enumerate(csms.profiles):
        place = ("csms", "profiles", number)
        calls += _calls(plan, profile, "SetChargingProfile", profile.payload, places, place)
    for number, call in enumerate(csms.calls):
        place = ("csms", "calls", number)
        calls += _calls(plan, call, call.action, call.payload, places, place)
    return CsmsScript(
        heartbeat_interval_s=csms.heartbeat_interval_s,
        answer_delay_s=csms.answer_delay_s,
        id_tags=id_tags | csms.refused_tags,
        other_tags="Accepted" if csms.accepted_tags is None else "Invalid",
        calls=tuple(calls),
    )


def _calls(
    plan: Plan,
    what: AtChargers,
    action: str,
    payload: dict[str, Any],
    places: Mapping[str, int],
    place: Keys,
) -> list[PlannedCall]:
    chosen = _chosen(what.chargers, places, (*place, "chargers"))
    at_s = what.at.after(plan.start)
    if at_s < 0.0:
        raise PlanFault((*place, "at"), "it is before the start")
    calls: list[PlannedCall] = []
    while at_s <= plan.duration:
        calls += [PlannedCall(at_s, charger, action, payload) for charger in chosen]
        if what.every is None:
            break
        at_s += what.every
    return calls


def _chosen(patterns: Sequence[str], places: Mapping[str, int], where: Keys) -> tuple[int, ...]:
    chosen: dict[int, None] = {}
    for pattern in patterns:
        exact = places.get(pattern)
        found = (
            [place for name, place in places.items() if fnmatchcase(name, pattern)]
            if exact is None
            else [exact]
        )
        if not found:
            raise PlanFault(where, f"no charger is called {pattern!r}")
        chosen.update(dict.fromkeys(found))
    return tuple(chosen)


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


__all__ = ["CheckBehaviour", "PlannedFleet", "planned_fleet"]
