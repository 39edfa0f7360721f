"""Which machine each part of a fleet runs on."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from ocppsim.fleet.spreading import least_loaded, spread

CORES = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 64), min_size=1)


@given(CORES)
def test_one_part_a_core_fills_every_machine(cores: dict[str, int]) -> None:
    assert Counter(spread(cores, sum(cores.values()))) == cores


@given(CORES, st.integers(1, 100))
def test_no_part_would_be_felt_less_on_another_machine(cores: dict[str, int], parts: int) -> None:
    taken = Counter(spread(cores, parts))
    highest = max(count / cores[machine] for machine, count in taken.items())
    assert all((taken[machine] + 1) / cores[machine] >= highest for machine in cores)


def test_few_parts_are_on_different_machines() -> None:
    assert spread({"a": 2, "b": 2}, 2) == ["a", "b"]


def test_a_part_more_goes_where_it_is_felt_least() -> None:
    assert least_loaded({"a": 2, "b": 8}, {"a": 1, "b": 5}) == "b"
