"""What a charger keeps for its CSMS, and what follows from it, in the words of the REST surface.

Times are ISO 8601 in UTC with milliseconds.
"""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from ocppsim.chargepoint import views

from .clock import iso_utc


class SchedulePeriodSnapshot(msgspec.Struct, frozen=True):
    """A limit from ``start_period_s`` after the start of its schedule on."""

    start_period_s: int
    limit: float
    number_phases: int | None


class ChargingProfileSnapshot(msgspec.Struct, frozen=True):
    """An installed charging profile.

    ``in_force`` says whether its limit is the one that its purpose sets at a connector now.
    """

    charging_profile_id: int
    connector_id: int
    stack_level: int
    purpose: str
    kind: str
    recurrency_kind: str | None
    transaction_id: int | None
    valid_from: str | None
    valid_to: str | None
    start_schedule: str | None
    duration_s: int | None
    unit: str
    min_charging_rate: float | None
    periods: list[SchedulePeriodSnapshot]
    in_force: bool


class CompositeScheduleSnapshot(msgspec.Struct, frozen=True):
    """The limits to be expected of a connector (0: of the charge point)."""

    connector_id: int
    schedule_start: str
    duration_s: int
    unit: str
    periods: list[SchedulePeriodSnapshot]


class LimitLayerSnapshot(msgspec.Struct, frozen=True):
    """One thing that limits a connector; see :class:`ocppsim.chargepoint.views.LimitLayerView`."""

    layer: str
    in_force: bool
    power_w: float
    current_a: float | None
    phases: int | None
    explanation: str
    until: str | None
    charging_profile_id: int | None
    stack_level: int | None
    period_index: int | None
    limit: float | None
    unit: str | None


class LimitSnapshot(msgspec.Struct, frozen=True):
    """The limit in force at a connector and, layer by layer, why."""

    connector_id: int
    power_w: float
    current_a: float | None
    phases: int | None
    layer: str
    until: str | None
    offered_power_w: float
    layers: list[LimitLayerSnapshot]


class LocalListEntrySnapshot(msgspec.Struct, frozen=True):
    """A tag of the local authorization list."""

    id_tag: str
    status: str
    expiry_date: str | None
    parent_id_tag: str | None


class LocalListSnapshot(msgspec.Struct, frozen=True):
    """The local authorization list; version 0 is no list at all."""

    version: int
    enabled: bool
    entries: list[LocalListEntrySnapshot]


class ReservationSnapshot(msgspec.Struct, frozen=True):
    """A reservation that holds; ``connector_id`` 0 is one of any connector."""

    reservation_id: int
    connector_id: int
    id_tag: str
    parent_id_tag: str | None
    expires_at: str


def charging_profile_snapshot(profile: views.ChargingProfileView) -> ChargingProfileSnapshot:
    """An installed profile."""
    return ChargingProfileSnapshot(
        charging_profile_id=profile.charging_profile_id,
        connector_id=profile.connector_id,
        stack_level=profile.stack_level,
        purpose=profile.purpose,
        kind=profile.kind,
        recurrency_kind=profile.recurrency_kind,
        transaction_id=profile.transaction_id,
        valid_from=_time(profile.valid_from_s),
        valid_to=_time(profile.valid_to_s),
        start_schedule=_time(profile.start_schedule_s),
        duration_s=profile.duration_s,
        unit=profile.unit,
        min_charging_rate=profile.min_charging_rate,
        periods=_periods(profile.periods),
        in_force=profile.in_force,
    )


def composite_schedule_snapshot(schedule: views.CompositeScheduleView) -> CompositeScheduleSnapshot:
    """A composite schedule."""
    return CompositeScheduleSnapshot(
        connector_id=schedule.connector_id,
        schedule_start=iso_utc(schedule.start_s),
        duration_s=schedule.duration_s,
        unit=schedule.unit,
        periods=_periods(schedule.periods),
    )


def limit_snapshot(limit: views.LimitView) -> LimitSnapshot:
    """A limit with its layers."""
    return LimitSnapshot(
        connector_id=limit.connector_id,
        power_w=_rounded(limit.power_w),
        current_a=None if limit.current_a is None else _rounded(limit.current_a),
        phases=limit.phases,
        layer=limit.layer,
        until=_time(limit.until_s),
        offered_power_w=_rounded(limit.offered_power_w),
        layers=[_layer(layer) for layer in limit.layers],
    )


def local_list_snapshot(local_list: views.LocalListView) -> LocalListSnapshot:
    """The local authorization list."""
    return LocalListSnapshot(
        version=local_list.version,
        enabled=local_list.enabled,
        entries=[
            LocalListEntrySnapshot(
                id_tag=entry.id_tag,
                status=entry.status,
                expiry_date=None if entry.expiry_date is None else _in_utc(entry.expiry_date),
                parent_id_tag=entry.parent_id_tag,
            )
            for entry in local_list.entries
        ],
    )


def reservation_snapshot(reservation: views.ReservationView) -> ReservationSnapshot:
    """A reservation."""
    return ReservationSnapshot(
        reservation_id=reservation.reservation_id,
        connector_id=reservation.connector_id,
        id_tag=reservation.id_tag,
        parent_id_tag=reservation.parent_id_tag,
        expires_at=iso_utc(reservation.expires_at_s),
    )


def _layer(layer: views.LimitLayerView) -> LimitLayerSnapshot:
    return LimitLayerSnapshot(
        layer=layer.layer,
        in_force=layer.in_force,
        power_w=_rounded(layer.power_w),
        current_a=None if layer.current_a is None else _rounded(layer.current_a),
        phases=layer.phases,
        explanation=layer.explanation,
        until=_time(layer.until_s),
        charging_profile_id=layer.charging_profile_id,
        stack_level=layer.stack_level,
        period_index=layer.period_index,
        limit=layer.limit,
        unit=layer.unit,
    )


def _periods(periods: tuple[views.SchedulePeriodView, ...]) -> list[SchedulePeriodSnapshot]:
    return [
        SchedulePeriodSnapshot(period.start_period_s, period.limit, period.number_phases)
        for period in periods
    ]


def _time(epoch_s: float | None) -> str | None:
    return None if epoch_s is None else iso_utc(epoch_s)


def _in_utc(text: str) -> str:
    """A date-time as a CSMS wrote it (with any offset, or none for UTC); else the text itself."""
    try:
        moment = datetime.fromisoformat(text)
        return iso_utc(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp())
    except (ValueError, OverflowError):
        return text


def _rounded(number: float) -> float:
    return round(number, 3)


__all__ = [
    "ChargingProfileSnapshot",
    "CompositeScheduleSnapshot",
    "LimitLayerSnapshot",
    "LimitSnapshot",
    "LocalListEntrySnapshot",
    "LocalListSnapshot",
    "ReservationSnapshot",
    "SchedulePeriodSnapshot",
    "charging_profile_snapshot",
    "composite_schedule_snapshot",
    "limit_snapshot",
    "local_list_snapshot",
    "reservation_snapshot",
]
