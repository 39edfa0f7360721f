"""What the routes work with; the composition root puts it together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, FastAPI, Path, Request

from ocppsim.chargepoint.controller import ControllerFactory
from ocppsim.fleet.hosted_runs import HostedRuns
from ocppsim.persistence import ConfigSync, Database
from ocppsim.runtime.live_charger import LiveCharger
from ocppsim.runtime.supervisor import Supervisor
from ocppsim.templates import TemplateCatalogue

from .problems import NotFound, Unavailable

MAX_ROW_ID = 2**31 - 1
"""The largest number that a row can have; a larger one names nothing."""


@dataclass(frozen=True)
class Services:
    """Everything behind the API, as it is while the program runs."""

    database: Database
    supervisor: Supervisor
    config_sync: ConfigSync
    controller_factory: ControllerFactory
    check_behaviour: Callable[[Mapping[str, str]], None]
    """Raises ``InvalidSetting`` for what the charge points of the factory have no choice in."""
    charger_templates: TemplateCatalogue
    changes: asyncio.Lock
    """Held while chargers are created, changed or deleted: one after the other."""
    fleet_runs: HostedRuns
    plan_reading: asyncio.Lock
    """Held while a plan is read, which may take long: one after the other."""


def attach_services(app: FastAPI, services: Services | None) -> None:
    """Give the routes of ``app`` what they work with; None takes it away."""
    app.state.services = services


async def get_services(request: Request) -> Services:
    """The services of the application; 503 before the start is done, and after the end."""
    services: Services | None = getattr(request.app.state, "services", None)
    if services is None:
        raise Unavailable("the simulator is not running")
    return services


# The dependencies are coroutines though they wait for nothing: FastAPI would run plain functions
# on other threads.
ServicesDep = Annotated[Services, Depends(get_services)]
ChargePointIdPath = Annotated[str, Path(description="The charge point id, percent-encoded.")]


async def get_live_charger(
    charge_point_id: ChargePointIdPath, services: ServicesDep
) -> LiveCharger:
    """The charger of the path; raises ``UnknownCharger`` (404)."""
    return services.supervisor.store.get(charge_point_id)


LiveChargerDep = Annotated[LiveCharger, Depends(get_live_charger)]


def known_row_id(number: int, kind: str) -> int:
    """``number``, or 404 where no row can have it."""
    if not 1 <= number <= MAX_ROW_ID:
        raise NotFound(f"there is no {kind} {number}")
    return number


async def get_location_id(
    location_id: Annotated[int, Path(description="The number of the location.")],
) -> int:
    return known_row_id(location_id, "location")


async def get_vehicle_id(
    vehicle_id: Annotated[int, Path(description="The number of the vehicle.")],
) -> int:
    return known_row_id(vehicle_id, "vehicle")


LocationIdDep = Annotated[int, Depends(get_location_id)]
VehicleIdDep = Annotated[int, Depends(get_vehicle_id)]
