"""Why a limit is what it is, in one sentence for a person."""

from __future__ import annotations

from math import isfinite

from ocppsim.protocol.v16.date_time import format_date_time

from .model import MINIMUM_CURRENT_A, ConnectorFacts
from .sharing import Part
from .stacking import Prevailing

_BEYOND_SENSE = 1e15


def of_hardware(connector: ConnectorFacts, current_a: float) -> str:
    if connector.phases == 0:
        return f"The connector can give {power(connector.max_power_w)}."
    return f"The connector can give {number(current_a)} A on {phases_text(connector.phases)}."


def of_cable(current_a: float) -> str:
    return f"The cable is rated for {number(current_a)} A."


def of_profile(found: Prevailing, phases: int, at_s: float) -> str:
    """``Profile 12 (TxProfile, stack level 3), period 2 of 4: 16 A on 3 phases until 14:30 UTC``.

    ``phases`` are those in use (0: DC). Without a full stop, as more may follow.
    """
    installed, period = found.installed, found.period
    if installed is None or period is None:
        raise ValueError("no profile prevails")
    profile = installed.profile
    schedule = profile.charging_schedule
    over = f" on {phases_text(phases)}" if phases else ""
    return (
        f"Profile {profile.charging_profile_id} ({profile.charging_profile_purpose.value},"
        f" stack level {profile.stack_level}), period {found.period_index + 1}"
        f" of {len(schedule.charging_schedule_period)}:"
        f" {number(period.limit)} {schedule.charging_rate_unit.value}{over}"
        f"{until_text(at_s, found.until_s)}"
    )


def of_charger(shared_w: float, module_w: float | None, part: Part) -> str:
    """What all connectors of a charger can take together, and what of it is for one."""
    said = f"All connectors of the charger can take {power(shared_w)} together"
    if module_w is not None:
        said += f", in modules of {power(module_w)}"
    if part.waits:
        return said + OF_WAITING + "."
    if part.others:
        said += of_part(power(part.amount), part.others)
    elif part.amount < shared_w:
        said += f"; {power(part.amount)} are for this one"
    return said + "."


OF_WAITING = "; too little for all, so this connector waits for those that began before it"


def of_part(part: str, others: int) -> str:
    """How much of a limit is left at a connector, with its unit."""
    connectors = "1 other connector" if others == 1 else f"{others} other connectors"
    return f"; shared with {connectors}, at most {part} of it is for this one"


def of_minimum(current_a: float) -> str:
    return (
        f"{number(current_a)} A a phase is below the {number(MINIMUM_CURRENT_A)} A"
        " that a vehicle can be offered at least, so it is offered nothing."
    )


def number(value: float) -> str:
    """At most one decimal, rounded down as limits are; what is beyond all sense, in short."""
    if value >= _BEYOND_SENSE:
        return f"{value:g}"
    return f"{int(value * 10 + 1e-6) / 10:.1f}".removesuffix(".0")


def power(value_w: float) -> str:
    """``22.08 kW``, in W below one kilowatt; rounded down as limits are."""
    if value_w < 1000.0:
        return f"{number(value_w)} W"
    if value_w >= _BEYOND_SENSE:
        return f"{value_w:g} W"
    return f"{int(value_w / 10.0 + 1e-6) / 100.0:.2f}".rstrip("0").removesuffix(".") + " kW"


def phases_text(phases: int) -> str:
    return "1 phase" if phases == 1 else f"{phases} phases"


def until_text(at_s: float, until_s: float) -> str:
    """`` until 14:30 UTC``, with the date where it is another day's; empty without an end."""
    if not isfinite(until_s):
        return ""
    try:
        day, clock = format_date_time(until_s)[:19].split("T")
        today = format_date_time(at_s)[:10]
    except (ValueError, OverflowError):  # beyond the years that have four digits
        return ""
    clock = clock.removesuffix(":00")
    return f" until {clock} UTC" if day == today else f" until {day} {clock} UTC"


__all__ = [
    "OF_WAITING",
    "number",
    "of_cable",
    "of_charger",
    "of_hardware",
    "of_minimum",
    "of_part",
    "of_profile",
    "phases_text",
    "power",
    "until_text",
]
