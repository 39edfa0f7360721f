"""What holds for the whole simulation: how fast time runs."""

from __future__ import annotations

from fastapi import APIRouter

from ocppsim.persistence import simulation
from ocppsim.persistence.records import SimulationSettings

from .schemas.simulation import Simulation, SimulationUpdate
from .services import Services, ServicesDep

router = APIRouter(prefix="/api/simulation", tags=["simulation"])


@router.get("", operation_id="getSimulation")
async def get_simulation(services: ServicesDep) -> Simulation:
    """How fast time runs."""
    return _simulation(services)


@router.patch("", operation_id="updateSimulation")
async def update_simulation(services: ServicesDep, body: SimulationUpdate) -> Simulation:
    """Change how fast time runs, at once and for the next starts too.

    Simulated time goes on from where it is. Locations and chargers with a `time_scale` other
    than 1 keep theirs.
    """
    async with services.changes:
        if "time_scale" in body.model_fields_set:
            settings = SimulationSettings(time_scale=body.time_scale)
            await services.database.run(lambda session: simulation.save(session, settings))
            services.supervisor.set_time_scale(body.time_scale)
    return _simulation(services)


def _simulation(services: Services) -> Simulation:
    supervisor = services.supervisor
    return Simulation(
        time_scale=supervisor.time_scales.simulation,
        fast_chargers=supervisor.store.fast_count(),
    )
