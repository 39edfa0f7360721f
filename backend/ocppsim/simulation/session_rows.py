"""Ledgers as rows of tables: for CSV, JSON and whatever reconciles them with a CSMS's records.

Times are ISO 8601 in UTC; what is not known is None. The columns of a table never change their
meaning; new ones come at the end.
"""

from __future__ import annotations

from collections.abc import Iterator

from ocppsim.protocol.v16.date_time import format_date_time

from .ledger_records import (
    LedgerGap,
    LedgerHead,
    LedgerInterval,
    LedgerMessage,
    SessionLedger,
)

Cell = str | int | float | bool | None
Row = dict[str, Cell]

SESSION_COLUMNS = (
    "charge_point_id",
    "connector_id",
    "transaction_id",
    "local_transaction_id",
    "id_tag",
    "state",
    "vehicle_id",
    "vehicle_name",
    "plugged_in_at",
    "authorised_at",
    "started_at",
    "stopped_at",
    "unplugged_at",
    "duration_s",
    "reported_started_at",
    "reported_stopped_at",
    "clock_offset_s",
    "meter_start_wh",
    "meter_stop_wh",
    "register_start_wh",
    "register_stop_wh",
    "energy_wh",
    "peak_power_w",
    "average_power_w",
    "without_offer_s",
    "without_demand_s",
    "soc_start_percent",
    "soc_stop_percent",
    "offline_s",
    "down_s",
    "messages_acknowledged",
    "messages_failed",
    "messages_dropped",
    "attempts",
    "stop_reason",
    "id_tag_status",
    "messages_unrecorded",
)
"""One row a transaction."""

KEY_COLUMNS = ("charge_point_id", "transaction_id", "local_transaction_id")

INTERVAL_COLUMNS = (
    *KEY_COLUMNS,
    "from",
    "to",
    "energy_wh",
    "register_from_wh",
    "register_to_wh",
    "average_power_w",
    "peak_power_w",
    "lowest_offer_w",
    "highest_offer_w",
    "without_offer_s",
    "without_demand_s",
)
"""One row an interval of a transaction."""

MESSAGE_COLUMNS = (
    *KEY_COLUMNS,
    "action",
    "sequence",
    "outcome",
    "detail",
    "queued_at",
    "first_sent_at",
    "settled_at",
    "attempts",
    "message_ids",
    "recovered",
    "size_bytes",
    "crc32",
)
"""One row a message of a transaction."""


def session_row(charge_point_id: str, head: LedgerHead) -> Row:
    """A transaction as a whole, by ``SESSION_COLUMNS``."""
    duration_s = None if head.stopped_at_s is None else head.stopped_at_s - head.started_at_s
    return {
        "charge_point_id": charge_point_id,
        "connector_id": head.connector_id,
        "transaction_id": head.transaction_id,
        "local_transaction_id": head.local_transaction_id,
        "id_tag": head.id_tag,
        "state": head.state,
        "vehicle_id": head.vehicle_id,
        "vehicle_name": head.vehicle_name,
        "plugged_in_at": _iso(head.plugged_in_at_s),
        "authorised_at": _iso(head.authorised_at_s),
        "started_at": _iso(head.started_at_s),
        "stopped_at": _iso(head.stopped_at_s),
        "unplugged_at": _iso(head.unplugged_at_s),
        "duration_s": None if duration_s is None else round(duration_s, 3),
        "reported_started_at": _iso(head.reported_started_at_s),
        "reported_stopped_at": _iso(head.reported_stopped_at_s),
        "clock_offset_s": head.clock_offset_s,
        "meter_start_wh": head.meter_start_wh,
        "meter_stop_wh": head.meter_stop_wh,
        "register_start_wh": head.register_start_wh,
        "register_stop_wh": head.register_stop_wh,
        "energy_wh": head.energy_wh,
        "peak_power_w": head.peak_power_w,
        "average_power_w": head.energy_wh * 3600.0 / duration_s if duration_s else None,
        "without_offer_s": round(head.without_offer_s, 3),
        "without_demand_s": round(head.without_demand_s, 3),
        "soc_start_percent": head.soc_start_percent,
        "soc_stop_percent": head.soc_stop_percent,
        "offline_s": round(head.offline_s, 3),
        "down_s": round(head.down_s, 3),
        "messages_acknowledged": head.acknowledged,
        "messages_failed": head.failed,
        "messages_dropped": head.dropped,
        "attempts": head.attempts,
        "stop_reason": head.stop_reason,
        "id_tag_status": head.id_tag_status,
        "messages_unrecorded": head.unrecorded,
    }


def interval_row(interval: LedgerInterval) -> Row:
    """An interval, by ``INTERVAL_COLUMNS`` without the key."""
    return {
        "from": _iso(interval.from_s),
        "to": _iso(interval.to_s),
        "energy_wh": interval.energy_wh,
        "register_from_wh": interval.register_from_wh,
        "register_to_wh": interval.register_to_wh,
        "average_power_w": interval.average_power_w,
        "peak_power_w": interval.peak_power_w,
        "lowest_offer_w": interval.lowest_offer_w,
        "highest_offer_w": interval.highest_offer_w,
        "without_offer_s": round(interval.without_offer_s, 3),
        "without_demand_s": round(interval.without_demand_s, 3),
    }


def gap_row(gap: LedgerGap) -> Row:
    """A gap."""
    return {"kind": gap.kind, "from": _iso(gap.from_s), "to": _iso(gap.to_s)}


def message_row(message: LedgerMessage) -> Row:
    """A message, by ``MESSAGE_COLUMNS`` without the key; its ids stand side by side."""
    return {
        "action": message.action,
        "sequence": message.sequence,
        "outcome": message.outcome,
        "detail": message.detail,
        "queued_at": _iso(message.queued_at_s),
        "first_sent_at": _iso(message.first_sent_at_s),
        "settled_at": _iso(message.settled_at_s),
        "attempts": message.attempts,
        "message_ids": " ".join(message.message_ids),
        "recovered": message.recovered,
        "size_bytes": message.size_bytes,
        "crc32": f"{message.crc32:08x}",
    }


def interval_rows(charge_point_id: str, ledger: SessionLedger) -> Iterator[Row]:
    """The intervals of a transaction, by ``INTERVAL_COLUMNS``."""
    for interval in ledger.intervals:
        yield _key(charge_point_id, ledger.head) | interval_row(interval)


def message_rows(charge_point_id: str, ledger: SessionLedger) -> Iterator[Row]:
    """The messages of a transaction, by ``MESSAGE_COLUMNS``."""
    for message in ledger.messages:
        yield _key(charge_point_id, ledger.head) | message_row(message)


def _key(charge_point_id: str, head: LedgerHead) -> Row:
    return {
        "charge_point_id": charge_point_id,
        "transaction_id": head.transaction_id,
        "local_transaction_id": head.local_transaction_id,
    }


def _iso(at_s: float | None) -> str | None:
    return None if at_s is None else format_date_time(at_s)


__all__ = [
    "INTERVAL_COLUMNS",
    "MESSAGE_COLUMNS",
    "SESSION_COLUMNS",
    "Cell",
    "Row",
    "gap_row",
    "interval_row",
    "interval_rows",
    "message_row",
    "message_rows",
    "session_row",
]
