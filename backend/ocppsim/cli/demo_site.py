"""What the demo shows: a location with chargers and cars, and who starts whom."""

from __future__ import annotations

import re

import msgspec
from sqlalchemy.orm import Session

from ocppsim.api.schemas.vehicle import VehicleCreate
from ocppsim.api.vehicle_rules import new_vehicle
from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.csms import AutoStart
from ocppsim.persistence import chargers, configuration, locations, vehicles
from ocppsim.persistence.records import Vehicle
from ocppsim.simulation.definition import ChargerDefinition, ConnectorDefinition

DEMO_PATH = "/demo"
"""Ends the connection URL of a charger that belongs to the demo's own central system."""

_SAMPLE_INTERVAL_S = 5
_DEMO_URL = re.compile(rf"ws://127\.0\.0\.1:\d+{DEMO_PATH}")


class DemoCharger(msgspec.Struct, frozen=True):
    """A charger of the demo, and the tags of the cars that come to its connectors (or None)."""

    charge_point_id: str
    name: str
    model: str
    connectors: tuple[ConnectorDefinition, ...]
    id_tags: tuple[str | None, ...]


_SOCKET_22_KW = ConnectorDefinition(power_type="AC", max_power_w=22080, phases=3, cable="socket")

DEMO_CHARGERS = (
    DemoCharger(
        "DEMO-DC-1",
        "Fast charger at the entrance",
        "DC 150",
        (ConnectorDefinition(power_type="DC", max_power_w=150_000, phases=3, cable="tethered"),),
        ("DEMO-TOURER",),
    ),
    DemoCharger(
        "DEMO-AC-1",
        "Double socket in the car park",
        "AC 22 Duo",
        (_SOCKET_22_KW, _SOCKET_22_KW),
        ("DEMO-CITY", None),
    ),
    DemoCharger(
        "DEMO-AC-2",
        "Wall box at the staff entrance",
        "AC 11",
        (ConnectorDefinition(power_type="AC", max_power_w=11_040, phases=3, cable="tethered"),),
        ("DEMO-FAMILY",),
    ),
)


_DEMO_VEHICLES = (
    ("Fast tourer", "DEMO-TOURER", "hyundai-ioniq-5-77"),
    ("City car", "DEMO-CITY", "dacia-spring-45"),
    ("Family car", "DEMO-FAMILY", "volkswagen-id-3-58"),
    ("Delivery van", "DEMO-VAN", "ford-e-transit-68"),
)
"""The cars of the demo: name, tag and model."""


def _demo_vehicles(location_id: int) -> list[Vehicle]:
    return [
        new_vehicle(location_id, VehicleCreate(name=name, id_tags=[id_tag], model_id=model_id))
        for name, id_tag, model_id in _DEMO_VEHICLES
    ]


def prepare_demo_site(session: Session, csms_url: str) -> bool:
    """Create the demo location unless there is a location; True where it was created.

    Chargers of an earlier start follow the demo's central system to the port it has now.
    """
    connection_url = f"{csms_url}{DEMO_PATH}"
    _follow(session, connection_url)
    if locations.list_page(session, limit=1).total:
        return False
    location = locations.create(session, "Demo site", "1 Charging Lane")
    for vehicle in _demo_vehicles(location.id):
        vehicles.create(session, vehicle)
    for demo in DEMO_CHARGERS:
        stored = chargers.create(session, _definition(demo, location.id, connection_url))
        configuration.set_values(session, stored.charger_id, _configuration())
    return True


def demo_auto_start() -> AutoStart:
    """The cars that the demo's central system starts; the other connectors are the user's."""
    return AutoStart(
        id_tags={
            (demo.charge_point_id, connector_id): id_tag
            for demo in DEMO_CHARGERS
            for connector_id, id_tag in enumerate(demo.id_tags, start=1)
            if id_tag is not None
        },
        delay_s=2.0,
        pace_s=3.0,
        rest_s=60.0,
    )


def _follow(session: Session, connection_url: str) -> None:
    for demo in DEMO_CHARGERS:
        if not chargers.taken_ids(session, [demo.charge_point_id]):
            continue
        stored = chargers.get(session, demo.charge_point_id).connection_url
        if stored != connection_url and _DEMO_URL.fullmatch(stored):
            chargers.update(session, demo.charge_point_id, {"connection_url": connection_url})


def _definition(demo: DemoCharger, location_id: int, connection_url: str) -> ChargerDefinition:
    return ChargerDefinition(
        charger_id=0,
        location_id=location_id,
        charger_name=demo.name,
        connection_url=connection_url,
        identity=ChargePointIdentity(
            charge_point_id=demo.charge_point_id,
            charge_point_vendor="ocppsim",
            charge_point_model=demo.model,
            firmware_version="1.0.0",
        ),
        connectors=demo.connectors,
        auto_plug_in=True,
        desired_connection="connected",
    )


def _configuration() -> dict[str, str]:
    measurands = [
        "Energy.Active.Import.Register",
        "Power.Active.Import",
        "Current.Import",
        "Voltage",
        "SoC",
    ]
    return {
        "MeterValueSampleInterval": str(_SAMPLE_INTERVAL_S),
        "MeterValuesSampledData": ",".join(measurands),
    }
