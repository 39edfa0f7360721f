"""What can go wrong when the world asks a charge point for the impossible.

ChargePointError
├── IllegalAction       the state of the charger or connector does not allow it (REST: 409)
├── UnknownConnector    there is no such connector (REST: 404)
└── InvalidSetting      a value does not fit its configuration key (REST: 422)
"""

from __future__ import annotations


class ChargePointError(Exception):
    """Base of the errors that a charge point raises towards its operator."""


class IllegalAction(ChargePointError):
    """The action is not possible in the present state; the message says why."""


class UnknownConnector(ChargePointError):
    """The charge point has no connector of that number."""


class InvalidSetting(ChargePointError):
    """A configuration key is unknown or its value does not fit; the message says which."""
