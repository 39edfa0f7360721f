"""Binds a pure charger to its link, its storage and its timers."""

from __future__ import annotations

import logging
import secrets
import zlib
from collections.abc import AsyncIterator, Callable
from random import Random
from typing import TypeVar

import msgspec

from ocppsim.chargepoint import effects as orders
from ocppsim.chargepoint import notifications as news
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.effects import Append, PutCell, Retire, SendText
from ocppsim.chargepoint.identifiers import ConnectorId, LocalTransactionId
from ocppsim.chargepoint.moment import Moment
from ocppsim.simulation.charger import Charger
from ocppsim.simulation.definition import ChargerDefinition
from ocppsim.simulation.ledger_records import LedgerExcerpt
from ocppsim.simulation.resolved_vehicle import ResolvedVehicle
from ocppsim.simulation.site import concerns_site
from ocppsim.transport.dialing import Dial
from ocppsim.transport.url import target_url

from .charger_services import ChargerServices
from .charger_storage import ChargerStorage
from .connection import Connection
from .definition_changes import needs_new_link, needs_restart
from .diagnostics_file import diagnostics_file
from .file_transfers import ChargerTransfers
from .live_site import LiveSite
from .portrait import charger_snapshot, charger_summary, connector_snapshot, transaction_snapshot
from .short_way import ShortWay
from .snapshots import ChargerSnapshot, ChargerSummary, ConnectorSnapshot
from .steady_charger import SteadyCharger
from .violation_log import ViolationLog
from .waiters import NOBODY, Waiters

_logger = logging.getLogger("ocppsim.runtime.charger")

T = TypeVar("T")

_WHOLE = ConnectorId(0)

_message_ids = Random(secrets.randbits(64))
"""No two boots have the same ids; to ask the system for each takes as long as half a boot."""

UNDER_WAY = ("starting", "running")
"""The states of a transaction that is not stopped."""


class HostedCharger(SteadyCharger):
    """Carries out what a pure charger orders, in order, and says what becomes of its link."""

    def __init__(
        self,
        definition: ChargerDefinition,
        durable: DurableState,
        services: ChargerServices,
        charger_id: int,
    ) -> None:
        """``charger_id`` names it towards the journal, also where there is no database."""
        super().__init__(definition, services, ShortWay(self, services, charger_id))
        shared = services.connections
        self._services = services
        self._settings = shared.settings
        self._config_sync = services.config_sync
        self._journal = services.journal
        self._log = services.message_log
        self._feed = services.feed
        self._durable = durable
        self.charger_id = charger_id
        self._draining = False
        self._receiving: int | None = None
        """The id of the frame that is being taken."""
        self._violations: ViolationLog | None = None
        """From the first one on."""
        self._summary: ChargerSummary | None = None
        self._waiters = NOBODY
        """Its own from the first wait on."""
        self.site: LiveSite | None = None
        """The load management of its location, where there is one."""
        self._transfers: ChargerTransfers | None = None
        """From the first transfer of a file on."""
        self._charger = self._build()
        self.connection = Connection(self, shared, definition.desired_connection)
        self.connection.set_ping_interval(self.charger.controller.ping_interval_s)

    # --- identity and views: what the short way leaves as it is, they read beside it ---

    @property
    def location_id(self) -> int:
        return self.definition.location_id

    @property
    def connector_ids(self) -> tuple[int, ...]:
        """1..N."""
        return self._charger.plant.connector_ids

    @property
    def is_connected(self) -> bool:
        return self.connection.is_up

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction runs (or is being started) on any connector."""
        controller = self._charger.controller
        return any(
            (transaction := controller.connector(connector_id).transaction) is not None
            and transaction.state in UNDER_WAY
            for connector_id in self._charger.plant.connector_ids
        )

    @property
    def in_session(self) -> bool:
        """Whether a vehicle is connected anywhere: its meters may move."""
        plant = self._charger.plant
        return any(plant.is_vehicle_connected(connector) for connector in plant.connector_ids)

    def summary(self) -> ChargerSummary:
        """The charger in a list, as of now."""
        if self._summary is None or self.in_session:
            self._summary = charger_summary(
                self.definition, self.charger, self.connection, self._now()
            )
        return self._summary

    def has_status(self, status: str) -> bool:
        """Whether the charger as a whole, or one of its connectors, has that status."""
        view = self._charger.connector_view
        return view(_WHOLE).status == status or any(
            view(connector_id).status == status
            for connector_id in self._charger.plant.connector_ids
        )

    def snapshot(self) -> ChargerSnapshot:
        """Everything about the charger, as of now."""
        return charger_snapshot(
            self.definition,
            self.charger,
            self.connection,
            self._now(),
            true_epoch_s=self._clock.epoch_s,
            true_s=self._clock.wall_s(),
        )

    def connector(self, connector_id: int) -> ConnectorSnapshot:
        """One connector (0: the charger as a whole); raises ``UnknownConnector``."""
        state = self.charger.connector_state(ConnectorId(connector_id), self._now())
        reservations = self.charger.controller.reservations()
        return connector_snapshot(self.charge_point_id, state, reservations)

    def ledger(self, local_transaction_id: int) -> LedgerExcerpt | None:
        """What is not stored yet of a transaction's ledger; None where all of it is."""
        return self.charger.ledger(LocalTransactionId(local_transaction_id), self._now())

    # --- for the supervisor ---

    def begin(self) -> None:
        """Carry out what the first boot ordered and connect if that is desired."""
        self._drain()
        self._rearm()
        self.connection.evaluate()

    def apply_time_scale(self, real_s: float) -> None:
        """Run at the pace that is in force since ``real_s``; simulated time goes on from there."""
        # First of all: to keep up takes time, in which a fast clock would run past ``real_s``
        if self._set_pace(real_s):
            self._tell(lambda now: self.charger.set_time_scale(self.time_scale, now))
            self.connection_changed()

    def change_definition(
        self, definition: ChargerDefinition, *, forget_installed_firmware: bool = False
    ) -> None:
        """Become what ``definition`` says, but for the desired connection, which stays.

        A version that was installed stays as well, unless it is to be forgotten.
        Other hardware or another identity means a restart of the device; another way to the
        CSMS only a new link.
        """
        before = self.definition
        self._tell(self.charger.keep_clock)
        self._tell(self.charger.store_ledger)
        desired = self.connection.desired
        self.definition = msgspec.structs.replace(definition, desired_connection=desired)
        if forget_installed_firmware:
            self.charger.forget_installed_firmware()
            self._drain()
        if forget_installed_firmware or needs_restart(before, definition):
            self.connection.drop()
            self._cancel_transfers()
            self._charger = self._build()
            self._drain()
            self._rearm()
            self.connection.set_ping_interval(self.charger.controller.ping_interval_s)
            self.connection.evaluate()
        else:
            self.charger.redefine(self.definition)
            if needs_new_link(before, definition):
                self.connection.reconnect()
        self.apply_time_scale(self._base_clock.real_s())
        self.connection_changed()

    def persisted(self, sequence: int, now: Moment) -> None:
        """All journal entries up to ``sequence`` survive a crash; ``now`` is that of real time."""
        if self._scaled is not None:
            self._tell(lambda now: self.charger.persisted(sequence, now))
        elif not self._ended:
            # As _tell() does: every message of a transaction passes here
            try:
                self.charger.persisted(sequence, now)
            except Exception:
                self._failures += 1
                _logger.exception("%s: an input failed", self.charge_point_id)
            self._drain()
            self._rearm_for_answer()

    def end(self) -> None:
        """Close the link cleanly and do nothing any more; what is desired stays stored."""
        self._tell(self.charger.store_meters)
        self._ended = True
        self._timer.cancel()
        self._cancel_transfers()
        self.connection.shut_down()
        self._waiters.give_up()

    # --- what the connection tells (ConnectionOwner) ---

    @property
    def wants_link(self) -> bool:
        return self._charger.wants_link

    def dial(self) -> Dial:
        definition = self.definition
        stored = self._durable.configuration.get("AuthorizationKey")
        return Dial(
            target=target_url(definition.connection_url, definition.charge_point_id),
            charge_point_id=definition.charge_point_id,
            password=stored if stored is not None else definition.basic_auth_password,
            literal_password=definition.behaviour.get("authorization_key") == "literal",
            tls=definition.tls,
            connect_timeout_s=self._settings.connect_timeout_s,
            handshake_timeout_s=self._settings.handshake_timeout_s,
        )

    def connection_opened(self) -> None:
        self._tell(self.charger.link_up)

    def take_text(self, text: bytes) -> None:
        """A text of the CSMS."""
        number = self._log.add(self.charger_id, "received", text, self._clock.wall_s())
        self._feed.note_message(self, number)
        self._receiving = number
        if self._scaled is not None:
            self._tell(lambda now: self.charger.receive(text, now))
        elif not self._ended:
            # As _tell() does: every frame passes here
            changed_little = False
            try:
                changed_little = self.charger.receive(text, self._clock.now())
                self._failures = 0
            except Exception:
                self._failures += 1
                _logger.exception("%s: an input failed", self.charge_point_id)
            self._drain()
            if changed_little:
                self._rearm_for_answer()
                link = self.connection.link
                if self.site is None and link is not None:
                    self._begin_steady(link)
            else:
                self._rearm()
        self._receiving = None

    def connection_lost(self) -> None:
        self._tell(self.charger.link_down)
        self._waiters.link_lost()

    def connection_changed(self) -> None:
        self._summary = None
        self._feed.note_charger(self)
        watcher = self._services.watcher
        if watcher is not None:
            watcher.connection_changed(self.charger_id, self.connection)
        if self._waiters.await_readiness and not self.is_getting_ready:
            self._waiters.ready()

    @property
    def is_getting_ready(self) -> bool:
        """The link comes up, at the first attempt so far, or its BootNotification is unanswered."""
        connection = self.connection.view
        if connection.state == "connecting":
            return connection.attempts == 0
        return connection.state == "connected" and self.charger.controller.registration is None

    # --- the pure charger ---

    def _build(self) -> Charger:
        return Charger(
            self.definition,
            self._durable,
            self._services.controller_factory,
            self._vehicle_of,
            now=self._clock.now(),
            clock_epoch_s=self._clock.epoch_s,
            message_id_prefix=f"{_message_ids.getrandbits(40):010x}-",
            seed=zlib.crc32(self.charge_point_id.encode()) ^ self._settings.seed,
            apply_csms_time=self._settings.apply_csms_time,
            time_scale=self.time_scale,
            may_transfer=self._services.transfers.allows,
            ledger_interval_s=self._settings.ledger_interval_s,
        )

    def _own_waiters(self) -> Waiters:
        if self._waiters is NOBODY:
            self._waiters = Waiters()
        return self._waiters

    def _vehicle_of(self, id_tag: str | None) -> ResolvedVehicle:
        return self._services.garage.by_id_tag(self.location_id, id_tag)

    def _perform_transfer(
        self, order: orders.StartDownload | orders.StartUpload | orders.CancelTransfer
    ) -> None:
        if self._transfers is None:
            self._transfers = self._services.transfers.of_charger(
                self.charge_point_id, self._diagnostics, self._transfer_ended
            )
        self._transfers.perform(order)

    def _cancel_transfers(self) -> None:
        if self._transfers is not None:
            self._transfers.cancel_all()

    def _ask(self, call: Callable[[Moment], T]) -> T:
        try:
            return super()._ask(call)
        finally:
            self._feed.note_charger(self)

    def _committed(self, ticket: str) -> None:
        self._tell(lambda now: self.charger.committed(ticket, now))

    def _transfer_ended(self, ticket: int, succeeded: bool, reason: str | None) -> None:
        self._tell(lambda now: self.charger.transfer_ended(ticket, succeeded, reason, now))

    def _diagnostics(self, from_s: float | None, to_s: float | None) -> AsyncIterator[bytes]:
        return diagnostics_file(
            self.snapshot(),
            self.charger.controller.configuration(),
            self._log,
            self.charger_id,
            now_s=self._clock.wall_s(),
            from_s=from_s,
            to_s=to_s,
        )

    def _drain(self) -> None:
        self._summary = None
        if self._draining:
            return  # The outer round carries out what came up meanwhile, in order.
        effects = self._charger.effects
        if not effects:
            return
        self._draining = True
        try:
            # What comes up meanwhile comes behind, and is reached too
            for effect in effects:
                try:
                    # What a round trip of meter values is made of, without a call in between
                    if type(effect) is SendText:
                        self._send(effect.text, effect.violation)
                    elif type(effect) is PutCell:
                        self._journal.put_cell(self.charger_id, effect.key, effect.body)
                    elif type(effect) is Append:
                        self._journal.append(self.charger_id, effect.sequence, effect.body)
                        self._feed.note_charger(self)
                    elif type(effect) is Retire:
                        self._retire(effect.sequence)
                    else:
                        self._perform_rarer(effect)
                except Exception:
                    name = type(effect).__name__
                    _logger.exception("%s: the effect %s failed", self.charge_point_id, name)
        finally:
            effects.clear()
            self._draining = False

    def _retire(self, sequence: int) -> None:
        self._journal.retire(self.charger_id, sequence)
        self._feed.note_charger(self)

    def _perform_rarer(self, effect: orders.Effect) -> None:
        if self.site is not None and concerns_site(effect):
            self.site.note(self.charge_point_id)
        match effect:
            case orders.Notify():
                self._notice(effect.notification)
            case orders.CloseLink():
                self.connection.close(reconnect=effect.reconnect)
            case orders.OpenLink():
                self.connection.release()
            case orders.StartDownload() | orders.StartUpload() | orders.CancelTransfer():
                self._perform_transfer(effect)
            case orders.SetPingInterval():
                self.connection.set_ping_interval(effect.interval_s)
            case _:
                # It keeps nothing, and is made for the moment
                ChargerStorage(
                    self.charger_id,
                    self.charge_point_id,
                    self._journal,
                    self._config_sync,
                    committed=self._committed,
                ).perform(effect)

    def _send(self, text: bytes, violation: str | None = None) -> None:
        link = self.connection.link
        if link is not None:
            link.send_text(text)
            number = self._log.add(self.charger_id, "sent", text, self._clock.wall_s())
            if violation is not None:
                self._log.note_violation(number, violation)
            self._feed.note_message(self, number)

    def _notice(self, notification: news.Notification) -> None:
        self._waiters.notice(notification, self.charger.controller.online)
        watcher = self._services.watcher
        if watcher is not None:
            watcher.noticed(self.charger_id, notification)
        match notification:
            case news.CallAnswered():
                pass
            case news.TransactionChanged(transaction=transaction):
                self._transaction_changed(transaction)
            case news.ConnectorChanged(connector_id=connector_id):
                self._feed.note_connector(self, connector_id)
            case news.RecordsChanged(records=records):
                self._feed.note_records(self, records)
            case news.AuthorizationEnded():
                self._feed.note_charger(self)
                self._feed.note_authorization(self, notification)
            case news.RegistrationChanged():
                self._waiters.ready()
                self._feed.note_charger(self)
            case news.ViolationSeen(text=text):
                self._note_violation(text)
            case news.ClockAdjusted(correction_s=correction_s):
                _logger.debug("%s: clock set by %.3f s", self.charge_point_id, correction_s)
            case news.ClockKept(difference_s=difference_s):
                _logger.debug(
                    "%s: the time of the CSMS differs by %.3f s and is left alone",
                    self.charge_point_id,
                    difference_s,
                )
            case _:
                self._feed.note_charger(self)

    def _note_violation(self, text: str) -> None:
        if self._violations is None:
            self._violations = ViolationLog(self.charge_point_id)
        self._violations.note(text)
        if self._receiving is not None:
            self._log.note_violation(self._receiving, text)

    def _transaction_changed(self, transaction: news.TransactionView) -> None:
        connector_id = transaction.connector_id
        plant = self.charger.plant
        vehicle = plant.vehicle(connector_id)
        register_wh = plant.read_meter(connector_id, self._now().simulated_s).energy_wh
        shown = transaction_snapshot(self.charge_point_id, transaction, register_wh)
        self._config_sync.save_transaction(
            self.charger_id,
            transaction,
            vehicle_id=None if vehicle is None else vehicle.vehicle_id,
            energy_wh=shown.energy_wh,
        )
        self._feed.note_transaction(self, shown)
        self._feed.note_connector(self, connector_id)


__all__ = ["UNDER_WAY", "HostedCharger"]
