"""What a charger tells the load management of its site: who wants how much, on which phases."""

from __future__ import annotations

from math import ceil
from typing import Final

import msgspec

from ocppsim.chargepoint.controller import Controller
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.moment import Moment
from ocppsim.physics import NOMINAL_VOLTAGE_V
from ocppsim.physics.site import SUPPLY_PHASES, supply_phases

from .plant import Plant

NO_STACK_LEVEL = -1
"""The priority of a connector at which no profile of its own holds."""


_AC_STEPS: Final = 10
_DC_STEPS: Final = 1
"""What a vehicle can use is rounded up to such parts of an ampere: a DC vehicle's falls steadily
with its charge, and not every watt of it is worth a new division."""


class ConnectorDemand(msgspec.Struct, frozen=True, gc=False):
    """A connector as its site sees it; currents are a phase, at nominal voltage.

    ``phases`` are those of the supply (0, 1, 2) that it loads, or would load. ``draws``: it
    charges, or would if it got anything. ``limit_a`` is what it may take but for its share,
    ``most_a`` what of that its vehicle can use now, and ``drawn_a`` what it takes;
    ``ahead_a`` what it may come to take before it has followed all that it was offered. Below
    ``least_a`` its vehicle does not charge.
    ``began_at_s`` and ``priority`` are its transaction's start in Unix seconds (None: there is
    none) and its stack level. ``told_a`` is the share that its charge point knows of; None: none.
    ``is_steady``: as long as it tells of no change, what it may take and can use stays as it is.
    """

    connector_id: ConnectorId
    phases: tuple[int, ...]
    draws: bool
    limit_a: float
    least_a: float
    most_a: float
    drawn_a: float
    ahead_a: float
    began_at_s: float | None
    priority: int
    told_a: float | None
    is_steady: bool

    @property
    def may_draw(self) -> bool:
        """Whether its limits but for its share leave it enough."""
        return self.limit_a > 0.0 and self.limit_a >= self.least_a

    @property
    def takes_part(self) -> bool:
        """Whether it is one of those among whom is divided."""
        return self.draws and self.may_draw


def connector_demands(
    controller: Controller, plant: Plant, phase_rotation: str, now: Moment
) -> list[ConnectorDemand]:
    """One for each connector of a charger that is up."""
    found: list[ConnectorDemand] = []
    for connector_id in plant.connector_ids:
        demand = controller.site_demand(connector_id, now)
        phases = demand.phases or SUPPLY_PHASES
        full_v = NOMINAL_VOLTAGE_V * phases
        limit_a = demand.power_w / full_v
        load = plant.vehicle_load(connector_id, now.simulated_s)
        steps = _AC_STEPS if demand.phases else _DC_STEPS
        least_w = plant.evse(connector_id).least_offer_w
        if demand.phases:
            least_w *= phases / plant.phases(connector_id)
        wanted_a = ceil(load.wanted_w / full_v * steps - 1e-9) / steps
        found.append(
            ConnectorDemand(
                connector_id=connector_id,
                phases=supply_phases(phase_rotation, phases),
                draws=demand.draws,
                limit_a=limit_a,
                least_a=ceil(least_w / full_v * _AC_STEPS - 1e-6) / _AC_STEPS,
                most_a=min(limit_a, wanted_a),
                drawn_a=load.drawn_w / full_v,
                ahead_a=load.ahead_w / full_v,
                began_at_s=demand.began_at_s,
                priority=NO_STACK_LEVEL if demand.stack_level is None else demand.stack_level,
                told_a=demand.told_a,
                is_steady=demand.is_steady and demand.phases > 0,
            )
        )
    return found


__all__ = ["NO_STACK_LEVEL", "ConnectorDemand", "connector_demands"]
