"""Timers against the plainest model: a list that is searched."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ocppsim.chargepoint.controller import NEVER
from ocppsim.chargepoint.v16.timers import Timers

NAMES = st.sampled_from("abcde")
TIMES = st.integers(0, 20).map(float)
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("set"), NAMES, TIMES),
        st.tuples(st.just("cancel"), NAMES, TIMES),
        st.tuples(st.just("run"), NAMES, TIMES),
    ),
    max_size=40,
)


@given(DEEDS)
def test_every_timer_fires_once_in_order_unless_moved_or_cancelled(
    deeds: list[tuple[str, str, float]],
):
    timers = Timers()
    fired: list[str] = []
    model: dict[str, float] = {}
    for deed, name, at_s in deeds:
        if deed == "set":
            timers.set(name, at_s, lambda name=name: fired.append(name))
            model[name] = at_s
        elif deed == "cancel":
            timers.cancel(name)
            model.pop(name, None)
        else:
            fired.clear()
            timers.run_due(at_s)
            due = sorted((when, due) for due, when in model.items() if when <= at_s)
            assert sorted(fired) == sorted(name for _, name in due)
            assert [model[name] for name in fired] == [when for when, _ in due]
            for _, gone in due:
                del model[gone]
        assert timers.next_s == min(model.values(), default=NEVER)
        assert all(timers.is_set(name) == (name in model) for name in "abcde")


def test_a_timer_that_is_set_by_another_at_the_same_instant_fires_too():
    timers = Timers()
    fired: list[str] = []

    def first() -> None:
        fired.append("first")
        timers.set("second", 5.0, lambda: fired.append("second"))

    timers.set("first", 5.0, first)
    timers.run_due(5.0)
    assert fired == ["first", "second"]
    assert timers.next_s == NEVER


def test_a_timer_can_cancel_another_that_is_due_with_it():
    timers = Timers()
    fired: list[str] = []
    timers.set("late", 2.0, lambda: fired.append("late"))
    timers.set("early", 1.0, lambda: timers.cancel("late"))
    timers.run_due(10.0)
    assert fired == []


def test_it_tells_whether_all_that_fired_was_quiet():
    timers = Timers()
    timers.set("sample", 1.0, lambda: None, quiet=True)
    assert timers.run_due(1.0)
    timers.set("sample", 2.0, lambda: None, quiet=True)
    timers.set("heartbeat", 2.0, lambda: None)
    assert not timers.run_due(2.0)
    assert timers.run_due(3.0)
