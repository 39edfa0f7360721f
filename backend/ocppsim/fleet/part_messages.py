"""What the parts of a run that are elsewhere tell, and what they are told.

A part makes its chargers and says :class:`Made`; it is told by :class:`Joining` where the run
stands, and then tells of every second, until it is :class:`Done`. What it tells of is stored.
"""

from __future__ import annotations

import msgspec

from .open_transactions import OpenTransaction, TransactionChanges
from .time_slice import TimeSlice


class Joining(msgspec.Struct, frozen=True):
    """Where a run stands when an engine joins it; all 0 at its beginning.

    ``at_s`` is the present second of the run. What happened before ``told_to_s`` has been told by
    the engine that this one takes over from. ``ends_at_s`` is when the ramp-down was ordered,
    where that is not at the end of the plan.
    """

    at_s: float = 0.0
    told_to_s: float = 0.0
    ends_at_s: float | None = None


class Made(msgspec.Struct, frozen=True):
    """The chargers are made; of those that a journal brought back, these transactions are open."""

    open_transactions: tuple[OpenTransaction, ...]


class Second(msgspec.Struct, frozen=True):
    """Another second (at the end, less) has passed."""

    span: TimeSlice
    changes: TransactionChanges


class Done(msgspec.Struct, frozen=True):
    """All chargers have gone."""


class Failed(msgspec.Struct, frozen=True):
    """It cannot be done, and would not be at another attempt either."""

    reason: str


PartMessage = Made | Second | Done | Failed

__all__ = ["Done", "Failed", "Joining", "Made", "PartMessage", "Second"]
