"""Where the commands print to."""

from __future__ import annotations

import sys
import time

from rich.console import Console

_WIDTH_OF_A_FILE = 160


def stdout_console() -> Console:
    """A console on the stdout of the moment (a prompt may have put its own in place)."""
    width = None if sys.stdout.isatty() else _WIDTH_OF_A_FILE
    return Console(file=sys.stdout, width=width, highlight=False, soft_wrap=True)


def say_error(message: str) -> None:
    """One line on stderr."""
    sys.stderr.write(f"ocppsim: {message}\n")
    sys.stderr.flush()


def time_of_day() -> str:
    """The local time with milliseconds."""
    now_s = time.time()
    return time.strftime("%H:%M:%S", time.localtime(now_s)) + f".{int(now_s * 1000) % 1000:03d}"
