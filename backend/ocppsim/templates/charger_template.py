"""What a charger template says, and what a charger that is made from it gets."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from ocppsim.protocol.v16.enums import Measurand
from ocppsim.simulation.definition import CableKind, ConnectorDefinition, PowerType

_TEXT = r"^[^\x00-\x1f\x7f]+$"
_Text20 = Annotated[str, Meta(min_length=1, max_length=20, pattern=_TEXT)]
_Text25 = Annotated[str, Meta(min_length=1, max_length=25, pattern=_TEXT)]
_Text50 = Annotated[str, Meta(min_length=1, max_length=50, pattern=_TEXT)]
_SharedPower = Annotated[float, Meta(gt=0, le=100_000_000)]


class TemplateConnector(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The hardware of one connector; ``cable`` None: socket, for DC tethered."""

    power_type: PowerType = "AC"
    max_power_w: Annotated[float, Meta(gt=0, le=10_000_000)]
    phases: Literal[1, 3] = 3
    cable: CableKind | None = None

    def definition(self) -> ConnectorDefinition:
        """The connector of a charger."""
        cable: CableKind = self.cable or ("tethered" if self.power_type == "DC" else "socket")
        return ConnectorDefinition(self.power_type, self.max_power_w, self.phases, cable)


class TemplateMeter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The meter of each connector, see :class:`~ocppsim.simulation.definition.MeterDefinition`."""

    accuracy_class_percent: Annotated[float, Meta(ge=0, le=20)] = 0.0
    resolution_wh: Annotated[float, Meta(ge=0, le=100_000)] = 0.0
    measurands: Annotated[tuple[Measurand, ...], Meta(min_length=1)] | None = None


class TemplateContent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a template file says; what it leaves out is as for any new charger.

    In a file a value of ``configuration`` may be a number or a boolean, too.
    """

    name: Annotated[str, Meta(min_length=1, max_length=100, pattern=_TEXT)]
    description: Annotated[str, Meta(max_length=500)] = ""
    charge_point_vendor: _Text20 | None = None
    charge_point_model: _Text20 | None = None
    firmware_version: _Text50 | None = None
    meter_type: _Text25 | None = None
    connectors: Annotated[tuple[TemplateConnector, ...], Meta(min_length=1, max_length=100)]
    phase_rotation: Literal["RST", "RTS", "SRT", "STR", "TRS", "TSR"] = "RST"
    shared_power_w: _SharedPower | None = None
    module_power_w: _SharedPower | None = None
    meter: TemplateMeter = TemplateMeter()
    configuration: dict[str, str | int | bool] = msgspec.field(
        default_factory=dict[str, str | int | bool]
    )
    behaviour: dict[str, str] = msgspec.field(default_factory=dict[str, str])


class ChargerTemplate(msgspec.Struct, frozen=True):
    """A template by its id; ``built_in`` ones come with the program."""

    id: str
    built_in: bool
    content: TemplateContent


def creation_fields(template: ChargerTemplate) -> dict[str, Any]:
    """What a new charger gets from the template, by the names that creation has for it.

    Plain values, made anew for each call; identity that the template leaves open is left out.
    """
    content = template.content
    fields: dict[str, Any] = {
        name: getattr(content, name)
        for name in ("charge_point_vendor", "charge_point_model", "firmware_version", "meter_type")
        if getattr(content, name) is not None
    }
    meter = content.meter
    return fields | {
        "connectors": [
            msgspec.structs.asdict(connector.definition()) for connector in content.connectors
        ],
        "phase_rotation": content.phase_rotation,
        "shared_power_w": content.shared_power_w,
        "module_power_w": content.module_power_w,
        "meter": {
            "accuracy_class_percent": meter.accuracy_class_percent,
            "resolution_wh": meter.resolution_wh,
            "measurands": None if meter.measurands is None else [*map(str, meter.measurands)],
        },
        "configuration": {key: _as_ocpp(value) for key, value in content.configuration.items()},
        "behaviour": dict(content.behaviour),
    }


def _as_ocpp(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


__all__ = [
    "ChargerTemplate",
    "TemplateConnector",
    "TemplateContent",
    "TemplateMeter",
    "creation_fields",
]
