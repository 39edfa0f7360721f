"""How something is divided among those that want a part of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.v16.smart_charging.sharing import Sharer, admit, part_of


def sharers(*most: float, least: float = 6.0) -> list[Sharer]:
    """In the order in which they began."""
    return [
        Sharer(ConnectorId(number), least, wanted, float(number))
        for number, wanted in enumerate(most, start=1)
    ]


def use(total: float, wanting: list[Sharer]) -> list[float]:
    admitted = admit(total, wanting)
    return [
        min(one.most, part_of(one, total, admitted)) if one in admitted else 0 for one in wanting
    ]


@pytest.mark.parametrize(
    ("total", "most", "used"),
    [
        (32, [32], [32]),
        (32, [32, 32], [16, 16]),
        (32, [10, 32], [10, 22]),
        (40, [32, 8, 32], [16, 8, 16]),
        (100, [32, 16, 8], [32, 16, 8]),
        (15, [32, 32, 32], [7.5, 7.5, 0]),
        (11, [32, 32], [11, 0]),
        (12, [32, 32], [6, 6]),
        (5, [32, 32], [0, 0]),
        (0, [32, 32], [0, 0]),
        (13, [6, 32], [6, 7]),
    ],
)
def test_equal_parts_and_what_one_cannot_use_is_for_the_others(
    total: float, most: list[float], used: list[float]
):
    assert use(total, sharers(*most)) == used


def test_those_that_began_last_wait():
    first, second = sharers(32, 32)
    late = Sharer(ConnectorId(1), 6.0, 32.0, 50.0)
    assert admit(11, [late, second]) == [second]
    assert admit(11, [first, second]) == [first]


def test_without_a_transaction_the_connectors_come_last_by_their_numbers():
    idle = [Sharer(ConnectorId(number), 6.0, 32.0, float("inf")) for number in (2, 1)]
    assert [one.connector_id for one in admit(11, idle)] == [1]


def test_one_that_cannot_even_use_the_whole_does_not_keep_a_smaller_one_waiting():
    three_phases = Sharer(ConnectorId(1), 4140.0, 11_000.0, 1.0)
    one_phase = Sharer(ConnectorId(2), 1380.0, 3_680.0, 2.0)
    assert admit(3000, [three_phases, one_phase]) == [one_phase]


def test_a_part_does_not_end_at_ones_own_limit():
    """Raising one's own limit alone could bring as much: that is what a person wants to know."""
    small, large = sharers(8, 32)
    assert part_of(small, 32, [small, large]) == 16
    assert part_of(large, 32, [small, large]) == 24


@given(
    st.floats(0, 200),
    st.lists(st.tuples(st.sampled_from([0.0, 6.0]), st.floats(6, 80)), max_size=6),
)
def test_the_sum_never_exceeds_the_whole_and_wastes_nothing(
    total: float, wants: list[tuple[float, float]]
):
    wanting = [
        Sharer(ConnectorId(number), least, most, float(number))
        for number, (least, most) in enumerate(wants)
    ]
    admitted = admit(total, wanting)
    used = [min(one.most, part_of(one, total, admitted)) for one in admitted]
    assert sum(used) <= total + 1e-6
    assert all(amount >= one.least - 1e-6 for one, amount in zip(admitted, used, strict=True))
    if admitted:
        assert sum(used) == pytest.approx(min(total, sum(one.most for one in admitted)))
