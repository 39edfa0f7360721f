"""Thresholds: what holds, what does not and by how much."""

from __future__ import annotations

from typing import Any

import pytest

from ocppsim.fleet.run_record import RunRecord
from ocppsim.fleet.verdict import checks
from ocppsim.scenarios.threshold_plan import ThresholdPlan

from .slices import slice_of


def run_of_a_day() -> RunRecord:
    record = RunRecord()
    record.add(
        slice_of(
            0.0,
            1.0,
            there=10.0,
            connected=9.0,
            latencies_s=(0.1,) * 98 + (0.5, 0.5),
            failures=(("timeout", ""), ("lost", "")),
        )
    )
    record.total.connect_failures["TCP: refused"] = 3
    record.total.lost_links["closed"] = 2
    return record


def judged(thresholds: dict[str, Any], record: RunRecord | None = None) -> list[tuple[str, bool]]:
    plan = ThresholdPlan.model_validate(thresholds)
    return [(check.line, check.holds) for check in checks(plan, record or run_of_a_day(), 4)]


def test_nothing_is_asked_for_that_the_plan_does_not_say() -> None:
    assert judged({}) == []


@pytest.mark.parametrize(
    ("thresholds", "line", "holds"),
    [
        ({"failed_calls_share": 0.01}, "failed CALLs: 0.9901 %, at most 1 %", True),
        ({"failed_calls_share": 0.0}, "failed CALLs: 0.9901 %, at most 0 %", False),
        ({"connected_share": 0.9}, "connected chargers: 90 %, at least 90 %", True),
        ({"connected_share": 0.95}, "connected chargers: 90 %, at least 95 %", False),
        ({"connect_failures": 3}, "failed attempts to connect: 3, at most 3", True),
        ({"lost_links": 1}, "lost links: 2, at most 1", False),
        ({"open_transactions": 3}, "open transactions at the end: 4, at most 3", False),
        (
            {"latency": {"MeterValues": {"max_ms": 400.0}}},
            "MeterValues max: 500.0 ms, at most 400 ms",
            False,
        ),
        (
            {"latency": {"Authorize": {"p95_ms": 400.0}}},
            "Authorize p95: there was none, at most 400 ms",
            False,
        ),
    ],
)
def test_a_threshold_is_judged(thresholds: dict[str, Any], line: str, holds: bool) -> None:
    assert judged(thresholds) == [(line, holds)]


def test_percentiles_of_all_answers_are_judged_one_by_one() -> None:
    found = judged({"latency": {"*": {"p50_ms": 110.0, "p95_ms": 90.0, "p99_ms": 600.0}}})
    assert [holds for _, holds in found] == [True, False, True]
    assert [line.partition(":")[0] for line, _ in found] == [
        "all answers p50",
        "all answers p95",
        "all answers p99",
    ]


def test_what_there_was_nothing_to_measure_of_does_not_hold() -> None:
    thresholds = {"failed_calls_share": 0.5, "connected_share": 0.5}
    assert [holds for _, holds in judged(thresholds, RunRecord())] == [False, False]
