"""RemoteStartTransaction and RemoteStopTransaction (1.6 ed.2 §5.11, §5.12)."""

from __future__ import annotations

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.notifications import RemoteStartAccepted
from ocppsim.protocol.errors import SecurityFailure
from ocppsim.protocol.v16.core import (
    RemoteStartTransactionRequest,
    RemoteStartTransactionResponse,
    RemoteStopTransactionRequest,
    RemoteStopTransactionResponse,
)
from ocppsim.protocol.v16.enums import Reason, RemoteStartStopStatus

from .connector import Connector, Grant
from .core import Core
from .reader import Reader
from .registration import Registration
from .sessions import Sessions
from .transactions import Transactions


class RemoteControl:
    """The CSMS in the role of the user."""

    __slots__ = (
        "_connectors",
        "_core",
        "_reader",
        "_registration",
        "_sessions",
        "_transactions",
    )

    def __init__(
        self,
        core: Core,
        registration: Registration,
        reader: Reader,
        sessions: Sessions,
        transactions: Transactions,
        connectors: dict[ConnectorId, Connector],
    ) -> None:
        self._core = core
        self._registration = registration
        self._reader = reader
        self._sessions = sessions
        self._transactions = transactions
        self._connectors = connectors

    def start(self, request: RemoteStartTransactionRequest) -> RemoteStartTransactionResponse:
        """Accepted means that a start will be attempted (RS-01).

        A charging profile is ignored while smart charging is not implemented (RS-18).
        """
        self._require_registration()
        connector = self._choose(request.connector_id)
        if connector is None or not self._registration.accepted:
            return RemoteStartTransactionResponse(status=RemoteStartStopStatus.Rejected)
        self._core.notify(RemoteStartAccepted(connector.connector_id, request.id_tag))
        # Where no connector was named, the cable decides which one it is
        floating = request.connector_id is None
        if self._core.configuration.flag("AuthorizeRemoteTxRequests"):
            self._reader.authorize(connector, request.id_tag, floating=floating)
        else:
            # RS-03: no Authorize, whatever the cache says
            self._sessions.grant(connector, Grant(request.id_tag, floating=floating))
        return RemoteStartTransactionResponse(status=RemoteStartStopStatus.Accepted)

    def stop(self, request: RemoteStopTransactionRequest) -> RemoteStopTransactionResponse:
        """Accepted only for a transaction that is ongoing and confirmed (RS-20, RS-23)."""
        self._require_registration()
        connector = self._transactions.find(request.transaction_id)
        if connector is None or not self._registration.accepted:
            return RemoteStopTransactionResponse(status=RemoteStartStopStatus.Rejected)
        self._transactions.stop(connector, Reason.Remote)
        return RemoteStopTransactionResponse(status=RemoteStartStopStatus.Accepted)

    def _require_registration(self) -> None:
        """Where nothing may begin yet some CSMSs want an error, not a status (AMB-25)."""
        pending = not self._registration.accepted
        if pending and self._core.behaviour("remote_start_while_pending") == "SecurityError":
            raise SecurityFailure("the charge point is not accepted yet")

    def _choose(self, connector_id: int | None) -> Connector | None:
        """The connector that was named, else the free one where somebody waits already."""
        if connector_id is not None:
            connector = self._connectors.get(ConnectorId(connector_id))
            usable = connector is not None and self._reader.refusal(connector) is None
            return connector if usable else None
        free = [
            connector
            for connector in self._connectors.values()
            if self._reader.refusal(connector) is None
        ]
        free.sort(key=lambda connector: (not connector.vehicle_connected, connector.finishing))
        return free[0] if free else None
