"""The messages of the Local Auth List Management profile."""

from __future__ import annotations

from .datatypes import AuthorizationData, Request, Response
from .enums import UpdateStatus, UpdateType


class GetLocalListVersionRequest(Request, frozen=True, gc=False):
    """GetLocalListVersion.req (1.6 ed.2 §6.27)."""


class GetLocalListVersionResponse(Response, frozen=True, gc=False):
    """GetLocalListVersion.conf (1.6 ed.2 §6.28)."""

    list_version: int


class SendLocalListRequest(Request, frozen=True, gc=False):
    """SendLocalList.req (1.6 ed.2 §6.41)."""

    list_version: int
    update_type: UpdateType
    local_authorization_list: list[AuthorizationData] | None = None


class SendLocalListResponse(Response, frozen=True, gc=False):
    """SendLocalList.conf (1.6 ed.2 §6.42)."""

    status: UpdateStatus


__all__ = [
    "GetLocalListVersionRequest",
    "GetLocalListVersionResponse",
    "SendLocalListRequest",
    "SendLocalListResponse",
]
