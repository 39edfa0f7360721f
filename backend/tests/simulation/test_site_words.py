"""What a site's share says of itself."""

from __future__ import annotations

import pytest

from ocppsim.chargepoint.identifiers import ConnectorId
from tests.conformance.charging import DEFAULT, clear, install, profile
from tests.simulation.virtual_site import SOCKET, VirtualSite, limited


def why(site: VirtualSite, number: int) -> str:
    """What the limit of a charger says about its site."""
    bench = site[number]
    limit = bench.charger.controller.limit(ConnectorId(1), bench.now)
    return next(layer.explanation for layer in limit.layers if layer.layer == "site")


def test_the_limit_says_what_is_left_and_for_how_many():
    site = VirtualSite(limited(20), [SOCKET, SOCKET])
    site.start(1)
    site.start(2)
    limit = site[1].charger.controller.limit(ConnectorId(1), site[1].now)
    assert limit.layer == "site"
    layer = next(layer for layer in limit.layers if layer.layer == "site")
    assert layer.current_a == pytest.approx(10.0)
    assert layer.explanation == (
        "The site leaves 20 A a phase to its chargers; shared with 1 other connector"
        " (equal parts), 10 A a phase of it are for this one."
    )


def test_an_idle_connector_is_told_what_is_free_and_what_it_would_get():
    site = VirtualSite(limited(50), [SOCKET] * 4)
    left = "The site leaves 50 A a phase to its chargers; "
    assert why(site, 3) == left + "32 A a phase of it are free for whoever begins here."
    site.start(1)
    assert why(site, 3) == (
        left + "whoever begins here has 18 A a phase at once, and 25 A a phase (equal parts)"
        " as soon as the others have given way."
    )
    site.start(2)
    assert why(site, 3) == (
        left + "not enough of it is free, but whoever begins here gets 16.6 A a phase (equal parts)"
        " as soon as the others have given way."
    )
    # Nothing is free as before, but it would be less
    site.start(4)
    assert "gets 12.5 A a phase" in why(site, 3)
    site.start(3)
    assert site.offered_a(3) == 12.5


def test_where_one_more_has_no_room_it_is_told_to_wait():
    site = VirtualSite(limited(11), [SOCKET] * 2)
    site.start(1)
    assert why(site, 2) == (
        "The site leaves 11 A a phase to its chargers; this is too little for one more,"
        " so whoever begins here waits (equal parts)."
    )
    site.start(2)
    assert why(site, 2) == (
        "The site leaves 11 A a phase to its chargers; this connector waits as it is too little"
        " for all (equal parts)."
    )
    site.manager.redefine(limited(40))
    site.settle()
    assert "leaves 40 A a phase" in why(site, 1)


def test_who_is_held_back_by_a_profile_is_told_what_the_site_has_for_it():
    site = VirtualSite(limited(40), [SOCKET] * 2)
    install(site[2], 1, profile((0, 0), purpose=DEFAULT))
    site.start(1)
    site.start(2)
    left = "The site leaves 40 A a phase to its chargers; "
    assert why(site, 2) == (
        left + "whoever begins here has 8 A a phase at once, and 20 A a phase (equal parts)"
        " as soon as the others have given way."
    )
    assert [one.state for one in site.state.connectors] == ["charging", "idle"]
    clear(site[2])
    site.advance(15)
    assert [site.offered_a(1), site.offered_a(2)] == [20.0, 20.0]


def test_where_the_building_takes_all_everybody_is_told_so():
    full = limited(10, base_load=[{"time": "00:00", "power_kw": 7.0}])
    site = VirtualSite(full, [SOCKET])
    assert why(site, 1) == "The site leaves nothing to its chargers, so everybody waits."


def test_the_reason_follows_the_site_where_the_share_stays_as_it_is():
    falling = limited(
        60,
        base_load=[{"time": "00:00", "power_kw": 0.0}, {"time": "00:10", "power_kw": 6.9}],
    )
    site = VirtualSite(falling, [SOCKET])
    site.start(1)
    assert "leaves 59.7 A a phase" in why(site, 1)
    site.advance(300.0)
    assert site.offered_a(1) == 32.0
    assert "leaves 54.7 A a phase" in why(site, 1)
