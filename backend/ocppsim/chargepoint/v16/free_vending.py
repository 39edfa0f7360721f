"""Free vending: plug in and charge, where nobody asks for a tag (1.6 ed.2 §4.9, A3 to A5)."""

from __future__ import annotations

from ocppsim.chargepoint.identifiers import ConnectorId

from .connector import Connector, Grant
from .reader import Reader
from .reservations import Reservations
from .sessions import Sessions

FREE_ID_TAG = "FREE"
"""What StartTransaction carries, since it must carry something."""


class FreeVending:
    """Starts a transaction for whoever plugs in, where that is switched on.

    Who could not be served at that time is served as soon as it is possible: :meth:`settle` is
    asked after every step.
    """

    __slots__ = ("_connectors", "_reader", "_reservations", "_sessions")

    def __init__(
        self,
        reader: Reader,
        reservations: Reservations,
        sessions: Sessions,
        connectors: dict[ConnectorId, Connector],
    ) -> None:
        self._reader = reader
        self._reservations = reservations
        self._sessions = sessions
        self._connectors = connectors

    def settle(self) -> None:
        """A fault, a reservation, a boot or a missing registration is over."""
        for connector in self._connectors.values():
            if connector.preparing and connector.vehicle_connected:
                self.vend(connector)

    def vend(self, connector: Connector) -> bool:
        """Charge the vehicle at a connector; returns whether a transaction was started."""
        if self._reader.refusal(
            connector, FREE_ID_TAG
        ) is not None or not self._reservations.admits(connector, FREE_ID_TAG):
            return False
        connector.grant = Grant(FREE_ID_TAG)
        self._sessions.try_start(connector)
        return True
