"""One simulated charger: the controller and the plant, joined."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import cast

import msgspec

from ocppsim.chargepoint.controller import (
    NEVER,
    ConnectorView,
    ControllerFactory,
)
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.effects import (
    Append,
    CancelTransfer,
    Effect,
    InstallFirmware,
    Notify,
    PutCell,
    Reboot,
    RecordDelivery,
    RecordRun,
    Retire,
    SendText,
    StartDownload,
    StartUpload,
)
from ocppsim.chargepoint.errors import IllegalAction
from ocppsim.chargepoint.identifiers import ConnectorId, LocalTransactionId
from ocppsim.chargepoint.inputs import Committed, Input, LinkDown, LinkUp
from ocppsim.chargepoint.moment import Moment
from ocppsim.chargepoint.notifications import ClockAdjusted, RegistrationChanged
from ocppsim.chargepoint.steady_metering import SteadyMetering

from .auto_driver import AutoDriver
from .booting_device import BootingDevice
from .connector_state import ConnectorState, connector_state
from .definition import ChargerDefinition
from .departures import Departures
from .device_memory import DeviceMemory
from .file_bench import FileBench, FileOrder
from .firmware_version import version_of_image
from .leaving import leave_by_steps
from .ledger_records import LedgerExcerpt
from .plant import Plant
from .resolved_vehicle import ResolvedVehicle
from .session_ledger import DEFAULT_INTERVAL_S, LedgerBook
from .site_demand import ConnectorDemand, connector_demands

VehicleResolver = Callable[[str | None], ResolvedVehicle]
"""Which vehicle comes with an id tag (None: any)."""

_STORED = frozenset({Append, PutCell, Retire})
"""Of no concern to anything in the device."""

_FILE_ORDERS = frozenset({StartDownload, StartUpload, CancelTransfer, InstallFirmware})


class Charger(BootingDevice):
    """The whole device. It is powered and booted from the start, and silent until a link is up.

    Every call may append to ``effects``; the owner carries them out in order and clears the
    list, after a call that raised as well. ``IllegalAction``, ``UnknownConnector`` and
    ``InvalidSetting`` say that a request is impossible; nothing has changed then.

    ``clock_epoch_s`` is the true time at simulated second 0, ``time_scale`` how much faster than
    real time simulated time runs (``now`` comes from outside all the same).

    ``may_transfer`` says of a URL whether a real transfer may be made. Then ``StartDownload``,
    ``StartUpload`` and ``CancelTransfer`` are among the effects, and the owner answers the
    former two with :meth:`transfer_ended`; otherwise transfers are simulated.
    """

    def __init__(
        self,
        definition: ChargerDefinition,
        durable: DurableState,
        controller_factory: ControllerFactory,
        resolve_vehicle: VehicleResolver,
        *,
        now: Moment,
        clock_epoch_s: float,
        message_id_prefix: str,
        seed: int,
        apply_csms_time: bool = True,
        time_scale: float = 1.0,
        may_transfer: Callable[[str], bool] = lambda _location: False,
        ledger_interval_s: float = DEFAULT_INTERVAL_S,
    ) -> None:
        self.definition = definition
        self.durable = durable
        self.effects = []
        self.plant = Plant(definition.connectors, seed, definition.hardware)
        self.powered = True
        self.time_scale = time_scale
        self._controller_factory = controller_factory
        self._resolve_vehicle = resolve_vehicle
        self._message_id_prefix = message_id_prefix
        self._apply_csms_time = apply_csms_time
        self._boots = 0
        self._boot_at_s = NEVER
        self._boot_cause = None
        self._persisted = durable.messages[-1].sequence if durable.messages else 0
        self._orders = []
        self._driver = AutoDriver(definition.auto_plug_in)
        self._memory = DeviceMemory(durable, self.plant, self.effects)
        self._memory.restore_plant(now.simulated_s)
        self._memory.keep_firmware_of(definition.identity.firmware_version)
        self._may_transfer = may_transfer
        self._file_bench: FileBench | None = None
        for connector_id, id_tag in self._memory.brought():
            self._driver.bring(connector_id, id_tag)
        ahead_s = self._memory.clock_s(clock_epoch_s + now.simulated_s) - (
            clock_epoch_s + now.simulated_s
        )
        self._ledger = LedgerBook(
            self.plant,
            durable,
            self.effects,
            epoch_s=clock_epoch_s + ahead_s,
            interval_s=ledger_interval_s,
            now_s=now.simulated_s,
        )
        self.departures = Departures(
            self._memory, self.plant, epoch_s=clock_epoch_s + ahead_s, now_s=now.simulated_s
        )
        self.controller = self._boot(
            None, clock_epoch_s + ahead_s, now, clock_ran_ahead=ahead_s > 0.0
        )
        if time_scale != 1.0:
            self.keep_clock(now)
        self._after(now)

    @property
    def next_deadline_s(self) -> float:
        """When something is due on the simulated clock."""
        if not self.powered:
            return self._ledger.next_due_s
        if self._boot_at_s != NEVER:
            return min(self.plant.next_event_s, self._ledger.next_due_s, self._boot_at_s)
        return min(
            self.plant.next_event_s,
            self._ledger.next_due_s,
            self._driver.next_departure_s,
            self.departures.next_due_s,
            NEVER if self._file_bench is None else self._file_bench.next_due_s,
            self.controller.next_deadline_s,
        )

    @property
    def next_real_deadline_s(self) -> float:
        """When a wait for the CSMS is over, on the real clock."""
        if self.powered and self._boot_at_s == NEVER:
            return self.controller.next_real_deadline_s
        return NEVER

    def redefine(self, definition: ChargerDefinition) -> None:
        """Take over what may change without a restart: name, URL, secrets, ``auto_plug_in``."""
        self.definition = definition
        self._driver.enabled = definition.auto_plug_in

    # --- the link and the clock ---

    def link_up(self, now: Moment) -> None:
        """The connection to the CSMS is open."""
        self._ledger.gap_ends("offline", now.simulated_s)
        self._tell(LinkUp(), now)

    def link_down(self, now: Moment) -> None:
        """The connection is gone."""
        self._ledger.gap_begins("offline", now.simulated_s)
        self.controller.handle(LinkDown(), now)
        self._after(now)

    def receive(self, text: bytes, now: Moment) -> bool:
        """A text frame from the CSMS; True where ``next_deadline_s`` cannot be earlier for it."""
        if self.powered and self._boot_at_s == NEVER:
            try:
                return self.controller.receive(text, now)
            finally:
                # Where a handler failed its CALLERROR is waiting to be sent
                self._after(now)
        return True

    def persisted(self, sequence: int, now: Moment) -> None:
        """The journal has everything up to ``sequence``; ``next_deadline_s`` stays as it is."""
        self._persisted = sequence
        self.controller.persisted(sequence, now)
        self._after(now)

    def transfer_ended(self, ticket: int, succeeded: bool, reason: str | None, now: Moment) -> None:
        """A real transfer is over; one that was cancelled meanwhile is passed over."""
        event = self._files.transfer_ended(ticket, succeeded, reason)
        if event is not None:
            self._tell(event, now)

    def committed(self, ticket: str, now: Moment) -> None:
        """What was ordered to be stored before ``AwaitCommit(ticket)`` is stored."""
        self._tell(Committed(ticket), now)

    def store_meters(self, now: Moment) -> None:
        """The program ends in an orderly way: what was delivered so far is not forgotten."""
        if self.wants_link:
            self.controller.store_meters(now)
            self._memory.save_whole_plant(now.simulated_s)
            self.keep_clock(now)
            self._after(now)
        self.store_ledger(now)

    def begin_steady(self, now: Moment) -> SteadyMetering | None:
        """What goes on by itself while nothing but samples happens; None where more does.

        Real time only. The owner ends it before it does anything else with the charger.
        """
        if not self.wants_link or self.time_scale != 1.0 or now.simulated_s != now.real_s:
            return None
        until_s = min(
            self.plant.next_event_s,
            self._ledger.next_due_s,
            self._driver.next_departure_s,
            self.departures.next_due_s,
            self._files.next_due_s,
        )
        steady = self.controller.begin_steady(now, until_s)
        self._after(now)
        return steady

    def write_down(self, steady: SteadyMetering, now: Moment) -> None:
        """Put what became of its messages so far into the ledger; it goes on."""
        self._ledger.run_delivered(self.controller.deliveries_of(steady), now.simulated_s)

    def end_steady(self, steady: SteadyMetering, now: Moment) -> None:
        """Go on from where that has got to."""
        self._persisted = max(self._persisted, steady.persisted_to)
        self.controller.end_steady(steady)
        self._after(now)

    def handle_deadline(self, now: Moment) -> None:
        """Do what is due by now."""
        now_s = now.simulated_s
        if self._ledger.next_due_s <= now_s:
            # The page of an interval has its messages too
            self.controller.tell_deliveries()
            self._after(now)
            self._ledger.end_due(now_s, self._memory.save_plant)
        if not self.powered:
            return
        if self._boot_at_s <= now_s:
            self._boot_again(now)
        if self.plant.next_event_s <= now_s:
            self._tell_all(self.plant.advance(now_s), now)
        if self._file_bench is not None and self._file_bench.next_due_s <= now_s:
            self._end_file_tasks(now)
        controller = self.controller
        if self._boot_at_s == NEVER and (
            controller.next_deadline_s <= now_s or controller.next_real_deadline_s <= now.real_s
        ):
            controller.handle_deadline(now)
        self._after(now)
        if self._driver.next_departure_s <= now_s or self.departures.next_due_s <= now_s:
            self._let_leave(now)

    def _let_leave(self, now: Moment) -> None:
        """The vehicles whose time has come; they stay where nobody is there to let them go."""
        if self.wants_link:
            for connector_id in self._driver.departing(now.simulated_s):
                # Another tag may have been refused, or a new transaction begun
                if self.controller.connector(connector_id).transaction is None:
                    self._drive_away(connector_id, now)
            for connector_id in self.departures.due(now.simulated_s):
                leave_by_steps(self, connector_id, now)

    # --- the ledger ---

    def store_ledger(self, now: Moment) -> None:
        """Write down what the ledgers of the transactions have gathered."""
        self.controller.tell_deliveries()
        self._after(now)
        self._ledger.save(now.simulated_s)

    def ledger(self, local_id: LocalTransactionId, now: Moment) -> LedgerExcerpt | None:
        """What is not stored yet of a transaction's ledger; None where all of it is."""
        return self._ledger.excerpt(local_id, self.controller.untold_deliveries(), now.simulated_s)

    # --- what REST shows ---

    @property
    def registration(self) -> str | None:
        """The answer to BootNotification; None while it is down, and until it is answered."""
        return self.controller.registration if self.wants_link else None

    def connector_view(self, connector_id: ConnectorId) -> ConnectorView:
        """A connector as its controller sees it; without power there is nothing to use."""
        view = self.controller.connector(connector_id)
        if self.powered:
            return view
        return msgspec.structs.replace(
            view,
            status="Unavailable",
            error_code="NoError",
            info=None,
            pending_id_tag=None,
            charging_permitted=False,
        )

    def connector_state(self, connector_id: ConnectorId, now: Moment) -> ConnectorState:
        """A connector, 0 included, as controller and plant see it."""
        return connector_state(
            self.connector_view(connector_id),
            self.plant,
            now.simulated_s,
            leaves_at_s=self.departures.leaves_at_s(connector_id),
        )

    def site_demands(self, now: Moment) -> list[ConnectorDemand]:
        """What its connectors are for the load management of their site; none while down."""
        if not self.wants_link:
            return []
        rotation = self.definition.hardware.phase_rotation
        return connector_demands(self.controller, self.plant, rotation, now)

    # --- inside ---

    @property
    def _files(self) -> FileBench:
        """How files fare; from the first that is of concern on."""
        if self._file_bench is None:
            self._file_bench = FileBench(self._may_transfer, self._memory.file_outcomes())
        return self._file_bench

    def _ask(self, event: Input, now: Moment) -> None:
        """Something that needs a running charge point."""
        self._require_running()
        try:
            self.controller.handle(event, now)
        finally:
            self._after(now)

    def _tell(self, event: Input, now: Moment) -> None:
        """Something that happens to the hardware; a charge point that is down misses it."""
        if self.wants_link:
            self.controller.handle(event, now)
            self._after(now)

    def _tell_all(self, events: Iterable[Input], now: Moment) -> None:
        for event in events:
            self._tell(event, now)

    def _after(self, now: Moment) -> None:
        """Pass on what the controller ordered, but for what concerns the device itself."""
        orders = self._orders
        effects = self.effects
        # What follows from one order comes behind it, and is reached too
        for effect in orders:
            kind = type(effect)
            if kind in _STORED:
                effects.append(effect)
            elif kind is SendText:
                # Not where it went down in the same step, before this could be sent
                if self.powered and self._boot_at_s == NEVER:
                    effects.append(effect)
            else:
                self._take(effect, now)
        orders.clear()
        while self._driver.arrivals:
            self._arrive(*self._driver.next_arrival(), now)

    def _take(self, effect: Effect, now: Moment) -> None:
        """An order that concerns the device, perhaps."""
        if type(effect) is RecordDelivery:
            self._ledger.delivered(effect, now.simulated_s)
        elif type(effect) is RecordRun:
            self._ledger.run_delivered(effect, now.simulated_s)
        elif type(effect) is Reboot:
            if self.wants_link:
                self._restart(effect.cause, now)
        elif type(effect) in _FILE_ORDERS:
            self._pass_on_file_order(cast("FileOrder", effect), now)
        else:
            self.effects.append(effect)
            if type(effect) is Notify and type(effect.notification) is not RegistrationChanged:
                self._heed(effect, now)

    def _heed(self, notice: Notify, now: Moment) -> None:
        """The controller told something."""
        notification = notice.notification
        if type(notification) is ClockAdjusted:
            self.keep_clock(now)
        self._driver.watch(notification, now.simulated_s)
        self.departures.watch(notification)
        self._save_if_changed(notice, now)
        self._ledger.watch(notification, now.simulated_s, self.controller.clock_epoch_s)

    def _pass_on_file_order(self, order: FileOrder, now: Moment) -> None:
        """What the bench does not do itself is for the shell; one that is down orders nothing."""
        if self.wants_link:
            passed_on = self._files.take(order, now.simulated_s)
            if passed_on is not None:
                self.effects.append(passed_on)

    def _save_if_changed(self, notice: Notify, now: Moment) -> None:
        """A connector whose status or transaction changed has a new state to restart from."""
        notification = notice.notification
        transaction = getattr(notification, "transaction", None)
        connector_id = getattr(transaction or notification, "connector_id", None)
        if connector_id:
            self._memory.save_plant(connector_id, now.simulated_s)

    def _end_file_tasks(self, now: Moment) -> None:
        while (task := self._files.end_next(now.simulated_s)) is not None:
            if task.installed_from is not None:
                self._memory.save_firmware_version(
                    version_of_image(task.installed_from, self.firmware_version),
                    self.definition.identity.firmware_version,
                )
            self._tell(task.event, now)

    def _arrive(self, connector_id: ConnectorId, id_tag: str, now: Moment) -> None:
        if self.plant.is_vehicle_connected(connector_id):
            return
        try:
            self.plug_in(connector_id, self._resolve_vehicle(id_tag), now)
        except IllegalAction:
            # A car that cannot charge here drives on; ConnectionTimeOut ends the session
            return
        self._driver.bring(connector_id, id_tag)
        self._memory.save_brought(connector_id, id_tag)

    def _drive_away(self, connector_id: ConnectorId, now: Moment) -> None:
        id_tag = self._driver.leave(connector_id)
        self._memory.save_brought(connector_id, None)
        if self.plant.is_locked(connector_id) and not self.plant.is_lock_jammed(connector_id):
            # Only its own tag frees a cable that was kept (errata 3.5)
            self.present_id_tag(id_tag, connector_id, now)
        if self.plant.is_vehicle_connected(connector_id):
            self.unplug(connector_id, "ev", now)
        if self.plant.is_cable_present(connector_id) and not self.plant.is_locked(connector_id):
            self.unplug(connector_id, "charger", now)


__all__ = ["Charger", "VehicleResolver"]
