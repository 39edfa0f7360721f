"""``ocppsim demo``: the simulator with something to see, and a CSMS to see it with."""

from __future__ import annotations

import socket
from typing import Annotated

import typer
from rich.panel import Panel
from rich.text import Text

from ocppsim.csms import CentralSystemConfig, DemoCentralSystem
from ocppsim.settings import Settings

from .demo_site import DEMO_PATH, demo_auto_start, prepare_demo_site
from .listening import is_free, listen
from .logs import configure_logging
from .server import run_on_fastest_loop
from .service import (
    access_note,
    check_templates,
    migrated_database,
    serve_until_stopped,
    service_url,
    with_token,
)
from .settings_options import (
    ApiTokenOption,
    DatabaseUrlOption,
    HostOption,
    LogLevelOption,
    PortOption,
    load_settings,
)
from .terminal import stdout_console

_CSMS_HOST = "127.0.0.1"


def demo(
    host: HostOption = None,
    port: PortOption = None,
    database_url: DatabaseUrlOption = None,
    api_token: ApiTokenOption = None,
    log_level: LogLevelOption = None,
    csms_port: Annotated[
        int,
        typer.Option(min=0, max=65535, help="Port of the demo CSMS; a free one where it is taken."),
    ] = 9000,
    csms_http_port: Annotated[
        int,
        typer.Option(
            min=0,
            max=65535,
            help="Port of the demo CSMS's HTTP interface; a free one where it is taken.",
        ),
    ] = 9001,
) -> None:
    """Run the simulator with a demo location, and a demo CSMS that starts its cars charging.

    The location is created where the database has none. Ctrl-C ends it.
    """
    given = load_settings(
        host=host, port=port, database_url=database_url, api_token=api_token, log_level=log_level
    )
    settings = with_token(given)
    configure_logging(settings.log_level)
    check_templates(settings)
    config = CentralSystemConfig(
        host=_CSMS_HOST,
        port=_port_or_free(csms_port),
        http_port=_port_or_free(csms_http_port),
        auto_start=demo_auto_start(),
    )
    with listen(settings.host, settings.port, "--port or OCPPSIM_PORT") as sock:
        run_on_fastest_loop(_run(settings, access_note(given, settings), config, sock))


async def _run(
    settings: Settings, note: str | None, config: CentralSystemConfig, sock: socket.socket
) -> None:
    async with DemoCentralSystem(config) as csms:
        database = migrated_database(settings)
        try:
            with database.transaction() as session:
                prepare_demo_site(session, csms.url)
        finally:
            database.close()
        url = service_url(settings, sock)
        await serve_until_stopped(settings, sock, lambda: _greet(url, note, csms))


def _greet(url: str, note: str | None, csms: DemoCentralSystem) -> None:
    text = Text()
    text.append("The simulator runs at ")
    text.append(url, style="bold green underline")
    text.append("\n\nA demo car starts charging within seconds.\n")
    text.append(f"Demo CSMS   {csms.url}{DEMO_PATH}\n", style="dim")
    text.append(f"its HTTP    http://{_CSMS_HOST}:{csms.http_port}/docs\n", style="dim")
    text.append(f"API         {url}/api/docs\n\n", style="dim")
    if note is not None:
        text.append(f"{note}\n\n", style="yellow")
    text.append("Ctrl-C ends it.")
    console = stdout_console()
    console.print(Panel.fit(text, title="ocppsim demo", border_style="green", padding=(1, 3)))


def _port_or_free(port: int) -> int:
    return port if is_free(_CSMS_HOST, port) else 0
