"""The composite schedule: the limits to come, as they would be if nothing happened (1.6 §5.7)."""

from __future__ import annotations

from math import ceil

import msgspec

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.protocol.v16.enums import ChargingProfilePurposeType, ChargingRateUnitType

from .limits import GRID_PHASES, connector_limits
from .model import (
    NOMINAL_VOLTAGE_V,
    ChargePointFacts,
    ConnectorFacts,
    ConnectorLimit,
    InstalledProfile,
)

MOST_LIMITS = 10_000
"""How many limits are looked up for one schedule, one a connector at each change: what a charge
point cannot tell at once it does not tell."""

_WHOLE_CHARGE_POINT = ConnectorId(0)


class ScheduleTooLong(Exception):
    """The limits change too often within the duration, see ``MOST_LIMITS``."""


class CompositePeriod(msgspec.Struct, frozen=True):
    """A limit from ``start_period_s`` after the schedule's start on, in the unit asked for.

    ``number_phases`` is None for the power of DC connectors.
    """

    start_period_s: int
    limit: float
    number_phases: int | None


def composite_schedule(
    facts: ChargePointFacts,
    connector_id: ConnectorId,
    start_s: float,
    duration_s: int,
    unit: str | None = None,
) -> list[CompositePeriod]:
    """The limits of a connector from ``start_s`` for ``duration_s``, merged where they are equal.

    They are those of :func:`.limits.connector_limits`, the function that the hardware follows,
    at each whole second from the start on; without a transaction, as if one began at ``start_s``
    (SC-61). Only the least current that a vehicle can be offered is left out: it belongs to the
    control pilot, and not to the schedules and local limits that are reported here (§5.7).

    ``unit`` is ``A`` (a phase) or ``W`` (the total); None: A for AC, W where there is DC. DC in
    A is the current a phase that 3 phases from the grid have to deliver. Limits are rounded down
    to the one decimal that the standard allows.

    Connector 0 is what the charge point expects to take from the grid (SC-55): the sum over the
    connectors in a transaction, or, while there are none, over all, as if a transaction began at
    each; never more than the ChargePointMaxProfile. In A it is the sum of the currents, which is
    what the phase carries that all of them use.

    Raises ``KeyError`` for an unknown connector and ``ScheduleTooLong``.
    """
    counted = _counted(facts, connector_id)
    if connector_id == _WHOLE_CHARGE_POINT:
        facts = _all_drawing(facts, counted)
    if facts.shared_power_w is None and not any(_is_shared(one) for one in facts.profiles):
        facts = msgspec.structs.replace(facts, connectors=tuple(counted))
    in_amperes = unit == "A" or (unit is None and all(one.phases for one in counted))
    periods: list[CompositePeriod] = []
    second, at_s = 0, start_s
    most_changes = max(1, MOST_LIMITS // len(facts.connectors))
    asked = {one.connector_id for one in counted}
    for _ in range(most_changes):
        limits = connector_limits(facts, at_s, start_s, only=asked, explain=False)
        chosen = list(limits.values())
        total = sum(_in_unit(limit, in_amperes) for limit in chosen)
        if connector_id == _WHOLE_CHARGE_POINT:
            total *= _fraction_allowed(chosen)
        limit = int(total * 10 + 1e-6) / 10
        phases = max(_phases(one, in_amperes) for one in chosen) or None
        if not periods or (periods[-1].limit, periods[-1].number_phases) != (limit, phases):
            periods.append(CompositePeriod(second, limit, phases))
        until_s = min(one.until_s for one in chosen)
        if until_s - start_s >= duration_s:
            return periods
        # The sum may miss the instant by the rounding of a float.
        second = max(second + 1, ceil(round(until_s - start_s, 6)))
        at_s = max(start_s + second, until_s)
        if second >= duration_s:
            return periods
    raise ScheduleTooLong(f"the limits change more than {most_changes} times in {duration_s} s")


def _counted(facts: ChargePointFacts, connector_id: ConnectorId) -> list[ConnectorFacts]:
    if connector_id == _WHOLE_CHARGE_POINT:
        busy = [one for one in facts.connectors if one.transaction is not None]
        return busy or list(facts.connectors)
    for one in facts.connectors:
        if one.connector_id == connector_id:
            return [one]
    raise KeyError(connector_id)


def _all_drawing(facts: ChargePointFacts, counted: list[ConnectorFacts]) -> ChargePointFacts:
    connectors = tuple(
        msgspec.structs.replace(one, draws=one in counted) for one in facts.connectors
    )
    return msgspec.structs.replace(facts, connectors=connectors)


def _is_shared(installed: InstalledProfile) -> bool:
    purpose = installed.profile.charging_profile_purpose
    return purpose is ChargingProfilePurposeType.ChargePointMaxProfile


def _fraction_allowed(chosen: list[ConnectorLimit]) -> float:
    """How much of their sum the ChargePointMaxProfile allows.

    Less than all only with connectors that cannot draw what their schedule leaves them, as it is
    below the minimum current; the others need not spare that.
    """
    for layer in chosen[0].layers:
        if layer.name == "charge_point_max" and layer.installed and layer.period_index is not None:
            schedule = layer.installed.profile.charging_schedule
            in_amperes = schedule.charging_rate_unit is ChargingRateUnitType.A
            total = sum(_in_unit(limit, in_amperes) for limit in chosen)
            allowed = schedule.charging_schedule_period[layer.period_index].limit
            return allowed / total if total > allowed else 1.0
    return 1.0


def _scheduled_w(limit: ConnectorLimit) -> float:
    return min(layer.power_w for layer in limit.layers if layer.name != "minimum_current")


def _in_unit(limit: ConnectorLimit, in_amperes: bool) -> float:
    power_w = _scheduled_w(limit)
    return power_w / (NOMINAL_VOLTAGE_V * _phases(limit, in_amperes)) if in_amperes else power_w


def _phases(limit: ConnectorLimit, in_amperes: bool) -> int:
    return limit.phases or (GRID_PHASES if in_amperes else 0)


__all__ = ["MOST_LIMITS", "CompositePeriod", "ScheduleTooLong", "composite_schedule"]
