"""From the slices of the parts of a fleet to those of the whole, second by second."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from .time_slice import TimeSlice


class SliceMerge:
    """Takes the slices of each part in their order, and passes on those of the whole.

    Slices belong together by the second of the run in which they begin. A second is passed on once
    every part has told of it, or of a later one. A part that is away, or has ended, is not waited
    for; what it tells after its second has been passed on counts in its next one. Of a part whose
    slice was longer than a second, the levels hold until its next one.
    """

    def __init__(self, parts: int, on_slice: Callable[[TimeSlice], None]) -> None:
        self._on_slice = on_slice
        self._waiting: list[deque[TimeSlice]] = [deque() for _ in range(parts)]
        self._is_there = [True] * parts
        self._levels: list[TimeSlice | None] = [None] * parts
        self._late: list[TimeSlice | None] = [None] * parts
        self._next_s = 0

    def add(self, part: int, span: TimeSlice) -> None:
        """The next slice of a part."""
        late = self._late[part]
        if late is not None:
            late.add_later(span)
            late.from_s = span.from_s
            span = late
        if int(span.from_s) < self._next_s:
            self._late[part] = span
            return
        self._late[part] = None
        self._waiting[part].append(span)
        self._pass_on()

    def leave(self, part: int) -> None:
        """A part tells nothing any more, unless it joins again."""
        self._is_there[part] = False
        late, self._late[part] = self._late[part], None
        if late is not None:
            late.from_s = float(self._next_s)
            late.to_s = max(late.from_s, late.to_s)
            self._waiting[part].append(late)
        self._pass_on()
        self._levels[part] = None

    def join(self, part: int) -> None:
        """A part that was away tells again."""
        self._is_there[part] = True

    def _pass_on(self) -> None:
        while any(self._waiting) and all(
            told or not is_there
            for told, is_there in zip(self._waiting, self._is_there, strict=True)
        ):
            second = min(int(told[0].from_s) for told in self._waiting if told)
            whole: TimeSlice | None = None
            held: list[TimeSlice] = []
            for part, told in enumerate(self._waiting):
                if told and int(told[0].from_s) == second:
                    span = told.popleft()
                    self._levels[part] = span.levels()
                    if whole is None:
                        whole = span
                    else:
                        whole.add_part(span)
                elif (levels := self._levels[part]) is not None and self._is_there[part]:
                    held.append(levels)
            assert whole is not None
            for levels in held:
                whole.add_levels(levels)
            self._next_s = second + 1
            self._on_slice(whole)


__all__ = ["SliceMerge"]
