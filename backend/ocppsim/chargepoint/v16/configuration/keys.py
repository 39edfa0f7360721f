"""The definition table of configuration keys (1.6 ed.2 §9, errata v4.0, OCPP-J §7).

The store, the answers to GetConfiguration and ChangeConfiguration, REST and the table in
``docs/configuration-keys.md`` all follow from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import Enum

from ocppsim.chargepoint.hardware import Hardware

from .measurands import capabilities_of, parse_selections

LARGEST_INT = 2**31 - 1
MEASURANDS_MAX = 22
IMPLEMENTED_PROFILES = (
    "Core",
    "FirmwareManagement",
    "LocalAuthListManagement",
    "Reservation",
    "SmartCharging",
    "RemoteTrigger",
)


class Access(Enum):
    """What ChangeConfiguration may do with a key."""

    READ_ONLY = "R"
    READ_WRITE = "RW"


class ValueType(Enum):
    """How a value is written."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    LIST = "CSL"


@dataclass(frozen=True, slots=True)
class KeyDefinition:
    """One key: its type, access, default, bounds and the profile that it belongs to.

    ``default`` is the text that an untouched charger reports. ``check`` gets the trimmed text
    and the hardware; it returns the text to store or raises ``ValueError`` with the reason.
    """

    name: str
    type: ValueType
    access: Access
    default: Callable[[Hardware], str]
    description: str
    profile: str = "Core"
    unit: str = ""
    minimum: int = 0
    maximum: int = LARGEST_INT
    required: bool = True
    follows_hardware: bool = False
    """The value is what the hardware is; nobody can set it, not even the operator."""
    check: Callable[[str, Hardware], str] | None = None
    fixed_when: Callable[[Hardware], bool] | None = None
    """On such hardware a writable key is read-only after all."""

    def is_readonly(self, hardware: Hardware) -> bool:
        """Whether ChangeConfiguration cannot set it."""
        if self.fixed_when is not None and self.fixed_when(hardware):
            return True
        return self.access is Access.READ_ONLY

    def normalise(self, text: str, hardware: Hardware) -> str:
        """The text in the form that is stored and reported; ``ValueError`` where it is bad."""
        if len(text) > 500:
            raise ValueError("a value has at most 500 characters")
        value = _CHECKS[self.type](self, text.strip())
        return self.check(value, hardware) if self.check else value


def _boolean(_key: KeyDefinition, text: str) -> str:
    # AMB-10: any case, but neither 1/0 nor yes/no
    if text.lower() not in ("true", "false"):
        raise ValueError(f"{text!r} is not true or false")
    return text.lower()


def _integer(key: KeyDefinition, text: str) -> str:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 10):
        raise ValueError(f"{text!r} is not an integer")
    number = int(text)
    if not key.minimum <= number <= key.maximum:
        raise ValueError(f"{number} is not within {key.minimum} to {key.maximum}")
    return str(number)


def _list(_key: KeyDefinition, text: str) -> str:
    items = [item.strip() for item in text.split(",")]
    if items == [""]:
        return ""
    if "" in items:
        raise ValueError("the list has an empty item")
    return ",".join(items)


_CHECKS: dict[ValueType, Callable[[KeyDefinition, str], str]] = {
    ValueType.BOOLEAN: _boolean,
    ValueType.INTEGER: _integer,
    ValueType.LIST: _list,
}

_PHASE_ROTATIONS = frozenset({"NotApplicable", "Unknown", "RST", "RTS", "SRT", "STR", "TRS", "TSR"})


def _check_measurands(text: str, hardware: Hardware) -> str:
    if len(parse_selections(text, capabilities_of(hardware))) > MEASURANDS_MAX:
        raise ValueError(f"more than {MEASURANDS_MAX} measurands")
    return text


def _check_phase_rotation(text: str, hardware: Hardware) -> str:
    seen: set[int] = set()
    for item in text.split(",") if text else ():
        number, _, rotation = item.partition(".")
        if not (number.isascii() and number.isdigit()) or rotation not in _PHASE_ROTATIONS:
            raise ValueError(f"{item!r} is not of the form 1.RST")
        if int(number) > len(hardware.connector_ids):
            raise ValueError(f"there is no connector {number}")
        if int(number) in seen:
            raise ValueError(f"connector {number} is named twice")
        seen.add(int(number))
    return text


def _check_profiles(text: str, _hardware: Hardware) -> str:
    profiles = text.split(",") if text else []
    for profile in profiles:
        if profile not in IMPLEMENTED_PROFILES:
            raise ValueError(
                f"{profile!r} is not implemented; there is {', '.join(IMPLEMENTED_PROFILES)}"
            )
    if "Core" not in profiles:
        raise ValueError("Core cannot be switched off")
    return text


def _one_of(*names: str) -> Callable[[str, Hardware], str]:
    """A list of some of these names, at least one."""

    def check(text: str, _hardware: Hardware) -> str:
        for item in text.split(","):
            if item not in names:
                raise ValueError(f"{item!r} is none of {', '.join(names)}")
        return text

    return check


def _check_unlock_on_ev_side(text: str, hardware: Hardware) -> str:
    # errata 3.83: with a fixed cable always false and not changeable
    if text == "true" and _all_tethered(hardware):
        raise ValueError("a charger with fixed cables has nothing to unlock")
    return text


def _all_tethered(hardware: Hardware) -> bool:
    return all(hardware.is_tethered(connector_id) for connector_id in hardware.connector_ids)


def _fixed(text: str) -> Callable[[Hardware], str]:
    return lambda _hardware: text


def _phase_rotation_default(hardware: Hardware) -> str:
    return ",".join(
        f"{connector_id}.{'NotApplicable' if hardware.power_type == 'DC' else 'RST'}"
        for connector_id in (0, *hardware.connector_ids)
    )


def _bool_key(name: str, default: bool, description: str, required: bool = True) -> KeyDefinition:
    return KeyDefinition(
        name,
        ValueType.BOOLEAN,
        Access.READ_WRITE,
        _fixed("true" if default else "false"),
        description,
        required=required,
    )


def _int_key(
    name: str,
    default: int,
    unit: str,
    description: str,
    *,
    access: Access = Access.READ_WRITE,
    required: bool = True,
    maximum: int = LARGEST_INT,
) -> KeyDefinition:
    return KeyDefinition(
        name,
        ValueType.INTEGER,
        access,
        _fixed(str(default)),
        description,
        unit=unit,
        required=required,
        maximum=maximum,
    )


def _measurands_key(name: str, default: str, description: str) -> KeyDefinition:
    return KeyDefinition(
        name,
        ValueType.LIST,
        Access.READ_WRITE,
        _fixed(default),
        description,
        check=_check_measurands,
    )


def _max_length_key(of: str) -> KeyDefinition:
    return _int_key(
        f"{of}MaxLength",
        MEASURANDS_MAX,
        "items",
        f"How many items {of} may have.",
        access=Access.READ_ONLY,
        required=False,
    )


def _table() -> Iterable[KeyDefinition]:
    yield _bool_key(
        "AllowOfflineTxForUnknownId",
        False,
        "Offline, start for a tag that neither the cache nor a list knows.",
        required=False,
    )
    yield _bool_key(
        "AuthorizationCacheEnabled",
        True,
        "Keep and use a cache of the tags that the CSMS has judged.",
        required=False,
    )
    yield _bool_key(
        "AuthorizeRemoteTxRequests",
        False,
        "Authorize the tag of a RemoteStartTransaction like a tag shown to the reader.",
    )
    yield _int_key(
        "BlinkRepeat", 3, "times", "How often the lights blink when signalling.", required=False
    )
    yield _int_key(
        "ClockAlignedDataInterval",
        0,
        "s",
        "Interval of clock-aligned meter values, counted from 00:00:00 UTC; 0 is off.",
    )
    yield _int_key(
        "ConnectionTimeOut",
        60,
        "s",
        "How long Preparing waits for the cable (or the tag); 0 waits for ever.",
    )
    yield KeyDefinition(
        "ConnectorPhaseRotation",
        ValueType.LIST,
        Access.READ_WRITE,
        _phase_rotation_default,
        "Phase rotation per connector, such as 0.RST,1.STR (0: grid to main meter).",
        check=_check_phase_rotation,
    )
    yield KeyDefinition(
        "ConnectorPhaseRotationMaxLength",
        ValueType.INTEGER,
        Access.READ_ONLY,
        lambda hardware: str(len(hardware.connector_ids) + 1),
        "How many items ConnectorPhaseRotation may have.",
        unit="items",
        required=False,
        follows_hardware=True,
    )
    yield _int_key(
        "GetConfigurationMaxKeys",
        50,
        "keys",
        "How many keys one GetConfiguration may ask for.",
        access=Access.READ_ONLY,
    )
    yield _int_key(
        "HeartbeatInterval",
        300,
        "s",
        "Time between heartbeats; BootNotification.conf sets it. 0: one a day.",
    )
    yield _int_key(
        "LightIntensity", 100, "%", "Brightness of the lights.", required=False, maximum=100
    )
    yield _bool_key(
        "LocalAuthorizeOffline", True, "Offline, start for a tag that is locally authorized."
    )
    yield _bool_key(
        "LocalPreAuthorize",
        False,
        "Online, start for a locally authorized tag without asking the CSMS.",
    )
    yield _int_key(
        "MaxEnergyOnInvalidId",
        0,
        "Wh",
        "Energy still delivered after the CSMS has refused the tag of a running transaction.",
        required=False,
    )
    yield _int_key(
        "MessageTimeout",
        30,
        "s",
        "How long a request of the charge point waits for its answer (errata 3.82).",
        required=False,
    )
    register = "Energy.Active.Import.Register"
    yield _measurands_key(
        "MeterValuesAlignedData", register, "Measurands of clock-aligned meter values."
    )
    yield _max_length_key("MeterValuesAlignedData")
    yield _measurands_key(
        "MeterValuesSampledData",
        register,
        "Measurands of sampled meter values; empty means the default register.",
    )
    yield _max_length_key("MeterValuesSampledData")
    yield _int_key(
        "MeterValueSampleInterval",
        60,
        "s",
        "Interval of meter values from the start of a transaction; 0 is off.",
    )
    yield _int_key(
        "MinimumStatusDuration",
        0,
        "s",
        "How long a status must last before it is reported.",
        required=False,
    )
    yield KeyDefinition(
        "NumberOfConnectors",
        ValueType.INTEGER,
        Access.READ_ONLY,
        lambda hardware: str(len(hardware.connector_ids)),
        "Number of physical connectors.",
        follows_hardware=True,
    )
    yield _int_key("ResetRetries", 1, "times", "Retries of a reset that did not succeed.")
    yield _int_key(
        "StopTransactionMaxMeterValues",
        500,
        "items",
        "Most meter values in a StopTransaction; beyond it intermediate ones are thinned.",
        access=Access.READ_ONLY,
        required=False,
    )
    yield _bool_key(
        "StopTransactionOnEVSideDisconnect",
        True,
        "Stop the transaction when the cable is unplugged at the vehicle.",
        required=False,
    )
    yield _bool_key(
        "StopTransactionOnInvalidId",
        True,
        "Stop when StartTransaction.conf refuses the tag; else only stop the energy.",
    )
    yield _measurands_key("StopTxnAlignedData", "", "Clock-aligned measurands in StopTransaction.")
    yield _max_length_key("StopTxnAlignedData")
    yield _measurands_key("StopTxnSampledData", "", "Sampled measurands in StopTransaction.")
    yield _max_length_key("StopTxnSampledData")
    yield KeyDefinition(
        "SupportedFeatureProfiles",
        ValueType.LIST,
        Access.READ_ONLY,
        _fixed(",".join(IMPLEMENTED_PROFILES)),
        "The feature profiles that the charge point implements.",
        check=_check_profiles,
    )
    yield _int_key(
        "TransactionMessageAttempts",
        3,
        "times",
        "How often a transaction-related message is sent before it is given up.",
    )
    yield _int_key(
        "TransactionMessageRetryInterval",
        60,
        "s",
        "Wait before a retransmission, times the number of transmissions before it.",
    )
    yield KeyDefinition(
        "UnlockConnectorOnEVSideDisconnect",
        ValueType.BOOLEAN,
        Access.READ_WRITE,
        lambda hardware: "false" if _all_tethered(hardware) else "true",
        "Unlock the charger's side when the cable is unplugged at the vehicle.",
        check=_check_unlock_on_ev_side,
        fixed_when=_all_tethered,
    )
    yield _int_key(
        "WebSocketPingInterval",
        60,
        "s",
        "Time between WebSocket pings; 0 sends none (OCPP-J §7).",
        required=False,
    )
    yield KeyDefinition(
        "SupportedFileTransferProtocols",
        ValueType.LIST,
        Access.READ_ONLY,
        _fixed("FTP,HTTP,HTTPS"),
        "How firmware can be fetched and diagnostics be uploaded (errata 3.88).",
        profile="FirmwareManagement",
        required=False,
        check=_one_of("FTP", "FTPS", "HTTP", "HTTPS"),
    )
    yield from _local_auth_list_keys()
    yield KeyDefinition(
        "ReserveConnectorZeroSupported",
        ValueType.BOOLEAN,
        Access.READ_ONLY,
        _fixed("true"),
        "Whether the charge point as a whole can be reserved.",
        profile="Reservation",
        required=False,
    )
    yield from _smart_charging_keys()


def _local_auth_list_keys() -> Iterable[KeyDefinition]:
    profile = "LocalAuthListManagement"
    yield replace(
        _bool_key("LocalAuthListEnabled", True, "Whether the local list is used."), profile=profile
    )
    yield replace(
        _int_key(
            "LocalAuthListMaxLength",
            1000,
            "entries",
            "How many entries the local list may have.",
            access=Access.READ_ONLY,
        ),
        profile=profile,
    )
    yield replace(
        _int_key(
            "SendLocalListMaxLength",
            100,
            "entries",
            "How many entries one SendLocalList may have.",
            access=Access.READ_ONLY,
        ),
        profile=profile,
    )


def _smart_charging_keys() -> Iterable[KeyDefinition]:
    profile = "SmartCharging"
    yield replace(
        _int_key(
            "ChargeProfileMaxStackLevel",
            8,
            "",
            "Highest stackLevel of a charging profile.",
            access=Access.READ_ONLY,
        ),
        profile=profile,
    )
    yield KeyDefinition(
        "ChargingScheduleAllowedChargingRateUnit",
        ValueType.LIST,
        Access.READ_ONLY,
        _fixed("Current,Power"),
        "Units of charging schedules: Current is A, Power is W (errata 3.86).",
        profile=profile,
        check=_one_of("Current", "Power"),
    )
    yield replace(
        _int_key(
            "ChargingScheduleMaxPeriods",
            48,
            "periods",
            "How many periods a charging schedule may have.",
            access=Access.READ_ONLY,
        ),
        profile=profile,
    )
    yield KeyDefinition(
        "ConnectorSwitch3to1PhaseSupported",
        ValueType.BOOLEAN,
        Access.READ_ONLY,
        _fixed("false"),
        "Whether the number of phases may be switched during a transaction.",
        profile=profile,
        required=False,
    )
    yield replace(
        _int_key(
            "MaxChargingProfilesInstalled",
            20,
            "profiles",
            "How many charging profiles may be installed at a time.",
            access=Access.READ_ONLY,
        ),
        profile=profile,
    )


KEYS: dict[str, KeyDefinition] = {key.name: key for key in _table()}
"""By the standard's spelling, in the standard's order."""

_BY_FOLDED_NAME = {name.lower(): key for name, key in KEYS.items()}


def find_key(name: str) -> KeyDefinition | None:
    """The key of that name; names are CiStrings (1.6 ed.2 §6.9)."""
    return _BY_FOLDED_NAME.get(name.strip().lower())
