"""Where OCPP leaves a choice a charger can be told which: the choices that are no default."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ocppsim.simulation.central_system import ErrorReply
from ocppsim.simulation.virtual_bench import VirtualBench

BenchFactory = Callable[..., VirtualBench]


def test_a_charger_that_never_gives_up_delivers_in_the_end(make_bench: BenchFactory):
    bench = make_bench(behaviour={"transaction_message_attempts": "forever"})
    bench.configure(TransactionMessageAttempts="2", TransactionMessageRetryInterval="10")
    bench.central_system.on("StartTransaction", ErrorReply())
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(600)
    refused = len(bench.sent("StartTransaction"))
    assert refused == 2 + (600 - 10) // 20
    bench.central_system.as_usual("StartTransaction")
    bench.advance(30)
    bench.stop_button()
    assert bench.sent("StopTransaction")[0]["transactionId"] == 1


@pytest.mark.obligation("MV-05")
def test_aligned_registers_may_be_stamped_with_the_start_of_their_interval(
    make_bench: BenchFactory,
):
    bench = make_bench(behaviour={"aligned_timestamp": "interval_start"})
    bench.configure(ClockAlignedDataInterval="900")
    bench.advance(1_801)
    stamps = [
        message["meterValue"][0]["timestamp"][11:19]
        for message in bench.sent("MeterValues")
        if message["connectorId"] == 1
    ]
    assert stamps == ["00:00:00", "00:15:00"]


def test_aligned_values_may_be_left_out_where_nobody_charges(make_bench: BenchFactory):
    bench = make_bench(connectors=2, behaviour={"aligned_connectors": "in_transaction"})
    bench.configure(ClockAlignedDataInterval="60", MeterValueSampleInterval="0")
    bench.advance(130)
    assert bench.sent("MeterValues") == []
    bench.start("TAG", 2)
    bench.advance(60)
    assert [message["connectorId"] for message in bench.sent("MeterValues")] == [2]


@pytest.mark.parametrize(("choice", "count"), [("register", 2), ("nothing", 0)])
def test_an_empty_list_means_the_register_or_nothing(
    make_bench: BenchFactory, choice: str, count: int
):
    bench = make_bench(behaviour={"empty_sampled_data": choice})
    bench.configure(MeterValuesSampledData="", MeterValueSampleInterval="60")
    bench.start()
    bench.advance(130)
    assert len(bench.sent("MeterValues")) == count


@pytest.mark.obligation("RST-07")
def test_a_hard_reset_may_leave_the_stop_to_the_boot(make_bench: BenchFactory):
    bench = make_bench(behaviour={"hard_reset": "stop_after_boot"})
    transaction_id = bench.start()
    bench.advance(100)
    before = len(bench.actions())
    assert bench.ask("Reset", {"type": "Hard"}).status == "Accepted"
    bench.advance(30)
    after = bench.actions()[before:]
    assert after.index("BootNotification") < after.index("StopTransaction")
    (stop,) = bench.sent("StopTransaction")
    assert (stop["transactionId"], stop["reason"]) == (transaction_id, "HardReset")


@pytest.mark.obligation("BOOT-17", "ERR-07")
def test_who_is_pending_may_answer_remote_commands_with_an_error(make_bench: BenchFactory):
    bench = make_bench(link=False, behaviour={"remote_start_while_pending": "SecurityError"})
    bench.central_system.registration = "Pending"
    bench.restore_link()
    start = bench.ask("RemoteStartTransaction", {"idTag": "TAG", "connectorId": 1})
    stop = bench.ask("RemoteStopTransaction", {"transactionId": 1})
    assert start.error_code == stop.error_code == "SecurityError"
    bench.advance(10)
    assert bench.actions() == ["BootNotification"]


@pytest.mark.obligation("RST-11", "RST-12", "CFG-K23")
@pytest.mark.parametrize("kind", ["Soft", "Hard"])
@pytest.mark.parametrize("retries", [0, 2])
def test_a_reset_may_fail_and_is_tried_again_before_that_is_told(
    make_bench: BenchFactory, kind: str, retries: int
):
    bench = make_bench(behaviour={"reset": "fails"})
    bench.configure(ResetRetries=str(retries))
    bench.advance(5)
    assert bench.ask("Reset", {"type": kind}).status == "Accepted"
    bench.advance(10 * retries - 1)
    assert not failures(bench) or retries == 0
    bench.advance(2)
    assert failures(bench) == [(0, "Available", "ResetFailure")]
    assert bench.actions().count("BootNotification") == 1
    bench.start()
    bench.advance(60)
    bench.stop_button()
    assert bench.rules.transactions.unstopped() == []


def failures(bench: VirtualBench) -> list[tuple[int, str, str]]:
    """The errors that were reported."""
    return [
        (report["connectorId"], report["status"], report["errorCode"])
        for report in bench.sent("StatusNotification")
        if report["errorCode"] != "NoError"
    ]


@pytest.mark.obligation("RST-11")
def test_a_firmware_update_restarts_a_charger_whose_resets_fail(make_bench: BenchFactory):
    bench = make_bench(behaviour={"reset": "fails"}, firmware_version="1.0.0")
    update = {
        "location": "ftp://files.example/fw-1.1.0.bin",
        "retrieveDate": "2026-01-01T00:00:00Z",
    }
    bench.ask("UpdateFirmware", update)
    bench.advance(600)
    assert [boot["firmwareVersion"] for boot in bench.sent("BootNotification")] == [
        "1.0.0",
        "1.1.0",
    ]


@pytest.mark.obligation("CC-03", "AUT-14", "CFG-06")
def test_there_may_be_no_authorization_cache(make_bench: BenchFactory):
    bench = make_bench(behaviour={"authorization_cache": "absent"})
    assert bench.ask("ClearCache").status == "Rejected"
    assert bench.configured("AuthorizationCacheEnabled") is None
    key = {"key": "AuthorizationCacheEnabled", "value": "true"}
    assert bench.ask("ChangeConfiguration", key).status == "NotSupported"
    bench.configure(LocalPreAuthorize="true")
    for _ in range(2):
        bench.start("TAG")
        bench.stop_button()
        bench.drive_away()
    assert bench.actions().count("Authorize") == 2


@pytest.mark.obligation("SN-T-A3", "SN-T-A4")
@pytest.mark.parametrize(("soc", "status"), [(50.0, "Charging"), (100.0, "SuspendedEV")])
def test_where_vending_is_free_a_cable_is_enough(make_bench: BenchFactory, soc: float, status: str):
    bench = make_bench(behaviour={"free_vending": "on"})
    bench.plug_in(soc_percent=soc)
    assert bench.statuses() == ["Available", status]
    (start,) = bench.sent("StartTransaction")
    assert start["idTag"] == "FREE"
    assert "Authorize" not in bench.actions()
    bench.advance(60)
    bench.drive_away()
    assert bench.sent("StopTransaction")[0]["reason"] == "EVDisconnected"
    assert bench.status() == "Available"


@pytest.mark.obligation("SN-T-A5")
def test_where_vending_is_free_a_limit_of_nothing_suspends_from_the_start(
    make_bench: BenchFactory,
):
    bench = make_bench(behaviour={"free_vending": "on"})
    bench.ask("SetChargingProfile", {"connectorId": 0, "csChargingProfiles": nothing()})
    bench.plug_in()
    assert bench.statuses() == ["Available", "SuspendedEVSE"]


@pytest.mark.obligation("SN-T-H3", "SN-T-H4", "SN-T-H5")
@pytest.mark.parametrize(
    ("soc", "limited", "status"),
    [(50.0, False, "Charging"), (100.0, False, "SuspendedEV"), (50.0, True, "SuspendedEVSE")],
)
def test_where_vending_is_free_a_car_that_waits_charges_when_the_connector_opens(
    make_bench: BenchFactory, soc: float, limited: bool, status: str
):
    bench = make_bench(behaviour={"free_vending": "on"})
    if limited:
        bench.ask("SetChargingProfile", {"connectorId": 0, "csChargingProfiles": nothing()})
    bench.ask("ChangeAvailability", {"connectorId": 1, "type": "Inoperative"})
    bench.plug_in(soc_percent=soc)
    assert bench.sent("StartTransaction") == []
    bench.ask("ChangeAvailability", {"connectorId": 1, "type": "Operative"})
    assert bench.statuses() == ["Available", "Unavailable", status]
    assert len(bench.sent("StartTransaction")) == 1


def reserve(bench: VirtualBench) -> None:
    """Keeps the connector for somebody, or one of the family, for a minute."""
    request: dict[str, object] = {
        "connectorId": 1,
        "expiryDate": "2026-01-01T00:01:00Z",
        "idTag": "HOLDER",
        "parentIdTag": "FAMILY",
        "reservationId": 1,
    }
    assert bench.ask("ReserveNow", request).status == "Accepted"


@pytest.mark.obligation("RSV-10")
def test_where_vending_is_free_a_reserved_connector_is_not(make_bench: BenchFactory):
    bench = make_bench(behaviour={"free_vending": "on"})
    reserve(bench)
    bench.plug_in()
    assert bench.statuses() == ["Available", "Reserved"]
    assert bench.sent("StartTransaction") == []


def break_it(bench: VirtualBench) -> None:
    bench.raise_fault("OtherError")


def repair_it(bench: VirtualBench) -> None:
    bench.clear_fault()


def boot(bench: VirtualBench) -> None:
    bench.power_on()
    bench.advance(30)


@pytest.mark.parametrize(
    ("hinder", "make_way"),
    [
        (break_it, repair_it),
        (reserve, lambda bench: bench.advance(60)),
        (lambda bench: bench.power_off(), boot),
    ],
    ids=["fault", "reservation", "no power"],
)
def test_where_vending_is_free_a_car_that_came_too_early_charges_as_soon_as_it_can(
    make_bench: BenchFactory,
    hinder: Callable[[VirtualBench], object],
    make_way: Callable[[VirtualBench], object],
):
    bench = make_bench(behaviour={"free_vending": "on"})
    hinder(bench)
    bench.plug_in()
    assert bench.sent("StartTransaction") == []
    make_way(bench)
    assert [start["idTag"] for start in bench.sent("StartTransaction")] == ["FREE"]
    assert bench.status() == "Charging"


def nothing() -> dict[str, object]:
    """A profile that lets no energy through."""
    return {
        "chargingProfileId": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Relative",
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 0.0}],
        },
    }


@pytest.mark.obligation("CA-02", "CA-04", "SN-T-F8")
def test_inoperative_may_wait_for_the_cable_after_a_transaction(make_bench: BenchFactory):
    bench = make_bench(behaviour={"inoperative_while_occupied": "at_unplug"})
    bench.start()
    bench.stop_button()
    request = {"connectorId": 1, "type": "Inoperative"}
    assert bench.ask("ChangeAvailability", request).status == "Scheduled"
    assert bench.status() == "Finishing"
    bench.tag("ANOTHER")
    assert len(bench.sent("StartTransaction")) == 1
    bench.drive_away()
    assert bench.statuses()[-2:] == ["Finishing", "Unavailable"]


@pytest.mark.obligation("CA-07")
def test_inoperative_may_wait_for_the_cable_before_any_tag(make_bench: BenchFactory):
    bench = make_bench(behaviour={"inoperative_while_occupied": "at_unplug"})
    bench.plug_in()
    request = {"connectorId": 1, "type": "Inoperative"}
    assert bench.ask("ChangeAvailability", request).status == "Scheduled"
    bench.power_cycle()
    bench.advance(1)
    assert bench.status() == "Preparing"
    bench.tag("TAG")
    bench.drive_away()
    # Straight from Preparing is not in the table of the standard
    assert bench.statuses()[-3:] == ["Preparing", "Available", "Unavailable"]
    assert bench.sent("StartTransaction") == []


@pytest.mark.obligation("CA-05", "CA-14")
def test_inoperative_of_the_whole_may_wait_for_the_cables(make_bench: BenchFactory):
    bench = make_bench(connectors=2, behaviour={"inoperative_while_occupied": "at_unplug"})
    bench.plug_in(1)
    request = {"connectorId": 0, "type": "Inoperative"}
    assert bench.ask("ChangeAvailability", request).status == "Scheduled"
    assert [bench.status(number) for number in (0, 1, 2)] == [
        "Available",
        "Preparing",
        "Unavailable",
    ]
    bench.drive_away(1)
    assert [bench.status(number) for number in (0, 1, 2)] == ["Unavailable"] * 3


@pytest.mark.parametrize("cable", [False, True])
def test_inoperative_takes_effect_at_once_otherwise(make_bench: BenchFactory, cable: bool):
    bench = make_bench()
    if cable:
        bench.plug_in()
    else:
        bench.tag("TAG")
    request = {"connectorId": 1, "type": "Inoperative"}
    assert bench.ask("ChangeAvailability", request).status == "Accepted"
    assert bench.statuses() == ["Available", "Preparing", "Unavailable"]
    if not cable:
        bench.plug_in()
    assert bench.sent("StartTransaction") == []


@pytest.mark.obligation("AUT-12", "TX-33")
@pytest.mark.parametrize(("choice", "asked"), [("group_only", 1), ("always_authorize", 2)])
def test_a_foreign_tag_may_always_be_asked_for(make_bench: BenchFactory, choice: str, asked: int):
    bench = make_bench(behaviour={"foreign_id_tag": choice})
    bench.start("TAG")
    bench.tag("FOREIGN")
    assert len(bench.sent("Authorize")) == asked
    assert bench.sent("StopTransaction") == []
    assert bench.status() == "Charging"
    bench.tag("TAG")
    assert len(bench.sent("Authorize")) == asked
    assert bench.sent("StopTransaction")[0]["idTag"] == "TAG"


@pytest.mark.obligation("TX-18")
@pytest.mark.parametrize(("choice", "stopper"), [("presented", None), ("starter", "TAG")])
@pytest.mark.parametrize("deed", ["button", "remote", "unplug", "power", "reset"])
def test_who_started_may_be_named_at_the_stop(
    make_bench: BenchFactory, choice: str, stopper: str | None, deed: str
):
    bench = make_bench(behaviour={"stop_id_tag": choice})
    transaction_id = bench.start("TAG")
    match deed:
        case "button":
            bench.stop_button()
        case "remote":
            bench.ask("RemoteStopTransaction", {"transactionId": transaction_id})
        case "unplug":
            bench.unplug()
        case "power":
            bench.power_cycle()
        case _:
            bench.ask("Reset", {"type": "Soft"})
    bench.wait_for(lambda: bench.sent("StopTransaction"), limit_s=120)
    assert bench.sent("StopTransaction")[0].get("idTag") == stopper


@pytest.mark.obligation("TX-32")
def test_whoever_stops_is_named_before_who_started(make_bench: BenchFactory):
    bench = make_bench(behaviour={"stop_id_tag": "starter"})
    for tag in ("ONE", "TWO"):
        bench.central_system.id_tags[tag] = {"status": "Accepted", "parentIdTag": "GROUP"}
    bench.start("ONE")
    bench.tag("TWO")
    assert bench.sent("StopTransaction")[0]["idTag"] == "TWO"


@pytest.mark.parametrize(("choice", "asked"), [("group_only", 2), ("always_authorize", 3)])
def test_a_foreign_tag_may_always_be_asked_for_at_a_shared_reader(
    make_bench: BenchFactory, choice: str, asked: int
):
    bench = make_bench(connectors=2, behaviour={"foreign_id_tag": choice})
    bench.start("ONE", 1)
    bench.start("TWO", 2)
    bench.tag("FOREIGN", None)
    assert len(bench.sent("Authorize")) == asked
    assert bench.sent("StopTransaction") == []
