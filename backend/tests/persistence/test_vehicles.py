from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from sqlalchemy.orm import Session

from ocppsim.persistence import (
    CurvePoint,
    Database,
    UnknownLocation,
    UnknownVehicle,
    Vehicle,
    locations,
    vehicles,
)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.transaction() as session:
        yield session


@pytest.fixture
def location_id(session: Session) -> int:
    return locations.create(session, "Depot").id


def test_every_field_comes_back(session: Session, location_id: int) -> None:
    given = Vehicle(
        location_id=location_id,
        name="Van 1",
        id_tags=("TAG2", "TAG1"),
        battery_capacity_kwh=77.4,
        model_id="van-77",
        ac_phases=3,
        ac_max_power_kw=11.0,
        dc_max_power_kw=170.0,
        dc_charging_curve=(CurvePoint(0, 100), CurvePoint(80, 35.5)),
    )
    stored = vehicles.create(session, given)
    session.expire_all()
    assert stored == msgspec.structs.replace(given, id=stored.id)
    assert vehicles.get(session, stored.id) == stored


def test_what_was_not_given_stays_open(session: Session, location_id: int) -> None:
    stored = vehicles.create(
        session, Vehicle(location_id=location_id, name="Car", battery_capacity_kwh=50)
    )
    session.expire_all()
    again = vehicles.get(session, stored.id)
    assert (again.id_tags, again.ac_phases, again.dc_charging_curve) == ((), None, None)


def test_an_id_tag_is_kept_once_whatever_its_case(session: Session, location_id: int) -> None:
    stored = vehicles.create(
        session,
        Vehicle(
            location_id=location_id,
            name="Car",
            id_tags=("Tag1", "TAG2", "TAG1"),
            battery_capacity_kwh=50,
        ),
    )
    assert stored.id_tags == ("Tag1", "TAG2")
    assert vehicles.get(session, stored.id).id_tags == ("Tag1", "TAG2")


def test_lists_are_by_location_and_come_in_pages(session: Session, location_id: int) -> None:
    other = locations.create(session, "Other").id
    empty = locations.create(session, "Empty").id
    for number, at in enumerate([location_id, other, location_id, location_id]):
        vehicles.create(
            session,
            Vehicle(
                location_id=at,
                name=f"V{number}",
                id_tags=(f"T{number}", "ALL"),
                battery_capacity_kwh=50,
            ),
        )
    page = vehicles.list_page(session, location_id, limit=2, offset=1)
    assert [(each.name, each.id_tags) for each in page.items] == [
        ("V2", ("T2", "ALL")),
        ("V3", ("T3", "ALL")),
    ]
    assert page.total == 3
    garage = vehicles.by_location(session)
    assert {at: [each.name for each in there] for at, there in garage.items()} == {
        location_id: ["V0", "V2", "V3"],
        other: ["V1"],
    }
    assert vehicles.list_page(session, empty) == ([], 0)


def test_a_change_touches_only_what_it_names(session: Session, location_id: int) -> None:
    stored = vehicles.create(
        session,
        Vehicle(
            location_id=location_id,
            name="Car",
            id_tags=("A", "B"),
            battery_capacity_kwh=50,
            dc_charging_curve=(CurvePoint(0, 50),),
        ),
    )
    changed = vehicles.update(session, stored.id, {"id_tags": ("C", "A"), "ac_phases": 1})
    assert changed == msgspec.structs.replace(stored, id_tags=("C", "A"), ac_phases=1)
    cleared = vehicles.update(session, stored.id, {"dc_charging_curve": None, "id_tags": ()})
    assert (cleared.dc_charging_curve, cleared.id_tags) == (None, ())


def test_what_cannot_be_is_refused(session: Session, location_id: int) -> None:
    with pytest.raises(UnknownLocation):
        vehicles.create(session, Vehicle(location_id=404, name="x", battery_capacity_kwh=1))
    stored = vehicles.create(
        session, Vehicle(location_id=location_id, name="x", battery_capacity_kwh=1)
    )
    with pytest.raises(UnknownLocation):
        vehicles.update(session, stored.id, {"location_id": 404})
    with pytest.raises(ValueError, match="no field id"):
        vehicles.update(session, stored.id, {"id": 1})
    vehicles.delete(session, stored.id)
    with pytest.raises(UnknownVehicle):
        vehicles.get(session, stored.id)
    with pytest.raises(UnknownVehicle):
        vehicles.delete(session, stored.id)
    with pytest.raises(UnknownVehicle):
        vehicles.update(session, stored.id, {})
