"""Bulk operations: one action on many chargers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from .base import Answer, Body, UtcTime
from .connector import ChargePointStatus

BulkAction = Literal[
    "connect",
    "disconnect",
    "go-offline",
    "go-online",
    "delete",
    "plug-in",
    "unplug",
    "ev",
    "id-tag",
    "stop-button",
    "emergency-stop",
    "fault",
    "clear-fault",
    "lock",
    "power",
    "network",
    "clock",
    "files",
    "factory-reset",
    "inject-status",
    "configuration",
    "update",
    "messages",
    "messages/raw",
    "transactions/start",
    "transactions/stop",
]


class ChargerFilter(Body):
    """Which chargers: the filters of the list; all that are given must fit."""

    location_id: int | None = None
    status: ChargePointStatus | None = None
    connected: bool | None = None
    q: Annotated[str, StringConstraints(max_length=200)] | None = None


class BulkBody(Body):
    """An action, and on whom: ``ids`` or ``filter`` (an empty filter is every charger)."""

    ids: list[str] | None = Field(default=None, max_length=100_000, description="Charge point ids.")
    filter: ChargerFilter | None = None
    action: BulkAction = Field(description="The last part of the action's path.")
    body: dict[str, Any] | None = Field(
        default=None,
        description="The body of the action; actions of a connector take connector_id in it "
        "(without it: every connector).",
    )


class OperationAccepted(Answer):
    """Where the progress can be read."""

    operation_id: str


class OperationFailure(Answer):
    """A charger for which the action was not possible."""

    charge_point_id: str
    connector_id: int | None
    status: int = Field(description="The HTTP status that the single action would have had.")
    detail: str


class Operation(Answer):
    """The progress of a bulk operation."""

    operation_id: str
    action: str
    state: Literal["running", "finished", "cancelled"]
    total: int = Field(description="How many chargers it is for.")
    done: int
    succeeded: int
    failed: int
    failures: list[OperationFailure]
    started_at: UtcTime
    finished_at: UtcTime | None
