"""What a charger is, as stored and as given over REST: identity, hardware, connection."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

import msgspec

from ocppsim.chargepoint.controller import ChargePointIdentity

PowerType = Literal["AC", "DC"]
CableKind = Literal["socket", "tethered"]
DesiredConnection = Literal["connected", "disconnected", "offline"]

MOST_MODULES = 500

_REGISTER = "Energy.Active.Import.Register"
_OF_AC = frozenset({"Frequency", "Power.Factor"})


class ConnectorDefinition(msgspec.Struct, frozen=True, gc=False):
    """The hardware of one connector.

    ``max_power_w`` is the electrical limit of the connector; AC current follows from it at
    230 V over ``phases`` (1 or 3). For DC, ``phases`` is of no meaning to the vehicle.
    """

    power_type: PowerType = "AC"
    max_power_w: float = 22080.0
    phases: int = 3
    cable: CableKind = "socket"


class MeterDefinition(msgspec.Struct, frozen=True, gc=False):
    """The energy meter of each connector, beside what every meter has.

    ``accuracy_class_percent`` bounds the deviation of what it shows from what really flows, for
    better or worse, constant for one meter; 0 is a perfect one. ``resolution_wh`` is the step of
    its energy register. ``measurands`` are those that it has (None: all that the hardware knows).
    """

    accuracy_class_percent: float = 0.0
    resolution_wh: float = 0.0
    measurands: tuple[str, ...] | None = None


class HardwareDefinition(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The hardware of a charger beyond its connectors one by one.

    ``phase_rotation`` says on which phases of the supply L1, L2 and L3 of the charger are: RST,
    RTS, SRT, STR, TRS or TSR (1.6 ed.2 §9.1.7). ``shared_power_w`` is what all connectors can
    take together (None: each its maximum at once), divided in whole modules of
    ``module_power_w`` (None: continuously).
    """

    phase_rotation: str = "RST"
    shared_power_w: float | None = None
    module_power_w: float | None = None
    meter: MeterDefinition = MeterDefinition()


def modules_problem(hardware: HardwareDefinition) -> str | None:
    """Why the shared power cannot be dealt out in these modules; None: it can."""
    shared_w, module_w = hardware.shared_power_w, hardware.module_power_w
    if module_w is None:
        return None
    if shared_w is None:
        return "module_power_w says in which steps shared_power_w is dealt out: give both"
    if module_w > shared_w:
        return f"a module of {module_w:g} W is more than the shared power of {shared_w:g} W"
    if shared_w / module_w > MOST_MODULES:
        return (
            f"{shared_w:g} W in modules of {module_w:g} W are more than {MOST_MODULES} modules,"
            " the most that a charger may have"
        )
    return None


def meter_problem(meter: MeterDefinition, power_type: PowerType) -> str | None:
    """Why a charger of that power type cannot have this meter; None: it can."""
    measurands = meter.measurands
    if measurands is None:
        return None
    if _REGISTER not in measurands:
        return f"without {_REGISTER} no transaction can be metered"
    possible = measurable(measurands, power_type)
    for name in measurands:
        if name == "RPM":
            return "no charger has a fan to measure the RPM of"
        if name not in possible:
            return f"a meter for direct current has no {name}"
    return None


def measurable(measurands: Iterable[str], power_type: PowerType) -> tuple[str, ...]:
    """Those that a charger of that power type can measure.

    Alternating current has a frequency, a power factor and reactive energy; direct current has
    none of them. Nothing in a charger turns.
    """
    return tuple(
        name
        for name in measurands
        if name != "RPM" and (power_type == "AC" or not (name in _OF_AC or ".Reactive." in name))
    )


@lru_cache(maxsize=1024)
def shared_hardware(hardware: HardwareDefinition) -> HardwareDefinition:
    """The same hardware, as one object for all chargers that have it: there may be thousands."""
    return hardware


class TlsDefinition(msgspec.Struct, frozen=True):
    """How the charger secures its connection; the key never leaves the program again.

    ``ca_pem`` is trusted instead of the system's own CAs.
    """

    ca_pem: str | None = None
    client_cert_pem: str | None = None
    client_key_pem: str | None = None
    verify: bool = True


class ChargerDefinition(msgspec.Struct, frozen=True, gc=False):
    """One charger. ``charger_id`` is its number in the database (0 where there is none).

    ``connection_url`` is the CSMS endpoint without the charge point id, as the user gave it.
    ``basic_auth_password`` is the AuthorizationKey: text, or 40 hex digits for 20 bytes.
    ``template_id`` names the charger model that it was made from, if any; ``time_scale`` is how
    much faster than real time it runs.
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
    template_id: str | None = None
    time_scale: float = 1.0
    hardware: HardwareDefinition = HardwareDefinition()

    @property
    def charge_point_id(self) -> str:
        """The OCPP identity, as it stands (not percent-encoded)."""
        return self.identity.charge_point_id
