"""Import of chargers and vehicles from CSV and JSON files, and templates of such files."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Annotated

import msgspec
from fastapi import APIRouter, Form, Path, UploadFile
from pydantic import ValidationError
from sqlalchemy.orm import Session
from starlette.responses import Response

from ocppsim.chargepoint.errors import InvalidSetting
from ocppsim.persistence import chargers, locations, vehicles
from ocppsim.persistence.records import Vehicle as VehicleRecord
from ocppsim.runtime.snapshots import ChargerSummary
from ocppsim.simulation.definition import ChargerDefinition
from ocppsim.simulation.vehicle_models import UnknownVehicleModel

from .charger_changes import checked_configuration, create_chargers
from .charger_rules import new_definition
from .garage import reload_garage
from .import_rows import (
    CHARGER_COLUMNS,
    CHARGER_EXAMPLES,
    CHARGER_FIELDS,
    VEHICLE_COLUMNS,
    VEHICLE_EXAMPLES,
    VEHICLE_FIELDS,
    charger_input,
    vehicle_input,
)
from .problems import NotFound, TooLarge, Unprocessable, describe_field_errors, field_errors
from .schemas.charger_input import ChargerCreate
from .schemas.imports import ChargerImport, VehicleImport
from .schemas.vehicle import Vehicle, VehicleCreate
from .services import LocationIdDep, Services, ServicesDep
from .tabular import Row, read_rows, write_csv
from .template_rules import with_template
from .vehicle_rules import new_vehicle, shown_vehicles

router = APIRouter(prefix="/api", tags=["import"])

MAX_FILE_BYTES = 16 * 1024 * 1024
# The file, and what multipart puts around it.
MAX_BODY_BYTES = MAX_FILE_BYTES + 64 * 1024


class RowFailure(msgspec.Struct, frozen=True):
    """A row (counted from 1) that was not imported."""

    row: int
    error: str


class ImportedChargers(msgspec.Struct, frozen=True):
    """What became of a file with chargers."""

    success: list[ChargerSummary]
    failed: list[RowFailure]


class ImportedVehicles(msgspec.Struct, frozen=True):
    """What became of a file with vehicles."""

    success: list[Vehicle]
    failed: list[RowFailure]


@router.post(
    "/locations/{location_id}/import/chargers",
    operation_id="importChargers",
    response_model=ChargerImport,
)
async def import_chargers(
    services: ServicesDep,
    location_id: LocationIdDep,
    file: UploadFile,
    default_connection_url: Annotated[
        str | None, Form(description="For rows without a connection_url.")
    ] = None,
) -> ImportedChargers:
    """Create chargers from a CSV or JSON file; each row stands alone."""
    await services.database.read(lambda session: locations.get(session, location_id))
    rows = await _rows(file, CHARGER_FIELDS)
    failed: dict[int, str] = {}
    parsed = await asyncio.to_thread(
        _parse_chargers, services, location_id, rows, default_connection_url or None, failed
    )
    created = await _create_parsed(services, parsed, failed)
    return ImportedChargers(created, _failures(failed))


@router.post(
    "/locations/{location_id}/import/vehicles",
    operation_id="importVehicles",
    response_model=VehicleImport,
)
async def import_vehicles(
    services: ServicesDep, location_id: LocationIdDep, file: UploadFile
) -> ImportedVehicles:
    """Create vehicles from a CSV or JSON file; each row stands alone."""
    await services.database.read(lambda session: locations.get(session, location_id))
    rows = await _rows(file, VEHICLE_FIELDS)
    failed: dict[int, str] = {}
    records: list[VehicleRecord] = []
    for number, row in enumerate(rows, start=1):
        if isinstance(row, str):
            failed[number] = row
            continue
        try:
            body = VehicleCreate.model_validate(vehicle_input(row), strict=False)
            records.append(new_vehicle(location_id, body))
        except (Unprocessable, UnknownVehicleModel, ValidationError) as error:
            failed[number] = _reason(error)

    def store(session: Session) -> list[VehicleRecord]:
        return [vehicles.create(session, record) for record in records]

    created = await services.database.run(store)
    await reload_garage(services, location_id)
    return ImportedVehicles(shown_vehicles(created), _failures(failed))


@router.get(
    "/import/templates/{kind}.{form}",
    operation_id="getImportTemplate",
    response_class=Response,
    responses={
        200: {
            "description": "The file.",
            "content": {
                "text/csv": {"schema": {"type": "string"}},
                "application/json": {"schema": {"type": "array", "items": {"type": "object"}}},
            },
        }
    },
)
async def get_import_template(
    kind: Annotated[str, Path(description="chargers or vehicles")],
    form: Annotated[str, Path(description="csv or json")],
) -> Response:
    """A file to fill in: the columns, and a few rows as an example."""
    if kind not in {"chargers", "vehicles"} or form not in {"csv", "json"}:
        raise NotFound(f"there is no template {kind}.{form}")
    columns = CHARGER_COLUMNS if kind == "chargers" else VEHICLE_COLUMNS
    examples = CHARGER_EXAMPLES if kind == "chargers" else VEHICLE_EXAMPLES
    headers = {"Content-Disposition": f'attachment; filename="{kind}.{form}"'}
    if form == "json":
        text = json.dumps(examples, indent=2) + "\n"
        return Response(text, media_type="application/json", headers=headers)
    cells = [[str(example[column]) for column in columns] for example in examples]
    return Response(write_csv(columns, cells), media_type="text/csv", headers=headers)


async def _rows(file: UploadFile, fields: Mapping[str, str]) -> list[Row | str]:
    content = await file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise TooLarge(f"the file is larger than {MAX_FILE_BYTES // 1024 // 1024} MB")
    return await asyncio.to_thread(read_rows, content, fields)


def _parse_chargers(
    services: Services,
    location_id: int,
    rows: Sequence[Row | str],
    default_connection_url: str | None,
    failed: dict[int, str],
) -> dict[int, tuple[ChargerDefinition, dict[str, str]]]:
    """The rows that can become chargers, by number; the others go to ``failed``."""
    parsed: dict[int, tuple[ChargerDefinition, dict[str, str]]] = {}
    seen: set[str] = set()
    for number, row in enumerate(rows, start=1):
        if isinstance(row, str):
            failed[number] = row
            continue
        try:
            given = charger_input(row, default_connection_url)
            body = with_template(
                ChargerCreate.model_validate(given, strict=False), services.charger_templates
            )
            definition = new_definition(location_id, body)
            values: dict[str, str] = {}
            if body.configuration or body.behaviour:
                values = checked_configuration(services, definition, body.configuration)
        except (Unprocessable, ValidationError, InvalidSetting) as error:
            failed[number] = _reason(error)
            continue
        charge_point_id = definition.charge_point_id
        if charge_point_id in seen:
            failed[number] = f"the charge point id {charge_point_id!r} stands in an earlier row"
        else:
            seen.add(charge_point_id)
            parsed[number] = (definition, values)
    return parsed


async def _create_parsed(
    services: Services,
    parsed: dict[int, tuple[ChargerDefinition, dict[str, str]]],
    failed: dict[int, str],
) -> list[ChargerSummary]:
    """Create the chargers whose id is free; the others go to ``failed``."""
    ids = [definition.charge_point_id for definition, _ in parsed.values()]
    async with services.changes:
        taken = await services.database.read(lambda session: chargers.taken_ids(session, ids))
        for number, (definition, _) in list(parsed.items()):
            if definition.charge_point_id in taken:
                failed[number] = (
                    f"a charger with the charge point id {definition.charge_point_id!r} "
                    "exists already"
                )
                del parsed[number]
        created = await create_chargers(services, list(parsed.values()))
    return [charger.summary() for charger in created]


def _reason(
    error: Unprocessable | UnknownVehicleModel | ValidationError | InvalidSetting,
) -> str:
    if isinstance(error, ValidationError):
        return describe_field_errors(field_errors(error))
    return str(error)


def _failures(failed: Mapping[int, str]) -> list[RowFailure]:
    return [RowFailure(number, failed[number]) for number in sorted(failed)]


__all__ = ["MAX_BODY_BYTES", "MAX_FILE_BYTES", "router"]
