from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.persistence import (
    Database,
    DuplicateChargePoint,
    UnfitValue,
    UnknownCharger,
    UnknownLocation,
    chargers,
    configuration,
    load_durable_states,
    locations,
)
from ocppsim.persistence.schema import Base
from ocppsim.simulation.definition import ChargerDefinition, ConnectorDefinition, TlsDefinition

from .conftest import make_definition

FULL = ChargerDefinition(
    charger_id=0,
    location_id=0,
    charger_name="Säule 1",
    connection_url="wss://csms.example/ocpp",
    identity=ChargePointIdentity(
        charge_point_id="CP 001|a",
        charge_point_vendor="Vendor",
        charge_point_model="Model",
        firmware_version="1.2.3",
        charge_point_serial_number="SN1",
        charge_box_serial_number="SN2",
        iccid="89000000000000000000",
        imsi="262000000000000",
        meter_serial_number="M1",
        meter_type="MID",
    ),
    connectors=(
        ConnectorDefinition("AC", 11040.0, 3, "socket"),
        ConnectorDefinition("DC", 150_000.0, 3, "tethered"),
        ConnectorDefinition("AC", 3680.0, 1, "tethered"),
    ),
    ocpp_version="1.6",
    security_profile=3,
    basic_auth_password="0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF",
    tls=TlsDefinition("CA", "CERT", "KEY", verify=False),
    auto_plug_in=True,
    desired_connection="offline",
    behaviour={"AMB-6": "resume"},
)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.transaction() as session:
        yield session


@pytest.fixture
def location_id(session: Session) -> int:
    return locations.create(session, "Depot").id


def test_every_field_comes_back(session: Session, location_id: int) -> None:
    given_definition = msgspec.structs.replace(FULL, location_id=location_id)
    stored = chargers.create(session, given_definition)
    session.expire_all()
    assert stored == msgspec.structs.replace(given_definition, charger_id=stored.charger_id)
    assert stored.charger_id > 0
    assert chargers.get(session, "CP 001|a") == stored
    assert chargers.load_all(session) == [stored]
    assert chargers.list_page(session).items == [stored]


@settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    charge_point_id=st.text(
        st.characters(min_codepoint=32, max_codepoint=126, exclude_characters="/"),
        min_size=1,
        max_size=48,
    ),
    charger_name=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300),
)
def test_any_legal_id_and_name_comes_back(
    session: Session, location_id: int, charge_point_id: str, charger_name: str
) -> None:
    stored = chargers.create(
        session,
        make_definition(charge_point_id, location_id=location_id, charger_name=charger_name),
    )
    try:
        assert chargers.get(session, charge_point_id) == stored
        found = chargers.list_page(session, q=charge_point_id)
        assert found.items == [stored]
    finally:
        chargers.delete(session, charge_point_id)


def test_many_are_created_in_order(session: Session, location_id: int) -> None:
    stored = chargers.create_many(
        session, [make_definition(f"CP{n}", location_id=location_id) for n in range(500, 0, -1)]
    )
    assert [definition.charge_point_id for definition in chargers.load_all(session)] == [
        f"CP{n}" for n in range(500, 0, -1)
    ]
    assert chargers.load_all(session) == stored
    assert chargers.create_many(session, []) == []


def test_a_duplicate_id_is_refused_and_nothing_is_created(database: Database) -> None:
    with database.transaction() as session:
        depot = locations.create(session, "Depot").id
        chargers.create(session, make_definition("CP1", location_id=depot))
    with pytest.raises(DuplicateChargePoint) as caught, database.transaction() as session:
        chargers.create_many(
            session,
            [make_definition(each, location_id=depot) for each in ("CP2", "CP1", "CP3", "CP3")],
        )
    assert caught.value.charge_point_ids == ("CP1", "CP3")
    with database.snapshot() as session:
        assert chargers.list_page(session).total == 1


def test_ids_differ_by_case(session: Session, location_id: int) -> None:
    chargers.create(session, make_definition("cp1", location_id=location_id))
    chargers.create(session, make_definition("CP1", location_id=location_id))
    assert chargers.taken_ids(session, ["cp1", "Cp1", "CP1"]) == {"cp1", "CP1"}


def test_a_charger_needs_a_location(session: Session) -> None:
    with pytest.raises(UnknownLocation):
        chargers.create(session, make_definition(location_id=404))


def test_lists_are_filtered_and_come_in_pages(session: Session, location_id: int) -> None:
    other = locations.create(session, "Other").id
    for charge_point_id, at, name in [
        ("A_1", location_id, "Säule Nord"),
        ("AB1", location_id, "100 % solar"),
        ("C-1", other, "SÄULE Süd"),
        ("D-1", other, "back\\slash"),
    ]:
        chargers.create(
            session, make_definition(charge_point_id, location_id=at, charger_name=name)
        )

    def found(**filters: object) -> tuple[list[str], int]:
        page = chargers.list_page(session, **filters)  # pyright: ignore[reportArgumentType]
        return [definition.charge_point_id for definition in page.items], page.total

    assert found() == (["A_1", "AB1", "C-1", "D-1"], 4)
    assert found(location_id=other) == (["C-1", "D-1"], 2)
    assert found(q="a_") == (["A_1"], 1)
    assert found(q="%") == (["AB1"], 1)
    assert found(q="\\") == (["D-1"], 1)
    assert found(q="säule") == (["A_1", "C-1"], 2)
    assert found(q="säule", location_id=other) == (["C-1"], 1)
    assert found(q="nothing") == ([], 0)
    assert found(limit=2) == (["A_1", "AB1"], 4)
    assert found(limit=2, offset=3) == (["D-1"], 4)
    assert found(offset=3) == (["D-1"], 4)
    assert found(limit=0) == ([], 4)


def test_a_page_brings_the_connectors_of_its_chargers(session: Session, location_id: int) -> None:
    for number in range(1, 4):
        chargers.create(
            session,
            make_definition(
                f"CP{number}",
                location_id=location_id,
                connectors=(ConnectorDefinition(max_power_w=number * 1000.0),) * number,
            ),
        )
    page = chargers.list_page(session, limit=1, offset=1)
    assert page.items[0].connectors == (ConnectorDefinition(max_power_w=2000.0),) * 2


def test_a_change_touches_only_what_it_names(session: Session, location_id: int) -> None:
    stored = chargers.create(session, msgspec.structs.replace(FULL, location_id=location_id))
    changed = chargers.update(
        session,
        stored.charge_point_id,
        {
            "charger_name": "New",
            "charge_point_vendor": "Other",
            "basic_auth_password": None,
            "connectors": (ConnectorDefinition("DC", 50_000.0),),
            "tls": TlsDefinition("CA2"),
        },
    )
    session.expire_all()
    assert changed == msgspec.structs.replace(
        stored,
        charger_name="New",
        identity=msgspec.structs.replace(stored.identity, charge_point_vendor="Other"),
        basic_auth_password=None,
        connectors=(ConnectorDefinition("DC", 50_000.0),),
        tls=TlsDefinition("CA2"),
    )
    assert chargers.get(session, stored.charge_point_id) == changed


def test_a_change_does_not_set_back_what_is_kept_in_step_in_the_background(
    session: Session, location_id: int
) -> None:
    stored = chargers.create(session, make_definition(location_id=location_id))
    session.execute(text("UPDATE chargers SET desired_connection = 'connected'"))
    chargers.update(session, "CP001", {"charger_name": "New"})
    session.expire_all()
    assert stored.desired_connection == "disconnected"
    assert chargers.get(session, "CP001").desired_connection == "connected"


def test_a_charger_can_be_renamed_and_moved(session: Session, location_id: int) -> None:
    other = locations.create(session, "Other").id
    chargers.create(session, make_definition("CP1", location_id=location_id))
    moved = chargers.update(session, "CP1", {"charge_point_id": "CP2", "location_id": other})
    assert (moved.charge_point_id, moved.location_id) == ("CP2", other)
    assert chargers.get(session, "CP2") == moved
    with pytest.raises(UnknownCharger):
        chargers.get(session, "CP1")


def test_a_change_that_cannot_be_is_refused(session: Session, location_id: int) -> None:
    chargers.create(session, make_definition("CP1", location_id=location_id))
    chargers.create(session, make_definition("CP2", location_id=location_id))
    with pytest.raises(DuplicateChargePoint):
        chargers.update(session, "CP1", {"charge_point_id": "CP2"})
    with pytest.raises(UnknownLocation):
        chargers.update(session, "CP1", {"location_id": 404})
    with pytest.raises(UnknownCharger):
        chargers.update(session, "CP3", {"charger_name": "x"})
    with pytest.raises(ValueError, match="no field charger_id"):
        chargers.update(session, "CP1", {"charger_id": 7})
    assert chargers.get(session, "CP1").charger_name == "Charger CP1"


def test_deleting_a_charger_leaves_nothing_of_it(database: Database) -> None:
    with database.transaction() as session:
        depot = locations.create(session, "Depot").id
        kept = chargers.create(session, make_definition("CP1", location_id=depot))
        gone = chargers.create(session, make_definition("CP2", location_id=depot))
        for number in (kept.charger_id, gone.charger_id):
            configuration.set_values(session, number, {"HeartbeatInterval": "60"})
            for statement in [
                "INSERT INTO connector_availability VALUES (:id, 1, false)",
                "INSERT INTO journal_message VALUES (:id, 1, 'x')",
                "INSERT INTO journal_cell VALUES (:id, 'boot', 'x')",
                "INSERT INTO journal_watermark VALUES (:id, 7)",
                "INSERT INTO session_ledgers VALUES (:id, 1, 'x')",
                "INSERT INTO session_ledger_pages VALUES (:id, 1, 1, 'x')",
                (
                    "INSERT INTO transactions VALUES "
                    "(:id, :id, 1, 5, 1, 'TAG', 'running', 0, 0, 9, 9, 'Local', 'Accepted', 1, 9)"
                ),
            ]:
                session.execute(text(statement), {"id": number})
        chargers.delete(session, "CP2")
    with database.snapshot() as session:
        for table in Base.metadata.tables.values():
            if "charger_id" in table.columns:
                owners = session.scalars(text(f"SELECT charger_id FROM {table.name}")).all()
                assert owners == [kept.charger_id], table.name
        with pytest.raises(UnknownCharger):
            chargers.delete(session, "CP2")


def test_the_number_of_a_deleted_charger_is_never_given_again(
    session: Session, location_id: int
) -> None:
    first = chargers.create(session, make_definition("CP1", location_id=location_id))
    chargers.delete(session, "CP1")
    second = chargers.create(session, make_definition("CP1", location_id=location_id))
    assert second.charger_id > first.charger_id


def test_loading_takes_two_queries_however_many_chargers(
    session: Session, location_id: int
) -> None:
    chargers.create_many(
        session, [make_definition(f"CP{n}", location_id=location_id) for n in range(300)]
    )
    session.expire_all()
    statements: list[str] = []
    event.listen(
        session.connection(),
        "before_cursor_execute",
        lambda *arguments: statements.append(arguments[2]),
    )
    assert len(chargers.load_all(session)) == 300
    assert len(statements) == 2


def test_configuration_values_are_kept_by_key(session: Session, location_id: int) -> None:
    charger = chargers.create(session, make_definition(location_id=location_id))
    configuration.set_values(session, charger.charger_id, {"A": "1", "B": "2"})
    configuration.set_values(session, charger.charger_id, {"B": "3", "C": ""})
    configuration.set_values(session, charger.charger_id, {})
    assert configuration.values(session, charger.charger_id) == {"A": "1", "B": "3", "C": ""}
    assert configuration.availability(session, charger.charger_id) == {}


def test_a_value_that_cannot_be_stored_is_said_to_be_unfit(database: Database) -> None:
    with database.transaction() as session:
        depot = locations.create(session, "Depot").id
    with pytest.raises(UnfitValue), database.transaction() as session:
        chargers.create(session, make_definition(location_id=depot, charger_name="a\ud800b"))
    if not database.is_sqlite:  # which takes a NUL in a text
        with pytest.raises(UnfitValue), database.transaction() as session:
            chargers.create(session, make_definition(location_id=depot, charger_name="a\0b"))


def test_no_error_repeats_a_password(sqlite_database: Database) -> None:
    with (
        pytest.raises(IntegrityError) as caught,
        sqlite_database.transaction() as session,
    ):
        session.execute(
            text("INSERT INTO chargers (basic_auth_password) VALUES (:password)"),
            {"password": "open sesame"},
        )
    assert "open sesame" not in str(caught.value)


def test_what_chargers_have_alike_is_there_once(session: Session, location_id: int) -> None:
    chargers.create_many(
        session,
        [
            msgspec.structs.replace(
                FULL,
                location_id=location_id,
                identity=msgspec.structs.replace(FULL.identity, charge_point_id=charge_point_id),
            )
            for charge_point_id in ("CP1", "CP2")
        ],
    )
    for each in chargers.load_all(session):
        configuration.set_values(session, each.charger_id, {"HeartbeatInterval": "60"})
    one, other = chargers.load_all(session)
    assert one.connection_url is other.connection_url
    assert one.identity.charge_point_model is other.identity.charge_point_model
    assert one.connectors is other.connectors
    assert one.tls is other.tls
    states = load_durable_states(session, [one.charger_id, other.charger_id])
    ((key, value),) = states[one.charger_id].configuration.items()
    ((other_key, other_value),) = states[other.charger_id].configuration.items()
    assert (key, value) == ("HeartbeatInterval", "60")
    assert key is other_key
    assert value is other_value
