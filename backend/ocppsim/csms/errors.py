"""What can go wrong between an operator and the demo central system.

CentralSystemError
├── UnknownChargePoint    no charger of that id was ever here
├── NotConnected          the charger is known, but has no connection now
├── InvalidCommand        the action or payload breaks the schema of OCPP 1.6
├── AnswerOverdue         the charger did not answer in time
├── ConnectionLost        the connection went down before the answer
└── CannotListen          the address or port cannot be used
"""

from __future__ import annotations


class CentralSystemError(Exception):
    """Base of all; the message is one line for a person."""


class UnknownChargePoint(CentralSystemError):
    """No charger of that id was ever here."""

    def __init__(self, charge_point_id: str) -> None:
        super().__init__(f"no charger {charge_point_id!r} has connected here")


class NotConnected(CentralSystemError):
    """The charger is known, but has no connection now."""

    def __init__(self, charge_point_id: str) -> None:
        super().__init__(f"charger {charge_point_id!r} is not connected")


class InvalidCommand(CentralSystemError):
    """The action or payload breaks the schema of OCPP 1.6."""


class AnswerOverdue(CentralSystemError):
    """The charger did not answer in time."""


class ConnectionLost(CentralSystemError):
    """The connection went down before the answer came."""


class CannotListen(CentralSystemError):
    """The address or port cannot be used."""
