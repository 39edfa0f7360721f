"""When and where something goes wrong: drawn from the seed for each charger by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.simulation.fleet_disturbances import Disturbance

from .disturbance_plan import DisturbancePlan
from .plan import Plan
from .quantities import DAY_S


def disturbances_of(
    what: DisturbancePlan, plan: Plan, key: str, chargers: Sequence[tuple[int, str]]
) -> Iterator[Disturbance]:
    """Those that one entry of the plan comes to, at chargers (place in the run, id).

    ``key`` tells the entry from others: with it, the seed and the id of a charger the same comes,
    whatever else there is in the plan.
    """
    for place, charge_point_id in chargers:
        random = Random(f"{plan.seed}/disturbances/{key}/{charge_point_id}")
        for at_s in _instants(what, plan, random):
            minutes = 0.0 if what.lasts_min is None else what.lasts_min.draw(random)
            yield Disturbance(
                what.kind,
                place,
                round(at_s, 3),
                round(at_s + minutes * 60.0, 3),
                ConnectorId(what.connector),
                what.error_code.value,
                what.latency_ms,
                what.jitter_ms,
                what.loss,
            )


def _instants(what: DisturbancePlan, plan: Plan, random: Random) -> Iterator[float]:
    at_s = 0.0
    if what.at is None:
        gap_s = DAY_S / (what.per_charger_per_day or 1.0)
        while (at_s := at_s + random.expovariate(1.0) * gap_s) <= plan.duration:
            yield at_s
        return
    at_s = what.at.after(plan.start)
    while at_s <= plan.duration:
        if what.share >= 1.0 or random.random() < what.share:
            yield at_s
        if what.every is None:
            return
        at_s += what.every


__all__ = ["disturbances_of"]
