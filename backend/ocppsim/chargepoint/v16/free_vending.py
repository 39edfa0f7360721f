"""Free vending: plug in and charge, where nobody asks for a tag (1.6 ed.2 §4.9, A3 to A5)."""

from __future__ import annotations

from ocppsim.chargepoint.identifiers import ConnectorId

from .availability import Availability
from .connector import Connector, Grant
from .core import Core
from .reader import Reader
from .reservations import Reservations
from .sessions import Sessions

FREE_ID_TAG = "FREE"
"""What StartTransaction carries, since it must carry something."""


class FreeVending:
    """Starts a transaction for whoever plugs in; elsewhere the sessions take their usual way.

    Who could not be served at that time is served as soon as it is possible: :meth:`settle` is
    asked after every step.
    """

    __slots__ = (
        "_became_operative",
        "_connectors",
        "_is_on",
        "_reader",
        "_reservations",
        "_sessions",
    )

    def __init__(
        self,
        core: Core,
        reader: Reader,
        reservations: Reservations,
        sessions: Sessions,
        availability: Availability,
        connectors: dict[ConnectorId, Connector],
    ) -> None:
        self._is_on = core.behaviour("free_vending") == "on"
        self._reader = reader
        self._reservations = reservations
        self._sessions = sessions
        self._connectors = connectors
        self._became_operative = availability.on_operative
        availability.on_operative = self._open_again

    def cable_plugged_in(self, connector: Connector) -> None:
        """A vehicle is connected."""
        if not self._vend(connector):
            self._sessions.cable_plugged_in(connector)

    def settle(self) -> bool:
        """A fault, a reservation, a boot or a missing registration is over.

        Returns whether there may be something to do at the end of the next step, too.
        """
        if self._is_on:
            for connector in self._connectors.values():
                if connector.preparing and connector.vehicle_connected:
                    self._vend(connector)
        return self._is_on

    def _open_again(self, connector: Connector) -> None:
        """A connector may be used again; a vehicle may be waiting at it (H3 to H5)."""
        if not (connector.vehicle_connected and self._vend(connector)):
            self._became_operative(connector)

    def _vend(self, connector: Connector) -> bool:
        """Whether a transaction was started."""
        if (
            not self._is_on
            or self._reader.refusal(connector, FREE_ID_TAG) is not None
            or not self._reservations.admits(connector, FREE_ID_TAG)
        ):
            return False
        connector.grant = Grant(FREE_ID_TAG)
        self._sessions.try_start(connector)
        return True
