"""How far one machine goes, and how many it takes: a model fitted to fleets of several sizes.

Each size runs twice, talking a lot and hardly at all: the difference is what a message costs, the
rest what a charger costs that is merely there.
"""

from __future__ import annotations

import statistics
from collections.abc import Generator, Sequence
from math import ceil
from pathlib import Path
from typing import NamedTuple

from .figures import Figures
from .scenarios import Fleet, run_program

SIZES = (1_000, 5_000, 10_000, 19_000)
BUSY_INTERVAL_S = 1
QUIET_INTERVAL_S = 30
HEARTBEAT_S = 300
PROCESS_LIMIT = 19_000
"""Chargers in one process where it may have 20,000 file descriptors."""
BUSY_SHARE = 0.7
"""Of a core: above it answers come late at every hiccup."""
_FRAME_OVERHEAD_BYTES = 78
"""Ethernet, IPv4 and TCP (with timestamps) around a packet, and the WebSocket header: both ways."""
_ACKNOWLEDGEMENT_BYTES = 66


class Pair(NamedTuple):
    """A fleet that talks a lot, and one of the same size that hardly does."""

    busy: Figures
    quiet: Figures


class Model(NamedTuple):
    """What things cost; the CPU of one core is 1."""

    cpu_us_per_round_trip: float
    cpu_us_per_charger_second: float
    base_cpu_share: float
    memory_kib_per_charger: float
    base_memory_mib: float
    bytes_per_round_trip: float

    def cpu_share(self, chargers: int, round_trips_per_s: float) -> float:
        """Cores that so many chargers keep busy."""
        spent_us = (
            self.cpu_us_per_round_trip * round_trips_per_s
            + self.cpu_us_per_charger_second * chargers
        )
        return self.base_cpu_share + spent_us / 1e6


def run_pairs(folder: Path, *, window_s: float, scale: float) -> Generator[Pair]:
    """A busy and a quiet run of each size."""
    for size in SIZES:
        runs: list[Figures] = []
        for interval_s in (BUSY_INTERVAL_S, QUIET_INTERVAL_S):
            fleet = Fleet(max(10, round(size * scale)), interval_s, HEARTBEAT_S)
            path = folder / f"capacity-{size}-{interval_s}.db"
            runs.append(run_program("product", fleet, path, max(window_s, interval_s)))
            path.unlink(missing_ok=True)
        yield Pair(*runs)


def fitted(pairs: Sequence[Pair]) -> Model:
    """The model that fits them best; needs two sizes."""
    sizes = [pair.busy.chargers for pair in pairs]
    per_round_trip = statistics.median(
        (_of(pair.busy.cpu_share) - _of(pair.quiet.cpu_share))
        / (_of(pair.busy.round_trips_per_s) - _of(pair.quiet.round_trips_per_s))
        for pair in pairs
    )
    silent = [
        _of(pair.quiet.cpu_share) - per_round_trip * _of(pair.quiet.round_trips_per_s)
        for pair in pairs
    ]
    cpu = statistics.linear_regression(sizes, silent)
    memory = statistics.linear_regression(
        sizes, [_of(pair.busy.memory_kib) * pair.busy.chargers for pair in pairs]
    )
    frame_bytes = _of(pairs[0].busy.frame_bytes)
    return Model(
        cpu_us_per_round_trip=per_round_trip * 1e6,
        cpu_us_per_charger_second=max(0.0, cpu.slope * 1e6),
        base_cpu_share=max(0.0, cpu.intercept),
        memory_kib_per_charger=memory.slope,
        base_memory_mib=memory.intercept / 1024.0,
        bytes_per_round_trip=frame_bytes
        + 30.0
        + 2.0 * _FRAME_OVERHEAD_BYTES
        + _ACKNOWLEDGEMENT_BYTES,
    )


def _of(value: float | None) -> float:
    if value is None:
        raise ValueError("a run did not measure what the model needs")
    return value


def markdown(pairs: Sequence[Pair], model: Model) -> str:
    """What was measured, the model, and what it means for large fleets."""
    head = (
        f"| Chargers | CPU at one each {BUSY_INTERVAL_S} s | CPU at one each {QUIET_INTERVAL_S} s "
        "| Memory a charger |"
    )
    rows = [head, "| ---: | ---: | ---: | ---: |"]
    rows += [
        f"| {pair.busy.chargers:,} | {_of(pair.busy.cpu_share):.3f} | "
        f"{_of(pair.quiet.cpu_share):.3f} | {_of(pair.busy.memory_kib):.1f} KiB |"
        for pair in pairs
    ]
    costs = (
        f"A round trip costs {model.cpu_us_per_round_trip:.1f} µs of CPU and about "
        f"{model.bytes_per_round_trip:,.0f} bytes on the wire (both ways, headers included); a "
        f"charger {model.cpu_us_per_charger_second:.2f} µs a second for being there, "
        f"{model.memory_kib_per_charger:.1f} KiB, one file descriptor and one local port; the "
        f"process {model.base_cpu_share * 100:.1f} % of a core and "
        f"{max(0.0, model.base_memory_mib):.0f} MiB."
    )
    title = (
        f"| Fleet | MeterValues each | Round trips | Cores, {BUSY_SHARE:.0%} busy | Memory "
        f"| Processes of {PROCESS_LIMIT:,} | Bandwidth |"
    )
    plans = [
        f"| {chargers:,} | {interval_s} s | {rate:,.0f}/s | "
        f"{model.cpu_share(chargers, rate) / BUSY_SHARE:.1f} | "
        f"{chargers * model.memory_kib_per_charger / 1024 / 1024:.1f} GiB | "
        f"{ceil(chargers / PROCESS_LIMIT)} | "
        f"{rate * model.bytes_per_round_trip * 8 / 1e6:,.0f} Mbit/s |"
        for chargers in (100_000, 1_000_000)
        for interval_s in (10, 60, 900)
        for rate in (chargers / interval_s + chargers / HEARTBEAT_S,)
    ]
    return "\n".join([*rows, "", costs, "", title, "| ---: " * 7 + "|", *plans])
