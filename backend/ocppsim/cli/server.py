"""Serves a web application in the foreground, until Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Callable, Coroutine, Generator
from types import FrameType
from typing import Any, TypeVar

import uvicorn
from fastapi import FastAPI

from ocppsim.main import break_off_fleet_runs, end_event_streams

from .stopping import STOP_SIGNALS

_new_event_loop: Callable[[], asyncio.AbstractEventLoop] | None
try:
    from uvloop import new_event_loop as _new_event_loop
except ImportError:
    _new_event_loop = None

T = TypeVar("T")

_GRACE_S = 3

_logger = logging.getLogger("ocppsim")


class ForegroundServer(uvicorn.Server):
    """Serves ``app`` on a socket that listens already.

    Calls ``on_serving`` once it answers and ``on_stopping`` at the first signal to stop; ends
    without raising the signal again, so that the exit code is the program's to choose.
    """

    def __init__(
        self,
        app: FastAPI,
        sock: socket.socket,
        on_serving: Callable[[], None],
        on_stopping: Callable[[], None],
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                access_log=False,
                log_config=None,
                lifespan="on",
                ws="none",
                server_header=False,
                timeout_graceful_shutdown=_GRACE_S,
            )
        )
        self._app = app
        self._socket = sock
        self._on_serving = on_serving
        self._on_stopping = on_stopping

    async def run_until_stopped(self) -> None:
        await self.serve(sockets=[self._socket])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._on_serving()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        end_event_streams(self._app)
        await super().shutdown(sockets=sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        before = {number: signal.signal(number, self.handle_exit) for number in STOP_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        first = not self.should_exit
        super().handle_exit(sig, frame)
        if first:
            self._on_stopping()
        else:
            break_off_fleet_runs(self._app)


def run_on_fastest_loop(main: Coroutine[Any, Any, T]) -> T:
    """``asyncio.run`` on uvloop where there is one (not on Windows)."""
    with asyncio.Runner(loop_factory=_new_event_loop) as runner:
        runner.get_loop().set_exception_handler(report_loop_error)
        return runner.run(main)


def report_loop_error(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log what nobody caught, with its traceback, as the loop would do itself.

    But for one report of picows' TLS: where the peer leaves during the handshake, it hands over
    the class of an exception, which logging fails to write. Who connects is told of it anyway.
    """
    if isinstance(context.get("exception"), type):
        _logger.debug("%s", context.get("message"))
        return
    loop.default_exception_handler(context)
