"""The named timers of one charge point, on the simulated clock."""

from __future__ import annotations

from collections.abc import Callable

from ocppsim.chargepoint.controller import NEVER


class Timers:
    """A handful of one-shot timers; setting a name again moves it.

    A charge point has about ten of them, so a scan for the earliest is cheaper than a heap
    with deletions, and it is made only where the earliest is not known from before. ``next_s``
    is when the earliest is due, in simulated seconds; infinity without any.
    """

    __slots__ = ("_due", "_next_name", "_others_s", "next_s")

    def __init__(self) -> None:
        self._due: dict[str, tuple[float, Callable[[], None], bool]] = {}
        self._next_name = ""
        """The one that is due at ``next_s``; empty where several may be, or none is."""
        self._others_s = NEVER
        """When the earliest of all others is due."""
        self.next_s = NEVER

    def set(self, name: str, at_s: float, action: Callable[[], None], quiet: bool = False) -> None:
        """Call ``action`` once at ``at_s``, instead of whatever ``name`` was set to.

        A ``quiet`` action changes nothing that concerns other parts.
        """
        due = self._due
        if name in due:
            due[name] = (at_s, action, quiet)
            self._look()
            return
        due[name] = (at_s, action, quiet)
        next_s = self.next_s
        if at_s < next_s:
            self._next_name = name
            self._others_s = next_s
            self.next_s = at_s
        elif at_s == next_s:
            self._next_name = ""
            self._others_s = at_s
        elif at_s < self._others_s:
            self._others_s = at_s

    def cancel(self, name: str) -> None:
        """Forget a timer; one that is not set is no error."""
        if self._due.pop(name, None) is not None:
            self._look()

    def due_s(self, name: str) -> float:
        """When that timer is due; infinity where it is not set."""
        return self._due[name][0] if name in self._due else NEVER

    def others_due_s(self, name: str) -> float:
        """When the first of the other timers is due."""
        return min((due[0] for one, due in self._due.items() if one != name), default=NEVER)

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
            name = self._next_name
            if name:
                _, action, quiet = due.pop(name)
                self.next_s = self._others_s
                # Which one that is, and when the next comes, is found out should it be due
                self._next_name = ""
            else:
                # Of those that are due together the one that was set first
                name = min(due, key=lambda name: due[name][0])
                _, action, quiet = due.pop(name)
                self._look()
            action()
            all_quiet = all_quiet and quiet
        return all_quiet

    def _look(self) -> None:
        """Find the earliest, and when the earliest of the others is due."""
        next_name, next_s, others_s = "", NEVER, NEVER
        for name, (at_s, _, _) in self._due.items():
            if at_s < next_s:
                next_name, next_s, others_s = name, at_s, next_s
            elif at_s < others_s:
                others_s = at_s
        self._next_name = next_name if next_s < others_s else ""
        self._others_s = others_s
        self.next_s = next_s
