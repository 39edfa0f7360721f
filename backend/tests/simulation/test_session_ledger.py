"""The ledger of a transaction: it tells the truth whatever the CSMS was told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.identifiers import ConnectorId, LocalTransactionId
from ocppsim.chargepoint.moment import Moment
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.simulation.central_system import CentralSystem, Silence
from ocppsim.simulation.definition import ChargerDefinition, ConnectorDefinition
from ocppsim.simulation.ledger_records import LedgerExcerpt, SessionLedger
from ocppsim.simulation.virtual_bench import VirtualBench

ONE = ConnectorId(1)
EPOCH_S = VirtualBench.EPOCH_S
QUARTER_S = 900.0


def make_bench(*, connector: ConnectorDefinition | None = None, **configuration: str):
    settings = {"MeterValueSampleInterval": "300", **configuration}
    return VirtualBench(
        ChargerDefinition(
            charger_id=1,
            location_id=1,
            charger_name="Charger",
            connection_url="ws://csms.example/ocpp",
            identity=ChargePointIdentity("CP001", "Vendor", "Model"),
            connectors=(connector or ConnectorDefinition(max_power_w=11040.0),),
        ),
        CentralSystem(clock_epoch_s=EPOCH_S),
        ChargePoint,
        durable=DurableState(configuration=settings),
    )


def only_ledger(bench: VirtualBench) -> SessionLedger:
    (ledger,) = bench.ledgers.ledgers()
    return ledger


def register_wh(bench: VirtualBench) -> float:
    return bench.charger.plant.read_meter(ONE, bench.now_s).energy_wh


def power_w(bench: VirtualBench) -> float:
    return bench.charger.plant.evse(ONE).power_w


def assert_adds_up(ledger: SessionLedger) -> None:
    """Interval follows on interval, from the register at the start to that at the stop."""
    head = ledger.head
    if head.started_at_s == head.stopped_at_s:
        assert (ledger.intervals, head.energy_wh) == ((), 0.0)
        return
    assert ledger.intervals[0].register_from_wh == head.register_start_wh
    assert ledger.intervals[-1].register_to_wh == head.register_stop_wh
    assert ledger.intervals[0].from_s == head.started_at_s
    assert ledger.intervals[-1].to_s == head.stopped_at_s
    for before, after in zip(ledger.intervals, ledger.intervals[1:], strict=False):
        assert before.register_to_wh == after.register_from_wh
        assert before.to_s == after.from_s


def excerpt(bench: VirtualBench, local_id: int) -> LedgerExcerpt:
    found = bench.charger.ledger(LocalTransactionId(local_id), bench.now)
    assert found is not None
    return found


def test_the_energy_of_the_intervals_is_that_of_the_register():
    bench = make_bench()
    bench.advance(400.0)
    bench.start("ALICE")
    before_wh = register_wh(bench)
    drawn_w = power_w(bench)
    bench.advance(2 * 3600.0)
    bench.stop_button()
    bench.drive_away()
    ledger = only_ledger(bench)
    head = ledger.head
    assert head.register_start_wh == before_wh
    assert head.register_stop_wh == register_wh(bench)
    assert_adds_up(ledger)
    assert all(interval.to_s % QUARTER_S == 0.0 for interval in ledger.intervals[:-1])
    assert ledger.intervals[1].energy_wh == pytest.approx(drawn_w / 4.0)
    assert ledger.intervals[1].average_power_w == pytest.approx(drawn_w)
    assert ledger.intervals[1].peak_power_w == pytest.approx(drawn_w)
    assert head.energy_wh == pytest.approx(2.0 * drawn_w)


def test_the_head_says_who_and_when():
    bench = make_bench()
    bench.advance(100.0)
    bench.plug_in(soc_percent=30.0)
    bench.advance(10.0)
    bench.tag("ALICE")
    bench.advance(600.0)
    bench.stop_button()
    bench.advance(60.0)
    bench.drive_away()
    head = only_ledger(bench).head
    assert (head.id_tag, head.state, head.stop_reason) == ("ALICE", "stopped", "Local")
    assert head.transaction_id is not None
    assert head.plugged_in_at_s == EPOCH_S + 100.0
    assert head.authorised_at_s == head.started_at_s == EPOCH_S + 110.0
    assert head.stopped_at_s == EPOCH_S + 710.0
    assert head.unplugged_at_s == EPOCH_S + 770.0
    assert head.soc_start_percent == pytest.approx(30.0)
    assert head.soc_stop_percent is not None
    assert head.soc_stop_percent > 30.0
    assert head.meter_start_wh == int(head.register_start_wh)
    assert head.register_stop_wh is not None
    assert head.meter_stop_wh == int(head.register_stop_wh)
    assert head.clock_offset_s == 0.0


def test_every_message_is_there_with_its_acknowledgement():
    bench = make_bench()
    bench.start()
    bench.advance(3600.0)
    bench.stop_button()
    ledger = only_ledger(bench)
    actions = [message.action for message in ledger.messages]
    assert actions == ["StartTransaction", *["MeterValues"] * 12, "StopTransaction"]
    assert {message.outcome for message in ledger.messages} == {"acknowledged"}
    assert {message.attempts for message in ledger.messages} == {1}
    assert all(len(message.message_ids) == 1 and message.crc32 for message in ledger.messages)
    assert [message.sequence for message in ledger.messages] == list(range(1, 15))
    assert (ledger.head.acknowledged, ledger.head.attempts) == (14, 14)


def test_attempts_are_counted_and_a_message_that_is_given_up_says_why():
    bench = make_bench(
        MeterValueSampleInterval="0",
        TransactionMessageAttempts="3",
        TransactionMessageRetryInterval="10",
        MessageTimeout="5",
    )
    bench.start()
    bench.central_system.once("StopTransaction", Silence(), Silence(), Silence())
    bench.stop_button()
    bench.advance(120.0)
    stop = only_ledger(bench).messages[-1]
    assert (stop.action, stop.outcome, stop.detail) == ("StopTransaction", "failed", "timeout")
    assert stop.attempts == 3
    assert len(set(stop.message_ids)) == 3
    assert only_ledger(bench).head.failed == 1


def test_a_ledger_under_way_has_the_message_that_was_answered_last():
    bench = make_bench(MeterValueSampleInterval="10")
    bench.start()
    for seconds in range(10, 1000, 10):
        bench.advance(10.0)
        found = excerpt(bench, 1)
        stored = only_ledger(bench).messages
        told = [one for one in found.page.deliveries if one.outcome == "acknowledged"]
        assert found.head.acknowledged == len(stored) + len(told) == 1 + seconds // 10


def test_a_reboot_in_the_middle_forgets_no_acknowledgement():
    bench = make_bench(MeterValueSampleInterval="10")
    bench.start()
    bench.advance(55.0)
    bench.restart()
    bench.advance(60.0)
    ledger = only_ledger(bench)
    assert [message.outcome for message in ledger.messages] == ["acknowledged"] * 7
    assert [message.sequence for message in ledger.messages] == [*range(1, 8)]


def test_what_waits_in_the_queue_is_pending():
    bench = make_bench()
    bench.start()
    bench.cut_link()
    bench.advance(650.0)
    found = excerpt(bench, 1)
    waiting = [message for message in found.page.deliveries if message.outcome == "pending"]
    assert [message.action for message in waiting] == ["MeterValues", "MeterValues"]
    assert [message.queued_s for message in waiting] == [300.0, 600.0]
    assert [gap.kind for gap in found.page.gaps] == ["offline"]
    assert found.page.gaps[0].to_s is None
    assert found.page.intervals[-1].register_to_wh == register_wh(bench)


def test_an_offline_time_is_a_gap_and_its_messages_come_late():
    bench = make_bench()
    bench.start()
    bench.advance(1000.0)
    bench.cut_link()
    bench.advance(1000.0)
    bench.restore_link()
    bench.advance(10.0)
    bench.stop_button()
    ledger = only_ledger(bench)
    (gap,) = ledger.gaps
    assert (gap.kind, gap.from_s, gap.to_s) == ("offline", EPOCH_S + 1000.0, EPOCH_S + 2000.0)
    assert ledger.head.offline_s == 1000.0
    late = [
        message
        for message in ledger.messages
        if message.first_sent_at_s == EPOCH_S + 2000.0 and message.queued_at_s is not None
    ]
    assert [message.queued_at_s for message in late] == [
        EPOCH_S + 1200.0,
        EPOCH_S + 1500.0,
        EPOCH_S + 1800.0,
    ]
    assert_adds_up(ledger)


def test_a_pause_of_the_vehicle_and_one_of_the_charger_are_told_apart():
    bench = make_bench()
    bench.start()
    bench.advance(100.0)
    drawn_w = power_w(bench)
    bench.ev_draws(False)
    bench.advance(200.0)
    bench.ev_draws(True)
    bench.advance(600.0)
    bench.stop_button()
    first = only_ledger(bench).intervals[0]
    assert first.without_demand_s == pytest.approx(200.0)
    assert first.without_offer_s == 0.0
    assert first.peak_power_w == pytest.approx(drawn_w)
    assert first.average_power_w == pytest.approx(drawn_w * 700.0 / 900.0)
    assert first.lowest_offer_w == first.highest_offer_w == pytest.approx(11040.0)


def test_a_limit_shows_in_the_offers():
    bench = make_bench()
    bench.start()
    bench.advance(100.0)
    drawn_w = power_w(bench)
    bench.ask(
        "SetChargingProfile",
        {
            "connectorId": 1,
            "csChargingProfiles": {
                "chargingProfileId": 1,
                "stackLevel": 0,
                "chargingProfilePurpose": "TxDefaultProfile",
                "chargingProfileKind": "Relative",
                "chargingSchedule": {
                    "chargingRateUnit": "W",
                    "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 5520.0}],
                },
            },
        },
    )
    bench.advance(1800.0)
    bench.stop_button()
    first, second, *_ = only_ledger(bench).intervals
    assert first.highest_offer_w == pytest.approx(11040.0)
    assert first.lowest_offer_w == pytest.approx(5520.0, rel=0.01)
    assert first.peak_power_w == pytest.approx(drawn_w)
    assert second.highest_offer_w == second.lowest_offer_w == first.lowest_offer_w
    assert second.peak_power_w <= second.highest_offer_w


def test_the_peak_of_a_charging_curve_lies_between_two_looks():
    bench = make_bench(
        connector=ConnectorDefinition(power_type="DC", max_power_w=350_000.0, cable="tethered"),
        MeterValueSampleInterval="0",
    )
    bench.start()
    bench.advance(1.0)
    seen_w = 0.0
    for _ in range(7200):
        bench.advance(1.0)
        seen_w = max(seen_w, bench.charger.plant.evse(ONE).power_w)
    bench.stop_button()
    ledger = only_ledger(bench)
    assert ledger.head.peak_power_w >= seen_w
    assert ledger.head.peak_power_w == pytest.approx(seen_w, rel=0.01)
    assert_adds_up(ledger)


def test_a_power_cut_is_a_gap_and_nothing_is_lost():
    bench = make_bench()
    bench.start()
    bench.advance(1000.0)
    before_wh = register_wh(bench)
    bench.power_off()
    bench.advance(3000.0)
    bench.power_on()
    bench.advance(60.0)
    ledger = only_ledger(bench)
    assert ledger.head.stop_reason == "PowerLoss"
    assert ledger.head.register_stop_wh == before_wh
    assert "power_off" in {gap.kind for gap in ledger.gaps}
    assert ledger.head.down_s == pytest.approx(3001.0)
    assert_adds_up(ledger)


def test_a_kill_in_the_middle_loses_no_energy():
    bench = make_bench()
    bench.start()
    bench.advance(1850.0)
    bench.crash()
    bench.advance(60.0)
    ledger = only_ledger(bench)
    head = ledger.head
    assert head.state == "stopped"
    assert head.register_start_wh == 0.0
    assert head.register_stop_wh == register_wh(bench)
    assert head.meter_stop_wh == int(register_wh(bench))
    (gap,) = [gap for gap in ledger.gaps if gap.kind == "not_running"]
    # The last that was known before it: the meter value of 1800 s
    assert gap.from_s == EPOCH_S + 1800.0
    assert_adds_up(ledger)
    assert ledger.messages[-1].action == "StopTransaction"


def test_a_kill_leaves_a_count_of_the_messages_whose_record_is_gone():
    bench = make_bench(MeterValueSampleInterval="10")
    bench.start()
    bench.advance(955.0)
    bench.crash()
    bench.advance(60.0)
    ledger = only_ledger(bench)
    # Those of 900 s to 950 s: at 900 s the interval was written down before the sample was taken
    assert ledger.head.unrecorded == 6
    assert ledger.head.acknowledged == len(ledger.messages)
    assert ledger.messages[-1].sequence == len(ledger.messages) + 6


def test_what_still_waits_at_a_kill_is_not_counted_as_gone():
    bench = make_bench(MeterValueSampleInterval="10")
    bench.start()
    bench.advance(25.0)
    bench.cut_link()
    bench.advance(30.0)
    bench.crash()
    bench.restore_link()
    bench.advance(60.0)
    ledger = only_ledger(bench)
    assert ledger.head.unrecorded == 2
    assert [message.recovered for message in ledger.messages] == [False, True, True, True, False]


def test_an_orderly_end_keeps_even_the_last_messages():
    bench = make_bench()
    bench.start()
    bench.advance(650.0)
    bench.charger.store_meters(bench.now)
    bench.settle()
    assert [message.action for message in only_ledger(bench).messages] == [
        "StartTransaction",
        "MeterValues",
        "MeterValues",
    ]
    bench.crash()
    bench.advance(60.0)
    assert only_ledger(bench).head.unrecorded == 0


def test_a_ledger_of_a_finished_transaction_leaves_nothing_behind():
    bench = make_bench()
    bench.start()
    bench.advance(100.0)
    bench.stop_button()
    bench.drive_away()
    assert not [key for key in bench.charger.durable.cells if key.startswith("ledger/")]
    assert bench.charger.ledger(LocalTransactionId(1), Moment(bench.now_s, 0.0)) is None
    assert bench.charger.plant.evse(ONE).record is None


def test_a_wrong_clock_does_not_change_the_truth():
    bench = make_bench()
    bench.set_clock(-7200.0)
    bench.start()
    bench.advance(100.0)
    bench.stop_button()
    head = only_ledger(bench).head
    assert head.clock_offset_s == pytest.approx(-7200.0)
    assert head.started_at_s == EPOCH_S
    assert head.reported_started_at_s == pytest.approx(EPOCH_S - 7200.0)


DEEDS = st.sampled_from(
    ["cut", "restore", "off", "on", "crash", "pause", "resume", "reset", "stop", "wait"]
)


@given(st.lists(st.tuples(DEEDS, st.floats(1.0, 5000.0)), max_size=12))
def test_whatever_happens_the_intervals_add_up_to_the_register(days: list[tuple[str, float]]):
    bench = make_bench(MeterValueSampleInterval="600")
    bench.start()
    for deed, duration_s in days:
        do(bench, deed)
        bench.advance(duration_s)
    do(bench, "on")
    do(bench, "restore")
    bench.advance(200.0)
    do(bench, "stop")
    bench.advance(200.0)
    ledger = only_ledger(bench)
    head = ledger.head
    assert head.state == "stopped"
    assert head.register_stop_wh == register_wh(bench)
    assert_adds_up(ledger)
    settled = {message.sequence for message in ledger.messages}
    assert len(settled) == len(ledger.messages)
    assert len(settled) + head.unrecorded == ledger.messages[-1].sequence
    assert ledger.messages[-1].action == "StopTransaction"
    assert {message.outcome for message in ledger.messages} == {"acknowledged"}
    for interval in ledger.intervals:
        assert interval.register_to_wh >= interval.register_from_wh
        assert interval.peak_power_w <= interval.highest_offer_w + 1e-6
        pauses_s = interval.without_offer_s + interval.without_demand_s
        assert pauses_s <= interval.to_s - interval.from_s + 1e-6
    for gap in ledger.gaps:
        assert gap.to_s is not None
        assert head.started_at_s <= gap.from_s < gap.to_s
        assert head.stopped_at_s is not None
        assert gap.to_s <= head.stopped_at_s


def do(bench: VirtualBench, deed: str) -> None:
    """One deed, where the world allows it."""
    charger = bench.charger
    match deed:
        case "cut":
            bench.cut_link()
        case "restore":
            bench.restore_link()
        case "off":
            bench.power_off()
        case "on":
            bench.power_on()
        case "crash" if charger.powered:
            bench.crash(30.0)
        case "pause" if charger.plant.evse(ONE).vehicle is not None:
            bench.ev_draws(False)
        case "resume" if charger.plant.ev_draws(ONE) is False:
            vehicle = charger.plant.evse(ONE).vehicle
            if vehicle is not None and vehicle.battery.soc_percent < 99.0:
                bench.ev_draws(True)
        case "reset" if charger.wants_link:
            bench.restart()
        case "stop" if charger.wants_link:
            if charger.controller.connector(ONE).transaction is not None:
                bench.stop_button()
        case _:
            pass
