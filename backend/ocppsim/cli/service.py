"""The simulator as a web service, from its settings to its end."""

from __future__ import annotations

import gc
import secrets
import socket
from collections.abc import Callable

from pydantic import SecretStr

from ocppsim.main import charger_templates, create_app
from ocppsim.persistence.database import Database
from ocppsim.persistence.errors import PersistenceError
from ocppsim.settings import Settings
from ocppsim.templates import TemplateFault

from .failures import CommandFailed
from .open_files import raise_open_file_limit
from .server import ForegroundServer
from .terminal import stdout_console

_TOKEN_BYTES = 24


def migrated_database(settings: Settings) -> Database:
    """The database, at the schema of this version; raises ``CommandFailed``."""
    try:
        database = Database(settings.database_url, synchronous=settings.synchronous)
        database.upgrade()
    except PersistenceError as error:
        raise CommandFailed(str(error)) from error
    return database


def check_templates(settings: Settings) -> None:
    """Raises ``CommandFailed`` where a charger template of the user's cannot be used."""
    try:
        charger_templates(settings.templates_dir)
    except TemplateFault as error:
        raise CommandFailed(str(error)) from error


def with_token(settings: Settings) -> Settings:
    """The settings, with a token made up where others could reach the service without one."""
    if settings.is_loopback or settings.api_token is not None:
        return settings
    token = SecretStr(secrets.token_urlsafe(_TOKEN_BYTES))
    return settings.model_copy(update={"api_token": token})


def access_note(given: Settings, used: Settings) -> str | None:
    """What to tell of the token: its text where it was made up for this run."""
    if used.is_loopback or used.api_token is None:
        return None
    if given.api_token is not None:
        return "Clients need the token of OCPPSIM_API_TOKEN."
    return (
        f"Others can reach it, so clients need a token; for this run: "
        f"{used.api_token.get_secret_value()} (set your own with OCPPSIM_API_TOKEN)"
    )


def service_url(settings: Settings, sock: socket.socket) -> str:
    """Where a browser on this machine finds the service."""
    host = settings.host.strip("[]")
    if host in ("0.0.0.0", "::", ""):
        host = "127.0.0.1"
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{sock.getsockname()[1]}"


async def serve_until_stopped(
    settings: Settings, sock: socket.socket, on_serving: Callable[[], None]
) -> None:
    """Serve until Ctrl-C or SIGTERM, then end cleanly."""
    raise_open_file_limit()
    app = create_app(settings)
    # What is there by now stays: a full collection, which stops everything, need not look at it
    gc.collect()
    gc.freeze()
    server = ForegroundServer(app, sock, on_serving, lambda: stdout_console().print("\nStopping…"))
    await server.run_until_stopped()
