"""The messages of the Remote Trigger profile."""

from __future__ import annotations

from .datatypes import Request, Response
from .enums import MessageTrigger, TriggerMessageStatus


class TriggerMessageRequest(Request, frozen=True, gc=False):
    """TriggerMessage.req (1.6 ed.2 §6.51)."""

    requested_message: MessageTrigger
    connector_id: int | None = None


class TriggerMessageResponse(Response, frozen=True, gc=False):
    """TriggerMessage.conf (1.6 ed.2 §6.52)."""

    status: TriggerMessageStatus


__all__ = [
    "TriggerMessageRequest",
    "TriggerMessageResponse",
]
