"""The library of vehicle models."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from ocppsim.runtime.vehicle_library import vehicle_models
from ocppsim.simulation import vehicle_models as library

from .paging import MAX_LIMIT, PAGED, Limit, Offset, set_total
from .problems import NotFound
from .schemas.vehicle import VehicleModel

router = APIRouter(prefix="/api/vehicle-models", tags=["vehicles"])

Search = Annotated[
    str | None,
    Query(max_length=100, description="Words that all occur in id, brand, name or kind."),
]


@router.get(
    "",
    operation_id="listVehicleModels",
    response_model=list[VehicleModel],
    responses=PAGED,
)
async def list_vehicle_models(
    response: Response, q: Search = None, limit: Limit = MAX_LIMIT, offset: Offset = 0
) -> list[library.VehicleModel]:
    """The models that a vehicle can be of, in the order of their ids."""
    found = vehicle_models().search(q or "")
    set_total(response, len(found))
    return found[offset : offset + limit]


@router.get("/{model_id}", operation_id="getVehicleModel", response_model=VehicleModel)
async def get_vehicle_model(
    model_id: Annotated[str, Path(description="The id of the model.")],
) -> library.VehicleModel:
    """One model."""
    try:
        return vehicle_models().get(model_id)
    except library.UnknownVehicleModel as error:
        raise NotFound(str(error)) from None
