"""The messages of the Core profile."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from .datatypes import (
    ChargingProfile,
    CiString20,
    CiString25,
    CiString50,
    CiString255,
    CiString500,
    IdTagInfo,
    IdToken,
    KeyValue,
    MeterValue,
    OcppDateTime,
    Request,
    Response,
)
from .enums import (
    AvailabilityStatus,
    AvailabilityType,
    ChargePointErrorCode,
    ChargePointStatus,
    ClearCacheStatus,
    ConfigurationStatus,
    DataTransferStatus,
    Reason,
    RegistrationStatus,
    RemoteStartStopStatus,
    ResetStatus,
    ResetType,
    UnlockStatus,
)


class AuthorizeRequest(Request, frozen=True, gc=False):
    """Authorize.req (1.6 ed.2 §6.1)."""

    id_tag: IdToken


class AuthorizeResponse(Response, frozen=True, gc=False):
    """Authorize.conf (1.6 ed.2 §6.2)."""

    id_tag_info: IdTagInfo


class BootNotificationRequest(Request, frozen=True, gc=False):
    """BootNotification.req (1.6 ed.2 §6.3)."""

    charge_point_vendor: CiString20
    charge_point_model: CiString20
    charge_point_serial_number: CiString25 | None = None
    charge_box_serial_number: CiString25 | None = None
    firmware_version: CiString50 | None = None
    iccid: CiString20 | None = None
    imsi: CiString20 | None = None
    meter_type: CiString25 | None = None
    meter_serial_number: CiString25 | None = None


class BootNotificationResponse(Response, frozen=True, gc=False):
    """BootNotification.conf (1.6 ed.2 §6.4)."""

    status: RegistrationStatus
    current_time: OcppDateTime
    interval: int


class ChangeAvailabilityRequest(Request, frozen=True, gc=False):
    """ChangeAvailability.req (1.6 ed.2 §6.7)."""

    connector_id: int
    type: AvailabilityType


class ChangeAvailabilityResponse(Response, frozen=True, gc=False):
    """ChangeAvailability.conf (1.6 ed.2 §6.8)."""

    status: AvailabilityStatus


class ChangeConfigurationRequest(Request, frozen=True, gc=False):
    """ChangeConfiguration.req (1.6 ed.2 §6.9)."""

    key: CiString50
    value: CiString500


class ChangeConfigurationResponse(Response, frozen=True, gc=False):
    """ChangeConfiguration.conf (1.6 ed.2 §6.10)."""

    status: ConfigurationStatus


class ClearCacheRequest(Request, frozen=True, gc=False):
    """ClearCache.req (1.6 ed.2 §6.11)."""


class ClearCacheResponse(Response, frozen=True, gc=False):
    """ClearCache.conf (1.6 ed.2 §6.12)."""

    status: ClearCacheStatus


class DataTransferRequest(Request, frozen=True, gc=False):
    """DataTransfer.req (1.6 ed.2 §6.15)."""

    vendor_id: CiString255
    message_id: CiString50 | None = None
    data: str | None = None


class DataTransferResponse(Response, frozen=True, gc=False):
    """DataTransfer.conf (1.6 ed.2 §6.16)."""

    status: DataTransferStatus
    data: str | None = None


class GetConfigurationRequest(Request, frozen=True, gc=False):
    """GetConfiguration.req (1.6 ed.2 §6.23)."""

    key: list[CiString50] | None = None


class GetConfigurationResponse(Response, frozen=True, gc=False):
    """GetConfiguration.conf (1.6 ed.2 §6.24)."""

    configuration_key: list[KeyValue] | None = None
    unknown_key: list[CiString50] | None = None


class HeartbeatRequest(Request, frozen=True, gc=False):
    """Heartbeat.req (1.6 ed.2 §6.29)."""


class HeartbeatResponse(Response, frozen=True, gc=False):
    """Heartbeat.conf (1.6 ed.2 §6.30)."""

    current_time: OcppDateTime


class MeterValuesRequest(Request, frozen=True, gc=False):
    """MeterValues.req (1.6 ed.2 §6.31)."""

    connector_id: int
    meter_value: Annotated[list[MeterValue], Meta(min_length=1)]
    transaction_id: int | None = None


class MeterValuesResponse(Response, frozen=True, gc=False):
    """MeterValues.conf (1.6 ed.2 §6.32)."""


class RemoteStartTransactionRequest(Request, frozen=True, gc=False):
    """RemoteStartTransaction.req (1.6 ed.2 §6.33)."""

    id_tag: IdToken
    connector_id: int | None = None
    charging_profile: ChargingProfile | None = None


class RemoteStartTransactionResponse(Response, frozen=True, gc=False):
    """RemoteStartTransaction.conf (1.6 ed.2 §6.34)."""

    status: RemoteStartStopStatus


class RemoteStopTransactionRequest(Request, frozen=True, gc=False):
    """RemoteStopTransaction.req (1.6 ed.2 §6.35)."""

    transaction_id: int


class RemoteStopTransactionResponse(Response, frozen=True, gc=False):
    """RemoteStopTransaction.conf (1.6 ed.2 §6.36)."""

    status: RemoteStartStopStatus


class ResetRequest(Request, frozen=True, gc=False):
    """Reset.req (1.6 ed.2 §6.39)."""

    type: ResetType


class ResetResponse(Response, frozen=True, gc=False):
    """Reset.conf (1.6 ed.2 §6.40)."""

    status: ResetStatus


class StartTransactionRequest(Request, frozen=True, gc=False):
    """StartTransaction.req (1.6 ed.2 §6.45)."""

    connector_id: int
    id_tag: IdToken
    meter_start: int
    timestamp: OcppDateTime
    reservation_id: int | None = None


class StartTransactionResponse(Response, frozen=True, gc=False):
    """StartTransaction.conf (1.6 ed.2 §6.46)."""

    id_tag_info: IdTagInfo
    transaction_id: int


class StatusNotificationRequest(Request, frozen=True, gc=False):
    """StatusNotification.req (1.6 ed.2 §6.47)."""

    connector_id: int
    error_code: ChargePointErrorCode
    status: ChargePointStatus
    info: CiString50 | None = None
    timestamp: OcppDateTime | None = None
    vendor_id: CiString255 | None = None
    vendor_error_code: CiString50 | None = None


class StatusNotificationResponse(Response, frozen=True, gc=False):
    """StatusNotification.conf (1.6 ed.2 §6.48)."""


class StopTransactionRequest(Request, frozen=True, gc=False):
    """StopTransaction.req (1.6 ed.2 §6.49)."""

    meter_stop: int
    timestamp: OcppDateTime
    transaction_id: int
    id_tag: IdToken | None = None
    reason: Reason | None = None
    transaction_data: list[MeterValue] | None = None


class StopTransactionResponse(Response, frozen=True, gc=False):
    """StopTransaction.conf (1.6 ed.2 §6.50)."""

    id_tag_info: IdTagInfo | None = None


class UnlockConnectorRequest(Request, frozen=True, gc=False):
    """UnlockConnector.req (1.6 ed.2 §6.53)."""

    connector_id: int


class UnlockConnectorResponse(Response, frozen=True, gc=False):
    """UnlockConnector.conf (1.6 ed.2 §6.54)."""

    status: UnlockStatus


__all__ = [
    "AuthorizeRequest",
    "AuthorizeResponse",
    "BootNotificationRequest",
    "BootNotificationResponse",
    "ChangeAvailabilityRequest",
    "ChangeAvailabilityResponse",
    "ChangeConfigurationRequest",
    "ChangeConfigurationResponse",
    "ClearCacheRequest",
    "ClearCacheResponse",
    "DataTransferRequest",
    "DataTransferResponse",
    "GetConfigurationRequest",
    "GetConfigurationResponse",
    "HeartbeatRequest",
    "HeartbeatResponse",
    "MeterValuesRequest",
    "MeterValuesResponse",
    "RemoteStartTransactionRequest",
    "RemoteStartTransactionResponse",
    "RemoteStopTransactionRequest",
    "RemoteStopTransactionResponse",
    "ResetRequest",
    "ResetResponse",
    "StartTransactionRequest",
    "StartTransactionResponse",
    "StatusNotificationRequest",
    "StatusNotificationResponse",
    "StopTransactionRequest",
    "StopTransactionResponse",
    "UnlockConnectorRequest",
    "UnlockConnectorResponse",
]
