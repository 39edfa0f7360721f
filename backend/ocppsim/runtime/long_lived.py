"""Keeps the garbage collector away from chargers, which live as long as the process.

Ten thousand chargers are some million objects. While they are made, the collector would walk all
that are there already again and again and find nothing; later each of its full rounds would hold
up everything else for a third of a second. Connections and sessions leave nothing that only the
collector finds, so that it may look at them seldom, too.
"""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager

_SELDOM = (5_000, 4, 500)
"""Thresholds of the three generations; a round over the youngest takes a millisecond or two."""

_WORTH_A_ROUND = 0.25
"""So many of them gone, as a share: the collector's own measure for walking all objects again."""


class LongLived:
    """What is made once and stays; it concerns the whole process."""

    def __init__(self) -> None:
        self._removed = 0
        self._thresholds = gc.get_threshold()

    @contextmanager
    def coming(self) -> Generator[None]:
        """Nothing is collected inside; what is there in the end is left alone from then on."""
        was_enabled = gc.isenabled()
        gc.disable()
        try:
            yield
        finally:
            gc.freeze()
            gc.set_threshold(*_SELDOM)
            if was_enabled:
                gc.enable()

    def note_removed(self, left: int) -> None:
        """A charger is gone, ``left`` are there; once many are gone, what they left is found."""
        self._removed += 1
        if self._removed >= _WORTH_A_ROUND * (left + self._removed):
            self.end()

    def end(self) -> None:
        """Nothing is left alone any more."""
        self._removed = 0
        gc.set_threshold(*self._thresholds)
        gc.unfreeze()


__all__ = ["LongLived"]
