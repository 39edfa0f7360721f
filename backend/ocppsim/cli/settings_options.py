"""Options that stand for settings; what is not given comes from the environment or .env."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from ocppsim.settings import PREFIX, Settings

from .failures import CommandFailed


def setting_help(name: str) -> str:
    """The description of a setting, its environment variable and its default."""
    field = Settings.model_fields[name]
    default = field.default
    shown = f"; default: {default}" if default not in (None, ()) else ""
    return f"{field.description} [env: {PREFIX}{name.upper()}{shown}]"


HostOption = Annotated[str | None, typer.Option(help=setting_help("host"))]
PortOption = Annotated[int | None, typer.Option(help=setting_help("port"))]
DatabaseUrlOption = Annotated[str | None, typer.Option(help=setting_help("database_url"))]
CorsOption = Annotated[str | None, typer.Option(help=setting_help("cors_origins"))]
AllowedHostsOption = Annotated[str | None, typer.Option(help=setting_help("allowed_hosts"))]
ApiTokenOption = Annotated[str | None, typer.Option(help=setting_help("api_token"))]
LogLevelOption = Annotated[str | None, typer.Option(help=setting_help("log_level"))]
SynchronousOption = Annotated[str | None, typer.Option(help=setting_help("synchronous"))]
KeepTransactionsOption = Annotated[int | None, typer.Option(help=setting_help("keep_transactions"))]
KeepTransactionsDaysOption = Annotated[
    float | None, typer.Option(help=setting_help("keep_transactions_days"))
]
LedgerIntervalOption = Annotated[float | None, typer.Option(help=setting_help("ledger_interval_s"))]
TransferHostsOption = Annotated[str | None, typer.Option(help=setting_help("transfer_hosts"))]
TransferMaxBytesOption = Annotated[
    int | None, typer.Option(help=setting_help("transfer_max_bytes"))
]
TransferLimitOption = Annotated[float | None, typer.Option(help=setting_help("transfer_limit_s"))]
TemplatesDirOption = Annotated[
    Path | None, typer.Option("--templates-dir", "--templates", help=setting_help("templates_dir"))
]
MessageLogBytesOption = Annotated[int | None, typer.Option(help=setting_help("message_log_bytes"))]


def load_settings(**given: Any) -> Settings:
    """The settings, with what was ``given`` (not None) on top.

    Raises ``CommandFailed`` with the first setting that does not fit.
    """
    overrides = {name: value for name, value in given.items() if value is not None}
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "settings"
        if name in overrides:
            name = f"--{name.replace('_', '-')}"
        raise CommandFailed(f"{name}: {first['msg']}") from error
