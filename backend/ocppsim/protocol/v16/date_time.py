"""Date-times on the wire: ISO 8601 text to Unix seconds and back (1.6 ed.2 §3.14, §3.15).

Received texts may carry fractions of a second and a time-zone offset, may leave out the
seconds or the minutes of the offset (``+01``), and count as UTC without any offset.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

_DAY = (
    r"(?:(?!0000)[0-9]{4}-(?:"
    r"(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    # 29 February of a leap year
    r"|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)-02-29)"
)
_CLOCK = (
    r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9](?::(?:[0-5][0-9]|60)(?:[.,][0-9]+)?)?"
    r"|24:00(?::00(?:[.,]0+)?)?)"
)
_ZONE = r"(?:[Zz]|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)?"

DATE_TIME_PATTERN = rf"\A{_DAY}[Tt]{_CLOCK}{_ZONE}\Z"
"""Matches exactly the texts that :func:`parse_date_time` takes."""

_match = re.compile(DATE_TIME_PATTERN).match

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_DAY_S = 86_400


def parse_date_time(text: str) -> float:
    """Unix seconds of an ISO 8601 date-time; raises ``ValueError`` when it is none."""
    if _match(text) is None:
        raise ValueError(f"not an ISO 8601 date-time: {text[:40]!r}")
    days = date(int(text[:4]), int(text[5:7]), int(text[8:10])).toordinal() - _EPOCH_ORDINAL
    clock, offset_s = _split_zone(text[11:])
    seconds = float(clock[6:].replace(",", ".")) if len(clock) > 5 else 0.0
    return days * _DAY_S + int(clock[:2]) * 3600 + int(clock[3:5]) * 60 - offset_s + seconds


def _split_zone(clock_and_zone: str) -> tuple[str, int]:
    """The clock part, and the offset from UTC in seconds."""
    if clock_and_zone[-1] in "Zz":
        return clock_and_zone[:-1], 0
    start = max(clock_and_zone.rfind("+"), clock_and_zone.rfind("-"))
    if start < 0:
        return clock_and_zone, 0
    digits = clock_and_zone[start + 1 :].replace(":", "")
    offset_s = int(digits[:2]) * 3600 + int(digits[2:] or "0") * 60
    return clock_and_zone[:start], -offset_s if clock_and_zone[start] == "-" else offset_s


@lru_cache(maxsize=256)
def _second_text(second: int) -> str:
    """Chargers stamp in the same few seconds."""
    day, rest = divmod(second, _DAY_S)
    minutes, second = divmod(rest, 60)
    hour, minute = divmod(minutes, 60)
    date_text = date.fromordinal(day + _EPOCH_ORDINAL).isoformat()
    return f"{date_text}T{hour:02}:{minute:02}:{second:02}"


@lru_cache(maxsize=16)
def _text(milliseconds: int) -> str:
    """Many of them stamp in the same millisecond."""
    second, millisecond = divmod(milliseconds, 1000)
    return _second_text(second) + _MILLISECONDS[millisecond]


_MILLISECONDS = tuple(f".{millisecond:03}Z" for millisecond in range(1000))


def format_date_time(epoch_s: float) -> str:
    """``2026-01-02T03:04:05.678Z`` for Unix seconds, rounded to milliseconds, always in UTC.

    Raises ``ValueError`` or ``OverflowError`` outside of the years 1 to 9999.
    """
    return _text(round(epoch_s * 1000))
