"""One whole device: power, reboots, restarts of the program, factory reset."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ocppsim.chargepoint.controller import NEVER, ChargePointIdentity
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.effects import CloseLink, OpenLink
from ocppsim.chargepoint.errors import IllegalAction, InvalidSetting, UnknownConnector
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.moment import Moment
from ocppsim.chargepoint.notifications import TransactionChanged
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.physics import VehicleSpec
from ocppsim.simulation.booting_device import BOOT_DURATION_S
from ocppsim.simulation.central_system import CentralSystem, Delayed, Silence
from ocppsim.simulation.charger import Charger
from ocppsim.simulation.definition import CableKind, ChargerDefinition, ConnectorDefinition
from ocppsim.simulation.resolved_vehicle import ResolvedVehicle
from ocppsim.simulation.virtual_bench import VirtualBench

ONE = ConnectorId(1)
TWO = ConnectorId(2)
Deed = Callable[[Charger, Moment], object]


def make_bench(
    connectors: int = 1,
    cable: CableKind = "socket",
    *,
    auto_plug_in: bool = False,
    behaviour: dict[str, str] | None = None,
    durable: DurableState | None = None,
    **configuration: str,
) -> VirtualBench:
    return VirtualBench(
        ChargerDefinition(
            charger_id=1,
            location_id=1,
            charger_name="Charger",
            connection_url="ws://csms.example/ocpp",
            identity=ChargePointIdentity("CP001", "Vendor", "Model"),
            connectors=(ConnectorDefinition(cable=cable),) * connectors,
            auto_plug_in=auto_plug_in,
            behaviour=behaviour or {},
        ),
        CentralSystem(clock_epoch_s=VirtualBench.EPOCH_S),
        ChargePoint,
        durable=durable or DurableState(configuration=configuration),
    )


@pytest.fixture
def bench() -> VirtualBench:
    return make_bench()


def register_wh(bench: VirtualBench, connector_id: ConnectorId = ONE) -> float:
    return bench.charger.plant.read_meter(connector_id, bench.now_s).energy_wh


# --- power ------------------------------------------------------------------------------------


def test_without_power_it_wants_no_link_and_waits_for_nothing(bench: VirtualBench):
    bench.power_off()
    assert not bench.linked
    assert not bench.charger.wants_link
    assert bench.charger.next_deadline_s == NEVER
    assert bench.charger.next_real_deadline_s == NEVER
    assert CloseLink("the charger lost its power", reconnect=False) in bench.effects


def test_switching_off_or_on_twice_is_once(bench: VirtualBench):
    bench.power_off()
    count = len(bench.effects)
    bench.power_off()
    assert len(bench.effects) == count
    bench.power_on()
    bench.advance(BOOT_DURATION_S / 2)
    bench.power_on()
    bench.advance(BOOT_DURATION_S / 2)
    assert bench.charger.wants_link
    assert bench.effects.count(OpenLink()) == 1
    bench.power_on()
    assert bench.effects.count(OpenLink()) == 1


def test_no_energy_flows_without_power(bench: VirtualBench):
    bench.start()
    bench.advance(100)
    bench.power_off()
    before_wh = register_wh(bench)
    bench.advance(3600)
    assert register_wh(bench) == before_wh


def test_without_power_a_connector_is_shown_as_unavailable(bench: VirtualBench):
    bench.start()
    bench.power_off()
    state = bench.charger.connector_state(ONE, bench.now)
    assert (state.status, state.meter.power_w) == ("Unavailable", 0.0)
    assert bench.charger.registration is None
    bench.power_on()
    bench.advance(BOOT_DURATION_S)
    assert bench.charger.connector_state(ONE, bench.now).status == "Finishing"


@pytest.mark.parametrize(
    "deed",
    [
        lambda charger, now: charger.present_id_tag("TAG", ONE, now),
        lambda charger, now: charger.press_stop_button(ONE, now),
        lambda charger, now: charger.press_emergency_stop(now),
        lambda charger, now: charger.raise_fault(ONE, "OtherError", now),
        lambda charger, now: charger.clear_fault(ONE, now),
        lambda charger, now: charger.stop_transaction(ONE, None, now),
        lambda charger, now: charger.request_call(1, "Heartbeat", {}, now),
        lambda charger, now: charger.factory_reset(now),
    ],
)
def test_what_needs_a_running_charger_is_impossible_off_and_while_booting(
    bench: VirtualBench, deed: Deed
):
    bench.power_off()
    with pytest.raises(IllegalAction, match="switched off"):
        deed(bench.charger, bench.now)
    bench.power_on()
    with pytest.raises(IllegalAction, match="restarting"):
        deed(bench.charger, bench.now)


def test_people_can_plug_and_unplug_while_it_is_off(bench: VirtualBench):
    bench.power_off()
    bench.plug_in()
    bench.power_on()
    bench.advance(5)
    assert bench.status() == "Preparing"
    bench.power_off()
    bench.drive_away()
    bench.power_on()
    bench.advance(5)
    assert bench.status() == "Available"


def test_settings_and_the_clock_can_be_changed_while_it_is_off(bench: VirtualBench):
    bench.power_off()
    bench.set_configuration(ConnectionTimeOut="17")
    bench.set_clock(0.0)
    bench.power_on()
    bench.advance(5)
    assert bench.configured("ConnectionTimeOut") == "17"


def test_an_unanswered_authorize_starts_nothing_when_the_power_goes():
    bench = make_bench(AllowOfflineTxForUnknownId="true")
    bench.central_system.on("Authorize", Silence())
    bench.plug_in()
    bench.tag("TAG")
    bench.power_off()
    assert bench.notified(TransactionChanged) == []
    bench.power_on()
    bench.advance(20)
    assert bench.sent("StartTransaction") == []


def test_power_that_goes_amid_a_reset_comes_back_to_one_boot(bench: VirtualBench):
    bench.start()
    bench.central_system.on("StopTransaction", Silence())
    bench.ask("Reset", {"type": "Soft"})
    bench.power_off()
    bench.advance(60)
    assert not bench.charger.wants_link
    assert bench.charger.next_deadline_s == NEVER
    bench.central_system.as_usual("StopTransaction")
    bench.power_on()
    bench.advance(20)
    assert len(bench.sent("BootNotification")) == 2
    assert [payload["reason"] for payload in bench.sent("StopTransaction")][-1] == "SoftReset"
    assert bench.violations == []


# --- restarts ---------------------------------------------------------------------------------


@pytest.mark.parametrize("behaviour", ["stop", "resume"])
@pytest.mark.parametrize("end", ["crash", "power"])
def test_a_transaction_survives_the_end_of_its_process_or_its_power(behaviour: str, end: str):
    bench = make_bench(behaviour={"power_loss": behaviour})
    transaction_id = bench.start()
    bench.advance(600)
    sampled = bench.sent("MeterValues")[-1]
    assert sampled["transactionId"] == transaction_id
    bench.advance(30)
    if end == "crash":
        bench.crash(300.0)
    else:
        bench.power_cycle(300.0)
    bench.advance(120)
    if behaviour == "stop":
        (stop,) = bench.sent("StopTransaction")
        assert stop["reason"] == "PowerLoss"
        assert stop["transactionId"] == transaction_id
        assert stop["timestamp"] >= sampled["meterValue"][0]["timestamp"]
        assert stop["meterStop"] >= int(sampled["meterValue"][0]["sampledValue"][0]["value"])
        assert bench.status() in {"Finishing", "Preparing"}
    else:
        assert bench.sent("StopTransaction") == []
        assert bench.status() == "Charging"
        bench.tag("TAG")
        (stop,) = bench.sent("StopTransaction")
        assert (stop["transactionId"], stop["idTag"]) == (transaction_id, "TAG")
    assert bench.violations == []


def test_the_allowance_of_a_refused_tag_is_counted_on_after_a_restart():
    bench = make_bench(behaviour={"power_loss": "resume"}, MaxEnergyOnInvalidId="2000")
    bench.central_system.id_tags["TAG"] = {"status": "Accepted"}
    bench.central_system.on(
        "StartTransaction", {"transactionId": 5, "idTagInfo": {"status": "Blocked"}}
    )
    bench.plug_in()
    bench.tag("TAG")
    bench.advance(100)
    assert bench.status() == "Charging"
    bench.crash()
    bench.advance(3600)
    (stop,) = bench.sent("StopTransaction")
    assert stop["reason"] == "DeAuthorized"
    assert 1990 <= stop["meterStop"] <= 2020


def test_the_cable_of_a_refused_user_stays_kept_over_a_restart(bench: VirtualBench):
    bench.central_system.on(
        "StartTransaction",
        {"transactionId": 5, "idTagInfo": {"status": "Invalid", "parentIdTag": "GROUP"}},
    )
    bench.central_system.id_tags["FRIEND"] = {"status": "Accepted", "parentIdTag": "group"}
    bench.plug_in()
    bench.tag("TAG")
    bench.unplug(side="ev")
    bench.crash()
    bench.tag("STRANGER")
    assert bench.charger.plant.is_locked(ONE)
    bench.tag("FRIEND")
    assert not bench.charger.plant.is_locked(ONE)
    bench.unplug(side="charger")
    assert bench.status() == "Available"


def test_the_program_remembers_cable_vehicle_and_register(bench: VirtualBench):
    bench.start()
    bench.advance(3600)
    bench.stop_button()
    before_wh = register_wh(bench)
    vehicle = bench.charger.plant.vehicle(ONE)
    bench.crash()
    assert register_wh(bench) == pytest.approx(before_wh)
    assert bench.charger.plant.vehicle(ONE) == vehicle
    assert bench.charger.plant.cable(ONE) == "vehicle"


def test_what_the_journal_has_not_is_not_sent_after_a_reboot_either(bench: VirtualBench):
    bench.journal.delay_s = 30.0
    bench.plug_in()
    bench.tag("TAG")
    bench.power_cycle(2.0)
    bench.advance(5)
    assert bench.charger.controller.registration == "Accepted"
    assert bench.sent("StartTransaction") == []
    bench.advance(60)
    assert len(bench.sent("StartTransaction")) == 1
    assert len(bench.sent("StopTransaction")) == 1


@pytest.mark.parametrize("kept", range(16))
def test_a_crash_amid_a_stop_stops_once(kept: int):
    bench = make_bench()
    bench.start()
    bench.advance(100)
    bench.charger.press_stop_button(ONE, bench.now)
    for effect in bench.charger.effects[:kept]:
        bench._carry_out_one(effect)
    bench.charger.effects.clear()
    bench.journal.write_due(bench.now_s)
    bench.crash()
    bench.advance(60)
    assert len(bench.sent("StopTransaction")) == 1
    assert bench.rules.transactions.unstopped() == []
    assert bench.violations == []


@pytest.mark.parametrize("kept", range(8))
def test_a_crash_amid_the_answer_to_a_stop_leaves_nothing_of_the_transaction(kept: int):
    bench = make_bench()
    bench.start()
    bench.advance(100)
    bench.central_system.on("StopTransaction", Delayed(1.0, {}))
    bench.stop_button()
    bench.now_s += 1.0
    answer = bench.central_system.take_next(bench.now_s)
    assert answer is not None
    bench.charger.receive(answer.text, bench.now)
    for effect in bench.charger.effects[:kept]:
        bench._carry_out_one(effect)
    bench.charger.effects.clear()
    bench.journal.write_due(bench.now_s)
    told = len(bench.notified(TransactionChanged))
    bench.crash()
    bench.advance(60)
    assert [
        key for key in bench.journal.stored.cells if "transaction" in key or "stop" in key
    ] == []
    states = [note.transaction.state for note in bench.notified(TransactionChanged)[told:]]
    assert states == ([] if kept >= 6 else ["stopped"])


@pytest.mark.parametrize("kept", range(8))
def test_a_crash_amid_the_answer_to_a_start_loses_no_transaction(kept: int):
    bench = make_bench(behaviour={"power_loss": "resume"})
    bench.central_system.on(
        "StartTransaction",
        lambda _: Delayed(1.0, {"transactionId": 5, "idTagInfo": {"status": "Accepted"}}),
    )
    bench.plug_in()
    bench.tag("TAG")
    bench.now_s += 1.0
    answer = bench.central_system.take_next(bench.now_s)
    assert answer is not None
    bench.rules.saw(answer)
    bench.charger.receive(answer.text, bench.now)
    for effect in bench.charger.effects[:kept]:
        bench._carry_out_one(effect)
    bench.charger.effects.clear()
    bench.journal.write_due(bench.now_s)
    bench.crash()
    bench.advance(60)
    assert bench.status() == "Charging"
    # Sent again only where no trace of the answer was left
    assert len(bench.sent("StartTransaction")) == (2 if kept == 0 else 1)
    assert bench.ask("RemoteStopTransaction", {"transactionId": 5}).status == "Accepted"
    bench.advance(10)
    assert len(bench.sent("StopTransaction")) == 1
    assert bench.violations == []


# --- factory reset ----------------------------------------------------------------------------


def test_a_factory_reset_forgets_what_was_set_and_learned():
    bench = make_bench(2, GetConfigurationMaxKeys="7")
    bench.configure(ConnectionTimeOut="17")
    bench.tag("TAG")
    bench.tag("TAG")
    bench.ask("ChangeAvailability", {"connectorId": 2, "type": "Inoperative"})
    bench.start()
    bench.advance(100)
    bench.stop_button()
    before_wh = register_wh(bench)
    bench.act(lambda charger, now: charger.factory_reset(now))
    bench.advance(10)
    assert bench.configured("ConnectionTimeOut") == "60"
    assert bench.configured("GetConfigurationMaxKeys") == "7"
    assert bench.status(2) == "Available"
    assert register_wh(bench) == before_wh
    assert not [key for key in bench.charger.durable.cells if key.startswith("cache/")]
    bench.crash()
    assert bench.configured("ConnectionTimeOut") == "60"
    assert bench.status(2) == "Available"


def test_a_factory_reset_waits_for_nobody_but_a_transaction(bench: VirtualBench):
    bench.start()
    with pytest.raises(IllegalAction, match="transaction"):
        bench.act(lambda charger, now: charger.factory_reset(now))
    bench.cut_link()
    bench.stop_button()
    assert bench.charger.controller.queued_messages == 1
    bench.act(lambda charger, now: charger.factory_reset(now))
    bench.advance(5)
    assert bench.charger.controller.queued_messages == 0
    assert bench.journal.stored.messages == []


# --- errors -----------------------------------------------------------------------------------


def test_what_is_impossible_changes_nothing(bench: VirtualBench):
    before = bench.charger.connector_state(ONE, bench.now)
    count = len(bench.effects)
    with pytest.raises(UnknownConnector):
        bench.plug_in(2)
    with pytest.raises(UnknownConnector):
        bench.tag("TAG", 7)
    with pytest.raises(IllegalAction):
        bench.unplug()
    with pytest.raises(IllegalAction):
        bench.stop_button()
    with pytest.raises(IllegalAction):
        bench.raise_fault("NoError")
    with pytest.raises(IllegalAction):
        bench.raise_fault("EVCommunicationError")
    with pytest.raises(InvalidSetting):
        bench.set_configuration(Nonsense="1")
    assert bench.charger.connector_state(ONE, bench.now).status == before.status
    assert len(bench.effects) == count


# --- the driver that comes by itself ------------------------------------------------------------


def test_a_remote_start_brings_a_vehicle_and_the_stop_takes_it_away():
    bench = make_bench(2, auto_plug_in=True)
    bench.ask("RemoteStartTransaction", {"idTag": "TAG", "connectorId": 2})
    bench.advance(100)
    assert bench.status(2) == "Charging"
    bench.ask("RemoteStopTransaction", {"transactionId": 1})
    assert bench.status(2) == "Finishing"
    bench.advance(5)
    assert bench.status(2) == "Available"
    assert bench.charger.plant.cable(TWO) == "none"


def test_a_stranger_at_the_reader_does_not_make_it_leave():
    bench = make_bench(auto_plug_in=True)
    bench.ask("RemoteStartTransaction", {"idTag": "TAG"})
    bench.tag("STRANGER")
    bench.advance(60)
    assert bench.status() == "Charging"


@pytest.mark.parametrize("behaviour", ["stop", "resume"])
def test_it_leaves_after_a_restart_too(behaviour: str):
    bench = make_bench(auto_plug_in=True, behaviour={"power_loss": behaviour})
    bench.ask("RemoteStartTransaction", {"idTag": "TAG"})
    bench.advance(100)
    bench.crash()
    bench.advance(10)
    if behaviour == "resume":
        assert bench.status() == "Charging"
        bench.ask("RemoteStopTransaction", {"transactionId": 1})
        bench.advance(10)
    assert bench.status() == "Available"
    assert bench.charger.plant.cable(ONE) == "none"


def test_it_frees_the_cable_that_was_kept_for_it():
    bench = make_bench(auto_plug_in=True)
    bench.central_system.on(
        "StartTransaction", {"transactionId": 5, "idTagInfo": {"status": "Invalid"}}
    )
    bench.ask("RemoteStartTransaction", {"idTag": "TAG"})
    bench.advance(10)
    assert bench.sent("StopTransaction")[0]["reason"] == "DeAuthorized"
    assert bench.charger.plant.cable(ONE) == "none"
    assert bench.status() == "Available"


def test_a_cable_that_is_in_the_socket_already_is_used():
    bench = make_bench(auto_plug_in=True)
    bench.plug_in()
    bench.unplug()
    bench.ask("RemoteStartTransaction", {"idTag": "TAG"})
    bench.advance(1)
    assert bench.status() == "Charging"


def test_another_car_in_the_place_of_one_that_was_driven_away_by_hand_stays():
    bench = make_bench(auto_plug_in=True)
    bench.ask("RemoteStartTransaction", {"idTag": "TAG"})
    bench.advance(10)
    bench.ask("RemoteStopTransaction", {"transactionId": 1})
    bench.drive_away()
    bench.plug_in()
    bench.crash()
    bench.advance(60)
    assert bench.charger.plant.cable(ONE) == "vehicle"
    bench.tag("OTHER")
    bench.advance(10)
    bench.stop_button()
    bench.advance(60)
    assert bench.status() == "Finishing"
    assert bench.charger.plant.cable(ONE) == "vehicle"


def test_a_vehicle_that_cannot_charge_here_drives_on():
    bench = make_bench(auto_plug_in=True)
    spec = VehicleSpec("No AC", ac_max_power_kw=0.0)
    bench.vehicle = ResolvedVehicle(None, spec.name, spec, 20.0)
    answer = bench.ask("RemoteStartTransaction", {"idTag": "TAG"})
    assert answer.status == "Accepted"
    bench.advance(100)
    assert bench.sent("StartTransaction") == []
    assert bench.status() == "Available"
