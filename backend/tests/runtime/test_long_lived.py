"""Chargers are no business of the garbage collector's until many of them are gone."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Generator

import pytest

from ocppsim.runtime.long_lived import LongLived


class Loop:
    """Something that only the collector finds once nobody holds it any more."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def thawed() -> Generator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


def test_nothing_is_collected_while_chargers_come() -> None:
    before = gc.get_threshold()
    long_lived = LongLived()
    with long_lived.coming():
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0
    assert gc.get_threshold() != before
    long_lived.end()
    assert gc.get_freeze_count() == 0
    assert gc.get_threshold() == before


def test_the_collector_works_again_after_a_failed_start() -> None:
    with pytest.raises(OSError, match="no disk"), LongLived().coming():
        raise OSError("no disk")
    assert gc.isenabled()


def test_what_removed_chargers_left_is_found_once_many_are_gone() -> None:
    long_lived = LongLived()
    with long_lived.coming():
        charger = Loop()
    gone = weakref.ref(charger)
    del charger
    long_lived.note_removed(left=7)
    gc.collect()
    assert gone() is not None
    long_lived.note_removed(left=6)
    gc.collect()
    assert gone() is None


def test_one_of_many_that_is_removed_thaws_nothing() -> None:
    long_lived = LongLived()
    with long_lived.coming():
        pass
    long_lived.note_removed(left=9_999)
    assert gc.get_freeze_count() > 0
