"""A fleet run in a process of its own: started, listened to, stopped, and its end told."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

import msgspec

from .run_course import (
    ActionLatency,
    CoursePoint,
    FailureCount,
    ResultLine,
    RunCourse,
    SecondLine,
    continued,
    read_line,
)
from .run_folder import PLAN_NAME, RunFolder

_logger = logging.getLogger("ocppsim.fleet.runs")

_LONGEST_LINE_BYTES = 4 * 1024 * 1024
_KEPT_ERROR_BYTES = 2_000
_UNKNOWN_ENDING = "it ended without a word"


class Program(NamedTuple):
    """How to start ``ocppsim`` in another process."""

    command: Sequence[str]
    environment: Mapping[str, str]
    options: Sequence[str] = ()
    """Of every ``fleet run``."""


class ChildRun:
    """A run that this process has started.

    What it has told so far stands in the attributes. ``error`` is what it said on stderr last,
    where it ended without a result.
    """

    def __init__(self, folder: RunFolder, program: Program, options: Sequence[str]) -> None:
        self.last: SecondLine | None = None
        self.points: list[CoursePoint] = []
        self.failures: list[FailureCount] = []
        self.latencies: list[ActionLatency] = []
        self.is_stopping = False
        self.is_killed = False
        self.has_result = False
        self.ended = asyncio.Event()
        self.error: str | None = None
        self._folder = folder
        self._program = program
        self._options = options
        self._process: Process | None = None
        self._said = b""

    @property
    def course(self) -> RunCourse:
        """All that is known of it."""
        latency_ms = None if self.last is None else self.last.latency_ms
        return RunCourse(list(self.points), self.failures, self.latencies, latency_ms)

    def stop(self) -> None:
        """Let it ramp down, and end by itself."""
        self.is_stopping = True
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    def kill(self) -> None:
        """End it at once, with all processes that it has started; nothing is written then."""
        self.is_stopping = self.is_killed = True
        self._kill()

    def _kill(self) -> None:
        process = self._process
        if process is None or self.ended.is_set():
            return
        with suppress(ProcessLookupError):
            if sys.platform == "win32":
                process.kill()
            else:  # it leads a session of its own
                os.killpg(process.pid, signal.SIGKILL)

    async def run(self) -> None:
        """From its start to its end; what goes wrong with it is told in ``error``."""
        try:
            await self._run()
        except OSError as error:
            self.error = f"it cannot be started: {error.strerror or error}"
        except Exception:
            _logger.exception("a fleet run cannot be followed any more")
            self.error = "an error of the simulator itself; its log says more"
        finally:
            self.ended.set()

    async def _run(self) -> None:
        with self._folder.lock() as kept_open:
            process = self._process = await asyncio.create_subprocess_exec(
                *self._program.command,
                *("fleet", "run", str(self._folder.path / PLAN_NAME)),
                *("--out", str(self._folder.path), "--progress", "json", "--stop-with-stdin"),
                *self._program.options,
                *self._options,
                stdin=PIPE,
                stdout=PIPE,
                stderr=PIPE,
                limit=_LONGEST_LINE_BYTES,
                env=dict(self._program.environment),
                start_new_session=True,  # a Ctrl-C here is not for it
                pass_fds=kept_open,
            )
        _logger.info("fleet run %s is process %d", self._folder.path.name, process.pid)
        if self.is_killed:
            self._kill()
        elif self.is_stopping:
            self.stop()
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            # Until all of its processes have closed them
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._listen(process.stdout))
                tasks.create_task(self._keep_last_words(process.stderr))
            code = await process.wait()
        except BaseException:
            self._kill()
            raise
        _logger.info("fleet run %s has ended with exit code %d", self._folder.path.name, code)
        if not self.has_result:
            said = self._said.decode("utf-8", "replace").strip().removeprefix("ocppsim: ")
            self.error = said or f"{_UNKNOWN_ENDING} (exit code {code})"

    async def _listen(self, stdout: asyncio.StreamReader) -> None:
        while line := await stdout.readline():
            try:
                told = read_line(line)
            except msgspec.DecodeError:
                continue  # a library that prints
            if isinstance(told, ResultLine):
                self.has_result = True
                continue
            self.last = told
            self.failures, self.latencies = told.failures, told.latencies
            continued(self.points, told.course)

    async def _keep_last_words(self, stderr: asyncio.StreamReader) -> None:
        while chunk := await stderr.read(65_536):
            self._said = (self._said + chunk)[-_KEPT_ERROR_BYTES:]


__all__ = ["ChildRun", "Program"]
