"""One charger in the running world, and everything that can be done to it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar

import msgspec

from ocppsim.chargepoint.controller import ConfigurationEntry
from ocppsim.chargepoint.errors import IllegalAction
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.inputs import SiteShare
from ocppsim.chargepoint.moment import Moment
from ocppsim.chargepoint.notifications import CallAnswered
from ocppsim.simulation.charger import Charger
from ocppsim.simulation.definition import DesiredConnection
from ocppsim.simulation.site_demand import ConnectorDemand
from ocppsim.transport.impairment import NetworkConditions

from .errors import NotConnected, UnknownCharger
from .hosted_charger import UNDER_WAY, HostedCharger
from .record_snapshots import (
    ChargingProfileSnapshot,
    CompositeScheduleSnapshot,
    LimitSnapshot,
    LocalListSnapshot,
    ReservationSnapshot,
    charging_profile_snapshot,
    composite_schedule_snapshot,
    limit_snapshot,
    local_list_snapshot,
    reservation_snapshot,
)
from .session_wait import StartWait, StopWait
from .snapshots import NetworkState, StartOutcome, StopOutcome

T = TypeVar("T")

_STORED_WITHIN_S = 5.0
"""A database that is slower than this does not hold up the answer any longer."""

_SAME_SOC_PERCENT = 1.0
"""As near as a driver can tell: a start may be tried again with the car that it brought."""


class LiveCharger(HostedCharger):
    """A charger with its link; the bench methods act on it as a person or the world would.

    They raise what the pure charger raises (``ocppsim.chargepoint.errors``) and change nothing
    then. What they cause is carried out before they return.
    """

    def configuration(self) -> list[ConfigurationEntry]:
        return self.charger.controller.configuration()

    # --- what it keeps for its CSMS, also while it is switched off ---

    def charging_profiles(self) -> list[ChargingProfileSnapshot]:
        """By connector, purpose and falling stack level."""
        profiles = self.charger.controller.charging_profiles(self._now())
        return [charging_profile_snapshot(profile) for profile in profiles]

    def composite_schedule(
        self, connector_id: int, duration_s: int, unit: str | None = None
    ) -> CompositeScheduleSnapshot:
        """The limits from now on; ``unit`` None is the connector's own.

        Raises ``UnknownConnector`` and ``InvalidSetting``.
        """
        controller = self.charger.controller
        return composite_schedule_snapshot(
            controller.composite_schedule(ConnectorId(connector_id), duration_s, unit, self._now())
        )

    def limit(self, connector_id: int) -> LimitSnapshot:
        """What limits a connector now, and why; raises ``UnknownConnector``."""
        controller = self.charger.controller
        return limit_snapshot(controller.limit(ConnectorId(connector_id), self._now()))

    def local_list(self) -> LocalListSnapshot:
        """The local authorization list."""
        return local_list_snapshot(self.charger.controller.local_list())

    def reservations(self) -> list[ReservationSnapshot]:
        """By connector, 0 first."""
        return [reservation_snapshot(each) for each in self.charger.controller.reservations()]

    # --- the link ---

    def connect(self) -> None:
        """Connect, and stay connected; an attempt that waits is made at once."""
        self._desire("connected")

    def disconnect(self) -> None:
        """Close the link cleanly, and keep it closed."""
        self._desire("disconnected")

    def go_offline(self) -> None:
        """Take the network away; charging goes on."""
        self._desire("offline")

    def go_online(self) -> None:
        """Give the network back; what is queued will be delivered."""
        self._desire("connected")

    def set_network(
        self,
        state: NetworkState,
        latency_ms: float = 0.0,
        jitter_ms: float = 0.0,
        loss: float = 0.0,
    ) -> None:
        """Change the network between the charger and its CSMS."""
        self.connection.set_network(NetworkConditions(state, latency_ms, jitter_ms, loss))
        self.connection_changed()

    def send_raw(self, text: str) -> None:
        """Send a text as it stands; raises ``NotConnected``."""
        self._require_link()
        self._send(text.encode())

    async def send_call(self, action: str, payload: dict[str, Any]) -> CallAnswered:
        """Send a CALL in its turn and wait for the answer; raises ``NotConnected``."""
        return await self._answered(
            lambda ticket, now: self.charger.request_call(ticket, action, payload, now)
        )

    async def inject_status(
        self,
        connector_id: int,
        status: str,
        error_code: str = "NoError",
        *,
        info: str | None = None,
        vendor_id: str | None = None,
        vendor_error_code: str | None = None,
    ) -> CallAnswered:
        """Send a StatusNotification, whatever is so, and wait for the answer.

        Nothing changes inside. Raises ``UnknownConnector`` or ``NotConnected``.
        """
        connector = ConnectorId(connector_id)
        self.charger.controller.connector(connector)
        return await self._answered(
            lambda ticket, now: self.charger.inject_status(
                ticket,
                connector,
                status,
                error_code,
                now,
                info=info,
                vendor_id=vendor_id,
                vendor_error_code=vendor_error_code,
            )
        )

    async def _answered(self, send: Callable[[int, Moment], None]) -> CallAnswered:
        self._require_link()
        with self._own_waiters().call() as (ticket, answer):
            self._ask(lambda now: send(ticket, now))
            await asyncio.wait([answer], timeout=self._settings.call_guard_s)
        return answer.result() if answer.done() else CallAnswered(ticket, "timeout")

    # --- the bench ---

    def do(self, deed: Callable[[Charger, Moment], T]) -> T:
        """Do something to the device, with all that follows; raises what the deed raises."""
        return self._ask(lambda now: deed(self.charger, now))

    def plug_in(
        self,
        connector_id: int,
        vehicle_id: int | None = None,
        *,
        model_id: str | None = None,
        soc_percent: float | None = None,
        battery_celsius: float | None = None,
        lock_fails: bool = False,
        cable_current_a: float | None = None,
        leaves_after_s: float | None = None,
    ) -> None:
        """Plug in the vehicle of that number, one of that model, or the default car.

        Raises ``UnknownVehicle`` and ``UnknownVehicleModel``.
        """
        vehicle = self._services.garage.choose(self.location_id, vehicle_id, model_id, None)
        self._ask(
            lambda now: self.charger.plug_in(
                ConnectorId(connector_id),
                vehicle,
                now,
                soc_percent=soc_percent,
                battery_celsius=battery_celsius,
                lock_fails=lock_fails,
                cable_current_a=cable_current_a,
                leaves_after_s=leaves_after_s,
            )
        )

    def unplug(self, connector_id: int, side: Literal["ev", "charger"] = "ev") -> None:
        self._ask(lambda now: self.charger.unplug(ConnectorId(connector_id), side, now))

    def set_ev_draws(self, connector_id: int, draws: bool) -> None:
        self._ask(lambda now: self.charger.set_ev_draws(ConnectorId(connector_id), draws, now))

    def jam_lock(self, connector_id: int, jammed: bool) -> None:
        self._ask(lambda now: self.charger.jam_lock(ConnectorId(connector_id), jammed, now))

    def present_id_tag(self, id_tag: str, connector_id: int | None = None) -> None:
        """Show a tag to the reader of a connector, or to the one that all share."""
        connector = None if connector_id is None else ConnectorId(connector_id)
        self._ask(lambda now: self.charger.present_id_tag(id_tag, connector, now))

    def press_stop_button(self, connector_id: int) -> None:
        self._ask(lambda now: self.charger.press_stop_button(ConnectorId(connector_id), now))

    def press_emergency_stop(self) -> None:
        self._ask(self.charger.press_emergency_stop)

    def raise_fault(
        self,
        connector_id: int,
        error_code: str,
        info: str | None = None,
        vendor_id: str | None = None,
        vendor_error_code: str | None = None,
    ) -> None:
        self._ask(
            lambda now: self.charger.raise_fault(
                ConnectorId(connector_id),
                error_code,
                now,
                info=info,
                vendor_id=vendor_id,
                vendor_error_code=vendor_error_code,
            )
        )

    def clear_fault(self, connector_id: int) -> None:
        self._ask(lambda now: self.charger.clear_fault(ConnectorId(connector_id), now))

    def set_power(self, state: Literal["off", "on", "cycle", "restart"]) -> None:
        """The mains; switching off ends the link without a word."""
        if state in ("off", "cycle") and self.charger.powered:
            self.connection.drop()
        step = {
            "off": self.charger.power_off,
            "on": self.charger.power_on,
            "cycle": self.charger.power_cycle,
            "restart": self.charger.restart,
        }[state]
        self._ask(step)
        self.connection.evaluate()
        self.connection_changed()

    def set_clock_offset(self, offset_s: float) -> None:
        """Set the charger's wall clock wrong by so many seconds."""
        true_s = self._clock.wall_s()
        self._ask(lambda now: self.charger.set_clock_offset(offset_s, true_s, now))
        self.connection_changed()

    def set_file_outcomes(self, changes: Mapping[str, Any]) -> None:
        """Decide how the next transfers and installations go; None sets back.

        The names are those of :class:`~ocppsim.simulation.file_bench.FileOutcomes`; what is not
        named stays.
        """
        outcomes = msgspec.structs.replace(self.charger.file_outcomes, **changes)
        self._ask(lambda _: self.charger.set_file_outcomes(outcomes))

    def factory_reset(self) -> None:
        self._ask(self.charger.factory_reset)
        self.connection.evaluate()

    def set_configuration(self, values: dict[str, str]) -> None:
        """Set keys as the operator, read-only ones too; raises ``InvalidSetting``."""
        self._ask(lambda now: self.charger.set_configuration(values, now))

    # --- the site ---

    def site_demands(self, now: Moment) -> list[ConnectorDemand]:  # noqa: ARG002 - it has its own
        """What its connectors are for the load management, at its own simulated time."""
        if self._ended:
            return []
        self._keep_up()
        return self.charger.site_demands(self._now())

    def take_site_share(self, connector_id: ConnectorId, share: SiteShare | None) -> None:
        """The site leaves another share to a connector; None: it does not limit it any more."""
        self._tell(lambda now: self.charger.take_site_share(connector_id, share, now))

    # --- sessions ---

    async def start_transaction(
        self,
        connector_id: int,
        id_tag: str,
        vehicle_id: int | None = None,
        start_soc_percent: float | None = None,
        *,
        model_id: str | None = None,
    ) -> StartOutcome:
        """Plug in (unless a vehicle is plugged in), present the tag, wait for the outcome.

        A connection that is on its way is given the time to come up first.

        Raises ``IllegalAction`` where another vehicle than that of ``vehicle_id``, or of
        ``model_id``, is plugged in, or one that is to begin at ``start_soc_percent`` has another
        charge already, and ``UnknownCharger`` when the charger is deleted meanwhile.
        """
        connector = ConnectorId(connector_id)
        await self._ready()
        transaction = self.charger.controller.connector(connector).transaction
        if transaction is not None and transaction.state in UNDER_WAY:
            raise IllegalAction(f"connector {connector_id} is in a transaction already")
        vehicle = self._services.garage.choose(self.location_id, vehicle_id, model_id, id_tag)
        present = self.charger.plant.vehicle(connector)
        if present is not None and (
            (vehicle_id is not None and present.vehicle_id != vehicle_id)
            or (model_id is not None and (present.vehicle_id, present.name) != (None, vehicle.name))
        ):
            raise IllegalAction(f"connector {connector_id} has another vehicle connected")
        if present is not None and start_soc_percent is not None:
            self._check_it_has(start_soc_percent, connector)
        wait = StartWait(connector_id, id_tag)
        with self._own_waiters().session(wait):
            if not self.charger.plant.is_vehicle_connected(connector):
                self._ask(
                    lambda now: self.charger.plug_in(
                        connector, vehicle, now, soc_percent=start_soc_percent
                    )
                )
            self.present_id_tag(id_tag, connector_id)
            await asyncio.wait([wait.outcome], timeout=self._settings.start_wait_s)
        wait.give_up()
        await self._stored()
        if self._ended:
            raise UnknownCharger(self.charge_point_id)
        return wait.outcome.result()

    async def stop_transaction(self, connector_id: int, reason: str | None = None) -> StopOutcome:
        """Stop the transaction of a connector and wait for the CSMS to confirm it."""
        connector = ConnectorId(connector_id)
        transaction = self.charger.controller.connector(connector).transaction
        if transaction is None or transaction.state not in UNDER_WAY:
            raise IllegalAction(f"connector {connector_id} is not in a transaction")
        wait = StopWait(transaction)
        with self._own_waiters().session(wait):
            self._ask(lambda now: self.charger.stop_transaction(connector, reason, now))
            await asyncio.wait([wait.outcome], timeout=self._settings.start_wait_s)
        wait.give_up()
        await self._stored()
        if self._ended:
            raise UnknownCharger(self.charge_point_id)
        return wait.outcome.result()

    # --- small things ---

    def _check_it_has(self, soc_percent: float, connector_id: ConnectorId) -> None:
        """Raise ``IllegalAction`` where the vehicle that is plugged in has another charge."""
        now_s = self._now().simulated_s
        present_percent = self.charger.plant.read_meter(connector_id, now_s).soc_percent
        if present_percent is not None and abs(present_percent - soc_percent) > _SAME_SOC_PERCENT:
            raise IllegalAction(
                f"the vehicle at connector {connector_id} is at {present_percent:.1f} %:"
                " start_soc_percent is for one that comes; unplug it, or leave that out"
            )

    async def _ready(self) -> None:
        """Let a first attempt to connect, and its BootNotification, come to an end."""
        if not self.is_getting_ready:
            return
        with self._own_waiters().readiness() as ready:
            await asyncio.wait([ready], timeout=self._settings.ready_wait_s)

    async def _stored(self) -> None:
        """Wait until what has happened survives a crash, or the database takes too long."""
        loop = asyncio.get_running_loop()
        stored = asyncio.Event()

        def committed() -> None:
            loop.call_soon_threadsafe(stored.set)

        self._services.journal.when_committed(committed)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stored.wait(), _STORED_WITHIN_S)

    def _desire(self, desired: DesiredConnection) -> None:
        if desired != self.connection.desired:
            self.definition = msgspec.structs.replace(self.definition, desired_connection=desired)
            self.charger.redefine(self.definition)
            self._config_sync.save_desired_connection(self.charger_id, desired)
        self.connection.set_desired(desired)
        self.connection_changed()

    def _require_link(self) -> None:
        if not self.connection.is_up:
            raise NotConnected(self.charge_point_id)


__all__ = ["LiveCharger"]
