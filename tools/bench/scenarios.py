"""What is measured, and with which fleets."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from .figures import Figures
from .options import Options
from .peers import run_client, running_csms
from .stored_fleet import store_fleet


class Scenario(StrEnum):
    """One question to the product."""

    CLOSED_LOOP = "closed-loop"
    """The next sample falls due when the answer arrives; also memory, and connecting."""
    PACED = "paced"
    """One MeterValues a second and charger."""
    MANY = "many"
    """As many chargers as one process may have sockets for; how fast does one answer?"""
    IDLE = "idle"
    """Ten thousand that hardly say anything; how fast is the API meanwhile?"""


class Fleet(NamedTuple):
    """So many chargers, each with a sample every ``interval_s``."""

    chargers: int
    interval_s: int
    heartbeat_s: int
    calls_a_second: int = 0
    """Of the CSMS."""
    against_thin: bool = False
    closed: bool = False
    api: bool = False


_FLEETS = {
    # The interval only has to be longer than a round trip
    Scenario.CLOSED_LOOP: Fleet(5_000, 30, 300, against_thin=True, closed=True),
    Scenario.PACED: Fleet(5_000, 1, 300, against_thin=True),
    Scenario.MANY: Fleet(19_000, 1, 300, calls_a_second=50),
    Scenario.IDLE: Fleet(10_000, 30, 60, api=True),
}


class Found:
    """All figures of all runs."""

    def __init__(self) -> None:
        self._runs: dict[tuple[Scenario, str], list[Figures]] = {}

    def add(self, scenario: Scenario, figures: Figures) -> None:
        self._runs.setdefault((scenario, figures.program), []).append(figures)

    def values(self, scenario: Scenario, program: str, name: str) -> list[float]:
        """One figure of all runs that have it."""
        runs = self._runs.get((scenario, program), [])
        return [value for run in runs if (value := getattr(run, name)) is not None]

    def chargers(self, scenario: Scenario) -> int:
        """How many there were; 0 where the scenario was not run."""
        runs = self._runs.get((scenario, "product"))
        return runs[0].chargers if runs else 0


def run_all(
    scenarios: Iterable[Scenario], folder: Path, *, repeats: int, window_s: float, scale: float
) -> Generator[tuple[Scenario, Figures]]:
    """Run each, thin loop and product in turn, so that a slow minute slows both."""
    for scenario in scenarios:
        fleet = _FLEETS[scenario]
        fleet = fleet._replace(chargers=max(10, round(fleet.chargers * scale)))
        for repeat in range(repeats):
            for program in ("thin", "product") if fleet.against_thin else ("product",):
                path = folder / f"{scenario}-{repeat}.db"
                yield scenario, run_program(program, fleet, path, window_s)
                path.unlink(missing_ok=True)


def run_program(program: str, fleet: Fleet, path: Path, window_s: float) -> Figures:
    """One run of ``thin`` or ``product``, whose database is made at ``path``."""
    with running_csms(fleet.heartbeat_s) as csms:
        if program == "product":
            store_fleet(
                path,
                fleet.chargers,
                csms.port,
                interval_s=fleet.interval_s,
                heartbeat_s=fleet.heartbeat_s,
            )
        options = Options(
            port=csms.port,
            chargers=fleet.chargers,
            closed=fleet.closed,
            interval_s=fleet.interval_s,
            window_s=window_s,
            database=str(path) if program == "product" else "",
            api=fleet.api,
        )
        return run_client(program, options, csms, fleet.calls_a_second)
