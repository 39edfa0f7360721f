"""Sessions that were recorded somewhere: a CSV file of a plan, a row for each of them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from .part import ChargerPatterns, GroupNames, IdTag, Part, no_such_field
from .plan_fault import Keys, PlanFault
from .quantities import HOUR_S, Time
from .visit_plan import VisitPlan

_LARGEST_BYTES = 200_000_000


class TracePlan(VisitPlan):
    """A CSV file with sessions; the fields below are for all of its rows."""

    file: Annotated[str, StringConstraints(min_length=1, pattern=r"^[^\x00]+$")] = Field(
        description="Its path, from the folder of the plan."
    )
    chargers: ChargerPatterns = Field(
        default=("*",), description="Where a row that names no charger may be; default: any."
    )
    vehicles: GroupNames | None = Field(
        default=None, description="What comes where a row names no vehicle; default: any group."
    )


class TraceRow(Part):
    """A row of the file; columns may be left out, or empty, where there is a default."""

    at: Time = Field(description="When the vehicle plugs in.")
    stay_h: Annotated[float, Field(gt=0, le=10_000)] | None = Field(
        default=None, description="How many hours it stays; or `departs_at`."
    )
    departs_at: Time | None = Field(default=None, description="When it leaves.")
    charger: str | None = Field(
        default=None, description="Charge point id; default: any of `chargers`."
    )
    connector: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="Default: any that is free."
    )
    vehicle: str | None = Field(default=None, description="A group of `vehicles`.")
    id_tag: IdTag | None = Field(default=None, description="Default: that of the vehicle.")
    soc_percent: Annotated[float, Field(ge=0, le=100)] | None = Field(
        default=None, description="On arrival; default: as the vehicle says."
    )
    energy_kwh: Annotated[float, Field(gt=0, le=10_000)] | None = Field(
        default=None, description="The vehicle asks for no more than that."
    )

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if (self.departs_at is None) == (self.stay_h is None):
            raise ValueError("give either departs_at or stay_h")
        return self

    def begins_and_ends_s(self, start_epoch_s: float) -> tuple[float, float]:
        """Seconds after the start; a ``departs_at`` of the day is the next from the arrival on."""
        at_s = self.at.after(start_epoch_s)
        if self.departs_at is None:
            return at_s, at_s + (self.stay_h or 0.0) * HOUR_S
        if self.departs_at.kind == "clock":
            return at_s, at_s + self.departs_at.after(start_epoch_s + at_s)
        return at_s, self.departs_at.after(start_epoch_s)


def trace_rows(plan: TracePlan, directory: Path, place: Keys) -> Iterator[tuple[str, TraceRow]]:
    """The rows, each with where it stands (``sessions.csv line 7``).

    Raises :class:`PlanFault` for a file that cannot be read and for the first bad row.
    """
    path = directory / plan.file
    place = (*place, "file")
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise PlanFault(place, f"{plan.file} is larger than {_LARGEST_BYTES // 1_000_000} MB")
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _rows(csv.reader(file, strict=True), plan.file, place)
    except OSError as error:
        raise PlanFault(place, f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise PlanFault(place, f"{plan.file} is not UTF-8 text") from error


def _rows(lines: Iterator[list[str]], name: str, place: Keys) -> Iterator[tuple[str, TraceRow]]:
    number = 0
    columns: list[str] = []
    try:
        for number, line in enumerate(lines, start=1):
            cells = [cell.strip() for cell in line]
            if not any(cells):
                continue
            if not columns:
                columns = _columns(cells, f"{name} line {number}", place)
                continue
            where = f"{name} line {number}"
            if len(cells) > len(columns):
                raise PlanFault(place, f"{where}: there are more cells than columns")
            given = {column: cell for column, cell in zip(columns, cells, strict=False) if cell}
            yield where, _row(given, where, place)
    except csv.Error as error:
        raise PlanFault(place, f"{name} line {number + 1}: {error}") from error
    if not columns:
        raise PlanFault(place, f"{name} is empty")


def _columns(cells: list[str], where: str, place: Keys) -> list[str]:
    for cell in cells:
        if cell not in TraceRow.model_fields:
            raise PlanFault(
                place, f"{where}: {cell!r}: {no_such_field(cell, TraceRow.model_fields)}"
            )
        if cells.count(cell) > 1:
            raise PlanFault(place, f"{where}: the column {cell} stands twice")
    if "at" not in cells:
        raise PlanFault(place, f"{where}: the first line names the columns, among them at")
    return cells


def _row(given: dict[str, str], where: str, place: Keys) -> TraceRow:
    try:
        return TraceRow.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        column = f"{first['loc'][0]}: " if first["loc"] else ""
        cause = first.get("ctx", {}).get("error")
        reason = "it is missing" if first["type"] == "missing" else str(cause or first["msg"])
        raise PlanFault(place, f"{where}: {column}{reason}") from error


__all__ = ["TracePlan", "TraceRow", "trace_rows"]
