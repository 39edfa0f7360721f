"""What the shell shows of its chargers, in the words of the REST surface.

Times are ISO 8601 in UTC with milliseconds. No secret is in any of these: passwords and
private keys appear only as "is set".
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from ocppsim.simulation.definition import (
    CableKind,
    DesiredConnection,
    MeterDefinition,
    PowerType,
)
from ocppsim.simulation.file_bench import Outcome, SignatureOutcome

ConnectionState = Literal["disconnected", "connecting", "connected", "offline"]
"""``connecting`` also between two attempts; ``offline``: the network was taken away."""

NetworkState = Literal["up", "cut", "blackhole"]
MessageDirection = Literal["sent", "received"]
MessageKind = Literal["CALL", "CALLRESULT", "CALLERROR"]
CablePosition = Literal["none", "socket", "vehicle"]


class ConnectionView(msgspec.Struct, frozen=True):
    """The link to the CSMS.

    ``attempts`` counts the failed ones since the charger was last connected, ``last_error``
    says in one line why the last one failed (or the last link was lost).
    """

    state: ConnectionState
    since: str
    attempts: int = 0
    last_error: str | None = None
    next_attempt_at: str | None = None


class NetworkView(msgspec.Struct, frozen=True):
    """The network between a charger and its CSMS; ``loss`` is a share from 0 to 1."""

    state: NetworkState = "up"
    latency_ms: float = 0.0
    jitter_ms: float = 0.0
    loss: float = 0.0


class TlsView(msgspec.Struct, frozen=True):
    """How a charger secures its link."""

    ca_pem: str | None
    client_cert_pem: str | None
    client_key_set: bool
    verify: bool


class TransactionSnapshot(msgspec.Struct, frozen=True):
    """A transaction as its charge point knows it.

    ``state`` is ``starting``, ``running``, ``stopping``, ``stopped`` or ``failed``;
    ``energy_wh`` what it has delivered so far, None where that is not known.
    """

    charge_point_id: str
    connector_id: int
    transaction_id: int | None
    local_transaction_id: int
    id_tag: str
    state: str
    started_at: str
    stopped_at: str | None
    meter_start_wh: int
    meter_stop_wh: int | None
    energy_wh: float | None
    stop_reason: str | None
    id_tag_status: str | None


class MeterSnapshot(msgspec.Struct, frozen=True):
    """One instant of a connector's meter and vehicle; all numbers agree with each other.

    The lists per phase start with L1 and are empty for DC.
    """

    energy_wh: float
    power_w: float
    voltage_v: float
    current_a: float
    soc_percent: float | None
    phase_voltage_v: list[float]
    phase_current_a: list[float]
    phase_power_w: list[float]
    power_factor: float
    frequency_hz: float
    temperature_celsius: float
    current_offered_a: float
    power_offered_w: float
    reactive_power_var: float
    phase_reactive_power_var: list[float]
    reactive_energy_varh: float


class ConnectorReservation(msgspec.Struct, frozen=True):
    """For whom a connector is kept."""

    reservation_id: int
    id_tag: str
    expires_at: str


class ConnectorSnapshot(msgspec.Struct, frozen=True):
    """One connector with all that is going on at it.

    ``reservation`` is its own, or one of the whole charge point that it is kept for.
    """

    connector_id: int
    status: str
    error_code: str
    info: str | None
    operative: bool
    power_type: PowerType
    max_power_w: float
    phases: int
    cable_kind: CableKind
    cable: CablePosition
    cable_current_a: float | None
    locked: bool
    lock_jammed: bool
    ev_draws: bool
    vehicle_id: int | None
    vehicle_name: str | None
    departs_at: str | None
    id_tag: str | None
    reservation: ConnectorReservation | None
    transaction: TransactionSnapshot | None
    meter: MeterSnapshot


class ConnectorSummary(msgspec.Struct, frozen=True):
    """A connector in a list of chargers."""

    connector_id: int
    status: str
    error_code: str
    power_w: float
    soc_percent: float | None


class ChargerSummary(msgspec.Struct, frozen=True):
    """A charger in a list; ``status`` and ``error_code`` are connector 0's."""

    charge_point_id: str
    charger_name: str
    location_id: int
    connection_url: str
    ocpp_version: str
    power_type: PowerType
    charge_point_vendor: str
    charge_point_model: str
    firmware_version: str | None
    security_profile: int
    powered: bool
    connection: ConnectionView
    registration: str | None
    status: str
    error_code: str
    connectors: list[ConnectorSummary]
    power_w: float
    queued_messages: int


class FilesSnapshot(msgspec.Struct, frozen=True):
    """Where firmware and diagnostics stand, and what was set about how their transfers go.

    The statuses are the standard's words; None is not set, see
    :class:`~ocppsim.simulation.file_bench.FileOutcomes`.
    """

    firmware_status: str
    diagnostics_status: str
    download: Outcome | None
    install: Outcome | None
    signature: SignatureOutcome | None
    upload: Outcome | None
    duration_s: float | None


class ChargerSnapshot(msgspec.Struct, frozen=True):
    """One charger with everything that is going on at it.

    ``max_power_w``, ``phases`` and ``cable`` are those of the first connector;
    ``clock_offset_s`` is how far its wall clock is from the true time (at the true time
    ``clock_as_of``; None where it stays so); ``time_scale`` was chosen for it alone (1: as its
    location).
    """

    charge_point_id: str
    charger_name: str
    location_id: int
    connection_url: str
    ocpp_version: str
    power_type: PowerType
    max_power_w: float
    phases: int
    cable: CableKind
    evse_count: int
    phase_rotation: str
    shared_power_w: float | None
    module_power_w: float | None
    meter: MeterDefinition
    template_id: str | None
    charge_point_vendor: str
    charge_point_model: str
    firmware_version: str | None
    charge_point_serial_number: str | None
    charge_box_serial_number: str | None
    iccid: str | None
    imsi: str | None
    meter_serial_number: str | None
    meter_type: str | None
    security_profile: int
    basic_auth_password_set: bool
    tls: TlsView
    auto_plug_in: bool
    behaviour: dict[str, str]
    desired_connection: DesiredConnection
    powered: bool
    connection: ConnectionView
    network: NetworkView
    clock_offset_s: float
    clock_as_of: str | None
    time_scale: float
    time_scale_in_force: float
    registration: str | None
    status: str
    error_code: str
    info: str | None
    connectors: list[ConnectorSnapshot]
    power_w: float
    energy_wh: float
    queued_messages: int
    files: FilesSnapshot
    warnings: list[str]


class MessageView(msgspec.Struct, frozen=True):
    """A frame as it went over the wire; ``sent`` is from the charge point to the CSMS.

    ``id`` rises from frame to frame. ``kind`` is None for a text that is no OCPP-J frame.
    ``action`` of an answer is that of its CALL, ``latency_ms`` the time since then.
    ``violation`` says what is wrong with a frame that is not ``valid``.
    """

    id: int
    timestamp: str
    direction: MessageDirection
    kind: MessageKind | None
    action: str | None
    message_id: str | None
    payload: Any
    latency_ms: float | None
    valid: bool
    violation: str | None


class Totals(msgspec.Struct, frozen=True):
    """The whole simulator (or one location) in four numbers."""

    chargers: int
    connected: int
    charging: int
    power_w: float


class StartOutcome(msgspec.Struct, frozen=True):
    """What became of an asked-for start.

    ``confirmed``: the CSMS gave a ``transaction_id``. ``refused``: ``reason`` says why.
    ``queued``: the CSMS has not answered (offline, or not within the wait); the local id is
    None where not even the tag has been judged yet.
    """

    kind: Literal["confirmed", "refused", "queued"]
    transaction_id: int | None = None
    local_transaction_id: int | None = None
    reason: str | None = None


class StopOutcome(msgspec.Struct, frozen=True):
    """What became of an asked-for stop: ``queued`` while the CSMS has not confirmed it."""

    kind: Literal["confirmed", "queued"]
    transaction_id: int | None = None
    local_transaction_id: int | None = None


__all__ = [
    "CablePosition",
    "ChargerSnapshot",
    "ChargerSummary",
    "ConnectionState",
    "ConnectionView",
    "ConnectorReservation",
    "ConnectorSnapshot",
    "ConnectorSummary",
    "FilesSnapshot",
    "MessageDirection",
    "MessageKind",
    "MessageView",
    "MeterSnapshot",
    "NetworkState",
    "NetworkView",
    "StartOutcome",
    "StopOutcome",
    "TlsView",
    "Totals",
    "TransactionSnapshot",
]
