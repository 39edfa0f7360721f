"""Who comes when: the sessions of a plan, and arrivals by chance drawn from a seed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from random import Random

import msgspec

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.simulation.resolved_vehicle import ResolvedVehicle
from ocppsim.simulation.visit import Visit

from .quantities import DAY_S, HOUR_S
from .trace_plan import TracePlan, TraceRow
from .vehicle_pool import VehiclePool
from .visit_plan import DAYS, ArrivalPlan, SessionPlan, VisitPlan

_THURSDAY = 3
"""The day of the week of 1970-01-01, counted from Monday."""


class Arrivals:
    """Makes the visits of a run; those that no vehicle could make are counted.

    Each arrival pattern has a random generator of its own, by its name or else by its place among
    the patterns, so that others change nothing in it but which vehicles it finds at home.
    """

    def __init__(
        self, pool: VehiclePool, *, start_epoch_s: float, duration_s: float, seed: int
    ) -> None:
        self.without_vehicle = 0
        self._pool = pool
        self._start_epoch_s = start_epoch_s
        self._duration_s = duration_s
        self._seed = seed
        self._wishes: list[_Wish] = []
        self._names: set[str] = set()

    def add_session(self, session: SessionPlan, charger: int) -> None:
        """A session of the plan, at a charger's place in the run."""
        at_s = session.at.after(self._start_epoch_s)
        if session.duration is not None:
            departs_at_s = at_s + session.duration
        elif session.departs_at is not None and session.departs_at.kind == "clock":
            # The next one from the arrival on
            departs_at_s = at_s + session.departs_at.after(self._start_epoch_s + at_s)
        elif session.departs_at is not None:
            departs_at_s = session.departs_at.after(self._start_epoch_s)
        else:
            raise AssertionError("the plan lets no session be without an end")
        groups = None if session.vehicle is None else (session.vehicle,)
        seed = Random(f"{self._seed}/sessions/{len(self._wishes)}").getrandbits(32)
        self._add_named(
            _Wish(
                session,
                at_s,
                departs_at_s,
                (charger,),
                groups,
                seed,
                session.soc_percent,
                session.energy_kwh,
                session.connector,
                session.id_tag,
                named=True,
            )
        )

    def add_row(
        self, trace: TracePlan, row: TraceRow, number: tuple[int, int], chargers: tuple[int, ...]
    ) -> None:
        """A row of a trace; ``number`` is that of the trace and of the row in it."""
        at_s, departs_at_s = row.begins_and_ends_s(self._start_epoch_s)
        seed = Random(f"{self._seed}/traces/{number[0]}/{number[1]}").getrandbits(32)
        self._add_named(
            _Wish(
                trace,
                round(at_s, 3),
                departs_at_s,
                chargers,
                trace.vehicles if row.vehicle is None else (row.vehicle,),
                seed,
                row.soc_percent,
                row.energy_kwh,
                row.connector,
                row.id_tag,
                named=True,
            )
        )

    def _add_named(self, wish: _Wish) -> None:
        if wish.at_s < 0.0 or wish.departs_at_s <= wish.at_s:
            raise ValueError("it must begin after the start, and end after it has begun")
        self._wishes.append(wish)

    def add_pattern(self, pattern: ArrivalPlan, number: int, chargers: tuple[int, ...]) -> None:
        """Arrivals by chance at some of these chargers."""
        random = Random(f"{self._seed}/arrivals/{entry_key(pattern.name, number, self._names)}")
        per_day = pattern.per_day
        if per_day is None:
            per_day = (pattern.per_charger_per_day or 0.0) * len(chargers)
        for at_s in self._instants(pattern, per_day, random):
            stay_s = pattern.stay_h.draw(random) * HOUR_S
            self._wishes.append(
                _Wish(
                    pattern,
                    at_s,
                    at_s + stay_s,
                    chargers,
                    pattern.vehicles,
                    random.getrandbits(32),
                    None if pattern.soc_percent is None else pattern.soc_percent.draw(random),
                    None if pattern.energy_kwh is None else pattern.energy_kwh.draw(random),
                )
            )

    def visits(self) -> list[Visit]:
        """All of them in the order of time; a vehicle that is away comes to nothing else."""
        numbers = count(1)
        visits: list[Visit] = []
        for wish in sorted(self._wishes, key=lambda wish: wish.at_s):
            found = self._pool.take(
                wish.groups, wish.at_s, wish.departs_at_s, Random(wish.seed), named=wish.named
            )
            if found is None:
                self.without_vehicle += 1
                continue
            vehicle, id_tag = found
            visits.append(wish.visit(next(numbers), vehicle, id_tag))
        return visits

    def _instants(self, pattern: ArrivalPlan, per_day: float, random: Random) -> Sequence[float]:
        """A Poisson process whose rate changes from hour to hour."""
        weights = pattern.by_hour or (1.0,) * 24
        total = sum(weights)
        end_epoch_s = self._start_epoch_s + self._duration_s
        slot_s = self._start_epoch_s - self._start_epoch_s % HOUR_S
        instants: list[float] = []
        while slot_s < end_epoch_s:
            day, second = divmod(slot_s, DAY_S)
            expected = per_day * weights[int(second // HOUR_S)] / total
            if expected > 0.0 and DAYS[int(day + _THURSDAY) % 7] in pattern.days:
                at_s = slot_s + random.expovariate(expected) * HOUR_S
                while at_s < slot_s + HOUR_S:
                    if self._start_epoch_s <= at_s < end_epoch_s:
                        instants.append(round(at_s - self._start_epoch_s, 3))
                    at_s += random.expovariate(expected) * HOUR_S
            slot_s += HOUR_S
        return instants


def entry_key(name: str | None, number: int, names: set[str]) -> str:
    """What an entry of a plan draws by: its name; its place without one, or if it is in ``names``.

    ``names`` are those of the entries before; its own is added.
    """
    if name is None or name in names:
        return str(number)
    names.add(name)
    return f"name {name}"


class _Wish(msgspec.Struct, frozen=True):
    """A visit before it is known which vehicle makes it."""

    plan: VisitPlan
    at_s: float
    departs_at_s: float
    chargers: tuple[int, ...]
    groups: tuple[str, ...] | None
    seed: int
    soc_percent: float | None = None
    energy_kwh: float | None = None
    connector: int | None = None
    id_tag: str | None = None
    named: bool = False
    """It takes place even if all vehicles of its group are away."""

    def visit(self, number: int, vehicle: ResolvedVehicle, id_tag: str) -> Visit:
        plan, connector = self.plan, self.connector
        if self.soc_percent is not None:
            vehicle = msgspec.structs.replace(vehicle, soc_percent=self.soc_percent)
        return Visit(
            number=number,
            at_s=self.at_s,
            departs_at_s=round(self.departs_at_s, 3),
            chargers=self.chargers,
            connector_id=None if connector is None else ConnectorId(connector),
            vehicle=vehicle,
            id_tag=self.id_tag or id_tag,
            start_by=plan.start_by,
            tag_after_s=plan.tag_after_s,
            leaves_when_done=plan.leaves_when_done,
            energy_wh=None if self.energy_kwh is None else self.energy_kwh * 1000.0,
            seed=self.seed,
        )


__all__ = ["Arrivals", "entry_key"]
