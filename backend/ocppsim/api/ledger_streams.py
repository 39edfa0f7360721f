"""Tables of any length as CSV or JSON, row by row: no answer is ever whole in memory."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator, Sequence
from typing import Literal

import msgspec
from starlette.responses import Response, StreamingResponse

from ocppsim.simulation.session_rows import Cell, Row

TableFormat = Literal["csv", "json", "ndjson"]

_MEDIA_TYPES: dict[TableFormat, str] = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "ndjson": "application/x-ndjson",
}
_ACCEPTED: dict[str, TableFormat] = {
    "text/csv": "csv",
    "application/json": "json",
    "application/x-ndjson": "ndjson",
}
_QUALITY = re.compile(r"[01](?:\.[0-9]{0,3})?")
_ROWS_AT_ONCE = 100


def chosen_format(asked: TableFormat | None, accept: str | None) -> TableFormat:
    """``asked``, else what the Accept header likes best (the first of equals), else JSON."""
    if asked is not None:
        return asked
    chosen: TableFormat = "json"
    best = 0.0
    for entry in (accept or "").lower().split(","):
        media_type, *parameters = (part.strip() for part in entry.split(";"))
        quality = _quality(parameters)
        if media_type in _ACCEPTED and quality > best:
            chosen, best = _ACCEPTED[media_type], quality
    return chosen


def _quality(parameters: Sequence[str]) -> float:
    """Of a media range, RFC 9110 section 12.4.2; one that cannot be read counts as none given."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q" and _QUALITY.fullmatch(value.strip()):
            return float(value)
    return 1.0


def table_response(
    rows: AsyncIterator[Row], columns: Sequence[str], chosen: TableFormat, name: str
) -> Response:
    """The rows as a stream; CSV is offered as a file called ``name``."""
    streams = {"csv": _csv, "json": _json, "ndjson": _ndjson}
    headers = {"Vary": "Accept"}
    if chosen == "csv":
        headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return StreamingResponse(
        streams[chosen](rows, columns), media_type=_MEDIA_TYPES[chosen], headers=headers
    )


async def _csv(rows: AsyncIterator[Row], columns: Sequence[str]) -> AsyncIterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    gathered = 0
    async for row in rows:
        writer.writerow([_text(row[column]) for column in columns])
        gathered += 1
        if gathered == _ROWS_AT_ONCE:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
            gathered = 0
    yield buffer.getvalue().encode()


def _text(cell: Cell) -> Cell | str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return "" if cell is None else cell


async def _json(rows: AsyncIterator[Row], _columns: Sequence[str]) -> AsyncIterator[bytes]:
    separator = b"["
    async for row in rows:
        yield separator + msgspec.json.encode(row)
        separator = b",\n"
    yield b"]" if separator != b"[" else b"[]"


async def _ndjson(rows: AsyncIterator[Row], _columns: Sequence[str]) -> AsyncIterator[bytes]:
    async for row in rows:
        yield msgspec.json.encode(row) + b"\n"


__all__ = ["TableFormat", "chosen_format", "table_response"]
