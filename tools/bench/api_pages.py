"""Serves the API beside the chargers and takes the time of a page of them."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
import uvicorn
from fastapi import FastAPI

from .figures import percentile

_PAUSE_S = 0.05


@asynccontextmanager
async def served(app: FastAPI) -> AsyncGenerator[str]:
    """The address at which the application is served, on this loop."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(
            uvicorn.Config(app, access_log=False, log_config=None, lifespan="on", ws="none")
        )
        async with asyncio.TaskGroup() as tasks:
            serving = tasks.create_task(server.serve([listening]))
            while not server.started:
                if serving.done():
                    raise RuntimeError("the web server did not start")
                await asyncio.sleep(0.01)
            try:
                yield f"http://127.0.0.1:{listening.getsockname()[1]}"
            finally:
                server.should_exit = True


def page_p95_ms(address: str, total: int, for_s: float) -> float:
    """The 95th percentile of the time for a page of 100 of ``total`` chargers; for a thread."""
    taken_ms: list[float] = []
    end_s = time.perf_counter() + for_s
    with httpx.Client(base_url=address, timeout=30.0) as client:
        while time.perf_counter() < end_s:
            offset = len(taken_ms) * 97 % max(1, total - 100)
            began_s = time.perf_counter()
            client.get("/api/chargers", params={"limit": 100, "offset": offset}).raise_for_status()
            taken_ms.append((time.perf_counter() - began_s) * 1e3)
            time.sleep(_PAUSE_S)
    return percentile(sorted(taken_ms), 95.0)
