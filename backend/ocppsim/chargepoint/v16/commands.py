"""What the CSMS may ask for: from the action of a CALL to the part that answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from ocppsim.protocol.errors import NotSupportedAction
from ocppsim.protocol.v16.actions import ACTIONS
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

    def handle(self, action: str, request: msgspec.Struct) -> msgspec.Struct:
        """The response; raises ``CallFailure`` for an action that is not supported."""
        handler = self._handlers.get(action)
        if handler is None:
            raise NotSupportedAction(f"{action} is not supported by this charge point")
        profile = ACTIONS[action].feature_profile
        if self._core.configuration.has_profile(profile):
            return handler(request)
        answer = _WITHOUT_PROFILE.get(action)
        if answer is None or self._core.behaviour("unsupported_profile") == "error":
            raise NotSupportedAction(f"the feature profile {profile} is not supported")
        return answer
