"""The course of a run as plain values, and the lines in which a run tells of it while it goes on.

A line is a JSON object: ``{"kind": "second", …}`` once a second, ``{"kind": "result", …}`` at
the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from .latency import LatencySketch
from .run_record import RunRecord
from .time_slice import TimeSlice

_DIGITS = 3


class Percentiles(msgspec.Struct, frozen=True):
    """How long answers took, in milliseconds."""

    p50: float
    p95: float
    p99: float


class CoursePoint(msgspec.Struct, frozen=True):
    """A span of a run, in seconds after its start.

    ``there`` to ``transactions`` are means over the span, ``there`` counting the chargers that the
    ramps have brought. ``failed`` counts the CALLs without a usable answer, ``sessions`` the
    visits that ended, with their energy.
    """

    from_s: float
    to_s: float
    there: float
    connected: float
    plugged_in: float
    charging: float
    transactions: float
    sent_per_s: float
    received_per_s: float
    failed: int
    sessions: int
    energy_wh: float
    latency_ms: Percentiles | None
    loop_lag_ms: float


class FailureCount(msgspec.Struct, frozen=True):
    """What went wrong how often: a CALL of an action, or, without one, a connection."""

    action: str | None
    kind: str
    count: int


class ActionLatency(msgspec.Struct, frozen=True):
    """How many CALLs of an action were answered, and how long that took, in milliseconds."""

    action: str
    count: int
    p50: float
    p95: float
    p99: float


class RunCourse(msgspec.Struct, frozen=True):
    """A run so far: its course in at most 720 points, and what it comes to."""

    points: list[CoursePoint]
    failures: list[FailureCount]
    latencies: list[ActionLatency]
    latency_ms: Percentiles | None = None
    """Of all CALLs together."""


class SecondLine(msgspec.Struct, frozen=True, tag_field="kind", tag="second"):
    """What the last second brought, and the run so far.

    ``course`` replaces all points of the course that begin where its first one does, or later.
    """

    point: CoursePoint
    sessions: int
    energy_wh: float
    failures: list[FailureCount]
    latencies: list[ActionLatency]
    latency_ms: Percentiles | None
    course: list[CoursePoint]


class ResultLine(msgspec.Struct, frozen=True, tag_field="kind", tag="result"):
    """The run is over; ``summary`` is what ``summary.json`` says."""

    summary: dict[str, Any]


Line = SecondLine | ResultLine

_decoder: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)


def read_line(line: bytes) -> Line:
    """Raises ``msgspec.DecodeError`` for what is no such line."""
    return _decoder.decode(line)


def course_of(record: RunRecord) -> RunCourse:
    """What the record comes to."""
    return RunCourse(
        [course_point(span) for span in record.points],
        failure_counts(record.total),
        action_latencies(record.total),
        percentiles(record.total.latency),
    )


def course_point(span: TimeSlice) -> CoursePoint:
    """The span in numbers that can be shown."""
    span_s = max(span.span_s, 1e-9)
    return CoursePoint(
        from_s=round(span.from_s, _DIGITS),
        to_s=round(span.to_s, _DIGITS),
        there=round(span.there, _DIGITS),
        connected=round(span.connected, _DIGITS),
        plugged_in=round(span.plugged_in, _DIGITS),
        charging=round(span.charging, _DIGITS),
        transactions=round(span.transactions, _DIGITS),
        sent_per_s=round(span.sent / span_s, _DIGITS),
        received_per_s=round(span.received / span_s, _DIGITS),
        failed=span.failed,
        sessions=span.sessions,
        energy_wh=round(span.energy_wh, 1),
        latency_ms=percentiles(span.latency),
        loop_lag_ms=round(span.loop_lag_s * 1000.0, _DIGITS),
    )


def failure_counts(total: TimeSlice) -> list[FailureCount]:
    """Whatever went wrong, the most frequent first."""
    found = [FailureCount(action, kind, n) for (action, kind), n in total.failures.items()]
    for what, reasons in (
        ("connecting", total.connect_failures),
        ("link lost", total.lost_links),
    ):
        found += [FailureCount(None, f"{what}: {reason}", n) for reason, n in reasons.items()]
    return sorted(found, key=lambda one: (-one.count, one.action or "", one.kind))


def action_latencies(total: TimeSlice) -> list[ActionLatency]:
    """By action, the most frequent first."""
    found: list[ActionLatency] = []
    for action, sketch in total.latencies.items():
        taken = percentiles(sketch)
        if taken is not None:
            found.append(ActionLatency(action, sketch.count, taken.p50, taken.p95, taken.p99))
    return sorted(found, key=lambda one: (-one.count, one.action))


def continued(points: list[CoursePoint], later: Sequence[CoursePoint]) -> None:
    """Let ``later`` take the place of all points that begin where its first one does, or later."""
    if not later:
        return
    while points and points[-1].from_s >= later[0].from_s:
        points.pop()
    points.extend(later)


def percentiles(sketch: LatencySketch) -> Percentiles | None:
    """None where nothing was answered."""
    found = [sketch.percentile_s(percent) for percent in (50.0, 95.0, 99.0)]
    shown = [round(value_s * 1000.0, _DIGITS) for value_s in found if value_s is not None]
    return Percentiles(*shown) if len(shown) == len(found) else None


__all__ = [
    "ActionLatency",
    "CoursePoint",
    "FailureCount",
    "Line",
    "Percentiles",
    "ResultLine",
    "RunCourse",
    "SecondLine",
    "action_latencies",
    "continued",
    "course_of",
    "course_point",
    "failure_counts",
    "percentiles",
    "read_line",
]
