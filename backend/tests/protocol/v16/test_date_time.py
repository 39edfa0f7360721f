"""ISO 8601 as it arrives and as it is sent (1.6 ed.2 §3.14, §3.15)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.protocol.v16.date_time import format_date_time, parse_date_time

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-02T12:00:00Z",
        "2026-01-02T12:00:00",
        "2026-01-02T12:00Z",
        "2026-01-02T12:00",
        "2026-01-02t12:00:00z",
        "2026-01-02T12:00:00.000Z",
        "2026-01-02T12:00:00,000000000Z",
        "2026-01-02T13:00:00+01:00",
        "2026-01-02T13:00:00+0100",
        "2026-01-02T13:00:00+01",
        "2026-01-02T13:00+01",
        "2026-01-02T06:30:00.0-05:30",
        "2026-01-02T12:00:00-00:00",
        "2026-01-02T11:59:60Z",
        "2026-01-03T00:00:00+12:00",
        "2026-01-01T24:00:00-12:00",
    ],
)
def test_every_way_to_say_noon(text: str):
    assert parse_date_time(text) == NOON


def test_fractions_count():
    assert parse_date_time("2026-01-02T12:00:00.25Z") == NOON + 0.25
    assert parse_date_time("2026-01-02T12:00:00.123456789+00:00") == pytest.approx(NOON + 0.123457)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-01-02",
        "12:00:00Z",
        "2026-01-02 12:00:00Z",
        "2026-13-02T12:00:00Z",
        "2026-02-29T12:00:00Z",
        "2100-02-29T12:00:00Z",
        "0000-01-01T12:00:00Z",
        "2026-04-31T12:00:00Z",
        "2026-01-02T24:00:01Z",
        "2026-01-02T12:60:00Z",
        "2026-01-02T12:00:61Z",
        "2026-01-02T12:00:00.Z",
        "2026-01-02T12:00:00+24:00",
        "2026-01-02T12:00:00+1",
        "2026-01-02T12:00:00Z\n",
        " 2026-01-02T12:00:00Z",
        "2026-01-02T12:00:00ZZ",
        "٢٠٢٦-01-02T12:00:00Z",
        "1767355200",
    ],
)
def test_what_is_no_date_time(text: str):
    with pytest.raises(ValueError, match="date-time"):
        parse_date_time(text)


def test_what_is_sent_is_utc_with_milliseconds():
    assert format_date_time(NOON + 0.6789) == "2026-01-02T12:00:00.679Z"
    assert format_date_time(NOON + 59.9999) == "2026-01-02T12:01:00.000Z"
    assert format_date_time(-0.5) == "1969-12-31T23:59:59.500Z"


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)))  # noqa: DTZ001
def test_it_agrees_with_the_calendar(moment: datetime):
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=UTC)
    text = moment.isoformat()
    seconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
    assert parse_date_time(text) == pytest.approx(seconds, abs=1e-4)
    assert datetime.fromisoformat(format_date_time(seconds)) == moment


@given(st.floats(min_value=-6e10, max_value=2.5e11))
def test_there_and_back(seconds: float):
    assert parse_date_time(format_date_time(seconds)) == pytest.approx(seconds, abs=6e-4)
