"""The named timers of one charge point, on the simulated clock."""

from __future__ import annotations

from collections.abc import Callable

from ocppsim.chargepoint.controller import NEVER


class Timers:
    """A handful of one-shot timers; setting a name again moves it.

    A charge point has about ten of them, so a scan for the earliest is cheaper than a heap
    with deletions, and it is made only after something changed. ``next_s`` is when the earliest
    is due, in simulated seconds; infinity without any.
    """

    __slots__ = ("_due", "next_s")

    def __init__(self) -> None:
        self._due: dict[str, tuple[float, Callable[[], None], bool]] = {}
        self.next_s = NEVER

    def set(self, name: str, at_s: float, action: Callable[[], None], quiet: bool = False) -> None:
        """Call ``action`` once at ``at_s``, instead of whatever ``name`` was set to.

        A ``quiet`` action changes nothing that concerns other parts.
        """
        before = self._due.get(name)
        self._due[name] = (at_s, action, quiet)
        if at_s <= self.next_s:
            self.next_s = at_s
        elif before is not None and before[0] == self.next_s:
            self.next_s = self._earliest_s()

    def cancel(self, name: str) -> None:
        """Forget a timer; one that is not set is no error."""
        before = self._due.pop(name, None)
        if before is not None and before[0] == self.next_s:
            self.next_s = self._earliest_s()

    def is_set(self, name: str) -> bool:
        """Whether a timer of that name waits."""
        return name in self._due

    def run_due(self, now_s: float) -> bool:
        """Fire every timer that is due, the earliest first, those set meanwhile included.

        Returns whether all of them were quiet.
        """
        due = self._due
        all_quiet = True
        while self.next_s <= now_s:
            # The first of those that are due at the earliest time, and the time of the next
            first, next_s = "", NEVER
            first_s = NEVER
            for name, (at_s, _, _) in due.items():
                if at_s < first_s:
                    first, first_s, next_s = name, at_s, first_s
                elif at_s < next_s:
                    next_s = at_s
            _, action, quiet = due.pop(first)
            self.next_s = next_s
            action()
            all_quiet = all_quiet and quiet
        return all_quiet

    def _earliest_s(self) -> float:
        next_s = NEVER
        for at_s, _, _ in self._due.values():
            if at_s < next_s:  # noqa: PLR1730 - dearer
                next_s = at_s
        return next_s
