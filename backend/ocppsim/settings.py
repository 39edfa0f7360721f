"""Settings of the service, from the environment and a ``.env`` file.

Every name works as it is and with the prefix ``OCPPSIM_`` (which wins).
"""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from ocppsim.simulation.session_ledger import DEFAULT_INTERVAL_S
from ocppsim.transfer.allowlist import HostAllowlist
from ocppsim.transfer.bounds import DEFAULT_LIMIT_S, DEFAULT_MAX_BYTES

PREFIX = "OCPPSIM_"

LogLevel = Literal["critical", "error", "warning", "info", "debug"]
Names = Annotated[tuple[str, ...], NoDecode]


def _names(name: str) -> AliasChoices:
    return AliasChoices(f"{PREFIX}{name}", name)


class Settings(BaseSettings):
    """What can be set without touching a file of the program."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", populate_by_name=True
    )

    host: str = Field(
        default="127.0.0.1",
        validation_alias=_names("HOST"),
        description="Address to listen on; anything but loopback wants API_TOKEN.",
    )
    port: int = Field(
        default=8001,
        ge=0,
        le=65535,
        validation_alias=_names("PORT"),
        description="Port to listen on.",
    )
    database_url: str = Field(
        default="sqlite:///./data/ocppsim.db",
        validation_alias=_names("DATABASE_URL"),
        description="sqlite:///path/to/file.db or postgresql://user:password@host/name.",
    )
    cors_origins: Names = Field(
        default=(),
        validation_alias=_names("CORS_ORIGINS"),
        description="Origins, comma-separated, whose pages may use the API; none by default.",
    )
    allowed_hosts: Names = Field(
        default=(),
        validation_alias=_names("ALLOWED_HOSTS"),
        description="Names, comma-separated, that the Host header may have beside localhost.",
    )
    api_token: SecretStr | None = Field(
        default=None,
        validation_alias=_names("API_TOKEN"),
        description="Token that clients need when HOST is not loopback; made up at the start "
        "(and logged) where none is set.",
    )
    log_level: LogLevel = Field(
        default="info",
        validation_alias=_names("LOG_LEVEL"),
        description="critical, error, warning, info or debug.",
    )
    synchronous: Literal["normal", "full"] = Field(
        default="normal",
        validation_alias=_names("SYNCHRONOUS"),
        description="normal: what is stored survives the death of the process; full: of the "
        "machine too (slower).",
    )
    message_log_bytes: int = Field(
        default=64 * 1024 * 1024,
        ge=0,
        validation_alias=_names("MESSAGE_LOG_BYTES"),
        description="Memory for the OCPP messages of all chargers; the oldest go first.",
    )
    keep_transactions: int = Field(
        default=100_000,
        ge=0,
        validation_alias=_names("KEEP_TRANSACTIONS"),
        description="How many transactions the history holds, with their ledgers; the oldest go "
        "first, those under way never; 0: all of them.",
    )
    keep_transactions_days: float = Field(
        default=0.0,
        ge=0,
        allow_inf_nan=False,
        validation_alias=_names("KEEP_TRANSACTIONS_DAYS"),
        description="How many days after its stop a transaction goes; 0: never for its age.",
    )
    ledger_interval_s: float = Field(
        default=DEFAULT_INTERVAL_S,
        ge=60,
        le=86_400,
        allow_inf_nan=False,
        validation_alias=_names("LEDGER_INTERVAL_S"),
        description="Length of the clock-aligned intervals of the session ledger, in seconds.",
    )
    apply_csms_time: bool = Field(
        default=True,
        validation_alias=_names("APPLY_CSMS_TIME"),
        description="Whether chargers set their clocks by the CSMS's currentTime.",
    )
    transfer_hosts: Names = Field(
        default=(),
        validation_alias=_names("TRANSFER_HOSTS"),
        description="Hosts, comma-separated, that firmware is really fetched from and diagnostics "
        "are really sent to: HOST, HOST:PORT or * for all; none by default, then transfers are "
        "simulated.",
    )
    transfer_max_bytes: int = Field(
        default=DEFAULT_MAX_BYTES,
        ge=1,
        validation_alias=_names("TRANSFER_MAX_BYTES"),
        description="The largest file that is really fetched or sent.",
    )
    transfer_limit_s: float = Field(
        default=DEFAULT_LIMIT_S,
        gt=0,
        allow_inf_nan=False,
        validation_alias=_names("TRANSFER_LIMIT_S"),
        description="The longest that a real transfer may take, in seconds.",
    )
    templates_dir: Path | None = Field(
        default=None,
        validation_alias=_names("TEMPLATES_DIR"),
        description="Directory with charger models of your own, a YAML file each "
        "(docs/charger-templates.md).",
    )
    fleet_runs_dir: Path | None = Field(
        default=None,
        validation_alias=_names("FLEET_RUNS_DIR"),
        description="Where the fleet runs of the API are kept; default: fleet-runs beside an "
        "SQLite database, else in the current directory.",
    )
    most_fleet_runs: int = Field(
        default=2,
        ge=0,
        le=100,
        validation_alias=_names("MOST_FLEET_RUNS"),
        description="How many fleet runs the API starts at a time; 0: none.",
    )
    ui_directory: Path | None = Field(
        default=None,
        validation_alias=_names("UI_DIRECTORY"),
        description="Where the built web UI is; found by itself in a package or a checkout.",
    )

    @field_validator("cors_origins", "allowed_hosts", "transfer_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("transfer_hosts")
    @classmethod
    def _are_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        HostAllowlist(value)
        return value

    @field_validator("templates_dir", "fleet_runs_dir", mode="before")
    @classmethod
    def _blank_is_none(cls, value: object) -> object:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("api_token")
    @classmethod
    def _not_blank(cls, value: SecretStr | None) -> SecretStr | None:
        return value if value is not None and value.get_secret_value().strip() else None

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the service."""
        if self.host.lower() == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return False
