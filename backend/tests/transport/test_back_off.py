from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from ocppsim.transport.back_off import BackOff


@given(st.integers())
def test_waits_grow_up_to_the_limit_with_jitter(seed: int) -> None:
    back_off = BackOff(Random(seed), min_s=1, max_s=30)
    waits = [back_off.next_delay_s() for _ in range(8)]
    for wait, ceiling in zip(waits, [1, 2, 4, 8, 16, 30, 30, 30], strict=True):
        assert ceiling / 2 <= wait <= ceiling


def test_only_a_stable_connection_resets_the_waits() -> None:
    back_off = BackOff(Random(1), min_s=1, max_s=64, stable_s=10)
    for _ in range(5):
        back_off.next_delay_s()
    back_off.connection_lasted(9.9)
    assert back_off.next_delay_s() >= 16
    back_off.connection_lasted(10)
    assert back_off.next_delay_s() <= 1


def test_many_failures_do_not_overflow() -> None:
    back_off = BackOff(Random(1), min_s=1, max_s=30)
    assert max(back_off.next_delay_s() for _ in range(5000)) <= 30
