from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from ocppsim.api import events as event_routes
from ocppsim.api.schemas.charger import Charger, ChargerDetail
from ocppsim.api.schemas.events import (
    AuthorizationEvent,
    ChargerSnapshotEvent,
    ConnectorEvent,
    MessageEvent,
    MeterEvent,
    RecordsEvent,
    SnapshotEvent,
    Totals,
)
from ocppsim.api.schemas.transaction import Transaction
from ocppsim.main import create_app, end_event_streams
from ocppsim.settings import Settings

from .conftest import PATIENCE_S, Api, Csms, assert_problem, until

# ASGITransport gives an answer only when it is complete; a stream never is.


@pytest.fixture
async def app(settings: Settings) -> FastAPI:
    return create_app(settings)


@pytest.fixture
async def api(app: FastAPI) -> AsyncGenerator[Api]:
    """The API on a socket of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, log_config=None, ws="none", timeout_graceful_shutdown=10)
        server = uvicorn.Server(config)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(server.serve(sockets=[listener]))

            async def started() -> bool:
                return server.started

            await until(started)
            base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            async with httpx.AsyncClient(base_url=base_url, timeout=PATIENCE_S) as http:
                yield Api(http)
                end_event_streams(app)
                server.should_exit = True


Event = tuple[str, int, Any]


@asynccontextmanager
async def stream(api: Api, **query: str | int) -> AsyncGenerator[AsyncIterator[Event]]:
    async with api.http.stream("GET", "/api/events", params=query) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        yield _parsed(answer.aiter_lines())


async def _parsed(lines: AsyncIterator[str]) -> AsyncIterator[Event]:
    fields: dict[str, str] = {}
    async for line in lines:
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.strip()
        else:
            if "data" in fields:
                yield fields["event"], int(fields["id"]), json.loads(fields["data"])
            elif "" in fields:
                yield "comment", 0, fields[""]
            fields = {}


async def first(events: AsyncIterator[Event], *names: str) -> Any:
    """The data of the first event of that name; with several names, of each its first."""
    found: dict[str, Any] = {}
    async with asyncio.timeout(PATIENCE_S):
        async for kind, _, data in events:
            if kind in names:
                found.setdefault(kind, data)
            if len(found) == len(names):
                return tuple(found[name] for name in names) if len(names) > 1 else data
    raise AssertionError(f"the stream ended without {names}")


async def test_the_fleet_begins_with_a_snapshot_and_goes_on_with_changes(api: Api) -> None:
    location_id = await api.location()
    await api.charger("CP1", location_id=location_id)
    async with stream(api) as events:
        snapshot = await first(events, "snapshot")
        SnapshotEvent.model_validate(snapshot, strict=True)
        assert [each["charge_point_id"] for each in snapshot["chargers"]] == ["CP1"]
        assert snapshot["totals"]["chargers"] == 1
        await api.post("/api/chargers/CP1/connectors/1/plug-in")
        changed = await first(events, "charger")
        Charger.model_validate(changed, strict=True)
        assert changed["connectors"][0]["status"] == "Preparing"
        await api.charger("CP2", location_id=location_id)
        assert (await first(events, "charger"))["charge_point_id"] in {"CP1", "CP2"}
        Totals.model_validate(await first(events, "totals"), strict=True)
        await api.delete("/api/chargers/CP2")
        assert await first(events, "charger-removed") == {"charge_point_id": "CP2"}


async def test_one_charger_is_told_in_detail(api: Api, csms: Csms) -> None:
    await api.charger("CP1", connection_url=csms.url)
    async with stream(api, charge_point_id="CP1") as events:
        snapshot = await first(events, "snapshot")
        ChargerSnapshotEvent.model_validate(snapshot, strict=True)
        assert snapshot["charger"]["charge_point_id"] == "CP1"
        await api.post("/api/chargers/CP1/connect")
        message, charger = await first(events, "message", "charger")
        MessageEvent.model_validate(message, strict=True)
        assert message["message"]["action"] == "BootNotification"
        ChargerDetail.model_validate(charger, strict=True)
        await api.reaches("CP1", registration="Accepted")
        start = {"connector_id": 1, "id_tag": "TAG"}
        await api.post("/api/chargers/CP1/transactions/start", json=start)
        Transaction.model_validate(await first(events, "transaction"), strict=True)
    async with stream(api, charge_point_id="CP1", topics="meter") as events:
        meter = await first(events, "meter")
        MeterEvent.model_validate(meter, strict=True)
        assert meter["connector_id"] == 1
    async with stream(api, charge_point_id="CP1", topics="connector, transaction") as events:
        await first(events, "snapshot")
        await api.post("/api/chargers/CP1/connectors/1/ev", json={"draws": False})
        ConnectorEvent.model_validate(await first(events, "connector"), strict=True)


async def test_records_and_judged_tags_are_told_of_one_charger(api: Api, csms: Csms) -> None:
    await api.charger("CP1", connection_url=csms.url, auto_connect=True)
    await api.reaches("CP1", registration="Accepted")
    async with stream(api, charge_point_id="CP1", topics="records,authorization") as events:
        await first(events, "snapshot")
        full = {"listVersion": 1, "updateType": "Full", "localAuthorizationList": []}
        await csms.ask("SendLocalList", full)
        records = await first(events, "records")
        RecordsEvent.model_validate(records, strict=True)
        assert records == {"charge_point_id": "CP1", "records": "local-list"}
        await api.post("/api/chargers/CP1/connectors/1/id-tag", json={"id_tag": "BAD"})
        judged = await first(events, "authorization")
        AuthorizationEvent.model_validate(judged, strict=True)
        assert (judged["id_tag"], judged["status"]) == ("BAD", "Invalid")
        assert judged["reason"]


async def test_ids_rise(api: Api) -> None:
    await api.charger("CP1")
    async with stream(api) as events, asyncio.timeout(PATIENCE_S):
        ids: list[int] = []
        async for _, number, _ in events:
            ids.append(number)
            if len(ids) == 3:
                break
            body = {"draws": len(ids) == 1}
            await api.post("/api/chargers/CP1/connectors/1/plug-in")
            await api.post("/api/chargers/CP1/connectors/1/ev", json=body)
    assert ids == sorted(set(ids))


async def test_one_location_is_enough(api: Api) -> None:
    here, there = await api.location(), await api.location()
    await api.charger("A", location_id=here)
    await api.charger("B", location_id=there)
    async with stream(api, location_id=there) as events:
        snapshot = await first(events, "snapshot")
        assert [each["charge_point_id"] for each in snapshot["chargers"]] == ["B"]


async def test_a_topic_that_nobody_asked_for_does_not_come(api: Api) -> None:
    await api.charger("A")
    async with stream(api, topics="totals") as events:
        await first(events, "snapshot")
        await api.delete("/api/chargers/A")
        kinds: list[str] = []
        async for kind, _, data in events:
            kinds.append(kind)
            if kind == "totals" and data["chargers"] == 0:
                break
    assert set(kinds) == {"totals"}


async def test_silence_is_broken_by_comments(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_routes, "HEARTBEAT_S", 0.05)
    async with stream(api, topics="message") as events:
        await first(events, "snapshot")
        await first(events, "comment")


async def test_who_leaves_is_forgotten(api: Api, app: FastAPI) -> None:
    feed = app.state.services.supervisor.feed
    async with stream(api) as events:
        await first(events, "snapshot")
        assert feed.reader_count == 1

    async def forgotten() -> bool:
        return feed.reader_count == 0

    await until(forgotten)


async def test_what_is_not_there_cannot_be_watched(api: Api) -> None:
    assert_problem(await api.get("/api/events?charge_point_id=Nobody"), 404)
    assert_problem(await api.get("/api/events?topics=weather"), 422)
    assert_problem(await api.get("/api/events?location_id=x"), 422)
