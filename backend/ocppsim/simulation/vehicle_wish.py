"""What the vehicle at an outlet could use, as far as its charger can know it.

A DC vehicle tells its charger what it can take now and at most (ISO 15118, DIN 70121); of an AC
vehicle a load management learns it by measuring. Both are taken from the model of the vehicle.
AC power is told at nominal voltage, as offers are: as much as has to be offered for that use.
"""

from __future__ import annotations

from typing import Final

import msgspec

from ocppsim.physics import NOMINAL_VOLTAGE_V, POWER_FACTOR, Evse, Vehicle
from ocppsim.physics.curve import power_at
from ocppsim.physics.noise import LOWEST_VOLTAGE_V

_NOMINAL_OF_DRAWN: Final = NOMINAL_VOLTAGE_V / (LOWEST_VOLTAGE_V * POWER_FACTOR)


class VehicleLoad(msgspec.Struct, frozen=True, gc=False):
    """What a vehicle could use now, what it takes, and what it may take before it has followed
    all that it was offered; AC counts what it could use at nominal voltage.
    """

    wanted_w: float
    drawn_w: float
    ahead_w: float


NO_LOAD: Final = VehicleLoad(0.0, 0.0, 0.0)


def highest_power_w(vehicle: Vehicle, evse: Evse) -> float:
    """The most that it can ever take at this outlet."""
    spec = vehicle.spec
    if evse.power_type == "DC":
        return min(evse.max_power_w, spec.dc_max_power_kw * 1000.0)
    used = min(evse.phases, spec.ac_phases)
    own_w = spec.ac_max_power_kw * 1000.0 * used / spec.ac_phases
    return min(evse.max_power_w * used / evse.phases, own_w * _NOMINAL_OF_DRAWN)


def wanted_power_w(vehicle: Vehicle, evse: Evse) -> float:
    """The most that it can take at its present state of charge and temperature."""
    if evse.power_type == "AC":
        return highest_power_w(vehicle, evse)
    knots = vehicle.power_knots("DC", evse.max_power_w, 0)
    return power_at(knots, vehicle.battery.stored_wh)


__all__ = ["NO_LOAD", "VehicleLoad", "highest_power_w", "wanted_power_w"]
