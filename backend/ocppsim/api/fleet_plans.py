"""Plans that come over REST: what they come to, or the problem with the line of the plan."""

from __future__ import annotations

import asyncio
from typing import Any, NamedTuple

from ocppsim.fleet.shard import Shard, part_of
from ocppsim.runtime.vehicle_library import vehicle_models
from ocppsim.scenarios.live_plan import csms_url_problem
from ocppsim.scenarios.plan import LONGEST_RUN_S, Plan
from ocppsim.scenarios.plan_fault import PlanFault
from ocppsim.scenarios.plan_secrets import masked_secret
from ocppsim.scenarios.plan_text import parse_plan, with_line
from ocppsim.scenarios.planned_fleet import planned_fleet
from ocppsim.scenarios.quantities import parse_duration

from .problems import Unprocessable
from .schemas.fleet_run import FleetRunOrder
from .services import Services


class CheckedPlan(NamedTuple):
    """A plan as it is to be run, and what it comes to."""

    plan: Plan
    chargers: int
    connectors: int
    visits: int


async def checked_plan(services: Services, order: FleetRunOrder) -> CheckedPlan:
    """Raises ``Unprocessable`` for what cannot be run; of large plans one is read at a time."""
    async with services.plan_reading:
        return await asyncio.to_thread(_checked, services, order)


def _checked(services: Services, order: FleetRunOrder) -> CheckedPlan:
    try:
        plan = _overridden(parse_plan(order.plan), order)
        _check(plan)
        fleet = planned_fleet(
            plan,
            templates=services.charger_templates,
            models=vehicle_models(),
            controller_factory=services.controller_factory,
            check_behaviour=services.check_behaviour,
        )
    except PlanFault as fault:
        raise _problem(with_line(fault, order.plan)) from fault
    if order.processes > 1:
        try:
            part_of(fleet, Shard(0, 2))
        except ValueError as error:
            raise Unprocessable(f"processes: {error}", "processes") from error
    connectors = sum(len(one.definition.connectors) for one in fleet.chargers)
    return CheckedPlan(plan, len(fleet.chargers), connectors, len(fleet.visits))


def _check(plan: Plan) -> None:
    """Raises ``PlanFault`` for what a plan over REST must have, or must not."""
    if plan.traces:  # they are files, of this machine and not of the client's
        reason = "a plan over REST names no files; give the visits in sessions"
        raise PlanFault(("traces", 0, "file"), reason)
    if not plan.live.csms_urls:
        reason = "there is no CSMS; name one here or beside the plan"
        raise PlanFault(("live", "csms_urls"), reason)
    masked = masked_secret(plan)
    if masked is not None:
        raise PlanFault(masked, "this is how a secret is shown; give the secret itself")


def _overridden(plan: Plan, order: FleetRunOrder) -> Plan:
    changes: dict[str, Any] = {}
    if order.seed is not None:
        changes["seed"] = order.seed
    if order.duration is not None:
        try:
            changes["duration"] = parse_duration(order.duration)
        except ValueError as error:
            raise Unprocessable(f"duration: {error}", "duration") from error
        if not 0.0 < changes["duration"] <= LONGEST_RUN_S:
            raise Unprocessable("duration: it is above 0 and at most 366d", "duration")
    if order.csms_urls is not None:
        for url in order.csms_urls:
            problem = csms_url_problem(url)
            if problem is None and plan.live.security_profile >= 2 and not _is_secure(url):
                problem = f"security profile {plan.live.security_profile} wants wss://"
            if problem is not None:
                raise Unprocessable(f"csms_urls: {problem}", "csms_urls")
        live = plan.live.model_copy(update={"csms_urls": tuple(order.csms_urls)})
        changes["live"] = live
    return plan.model_copy(update=changes)


def _is_secure(url: str) -> bool:
    return url.lower().startswith("wss:")


def _problem(fault: PlanFault) -> Unprocessable:
    error = {"loc": ["body", "plan", *fault.keys], "msg": fault.reason, "line": fault.line}
    return Unprocessable(f"plan: {fault}", errors=[error])


__all__ = ["CheckedPlan", "checked_plan"]
