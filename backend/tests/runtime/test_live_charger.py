"""A charger in the running world, from plug to wire."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import pytest

from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.errors import IllegalAction, UnknownConnector
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.physics import VehicleSpec
from ocppsim.runtime import charger_storage
from ocppsim.runtime.errors import DuplicateCharger, UnknownCharger, UnknownVehicle
from ocppsim.runtime.garage import GarageVehicle
from ocppsim.runtime.live_charger import LiveCharger
from ocppsim.runtime.memory_ports import MemoryJournal, NoConfigSync
from ocppsim.runtime.supervisor import Supervisor
from ocppsim.runtime.violation_log import MOST_KINDS
from ocppsim.simulation.resolved_vehicle import ResolvedVehicle

from .conftest import IMPATIENT, Csms, definition, until


@pytest.fixture
async def online(charger: LiveCharger, csms: Csms) -> LiveCharger:
    charger.connect()
    await until(lambda: charger.snapshot().registration == "Accepted")
    return charger


async def test_a_session_from_plug_to_stop(online: LiveCharger, csms: Csms) -> None:
    outcome = await online.start_transaction(1, "TAG-1", start_soc_percent=55)
    assert (outcome.kind, outcome.transaction_id) == ("confirmed", 1)
    assert online.in_transaction
    connector = online.connector(1)
    assert connector.cable == "vehicle"
    assert connector.id_tag == "TAG-1"
    assert connector.meter.soc_percent == pytest.approx(55, abs=0.5)
    await until(lambda: online.connector(1).meter.power_w > 1000)
    with pytest.raises(IllegalAction, match="in a transaction already"):
        await online.start_transaction(1, "TAG-1")
    stopped = await online.stop_transaction(1, "Remote")
    assert (stopped.kind, stopped.transaction_id) == ("confirmed", 1)
    assert (await csms.called("StopTransaction"))["reason"] == "Remote"
    assert not online.in_transaction
    with pytest.raises(IllegalAction, match="not in a transaction"):
        await online.stop_transaction(1)


async def test_a_start_right_after_connect_waits_for_the_registration(
    charger: LiveCharger, csms: Csms
) -> None:
    charger.connect()
    outcome = await charger.start_transaction(1, "TAG-1")
    assert (outcome.kind, outcome.transaction_id) == ("confirmed", 1)


async def test_a_start_does_not_wait_for_a_csms_that_is_not_there(
    supervisor: Supervisor,
) -> None:
    nowhere = await supervisor.add(definition("ws://127.0.0.1:9", "CP-NOWHERE"), DurableState())
    nowhere.connect()
    outcome = await asyncio.wait_for(nowhere.start_transaction(1, "TAG-1"), 5)
    assert (outcome.kind, outcome.reason) == (
        "refused",
        "offline, the tag is unknown, and AllowOfflineTxForUnknownId is false",
    )


async def test_a_refused_tag_is_reported_with_a_reason(online: LiveCharger, csms: Csms) -> None:
    csms.answers["Authorize"] = lambda _: {"idTagInfo": {"status": "Blocked"}}
    outcome = await online.start_transaction(1, "TAG-1")
    assert outcome.kind == "refused"
    assert outcome.reason
    assert online.connector(1).cable == "vehicle"


async def test_a_start_that_the_csms_invalidates_is_refused(
    online: LiveCharger, csms: Csms
) -> None:
    csms.answers["StartTransaction"] = lambda _: {
        "idTagInfo": {"status": "Invalid"},
        "transactionId": 7,
    }
    outcome = await online.start_transaction(1, "TAG-1")
    assert outcome.kind == "refused"
    assert "Invalid" in (outcome.reason or "")


async def test_an_offline_start_is_queued_and_delivered_later(
    online: LiveCharger, csms: Csms
) -> None:
    online.set_configuration({"AllowOfflineTxForUnknownId": "true"})
    online.go_offline()
    outcome = await online.start_transaction(2, "TAG-1")
    assert (outcome.kind, outcome.transaction_id) == ("queued", None)
    assert outcome.local_transaction_id is not None
    assert online.snapshot().queued_messages >= 1
    online.go_online()
    assert (await csms.called("StartTransaction"))["connectorId"] == 2
    await until(lambda: online.snapshot().queued_messages == 0)


async def test_a_silent_csms_leaves_the_start_queued(online: LiveCharger, csms: Csms) -> None:
    csms.answers["StartTransaction"] = lambda _: None
    outcome = await online.start_transaction(1, "TAG-1")
    assert (outcome.kind, outcome.transaction_id) == ("queued", None)


async def test_a_start_that_the_csms_cannot_process_is_not_confirmed(
    online: LiveCharger, csms: Csms
) -> None:
    online.set_configuration({"TransactionMessageAttempts": "1"})
    csms.answers["StartTransaction"] = lambda _: {"transactionId": "one"}
    outcome = await online.start_transaction(1, "TAG-1")
    assert (outcome.kind, outcome.transaction_id) == ("queued", None)
    assert outcome.local_transaction_id is not None
    assert online.in_transaction


async def test_meter_values_that_nobody_answers_are_sent_again(
    csms: Csms, online: LiveCharger
) -> None:
    """The wait for an answer begins when the journal has the message, long before another timer."""
    online.set_configuration({"MessageTimeout": "1", "TransactionMessageRetryInterval": "0"})
    await online.start_transaction(1, "TAG-1")
    csms.answers["MeterValues"] = lambda _: None
    online.set_configuration({"MeterValueSampleInterval": "1"})
    await csms.called("MeterValues")
    online.set_configuration({"MeterValueSampleInterval": "0"})
    csms.answers["MeterValues"] = lambda _: {}
    again = await csms.called("MeterValues", 2)
    assert again == csms.payloads("MeterValues")[0]
    await until(lambda: online.snapshot().queued_messages == 0)


class HesitantJournal(MemoryJournal):
    """Says that all is committed only when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[Callable[[], None]] = []

    def when_committed(self, callback: Callable[[], None]) -> None:
        self.waiting.append(callback)


async def test_the_outcome_of_a_start_is_told_when_it_survives_a_crash(csms: Csms) -> None:
    journal = HesitantJournal()
    async with Supervisor(ChargePoint, journal, NoConfigSync(), settings=IMPATIENT) as supervisor:
        charger = await supervisor.add(definition(csms.url), DurableState())
        charger.connect()
        await until(lambda: charger.snapshot().registration == "Accepted")
        async with asyncio.TaskGroup() as group:
            starting = group.create_task(charger.start_transaction(1, "TAG-1"))
            await until(lambda: bool(journal.waiting))
            assert charger.connector(1).transaction is not None
            assert not starting.done()
            journal.waiting.pop()()
        assert starting.result().kind == "confirmed"


async def test_the_csms_is_answered_when_the_change_survives_a_crash(
    csms: Csms, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = HesitantJournal()
    setting = {"key": "HeartbeatInterval", "value": "77"}
    async with Supervisor(ChargePoint, journal, NoConfigSync(), settings=IMPATIENT) as supervisor:
        charger = await supervisor.add(definition(csms.url), DurableState())
        charger.connect()
        await until(lambda: charger.snapshot().registration == "Accepted")
        connection = await csms.connected()
        async with asyncio.TaskGroup() as group:
            asking = group.create_task(csms.call(connection, "ChangeConfiguration", setting))
            await until(lambda: bool(journal.waiting))
            assert csms.replies == {}
            journal.waiting.pop()()
        assert asking.result()[2] == {"status": "Accepted"}
        # Where the storage is out of order the CSMS does not wait for ever
        monkeypatch.setattr(charger_storage, "LONGEST_COMMIT_S", 0.05)
        again = await csms.call(connection, "ChangeConfiguration", setting | {"value": "78"})
        assert again[2] == {"status": "Accepted"}
        for late in journal.waiting:
            late()


async def test_the_vehicle_is_the_named_one_else_the_one_with_the_tag(
    supervisor: Supervisor, online: LiveCharger
) -> None:
    spec = VehicleSpec(name="Mini", battery_capacity_kwh=32.6, ac_max_power_kw=11.0)
    supervisor.set_vehicles(
        1,
        [
            GarageVehicle(ResolvedVehicle(4, "Mini", spec, 30.0), ("Tag-A", "Tag-B")),
            GarageVehicle(ResolvedVehicle(5, "Maxi", spec, 40.0)),
        ],
    )
    await online.start_transaction(1, "TAG-b")
    assert online.connector(1).vehicle_id == 4
    online.plug_in(2, 5)
    assert (online.connector(2).vehicle_id, online.connector(2).vehicle_name) == (5, "Maxi")
    with pytest.raises(UnknownVehicle):
        online.plug_in(2, 6)


async def test_bench_errors_reach_the_caller(online: LiveCharger) -> None:
    with pytest.raises(IllegalAction):
        online.unplug(1)
    with pytest.raises(UnknownConnector):
        online.plug_in(3)
    online.plug_in(1)
    with pytest.raises(IllegalAction):
        online.plug_in(1)


async def test_a_call_of_the_operator_gets_the_answer(online: LiveCharger, csms: Csms) -> None:
    csms.answers["DataTransfer"] = lambda payload: {"status": "Accepted", "data": payload["data"]}
    answer = await online.send_call("DataTransfer", {"vendorId": "V", "data": "ping"})
    assert answer.outcome == "result"
    assert answer.payload == {"status": "Accepted", "data": "ping"}


async def test_a_call_is_lost_with_the_link(online: LiveCharger, csms: Csms) -> None:
    csms.answers["DataTransfer"] = lambda _: None
    asking = asyncio.gather(online.send_call("DataTransfer", {"vendorId": "V"}))
    await csms.called("DataTransfer")
    online.go_offline()
    assert (await asking)[0].outcome == "lost"


async def test_raw_text_goes_out_as_it_is(
    supervisor: Supervisor, online: LiveCharger, csms: Csms
) -> None:
    online.send_raw('[2,"raw-1","Heartbeat",{}]')
    await csms.called("Heartbeat")
    page = supervisor.message_log.query(supervisor.store.get("CP-1").charger_id, q="RAW-1")
    assert page.messages[0].direction == "sent"
    assert page.messages[0].action == "Heartbeat"


async def test_the_wire_is_in_the_log_with_calls_and_answers_paired(
    supervisor: Supervisor, online: LiveCharger
) -> None:
    page = supervisor.message_log.query(
        supervisor.store.get("CP-1").charger_id, action="BootNotification"
    )
    call, answer = page.messages
    assert (call.direction, call.kind) == ("sent", "CALL")
    assert (answer.direction, answer.kind) == ("received", "CALLRESULT")
    assert answer.payload["status"] == "Accepted"
    assert answer.latency_ms is not None
    assert call.payload["chargePointVendor"] == "Vendor"


async def test_a_violation_of_the_csms_is_marked(
    supervisor: Supervisor, online: LiveCharger, csms: Csms
) -> None:
    await csms.connections[0].send('[2,"bad","Reset",{"type":"Sideways"}]')
    await csms.until(lambda: "bad" in csms.replies)
    (call,) = supervisor.message_log.query(
        supervisor.store.get("CP-1").charger_id, q='"bad"', direction="received"
    ).messages
    assert not call.valid
    assert call.violation


async def test_a_violation_that_comes_again_is_logged_once(
    online: LiveCharger, csms: Csms, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "ocppsim.runtime.charger")
    for number in range(5):
        await csms.connections[0].send(f'[2,"same-{number}","Reset",{{"type":"Sideways"}}]')
    for number in range(30):
        await csms.connections[0].send(f'[2,"new-{number}","Reset",{{"type":"{number}"}}]')
    await csms.until(lambda: "new-29" in csms.replies)
    lines = [record.getMessage() for record in caplog.records]
    assert len([line for line in lines if "Sideways" in line]) == 1
    assert len(lines) == MOST_KINDS + 1
    assert "see the messages" in lines[-1]


async def test_asking_for_what_a_charger_cannot_do_is_no_violation(
    supervisor: Supervisor, online: LiveCharger, csms: Csms
) -> None:
    online.set_configuration({"SupportedFeatureProfiles": "Core"})
    reply = await csms.call(
        csms.connections[0], "TriggerMessage", {"requestedMessage": "Heartbeat"}
    )
    assert reply[2] == "NotSupported"
    page = supervisor.message_log.query(
        supervisor.store.get("CP-1").charger_id, action="TriggerMessage"
    )
    assert [message.valid for message in page.messages] == [True, True]


async def test_configuration_is_set_by_the_operator(online: LiveCharger) -> None:
    online.set_configuration({"HeartbeatInterval": "77"})
    values = {entry.key: entry.value for entry in online.configuration()}
    assert values["HeartbeatInterval"] == "77"


async def test_changed_hardware_is_a_restart_and_a_changed_name_is_not(
    supervisor: Supervisor, online: LiveCharger, csms: Csms
) -> None:
    before = online.definition
    renamed = definition(before.connection_url, charger_name="New name", auto_plug_in=True)
    assert await supervisor.replace(renamed) is online
    assert online.snapshot().charger_name == "New name"
    assert online.definition.desired_connection == "connected"
    assert len(csms.payloads("BootNotification")) == 1
    await supervisor.replace(definition(before.connection_url, connectors=before.connectors[:1]))
    await csms.called("BootNotification", 2)
    assert len(online.snapshot().connectors) == 1


async def test_one_id_is_one_charger(supervisor: Supervisor, charger: LiveCharger) -> None:
    with pytest.raises(DuplicateCharger):
        await supervisor.add(charger.definition, DurableState())
    await supervisor.remove("CP-1")
    with pytest.raises(UnknownCharger):
        supervisor.store.get("CP-1")
    with pytest.raises(UnknownCharger):
        charger.plug_in(1)
    await supervisor.add(charger.definition, DurableState())


async def test_an_error_inside_a_charger_stays_there(
    supervisor: Supervisor,
    online: LiveCharger,
    csms: Csms,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = await supervisor.add(
        definition(csms.url, "CP-2", desired_connection="connected"), DurableState()
    )

    def explode(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(online.charger, "receive", explode)
    await csms.connections[0].send("[]")
    await until(lambda: "an input failed" in caplog.text)
    await until(lambda: other.snapshot().registration == "Accepted")
    assert online.is_connected
    # An answer that was still to come when it broke fails in the same way
    failures = {(r.levelno, r.message) for r in caplog.records if "an input failed" in r.message}
    assert failures == {(logging.ERROR, "CP-1: an input failed")}


async def test_no_secret_is_in_a_snapshot(supervisor: Supervisor, csms: Csms) -> None:
    charger = await supervisor.add(
        definition(csms.url, "A:B", basic_auth_password="hush-hush"), DurableState()
    )
    snapshot = charger.snapshot()
    assert "hush-hush" not in str(snapshot)
    assert snapshot.basic_auth_password_set
    assert any("colon" in warning for warning in snapshot.warnings)


async def test_the_clock_can_be_wrong_before_the_first_connection(charger: LiveCharger) -> None:
    charger.set_clock_offset(-3600)
    assert charger.snapshot().clock_offset_s == pytest.approx(-3600, abs=1)


async def test_a_clock_that_is_next_to_right_is_not_wrong_by_minus_zero(
    charger: LiveCharger,
) -> None:
    charger.set_clock_offset(-0.0001)
    assert str(charger.snapshot().clock_offset_s) == "0.0"
