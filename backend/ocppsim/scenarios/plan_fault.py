"""What is wrong with a plan, and where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Self

Key = str | int
Keys = tuple[Key, ...]


class PlanFault(Exception):
    """A plan cannot be used: where in it, and why, in one line.

    ``keys`` lead from the plan to the value: ``("chargers", 0, "count")``. ``line`` is the line of
    the file, where it is known; see :func:`~.plan_text.with_line`.
    """

    def __init__(self, keys: Sequence[Key], reason: str, line: int | None = None) -> None:
        self.keys = tuple(keys)
        self.reason = " ".join(reason.split())
        self.line = line
        parts = (f"line {line}" if line else "", place_of(self.keys), self.reason)
        super().__init__(": ".join(part for part in parts if part))

    def at_line(self, line: int) -> Self:
        """The same, of which the line is known."""
        return type(self)(self.keys, self.reason, line)


class Misplaced(ValueError):
    """Raised by the check of a part of a plan; ``keys`` lead from the part to the value."""

    def __init__(self, reason: str, *keys: Key) -> None:
        super().__init__(reason)
        self.keys = keys


def place_of(keys: Sequence[Key]) -> str:
    """``chargers[0].count``."""
    place = ""
    for key in keys:
        if isinstance(key, int):
            place += f"[{key}]"
        else:
            place += f".{key}" if place else key
    return place


_PATH = re.compile(r" - at `\$\.?([^`]*)`$")
_STEP = re.compile(r"(\w+)(?=[.\[]|$)|\[([0-9]+)\]")


def misplaced(reason: str, names: Iterable[str]) -> Misplaced:
    """Where a reason that msgspec or a physical model gave says that the mistake is."""
    path = _PATH.search(reason)
    if path is None:
        return Misplaced(reason, *named_in(reason, names))
    steps: list[Key] = [int(number) if number else name for name, number in _STEP.findall(path[1])]
    return Misplaced(reason[: path.start()], *steps)


def named_in(reason: str, names: Iterable[str]) -> Keys:
    """The one of the names that a reason speaks of, as keys; none where it speaks of none."""
    words = set(re.findall(r"[\w.-]+\b", reason))
    return next(((name,) for name in names if name in words), ())


__all__ = ["Key", "Keys", "Misplaced", "PlanFault", "misplaced", "named_in", "place_of"]
