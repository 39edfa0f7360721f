"""What a fleet did: over time and over its parts it adds up."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.fleet.call_statistics import CallStatistics
from ocppsim.fleet.run_record import RunRecord
from ocppsim.fleet.time_slice import TimeSlice, count_reason

from .slices import slice_of


def test_statistics_are_counted_once() -> None:
    calls = CallStatistics()
    calls.answered("Heartbeat", 0.2)
    calls.failed("Heartbeat", "error", "InternalError")
    calls.failed("Heartbeat", "lost", "")
    first, second = TimeSlice(0.0, 1.0), TimeSlice(1.0, 2.0)
    calls.move_to(first)
    calls.move_to(second)
    assert (first.answered, first.failed) == (1, 1)
    assert first.failures == {
        ("Heartbeat", "CALLERROR InternalError"): 1,
        ("Heartbeat", "lost"): 1,
    }
    assert (second.answered, second.failed, second.failures) == (0, 0, Counter())


def test_what_followed_makes_levels_means_and_counts_sums() -> None:
    span = slice_of(0.0, 1.0, connected=10.0, latencies_s=(0.1, 0.2))
    span.loop_lag_s = 0.03
    later = slice_of(1.0, 4.0, connected=2.0, latencies_s=(0.3,))
    later.loop_lag_s = 0.01
    span.add_later(later)
    assert (span.from_s, span.to_s) == (0.0, 4.0)
    assert span.connected == pytest.approx(4.0)
    assert (span.answered, span.sent, span.loop_lag_s) == (3, 3, 0.03)


def test_parts_of_a_fleet_add_up() -> None:
    whole = slice_of(0.0, 1.0, connected=10.0, there=10.0, latencies_s=(0.1,))
    part = slice_of(0.0, 1.0, connected=5.0, there=6.0, failures=(("timeout", ""),))
    part.connect_failures["TCP: refused"] = 2
    whole.add_part(part)
    assert (whole.connected, whole.there, whole.span_s) == (15.0, 16.0, 1.0)
    assert (whole.answered, whole.failed) == (1, 1)
    assert whole.connect_failures == {"TCP: refused": 2}


def test_texts_that_others_write_are_bounded() -> None:
    counter: Counter[str] = Counter()
    for number in range(500):
        count_reason(counter, f"reason {number}")
    count_reason(counter, "reason 0", 5)
    assert len(counter) == 101
    assert counter["others"] == 400
    assert counter["reason 0"] == 6


@given(st.lists(st.integers(0, 5), min_size=1, max_size=3000))
def test_a_run_keeps_a_bounded_course_and_loses_nothing(answers: list[int]) -> None:
    record = RunRecord()
    for second, count in enumerate(answers):
        span = TimeSlice(float(second), second + 1.0)
        span.sent = count
        record.add(span)
    assert record.total.sent == sum(answers) == sum(point.sent for point in record.points)
    assert len(record.points) <= 720
    assert record.points[0].from_s == 0.0
    assert record.points[-1].to_s == record.total.to_s == len(answers)
    for before, after in zip(record.points, record.points[1:], strict=False):
        assert before.to_s == after.from_s
    spans = {point.span_s for point in record.points[:-1]}
    assert len(spans) <= 1


def test_the_connected_share_is_of_the_time_between_the_ramps() -> None:
    record = RunRecord()
    assert record.connected_share is None
    record.add(slice_of(0.0, 5.0, there=2.0, steady=False))
    record.add(slice_of(5.0, 6.0, there=10.0, connected=10.0))
    record.add(slice_of(6.0, 9.0, there=10.0, connected=8.0))
    record.add(slice_of(9.0, 10.0, there=1.0, steady=False))
    assert record.connected_share == pytest.approx(34.0 / 40.0)
    assert record.largest_connected == 10.0
