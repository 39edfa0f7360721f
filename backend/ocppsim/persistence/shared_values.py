"""One object for what many chargers have alike: a fleet has few URLs, models and settings."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar, cast

V = TypeVar("V", bound=Hashable)


class SharedValues:
    """Remembers values while rows are read: texts and frozen structs, which never change."""

    def __init__(self) -> None:
        self._values: dict[Hashable, Hashable] = {}
        self._texts: dict[tuple[tuple[str, str], ...], dict[str, str]] = {}

    def same(self, value: V) -> V:
        """The first value that was equal to this one."""
        return cast("V", self._values.setdefault(value, value))

    def same_texts(self, texts: Mapping[str, str]) -> dict[str, str]:
        """The first of these that was equal to this one; nobody may change it."""
        key = tuple(texts.items())
        found = self._texts.get(key)
        if found is None:
            same = self.same
            found = self._texts[key] = {same(name): same(text) for name, text in key}
        return found


__all__ = ["SharedValues"]
