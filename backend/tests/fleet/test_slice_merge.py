"""The slices of the parts of a fleet: those of the whole, whichever part tells first."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from ocppsim.fleet.slice_merge import SliceMerge
from ocppsim.fleet.time_slice import TimeSlice

from .slices import slice_of


def part_of_a_second(second: int, sent: int) -> TimeSlice:
    span = slice_of(float(second), second + 1.0, connected=1.0)
    span.sent = sent
    return span


def test_a_second_is_passed_on_when_all_parts_have_told_it() -> None:
    whole: list[TimeSlice] = []
    merge = SliceMerge(2, whole.append)
    merge.add(0, part_of_a_second(0, 1))
    merge.add(0, part_of_a_second(1, 2))
    assert whole == []
    merge.add(1, part_of_a_second(0, 10))
    assert [(span.sent, span.connected) for span in whole] == [(11, 2.0)]
    merge.leave(1)
    assert [span.sent for span in whole] == [11, 2]


@given(st.lists(st.lists(st.integers(0, 9), max_size=6), min_size=1, max_size=4), st.randoms())
def test_nothing_is_lost_in_whichever_order_parts_tell(
    parts: list[list[int]], random: Random
) -> None:
    whole: list[TimeSlice] = []
    merge = SliceMerge(len(parts), whole.append)
    turns = [part for part, told in enumerate(parts) for _ in range(len(told) + 1)]
    random.shuffle(turns)
    told = [0] * len(parts)
    for part in turns:
        if told[part] < len(parts[part]):
            merge.add(part, part_of_a_second(told[part], parts[part][told[part]]))
            told[part] += 1
        else:
            merge.leave(part)
    longest = max(map(len, parts))
    assert [span.sent for span in whole] == [
        sum(part[second] for part in parts if second < len(part)) for second in range(longest)
    ]
    assert [span.from_s for span in whole] == [float(second) for second in range(longest)]


def test_a_part_that_joins_again_is_in_its_own_seconds() -> None:
    whole: list[TimeSlice] = []
    merge = SliceMerge(2, whole.append)
    for part in range(2):
        merge.add(part, part_of_a_second(0, 1))
    merge.leave(1)
    for second in range(1, 4):
        merge.add(0, part_of_a_second(second, 10))
    merge.join(1)
    merge.add(1, slice_of(3.5, 4.0, connected=1.0, latencies_s=(0.1,)))  # too late for its second
    merge.add(0, part_of_a_second(4, 10))
    assert len(whole) == 4
    merge.add(1, part_of_a_second(4, 1))
    assert [(span.from_s, span.connected) for span in whole] == [
        (0.0, 2.0),
        (1.0, 1.0),
        (2.0, 1.0),
        (3.0, 1.0),
        (4.0, 2.0),
    ]
    assert whole[-1].sent == 12


def test_the_levels_of_a_part_hold_while_its_event_loop_was_late() -> None:
    whole: list[TimeSlice] = []
    merge = SliceMerge(2, whole.append)
    merge.add(0, slice_of(0.0, 2.3, connected=4.0))
    merge.add(0, slice_of(2.3, 3.0, connected=4.0))
    for second in range(3):
        merge.add(1, part_of_a_second(second, 1))
    assert [span.connected for span in whole] == [5.0, 5.0, 5.0]
