"""The named timers of one charge point, on the simulated clock."""

from __future__ import annotations

from collections.abc import Callable

from ocppsim.chargepoint.controller import NEVER


class Timers:
    """A handful of one-shot timers; setting a name again moves it.

    A charge point has about ten of them, so a scan for the earliest is cheaper than a heap
    with deletions, and it is made only after something changed.
    """

    __slots__ = ("_due", "_next_s")

    def __init__(self) -> None:
        self._due: dict[str, tuple[float, Callable[[], None]]] = {}
        self._next_s = NEVER

    @property
    def next_s(self) -> float:
        """When the earliest timer is due, in simulated seconds; infinity without any."""
        return self._next_s

    def set(self, name: str, at_s: float, action: Callable[[], None]) -> None:
        """Call ``action`` once at ``at_s``, instead of whatever ``name`` was set to."""
        before = self._due.get(name)
        self._due[name] = (at_s, action)
        if at_s <= self._next_s:
            self._next_s = at_s
        elif before is not None and before[0] == self._next_s:
            self._next_s = self._earliest_s()

    def cancel(self, name: str) -> None:
        """Forget a timer; one that is not set is no error."""
        before = self._due.pop(name, None)
        if before is not None and before[0] == self._next_s:
            self._next_s = self._earliest_s()

    def is_set(self, name: str) -> bool:
        """Whether a timer of that name waits."""
        return name in self._due

    def run_due(self, now_s: float) -> None:
        """Fire every timer that is due, the earliest first, those set meanwhile included."""
        while self._next_s <= now_s:
            self._take_next()()

    def _take_next(self) -> Callable[[], None]:
        due, next_s = self._due, self._next_s
        for name, (at_s, action) in due.items():
            if at_s == next_s:
                del due[name]
                self._next_s = self._earliest_s()
                return action
        raise AssertionError("the earliest time belongs to no timer")

    def _earliest_s(self) -> float:
        next_s = NEVER
        for at_s, _ in self._due.values():
            if at_s < next_s:  # noqa: PLR1730 - dearer
                next_s = at_s
        return next_s
