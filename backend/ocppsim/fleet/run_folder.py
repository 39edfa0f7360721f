"""The folder of a run: what is in it, and what it says when nobody runs the run any more.

The folder of a run that a service has started also holds the plan and what was known at its
start and at its end, so that a service that comes later can tell of it.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from .run_course import RunCourse
from .verdict import Check

if sys.platform != "win32":
    import fcntl

T = TypeVar("T")

SUMMARY_NAME = "summary.json"
REPORT_NAME = "report.html"
COURSE_NAME = "course.json"
PLAN_NAME = "plan.yaml"
_HEAD_NAME = "run.json"
_END_NAME = "end.json"
_LOCK_NAME = "run.lock"

EndState = Literal["passed", "failed", "broken_off", "died"]


class RunHead(msgspec.Struct, frozen=True):
    """What is known of a run before it runs; times are Unix seconds."""

    name: str
    began_at_s: float
    chargers: int
    connectors: int
    planned_s: float
    csms_urls: tuple[str, ...]
    seed: int


class RunEnd(msgspec.Struct, frozen=True):
    """How a run ended; ``error`` is what it said last, where it came to no result."""

    state: EndState
    ended_at_s: float
    elapsed_s: float
    sessions: int
    energy_wh: float
    error: str | None = None


class Threshold(msgspec.Struct, frozen=True):
    """A :class:`~.verdict.Check` as the summary has it."""

    what: str
    limit: str
    measured: str
    holds: bool


class RunSummary(msgspec.Struct, frozen=True):
    """Of ``summary.json`` what is told of every run."""

    took_s: float
    broken_off: bool
    passed: bool
    sessions: int
    energy_wh: float
    thresholds: list[Threshold]

    @property
    def checks(self) -> list[Check]:
        """The thresholds and what became of them."""
        return [Check(*msgspec.structs.astuple(one)) for one in self.thresholds]

    @property
    def state(self) -> EndState:
        """How the run ended."""
        if self.broken_off:
            return "broken_off"
        return "passed" if self.passed else "failed"


class RunFolder:
    """A folder of a run that a service has started. All methods block; none is thread-safe."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def create(self, plan: str, head: RunHead) -> None:
        """Make the folder; the plan, which may hold passwords, is for this user's eyes only.

        Raises ``OSError``.
        """
        self.path.mkdir(parents=True)
        plan_fd = os.open(self.path / PLAN_NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(plan_fd, "w", encoding="utf-8", newline="") as file:
            file.write(plan)
        self._write(_HEAD_NAME, head)

    def head(self) -> RunHead | None:
        """What ``create`` was given; None where this is no folder of a run."""
        return self._read(_HEAD_NAME, RunHead)

    def plan(self) -> str:
        """Raises ``OSError``."""
        with (self.path / PLAN_NAME).open(encoding="utf-8", newline="") as file:
            return file.read()

    def write_end(self, end: RunEnd, course: RunCourse) -> None:
        """The run is over; its course where it did not write one itself. Raises ``OSError``."""
        if not (self.path / COURSE_NAME).exists():
            self._write(COURSE_NAME, course)
        self._write(_END_NAME, end)

    def end(self) -> RunEnd | None:
        """What ``write_end`` was given; None where the service did not see the end."""
        return self._read(_END_NAME, RunEnd)

    def summary(self) -> RunSummary | None:
        """What the run came to; None where it came to nothing, or not yet."""
        return self._read(SUMMARY_NAME, RunSummary)

    def last_written_at_s(self) -> float:
        """When anything was written here last, in Unix seconds; 0 where nothing was."""
        times_s = [0.0]
        with suppress(OSError):
            times_s += [path.stat().st_mtime for path in self.path.iterdir()]
        return max(times_s)

    def course(self) -> RunCourse | None:
        """The course of a run that is over; None where nobody wrote it."""
        return self._read(COURSE_NAME, RunCourse)

    def delete(self) -> None:
        """Raises ``OSError``."""
        shutil.rmtree(self.path)

    @contextmanager
    def lock(self) -> Generator[tuple[int, ...]]:
        """File descriptors for the process that runs the run: :meth:`is_locked` while it lives.

        None on Windows.
        """
        if sys.platform == "win32":
            yield ()
            return
        lock_fd = os.open(self.path / _LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            with suppress(OSError):  # a file system without locks
                fcntl.flock(lock_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield (lock_fd,)
        finally:
            os.close(lock_fd)

    def is_locked(self) -> bool:
        """Whether the process that runs the run lives, whoever started it."""
        if sys.platform == "win32":
            return False
        try:
            lock_fd = os.open(self.path / _LOCK_NAME, os.O_RDWR)
        except OSError:
            return False
        try:
            fcntl.flock(lock_fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:  # a file system without locks
            return False
        finally:
            os.close(lock_fd)
        return False

    def _write(self, name: str, value: object) -> None:
        temporary = self.path / f"{name}.new"
        temporary.write_bytes(msgspec.json.encode(value))
        temporary.replace(self.path / name)

    def _read(self, name: str, kind: type[T]) -> T | None:
        try:
            return msgspec.json.decode((self.path / name).read_bytes(), type=kind)
        except (OSError, msgspec.DecodeError):
            return None


__all__ = [
    "COURSE_NAME",
    "PLAN_NAME",
    "REPORT_NAME",
    "SUMMARY_NAME",
    "EndState",
    "RunEnd",
    "RunFolder",
    "RunHead",
    "RunSummary",
]
