"""What the CSMS may ask for: from the action of a CALL to the part that answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from ocppsim.protocol.errors import NotSupportedAction
from ocppsim.protocol.v16.actions import ACTIONS
from ocppsim.protocol.v16.codec import decode_request
from ocppsim.protocol.v16.enums import ReservationStatus, UpdateStatus
from ocppsim.protocol.v16.local_auth_list import (
    GetLocalListVersionResponse,
    SendLocalListResponse,
)
from ocppsim.protocol.v16.reservation import ReserveNowResponse

from .core import Core

Handler = Callable[[Any], msgspec.Struct]
"""Takes the decoded request and returns the response; raises ``CallFailure`` for a CALLERROR."""

_WITHOUT_PROFILE: dict[str, msgspec.Struct] = {
    # 1.6 ed.2 §5.10: -1 says that local lists are not supported
    "GetLocalListVersion": GetLocalListVersionResponse(list_version=-1),
    "SendLocalList": SendLocalListResponse(status=UpdateStatus.NotSupported),
    "ReserveNow": ReserveNowResponse(status=ReservationStatus.Rejected),
}
"""AMB-24: answers that have a word for a feature profile that is not there."""


class Commands:
    """Hands a CALL to its handler, if its feature profile is switched on."""

    __slots__ = ("_core", "_handlers")

    def __init__(self, core: Core, handlers: Mapping[str, Handler]) -> None:
        self._core = core
        self._handlers = dict(handlers)

    def handle(self, action: str, payload: msgspec.Raw | bytes) -> msgspec.Struct:
        """The response; raises the ``CallFailure`` that the CALL is to be answered with."""
        if action in ACTIONS and action not in self._handlers:
            # ERR-04: before the payload is read, since no payload would make it supported
            raise NotSupportedAction(f"{action} is not supported by this charge point")
        request = decode_request(action, payload)
        profile = ACTIONS[action].feature_profile
        if self._core.configuration.has_profile(profile):
            return self._handlers[action](request)
        answer = _WITHOUT_PROFILE.get(action)
        if answer is None or self._core.behaviour("unsupported_profile") == "error":
            raise NotSupportedAction(f"the feature profile {profile} is not supported")
        return answer
