"""Chargers as they are created and changed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from .base import NO_CONTROL_CHARACTERS, Body, Changes, Name, unset
from .charger import CableKind, PowerType
from .configuration import ConfigurationValues
from .hardware import (
    MODULE_POWER,
    SHARED_POWER,
    MeterInput,
    MeterUpdate,
    PhaseRotation,
    PowerLimit,
)
from .simulation import TimeScale

MAX_CONNECTORS = 100

ChargePointId = Annotated[
    str,
    StringConstraints(min_length=1, max_length=48, pattern=r"^[\x20-\x2e\x30-\x7e]+$"),
    Field(description="1 to 48 printable ASCII characters without '/'; not '.' or '..'."),
]
ConnectionUrl = Annotated[
    str,
    StringConstraints(min_length=1, max_length=2000, strip_whitespace=True),
    Field(description="ws:// or wss://; the charge point id is appended as a path segment."),
]
Text20 = Annotated[
    str, StringConstraints(min_length=1, max_length=20, pattern=NO_CONTROL_CHARACTERS)
]
Text25 = Annotated[
    str, StringConstraints(min_length=1, max_length=25, pattern=NO_CONTROL_CHARACTERS)
]
Text50 = Annotated[
    str, StringConstraints(min_length=1, max_length=50, pattern=NO_CONTROL_CHARACTERS)
]
OcppVersion = Annotated[
    str, StringConstraints(max_length=20), Field(description='Only "1.6" is supported.')
]
TemplateId = Annotated[
    str, StringConstraints(min_length=1, max_length=100, pattern=NO_CONTROL_CHARACTERS)
]
Pem = Annotated[str, StringConstraints(min_length=1, max_length=1_000_000)]
Behaviour = Annotated[
    dict[str, str],
    Field(
        max_length=50,
        description="Choices that OCPP leaves to a charge point, such as power_loss: resume;"
        " all that differ from the default (docs/behaviour.md).",
    ),
]
Password = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=NO_CONTROL_CHARACTERS),
    Field(description="The AuthorizationKey: text, or 40 hex digits for 20 bytes. Write-only."),
]
MaxPower = Annotated[
    float,
    Field(gt=0, le=10_000_000, allow_inf_nan=False, description="22080 is 32 A on three phases."),
]
Phases = Annotated[Literal[1, 3], Field(description="AC phases; of no meaning for DC.")]
SecurityProfile = Annotated[
    int,
    Field(
        ge=0,
        le=3,
        description="0: none; 1: Basic auth; 2: Basic auth over TLS; 3: client certificate.",
    ),
]


class ConnectorInput(Body):
    """The hardware of one connector."""

    power_type: PowerType = "AC"
    max_power_w: MaxPower | None = Field(
        default=None, description="Default: 22080 for AC on three phases, 7360 on one, 150000 DC."
    )
    phases: Phases = 3
    cable: CableKind | None = Field(default=None, description="Default: socket; DC: tethered.")


class TlsInput(Body):
    """How the connection is secured."""

    ca_pem: Pem | None = Field(default=None, description="Trusted instead of the system's own CAs.")
    client_cert_pem: Pem | None = None
    client_key_pem: Pem | None = Field(default=None, description="Write-only.")
    verify: bool = True


class ChargerCreate(Body):
    """A new charger; either ``connectors``, or ``evse_count`` alike ones.

    What a connector of ``connectors`` leaves out is as for alike ones of its power type.
    """

    charge_point_id: ChargePointId
    charger_name: Name
    connection_url: ConnectionUrl
    template_id: TemplateId | None = Field(
        default=None,
        description="A charger model (GET /api/charger-templates): what is left out here comes"
        " from it; of `configuration`, `behaviour` and `meter` each entry for itself.",
    )
    ocpp_version: OcppVersion = "1.6"
    evse_count: Annotated[int, Field(ge=1, le=MAX_CONNECTORS)] | None = Field(
        default=None, description="How many connectors; default 1. Not with `connectors`."
    )
    power_type: PowerType = "AC"
    max_power_w: MaxPower | None = Field(
        default=None, description="Default: 22080 for AC on three phases, 7360 on one, 150000 DC."
    )
    phases: Phases = 3
    cable: CableKind | None = Field(default=None, description="Default: socket; DC: tethered.")
    connectors: list[ConnectorInput] | None = Field(
        default=None, min_length=1, max_length=MAX_CONNECTORS
    )
    phase_rotation: PhaseRotation = "RST"
    shared_power_w: PowerLimit | None = Field(default=None, description=SHARED_POWER)
    module_power_w: PowerLimit | None = Field(default=None, description=MODULE_POWER)
    meter: MeterInput = Field(default_factory=MeterInput)
    charge_point_vendor: Text20 = "ocppsim"
    charge_point_model: Text20 = "Simulated charger"
    firmware_version: Text50 | None = "1.0.0"
    charge_point_serial_number: Text25 | None = None
    charge_box_serial_number: Text25 | None = None
    iccid: Text20 | None = None
    imsi: Text20 | None = None
    meter_serial_number: Text25 | None = None
    meter_type: Text25 | None = None
    security_profile: SecurityProfile = 0
    basic_auth_password: Password | None = None
    tls: TlsInput = Field(default_factory=TlsInput)
    auto_connect: bool = Field(
        default=False, description="Connect at once, and again after every restart."
    )
    auto_plug_in: bool = Field(
        default=False, description="An accepted remote start plugs the vehicle in by itself."
    )
    time_scale: TimeScale = 1.0
    behaviour: Behaviour = Field(default_factory=dict[str, str])
    configuration: ConfigurationValues = Field(
        default_factory=dict[str, str], description="Configuration keys, read-only ones too."
    )


class TlsUpdate(Changes):
    """What changes of the TLS settings; null removes."""

    ca_pem: Pem | None = None
    client_cert_pem: Pem | None = None
    client_key_pem: Pem | None = Field(default=None, description="Write-only.")
    verify: bool = Field(default_factory=unset)


class ChargerUpdate(Changes):
    """What changes of a charger, all or nothing; what is left out stays.

    A change of the connection or of the identity makes a connected charger reconnect; the
    hardware cannot change while a transaction runs.
    """

    charger_name: Name = Field(default_factory=unset)
    location_id: int = Field(default_factory=unset)
    connection_url: ConnectionUrl = Field(default_factory=unset)
    ocpp_version: OcppVersion = Field(default_factory=unset)
    evse_count: Annotated[int, Field(ge=1, le=MAX_CONNECTORS)] = Field(default_factory=unset)
    power_type: PowerType = Field(default_factory=unset)
    max_power_w: MaxPower = Field(default_factory=unset)
    phases: Phases = Field(default_factory=unset)
    cable: CableKind = Field(default_factory=unset)
    connectors: list[ConnectorInput] = Field(
        default_factory=unset, min_length=1, max_length=MAX_CONNECTORS
    )
    phase_rotation: PhaseRotation = Field(default_factory=unset)
    shared_power_w: PowerLimit | None = Field(default=None, description=SHARED_POWER)
    module_power_w: PowerLimit | None = Field(default=None, description=MODULE_POWER)
    meter: MeterUpdate = Field(default_factory=unset)
    charge_point_vendor: Text20 = Field(default_factory=unset)
    charge_point_model: Text20 = Field(default_factory=unset)
    firmware_version: Text50 | None = None
    charge_point_serial_number: Text25 | None = None
    charge_box_serial_number: Text25 | None = None
    iccid: Text20 | None = None
    imsi: Text20 | None = None
    meter_serial_number: Text25 | None = None
    meter_type: Text25 | None = None
    security_profile: SecurityProfile = Field(default_factory=unset)
    basic_auth_password: Password | None = None
    tls: TlsUpdate = Field(default_factory=unset)
    auto_plug_in: bool = Field(default_factory=unset)
    time_scale: TimeScale = Field(default_factory=unset)
    behaviour: Behaviour = Field(default_factory=unset)
    configuration: ConfigurationValues = Field(default_factory=unset)
