"""What a process takes: CPU, memory; and how figures of several runs are summed up."""

from __future__ import annotations

import gc
import os
import resource
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

WINDOW_BEGINS = "window"
"""A program of the benchmark writes this line when its measurement begins."""


class Figures(msgspec.Struct, kw_only=True):
    """What one run of one program with one fleet found; None where it was not looked for."""

    program: str
    chargers: int
    ready_s: float | None = None
    """From stored chargers to chargers that can be connected."""
    connects_per_s: float | None = None
    """Connected and booted."""
    memory_kib: float | None = None
    """Resident memory with all of them connected (and charging), without the message log."""
    round_trips_per_s: float | None = None
    cpu_us: float | None = None
    """CPU time a MeterValues round trip, all threads of the process."""
    cpu_share: float | None = None
    """Of one core."""
    journal_us: float | None = None
    """CPU time of the journal's thread a round trip (part of ``cpu_us``)."""
    answer_p50_ms: float | None = None
    answer_p99_ms: float | None = None
    """Of the charger, to a CALL of the CSMS; as the CSMS sees it."""
    page_p95_ms: float | None = None
    """A page of 100 from ``GET /api/chargers``."""
    frame_bytes: float | None = None


class Window:
    """A period over which CPU time and round trips are counted."""

    def __init__(self, count: int) -> None:
        print(WINDOW_BEGINS, flush=True)
        self.count = count
        self._wall_s = time.perf_counter()
        self._cpu_s = time.process_time()

    def end(self, figures: Figures, count: int) -> None:
        """Write into ``figures`` what it took since the beginning."""
        cpu_s = time.process_time() - self._cpu_s
        wall_s = time.perf_counter() - self._wall_s
        done = max(1, count - self.count)
        figures.cpu_us = cpu_s / done * 1e6
        figures.round_trips_per_s = done / wall_s
        figures.cpu_share = cpu_s / wall_s


def resident_kib() -> float:
    """The memory of this process that is in RAM."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024.0


def raise_descriptor_limit() -> None:
    """As many connections as the machine lets this process have."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def percentile(ascending: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile; 0.0 of nothing."""
    if not ascending:
        return 0.0
    rank = max(0, min(len(ascending) - 1, round(percent / 100.0 * len(ascending)) - 1))
    return ascending[rank]
