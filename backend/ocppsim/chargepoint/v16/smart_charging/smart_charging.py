"""Smart charging at work: what the connectors may offer because of the charging profiles."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

import msgspec

from ocppsim.chargepoint.controller import NEVER
from ocppsim.chargepoint.errors import InvalidSetting, UnknownConnector
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.inputs import SiteShare
from ocppsim.chargepoint.moment import Moment
from ocppsim.chargepoint.notifications import RecordsChanged, SiteDemandChanged
from ocppsim.chargepoint.v16.connector import Allowance, Connector, Grant
from ocppsim.chargepoint.v16.core import Core
from ocppsim.chargepoint.v16.metering import WHOLE_CHARGE_POINT
from ocppsim.chargepoint.v16.outbox import Outbox
from ocppsim.chargepoint.views import (
    ChargingProfileView,
    CompositeScheduleView,
    LimitView,
    SchedulePeriodView,
    SiteDemand,
)
from ocppsim.protocol.v16.datatypes import ChargingProfile
from ocppsim.protocol.v16.enums import ChargingRateUnitType
from ocppsim.protocol.v16.smart_charging import ClearChargingProfileRequest

from .composite import ScheduleTooLong, composite_schedule
from .limits import connector_limit, connector_limits
from .live_facts import LiveFacts
from .model import (
    NOMINAL_VOLTAGE_V,
    ChargePointFacts,
    ConnectorLimit,
    Layer,
    TransactionFacts,
)
from .profile_store import ProfileStore
from .profile_views import limit_view, profile_view

_TIMER = "charging-limit"
_UNITS = {"Current": ChargingRateUnitType.A, "Power": ChargingRateUnitType.W}
_HAIR_S = 1e-3
"""Times go to and fro between two clocks: a timer may come a rounding before its instant."""


_NO_LIMITS: Mapping[ConnectorId, ConnectorLimit] = {}


class SmartCharging:
    """Keeps the offer of every connector at the limit in force, whatever changes it.

    A refresh of a connector asks for its allowance and gets what is true at that instant; the
    others follow in :meth:`settle`, which the facade calls after every step. While no profile
    is installed and nothing is shared, nothing here costs anything.
    """

    __slots__ = (
        "_at_s",
        "_connectors",
        "_core",
        "_dirty",
        "_drawing",
        "_facts",
        "_limits",
        "_live",
        "_store",
        "_until_s",
    )

    def __init__(
        self, core: Core, outbox: Outbox, connectors: dict[ConnectorId, Connector]
    ) -> None:
        self._core = core
        self._connectors = connectors
        self._store = ProfileStore(core)
        self._live = LiveFacts(core, outbox, self._store, connectors)
        self._facts: ChargePointFacts | None = None
        self._limits = _NO_LIMITS
        """They follow from ``_facts``, from ``_at_s`` until ``_until_s`` on the wall clock."""
        self._at_s = 0.0
        self._until_s = NEVER
        self._dirty = False
        self._drawing: tuple[bool, ...] = ()
        """Who took part in what the site divides, at the end of the last step; and whether there
        were profiles, which change limits with the time."""
        for connector in connectors.values():
            connector.limiter = self

    # --- what happens to the charge point -----------------------------------------------------

    def boot(self) -> None:
        """After the transactions were taken up: the profiles of those that were not are gone.

        So are those of connectors that were taken away; they would only take up room.
        """
        self._store.keep_only((WHOLE_CHARGE_POINT, *self._connectors))
        for connector in self._connectors.values():
            if connector.transaction is None:
                self._store.end_transaction(connector.connector_id)
            else:
                self.transaction_confirmed(connector)
        self.look_again()

    def transaction_started(self, connector: Connector, grant: Grant) -> None:
        """The profile that came with a remote start is for this transaction (RS-17)."""
        if grant.charging_profile is not None:
            self.install(connector.connector_id, grant.charging_profile)

    def transaction_confirmed(self, connector: Connector) -> None:
        """The profiles of the transaction can be told its id, if there is one now."""
        transaction = self._live.transaction(connector)
        if (
            transaction is not None
            and transaction.transaction_id is not None
            and self._store.name_transaction(connector.connector_id, transaction.transaction_id)
        ):
            self._changed()

    def transaction_ended(self, connector: Connector) -> None:
        """SC-09; and what it took of a shared limit is free for the others."""
        was_plain = self._live.is_plain and not self._store.profiles
        self._store.end_transaction(connector.connector_id)
        if not was_plain:
            self._changed()

    def take_share(self, connector: Connector, share: SiteShare | None) -> None:
        """The site leaves another share to a connector, or does not limit it any more."""
        shares = self._live.shares or {}
        if shares.get(connector.connector_id) == share:
            return
        # The facts of before keep theirs
        shares = (
            {**shares, connector.connector_id: share}
            if share is not None
            else {one: kept for one, kept in shares.items() if one != connector.connector_id}
        )
        self._live.shares = shares or None
        self._changed()

    def keep_up(self) -> bool:
        """Before anything else is done at an instant: the limits that begin with it.

        What is sampled at that instant is of the new period then (SC-25). Returns whether any
        did begin.
        """
        if self._facts is None:
            return False
        wall_s = self._core.clock.wall_s(self._core.now_s)
        if self._until_s - wall_s >= _HAIR_S:
            return False
        self._changed()
        self.settle()
        return True

    @property
    def stays_until_s(self) -> float:
        """Up to this simulated second no limit changes by itself; the past where one may."""
        if self._dirty or self._live.shares is not None:
            return -NEVER
        if self._facts is None:
            return NEVER
        return self._until_s - _HAIR_S - self._core.clock.epoch_s

    def settle(self) -> bool:
        """Bring all connectors to their limits, if anything has changed these.

        Returns whether there may be something to do at the end of the next step, too.
        """
        was_dirty = self._dirty
        if was_dirty:
            for connector in self._connectors.values():
                if connector.transaction is not None:
                    connector.refresh()
            self._arm()
            self._dirty = False
            self._core.notify(RecordsChanged("charging-profiles"))
        if self._live.shares is not None:
            draws = [self._live.draws(connector) for connector in self._connectors.values()]
            drawing = (*draws, bool(self._live.profiles))
            if drawing != self._drawing:
                self._drawing = drawing
                self._core.notify(SiteDemandChanged())
            return True
        return was_dirty

    # --- what the CSMS wants ------------------------------------------------------------------

    def install(self, connector_id: ConnectorId, profile: ChargingProfile) -> None:
        """Add a profile that was found to be good; it replaces whatever it has to."""
        self._store.install(connector_id, profile)
        self._changed()

    def clear(self, request: ClearChargingProfileRequest) -> bool:
        """Remove what matches; whether anything did."""
        cleared = self._store.clear(request)
        if cleared:
            self._changed()
        return cleared

    @property
    def units(self) -> frozenset[ChargingRateUnitType]:
        """The units that schedules may have here (1.6 §9.4.2, errata 3.86)."""
        words = self._core.configuration.text("ChargingScheduleAllowedChargingRateUnit").split(",")
        return frozenset(unit for word, unit in _UNITS.items() if word in words)

    def has_room(self, connector_id: ConnectorId, profile: ChargingProfile, room: int) -> bool:
        """Whether ``room`` profiles are enough with this one installed; the expired give way."""
        if self._store.has_room(connector_id, profile, room):
            return True
        if self._store.forget_expired(self._wall_s(self._core.now_s)):
            self._changed()
        return self._store.has_room(connector_id, profile, room)

    def transaction(self, connector: Connector) -> TransactionFacts | None:
        """What a TxProfile for a connector would be for."""
        return self._live.transaction(connector)

    def concerns(self, connector_id: ConnectorId) -> bool:
        """Whether any profile can bear upon a connector; upon connector 0 every one does."""
        return any(
            connector_id == WHOLE_CHARGE_POINT
            or installed.connector_id in (WHOLE_CHARGE_POINT, connector_id)
            for installed in self._live.profiles
        )

    # --- views --------------------------------------------------------------------------------

    def charging_profiles(self, now: Moment) -> list[ChargingProfileView]:
        """The installed profiles, by connector, purpose and falling stack level."""
        if not self._store.profiles:
            return []
        wall_s = self._wall_s(now.simulated_s)
        limits = connector_limits(self._live.charge_point(), wall_s, explain=False)
        in_force = [layer.installed for limit in limits.values() for layer in limit.layers]
        return [
            profile_view(installed, in_force=installed in in_force)
            for installed in self._store.profiles
        ]

    def composite_schedule(
        self, connector_id: ConnectorId, duration_s: int, unit: str | None, now: Moment
    ) -> CompositeScheduleView:
        """The limits to come; raises ``UnknownConnector`` and ``InvalidSetting``."""
        if connector_id != WHOLE_CHARGE_POINT and connector_id not in self._connectors:
            raise UnknownConnector(f"there is no connector {connector_id}")
        if unit not in ("A", "W", None):
            raise InvalidSetting(f"a schedule is in A or in W, not in {unit!r}")
        if duration_s < 0:
            raise InvalidSetting("a schedule does not last for less than 0 s")
        start_s = self._wall_s(now.simulated_s)
        facts = self._live.charge_point(with_site=False)
        unit = unit or self._own_unit(connector_id)
        try:
            periods = composite_schedule(facts, connector_id, start_s, duration_s, unit)
        except ScheduleTooLong as error:
            raise InvalidSetting(str(error)) from error
        return CompositeScheduleView(
            connector_id=connector_id,
            start_s=start_s,
            duration_s=duration_s,
            unit=unit,
            periods=tuple(
                SchedulePeriodView(one.start_period_s, one.limit, one.number_phases)
                for one in periods
            ),
        )

    def limit(self, connector_id: ConnectorId, now: Moment) -> LimitView:
        """What limits a connector now, and why; raises ``UnknownConnector``."""
        connector = self._connectors.get(connector_id)
        if connector is None:
            raise UnknownConnector(f"there is no connector {connector_id}")
        wall_s = self._wall_s(now.simulated_s)
        limit = connector_limit(self._live.charge_point(), connector_id, wall_s)
        transaction = connector.transaction
        if transaction is not None and not transaction.stored.energy_permitted:
            refused = Layer(
                "transaction", 0.0, limit.phases, "The CSMS has refused the tag that started it."
            )
            limit = msgspec.structs.replace(limit, power_w=0.0, layers=(*limit.layers, refused))
        reading = self._core.hardware.read_meter(connector_id, now.simulated_s)
        return limit_view(limit, reading.power_offered_w)

    def site_demand(self, connector: Connector, now: Moment) -> SiteDemand:
        """What the site's load management needs to know of a connector."""
        connector_id = connector.connector_id
        shares = self._live.shares
        told = None if shares is None else shares.get(connector_id)
        transaction = self._live.transaction(connector)
        power_w, phases, stack_level = self._limit_but_for_site(connector, now)
        return SiteDemand(
            draws=self._live.draws(connector),
            power_w=power_w,
            phases=phases,
            is_steady=not self._live.profiles and self._core.hardware.shared_power_w is None,
            began_at_s=None if transaction is None else transaction.started_at_s,
            stack_level=stack_level,
            told_a=None if told is None else told.current_a,
        )

    # --- within -------------------------------------------------------------------------------

    def _limit_but_for_site(
        self, connector: Connector, now: Moment
    ) -> tuple[float, int, int | None]:
        """Power, phases in use, and the stack level of the profile of the transaction."""
        hardware = self._core.hardware
        connector_id = connector.connector_id
        if not self._live.profiles and hardware.shared_power_w is None:
            # Asked for every few seconds, and mostly nothing else limits
            whole = self._local_allowance(connector)
            phases = min(whole.phases, hardware.vehicle_phases(connector_id) or whole.phases)
            power_w = whole.power_w * phases / whole.phases if phases else whole.power_w
            return power_w, phases, None
        facts = self._live.charge_point(with_site=False)
        wall_s = self._wall_s(now.simulated_s)
        limit = connector_limit(facts, connector_id, wall_s, explain=False)
        levels = [
            layer.installed.profile.stack_level
            for layer in limit.layers
            if layer.installed is not None and layer.name != "charge_point_max"
        ]
        return limit.power_w, limit.phases, levels[0] if levels else None

    def _own_unit(self, connector_id: ConnectorId) -> str:
        """The unit of a schedule for which none was asked: of those allowed, the one that suits."""
        whole = connector_id == WHOLE_CHARGE_POINT
        looked_at = self._connectors if whole else (connector_id,)
        alternating = all(self._core.hardware.phases(one) > 0 for one in looked_at)
        suits = ChargingRateUnitType.A if alternating else ChargingRateUnitType.W
        allowed = self.units
        return suits if suits in allowed or not allowed else min(allowed)

    def look_again(self) -> None:
        """A key or the clock is not as it was, which only matters to profiles."""
        if self._store.profiles:
            self._changed()

    def _changed(self) -> None:
        self._facts = None
        self._dirty = True

    def allowance(self, connector: Connector) -> Allowance:
        """What a connector in a transaction may offer now."""
        if self._live.is_plain:
            return self._local_allowance(connector)
        self._update()
        limit = self._limits[connector.connector_id]
        return Allowance(limit.offered_power_w, limit.offered_phases)

    def _local_allowance(self, connector: Connector) -> Allowance:
        """What hardware and cable let through: the limit without any profile (SC-22)."""
        hardware = self._core.hardware
        connector_id = connector.connector_id
        power_w = hardware.max_power_w(connector_id)
        phases = hardware.phases(connector_id)
        cable_a = hardware.cable_current_a(connector_id)
        if cable_a is not None and phases:
            power_w = min(power_w, cable_a * NOMINAL_VOLTAGE_V * phases)
        return Allowance(power_w, phases)

    def _update(self) -> None:
        """Find the limits anew where their time is over or anything is not as it was."""
        facts = self._live.charge_point()
        at_s = self._wall_s(self._core.now_s)
        if facts == self._facts and self._at_s <= at_s < self._until_s:
            return
        limits = connector_limits(facts, at_s, explain=False)
        self._facts = facts
        self._limits = limits
        self._at_s = at_s
        self._until_s = min(
            limits[one.connector_id].until_s
            for one in facts.connectors
            if one.transaction is not None
        )
        self._dirty = True

    def _arm(self) -> None:
        """Come back when the next limit begins."""
        timers = self._core.timers
        if self._facts is not None and isfinite(self._until_s):
            timers.set(_TIMER, self._until_s - self._core.clock.epoch_s, self._changed)
        else:
            timers.cancel(_TIMER)

    def _wall_s(self, now_s: float) -> float:
        wall_s = self._core.clock.wall_s(now_s)
        return max(wall_s, self._until_s) if self._until_s - wall_s < _HAIR_S else wall_s


__all__ = ["SmartCharging"]
