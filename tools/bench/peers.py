"""Starts the processes of a benchmark and ends them."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import IO

import msgspec

from .figures import WINDOW_BEGINS, Figures
from .options import Options

_LONGEST_RUN_S = 600.0


class CsmsProcess:
    """A running :mod:`bench.csms`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert process.stdout is not None
        self.port = int(process.stdout.readline())

    def order(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def stats(self) -> dict[str, float]:
        """What happened since the last time."""
        self.order("stats")
        assert self._process.stdout is not None
        return msgspec.json.decode(self._process.stdout.readline(), type=dict[str, float])


@contextmanager
def running_csms(heartbeat_s: int) -> Generator[CsmsProcess]:
    """A CSMS in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.csms", str(heartbeat_s)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield CsmsProcess(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(30.0)


def run_client(module: str, options: Options, csms: CsmsProcess, calls_a_second: float) -> Figures:
    """Run ``thin`` or ``product`` to its end; while it is measured the CSMS sends its CALLs."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"bench.{module}", *options.arguments()],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process:
        watchdog = threading.Timer(_LONGEST_RUN_S, process.kill)
        watchdog.start()
        try:
            _await(process.stdout, WINDOW_BEGINS)
            csms.stats()
            csms.order(f"calls {calls_a_second}")
            figures = msgspec.json.decode(_await(process.stdout, ""), type=Figures)
            csms.order("calls 0")
        finally:
            watchdog.cancel()
    found = csms.stats()
    if found["calls_answered"]:
        figures.answer_p50_ms = found["call_p50_ms"]
        figures.answer_p99_ms = found["call_p99_ms"]
    return figures


def _await(lines: IO[str], wanted: str) -> str:
    for line in lines:
        if not wanted or line.strip() == wanted:
            return line
    raise RuntimeError("a program of the benchmark ended before it was measured")
