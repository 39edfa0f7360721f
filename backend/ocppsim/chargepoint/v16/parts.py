"""The parts of an OCPP 1.6 charge point, made and joined; the facade only hands out the work."""

from __future__ import annotations

from ocppsim.chargepoint.controller import ChargePointIdentity, ControllerSettings
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.effects import Effect, SetPingInterval
from ocppsim.chargepoint.hardware import Hardware
from ocppsim.chargepoint.identifiers import LocalTransactionId
from ocppsim.chargepoint.views import FileTransfersView
from ocppsim.protocol.rpc import RpcSession
from ocppsim.protocol.v16.core import StartTransactionResponse, StopTransactionResponse

from .authorization import Authorizer
from .authorization_cache import AuthorizationCache
from .availability import Availability
from .caller import Caller
from .connector import Connector, Grant
from .core import Core
from .core_commands import CoreCommands
from .diagnostics import Diagnostics
from .faults import Faults
from .firmware import Firmware
from .free_vending import FreeVending
from .heartbeat import Heartbeat
from .lasting_answers import LastingAnswers
from .local_auth_list import LocalAuthList
from .metering import PLANNED_KEYS, Metering
from .occasions import Occasions
from .operator_calls import OperatorCalls
from .outbox import Outbox
from .progress_reporter import IDLE
from .reader import Reader
from .registration import Registration
from .remote_control import RemoteControl
from .remote_trigger import RemoteTrigger
from .reservations import Reservations
from .reset import Reset
from .sessions import Sessions
from .smart_charging.profile_commands import ProfileCommands
from .smart_charging.smart_charging import SmartCharging
from .status_reporter import StatusReporter
from .transactions import Transactions
from .transfers import Transfers
from .whole_charge_point import WholeChargePoint


class Parts(Occasions):
    """One object a concern; each knows only those that it is given here.

    Most charge points never update a firmware, say, so some parts are made when somebody asks
    for them, and those that keep nothing are made anew each time: of ten thousand charge points
    only what is different between them should take memory. As :class:`Occasions` it passes on
    what one part tells the others, in the order of this module.
    """

    __slots__ = (
        "_diagnostics",
        "_firmware",
        "_reset",
        "_transfers",
        "_vends",
        "authorizer",
        "availability",
        "caller",
        "connectors",
        "core",
        "heartbeat",
        "lasting_answers",
        "local_auth_list",
        "metering",
        "outbox",
        "registration",
        "reporter",
        "reservations",
        "session",
        "smart_charging",
        "transactions",
        "whole",
    )

    def __init__(
        self,
        identity: ChargePointIdentity,
        durable: DurableState,
        hardware: Hardware,
        effects: list[Effect],
        settings: ControllerSettings,
    ) -> None:
        core = Core(identity, durable, hardware, effects, settings)
        self.core = core
        self.session = RpcSession(settings.message_id_prefix)
        self.caller = Caller(core, self.session, settings.call_sink)
        self.lasting_answers = LastingAnswers(core, self.caller)
        self.registration = Registration(core, self.caller)
        self.heartbeat = Heartbeat(core, self.caller)
        self.reporter = StatusReporter(core, self.caller)
        self.outbox = Outbox(core, self.caller)
        cache = AuthorizationCache(core)
        self.local_auth_list = LocalAuthList(core, cache)
        self.authorizer = Authorizer(core, self.caller, self.reporter, cache, self.local_auth_list)
        self.connectors = {
            connector_id: Connector(core, self.reporter, connector_id)
            for connector_id in hardware.connector_ids
        }
        self.whole = WholeChargePoint(self.reporter)
        self.availability = Availability(core, self.whole, self.connectors)
        self.reservations = Reservations(
            core, self.authorizer, self.whole, self.availability, self.connectors
        )
        self.metering = Metering(core, self.outbox, self.registration, self.connectors)
        self.transactions = Transactions(
            core,
            self.outbox,
            self.metering,
            self.authorizer,
            self.reservations,
            self.connectors,
        )
        self.smart_charging = SmartCharging(core, self.outbox, self.connectors)
        self._vends = core.behaviour("free_vending") == "on"
        self._reset: Reset | None = None
        self._transfers: Transfers | None = None
        self._firmware: Firmware | None = None
        self._diagnostics: Diagnostics | None = None
        core.wire(self)

    # --- made when they are needed, and kept --------------------------------------------------

    @property
    def reset(self) -> Reset:
        """Restarts the charge point."""
        if self._reset is None:
            self._reset = Reset(
                self.core,
                self.caller,
                self.outbox,
                self.transactions,
                self.whole,
                self.reporter,
                self.connectors,
            )
        return self._reset

    @property
    def transfers(self) -> Transfers:
        """What was ordered of files."""
        if self._transfers is None:
            self._transfers = Transfers(self.core)
        return self._transfers

    @property
    def firmware(self) -> Firmware:
        """Updates of the firmware."""
        if self._firmware is None:
            self._firmware = Firmware(
                self.core,
                self.caller,
                self.outbox,
                self.transfers,
                self.availability,
                self.reset,
                self.connectors,
            )
        return self._firmware

    @property
    def diagnostics(self) -> Diagnostics:
        """Uploads of diagnostics."""
        if self._diagnostics is None:
            self._diagnostics = Diagnostics(self.core, self.caller, self.transfers)
        return self._diagnostics

    # --- made anew each time ------------------------------------------------------------------

    @property
    def sessions(self) -> Sessions:
        """Brings cables and tags together."""
        return Sessions(
            self.core,
            self.transactions,
            self.whole,
            self.availability,
            self.reservations,
            self.connectors,
        )

    @property
    def faults(self) -> Faults:
        """Raises and clears faults."""
        return Faults(self.core, self.whole, self.sessions, self.transactions, self.connectors)

    @property
    def reader(self) -> Reader:
        """What a tag means."""
        return Reader(
            self.core,
            self.authorizer,
            self.registration,
            self.availability,
            self.reservations,
            self.sessions,
            self.transactions,
            self.whole,
            self.connectors,
        )

    @property
    def operator_calls(self) -> OperatorCalls:
        """CALLs that are sent by hand."""
        return OperatorCalls(self.core, self.caller)

    @property
    def core_commands(self) -> CoreCommands:
        """Answers CALLs of the Core profile."""
        return CoreCommands(
            self.core, self.authorizer, self.availability, self.transactions, self.connectors
        )

    @property
    def profile_commands(self) -> ProfileCommands:
        """Answers CALLs about charging profiles."""
        return ProfileCommands(self.core, self.smart_charging, self.connectors)

    @property
    def remote_control(self) -> RemoteControl:
        """The CSMS in the role of the user."""
        return RemoteControl(
            self.core,
            self.registration,
            self.reader,
            self.reservations,
            self.sessions,
            self.profile_commands,
            self.transactions,
            self.connectors,
        )

    @property
    def remote_trigger(self) -> RemoteTrigger:
        """Sends what the CSMS asks for."""
        return RemoteTrigger(
            self.core,
            self.registration,
            self.heartbeat,
            self.reporter,
            self.metering,
            self.firmware,
            self.diagnostics,
            self.connectors,
        )

    @property
    def _free_vending(self) -> FreeVending:
        return FreeVending(self.reader, self.reservations, self.sessions, self.connectors)

    # --- what concerns several of them --------------------------------------------------------

    def boot_files(self) -> None:
        """Go on with the transfers of files that a restart has interrupted."""
        cells = self.core.durable.cells
        if Firmware.has_stored(cells):
            self.firmware.boot()
        if Diagnostics.has_stored(cells):
            self.diagnostics.boot()

    def file_transfers(self) -> FileTransfersView:
        """Where firmware and diagnostics stand."""
        firmware, diagnostics = self._firmware, self._diagnostics
        return FileTransfersView(
            IDLE if firmware is None else firmware.status,
            IDLE if diagnostics is None else diagnostics.status,
        )

    def cable_plugged_in(self, connector: Connector) -> None:
        """A vehicle is connected."""
        if not (self._vends and self._free_vending.vend(connector)):
            self.sessions.cable_plugged_in(connector)

    def announce_ping_interval(self) -> None:
        """Tell the owner of the link how often to ping."""
        interval_s = self.core.configuration.number("WebSocketPingInterval")
        self.core.effects.append(SetPingInterval(interval_s))

    def settle(self) -> bool:
        """At the end of a step: what follows from it for those that had no part in it.

        Returns whether there may be something to do at the end of the next step, too.
        """
        restless = self.reservations.settle()
        if self._vends:
            self._free_vending.settle()
            restless = True
        restless |= self.smart_charging.settle()
        if self._firmware is not None:
            restless |= self._firmware.settle()
        if self._reset is not None:
            restless |= self._reset.progress()
        return restless

    # --- occasions ----------------------------------------------------------------------------

    def accepted(self) -> None:
        self.reporter.report_all()
        self.heartbeat.start()
        self._resume_files()

    def resumed(self) -> None:
        self.reporter.report_changed()
        self._resume_files()
        self.caller.pump()

    def _resume_files(self) -> None:
        if self._firmware is not None:
            self._firmware.resume()
        if self._diagnostics is not None:
            self._diagnostics.resume()

    def in_transaction(self) -> bool:
        return any(connector.transaction is not None for connector in self.connectors.values())

    def key_changed(self, name: str) -> None:
        if name in PLANNED_KEYS:
            self.metering.load_plans()
        match name:
            case "HeartbeatInterval":
                self.heartbeat.interval_changed()
            case "MeterValueSampleInterval":
                self.metering.arm_all_samples()
            case "ClockAlignedDataInterval":
                self.metering.arm_aligned()
            case "ConnectionTimeOut":
                self.sessions.timeout_changed()
            case "ConnectorSwitch3to1PhaseSupported":
                self.smart_charging.look_again()
            case "LocalAuthListEnabled":
                self.local_auth_list.use_changed()
            case "ReserveConnectorZeroSupported":
                self.reservations.end_unsupported()
            case "SupportedFeatureProfiles":
                self._profiles_changed()
            case "WebSocketPingInterval":
                self.announce_ping_interval()
            case _:
                pass

    def _profiles_changed(self) -> None:
        self.local_auth_list.use_changed()
        self.reservations.end_unsupported()
        self.smart_charging.look_again()
        if self._firmware is not None:
            self._firmware.profile_changed()
        if self._diagnostics is not None:
            self._diagnostics.profile_changed()

    def clock_moved(self) -> None:
        self.reservations.expire()
        self.metering.clock_moved()
        self.smart_charging.look_again()
        if self._firmware is not None:
            self._firmware.await_retrieve_date()

    def connectors_idle(self) -> None:
        if self._firmware is not None:
            self._firmware.install_when_idle()

    def reset_given_up(self) -> None:
        if self._firmware is not None:
            self._firmware.install_when_idle()

    def became_operative(self, connector: Connector) -> None:
        # H3 to H5: a vehicle may be waiting at it
        waits = self._vends and connector.vehicle_connected
        if not (waits and self._free_vending.vend(connector)):
            self.sessions.became_operative(connector)

    def became_inoperative(self, connector: Connector) -> None:
        self.sessions.became_inoperative(connector)

    def reservation_changed(self, connector: Connector) -> None:
        self.sessions.reservation_changed(connector)

    def transaction_started(self, connector: Connector, grant: Grant) -> None:
        self.smart_charging.transaction_started(connector, grant)

    def transaction_confirmed(self, connector: Connector) -> None:
        self.smart_charging.transaction_confirmed(connector)

    def transaction_ended(self, connector: Connector) -> None:
        self.availability.connector_freed(connector)
        self.smart_charging.transaction_ended(connector)

    def start_confirmed(
        self, local_id: LocalTransactionId, response: StartTransactionResponse
    ) -> None:
        self.transactions.start_confirmed(local_id, response)

    def start_failed(self, local_id: LocalTransactionId) -> None:
        self.transactions.start_failed(local_id)

    def stop_settled(
        self, local_id: LocalTransactionId, response: StopTransactionResponse | None
    ) -> None:
        self.transactions.stop_settled(local_id, response)
