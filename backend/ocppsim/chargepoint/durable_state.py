"""What a charge point still knows after a power loss: the mirror of what is stored.

The shell loads it before the first boot; the controller keeps it in step with the effects
that order the storing, so that a reboot inside the process and one across processes start
from the same state.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import msgspec

from .identifiers import ConnectorId


class StoredMessage(msgspec.Struct, frozen=True, gc=False):
    """A transaction-related message that is not delivered yet; ``body`` is the owner's."""

    sequence: int
    body: bytes


class DurableState(msgspec.Struct, gc=False):
    """Everything that survives.

    ``configuration`` holds only the keys that were set from outside; ``availability`` only
    what differs from Operative; ``cells`` named pieces of state (JSON); ``messages`` the
    undelivered transaction-related messages by rising sequence; ``next_sequence`` the number
    that the next one gets (it never repeats, also when the queue has run empty). ``configuration``
    and ``availability`` may be those of many charge points: a change makes another mapping.
    """

    configuration: Mapping[str, str] = msgspec.field(default_factory=dict[str, str])
    availability: Mapping[ConnectorId, bool] = msgspec.field(
        default_factory=dict[ConnectorId, bool]
    )
    cells: dict[str, bytes] = msgspec.field(default_factory=dict[str, bytes])
    messages: list[StoredMessage] = msgspec.field(default_factory=list[StoredMessage])
    next_sequence: int = 1


@lru_cache(maxsize=4096)
def same_key(key: str) -> str:
    """The key of a cell: one object for that of all charge points, which have the same ones."""
    return key
