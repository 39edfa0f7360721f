"""A feature profile that is switched off behaves as not implemented (1.6 ed.2 §3.3, AMB-24)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.simulation.virtual_bench import VirtualBench

BenchFactory = Callable[..., VirtualBench]

PROFILE_A: dict[str, Any] = {
    "chargingProfileId": 1,
    "stackLevel": 0,
    "chargingProfilePurpose": "TxDefaultProfile",
    "chargingProfileKind": "Relative",
    "chargingSchedule": {
        "chargingRateUnit": "A",
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 10}],
    },
}
LATER = "2026-01-01T01:00:00Z"
RESERVATION = {"connectorId": 1, "expiryDate": LATER, "idTag": "GUEST", "reservationId": 1}
ACTIONS: dict[str, dict[str, dict[str, Any]]] = {
    "FirmwareManagement": {
        "GetDiagnostics": {"location": "ftp://files.example/"},
        "UpdateFirmware": {"location": "ftp://files.example/x", "retrieveDate": LATER},
    },
    "LocalAuthListManagement": {
        "GetLocalListVersion": {},
        "SendLocalList": {"listVersion": 1, "updateType": "Full"},
    },
    "Reservation": {
        "CancelReservation": {"reservationId": 1},
        "ReserveNow": RESERVATION,
    },
    "SmartCharging": {
        "ClearChargingProfile": {},
        "GetCompositeSchedule": {"connectorId": 1, "duration": 60},
        "SetChargingProfile": {"connectorId": 1, "csChargingProfiles": PROFILE_A},
    },
    "RemoteTrigger": {"TriggerMessage": {"requestedMessage": "Heartbeat"}},
}
"""By feature profile (FRM-37: the corrected table of errata 3.2)."""

KEYS = {
    "FirmwareManagement": ["SupportedFileTransferProtocols"],
    "LocalAuthListManagement": [
        "LocalAuthListEnabled",
        "LocalAuthListMaxLength",
        "SendLocalListMaxLength",
    ],
    "Reservation": ["ReserveConnectorZeroSupported"],
    "SmartCharging": [
        "ChargeProfileMaxStackLevel",
        "ChargingScheduleAllowedChargingRateUnit",
        "ChargingScheduleMaxPeriods",
        "ConnectorSwitch3to1PhaseSupported",
        "MaxChargingProfilesInstalled",
    ],
    "RemoteTrigger": [],
}
OWN_WORDS: dict[str, dict[str, Any]] = {
    "GetLocalListVersion": {"listVersion": -1},
    "SendLocalList": {"status": "NotSupported"},
    "ReserveNow": {"status": "Rejected"},
}
"""What stands in the answer itself where there is a word for it."""

EVERY_ACTION = [(profile, action) for profile, calls in ACTIONS.items() for action in calls]


def all_but(profile: str) -> str:
    return ",".join(["Core", *(other for other in ACTIONS if other != profile)])


@pytest.mark.obligation("FRM-36", "FRM-37", "CFG-22")
@pytest.mark.parametrize(("profile", "action"), EVERY_ACTION)
def test_every_action_of_every_profile_is_answered(bench: VirtualBench, profile: str, action: str):
    assert profile in (bench.configured("SupportedFeatureProfiles") or "").split(",")
    answer = bench.ask(action, ACTIONS[profile][action])
    assert answer.error_code is None
    assert answer.payload is not None


@pytest.mark.obligation("ERR-04", "ERR-02", "FRM-37", "CFG-22", "LAL-03", "LAL-11")
@pytest.mark.parametrize("behaviour", ["status", "error"])
@pytest.mark.parametrize(("profile", "action"), EVERY_ACTION)
def test_an_action_of_a_profile_that_is_off_is_not_supported(
    make_bench: BenchFactory, profile: str, action: str, behaviour: str
):
    bench = make_bench(
        configuration={"SupportedFeatureProfiles": all_but(profile)},
        behaviour={"unsupported_profile": behaviour},
    )
    answer = bench.ask(action, ACTIONS[profile][action])
    if behaviour == "status" and action in OWN_WORDS:
        assert answer.payload == OWN_WORDS[action]
    else:
        assert answer.error_code == "NotSupported"
    bench.advance(2 * 3600)
    assert set(bench.actions()) <= {"BootNotification", "StatusNotification", "Heartbeat"}


@pytest.mark.obligation("ERR-04", "FRM-37")
@pytest.mark.parametrize("off", sorted(ACTIONS))
def test_the_other_profiles_stay(make_bench: BenchFactory, off: str):
    bench = make_bench(configuration={"SupportedFeatureProfiles": all_but(off)})
    for profile, calls in ACTIONS.items():
        for action, payload in calls.items():
            if profile != off:
                assert bench.ask(action, payload).error_code is None


@pytest.mark.obligation("ERR-08", "ERR-10", "ERR-04")
def test_a_bad_payload_of_a_profile_that_is_off_is_a_bad_payload(make_bench: BenchFactory):
    bench = make_bench(configuration={"SupportedFeatureProfiles": "Core"})
    for calls in ACTIONS.values():
        for action in calls:
            assert bench.ask(action, {"nonsense": 1}).error_code in {
                "FormationViolation",
                "OccurenceConstraintViolation",
            }


@pytest.mark.obligation("CFG-07", "CFG-10", "CFG-22")
@pytest.mark.parametrize("profile", sorted(KEYS))
def test_the_keys_of_a_profile_come_and_go_with_it(bench: VirtualBench, profile: str):
    def known(*keys: str) -> set[str]:
        answer = bench.ask("GetConfiguration", {"key": list(keys)} if keys else {}).payload
        assert answer is not None
        return {entry["key"] for entry in answer.get("configurationKey", [])}

    keys = set(KEYS[profile])
    assert known() >= keys
    bench.set_configuration(SupportedFeatureProfiles=all_but(profile))
    assert not known() & keys
    for key in keys:
        answer = bench.ask("GetConfiguration", {"key": [key]}).payload
        assert answer is not None
        assert answer["unknownKey"] == [key]
        payload = {"key": key, "value": "1"}
        assert bench.ask("ChangeConfiguration", payload).status == "NotSupported"
    bench.set_configuration(SupportedFeatureProfiles=",".join(["Core", *ACTIONS]))
    assert known() >= keys


@pytest.mark.obligation("CFG-22", "CFG-17")
def test_the_keys_of_a_profile_keep_their_values_meanwhile(bench: VirtualBench):
    bench.configure(LocalAuthListEnabled="false")
    bench.set_configuration(SupportedFeatureProfiles="Core")
    bench.set_configuration(SendLocalListMaxLength="7")
    bench.power_cycle()
    bench.set_configuration(SupportedFeatureProfiles="Core,LocalAuthListManagement")
    assert bench.configured("LocalAuthListEnabled") == "false"
    assert bench.configured("SendLocalListMaxLength") == "7"


@pytest.mark.obligation("CFG-22", "CFG-04")
def test_the_csms_cannot_switch_profiles(bench: VirtualBench):
    before = bench.configured("SupportedFeatureProfiles")
    payload = {"key": "SupportedFeatureProfiles", "value": "Core"}
    assert bench.ask("ChangeConfiguration", payload).status == "Rejected"
    assert bench.configured("SupportedFeatureProfiles") == before


@pytest.mark.obligation("ERR-04", "FRM-36")
def test_core_alone_charges(make_bench: BenchFactory):
    bench = make_bench(configuration={"SupportedFeatureProfiles": "Core"})
    bench.start("TAG")
    bench.advance(100)
    payload = {"transactionId": 1}
    assert bench.ask("RemoteStopTransaction", payload).status == "Accepted"
    assert bench.sent("StopTransaction")[0]["reason"] == "Remote"


@pytest.mark.obligation("CFG-22")
def test_without_the_profile_a_reservation_keeps_nobody_away(bench: VirtualBench):
    assert bench.ask("ReserveNow", RESERVATION).status == "Accepted"
    assert bench.status() == "Reserved"
    bench.set_configuration(SupportedFeatureProfiles=all_but("Reservation"))
    assert bench.status() == "Available"
    bench.start("STRANGER")
    assert "reservationId" not in bench.sent("StartTransaction")[0]


@pytest.mark.obligation("CFG-22")
def test_without_the_profile_no_charging_profile_limits(bench: VirtualBench):
    def power_w() -> float:
        bench.advance(60)
        return bench.charger.plant.read_meter(ConnectorId(1), bench.now_s).power_w

    bench.start("TAG")
    free_w = power_w()
    payload = {"connectorId": 1, "csChargingProfiles": PROFILE_A}
    assert bench.ask("SetChargingProfile", payload).status == "Accepted"
    limited_w = power_w()
    assert limited_w < free_w
    bench.set_configuration(SupportedFeatureProfiles=all_but("SmartCharging"))
    assert power_w() == pytest.approx(free_w, rel=0.05)
    bench.set_configuration(SupportedFeatureProfiles=",".join(["Core", *ACTIONS]))
    assert power_w() == pytest.approx(limited_w, rel=0.05)


@pytest.mark.obligation("CFG-22", "RS-18")
def test_without_the_profile_a_remote_start_ignores_its_charging_profile(
    make_bench: BenchFactory,
):
    bench = make_bench(configuration={"SupportedFeatureProfiles": "Core"})
    bench.plug_in()
    profile = PROFILE_A | {"chargingProfilePurpose": "TxProfile"}
    payload = {"idTag": "TAG", "connectorId": 1, "chargingProfile": profile}
    assert bench.ask("RemoteStartTransaction", payload).status == "Accepted"
    bench.advance(60)
    assert bench.status() == "Charging"
    reading = bench.charger.plant.read_meter(ConnectorId(1), bench.now_s)
    assert reading.power_w > 3 * 230 * 12


@pytest.mark.obligation("CFG-22")
def test_without_the_profile_no_firmware_is_fetched_and_nothing_uploaded(bench: VirtualBench):
    for action, payload in ACTIONS["FirmwareManagement"].items():
        assert bench.ask(action, payload).error_code is None
    bench.set_configuration(SupportedFeatureProfiles=all_but("FirmwareManagement"))
    told = len(bench.actions())
    bench.advance(2 * 3600)
    assert {"FirmwareStatusNotification", "DiagnosticsStatusNotification"}.isdisjoint(
        bench.actions()[told:]
    )
    bench.set_configuration(SupportedFeatureProfiles=",".join(["Core", *ACTIONS]))
    bench.power_cycle()
    bench.advance(3600)
    assert "FirmwareStatusNotification" not in bench.actions()
