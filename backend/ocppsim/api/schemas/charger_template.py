"""Charger models that chargers are made from."""

from __future__ import annotations

from pydantic import Field

from .base import Answer
from .charger import CableKind, PowerType
from .hardware import MODULE_POWER, SHARED_POWER, MeterHardware, PhaseRotation


class TemplateConnector(Answer):
    """The hardware of one connector."""

    power_type: PowerType
    max_power_w: float
    phases: int
    cable: CableKind


class ChargerTemplate(Answer):
    """A charger model, with all that a charger gets that is made from it."""

    id: str
    name: str
    description: str
    built_in: bool = Field(description="False: from the directory TEMPLATES_DIR.")
    charge_point_vendor: str | None = Field(description="null: as of any new charger.")
    charge_point_model: str | None
    firmware_version: str | None
    meter_type: str | None
    connectors: list[TemplateConnector]
    phase_rotation: PhaseRotation
    shared_power_w: float | None = Field(description=SHARED_POWER)
    module_power_w: float | None = Field(description=MODULE_POWER)
    meter: MeterHardware
    configuration: dict[str, str]
    behaviour: dict[str, str]


__all__ = ["ChargerTemplate", "TemplateConnector"]
