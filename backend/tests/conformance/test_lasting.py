"""What was Accepted lasts: the CSMS is told so when a crash can no longer undo it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ocppsim.protocol.v16.date_time import format_date_time
from ocppsim.simulation.virtual_bench import VirtualBench
from tests.conformance.charging import profile

BenchFactory = Callable[..., VirtualBench]

Order = tuple[str, dict[str, object]]

ORDERS: list[Order] = [
    ("ClearCache", {}),
    ("SetChargingProfile", {"connectorId": 1, "csChargingProfiles": profile((0, 10))}),
    (
        "ReserveNow",
        {
            "connectorId": 1,
            "idTag": "HOLDER",
            "reservationId": 1,
            "expiryDate": format_date_time(VirtualBench.EPOCH_S + 3_600),
        },
    ),
    (
        "SendLocalList",
        {
            "listVersion": 1,
            "updateType": "Full",
            "localAuthorizationList": [{"idTag": "A", "idTagInfo": {"status": "Accepted"}}],
        },
    ),
    (
        "UpdateFirmware",
        {
            "location": "ftp://files.example/fw.bin",
            "retrieveDate": format_date_time(VirtualBench.EPOCH_S + 3_600),
        },
    ),
]
by_action = pytest.mark.parametrize("order", ORDERS, ids=lambda order: order[0])


@pytest.mark.obligation("SC-51", "LAL-16", "CC-02")
@by_action
def test_the_answer_comes_when_the_change_is_on_the_disk(bench: VirtualBench, order: Order):
    fill_the_cache(bench)
    bench.journal.delay_s = 2.0
    before = len(bench.actions())
    answer = bench.ask(*order)
    bench.advance(1.9)
    assert not answer.answered
    assert bench.actions()[before:] == []
    bench.advance(0.2)
    assert answer.answered
    assert answer.error_code is None


@pytest.mark.obligation("CA-06", "CFG-17")
def test_settings_and_availability_are_stored_before_they_are_accepted(bench: VirtualBench):
    bench.journal.delay_s = 2.0
    setting = {"key": "ConnectionTimeOut", "value": "77"}
    assert bench.ask("ChangeConfiguration", setting).status == "Accepted"
    change = bench.ask("ChangeAvailability", {"connectorId": 1, "type": "Inoperative"})
    bench.advance(3)
    assert change.status == "Accepted"
    bench.crash()
    assert bench.configured("ConnectionTimeOut") == "77"
    assert bench.status() == "Unavailable"


@pytest.mark.obligation("ERR-05", "RS-13")
def test_others_are_answered_meanwhile_and_own_calls_wait_behind(bench: VirtualBench):
    bench.journal.delay_s = 2.0
    reserve = bench.ask(*ORDERS[2])
    other = bench.ask("GetConfiguration", {"key": ["HeartbeatInterval"]})
    assert (reserve.answered, other.answered) == (False, True)
    assert bench.statuses() == ["Available"]
    bench.advance(2)
    assert reserve.status == "Accepted"
    assert bench.statuses() == ["Available", "Reserved"]


@pytest.mark.obligation("RSV-02", "LAL-16", "SC-51")
@by_action
@pytest.mark.parametrize("waited_s", [1.0, 3.0])
def test_a_crash_undoes_only_what_was_not_accepted(
    bench: VirtualBench, order: Order, waited_s: float
):
    fill_the_cache(bench)
    bench.journal.delay_s = 2.0
    untouched = state(bench)
    answer = bench.ask(*order)
    bench.advance(waited_s)
    changed = state(bench)
    assert changed != untouched
    bench.crash()
    assert state(bench) == (changed if answer.answered else untouched)
    assert answer.answered == (waited_s > 2)


def fill_the_cache(bench: VirtualBench) -> None:
    """A tag is known, and nobody is at the charger."""
    bench.start()
    bench.stop_button()
    bench.drive_away()
    bench.advance(10)


def state(bench: VirtualBench) -> tuple[object, ...]:
    """What the orders change."""
    controller = bench.charger.controller
    cells = bench.charger.durable.cells
    return (
        controller.reservations(),
        controller.local_list(),
        [profile.charging_profile_id for profile in controller.charging_profiles(bench.now)],
        [key for key in cells if key.startswith(("cache/", "firmware"))],
    )


def test_a_link_that_is_lost_takes_the_answer_with_it(bench: VirtualBench):
    bench.journal.delay_s = 2.0
    answer = bench.ask(*ORDERS[2])
    bench.cut_link()
    bench.advance(10)
    bench.restore_link()
    bench.advance(10)
    assert not answer.answered
    assert bench.status() == "Reserved"
    assert bench.ask("CancelReservation", {"reservationId": 1}).answered is False
    bench.advance(3)
    assert bench.status() == "Available"


@pytest.mark.obligation("TX-43", "MV-30")
def test_an_orderly_end_of_the_program_forgets_no_energy(bench: VirtualBench):
    bench.configure(MeterValueSampleInterval="0")
    bench.start()
    bench.advance(600)
    bench.act(lambda charger, now: charger.store_meters(now))
    register_wh = bench.charger.plant.read_meter(1, bench.now_s).energy_wh  # type: ignore[arg-type]
    bench.crash()
    bench.advance(60)
    (stop,) = bench.sent("StopTransaction")
    assert stop["meterStop"] == int(register_wh) > 1_000
    assert stop["timestamp"] == format_date_time(bench.EPOCH_S + 600)


@pytest.mark.obligation("TX-25", "MV-30")
def test_a_restart_of_the_software_forgets_no_energy(bench: VirtualBench):
    bench.configure(MeterValueSampleInterval="0")
    bench.start()
    bench.advance(600)
    bench.restart()
    bench.advance(60)
    (stop,) = bench.sent("StopTransaction")
    register_wh = bench.charger.plant.read_meter(1, bench.now_s).energy_wh  # type: ignore[arg-type]
    assert stop["meterStop"] == int(register_wh) > 1_000


@pytest.mark.obligation("AUT-01")
def test_without_power_no_setting_lets_energy_flow(bench: VirtualBench):
    bench.ask("SetChargingProfile", {"connectorId": 1, "csChargingProfiles": profile((0, 10))})
    bench.start()
    bench.power_off()
    bench.set_configuration(SupportedFeatureProfiles="Core")
    bench.advance(10)
    assert bench.charger.plant.read_meter(1, bench.now_s).power_w == 0  # type: ignore[arg-type]
