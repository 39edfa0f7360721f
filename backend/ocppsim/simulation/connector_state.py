"""One connector as REST and the live feed show it: its controller's view and its plant's."""

from __future__ import annotations

import msgspec

from ocppsim.chargepoint.controller import ConnectorView
from ocppsim.chargepoint.notifications import TransactionView
from ocppsim.physics import PowerType, Reading

from .definition import CableKind
from .outlet import CablePosition
from .plant import Plant

_DIGITS = 3


class MeterView(msgspec.Struct, frozen=True, gc=False):
    """A meter reading, rounded to three digits; see :class:`ocppsim.physics.Reading`."""

    energy_wh: float
    power_w: float
    voltage_v: float
    current_a: float
    soc_percent: float | None
    current_offered_a: float
    power_offered_w: float
    phase_voltage_v: tuple[float, ...]
    phase_current_a: tuple[float, ...]
    phase_power_w: tuple[float, ...]
    power_factor: float
    frequency_hz: float
    temperature_celsius: float
    reactive_power_var: float
    phase_reactive_power_var: tuple[float, ...]
    reactive_energy_varh: float


class ConnectorState(msgspec.Struct, frozen=True):
    """A connector in the words of the REST interface; 0 is the charger as a whole.

    ``cable`` is ``none``, ``socket`` (only the charger's end is in) or ``vehicle`` (both ends
    are), ``cable_current_a`` the rating of the one in the socket. ``ev_draws`` says whether
    that vehicle asks for energy, ``leaves_at_s`` when it leaves (Unix seconds of the
    simulation; None: nobody said).
    """

    connector_id: int
    status: str
    error_code: str
    info: str | None
    operative: bool
    charging_permitted: bool
    power_type: PowerType
    max_power_w: float
    phases: int
    cable_kind: CableKind
    cable: CablePosition
    cable_current_a: float | None
    locked: bool
    lock_jammed: bool
    vehicle_id: int | None
    vehicle_name: str | None
    leaves_at_s: float | None
    ev_draws: bool
    transaction: TransactionView | None
    pending_id_tag: str | None
    meter: MeterView


def meter_view(reading: Reading) -> MeterView:
    """The reading, rounded."""
    soc_percent = reading.soc_percent
    return MeterView(
        energy_wh=round(reading.energy_wh, _DIGITS),
        power_w=round(reading.power_w, _DIGITS),
        voltage_v=round(reading.voltage_v, _DIGITS),
        current_a=round(reading.current_a, _DIGITS),
        soc_percent=None if soc_percent is None else round(soc_percent, _DIGITS),
        current_offered_a=round(reading.current_offered_a, _DIGITS),
        power_offered_w=round(reading.power_offered_w, _DIGITS),
        phase_voltage_v=_rounded(reading.phase_voltage_v),
        phase_current_a=_rounded(reading.phase_current_a),
        phase_power_w=_rounded(reading.phase_power_w),
        power_factor=reading.power_factor,
        frequency_hz=round(reading.frequency_hz, _DIGITS),
        temperature_celsius=round(reading.temperature_celsius, _DIGITS),
        reactive_power_var=round(reading.reactive_power_var, _DIGITS),
        phase_reactive_power_var=_rounded(reading.phase_reactive_power_var),
        reactive_energy_varh=round(reading.reactive_energy_varh, _DIGITS),
    )


def connector_state(
    view: ConnectorView, plant: Plant, now_s: float, *, leaves_at_s: float | None = None
) -> ConnectorState:
    """The connector of ``view`` at ``now_s`` (simulated time), 0 included."""
    connector_id = view.connector_id
    reading = plant.read_meter(connector_id, now_s)
    whole = connector_id == 0
    vehicle = None if whole else plant.vehicle(connector_id)
    return ConnectorState(
        connector_id=connector_id,
        status=view.status,
        error_code=view.error_code,
        info=view.info,
        operative=view.operative,
        charging_permitted=view.charging_permitted,
        power_type=plant.connector_power_type(connector_id),
        max_power_w=plant.max_power_w(connector_id),
        phases=plant.phases(connector_id),
        cable_kind="socket" if whole or not plant.is_tethered(connector_id) else "tethered",
        cable="none" if whole else plant.cable(connector_id),
        cable_current_a=None if whole else plant.cable_current_a(connector_id),
        locked=not whole and plant.is_locked(connector_id),
        lock_jammed=not whole and plant.is_lock_jammed(connector_id),
        vehicle_id=None if vehicle is None else vehicle.vehicle_id,
        vehicle_name=None if vehicle is None else vehicle.name,
        leaves_at_s=leaves_at_s,
        ev_draws=vehicle is not None and vehicle.draws,
        transaction=view.transaction,
        pending_id_tag=view.pending_id_tag,
        meter=meter_view(reading),
    )


def _rounded(values: tuple[float, ...]) -> tuple[float, ...]:
    return tuple([round(value, _DIGITS) for value in values])


__all__ = ["ConnectorState", "MeterView", "connector_state", "meter_view"]
