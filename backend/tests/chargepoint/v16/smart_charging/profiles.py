"""Short ways to write down profiles, connectors and charge points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.v16.smart_charging.model import (
    ChargePointFacts,
    ConnectorFacts,
    InstalledProfile,
    TransactionFacts,
)
from ocppsim.protocol.v16.datatypes import (
    ChargingProfile,
    ChargingSchedule,
    ChargingSchedulePeriod,
)
from ocppsim.protocol.v16.date_time import format_date_time, parse_date_time
from ocppsim.protocol.v16.enums import (
    ChargingProfileKindType,
    ChargingProfilePurposeType,
    ChargingRateUnitType,
    RecurrencyKindType,
)

MONDAY_S = parse_date_time("2026-01-05T00:00:00Z")
HOUR_S = 3600
DAY_S = 86_400

MAX = "ChargePointMaxProfile"
DEFAULT = "TxDefaultProfile"
TX = "TxProfile"

Period = tuple[int, float] | tuple[int, float, int]


def profile(
    periods: Sequence[Period],
    *,
    purpose: str = DEFAULT,
    profile_id: int = 1,
    level: int = 0,
    unit: str = "A",
    kind: str = "Absolute",
    recurrency: str | None = None,
    start_s: float | None = MONDAY_S,
    duration_s: int | None = None,
    valid_from_s: float | None = None,
    valid_to_s: float | None = None,
    transaction_id: int | None = None,
) -> ChargingProfile:
    """A period is (start, limit) or (start, limit, numberPhases)."""
    return ChargingProfile(
        charging_profile_id=profile_id,
        stack_level=level,
        charging_profile_purpose=ChargingProfilePurposeType(purpose),
        charging_profile_kind=ChargingProfileKindType(kind),
        recurrency_kind=RecurrencyKindType(recurrency) if recurrency else None,
        transaction_id=transaction_id,
        valid_from=_text(valid_from_s),
        valid_to=_text(valid_to_s),
        charging_schedule=ChargingSchedule(
            charging_rate_unit=ChargingRateUnitType(unit),
            duration=duration_s,
            start_schedule=_text(start_s),
            charging_schedule_period=[
                ChargingSchedulePeriod(
                    start_period=period[0],
                    limit=period[1],
                    number_phases=period[2] if len(period) == 3 else None,
                )
                for period in periods
            ],
        ),
    )


def installed(connector_id: int, periods: Sequence[Period], **more: Any) -> InstalledProfile:
    return InstalledProfile(ConnectorId(connector_id), profile(periods, **more))


def ac(
    connector_id: int,
    *,
    current_a: float = 32.0,
    phases: int = 3,
    vehicle_phases: int | None = None,
    cable_current_a: float | None = None,
    began_s: float | None = None,
    transaction_id: int | None = 7,
    draws: bool | None = None,
) -> ConnectorFacts:
    """An AC connector; with ``began_s`` a transaction runs, and it draws unless told otherwise."""
    return ConnectorFacts(
        connector_id=ConnectorId(connector_id),
        power_type="AC",
        max_power_w=current_a * 230 * phases,
        phases=phases,
        vehicle_phases=vehicle_phases,
        cable_current_a=cable_current_a,
        transaction=None if began_s is None else TransactionFacts(began_s, transaction_id),
        draws=began_s is not None if draws is None else draws,
    )


def dc(
    connector_id: int,
    *,
    power_w: float = 50_000.0,
    began_s: float | None = None,
    transaction_id: int | None = 7,
    draws: bool | None = None,
) -> ConnectorFacts:
    return ConnectorFacts(
        connector_id=ConnectorId(connector_id),
        power_type="DC",
        max_power_w=power_w,
        phases=0,
        transaction=None if began_s is None else TransactionFacts(began_s, transaction_id),
        draws=began_s is not None if draws is None else draws,
    )


def charge_point(
    *parts: ConnectorFacts | InstalledProfile,
    can_switch_phases: bool = False,
    falls_back: bool = False,
    absolute_without_start_is_relative: bool = True,
) -> ChargePointFacts:
    return ChargePointFacts(
        connectors=tuple(part for part in parts if isinstance(part, ConnectorFacts)),
        profiles=tuple(part for part in parts if isinstance(part, InstalledProfile)),
        can_switch_phases=can_switch_phases,
        tx_profile_exhausted_falls_back=falls_back,
        absolute_without_start_is_relative=absolute_without_start_is_relative,
    )


def _text(wall_s: float | None) -> str | None:
    return None if wall_s is None else format_date_time(wall_s)
