"""Takes the secrets out of a frame that is to be kept.

Those are the value of the AuthorizationKey and the password in the URL of a file.
"""

from __future__ import annotations

import re
from typing import Any, cast

import msgspec

from ocppsim.transfer.location import without_password

from .message_heads import frame_of, head_of

_CARRY_SECRETS = frozenset({"ChangeConfiguration", "UpdateFirmware", "GetDiagnostics"})
_SECRET_KEY = "authorizationkey"
_HIDDEN = "***"
_STRAY_SECRETS = (
    re.compile(rb'(//[^/@:\s"]{0,100}:)[^@"]{0,100}(?=@)'),
    re.compile(rb'("AuthorizationKey"\s*,\s*"value"\s*:\s*")[^"]*', re.IGNORECASE),
)
"""Where the secrets are in a text that is no frame: a URL's password, the AuthorizationKey."""

# An answer, or a CALL of an action with another first letter than those that carry secrets. Should
# the quote before that letter be an escaped one, then the text is no JSON, and no CALL either.
is_harmless = re.compile(rb'\[(?:3|2,"[^"]*","[ABD-FH-TV-Zabd-fh-tv-z])').match
"""A quick look that passes nearly all frames: what it matches carries no secret."""


def without_secrets(text: bytes) -> bytes:
    """A frame as it may be shown: nobody may read the AuthorizationKey or a URL's password."""
    _kind, _message_id, action = head_of(text)
    if action not in _CARRY_SECRETS:
        return text
    frame = frame_of(text)
    if frame is None:
        for secret in _STRAY_SECRETS:
            text = secret.sub(rb"\1" + _HIDDEN.encode(), text)
        return text
    hidden = False
    for part in frame:
        if isinstance(part, dict):
            payload = cast("dict[str, Any]", part)
            if str(payload.get("key")).strip().casefold() == _SECRET_KEY:
                payload["value"] = _HIDDEN
                hidden = True
            location = payload.get("location")
            shown = without_password(location) if isinstance(location, str) else _HIDDEN
            if location is not None and shown != location:
                payload["location"] = shown
                hidden = True
    return msgspec.json.encode(frame) if hidden else text


__all__ = ["is_harmless", "without_secrets"]
