from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from ocppsim.persistence import (
    Database,
    Location,
    LocationInUse,
    UnknownCharger,
    UnknownLocation,
    UnknownVehicle,
    Vehicle,
    chargers,
    locations,
    vehicles,
)

from .conftest import make_definition


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.transaction() as session:
        yield session


def test_a_location_is_created_found_changed_and_deleted(session: Session) -> None:
    created = locations.create(session, "Depot", "Street 1")
    assert locations.get(session, created.id) == created
    changed = locations.update(session, created.id, {"address": "Street 2"})
    assert changed == Location(created.id, "Depot", "Street 2", 0)
    assert locations.update(session, created.id, {"name": "Yard"}).address == "Street 2"
    locations.delete(session, created.id)
    with pytest.raises(UnknownLocation):
        locations.get(session, created.id)


def _rename(session: Session, location_id: int) -> None:
    locations.update(session, location_id, {"name": "Yard"})


@pytest.mark.parametrize("act", [locations.get, _rename, locations.delete])
def test_a_location_that_is_not_there_is_unknown(session: Session, act: object) -> None:
    assert callable(act)
    with pytest.raises(UnknownLocation, match="there is no location 404"):
        act(session, 404)


def test_the_list_counts_chargers_and_comes_in_pages(session: Session) -> None:
    first, second, third = (locations.create(session, name) for name in ("A", "B", "C"))
    chargers.create_many(
        session, [make_definition(f"CP{n}", location_id=second.id) for n in range(3)]
    )
    page = locations.list_page(session)
    assert [(entry.id, entry.charger_count) for entry in page.items] == [
        (first.id, 0),
        (second.id, 3),
        (third.id, 0),
    ]
    assert page.total == 3
    part = locations.list_page(session, limit=1, offset=1)
    assert ([entry.name for entry in part.items], part.total) == (["B"], 3)


def test_locations_are_found_by_name_or_address_in_whatever_case(session: Session) -> None:
    locations.create(session, "Münchner Straße", "Hamburg")
    locations.create(session, "Depot", "MÜNCHEN")
    locations.create(session, "100% solar", "Kiel")
    found = locations.list_page(session, q="münch")
    assert ([entry.name for entry in found.items], found.total) == (
        ["Münchner Straße", "Depot"],
        2,
    )
    assert [entry.name for entry in locations.list_page(session, q="%").items] == ["100% solar"]


def test_a_location_with_chargers_goes_only_when_forced_and_takes_all_with_it(
    session: Session,
) -> None:
    location = locations.create(session, "Depot")
    chargers.create(session, make_definition("CP1", location_id=location.id))
    vehicle = vehicles.create(
        session, Vehicle(location_id=location.id, name="Van", battery_capacity_kwh=60)
    )
    with pytest.raises(LocationInUse) as caught:
        locations.delete(session, location.id)
    assert caught.value.charger_count == 1
    locations.delete(session, location.id, force=True)
    session.expire_all()
    with pytest.raises(UnknownCharger):
        chargers.get(session, "CP1")
    with pytest.raises(UnknownVehicle):
        vehicles.get(session, vehicle.id)
