"""CFG: the configuration keys (1.6 ed.2 §5.3, §5.8, §9, OCPP-J §7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ocppsim.simulation.virtual_bench import VirtualBench

BenchFactory = Callable[..., VirtualBench]


def entries(bench: VirtualBench, *keys: str) -> dict[str, dict[str, Any]]:
    """What GetConfiguration answers, by key."""
    answer = bench.ask("GetConfiguration", {"key": list(keys)} if keys else {})
    assert answer.payload is not None
    return {entry["key"]: entry for entry in answer.payload.get("configurationKey", [])}


def change(bench: VirtualBench, key: str, value: str) -> str | None:
    return bench.ask("ChangeConfiguration", {"key": key, "value": value}).status


@pytest.mark.obligation("CFG-01")
@pytest.mark.parametrize("payload", [{}, {"key": []}])
def test_without_keys_everything_is_told(bench: VirtualBench, payload: dict[str, Any]):
    answer = bench.ask("GetConfiguration", payload).payload
    assert answer is not None
    told = {entry["key"] for entry in answer["configurationKey"]}
    assert len(told) > 40
    assert told == set(entries(bench, *told))
    assert not answer.get("unknownKey")


@pytest.mark.obligation("CFG-02")
def test_known_and_unknown_keys_are_told_apart(bench: VirtualBench):
    keys = ["HeartbeatInterval", "Nonsense", "NumberOfConnectors", "More nonsense"]
    answer = bench.ask("GetConfiguration", {"key": keys}).payload
    assert answer is not None
    assert answer["configurationKey"] == [
        {"key": "HeartbeatInterval", "readonly": False, "value": "300"},
        {"key": "NumberOfConnectors", "readonly": True, "value": "1"},
    ]
    assert answer["unknownKey"] == ["Nonsense", "More nonsense"]


@pytest.mark.obligation("CFG-02")
def test_only_unknown_keys(bench: VirtualBench):
    answer = bench.ask("GetConfiguration", {"key": ["Nonsense"]}).payload
    assert answer is not None
    assert answer.get("configurationKey", []) == []
    assert answer["unknownKey"] == ["Nonsense"]


@pytest.mark.obligation("CFG-03", "CFG-K09")
def test_as_many_keys_as_announced_can_be_asked_for(bench: VirtualBench):
    most = int(bench.configured("GetConfigurationMaxKeys") or "")
    keys = [f"Nonsense{number}" for number in range(most)]
    answer = bench.ask("GetConfiguration", {"key": keys}).payload
    assert answer is not None
    assert answer["unknownKey"] == keys


@pytest.mark.obligation("CFG-05")
def test_values_fit(bench: VirtualBench):
    for entry in entries(bench).values():
        assert len(entry.get("value", "")) <= 500
        assert len(entry["key"]) <= 50


@pytest.mark.obligation("CFG-06")
def test_a_switch_that_is_listed_can_be_switched(bench: VirtualBench):
    for key in ("AllowOfflineTxForUnknownId", "AuthorizationCacheEnabled"):
        for value in ("true", "false"):
            assert change(bench, key, value) == "Accepted"
            assert bench.configured(key) == value


@pytest.mark.obligation("CFG-08", "CFG-09")
def test_accepted_means_at_once_and_nothing_reboots(bench: VirtualBench):
    for key, value in {
        "MeterValueSampleInterval": "10",
        "ConnectionTimeOut": "20",
        "MeterValuesSampledData": "SoC",
        "WebSocketPingInterval": "33",
    }.items():
        assert change(bench, key, value) == "Accepted"
        assert bench.configured(key) == value
    assert bench.ping_interval_s == 33
    bench.start()
    bench.advance(11)
    assert bench.sent("MeterValues")[0]["meterValue"][0]["sampledValue"][0]["measurand"] == "SoC"
    assert bench.actions().count("BootNotification") == 1


@pytest.mark.obligation("CFG-08", "CFG-K06")
def test_a_new_connection_timeout_counts_for_who_waits_already(bench: VirtualBench):
    bench.configure(ConnectionTimeOut="600")
    bench.tag("TAG")
    bench.advance(10)
    bench.configure(ConnectionTimeOut="20")
    bench.advance(21)
    assert bench.status() == "Available"


@pytest.mark.obligation("CFG-10")
@pytest.mark.parametrize("key", ["Nonsense", "", "HeartBeatIntervalInSeconds", "AuthorizationKey2"])
def test_an_unknown_key_is_not_supported(bench: VirtualBench, key: str):
    assert change(bench, key, "1") == "NotSupported"


@pytest.mark.obligation("CFG-11", "CFG-12", "CFG-13", "CFG-14")
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("NumberOfConnectors", "2"),
        ("SupportedFeatureProfiles", "Core"),
        ("GetConfigurationMaxKeys", "1"),
        ("HeartbeatInterval", "-1"),
        ("HeartbeatInterval", "1.5"),
        ("HeartbeatInterval", "60s"),
        ("HeartbeatInterval", ""),
        ("HeartbeatInterval", "٣"),
        ("HeartbeatInterval", "99999999999"),
        ("MeterValueSampleInterval", "-1"),
        ("ConnectionTimeOut", "-1"),
        ("ClockAlignedDataInterval", "often"),
        ("TransactionMessageAttempts", "-2"),
        ("WebSocketPingInterval", "-1"),
        ("LightIntensity", "101"),
        ("LocalPreAuthorize", "1"),
        ("LocalPreAuthorize", "yes"),
        ("LocalPreAuthorize", ""),
        ("ConnectorPhaseRotation", "RST"),
        ("ConnectorPhaseRotation", "1.XYZ"),
        ("ConnectorPhaseRotation", "9.RST"),
        ("MeterValuesSampledData", "Nonsense"),
    ],
)
def test_a_bad_value_is_rejected_and_the_old_one_stands(bench: VirtualBench, key: str, value: str):
    before = bench.configured(key)
    assert change(bench, key, value) == "Rejected"
    assert bench.configured(key) == before


@pytest.mark.obligation("CFG-19", "CFG-K36")
def test_a_negative_ping_interval_is_rejected(bench: VirtualBench):
    before = bench.ping_interval_s
    assert change(bench, "WebSocketPingInterval", "-5") == "Rejected"
    assert bench.ping_interval_s == before


@pytest.mark.obligation("CFG-14")
@pytest.mark.parametrize("value", ["true", "TRUE", "True", " true "])
def test_booleans_are_told_in_lower_case(bench: VirtualBench, value: str):
    assert change(bench, "LocalPreAuthorize", value) == "Accepted"
    assert bench.configured("LocalPreAuthorize") == "true"


@pytest.mark.obligation("CFG-15", "CFG-K07", "CFG-K08")
def test_the_phase_rotation_has_an_item_a_connector(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    assert bench.configured("ConnectorPhaseRotationMaxLength") == "3"
    assert change(bench, "ConnectorPhaseRotation", "0.RST, 1.STR, 2.NotApplicable") == "Accepted"
    assert bench.configured("ConnectorPhaseRotation") == "0.RST,1.STR,2.NotApplicable"
    too_many = "0.RST,1.RST,2.RST,3.RST"
    assert change(bench, "ConnectorPhaseRotation", too_many) == "Rejected"


@pytest.mark.obligation("CFG-16", "FRM-34")
def test_key_names_are_compared_without_regard_to_case(bench: VirtualBench):
    assert change(bench, "heartbeatINTERVAL", "123") == "Accepted"
    assert entries(bench, "HEARTBEATinterval") == {
        "HeartbeatInterval": {"key": "HeartbeatInterval", "readonly": False, "value": "123"}
    }


@pytest.mark.obligation("CFG-17")
@pytest.mark.parametrize("cause", ["soft", "hard", "mains", "crash"])
def test_changes_survive(bench: VirtualBench, cause: str):
    bench.configure(MeterValueSampleInterval="29", LocalPreAuthorize="true")
    match cause:
        case "soft" | "hard":
            bench.ask("Reset", {"type": cause.title()})
        case "mains":
            bench.power_cycle()
        case _:
            bench.crash()
    bench.advance(30)
    assert bench.configured("MeterValueSampleInterval") == "29"
    assert bench.configured("LocalPreAuthorize") == "true"


@pytest.mark.obligation("CFG-18")
def test_the_authorization_key_is_never_told(bench: VirtualBench):
    assert "value" not in entries(bench, "AuthorizationKey").get("AuthorizationKey", {})
    assert "AuthorizationKey" not in entries(bench) or (
        "value" not in entries(bench)["AuthorizationKey"]
    )


@pytest.mark.obligation("CFG-21", "CFG-K22")
@pytest.mark.parametrize("count", [1, 2, 7])
def test_the_number_of_connectors_is_that_of_those_reported(make_bench: BenchFactory, count: int):
    bench = make_bench(connectors=count)
    reported = {payload["connectorId"] for payload in bench.sent("StatusNotification")} - {0}
    assert bench.configured("NumberOfConnectors") == str(count) == str(len(reported))


@pytest.mark.obligation("CFG-22", "CFG-K31", "CFG-K32")
def test_the_profiles_are_those_that_are_implemented(bench: VirtualBench):
    profiles = (bench.configured("SupportedFeatureProfiles") or "").split(",")
    assert profiles == [
        "Core",
        "FirmwareManagement",
        "LocalAuthListManagement",
        "Reservation",
        "SmartCharging",
        "RemoteTrigger",
    ]
    assert bench.configured("SupportedFeatureProfilesMaxLength") is None
