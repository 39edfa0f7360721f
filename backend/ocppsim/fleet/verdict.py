"""Whether a run kept to the thresholds of its plan, and by how much it did not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ocppsim.scenarios.threshold_plan import ALL_ACTIONS, LatencyThreshold, ThresholdPlan

from .latency import LatencySketch
from .run_record import RunRecord


class Check(NamedTuple):
    """One threshold: what it is about, what is allowed, what was measured, in words."""

    what: str
    limit: str
    measured: str
    holds: bool

    @property
    def line(self) -> str:
        """``MeterValues p95: 812 ms, at most 500 ms``."""
        return f"{self.what}: {self.measured}, {self.limit}"


def checks(thresholds: ThresholdPlan, record: RunRecord, open_transactions: int) -> list[Check]:
    """All thresholds of the plan; what there was nothing to measure of does not hold."""
    return list(_checks(thresholds, record, open_transactions))


def _checks(
    thresholds: ThresholdPlan, record: RunRecord, open_transactions: int
) -> Iterator[Check]:
    total = record.total
    if thresholds.failed_calls_share is not None:
        calls = total.answered + total.failed
        share = total.failed / calls if calls else None
        limit = thresholds.failed_calls_share
        yield Check(
            "failed CALLs",
            f"at most {_percent(limit)}",
            "no CALL was answered or failed" if share is None else _percent(share),
            share is not None and share <= limit,
        )
    if thresholds.connected_share is not None:
        share, limit = record.connected_share, thresholds.connected_share
        yield Check(
            "connected chargers",
            f"at least {_percent(limit)}",
            "the ramp-up did not end" if share is None else _percent(share),
            share is not None and share >= limit,
        )
    for what, number, most in (
        (
            "failed attempts to connect",
            sum(total.connect_failures.values()),
            thresholds.connect_failures,
        ),
        ("lost links", sum(total.lost_links.values()), thresholds.lost_links),
        ("open transactions at the end", open_transactions, thresholds.open_transactions),
    ):
        if most is not None:
            yield Check(what, f"at most {most}", str(number), number <= most)
    for action, threshold in thresholds.latency.items():
        if action == ALL_ACTIONS:
            yield from _latency("all answers", threshold, total.latency)
        else:
            sketch = total.latencies.get(action, LatencySketch())
            yield from _latency(action, threshold, sketch)


def _latency(what: str, threshold: LatencyThreshold, sketch: LatencySketch) -> Iterator[Check]:
    for name, percent, limit_ms in (
        ("p50", 50.0, threshold.p50_ms),
        ("p95", 95.0, threshold.p95_ms),
        ("p99", 99.0, threshold.p99_ms),
        ("max", 100.0, threshold.max_ms),
    ):
        if limit_ms is None:
            continue
        measured_s = sketch.percentile_s(percent)
        yield Check(
            f"{what} {name}",
            f"at most {limit_ms:g} ms",
            "there was none" if measured_s is None else f"{measured_s * 1000.0:.1f} ms",
            measured_s is not None and measured_s * 1000.0 <= limit_ms,
        )


def _percent(share: float) -> str:
    return f"{share * 100.0:.4g} %"


__all__ = ["Check", "checks"]
