"""What a fleet did in a span of time, as plain values that add up."""

from __future__ import annotations

from collections import Counter

from .latency import LatencySketch

LOST = "lost"
"""Of a CALL: the link went down before it was answered. That is no failure of the CSMS's answer."""

_LEVELS = ("there", "connected", "plugged_in", "charging", "transactions")
_MOST_KINDS = 100
_OTHERS = "others"


class TimeSlice:
    """A span of a run, of a whole fleet or of the part of it that one process runs.

    Times are seconds after the start of the run. The levels (``there``, ``connected``,
    ``plugged_in``, ``charging``, ``transactions``) are means over the span, ``there`` counting
    the chargers that the ramps have brought; the rest is what came in it. ``failures`` are by
    action and kind (``timeout``, ``violation``, ``lost``, ``CALLERROR`` and its code). ``sessions``
    are the visits that ended, with their ``outcomes`` in the words of a session row, ``energy_wh``
    what they charged; ``disturbances`` those that began.
    """

    __slots__ = (
        "charging",
        "connect_failures",
        "connected",
        "disturbances",
        "energy_wh",
        "failures",
        "from_s",
        "is_steady",
        "latencies",
        "loop_lag_s",
        "lost_links",
        "outcomes",
        "plugged_in",
        "received",
        "sent",
        "sessions",
        "there",
        "to_s",
        "transactions",
    )

    def __init__(self, from_s: float, to_s: float) -> None:
        self.from_s = from_s
        self.to_s = to_s
        self.is_steady = False
        """Between the ramps."""
        self.there = 0.0
        self.connected = 0.0
        self.plugged_in = 0.0
        self.charging = 0.0
        self.transactions = 0.0
        self.sent = 0
        self.received = 0
        self.sessions = 0
        self.energy_wh = 0.0
        self.outcomes: Counter[str] = Counter()
        self.disturbances = 0
        self.loop_lag_s = 0.0
        self.latencies: dict[str, LatencySketch] = {}
        self.failures: Counter[tuple[str, str]] = Counter()
        self.connect_failures: Counter[str] = Counter()
        self.lost_links: Counter[str] = Counter()

    @property
    def span_s(self) -> float:
        return self.to_s - self.from_s

    @property
    def latency(self) -> LatencySketch:
        """Of all actions together."""
        whole = LatencySketch()
        for sketch in self.latencies.values():
            whole.merge(sketch)
        return whole

    @property
    def answered(self) -> int:
        """CALLs with a usable answer."""
        return sum(sketch.count for sketch in self.latencies.values())

    @property
    def failed(self) -> int:
        """CALLs that the CSMS gave no usable answer to, those aside that a lost link cut short."""
        return sum(count for (_, kind), count in self.failures.items() if kind != LOST)

    def add_later(self, other: TimeSlice) -> None:
        """Become longer by what followed."""
        mine_s, others_s = self.span_s, other.span_s
        whole_s = mine_s + others_s
        if whole_s > 0.0:
            for name in _LEVELS:
                mean = (getattr(self, name) * mine_s + getattr(other, name) * others_s) / whole_s
                setattr(self, name, mean)
        self.to_s = other.to_s
        self.is_steady = self.is_steady and other.is_steady
        self._add_counts(other)

    def add_part(self, other: TimeSlice) -> None:
        """Become that of a larger part of the fleet in the same time."""
        self.from_s = min(self.from_s, other.from_s)
        self.to_s = max(self.to_s, other.to_s)
        self.is_steady = self.is_steady and other.is_steady
        self.add_levels(other)
        self._add_counts(other)

    def levels(self) -> TimeSlice:
        """The same span with its levels alone."""
        span = TimeSlice(self.from_s, self.to_s)
        span.add_levels(self)
        return span

    def add_levels(self, other: TimeSlice) -> None:
        """The levels of another part come to those of this one; what it counted does not."""
        for name in _LEVELS:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def _add_counts(self, other: TimeSlice) -> None:
        self.sent += other.sent
        self.received += other.received
        self.sessions += other.sessions
        self.energy_wh += other.energy_wh
        self.outcomes.update(other.outcomes)
        self.disturbances += other.disturbances
        self.loop_lag_s = max(self.loop_lag_s, other.loop_lag_s)
        for action, sketch in other.latencies.items():
            self.latencies.setdefault(action, LatencySketch()).merge(sketch)
        self.failures.update(other.failures)
        for mine, others in (
            (self.connect_failures, other.connect_failures),
            (self.lost_links, other.lost_links),
        ):
            for reason, count in others.items():
                count_reason(mine, reason, count)


def count_reason(counter: Counter[str], reason: str, count: int = 1) -> None:
    """Count by a text that others write; beyond a hundred of them, together as ``others``."""
    if reason not in counter and len(counter) >= _MOST_KINDS:
        reason = _OTHERS
    counter[reason] += count


__all__ = ["LOST", "TimeSlice", "count_reason"]
