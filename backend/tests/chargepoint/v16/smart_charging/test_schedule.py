"""Which period of one profile is executed, against the sentences of the standard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.chargepoint.v16.smart_charging.schedule import Step, is_expired, is_valid, limit_at
from tests.chargepoint.v16.smart_charging.profiles import DAY_S, HOUR_S, MONDAY_S, profile

FOREVER = float("inf")
WEEK_S = 7 * DAY_S
THREE = [(0, 16.0), (100, 8.0), (300, 12.0)]


def steps(charging_profile: object, *seconds: float) -> list[tuple[int | None, float]]:
    found = [limit_at(charging_profile, MONDAY_S + s, MONDAY_S) for s in seconds]  # pyright: ignore[reportArgumentType]
    return [(step.period_index, step.until_s - MONDAY_S) for step in found]


def test_a_period_ends_where_the_next_starts_and_the_last_goes_on():
    assert steps(profile(THREE), 0, 99.9, 100, 299, 300, 9e8) == [
        (0, 100),
        (0, 100),
        (1, 300),
        (1, 300),
        (2, FOREVER),
        (2, FOREVER),
    ]


def test_the_last_period_holds_until_the_duration_ends():
    assert steps(profile(THREE, duration_s=500), 300, 499, 500, 9e8) == [
        (2, 500),
        (2, 500),
        (None, FOREVER),
        (None, FOREVER),
    ]


def test_periods_beyond_the_duration_are_not_executed():
    assert steps(profile(THREE, duration_s=200), 150, 200, 300) == [
        (1, 200),
        (None, FOREVER),
        (None, FOREVER),
    ]


def test_an_absolute_schedule_begins_at_its_start():
    future = profile(THREE, start_s=MONDAY_S + 50)
    assert steps(future, 0, 50, 149, 150) == [(None, 50), (0, 150), (0, 150), (1, 350)]


def test_an_absolute_schedule_without_a_start_begins_with_the_charging():
    floating = profile(THREE, start_s=None)
    assert limit_at(floating, MONDAY_S + 1100, MONDAY_S + 1000) == Step(1, MONDAY_S + 1300)


def test_a_relative_schedule_begins_with_the_charging_whatever_its_start_says():
    relative = profile(THREE, kind="Relative", start_s=MONDAY_S)
    assert limit_at(relative, MONDAY_S + 1000, MONDAY_S + 1000) == Step(0, MONDAY_S + 1100)
    assert limit_at(relative, MONDAY_S + 999, MONDAY_S + 1000) == Step(None, MONDAY_S + 1000)


def test_the_daily_profile_of_the_standard():
    """§3.13.7: 6 kW between 08:00 and 20:00, 11 kW otherwise, from 2013 on."""
    start_s = MONDAY_S - 4752 * DAY_S  # 2013-01-01
    daily = profile(
        [(0, 11_000.0, 3), (28_800, 6_000.0, 3), (72_000, 11_000.0, 3)],
        unit="W",
        kind="Recurring",
        recurrency="Daily",
        start_s=start_s,
        duration_s=86_400,
    )
    assert daily.charging_schedule.start_schedule == "2013-01-01T00:00:00.000Z"
    assert steps(daily, 0, 8 * HOUR_S - 1, 8 * HOUR_S, 20 * HOUR_S, DAY_S) == [
        (0, 8 * HOUR_S),
        (0, 8 * HOUR_S),
        (1, 20 * HOUR_S),
        (2, DAY_S),
        (0, DAY_S + 8 * HOUR_S),
    ]


def test_a_daily_schedule_shorter_than_a_day_leaves_a_gap_until_the_next_day():
    daily = profile(THREE, kind="Recurring", recurrency="Daily", duration_s=500)
    assert steps(daily, 499, 500, DAY_S - 1, DAY_S, DAY_S + 500) == [
        (2, 500),
        (None, DAY_S),
        (None, DAY_S),
        (0, DAY_S + 100),
        (None, 2 * DAY_S),
    ]


def test_what_exceeds_the_day_is_not_executed():
    daily = profile(
        [(0, 16.0), (DAY_S, 8.0)], kind="Recurring", recurrency="Daily", duration_s=2 * DAY_S
    )
    assert steps(daily, 0, DAY_S, 5 * DAY_S + 1) == [(0, DAY_S), (0, 2 * DAY_S), (0, 6 * DAY_S)]


def test_a_weekly_schedule_restarts_on_its_day_at_its_time():
    weekly = profile(
        [(0, 6.0), (5 * DAY_S, 32.0)], kind="Recurring", recurrency="Weekly", start_s=MONDAY_S
    )
    assert steps(weekly, 0, 5 * DAY_S, WEEK_S, 100 * WEEK_S + 6 * DAY_S) == [
        (0, 5 * DAY_S),
        (1, WEEK_S),
        (0, WEEK_S + 5 * DAY_S),
        (1, 101 * WEEK_S),
    ]


def test_a_recurring_schedule_has_not_begun_before_its_start():
    daily = profile(THREE, kind="Recurring", recurrency="Daily", start_s=MONDAY_S + 3 * DAY_S)
    assert steps(daily, 0, 3 * DAY_S) == [(None, 3 * DAY_S), (0, 3 * DAY_S + 100)]


def test_a_profile_is_valid_from_one_instant_up_to_another():
    limited = profile(THREE, valid_from_s=MONDAY_S + 50, valid_to_s=MONDAY_S + 250)
    assert steps(limited, 0, 50, 150, 250) == [(None, 50), (0, 100), (1, 250), (None, FOREVER)]
    assert [is_valid(limited, MONDAY_S + s) for s in (49, 50, 249, 250)] == [
        False,
        True,
        True,
        False,
    ]
    assert [is_expired(limited, MONDAY_S + s) for s in (0, 249, 250)] == [False, False, True]
    assert is_valid(profile(THREE), 0)


def test_a_duration_of_nothing_executes_nothing():
    assert steps(profile(THREE, duration_s=0), 0) == [(None, FOREVER)]
    assert steps(profile(THREE, kind="Recurring", recurrency="Daily", duration_s=0), 0) == [
        (None, DAY_S)
    ]


def test_an_offset_from_utc_and_fractions_count():
    shifted = profile(THREE, start_s=MONDAY_S + 0.25)
    assert steps(shifted, 0, 0.25, 100.25) == [(None, 0.25), (0, 100.25), (1, 300.25)]


@pytest.mark.parametrize("recurrency", ["Daily", "Weekly"])
@given(start_s=st.floats(0, 4e9), after_s=st.floats(0, 4e9))
def test_the_end_of_a_step_is_the_start_of_another(recurrency: str, start_s: float, after_s: float):
    recurring = profile(THREE, kind="Recurring", recurrency=recurrency, start_s=start_s)
    at_s = start_s + after_s
    for _ in range(5):
        step = limit_at(recurring, at_s, 0.0)
        assert step.until_s > at_s
        following = limit_at(recurring, step.until_s, 0.0)
        assert following.period_index != step.period_index
        at_s = step.until_s
