"""The course of a run as it is told: in lines while it goes on, and whole in the end."""

from __future__ import annotations

import json

import msgspec
import pytest

from ocppsim.cli.fleet_json_progress import FleetJsonProgress
from ocppsim.fleet.run_course import (
    CoursePoint,
    SecondLine,
    continued,
    course_of,
    course_point,
    read_line,
)
from ocppsim.fleet.run_record import RunRecord
from ocppsim.fleet.time_slice import TimeSlice

from .slices import slice_of


def test_a_span_is_told_in_numbers_a_second() -> None:
    span = slice_of(
        3.0, 5.0, connected=7.5, latencies_s=(0.1, 0.1, 0.1), failures=(("timeout", ""),)
    )
    span.sessions, span.energy_wh, span.loop_lag_s = 2, 50.04, 0.0125
    point = course_point(span)
    assert (point.from_s, point.to_s, point.connected) == (3.0, 5.0, 7.5)
    assert (point.sent_per_s, point.failed, point.loop_lag_ms) == (1.5, 1, 12.5)
    assert (point.sessions, point.energy_wh) == (2, 50.0)
    assert point.latency_ms is not None
    assert msgspec.structs.astuple(point.latency_ms) == pytest.approx((100.0,) * 3, rel=0.02)


def test_where_nothing_was_answered_there_is_no_latency() -> None:
    assert course_point(TimeSlice(0.0, 1.0)).latency_ms is None


def test_the_lines_of_a_run_add_up_to_its_course(capsys: pytest.CaptureFixture[str]) -> None:
    progress = FleetJsonProgress()
    points: list[CoursePoint] = []
    told = None
    for number in range(1500):  # the points get longer twice
        span = slice_of(number, number + 1.0, connected=float(number % 7), latencies_s=(0.1,))
        if number % 100 == 0:
            span.connect_failures["TCP: refused"] += 1
            span.sessions += 1
        progress.show(span)
        (line,) = capsys.readouterr().out.splitlines()
        told = read_line(line.encode())
        assert isinstance(told, SecondLine)
        assert told.point.to_s == number + 1.0
        assert told.sessions == number // 100 + 1
        continued(points, told.course)
    course = course_of(progress.record)
    assert points == course.points
    assert len(points) == 375
    assert told is not None
    assert told.failures == course.failures
    assert [(one.action, one.kind, one.count) for one in course.failures] == [
        (None, "connecting: TCP: refused", 15)
    ]
    assert told.latencies == course.latencies
    assert [(one.action, one.count) for one in course.latencies] == [("MeterValues", 1500)]
    assert told.latency_ms == course.latency_ms
    assert course.latency_ms is not None
    assert course.latency_ms.p95 == pytest.approx(100.0, rel=0.02)


def test_failures_come_with_the_most_frequent_first() -> None:
    record = RunRecord()
    span = slice_of(0.0, 1.0, failures=(("lost", ""), ("timeout", ""), ("timeout", "")))
    span.lost_links["1006"] += 3
    record.add(span)
    failures = course_of(record).failures
    assert [(one.action, one.kind, one.count) for one in failures] == [
        (None, "link lost: 1006", 3),
        ("Heartbeat", "timeout", 2),
        ("Heartbeat", "lost", 1),
    ]


def test_later_points_take_the_place_of_those_that_begin_no_earlier() -> None:
    def point(from_s: float, to_s: float) -> CoursePoint:
        return course_point(TimeSlice(from_s, to_s))

    points = [point(0, 2), point(2, 4), point(4, 5)]
    continued(points, [])
    continued(points, [point(4, 6), point(6, 7)])
    assert [(one.from_s, one.to_s) for one in points] == [(0, 2), (2, 4), (4, 6), (6, 7)]
    continued(points, [point(0, 4), point(4, 8)])
    assert [(one.from_s, one.to_s) for one in points] == [(0, 4), (4, 8)]


@pytest.mark.parametrize("line", ["", "making 5 chargers", "[]", '{"kind": "third"}', "{}"])
def test_what_is_no_line_is_told_from_lines(line: str) -> None:
    with pytest.raises(msgspec.DecodeError):
        read_line(line.encode())


def test_lines_of_a_later_version_may_say_more() -> None:
    told = read_line(json.dumps({"kind": "result", "summary": {}, "mood": "good"}).encode())
    assert told.summary == {}  # pyright: ignore[reportAttributeAccessIssue]
