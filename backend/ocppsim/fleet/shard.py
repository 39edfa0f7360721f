"""A part of a fleet that runs by itself, in another process or on another machine."""

from __future__ import annotations

from hashlib import blake2b

import msgspec

from ocppsim.scenarios.planned_fleet import PlannedFleet


class Shard(msgspec.Struct, frozen=True):
    """The part ``index`` (from 0) of ``count``."""

    index: int
    count: int

    def has(self, charge_point_id: str) -> bool:
        """Whether a charger is in this part.

        That follows from its id alone, and changes for one charger in ``count`` + 1 only when
        there is one part more (rendezvous hashing).
        """
        return self.index == max(range(self.count), key=lambda part: _weight(charge_point_id, part))


def part_of(fleet: PlannedFleet, shard: Shard) -> PlannedFleet:
    """The chargers of a part, and who comes to them; all parts together are the whole.

    A visit that may take one of many chargers comes to the part of one of them, and takes one
    there. Raises ``ValueError`` for a fleet with a site: its power cannot be divided so.
    """
    if fleet.site is not None and shard.count > 1:
        raise ValueError("the chargers of a site divide its power, and belong together")
    mine = [shard.has(one.definition.charge_point_id) for one in fleet.chargers]
    places = {place: n for n, place in enumerate(p for p, is_mine in enumerate(mine) if is_mine)}
    visits = [
        msgspec.structs.replace(
            visit, chargers=tuple(places[place] for place in visit.chargers if mine[place])
        )
        for visit in fleet.visits
        if mine[visit.chargers[visit.seed % len(visit.chargers)]]
    ]
    disturbances = [
        msgspec.structs.replace(one, charger=places[one.charger])
        for one in fleet.disturbances
        if mine[one.charger]
    ]
    calls = [
        msgspec.structs.replace(call, charger=places[call.charger])
        for call in fleet.csms.calls
        if mine[call.charger]
    ]
    return msgspec.structs.replace(
        fleet,
        chargers=tuple(fleet.chargers[place] for place in places),
        visits=tuple(visits),
        disturbances=tuple(disturbances),
        csms=msgspec.structs.replace(fleet.csms, calls=tuple(calls)),
    )


def _weight(charge_point_id: str, part: int) -> bytes:
    return blake2b(f"{part}/{charge_point_id}".encode(), digest_size=8).digest()


__all__ = ["Shard", "part_of"]
