"""The version-neutral face of a charge point: what the rest of the program sees."""

from __future__ import annotations

from typing import Protocol

import msgspec

from .call_sink import CallSink
from .durable_state import DurableState
from .effects import Effect, RecordDelivery, RecordRun
from .hardware import Hardware
from .identifiers import ConnectorId
from .inputs import Input
from .moment import Moment
from .notifications import TransactionView
from .steady_metering import SteadyMetering
from .views import (
    ChargingProfileView,
    CompositeScheduleView,
    FileTransfersView,
    LimitView,
    LocalListView,
    ReservationView,
    SiteDemand,
)

NEVER = float("inf")
"""The deadline of a controller that waits for nothing."""


class ChargePointIdentity(msgspec.Struct, frozen=True, gc=False):
    """What a charge point says of itself in BootNotification (lengths: 1.6 ed.2 §6.3)."""

    charge_point_id: str
    charge_point_vendor: str
    charge_point_model: str
    firmware_version: str | None = None
    charge_point_serial_number: str | None = None
    charge_box_serial_number: str | None = None
    iccid: str | None = None
    imsi: str | None = None
    meter_serial_number: str | None = None
    meter_type: str | None = None


class ConfigurationEntry(msgspec.Struct, frozen=True):
    """One configuration key as REST shows it; ``value`` is None for an unset or secret key.

    ``minimum`` and ``maximum`` bound an integer key; None where there is no such bound.
    """

    key: str
    value: str | None
    readonly: bool
    type: str
    profile: str
    reboot_required: bool
    description: str
    unit: str | None = None
    minimum: int | None = None
    maximum: int | None = None


class ConnectorView(msgspec.Struct, frozen=True):
    """One connector as its controller sees it."""

    connector_id: ConnectorId
    status: str
    error_code: str
    info: str | None
    operative: bool
    transaction: TransactionView | None
    pending_id_tag: str | None
    charging_permitted: bool


class Controller(Protocol):
    """A charge point without I/O: inputs in, effects out, time as an argument.

    Every entry point appends its effects to the list that the owner gave at construction.
    ``next_deadline_s`` is on the simulated clock, ``next_real_deadline_s`` on the real one;
    the owner calls ``handle_deadline`` when either has come. Entry points never raise for
    what the CSMS sent; for what the operator asked they raise
    :class:`~.errors.ChargePointError` and leave the state as it was.
    """

    @property
    def next_deadline_s(self) -> float: ...

    @property
    def next_real_deadline_s(self) -> float: ...

    @property
    def registration(self) -> str | None: ...

    @property
    def online(self) -> bool:
        """Whether the link to the CSMS is up."""
        ...

    @property
    def queued_messages(self) -> int:
        """Number of transaction-related messages not confirmed by the CSMS yet."""
        ...

    @property
    def clock_epoch_s(self) -> float:
        """What the charge point's wall clock showed at simulated second 0, in Unix seconds."""
        ...

    @property
    def clock_ran_ahead(self) -> bool:
        """Whether a time scale has moved the wall clock, and nobody has set it since."""
        ...

    @property
    def ping_interval_s(self) -> int: ...

    def boot(self, cause: str | None, now: Moment) -> None:
        """Power-on or restart; ``cause`` is the stop reason for a transaction it finds open.

        With ``cause`` None (a fresh start of the process) that is ``PowerLoss``.
        """
        ...

    def store_meters(self, now: Moment) -> None:
        """An orderly end is coming: keep how far the running transactions have got."""
        ...

    def shut_down(self, now: Moment) -> None:
        """Power off: nothing more is sent; energy stops."""
        ...

    def handle(self, event: Input, now: Moment) -> None: ...

    def persisted(self, sequence: int, now: Moment) -> None:
        """All messages of ``Append`` up to that number survive a crash."""
        ...

    def receive(self, text: bytes, now: Moment) -> bool:
        """A text frame from the CSMS; True where ``next_deadline_s`` cannot be earlier for it."""
        ...

    def handle_deadline(self, now: Moment) -> None: ...

    def begin_steady(self, now: Moment, until_s: float) -> SteadyMetering | None:
        """What goes on from here by itself, up to ``until_s`` at most; None where more does."""
        ...

    def deliveries_of(self, steady: SteadyMetering) -> RecordRun:
        """What became of its messages so far, which goes on; to be asked after an answer."""
        ...

    def end_steady(self, steady: SteadyMetering) -> None:
        """Go on from where that has got to; messages of deliveries may be told then."""
        ...

    def connector(self, connector_id: ConnectorId) -> ConnectorView:
        """The view of a connector, 0 included; raises ``UnknownConnector``."""
        ...

    def configuration(self) -> list[ConfigurationEntry]: ...

    def charging_profiles(self, now: Moment) -> list[ChargingProfileView]:
        """The installed profiles, by connector, purpose and falling stack level."""
        ...

    def composite_schedule(
        self, connector_id: ConnectorId, duration_s: int, unit: str | None, now: Moment
    ) -> CompositeScheduleView:
        """The limits to come; ``unit`` is ``A``, ``W`` or None for the connector's own.

        Raises ``UnknownConnector`` and ``InvalidSetting``.
        """
        ...

    def limit(self, connector_id: ConnectorId, now: Moment) -> LimitView:
        """What limits a connector (> 0) now, and why; raises ``UnknownConnector``."""
        ...

    def site_demand(self, connector_id: ConnectorId, now: Moment) -> SiteDemand:
        """What the site's load management needs to know; raises ``UnknownConnector``."""
        ...

    def local_list(self) -> LocalListView: ...

    def reservations(self) -> list[ReservationView]:
        """By connector, 0 first."""
        ...

    def file_transfers(self) -> FileTransfersView: ...

    def tell_deliveries(self) -> None:
        """Order ``RecordDelivery`` or ``RecordRun`` for all messages that were dealt with so far.

        A controller may gather some of them before it does so by itself.
        """
        ...

    def untold_deliveries(self) -> list[RecordDelivery]:
        """The messages of transactions that it told nothing of yet, in the order of sending.

        They were dealt with last, or wait for the CSMS: the ``outcome`` of these is ``pending``.
        """
        ...


class ControllerFactory(Protocol):
    """Makes the controller of one OCPP version; chosen by the composition root only."""

    def __call__(
        self,
        identity: ChargePointIdentity,
        durable: DurableState,
        hardware: Hardware,
        effects: list[Effect],
        settings: ControllerSettings,
    ) -> Controller: ...


class ControllerSettings(msgspec.Struct, frozen=True):
    """What the owner decides about a controller beside OCPP configuration.

    ``clock_epoch_s`` is the wall-clock time (Unix seconds) at simulated second 0;
    ``message_id_prefix`` makes CALL ids unique over processes (at most 20 characters);
    ``time_scale`` is how much faster than real time simulated time runs, ``clock_ran_ahead``
    whether the clock is ahead because it did so before;
    ``behaviour`` holds the documented choices where OCPP leaves one (AMB-n); ``call_sink`` is told
    what becomes of each own CALL.
    """

    clock_epoch_s: float
    message_id_prefix: str
    apply_csms_time: bool = True
    time_scale: float = 1.0
    clock_ran_ahead: bool = False
    behaviour: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    call_sink: CallSink | None = None
