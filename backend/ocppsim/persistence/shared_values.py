"""One object for what many chargers have alike: a fleet has few URLs, models and settings."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TypeVar, cast

V = TypeVar("V", bound=Hashable)


class SharedValues:
    """Remembers values while rows are read: texts and frozen structs, which never change."""

    def __init__(self) -> None:
        self._values: dict[Hashable, Hashable] = {}

    def same(self, value: V) -> V:
        """The first value that was equal to this one."""
        return cast("V", self._values.setdefault(value, value))


__all__ = ["SharedValues"]
