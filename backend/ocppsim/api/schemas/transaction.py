"""Transactions: what charge points start and stop."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .base import Answer, Body, IdTag, SocPercent, UtcTime
from .vehicle import ArrivingVehicle

TransactionState = Literal["starting", "running", "stopping", "stopped", "failed"]
"""starting: StartTransaction is not answered yet; stopping: StopTransaction is not; failed:
the CSMS never confirmed the start."""

StopReason = Literal[
    "DeAuthorized",
    "EmergencyStop",
    "EVDisconnected",
    "HardReset",
    "Local",
    "Other",
    "PowerLoss",
    "Reboot",
    "Remote",
    "SoftReset",
    "UnlockCommand",
]
"""The reasons of StopTransaction.req (1.6 ed.2 §7.36)."""


class Transaction(Answer):
    """A transaction as its charge point knows it."""

    charge_point_id: str
    connector_id: int
    transaction_id: int | None = Field(description="What the CSMS assigned; null until it did.")
    local_transaction_id: int = Field(description="Ours, unique to the charge point.")
    id_tag: str
    state: TransactionState
    started_at: UtcTime
    stopped_at: UtcTime | None
    meter_start_wh: int
    meter_stop_wh: int | None
    energy_wh: float | None = Field(description="Delivered so far; null where it is not known.")
    stop_reason: str | None
    id_tag_status: str | None = Field(description="How the CSMS judged the tag at the start.")


class StartTransactionBody(ArrivingVehicle):
    """A session from plug to tag."""

    connector_id: Annotated[int, Field(ge=1)]
    id_tag: IdTag
    start_soc_percent: SocPercent | None = Field(
        default=None,
        description="What the car arrives with; 409 where one with another charge is there.",
    )


class StopTransactionBody(Body):
    """The end of the transaction on a connector."""

    connector_id: Annotated[int, Field(ge=1)]
    reason: StopReason | None = None


class TransactionOutcome(Answer):
    """What became of a start or stop; ``transaction_id`` is null while the CSMS is silent."""

    transaction_id: int | None
    local_transaction_id: int | None
