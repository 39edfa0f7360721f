"""The configuration keys of the optional feature profiles (1.6 ed.2 §9.2-§9.4, errata v4.0).

They are known over OCPP only while their profile is in SupportedFeatureProfiles.
"""

from __future__ import annotations

from collections.abc import Iterable

from .definition import Access, KeyDefinition, ValueType, boolean_key, fixed, integer_key


def profile_keys() -> Iterable[KeyDefinition]:
    """All of them, profile by profile."""
    yield from _firmware_management_keys()
    yield from _local_auth_list_keys()
    yield from _reservation_keys()
    yield from _smart_charging_keys()


def _firmware_management_keys() -> Iterable[KeyDefinition]:
    yield KeyDefinition(
        "SupportedFileTransferProtocols",
        ValueType.LIST,
        Access.READ_ONLY,
        fixed("FTP,FTPS,HTTP,HTTPS"),
        "How firmware can be fetched and diagnostics be uploaded (errata 3.88).",
        profile="FirmwareManagement",
        required=False,
        values=("FTP", "FTPS", "HTTP", "HTTPS"),
    )


def _local_auth_list_keys() -> Iterable[KeyDefinition]:
    profile = "LocalAuthListManagement"
    yield boolean_key(
        "LocalAuthListEnabled", True, "Whether the local list is used.", profile=profile
    )
    yield integer_key(
        "LocalAuthListMaxLength",
        1000,
        "entries",
        "How many entries the local list may have.",
        profile=profile,
        access=Access.READ_ONLY,
    )
    yield integer_key(
        "SendLocalListMaxLength",
        100,
        "entries",
        "How many entries one SendLocalList may have.",
        profile=profile,
        access=Access.READ_ONLY,
    )


def _reservation_keys() -> Iterable[KeyDefinition]:
    yield boolean_key(
        "ReserveConnectorZeroSupported",
        True,
        "Whether the charge point as a whole can be reserved.",
        profile="Reservation",
        access=Access.READ_ONLY,
        required=False,
    )


def _smart_charging_keys() -> Iterable[KeyDefinition]:
    profile = "SmartCharging"
    yield integer_key(
        "ChargeProfileMaxStackLevel",
        8,
        "",
        "Highest stackLevel of a charging profile.",
        profile=profile,
        access=Access.READ_ONLY,
    )
    yield KeyDefinition(
        "ChargingScheduleAllowedChargingRateUnit",
        ValueType.LIST,
        Access.READ_ONLY,
        fixed("Current,Power"),
        "Units of charging schedules: Current is A, Power is W (errata 3.86).",
        profile=profile,
        values=("Current", "Power"),
    )
    yield integer_key(
        "ChargingScheduleMaxPeriods",
        48,
        "periods",
        "How many periods a charging schedule may have.",
        profile=profile,
        access=Access.READ_ONLY,
    )
    yield boolean_key(
        "ConnectorSwitch3to1PhaseSupported",
        False,
        "Whether the number of phases may be switched during a transaction.",
        profile=profile,
        access=Access.READ_ONLY,
        required=False,
    )
    yield integer_key(
        "MaxChargingProfilesInstalled",
        20,
        "profiles",
        "How many charging profiles may be installed at a time.",
        profile=profile,
        access=Access.READ_ONLY,
    )


__all__ = ["profile_keys"]
