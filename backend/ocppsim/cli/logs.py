"""What the program logs, on stderr: one line an event."""

from __future__ import annotations

import logging
import sys

_QUIET_UNLESS_DEBUGGING = ("uvicorn", "alembic", "websockets", "asyncio", "httpx")


def configure_logging(level: str) -> None:
    """Log at ``level`` (critical to debug); libraries say their routine only at debug."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)-8s %(name)s: %(message)s", "%H:%M:%S")
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    if level != "debug":
        for name in _QUIET_UNLESS_DEBUGGING:
            logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
