"""The parts of an OCPP 1.6 charge point, made and joined; the facade only hands out the work."""

from __future__ import annotations

from collections.abc import Callable

from ocppsim.chargepoint.controller import ChargePointIdentity, ControllerSettings
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.effects import Effect
from ocppsim.chargepoint.hardware import Hardware
from ocppsim.protocol.rpc import RpcSession

from .authorization import Authorizer
from .authorization_cache import AuthorizationCache
from .availability import Availability
from .caller import Caller
from .commands import Commands
from .connector import Connector
from .core import Core
from .core_commands import CoreCommands
from .diagnostics import Diagnostics
from .faults import Faults
from .firmware import Firmware
from .free_vending import FreeVending
from .heartbeat import Heartbeat
from .lasting_answers import LastingAnswers
from .local_auth_list import LocalAuthList
from .metering import Metering
from .operator_calls import OperatorCalls
from .outbox import Outbox
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


class Parts:
    """One object a concern; each knows only those that it is given here."""

    def __init__(
        self,
        identity: ChargePointIdentity,
        durable: DurableState,
        hardware: Hardware,
        effects: list[Effect],
        settings: ControllerSettings,
        *,
        on_accepted: Callable[[], None],
        on_resumed: Callable[[], None],
    ) -> None:
        core = Core(identity, durable, hardware, effects, settings)
        self.core = core
        self.session = RpcSession(settings.message_id_prefix)
        self.caller = Caller(core, self.session, settings.call_sink)
        self.lasting_answers = LastingAnswers(core, self.caller)
        self.registration = Registration(core, self.caller, on_accepted, on_resumed)
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
        core.in_transaction = self._in_transaction
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
            self._transaction_ended,
        )
        self.smart_charging = SmartCharging(core, self.outbox, self.connectors)
        self.transactions.on_started = self.smart_charging.transaction_started
        self.transactions.on_confirmed = self.smart_charging.transaction_confirmed
        profile_commands = ProfileCommands(core, self.smart_charging, self.connectors)
        self.sessions = Sessions(
            core,
            self.transactions,
            self.whole,
            self.availability,
            self.reservations,
            self.connectors,
        )
        self.faults = Faults(core, self.whole, self.sessions, self.transactions, self.connectors)
        self.reader = Reader(
            core,
            self.authorizer,
            self.registration,
            self.availability,
            self.reservations,
            self.sessions,
            self.transactions,
            self.whole,
            self.connectors,
        )
        self.reset = Reset(
            core,
            self.caller,
            self.outbox,
            self.transactions,
            self.whole,
            self.reporter,
            self.connectors,
        )
        self.free_vending = FreeVending(
            core,
            self.reader,
            self.reservations,
            self.sessions,
            self.availability,
            self.connectors,
        )
        self.transfers = Transfers(core)
        self.firmware = Firmware(
            core,
            self.caller,
            self.outbox,
            self.transfers,
            self.availability,
            self.reset,
            self.connectors,
        )
        self.diagnostics = Diagnostics(core, self.caller, self.transfers)
        remote_trigger = RemoteTrigger(
            core,
            self.registration,
            self.heartbeat,
            self.reporter,
            self.metering,
            self.connectors,
            trigger_firmware_status=self.firmware.trigger,
            trigger_diagnostics_status=self.diagnostics.trigger,
        )
        self.operator_calls = OperatorCalls(core, self.caller)
        remote_control = RemoteControl(
            core,
            self.registration,
            self.reader,
            self.reservations,
            self.sessions,
            profile_commands,
            self.transactions,
            self.connectors,
        )
        core_commands = CoreCommands(
            core,
            self.authorizer,
            self.availability,
            self.transactions,
            remote_control,
            self.reset,
            self.connectors,
        )
        self.commands = Commands(
            core,
            {
                **core_commands.handlers,
                **self.firmware.handlers,
                **self.diagnostics.handlers,
                **remote_trigger.handlers,
                **self.local_auth_list.handlers,
                **self.reservations.handlers,
                **profile_commands.handlers,
            },
        )

    def _in_transaction(self) -> bool:
        return any(connector.transaction is not None for connector in self.connectors.values())

    def _transaction_ended(self, connector: Connector) -> None:
        self.availability.connector_freed(connector)
        self.smart_charging.transaction_ended(connector)
