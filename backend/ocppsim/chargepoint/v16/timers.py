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
        self._due[name] = (at_s, action)
        self._next_s = min(at for at, _ in self._due.values())

    def cancel(self, name: str) -> None:
        """Forget a timer; one that is not set is no error."""
        if self._due.pop(name, None) is not None:
            self._next_s = min((at for at, _ in self._due.values()), default=NEVER)

    def is_set(self, name: str) -> bool:
        """Whether a timer of that name waits."""
        return name in self._due

    def run_due(self, now_s: float) -> None:
        """Fire every timer that is due, the earliest first, those set meanwhile included."""
        while self._next_s <= now_s:
            name = min(self._due, key=lambda candidate: self._due[candidate][0])
            _, action = self._due.pop(name)
            self._next_s = min((at for at, _ in self._due.values()), default=NEVER)
            action()
