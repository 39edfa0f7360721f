"""Five hundred chargers from the database, with a session each, in one process."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.persistence import Database, chargers, configuration, locations
from ocppsim.simulation.definition import ChargerDefinition, ConnectorDefinition
from tests.interop.csms_peer import CsmsPeer, ocpp_package_peer
from tests.interop.simulator_process import simulator_process

COUNT = 500
LIMIT_S = 90.0


def store_chargers(path: Path, url: str) -> None:
    """A database with chargers that are to be connected."""
    database = Database(f"sqlite:///{path}")
    database.upgrade()
    with database.transaction() as session:
        location = locations.create(session, "Five hundred")
        stored = chargers.create_many(
            session,
            [
                ChargerDefinition(
                    charger_id=0,
                    location_id=location.id,
                    charger_name=f"Charger {number}",
                    connection_url=url,
                    identity=ChargePointIdentity(f"CP{number:03}", "Many", "Load"),
                    connectors=(ConnectorDefinition(),),
                    desired_connection="connected",
                )
                for number in range(COUNT)
            ],
        )
        for each in stored:
            configuration.set_values(session, each.charger_id, {"MeterValueSampleInterval": "5"})
    database.close()


async def bulk(api: httpx.AsyncClient, action: str, body: dict[str, Any]) -> None:
    """One action on all chargers; none may fail."""
    order = {"filter": {}, "action": action, "body": body}
    operation_id = (await api.post("/chargers/bulk", json=order)).json()["operation_id"]
    async with asyncio.timeout(LIMIT_S):
        while True:
            operation = (await api.get(f"/operations/{operation_id}")).json()
            if operation["state"] != "running":
                break
            await asyncio.sleep(0.2)
    assert (operation["succeeded"], operation["failures"]) == (COUNT, [])


@pytest.mark.timeout(240)
async def test_five_hundred_chargers_charge_without_a_warning(tmp_path: Path) -> None:
    database = tmp_path / "many.db"
    async with ocpp_package_peer() as csms:
        store_chargers(database, csms.url)
        async with simulator_process(database) as simulator:
            await all_of(csms, "StatusNotification", 2 * COUNT)
            await bulk(simulator.api, "transactions/start", {"connector_id": 1, "id_tag": "TAG"})
            await all_of(csms, "MeterValues", 2 * COUNT)
            health = (await simulator.api.get("/health")).json()
            assert (health["chargers"], health["connected"]) == (COUNT, COUNT)
            await bulk(simulator.api, "transactions/stop", {"connector_id": 1})
            await all_of(csms, "StopTransaction", COUNT)
            assert await simulator.stop() == 0
        assert len(csms.named("BootNotification")) == COUNT
        assert len(csms.named("StartTransaction")) == COUNT
        assert len(csms.named("StopTransaction")) == COUNT
        assert csms.violations == []
        assert [line for line in simulator.log if " INFO " not in line] == []


async def all_of(csms: CsmsPeer, action: str, count: int) -> None:
    """Wait until that many CALLs of an action have come."""
    async with asyncio.timeout(LIMIT_S):
        while len(csms.named(action)) < count:  # noqa: ASYNC110 - hundreds a second
            await asyncio.sleep(0.2)
