"""A part of a fleet that runs by itself, in another process or on another machine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b

import msgspec

from ocppsim.scenarios.planned_fleet import PlannedFleet


class Shard(msgspec.Struct, frozen=True):
    """The part ``index`` (from 0) of ``count``."""

    index: int
    count: int

    def has(self, charge_point_id: str) -> bool:
        """Whether a charger is in this part."""
        return self.index == part_index(charge_point_id, self.count)


def part_index(charge_point_id: str, count: int) -> int:
    """Which part of so many a charger is in.

    That follows from its id alone, and changes for one charger in ``count`` + 1 only when there is
    one part more (rendezvous hashing).
    """
    return max(range(count), key=lambda part: _weight(charge_point_id, part))


def part_of(fleet: PlannedFleet, shard: Shard) -> PlannedFleet:
    """The chargers of a part, and who comes to them; all parts together are the whole.

    A visit that may take one of many chargers comes to the part of one of them, and takes one
    there. Raises ``ValueError`` for a fleet with a site: its power cannot be divided so.
    """
    return _parts(fleet, shard.count, [shard.index])[0]


def parts_of(fleet: PlannedFleet, count: int) -> list[PlannedFleet]:
    """All parts of so many that have chargers; raises as :func:`part_of` does."""
    return [part for part in _parts(fleet, count, range(count)) if part.chargers]


def _parts(fleet: PlannedFleet, count: int, indices: Iterable[int]) -> list[PlannedFleet]:
    if fleet.site is not None and count > 1:
        raise ValueError("the chargers of a site divide its power, and belong together")
    part_at = [part_index(one.definition.charge_point_id, count) for one in fleet.chargers]
    return [_part(fleet, part_at, index) for index in indices]


def _part(fleet: PlannedFleet, part_at: Sequence[int], index: int) -> PlannedFleet:
    mine = [place for place, part in enumerate(part_at) if part == index]
    places = {place: n for n, place in enumerate(mine)}
    visits = [
        msgspec.structs.replace(
            visit, chargers=tuple(places[place] for place in visit.chargers if place in places)
        )
        for visit in fleet.visits
        if visit.chargers[visit.seed % len(visit.chargers)] in places
    ]
    disturbances = [
        msgspec.structs.replace(one, charger=places[one.charger])
        for one in fleet.disturbances
        if one.charger in places
    ]
    calls = [
        msgspec.structs.replace(call, charger=places[call.charger])
        for call in fleet.csms.calls
        if call.charger in places
    ]
    return msgspec.structs.replace(
        fleet,
        chargers=tuple(fleet.chargers[place] for place in mine),
        visits=tuple(visits),
        disturbances=tuple(disturbances),
        csms=msgspec.structs.replace(fleet.csms, calls=tuple(calls)),
    )


def _weight(charge_point_id: str, part: int) -> bytes:
    return blake2b(f"{part}/{charge_point_id}".encode(), digest_size=8).digest()


__all__ = ["Shard", "part_index", "part_of", "parts_of"]
