"""The tag reader: what a tag means depends on who uses which connector (1.6 ed.2 §3.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.notifications import AuthorizationEnded
from ocppsim.protocol.v16.datatypes import ChargingProfile
from ocppsim.protocol.v16.enums import AuthorizationStatus, Reason

from .authorization import Authorizer, Decision, same_tag
from .availability import Availability
from .connector import CableHold, Connector, Grant
from .core import Core
from .registration import Registration
from .reservations import Reservations
from .sessions import Sessions
from .transactions import Transactions
from .whole_charge_point import WholeChargePoint


class Reader:
    """Starts, stops, cancels or unlocks, whatever the tag is entitled to."""

    __slots__ = (
        "_authorizer",
        "_availability",
        "_connectors",
        "_core",
        "_registration",
        "_reservations",
        "_sessions",
        "_transactions",
        "_whole",
    )

    def __init__(
        self,
        core: Core,
        authorizer: Authorizer,
        registration: Registration,
        availability: Availability,
        reservations: Reservations,
        sessions: Sessions,
        transactions: Transactions,
        whole: WholeChargePoint,
        connectors: dict[ConnectorId, Connector],
    ) -> None:
        self._core = core
        self._authorizer = authorizer
        self._registration = registration
        self._availability = availability
        self._reservations = reservations
        self._sessions = sessions
        self._transactions = transactions
        self._whole = whole
        self._connectors = connectors

    def present(self, id_tag: str, connector: Connector) -> None:
        """A tag was shown to the reader of one connector."""
        transaction = connector.transaction
        if transaction is not None:
            self._present_to_transaction(id_tag, connector)
        elif connector.hold is not None:
            self._present_to_hold(id_tag, connector)
        elif connector.grant is not None:
            if same_tag(connector.grant.id_tag, id_tag):
                # TX-12: shown a second time, it cancels
                self._sessions.abandon(connector, "the tag was shown a second time")
            else:
                self._refuse(connector, id_tag, "another tag was shown before")
        else:
            refusal = self.refusal(connector, id_tag)
            if refusal is None:
                self.authorize(connector, id_tag)
            else:
                self._refuse(connector, id_tag, refusal)

    def present_to_any(self, id_tag: str) -> None:
        """A tag was shown to the reader that all connectors share."""
        connector = self._obvious_connector(id_tag)
        if connector is not None:
            self.present(id_tag, connector)
            return
        asks = any(self._parents_of_running()) or self._asks_for_foreign()
        free = self._free_connector(id_tag)
        if free is None and not asks:
            self._refuse(None, id_tag, "no connector is free")
            return
        if self._whole.authorizing:
            self._refuse(None, id_tag, "another tag is being authorized")
            return
        self._whole.authorizing = True
        ask = self._reservations.may_be_of_group(id_tag)
        self._authorizer.authorize(id_tag, self._decided_for_any, ask=ask)

    def refusal(
        self, connector: Connector, id_tag: str, decision: Decision | None = None
    ) -> str | None:
        """Why a tag may not begin to use a connector, or None.

        Without ``decision`` a tag passes too of which only the CSMS can tell whether it is of
        the group that the connector is reserved for (RSV-12).
        """
        if self._registration.status is not None and not self._registration.accepted:
            return f"the CSMS has answered BootNotification with {self._registration.status.value}"
        if self._whole.restarting:
            return "the charge point restarts"
        if connector.fault is not None or self._whole.fault is not None:
            return "the connector is faulted"
        if not connector.operative or self._availability.is_scheduled(connector):
            return "the connector is unavailable"
        if connector.transaction is not None or connector.grant is not None:
            return "the connector is in use"
        if connector.authorizing is not None:
            return "another tag is being authorized"
        if decision is None:
            admitted = self._reservations.may_admit(connector, id_tag)
        else:
            admitted = self._reservations.admits(connector, id_tag, decision.parent_id_tag)
        return None if admitted else "the connector is reserved"

    def authorize(
        self,
        connector: Connector,
        id_tag: str,
        *,
        floating: bool = False,
        charging_profile: ChargingProfile | None = None,
    ) -> None:
        """Ask whether the tag may charge, and let it (by that profile) where it may."""
        connector.authorizing = id_tag

        def decided(decision: Decision) -> None:
            connector.authorizing = None
            self._decided(connector, decision, floating=floating, charging_profile=charging_profile)

        ask = not self._reservations.admits(connector, id_tag)
        self._authorizer.authorize(id_tag, decided, ask=ask)

    def _decided(
        self,
        connector: Connector,
        decision: Decision,
        *,
        floating: bool,
        charging_profile: ChargingProfile | None = None,
    ) -> None:
        refusal = None
        if decision.accepted:
            refusal = self.refusal(connector, decision.id_tag, decision)
        if refusal is not None:
            self._refuse(connector, decision.id_tag, refusal)
            return
        self._core.notify(
            AuthorizationEnded(
                connector.connector_id, decision.id_tag, decision.status.value, decision.reason
            )
        )
        if decision.accepted:
            self._sessions.grant(
                connector,
                Grant(decision.id_tag, decision.parent_id_tag, floating, charging_profile),
            )

    def _decided_for_any(self, decision: Decision) -> None:
        self._whole.authorizing = False
        if not decision.accepted:
            self._refuse(None, decision.id_tag, decision.reason or "", decision.status)
            return
        for connector in self._connectors.values():
            if _is_group_member(connector, decision):
                self._stop(connector, decision.id_tag)
                return
        connector = self._free_connector(decision.id_tag, decision)
        if connector is None:
            self._refuse(None, decision.id_tag, "no connector is free")
        else:
            reserved = self.reserved_connector(decision.id_tag, decision)
            floating = len(self._connectors) > 1 and connector is not reserved
            self._decided(connector, decision, floating=floating)

    def _present_to_transaction(self, id_tag: str, connector: Connector) -> None:
        transaction = connector.transaction
        assert transaction is not None
        if same_tag(transaction.stored.id_tag, id_tag):
            # AUT-04: its own tag stops a transaction without asking
            self._stop(connector, id_tag)
        elif transaction.stored.parent_id_tag is None and not self._asks_for_foreign():
            # AUT-12, AMB-4: there is no group that the tag could belong to
            self._refuse(connector, id_tag, "another tag started the transaction")
        elif connector.authorizing is None:
            connector.authorizing = id_tag
            self._authorizer.authorize(id_tag, self._stop_if_member(connector))

    def _stop_if_member(self, connector: Connector) -> Callable[[Decision], None]:
        def decided(decision: Decision) -> None:
            connector.authorizing = None
            if decision.accepted and _is_group_member(connector, decision):
                self._stop(connector, decision.id_tag)
            elif decision.accepted:
                self._refuse(connector, decision.id_tag, "the transaction is another user's")
            else:
                self._refuse(connector, decision.id_tag, decision.reason or "", decision.status)

        return decided

    def _present_to_hold(self, id_tag: str, connector: Connector) -> None:
        """The cable of a refused user is released to that user's group (errata 3.5)."""
        hold = connector.hold
        assert hold is not None
        parent = self._authorizer.known_parent(id_tag)
        if same_tag(hold.id_tag, id_tag) or same_tag(hold.parent_id_tag, parent):
            self._release(connector)
        elif hold.parent_id_tag is None or parent is not None:
            self._refuse(connector, id_tag, "the cable is kept for the tag of its owner")
        elif connector.authorizing is None:
            # Only the CSMS can tell whether the tag is of the group
            connector.authorizing = id_tag
            self._authorizer.authorize(id_tag, self._release_if_member(connector, hold))

    def _release_if_member(
        self, connector: Connector, hold: CableHold
    ) -> Callable[[Decision], None]:
        def decided(decision: Decision) -> None:
            connector.authorizing = None
            if connector.hold is hold and same_tag(hold.parent_id_tag, decision.parent_id_tag):
                self._release(connector)
            else:
                reason = "the cable is kept for the tag of its owner"
                self._refuse(connector, decision.id_tag, reason)

        return decided

    def _release(self, connector: Connector) -> None:
        connector.set_hold(None)
        self._core.hardware.unlock(connector.connector_id, self._core.now_s)

    def _stop(self, connector: Connector, id_tag: str) -> None:
        self._core.notify(
            AuthorizationEnded(connector.connector_id, id_tag, AuthorizationStatus.Accepted.value)
        )
        self._transactions.stop(connector, Reason.Local, id_tag=id_tag)

    def _refuse(
        self,
        connector: Connector | None,
        id_tag: str,
        reason: str,
        status: AuthorizationStatus = AuthorizationStatus.Invalid,
    ) -> None:
        connector_id = connector.connector_id if connector else None
        self._core.notify(AuthorizationEnded(connector_id, id_tag, status.value, reason))

    def _obvious_connector(self, id_tag: str) -> Connector | None:
        """The connector that a tag at the shared reader can only be meant for."""
        connectors = list(self._connectors.values())
        if len(connectors) == 1:
            return connectors[0]
        for connector in connectors:
            transaction = connector.transaction
            if transaction is not None and same_tag(transaction.stored.id_tag, id_tag):
                return connector
        for connector in connectors:
            hold, grant = connector.hold, connector.grant
            if (hold and same_tag(hold.id_tag, id_tag)) or (
                grant and same_tag(grant.id_tag, id_tag)
            ):
                return connector
        reserved = self.reserved_connector(id_tag)
        if reserved is not None:
            return reserved
        if self._reservations.may_be_of_group(id_tag):
            # Whose connector it is meant for comes with the answer to Authorize
            return None
        for connector in connectors:
            if _waits(connector) and self.refusal(connector, id_tag) is None:
                return connector
        return None

    def reserved_connector(self, id_tag: str, decision: Decision | None = None) -> Connector | None:
        """The connector that is reserved for a tag, if the tag can begin to use it."""
        parent = decision.parent_id_tag if decision else None
        reserved = self._reservations.connector_of(id_tag, parent)
        if reserved is None or self.refusal(reserved, id_tag, decision) is not None:
            return None
        return reserved

    def _free_connector(self, id_tag: str, decision: Decision | None = None) -> Connector | None:
        reserved = self.reserved_connector(id_tag, decision)
        if reserved is not None:
            return reserved
        usable = [
            connector
            for connector in self._connectors.values()
            if self.refusal(connector, id_tag, decision) is None and not connector.timed_out
        ]
        usable.sort(key=lambda connector: (not _waits(connector), connector.finishing))
        return usable[0] if usable else None

    def _asks_for_foreign(self) -> bool:
        """Whether Authorize is sent also for a tag that cannot start or stop anything (AMB-4)."""
        return self._core.behaviour("foreign_id_tag") == "always_authorize"

    def _parents_of_running(self) -> Iterator[str]:
        for connector in self._connectors.values():
            transaction = connector.transaction
            if transaction is not None and transaction.stored.parent_id_tag is not None:
                yield transaction.stored.parent_id_tag


def _waits(connector: Connector) -> bool:
    """Whether a vehicle waits for a tag.

    TX-11: one that timed out is not for the next card on a shared reader.
    """
    return connector.preparing and connector.vehicle_connected


def _is_group_member(connector: Connector, decision: Decision) -> bool:
    transaction = connector.transaction
    return transaction is not None and same_tag(
        transaction.stored.parent_id_tag, decision.parent_id_tag
    )
