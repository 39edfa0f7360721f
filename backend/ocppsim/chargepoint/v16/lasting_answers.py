"""Answers that the CSMS relies on after a crash too: given once what they promise is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ocppsim.chargepoint.effects import (
    AwaitCommit,
    Effect,
    PutCell,
    SaveAvailability,
    SaveConfiguration,
    SendText,
)

from .caller import Caller
from .core import Core

_LASTING = frozenset(
    {
        "CancelReservation",
        "ChangeAvailability",
        "ChangeConfiguration",
        "ClearCache",
        "ClearChargingProfile",
        "ReserveNow",
        "SendLocalList",
        "SetChargingProfile",
        "UpdateFirmware",
    }
)
_NONE: Mapping[str, bytes] = {}
_STORING = (PutCell, SaveAvailability, SaveConfiguration)


class LastingAnswers:
    """Holds such an answer, and the charge point's own CALLs behind it, until it is true.

    A CSMS that was told Accepted will not ask again, so a crash must not undo it.
    """

    __slots__ = ("_caller", "_core", "_number", "_waiting")

    def __init__(self, core: Core, caller: Caller) -> None:
        self._core = core
        self._caller = caller
        self._number = 0
        self._waiting = _NONE

    def give(self, action: str, text: bytes, caused: Sequence[Effect]) -> None:
        """Send an answer: at once, unless what it ``caused`` has to be stored first."""
        if action not in _LASTING or not any(isinstance(effect, _STORING) for effect in caused):
            self._core.effects.append(SendText(text))
        else:
            self._number += 1
            # The prefix is of this boot: what an earlier one waited for is not ours
            ticket = f"{self._core.message_id_prefix}{self._number}"
            self._waiting = {**self._waiting, ticket: text}
            self._core.effects.append(AwaitCommit(ticket))
        self._go_on()

    def committed(self, ticket: str) -> None:
        """What was ordered before the ticket survives a crash now."""
        text = self._waiting.get(ticket)
        if text is not None:
            self._waiting = {
                other: kept for other, kept in self._waiting.items() if other != ticket
            } or _NONE
            self._core.effects.append(SendText(text))
            self._go_on()

    def link_down(self) -> None:
        """Nobody is left to be answered."""
        self._waiting = _NONE
        self._caller.held = False

    def _go_on(self) -> None:
        self._caller.held = bool(self._waiting)
        self._caller.pump()
