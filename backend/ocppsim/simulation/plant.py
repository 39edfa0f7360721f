"""The hardware of one charger and what a person does to it: the world's side of the plug.

:class:`Plant` is the port through which the controller sees and moves its hardware, and the
bench on which cables are plugged and vehicles come and go. It knows no OCPP; what happens on
the bench comes back as the inputs that the controller must be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from random import Random
from typing import Literal

import msgspec

from ocppsim.chargepoint.errors import IllegalAction, UnknownConnector
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.inputs import (
    CablePluggedIn,
    CableRemoved,
    EvDemandChanged,
    EvSideUnplugged,
    Input,
)
from ocppsim.physics import (
    NEVER,
    Evse,
    Noise,
    PowerType,
    Reading,
    SteadyFlow,
    Vehicle,
    main_meter_phases,
    read_main_meter,
)
from ocppsim.protocol.kept_json import encode_to_keep

from .definition import ConnectorDefinition, HardwareDefinition
from .outlet import CablePosition, Car, Outlet, StoredOutlet
from .resolved_vehicle import ResolvedVehicle
from .vehicle_wish import NO_LOAD, VehicleLoad, highest_power_w, wanted_power_w

PlugSide = Literal["ev", "charger"]

_PLAIN = HardwareDefinition()


@lru_cache(maxsize=256)
def _as_set(names: tuple[str, ...]) -> frozenset[str]:
    """One set for all chargers of a model."""
    return frozenset(names)


@lru_cache(maxsize=256)
def _numbers(count: int) -> tuple[ConnectorId, ...]:
    return tuple(ConnectorId(number) for number in range(1, count + 1))


class VehicleView(msgspec.Struct, frozen=True, gc=False):
    """The vehicle at a connector, at the last instant that was looked at."""

    vehicle_id: int | None
    name: str
    soc_percent: float
    draws: bool


class Plant:
    """The connectors of one charger; implements :class:`ocppsim.chargepoint.hardware.Hardware`.

    Time is the simulated clock's and never goes back. The same seed and the same calls give
    the same readings. ``next_event_s`` is when :meth:`advance` has something to tell.
    """

    __slots__ = ("_connector_ids", "_hardware", "_noise", "_outlets", "next_event_s")

    def __init__(
        self,
        connectors: Sequence[ConnectorDefinition],
        seed: int,
        hardware: HardwareDefinition = _PLAIN,
    ) -> None:
        self._hardware = hardware
        random = Random(seed)
        self._noise = Noise(random)
        meter = hardware.meter
        largest_deviation = meter.accuracy_class_percent / 100.0
        self._outlets = tuple(
            Outlet(
                ConnectorId(number),
                Evse(
                    power_type=connector.power_type,
                    max_power_w=connector.max_power_w,
                    phases=connector.phases,
                    noise=self._noise,
                    meter_deviation=random.uniform(-largest_deviation, largest_deviation),
                    meter_resolution_wh=meter.resolution_wh,
                ),
                tethered=connector.cable == "tethered",
            )
            for number, connector in enumerate(connectors, start=1)
        )
        self._connector_ids = _numbers(len(self._outlets))
        self.next_event_s = NEVER

    # --- what the controller sees and moves -------------------------------------------------

    @property
    def connector_ids(self) -> tuple[ConnectorId, ...]:
        """1..N in order."""
        return self._connector_ids

    @property
    def power_type(self) -> PowerType:
        """Of the first connector."""
        return self._outlets[0].evse.power_type

    @property
    def measurands(self) -> frozenset[str] | None:
        """Those that the meters have; None for all that there are."""
        names = self._hardware.meter.measurands
        return None if names is None else _as_set(names)

    def connector_power_type(self, connector_id: ConnectorId) -> PowerType:
        """``AC`` or ``DC``; for connector 0 that of the first connector."""
        return self.power_type if connector_id == 0 else self._outlet(connector_id).evse.power_type

    def max_power_w(self, connector_id: ConnectorId) -> float:
        """The electrical limit of the connector; for connector 0 the sum of all."""
        if connector_id == 0:
            return sum(outlet.evse.max_power_w for outlet in self._outlets)
        return self._outlet(connector_id).evse.max_power_w

    def phases(self, connector_id: ConnectorId) -> int:
        """Number of AC phases (1 or 3), 0 for DC; for connector 0 those of the main meter."""
        if connector_id == 0:
            return main_meter_phases([outlet.evse.phases for outlet in self._outlets])
        return self._outlet(connector_id).evse.phases

    def is_tethered(self, connector_id: ConnectorId) -> bool:
        """Whether the cable is fixed to the charger (then there is no lock)."""
        return self._outlet(connector_id).tethered

    def is_cable_present(self, connector_id: ConnectorId) -> bool:
        """Whether a cable is in the socket, or the tethered one is in a vehicle."""
        return self._outlet(connector_id).cable != "none"

    def is_vehicle_connected(self, connector_id: ConnectorId) -> bool:
        """Whether a vehicle is connected through the cable."""
        return self._outlet(connector_id).cable == "vehicle"

    def ev_draws(self, connector_id: ConnectorId) -> bool:
        """Whether the connected vehicle asks for energy."""
        return self._outlet(connector_id).draws

    def vehicle_phases(self, connector_id: ConnectorId) -> int | None:
        """How many AC phases the connected vehicle uses; None without one, and for DC."""
        evse = self._outlet(connector_id).evse
        if evse.vehicle is None or evse.power_type == "DC":
            return None
        return min(evse.phases, evse.vehicle.spec.ac_phases)

    def vehicle_power_w(self, connector_id: ConnectorId) -> float | None:
        """The most that the connected vehicle can ever take here; None without one."""
        evse = self._outlet(connector_id).evse
        return None if evse.vehicle is None else highest_power_w(evse.vehicle, evse)

    def vehicle_load(self, connector_id: ConnectorId, now_s: float) -> VehicleLoad:
        """What the connected vehicle could use and what it takes."""
        evse = self._outlet(connector_id).evse
        if evse.vehicle is None:
            return NO_LOAD
        evse.settle(now_s)
        return VehicleLoad(wanted_power_w(evse.vehicle, evse), evse.power_w, evse.power_ahead_w)

    @property
    def phase_rotation(self) -> str:
        """On which phases of the supply (R, S, T) L1, L2 and L3 of the connectors are."""
        return self._hardware.phase_rotation

    @property
    def shared_power_w(self) -> float | None:
        """What all connectors can take together; None where each can have its maximum."""
        return self._hardware.shared_power_w

    @property
    def module_power_w(self) -> float | None:
        """The steps in which ``shared_power_w`` is divided; None: there are none."""
        return self._hardware.module_power_w

    def lock(self, connector_id: ConnectorId, now_s: float) -> bool:  # noqa: ARG002 - the port's
        """Lock the cable in the socket; True when tethered.

        False while the lock is jammed, once after a plug-in with ``lock_fails``, and with no
        cable to lock.
        """
        return self._outlet(connector_id).lock()

    def unlock(self, connector_id: ConnectorId, now_s: float) -> bool:  # noqa: ARG002 - the port's
        """Release the cable; False while the lock is jammed. True when nothing was locked."""
        return self._outlet(connector_id).unlock()

    def offer_energy(
        self, connector_id: ConnectorId, power_w: float, now_s: float, phases: int | None = None
    ) -> None:
        """Let the vehicle take up to ``power_w`` over ``phases``; 0 opens the contactor."""
        self._outlet(connector_id).evse.offer(power_w, now_s, phases)
        self._foresee()

    def cable_current_a(self, connector_id: ConnectorId) -> float | None:
        """The rated current of the cable in the socket, where it is coded."""
        return self._outlet(connector_id).cable_current_a

    def read_meter(self, connector_id: ConnectorId, now_s: float) -> Reading:
        """The meter and vehicle at ``now_s``; connector 0 is the main meter."""
        if connector_id == 0:
            readings = [outlet.evse.read(now_s) for outlet in self._outlets]
            return read_main_meter(readings, self._noise, now_s)
        if 1 <= connector_id <= len(self._outlets):
            # As _outlet(), without a call: every sample begins here
            return self._outlets[connector_id - 1].evse.read(now_s)
        raise UnknownConnector(f"there is no connector {connector_id}")

    def steady_meter(self, connector_id: ConnectorId) -> SteadyFlow | None:
        """The meter while power goes on as planned; None where none flows."""
        return self._outlet(connector_id).evse.steady_flow()

    def evse(self, connector_id: ConnectorId) -> Evse:
        """The electrical half of a connector, for those who keep account of it."""
        return self._outlet(connector_id).evse

    # --- the bench --------------------------------------------------------------------------

    def plug_in(
        self,
        connector_id: ConnectorId,
        vehicle: ResolvedVehicle,
        now_s: float,
        *,
        soc_percent: float | None = None,
        battery_celsius: float | None = None,
        lock_fails: bool = False,
        cable_current_a: float | None = None,
    ) -> list[Input]:
        """Connect a vehicle at both ends; a cable that is in the socket already is used.

        It arrives with ``soc_percent`` and ``battery_celsius``, else with what ``vehicle`` says,
        but for the very vehicle whose end was taken out of a cable still in the socket: that one
        kept what it has. ``lock_fails`` makes the next locking fail. ``cable_current_a`` is the
        rating that a cable brought along is coded with (None: as much as the connector gives).
        """
        outlet = self._outlet(connector_id)
        if outlet.cable == "vehicle":
            raise IllegalAction(f"connector {connector_id} has a vehicle connected already")
        if lock_fails and outlet.tethered:
            raise IllegalAction(f"connector {connector_id} has no lock: its cable is tethered")
        if cable_current_a is not None and (outlet.tethered or outlet.cable != "none"):
            raise IllegalAction(f"connector {connector_id} has its cable already")
        if not vehicle.spec.can_take(outlet.evse.power_type):
            raise IllegalAction(
                f"{vehicle.name} cannot charge with {outlet.evse.power_type}"
                f" as connector {connector_id} does"
            )
        car = outlet.car
        if car is not None and (car.vehicle_id, car.name) == (vehicle.vehicle_id, vehicle.name):
            arriving_percent = car.vehicle.battery.soc_percent
            arriving_celsius = car.vehicle.battery_celsius
        else:
            arriving_percent = vehicle.soc_percent
            arriving_celsius = vehicle.battery_celsius
        if soc_percent is not None:
            arriving_percent = soc_percent
        if battery_celsius is not None:
            arriving_celsius = battery_celsius
        try:
            arriving = Vehicle(vehicle.spec, arriving_percent, arriving_celsius)
        except ValueError as error:
            raise IllegalAction(str(error)) from error
        outlet.connect(Car(vehicle.vehicle_id, vehicle.name, arriving), now_s)
        outlet.lock_fails = lock_fails
        if cable_current_a is not None:
            outlet.cable_current_a = cable_current_a
        self._foresee()
        return [CablePluggedIn(outlet.connector_id)]

    def unplug(self, connector_id: ConnectorId, side: PlugSide, now_s: float) -> list[Input]:
        """Take out the vehicle's end of the cable, or the charger's.

        With ``ev`` the cable stays in the socket (a tethered one hangs free then). With
        ``charger`` the socket is free, and a vehicle that was connected is gone too.
        """
        outlet = self._outlet(connector_id)
        if side == "charger":
            return self._unplug_at_charger(outlet, now_s)
        if outlet.cable != "vehicle":
            raise IllegalAction(f"connector {connector_id} has no vehicle to unplug")
        outlet.disconnect(now_s)
        inputs: list[Input] = [EvSideUnplugged(outlet.connector_id)]
        if outlet.tethered:
            outlet.remove_cable()
            inputs.append(CableRemoved(outlet.connector_id))
        self._foresee()
        return inputs

    def set_ev_draws(self, connector_id: ConnectorId, draws: bool, now_s: float) -> list[Input]:
        """Let the vehicle ask for energy, or pause; nothing to tell where that is so already."""
        outlet = self._outlet(connector_id)
        vehicle = outlet.evse.vehicle
        if vehicle is None:
            raise IllegalAction(f"connector {connector_id} has no vehicle connected")
        outlet.evse.settle(now_s)
        if draws:
            outlet.check_it_may_draw(vehicle)
        if vehicle.willing != draws:
            outlet.evse.set_willing(draws, now_s)
        inputs = self._tell_demand(outlet)
        self._foresee()
        return inputs

    def jam_lock(self, connector_id: ConnectorId, jammed: bool) -> None:
        """Jam the lock in its present position, or free it."""
        outlet = self._outlet(connector_id)
        if outlet.tethered:
            raise IllegalAction(f"connector {connector_id} has no lock: its cable is tethered")
        outlet.jammed = jammed

    def advance(self, now_s: float) -> list[Input]:
        """Let the time pass; tells whose demand changed. Cheap before ``next_event_s``."""
        if now_s < self.next_event_s:
            return []
        inputs: list[Input] = []
        for outlet in self._outlets:
            if now_s >= outlet.next_event_s:
                outlet.evse.settle(now_s)
                inputs += self._tell_demand(outlet)
        self._foresee()
        return inputs

    def cable(self, connector_id: ConnectorId) -> CablePosition:
        """Where the cable is plugged in."""
        return self._outlet(connector_id).cable

    def is_locked(self, connector_id: ConnectorId) -> bool:
        """Whether the cable is locked in the socket."""
        return self._outlet(connector_id).locked

    def is_lock_jammed(self, connector_id: ConnectorId) -> bool:
        """Whether the lock is stuck in its position."""
        return self._outlet(connector_id).jammed

    def vehicle(self, connector_id: ConnectorId) -> VehicleView | None:
        """The connected vehicle, at the last instant that was looked at."""
        outlet = self._outlet(connector_id)
        car = outlet.car
        if car is None or outlet.cable != "vehicle":
            return None
        return VehicleView(car.vehicle_id, car.name, car.vehicle.battery.soc_percent, outlet.draws)

    # --- over a restart ---------------------------------------------------------------------

    def encode_state(self, connector_id: ConnectorId, now_s: float) -> bytes:
        """What must outlive the process: cable, lock, vehicle with its charge, register; JSON."""
        return encode_to_keep(self._outlet(connector_id).store(now_s))

    def restore_state(self, connector_id: ConnectorId, body: bytes, now_s: float) -> None:
        """Bring back what :meth:`encode_state` gave; the contactor is open, time starts anew.

        The register does not fall. Where the hardware was changed meanwhile, what does not fit
        it any more is gone. Nothing is told: the controller looks when it boots. Raises
        ``msgspec.DecodeError`` for a body that is not a state, and changes nothing then.
        """
        outlet = self._outlet(connector_id)
        outlet.restore(msgspec.json.decode(body, type=StoredOutlet), now_s)
        self._foresee()

    def catch_up_register(self, connector_id: ConnectorId, energy_wh: float) -> None:
        """Bring a restored connector to a register that was stored later than its state.

        A register at or below the present one changes nothing.
        """
        self._outlet(connector_id).evse.catch_up(energy_wh)
        self._foresee()

    # --- inside -----------------------------------------------------------------------------

    def _outlet(self, connector_id: ConnectorId) -> Outlet:
        if not 1 <= connector_id <= len(self._outlets):
            raise UnknownConnector(f"there is no connector {connector_id}")
        return self._outlets[connector_id - 1]

    def _foresee(self) -> None:
        self.next_event_s = min(outlet.next_event_s for outlet in self._outlets)

    def _tell_demand(self, outlet: Outlet) -> list[Input]:
        draws = outlet.draws
        if draws == outlet.draws_told:
            return []
        outlet.draws_told = draws
        return [EvDemandChanged(outlet.connector_id, draws)]

    def _unplug_at_charger(self, outlet: Outlet, now_s: float) -> list[Input]:
        connector_id = outlet.connector_id
        if outlet.tethered:
            raise IllegalAction(
                f"the cable of connector {connector_id} is tethered: unplug side ev"
            )
        if outlet.cable == "none":
            raise IllegalAction(f"connector {connector_id} has no cable to unplug")
        if outlet.locked:
            raise IllegalAction(f"the cable is locked in connector {connector_id}")
        inputs: list[Input] = []
        if outlet.cable == "vehicle":
            outlet.disconnect(now_s)
            inputs.append(EvSideUnplugged(connector_id))
        outlet.remove_cable()
        inputs.append(CableRemoved(connector_id))
        self._foresee()
        return inputs


__all__ = ["Plant", "PlugSide", "VehicleView"]
