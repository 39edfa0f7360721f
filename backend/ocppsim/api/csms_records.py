"""A CSMS's records of transactions, as exports write them: CSV or JSON, read tolerantly."""

from __future__ import annotations

import math
import re

from ocppsim.protocol.v16.date_time import format_date_time, parse_date_time
from ocppsim.simulation.reconciliation import CsmsRecord

from .schemas.session_ledger import UnreadRecord
from .tabular import Row, read_rows

FIELDS = {
    "transaction_id": "transaction_id",
    "charge_point_id": "charge_point_id",
    "id_tag": "id_tag",
    "energy_wh": "energy_wh",
    "energy_kwh": "energy_kwh",
    "meter_start_wh": "meter_start_wh",
    "meter_start": "meter_start_wh",
    "meter_stop_wh": "meter_stop_wh",
    "meter_stop": "meter_stop_wh",
    "started_at": "started_at",
    "start_time": "started_at",
    "stopped_at": "stopped_at",
    "stop_time": "stopped_at",
}
"""What a column may be called, and what it is."""

_WHOLE = re.compile(r"-?[0-9]{1,19}(?:\.0)?")
_UTC = re.compile(r"(?:UTC|GMT)\Z")


def read_csms_records(content: bytes) -> tuple[list[CsmsRecord], list[UnreadRecord]]:
    """The records of a file, and the rows that are none; ``Unprocessable`` for no such file."""
    records: list[CsmsRecord] = []
    unread: list[UnreadRecord] = []
    for number, row in enumerate(read_rows(content, FIELDS), start=1):
        if isinstance(row, str):
            unread.append(UnreadRecord(row=number, error=row))
            continue
        try:
            records.append(_record(row))
        except ValueError as error:
            unread.append(UnreadRecord(row=number, error=str(error)))
    return records, unread


def _record(row: Row) -> CsmsRecord:
    if "transaction_id" not in row:
        raise ValueError("there is no transaction_id")
    transaction_id = _whole_number(str(row["transaction_id"]))
    if transaction_id is None:
        raise ValueError(f"transaction_id is not a whole number: {row['transaction_id']!r}")
    energy_kwh = _number(row, "energy_kwh")
    energy_wh = _number(row, "energy_wh")
    return CsmsRecord(
        transaction_id=transaction_id,
        charge_point_id=_text(row, "charge_point_id"),
        id_tag=_text(row, "id_tag"),
        energy_wh=energy_kwh * 1000.0
        if energy_wh is None and energy_kwh is not None
        else energy_wh,
        meter_start_wh=_number(row, "meter_start_wh"),
        meter_stop_wh=_number(row, "meter_stop_wh"),
        started_at_s=_instant_s(row, "started_at"),
        stopped_at_s=_instant_s(row, "stopped_at"),
    )


def _whole_number(text: str) -> int | None:
    # A column with empty cells comes out of some tools as 7.0
    return int(text.removesuffix(".0")) if _WHOLE.fullmatch(text) else None


def _text(row: Row, name: str) -> str | None:
    return str(row[name]) if name in row else None


def _number(row: Row, name: str) -> float | None:
    if name not in row:
        return None
    try:
        value = float(row[name])
    except (TypeError, ValueError):
        raise ValueError(f"{name} is not a number: {row[name]!r}") from None
    if not math.isfinite(value):
        raise ValueError(f"{name} is not a number: {row[name]!r}")
    return value


def _instant_s(row: Row, name: str) -> float | None:
    if name not in row:
        return None
    # Spreadsheets and databases write a blank where ISO 8601 has a T, and one before the zone
    text = str(row[name]).strip().replace(" ", "T", 1).replace(" ", "")
    text = _UTC.sub("Z", text)
    try:
        instant_s = parse_date_time(text)
        # With its zone it may lie in the year 0 or 10000
        format_date_time(instant_s)
    except (ValueError, OverflowError):
        raise ValueError(f"{name} is not an ISO 8601 date-time: {str(row[name])[:40]!r}") from None
    return instant_s


__all__ = ["FIELDS", "read_csms_records"]
