"""The charger models that chargers can be made from."""

from __future__ import annotations

from itertools import islice
from typing import Any

from fastapi import APIRouter, Response

from ocppsim.templates import ChargerTemplate, UnknownTemplate, creation_fields

from .paging import DEFAULT_LIMIT, PAGED, Limit, Offset, set_total
from .problems import NotFound
from .schemas.charger_template import ChargerTemplate as ChargerTemplateAnswer
from .services import ServicesDep

router = APIRouter(prefix="/api", tags=["chargers"])

_OPEN_IDENTITY = dict.fromkeys(
    ("charge_point_vendor", "charge_point_model", "firmware_version", "meter_type")
)


@router.get(
    "/charger-templates",
    operation_id="listChargerTemplates",
    response_model=list[ChargerTemplateAnswer],
    responses=PAGED,
)
async def list_charger_templates(
    services: ServicesDep, response: Response, limit: Limit = DEFAULT_LIMIT, offset: Offset = 0
) -> list[dict[str, Any]]:
    """The charger models, built-in ones and your own."""
    templates = services.charger_templates
    set_total(response, len(templates))
    return [_shown(template) for template in islice(templates, offset, offset + limit)]


@router.get(
    "/charger-templates/{template_id}",
    operation_id="getChargerTemplate",
    response_model=ChargerTemplateAnswer,
)
async def get_charger_template(services: ServicesDep, template_id: str) -> dict[str, Any]:
    """One charger model."""
    try:
        return _shown(services.charger_templates.get(template_id))
    except UnknownTemplate as error:
        raise NotFound(str(error)) from None


def _shown(template: ChargerTemplate) -> dict[str, Any]:
    content = template.content
    own = {
        "id": template.id,
        "name": content.name,
        "description": content.description,
        "built_in": template.built_in,
    }
    return own | _OPEN_IDENTITY | creation_fields(template)
