"""The web application around the routes: errors, access, limits, the UI."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import HTMLResponse

from ocppsim import __version__

from . import (
    bench,
    bulk,
    charger_templates,
    chargers,
    configuration,
    connection,
    events,
    fleet_runs,
    import_files,
    locations,
    messages,
    records,
    service,
    session_ledgers,
    simulation,
    transactions,
    vehicle_models,
    vehicles,
)
from .access import AccessGuard, AccessPolicy, HostGuard
from .body_limit import BodyLimit
from .docs_page import docs_page
from .document import describe
from .paging import TOTAL_HEADER
from .problems import install_problem_handlers
from .ui import WebUi

MAX_BODY_BYTES = 8 * 1024 * 1024

TAGS = [
    {"name": "service", "description": "The service itself."},
    {"name": "simulation", "description": "How fast time runs."},
    {"name": "locations", "description": "Places with chargers and vehicles."},
    {"name": "vehicles", "description": "The cars of a location."},
    {"name": "import", "description": "Chargers and vehicles from files."},
    {"name": "chargers", "description": "The simulated chargers."},
    {"name": "connection", "description": "Their connection to the CSMS."},
    {"name": "configuration", "description": "Their configuration keys."},
    {"name": "messages", "description": "Their OCPP messages."},
    {"name": "records", "description": "Charging profiles and limits, local list, reservations."},
    {"name": "transactions", "description": "What they charged."},
    {"name": "bench", "description": "What a person or the world does to them."},
    {"name": "operations", "description": "One action on many chargers."},
    {"name": "fleet-runs", "description": "Load tests of a CSMS, in processes of their own."},
    {"name": "events", "description": "What happens, live."},
]

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_api(
    *,
    policy: AccessPolicy | None = None,
    ui_directory: Path | None = None,
    lifespan: Lifespan | None = None,
) -> FastAPI:
    """The web application; its routes answer 503 until services are attached.

    ``ui_directory`` holds the built web UI.
    """
    policy = AccessPolicy() if policy is None else policy
    app = FastAPI(
        title="OCPP Charger Simulator",
        version=__version__,
        description="Simulated OCPP 1.6J charge points, and the world around them.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        openapi_tags=TAGS,
        separate_input_output_schemas=False,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.access_policy = policy
    app.state.ui = WebUi(ui_directory)
    for module in (
        service,
        simulation,
        locations,
        chargers,
        charger_templates,
        bulk,
        connection,
        configuration,
        messages,
        records,
        session_ledgers,
        transactions,
        bench,
        vehicles,
        vehicle_models,
        import_files,
        fleet_runs,
        events,
    ):
        app.include_router(module.router)
    app.router.default = app.state.ui
    install_problem_handlers(app)
    # The last one added is the first that a request meets.
    app.add_middleware(BodyLimit, limit_bytes=_body_limit)
    app.add_middleware(AccessGuard, policy=policy)
    if policy.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=policy.cors_origins,
            allow_methods=["GET", "POST", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
            expose_headers=[TOTAL_HEADER, "Location"],
        )
    app.add_middleware(HostGuard, policy=policy)

    @app.get("/api/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(docs_page(app.openapi()))

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe(app)
        return app.openapi_schema

    app.openapi = document
    return app


def _body_limit(path: str) -> int:
    is_import = path.endswith(("/import/chargers", "/import/vehicles"))
    return import_files.MAX_BODY_BYTES if is_import else MAX_BODY_BYTES
