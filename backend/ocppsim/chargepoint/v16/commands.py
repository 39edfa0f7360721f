"""What the CSMS may ask for: from the action of a CALL to the part that answers it."""

from __future__ import annotations

from collections.abc import Callable
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

from .parts import Parts

Handler = Callable[[Parts, Any], msgspec.Struct]
"""Takes the decoded request and returns the response; raises ``CallFailure`` for a CALLERROR."""

_HANDLERS: dict[str, Handler] = {
    "CancelReservation": lambda parts, request: parts.reservations.cancel(request),
    "ChangeAvailability": lambda parts, request: parts.core_commands.change_availability(request),
    "ChangeConfiguration": lambda parts, request: parts.core_commands.change_configuration(request),
    "ClearCache": lambda parts, request: parts.core_commands.clear_cache(request),
    "ClearChargingProfile": lambda parts, request: parts.profile_commands.clear(request),
    "DataTransfer": lambda parts, request: parts.core_commands.data_transfer(request),
    "GetCompositeSchedule": lambda parts, request: parts.profile_commands.get_schedule(request),
    "GetConfiguration": lambda parts, request: parts.core_commands.get_configuration(request),
    "GetDiagnostics": lambda parts, request: parts.diagnostics.request(request),
    "GetLocalListVersion": lambda parts, request: parts.local_auth_list.get_version(request),
    "RemoteStartTransaction": lambda parts, request: parts.remote_control.start(request),
    "RemoteStopTransaction": lambda parts, request: parts.remote_control.stop(request),
    "ReserveNow": lambda parts, request: parts.reservations.reserve(request),
    "Reset": lambda parts, request: parts.reset.request(request),
    "SendLocalList": lambda parts, request: parts.local_auth_list.send(request),
    "SetChargingProfile": lambda parts, request: parts.profile_commands.set(request),
    "TriggerMessage": lambda parts, request: parts.remote_trigger.request(request),
    "UnlockConnector": lambda parts, request: parts.core_commands.unlock_connector(request),
    "UpdateFirmware": lambda parts, request: parts.firmware.request(request),
}
"""One table for all charge points: a part is looked for, or made, when somebody asks for it."""

_WITHOUT_PROFILE: dict[str, msgspec.Struct] = {
    # 1.6 ed.2 §5.10: -1 says that local lists are not supported
    "GetLocalListVersion": GetLocalListVersionResponse(list_version=-1),
    "SendLocalList": SendLocalListResponse(status=UpdateStatus.NotSupported),
    "ReserveNow": ReserveNowResponse(status=ReservationStatus.Rejected),
}
"""AMB-24: answers that have a word for a feature profile that is not there."""


def answer(parts: Parts, action: str, payload: msgspec.Raw | bytes) -> msgspec.Struct:
    """The response to a CALL, by its handler if its feature profile is switched on.

    Raises the ``CallFailure`` that the CALL is to be answered with.
    """
    if action in ACTIONS and action not in _HANDLERS:
        # ERR-04: before the payload is read, since no payload would make it supported
        raise NotSupportedAction(f"{action} is not supported by this charge point")
    request = decode_request(action, payload)
    profile = ACTIONS[action].feature_profile
    core = parts.core
    if core.configuration.has_profile(profile):
        return _HANDLERS[action](parts, request)
    substitute = _WITHOUT_PROFILE.get(action)
    if substitute is None or core.behaviour("unsupported_profile") == "error":
        raise NotSupportedAction(f"the feature profile {profile} is not supported")
    return substitute
