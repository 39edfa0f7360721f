"""CALLs that the operator of the simulator sends by hand, whatever they are."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec

from ocppsim.chargepoint.errors import IllegalAction, InvalidSetting
from ocppsim.chargepoint.inputs import CallRequested, StatusInjected
from ocppsim.chargepoint.notifications import CallAnswered
from ocppsim.protocol.errors import CallFailure, NotImplementedAction
from ocppsim.protocol.v16.codec import decode_request, encode
from ocppsim.protocol.v16.core import StatusNotificationRequest
from ocppsim.protocol.v16.enums import ChargePointErrorCode, ChargePointStatus

from .caller import Caller, CallFailed, OwnCall
from .core import Core


class OperatorCalls:
    """Sends them in their turn; each answer comes back as ``CallAnswered``."""

    __slots__ = ("_caller", "_core")

    def __init__(self, core: Core, caller: Caller) -> None:
        self._core = core
        self._caller = caller

    def send(self, event: CallRequested) -> None:
        """Raises ``IllegalAction`` without a link, or where too many wait already."""
        request = msgspec.json.encode(event.payload)
        self._send(event.ticket, event.action, request, _violation(event.action, request))

    def inject_status(self, event: StatusInjected) -> None:
        """A StatusNotification of the present moment; raises as :meth:`send` does.

        ``InvalidSetting`` for a status or an error code that the standard does not have.
        """
        try:
            request = StatusNotificationRequest(
                connector_id=event.connector_id,
                error_code=ChargePointErrorCode(event.error_code),
                status=ChargePointStatus(event.status),
                info=event.info,
                timestamp=self._core.clock.stamp(self._core.now_s),
                vendor_id=event.vendor_id,
                vendor_error_code=event.vendor_error_code,
            )
        except ValueError as error:
            raise InvalidSetting(str(error)) from error
        body = encode(request)
        self._send(event.ticket, "StatusNotification", body, _violation("StatusNotification", body))

    def _send(self, ticket: int, action: str, request: bytes, violation: str | None) -> None:
        if not self._caller.online:
            raise IllegalAction("the charge point is not connected to a CSMS")
        if self._caller.is_crowded:
            raise IllegalAction("too many messages wait for the CSMS to answer")

        def answered(payload: msgspec.Raw) -> None:
            try:
                value: Any = msgspec.json.decode(payload)
            except msgspec.DecodeError as error:
                # Such as a number that no computer holds
                self._failed(ticket, CallFailed("error", "", str(error)))
                return
            self._core.notify(CallAnswered(ticket, "result", value))

        self._caller.call_privileged(
            OwnCall(
                action,
                request,
                answered,
                partial(self._failed, ticket),
                raw=True,
                violation=violation,
            )
        )

    def _failed(self, ticket: int, failure: CallFailed) -> None:
        self._core.notify(
            CallAnswered(
                ticket,
                failure.kind,
                error_code=failure.code or None,
                error_description=failure.description or None,
            )
        )


def _violation(action: str, request: bytes) -> str | None:
    """How the payload breaks the schema of its action; None for an action without one."""
    try:
        decode_request(action, request)
    except NotImplementedAction:
        return None
    except CallFailure as failure:
        return f"{action}: {failure.description}"
    return None
