"""CALLs that the operator of the simulator sends by hand, whatever they are."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec

from ocppsim.chargepoint.errors import IllegalAction
from ocppsim.chargepoint.inputs import CallRequested
from ocppsim.chargepoint.notifications import CallAnswered

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
        if not self._caller.online:
            raise IllegalAction("the charge point is not connected to a CSMS")
        if self._caller.is_crowded:
            raise IllegalAction("too many messages wait for the CSMS to answer")

        def answered(payload: msgspec.Raw) -> None:
            try:
                value: Any = msgspec.json.decode(payload)
            except msgspec.DecodeError as error:
                # Such as a number that no computer holds
                self._failed(event.ticket, CallFailed("error", "", str(error)))
                return
            self._core.notify(CallAnswered(event.ticket, "result", value))

        self._caller.call_privileged(
            OwnCall(
                event.action,
                msgspec.json.encode(event.payload),
                answered,
                partial(self._failed, event.ticket),
                raw=True,
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
