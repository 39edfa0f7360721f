"""A fleet that is too large for one event comes in parts."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.runtime import live_feed
from ocppsim.runtime.feed_reader import MAX_QUEUED, FeedEvent, FeedReader
from ocppsim.runtime.live_charger import LiveCharger
from ocppsim.runtime.supervisor import Supervisor

from .conftest import Csms, definition, until

NAMES = [f"CP-{number}" for number in range(1, 8)]


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_feed, "_IN_SNAPSHOT", 2)
    monkeypatch.setattr(live_feed, "_IN_A_PART", 2)


@pytest.fixture
async def fleet(supervisor: Supervisor, csms: Csms) -> list[LiveCharger]:
    return [await supervisor.add(definition(csms.url, name), DurableState()) for name in NAMES]


async def read(reader: FeedReader) -> tuple[str, Any]:
    event = await reader.next(10)
    assert event is not None
    return event.event, msgspec.json.decode(event.data)


async def read_names(reader: FeedReader) -> list[str]:
    """The chargers of all that comes by itself."""
    names: list[str] = []
    while reader.missing or names[-1:] == []:
        event, data = await read(reader)
        if event == "snapshot":
            names += [each["charge_point_id"] for each in data["chargers"]]
        elif event == "charger":
            names.append(data["charge_point_id"])
        names += [
            msgspec.json.decode(each.data)["charge_point_id"]
            for each in reader.waiting()
            if each.event == "charger"
        ]
    return names


async def test_the_others_follow_the_first_ones(
    supervisor: Supervisor, fleet: list[LiveCharger]
) -> None:
    with supervisor.feed.subscribe() as reader:
        event, snapshot = await read(reader)
        assert event == "snapshot"
        assert [each["charge_point_id"] for each in snapshot["chargers"]] == NAMES[:2]
        assert snapshot["chargers_to_come"] == 5
        assert snapshot["totals"]["chargers"] == 7
        others = [await read(reader) for _ in range(5)]
        assert [data["charge_point_id"] for _, data in others] == NAMES[2:]
        assert {event for event, _ in others} == {"charger"}
        assert await reader.next(0.01) is None


async def test_who_follows_one_kind_of_event_gets_the_whole_snapshot_too(
    supervisor: Supervisor, fleet: list[LiveCharger]
) -> None:
    with supervisor.feed.subscribe(topics=frozenset({"totals"})) as reader:
        assert await read_names(reader) == NAMES


async def test_one_that_goes_before_its_turn_does_not_come(
    supervisor: Supervisor, fleet: list[LiveCharger]
) -> None:
    with supervisor.feed.subscribe() as reader:
        await read(reader)
        await supervisor.remove("CP-7")
        assert await read(reader) == ("charger-removed", {"charge_point_id": "CP-7"})
        others = [await read(reader) for _ in range(4)]
        assert [data["charge_point_id"] for _, data in others] == NAMES[2:6]
        assert not reader.missing


async def test_one_that_changes_before_its_turn_comes_once(
    supervisor: Supervisor, fleet: list[LiveCharger]
) -> None:
    with supervisor.feed.subscribe() as reader:
        await read(reader)
        fleet[-1].plug_in(1)
        await until(lambda: fleet[-1] not in reader.missing)
        names: list[str] = []
        while len(names) < 5:
            event, data = await read(reader)
            if event == "charger":
                names.append(data["charge_point_id"])
        assert sorted(names) == NAMES[2:]


async def test_totals_are_right_from_the_start(
    supervisor: Supervisor, fleet: list[LiveCharger]
) -> None:
    for charger in fleet:
        charger.connect()
    await until(lambda: all(each.charger.registration == "Accepted" for each in fleet))
    await asyncio.gather(*(charger.start_transaction(1, "TAG") for charger in fleet))
    with supervisor.feed.subscribe() as reader:
        event, snapshot = await read(reader)
        assert event == "snapshot"
        assert snapshot["totals"]["charging"] == 7
        assert snapshot["totals"]["connected"] == 7
        assert snapshot["totals"]["power_w"] > 7000
    with supervisor.feed.subscribe() as reader:
        assert (await read(reader))[1]["totals"]["charging"] == 7


async def test_a_slow_reader_starts_again_from_the_first_ones(
    supervisor: Supervisor, fleet: list[LiveCharger]
) -> None:
    with supervisor.feed.subscribe() as reader:
        for number in range(MAX_QUEUED + 10):
            reader.push(FeedEvent(number, "charger", b"{}"))
        event, _ = await read(reader)
        assert event == "resync"
        assert await read_names(reader) == NAMES
