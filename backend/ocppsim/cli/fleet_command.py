"""``ocppsim fleet``: the chargers of a plan, live against a CSMS."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import typer

from ocppsim.fleet.parts import RunFailed
from ocppsim.fleet.report import report
from ocppsim.fleet.run_course import course_of
from ocppsim.fleet.run_folder import COURSE_NAME, REPORT_NAME, SUMMARY_NAME
from ocppsim.fleet.run_result import RunResult, summary
from ocppsim.fleet.verdict import checks
from ocppsim.persistence import PersistenceError
from ocppsim.scenarios.live_plan import csms_url_problem
from ocppsim.scenarios.plan import Plan
from ocppsim.scenarios.plan_fault import PlanFault
from ocppsim.scenarios.plan_text import parse_plan
from ocppsim.scenarios.planned_fleet import PlannedFleet

from .failures import EXIT_FAILED, EXIT_UNUSABLE, CommandFailed
from .fleet_engines import Engine, EngineChoice, EngineName, fleet_engine
from .fleet_json_progress import FleetJsonProgress
from .fleet_progress import FleetProgress
from .logs import configure_logging
from .plan_files import changes_of, fleet_of, plan_faults_told
from .server import run_on_fastest_loop
from .settings_options import TemplatesDirOption
from .stopping import stop_at_end_of_stdin, stop_signals
from .terminal import say_error

app = typer.Typer(help="Run the chargers of a plan against a CSMS.", rich_markup_mode=None)

_RUNS = Path("fleet-runs")


@app.callback()
def fleet() -> None:
    """Run the chargers of a plan against a CSMS: load tests, soak tests."""


@app.command()
def run(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="The plan, a YAML file.")],
    csms: Annotated[
        list[str] | None,
        typer.Option(metavar="URL", help="Instead of the plan's live.csms_urls; may be repeated."),
    ] = None,
    duration: Annotated[
        str | None, typer.Option(metavar="10m|2h|…", help="Instead of the plan's.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Instead of the plan's.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the run; default: a new one in fleet-runs.")
    ] = None,
    password: Annotated[
        str | None,
        typer.Option(
            envvar="OCPPSIM_PASSWORD", help="Instead of the plan's live.basic_auth_password."
        ),
    ] = None,
    shard: Annotated[
        str | None,
        typer.Option(metavar="I/N", help="Only part I of N of the chargers, from 1/N to N/N."),
    ] = None,
    processes: Annotated[
        int | None,
        typer.Option(
            min=1, max=1024, help="Spread the chargers over so many processes; ray: one a core."
        ),
    ] = None,
    engine: Annotated[
        EngineName,
        typer.Option(help="ray: actors of Ray, on this machine or, with --address, on many."),
    ] = "processes",
    address: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="ray: the head of a running cluster.")
    ] = None,
    journal_dir: Annotated[
        Path | None,
        typer.Option(help="ray: where each node keeps journals; OCPPSIM_JOURNAL_DIR there wins."),
    ] = None,
    database_url: Annotated[
        str | None,
        typer.Option(
            envvar="OCPPSIM_FLEET_DATABASE_URL",
            help="Journals in PostgreSQL, a schema for each process, instead of files.",
        ),
    ] = None,
    templates_dir: TemplatesDirOption = None,
    progress: Annotated[
        Literal["auto", "json", "none"],
        typer.Option(help="What stdout shows; json: a line a second, and one with the result."),
    ] = "auto",
    stop_with_stdin: Annotated[
        bool, typer.Option("--stop-with-stdin", help="Ramp down when stdin ends, too.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="The same as --progress none.")
    ] = False,
    log_level: Annotated[str, typer.Option(hidden=True)] = "error",
) -> None:
    """Bring the chargers of a plan to life, let cars come and go, and report how the CSMS did.

    Exit code 1 when a threshold of the plan does not hold. Ctrl-C ramps down, a second one
    breaks off.
    """
    with plan_faults_told(plan) as text:
        given = _overridden(parse_plan(text), csms, duration, seed, password)
        fleet = fleet_of(given, plan.parent, templates_dir)
        choice = EngineChoice(engine, processes, address, journal_dir, database_url, shard)
        planned = choice.chosen_of(fleet)
        if not given.live.csms_urls:
            raise PlanFault(("live", "csms_urls"), "there is no CSMS; name one here or with --csms")
    directory = out or _RUNS / f"{plan.stem}-{time.strftime('%Y%m%d-%H%M%S')}"
    configure_logging(log_level)
    try:
        if (directory / SUMMARY_NAME).exists() or any(directory.glob("fleet*.db")):
            raise CommandFailed(f"{directory} has a run already")
        shown = (
            FleetJsonProgress()
            if progress == "json"
            else FleetProgress(
                given.name,
                len(planned.chargers),
                given.duration,
                quiet=quiet or progress == "none",
            )
        )
        with fleet_engine(
            choice,
            given,
            planned,
            directory,
            whole=len(fleet.chargers),
            log_level=log_level,
        ) as run_fleet:
            directory.mkdir(parents=True, exist_ok=True)
            result = run_on_fastest_loop(_live(given, planned, shown, run_fleet, stop_with_stdin))
        (directory / SUMMARY_NAME).write_bytes(
            msgspec.json.format(msgspec.json.encode(summary(result)), indent=2) + b"\n"
        )
        (directory / REPORT_NAME).write_text(report(result), encoding="utf-8")
        (directory / COURSE_NAME).write_bytes(msgspec.json.encode(course_of(result.record)))
    except OSError as error:
        raise CommandFailed(f"{directory}: {error.strerror or error}") from error
    except PersistenceError as error:
        raise CommandFailed(str(error)) from error
    except RunFailed as error:
        raise CommandFailed(str(error), EXIT_FAILED if error.has_died else EXIT_UNUSABLE) from error
    shown.conclude(result, (directory / REPORT_NAME, directory / SUMMARY_NAME))
    for check in result.checks:
        if not check.holds:
            say_error(f"threshold: {check.line}")
    if not result.passed:
        raise typer.Exit(EXIT_FAILED)


def _overridden(
    plan: Plan,
    csms: list[str] | None,
    duration: str | None,
    seed: int | None,
    password: str | None,
) -> Plan:
    changes = changes_of(seed, duration)
    live: dict[str, Any] = {}
    if csms:
        for url in csms:
            problem = csms_url_problem(url)
            if problem is not None:
                raise CommandFailed(f"--csms: {problem}")
        live["csms_urls"] = tuple(csms)
    if password is not None:
        live["basic_auth_password"] = password
    if live:
        changes["live"] = plan.live.model_copy(update=live)
    return plan.model_copy(update=changes)


async def _live(
    plan: Plan,
    planned: PlannedFleet,
    shown: FleetProgress | FleetJsonProgress,
    engine: Engine,
    stop_with_stdin: bool,
) -> RunResult:
    shown.prepare()
    began_at_s = time.time()
    async with stop_signals() as stopped:
        if stop_with_stdin:
            stop_at_end_of_stdin(stopped)
        try:
            open_transactions = await engine(stopped, shown)
        finally:
            shown.end()
    return RunResult(
        name=plan.name,
        seed=plan.seed,
        csms_urls=plan.live.csms_urls,
        chargers=len(planned.chargers),
        connectors=sum(len(one.definition.connectors) for one in planned.chargers),
        planned_s=plan.duration,
        began_at_s=began_at_s,
        record=shown.record,
        open_transactions=open_transactions,
        checks=checks(plan.thresholds, shown.record, open_transactions),
        broken_off=stopped.is_set(),
    )
