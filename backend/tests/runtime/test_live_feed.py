"""What watchers get of chargers that change."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.runtime.errors import UnknownCharger
from ocppsim.runtime.feed_reader import MAX_QUEUED, FeedClosed, FeedEvent
from ocppsim.runtime.live_charger import LiveCharger
from ocppsim.runtime.supervisor import Supervisor
from ocppsim.simulation.definition import ConnectorDefinition

from .conftest import Csms, definition, read, until, until_event


async def test_a_reader_starts_from_a_snapshot(
    supervisor: Supervisor, charger: LiveCharger, csms: Csms
) -> None:
    await supervisor.add(definition(csms.url, "CP-2", location_id=2), DurableState())
    with supervisor.feed.subscribe() as reader:
        event, data = await read(reader)
        assert event == "snapshot"
        assert data["totals"] == {"chargers": 2, "connected": 0, "charging": 0, "power_w": 0.0}
        assert [c["charge_point_id"] for c in data["chargers"]] == ["CP-1", "CP-2"]
    with supervisor.feed.subscribe(location_id=2) as reader:
        _, data = await read(reader)
        assert [c["charge_point_id"] for c in data["chargers"]] == ["CP-2"]
    with supervisor.feed.subscribe(charge_point_id="CP-1") as reader:
        _, data = await read(reader)
        assert data["charger"]["charge_point_id"] == "CP-1"
        assert len(data["charger"]["connectors"]) == 2
    with pytest.raises(UnknownCharger):
        supervisor.feed.subscribe(charge_point_id="NOBODY")
    assert supervisor.feed.reader_count == 0


async def test_the_fleet_sees_summaries_transactions_and_totals(
    supervisor: Supervisor, charger: LiveCharger
) -> None:
    with supervisor.feed.subscribe() as reader:
        charger.connect()
        while True:
            summary = await until_event(reader, "charger")
            if summary["registration"] == "Accepted":
                break
        await charger.start_transaction(1, "TAG")
        transaction = await until_event(reader, "transaction")
        assert (transaction["charge_point_id"], transaction["id_tag"]) == ("CP-1", "TAG")
        while True:
            totals = await until_event(reader, "totals")
            if totals["charging"] == 1 and totals["power_w"] > 1000:
                break
        assert totals["connected"] == 1


async def test_a_charger_is_seen_in_detail(supervisor: Supervisor, charger: LiveCharger) -> None:
    with supervisor.feed.subscribe(charge_point_id="CP-1") as reader:
        charger.connect()
        while True:
            message = await until_event(reader, "message")
            if message["message"]["kind"] == "CALLRESULT":
                break
        await until(lambda: charger.snapshot().registration == "Accepted")
        assert message["charge_point_id"] == "CP-1"
        assert message["message"]["action"] == "BootNotification"
        await charger.start_transaction(1, "TAG")
        while True:
            meter = await until_event(reader, "meter")
            if meter["connector_id"] == 1 and meter["meter"]["power_w"] > 1000:
                break


async def test_a_changed_connector_is_told(supervisor: Supervisor, charger: LiveCharger) -> None:
    with supervisor.feed.subscribe(
        charge_point_id="CP-1", topics=frozenset({"connector", "charger"})
    ) as reader:
        charger.plug_in(2)
        await read(reader)
        event, data = await read(reader)
        connectors = data["connectors"] if event == "charger" else [data["connector"]]
        assert "vehicle" in {connector["cable"] for connector in connectors}


async def test_what_a_charger_keeps_is_told_to_who_watches_it(
    supervisor: Supervisor, charger: LiveCharger, csms: Csms
) -> None:
    reserve = {
        "connectorId": 2,
        "expiryDate": "2035-01-02T03:04:05Z",
        "idTag": "ANNA",
        "reservationId": 9,
    }
    charger.connect()
    connection = await csms.connected()
    await until(lambda: charger.snapshot().registration == "Accepted")
    with (
        supervisor.feed.subscribe(charge_point_id="CP-1") as reader,
        supervisor.feed.subscribe(
            charge_point_id="CP-1", topics=frozenset({"charger"})
        ) as of_chargers,
        supervisor.feed.subscribe() as fleet,
    ):
        assert (await csms.call(connection, "ReserveNow", reserve))[2] == {"status": "Accepted"}
        told = await until_event(reader, "records")
        assert told == {"charge_point_id": "CP-1", "records": "reservations"}
        _, second = (await until_event(of_chargers, "charger"))["connectors"]
        assert second["status"] == "Reserved"
        assert second["reservation"]["id_tag"] == "ANNA"
        profile = {
            "chargingProfileId": 1,
            "stackLevel": 0,
            "chargingProfilePurpose": "TxDefaultProfile",
            "chargingProfileKind": "Relative",
            "chargingSchedule": {
                "chargingRateUnit": "A",
                "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 10}],
            },
        }
        payload = {"connectorId": 0, "csChargingProfiles": profile}
        assert (await csms.call(connection, "SetChargingProfile", payload))[2] == {
            "status": "Accepted"
        }
        assert (await until_event(reader, "records"))["records"] == "charging-profiles"
        charger.plug_in(1)
        while True:
            event, data = await read(fleet)
            assert event != "records"
            if event == "charger" and data["connectors"][0]["status"] == "Preparing":
                break


async def test_why_a_tag_was_refused_is_told(
    supervisor: Supervisor, charger: LiveCharger, csms: Csms
) -> None:
    csms.answers["Authorize"] = lambda payload: {
        "idTagInfo": {"status": "Blocked" if payload["idTag"] == "BAD" else "Accepted"}
    }
    charger.connect()
    await until(lambda: charger.snapshot().registration == "Accepted")
    with supervisor.feed.subscribe(charge_point_id="CP-1") as reader:
        charger.plug_in(1)
        charger.present_id_tag("BAD", 1)
        refused = await until_event(reader, "authorization")
        assert refused["charge_point_id"] == "CP-1"
        assert (refused["connector_id"], refused["id_tag"]) == (1, "BAD")
        assert refused["status"] == "Blocked"
        assert refused["reason"]
        charger.present_id_tag("GOOD", 1)
        accepted = await until_event(reader, "authorization")
        assert (accepted["id_tag"], accepted["status"]) == ("GOOD", "Accepted")
        assert accepted["reason"] is None


async def test_a_connector_that_is_taken_away_does_not_end_the_feed(
    supervisor: Supervisor, charger: LiveCharger
) -> None:
    with supervisor.feed.subscribe(charge_point_id="CP-1") as reader:
        supervisor.feed.note_connector(charger, 2)
        await supervisor.replace(
            msgspec.structs.replace(charger.definition, connectors=(ConnectorDefinition(),))
        )
        assert len((await until_event(reader, "charger"))["connectors"]) == 1
        charger.plug_in(1)
        assert (await until_event(reader, "connector"))["connector"]["connector_id"] == 1


async def test_a_charger_that_cannot_be_drawn_does_not_end_the_feed(
    supervisor: Supervisor, charger: LiveCharger, monkeypatch: pytest.MonkeyPatch
) -> None:
    with supervisor.feed.subscribe(charge_point_id="CP-1") as reader, monkeypatch.context() as m:
        drawn = asyncio.Event()

        def fail() -> None:
            drawn.set()
            raise ValueError("no portrait")

        m.setattr(charger, "snapshot", fail)
        supervisor.feed.note_charger(charger)
        await asyncio.wait_for(drawn.wait(), 10)
        with pytest.raises(ValueError, match="no portrait"):
            supervisor.feed.subscribe(charge_point_id="CP-1")
        assert supervisor.feed.reader_count == 1
        m.undo()
        charger.plug_in(1)
        await until_event(reader, "connector")


async def test_topics_limit_what_comes(supervisor: Supervisor, charger: LiveCharger) -> None:
    with supervisor.feed.subscribe(
        charge_point_id="CP-1", topics=frozenset({"transaction"})
    ) as reader:
        charger.connect()
        await until(lambda: charger.snapshot().registration == "Accepted")
        await charger.start_transaction(1, "TAG")
        await read(reader)
        event, _ = await read(reader)
        assert event == "transaction"


async def test_nothing_happening_is_told_as_such(
    supervisor: Supervisor, charger: LiveCharger
) -> None:
    with supervisor.feed.subscribe() as reader:
        await read(reader)
        assert await reader.next(0.01) is None


async def test_a_slow_reader_is_told_so_and_starts_again(
    supervisor: Supervisor, charger: LiveCharger
) -> None:
    with supervisor.feed.subscribe() as reader:
        for number in range(MAX_QUEUED + 10):
            reader.push(FeedEvent(number, "charger", b"{}"))
        event, data = await read(reader)
        assert event == "resync"
        assert data["reason"]
        event, data = await read(reader)
        assert event == "snapshot"
        assert [c["charge_point_id"] for c in data["chargers"]] == ["CP-1"]


async def test_a_removed_charger_is_gone_for_all(
    supervisor: Supervisor, charger: LiveCharger
) -> None:
    fleet = supervisor.feed.subscribe()
    detail = supervisor.feed.subscribe(charge_point_id="CP-1")
    await supervisor.remove("CP-1")
    assert await until_event(fleet, "charger-removed") == {"charge_point_id": "CP-1"}
    with pytest.raises(FeedClosed):
        await detail.next(1)
    fleet.close()


async def test_ids_rise(supervisor: Supervisor, charger: LiveCharger) -> None:
    with supervisor.feed.subscribe(charge_point_id="CP-1") as reader:
        charger.connect()
        ids: list[int] = []
        while len(ids) < 5:
            event = await reader.next(10)
            assert event is not None
            ids.append(event.id)
        assert ids == sorted(set(ids))
