"""The messages of the Firmware Management profile."""

from __future__ import annotations

from .datatypes import AnyUri, CiString255, OcppDateTime, Request, Response
from .enums import DiagnosticsStatus, FirmwareStatus


class DiagnosticsStatusNotificationRequest(Request, frozen=True, gc=False):
    """DiagnosticsStatusNotification.req (1.6 ed.2 §6.17)."""

    status: DiagnosticsStatus


class DiagnosticsStatusNotificationResponse(Response, frozen=True, gc=False):
    """DiagnosticsStatusNotification.conf (1.6 ed.2 §6.18)."""


class FirmwareStatusNotificationRequest(Request, frozen=True, gc=False):
    """FirmwareStatusNotification.req (1.6 ed.2 §6.19)."""

    status: FirmwareStatus


class FirmwareStatusNotificationResponse(Response, frozen=True, gc=False):
    """FirmwareStatusNotification.conf (1.6 ed.2 §6.20)."""


class GetDiagnosticsRequest(Request, frozen=True, gc=False):
    """GetDiagnostics.req (1.6 ed.2 §6.25)."""

    location: AnyUri
    retries: int | None = None
    retry_interval: int | None = None
    start_time: OcppDateTime | None = None
    stop_time: OcppDateTime | None = None


class GetDiagnosticsResponse(Response, frozen=True, gc=False):
    """GetDiagnostics.conf (1.6 ed.2 §6.26)."""

    file_name: CiString255 | None = None


class UpdateFirmwareRequest(Request, frozen=True, gc=False):
    """UpdateFirmware.req (1.6 ed.2 §6.55)."""

    location: AnyUri
    retrieve_date: OcppDateTime
    retries: int | None = None
    retry_interval: int | None = None


class UpdateFirmwareResponse(Response, frozen=True, gc=False):
    """UpdateFirmware.conf (1.6 ed.2 §6.56)."""


__all__ = [
    "DiagnosticsStatusNotificationRequest",
    "DiagnosticsStatusNotificationResponse",
    "FirmwareStatusNotificationRequest",
    "FirmwareStatusNotificationResponse",
    "GetDiagnosticsRequest",
    "GetDiagnosticsResponse",
    "UpdateFirmwareRequest",
    "UpdateFirmwareResponse",
]
