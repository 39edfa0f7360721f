"""The first elements of a frame: what kind it is, which message, and of which action."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from .snapshots import MessageKind

_HEAD = re.compile(rb'\s*\[\s*([234])\s*,\s*"([^"\\]{0,100})"\s*(?:,\s*"([^"\\]{0,100})")?')
_KINDS: dict[bytes, MessageKind] = {b"2": "CALL", b"3": "CALLRESULT", b"4": "CALLERROR"}


MessageHead = tuple[MessageKind | None, str | None, str | None]
"""Kind, message id and action. A plain tuple: a hundred thousand are made to fill a page."""


def head_of(text: bytes) -> MessageHead:
    """Kind, message id and action of a frame; all None for a text that is none.

    Only a CALL names its action.
    """
    match = _HEAD.match(text)
    if match is not None:
        kind = _KINDS[match[1]]
        action = match[3].decode(errors="replace") if kind == "CALL" and match[3] else None
        return kind, match[2].decode(errors="replace"), action
    frame = frame_of(text)
    if frame is None or frame[0] not in (2, 3, 4):
        return None, None, None
    kind = _KINDS[b"%d" % frame[0]]
    message_id = frame[1] if isinstance(frame[1], str) else None
    action = frame[2] if kind == "CALL" and len(frame) > 2 and isinstance(frame[2], str) else None
    return kind, message_id, action


def frame_of(text: bytes) -> list[Any] | None:
    """The elements of a frame; None where the text is no JSON array of at least two."""
    try:
        frame = msgspec.json.decode(text, type=list[Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return frame if len(frame) >= 2 else None


__all__ = ["MessageHead", "frame_of", "head_of"]
