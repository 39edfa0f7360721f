"""Which charger of a plan connects to which CSMS, and with what."""

from __future__ import annotations

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.fleet.connections import connected_to
from ocppsim.scenarios.live_plan import LivePlan
from ocppsim.simulation.definition import ChargerDefinition, ConnectorDefinition
from ocppsim.simulation.fleet_member import FleetCharger


def fleet_of(count: int) -> list[FleetCharger]:
    return [
        FleetCharger(
            ChargerDefinition(
                charger_id=number,
                location_id=0,
                charger_name=f"CP{number}",
                connection_url="ws://csms.invalid/",
                identity=ChargePointIdentity(f"CP{number}", "Vendor", "Model"),
                connectors=(ConnectorDefinition(),),
            )
        )
        for number in range(1, count + 1)
    ]


def test_chargers_take_the_urls_in_turn() -> None:
    definitions = connected_to(fleet_of(5), LivePlan(), ["ws://a/", "ws://b/"])
    assert [one.connection_url for one in definitions] == [
        "ws://a/",
        "ws://b/",
        "ws://a/",
        "ws://b/",
        "ws://a/",
    ]


def test_a_part_of_the_fleet_connects_as_it_does_in_the_whole() -> None:
    urls = ["ws://a/", "ws://b/", "ws://c/"]
    whole = connected_to(fleet_of(10), LivePlan(), urls)
    assert connected_to(fleet_of(10)[3:7], LivePlan(), urls) == whole[3:7]


def test_a_password_may_hold_the_id() -> None:
    live = LivePlan(basic_auth_password="secret-{id}", security_profile=1)
    first, second = connected_to(fleet_of(2), live, ["ws://a/"])
    assert (first.basic_auth_password, second.basic_auth_password) == ("secret-CP1", "secret-CP2")
    assert first.security_profile == 1
