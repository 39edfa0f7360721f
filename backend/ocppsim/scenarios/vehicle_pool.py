"""The vehicles of a plan: which one is at home when somebody wants to drive."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import msgspec

from ocppsim.simulation.resolved_vehicle import DEFAULT_VEHICLE, ResolvedVehicle
from ocppsim.simulation.vehicle_models import UnknownVehicleModel, VehicleModels, vehicle_spec

from .plan_fault import Keys, PlanFault, named_in
from .vehicle_plan import VehicleGroup

_LONGEST_TAG = 20
_DEFAULT_GROUP = VehicleGroup(name="Default car", soc_percent=DEFAULT_VEHICLE.soc_percent)


class VehiclePool:
    """The groups of a plan; raises :class:`PlanFault` for a model that there is not."""

    def __init__(self, groups: Sequence[VehicleGroup], models: VehicleModels) -> None:
        self._garages = {
            group.name: _Garage(group, _vehicle(group, models, ("vehicles", place)))
            for place, group in enumerate(groups)
        } or {_DEFAULT_GROUP.name: _Garage(_DEFAULT_GROUP, DEFAULT_VEHICLE)}

    def check(self, names: Sequence[str] | None, place: Keys) -> None:
        """Raise :class:`PlanFault` for a name that no group has."""
        for name in names or ():
            if name not in self._garages:
                known = ", ".join(self._garages)
                raise PlanFault(place, f"there are no vehicles {name!r}; there are {known}")

    def take(
        self,
        names: Sequence[str] | None,
        at_s: float,
        until_s: float,
        random: Random,
        *,
        named: bool,
    ) -> tuple[ResolvedVehicle, str] | None:
        """A vehicle for this time and its tag; None where all are away.

        To be asked in the order of time. A session that is ``named`` in the plan takes place
        even if all vehicles of its group are away.
        """
        garages = [self._garages[name] for name in names or self._garages]
        while garages:
            weights = [garage.group.share for garage in garages]
            garage = random.choices(garages, weights)[0]
            found = garage.take(at_s, until_s, random, anyhow=named)
            if found is not None:
                return found
            garages.remove(garage)
        return None


class _Garage:
    """The vehicles of one group."""

    def __init__(self, group: VehicleGroup, vehicle: ResolvedVehicle) -> None:
        self.group = group
        self._vehicle = vehicle
        self._home_at_s = [0.0] * (group.count or 0)
        self._taken = 0

    def take(
        self, at_s: float, until_s: float, random: Random, *, anyhow: bool
    ) -> tuple[ResolvedVehicle, str] | None:
        self._taken += 1
        number = self._taken
        if self._home_at_s:
            home = [index for index, home_s in enumerate(self._home_at_s) if home_s <= at_s]
            if not home and not anyhow:
                return None
            index = home[random.randrange(len(home))] if home else 0
            self._home_at_s[index] = until_s
            number = index + 1
        tags = self.group.id_tags
        tag = tags[(number - 1) % len(tags)] if tags else self._made_tag(number)
        name = self.group.name if self.group.count == 1 else f"{self.group.name} {number}"
        return msgspec.structs.replace(self._vehicle, name=name), tag

    def _made_tag(self, number: int) -> str:
        end = f"-{number}"
        start = self.group.name.upper().replace(" ", "-")[: _LONGEST_TAG - len(end)]
        return start + end


def _vehicle(group: VehicleGroup, models: VehicleModels, place: Keys) -> ResolvedVehicle:
    try:
        model = None if group.model is None else models.get(group.model)
    except UnknownVehicleModel as error:
        raise PlanFault((*place, "model"), str(error)) from error
    try:
        spec = vehicle_spec(group.name, group.numbers, model)
    except ValueError as error:
        name = named_in(str(error), group.numbers)
        raise PlanFault((*place, *name), str(error)) from error
    return ResolvedVehicle(None, group.name, spec, group.soc_percent)


__all__ = ["VehiclePool"]
