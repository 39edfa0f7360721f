"""The facts that limits follow from, as they are at this moment."""

from __future__ import annotations

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.inputs import SiteShare
from ocppsim.chargepoint.v16.connector import Connector
from ocppsim.chargepoint.v16.core import Core
from ocppsim.chargepoint.v16.outbox import Outbox

from .model import ChargePointFacts, ConnectorFacts, InstalledProfile, TransactionFacts
from .profile_store import ProfileStore

PROFILE = "SmartCharging"


class LiveFacts:
    """Looks at the connectors, the hardware, the keys and the behaviours of a charge point."""

    __slots__ = ("_connectors", "_core", "_outbox", "_store", "shares")

    def __init__(
        self,
        core: Core,
        outbox: Outbox,
        store: ProfileStore,
        connectors: dict[ConnectorId, Connector],
    ) -> None:
        self._core = core
        self._outbox = outbox
        self._store = store
        self._connectors = connectors
        self.shares: dict[ConnectorId, SiteShare] | None = None
        """What the site leaves to the connectors that it limits; None where it limits none."""

    @property
    def is_plain(self) -> bool:
        """Whether nothing but its own hardware and cable limits a connector."""
        return (
            self.shares is None and not self.profiles and self._core.hardware.shared_power_w is None
        )

    @property
    def profiles(self) -> tuple[InstalledProfile, ...]:
        """Those that are applied: none while smart charging is switched off."""
        profiles = self._store.profiles
        if profiles and not self._core.configuration.has_profile(PROFILE):
            return ()
        return profiles

    def charge_point(self, *, with_site: bool = True) -> ChargePointFacts:
        """Everything, for the pure functions; but for the site's shares if so wanted."""
        core = self._core
        shares = self.shares if with_site else None
        return ChargePointFacts(
            connectors=tuple([self._connector(one, shares) for one in self._connectors.values()]),
            profiles=self.profiles,
            can_switch_phases=core.configuration.flag("ConnectorSwitch3to1PhaseSupported"),
            tx_profile_exhausted_falls_back=core.behaviour("tx_profile_exhausted") == "tx_default",
            absolute_without_start_is_relative=core.behaviour("absolute_without_start")
            == "relative",
            shared_power_w=core.hardware.shared_power_w,
            module_power_w=core.hardware.module_power_w,
        )

    def transaction(self, connector: Connector) -> TransactionFacts | None:
        """What runs at a connector; its start does not move with the clock."""
        transaction = connector.transaction
        if transaction is None:
            return None
        local_id = transaction.local_id
        confirmed = self._outbox.is_confirmed(local_id)
        return TransactionFacts(
            started_at_s=self._core.clock.wall_s(transaction.started_s),
            transaction_id=self._outbox.transaction_id(local_id) if confirmed else None,
        )

    def draws(self, connector: Connector) -> bool:
        """Whether it takes its part of what is shared: it charges, or would if it could."""
        transaction = connector.transaction
        return (
            transaction is not None
            and transaction.stored.energy_permitted
            and connector.fault is None
            and self._core.hardware.ev_draws(connector.connector_id)
        )

    def _connector(
        self, connector: Connector, shares: dict[ConnectorId, SiteShare] | None
    ) -> ConnectorFacts:
        connector_id = connector.connector_id
        hardware = self._core.hardware
        return ConnectorFacts(
            connector_id=connector_id,
            power_type=hardware.connector_power_type(connector_id),
            max_power_w=hardware.max_power_w(connector_id),
            phases=hardware.phases(connector_id),
            vehicle_phases=hardware.vehicle_phases(connector_id),
            cable_current_a=hardware.cable_current_a(connector_id),
            transaction=self.transaction(connector),
            draws=self.draws(connector),
            vehicle_power_w=None
            if hardware.shared_power_w is None
            else hardware.vehicle_power_w(connector_id),
            site=None if shares is None else shares.get(connector_id),
        )


__all__ = ["PROFILE", "LiveFacts"]
