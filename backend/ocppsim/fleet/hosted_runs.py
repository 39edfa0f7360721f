"""The fleet runs of a service: those under way, and what earlier ones have left."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import msgspec

from .child_run import ChildRun, Program
from .errors import RunsBusy, UnknownRun
from .hosted_run import HostedRun, RunView
from .run_course import RunCourse
from .run_folder import REPORT_NAME, SUMMARY_NAME, RunFolder, RunHead

_logger = logging.getLogger("ocppsim.fleet.runs")

_ID = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{6}")
STOPS_WITHIN_S = 10.0
"""A driver whose transaction is ended takes the cable out after five seconds."""
_NOTHING = RunCourse([], [], [])


class HostedRuns:
    """Starts fleet runs as child processes, each in a folder of its own below ``directory``.

    At most ``most`` of them run at a time. A run that dies is told of as such and harms nothing
    else; where this process dies, its runs ramp down and write their results by themselves.
    Where it ends, they have ``stops_within_s`` for that.
    """

    def __init__(
        self,
        directory: Path,
        program: Program,
        *,
        most: int,
        stops_within_s: float = STOPS_WITHIN_S,
    ) -> None:
        self._directory = directory
        self._program = program
        self._most = most
        self._stops_within_s = stops_within_s
        self._runs: dict[str, HostedRun] = {}
        self._tasks: asyncio.TaskGroup | None = None

    @asynccontextmanager
    async def at_work(self) -> AsyncGenerator[None]:
        """Runs can be started inside. At the end those under way are stopped, within seconds."""
        self._runs = await asyncio.to_thread(self._found)
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            try:
                yield
            finally:
                self._tasks = None
                await self._stop_all()

    def all(self) -> list[RunView]:
        """All runs, the newest first."""
        by_begin = sorted(self._runs.values(), key=lambda run: (run.head.began_at_s, run.run_id))
        return [run.view() for run in reversed(by_begin)]

    def get(self, run_id: str) -> RunView:
        """Raises :class:`~.errors.UnknownRun`."""
        return self._find(run_id).view()

    def check_room(self) -> None:
        """Raises :class:`~.errors.RunsBusy` where no further run can be started now."""
        running = len(self._children())
        if not self._most:
            raise RunsBusy("MOST_FLEET_RUNS is 0: no fleet run can be started here")
        if running >= self._most:
            raise RunsBusy(
                f"{running} fleet run{'s are' if running > 1 else ' is'} under way, which is as"
                " many as MOST_FLEET_RUNS allows; stop one, or wait for its end"
            )

    def start(self, plan: str, head: RunHead, options: Sequence[str]) -> RunView:
        """Begin a run; ``options`` are those of ``ocppsim fleet run`` beside plan and folder.

        Raises :class:`~.errors.RunsBusy`, and ``OSError`` where the folder cannot be made.
        """
        if self._tasks is None:
            raise RunsBusy("the simulator is about to end")
        self.check_room()
        began_at = time.strftime("%Y%m%d-%H%M%S", time.gmtime(head.began_at_s))
        run_id = f"{began_at}-{secrets.token_hex(3)}"
        folder = RunFolder((self._directory / run_id).resolve())
        folder.create(plan, head)
        child = ChildRun(folder, self._program, options)
        run = self._runs[run_id] = HostedRun(run_id, folder, head, child)
        self._tasks.create_task(self._accompany(run, child))
        return run.view()

    def stop(self, run_id: str, *, now: bool = False) -> RunView:
        """Let a run ramp down, or end it ``now``; harmless where it has ended."""
        run = self._find(run_id)
        if run.child is not None:
            if now:
                run.child.kill()
            else:
                run.child.stop()
        return run.view()

    def break_off(self) -> None:
        """End all runs at once. A signal handler may call it."""
        for child in self._children():
            child.kill()

    async def delete(self, run_id: str) -> None:
        """Remove a run and its folder.

        Raises :class:`~.errors.RunsBusy` while it runs, and ``OSError``.
        """
        run = self._find(run_id)
        if run.is_under_way:
            raise RunsBusy(f"the run {run_id} is under way; stop it first")
        with suppress(FileNotFoundError):
            await asyncio.to_thread(run.folder.delete)
        self._runs.pop(run_id, None)

    async def course(self, run_id: str, after_s: float | None = None) -> RunCourse:
        """The course of a run, of the points those that end later than ``after_s``."""
        run = self._find(run_id)
        if run.child is not None:
            course = run.child.course
        else:
            course = await asyncio.to_thread(run.folder.course) or _NOTHING
        if after_s is None:
            return course
        points = [point for point in course.points if point.to_s > after_s]
        return msgspec.structs.replace(course, points=points)

    def plan(self, run_id: str) -> str:
        """The plan as it was given, with its secrets."""
        try:
            return self._find(run_id).folder.plan()
        except OSError:
            raise UnknownRun(f"the plan of the run {run_id} is gone") from None

    def report(self, run_id: str) -> Path:
        """The file; raises :class:`~.errors.UnknownRun` where there is none (yet)."""
        return self._file(run_id, REPORT_NAME, "report")

    def summary(self, run_id: str) -> Path:
        """The file; raises :class:`~.errors.UnknownRun` where there is none (yet)."""
        return self._file(run_id, SUMMARY_NAME, "summary")

    def _file(self, run_id: str, name: str, what: str) -> Path:
        run = self._find(run_id)
        path = run.folder.path / name
        if run.child is not None or not path.is_file():
            when = "yet; it comes at the end" if run.child is not None else "of it"
            raise UnknownRun(f"the run {run_id} has no {what} {when}")
        return path

    def _find(self, run_id: str) -> HostedRun:
        try:
            return self._runs[run_id]
        except KeyError:
            raise UnknownRun(f"there is no fleet run {run_id!r}") from None

    def _found(self) -> dict[str, HostedRun]:
        return {run.run_id: run for run in self._on_disk()}

    def _on_disk(self) -> Iterator[HostedRun]:
        try:
            paths = list(self._directory.iterdir())
        except OSError:
            return
        for path in paths:
            folder = RunFolder(path.resolve())
            head = folder.head() if _ID.fullmatch(path.name) else None
            if head is not None:
                yield HostedRun(path.name, folder, head)

    async def _accompany(self, run: HostedRun, child: ChildRun) -> None:
        await child.run()
        await asyncio.to_thread(run.settle_by, child)

    def _children(self) -> list[ChildRun]:
        return [run.child for run in self._runs.values() if run.child is not None]

    async def _stop_all(self) -> None:
        children = self._children()
        for child in children:
            child.stop()
        if children:
            _logger.info("fleet runs ramp down: %d", len(children))
        with suppress(TimeoutError):
            async with asyncio.timeout(self._stops_within_s):
                for child in children:
                    await child.ended.wait()
        self.break_off()


__all__ = ["STOPS_WITHIN_S", "HostedRuns"]
