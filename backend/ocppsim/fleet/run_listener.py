"""Who is told what goes on in a run."""

from __future__ import annotations

from typing import Protocol

import msgspec

from .open_transactions import OpenTransaction
from .time_slice import TimeSlice


class Restart(msgspec.Struct, frozen=True):
    """A part of a fleet has died at a second of the run, and what becomes of it.

    ``part`` counts from 1. ``outcome`` says in words what is done about it. ``lost`` are the open
    transactions that nobody knows any more: the journal has gone with the machine that it was on.
    """

    part: int
    at_s: float
    outcome: str
    lost: tuple[OpenTransaction, ...] = ()

    @property
    def line(self) -> str:
        """``process 2 of the fleet has died and is started again``."""
        said = f"process {self.part} of the fleet has died {self.outcome}"
        return f"{said}; {len(self.lost)} transactions are lost" if self.lost else said


class RunListener(Protocol):
    """Is told on the event loop, in the order of time."""

    def begin(self) -> None:
        """The chargers are made, and second 0 is now."""
        ...

    def show(self, span: TimeSlice) -> None:
        """Another second has passed."""
        ...

    def restarted(self, restart: Restart) -> None:
        """A part of the fleet has died."""
        ...


__all__ = ["Restart", "RunListener"]
