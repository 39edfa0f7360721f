"""What makes a charging profile refused (1.6 ed.2 §3.13, §5.16, §7.8 to §7.14, §9.4).

Each function gives the reason in one sentence, or None where nothing stands against it. What
breaks the schema (types, enumerations, digits) has been refused before (errata 3.38).
"""

from __future__ import annotations

from itertools import pairwise

import msgspec

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.protocol.v16.datatypes import ChargingProfile, ChargingSchedule
from ocppsim.protocol.v16.date_time import parse_date_time
from ocppsim.protocol.v16.enums import (
    ChargingProfileKindType,
    ChargingProfilePurposeType,
    ChargingRateUnitType,
)

from .model import TransactionFacts

_WHOLE_CHARGE_POINT = 0
_LONGEST_S = 2**31 - 1
"""The schemas' integers of seconds have 32 bits."""

_Kind = ChargingProfileKindType
_Purpose = ChargingProfilePurposeType


class ProfileRules(msgspec.Struct, frozen=True):
    """What this charge point can do: its configuration keys, and its answer to AMB-20."""

    max_stack_level: int
    max_periods: int
    units: frozenset[ChargingRateUnitType]
    absolute_needs_start: bool


def find_flaw(profile: ChargingProfile, rules: ProfileRules) -> str | None:
    """What is wrong with a profile wherever it is set."""
    if profile.stack_level > rules.max_stack_level:
        return f"the stackLevel is above ChargeProfileMaxStackLevel, {rules.max_stack_level}"
    return _find_kind_flaw(profile, rules) or _find_schedule_flaw(profile.charging_schedule, rules)


def find_misplacement(profile: ChargingProfile, connector_id: ConnectorId) -> str | None:
    """Why a profile of that purpose cannot be set at a connector (1.6 ed.2 §3.13.1)."""
    purpose = profile.charging_profile_purpose
    if purpose is not _Purpose.TxProfile and profile.transaction_id is not None:
        return "transactionId is only for a TxProfile"
    if purpose is _Purpose.ChargePointMaxProfile and connector_id != _WHOLE_CHARGE_POINT:
        return "a ChargePointMaxProfile is set at connector 0 only"
    if purpose is _Purpose.TxProfile and connector_id == _WHOLE_CHARGE_POINT:
        return "a TxProfile is set at a connector above 0 only"
    return None


def find_mismatch(
    profile: ChargingProfile, transaction: TransactionFacts | None, *, needs_id: bool
) -> str | None:
    """Why a TxProfile cannot be used by what runs at its connector (1.6 ed.2 §5.16).

    ``needs_id``: it has to name the transaction (AMB-18).
    """
    if transaction is None:
        return "there is no transaction that a TxProfile could be for"
    if profile.transaction_id is None:
        return "the TxProfile names no transaction" if needs_id else None
    if profile.transaction_id != transaction.transaction_id:
        return f"transaction {profile.transaction_id} does not run at this connector"
    return None


def find_remote_start_flaw(profile: ChargingProfile) -> str | None:
    """Why a profile cannot come with RemoteStartTransaction (1.6 ed.2 §5.16.2)."""
    if profile.charging_profile_purpose is not _Purpose.TxProfile:
        return "the profile of a remote start is a TxProfile"
    if profile.transaction_id is not None:
        # AMB-11
        return "the profile of a remote start cannot know the transactionId"
    return None


def _find_kind_flaw(profile: ChargingProfile, rules: ProfileRules) -> str | None:
    kind = profile.charging_profile_kind
    starts = profile.charging_schedule.start_schedule is not None
    if kind is _Kind.Recurring:
        if profile.recurrency_kind is None:
            return "a Recurring profile needs a recurrencyKind"
        if not starts:
            # AMB-20
            return "a Recurring profile needs a startSchedule"
    elif profile.recurrency_kind is not None:
        # errata 3.56
        return "recurrencyKind is only for a Recurring profile"
    if kind is _Kind.Absolute and not starts and rules.absolute_needs_start:
        return "an Absolute profile needs a startSchedule"
    if (
        profile.valid_from is not None
        and profile.valid_to is not None
        and parse_date_time(profile.valid_to) <= parse_date_time(profile.valid_from)
    ):
        return "validTo is not after validFrom"
    return None


def _find_schedule_flaw(schedule: ChargingSchedule, rules: ProfileRules) -> str | None:
    periods = schedule.charging_schedule_period
    if schedule.charging_rate_unit not in rules.units:
        return f"the unit {schedule.charging_rate_unit} is not allowed here"
    if len(periods) > rules.max_periods:
        return f"there are more periods than ChargingScheduleMaxPeriods, {rules.max_periods}"
    if periods[0].start_period != 0:
        return "the first startPeriod is not 0"
    if any(after.start_period <= before.start_period for before, after in pairwise(periods)):
        return "the periods are not in the order of their startPeriod"
    if periods[-1].start_period > _LONGEST_S:
        return "a startPeriod is too far away"
    if schedule.duration is not None and not 0 <= schedule.duration <= _LONGEST_S:
        return f"a duration of {schedule.duration} s cannot be"
    if any(period.limit < 0.0 for period in periods):
        return "a limit is below 0"
    if any(period.number_phases is not None and period.number_phases < 1 for period in periods):
        return "a period is for less than one phase"
    if schedule.min_charging_rate is not None and schedule.min_charging_rate < 0.0:
        return "the minChargingRate is below 0"
    return None


__all__ = [
    "ProfileRules",
    "find_flaw",
    "find_mismatch",
    "find_misplacement",
    "find_remote_start_flaw",
]
