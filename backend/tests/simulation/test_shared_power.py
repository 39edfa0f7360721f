"""A charger whose connectors share what it can take: cars that come, wait, and charge on."""

from __future__ import annotations

import pytest

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.physics import VehicleSpec
from ocppsim.physics.site import SiteDefinition
from ocppsim.simulation.definition import ConnectorDefinition, HardwareDefinition
from tests.simulation.virtual_site import VirtualSite, car

PLENTY = SiteDefinition(grid_limit_kw=10_000.0)
FAST = VehicleSpec("Fast", battery_capacity_kwh=300.0, dc_max_power_kw=150.0)
DC = ConnectorDefinition(power_type="DC", max_power_w=150e3, cable="tethered")


def one_charger(
    connectors: tuple[ConnectorDefinition, ...], shared_w: float, module_w: float | None = None
) -> VirtualSite:
    hardware = HardwareDefinition(shared_power_w=shared_w, module_power_w=module_w)
    site = VirtualSite(PLENTY, [(connectors, hardware)])
    site[1].vehicle = car(FAST)
    return site


def begin(site: VirtualSite, connector_id: int) -> None:
    site[1].start(f"TAG{connector_id}", connector_id)
    site.settle()


def statuses(site: VirtualSite, count: int) -> list[str]:
    return [site.status(1, number) for number in range(1, count + 1)]


def drawn_kw(site: VirtualSite, count: int) -> list[float]:
    plant, now_s = site[1].charger.plant, site[1].now_s
    readings = [plant.read_meter(ConnectorId(number), now_s) for number in range(1, count + 1)]
    return [round(reading.power_w / 1000.0, 1) for reading in readings]


def test_a_second_car_takes_its_modules_from_the_first_and_gives_them_back():
    site = one_charger((DC, DC), 150e3, 30e3)
    begin(site, 1)
    assert drawn_kw(site, 2) == [150.0, 0.0]
    begin(site, 2)
    assert drawn_kw(site, 2) == [90.0, 60.0]
    site[1].tag("TAG1", 1)
    site.settle()
    assert drawn_kw(site, 2) == [0.0, 150.0]


def test_who_finds_no_module_is_suspended_until_one_is_free():
    site = one_charger((DC, DC, DC), 100e3, 50e3)
    for connector_id in (1, 2, 3):
        begin(site, connector_id)
    assert statuses(site, 3) == ["Charging", "Charging", "SuspendedEVSE"]
    site[1].ev_draws(False, 1)
    site.settle()
    assert statuses(site, 3) == ["SuspendedEV", "Charging", "Charging"]
    assert drawn_kw(site, 3) == [0.0, 50.0, 50.0]


def test_on_one_supply_a_strong_car_has_what_a_weak_one_leaves():
    socket = ConnectorDefinition()
    site = one_charger((socket, socket), 32 * 690.0)
    begin(site, 1)
    assert site.offered_a(1, 1) == pytest.approx(32.0)
    site[1].vehicle = car()
    begin(site, 2)
    # The first takes 11 kW at most, so the other gets the rest
    assert site.offered_a(1, 1) + site.offered_a(1, 2) >= 32.0
    assert sum(drawn_kw(site, 2)) <= 22.1
    assert drawn_kw(site, 2)[0] == pytest.approx(11.0, abs=0.1)


def test_the_limit_names_the_charger_as_what_decides():
    site = one_charger((DC, DC), 150e3, 30e3)
    begin(site, 1)
    begin(site, 2)
    bench = site[1]
    limit = bench.charger.controller.limit(ConnectorId(2), bench.now)
    assert (limit.layer, limit.power_w) == ("charger", 60e3)
    assert [layer.layer for layer in limit.layers] == ["hardware", "charger", "site"]
