"""One reader of the live feed, and what it gets."""

from __future__ import annotations

import asyncio
from collections import deque
from types import TracebackType
from typing import Protocol, Self

import msgspec

MAX_QUEUED = 2000
"""A reader that is further behind is told so and starts again from a snapshot."""


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

    def unsubscribe(self, reader: FeedReader) -> None: ...


class FeedReader:
    """A bounded queue of events; the first ones are the snapshot.

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
        self._overrun = False
        self._closed = False

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
            self._overrun = True
            self._queue.clear()
        if not self._overrun:
            self._queue.append(event)
        self._wake.set()

    async def next(self, timeout_s: float) -> FeedEvent | None:
        """The next event, None after ``timeout_s`` without one; raises :class:`FeedClosed`."""
        if not self._queue and not self._overrun and not self._closed:
            self._wake.clear()
            try:
                async with asyncio.timeout(timeout_s):
                    await self._wake.wait()
            except TimeoutError:
                return None
        if self._closed:
            raise FeedClosed
        if self._overrun:
            self._overrun = False
            reason = f"more than {MAX_QUEUED} events were waiting"
            self._queue.extend(self._snapshots.snapshot_events(self, reason))
        return self._queue.popleft()

    def close(self) -> None:
        """Read no more."""
        self._closed = True
        self._queue.clear()
        self._snapshots.unsubscribe(self)
        self._wake.set()


__all__ = ["MAX_QUEUED", "FeedClosed", "FeedEvent", "FeedReader", "FeedSnapshots"]
