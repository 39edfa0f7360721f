"""Several virtual chargers behind one grid connection, in step."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.physics import NOMINAL_VOLTAGE_V, VehicleSpec
from ocppsim.physics.site import SiteDefinition
from ocppsim.simulation.central_system import CentralSystem
from ocppsim.simulation.definition import (
    ChargerDefinition,
    ConnectorDefinition,
    HardwareDefinition,
)
from ocppsim.simulation.resolved_vehicle import DEFAULT_VEHICLE, ResolvedVehicle
from ocppsim.simulation.site import SiteManager, SiteState, concerns_site
from ocppsim.simulation.virtual_bench import VirtualBench

HUNGRY = VehicleSpec("Hungry", battery_capacity_kwh=1000.0, ac_max_power_kw=22.0)

SOCKET = ((ConnectorDefinition(),), HardwareDefinition())


def limited(limit_a: float, **more: object) -> SiteDefinition:
    return msgspec.convert({"grid_limit_a_per_phase": limit_a, **more}, SiteDefinition)


def car(spec: VehicleSpec = HUNGRY, soc_percent: float = 20.0) -> ResolvedVehicle:
    return msgspec.structs.replace(
        DEFAULT_VEHICLE, name=spec.name, spec=spec, soc_percent=soc_percent
    )


class VirtualSite:
    """The loop of a shell: the chargers and their site's load management, instant by instant."""

    def __init__(
        self,
        definition: SiteDefinition,
        chargers: Sequence[tuple[Sequence[ConnectorDefinition], HardwareDefinition]],
    ) -> None:
        self.manager = SiteManager(definition, VirtualBench.EPOCH_S)
        self.benches: dict[str, VirtualBench] = {}
        for number, (connectors, hardware) in enumerate(chargers, start=1):
            key = f"CP{number}"
            bench = VirtualBench(
                ChargerDefinition(
                    charger_id=number,
                    location_id=1,
                    charger_name=key,
                    connection_url="ws://csms.example/ocpp",
                    identity=ChargePointIdentity(key, "Vendor", "Model"),
                    connectors=tuple(connectors),
                    hardware=hardware,
                ),
                CentralSystem(clock_epoch_s=VirtualBench.EPOCH_S),
                ChargePoint,
                vehicle=car(),
            )
            self.benches[key] = bench
            self.manager.join(key, bench.charger)
        self.settle()

    def __getitem__(self, number: int) -> VirtualBench:
        return self.benches[f"CP{number}"]

    @property
    def now_s(self) -> float:
        return self[1].now_s

    @property
    def state(self) -> SiteState:
        return self.manager.state(self[1].now)

    def settle(self) -> None:
        """All that is due at this instant, at the chargers and between them."""
        for _ in range(100):
            for key, bench in self.benches.items():
                if any(map(concerns_site, bench.effects)):
                    self.manager.note(key)
                bench.effects.clear()
            if self.manager.next_deadline_s > self.now_s:
                return
            for order in self.manager.update(self[1].now):
                self._tell(self.benches[order.key], order.connector_id, order.share)
        raise AssertionError("the site finds no end")

    def advance(self, duration_s: float, look: Callable[[], None] = lambda: None) -> None:
        """Let time pass for all of them; ``look`` is called at every instant."""
        end_s = self.now_s + duration_s
        while True:
            due_s = min(
                self.manager.next_deadline_s,
                *(bench.next_deadline_s for bench in self.benches.values()),
            )
            for bench in self.benches.values():
                bench.advance_to(min(max(due_s, self.now_s), end_s))
            self.settle()
            look()
            if due_s >= end_s:
                return

    def start(self, number: int, connector_id: int = 1) -> None:
        self[number].start(f"TAG{number}", connector_id)
        self.settle()

    def stop(self, number: int, connector_id: int = 1) -> None:
        self[number].tag(f"TAG{number}", connector_id)
        self.settle()

    def status(self, number: int, connector_id: int = 1) -> str:
        return self[number].charger.controller.connector(ConnectorId(connector_id)).status

    def offered_a(self, number: int, connector_id: int = 1) -> float:
        bench = self[number]
        reading = bench.charger.plant.read_meter(ConnectorId(connector_id), bench.now_s)
        return round(reading.current_offered_a, 3)

    def drawn_a(self) -> list[float]:
        """On each phase of the supply, at nominal voltage, from the chargers' own meters."""
        found = [0.0, 0.0, 0.0]
        for bench in self.benches.values():
            rotation = bench.definition.hardware.phase_rotation
            plant = bench.charger.plant
            for connector_id in plant.connector_ids:
                reading = plant.read_meter(connector_id, bench.now_s)
                powers_w = reading.phase_power_w or (reading.power_w / 3.0,) * 3
                for letter, power_w in zip(rotation, powers_w, strict=False):
                    found["RST".index(letter)] += power_w / NOMINAL_VOLTAGE_V
        return found

    def _tell(self, bench: VirtualBench, connector_id: ConnectorId, share: object) -> None:
        bench.act(
            lambda charger, now: charger.take_site_share(connector_id, share, now)  # type: ignore[arg-type]
        )
