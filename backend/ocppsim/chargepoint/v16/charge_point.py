"""The facade: an OCPP 1.6 charge point, composed of its parts."""

from __future__ import annotations

from ocppsim.chargepoint.controller import (
    ChargePointIdentity,
    ConfigurationEntry,
    ConnectorView,
    ControllerSettings,
)
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.effects import Effect, RecordDelivery, RecordRun, SendText
from ocppsim.chargepoint.errors import IllegalAction, InvalidSetting, UnknownConnector
from ocppsim.chargepoint.hardware import Hardware
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.inputs import (
    CablePluggedIn,
    CableRemoved,
    CallRequested,
    ClockSet,
    Committed,
    ConfigurationSet,
    EmergencyStopPressed,
    EvDemandChanged,
    EvSideUnplugged,
    FaultCleared,
    FaultRaised,
    FirmwareInstalled,
    IdTagPresented,
    Input,
    LinkDown,
    LinkUp,
    SiteShareChanged,
    StatusInjected,
    StopButtonPressed,
    StopRequested,
    TimeScaleChanged,
    TransferEnded,
)
from ocppsim.chargepoint.moment import Moment
from ocppsim.chargepoint.notifications import ViolationSeen
from ocppsim.chargepoint.steady_metering import SteadyMetering
from ocppsim.chargepoint.views import (
    ChargingProfileView,
    CompositeScheduleView,
    FileTransfersView,
    LimitView,
    LocalListView,
    ReservationView,
    SiteDemand,
)
from ocppsim.protocol.errors import (
    CallFailure,
    InternalFailure,
    NotSupportedAction,
    SecurityFailure,
)
from ocppsim.protocol.rpc import CallReceived, ErrorReceived, Ignored, ResultReceived
from ocppsim.protocol.v16.enums import Reason, RegistrationStatus

from . import steadiness
from .clock import EARLIEST_S, LATEST_S
from .commands import answer
from .connector import Connector
from .metering import WHOLE_CHARGE_POINT
from .parts import Parts
from .steady_sampling import SteadySampling


class ChargePoint:
    """Implements :class:`~ocppsim.chargepoint.controller.Controller` for OCPP 1.6."""

    __slots__ = (
        "_caller",
        "_connectors",
        "_core",
        "_is_restless",
        "_outbox",
        "_parts",
        "_session",
        "_timers",
    )

    def __init__(
        self,
        identity: ChargePointIdentity,
        durable: DurableState,
        hardware: Hardware,
        effects: list[Effect],
        settings: ControllerSettings,
    ) -> None:
        parts = Parts(identity, durable, hardware, effects, settings)
        self._parts = parts
        self._core = parts.core
        self._session = parts.session
        self._caller = parts.caller
        self._connectors = parts.connectors
        self._outbox = parts.outbox
        self._timers = parts.core.timers
        self._is_restless = True
        """Whether there may be something to do at the end of a step that did nothing special."""

    @property
    def next_deadline_s(self) -> float:
        """When the next timer is due, on the simulated clock."""
        return self._timers.next_s

    @property
    def next_real_deadline_s(self) -> float:
        """When the CALL in flight times out, on the real clock."""
        return self._session.deadline_s

    @property
    def registration(self) -> str | None:
        """The answer to the last BootNotification since the boot."""
        status = self._parts.registration.status
        return None if status is None else status.value

    @property
    def online(self) -> bool:
        """Whether the link to the CSMS is up."""
        return self._caller.online

    @property
    def queued_messages(self) -> int:
        """Transaction-related messages that the CSMS has not answered yet."""
        return len(self._parts.outbox)

    @property
    def clock_epoch_s(self) -> float:
        """The wall clock at simulated second 0, in Unix seconds."""
        return self._core.clock.epoch_s

    @property
    def clock_ran_ahead(self) -> bool:
        """Whether a time scale has moved the wall clock, and nobody has set it since."""
        return self._core.clock.ran_ahead

    @property
    def ping_interval_s(self) -> int:
        """WebSocketPingInterval."""
        return self._core.configuration.number("WebSocketPingInterval")

    def boot(self, cause: str | None, now: Moment) -> None:
        """Take up what is stored; the CSMS hears of it when the link is up."""
        self._core.enter(now)
        self._parts.outbox.boot()
        self._parts.transactions.restore(cause)
        self._parts.smart_charging.boot()
        self._parts.whole.begin()
        self._parts.reservations.begin()
        for connector in self._connectors.values():
            self._parts.sessions.begin(connector)
            connector.begin()
        for connector in self._connectors.values():
            self._parts.availability.connector_freed(connector)
        self._parts.boot_files()
        self._parts.metering.arm_aligned()
        self._parts.announce_ping_interval()
        self._settle()

    def store_meters(self, now: Moment) -> None:
        """Keep the registers of running transactions, for the stop after the boot."""
        self._core.enter(now)
        for connector_id, connector in self._connectors.items():
            if connector.transaction is not None:
                self._parts.metering.read(connector_id)

    def shut_down(self, now: Moment) -> None:
        """Without power every contactor opens, and what is not answered yet is lost."""
        self._core.enter(now)
        self._core.down = True
        self._parts.whole.restarting = True
        self._parts.lasting_answers.link_down()
        self._caller.link_down()
        self.tell_deliveries()
        for connector_id in self._connectors:
            self._core.hardware.offer_energy(connector_id, 0.0, now.simulated_s)

    def handle(self, event: Input, now: Moment) -> None:
        """Something happened to the charge point."""
        self._core.enter(now)
        self._is_restless = True
        self._dispatch(event)
        self._settle()

    def persisted(self, sequence: int, now: Moment) -> None:
        """The journal has all messages up to that one."""
        core = self._core
        core.now_s = now.simulated_s
        core.real_s = now.real_s
        # Sends what waited for it, and changes nothing else
        self._outbox.persisted(sequence)

    def receive(self, text: bytes, now: Moment) -> bool:
        """A text from the CSMS; whatever it is, it does not raise for it.

        Returns True where no timer was set.
        """
        core = self._core
        core.now_s = now.simulated_s
        core.real_s = now.real_s
        answered = self._session.receive_empty_result(text)
        if answered is not None:
            self._caller.resolve_empty(answered)
            # That meter values have arrived concerns nobody who has nothing to look after
            if self._is_restless or answered.action != "MeterValues":
                self._settle()
                return False
            return True
        self._is_restless = True
        received = self._session.receive(text)
        if isinstance(received, (ResultReceived, ErrorReceived)):
            self._caller.resolve(received)
        elif isinstance(received, CallReceived):
            self._receive_call(received)
        else:
            self._core.notify(ViolationSeen(received.reason, received.message_id))
            if not isinstance(received, Ignored) and not self._is_rejected:
                self._core.effects.append(SendText(received.reply))
        self._settle()
        return False

    def handle_deadline(self, now: Moment) -> None:
        """A deadline has come on one of the clocks."""
        core = self._core
        core.now_s = now_s = now.simulated_s
        core.real_s = real_s = now.real_s
        is_quiet = not self._is_restless
        self._is_restless = True
        if self._session.deadline_s <= real_s:
            self._caller.expire()
            is_quiet = False
        if self._parts.smart_charging.keep_up():
            is_quiet = False
        if core.timers.run_due(now_s) and is_quiet:
            self._is_restless = False
        else:
            self._settle()

    def begin_steady(self, now: Moment, until_s: float) -> SteadyMetering | None:
        """The samples of the one transaction that runs, where nothing else is to do."""
        if self._is_restless:
            return None
        self._core.enter(now)
        return steadiness.begin(self._parts, until_s)

    def deliveries_of(self, steady: SteadyMetering) -> RecordRun:
        """What became of the samples' messages so far."""
        assert isinstance(steady, SteadySampling)
        return self._parts.outbox.deliveries_of(steady)

    def end_steady(self, steady: SteadyMetering) -> None:
        """The parts take over how far the samples have got."""
        assert isinstance(steady, SteadySampling)
        steadiness.end(self._parts, steady)

    def _settle(self) -> None:
        self._is_restless = self._parts.settle()

    def connector(self, connector_id: ConnectorId) -> ConnectorView:
        """The view of a connector; raises ``UnknownConnector``."""
        if connector_id == WHOLE_CHARGE_POINT:
            report = self._parts.reporter.current(WHOLE_CHARGE_POINT)
            return ConnectorView(
                connector_id=connector_id,
                status=report.status.value,
                error_code=report.error_code.value,
                info=report.info,
                operative=self._parts.whole.operative,
                transaction=None,
                pending_id_tag=None,
                charging_permitted=False,
            )
        connector = self._find(connector_id)
        report = self._parts.reporter.current(connector_id)
        transaction = connector.transaction
        return ConnectorView(
            connector_id=connector_id,
            status=report.status.value,
            error_code=report.error_code.value,
            info=report.info,
            operative=connector.operative,
            transaction=self._parts.transactions.view(connector),
            pending_id_tag=connector.grant.id_tag if connector.grant else connector.authorizing,
            charging_permitted=transaction is not None and transaction.stored.energy_permitted,
        )

    def configuration(self) -> list[ConfigurationEntry]:
        """Every key in the standard's order."""
        return self._core.configuration.entries()

    def charging_profiles(self, now: Moment) -> list[ChargingProfileView]:
        """The installed profiles, by connector, purpose and falling stack level."""
        return self._parts.smart_charging.charging_profiles(now)

    def composite_schedule(
        self, connector_id: ConnectorId, duration_s: int, unit: str | None, now: Moment
    ) -> CompositeScheduleView:
        """The limits to come; raises ``UnknownConnector`` and ``InvalidSetting``."""
        return self._parts.smart_charging.composite_schedule(connector_id, duration_s, unit, now)

    def limit(self, connector_id: ConnectorId, now: Moment) -> LimitView:
        """What limits a connector now, and why; raises ``UnknownConnector``."""
        return self._parts.smart_charging.limit(connector_id, now)

    def site_demand(self, connector_id: ConnectorId, now: Moment) -> SiteDemand:
        """What the site's load management needs to know; raises ``UnknownConnector``."""
        return self._parts.smart_charging.site_demand(self._find(connector_id), now)

    def local_list(self) -> LocalListView:
        """The local authorization list."""
        return self._parts.local_auth_list.view()

    def reservations(self) -> list[ReservationView]:
        """By connector, that of the whole charge point first."""
        return self._parts.reservations.views()

    def tell_deliveries(self) -> None:
        """Order the recording of all messages of transactions that were dealt with so far."""
        self._parts.outbox.tell_deliveries()

    def untold_deliveries(self) -> list[RecordDelivery]:
        """Messages of transactions: answered, but not told of yet, and those that wait."""
        return self._parts.outbox.untold_deliveries()

    def file_transfers(self) -> FileTransfersView:
        """Where firmware and diagnostics stand."""
        return self._parts.file_transfers()

    @property
    def _is_rejected(self) -> bool:
        return self._parts.registration.status is RegistrationStatus.Rejected

    def _dispatch(self, event: Input) -> None:  # noqa: PLR0912, C901 - one line an input
        match event:
            case LinkUp():
                self._caller.link_up()
                self._parts.registration.link_up()
            case Committed(ticket):
                self._parts.lasting_answers.committed(ticket)
            case LinkDown():
                self._parts.lasting_answers.link_down()
                self._caller.link_down()
            case CablePluggedIn(connector_id):
                self._parts.cable_plugged_in(self._find(connector_id))
            case EvSideUnplugged(connector_id):
                self._parts.sessions.ev_side_unplugged(self._find(connector_id))
            case CableRemoved(connector_id):
                self._parts.sessions.cable_removed(self._find(connector_id))
            case EvDemandChanged(connector_id):
                self._find(connector_id).refresh()
            case IdTagPresented(id_tag, connector_id):
                self._present(id_tag, connector_id)
            case StopButtonPressed(connector_id):
                self._stop(connector_id, Reason.Local)
            case StopRequested(connector_id, reason):
                self._stop(connector_id, _reason(reason))
            case EmergencyStopPressed():
                self._stop_all(Reason.EmergencyStop)
            case FaultRaised(connector_id):
                self._parts.faults.raise_fault(event, self._find_or_whole(connector_id))
            case FaultCleared(connector_id):
                self._parts.faults.clear(self._find_or_whole(connector_id))
            case ConfigurationSet(values):
                self._core.configuration.set_all(values)
            case TransferEnded(ticket, succeeded) | FirmwareInstalled(ticket, succeeded):
                self._parts.transfers.ended(ticket, succeeded=succeeded)
            case CallRequested():
                self._parts.operator_calls.send(event)
            case StatusInjected(connector_id=connector_id):
                self._find_or_whole(connector_id)
                self._parts.operator_calls.inject_status(event)
            case ClockSet(epoch_s):
                if not EARLIEST_S <= epoch_s <= LATEST_S:
                    raise InvalidSetting("the clock goes from 1970 to 9000")
                self._core.clock.set(epoch_s, self._core.now_s)
                self._parts.clock_moved()
            case SiteShareChanged(connector_id, share):
                self._parts.smart_charging.take_share(self._find(connector_id), share)
            case TimeScaleChanged(time_scale):
                self._core.clock.scale(time_scale)
            case _:
                raise TypeError(f"{type(event).__name__} is no input of a charge point")

    def _find(self, connector_id: ConnectorId) -> Connector:
        connector = self._connectors.get(connector_id)
        if connector is None:
            raise UnknownConnector(f"there is no connector {connector_id}")
        return connector

    def _find_or_whole(self, connector_id: ConnectorId) -> Connector | None:
        return None if connector_id == WHOLE_CHARGE_POINT else self._find(connector_id)

    def _present(self, id_tag: str, connector_id: ConnectorId | None) -> None:
        if connector_id is None:
            self._parts.reader.present_to_any(id_tag)
        else:
            self._parts.reader.present(id_tag, self._find(connector_id))

    def _stop(self, connector_id: ConnectorId, reason: Reason) -> None:
        connector = self._find(connector_id)
        if connector.transaction is None:
            raise IllegalAction(f"connector {connector_id} has no transaction to stop")
        self._parts.transactions.stop(connector, reason)

    def _stop_all(self, reason: Reason) -> None:
        for connector in self._connectors.values():
            if connector.transaction is not None:
                self._parts.transactions.stop(connector, reason)

    def _receive_call(self, received: CallReceived) -> None:
        if self._is_rejected:
            # 1.6 ed.2 §4.2: while Rejected nothing of the CSMS is answered
            self._session.abandon(received.message_id)
            return
        effects = self._core.effects
        before = len(effects)
        self._caller.held = True
        try:
            response = answer(self._parts, received.action, received.payload)
            text = self._session.answer(received.message_id, response)
        except CallFailure as failure:
            # To ask for a feature that is not there, or too early, breaks no rule
            if not isinstance(failure, (NotSupportedAction, SecurityFailure)):
                reason = f"{received.action}: {failure.description}"
                self._core.notify(ViolationSeen(reason, received.message_id))
            text = self._session.refuse(received.message_id, failure.code, failure.description)
        except Exception:
            # ERR-05; the owner hears of it too, since it is a fault of this program
            text = self._session.refuse(received.message_id, InternalFailure.code)
            self._parts.lasting_answers.give(received.action, text, ())
            raise
        # The answer goes first, then what it brought about (RS-13, RS-22, TRG-01)
        self._parts.lasting_answers.give(received.action, text, effects[before:])


def _reason(text: str | None) -> Reason:
    if text is None:
        return Reason.Local
    try:
        return Reason(text)
    except ValueError:
        raise IllegalAction(f"{text!r} is no stop reason of OCPP 1.6") from None
