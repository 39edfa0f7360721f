"""CFG-K: the table of configuration keys, seen through Get- and ChangeConfiguration (§9)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from ocppsim.simulation.virtual_bench import VirtualBench

BenchFactory = Callable[..., VirtualBench]


class Key(NamedTuple):
    """What the standard says of a key."""

    number: str
    name: str
    type: str
    access: str
    required: bool


KEYS = [
    Key("K01", "AllowOfflineTxForUnknownId", "bool", "RW", False),
    Key("K02", "AuthorizationCacheEnabled", "bool", "RW", False),
    Key("K03", "AuthorizeRemoteTxRequests", "bool", "R or RW", True),
    Key("K04", "BlinkRepeat", "int", "RW", False),
    Key("K05", "ClockAlignedDataInterval", "int", "RW", True),
    Key("K06", "ConnectionTimeOut", "int", "RW", True),
    Key("K07", "ConnectorPhaseRotation", "list", "RW", True),
    Key("K08", "ConnectorPhaseRotationMaxLength", "int", "R", False),
    Key("K09", "GetConfigurationMaxKeys", "int", "R", True),
    Key("K10", "HeartbeatInterval", "int", "RW", True),
    Key("K11", "LightIntensity", "int", "RW", False),
    Key("K12", "LocalAuthorizeOffline", "bool", "RW", True),
    Key("K13", "LocalPreAuthorize", "bool", "RW", True),
    Key("K14", "MaxEnergyOnInvalidId", "int", "RW", False),
    Key("K15", "MessageTimeout", "int", "RW", False),
    Key("K16", "MeterValuesAlignedData", "list", "RW", True),
    Key("K17", "MeterValuesAlignedDataMaxLength", "int", "R", False),
    Key("K18", "MeterValuesSampledData", "list", "RW", True),
    Key("K19", "MeterValuesSampledDataMaxLength", "int", "R", False),
    Key("K20", "MeterValueSampleInterval", "int", "RW", True),
    Key("K21", "MinimumStatusDuration", "int", "RW", False),
    Key("K22", "NumberOfConnectors", "int", "R", True),
    Key("K23", "ResetRetries", "int", "RW", True),
    Key("K24", "StopTransactionMaxMeterValues", "int", "R", False),
    Key("K25", "StopTransactionOnEVSideDisconnect", "bool", "R or RW", False),
    Key("K26", "StopTransactionOnInvalidId", "bool", "RW", True),
    Key("K27", "StopTxnAlignedData", "list", "RW", True),
    Key("K28", "StopTxnAlignedDataMaxLength", "int", "R", False),
    Key("K29", "StopTxnSampledData", "list", "RW", True),
    Key("K30", "StopTxnSampledDataMaxLength", "int", "R", False),
    Key("K31", "SupportedFeatureProfiles", "list", "R", True),
    Key("K33", "TransactionMessageAttempts", "int", "RW", True),
    Key("K34", "TransactionMessageRetryInterval", "int", "RW", True),
    Key("K35", "UnlockConnectorOnEVSideDisconnect", "bool", "RW", True),
    Key("K36", "WebSocketPingInterval", "int", "RW", False),
    Key("K37", "SupportedFileTransferProtocols", "list", "R", False),
    Key("K38", "LocalAuthListEnabled", "bool", "RW", True),
    Key("K39", "LocalAuthListMaxLength", "int", "R", True),
    Key("K40", "SendLocalListMaxLength", "int", "R", True),
    Key("K41", "ReserveConnectorZeroSupported", "bool", "R", False),
    Key("K42", "ChargeProfileMaxStackLevel", "int", "R", True),
    Key("K43", "ChargingScheduleAllowedChargingRateUnit", "list", "R", True),
    Key("K44", "ChargingScheduleMaxPeriods", "int", "R", True),
    Key("K45", "ConnectorSwitch3to1PhaseSupported", "bool", "R", False),
    Key("K46", "MaxChargingProfilesInstalled", "int", "R", True),
]
WRITABLE = [key for key in KEYS if "RW" in key.access]

DEFAULTS = {
    "AllowOfflineTxForUnknownId": "false",
    "AuthorizationCacheEnabled": "true",
    "AuthorizeRemoteTxRequests": "false",
    "ClockAlignedDataInterval": "0",
    "ConnectionTimeOut": "60",
    "ConnectorPhaseRotation": "0.RST,1.RST",
    "LocalAuthorizeOffline": "true",
    "LocalPreAuthorize": "false",
    "MaxEnergyOnInvalidId": "0",
    # The one default that the standard prescribes (1.6 ed.2 §9.1.17)
    "MeterValuesSampledData": "Energy.Active.Import.Register",
    "MeterValueSampleInterval": "60",
    "MinimumStatusDuration": "0",
    "StopTransactionOnInvalidId": "true",
    "StopTxnAlignedData": "",
    "StopTxnSampledData": "",
    "TransactionMessageAttempts": "3",
    "TransactionMessageRetryInterval": "60",
    "UnlockConnectorOnEVSideDisconnect": "true",
    "SupportedFileTransferProtocols": "FTP,FTPS,HTTP,HTTPS",
    "LocalAuthListEnabled": "true",
    "LocalAuthListMaxLength": "1000",
    "SendLocalListMaxLength": "100",
    "ReserveConnectorZeroSupported": "true",
    "ChargeProfileMaxStackLevel": "8",
    "ChargingScheduleAllowedChargingRateUnit": "Current,Power",
    "ChargingScheduleMaxPeriods": "48",
    "ConnectorSwitch3to1PhaseSupported": "false",
    "MaxChargingProfilesInstalled": "20",
}
"""Of a charger with one three-phase AC socket."""


def entries(bench: VirtualBench, *keys: str) -> dict[str, dict[str, Any]]:
    """What GetConfiguration answers, by key."""
    answer = bench.ask("GetConfiguration", {"key": list(keys)} if keys else {})
    assert answer.payload is not None
    return {entry["key"]: entry for entry in answer.payload.get("configurationKey", [])}


def change(bench: VirtualBench, key: str, value: str) -> str | None:
    return bench.ask("ChangeConfiguration", {"key": key, "value": value}).status


@pytest.mark.obligation("CFG-07", "CFG-04")
@pytest.mark.parametrize(
    "key",
    [pytest.param(k, id=k.name, marks=pytest.mark.obligation(f"CFG-{k.number}")) for k in KEYS],
)
def test_a_key_is_there_with_its_type_and_access(bench: VirtualBench, key: Key):
    entry = entries(bench).get(key.name)
    if entry is None:
        assert not key.required
        return
    if key.access in {"R", "RW"}:
        assert entry["readonly"] == (key.access == "R")
    value = entry.get("value", "")
    if key.type == "int":
        assert value.isdigit()
    elif key.type == "bool":
        assert value in {"true", "false"}
    outcome = change(bench, key.name, value)
    assert outcome == ("Rejected" if entry["readonly"] else "Accepted")


def of_type(kind: str) -> list[Any]:
    """The writable keys of a type, each as the obligation of its row."""
    return [
        pytest.param(key.name, id=key.name, marks=pytest.mark.obligation(f"CFG-{key.number}"))
        for key in WRITABLE
        if key.type == kind
    ]


def test_an_untouched_charger_has_the_documented_values(bench: VirtualBench):
    told = entries(bench)
    assert {key: told[key].get("value") for key in DEFAULTS} == DEFAULTS


@pytest.mark.obligation("CFG-07")
def test_there_is_no_key_beyond_those_of_the_standard(bench: VirtualBench):
    assert set(entries(bench)) <= {key.name for key in KEYS}


@pytest.mark.obligation("CFG-06", "CFG-08", "CFG-12", "CFG-14")
@pytest.mark.parametrize("key", of_type("bool"))
def test_a_switch_is_true_or_false_and_nothing_else(bench: VirtualBench, key: str):
    for value in ("false", "true"):
        assert change(bench, key, value) == "Accepted"
        assert bench.configured(key) == value
    for bad in ("1", "0", "yes", "on", "", "truefalse", "null"):
        assert change(bench, key, bad) == "Rejected"
        assert bench.configured(key) == "true"


@pytest.mark.obligation("CFG-08", "CFG-11", "CFG-12", "CFG-13")
@pytest.mark.parametrize("key", of_type("int"))
def test_a_number_is_whole_and_not_negative(bench: VirtualBench, key: str):
    assert change(bench, key, "17") == "Accepted"
    for bad in ("-1", "1.5", "1e2", "seventeen", "", "0x11", "17 s", "1" * 30, "2147483648"):
        assert change(bench, key, bad) == "Rejected"
        assert bench.configured(key) == "17"


@pytest.mark.obligation("CFG-11", "CFG-12", "CFG-13", "CFG-K11")
def test_brightness_is_a_percentage(bench: VirtualBench):
    assert change(bench, "LightIntensity", "0") == "Accepted"
    assert change(bench, "LightIntensity", "100") == "Accepted"
    assert change(bench, "LightIntensity", "101") == "Rejected"
    assert bench.configured("LightIntensity") == "100"


@pytest.mark.obligation("CFG-04", "CFG-11", "CFG-12")
@pytest.mark.parametrize(
    "key",
    [
        pytest.param(key.name, id=key.name, marks=pytest.mark.obligation(f"CFG-{key.number}"))
        for key in KEYS
        if key.access == "R"
    ],
)
def test_what_is_read_only_for_the_csms_describes_the_hardware(bench: VirtualBench, key: str):
    before = entries(bench, key)[key]
    assert before["readonly"] is True
    for value in ("1", "true", before["value"], ""):
        assert change(bench, key, value) == "Rejected"
    assert entries(bench, key)[key] == before


@pytest.mark.obligation("CFG-K35", "CFG-04")
def test_a_fixed_cable_is_never_unlocked_at_the_vehicle(make_bench: BenchFactory):
    bench = make_bench(cable="tethered")
    key = "UnlockConnectorOnEVSideDisconnect"
    assert entries(bench, key)[key] == {"key": key, "readonly": True, "value": "false"}
    assert change(bench, key, "true") == "Rejected"
    assert change(bench, key, "false") == "Rejected"


@pytest.mark.obligation("CFG-05", "CFG-K07")
@pytest.mark.parametrize("power_type", ["AC", "DC"])
def test_the_values_of_a_charger_with_very_many_connectors_fit(
    make_bench: BenchFactory, power_type: str
):
    bench = make_bench(connectors=100, power_type=power_type)
    assert all(len(entry["value"]) <= 500 for entry in entries(bench).values())
    rotation = bench.configured("ConnectorPhaseRotation") or ""
    assert change(bench, "ConnectorPhaseRotation", rotation) == "Accepted"


@pytest.mark.obligation("CFG-05", "CFG-11", "CFG-12", "FRM-35")
def test_a_value_has_500_characters_at_most(bench: VirtualBench):
    assert change(bench, "BlinkRepeat", " " * 499 + "7") == "Accepted"
    payload = {"key": "BlinkRepeat", "value": " " * 500 + "8"}
    assert bench.ask("ChangeConfiguration", payload).error_code == "PropertyConstraintViolation"
    assert bench.configured("BlinkRepeat") == "7"


@pytest.mark.obligation("CFG-09")
def test_no_key_of_the_standard_needs_a_reboot(bench: VirtualBench):
    for key in WRITABLE:
        value = entries(bench, key.name)[key.name].get("value", "")
        assert change(bench, key.name, value) == "Accepted"
    bench.advance(60)
    assert bench.actions().count("BootNotification") == 1
