"""The messages of the Remote Trigger profile."""

from __future__ import annotations

from .datatypes import CiString50, Request, Response
from .enums import TriggerMessageStatus


class TriggerMessageRequest(Request, frozen=True, gc=False):
    """TriggerMessage.req (1.6 ed.2 §6.51).

    ``requested_message`` is a MessageTrigger (§7.32), or a word that nobody knows: that is
    answered with NotImplemented (§5.17), and so must not fail to be read.
    """

    requested_message: CiString50
    connector_id: int | None = None


class TriggerMessageResponse(Response, frozen=True, gc=False):
    """TriggerMessage.conf (1.6 ed.2 §6.52)."""

    status: TriggerMessageStatus


__all__ = [
    "TriggerMessageRequest",
    "TriggerMessageResponse",
]
