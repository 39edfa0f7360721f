"""What a fleet runs on: this process, several of them, or a cluster."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Generator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from ocppsim.fleet.run_listener import RunListener
from ocppsim.fleet.run_storage import DATABASE_NAME, DatabasePlace
from ocppsim.fleet.shard import Shard, part_of, parts_of
from ocppsim.persistence import PersistenceError
from ocppsim.persistence.database_url import POSTGRESQL, parse_database_url
from ocppsim.scenarios.plan import Plan
from ocppsim.scenarios.planned_fleet import PlannedFleet

from .failures import CommandFailed
from .fleet_actor import NodeJournal
from .fleet_cluster import connected_cluster, run_in_cluster
from .fleet_processes import run_in_processes
from .fleet_session import PartOrder, run_here
from .open_files import too_many_chargers

EngineName = Literal["processes", "ray"]


class Engine(Protocol):
    """Runs a fleet."""

    def __call__(self, stopped: asyncio.Event, listener: RunListener, /) -> Awaitable[int]:
        """Returns how many transactions are left open."""
        ...


class EngineChoice(msgspec.Struct, frozen=True):
    """What the options of the command say; ``shard`` is the part that ``--shard`` names."""

    name: EngineName = "processes"
    processes: int | None = None
    address: str | None = None
    journal_dir: Path | None = None
    database_url: str | None = None
    shard: str | None = None

    def chosen_of(self, fleet: PlannedFleet) -> PlannedFleet:
        """The chargers that are to run. Raises ``CommandFailed`` for what does not go together."""
        if self.name != "ray":
            for option, given in (("--address", self.address), ("--journal-dir", self.journal_dir)):
                if given is not None:
                    raise CommandFailed(f"{option} is for --engine ray")
        if self.database_url is not None:
            _check_database_url(self.database_url)
        if self.shard is None:
            if (self.processes or 1) > 1:
                self.parts_of(fleet, 2)
            return fleet
        if self.name == "ray" or (self.processes or 1) > 1:
            raise CommandFailed("--shard: a shard runs in one process")
        return _shard_of(fleet, self.shard)

    def parts_of(self, fleet: PlannedFleet, count: int) -> list[PlannedFleet]:
        """Raises ``CommandFailed`` for a fleet that cannot be divided."""
        try:
            return parts_of(fleet, count)
        except ValueError as error:
            raise CommandFailed(f"--processes: {error}") from error


@contextmanager
def fleet_engine(
    choice: EngineChoice,
    plan: Plan,
    chosen: PlannedFleet,
    directory: Path,
    *,
    whole: int,
    log_level: str,
) -> Generator[Engine]:
    """The engine for the chosen chargers of ``whole``; ``directory`` is the run's.

    Raises ``CommandFailed`` where they cannot be run so.
    """
    run = f"{directory.name}-{secrets.token_hex(4)}"

    def orders(parts: Sequence[PlannedFleet]) -> list[PartOrder]:
        names = _database_names(len(parts))
        places = (
            [DatabasePlace.file(directory / name) for name in names]
            if choice.database_url is None
            else [DatabasePlace(choice.database_url, _schema(run, name)) for name in names]
        )
        return [
            PartOrder(plan, part, place, whole, log_level)
            for part, place in zip(parts, places, strict=True)
        ]

    if choice.name == "ray":
        with connected_cluster(choice.address, choice.processes) as cluster:
            if choice.address is not None:
                cluster.check_versions()
            cores = sum(node.cores for node in cluster.nodes().values())
            parts = orders(choice.parts_of(chosen, choice.processes or max(1, cores)))
            journals = None
            if choice.address is not None and choice.database_url is None:
                shared = None if choice.journal_dir is None else str(choice.journal_dir.absolute())
                names = _database_names(len(parts))
                journals = [NodeJournal(run, name, shared) for name in names]
            yield partial(run_in_cluster, cluster, parts, journals)
        return
    processes = choice.processes or 1
    too_many = too_many_chargers(-(-len(chosen.chargers) // processes))
    if too_many is not None:
        raise CommandFailed(f"{too_many}; --processes spreads them over several")
    if processes == 1:
        yield partial(run_here, orders([chosen])[0])
    else:
        yield partial(run_in_processes, orders(choice.parts_of(chosen, processes)))


def _shard_of(fleet: PlannedFleet, shard: str) -> PlannedFleet:
    index, _, count = shard.partition("/")
    if not (index.isdecimal() and count.isdecimal() and 1 <= int(index) <= int(count) <= 1000):
        raise CommandFailed(f"--shard: it is a part like 2/3, not {shard!r}")
    try:
        part = part_of(fleet, Shard(int(index) - 1, int(count)))
    except ValueError as error:
        raise CommandFailed(f"--shard: {error}") from error
    if not part.chargers:
        raise CommandFailed(f"--shard: part {shard} has none of {len(fleet.chargers)} chargers")
    return part


def _check_database_url(url: str) -> None:
    try:
        kind = parse_database_url(url).get_backend_name()
    except PersistenceError as error:
        raise CommandFailed(f"--database-url: {error}") from error
    if kind != POSTGRESQL:
        raise CommandFailed("--database-url is for PostgreSQL; else the run's folder has the files")


def _database_names(parts: int) -> list[str]:
    if parts == 1:
        return [DATABASE_NAME]
    path = Path(DATABASE_NAME)
    return [f"{path.stem}-{number}{path.suffix}" for number in range(1, parts + 1)]


def _schema(run: str, database_name: str) -> str:
    """``load_20260302_080000_1a2b3c4d_fleet_1``, of the 63 characters that a name may have."""
    words = re.sub(r"[^a-z0-9]+", "_", f"{run}-{Path(database_name).stem}".lower())
    return words[-60:].strip("_")


__all__ = ["Engine", "EngineChoice", "EngineName", "fleet_engine"]
