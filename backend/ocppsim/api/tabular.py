"""Files with rows, as spreadsheets and scripts write them: CSV or JSON, read tolerantly.

A CSV may begin with a byte order mark and use commas, semicolons or tabs; the case of its
headers, and blanks and underscores in them, do not matter. A JSON file is an array of objects
(or an object with one such array in it).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from .problems import Unprocessable

Row = dict[str, Any]

MAX_ROWS = 20_000


def read_rows(content: bytes, fields: Mapping[str, str]) -> list[Row | str]:
    """The rows of a file, or what is wrong with a row; cells that are empty are left out.

    ``fields`` says what a column is called inside; columns that are not in it are left out.
    Raises ``Unprocessable`` for a file that is neither CSV nor JSON, or has too many rows.
    """
    text = _decode(content)
    if not text.strip():
        raise Unprocessable("the file is empty", "file")
    names = {_plain(column): field for column, field in fields.items()}
    rows = _json_rows(text, names) if text.lstrip()[0] in "[{" else _csv_rows(text, names)
    if len(rows) > MAX_ROWS:
        raise Unprocessable(f"the file has more than {MAX_ROWS} rows", "file")
    return rows


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A CSV text with a header line."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return buffer.getvalue()


def _decode(content: bytes) -> str:
    # Spreadsheets that save "Unicode text" mean UTF-16 with a byte order mark.
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise Unprocessable("the file is not UTF-8 text", "file") from None
    if "\x00" in text:
        raise Unprocessable("the file is not text", "file")
    return text


def _plain(header: str) -> str:
    return "".join(character for character in header.lower() if character.isalnum())


def _json_rows(text: str, names: Mapping[str, str]) -> list[Row | str]:
    try:
        document: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unprocessable(f"the file is not JSON: {error}", "file") from None
    if isinstance(document, dict):
        values = cast("dict[str, object]", document).values()
        arrays = [cast("list[object]", value) for value in values if isinstance(value, list)]
        items = arrays[0] if len(arrays) == 1 else [cast("object", document)]
    else:
        items = cast("list[object]", document)
    return [_json_row(item, names) for item in items]


def _json_row(item: object, names: Mapping[str, str]) -> Row | str:
    if not isinstance(item, dict):
        return "the row is not an object"
    entries = cast("dict[str, Any]", item)
    return {
        names[_plain(key)]: value
        for key, value in entries.items()
        if _plain(key) in names and value is not None and value != ""
    }


def _csv_rows(text: str, names: Mapping[str, str]) -> list[Row | str]:
    header_line = next(line for line in text.splitlines() if line.strip())
    separator = max(",;\t", key=header_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    headers: list[str | None] | None = None
    rows: list[Row | str] = []
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if not any(stripped):
                continue
            if headers is None:
                headers = _headers(stripped, names)
            else:
                rows.append(_csv_row(headers, stripped))
    except csv.Error as error:
        raise Unprocessable(f"the file is not CSV: {error}", "file") from None
    return rows


def _headers(cells: list[str], names: Mapping[str, str]) -> list[str | None]:
    headers = [names.get(_plain(cell)) for cell in cells]
    known = [header for header in headers if header is not None]
    if not known:
        raise Unprocessable("the first line names none of the columns of the template", "file")
    if len(set(known)) != len(known):
        raise Unprocessable("the first line names a column twice", "file")
    return headers


def _csv_row(headers: list[str | None], cells: list[str]) -> Row | str:
    if any(cells[len(headers) :]):
        return "the row has more cells than the first line (quote a cell that has separators)"
    return {
        name: cell for name, cell in zip(headers, cells, strict=False) if name is not None and cell
    }


__all__ = ["MAX_ROWS", "Row", "read_rows", "write_csv"]
