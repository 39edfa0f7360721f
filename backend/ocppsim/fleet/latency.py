"""How long answers take: distributions that can be merged, over seconds and over processes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import repeat
from operator import mul
from typing import Any, cast

from ddsketch import DDSketch

RELATIVE_ACCURACY = 0.01
"""A percentile is at most so much beside the true one."""

_STEPS_A_SECOND = 100_000.0
"""Latencies are counted in steps of 10 µs, which takes less than a sketch takes for each."""


class LatencySketch:
    """The distribution of latencies, in seconds; sketches of parts add up to that of the whole."""

    __slots__ = ("_sketch", "max_s")

    def __init__(self) -> None:
        self._sketch: Any = DDSketch(RELATIVE_ACCURACY)
        self.max_s = 0.0

    @property
    def count(self) -> int:
        """How many there were."""
        return round(self._sketch.count)

    @property
    def mean_s(self) -> float | None:
        """None where there were none."""
        return self._sketch.sum / self._sketch.count if self._sketch.count else None

    def add(self, latencies_s: Iterable[float]) -> None:
        """Count latencies; 0 and what is below counts as the smallest step."""
        steps = Counter(map(int, map(mul, latencies_s, repeat(_STEPS_A_SECOND))))
        add = self._sketch.add
        for step, count in steps.items():
            add(max(step, 0.5) / _STEPS_A_SECOND, count)
        if steps:
            self.max_s = max(self.max_s, max(steps) / _STEPS_A_SECOND)

    def merge(self, other: LatencySketch) -> None:
        """Count all that the other one has counted, too."""
        if other.count:
            self._sketch.merge(other._sketch)
            self.max_s = max(self.max_s, other.max_s)

    def percentile_s(self, percent: float) -> float | None:
        """So many of a hundred took no longer; None where there were none."""
        found = cast("float | None", self._sketch.get_quantile_value(percent / 100.0))
        return None if found is None else min(found, self.max_s) if percent < 100 else self.max_s


__all__ = ["RELATIVE_ACCURACY", "LatencySketch"]
