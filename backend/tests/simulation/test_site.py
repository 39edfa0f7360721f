"""A site of virtual chargers: shares that hold, who waits, who comes back."""

from __future__ import annotations

from contextlib import suppress

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocppsim.chargepoint.errors import IllegalAction
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.physics import VehicleSpec
from ocppsim.physics.site import LoadPoint, SharingRule, SiteDefinition
from ocppsim.simulation.definition import ConnectorDefinition, HardwareDefinition
from ocppsim.simulation.site import SiteManager
from ocppsim.simulation.virtual_bench import VirtualBench
from tests.conformance.charging import DEFAULT, install, profile
from tests.simulation.virtual_site import HUNGRY, SOCKET, VirtualSite, car, limited

DC = ((ConnectorDefinition(power_type="DC", max_power_w=50e3, cable="tethered"),), SOCKET[1])
ONE_PHASE = msgspec.structs.replace(HUNGRY, name="One phase", ac_phases=1, ac_max_power_kw=7.4)


def rotated(rotation: str) -> tuple[tuple[ConnectorDefinition, ...], HardwareDefinition]:
    return (ConnectorDefinition(),), HardwareDefinition(phase_rotation=rotation)


def test_a_lone_car_has_all_that_is_left():
    site = VirtualSite(limited(20), [SOCKET, SOCKET])
    site.start(1)
    assert site.status(1) == "Charging"
    assert site.offered_a(1) == 20.0


def test_the_second_car_takes_half():
    site = VirtualSite(limited(20), [SOCKET, SOCKET])
    site.start(1)
    site.start(2)
    assert [site.offered_a(1), site.offered_a(2)] == [10.0, 10.0]
    assert [site.status(1), site.status(2)] == ["Charging", "Charging"]


def test_who_cannot_have_the_minimum_waits_until_another_is_gone():
    site = VirtualSite(limited(17), [SOCKET] * 3)
    for number in (1, 2, 3):
        site.start(number)
    assert [site.status(number) for number in (1, 2, 3)] == [
        "Charging",
        "Charging",
        "SuspendedEVSE",
    ]
    site.stop(1)
    assert [site.status(2), site.status(3)] == ["Charging", "Charging"]
    assert [site.offered_a(2), site.offered_a(3)] == [8.5, 8.5]


def test_what_a_full_car_leaves_goes_to_the_other():
    site = VirtualSite(limited(20), [SOCKET, SOCKET])
    site.start(1)
    site.start(2)
    site[1].ev_draws(False)
    site.settle()
    assert site.offered_a(2) == 20.0
    site[1].ev_draws(True)
    site.settle()
    assert [site.offered_a(1), site.offered_a(2)] == [10.0, 10.0]


def test_a_profile_of_the_csms_is_kept_and_its_rest_goes_to_the_other():
    site = VirtualSite(limited(24), [SOCKET, SOCKET])
    site.start(1)
    site.start(2)
    install(site[1], 1, profile((0, 8), purpose=DEFAULT))
    site.advance(15)
    assert [site.offered_a(1), site.offered_a(2)] == [8.0, 16.0]


def test_with_stack_the_highest_level_is_served_first():
    site = VirtualSite(limited(24, sharing="stack"), [SOCKET, SOCKET])
    site.start(1)
    site.start(2)
    install(site[2], 1, profile((0, 32), purpose=DEFAULT, level=3))
    site.advance(15)
    assert [site.offered_a(1), site.offered_a(2)] == [6.0, 18.0]


def test_who_came_first_is_not_a_matter_of_the_chargers_clocks():
    site = VirtualSite(limited(24, sharing="first_come"), [SOCKET, SOCKET])
    site[2].set_clock(-7200.0)
    site.start(1)
    site.advance(60)
    site.start(2)
    assert [site.offered_a(1), site.offered_a(2)] == [18.0, 6.0]
    site[1].act(lambda charger, now: charger.power_off(now))
    site.settle()
    assert site.offered_a(2) == 24.0


def test_who_charged_before_there_was_a_site_keeps_its_place():
    site = VirtualSite(limited(24, sharing="first_come"), [SOCKET, SOCKET])
    site.start(2)
    site.advance(60)
    site.start(1)
    manager = SiteManager(limited(24, sharing="first_come"), VirtualBench.EPOCH_S)
    for key, bench in site.benches.items():
        manager.join(key, bench.charger)
    site.manager = manager
    site.advance(30)
    assert [site.offered_a(1), site.offered_a(2)] == [6.0, 18.0]


def test_one_phase_cars_load_the_phases_of_their_chargers():
    site = VirtualSite(limited(20), [rotated("RST"), rotated("STR"), rotated("RST")])
    for number in (1, 2, 3):
        site[number].vehicle = car(ONE_PHASE)
        site.start(number)
    assert [site.offered_a(number) for number in (1, 2, 3)] == [10.0, 20.0, 10.0]
    assert site.state.drawn_a == pytest.approx((20.0, 20.0, 0.0), rel=0.01)


def test_a_rising_base_load_pushes_the_cars_back_and_the_sun_brings_them_on():
    day = (LoadPoint("00:00", 0.0), LoadPoint("01:00", 13.8), LoadPoint("23:59", 0.0))
    sun = (LoadPoint("01:00", 0.0), LoadPoint("02:00", 13.8), LoadPoint("23:59", 0.0))
    site = VirtualSite(
        limited(22, base_load=msgspec.to_builtins(day), pv=msgspec.to_builtins(sun)), [SOCKET] * 2
    )
    site.start(1)
    assert site.offered_a(1) == 21.9
    site.start(2)
    site.advance(3600)
    assert [site.status(1), site.status(2)] == ["Charging", "Charging"] or site.offered_a(2) == 0.0
    assert site.offered_a(1) + site.offered_a(2) <= 2.0 + 1e-6
    site.advance(3600)
    assert site.offered_a(1) + site.offered_a(2) > 20.0


def test_without_power_the_share_is_forgotten_and_told_anew():
    site = VirtualSite(limited(20), [SOCKET, SOCKET])
    site.start(1)
    site.start(2)
    site[1].act(lambda charger, now: charger.power_off(now))
    site.settle()
    assert site.offered_a(2) == 20.0
    site[1].act(lambda charger, now: charger.power_on(now))
    site.advance(5)
    demand = site[1].charger.controller.site_demand(ConnectorId(1), site[1].now)
    assert demand.told_a is not None
    assert sum(site.drawn_a()) <= 60.0


def test_a_slow_car_is_waited_for_before_another_gets_more():
    slow = msgspec.structs.replace(HUNGRY, name="Slow", reaction_delay_s=3.0)
    site = VirtualSite(limited(20), [SOCKET, SOCKET])
    site[1].vehicle = car(slow)
    site.start(1)
    site.advance(10)
    site.start(2)
    assert site.status(2) == "SuspendedEVSE"
    highest: list[float] = []
    site.advance(10, lambda: highest.append(max(site.drawn_a())))
    assert [site.offered_a(1), site.offered_a(2)] == [10.0, 10.0]
    assert max(highest) <= 20.0 + 1e-6


def test_a_car_that_has_not_yet_seen_its_first_offer_still_takes_it_before_a_lower_one():
    slow = msgspec.structs.replace(HUNGRY, name="Slow", reaction_delay_s=4.0)
    site = VirtualSite(limited(20), [SOCKET, SOCKET])
    site[1].vehicle = car(slow)
    site.start(1)
    site.advance(1)
    site.start(2)
    assert (site.offered_a(1), site.status(2)) == (10.0, "SuspendedEVSE")
    highest: list[float] = []
    site.advance(10, lambda: highest.append(max(site.drawn_a())))
    assert [site.offered_a(1), site.offered_a(2)] == [10.0, 10.0]
    assert max(highest) == pytest.approx(20.0, rel=0.01)
    assert max(highest) <= 20.0 + 1e-6


def test_a_car_that_still_rises_to_what_it_had_been_offered_is_not_forgotten():
    lazy = msgspec.structs.replace(HUNGRY, name="Lazy", reaction_delay_s=3.0, ac_ramp_a_per_s=2.0)
    site = VirtualSite(limited(20), [SOCKET, SOCKET])
    site[1].vehicle = car(lazy)
    site.start(1)
    site.advance(8)
    site.start(2)
    highest: list[float] = []
    site.advance(20, lambda: highest.append(max(site.drawn_a())))
    assert [site.offered_a(1), site.offered_a(2)] == [10.0, 10.0]
    assert max(highest) <= 20.0 + 1e-6


def test_what_a_paused_car_may_still_take_is_not_in_its_own_way():
    slow = msgspec.structs.replace(HUNGRY, name="Slow", reaction_delay_s=2.0)
    site = VirtualSite(limited(10), [SOCKET])
    site[1].vehicle = car(slow)
    site.start(1)
    site[1].ev_draws(False)
    site.settle()
    assert site.offered_a(1) == 10.0


def test_what_paused_cars_may_still_take_is_not_in_each_other_s_way():
    slow = msgspec.structs.replace(HUNGRY, name="Slow", reaction_delay_s=2.0)
    site = VirtualSite(limited(30), [SOCKET] * 3)
    for number in (1, 2, 3):
        site[number].vehicle = car(slow)
        site.start(number)
        site[number].ev_draws(False)
        site.settle()
    site.advance(30)
    assert [site.offered_a(number) for number in (1, 2, 3)] == [30.0, 30.0, 30.0]
    site[2].ev_draws(True)
    site.settle()
    assert site.offered_a(2) == 30.0


def test_a_dc_charger_counts_on_all_phases():
    site = VirtualSite(limited(60), [DC, SOCKET])
    site[1].vehicle = car(VehicleSpec("Fast", battery_capacity_kwh=500.0, dc_max_power_kw=50.0))
    site.start(1)
    assert max(site.drawn_a()) == pytest.approx(60.0, rel=0.01)
    site.start(2)
    assert max(site.drawn_a()) <= 60.0
    assert site.offered_a(2) == 30.0


def test_a_charger_that_is_at_no_site_has_no_such_layer():
    site = VirtualSite(limited(20), [SOCKET])
    other = VirtualSite(limited(20), [SOCKET])
    bench = other[1]
    other.manager.leave("CP1")
    bench.act(lambda charger, now: charger.take_site_share(ConnectorId(1), None, now))
    names = [
        layer.layer for layer in bench.charger.controller.limit(ConnectorId(1), bench.now).layers
    ]
    assert names == ["hardware"]
    assert site.state.connectors[0].share_a == 20.0


rules = st.sampled_from(["equal", "first_come", "stack"])
hardwares = st.lists(
    st.sampled_from([SOCKET, rotated("STR"), rotated("TRS"), DC]), min_size=2, max_size=4
)
deeds = st.lists(
    st.tuples(
        st.sampled_from(["start", "stop", "pause", "go on", "profile", "power", "wait"]),
        st.integers(0, 3),
        st.sampled_from([0.0, 0.3, 1.0, 2.5, 7.0, 60.0]),
    ),
    min_size=4,
    max_size=16,
)
manners = st.builds(
    msgspec.structs.replace,
    st.sampled_from([HUNGRY, ONE_PHASE]),
    reaction_delay_s=st.sampled_from([0.0, 0.5, 2.0, 4.0]),
    ac_ramp_a_per_s=st.sampled_from([0.0, 8.0]),
    ac_min_current_a=st.sampled_from([6.0, 10.0]),
)


def do(site: VirtualSite, deed: str, number: int) -> None:
    """What somebody does at a charger, where it can be done."""
    bench = site[number]
    in_session = bench.charger.controller.connector(ConnectorId(1)).transaction is not None
    is_there = bench.charger.plant.is_vehicle_connected(ConnectorId(1))
    if deed == "start" and not in_session and not is_there and bench.charger.wants_link:
        bench.plug_in()
        bench.tag(f"TAG{number}")
    elif deed == "stop" and in_session and bench.charger.wants_link:
        bench.tag(f"TAG{number}")
        bench.drive_away()
    elif deed in ("pause", "go on") and is_there:
        with suppress(IllegalAction):  # it may decline what it is offered
            bench.ev_draws(deed == "go on")
    elif deed == "profile" and bench.linked:
        limits = profile(
            (0, 8 + 4 * number), (3, 20), (20, 7), (30, 0), (36, 16), purpose=DEFAULT, level=number
        )
        install(bench, 1, limits)
    elif deed == "power":
        bench.act(lambda charger, now: charger.power_cycle(now))
    site.settle()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    hardwares,
    st.lists(manners, min_size=4, max_size=4),
    deeds,
    rules,
    st.floats(10, 80),
    st.booleans(),
)
def test_what_is_drawn_never_exceeds_what_is_left(
    chargers: list[tuple[tuple[ConnectorDefinition, ...], HardwareDefinition]],
    cars: list[VehicleSpec],
    doings: list[tuple[str, int, float]],
    rule: SharingRule,
    limit_a: float,
    in_kw: bool,
):
    limit = {"grid_limit_kw": limit_a * 0.69} if in_kw else {"grid_limit_a_per_phase": limit_a}
    definition = msgspec.convert(
        {
            **limit,
            "sharing": rule,
            "base_load": [
                {"time": "00:00", "power_kw": 2.0},
                {"time": "00:10", "power_kw": 9.0},
                {"time": "00:20", "power_kw": 1.0},
            ],
        },
        SiteDefinition,
    )
    site = VirtualSite(definition, chargers)
    for number, spec in enumerate(cars[: len(chargers)], start=1):
        site[number].vehicle = car(spec)

    def look() -> None:
        state = site.state
        drawn_a = site.drawn_a()
        if in_kw:
            assert sum(drawn_a) * 230.0 <= state.left_w + 1e-3
        else:
            assert max(drawn_a) <= max(state.left_a) + 1e-6

    for deed, index, gap_s in doings:
        do(site, deed, index % len(chargers) + 1)
        look()
        if gap_s:
            site.advance(gap_s, look)
    site.advance(30.0, look)


def test_who_needs_more_than_the_half_waits_instead_of_declining_it():
    site = VirtualSite(limited(20), [SOCKET, SOCKET])
    picky = msgspec.structs.replace(HUNGRY, ac_min_current_a=12.0)
    for number in (1, 2):
        site[number].vehicle = car(picky)
        site.start(number)
    assert [site.status(1), site.status(2)] == ["Charging", "SuspendedEVSE"]
    site.stop(1)
    assert (site.status(2), site.offered_a(2)) == ("Charging", 20.0)


def test_who_is_paused_and_resumes_asks_for_more_than_was_left_over():
    site = VirtualSite(limited(40), [SOCKET, SOCKET])
    picky = msgspec.structs.replace(HUNGRY, ac_min_current_a=12.0)
    site[2].vehicle = car(picky)
    site.start(2)
    site[2].ev_draws(False)
    site.start(1)
    assert (site.offered_a(1), site.offered_a(2)) == (32.0, 0.0)
    site[2].ev_draws(True)
    site.settle()
    assert [site.offered_a(1), site.offered_a(2)] == [20.0, 20.0]


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.floats(6.0, 60.0),
    st.lists(
        st.tuples(
            st.sampled_from([6.0, 8.25, 13.0]),
            st.sampled_from([0.0, 3.0]),
            st.sampled_from([0.0, 2.0]),
        ),
        min_size=2,
        max_size=3,
    ),
)
def test_cars_that_decline_and_react_slowly_come_to_rest(
    grid_a: float, cars: list[tuple[float, float, float]]
):
    site = VirtualSite(limited(grid_a), [SOCKET] * len(cars))
    for number, (least_a, delay_s, ramp_a_per_s) in enumerate(cars, start=1):
        spec = msgspec.structs.replace(
            HUNGRY,
            ac_min_current_a=least_a,
            reaction_delay_s=delay_s,
            ac_ramp_a_per_s=ramp_a_per_s,
        )
        site[number].vehicle = car(spec)
        site.start(number)
    site.advance(300.0)
    numbers = range(1, len(cars) + 1)
    sent = [len(site[number].sent("StatusNotification")) for number in numbers]
    site.advance(300.0)
    assert [len(site[number].sent("StatusNotification")) for number in numbers] == sent
    assert all(site.status(number) in ("Charging", "SuspendedEVSE") for number in numbers)
    assert max(site.drawn_a()) <= grid_a
