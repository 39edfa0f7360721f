"""The messages of the Smart Charging profile."""

from __future__ import annotations

from .datatypes import ChargingProfile, ChargingSchedule, OcppDateTime, Request, Response
from .enums import (
    ChargingProfilePurposeType,
    ChargingProfileStatus,
    ChargingRateUnitType,
    ClearChargingProfileStatus,
    GetCompositeScheduleStatus,
)


class ClearChargingProfileRequest(Request, frozen=True, gc=False):
    """ClearChargingProfile.req (1.6 ed.2 §6.13)."""

    id: int | None = None
    connector_id: int | None = None
    charging_profile_purpose: ChargingProfilePurposeType | None = None
    stack_level: int | None = None


class ClearChargingProfileResponse(Response, frozen=True, gc=False):
    """ClearChargingProfile.conf (1.6 ed.2 §6.14)."""

    status: ClearChargingProfileStatus


class GetCompositeScheduleRequest(Request, frozen=True, gc=False):
    """GetCompositeSchedule.req (1.6 ed.2 §6.21)."""

    connector_id: int
    duration: int
    charging_rate_unit: ChargingRateUnitType | None = None


class GetCompositeScheduleResponse(Response, frozen=True, gc=False):
    """GetCompositeSchedule.conf (1.6 ed.2 §6.22)."""

    status: GetCompositeScheduleStatus
    connector_id: int | None = None
    schedule_start: OcppDateTime | None = None
    charging_schedule: ChargingSchedule | None = None


class SetChargingProfileRequest(Request, frozen=True, gc=False):
    """SetChargingProfile.req (1.6 ed.2 §6.43)."""

    connector_id: int
    cs_charging_profiles: ChargingProfile


class SetChargingProfileResponse(Response, frozen=True, gc=False):
    """SetChargingProfile.conf (1.6 ed.2 §6.44)."""

    status: ChargingProfileStatus


__all__ = [
    "ClearChargingProfileRequest",
    "ClearChargingProfileResponse",
    "GetCompositeScheduleRequest",
    "GetCompositeScheduleResponse",
    "SetChargingProfileRequest",
    "SetChargingProfileResponse",
]
