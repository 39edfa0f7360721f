"""HTTP Basic authentication of a charge point (security profiles 1 and 2)."""

from __future__ import annotations

import re
from base64 import b64encode

_HEX_KEY = re.compile(r"(?:[0-9A-Fa-f]{2}){16,20}")


def password_bytes(password: str, *, literal: bool = False) -> bytes:
    """What goes over the wire for an AuthorizationKey.

    The key is 16 to 20 bytes written as 32 to 40 hexadecimal digits (OCPP-J 1.6 §6.2.2);
    anything else, and everything with ``literal``, is a password that stands for itself.
    """
    if not literal and _HEX_KEY.fullmatch(password):
        return bytes.fromhex(password)
    return password.encode()


def basic_authorization(user: str, password: str, *, literal: bool = False) -> str:
    """The value of the Authorization header; ``user`` is the identity as it stands."""
    token = user.encode() + b":" + password_bytes(password, literal=literal)
    return "Basic " + b64encode(token).decode("ascii")


__all__ = ["basic_authorization", "password_bytes"]
