"""Chargers as they are shown."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .base import Answer, Body, Changes, UtcTime
from .connector import ChargePointErrorCode, ChargePointStatus, Connector, ConnectorSummary
from .hardware import MODULE_POWER, SHARED_POWER, MeterHardware, PhaseRotation

PowerType = Literal["AC", "DC"]
CableKind = Literal["socket", "tethered"]
ConnectionState = Literal["disconnected", "connecting", "connected", "offline"]
Registration = Literal["Accepted", "Pending", "Rejected"]
NetworkState = Literal["up", "cut", "blackhole"]
FileOutcome = Literal["ok", "fail"]
SignatureOutcome = Literal["ok", "invalid"]
FirmwareStatus = Literal[
    "Idle",
    "Downloading",
    "Downloaded",
    "DownloadFailed",
    "Installing",
    "Installed",
    "InstallationFailed",
]
DiagnosticsStatus = Literal["Idle", "Uploading", "Uploaded", "UploadFailed"]

MAX_FILE_DURATION_S = 604_800


class Connection(Answer):
    """The link to the CSMS."""

    state: ConnectionState
    since: UtcTime = Field(description="When it came to this state.")
    attempts: int = Field(description="Failed attempts since it was last connected.")
    last_error: str | None = Field(description="Why the last attempt failed, in one line.")
    next_attempt_at: UtcTime | None


class Network(Answer):
    """The network between the charger and the CSMS."""

    state: NetworkState
    latency_ms: float
    jitter_ms: float
    loss: float = Field(description="Share of frames that are lost, 0 to 1.")


class TlsSettings(Answer):
    """How the connection is secured; the private key is never shown."""

    ca_pem: str | None
    client_cert_pem: str | None
    client_key_set: bool
    verify: bool


class Charger(Answer):
    """A charger in a list."""

    charge_point_id: str
    charger_name: str
    location_id: int
    connection_url: str = Field(description="The CSMS endpoint without the charge point id.")
    ocpp_version: Literal["1.6"]
    power_type: PowerType
    charge_point_vendor: str
    charge_point_model: str
    firmware_version: str | None
    security_profile: int
    powered: bool = Field(description="False while the mains is off.")
    connection: Connection
    registration: Registration | None
    status: ChargePointStatus = Field(description="Of connector 0: the charge point as a whole.")
    error_code: ChargePointErrorCode
    connectors: list[ConnectorSummary]
    power_w: float = Field(description="Into all vehicles together.")
    queued_messages: int = Field(description="Transaction messages that the CSMS has not got.")


class Files(Answer):
    """Firmware and diagnostics: where they stand, and what was set about their transfers."""

    firmware_status: FirmwareStatus = Field(
        description="The last one reported, in OCPP's words; a final one until the simulator"
        " restarts."
    )
    diagnostics_status: DiagnosticsStatus
    download: FileOutcome | None
    install: FileOutcome | None
    signature: SignatureOutcome | None
    upload: FileOutcome | None
    duration_s: float | None


class ChargerDetail(Answer):
    """One charger with everything that is going on at it."""

    charge_point_id: str
    charger_name: str
    location_id: int
    connection_url: str = Field(description="The CSMS endpoint without the charge point id.")
    ocpp_version: Literal["1.6"]
    power_type: PowerType
    max_power_w: float = Field(description="Of one connector (the first, where they differ).")
    phases: int
    cable: CableKind
    evse_count: int
    phase_rotation: PhaseRotation
    shared_power_w: float | None = Field(description=SHARED_POWER)
    module_power_w: float | None = Field(description=MODULE_POWER)
    meter: MeterHardware
    template_id: str | None = Field(description="The charger model that it was made from.")
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
    tls: TlsSettings
    auto_plug_in: bool
    behaviour: dict[str, str] = Field(
        description="Choices that OCPP leaves to a charge point, where they are not the default."
    )
    desired_connection: Literal["connected", "disconnected", "offline"]
    powered: bool = Field(description="False while the mains is off.")
    connection: Connection
    network: Network
    clock_offset_s: float = Field(description="How far its clock is from the true time.")
    clock_as_of: UtcTime | None = Field(
        description="When, by the true time, clock_offset_s was so: in fast time it grows."
        " null in real time, where it stays."
    )
    time_scale: float = Field(
        description="How much faster than real time it runs by itself; 1: as its location."
    )
    time_scale_in_force: float = Field(
        description="How much faster than real time it runs: its own time_scale if that is not"
        " 1, else that of its location, else that of the simulation."
    )
    registration: Registration | None
    status: ChargePointStatus = Field(description="Of connector 0: the charge point as a whole.")
    error_code: ChargePointErrorCode
    info: str | None = Field(description="Of a fault of the charge point as a whole.")
    connectors: list[Connector]
    power_w: float
    energy_wh: float
    queued_messages: int
    files: Files
    warnings: list[str] = Field(description="What is legal but unlikely to work as meant.")


class GoOnlineResult(Answer):
    """What the charger still has to deliver when its network comes back."""

    status: ConnectionState
    queued_messages: int


class PowerBody(Body):
    """The mains; ``restart`` leaves them on: the software starts anew, as after a watchdog."""

    state: Literal["off", "on", "cycle", "restart"]


class NetworkBody(Body):
    """The network; what is left out is 0 (a perfect line)."""

    state: NetworkState = "up"
    latency_ms: Annotated[float, Field(ge=0, le=600_000, allow_inf_nan=False)] = 0.0
    jitter_ms: Annotated[float, Field(ge=0, le=600_000, allow_inf_nan=False)] = 0.0
    loss: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.0


class ClockBody(Body):
    """A wrong real-time clock."""

    offset_s: Annotated[float, Field(ge=-3_155_760_000, le=3_155_760_000, allow_inf_nan=False)]


class FilesBody(Changes):
    """How the next transfers and installations go; what is left out stays, null sets it back.

    A `download` or `upload` that is set ends so whatever the URL, without a transfer. One that
    is not set goes well; where the host is one of TRANSFER_HOSTS it is made for real, and ends
    as it ends.
    """

    download: FileOutcome | None = None
    install: FileOutcome | None = Field(
        default=None, description="Not set: it goes well, and firmware_version changes."
    )
    signature: SignatureOutcome | None = Field(
        default=None, description="Of a signed firmware image."
    )
    upload: FileOutcome | None = None
    duration_s: (
        Annotated[float, Field(ge=0, le=MAX_FILE_DURATION_S, allow_inf_nan=False)] | None
    ) = Field(
        default=None,
        description="How long what is not made for real takes, each; not set: 3 s.",
    )
