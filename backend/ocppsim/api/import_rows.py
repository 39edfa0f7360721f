"""What the rows of import files say, in the words of the request bodies."""

from __future__ import annotations

import re
from typing import Any, cast

from ocppsim.chargepoint.controller import ChargePointIdentity

from .schemas.charger_input import ChargerCreate
from .schemas.vehicle import VehicleCreate, VehicleTraits
from .tabular import Row

CHARGER_COLUMNS = (
    "connection_url",
    "charger_name",
    "charge_point_id",
    "charge_point_vendor",
    "charge_point_model",
    "firmware_version",
    "number_of_evses",
    "ocpp_version",
    "power_type",
)
CHARGER_FIELDS = {name: name for name in ChargerCreate.model_fields} | {
    "number_of_evses": "evse_count"
}
"""Columns of a file with chargers; more than the template has, since JSON files can say more."""

VEHICLE_COLUMNS = ("name", "idTag", "battery_capacity_kWh")
VEHICLE_FIELDS = {name: name for name in VehicleCreate.model_fields} | {"idTag": "id_tags"}

CHARGER_EXAMPLES: tuple[dict[str, Any], ...] = (
    {
        "connection_url": "ws://127.0.0.1:9000/ocpp",
        "charger_name": "Garage left",
        "charge_point_id": "EXAMPLE-AC-1",
        "charge_point_vendor": "Example",
        "charge_point_model": "AC 22",
        "firmware_version": "1.0.0",
        "number_of_evses": 2,
        "ocpp_version": "1.6",
        "power_type": "AC",
    },
    {
        "connection_url": "ws://127.0.0.1:9000/ocpp",
        "charger_name": "Forecourt",
        "charge_point_id": "EXAMPLE-DC-1",
        "charge_point_vendor": "Example",
        "charge_point_model": "DC 150",
        "firmware_version": "1.0.0",
        "number_of_evses": 1,
        "ocpp_version": "1.6",
        "power_type": "DC",
    },
)
VEHICLE_EXAMPLES: tuple[dict[str, Any], ...] = (
    {"name": "City car", "idTag": "TAG-CITY", "battery_capacity_kWh": 40},
    {"name": "Family car", "idTag": "TAG-ANNA,TAG-BEN", "battery_capacity_kWh": 77.4},
)

_DECIMAL_COMMA = re.compile(r"\d+,\d+")
_VERSION = re.compile(r"(?:ocpp)?[\s_-]?(\d+\.\d+)\s?j?", re.IGNORECASE)
_SPOKEN = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_BOOLEANS = frozenset({"auto_connect", "auto_plug_in"})
_TEXTS = frozenset(
    {
        "charger_name",
        "charge_point_id",
        "template_id",
        "ocpp_version",
        "basic_auth_password",
        *ChargePointIdentity.__struct_fields__,
    }
)
_NUMBERS = frozenset(
    {
        "max_power_w",
        "shared_power_w",
        "module_power_w",
        "battery_capacity_kwh",
        "ac_max_power_kw",
        "dc_max_power_kw",
        *VehicleTraits.model_fields,
    }
)


def charger_input(row: Row, default_connection_url: str | None) -> dict[str, Any]:
    """The body that would create this charger; numbers may stand where text is wanted."""
    values = {name: _spoken(name, value) for name, value in row.items()}
    if default_connection_url and "connection_url" not in values:
        values["connection_url"] = default_connection_url
    for name in _TEXTS & values.keys():
        if isinstance(values[name], int | float) and not isinstance(values[name], bool):
            values[name] = str(values[name])
    version = _VERSION.fullmatch(str(values.get("ocpp_version", "")))
    if version is not None:
        values["ocpp_version"] = version[1]
    if isinstance(values.get("power_type"), str):
        values["power_type"] = values["power_type"].upper()
    return values


def vehicle_input(row: Row) -> dict[str, Any]:
    """The body that would create this vehicle; a cell may hold several tags."""
    values = {name: _spoken(name, value) for name, value in row.items()}
    if isinstance(values.get("name"), int | float):
        values["name"] = str(values["name"])
    if "id_tags" in values:
        values["id_tags"] = _tags(values["id_tags"])
    return values


def _tags(given: object) -> object:
    if isinstance(given, list):
        parts = [str(part) if isinstance(part, int) else part for part in cast("list[Any]", given)]
        return [part.strip() if isinstance(part, str) else part for part in parts]
    if isinstance(given, str | int):
        return [tag.strip() for tag in str(given).split(",") if tag.strip()]
    return given


def _spoken(name: str, value: object) -> Any:
    if not isinstance(value, str):
        return value
    if name in _NUMBERS and _DECIMAL_COMMA.fullmatch(value):
        return value.replace(",", ".")
    if name in _BOOLEANS:
        return _SPOKEN.get(value.lower(), value)
    return value
