"""Which id tags a central system knows, and what it says of them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

STATUSES = ("Accepted", "Blocked", "Expired", "Invalid", "ConcurrentTx")
"""AuthorizationStatus as the standard spells it (1.6 ed.2 §7.2)."""

_MAX_LENGTH = 20  # CiString20 (1.6 ed.2 §7.28)
_COLUMNS = {
    "id_tag": "tag",
    "idtag": "tag",
    "tag": "tag",
    "status": "status",
    "parent": "parent",
    "parent_id_tag": "parent",
    "parentidtag": "parent",
    "expiry": "expiry",
    "expiry_date": "expiry",
    "expirydate": "expiry",
}


class TagFileError(ValueError):
    """A tag file cannot be used; the message says in one line where and why."""


@dataclass(frozen=True, slots=True)
class IdTag:
    """What a central system knows of one tag; ``expiry`` is aware."""

    id_tag: str
    status: str = "Accepted"
    parent_id_tag: str | None = None
    expiry: datetime | None = None

    def status_at(self, now: datetime) -> str:
        """The status to report: an accepted tag past its expiry date is Expired."""
        if self.status == "Accepted" and self.expiry is not None and self.expiry <= now:
            return "Expired"
        return self.status


class IdTagRegistry:
    """The known tags; compared without regard to case, as CiStrings are.

    A registry made without tags accepts every tag. One made with tags says Invalid to
    those it does not know.
    """

    def __init__(self, tags: Iterable[IdTag] | None = None) -> None:
        self._tags: dict[str, IdTag] | None = None
        if tags is not None:
            self._tags = {tag.id_tag.casefold(): tag for tag in tags}

    @property
    def accepts_every_tag(self) -> bool:
        return self._tags is None

    def __len__(self) -> int:
        return 0 if self._tags is None else len(self._tags)

    def find(self, id_tag: str) -> IdTag:
        """What is known of a tag; never raises."""
        if self._tags is None:
            return IdTag(id_tag)
        return self._tags.get(id_tag.casefold(), IdTag(id_tag, status="Invalid"))


def load_id_tags(path: Path) -> IdTagRegistry:
    """Read a tag file; raises :class:`TagFileError`.

    JSON: a list of tags or of objects ``{tag, status, parent, expiry}``, or an object that
    maps each tag to its status or to such an object. Anything else is CSV, with the columns
    ``tag, status, parent, expiry`` (a header line may name them), one tag a line; ``#``
    begins a comment line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise TagFileError(f"cannot read tag file {path}: {reason}") from error
    try:
        return IdTagRegistry(parse_id_tags(text))
    except TagFileError as error:
        raise TagFileError(f"tag file {path}: {error}") from error


def parse_id_tags(text: str) -> list[IdTag]:
    """The tags in the text of a tag file; raises :class:`TagFileError`."""
    rows = _json_rows(text) if text.lstrip()[:1] in ("[", "{") else _csv_rows(text)
    return [_id_tag(where, row) for where, row in rows]


def _json_rows(text: str) -> list[tuple[str, Mapping[str, Any]]]:
    try:
        document: object = json.loads(text)
    except json.JSONDecodeError as error:
        raise TagFileError(f"line {error.lineno}: {error.msg}") from error
    entries: list[object]
    if isinstance(document, dict):
        entries = [
            {**cast("dict[str, Any]", value), "tag": tag}
            if isinstance(value, dict)
            else {"tag": tag, "status": value}
            for tag, value in cast("dict[str, object]", document).items()
        ]
    else:
        entries = cast("list[object]", document)
    rows: list[tuple[str, Mapping[str, Any]]] = []
    for number, entry in enumerate(entries, start=1):
        where = f"entry {number}"
        if isinstance(entry, str):
            rows.append((where, {"tag": entry}))
        elif isinstance(entry, dict):
            fields = cast("dict[str, Any]", entry)
            unknown = [key for key in fields if key.casefold() not in _COLUMNS]
            if unknown:
                raise TagFileError(f"{where}: unknown field {unknown[0]!r}")
            rows.append((where, {_COLUMNS[k.casefold()]: v for k, v in fields.items()}))
        else:
            raise TagFileError(f"{where}: neither a tag nor an object")
    return rows


def _csv_rows(text: str) -> list[tuple[str, Mapping[str, Any]]]:
    rows: list[tuple[str, Mapping[str, Any]]] = []
    columns = ["tag", "status", "parent", "expiry"]
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        cells = [cell.strip() for cell in next(csv.reader([line]))]
        if not rows and cells[0].casefold() in _COLUMNS:
            unknown = [cell for cell in cells if cell.casefold() not in _COLUMNS]
            if unknown:
                raise TagFileError(f"line {number}: unknown column {unknown[0]!r}")
            columns = [_COLUMNS[cell.casefold()] for cell in cells]
            continue
        if len(cells) > len(columns):
            raise TagFileError(f"line {number}: more than {len(columns)} columns")
        rows.append((f"line {number}", dict(zip(columns, cells, strict=False))))
    return rows


def _id_tag(where: str, row: Mapping[str, Any]) -> IdTag:
    id_tag = _text(where, row, "tag")
    if id_tag is None:
        raise TagFileError(f"{where}: the tag is missing")
    status = _text(where, row, "status") or "Accepted"
    if status not in STATUSES:
        raise TagFileError(f"{where}: status {status!r} is none of {', '.join(STATUSES)}")
    parent = _text(where, row, "parent")
    for value in (id_tag, parent or ""):
        if len(value) > _MAX_LENGTH:
            raise TagFileError(f"{where}: {value!r} is longer than {_MAX_LENGTH} characters")
    expiry: datetime | None = None
    if (expiry_text := _text(where, row, "expiry")) is not None:
        try:
            expiry = datetime.fromisoformat(expiry_text)
        except ValueError as error:
            raise TagFileError(f"{where}: {expiry_text!r} is not an ISO 8601 time") from error
        if expiry.tzinfo is None:
            expiry = expiry.replace(tzinfo=UTC)
    return IdTag(id_tag, status, parent, expiry)


def _text(where: str, row: Mapping[str, Any], field: str) -> str | None:
    value = row.get(field)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise TagFileError(f"{where}: {field} must be text")
    return value
