"""The OpenAPI document: made from the routes, with one shape for every error."""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from .problems import PROBLEM_MEDIA_TYPE
from .schemas.events import (
    AuthorizationEvent,
    ChargerRemovedEvent,
    ChargerSnapshotEvent,
    ConnectorEvent,
    MessageEvent,
    MeterEvent,
    RecordsEvent,
    ResyncEvent,
    SnapshotEvent,
)
from .schemas.problem import Problem

_COMPONENTS: tuple[type[BaseModel], ...] = (
    Problem,
    SnapshotEvent,
    ChargerSnapshotEvent,
    ChargerRemovedEvent,
    ConnectorEvent,
    MeterEvent,
    MessageEvent,
    RecordsEvent,
    AuthorizationEvent,
    ResyncEvent,
)
_METHODS = frozenset({"get", "post", "put", "patch", "delete"})


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of ``app``: every operation answers errors with a Problem."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
        separate_input_output_schemas=app.separate_input_output_schemas,
    )
    schemas: dict[str, Any] = document.setdefault("components", {}).setdefault("schemas", {})
    _, extra = models_json_schema(
        [(model, "serialization") for model in _COMPONENTS],
        ref_template="#/components/schemas/{model}",
    )
    for name, schema in extra["$defs"].items():
        schemas.setdefault(name, schema)
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    problem = {
        "description": "What went wrong (RFC 9457).",
        "content": {PROBLEM_MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    paths: dict[str, dict[str, Any]] = document.get("paths", {})
    for path in paths.values():
        for method, operation in path.items():
            if method in _METHODS:
                responses: dict[str, Any] = operation["responses"]
                responses.pop("422", None)
                responses["default"] = problem
    document["components"]["schemas"] = dict(sorted(schemas.items()))
    return document


def render(document: dict[str, Any]) -> str:
    """The document as text: the same document gives the same bytes."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


__all__ = ["describe", "render"]
