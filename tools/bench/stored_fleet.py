"""Makes a database with chargers, as the API would have stored them."""

from __future__ import annotations

from pathlib import Path

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.persistence import Database, chargers, configuration, locations
from ocppsim.simulation.definition import ChargerDefinition, ConnectorDefinition

SAMPLED = "Energy.Active.Import.Register,Power.Offered"
"""Two measurands a sample: a frame of about 333 bytes."""


def store_fleet(path: Path, count: int, port: int, *, interval_s: int, heartbeat_s: int) -> None:
    """``count`` chargers of one connector at one location, none of them connected."""
    database = Database(f"sqlite:///{path}")
    database.upgrade()
    with database.transaction() as session:
        location = locations.create(session, name="bench", address="")
        for number in range(1, count + 1):
            definition = ChargerDefinition(
                charger_id=0,
                location_id=location.id,
                charger_name=f"bench {number}",
                connection_url=f"ws://127.0.0.1:{port}/ocpp",
                identity=ChargePointIdentity(f"CP{number:05d}", "Vendor", "Model"),
                connectors=(ConnectorDefinition(),),
                desired_connection="disconnected",
            )
            stored = chargers.create(session, definition)
            configuration.set_values(
                session,
                stored.charger_id,
                {
                    "MeterValuesSampledData": SAMPLED,
                    "MeterValueSampleInterval": str(interval_s),
                    "HeartbeatInterval": str(heartbeat_s),
                },
            )
    database.close()
