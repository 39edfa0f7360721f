"""A meter reading that outlives the moment, and a power loss."""

from __future__ import annotations

import msgspec

from ocppsim.chargepoint.hardware import MeterReading


class StoredReading(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """All that :class:`~ocppsim.chargepoint.hardware.MeterReading` tells, as a value."""

    energy_wh: float
    power_w: float
    voltage_v: float
    current_a: float
    phase_voltage_v: tuple[float, ...]
    phase_current_a: tuple[float, ...]
    phase_power_w: tuple[float, ...]
    power_factor: float
    frequency_hz: float
    temperature_celsius: float
    soc_percent: float | None
    current_offered_a: float
    power_offered_w: float
    reactive_energy_varh: float = 0.0
    reactive_power_var: float = 0.0
    phase_reactive_power_var: tuple[float, ...] = ()

    @classmethod
    def of(cls, reading: MeterReading) -> StoredReading:
        """A copy of a reading."""
        return cls(*[getattr(reading, name) for name in cls.__struct_fields__])
