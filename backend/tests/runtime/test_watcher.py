"""Somebody who watches all chargers hears what they show, and what becomes of their links."""

from __future__ import annotations

from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.notifications import ConnectorChanged, Notification, RegistrationChanged
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.runtime.connection import Connection
from ocppsim.runtime.memory_ports import MemoryJournal, NoConfigSync
from ocppsim.runtime.supervisor import Supervisor
from ocppsim.simulation.resolved_vehicle import DEFAULT_VEHICLE

from .conftest import IMPATIENT, Csms, definition, until


class Watcher:
    def __init__(self) -> None:
        self.heard: list[tuple[int, Notification]] = []
        self.links: list[tuple[int, str]] = []

    def noticed(self, charger_id: int, notification: Notification, /) -> None:
        self.heard.append((charger_id, notification))

    def connection_changed(self, charger_id: int, connection: Connection, /) -> None:
        self.links.append((charger_id, connection.state))


async def test_a_watcher_hears_of_all_chargers(csms: Csms) -> None:
    watcher = Watcher()
    async with Supervisor(
        ChargePoint, MemoryJournal(), NoConfigSync(), settings=IMPATIENT, watcher=watcher
    ) as supervisor:
        connected = await supervisor.add(
            definition(csms.url, "CP-1", charger_id=7, desired_connection="connected"),
            DurableState(),
        )
        other = await supervisor.add(definition(csms.url, "CP-2", charger_id=8), DurableState())
        await until(lambda: connected.charger.registration == "Accepted")
        other.do(
            lambda charger, now: charger.plug_in(
                ConnectorId(1), DEFAULT_VEHICLE, now, soc_percent=50.0
            )
        )
    assert (7, "connected") in watcher.links
    assert 7 in {number for number, told in watcher.heard if isinstance(told, RegistrationChanged)}
    preparing = ConnectorChanged(ConnectorId(1), "Preparing", "NoError")
    assert (8, preparing) in watcher.heard
