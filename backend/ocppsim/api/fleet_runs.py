"""Fleet runs: a plan's chargers live against a CSMS, in a process of their own."""

from __future__ import annotations

import time
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Response
from starlette.responses import FileResponse, PlainTextResponse

from ocppsim.fleet.hosted_run import RunView
from ocppsim.fleet.run_folder import RunHead
from ocppsim.runtime.clock import iso_utc
from ocppsim.scenarios.plan_secrets import without_secrets
from ocppsim.templates.yaml_document import NotYaml

from .fleet_plans import CheckedPlan, checked_plan
from .paging import DEFAULT_LIMIT, PAGED, Limit, Offset, set_total
from .problems import NotFound, Unavailable
from .schemas.fleet_run import (
    FleetRun,
    FleetRunOrder,
    FleetRunPoint,
    FleetRunPreview,
    FleetRunProgress,
    FleetThreshold,
)
from .services import ServicesDep

router = APIRouter(prefix="/api", tags=["fleet-runs"])

_REPORT_HEADERS = {
    # It is a page of texts that others have chosen, beside the UI with its login
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline';"
    " frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
}
_TEXT_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@router.get(
    "/fleet-runs",
    operation_id="listFleetRuns",
    response_model=list[FleetRun],
    responses=PAGED,
)
async def list_fleet_runs(
    services: ServicesDep, response: Response, limit: Limit = DEFAULT_LIMIT, offset: Offset = 0
) -> list[FleetRun]:
    """All runs, the newest first, those of earlier days too."""
    found = services.fleet_runs.all()
    set_total(response, len(found))
    return [_shown(run) for run in found[offset : offset + limit]]


@router.post(
    "/fleet-runs",
    operation_id="startFleetRun",
    status_code=201,
    response_model=FleetRun,
)
async def start_fleet_run(
    services: ServicesDep, response: Response, body: FleetRunOrder
) -> FleetRun:
    """Begin a run in a process of its own; it goes on whoever watches.

    409 where as many run already as the setting `MOST_FLEET_RUNS` allows.
    """
    services.fleet_runs.check_room()
    checked = await checked_plan(services, body)
    try:
        run = services.fleet_runs.start(body.plan, _head(checked), _options(body))
    except OSError as error:
        raise Unavailable(f"the folder of fleet runs: {error.strerror or error}") from error
    response.headers["Location"] = f"/api/fleet-runs/{run.run_id}"
    return _shown(run)


@router.post("/fleet-runs/check", operation_id="checkFleetRun", response_model=FleetRunPreview)
async def check_fleet_run(services: ServicesDep, body: FleetRunOrder) -> FleetRunPreview:
    """What a plan would come to; nothing begins."""
    checked = await checked_plan(services, body)
    plan = checked.plan
    return FleetRunPreview(
        name=plan.name,
        chargers=checked.chargers,
        connectors=checked.connectors,
        duration_s=plan.duration,
        csms_urls=list(plan.live.csms_urls),
        visits=checked.visits,
        seed=plan.seed,
    )


@router.get("/fleet-runs/{run_id}", operation_id="getFleetRun", response_model=FleetRun)
async def get_fleet_run(services: ServicesDep, run_id: str) -> FleetRun:
    """A run as it is now."""
    return _shown(services.fleet_runs.get(run_id))


@router.get(
    "/fleet-runs/{run_id}/progress",
    operation_id="getFleetRunProgress",
    response_model=FleetRunProgress,
)
async def get_fleet_run_progress(
    services: ServicesDep,
    run_id: str,
    after_s: Annotated[
        float | None,
        Query(allow_inf_nan=False, description="Only the points that end later than that."),
    ] = None,
) -> Response:
    """The course of a run, while it runs and later."""
    course = await services.fleet_runs.course(run_id, after_s)
    return Response(msgspec.json.encode(course), media_type="application/json")


@router.post(
    "/fleet-runs/{run_id}/stop",
    operation_id="stopFleetRun",
    status_code=202,
    response_model=FleetRun,
)
async def stop_fleet_run(
    services: ServicesDep,
    run_id: str,
    now: Annotated[
        bool, Query(description="End its process at once: the chargers vanish, without a report.")
    ] = False,
) -> FleetRun:
    """Let a run ramp down and write its report; harmless where it has ended."""
    return _shown(services.fleet_runs.stop(run_id, now=now))


@router.delete("/fleet-runs/{run_id}", operation_id="deleteFleetRun", status_code=204)
async def delete_fleet_run(services: ServicesDep, run_id: str) -> None:
    """Delete a run with all its files; 409 while it runs."""
    try:
        await services.fleet_runs.delete(run_id)
    except OSError as error:
        raise Unavailable(f"the folder of the run {run_id}: {error.strerror or error}") from error


@router.get(
    "/fleet-runs/{run_id}/report",
    operation_id="getFleetRunReport",
    response_class=Response,
    responses={200: {"content": {"text/html": {"schema": {"type": "string"}}}}},
)
async def get_fleet_run_report(services: ServicesDep, run_id: str) -> Response:
    """The report of a run that is over, one page that loads nothing; 404 where there is none."""
    path = services.fleet_runs.report(run_id)
    return FileResponse(path, media_type="text/html", headers=_REPORT_HEADERS)


@router.get(
    "/fleet-runs/{run_id}/summary",
    operation_id="getFleetRunSummary",
    response_class=Response,
    responses={200: {"content": {"application/json": {"schema": {"type": "object"}}}}},
)
async def get_fleet_run_summary(services: ServicesDep, run_id: str) -> Response:
    """The figures of a run that is over, as `fleet run` writes them; 404 where there are none."""
    return FileResponse(services.fleet_runs.summary(run_id), media_type="application/json")


@router.get(
    "/fleet-runs/{run_id}/plan",
    operation_id="getFleetRunPlan",
    response_class=Response,
    responses={200: {"content": {"application/yaml": {"schema": {"type": "string"}}}}},
)
async def get_fleet_run_plan(services: ServicesDep, run_id: str) -> Response:
    """The plan as it was given, with `***` for passwords and keys."""
    try:
        text = without_secrets(services.fleet_runs.plan(run_id))
    except NotYaml as error:
        raise NotFound(f"the plan of the run {run_id} is no plan any more: {error}") from error
    return PlainTextResponse(text, media_type="application/yaml", headers=_TEXT_HEADERS)


def _head(checked: CheckedPlan) -> RunHead:
    plan = checked.plan
    return RunHead(
        name=plan.name,
        began_at_s=time.time(),
        chargers=checked.chargers,
        connectors=checked.connectors,
        planned_s=plan.duration,
        csms_urls=plan.live.csms_urls,
        seed=plan.seed,
    )


def _options(body: FleetRunOrder) -> list[str]:
    """What ``fleet run`` is told beside the plan."""
    options = [f"--csms={url}" for url in body.csms_urls or ()]
    if body.duration is not None:
        options.append(f"--duration={body.duration}")
    if body.seed is not None:
        options.append(f"--seed={body.seed}")
    if body.processes > 1:
        options.append(f"--processes={body.processes}")
    return options


def _shown(run: RunView) -> FleetRun:
    head = run.head
    return FleetRun(
        id=run.run_id,
        name=head.name,
        state=run.state,
        began_at=iso_utc(head.began_at_s),
        ended_at=None if run.ended_at_s is None else iso_utc(run.ended_at_s),
        chargers=head.chargers,
        connectors=head.connectors,
        planned_s=head.planned_s,
        elapsed_s=run.elapsed_s,
        csms_urls=list(head.csms_urls),
        seed=head.seed,
        error=run.error,
        thresholds=[FleetThreshold(line=check.line, holds=check.holds) for check in run.checks],
        sessions=run.sessions,
        energy_wh=run.energy_wh,
        latest=None if run.latest is None else FleetRunPoint.model_validate(run.latest),
    )
