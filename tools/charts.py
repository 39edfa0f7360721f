"""Draws the charts of docs/physics.md from the models, or (``--check``) says which are stale."""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, cast

import matplotlib as mpl
from matplotlib.figure import Figure

from ocppsim.main import CONTROLLER_FACTORY, charger_templates, check_behaviour
from ocppsim.physics import Evse, Noise, Reading, Vehicle, VehicleSpec
from ocppsim.runtime.vehicle_library import vehicle_models
from ocppsim.scenarios.plan_text import parse_plan
from ocppsim.scenarios.planned_fleet import planned_fleet
from ocppsim.simulation.fleet_records import MessageRow, MeterRow, SessionRow, SiteRow
from ocppsim.simulation.fleet_run import FleetRun

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "images" / "physics"

_STYLE = {
    "svg.hashsalt": "ocppsim",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.3,
    "legend.frameon": False,
}
_DC_CARS = ("hyundai-ioniq-5-77", "tesla-model-3-lr", "renault-zoe-ze50")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_TOLERANCE = 0.5
"""In points of the drawing: what the last digits of another machine's libraries may move."""


def _svg(figure: Figure) -> str:
    text = io.StringIO()
    # Partly untyped there
    cast("Any", figure).savefig(text, format="svg", metadata={"Date": None}, bbox_inches="tight")
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"


def _figure(rows: int, height_in: float) -> tuple[Figure, list[Any]]:
    figure = Figure(figsize=(8.0, height_in), layout="constrained")
    axes = figure.subplots(rows, 1, sharex=True, squeeze=False)
    return figure, [row[0] for row in axes]


def _session(
    evse: Evse, spec: VehicleSpec, soc_percent: float, offers_w: dict[int, float], step_s: int = 15
) -> list[tuple[float, Reading]]:
    """A charge until the battery is full: (minutes, reading); offers in W by their second."""
    evse.connect(Vehicle(spec, soc_percent), 0.0)
    seen: list[tuple[float, Reading]] = []
    for second in count(0, step_s):
        if second in offers_w:
            evse.offer(offers_w[second], float(second))
        reading = evse.read(float(second))
        seen.append((second / 60.0, reading))
        if not evse.vehicle or not evse.vehicle.draws or second > 86_400:
            return seen
    raise AssertionError("seconds never end")


def ac_session() -> str:
    """Three phases, 11 kW on board, with the offer lowered, taken away and given back."""
    kilowatts_a_ampere = 3 * 230.0
    offers_w = {
        0: 16 * kilowatts_a_ampere,
        3600: 8 * kilowatts_a_ampere,
        5400: 0.0,
        6300: 32 * kilowatts_a_ampere,
    }
    spec = VehicleSpec("A car of 60 kWh", battery_capacity_kwh=60.0, ac_max_power_kw=11.0)
    evse = Evse(power_type="AC", max_power_w=22_080.0, phases=3, noise=Noise(Random(1)))
    seen = _session(evse, spec, 40.0, offers_w)
    minutes = [minute for minute, _ in seen]
    figure, (power, current, soc) = _figure(3, 6.5)
    power.plot(minutes, [one.power_offered_w / 1000 for _, one in seen], "k--", lw=1)
    power.plot(minutes, [one.power_w / 1000 for _, one in seen], color="C0")
    power.set_ylabel("Power in kW\n(dashed: offered)")
    current.plot(minutes, [one.current_offered_a for _, one in seen], "k--", lw=1)
    current.plot(minutes, [one.current_a for _, one in seen], color="C1")
    current.set_ylabel("Current a phase in A\n(dashed: offered)")
    soc.plot(minutes, [one.soc_percent for _, one in seen], color="C2")
    soc.set_ylabel("SoC in %")
    soc.set_xlabel("Minutes since plugging in")
    return _svg(figure)


def dc_sessions() -> str:
    """Three cars at 350 kW, against the points of the curves that they are known by."""
    figure, (power, voltage) = _figure(2, 6.5)
    models = vehicle_models()
    for number, model_id in enumerate(_DC_CARS):
        model = models.get(model_id)
        evse = Evse(power_type="DC", max_power_w=350_000.0, phases=0, noise=Noise(Random(1)))
        seen = _session(evse, model.spec(), 0.0, {0: 350_000.0})
        soc_percent = [one.soc_percent for _, one in seen]
        color = f"C{number}"
        points = model.dc_charging_curve
        power.plot(soc_percent, [one.power_w / 1000 for _, one in seen], color=color)
        power.plot(
            [point.soc_percent for point in points],
            [point.power_kw for point in points],
            "o",
            color=color,
            label=model.full_name,
        )
        charging = [one for _, one in seen if one.power_w > 0]
        voltage.plot(
            [one.soc_percent for one in charging],
            [one.voltage_v for one in charging],
            color=color,
        )
    power.set_ylabel("Power in kW\n(dots: published curve)")
    power.legend()
    voltage.set_ylabel("Voltage in V")
    voltage.set_xlabel("SoC in %")
    return _svg(figure)


class _SiteRows:
    """Keeps what a run tells of its site, and nothing else."""

    def __init__(self) -> None:
        self.rows: list[SiteRow] = []

    def site(self, row: SiteRow) -> None:
        self.rows.append(row)

    def meter(self, row: MeterRow) -> None: ...

    def session(self, row: SessionRow) -> None: ...

    def message(self, row: MessageRow) -> None: ...


def site_day() -> str:
    """What a small office takes from a grid connection of 100 A a phase."""
    plan = parse_plan((ROOT / "examples" / "plans" / "office.yaml").read_text("utf-8"))
    fleet = planned_fleet(
        plan,
        templates=charger_templates(None),
        models=vehicle_models(),
        controller_factory=CONTROLLER_FACTORY,
        check_behaviour=check_behaviour,
    )
    if fleet.site is None or fleet.site.grid_limit_a_per_phase is None:
        raise ValueError("the plan of the office has a grid limit in A")
    limit_a = fleet.site.grid_limit_a_per_phase
    kept = _SiteRows()
    run = FleetRun(
        fleet.chargers,
        fleet.visits,
        fleet.csms,
        CONTROLLER_FACTORY,
        kept,
        start_epoch_s=plan.start,
        seed=plan.seed,
        sample_interval_s=300.0,
        check_wire=False,
        site=fleet.site,
    )
    run.advance_to(plan.duration)
    hours = [(row.time - plan.start) / 3600.0 for row in kept.rows]
    figure, (power, current, sessions) = _figure(3, 8.0)
    power.plot(hours, [row.base_load_w / 1000 for row in kept.rows], color="C7", label="building")
    power.plot(hours, [row.pv_w / 1000 for row in kept.rows], color="C1", label="PV")
    power.plot(hours, [row.charging_power_w / 1000 for row in kept.rows], color="C0", label="cars")
    power.plot(hours, [row.grid_power_w / 1000 for row in kept.rows], color="k", label="grid")
    power.axhline(limit_a * 3 * 0.23, color="C3", ls="--", lw=1, label="grid limit")
    power.set_ylabel("Power in kW")
    power.legend(ncols=5, loc="upper center", bbox_to_anchor=(0.5, 1.18))
    for phase in (1, 2, 3):
        amperes = [getattr(row, f"charging_l{phase}_a") for row in kept.rows]
        current.plot(hours, amperes, label=f"L{phase}")
    left = [limit_a - (row.base_load_w - row.pv_w) / (3 * 230.0) for row in kept.rows]
    current.plot(hours, left, "--", color="C3", lw=1, label="left for cars")
    current.set_ylabel("Current of the\ncars in A")
    current.set_ylim(top=125)
    current.legend(ncols=4, loc="upper right")
    sessions.plot(hours, [row.plugged_in_vehicles for row in kept.rows], "C7", label="plugged in")
    sessions.plot(hours, [row.charging_sessions for row in kept.rows], "C0", label="charging")
    sessions.set_ylabel("Cars")
    sessions.yaxis.get_major_locator().set_params(integer=True)
    sessions.legend()
    sessions.set_xlabel("Hour of the day (UTC)")
    sessions.set_xticks(range(0, 25, 3))
    return _svg(figure)


CHARTS: dict[str, Callable[[], str]] = {
    "ac-session": ac_session,
    "dc-sessions": dc_sessions,
    "site-day": site_day,
}


def is_same_drawing(one: str, other: str) -> bool:
    """Whether two SVGs say the same, but for the last digits of coordinates."""
    if _NUMBER.sub("#", one) != _NUMBER.sub("#", other):
        return False
    pairs = zip(_NUMBER.findall(one), _NUMBER.findall(other), strict=True)
    return all(a == b or abs(float(a) - float(b)) <= _TOLERANCE for a, b in pairs)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, name what is stale")
    check: bool = parser.parse_args(arguments).check
    stale: list[str] = []
    with cast("Any", mpl).rc_context(_STYLE):
        for name, draw in CHARTS.items():
            path = FOLDER / f"{name}.svg"
            drawn = draw()
            if path.exists() and is_same_drawing(path.read_text("utf-8"), drawn):
                continue
            if check:
                stale.append(name)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(drawn, "utf-8")
                sys.stdout.write(f"wrote {path.relative_to(ROOT)}\n")
    for name in stale:
        sys.stderr.write(f"docs/images/physics/{name}.svg is stale: run `make charts`\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
