"""One reader of the live feed, and what it gets."""

from __future__ import annotations

import asyncio
from collections import deque
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

import msgspec

if TYPE_CHECKING:
    from .feed_source import FeedSource

MAX_QUEUED = 2000
"""A reader that is further behind is told so and starts again from a snapshot."""

_TOO_SLOW = f"more than {MAX_QUEUED} events were waiting"


class FeedClosed(Exception):
    """The feed ends: the program is being shut down."""


class FeedEvent(msgspec.Struct, frozen=True, gc=False):
    """One event; ``data`` is JSON, ``id`` rises over all readers."""

    id: int
    event: str
    data: bytes


class FeedSnapshots(Protocol):
    """Where a reader starts from."""

    def snapshot_events(self, reader: FeedReader, resync_reason: str | None) -> list[FeedEvent]:
        """A snapshot for this reader, behind a ``resync`` where there is a reason for one."""
        ...

    def more_of_snapshot(self, reader: FeedReader) -> list[FeedEvent]:
        """The next part of a snapshot that is too large for one event; fewer are missing then."""
        ...

    async def survey(self, reader: FeedReader) -> None:
        """Learn what a snapshot for this reader needs to know of all chargers."""
        ...

    def unsubscribe(self, reader: FeedReader) -> None: ...


class FeedReader:
    """A bounded queue of events; the first ones are the snapshot.

    That of a large fleet comes in parts, in between other events and as fast as they are read:
    ``missing`` are the chargers that are not in any yet.

    ``charge_point_id`` limits it to one charger in detail, ``location_id`` to the summaries of
    one location, ``topics`` to some kinds of events (snapshots always come).
    """

    def __init__(
        self,
        snapshots: FeedSnapshots,
        charge_point_id: str | None,
        location_id: int | None,
        topics: frozenset[str] | None,
    ) -> None:
        self.charge_point_id = charge_point_id
        self.location_id = location_id
        self._topics = topics
        self._snapshots = snapshots
        self._queue: deque[FeedEvent] = deque()
        self._wake = asyncio.Event()
        self._starts = False
        self._resync_reason: str | None = None
        self._closed = False
        self.missing: dict[FeedSource, None] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def wants(self, event: str) -> bool:
        """Whether events of that name are of interest."""
        return self._topics is None or event in self._topics

    def push(self, event: FeedEvent) -> None:
        """Queue an event; one too many empties the queue and brings a new snapshot."""
        if len(self._queue) >= MAX_QUEUED:
            self._resync_reason = _TOO_SLOW
            self.start_over()
        if not self._starts:
            self._queue.append(event)
        self._wake.set()

    def start_over(self) -> None:
        """Begin with a snapshot; what was waiting is part of it."""
        self._starts = True
        self._queue.clear()
        self.missing.clear()

    async def next(self, timeout_s: float) -> FeedEvent | None:
        """The next event, None after ``timeout_s`` without one; raises :class:`FeedClosed`."""
        if not (self._queue or self._starts or self.missing or self._closed):
            self._wake.clear()
            try:
                async with asyncio.timeout(timeout_s):
                    await self._wake.wait()
            except TimeoutError:
                return None
        if self._starts:
            await self._snapshots.survey(self)
        elif self.missing and not self._queue:
            await asyncio.sleep(0)  # Others get their turn between two parts.
        if self._closed:
            raise FeedClosed
        if self._starts:
            self._starts = False
            reason, self._resync_reason = self._resync_reason, None
            self._queue.extend(self._snapshots.snapshot_events(self, reason))
        elif not self._queue:
            self._queue.extend(self._snapshots.more_of_snapshot(self))
        return self._queue.popleft()

    def waiting(self) -> list[FeedEvent]:
        """What else has come; it is taken."""
        events = list(self._queue)
        self._queue.clear()
        return events

    def close(self) -> None:
        """Read no more."""
        self._closed = True
        self._queue.clear()
        self.missing.clear()
        self._snapshots.unsubscribe(self)
        self._wake.set()


__all__ = ["MAX_QUEUED", "FeedClosed", "FeedEvent", "FeedReader", "FeedSnapshots"]
