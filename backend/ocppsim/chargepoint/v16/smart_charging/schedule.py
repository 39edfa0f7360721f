"""Which period of one charging profile is executed at an instant (1.6 ed.2 §7.8-7.9, §7.13)."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache

import msgspec

from ocppsim.protocol.v16.datatypes import ChargingProfile
from ocppsim.protocol.v16.date_time import parse_date_time
from ocppsim.protocol.v16.enums import ChargingProfileKindType as Kind
from ocppsim.protocol.v16.enums import RecurrencyKindType

RECURRENCE_S = {RecurrencyKindType.Daily: 86_400.0, RecurrencyKindType.Weekly: 604_800.0}
"""Steps of 24 hours and of 7 days from startSchedule, in UTC (1.6 ed.2 §7.37)."""

_FOREVER = float("inf")
_wall_s = lru_cache(maxsize=4096)(parse_date_time)


class Step(msgspec.Struct, frozen=True):
    """What a profile says from an instant on, unchanged until ``until_s``.

    ``period_index`` counts from 0; None: nothing is executed, a gap.
    """

    period_index: int | None
    until_s: float


def is_valid(profile: ChargingProfile, at_s: float) -> bool:
    """Whether ``at_s`` lies in validFrom up to, but without, validTo; both may be open (SC-36)."""
    return not is_expired(profile, at_s) and at_s >= _valid_from_s(profile)


def is_expired(profile: ChargingProfile, at_s: float) -> bool:
    """Whether the profile's validTo has come: it will never be valid again."""
    return at_s >= _valid_to_s(profile)


def limit_at(profile: ChargingProfile, at_s: float, charging_began_at_s: float) -> Step:
    """The period that is executed at ``at_s``, or a gap.

    There is a gap while the profile is not valid, before its schedule begins, after its
    duration, and, for a recurring one, from the end of the duration to the next recurrence.
    ``charging_began_at_s`` is where schedules without a fixed start begin: Relative ones, and
    the others where startSchedule is absent (§7.13, AMB-20). The start periods must rise.
    """
    if is_expired(profile, at_s):
        return Step(None, _FOREVER)
    valid_from_s = _valid_from_s(profile)
    if at_s < valid_from_s:
        return Step(None, min(valid_from_s, _valid_to_s(profile)))
    step = _step(profile, at_s, charging_began_at_s)
    return Step(step.period_index, min(step.until_s, _valid_to_s(profile)))


def _step(profile: ChargingProfile, at_s: float, charging_began_at_s: float) -> Step:
    schedule = profile.charging_schedule
    relative = profile.charging_profile_kind is Kind.Relative or schedule.start_schedule is None
    start_s = charging_began_at_s if relative else _wall_s(schedule.start_schedule or "")
    if at_s < start_s:
        # Recurring too: startSchedule is its starting point, it restarts after that (§7.13, §7.37).
        return Step(None, start_s)
    restart_s = _FOREVER
    if profile.charging_profile_kind is Kind.Recurring and profile.recurrency_kind is not None:
        start_s, restart_s = _recurrence(start_s, RECURRENCE_S[profile.recurrency_kind], at_s)
    end_s = restart_s if schedule.duration is None else start_s + schedule.duration
    end_s = min(end_s, restart_s)  # what exceeds the recurrence is not executed (§5.16.4)
    if at_s >= end_s:
        return Step(None, restart_s)
    periods = schedule.charging_schedule_period
    following = bisect_right(periods, at_s, key=lambda period: start_s + period.start_period)
    if following < len(periods):
        end_s = min(end_s, start_s + periods[following].start_period)
    return Step(following - 1 if following else None, end_s)


def _recurrence(start_s: float, every_s: float, at_s: float) -> tuple[float, float]:
    """The last restart that is not after ``at_s``, and the next one."""
    count = (at_s - start_s) // every_s
    # The division rounds; the instants that everything is compared with are these sums.
    while start_s + count * every_s > at_s:
        count -= 1
    while start_s + (count + 1) * every_s <= at_s:
        count += 1
    return start_s + count * every_s, start_s + (count + 1) * every_s


def _valid_from_s(profile: ChargingProfile) -> float:
    return -_FOREVER if profile.valid_from is None else _wall_s(profile.valid_from)


def _valid_to_s(profile: ChargingProfile) -> float:
    return _FOREVER if profile.valid_to is None else _wall_s(profile.valid_to)


__all__ = ["RECURRENCE_S", "Step", "is_expired", "is_valid", "limit_at"]
