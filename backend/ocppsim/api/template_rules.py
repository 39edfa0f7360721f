"""From a charger template and a request body to what a new charger is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from pydantic import ValidationError

from ocppsim.chargepoint.errors import InvalidSetting
from ocppsim.simulation.definition import (
    ChargerDefinition,
    ConnectorDefinition,
    PowerType,
    measurable,
)
from ocppsim.templates import (
    ChargerTemplate,
    TemplateCatalogue,
    UnknownTemplate,
    creation_fields,
)

from .charger_rules import ALIKE_FIELDS, altered_connectors, new_definition
from .problems import Unprocessable, describe_field_errors, field_errors
from .schemas.charger_input import ChargerCreate

_BY_ENTRY = ("configuration", "behaviour", "meter")
"""Of these each entry that the request leaves out comes from the template."""

_OTHER_POWER = frozenset({"connectors", "power_type"})

_HARDWARE = ALIKE_FIELDS | {"connectors"}

_NOBODY: dict[str, Any] = {
    "charge_point_id": "TEMPLATE",
    "charger_name": "Template",
    "connection_url": "ws://127.0.0.1/ocpp",
}

Rehearsal = Callable[[ChargerDefinition, Mapping[str, str]], object]
"""Tries behaviour and configuration on a charger that nobody sees; raises ``InvalidSetting``."""


def with_template(body: ChargerCreate, templates: TemplateCatalogue) -> ChargerCreate:
    """The body, with what it leaves out from its template (where it names one).

    Raises ``Unprocessable`` where there is no such template.
    """
    if body.template_id is None:
        return body
    try:
        template = templates.get(body.template_id)
    except UnknownTemplate as error:
        raise Unprocessable(str(error), "template_id") from None
    given = body.model_dump(exclude_unset=True)
    for name in _HARDWARE & given.keys():
        if given[name] is None:
            # Null stands for what is there otherwise, and that is what the template has
            del given[name]
    return _merged(template, given)


def check_template(template: ChargerTemplate, rehearse: Rehearsal) -> None:
    """Raises ``ValueError`` with place and reason where no charger can be made from it."""
    try:
        body = _merged(template, _NOBODY)
        definition = new_definition(0, body)
    except ValidationError as error:
        raise ValueError(describe_field_errors(field_errors(error))) from error
    except Unprocessable as error:
        raise ValueError(error.detail) from error
    try:
        rehearse(definition, {})
    except InvalidSetting as error:
        raise ValueError(f"behaviour: {error}") from error
    for key, value in body.configuration.items():
        try:
            rehearse(definition, {key: value})
        except InvalidSetting as error:
            reason = str(error).removeprefix(f"{key}: ")
            raise ValueError(f"configuration.{key}: {reason}") from error
    try:
        rehearse(definition, body.configuration)
    except InvalidSetting as error:
        raise ValueError(f"configuration: {error}") from error


def _merged(template: ChargerTemplate, given: Mapping[str, Any]) -> ChargerCreate:
    fields = creation_fields(template)
    said = dict(given)
    if "connectors" in said:
        del fields["connectors"]
    else:
        connectors = tuple(connector.definition() for connector in template.content.connectors)
        alike = {name: said.pop(name) for name in ALIKE_FIELDS & said.keys()}
        if all(connector.power_type == alike.get("power_type") for connector in connectors):
            # The kind of hardware that it is anyway.
            del alike["power_type"]
        if alike.keys() & {"phases", "max_power_w", "power_type"} == {"phases"}:
            connectors = tuple(_on_phases(one, alike["phases"]) for one in connectors)
        fields["connectors"] = [
            msgspec.structs.asdict(connector) for connector in altered_connectors(connectors, alike)
        ]
    if said.get("shared_power_w", 0) is None:
        # Nothing is shared, so there is nothing to deal out in modules.
        del fields["module_power_w"]
    measurands = fields["meter"]["measurands"]
    if measurands is not None and not _OTHER_POWER.isdisjoint(given):
        # Where the connectors are others than the model's, so are their meters.
        fields["meter"]["measurands"] = [*measurable(measurands, _power_type(fields | said))]
    for name in _BY_ENTRY:
        if name in said:
            said[name] = fields[name] | said[name]
    return ChargerCreate.model_validate(fields | said)


def _on_phases(connector: ConnectorDefinition, phases: int) -> ConnectorDefinition:
    """An AC connector of the same current on so many phases."""
    if connector.power_type == "DC":
        return connector
    power_w = connector.max_power_w * phases / connector.phases
    return msgspec.structs.replace(connector, phases=phases, max_power_w=power_w)


def _power_type(fields: Mapping[str, Any]) -> PowerType:
    """Of the first connector."""
    connectors: list[dict[str, Any]] = fields["connectors"]
    alike: PowerType = fields.get("power_type", "AC")
    return connectors[0].get("power_type", alike) if connectors else alike


__all__ = ["Rehearsal", "check_template", "with_template"]
