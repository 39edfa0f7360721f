"""From a plan to what the engines take: chargers, visits, and the script of the CSMS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import msgspec

from ocppsim.chargepoint.controller import ControllerFactory
from ocppsim.physics.site import SiteDefinition
from ocppsim.simulation.fleet_csms import CsmsScript, PlannedCall
from ocppsim.simulation.fleet_disturbances import Disturbance
from ocppsim.simulation.fleet_member import FleetCharger
from ocppsim.simulation.vehicle_models import VehicleModels
from ocppsim.simulation.visit import Visit
from ocppsim.templates import TemplateCatalogue

from .arrivals import Arrivals, entry_key
from .csms_plan import AtChargers
from .plan import Plan
from .plan_fault import Keys, PlanFault
from .planned_chargers import CheckBehaviour, planned_chargers
from .planned_disturbances import disturbances_of
from .quantities import DAY_S
from .trace_plan import TracePlan, TraceRow, trace_rows
from .vehicle_pool import VehiclePool

_MOST = 2_000_000


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
    directory: Path | None = None,
) -> PlannedFleet:
    """What the plan comes to; the same plan gives the same. Raises :class:`PlanFault`.

    The files that the plan names are looked for in ``directory``, by default where the program
    was started.
    """
    chargers = planned_chargers(
        plan.chargers,
        templates=templates,
        controller_factory=controller_factory,
        check_behaviour=check_behaviour,
    )
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
        per_day = pattern.per_day or (pattern.per_charger_per_day or 0.0) * len(chosen)
        _refuse_too_many(per_day * plan.duration / DAY_S, place, "visits")
        # By their ids, so that the order of the groups decides nothing
        by_id = sorted(chosen, key=lambda one: chargers[one].definition.charge_point_id)
        arrivals.add_pattern(pattern, number, tuple(by_id))
    for number, trace in enumerate(plan.traces):
        _add_trace(trace, number, directory or Path(), places, chargers, pool, arrivals)
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


def _add_trace(
    trace: TracePlan,
    number: int,
    directory: Path,
    places: Mapping[str, int],
    chargers: Sequence[FleetCharger],
    pool: VehiclePool,
    arrivals: Arrivals,
) -> None:
    place = ("traces", number)
    pool.check(trace.vehicles, (*place, "vehicles"))
    anywhere = _chosen(trace.chargers, places, (*place, "chargers"))
    by_id = tuple(sorted(anywhere, key=lambda one: chargers[one].definition.charge_point_id))
    for index, (where, row) in enumerate(trace_rows(trace, directory, place)):
        if index >= _MOST:
            _refuse_too_many(index + 1, place, "visits")
        problem = _row_problem(row, places, chargers)
        if problem is None:
            charger = None if row.charger is None else (places[row.charger],)
            try:
                pool.check(None if row.vehicle is None else [row.vehicle], place)
                arrivals.add_row(trace, row, (number, index), charger or by_id)
            except PlanFault as fault:
                problem = f"vehicle: {fault.reason}"
            except ValueError as error:
                problem = str(error)
        if problem is not None:
            raise PlanFault((*place, "file"), f"{where}: {problem}")


def _row_problem(
    row: TraceRow, places: Mapping[str, int], chargers: Sequence[FleetCharger]
) -> str | None:
    if row.charger is None:
        return None
    if row.charger not in places:
        return f"charger: there is no charger {row.charger!r}"
    connectors = len(chargers[places[row.charger]].definition.connectors)
    if row.connector is not None and row.connector > connectors:
        return f"connector: the charger has {connectors}"
    return None


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
        per_s = (what.per_charger_per_day or 0.0) / DAY_S
        if what.every is not None:
            per_s = what.share / what.every
        _refuse_too_many(per_s * plan.duration * len(chosen), place, "disturbances")
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
    if what.every is not None:
        _refuse_too_many(plan.duration / what.every * len(chosen), place, "CALLs")
    calls: list[PlannedCall] = []
    while at_s <= plan.duration:
        calls += [PlannedCall(at_s, charger, action, payload) for charger in chosen]
        if what.every is None:
            break
        at_s += what.every
    return calls


def _refuse_too_many(number: float, place: Keys, what: str) -> None:
    """All of them are planned before the run begins, and take memory from then on."""
    if number > _MOST:
        raise PlanFault(place, f"it comes to {number:,.0f} {what}; {_MOST:,} are the most")


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


__all__ = ["CheckBehaviour", "PlannedFleet", "planned_fleet"]
