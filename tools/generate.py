"""Writes the files that follow from the code, or (``--check``) names those that are stale.

``generate.py openapi`` writes the OpenAPI document, ``generate.py docs`` the tables of the
documentation; with neither it is about all of them.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from vehicle_page import vehicles_page

from ocppsim.chargepoint.v16.behaviour import BEHAVIOURS
from ocppsim.chargepoint.v16.configuration.definition import (
    LARGEST_INT,
    Access,
    KeyDefinition,
    ValueType,
)
from ocppsim.chargepoint.v16.configuration.keys import KEYS
from ocppsim.chargepoint.v16.connector_status import TRANSITIONS
from ocppsim.protocol.v16.enums import ChargePointStatus
from ocppsim.scenarios.charger_plan import ChargerGroup, ConnectorPlan, MeterPlan
from ocppsim.scenarios.csms_plan import CallPlan, CsmsPlan, ProfilePlan
from ocppsim.scenarios.disturbance_plan import DisturbancePlan
from ocppsim.scenarios.live_plan import LivePlan, RampPlan, TlsPlan
from ocppsim.scenarios.output_plan import OutputPlan
from ocppsim.scenarios.plan import Plan
from ocppsim.scenarios.threshold_plan import LatencyThreshold, ThresholdPlan
from ocppsim.scenarios.trace_plan import TracePlan, TraceRow
from ocppsim.scenarios.vehicle_plan import VehicleGroup
from ocppsim.scenarios.visit_plan import ArrivalPlan, SessionPlan
from ocppsim.settings import Settings
from ocppsim.simulation.definition import ConnectorDefinition
from ocppsim.simulation.plant import Plant
from ocppsim.simulation.vehicle_models import SPEC_NUMBERS
from ocppsim.templates import ChargerTemplate, read_catalogue

ROOT = Path(__file__).resolve().parent.parent


PLAN_PARTS = {
    "The plan": Plan,
    "chargers": ChargerGroup,
    "chargers.connectors": ConnectorPlan,
    "chargers.meter": MeterPlan,
    "vehicles": VehicleGroup,
    "sessions": SessionPlan,
    "arrivals": ArrivalPlan,
    "traces": TracePlan,
    "traces: the columns of the file": TraceRow,
    "disturbances": DisturbancePlan,
    "csms": CsmsPlan,
    "csms.profiles": ProfilePlan,
    "csms.calls": CallPlan,
    "outputs": OutputPlan,
    "live": LivePlan,
    "live.tls": TlsPlan,
    "live.ramp_up, live.ramp_down": RampPlan,
    "thresholds": ThresholdPlan,
    "thresholds.latency": LatencyThreshold,
}


class Generated(NamedTuple):
    """A file that follows from the code: its kind, its path and what makes its text."""

    kind: str
    path: Path
    make: Callable[[], str]


def openapi_document() -> str:
    """The OpenAPI document as the API prints it, made in a process of its own."""
    printed = subprocess.run(
        [sys.executable, "-m", "ocppsim.api.openapi"],
        check=True,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    return printed.stdout


def _rows(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = list(header)
    lines = [titles, ["---"] * len(titles), *(list(row) for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def configuration_keys() -> str:
    """docs/configuration-keys.md: the definition table as a charger of one AC socket shows it."""
    hardware = Plant([ConnectorDefinition()], seed=0)

    def access(key: KeyDefinition) -> str:
        if key.access is Access.READ_ONLY:
            return "read"
        return "read, write" if key.fixed_when is None else "read, write (hardware permitting)"

    def bounds(key: KeyDefinition) -> str:
        if key.type is ValueType.BOOLEAN:
            return "true, false"
        if key.type is ValueType.LIST:
            return f"some of {', '.join(key.values)}" if key.values else key.item_form
        if key.follows_hardware:
            return "as the hardware is"
        if key.maximum == LARGEST_INT:
            return f"from {key.minimum}"
        return f"{key.minimum} to {key.maximum}"

    def row(key: KeyDefinition) -> list[str]:
        default = key.default(hardware)
        return [
            f"`{key.name}`",
            key.profile,
            key.type.value,
            bounds(key),
            key.unit,
            access(key),
            f"`{default}`" if default else "(empty)",
            "yes" if key.required else "no",
            "yes" if key.reboot_required else "no",
            key.description,
        ]

    header = "Key|Profile|Type|Range|Unit|Over OCPP|Default|Required|Reboot|What it does"
    table = _rows(header.split("|"), (row(key) for key in KEYS.values()))
    return f"""# Configuration keys

Made by `make docs-tables` from the definition tables in
`backend/ocppsim/chargepoint/v16/configuration/` (`core_keys.py`, `profile_keys.py`); change it
there. The defaults are those of a charger with one three-phase AC socket. Keys that are only read
over OCPP can be set when a charger is created, and through
`PATCH /api/chargers/{{cp}}/configuration`, unless the hardware dictates them. A change outlives
restarts, and where no reboot is needed it is effective at once. CSL is a comma-separated list; no
value is longer than 500 characters. *Required* says whether the standard demands the key of every
charge point that has its profile.

A profile that is not in `SupportedFeatureProfiles` is as if it were not implemented: its messages
are refused and its keys are unknown over OCPP. They can still be set on the REST API, and keep
their values until the profile is switched on again.

{table}"""


def connector_status() -> str:
    """docs/connector-status.md: which status may follow which, by the standard's names."""
    statuses = list(ChargePointStatus)
    table = _rows(
        ["from \\ to", *(status.value for status in statuses)],
        (
            [f"**{before.value}**", *(TRANSITIONS.get((before, after), "") for after in statuses)]
            for before in statuses
        ),
    )
    return f"""# Connector status

Made by `make docs-tables` from the table in
`backend/ocppsim/chargepoint/v16/connector_status.py` (OCPP 1.6 edition 2 §4.9, with the errata);
change it there. An empty cell is a change that never happens. A fault covers the status below it,
which comes back when the fault clears.

{table}"""


def behaviour() -> str:
    """docs/behaviour.md: the choices where OCPP leaves one."""
    table = _rows(
        ["Name", "Values (the first is the default)", "What it decides", "Open decision"],
        (
            [
                f"`{name}`",
                ", ".join(f"`{choice}`" for choice in choice_of.choices),
                choice_of.description,
                choice_of.source,
            ]
            for name, choice_of in BEHAVIOURS.items()
        ),
    )
    return f"""# Behaviour

Made by `make docs-tables` from the table in `backend/ocppsim/chargepoint/v16/behaviour.py`; change
it there. OCPP 1.6 leaves these choices to the charge point. A charger does what stands first
unless its `behaviour` says otherwise.

{table}"""


def settings() -> str:
    """docs/settings.md: what can be set from the environment."""
    table = _rows(
        ["Name", "Default", "What it sets"],
        (
            [
                f"`{name.upper()}`",
                f"`{field.default}`" if field.default not in (None, ()) else "(none)",
                field.description or "",
            ]
            for name, field in Settings.model_fields.items()
        ),
    )
    return f"""# Settings

Made by `make docs-tables` from `backend/ocppsim/settings.py`; change it there. Settings come from
the environment and from a file `.env` in the folder where the command is started; the environment
wins. Each name also works with the prefix `OCPPSIM_`, which wins over the name without. Options of
the command line win over all.

{table}"""


def charger_templates() -> str:
    """docs/charger-templates.md: the built-in charger models, and how to write one."""
    guide = (ROOT / "tools" / "docs" / "charger-templates.md").read_text(encoding="utf-8")

    def connectors(template: ChargerTemplate) -> str:
        kinds = Counter(
            f"{each.power_type} {each.max_power_w / 1000:g} kW"
            + (f" {each.phases}-phase" if each.power_type == "AC" else "")
            + f", {each.definition().cable}"
            for each in template.content.connectors
        )
        return "; ".join(f"{count} × {kind}" for kind, count in kinds.items())

    def shared(template: ChargerTemplate) -> str:
        shared_w, module_w = template.content.shared_power_w, template.content.module_power_w
        if shared_w is None:
            return ""
        modules = "" if module_w is None else f" in modules of {module_w / 1000:g} kW"
        return f"{shared_w / 1000:g} kW{modules}"

    def row(template: ChargerTemplate) -> list[str]:
        content = template.content
        return [
            f"`{template.id}`",
            f"{content.charge_point_vendor} {content.charge_point_model}",
            connectors(template),
            shared(template),
            f"{content.meter.accuracy_class_percent:g} %, {content.meter.resolution_wh:g} Wh",
            content.description,
        ]

    table = _rows(
        ["Id", "Vendor and model", "Connectors", "Shared power", "Meter", "What it is"],
        (row(template) for template in read_catalogue()),
    )
    return guide.replace("{table}\n", table)


def plan_reference() -> str:
    """docs/plan-reference.md: the fields of a plan."""
    sections = ""
    for title, part in PLAN_PARTS.items():
        rows = [
            [
                f"`{name}`",
                "yes" if field.is_required() else "no",
                (field.description or "").replace("|", "\\|"),
            ]
            for name, field in part.model_fields.items()
        ]
        sections += f"\n## {title}\n\n{_rows(['Field', 'Required', 'Meaning'], rows)}"
    numbers = ", ".join(f"`{name}`" for name in sorted(SPEC_NUMBERS))
    return f"""# Plan reference

Made by `make docs-tables` from `backend/ocppsim/scenarios/plan.py` and its sections; change it
there. What a plan is for stands in [simulate](simulate.md) and [fleet](fleet.md). A vehicle group
may also have any of {numbers}.
{sections}"""


GENERATED = (
    Generated("openapi", ROOT / "frontend" / "openapi.json", openapi_document),
    Generated("docs", ROOT / "docs" / "behaviour.md", behaviour),
    Generated("docs", ROOT / "docs" / "charger-templates.md", charger_templates),
    Generated("docs", ROOT / "docs" / "configuration-keys.md", configuration_keys),
    Generated("docs", ROOT / "docs" / "connector-status.md", connector_status),
    Generated("docs", ROOT / "docs" / "plan-reference.md", plan_reference),
    Generated("docs", ROOT / "docs" / "settings.md", settings),
    Generated("docs", ROOT / "docs" / "vehicles.md", lambda: vehicles_page(_rows)),
)


def main() -> int:
    """Write or check; the exit code is 1 where a file is stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", nargs="?", choices=sorted({item.kind for item in GENERATED}))
    parser.add_argument("--check", action="store_true", help="write nothing, name what is stale")
    arguments = parser.parse_args()
    stale: list[str] = []
    for item in GENERATED:
        if arguments.kind not in (None, item.kind):
            continue
        text = item.make()
        if item.path.exists() and item.path.read_text(encoding="utf-8") == text:
            continue
        name = item.path.relative_to(ROOT).as_posix()
        if arguments.check:
            stale.append(name)
        else:
            item.path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"wrote {name}\n")
    if stale:
        sys.stderr.write(f"Stale: {', '.join(stale)}. Remedy: make generate\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
