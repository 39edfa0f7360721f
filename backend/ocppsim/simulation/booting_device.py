"""The device between off and on: the mains, boots and restarts, and what it forgets by them."""

from __future__ import annotations

import msgspec

from ocppsim.chargepoint.controller import (
    NEVER,
    Controller,
    ControllerFactory,
    ControllerSettings,
)
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.effects import CloseLink, Effect, OpenLink, SaveConfiguration
from ocppsim.chargepoint.errors import IllegalAction
from ocppsim.chargepoint.moment import Moment

from .auto_driver import AutoDriver
from .bench import Bench
from .definition import ChargerDefinition

BOOT_DURATION_S = 1.0
"""How long a restart takes, in simulated seconds."""


class BootingDevice(Bench):
    """The plant outlives a restart; the controller is another one after it."""

    definition: ChargerDefinition
    durable: DurableState
    effects: list[Effect]
    powered: bool
    _apply_csms_time: bool
    _boot_at_s: float
    _boot_cause: str | None
    _boots: int
    _controller_factory: ControllerFactory
    _driver: AutoDriver
    _message_id_prefix: str
    _orders: list[Effect]
    _persisted: int

    @property
    def wants_link(self) -> bool:
        """False while it is switched off or restarts: it cannot be connected then."""
        return self.powered and self._boot_at_s == NEVER

    @property
    def firmware_version(self) -> str | None:
        """What it says of itself in BootNotification: what was installed last, or is defined.

        An installed version counts until the definition names another one than it did then.
        """
        return self._memory.firmware_version(self.definition.identity.firmware_version)

    def forget_installed_firmware(self) -> None:
        """The version of the definition counts again, from the next boot on."""
        self._memory.forget_firmware_version()

    def power_off(self, now: Moment) -> None:
        """The mains fail: everything stops, and what was not stored is gone."""
        if not self.powered:
            return
        self.powered = False
        self._boot_at_s = NEVER
        self._ledger.gap_begins("power_off", now.simulated_s)
        self.controller.shut_down(now)
        self.effects += self._files.stop()
        self.effects.append(CloseLink("the charger lost its power", reconnect=False))
        self._memory.save_whole_plant(now.simulated_s)
        self.keep_clock(now)
        self._after(now)

    def power_on(self, now: Moment) -> None:
        """The mains come back; the charger boots."""
        if not self.powered:
            self.powered = True
            self._boot_cause = None
            self._boot_at_s = now.simulated_s + BOOT_DURATION_S

    def power_cycle(self, now: Moment) -> None:
        """Off and on again."""
        self.power_off(now)
        self.power_on(now)

    def restart(self, now: Moment) -> None:
        """The software starts anew by itself, as after a watchdog; ``IllegalAction`` when down."""
        self._require_running()
        self._restart("Reboot", now)
        self._after(now)

    def factory_reset(self, now: Moment) -> None:
        """Forget all that was set or learned, keep the hardware, and restart.

        ``IllegalAction`` while a transaction runs. Keys that describe the hardware stay.
        """
        self._require_running()
        controller = self.controller
        for connector_id in self.plant.connector_ids:
            if controller.connector(connector_id).transaction is not None:
                raise IllegalAction(f"connector {connector_id} has a transaction: stop it first")
        self._ledger.forget(controller.untold_deliveries(), now.simulated_s)
        described = {entry.key for entry in controller.configuration() if entry.readonly}
        forgotten = self._memory.forget_settings(described)
        self._restart(None, now)
        fresh = self._make_controller(controller.clock_epoch_s)
        defaults = {entry.key: entry.value for entry in fresh.configuration()}
        for key in forgotten:
            self.effects.append(SaveConfiguration(key, defaults.get(key) or ""))
        self._after(now)

    # --- inside ---

    def _require_running(self) -> None:
        if not self.powered:
            raise IllegalAction("the charger is switched off")
        if self._boot_at_s != NEVER:
            raise IllegalAction("the charger is restarting")

    def _make_controller(
        self, clock_epoch_s: float, *, clock_ran_ahead: bool = False
    ) -> Controller:
        self._boots += 1
        identity = self.definition.identity
        if identity.firmware_version != self.firmware_version:
            identity = msgspec.structs.replace(identity, firmware_version=self.firmware_version)
        return self._controller_factory(
            identity,
            self.durable,
            self.plant,
            self._orders,
            ControllerSettings(
                clock_epoch_s=clock_epoch_s,
                message_id_prefix=f"{self._message_id_prefix}{self._boots}-",
                apply_csms_time=self._apply_csms_time,
                time_scale=self.time_scale,
                clock_ran_ahead=clock_ran_ahead,
                behaviour=self.definition.behaviour,
            ),
        )

    def _boot(
        self, cause: str | None, clock_epoch_s: float, now: Moment, *, clock_ran_ahead: bool
    ) -> Controller:
        controller = self._make_controller(clock_epoch_s, clock_ran_ahead=clock_ran_ahead)
        controller.boot(cause, now)
        controller.persisted(self._persisted, now)
        for connector_id in self.plant.connector_ids:
            # Whom a restart of the program surprised leaves like everybody else
            if controller.connector(connector_id).transaction is None:
                self._driver.leave_soon(connector_id, now.simulated_s)
        return controller

    def _boot_again(self, now: Moment) -> None:
        """The time has come: the controller starts anew, with the clock that it had."""
        self._boot_at_s = NEVER
        self._ledger.gap_ends("power_off", now.simulated_s)
        self._ledger.gap_ends("restarting", now.simulated_s)
        before = self.controller
        self.controller = self._boot(
            self._boot_cause, before.clock_epoch_s, now, clock_ran_ahead=before.clock_ran_ahead
        )
        self.effects.append(OpenLink())

    def _restart(self, cause: str | None, now: Moment) -> None:
        """The controller goes down and comes back; the plant stays as it is."""
        self.controller.store_meters(now)
        self.controller.shut_down(now)
        self.effects += self._files.stop()
        self.effects.append(CloseLink("the charger restarts", reconnect=False))
        self._ledger.gap_begins("restarting", now.simulated_s)
        self._boot_cause = cause
        self._boot_at_s = now.simulated_s + BOOT_DURATION_S


__all__ = ["BOOT_DURATION_S", "BootingDevice"]
