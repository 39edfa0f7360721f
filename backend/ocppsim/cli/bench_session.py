"""One charger and whoever acts on it, from the connection to the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field

from rich.text import Text

from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.errors import ChargePointError, InvalidSetting
from ocppsim.main import CONTROLLER_FACTORY
from ocppsim.runtime.errors import RuntimeFault
from ocppsim.runtime.feed_reader import FeedClosed
from ocppsim.runtime.live_charger import LiveCharger
from ocppsim.runtime.memory_ports import MemoryJournal, NoConfigSync
from ocppsim.runtime.message_log import MessageLog
from ocppsim.runtime.snapshots import MessageDirection
from ocppsim.runtime.supervisor import Supervisor
from ocppsim.simulation.definition import ChargerDefinition

from .bench_commands import (
    Action,
    BadCommand,
    CommandRefused,
    help_text,
    parse_line,
    words,
)
from .command_lines import is_interactive, piped_lines, typed_lines
from .failures import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_UNUSABLE, CommandFailed
from .stopping import stop_signals
from .terminal import say_error, stdout_console, time_of_day
from .wire_view import wire_line

_POLL_S = 0.05
_QUIET_S = 0.3
_DELIVERY_LIMIT_S = 15.0
_FEED_WAIT_S = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOptions:
    """What ``connect`` was asked for; ``script`` None means that lines come from stdin."""

    definition: ChargerDefinition
    configuration: dict[str, str] = field(default_factory=dict[str, str])
    script: list[tuple[str, Action]] | None = None
    accept_timeout_s: float = 30.0
    show_wire: bool = True


class _TappedLog(MessageLog):
    """A message log that tells of every frame as it passes."""

    def __init__(self, on_frame: Callable[[MessageDirection, bytes], None]) -> None:
        super().__init__()
        self._on_frame = on_frame

    def add_harmless(
        self, charger_id: int, is_received: bool, text: bytes, timestamp_s: float
    ) -> None:
        self._on_frame("received" if is_received else "sent", text)
        super().add_harmless(charger_id, is_received, text, timestamp_s)


class BenchSession:
    """Runs one charger until its script or its user is done."""

    def __init__(self, options: SessionOptions) -> None:
        self._options = options
        self._frames = 0
        self._told: tuple[str, str | None, str | None] | None = None

    async def run(self) -> int:
        """Give the exit code; raises ``CommandFailed`` where it cannot even begin."""
        supervisor = Supervisor(CONTROLLER_FACTORY, MemoryJournal(), NoConfigSync())
        supervisor.message_log = _TappedLog(
            lambda direction, text: self._on_frame(supervisor, direction, text)
        )
        async with supervisor, stop_signals() as stopped:
            charger = await supervisor.add(self._options.definition, DurableState())
            try:
                charger.set_configuration(self._options.configuration)
            except InvalidSetting as error:
                raise CommandFailed(f"--config: {error}") from error
            charger.connect()
            async with asyncio.TaskGroup() as tasks:
                watcher = tasks.create_task(self._tell_of_the_link(supervisor, charger))
                work = tasks.create_task(self._work(charger, stopped))
                waiting = tasks.create_task(stopped.wait())
                await asyncio.wait([work, waiting], return_when=asyncio.FIRST_COMPLETED)
                finished = work.done()
                for task in (watcher, work, waiting):
                    task.cancel()
            if finished:
                return work.result()
            return 0 if self._options.script is None else EXIT_INTERRUPTED

    # --- who acts ---

    async def _work(self, charger: LiveCharger, stopped: asyncio.Event) -> int:
        if self._options.script is not None:
            return await self._run_script(charger, self._options.script)
        if is_interactive():
            prompt = f"{charger.charge_point_id}> "
            await self._run_lines(charger, typed_lines(prompt, words()))
            return 0
        return await self._run_piped(charger, stopped)

    async def _run_script(self, charger: LiveCharger, script: list[tuple[str, Action]]) -> int:
        if not await self._accepted(charger):
            return EXIT_FAILED
        for line, action in script:
            exit_code = await self._carry_out(charger, action)
            if exit_code:
                say_error(f"stopped at: {line}")
                break
        else:
            exit_code = 0
        await self._deliver(charger)
        return exit_code

    async def _run_piped(self, charger: LiveCharger, stopped: asyncio.Event) -> int:
        lines = piped_lines()
        first = await anext(lines, None)
        if first is None:
            await stopped.wait()
            return 0
        if not await self._accepted(charger):
            return EXIT_FAILED
        exit_code = await self._run_lines(charger, _chained(first, lines))
        await self._deliver(charger)
        return exit_code

    async def _run_lines(self, charger: LiveCharger, lines: AsyncGenerator[str]) -> int:
        worst = 0
        async for line in lines:
            word = line.strip()
            if word in ("quit", "exit"):
                break
            if word in ("help", "?"):
                stdout_console().print(help_text(), markup=False)
                continue
            try:
                action = parse_line(line)
            except BadCommand as error:
                say_error(str(error))
                worst = worst or EXIT_UNUSABLE
                continue
            if action is not None:
                exit_code = await self._carry_out(charger, action)
                worst = worst or exit_code
        return worst

    async def _carry_out(self, charger: LiveCharger, action: Action) -> int:
        try:
            shown = await action(charger)
        except (ChargePointError, RuntimeFault, CommandRefused) as error:
            say_error(str(error))
            return EXIT_FAILED
        if shown is not None:
            stdout_console().print(shown)
        return 0

    # --- the link ---

    async def _accepted(self, charger: LiveCharger) -> bool:
        """Wait for the CSMS to accept the charger; say why where it does not."""
        limit_s = self._options.accept_timeout_s
        if limit_s == 0:
            return True
        try:
            async with asyncio.timeout(limit_s):
                while charger.snapshot().registration != "Accepted":  # noqa: ASYNC110
                    await asyncio.sleep(_POLL_S)
        except TimeoutError:
            snapshot = charger.snapshot()
            reason = snapshot.connection.last_error or f"registration is {snapshot.registration}"
            say_error(f"not accepted by the CSMS within {limit_s:g} s: {reason}")
            return False
        return True

    async def _deliver(self, charger: LiveCharger) -> None:
        """Wait until nothing is queued and the wire is quiet, as far as there is a link."""
        try:
            async with asyncio.timeout(_DELIVERY_LIMIT_S):
                while charger.is_connected:
                    frames = self._frames
                    await asyncio.sleep(_QUIET_S)
                    if charger.snapshot().queued_messages == 0 and frames == self._frames:
                        return
        except TimeoutError:
            queued = charger.snapshot().queued_messages
            say_error(f"the CSMS has not confirmed {queued} messages")

    async def _tell_of_the_link(self, supervisor: Supervisor, charger: LiveCharger) -> None:
        topics = frozenset({"charger"})
        with supervisor.feed.subscribe(
            charge_point_id=charger.charge_point_id, topics=topics
        ) as reader:
            while True:
                try:
                    await reader.next(_FEED_WAIT_S)
                except FeedClosed:
                    return
                self._tell(charger)

    def _tell(self, charger: LiveCharger) -> None:
        snapshot = charger.snapshot()
        connection = snapshot.connection
        news = (connection.state, connection.last_error, snapshot.registration)
        if news == self._told:
            return
        self._told = news
        text = Text(f"{time_of_day()} {connection.state}", style="dim")
        if connection.state != "connected" and connection.last_error is not None:
            text.append(f": {connection.last_error}")
        elif snapshot.registration is not None:
            text.append(f", registration {snapshot.registration}")
        stdout_console().print(text)

    def _on_frame(self, supervisor: Supervisor, direction: MessageDirection, text: bytes) -> None:
        self._frames += 1
        for charger in supervisor.store:
            self._tell(charger)  # the feed comes a little later than the first frames
        if self._options.show_wire:
            arrow = "→" if direction == "sent" else "←"
            shown = text.decode(errors="replace")
            stdout_console().print(wire_line("", arrow, shown, time_of_day()))


async def _chained(first: str, rest: AsyncGenerator[str]) -> AsyncGenerator[str]:
    yield first
    async for line in rest:
        yield line
