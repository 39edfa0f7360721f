"""Charging profiles, limits and schedules in the version-neutral words of REST."""

from __future__ import annotations

from math import isfinite

from ocppsim.chargepoint.views import (
    ChargingProfileView,
    LimitLayerView,
    LimitView,
    SchedulePeriodView,
)
from ocppsim.protocol.v16.datatypes import ChargingSchedulePeriod
from ocppsim.protocol.v16.date_time import parse_date_time

from .model import NOMINAL_VOLTAGE_V, ConnectorLimit, InstalledProfile, Layer

_SHARES = ("charger", "site")
_HAIR = 1e-9
"""A share is a current and its power a product: they may meet again a rounding lower."""


def profile_view(installed: InstalledProfile, *, in_force: bool) -> ChargingProfileView:
    """An installed profile."""
    profile = installed.profile
    schedule = profile.charging_schedule
    recurrency = profile.recurrency_kind
    return ChargingProfileView(
        charging_profile_id=profile.charging_profile_id,
        connector_id=installed.connector_id,
        stack_level=profile.stack_level,
        purpose=profile.charging_profile_purpose.value,
        kind=profile.charging_profile_kind.value,
        recurrency_kind=None if recurrency is None else recurrency.value,
        transaction_id=profile.transaction_id,
        valid_from_s=_unix_s(profile.valid_from),
        valid_to_s=_unix_s(profile.valid_to),
        start_schedule_s=_unix_s(schedule.start_schedule),
        duration_s=schedule.duration,
        unit=schedule.charging_rate_unit.value,
        min_charging_rate=schedule.min_charging_rate,
        periods=tuple([_period_view(period) for period in schedule.charging_schedule_period]),
        in_force=in_force,
    )


def limit_view(limit: ConnectorLimit, offered_power_w: float) -> LimitView:
    """The limit of a connector; of equally strict layers the last one decides.

    They come from the hardware to the CSMS: where a profile asks for what the hardware could
    give anyway, it is the profile that is in force. A share of charger or site that takes
    nothing away is not.
    """
    decisive = limit.layers[0]
    for layer in limit.layers:
        most_w = decisive.power_w
        if layer.name in _SHARES:
            most_w *= 1.0 - _HAIR
        if layer.power_w <= most_w:
            decisive = layer
    return LimitView(
        connector_id=limit.connector_id,
        power_w=limit.power_w,
        current_a=limit.current_a,
        phases=limit.phases or None,
        layer=decisive.name,
        until_s=_or_none(limit.until_s),
        offered_power_w=offered_power_w,
        layers=tuple([_layer_view(layer, in_force=layer is decisive) for layer in limit.layers]),
    )


def _layer_view(layer: Layer, *, in_force: bool) -> LimitLayerView:
    installed, index = layer.installed, layer.period_index
    profile = None if installed is None or index is None else installed.profile
    schedule = None if profile is None else profile.charging_schedule
    period = None if schedule is None else schedule.charging_schedule_period[index or 0]
    return LimitLayerView(
        layer=layer.name,
        power_w=layer.power_w,
        current_a=layer.power_w / (NOMINAL_VOLTAGE_V * layer.phases) if layer.phases else None,
        phases=layer.phases or None,
        in_force=in_force,
        explanation=layer.explanation,
        charging_profile_id=profile and profile.charging_profile_id,
        stack_level=profile and profile.stack_level,
        period_index=index,
        limit=period and period.limit,
        unit=schedule and schedule.charging_rate_unit.value,
        until_s=_or_none(layer.until_s),
    )


def _period_view(period: ChargingSchedulePeriod) -> SchedulePeriodView:
    return SchedulePeriodView(period.start_period, period.limit, period.number_phases)


def _unix_s(text: str | None) -> float | None:
    return None if text is None else parse_date_time(text)


def _or_none(until_s: float) -> float | None:
    return until_s if isfinite(until_s) else None


__all__ = ["limit_view", "profile_view"]
