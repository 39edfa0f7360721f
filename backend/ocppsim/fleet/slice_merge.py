"""From the slices of the parts of a fleet to those of the whole, second by second."""

from __future__ import annotations

from collections.abc import Callable

from .time_slice import TimeSlice


class SliceMerge:
    """Takes the slices of each part in their order, and passes on those of the whole.

    The n-th slices of all parts make the n-th of the whole, once every part has told its own or
    has ended.
    """

    def __init__(self, parts: int, on_slice: Callable[[TimeSlice], None]) -> None:
        self._on_slice = on_slice
        self._waiting: list[list[TimeSlice]] = [[] for _ in range(parts)]
        self._ended = [False] * parts

    def add(self, part: int, span: TimeSlice) -> None:
        """The next slice of a part."""
        self._waiting[part].append(span)
        self._pass_on()

    def end(self, part: int) -> None:
        """A part tells nothing any more."""
        self._ended[part] = True
        self._pass_on()

    def _pass_on(self) -> None:
        while any(self._waiting) and all(
            told or ended for told, ended in zip(self._waiting, self._ended, strict=True)
        ):
            first, *others = [told.pop(0) for told in self._waiting if told]
            for other in others:
                first.add_part(other)
            self._on_slice(first)


__all__ = ["SliceMerge"]
