"""Connectors, and what a person or the world does to them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from .base import Answer, Body, IdTag, SocPercent, UtcTime
from .transaction import Transaction
from .vehicle import ArrivingVehicle

ChargePointStatus = Literal[
    "Available",
    "Preparing",
    "Charging",
    "SuspendedEVSE",
    "SuspendedEV",
    "Finishing",
    "Reserved",
    "Unavailable",
    "Faulted",
]
"""The states of a connector (1.6 ed.2 §7.7)."""

ChargePointErrorCode = Literal[
    "ConnectorLockFailure",
    "EVCommunicationError",
    "GroundFailure",
    "HighTemperature",
    "InternalError",
    "LocalListConflict",
    "NoError",
    "OtherError",
    "OverCurrentFailure",
    "OverVoltage",
    "PowerMeterFailure",
    "PowerSwitchFailure",
    "ReaderFailure",
    "ResetFailure",
    "UnderVoltage",
    "WeakSignal",
]
"""The sixteen error codes (1.6 ed.2 §7.6)."""

FaultCode = Literal[
    "ConnectorLockFailure",
    "EVCommunicationError",
    "GroundFailure",
    "HighTemperature",
    "InternalError",
    "LocalListConflict",
    "OtherError",
    "OverCurrentFailure",
    "OverVoltage",
    "PowerMeterFailure",
    "PowerSwitchFailure",
    "ReaderFailure",
    "ResetFailure",
    "UnderVoltage",
    "WeakSignal",
]


class Meter(Answer):
    """One instant of a connector's meter and vehicle; all numbers agree with each other.

    The lists per phase start with L1 and are empty for DC.
    """

    energy_wh: float = Field(description="The import register; it never falls.")
    power_w: float
    voltage_v: float
    current_a: float
    soc_percent: float | None = Field(description="Null where the charger cannot know it.")
    phase_voltage_v: list[float]
    phase_current_a: list[float]
    phase_power_w: list[float]
    power_factor: float
    frequency_hz: float
    temperature_celsius: float
    current_offered_a: float
    power_offered_w: float
    reactive_power_var: float = Field(description="0 for DC.")
    phase_reactive_power_var: list[float]
    reactive_energy_varh: float = Field(description="The reactive import register; 0 for DC.")


class ConnectorSummary(Answer):
    """A connector in a list of chargers."""

    connector_id: int
    status: ChargePointStatus
    error_code: ChargePointErrorCode
    power_w: float
    soc_percent: float | None


class ConnectorReservation(Answer):
    """For whom a connector is kept; of the whole list there is ``GET .../reservations``."""

    reservation_id: int
    id_tag: str
    expires_at: UtcTime


class Connector(Answer):
    """One connector with all that is going on at it."""

    connector_id: int
    status: ChargePointStatus
    error_code: ChargePointErrorCode
    info: str | None
    operative: bool = Field(description="False after ChangeAvailability to Inoperative.")
    power_type: Literal["AC", "DC"]
    max_power_w: float
    phases: int
    cable_kind: Literal["socket", "tethered"]
    cable: Literal["none", "socket", "vehicle"] = Field(
        description="none: nothing is in; socket: only the charger's end; vehicle: both ends."
    )
    cable_current_a: float | None = Field(
        description="What the cable in the socket is rated for; null where it limits nothing."
    )
    locked: bool = Field(description="Whether the lock holds the cable in the socket.")
    lock_jammed: bool
    ev_draws: bool = Field(description="Whether the vehicle asks for energy.")
    vehicle_id: int | None
    vehicle_name: str | None
    departs_at: UtcTime | None = Field(
        description="When its driver leaves, by simulated time; null: not by itself."
    )
    id_tag: str | None = Field(description="The tag of the session that is getting ready or runs.")
    reservation: ConnectorReservation | None = Field(
        description="Of this connector, or the one of the charge point that it is kept for."
    )
    transaction: Transaction | None
    meter: Meter


class PlugInBody(ArrivingVehicle):
    """A car arrives; without ``vehicle_id`` and ``model_id`` it is the default one."""

    soc_percent: SocPercent | None = None
    battery_temperature_celsius: float | None = Field(
        default=None,
        ge=-40,
        le=60,
        allow_inf_nan=False,
        description="What the battery has when it comes; a cold one may take less power. "
        "Default: warm.",
    )
    lock_fails: bool = Field(
        default=False, description="The next locking of the cable fails; 409 without a lock."
    )
    cable_current_a: Literal[13, 20, 32, 63] | None = Field(
        default=None,
        description="What the cable that the car brings is rated for (IEC 61851-1); default: "
        "as much as the connector gives. 409 where the cable is there already.",
    )
    departs_after_s: float | None = Field(
        default=None,
        gt=0,
        le=31_536_000,
        allow_inf_nan=False,
        description="After so many simulated seconds its driver shows the tag again, if a "
        "transaction runs, and takes the cable out 5 s later; default: not by itself.",
    )


class UnplugBody(Body):
    """Which end is taken out."""

    side: Literal["ev", "charger"] = "ev"


class EvBody(Body):
    """Whether the vehicle asks for energy, or pauses."""

    draws: bool


class IdTagBody(Body):
    """A tag is shown to the reader."""

    id_tag: IdTag


class FaultBody(Body):
    """A fault that prevents charging (lengths: 1.6 ed.2 §6.47)."""

    error_code: FaultCode
    info: Annotated[str, StringConstraints(max_length=50)] | None = None
    vendor_id: Annotated[str, StringConstraints(max_length=255)] | None = None
    vendor_error_code: Annotated[str, StringConstraints(max_length=50)] | None = None


class InjectStatusBody(Body):
    """A StatusNotification to send (lengths: 1.6 ed.2 §6.47)."""

    connector_id: int = Field(description="0 is the charge point as a whole.")
    status: ChargePointStatus
    error_code: ChargePointErrorCode = "NoError"
    info: Annotated[str, StringConstraints(max_length=50)] | None = None
    vendor_id: Annotated[str, StringConstraints(max_length=255)] | None = None
    vendor_error_code: Annotated[str, StringConstraints(max_length=50)] | None = None


class LockBody(Body):
    """Whether the lock is stuck where it is."""

    jammed: bool
