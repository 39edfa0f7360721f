"""How a connector gets ready: cable and tag in either order, and what ends it (1.6 ed.2 §4.9)."""

from __future__ import annotations

from functools import partial

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.notifications import SessionAbandoned
from ocppsim.protocol.v16.enums import ChargePointErrorCode, ChargePointStatus, Reason

from .availability import Availability
from .connector import CableHold, Connector, Grant
from .core import Core
from .reservations import Reservations
from .transactions import Transactions
from .whole_charge_point import WholeChargePoint

EV_SIDE_DISCONNECTED = "EV side disconnected"
"""The info that 1.6 ed.2 §4.9 asks for."""


class Sessions:
    """Brings the cable and the authorized tag of a connector together."""

    __slots__ = (
        "_availability",
        "_connectors",
        "_core",
        "_reservations",
        "_transactions",
        "_whole",
    )

    def __init__(
        self,
        core: Core,
        transactions: Transactions,
        whole: WholeChargePoint,
        availability: Availability,
        reservations: Reservations,
        connectors: dict[ConnectorId, Connector],
    ) -> None:
        self._core = core
        self._transactions = transactions
        self._whole = whole
        self._availability = availability
        self._reservations = reservations
        self._connectors = connectors

    def begin(self, connector: Connector) -> None:
        """After a boot: a cable that is in means Preparing, unless a transaction ended here."""
        connector.load_hold()
        if connector.transaction is None and connector.hold is None:
            # Nobody is left for whom the cable would be kept
            self._core.hardware.unlock(connector.connector_id, self._core.now_s)
        if (
            connector.transaction is None
            and connector.operative
            and connector.cable_present
            and not connector.finishing
        ):
            connector.preparing = True
            self._arm_timeout(connector)

    def grant(self, connector: Connector, grant: Grant) -> None:
        """A tag was authorized for a connector: start, or wait for the cable."""
        connector.grant = grant
        self._prepare(connector)
        self.try_start(connector)

    def try_start(self, connector: Connector) -> None:
        """Start the transaction if all preconditions are met (TX-01)."""
        grant = connector.grant
        if (
            grant is not None
            and connector.transaction is None
            and connector.vehicle_connected
            and connector.operative
            and connector.fault is None
            and self._whole.fault is None
            and not self._whole.restarting
        ):
            self._disarm_timeout(connector)
            self._transactions.start(connector, grant)

    def cable_plugged_in(self, connector: Connector) -> None:
        """A vehicle is connected."""
        if connector.transaction is not None:
            # TX-39: back after a disconnection that did not stop the transaction
            connector.info = None
            connector.refresh()
            return
        if connector.grant is None:
            self._take_floating_grant(connector)
        self._prepare(connector)
        self.try_start(connector)

    def ev_side_unplugged(self, connector: Connector) -> None:
        """The vehicle's end of the cable was taken out (1.6 ed.2 §4.10)."""
        connector.warning = None
        if connector.transaction is None:
            connector.refresh()
            return
        connector.info = EV_SIDE_DISCONNECTED
        configuration = self._core.configuration
        if configuration.flag("StopTransactionOnEVSideDisconnect"):
            stored = connector.transaction.stored
            unlock = configuration.flag("UnlockConnectorOnEVSideDisconnect")
            if not unlock and not self._core.hardware.is_tethered(connector.connector_id):
                # 1.6 ed.2 §4.10: locked until the identifier is presented
                connector.set_hold(CableHold(stored.id_tag, stored.parent_id_tag))
            self._transactions.stop(connector, Reason.EVDisconnected, unlock=unlock)
        else:
            connector.refresh()

    def cable_removed(self, connector: Connector) -> None:
        """Nothing is in the connector any more."""
        if connector.transaction is not None:
            if self._core.hardware.is_tethered(connector.connector_id):
                # The fixed cable hangs free, and the transaction waits for the vehicle
                return
            self._transactions.stop(connector, Reason.EVDisconnected)
        connector.finishing = False
        connector.timed_out = False
        connector.info = None
        connector.set_hold(None)
        connector.warning = None
        fault = connector.fault
        if fault is not None and fault.error_code is ChargePointErrorCode.ConnectorLockFailure:
            connector.fault = None
        if connector.grant is None:
            connector.preparing = False
            self._disarm_timeout(connector)
        if connector.status is ChargePointStatus.Preparing:
            # B1 before A8, as there is no B8 (AMB-3)
            connector.refresh()
        self._availability.connector_freed(connector)
        connector.refresh()

    def abandon(self, connector: Connector, reason: str) -> None:
        """Give up what was getting ready; the cable, if any, stays where it is."""
        grant, connector.grant = connector.grant, None
        self._disarm_timeout(connector)
        connector.preparing = connector.cable_present
        if connector.preparing:
            self._arm_timeout(connector)
        connector.refresh()
        self._core.notify(
            SessionAbandoned(connector.connector_id, grant.id_tag if grant else None, reason)
        )

    def fault_cleared(self, connector: Connector) -> None:
        """What waited below a fault goes on."""
        self.try_start(connector)
        if (
            connector.preparing
            and connector.operative
            and connector.transaction is None
            and not self._core.timers.is_set(f"connection-{connector.connector_id}")
        ):
            self._arm_timeout(connector)

    def became_operative(self, connector: Connector) -> None:
        """Available again; with a cable in, somebody is there already (H2)."""
        connector.finishing = False
        connector.timed_out = False
        connector.preparing = connector.cable_present or connector.grant is not None
        if connector.preparing:
            self._arm_timeout(connector)

    def became_inoperative(self, connector: Connector) -> None:
        """Unavailable now: what was getting ready is over (AMB-3)."""
        had_grant = connector.grant
        connector.grant = None
        connector.preparing = False
        connector.finishing = False
        connector.timed_out = False
        self._disarm_timeout(connector)
        if had_grant is not None:
            reason = "the connector became unavailable"
            self._core.notify(SessionAbandoned(connector.connector_id, had_grant.id_tag, reason))

    def _prepare(self, connector: Connector) -> None:
        """Somebody has begun to use a connector (A2, F2)."""
        if connector.operative:
            already = connector.preparing
            connector.finishing = False
            connector.timed_out = False
            connector.info = None
            connector.preparing = True
            if not already or connector.grant is not None:
                self._arm_timeout(connector)
        connector.refresh()

    def _take_floating_grant(self, connector: Connector) -> None:
        """A tag shown to the shared reader before any cable belongs to the cable that comes."""
        for other in self._connectors.values():
            if other is not connector and other.grant is not None and other.grant.floating:
                admitted = self._reservations.admits(
                    connector, other.grant.id_tag, other.grant.parent_id_tag
                )
                if not connector.is_free or other.cable_present or not admitted:
                    return
                connector.grant = other.grant
                other.grant = None
                other.preparing = False
                self._disarm_timeout(other)
                other.refresh()
                return

    def reservation_changed(self, connector: Connector) -> None:
        """A connector is kept for somebody now, or is not any more."""
        if connector.reserved:
            self._keep(connector)
        elif connector.preparing and connector.grant is None:
            # RSV-15: first it is Available again, then the cable that is in counts
            connector.preparing = False
            connector.refresh()
            connector.preparing = True
            self._arm_timeout(connector)
        connector.refresh()

    def _keep(self, connector: Connector) -> None:
        """While it is kept for somebody, nobody is hurried and a cable means nothing (AMB-31)."""
        if connector.grant is None:
            self._disarm_timeout(connector)
            connector.preparing = connector.preparing or connector.finishing
            connector.finishing = False
            connector.timed_out = False

    def _arm_timeout(self, connector: Connector) -> None:
        if connector.reserved and connector.grant is None:
            return
        timeout_s = self._core.configuration.number("ConnectionTimeOut")
        if timeout_s > 0:
            self._core.timers.set(
                f"connection-{connector.connector_id}",
                self._core.now_s + timeout_s,
                partial(self._timed_out, connector),
            )

    def timeout_changed(self) -> None:
        """CFG-08: an accepted change is effective at once; the wait begins anew."""
        for connector in self._connectors.values():
            if self._core.timers.is_set(f"connection-{connector.connector_id}"):
                self._disarm_timeout(connector)
                self._arm_timeout(connector)

    def _disarm_timeout(self, connector: Connector) -> None:
        self._core.timers.cancel(f"connection-{connector.connector_id}")

    def _timed_out(self, connector: Connector) -> None:
        """ConnectionTimeOut: back to Available, or Finishing where a cable is in (AMB-2)."""
        grant, connector.grant = connector.grant, None
        connector.preparing = False
        if connector.cable_present:
            waits_on = self._core.behaviour("preparing_timeout") == "Preparing"
            if waits_on or connector.reserved:
                connector.preparing = True
            else:
                connector.finishing = True
                connector.timed_out = True
        connector.refresh()
        missing = "the cable" if grant else "a tag"
        self._core.notify(
            SessionAbandoned(
                connector.connector_id,
                grant.id_tag if grant else None,
                f"{missing} did not come within ConnectionTimeOut",
            )
        )
