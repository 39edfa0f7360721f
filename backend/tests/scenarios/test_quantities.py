"""Durations, times and drawn numbers, as people write them."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ocppsim.scenarios.quantities import (
    Distribution,
    parse_duration,
    parse_instant,
    parse_plan_time,
)

NOON_S = 1_772_452_800.0  # 2026-03-02T12:00:00Z


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("24h", 86_400.0),
        ("7d", 604_800.0),
        ("1h30m", 5_400.0),
        ("1d 2h 3 min 4s", 93_784.0),
        ("90 min", 5_400.0),
        ("0.5h", 1_800.0),
        (90, 90.0),
        (0, 0.0),
    ],
)
def test_a_duration_is_written_as_people_say_it(text: object, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", " ", "h", "1x", "-1h", -1, True, None, "1h1h", float("nan")])
def test_what_is_no_duration_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="duration"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "after_s"),
    [
        ("13:00", 3_600.0),
        ("11:00", 82_800.0),  # the next one
        ("12:00:30", 30.0),
        ("1h", 3_600.0),
        ("2026-03-03T12:00:00Z", 86_400.0),
        ("2026-03-02 13:00", 3_600.0),
        ("2026-03-02T12:00:00+01:00", -3_600.0),
    ],
)
def test_a_time_is_of_the_day_after_the_start_or_an_instant(text: str, after_s: float) -> None:
    assert parse_plan_time(text).after(NOON_S) == after_s


@pytest.mark.parametrize("text", ["25:00", "2026-02-30T00:00:00Z", "noon", None])
def test_what_is_no_time_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="time"):
        parse_plan_time(text)


@given(
    written=st.sampled_from(
        [
            5,
            {"uniform": [1, 9]},
            {"triangular": [1, 2, 9]},
            {"choice": [1, 3, 9]},
            {"normal": {"mean": 5, "deviation": 4, "low": 1, "high": 9}},
        ]
    ),
    seed=st.integers(0, 1000),
)
def test_what_is_drawn_keeps_to_the_bounds_and_to_the_seed(written: Any, seed: int) -> None:
    distribution = Distribution.model_validate(written)
    low, high = distribution.bounds
    assert 1.0 <= low <= high <= 9.0
    assert low <= distribution.draw(Random(seed)) <= high
    assert distribution.draw(Random(seed)) == distribution.draw(Random(seed))


@pytest.mark.parametrize(
    "written",
    [
        "a lot",
        {},
        {"uniform": [1, 2], "choice": [1]},
        {"uniform": [2, 1]},
        {"choice": []},
        {"normal": {"mean": 1, "deviation": 0}},
        {"normal": {"mean": 1, "deviation": 1, "low": 2, "high": 1}},
        {"normal": {"mean": 100, "deviation": 1, "low": 0, "high": 1}},
    ],
)
def test_a_distribution_that_cannot_be_is_refused(written: Any) -> None:
    with pytest.raises(ValidationError):
        Distribution.model_validate(written)


@pytest.mark.parametrize("start", [float("nan"), float("inf"), 1e300, 10**400, "9999-12-31"])
def test_a_date_time_that_no_calendar_has_is_refused(start: object) -> None:
    with pytest.raises(ValueError, match="years 1 to 9997"):
        parse_instant(start)


def test_a_bell_whose_bounds_are_hardly_ever_hit_comes_to_an_end() -> None:
    bounds = {"mean": 50, "deviation": 1e9, "low": 50.0, "high": 50.000001}
    drawn = Distribution.model_validate({"normal": bounds}).draw(Random(1))
    assert 50.0 <= drawn <= 50.000001
