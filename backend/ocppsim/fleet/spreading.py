"""Which machine each part of a fleet runs on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping


def spread(cores: Mapping[str, int], parts: int) -> list[str]:
    """The machine of each part: in turn, and in proportion to their cores (at least one each)."""
    taken: Counter[str] = Counter()
    machines: list[str] = []
    for _ in range(parts):
        machines.append(least_loaded(cores, taken))
        taken[machines[-1]] += 1
    return machines


def least_loaded(cores: Mapping[str, int], taken: Mapping[str, int]) -> str:
    """Where one part more is the least load a core; of equals the first."""
    return min(cores, key=lambda name: (taken.get(name, 0) + 1) / max(1, cores[name]))


__all__ = ["least_loaded", "spread"]
