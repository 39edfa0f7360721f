"""The database of a part of a run: made by the first process, taken over by the next."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.chargepoint.identifiers import ConnectorId, LocalTransactionId, TransactionId
from ocppsim.chargepoint.notifications import TransactionView
from ocppsim.fleet.open_transactions import OpenTransaction
from ocppsim.fleet.run_storage import DatabasePlace, run_storage
from ocppsim.fleet.visit_cells import VisitCells, take_visits
from ocppsim.simulation.definition import ChargerDefinition, ConnectorDefinition
from ocppsim.simulation.visit import StoredVisit

VISIT = StoredVisit(7, 1.5, 100.0, "charged")


def definition(name: str) -> ChargerDefinition:
    return ChargerDefinition(
        charger_id=9,
        location_id=0,
        charger_name=name,
        connection_url="ws://csms.invalid/",
        identity=ChargePointIdentity(name, "Vendor", "Model"),
        connectors=(ConnectorDefinition(),),
        basic_auth_password="secret",
    )


@pytest.fixture(params=["file", "schema"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> DatabasePlace:
    if request.param == "file":
        return DatabasePlace.file(tmp_path / "fleet.db")
    cluster: Any = request.getfixturevalue("postgresql_cluster")
    return DatabasePlace(cluster.create_database(), "fleet_1")


def transaction(local_id: int, state: str, transaction_id: int | None) -> TransactionView:
    return TransactionView(
        LocalTransactionId(local_id),
        None if transaction_id is None else TransactionId(transaction_id),
        ConnectorId(1),
        "TAG",
        state,
        0,
        1_772_409_600.0,
    )


async def test_the_next_process_finds_what_the_one_before_has_stored(place: DatabasePlace) -> None:
    given = [definition("CP2"), definition("CP1")]
    async with run_storage(place, "Run", given) as storage:
        assert storage.durable == {}
        assert [one.charge_point_id for one in storage.definitions] == ["CP2", "CP1"]
        assert storage.definitions[0].basic_auth_password == "secret"
        second = storage.definitions[1].charger_id
        storage.journal.start(lambda _committed: None)
        storage.journal.append(second, 1, b"message")
        VisitCells(storage.journal, [one.charger_id for one in storage.definitions])(
            1, ConnectorId(1), VISIT
        )
        for view in (
            transaction(1, "stopped", 11),
            transaction(2, "running", 12),
            transaction(3, "starting", None),
        ):
            storage.config_sync.save_transaction(second, view, vehicle_id=None, energy_wh=0.0)
    async with run_storage(place, "Run", given) as storage:
        assert [one.charge_point_id for one in storage.definitions] == ["CP2", "CP1"]
        assert storage.definitions[1].charger_id == second
        durable = storage.durable[second]
        assert [message.body for message in durable.messages] == [b"message"]
        assert list(take_visits(durable)) == [(ConnectorId(1), VISIT)]
        assert durable.cells == {}
        assert storage.open_transactions == [
            OpenTransaction("CP1", 1, 2, 12),
            OpenTransaction("CP1", 1, 3, None),
        ]


async def test_parts_in_schemas_of_one_database_know_nothing_of_each_other(
    postgresql_cluster: Any,
) -> None:
    url = postgresql_cluster.create_database()
    async with run_storage(DatabasePlace(url, "run_1"), "Run", [definition("CP1")]) as storage:
        first = storage.definitions[0].charger_id
    async with run_storage(DatabasePlace(url, "run_2"), "Run", [definition("CP1")]) as storage:
        assert storage.durable == {}
        assert storage.definitions[0].charger_id == first
