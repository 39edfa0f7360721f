"""Slices as tests make them."""

from __future__ import annotations

from ocppsim.fleet.call_statistics import CallStatistics
from ocppsim.fleet.time_slice import TimeSlice


def slice_of(
    from_s: float,
    to_s: float,
    *,
    connected: float = 0.0,
    there: float = 0.0,
    steady: bool = True,
    latencies_s: tuple[float, ...] = (),
    failures: tuple[tuple[str, str], ...] = (),
) -> TimeSlice:
    """A slice with answers to MeterValues, and with failures of Heartbeat by kind and code."""
    calls = CallStatistics()
    for latency_s in latencies_s:
        calls.answered("MeterValues", latency_s)
    for kind, code in failures:
        calls.failed("Heartbeat", kind, code)
    span = TimeSlice(from_s, to_s)
    calls.move_to(span)
    span.connected = connected
    span.there = there
    span.is_steady = steady
    span.sent = span.received = len(latencies_s)
    return span
