"""``ocppsim simulate``: a whole site in virtual time, written to files."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from ocppsim.main import CONTROLLER_FACTORY
from ocppsim.protocol.v16.date_time import format_date_time
from ocppsim.scenarios.plan import Plan
from ocppsim.scenarios.plan_text import parse_plan
from ocppsim.scenarios.planned_fleet import PlannedFleet
from ocppsim.simulation.fleet_run import FleetRun

from .failures import CommandFailed
from .plan_files import changes_of, fleet_of, plan_faults_told
from .run_files import FORMATS, RunFiles
from .settings_options import TemplatesDirOption
from .stopping import termination_interrupts
from .terminal import say_error, stdout_console

_SLICES = 400
_SHOWN_VIOLATIONS = 5


def simulate(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="The plan, a YAML file.")],
    out: Annotated[
        Path | None, typer.Option(help="Directory for the files; default: as the plan says.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Instead of the plan's.")] = None,
    duration: Annotated[
        str | None, typer.Option(metavar="24h|7d|…", help="Instead of the plan's.")
    ] = None,
    file_format: Annotated[
        str | None, typer.Option("--format", metavar="csv|parquet", help="Instead of the plan's.")
    ] = None,
    templates_dir: TemplatesDirOption = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace files of an earlier run.")
    ] = False,
) -> None:
    """Simulate a site for hours or weeks in seconds, and write down what happened.

    Chargers, vehicles and a CSMS as in the plan, without sockets and without waiting: meters,
    sessions, OCPP messages and the whole site, as CSV or Parquet. The same plan with the same
    seed gives the same files.
    """
    with plan_faults_told(plan) as text:
        given = _overridden(parse_plan(text), seed, duration, file_format)
        fleet = fleet_of(given, plan.parent, templates_dir)
    directory = out or Path(given.outputs.directory or f"{plan.stem}-out")
    outputs = given.outputs
    with (
        termination_interrupts(),
        RunFiles(
            directory,
            outputs.format,
            meters=outputs.meters,
            messages=outputs.messages,
            force=force,
        ) as files,
    ):
        began_s = time.perf_counter()
        try:
            run = FleetRun(
                fleet.chargers,
                fleet.visits,
                fleet.csms,
                CONTROLLER_FACTORY,
                files,
                start_epoch_s=given.start,
                seed=given.seed,
                sample_interval_s=outputs.interval_s,
                site=fleet.site,
                disturbances=fleet.disturbances,
            )
            _play(run, given.duration)
            run.finish()
            took_s = time.perf_counter() - began_s
            violations = run.violations
            paths = files.finish(_summary(given, fleet, run, violations))
        except OSError as error:
            raise CommandFailed(f"{directory}: {error.strerror or error}") from error
        except KeyboardInterrupt:
            left = f"not all files in {directory} are of this run"
            say_error(f"broken off; {left if files.is_written else 'nothing was written'}")
            raise
    _report(given, fleet, run, violations, took_s)
    stdout_console().print("Written: " + ", ".join(str(path) for path in paths), markup=False)


def _overridden(
    plan: Plan, seed: int | None, duration: str | None, file_format: str | None
) -> Plan:
    changes = changes_of(seed, duration)
    if file_format is not None:
        if file_format not in FORMATS:
            raise CommandFailed(f"--format: it is csv or parquet, not {file_format!r}")
        changes["outputs"] = plan.outputs.model_copy(update={"format": file_format})
    return plan.model_copy(update=changes)


def _play(run: FleetRun, duration_s: float) -> None:
    show: Callable[[str], object] = sys.stderr.write
    visible = sys.stderr.isatty()
    try:
        for number in range(1, _SLICES + 1):
            run.advance_to(duration_s * number / _SLICES)
            if visible:
                show(f"\r{number * 100 // _SLICES:3} %  {_hours(run.now_s)} simulated")
                sys.stderr.flush()
    finally:
        if visible:
            show("\r\033[K")


def _summary(
    plan: Plan, fleet: PlannedFleet, run: FleetRun, violations: list[str]
) -> dict[str, Any]:
    """What ``summary.json`` says; nothing in it depends on the machine."""
    totals = run.totals
    return {
        "plan": plan.name,
        "seed": plan.seed,
        "start": format_date_time(plan.start),
        "duration_s": plan.duration,
        "chargers": len(fleet.chargers),
        "sessions": totals.sessions,
        "outcomes": dict(sorted(totals.outcomes.items())),
        "arrivals_without_vehicle": fleet.without_vehicle,
        "after_the_end": fleet.after_the_end,
        "energy_wh": round(totals.energy_wh, 3),
        "peak_power_w": round(totals.peak_power_w, 1),
        "peak_at": None
        if totals.peak_at_s is None
        else format_date_time(plan.start + totals.peak_at_s),
        "messages": totals.messages,
        "disturbances": run.disturbances,
        "calls_to_unconnected": totals.missed_calls,
        "violations": violations,
    }


def _report(
    plan: Plan, fleet: PlannedFleet, run: FleetRun, violations: list[str], took_s: float
) -> None:
    totals = run.totals
    table = Table(show_header=False, box=None, pad_edge=False)
    connectors = sum(len(charger.definition.connectors) for charger in fleet.chargers)
    outcomes = ", ".join(
        f"{number} {outcome.replace('_', ' ')}"
        for outcome, number in sorted(totals.outcomes.items())
    )
    peak = f"{totals.peak_power_w / 1000.0:.1f} kW"
    if totals.peak_at_s is not None:
        peak += f" at {format_date_time(plan.start + totals.peak_at_s)[:16]}Z"
    for name, value in (
        (plan.name, f"seed {plan.seed}"),
        ("Chargers", f"{len(fleet.chargers)} with {connectors} connectors"),
        ("Sessions", f"{totals.sessions}" + (f": {outcomes}" if outcomes else "")),
        ("Energy", f"{totals.energy_wh / 1000.0:.1f} kWh"),
        ("Peak of charging", peak),
        ("Messages", f"{totals.messages}"),
        ("Violations of OCPP", f"{len(violations)}"),
        ("Simulated", f"{_hours(plan.duration)} in {took_s:.1f} s"),
    ):
        table.add_row(escape(name), value)
    if fleet.disturbances:
        table.add_row("Disturbances", f"{run.disturbances}")
    if fleet.without_vehicle:
        table.add_row("No vehicle at home", f"{fleet.without_vehicle} arrivals left out")
    if fleet.after_the_end:
        table.add_row("After the end", f"{fleet.after_the_end} of the plan's entries left out")
    if totals.missed_calls:
        table.add_row("Not connected", f"{totals.missed_calls} CALLs of the CSMS not sent")
    stdout_console().print(table)
    for violation in violations[:_SHOWN_VIOLATIONS]:
        sys.stderr.write(f"ocppsim: {violation}\n")


def _hours(seconds: float) -> str:
    minutes = round(seconds / 60.0)
    return f"{minutes // 60} h {minutes % 60:02} min"
