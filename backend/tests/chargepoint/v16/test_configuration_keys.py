"""The definition table against the rows K01-K46 of the standard's chapter 9 and its errata."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.chargepoint.v16.configuration.keys import KEYS, find_key
from ocppsim.chargepoint.v16.core import Core
from ocppsim.simulation.definition import ConnectorDefinition, HardwareDefinition, PowerType
from ocppsim.simulation.plant import Plant

AC = Plant([ConnectorDefinition(), ConnectorDefinition()], seed=0)
REGISTER = "Energy.Active.Import.Register"

ALL_PROFILES = (
    "Core,FirmwareManagement,LocalAuthListManagement,Reservation,SmartCharging,RemoteTrigger"
)

# name, type, access, required, unit, default of a charger with two three-phase AC sockets
ROWS = """
AllowOfflineTxForUnknownId boolean RW opt - false
AuthorizationCacheEnabled boolean RW opt - true
AuthorizeRemoteTxRequests boolean RW req - false
BlinkRepeat integer RW opt times 3
ClockAlignedDataInterval integer RW req s 0
ConnectionTimeOut integer RW req s 60
ConnectorPhaseRotation CSL RW req - 0.RST,1.RST,2.RST
ConnectorPhaseRotationMaxLength integer R opt items 3
GetConfigurationMaxKeys integer R req keys 50
HeartbeatInterval integer RW req s 300
LightIntensity integer RW opt % 100
LocalAuthorizeOffline boolean RW req - true
LocalPreAuthorize boolean RW req - false
MaxEnergyOnInvalidId integer RW opt Wh 0
MessageTimeout integer RW opt s 30
MeterValuesAlignedData CSL RW req - Energy.Active.Import.Register
MeterValuesAlignedDataMaxLength integer R opt items 22
MeterValuesSampledData CSL RW req - Energy.Active.Import.Register
MeterValuesSampledDataMaxLength integer R opt items 22
MeterValueSampleInterval integer RW req s 60
MinimumStatusDuration integer RW opt s 0
NumberOfConnectors integer R req - 2
ResetRetries integer RW req times 1
StopTransactionMaxMeterValues integer R opt items 500
StopTransactionOnEVSideDisconnect boolean RW opt - true
StopTransactionOnInvalidId boolean RW req - true
StopTxnAlignedData CSL RW req - -
StopTxnAlignedDataMaxLength integer R opt items 22
StopTxnSampledData CSL RW req - -
StopTxnSampledDataMaxLength integer R opt items 22
SupportedFeatureProfiles CSL R req - -
TransactionMessageAttempts integer RW req times 3
TransactionMessageRetryInterval integer RW req s 60
UnlockConnectorOnEVSideDisconnect boolean RW req - true
WebSocketPingInterval integer RW opt s 60
"""
PROFILE_ROWS = """
SupportedFileTransferProtocols CSL R opt - FTP,FTPS,HTTP,HTTPS FirmwareManagement
LocalAuthListEnabled boolean RW req - true LocalAuthListManagement
LocalAuthListMaxLength integer R req entries 1000 LocalAuthListManagement
SendLocalListMaxLength integer R req entries 100 LocalAuthListManagement
ReserveConnectorZeroSupported boolean R opt - true Reservation
ChargeProfileMaxStackLevel integer R req - 8 SmartCharging
ChargingScheduleAllowedChargingRateUnit CSL R req - Current,Power SmartCharging
ChargingScheduleMaxPeriods integer R req periods 48 SmartCharging
ConnectorSwitch3to1PhaseSupported boolean R opt - false SmartCharging
MaxChargingProfilesInstalled integer R req profiles 20 SmartCharging
"""
TABLE = [
    *([*row.split(), "Core"] for row in ROWS.strip().splitlines()),
    *(row.split() for row in PROFILE_ROWS.strip().splitlines()),
]
BOOLEANS = [name for name, kind, *_ in TABLE if kind == "boolean"]
INTEGERS = [name for name, kind, *_ in TABLE if kind == "integer"]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0])
def test_a_key_is_as_the_standard_has_it(row: list[str]):
    name, kind, access, presence, unit, default, profile = row
    key = KEYS[name]
    assert key.type.value == kind
    assert key.access.value == access
    assert key.required == (presence == "req")
    assert key.unit == unit.strip("-")
    if name != "SupportedFeatureProfiles":
        assert key.default(AC) == default.strip("-")
    assert key.profile == profile
    assert not key.reboot_required
    assert key.description.endswith(".")
    assert key.normalise(key.default(AC), AC) == key.default(AC)


def test_there_are_no_other_keys():
    assert list(KEYS) == [row[0] for row in TABLE]


def test_all_profiles_are_there_and_core_cannot_go():
    key = KEYS["SupportedFeatureProfiles"]
    assert key.default(AC) == ALL_PROFILES
    assert key.normalise("RemoteTrigger, Core", AC) == "RemoteTrigger,Core"
    for text in ("", "Reservation", "Core,Core", "Core,Security", "core"):
        with pytest.raises(ValueError):
            key.normalise(text, AC)


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("SupportedFileTransferProtocols", "HTTP,SFTP"),
        ("SupportedFileTransferProtocols", ""),
        ("SupportedFileTransferProtocols", "HTTP,HTTP"),
        ("ChargingScheduleAllowedChargingRateUnit", "A"),
        ("ChargingScheduleAllowedChargingRateUnit", ""),
    ],
)
def test_a_list_chooses_from_the_items_there_are(name: str, bad: str):
    assert KEYS[name].normalise(KEYS[name].values[0], AC) == KEYS[name].values[0]
    with pytest.raises(ValueError):
        KEYS[name].normalise(bad, AC)


@given(st.sampled_from(sorted(KEYS)), st.data())
def test_names_are_found_whatever_their_case(name: str, data: st.DataObject):
    odd = "".join(data.draw(st.sampled_from([c.lower(), c.upper()])) for c in name)
    assert find_key(odd) is KEYS[name]


@pytest.mark.parametrize("name", BOOLEANS)
@pytest.mark.parametrize("text", ["1", "0", "yes", "", "tru", "true,false", "None"])
def test_a_boolean_is_true_or_false(name: str, text: str):
    assert KEYS[name].normalise(" TRUE ", AC) == "true"
    assert KEYS[name].normalise("False", AC) == "false"
    with pytest.raises(ValueError):
        KEYS[name].normalise(text, AC)


@pytest.mark.parametrize("name", INTEGERS)
@pytest.mark.parametrize(
    "text", ["", "-1", "1.0", "1e3", "0x10", "١٢", "²", "ten", "+5", "1 0", "1_0", "2147483648"]
)
def test_an_integer_is_a_plain_number_within_its_range(name: str, text: str):
    assert KEYS[name].normalise("1", AC) == "1"
    with pytest.raises(ValueError):
        KEYS[name].normalise(text, AC)


def test_a_percentage_ends_at_100():
    assert KEYS["LightIntensity"].normalise("100", AC) == "100"
    with pytest.raises(ValueError):
        KEYS["LightIntensity"].normalise("101", AC)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("", ""),
        ("SoC , Voltage", "SoC,Voltage"),
        ("Voltage.L1-N,Current.Import.L3", "Voltage.L1-N,Current.Import.L3"),
        ("Energy.Active.Import.Interval", "Energy.Active.Import.Interval"),
    ],
)
def test_a_list_of_measurands_is_stored_without_blanks(text: str, stored: str):
    assert KEYS["MeterValuesSampledData"].normalise(text, AC) == stored


@pytest.mark.parametrize(
    "text",
    ["soc", "SoC,", ",SoC", "SoC,,Voltage", "RPM", "SoC.L1", "Voltage.L4", "Voltage.N",
     "Energy.Active.Export.Register", ",".join([REGISTER] * 23)],
)  # fmt: skip
def test_one_bad_item_refuses_the_whole_list(text: str):
    with pytest.raises(ValueError):
        KEYS["StopTxnSampledData"].normalise(text, AC)


def test_dc_has_no_frequency_and_no_phases():
    dc = Plant([ConnectorDefinition(power_type="DC")], seed=0)
    for text in ("Frequency", "Power.Factor", "Voltage.L1", "Current.Import.L1"):
        with pytest.raises(ValueError):
            KEYS["MeterValuesSampledData"].normalise(text, dc)
    assert KEYS["MeterValuesSampledData"].normalise("SoC,Voltage", dc) == "SoC,Voltage"
    assert KEYS["ConnectorPhaseRotation"].default(dc) == "0.NotApplicable,1.NotApplicable"


def test_the_phase_rotation_is_told_as_the_charger_is_wired() -> None:
    connectors = [ConnectorDefinition(), ConnectorDefinition()]
    hardware = Plant(connectors, seed=0, hardware=HardwareDefinition(phase_rotation="STR"))
    assert KEYS["ConnectorPhaseRotation"].default(hardware) == "0.RST,1.STR,2.STR"


@pytest.mark.parametrize("text", ["1", "1.XYZ", "3.RST", "1.RST,1.RTS", "x.RST", "-1.RST"])
def test_phase_rotation_names_each_connector_once(text: str):
    assert KEYS["ConnectorPhaseRotation"].normalise("2.TSR, 0.Unknown", AC) == "2.TSR,0.Unknown"
    with pytest.raises(ValueError):
        KEYS["ConnectorPhaseRotation"].normalise(text, AC)


def test_with_fixed_cables_there_is_nothing_to_unlock(make_core: Callable[..., Core]):
    configuration = make_core(cable="tethered").configuration
    entry = configuration.entry("UnlockConnectorOnEVSideDisconnect")
    assert entry is not None
    assert (entry.value, entry.readonly) == ("false", True)


@pytest.mark.parametrize("power_type", ["AC", "DC"])
@pytest.mark.parametrize("count", [1, 28, 29, 72, 73, 100])
def test_no_default_has_more_than_500_characters(power_type: PowerType, count: int):
    hardware = Plant([ConnectorDefinition(power_type=power_type)] * count, seed=0)
    for key in KEYS.values():
        default = key.default(hardware)
        assert len(default) <= 500
        assert key.normalise(default, hardware) == default


def test_a_value_has_at_most_500_characters():
    with pytest.raises(ValueError):
        KEYS["BlinkRepeat"].normalise("0" * 501, AC)
