"""Latencies: percentiles as near as promised, and the same however the parts were put together."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.fleet.latency import RELATIVE_ACCURACY, LatencySketch

LATENCIES_S = st.lists(st.floats(0.0001, 60.0), min_size=1, max_size=60)


def sketch_of(latencies_s: list[float]) -> LatencySketch:
    sketch = LatencySketch()
    sketch.add(latencies_s)
    return sketch


def test_without_answers_there_is_no_percentile() -> None:
    sketch = LatencySketch()
    assert (sketch.count, sketch.mean_s, sketch.percentile_s(99.0)) == (0, None, None)
    sketch.merge(LatencySketch())
    assert sketch.count == 0


@given(LATENCIES_S)
def test_a_percentile_is_near_the_true_one(latencies_s: list[float]) -> None:
    sketch = sketch_of(latencies_s)
    ordered = sorted(latencies_s)
    for percent in (1.0, 50.0, 95.0, 99.0):
        true_s = ordered[int(percent / 100.0 * (len(ordered) - 1))]
        found_s = sketch.percentile_s(percent)
        assert found_s == pytest.approx(true_s, rel=2.0 * RELATIVE_ACCURACY, abs=2e-5)
    assert sketch.percentile_s(100.0) == pytest.approx(ordered[-1], abs=1.1e-5)
    assert sketch.count == len(latencies_s)


@given(LATENCIES_S, LATENCIES_S)
def test_parts_add_up_to_the_whole(some_s: list[float], others_s: list[float]) -> None:
    whole = sketch_of(some_s + others_s)
    merged = sketch_of(some_s)
    merged.merge(sketch_of(others_s))
    assert merged.count == whole.count
    assert merged.max_s == whole.max_s
    for percent in (50.0, 95.0, 100.0):
        assert merged.percentile_s(percent) == whole.percentile_s(percent)


def test_the_mean_is_the_mean() -> None:
    assert sketch_of([0.1, 0.2, 0.6]).mean_s == pytest.approx(0.3, rel=1e-3)


def test_no_time_at_all_counts_as_the_smallest() -> None:
    sketch = sketch_of([0.0, -0.5])
    assert sketch.count == 2
    assert sketch.percentile_s(50.0) == 0.0


def test_a_sketch_goes_to_another_process() -> None:
    sketch = pickle.loads(pickle.dumps(sketch_of([0.01, 0.02])))
    assert sketch.count == 2
    assert sketch.max_s == pytest.approx(0.02)
