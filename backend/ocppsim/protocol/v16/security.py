"""The messages of the security extension."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from .datatypes import (
    CertificateHashData,
    CiString50,
    CiString255,
    Firmware,
    LogParameters,
    OcppDateTime,
    Request,
    Response,
    String5500,
    String10000,
)
from .enums import (
    CertificateSignedStatus,
    CertificateStatus,
    CertificateUse,
    DeleteCertificateStatus,
    ExtendedMessageTrigger,
    GenericStatus,
    GetInstalledCertificateStatus,
    Log,
    LogStatus,
    SignedFirmwareStatus,
    TriggerMessageStatus,
    UpdateFirmwareStatus,
    UploadLogStatus,
)


class CertificateSignedRequest(Request, frozen=True, gc=False):
    """CertificateSigned.req (security whitepaper §5.1)."""

    certificate_chain: String10000


class CertificateSignedResponse(Response, frozen=True, gc=False):
    """CertificateSigned.conf (security whitepaper §5.2)."""

    status: CertificateSignedStatus


class DeleteCertificateRequest(Request, frozen=True, gc=False):
    """DeleteCertificate.req (security whitepaper §5.3)."""

    certificate_hash_data: CertificateHashData


class DeleteCertificateResponse(Response, frozen=True, gc=False):
    """DeleteCertificate.conf (security whitepaper §5.4)."""

    status: DeleteCertificateStatus


class ExtendedTriggerMessageRequest(Request, frozen=True, gc=False):
    """ExtendedTriggerMessage.req (security whitepaper §5.5)."""

    requested_message: ExtendedMessageTrigger
    connector_id: int | None = None


class ExtendedTriggerMessageResponse(Response, frozen=True, gc=False):
    """ExtendedTriggerMessage.conf (security whitepaper §5.6)."""

    status: TriggerMessageStatus


class GetInstalledCertificateIdsRequest(Request, frozen=True, gc=False):
    """GetInstalledCertificateIds.req (security whitepaper §5.7)."""

    certificate_type: CertificateUse


class GetInstalledCertificateIdsResponse(Response, frozen=True, gc=False):
    """GetInstalledCertificateIds.conf (security whitepaper §5.8)."""

    status: GetInstalledCertificateStatus
    certificate_hash_data: Annotated[list[CertificateHashData], Meta(min_length=1)] | None = None


class GetLogRequest(Request, frozen=True, gc=False):
    """GetLog.req (security whitepaper §5.9)."""

    log_type: Log
    request_id: int
    log: LogParameters
    retries: int | None = None
    retry_interval: int | None = None


class GetLogResponse(Response, frozen=True, gc=False):
    """GetLog.conf (security whitepaper §5.10)."""

    status: LogStatus
    filename: CiString255 | None = None


class InstallCertificateRequest(Request, frozen=True, gc=False):
    """InstallCertificate.req (security whitepaper §5.11)."""

    certificate_type: CertificateUse
    certificate: String5500


class InstallCertificateResponse(Response, frozen=True, gc=False):
    """InstallCertificate.conf (security whitepaper §5.12)."""

    status: CertificateStatus


class LogStatusNotificationRequest(Request, frozen=True, gc=False):
    """LogStatusNotification.req (security whitepaper §5.13)."""

    status: UploadLogStatus
    request_id: int | None = None


class LogStatusNotificationResponse(Response, frozen=True, gc=False):
    """LogStatusNotification.conf (security whitepaper §5.14)."""


class SecurityEventNotificationRequest(Request, frozen=True, gc=False):
    """SecurityEventNotification.req (security whitepaper §5.15)."""

    type: CiString50
    timestamp: OcppDateTime
    tech_info: CiString255 | None = None


class SecurityEventNotificationResponse(Response, frozen=True, gc=False):
    """SecurityEventNotification.conf (security whitepaper §5.16)."""


class SignCertificateRequest(Request, frozen=True, gc=False):
    """SignCertificate.req (security whitepaper §5.17)."""

    csr: String5500


class SignCertificateResponse(Response, frozen=True, gc=False):
    """SignCertificate.conf (security whitepaper §5.18)."""

    status: GenericStatus


class SignedFirmwareStatusNotificationRequest(Request, frozen=True, gc=False):
    """SignedFirmwareStatusNotification.req (security whitepaper §5.19)."""

    status: SignedFirmwareStatus
    request_id: int | None = None


class SignedFirmwareStatusNotificationResponse(Response, frozen=True, gc=False):
    """SignedFirmwareStatusNotification.conf (security whitepaper §5.20)."""


class SignedUpdateFirmwareRequest(Request, frozen=True, gc=False):
    """SignedUpdateFirmware.req (security whitepaper §5.21)."""

    request_id: int
    firmware: Firmware
    retries: int | None = None
    retry_interval: int | None = None


class SignedUpdateFirmwareResponse(Response, frozen=True, gc=False):
    """SignedUpdateFirmware.conf (security whitepaper §5.22)."""

    status: UpdateFirmwareStatus


__all__ = [
    "CertificateSignedRequest",
    "CertificateSignedResponse",
    "DeleteCertificateRequest",
    "DeleteCertificateResponse",
    "ExtendedTriggerMessageRequest",
    "ExtendedTriggerMessageResponse",
    "GetInstalledCertificateIdsRequest",
    "GetInstalledCertificateIdsResponse",
    "GetLogRequest",
    "GetLogResponse",
    "InstallCertificateRequest",
    "InstallCertificateResponse",
    "LogStatusNotificationRequest",
    "LogStatusNotificationResponse",
    "SecurityEventNotificationRequest",
    "SecurityEventNotificationResponse",
    "SignCertificateRequest",
    "SignCertificateResponse",
    "SignedFirmwareStatusNotificationRequest",
    "SignedFirmwareStatusNotificationResponse",
    "SignedUpdateFirmwareRequest",
    "SignedUpdateFirmwareResponse",
]
