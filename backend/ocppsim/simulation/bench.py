"""What a person or the world does to a charger; the device itself is in ``charger.py``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable

from ocppsim.chargepoint.controller import Controller
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.inputs import (
    CallRequested,
    ClockSet,
    ConfigurationSet,
    EmergencyStopPressed,
    FaultCleared,
    FaultRaised,
    IdTagPresented,
    Input,
    SiteShare,
    SiteShareChanged,
    StatusInjected,
    StopButtonPressed,
    StopRequested,
    TimeScaleChanged,
)
from ocppsim.chargepoint.moment import Moment

from .auto_driver import AutoDriver
from .departures import Departures
from .device_memory import DeviceMemory
from .file_bench import FileBench, FileOutcomes
from .plant import Plant, PlugSide
from .resolved_vehicle import ResolvedVehicle
from .session_ledger import LedgerBook


class Bench(ABC):
    """The deeds, each of which is stored where it has to outlive the program."""

    controller: Controller
    departures: Departures
    plant: Plant
    time_scale: float
    _driver: AutoDriver
    _ledger: LedgerBook
    _memory: DeviceMemory

    @property
    @abstractmethod
    def _files(self) -> FileBench:
        """How files fare."""

    @abstractmethod
    def _ask(self, event: Input, now: Moment) -> None:
        """Something that needs a running charge point."""

    @abstractmethod
    def _tell_all(self, events: Iterable[Input], now: Moment) -> None:
        """Things that happen to the hardware; a charge point that is down misses them."""

    @abstractmethod
    def _after(self, now: Moment) -> None:
        """Pass on what the controller ordered."""

    def plug_in(
        self,
        connector_id: ConnectorId,
        vehicle: ResolvedVehicle,
        now: Moment,
        *,
        soc_percent: float | None = None,
        battery_celsius: float | None = None,
        lock_fails: bool = False,
        cable_current_a: float | None = None,
        leaves_after_s: float | None = None,
    ) -> None:
        """A vehicle comes and is connected at both ends of the cable.

        After ``leaves_after_s`` its driver ends the transaction, if there is one, and takes the
        cable out; None: not before somebody does it.
        """
        inputs = self.plant.plug_in(
            connector_id,
            vehicle,
            now.simulated_s,
            soc_percent=soc_percent,
            battery_celsius=battery_celsius,
            lock_fails=lock_fails,
            cable_current_a=cable_current_a,
        )
        self._ledger.plugged_in(connector_id, now.simulated_s)
        self._forget_brought(connector_id)
        if leaves_after_s is not None:
            self.departures.plan(connector_id, leaves_after_s, now.simulated_s)
        self._tell_all(inputs, now)
        self._memory.save_plant(connector_id, now.simulated_s)

    def unplug(self, connector_id: ConnectorId, side: PlugSide, now: Moment) -> None:
        """One end of the cable is taken out."""
        was_connected = self.plant.is_vehicle_connected(connector_id)
        self._tell_all(self.plant.unplug(connector_id, side, now.simulated_s), now)
        if was_connected:
            self.departures.forget(connector_id)
            self._ledger.unplugged(connector_id, now.simulated_s)
        if not self.plant.is_cable_present(connector_id):
            self._forget_brought(connector_id)
        self._memory.save_plant(connector_id, now.simulated_s)

    def set_ev_draws(self, connector_id: ConnectorId, draws: bool, now: Moment) -> None:
        """The vehicle asks for energy, or pauses."""
        self._tell_all(self.plant.set_ev_draws(connector_id, draws, now.simulated_s), now)
        self._memory.save_plant(connector_id, now.simulated_s)

    def jam_lock(self, connector_id: ConnectorId, jammed: bool, now: Moment) -> None:
        """The lock sticks in its position, or moves again."""
        self.plant.jam_lock(connector_id, jammed)
        self._memory.save_plant(connector_id, now.simulated_s)

    def present_id_tag(self, id_tag: str, connector_id: ConnectorId | None, now: Moment) -> None:
        """A tag is shown to the reader of a connector, or to the one that all share."""
        self._ask(IdTagPresented(id_tag, connector_id), now)

    def press_stop_button(self, connector_id: ConnectorId, now: Moment) -> None:
        """The user stops the transaction at the charger."""
        self._ask(StopButtonPressed(connector_id), now)

    def press_emergency_stop(self, now: Moment) -> None:
        """Every transaction stops."""
        self._ask(EmergencyStopPressed(), now)

    def raise_fault(
        self,
        connector_id: ConnectorId,
        error_code: str,
        now: Moment,
        *,
        info: str | None = None,
        vendor_id: str | None = None,
        vendor_error_code: str | None = None,
    ) -> None:
        """Something breaks; connector 0 is the charge point."""
        self._ask(FaultRaised(connector_id, error_code, info, vendor_id, vendor_error_code), now)

    def clear_fault(self, connector_id: ConnectorId, now: Moment) -> None:
        """It is repaired."""
        self._ask(FaultCleared(connector_id), now)

    def stop_transaction(self, connector_id: ConnectorId, reason: str | None, now: Moment) -> None:
        """The operator stops a transaction with a reason of the standard (None: Local)."""
        self._ask(StopRequested(connector_id, reason), now)

    def set_configuration(self, values: dict[str, str], now: Moment) -> None:
        """The operator sets configuration keys, all or none."""
        self.controller.handle(ConfigurationSet(values), now)
        self._after(now)

    def request_call(
        self, ticket: int, action: str, payload: dict[str, object], now: Moment
    ) -> None:
        """Send any CALL; ``CallAnswered(ticket)`` follows."""
        self._ask(CallRequested(ticket, action, payload), now)

    def inject_status(
        self,
        ticket: int,
        connector_id: ConnectorId,
        status: str,
        error_code: str,
        now: Moment,
        *,
        info: str | None = None,
        vendor_id: str | None = None,
        vendor_error_code: str | None = None,
    ) -> None:
        """Send a StatusNotification and change nothing; ``CallAnswered(ticket)`` follows."""
        self._ask(
            StatusInjected(
                ticket, connector_id, status, error_code, info, vendor_id, vendor_error_code
            ),
            now,
        )

    def set_clock_offset(self, offset_s: float, real_epoch_s: float, now: Moment) -> None:
        """The real-time clock is wrong by ``offset_s``; the true time is ``real_epoch_s``."""
        self.controller.handle(ClockSet(real_epoch_s + offset_s), now)
        self.keep_clock(now)
        self._after(now)

    def take_site_share(
        self, connector_id: ConnectorId, share: SiteShare | None, now: Moment
    ) -> None:
        """The site leaves another share to a connector; one that is down does not hear of it."""
        self._tell_all([SiteShareChanged(connector_id, share)], now)

    def set_time_scale(self, time_scale: float, now: Moment) -> None:
        """Simulated time runs ``time_scale`` times as fast as real time from now on.

        The owner's clock does so; the charger decides by it whether its CSMS's time counts.
        """
        self.time_scale = time_scale
        self.controller.handle(TimeScaleChanged(time_scale), now)
        self.keep_clock(now)
        self._after(now)

    def keep_clock(self, now: Moment) -> None:
        """Store the wall clock where a time scale has moved it; the next start goes on from it."""
        controller = self.controller
        ran_ahead = controller.clock_ran_ahead
        self._memory.save_clock(controller.clock_epoch_s + now.simulated_s if ran_ahead else None)

    def _forget_brought(self, connector_id: ConnectorId) -> None:
        """Who came by itself is gone: another one at its place is left alone."""
        if self._driver.forget(connector_id):
            self._memory.save_brought(connector_id, None)

    @property
    def file_outcomes(self) -> FileOutcomes:
        """How the next transfers and installations go."""
        return self._files.outcomes

    def set_file_outcomes(self, outcomes: FileOutcomes) -> None:
        """Decide how the next transfers and installations go, until it is set otherwise."""
        self._files.outcomes = outcomes
        self._memory.save_file_outcomes(outcomes)


__all__ = ["Bench"]
