"""The port through which a charge point sees and moves its hardware.

The calls are immediate, as a driver's are: the plant is a plain object beside the
controller, and nothing here is I/O.
"""

from __future__ import annotations

from typing import Protocol

from .identifiers import ConnectorId


class MeterReading(Protocol):
    """One instant of one connector's meter and vehicle; all numbers agree with each other.

    Per-phase tuples have one entry a phase in use by the supply (1 or 3 for AC, L1 first) and
    are empty for DC. ``soc_percent`` is None where the charger cannot know it.
    """

    @property
    def energy_wh(self) -> float:
        """Energy.Active.Import.Register; never falls."""
        ...

    @property
    def power_w(self) -> float:
        """Active power into the vehicle, total."""
        ...

    @property
    def voltage_v(self) -> float:
        """AC: mean line-to-neutral voltage; DC: output voltage."""
        ...

    @property
    def current_a(self) -> float:
        """AC: largest line current; DC: output current."""
        ...

    @property
    def phase_voltage_v(self) -> tuple[float, ...]: ...

    @property
    def phase_current_a(self) -> tuple[float, ...]: ...

    @property
    def phase_power_w(self) -> tuple[float, ...]: ...

    @property
    def power_factor(self) -> float: ...

    @property
    def frequency_hz(self) -> float: ...

    @property
    def temperature_celsius(self) -> float: ...

    @property
    def soc_percent(self) -> float | None: ...

    @property
    def current_offered_a(self) -> float:
        """Largest current per phase that the vehicle is offered now; 0 with no offer."""
        ...

    @property
    def power_offered_w(self) -> float:
        """Largest power that the vehicle is offered now; 0 with no offer."""
        ...

    @property
    def reactive_energy_varh(self) -> float:
        """Energy.Reactive.Import.Register; never falls, 0 for DC."""
        ...

    @property
    def reactive_power_var(self) -> float:
        """Reactive power into the vehicle, total; 0 for DC."""
        ...

    @property
    def phase_reactive_power_var(self) -> tuple[float, ...]: ...


class SteadyMeter(Protocol):
    """Gives the readings of one connector while its power goes on as planned."""

    @property
    def until_s(self) -> float:
        """Up to this simulated second it does."""
        ...

    def energy_wh(self, now_s: float) -> float:
        """The register that :meth:`read` would tell, at less cost."""
        ...

    def read(self, now_s: float) -> MeterReading:
        """What :meth:`Hardware.read_meter` would tell of the connector."""
        ...


class Hardware(Protocol):
    """The connectors, locks, contactors and meters of one charger."""

    @property
    def connector_ids(self) -> tuple[ConnectorId, ...]:
        """1..N in order."""
        ...

    @property
    def power_type(self) -> str:
        """``AC`` or ``DC`` of the first connector (the meter's capabilities depend on it)."""
        ...

    @property
    def measurands(self) -> frozenset[str] | None:
        """The OCPP names of what the meters measure; None for all that such a charger can."""
        ...

    @property
    def phase_rotation(self) -> str:
        """On which phases of the supply (R, S, T) L1, L2 and L3 of the connectors are."""
        ...

    def phases(self, connector_id: ConnectorId) -> int:
        """Number of AC phases that the connector has (1 or 3); 0 for DC."""
        ...

    def is_tethered(self, connector_id: ConnectorId) -> bool:
        """Whether the cable is fixed to the charger (then there is no lock)."""
        ...

    def is_cable_present(self, connector_id: ConnectorId) -> bool:
        """Whether a cable is in the socket, or the tethered one is in a vehicle."""
        ...

    def is_vehicle_connected(self, connector_id: ConnectorId) -> bool:
        """Whether a vehicle is connected through the cable."""
        ...

    def ev_draws(self, connector_id: ConnectorId) -> bool:
        """Whether the connected vehicle asks for energy."""
        ...

    def vehicle_phases(self, connector_id: ConnectorId) -> int | None:
        """How many AC phases the connected vehicle uses; None without one, and for DC."""
        ...

    def vehicle_power_w(self, connector_id: ConnectorId) -> float | None:
        """The most that the connected vehicle can ever take here; None without one."""
        ...

    @property
    def shared_power_w(self) -> float | None:
        """What all connectors can take together; None where each can have its maximum."""
        ...

    @property
    def module_power_w(self) -> float | None:
        """The steps in which ``shared_power_w`` is divided; None: there are none."""
        ...

    def lock(self, connector_id: ConnectorId, now_s: float) -> bool:
        """Lock the cable in the socket; False when the lock failed. True when tethered."""
        ...

    def unlock(self, connector_id: ConnectorId, now_s: float) -> bool:
        """Release the cable; False when the lock is jammed. True when nothing was locked."""
        ...

    def offer_energy(
        self, connector_id: ConnectorId, power_w: float, now_s: float, phases: int | None = None
    ) -> None:
        """Let the vehicle take up to ``power_w`` over ``phases``; 0 opens the contactor.

        For AC it is a current a phase at nominal voltage; ``phases`` None means all there are.
        """
        ...

    def max_power_w(self, connector_id: ConnectorId) -> float:
        """The electrical limit of the connector; of connector 0 the sum of all."""
        ...

    def connector_power_type(self, connector_id: ConnectorId) -> str:
        """``AC`` or ``DC``."""
        ...

    def cable_current_a(self, connector_id: ConnectorId) -> float | None:
        """The rated current a phase of the cable in the socket; None where nothing limits it."""
        ...

    def steady_meter(self, connector_id: ConnectorId) -> SteadyMeter | None:
        """The meter of a connector (> 0) while power goes on as planned; None where none flows.

        It counts as long as nobody asks anything else of the hardware.
        """
        ...

    def read_meter(self, connector_id: ConnectorId, now_s: float) -> MeterReading:
        """The meter and vehicle at ``now_s`` (simulated time); connector 0 sums them up."""
        ...
