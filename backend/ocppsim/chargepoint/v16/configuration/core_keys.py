"""The configuration keys of the Core profile (1.6 ed.2 §9.1, errata v4.0, OCPP-J §7)."""

from __future__ import annotations

from collections.abc import Iterable

from ocppsim.chargepoint.hardware import Hardware

from .definition import (
    LONGEST_VALUE,
    Access,
    KeyDefinition,
    ValueType,
    boolean_key,
    fixed,
    integer_key,
)
from .measurands import capabilities_of, parse_selections

IMPLEMENTED_PROFILES = (
    "Core",
    "FirmwareManagement",
    "LocalAuthListManagement",
    "Reservation",
    "SmartCharging",
    "RemoteTrigger",
)
MEASURANDS_MAX = 22

_PHASE_ROTATIONS = ("NotApplicable", "Unknown", "RST", "RTS", "SRT", "STR", "TRS", "TSR")


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


def _check_core_stays(text: str, _hardware: Hardware) -> str:
    if "Core" not in text.split(","):
        raise ValueError("Core cannot be switched off")
    return text


def _check_unlock_on_ev_side(text: str, hardware: Hardware) -> str:
    # errata 3.83: with a fixed cable always false and not changeable
    if text == "true" and _all_tethered(hardware):
        raise ValueError("a charger with fixed cables has nothing to unlock")
    return text


def _all_tethered(hardware: Hardware) -> bool:
    return all(hardware.is_tethered(connector_id) for connector_id in hardware.connector_ids)


def _phase_rotation_default(hardware: Hardware) -> str:
    is_dc = hardware.power_type == "DC"
    main, rotation = ("NotApplicable",) * 2 if is_dc else ("RST", hardware.phase_rotation)
    # The main meter is wired as the grid is, so that what is said of a connector is all there is.
    items = (f"{connector_id}.{rotation}" for connector_id in hardware.connector_ids)
    text = ",".join((f"0.{main}", *items))
    if len(text) <= LONGEST_VALUE:
        return text
    # Of very many connectors the last ones are left out: only whole items that fit
    return text[: text.rindex(",", 0, LONGEST_VALUE + 1)]


def _measurands_key(name: str, default: str, description: str) -> KeyDefinition:
    return KeyDefinition(
        name,
        ValueType.LIST,
        Access.READ_WRITE,
        fixed(default),
        description,
        item_form=f"up to {MEASURANDS_MAX} measurands of the meter, each with .phase or without",
        check=_check_measurands,
    )


def _max_length_key(of: str) -> KeyDefinition:
    return integer_key(
        f"{of}MaxLength",
        MEASURANDS_MAX,
        "items",
        f"How many items {of} may have.",
        access=Access.READ_ONLY,
        required=False,
    )


def core_keys() -> Iterable[KeyDefinition]:
    """All of them, in the standard's order."""
    yield boolean_key(
        "AllowOfflineTxForUnknownId",
        False,
        "Offline, start for a tag that neither the cache nor a list knows.",
        required=False,
    )
    yield boolean_key(
        "AuthorizationCacheEnabled",
        True,
        "Keep and use a cache of the tags that the CSMS has judged.",
        required=False,
    )
    yield boolean_key(
        "AuthorizeRemoteTxRequests",
        False,
        "Authorize the tag of a RemoteStartTransaction like a tag shown to the reader.",
    )
    yield integer_key(
        "BlinkRepeat", 3, "times", "How often the lights blink when signalling.", required=False
    )
    yield integer_key(
        "ClockAlignedDataInterval",
        0,
        "s",
        "Interval of clock-aligned meter values, counted from 00:00:00 UTC; 0 is off.",
    )
    yield integer_key(
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
        item_form=f"connector.rotation, the rotation one of {', '.join(_PHASE_ROTATIONS)}",
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
    yield integer_key(
        "GetConfigurationMaxKeys",
        50,
        "keys",
        "How many keys one GetConfiguration may ask for.",
        access=Access.READ_ONLY,
    )
    yield integer_key(
        "HeartbeatInterval",
        300,
        "s",
        "Time between heartbeats, one a day at least; BootNotification.conf sets it.",
    )
    yield integer_key(
        "LightIntensity", 100, "%", "Brightness of the lights.", required=False, maximum=100
    )
    yield boolean_key(
        "LocalAuthorizeOffline", True, "Offline, start for a tag that is locally authorized."
    )
    yield boolean_key(
        "LocalPreAuthorize",
        False,
        "Online, start for a locally authorized tag without asking the CSMS.",
    )
    yield integer_key(
        "MaxEnergyOnInvalidId",
        0,
        "Wh",
        "Energy still delivered after the CSMS has refused the tag of a running transaction.",
        required=False,
    )
    yield integer_key(
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
    yield integer_key(
        "MeterValueSampleInterval",
        60,
        "s",
        "Interval of meter values from the start of a transaction; 0 is off.",
    )
    yield integer_key(
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
    yield integer_key("ResetRetries", 1, "times", "Retries of a reset that did not succeed.")
    yield integer_key(
        "StopTransactionMaxMeterValues",
        500,
        "items",
        "Most meter values in a StopTransaction; beyond it intermediate ones are thinned.",
        access=Access.READ_ONLY,
        required=False,
    )
    yield boolean_key(
        "StopTransactionOnEVSideDisconnect",
        True,
        "Stop the transaction when the cable is unplugged at the vehicle.",
        required=False,
    )
    yield boolean_key(
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
        fixed(",".join(IMPLEMENTED_PROFILES)),
        "The feature profiles that the charge point implements.",
        values=IMPLEMENTED_PROFILES,
        check=_check_core_stays,
    )
    yield integer_key(
        "TransactionMessageAttempts",
        3,
        "times",
        "How often a transaction-related message is sent before it is given up.",
    )
    yield integer_key(
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
    yield integer_key(
        "WebSocketPingInterval",
        60,
        "s",
        "Time between WebSocket pings; 0 sends none (OCPP-J §7).",
        required=False,
    )


__all__ = ["IMPLEMENTED_PROFILES", "MEASURANDS_MAX", "core_keys"]
