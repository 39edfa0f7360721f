"""The tables that a run in virtual time is written as: their columns and how values are rounded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Literal, NamedTuple

from ocppsim.protocol.v16.date_time import format_date_time
from ocppsim.simulation.fleet_records import MessageRow, MeterRow, SessionRow, SiteRow

Kind = Literal["time", "text", "integer", "number"]


class Column(NamedTuple):
    """A column; ``digits`` after the decimal point are kept of a number."""

    name: str
    kind: Kind
    digits: int = 0


class Table(NamedTuple):
    """A table: the name of its file without the ending, and its columns in order."""

    name: str
    columns: tuple[Column, ...]


_DIGITS = {"_w": 1, "_wh": 3, "_v": 2, "_a": 3, "_percent": 3}
_TEXTS = frozenset(
    {
        *("charger", "status", "vehicle", "id_tag", "outcome", "stop_reason"),
        *("direction", "kind", "action", "message_id", "payload"),
    }
)
_TIMES = frozenset({"time", "plugged_in", "started", "stopped", "plugged_out"})


def _table(name: str, fields: Iterable[str]) -> Table:
    return Table(name, tuple(_column(field) for field in fields))


def _column(name: str) -> Column:
    if name in _TIMES:
        return Column(name, "time")
    if name in _TEXTS:
        return Column(name, "text")
    for ending, digits in _DIGITS.items():
        if name.endswith(ending):
            return Column(name, "number", digits)
    return Column(name, "integer")


METERS = _table("meters", MeterRow._fields)
SESSIONS = _table("sessions", SessionRow._fields)
MESSAGES = _table("messages", MessageRow._fields)
SITE = _table("site", SiteRow._fields)
TABLES = (METERS, SESSIONS, MESSAGES, SITE)

Convert = Callable[[Any], Any]


class TimeTexts:
    """Unix seconds as ISO 8601 text; rows of one time come together, so the last is remembered."""

    def __init__(self) -> None:
        self._time = float("nan")
        self._text = ""

    def __call__(self, time: float | None) -> str | None:
        if time is None:
            return None
        if time != self._time:
            self._time = time
            self._text = format_date_time(time)
        return self._text


def as_is(value: Any) -> Any:
    return value


def _rounded(digits: int, value: float | None) -> float | None:
    # Adding 0 makes a negative zero a plain one
    return None if value is None else round(value, digits) + 0.0


def converters(table: Table, time: Convert) -> list[Convert]:
    """What makes of each value of a row the one that is written."""
    found: list[Convert] = []
    for column in table.columns:
        if column.kind == "time":
            found.append(time)
        elif column.kind == "number":
            found.append(partial(_rounded, column.digits))
        else:
            found.append(as_is)
    return found


__all__ = [
    "MESSAGES",
    "METERS",
    "SESSIONS",
    "SITE",
    "TABLES",
    "Column",
    "Table",
    "TimeTexts",
    "converters",
]
