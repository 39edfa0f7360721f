"""The session ledger: what really happened in a transaction, beside what the CSMS was told."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import Answer, UtcTime
from .transaction import TransactionState

DeliveryOutcome = Literal["acknowledged", "failed", "dropped", "pending"]
"""failed: given up after its attempts; dropped: never sent."""

GapKind = Literal["offline", "power_off", "restarting", "not_running"]
"""offline: no link to the CSMS; not_running: the simulator itself."""


class LedgerEntry(Answer):
    """A transaction as a whole. Times and registers are the truth, unrounded.

    What is ``reported_…``, and the meter values, are as the CSMS was told. Only what every
    transaction has is known of one from before there was a ledger.
    """

    charge_point_id: str
    connector_id: int
    transaction_id: int | None
    local_transaction_id: int
    id_tag: str
    state: TransactionState
    vehicle_id: int | None
    vehicle_name: str | None
    plugged_in_at: UtcTime | None
    authorised_at: UtcTime | None
    started_at: UtcTime | None
    stopped_at: UtcTime | None
    unplugged_at: UtcTime | None
    duration_s: float | None
    reported_started_at: UtcTime
    reported_stopped_at: UtcTime | None
    clock_offset_s: float | None = Field(
        description="How far the charge point's clock was ahead at the start."
    )
    meter_start_wh: int
    meter_stop_wh: int | None
    register_start_wh: float | None
    register_stop_wh: float | None
    energy_wh: float | None
    peak_power_w: float | None
    average_power_w: float | None
    without_offer_s: float | None = Field(description="No power: the charger offered none.")
    without_demand_s: float | None = Field(description="No power: the vehicle wanted none.")
    soc_start_percent: float | None
    soc_stop_percent: float | None
    offline_s: float | None
    down_s: float | None = Field(
        description="Without power, restarting, or the simulator not running."
    )
    messages_acknowledged: int | None
    messages_failed: int | None
    messages_dropped: int | None
    attempts: int | None
    stop_reason: str | None
    id_tag_status: str | None
    messages_unrecorded: int | None = Field(
        description="At most so many messages were dealt with in a process that was killed before "
        "it wrote down how; they are counted nowhere else."
    )


class LedgerIntervalEntry(Answer):
    """A clock-aligned interval; the energies add up to that of the transaction exactly."""

    from_: UtcTime = Field(alias="from", serialization_alias="from")
    to: UtcTime
    energy_wh: float
    register_from_wh: float
    register_to_wh: float
    average_power_w: float
    peak_power_w: float
    lowest_offer_w: float
    highest_offer_w: float
    without_offer_s: float
    without_demand_s: float


class LedgerGapEntry(Answer):
    """A time in which the CSMS could not hear of the transaction; they may overlap."""

    kind: GapKind
    from_: UtcTime = Field(alias="from", serialization_alias="from")
    to: UtcTime | None = Field(description="Null while it lasts.")


class LedgerMessageEntry(Answer):
    """What became of a message of the transaction."""

    action: str
    sequence: int | None = Field(description="Its place in the charge point's queue.")
    outcome: DeliveryOutcome
    detail: str | None
    queued_at: UtcTime | None
    first_sent_at: UtcTime | None
    settled_at: UtcTime | None = Field(description="When it was acknowledged, or given up.")
    attempts: int
    message_ids: str = Field(description="Of the attempts, with a blank between.")
    recovered: bool = Field(description="Queued before a restart; earlier attempts do not count.")
    size_bytes: int
    crc32: str = Field(description="Of the payload's JSON as it was sent last, in hexadecimal.")


class TransactionLedger(Answer):
    """Everything about one transaction; ``interval_s`` is the length of the intervals."""

    transaction: LedgerEntry
    interval_s: float
    intervals: list[LedgerIntervalEntry]
    gaps: list[LedgerGapEntry]
    messages: list[LedgerMessageEntry]


class LedgerDifference(Answer):
    """Where the CSMS's record and the truth do not agree.

    missing: the CSMS has no record; extra: none of the chosen transactions is the one recorded;
    duplicate: recorded as often as ``theirs`` says; not_stopped: stopped, but not to the CSMS.
    ``difference`` is theirs less ours, in watt-hours or seconds.
    """

    kind: Literal[
        "missing",
        "extra",
        "duplicate",
        "not_stopped",
        "id_tag",
        "energy_wh",
        "meter_start_wh",
        "meter_stop_wh",
        "started_at",
        "stopped_at",
    ]
    charge_point_id: str | None
    transaction_id: int | None
    local_transaction_id: int | None
    ours: str | float | None
    theirs: str | float | None
    difference: float | None


class UnreadRecord(Answer):
    """A row of the file (counted from 1) that could not be read."""

    row: int
    error: str


class ReconciliationReport(Answer):
    """``agreeing`` of the ``compared`` transactions differ in nothing."""

    compared: int
    agreeing: int
    differences: list[LedgerDifference]
    unread: list[UnreadRecord]
