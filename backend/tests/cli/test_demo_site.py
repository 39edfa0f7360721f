"""What the demo puts into the database, and when."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ocppsim.api.garage import vehicle_numbers
from ocppsim.cli.demo_site import DEMO_CHARGERS, demo_auto_start, prepare_demo_site
from ocppsim.persistence import Database, chargers, locations, vehicles
from ocppsim.runtime.vehicle_library import vehicle_models
from ocppsim.simulation.vehicle_models import vehicle_spec


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/demo.db")
    database.upgrade()
    yield database
    database.close()


def test_an_empty_database_gets_the_demo_site_once(database: Database) -> None:
    with database.transaction() as session:
        assert prepare_demo_site(session, "ws://127.0.0.1:9000")
    with database.transaction() as session:
        assert not prepare_demo_site(session, "ws://127.0.0.1:9000")
        assert locations.list_page(session).total == 1
        stored = chargers.load_all(session)
    assert {charger.connectors[0].power_type for charger in stored} == {"AC", "DC"}
    assert all(charger.auto_plug_in for charger in stored)
    assert {charger.desired_connection for charger in stored} == {"connected"}
    assert {charger.connection_url for charger in stored} == {"ws://127.0.0.1:9000/demo"}


def test_a_database_with_a_location_is_left_alone(database: Database) -> None:
    with database.transaction() as session:
        locations.create(session, "Mine")
        assert not prepare_demo_site(session, "ws://127.0.0.1:9000")
        assert chargers.load_all(session) == []


def test_every_started_tag_belongs_to_a_car_of_the_site(database: Database) -> None:
    with database.transaction() as session:
        prepare_demo_site(session, "ws://127.0.0.1:9000")
        (parked,) = vehicles.by_location(session).values()
    tags = {tag for vehicle in parked for tag in vehicle.id_tags}
    assert set(demo_auto_start().id_tags.values()) <= tags


def test_the_cars_of_the_demo_charge_as_their_models_do(database: Database) -> None:
    with database.transaction() as session:
        prepare_demo_site(session, "ws://127.0.0.1:9000")
        (parked,) = vehicles.by_location(session).values()
    for vehicle in parked:
        assert vehicle.model_id is not None
        model = vehicle_models().get(vehicle.model_id)
        assert vehicle_numbers(vehicle) == vehicle_spec(vehicle.name, {}, model)


def test_demo_chargers_follow_the_demo_csms_unless_they_were_pointed_elsewhere(
    database: Database,
) -> None:
    elsewhere, follows = DEMO_CHARGERS[0].charge_point_id, DEMO_CHARGERS[1].charge_point_id
    with database.transaction() as session:
        prepare_demo_site(session, "ws://127.0.0.1:9000")
        chargers.update(session, elsewhere, {"connection_url": "ws://my.csms/ocpp"})
        prepare_demo_site(session, "ws://127.0.0.1:54321")
        assert chargers.get(session, elsewhere).connection_url == "ws://my.csms/ocpp"
        assert chargers.get(session, follows).connection_url == "ws://127.0.0.1:54321/demo"
