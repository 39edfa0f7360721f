"""``ocppsim csms``: the demo central system on its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from ocppsim.csms import (
    AutoStart,
    CannotListen,
    CentralSystemConfig,
    CentralSystemError,
    DemoCentralSystem,
    IdTagRegistry,
    TagFileError,
    Violation,
    WireMessage,
    load_id_tags,
)

from .command_lines import is_interactive, piped_lines, typed_lines
from .csms_prompt import WORDS, BadCommand, run_line
from .failures import CommandFailed
from .stopping import stop_signals
from .terminal import say_error, stdout_console, time_of_day
from .wire_view import wire_line


def csms(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port for chargers; 0 takes a free one.")
    ] = 9000,
    http_port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Port for commands over HTTP, on 127.0.0.1."),
    ] = None,
    tags: Annotated[
        Path | None,
        typer.Option(
            help="File with the id tags (CSV or JSON: tag, status, parent, expiry); "
            "without one every tag is accepted."
        ),
    ] = None,
    heartbeat_interval: Annotated[
        int, typer.Option(min=1, help="Seconds between the heartbeats of a charger.")
    ] = 300,
    auto_start: Annotated[
        str | None,
        typer.Option(metavar="TAG", help="Start every free connector remotely with this tag."),
    ] = None,
    auto_start_delay: Annotated[
        float, typer.Option(min=0, help="Seconds that a connector is free before that.")
    ] = 3.0,
    password: Annotated[
        str | None,
        typer.Option(
            envvar="OCPPSIM_CSMS_PASSWORD",
            help="Basic authentication password that every charger must give.",
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Do not show the wire.")] = False,
) -> None:
    """Run the demo central system; commands for chargers come from its prompt or over HTTP.

    Chargers connect to ws://HOST:PORT/ANYTHING/ID. With stdin not a terminal, each of its
    lines is a command, and it runs on after the last one until it is stopped.
    """
    try:
        id_tags = IdTagRegistry() if tags is None else load_id_tags(tags)
    except TagFileError as error:
        raise CommandFailed(str(error)) from error
    plan = None
    if auto_start is not None:
        plan = AutoStart(any_connector_id_tag=auto_start, delay_s=auto_start_delay)
    config = CentralSystemConfig(
        host=host,
        port=port,
        http_port=http_port,
        id_tags=id_tags,
        heartbeat_interval_s=heartbeat_interval,
        basic_auth_password=password,
        auto_start=plan,
    )
    try:
        asyncio.run(_run(config, show_wire=not quiet))
    except CannotListen as error:
        raise CommandFailed(f"{error}; choose another with --port or --http-port") from error


async def _run(config: CentralSystemConfig, *, show_wire: bool) -> None:
    async with DemoCentralSystem(config) as central_system, stop_signals() as stopped:
        if show_wire:
            central_system.watch_wire(_show)
        central_system.watch_violations(_show_violation)
        console = stdout_console()
        console.print(f"Chargers connect to [bold]{central_system.url}/<id>[/bold]")
        if central_system.http_port is not None:
            console.print(f"Commands over HTTP: http://127.0.0.1:{central_system.http_port}/docs")
        async with asyncio.TaskGroup() as tasks:
            commands = tasks.create_task(_commands(central_system, stopped))
            await stopped.wait()
            commands.cancel()


async def _commands(central_system: DemoCentralSystem, stopped: asyncio.Event) -> None:
    interactive = is_interactive()
    lines: AsyncGenerator[str] = typed_lines("csms> ", WORDS) if interactive else piped_lines()
    async for line in lines:
        if line.strip() in ("quit", "exit"):
            stopped.set()
            return
        try:
            shown = await run_line(central_system, line)
        except (BadCommand, CentralSystemError) as error:
            say_error(str(error))
            continue
        if shown is not None:
            stdout_console().print(shown)
    if interactive:
        stopped.set()


def _show(message: WireMessage) -> None:
    arrow = "→" if message.direction == "received" else "←"
    line = wire_line(message.charge_point_id, arrow, message.text, time_of_day())
    stdout_console().print(line)


def _show_violation(violation: Violation) -> None:
    stdout_console().print(
        Text(f"{violation.charge_point_id} breaks OCPP 1.6: {violation.reason}", style="red")
    )


__all__ = ["csms"]
