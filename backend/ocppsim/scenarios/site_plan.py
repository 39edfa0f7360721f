"""The site of a plan: the fields of a location's site, under the same names."""

from __future__ import annotations

from typing import Any, cast

import msgspec

from ocppsim.physics.site import LoadPoint, SiteDefinition

from .part import no_such_field
from .plan_fault import Key, Misplaced, misplaced


def site_definition(fields: dict[str, Any]) -> SiteDefinition:
    """The site that the fields describe; raises :class:`Misplaced` where there is none such."""
    _refuse_others(fields, SiteDefinition)
    for name in ("base_load", "pv"):
        points = fields.get(name)
        for place, point in enumerate(cast("list[Any]", points if type(points) is list else [])):
            if isinstance(point, dict):
                _refuse_others(cast("dict[Any, Any]", point), LoadPoint, name, place)
    try:
        return msgspec.convert(fields, SiteDefinition)
    except msgspec.ValidationError as error:
        raise misplaced(str(error), fields) from None


def _refuse_others(fields: dict[Any, Any], kind: type[msgspec.Struct], *keys: Key) -> None:
    for name in fields:
        if name not in kind.__struct_fields__:
            raise Misplaced(no_such_field(name, kind.__struct_fields__), *keys, str(name))


__all__ = ["site_definition"]
