"""Which of several charging profiles prevails (1.6 ed.2 §3.13.1-3.13.2)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ocppsim.protocol.v16.datatypes import ChargingSchedulePeriod
from ocppsim.protocol.v16.enums import ChargingProfileKindType as Kind
from ocppsim.protocol.v16.enums import ChargingProfilePurposeType as Purpose

from .model import ChargePointFacts, ConnectorFacts, InstalledProfile
from .schedule import is_expired, is_valid, limit_at


class Prevailing(msgspec.Struct, frozen=True):
    """The profile that holds and its period, until ``until_s``; without one, none does."""

    until_s: float
    installed: InstalledProfile | None = None
    period_index: int = 0

    @property
    def period(self) -> ChargingSchedulePeriod | None:
        if self.installed is None:
            return None
        schedule = self.installed.profile.charging_schedule
        return schedule.charging_schedule_period[self.period_index]


def prevailing(
    profiles: Sequence[InstalledProfile], at_s: float, charging_began_at_s: float
) -> Prevailing:
    """The highest stack level that has a limit to execute at ``at_s`` (SC-13, SC-19).

    ``profiles`` are of one purpose and one connector. A profile that is not valid, whose
    schedule has not begun or whose duration is over gives way to the next lower level.
    """
    until_s = float("inf")
    for installed in sorted(profiles, key=lambda one: -one.profile.stack_level):
        step = limit_at(installed.profile, at_s, charging_began_at_s)
        until_s = min(until_s, step.until_s)
        if step.period_index is not None:
            return Prevailing(until_s, installed, step.period_index)
    return Prevailing(until_s)


def of_charge_point(facts: ChargePointFacts, at_s: float, assumed_start_s: float) -> Prevailing:
    """The ChargePointMaxProfile that holds.

    Where its schedule is relative to the start of charging, that is the start of the first of
    the running transactions, or ``assumed_start_s`` without any.
    """
    starts_s = [one.transaction.started_at_s for one in facts.connectors if one.transaction]
    began_at_s = min(starts_s, default=assumed_start_s)
    return prevailing(
        _of_purpose(facts, Purpose.ChargePointMaxProfile, 0), at_s, min(began_at_s, at_s)
    )


def of_connector(
    facts: ChargePointFacts, connector: ConnectorFacts, at_s: float, assumed_start_s: float
) -> Prevailing:
    """The TxProfile or TxDefaultProfile that holds at a connector.

    A TxProfile that is valid overrules TxDefaultProfile for its transaction, also where its
    schedule has nothing to execute, unless the behaviour says otherwise (AMB-36). Without a
    transaction a TxDefaultProfile holds as if one began at ``assumed_start_s``.
    """
    transaction = connector.transaction
    if transaction is None:
        return _default(facts, connector, at_s, min(assumed_start_s, at_s))
    # A clock that was set back makes no transaction begin in the future.
    began_at_s = min(transaction.started_at_s, at_s)
    own = [
        installed
        for installed in _of_purpose(facts, Purpose.TxProfile, connector.connector_id)
        if installed.profile.transaction_id in (None, transaction.transaction_id)
    ]
    found = prevailing(own, at_s, began_at_s)
    if found.installed is not None:
        return found
    if not facts.tx_profile_exhausted_falls_back and any(
        is_valid(installed.profile, at_s) for installed in own
    ):
        return found
    default = _default(facts, connector, at_s, began_at_s)
    return msgspec.structs.replace(default, until_s=min(found.until_s, default.until_s))


def _default(
    facts: ChargePointFacts, connector: ConnectorFacts, at_s: float, began_at_s: float
) -> Prevailing:
    """The TxDefaultProfile that holds.

    Those set for the connector come before those of connector 0, whatever their levels (SC-03).
    Where none of them has a limit to execute, those of connector 0 do as lower levels would
    (SC-19), but for the levels that the connector's own have replaced (SC-14).
    """
    own = [
        installed
        for installed in _of_purpose(facts, Purpose.TxDefaultProfile, connector.connector_id)
        if not is_expired(installed.profile, at_s)
    ]
    found = prevailing(own, at_s, began_at_s)
    if found.installed is not None:
        return found
    replaced = {installed.profile.stack_level for installed in own}
    rest = [
        installed
        for installed in _of_purpose(facts, Purpose.TxDefaultProfile, 0)
        if installed.profile.stack_level not in replaced
    ]
    below = prevailing(rest, at_s, began_at_s)
    return msgspec.structs.replace(below, until_s=min(found.until_s, below.until_s))


def _of_purpose(
    facts: ChargePointFacts, purpose: Purpose, connector_id: int
) -> list[InstalledProfile]:
    return [
        installed
        for installed in facts.profiles
        if installed.connector_id == connector_id
        and installed.profile.charging_profile_purpose is purpose
        and (facts.absolute_without_start_is_relative or not _lacks_start(installed))
    ]


def _lacks_start(installed: InstalledProfile) -> bool:
    """Whether it is Absolute without a start: refused then, so one kept from before is idle."""
    profile = installed.profile
    return (
        profile.charging_profile_kind is Kind.Absolute
        and profile.charging_schedule.start_schedule is None
    )


__all__ = ["Prevailing", "of_charge_point", "of_connector", "prevailing"]
