"""What can be wrong with a template."""

from __future__ import annotations

from pathlib import Path


class TemplateFault(Exception):
    """A template cannot be used: which file, where in it (``place``, empty: as a whole), why."""

    def __init__(self, file: Path, place: str, reason: str) -> None:
        self.file = file
        self.place = place
        self.reason = reason
        super().__init__(": ".join(part for part in (str(file), place, reason) if part))
