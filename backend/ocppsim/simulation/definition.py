"""What a charger is, as stored and as given over REST: identity, hardware, connection."""

from __future__ import annotations

from typing import Literal

import msgspec

from ocppsim.chargepoint.controller import ChargePointIdentity

PowerType = Literal["AC", "DC"]
CableKind = Literal["socket", "tethered"]
DesiredConnection = Literal["connected", "disconnected", "offline"]


class ConnectorDefinition(msgspec.Struct, frozen=True):
    """The hardware of one connector.

    ``max_power_w`` is the electrical limit of the connector; AC current follows from it at
    230 V over ``phases`` (1 or 3). For DC, ``phases`` is of no meaning to the vehicle.
    """

    power_type: PowerType = "AC"
    max_power_w: float = 22080.0
    phases: int = 3
    cable: CableKind = "socket"


class TlsDefinition(msgspec.Struct, frozen=True):
    """How the charger secures its connection; the key never leaves the program again.

    ``ca_pem`` is trusted instead of the system's own CAs.
    """

    ca_pem: str | None = None
    client_cert_pem: str | None = None
    client_key_pem: str | None = None
    verify: bool = True


class ChargerDefinition(msgspec.Struct, frozen=True):
    """One charger. ``charger_id`` is its number in the database (0 where there is none).

    ``connection_url`` is the CSMS endpoint without the charge point id, as the user gave it.
    ``basic_auth_password`` is the AuthorizationKey: text, or 40 hex digits for 20 bytes.
    """

    charger_id: int
    location_id: int
    charger_name: str
    connection_url: str
    identity: ChargePointIdentity
    connectors: tuple[ConnectorDefinition, ...]
    ocpp_version: str = "1.6"
    security_profile: int = 0
    basic_auth_password: str | None = None
    tls: TlsDefinition = TlsDefinition()
    auto_plug_in: bool = False
    desired_connection: DesiredConnection = "disconnected"
    behaviour: dict[str, str] = msgspec.field(default_factory=dict[str, str])

    @property
    def charge_point_id(self) -> str:
        """The OCPP identity, as it stands (not percent-encoded)."""
        return self.identity.charge_point_id
