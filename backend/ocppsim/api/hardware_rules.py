"""From request bodies to the hardware of a charger beyond its connectors."""

from __future__ import annotations

from typing import Any

import msgspec

from ocppsim.simulation.definition import (
    HardwareDefinition,
    MeterDefinition,
    PowerType,
    meter_problem,
    modules_problem,
    shared_hardware,
)

from .problems import Unprocessable
from .schemas.charger_input import ChargerCreate, ChargerUpdate
from .schemas.hardware import MeterInput, MeterUpdate

_SUPPLY_FIELDS = ("phase_rotation", "shared_power_w", "module_power_w")


def new_hardware(body: ChargerCreate) -> HardwareDefinition:
    """The hardware of a new charger."""
    return shared_hardware(
        HardwareDefinition(
            phase_rotation=body.phase_rotation,
            shared_power_w=body.shared_power_w,
            module_power_w=body.module_power_w,
            meter=_meter(MeterDefinition(), body.meter),
        )
    )


def changed_hardware(hardware: HardwareDefinition, body: ChargerUpdate) -> HardwareDefinition:
    """The hardware after the changes of a PATCH."""
    changes = body.changes()
    changed: dict[str, Any] = {name: changes[name] for name in _SUPPLY_FIELDS if name in changes}
    if "meter" in changes:
        changed["meter"] = _meter(hardware.meter, body.meter)
    return shared_hardware(msgspec.structs.replace(hardware, **changed))


def check_hardware(hardware: HardwareDefinition, power_type: PowerType) -> None:
    """Raise ``Unprocessable`` for the first thing that does not fit together.

    ``power_type`` is that of the first connector, which decides what the meters measure.
    """
    problem = modules_problem(hardware)
    if problem is not None:
        raise Unprocessable(problem, "module_power_w")
    problem = meter_problem(hardware.meter, power_type)
    if problem is not None:
        raise Unprocessable(f"meter.measurands: {problem}", "meter")


def _meter(meter: MeterDefinition, given: MeterInput | MeterUpdate) -> MeterDefinition:
    changed: dict[str, Any] = {name: getattr(given, name) for name in given.model_fields_set}
    if changed.get("measurands") is not None:
        names = [measurand.value for measurand in changed["measurands"]]
        changed["measurands"] = tuple(dict.fromkeys(names))
    return msgspec.structs.replace(meter, **changed)


__all__ = ["changed_hardware", "check_hardware", "new_hardware"]
