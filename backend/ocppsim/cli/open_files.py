"""How many connections the process may have: each takes a file descriptor."""

from __future__ import annotations

import sys
from contextlib import suppress

_OF_THE_PROGRAM = 100
"""Descriptors beside those of the chargers: database, log, event loop, handshakes to names."""


def raise_open_file_limit() -> int | None:
    """Use what the system allows, which shells often halve; how many that is, None: no limit."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 - there is none on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        with suppress(OSError, ValueError):  # macOS has a lower bound of its own
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
            soft = hard
    return None if soft == resource.RLIM_INFINITY else soft


def too_many_chargers(count: int) -> str | None:
    """Why so many chargers cannot be connected at a time; None where they can."""
    allowed = raise_open_file_limit()
    if allowed is None or count + _OF_THE_PROGRAM <= allowed:
        return None
    return (
        f"{count:,} chargers need more open files than the {allowed:,} that the system allows"
        " (ulimit -n)"
    )
