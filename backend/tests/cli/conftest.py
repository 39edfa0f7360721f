"""A central system in a thread of its own, as the commands run loops of their own."""

from __future__ import annotations

import asyncio
import io
import logging
import os
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ocppsim.csms import CentralSystemConfig, DemoCentralSystem


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No setting of this machine counts, and the log is as it was afterwards."""
    monkeypatch.chdir(tmp_path)
    for name in ("HOST", "PORT", "DATABASE_URL", "LOG_LEVEL", "API_TOKEN"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"OCPPSIM_{name}", raising=False)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def csms() -> Iterator[DemoCentralSystem]:
    """A central system that listens; read its records only, it lives in another thread."""
    with listening(CentralSystemConfig(port=0, first_transaction_id=1)) as central_system:
        yield central_system


@contextmanager
def listening(config: CentralSystemConfig) -> Generator[DemoCentralSystem]:
    """A central system in a thread of its own."""
    central_system = DemoCentralSystem(config)
    listening = threading.Event()
    ends: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def live() -> None:
        end = asyncio.Event()
        async with central_system:
            ends.append((asyncio.get_running_loop(), end))
            listening.set()
            await end.wait()

    thread = threading.Thread(target=lambda: asyncio.run(live()))
    thread.start()
    assert listening.wait(20)
    yield central_system
    loop, end = ends[0]
    loop.call_soon_threadsafe(end.set)
    thread.join(20)
    assert not thread.is_alive()


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Puts lines into stdin, which then ends."""
    pipes: list[io.TextIOWrapper] = []

    def put(text: str) -> None:
        reading, writing = os.pipe()
        os.write(writing, text.encode())
        os.close(writing)
        pipes.append(io.TextIOWrapper(os.fdopen(reading, "rb")))
        monkeypatch.setattr("sys.stdin", pipes[-1])

    yield put
    for pipe in pipes:
        pipe.close()
