"""The definition table against the rows K01-K36 of the standard's chapter 9 and its errata."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.chargepoint.v16.configuration.keys import KEYS, find_key
from ocppsim.chargepoint.v16.core import Core
from ocppsim.simulation.definition import ConnectorDefinition
from ocppsim.simulation.plant import Plant

AC = Plant([ConnectorDefinition(), ConnectorDefinition()], seed=0)
REGISTER = "Energy.Active.Import.Register"

# name, type, access, required, default of a charger with two three-phase AC sockets
ROWS = """
AllowOfflineTxForUnknownId boolean RW opt false
AuthorizationCacheEnabled boolean RW opt true
AuthorizeRemoteTxRequests boolean RW req false
BlinkRepeat integer RW opt 3
ClockAlignedDataInterval integer RW req 0
ConnectionTimeOut integer RW req 60
ConnectorPhaseRotation CSL RW req 0.RST,1.RST,2.RST
ConnectorPhaseRotationMaxLength integer R opt 3
GetConfigurationMaxKeys integer R req 50
HeartbeatInterval integer RW req 300
LightIntensity integer RW opt 100
LocalAuthorizeOffline boolean RW req true
LocalPreAuthorize boolean RW req false
MaxEnergyOnInvalidId integer RW opt 0
MessageTimeout integer RW opt 30
MeterValuesAlignedData CSL RW req Energy.Active.Import.Register
MeterValuesAlignedDataMaxLength integer R opt 22
MeterValuesSampledData CSL RW req Energy.Active.Import.Register
MeterValuesSampledDataMaxLength integer R opt 22
MeterValueSampleInterval integer RW req 60
MinimumStatusDuration integer RW opt 0
NumberOfConnectors integer R req 2
ResetRetries integer RW req 1
StopTransactionMaxMeterValues integer R opt 500
StopTransactionOnEVSideDisconnect boolean RW opt true
StopTransactionOnInvalidId boolean RW req true
StopTxnAlignedData CSL RW req -
StopTxnAlignedDataMaxLength integer R opt 22
StopTxnSampledData CSL RW req -
StopTxnSampledDataMaxLength integer R opt 22
SupportedFeatureProfiles CSL R req Core
TransactionMessageAttempts integer RW req 3
TransactionMessageRetryInterval integer RW req 60
UnlockConnectorOnEVSideDisconnect boolean RW req true
WebSocketPingInterval integer RW opt 60
"""
TABLE = [row.split() for row in ROWS.strip().splitlines()]
BOOLEANS = [name for name, kind, *_ in TABLE if kind == "boolean"]
INTEGERS = [name for name, kind, *_ in TABLE if kind == "integer"]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0])
def test_a_key_is_as_the_standard_has_it(row: list[str]):
    name, kind, access, presence, default = row
    key = KEYS[name]
    assert key.type.value == kind
    assert key.access.value == access
    assert key.required == (presence == "req")
    assert key.default(AC) == ("" if default == "-" else default)
    assert key.profile == "Core"
    assert key.normalise(key.default(AC), AC) == key.default(AC)


def test_there_are_no_other_core_keys():
    core = {name for name, key in KEYS.items() if key.profile == "Core"}
    assert core == {row[0] for row in TABLE}


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
    ["soc", "SoC,", ",SoC", "SoC,,Voltage", "RPM", "SoC.L1", "Voltage.L4", "Voltage.L1-L2",
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


def test_a_value_has_at_most_500_characters():
    with pytest.raises(ValueError):
        KEYS["BlinkRepeat"].normalise("0" * 501, AC)
