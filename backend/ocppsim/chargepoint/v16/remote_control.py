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
from .reservations import Reservations
from .sessions import Sessions
from .smart_charging.profile_commands import ProfileCommands
from .transactions import Transactions


class RemoteControl:
    """The CSMS in the role of the user."""

    __slots__ = (
        "_connectors",
        "_core",
        "_profile_commands",
        "_reader",
        "_registration",
        "_reservations",
        "_sessions",
        "_transactions",
    )

    def __init__(
        self,
        core: Core,
        registration: Registration,
        reader: Reader,
        reservations: Reservations,
        sessions: Sessions,
        profile_commands: ProfileCommands,
        transactions: Transactions,
        connectors: dict[ConnectorId, Connector],
    ) -> None:
        self._core = core
        self._registration = registration
        self._reader = reader
        self._reservations = reservations
        self._sessions = sessions
        self._profile_commands = profile_commands
        self._transactions = transactions
        self._connectors = connectors

    def start(self, request: RemoteStartTransactionRequest) -> RemoteStartTransactionResponse:
        """Accepted means that a start will be attempted (RS-01).

        A charging profile is ignored while smart charging is switched off (RS-18).
        """
        self._require_registration()
        connector = self._choose(request.connector_id, request.id_tag)
        if connector is None or not self._registration.accepted:
            return RemoteStartTransactionResponse(status=RemoteStartStopStatus.Rejected)
        profile = request.charging_profile if self._profile_commands.enabled else None
        if profile is not None and self._profile_commands.refuses_remote_start(profile, connector):
            return RemoteStartTransactionResponse(status=RemoteStartStopStatus.Rejected)
        self._core.notify(RemoteStartAccepted(connector.connector_id, request.id_tag))
        # Where no connector was named, the cable decides which one it is
        reserved = self._reader.reserved_connector(request.id_tag) is connector
        floating = request.connector_id is None and not reserved
        # Whether it is of the group that a connector is reserved for may need asking (RSV-12)
        asks = self._core.configuration.flag("AuthorizeRemoteTxRequests")
        if asks or not self._reservations.admits(connector, request.id_tag):
            self._reader.authorize(
                connector, request.id_tag, floating=floating, charging_profile=profile
            )
        else:
            # RS-03: no Authorize, whatever the cache says
            grant = Grant(request.id_tag, floating=floating, charging_profile=profile)
            self._sessions.grant(connector, grant)
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

    def _choose(self, connector_id: int | None, id_tag: str) -> Connector | None:
        """The one that was named, else that of the tag's reservation, else a free one.

        Where somebody waits already goes first; what is reserved for others is not free (RS-10).
        """
        if connector_id is not None:
            connector = self._connectors.get(ConnectorId(connector_id))
            usable = connector is not None and self._reader.refusal(connector, id_tag) is None
            return connector if usable else None
        reserved = self._reader.reserved_connector(id_tag)
        if reserved is not None:
            return reserved
        free = [
            connector
            for connector in self._connectors.values()
            if self._reader.refusal(connector, id_tag) is None
            and self._reservations.admits(connector, id_tag)
        ]
        free.sort(key=lambda connector: (not connector.vehicle_connected, connector.finishing))
        return free[0] if free else None
