"""Writes what a run in virtual time records, as CSV or Parquet; all files, or none."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Protocol, Self, TypeVar

from ocppsim.simulation.fleet_records import MessageRow, MeterRow, SessionRow, SiteRow

from .failures import CommandFailed
from .run_tables import (
    MESSAGES,
    METERS,
    SESSIONS,
    SITE,
    TABLES,
    Table,
    TimeTexts,
    converters,
)

FileFormat = Literal["csv", "parquet"]
FORMATS: tuple[FileFormat, ...] = ("csv", "parquet")
SUMMARY = "summary.json"
_ROWS_AT_ONCE = 50_000
R = TypeVar("R", bound=tuple[Any, ...])


class _TableFile(Protocol):
    def write(self, row: Sequence[Any]) -> None: ...

    def close(self) -> None: ...

    def abandon(self) -> None:
        """Let go of the file, whatever is missing in it; a full disk does not matter."""
        ...


class _CsvFile:
    def __init__(self, path: Path, table: Table) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._write = csv.writer(self._file, lineterminator="\n").writerow
        self._write([column.name for column in table.columns])
        self._converters = converters(table, TimeTexts())

    def write(self, row: Sequence[Any]) -> None:
        self._write([convert(value) for convert, value in zip(self._converters, row, strict=True)])

    def close(self) -> None:
        self._file.close()

    def abandon(self) -> None:
        with suppress(OSError):
            self._file.close()


class _ParquetFile:
    """Rows gather to groups; times are timestamps in UTC with milliseconds."""

    def __init__(self, path: Path, table: Table) -> None:
        arrow, parquet = _pyarrow()
        kinds = {
            "time": arrow.timestamp("ms", tz="UTC"),
            "text": arrow.string(),
            "integer": arrow.int64(),
            "number": arrow.float64(),
        }
        self._arrow = arrow
        self._schema = arrow.schema([(column.name, kinds[column.kind]) for column in table.columns])
        self._writer = parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._converters = converters(table, _milliseconds)
        self._rows: list[Sequence[Any]] = []

    def write(self, row: Sequence[Any]) -> None:
        self._rows.append(row)
        if len(self._rows) >= _ROWS_AT_ONCE:
            self._flush()

    def close(self) -> None:
        if self._rows:
            self._flush()
        self._writer.close()

    def abandon(self) -> None:
        self._rows = []
        with suppress(OSError, ValueError):  # ArrowInvalid, after an error, is a ValueError
            self._writer.close()

    def _flush(self) -> None:
        columns = zip(*self._rows, strict=True)
        arrays = [
            self._arrow.array([convert(value) for value in column], type=kind)
            for convert, column, kind in zip(
                self._converters, columns, self._schema.types, strict=True
            )
        ]
        self._writer.write_table(self._arrow.Table.from_arrays(arrays, schema=self._schema))
        self._rows = []


class RunFiles:
    """A recorder whose rows go to files in ``directory``.

    As a context manager: the files have their names only once :meth:`finish` was called; left
    before, there is nothing, nor the directory if it was not there before. Raises
    ``CommandFailed`` where files of a run are there already (unless ``force`` replaces them), and
    where the directory cannot be written to.
    """

    def __init__(
        self,
        directory: Path,
        file_format: FileFormat,
        *,
        meters: bool = True,
        messages: bool = True,
        force: bool = False,
    ) -> None:
        self.directory = directory
        self._suffix = f".{file_format}"
        try:
            present = [path for path in _all_paths(directory) if path.exists()]
        except OSError as error:
            raise CommandFailed(f"{directory}: {error.strerror or error}") from error
        if present and not force:
            raise CommandFailed(f"{present[0]} exists; --force replaces it, --out writes elsewhere")
        if file_format == "parquet":
            _pyarrow()
        kind = _CsvFile if file_format == "csv" else _ParquetFile
        wanted = [
            table
            for table in TABLES
            if (meters or table is not METERS) and (messages or table is not MESSAGES)
        ]
        self._files: dict[str, _TableFile] = {}
        self.is_written = False
        """Whether any file of the run has its name by now."""
        self._is_ours = not directory.exists()
        try:
            directory.mkdir(parents=True, exist_ok=True)
            for table in wanted:
                self._files[table.name] = kind(self._partial(table.name + self._suffix), table)
        except OSError as error:
            self._discard()
            raise CommandFailed(f"{directory}: {error.strerror or error}") from error
        self.meter = self._writer_of(METERS, MeterRow)
        self.message = self._writer_of(MESSAGES, MessageRow)
        self.session = self._writer_of(SESSIONS, SessionRow)
        self.site = self._writer_of(SITE, SiteRow)

    def finish(self, summary: dict[str, Any]) -> list[Path]:
        """Everything is written: the files get their names. Returns them."""
        for file in self._files.values():
            file.close()
        text = json.dumps(summary, indent=2, ensure_ascii=False) + "\n"
        self._partial(SUMMARY).write_text(text, encoding="utf-8")
        names = [name + self._suffix for name in self._files] + [SUMMARY]
        self.is_written = True
        paths = [self._partial(name).replace(self.directory / name) for name in names]
        for path in _all_paths(self.directory):
            if path not in paths:
                path.unlink(missing_ok=True)
        self._files.clear()
        return paths

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._discard()

    def _discard(self) -> None:
        for file in self._files.values():
            file.abandon()
        for name in [*(name + self._suffix for name in self._files), SUMMARY]:
            with suppress(OSError):
                self._partial(name).unlink()
        if self._is_ours:
            with suppress(OSError):  # it is not empty: something of it has been written
                self.directory.rmdir()
        self._files.clear()

    def _partial(self, name: str) -> Path:
        return self.directory / f".{name}.partial"

    def _writer_of(self, table: Table, _row: type[R]) -> Callable[[R], None]:
        file = self._files.get(table.name)
        return _drop if file is None else file.write


def _all_paths(directory: Path) -> list[Path]:
    names = [f"{table.name}.{suffix}" for table in TABLES for suffix in FORMATS]
    return [directory / name for name in [*names, SUMMARY]]


def _drop(_row: object) -> None:
    """Not wanted."""


def _milliseconds(time: float | None) -> int | None:
    return None if time is None else round(time * 1000.0)


def _pyarrow() -> tuple[Any, Any]:
    """The library and its Parquet part, which have no types; ``CommandFailed`` without it."""
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError as error:
        raise CommandFailed(
            "Parquet needs the package pyarrow: pip install 'ocppsim[parquet]'"
        ) from error


__all__ = ["FORMATS", "SUMMARY", "FileFormat", "RunFiles"]
