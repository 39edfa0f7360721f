"""Plans as the commands read them: a file, what options say instead, and what it comes to."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ocppsim.main import CONTROLLER_FACTORY, charger_templates, check_behaviour
from ocppsim.runtime.vehicle_library import vehicle_models
from ocppsim.scenarios.plan import LONGEST_RUN_S, Plan
from ocppsim.scenarios.plan_fault import PlanFault
from ocppsim.scenarios.plan_text import with_line
from ocppsim.scenarios.planned_fleet import PlannedFleet, planned_fleet
from ocppsim.scenarios.quantities import parse_duration
from ocppsim.templates import TemplateFault

from .failures import CommandFailed
from .settings_options import load_settings

_LARGEST_PLAN_BYTES = 10_000_000


@contextmanager
def plan_faults_told(path: Path) -> Generator[str]:
    """The text of a plan; what is wrong with it is told with the file and its line.

    Raises ``CommandFailed`` for that, and for a file that cannot be read.
    """
    text = _read(path)
    try:
        yield text
    except PlanFault as fault:
        raise CommandFailed(f"{path}: {with_line(fault, text)}") from fault


def changes_of(seed: int | None, duration: str | None) -> dict[str, Any]:
    """The fields of a plan that the options ``--seed`` and ``--duration`` replace."""
    changes: dict[str, Any] = {}
    if seed is not None:
        changes["seed"] = seed
    if duration is not None:
        try:
            changes["duration"] = parse_duration(duration)
        except ValueError as error:
            raise CommandFailed(f"--duration: {error}") from error
        if not 0.0 < changes["duration"] <= LONGEST_RUN_S:
            raise CommandFailed("--duration: it is above 0 and at most 366d")
    return changes


def fleet_of(plan: Plan, directory: Path, templates_dir: Path | None) -> PlannedFleet:
    """What a plan in that folder comes to; raises ``PlanFault``, and ``CommandFailed``."""
    try:
        return planned_fleet(
            plan,
            templates=charger_templates(load_settings(templates_dir=templates_dir).templates_dir),
            models=vehicle_models(),
            controller_factory=CONTROLLER_FACTORY,
            check_behaviour=check_behaviour,
            directory=directory,
        )
    except TemplateFault as error:
        raise CommandFailed(str(error)) from error


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST_PLAN_BYTES:
            raise CommandFailed(f"{path}: the file is larger than 10 MB")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CommandFailed(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise CommandFailed(f"{path}: it is not UTF-8 text") from error
