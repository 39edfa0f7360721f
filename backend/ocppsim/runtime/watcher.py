"""Somebody who watches all chargers of a supervisor as things happen to them."""

from __future__ import annotations

from typing import Protocol

from ocppsim.chargepoint.notifications import Notification

from .connection import Connection


class ChargerWatcher(Protocol):
    """Both are called in the middle of what a charger does: note it, act later, do not raise."""

    def noticed(self, charger_id: int, notification: Notification, /) -> None:
        """A charge point shows something."""
        ...

    def connection_changed(self, charger_id: int, connection: Connection, /) -> None:
        """The state of the link is another one, or one more attempt to connect has failed."""
        ...


__all__ = ["ChargerWatcher"]
