"""The plant: EVSE, cable, vehicle, battery and meter; knows no OCPP."""

from __future__ import annotations

from .battery import Battery
from .evse import NEVER, Evse
from .flow_record import FlowRecord
from .meter import Reading, main_meter_phases, read_main_meter
from .noise import NOMINAL_VOLTAGE_V, Noise
from .steady_flow import SteadyFlow
from .vehicle import (
    POWER_FACTOR,
    CurvePoint,
    DeratingPoint,
    PowerType,
    Vehicle,
    VehicleSpec,
)

__all__ = [
    "NEVER",
    "NOMINAL_VOLTAGE_V",
    "POWER_FACTOR",
    "Battery",
    "CurvePoint",
    "DeratingPoint",
    "Evse",
    "FlowRecord",
    "Noise",
    "PowerType",
    "Reading",
    "SteadyFlow",
    "Vehicle",
    "VehicleSpec",
    "main_meter_phases",
    "read_main_meter",
]
