"""Bodies are read up to a size; a larger one is answered with 413."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .problems import problem_document


class _BodyTooLarge(Exception):
    """Ends the reading of a body; nobody but the guard sees it."""


class BodyLimit:
    """Stops reading a request at ``limit_bytes(path)``, whatever its Content-Length says."""

    def __init__(self, app: ASGIApp, limit_bytes: Callable[[str], int]) -> None:
        self._app = app
        self._limit_bytes = limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit_bytes(scope["path"])
        announced = Headers(scope=scope).get("content-length", "")
        read = 0
        exceeded = announced.isdecimal() and (len(announced) > 18 or int(announced) > limit)

        async def receive_some() -> Message:
            nonlocal read, exceeded
            message = await receive()
            if message["type"] == "http.request":
                read += len(message.get("body", b""))
                if read > limit:
                    exceeded = True
                    raise _BodyTooLarge
            return message

        async def send_unless_exceeded(message: Message) -> None:
            # What the application makes of a body that broke off is of no interest.
            if not exceeded:
                await send(message)

        if not exceeded:
            with contextlib.suppress(_BodyTooLarge):
                await self._app(scope, receive_some, send_unless_exceeded)
        if exceeded:
            refusal = problem_document(
                413, f"a body of more than {limit} bytes is not read", instance=scope["path"]
            )
            await refusal(scope, receive, send)
