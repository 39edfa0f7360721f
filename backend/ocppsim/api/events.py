"""The live feed as server-sent events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, get_args

from fastapi import APIRouter, Query
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from ocppsim.runtime.feed_reader import FeedClosed, FeedEvent, FeedReader

from .problems import Unprocessable
from .schemas.events import Topic
from .services import ServicesDep

HEARTBEAT_S = 15.0
TOPICS = frozenset(get_args(Topic))

router = APIRouter(prefix="/api", tags=["events"])


class EventStream(StreamingResponse):
    """Streams what a reader gets until either side ends it; then the reader is closed."""

    media_type = "text/event-stream"

    def __init__(self, reader: FeedReader) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(_lines(reader), headers=headers)
        self._reader = reader

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._reader.close()


@router.get(
    "/events",
    operation_id="streamEvents",
    status_code=200,
    response_class=EventStream,
    responses={
        200: {
            "description": "A stream of server-sent events, first of all a `snapshot`.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    },
)
async def stream_events(
    services: ServicesDep,
    charge_point_id: Annotated[
        str | None, Query(description="One charger in detail, its messages too.")
    ] = None,
    location_id: Annotated[int | None, Query(description="Summaries of one location.")] = None,
    topics: Annotated[
        str | None, Query(description="Kinds of events, comma-separated; default: all.")
    ] = None,
) -> EventStream:
    """What happens, as it happens: a `snapshot`, then changes.

    Without `charge_point_id`: `charger` (a Charger), `transaction`, `totals` and
    `charger-removed`; with it: `charger` (a ChargerDetail), `connector`, `meter`,
    `transaction`, `message`, `records` (what the CSMS gave it to keep is not as it was) and
    `authorization` (how a tag was judged). A reader that is too slow gets `resync` and a new
    `snapshot`. The snapshot of a large fleet has its first chargers; the others follow as
    `charger`.
    """
    wanted = None
    if topics is not None:
        wanted = frozenset(topic.strip() for topic in topics.split(",") if topic.strip())
        unknown = sorted(wanted - TOPICS)
        if unknown:
            raise Unprocessable(
                f"there is no topic {', '.join(unknown)}; there are {', '.join(sorted(TOPICS))}"
            )
    reader = services.supervisor.feed.subscribe(
        charge_point_id=charge_point_id, location_id=location_id, topics=wanted
    )
    return EventStream(reader)


async def _lines(reader: FeedReader) -> AsyncIterator[bytes]:
    while True:
        try:
            event = await reader.next(HEARTBEAT_S)
        except FeedClosed:
            return
        if event is None:
            yield b": still here\n\n"
        else:
            yield b"".join(map(_lines_of, (event, *reader.waiting())))


def _lines_of(event: FeedEvent) -> bytes:
    return b"event: %b\nid: %d\ndata: %b\n\n" % (event.event.encode(), event.id, event.data)
