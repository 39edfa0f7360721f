"""One connector of a charger: the EVSE with its cable, its lock and the car at it."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from ocppsim.chargepoint.errors import IllegalAction
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.physics import NOMINAL_VOLTAGE_V, Evse, Vehicle, VehicleSpec

CablePosition = Literal["none", "socket", "vehicle"]
"""Nothing is plugged; only the charger's end is in; both ends are, a vehicle is connected."""


class StoredCar(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A car as the stored state of a connector has it."""

    vehicle_id: int | None
    name: str
    spec: VehicleSpec
    soc_percent: float
    willing: bool
    battery_celsius: float | None = None


class StoredOutlet(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The lasting state of one connector."""

    cable: CablePosition
    energy_wh: float
    locked: bool = False
    jammed: bool = False
    lock_fails: bool = False
    car: StoredCar | None = None
    cable_current_a: float | None = None
    counted_wh: float | None = None
    """What the meter made of ``energy_wh``; None where it is the same."""


class Car:
    """A vehicle that has a name."""

    __slots__ = ("name", "vehicle", "vehicle_id")

    def __init__(self, vehicle_id: int | None, name: str, vehicle: Vehicle) -> None:
        self.vehicle_id = vehicle_id
        self.name = name
        self.vehicle = vehicle


class Outlet:
    """The state of one connector, and the moves that keep it consistent.

    With the cable in the socket only, ``car`` is the one whose end was taken out last: it is
    still there and may be plugged in again. ``draws_told`` is what the controller knows of the
    car's demand: from plugging in, or from being told.
    """

    __slots__ = (
        "cable",
        "cable_current_a",
        "car",
        "connector_id",
        "draws_told",
        "evse",
        "jammed",
        "lock_fails",
        "locked",
        "tethered",
    )

    def __init__(self, connector_id: ConnectorId, evse: Evse, *, tethered: bool) -> None:
        self.connector_id: Final = connector_id
        self.evse: Final = evse
        self.tethered: Final = tethered
        self.cable: CablePosition = "none"
        self.cable_current_a: float | None = None
        """The rating that the cable in the socket is coded with (IEC 61851-1, annex B)."""
        self.car: Car | None = None
        self.locked = False
        self.jammed = False
        self.lock_fails = False
        self.draws_told = False

    @property
    def draws(self) -> bool:
        """Whether the connected vehicle asks for energy, and what is offered suffices it."""
        return self.evse.draws

    @property
    def next_event_s(self) -> float:
        """When the demand may change; a change that was not told of is due at once."""
        return self.evse.next_change_s if self.draws == self.draws_told else self.evse.now_s

    def check_it_may_draw(self, vehicle: Vehicle) -> None:
        """Raise ``IllegalAction`` where it does not ask, although its driver lets it."""
        connector_id = self.connector_id
        spec = vehicle.spec
        if vehicle.battery.full:
            raise IllegalAction(f"the battery of the vehicle at connector {connector_id} is full")
        if vehicle.satisfied:
            raise IllegalAction(
                f"the vehicle at connector {connector_id} has reached its target"
                f" of {spec.target_soc_percent:g} %"
            )
        if vehicle.willing and not self.evse.draws:
            least_w = self.evse.least_offer_w
            phases = self.evse.phases
            least = (
                f"{least_w / (NOMINAL_VOLTAGE_V * phases):g} A a phase"
                if phases
                else f"{least_w / 1000.0:g} kW"
            )
            raise IllegalAction(
                f"the vehicle at connector {connector_id} declines what it is offered:"
                f" it needs {least} at least"
            )

    def lock(self) -> bool:
        """Lock the cable in the socket; False when that failed."""
        if self.tethered:
            return True
        if self.jammed or self.cable == "none":
            return False
        if self.lock_fails:
            self.lock_fails = False
            return False
        self.locked = True
        return True

    def unlock(self) -> bool:
        """Release the cable; False when the lock is jammed."""
        if self.jammed:
            return False
        self.locked = False
        return True

    def connect(self, car: Car, now_s: float) -> None:
        """Both ends of the cable are in."""
        self.evse.connect(car.vehicle, now_s)
        self.car = car
        self.cable = "vehicle"
        self.draws_told = self.draws

    def disconnect(self, now_s: float) -> None:
        """The vehicle's end is out; the cable is still in the socket."""
        self.evse.disconnect(now_s)
        self.cable = "socket"
        self.draws_told = False

    def remove_cable(self) -> None:
        """Nothing is left; the car drives away."""
        self.cable = "none"
        self.cable_current_a = None
        self.car = None
        self.lock_fails = False

    def store(self, now_s: float) -> StoredOutlet:
        """The state at ``now_s``."""
        self.evse.settle(now_s)
        car = self.car
        energy_wh, counted_wh = self.evse.energy_wh, self.evse.counted_wh
        return StoredOutlet(
            cable=self.cable,
            energy_wh=energy_wh,
            counted_wh=None if counted_wh == energy_wh else counted_wh,
            locked=self.locked,
            jammed=self.jammed,
            lock_fails=self.lock_fails,
            cable_current_a=self.cable_current_a,
            car=None
            if car is None
            else StoredCar(
                vehicle_id=car.vehicle_id,
                name=car.name,
                spec=car.vehicle.spec,
                soc_percent=car.vehicle.battery.soc_percent,
                willing=car.vehicle.willing,
                battery_celsius=car.vehicle.battery_celsius,
            ),
        )

    def restore(self, stored: StoredOutlet, now_s: float) -> None:
        """Take over a stored state; what does not fit the hardware (any more) is gone.

        The contactor is open and the register does not fall.
        """
        if self.cable == "vehicle":
            self.disconnect(now_s)
        self.remove_cable()
        self.evse.offer(0.0, now_s)
        self.evse.restore_energy(stored.energy_wh, stored.counted_wh)
        if not self.tethered:
            self.jammed = stored.jammed
        if self.tethered and stored.cable != "vehicle":
            return
        known = stored.car
        if known is not None and known.spec.can_take(self.evse.power_type):
            vehicle = Vehicle(known.spec, known.soc_percent, known.battery_celsius)
            vehicle.willing = known.willing
            car = Car(known.vehicle_id, known.name, vehicle)
            if stored.cable == "vehicle":
                self.connect(car, now_s)
            else:
                self.car = car
        elif stored.cable == "vehicle":
            return
        self.cable = stored.cable
        if not self.tethered:
            self.cable_current_a = stored.cable_current_a
            self.locked = stored.locked and self.cable != "none"
            self.lock_fails = stored.lock_fails


__all__ = ["CablePosition", "Car", "Outlet", "StoredCar", "StoredOutlet"]
