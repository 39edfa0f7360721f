"""Sites: curves, what they leave, and how that is divided."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.physics.site import (
    Contender,
    LoadPoint,
    SharingRule,
    Site,
    SiteDefinition,
    allocate,
    supply_phases,
)

MIDNIGHT_S = 1_767_225_600.0
HOUR_S = 3600.0
RULES: tuple[SharingRule, ...] = ("equal", "first_come", "stack")

RST = (1.0, 1.0, 1.0)
L1, L2 = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)

times = st.integers(0, 1439).map(lambda minute: f"{minute // 60:02}:{minute % 60:02}")
curves = st.dictionaries(times, st.floats(0, 100), max_size=6).map(
    lambda powers: tuple(LoadPoint(time, powers[time]) for time in sorted(powers))
)
lone = st.sampled_from([L1, L2, (0.0, 0.0, 1.0), RST, (1.0, 1.0, 0.0)])


@st.composite
def crowds(draw: st.DrawFn) -> list[Contender[int]]:
    crowd: list[Contender[int]] = []
    for key in range(draw(st.integers(1, 8))):
        most_a = draw(st.sampled_from([4.0, 6.0, 10.0, 16.0, 32.0, 80.0]))
        crowd.append(
            Contender(
                key,
                draw(lone),
                min(6.0, most_a),
                most_a,
                float(draw(st.integers(0, 3))),
                draw(st.integers(-1, 2)),
            )
        )
    return crowd


def used_a(crowd: list[Contender[int]], parts: dict[int, float], line: int) -> float:
    return sum(one.weights[line] * parts[one.key] for one in crowd)


def contender(key: int, weights: tuple[float, ...] = RST, **more: float) -> Contender[int]:
    return Contender(key, weights, 6.0, more.get("most_a", 32.0), more.get("since_s", float(key)))


@given(st.lists(st.floats(0, 200), min_size=3, max_size=3), crowds(), st.sampled_from(RULES))
def test_no_phase_is_given_more_than_it_has_and_nobody_less_than_it_needs(
    capacity_a: list[float], crowd: list[Contender[int]], rule: SharingRule
):
    parts = allocate(capacity_a, crowd, rule)
    for line, most_a in enumerate(capacity_a):
        assert used_a(crowd, parts, line) <= most_a + 1e-6
    for one in crowd:
        part_a = parts[one.key]
        assert part_a == 0.0 or one.least_a - 1e-9 <= part_a <= one.most_a + 1e-9


@given(st.lists(st.floats(0, 200), min_size=3, max_size=3), crowds(), st.sampled_from(RULES))
def test_who_has_less_than_it_can_use_has_a_phase_that_is_full(
    capacity_a: list[float], crowd: list[Contender[int]], rule: SharingRule
):
    parts = allocate(capacity_a, crowd, rule)
    for one in crowd:
        if 0.0 < parts[one.key] < one.most_a - 1e-6:
            assert any(
                used_a(crowd, parts, line) >= capacity_a[line] - 1e-6
                for line, weight in enumerate(one.weights)
                if weight
            )


@given(st.floats(18, 300), crowds())
def test_equal_parts_differ_only_by_what_somebody_can_use(
    capacity_a: float, crowd: list[Contender[int]]
):
    together = [Contender(one.key, (3.0,), one.least_a, one.most_a) for one in crowd]
    parts = allocate([capacity_a], together, "equal")
    fed = [one for one in together if parts[one.key]]
    highest_a = max((parts[one.key] for one in fed), default=0.0)
    for one in fed:
        assert parts[one.key] >= min(one.most_a, highest_a) - 1e-6


@given(crowds(), st.sampled_from(RULES))
def test_where_there_is_plenty_everybody_has_all_it_can_use(
    crowd: list[Contender[int]], rule: SharingRule
):
    parts = allocate([1000.0] * 3, crowd, rule)
    assert parts == pytest.approx({one.key: one.most_a for one in crowd})


def test_what_a_weak_car_leaves_goes_to_the_others():
    crowd = [contender(1, most_a=8.0), contender(2), contender(3)]
    assert allocate([40.0] * 3, crowd, "equal") == {1: 8.0, 2: 16.0, 3: 16.0}


def test_one_phase_cars_on_different_phases_do_not_share():
    crowd = [contender(1, L1), contender(2, L2), contender(3, L1)]
    assert allocate([20.0] * 3, crowd, "equal") == {1: 10.0, 2: 20.0, 3: 10.0}


def test_who_comes_last_waits_where_there_is_too_little_for_all():
    crowd = [contender(1), contender(2), contender(3)]
    assert allocate([17.0] * 3, crowd, "equal") == {1: 8.5, 2: 8.5, 3: 0.0}


def test_the_first_keeps_all_it_can_use_but_the_least_of_the_next():
    crowd = [contender(2), contender(1), contender(3)]
    assert allocate([40.0] * 3, crowd, "first_come") == {1: 28.0, 2: 6.0, 3: 6.0}


def test_the_higher_stack_level_is_served_first():
    crowd = [
        Contender(1, RST, 6.0, 32.0, 0.0, -1),
        Contender(2, RST, 6.0, 16.0, 1.0, 5),
        Contender(3, RST, 6.0, 32.0, 2.0, -1),
    ]
    assert allocate([36.0] * 3, crowd, "stack") == {1: 10.0, 2: 16.0, 3: 10.0}
    assert allocate([10.0] * 3, crowd, "stack") == {1: 0.0, 2: 10.0, 3: 0.0}


def test_a_curve_is_linear_between_its_points_and_over_midnight():
    site = Site(
        SiteDefinition(
            grid_limit_kw=50.0, base_load=(LoadPoint("06:00", 10.0), LoadPoint("18:00", 22.0))
        )
    )
    powers_w = [site.base_w(MIDNIGHT_S + hour * HOUR_S) for hour in (6, 12, 18, 24, 29, 30)]
    assert powers_w == pytest.approx([10e3, 16e3, 22e3, 16e3, 11e3, 10e3])


def test_what_is_left_is_the_limit_less_the_building_plus_the_sun():
    site = Site(
        SiteDefinition(
            grid_limit_a_per_phase=63.0,
            base_load=(LoadPoint("00:00", 13.8),),
            pv=(LoadPoint("12:00", 6.9), LoadPoint("13:00", 0.0), LoadPoint("23:00", 0.0)),
        )
    )
    noon_s = MIDNIGHT_S + 12 * HOUR_S
    assert site.capacity_a(noon_s, noon_s) == pytest.approx((53.0,) * 3)
    assert site.capacity_a(noon_s, noon_s + 1800) == pytest.approx((48.0,) * 3)


@given(curves, curves, st.floats(0, 86_400), st.floats(0, 7200), st.floats(0, 1))
def test_what_is_left_in_a_time_is_left_at_each_instant_of_it(
    base: tuple[LoadPoint, ...],
    pv: tuple[LoadPoint, ...],
    from_s: float,
    duration_s: float,
    part: float,
):
    site = Site(SiteDefinition(grid_limit_kw=40.0, base_load=base, pv=pv))
    start_s = MIDNIGHT_S + from_s
    at_s = start_s + part * duration_s
    (least_a,) = site.capacity_a(start_s, start_s + duration_s)
    (then_a,) = site.capacity_a(at_s, at_s)
    assert least_a <= then_a + 1e-3


def test_a_base_load_above_the_limit_leaves_nothing():
    site = Site(SiteDefinition(grid_limit_kw=10.0, base_load=(LoadPoint("00:00", 20.0),)))
    assert site.capacity_a(MIDNIGHT_S, MIDNIGHT_S + 10) == (0.0,)


def test_the_first_phase_of_a_charger_is_where_its_rotation_says():
    assert supply_phases("RST", 1) == (0,)
    assert supply_phases("STR", 1) == (1,)
    assert supply_phases("TSR", 2) == (2, 1)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"grid_limit_kw": 10.0, "grid_limit_a_per_phase": 10.0},
        {"grid_limit_kw": 0.0},
        {"grid_limit_kw": 10.0, "interval_s": 0.5},
        {"grid_limit_kw": 10.0, "minimum_current_a": -1.0},
        {"grid_limit_kw": 10.0, "base_load": (LoadPoint("24:00", 1.0),)},
        {"grid_limit_kw": 10.0, "base_load": (LoadPoint("7:00", 1.0),)},
        {"grid_limit_kw": 10.0, "pv": (LoadPoint("07:00", -1.0),)},
        {"grid_limit_kw": 10.0, "pv": (LoadPoint("07:00", 1.0), LoadPoint("07:00", 2.0))},
    ],
)
def test_what_cannot_be_a_site_is_refused(fields: dict[str, object]):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(msgspec.to_builtins(fields), SiteDefinition)
