"""Free vending: plug in and charge, where nobody asks for a tag (1.6 ed.2 §4.9, A3 to A5)."""

from __future__ import annotations

from .availability import Availability
from .connector import Connector, Grant
from .core import Core
from .reader import Reader
from .sessions import Sessions

FREE_ID_TAG = "FREE"
"""What StartTransaction carries, since it must carry something."""


class FreeVending:
    """Starts a transaction for whoever plugs in; elsewhere the sessions take their usual way."""

    __slots__ = ("_became_operative", "_core", "_reader", "_sessions")

    def __init__(
        self, core: Core, reader: Reader, sessions: Sessions, availability: Availability
    ) -> None:
        self._core = core
        self._reader = reader
        self._sessions = sessions
        self._became_operative = availability.on_operative
        availability.on_operative = self._open_again

    def cable_plugged_in(self, connector: Connector) -> None:
        """A vehicle is connected."""
        if not self._vends(connector):
            self._sessions.cable_plugged_in(connector)

    def _open_again(self, connector: Connector) -> None:
        """A connector may be used again; a vehicle may be waiting at it (H3 to H5)."""
        if not (connector.vehicle_connected and self._vends(connector)):
            self._became_operative(connector)

    def _vends(self, connector: Connector) -> bool:
        if (
            self._core.behaviour("free_vending") == "off"
            or self._reader.refusal(connector, FREE_ID_TAG) is not None
        ):
            return False
        connector.grant = Grant(FREE_ID_TAG)
        self._sessions.try_start(connector)
        return True
