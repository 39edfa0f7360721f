"""Which version an installed image brings: a simulated one has no content that could say it."""

from __future__ import annotations

import re

_VERSION = re.compile(r"(?<![0-9.])[0-9]+(?:\.[0-9]+)+(?![0-9A-Za-z])")
_BEFORE_PATH = re.compile(r"\A[^/]*//[^/]*")
_LAST_NUMBER = re.compile(r"[0-9]+(?=[^0-9]*\Z)")
_LONGEST = 50
"""firmwareVersion is a CiString50 (1.6 ed.2 §6.3)."""
_FIRST = "1.0.1"


def version_of_image(location: str, present: str | None) -> str:
    """The version in the file name (``fw-2.1.0.bin`` is 2.1.0), else the next after ``present``.

    At most 50 characters.
    """
    path = _BEFORE_PATH.sub("", re.split(r"[?#]", location, maxsplit=1)[0])
    found: list[str] = _VERSION.findall(path.rsplit("/", 1)[-1])
    version = found[-1] if found else _next_version(present)
    return version if len(version) <= _LONGEST else _FIRST


def _next_version(present: str | None) -> str:
    """The last number raised by one."""
    if not present:
        return _FIRST
    found = _LAST_NUMBER.search(present)
    if found is None:
        return f"{present}.1"
    return f"{present[: found.start()]}{int(found[0]) + 1}{present[found.end() :]}"


__all__ = ["version_of_image"]
