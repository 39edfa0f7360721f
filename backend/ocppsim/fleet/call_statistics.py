"""What becomes of the chargers' CALLs, gathered on the hot path and counted once in a while."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict

from .latency import LatencySketch
from .time_slice import TimeSlice


def _doubles() -> array[float]:
    return array("d")


class CallStatistics:
    """A :class:`~ocppsim.chargepoint.call_sink.CallSink` for all chargers of a process.

    An answer only appends its latency to a list of its action; what that comes to is worked out
    by :meth:`move_to`.
    """

    __slots__ = ("_failures", "_latencies_s")

    def __init__(self) -> None:
        self._latencies_s: defaultdict[str, array[float]] = defaultdict(_doubles)
        self._failures: Counter[tuple[str, str]] = Counter()

    def answered(self, action: str, latency_s: float, /) -> None:
        self._latencies_s[action].append(latency_s)

    def failed(self, action: str, kind: str, code: str, /) -> None:
        self._failures[action, f"CALLERROR {code}" if kind == "error" else kind] += 1

    def move_to(self, span: TimeSlice) -> None:
        """Count what came since the last time into a slice."""
        gathered, self._latencies_s = self._latencies_s, defaultdict(_doubles)
        for action, latencies_s in gathered.items():
            span.latencies.setdefault(action, LatencySketch()).add(latencies_s)
        span.failures.update(self._failures)
        self._failures.clear()


__all__ = ["CallStatistics"]
