"""Which actions there are, who may send them, and which feature profile they belong to.

Membership follows the corrected table of the errata (§3.2): edition 2 mixed up the columns.
"""

from __future__ import annotations

import msgspec

from . import (
    core,
    firmware,
    local_auth_list,
    remote_trigger,
    reservation,
    security,
    smart_charging,
)
from .datatypes import Request, Response


class Action(msgspec.Struct, frozen=True):
    """An action of the standard: ``<name>.req`` and ``<name>.conf``."""

    name: str
    request_type: type[Request]
    response_type: type[Response]
    sent_by_charge_point: bool
    sent_by_central_system: bool
    feature_profile: str


_CHARGE_POINT = (True, False)
_CENTRAL_SYSTEM = (False, True)
_BOTH = (True, True)

_TABLE: tuple[tuple[type[Request], type[Response], tuple[bool, bool], str], ...] = (
    (core.AuthorizeRequest, core.AuthorizeResponse, _CHARGE_POINT, "Core"),
    (core.BootNotificationRequest, core.BootNotificationResponse, _CHARGE_POINT, "Core"),
    (core.ChangeAvailabilityRequest, core.ChangeAvailabilityResponse, _CENTRAL_SYSTEM, "Core"),
    (core.ChangeConfigurationRequest, core.ChangeConfigurationResponse, _CENTRAL_SYSTEM, "Core"),
    (core.ClearCacheRequest, core.ClearCacheResponse, _CENTRAL_SYSTEM, "Core"),
    (core.DataTransferRequest, core.DataTransferResponse, _BOTH, "Core"),
    (core.GetConfigurationRequest, core.GetConfigurationResponse, _CENTRAL_SYSTEM, "Core"),
    (core.HeartbeatRequest, core.HeartbeatResponse, _CHARGE_POINT, "Core"),
    (core.MeterValuesRequest, core.MeterValuesResponse, _CHARGE_POINT, "Core"),
    (
        core.RemoteStartTransactionRequest,
        core.RemoteStartTransactionResponse,
        _CENTRAL_SYSTEM,
        "Core",
    ),
    (
        core.RemoteStopTransactionRequest,
        core.RemoteStopTransactionResponse,
        _CENTRAL_SYSTEM,
        "Core",
    ),
    (core.ResetRequest, core.ResetResponse, _CENTRAL_SYSTEM, "Core"),
    (core.StartTransactionRequest, core.StartTransactionResponse, _CHARGE_POINT, "Core"),
    (core.StatusNotificationRequest, core.StatusNotificationResponse, _CHARGE_POINT, "Core"),
    (core.StopTransactionRequest, core.StopTransactionResponse, _CHARGE_POINT, "Core"),
    (core.UnlockConnectorRequest, core.UnlockConnectorResponse, _CENTRAL_SYSTEM, "Core"),
    (
        firmware.DiagnosticsStatusNotificationRequest,
        firmware.DiagnosticsStatusNotificationResponse,
        _CHARGE_POINT,
        "FirmwareManagement",
    ),
    (
        firmware.FirmwareStatusNotificationRequest,
        firmware.FirmwareStatusNotificationResponse,
        _CHARGE_POINT,
        "FirmwareManagement",
    ),
    (
        firmware.GetDiagnosticsRequest,
        firmware.GetDiagnosticsResponse,
        _CENTRAL_SYSTEM,
        "FirmwareManagement",
    ),
    (
        firmware.UpdateFirmwareRequest,
        firmware.UpdateFirmwareResponse,
        _CENTRAL_SYSTEM,
        "FirmwareManagement",
    ),
    (
        local_auth_list.GetLocalListVersionRequest,
        local_auth_list.GetLocalListVersionResponse,
        _CENTRAL_SYSTEM,
        "LocalAuthListManagement",
    ),
    (
        local_auth_list.SendLocalListRequest,
        local_auth_list.SendLocalListResponse,
        _CENTRAL_SYSTEM,
        "LocalAuthListManagement",
    ),
    (
        reservation.CancelReservationRequest,
        reservation.CancelReservationResponse,
        _CENTRAL_SYSTEM,
        "Reservation",
    ),
    (reservation.ReserveNowRequest, reservation.ReserveNowResponse, _CENTRAL_SYSTEM, "Reservation"),
    (
        smart_charging.ClearChargingProfileRequest,
        smart_charging.ClearChargingProfileResponse,
        _CENTRAL_SYSTEM,
        "SmartCharging",
    ),
    (
        smart_charging.GetCompositeScheduleRequest,
        smart_charging.GetCompositeScheduleResponse,
        _CENTRAL_SYSTEM,
        "SmartCharging",
    ),
    (
        smart_charging.SetChargingProfileRequest,
        smart_charging.SetChargingProfileResponse,
        _CENTRAL_SYSTEM,
        "SmartCharging",
    ),
    (
        remote_trigger.TriggerMessageRequest,
        remote_trigger.TriggerMessageResponse,
        _CENTRAL_SYSTEM,
        "RemoteTrigger",
    ),
    (
        security.CertificateSignedRequest,
        security.CertificateSignedResponse,
        _CENTRAL_SYSTEM,
        "Security",
    ),
    (
        security.DeleteCertificateRequest,
        security.DeleteCertificateResponse,
        _CENTRAL_SYSTEM,
        "Security",
    ),
    (
        security.ExtendedTriggerMessageRequest,
        security.ExtendedTriggerMessageResponse,
        _CENTRAL_SYSTEM,
        "Security",
    ),
    (
        security.GetInstalledCertificateIdsRequest,
        security.GetInstalledCertificateIdsResponse,
        _CENTRAL_SYSTEM,
        "Security",
    ),
    (security.GetLogRequest, security.GetLogResponse, _CENTRAL_SYSTEM, "Security"),
    (
        security.InstallCertificateRequest,
        security.InstallCertificateResponse,
        _CENTRAL_SYSTEM,
        "Security",
    ),
    (
        security.LogStatusNotificationRequest,
        security.LogStatusNotificationResponse,
        _CHARGE_POINT,
        "Security",
    ),
    (
        security.SecurityEventNotificationRequest,
        security.SecurityEventNotificationResponse,
        _CHARGE_POINT,
        "Security",
    ),
    (security.SignCertificateRequest, security.SignCertificateResponse, _CHARGE_POINT, "Security"),
    (
        security.SignedFirmwareStatusNotificationRequest,
        security.SignedFirmwareStatusNotificationResponse,
        _CHARGE_POINT,
        "Security",
    ),
    (
        security.SignedUpdateFirmwareRequest,
        security.SignedUpdateFirmwareResponse,
        _CENTRAL_SYSTEM,
        "Security",
    ),
)

ACTIONS: dict[str, Action] = {
    action.name: action
    for action in (
        Action(
            request_type.__name__.removesuffix("Request"),
            request_type,
            response_type,
            *senders,
            feature_profile,
        )
        for request_type, response_type, senders, feature_profile in _TABLE
    )
}
"""By the name that a CALL carries; names are case-sensitive (OCPP-J 1.6 §4.2.1)."""

ACTION_OF_REQUEST: dict[type[Request], Action] = {
    action.request_type: action for action in ACTIONS.values()
}
