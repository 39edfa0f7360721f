"""The vehicles of all locations, and which of them comes to a session."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ocppsim.simulation.resolved_vehicle import DEFAULT_VEHICLE, ResolvedVehicle

from .errors import UnknownVehicle
from .vehicle_library import vehicle_models


class GarageVehicle(msgspec.Struct, frozen=True):
    """A vehicle with the tags of its drivers."""

    vehicle: ResolvedVehicle
    id_tags: tuple[str, ...] = ()


class Garage:
    """Finds vehicles: the named one, else the one with the tag, else the default car."""

    def __init__(self) -> None:
        self._by_id: dict[int, dict[int, ResolvedVehicle]] = {}
        self._by_tag: dict[int, dict[str, ResolvedVehicle]] = {}

    def set_vehicles(self, location_id: int, vehicles: Sequence[GarageVehicle]) -> None:
        """Replace what stands at a location; the first of several with one tag has it."""
        by_id: dict[int, ResolvedVehicle] = {}
        by_tag: dict[str, ResolvedVehicle] = {}
        for entry in vehicles:
            if entry.vehicle.vehicle_id is not None:
                by_id[entry.vehicle.vehicle_id] = entry.vehicle
            for id_tag in entry.id_tags:
                by_tag.setdefault(id_tag.casefold(), entry.vehicle)
        self._by_id[location_id] = by_id
        self._by_tag[location_id] = by_tag

    def choose(
        self, location_id: int, vehicle_id: int | None, model_id: str | None, id_tag: str | None
    ) -> ResolvedVehicle:
        """The vehicle of that number, one of that model, or the one that the tag comes with.

        Raises :class:`~.errors.UnknownVehicle` and ``UnknownVehicleModel``.
        """
        if vehicle_id is not None:
            return self.by_id(location_id, vehicle_id)
        if model_id is not None:
            return self.by_model(model_id)
        return self.by_id_tag(location_id, id_tag)

    def by_id(self, location_id: int, vehicle_id: int) -> ResolvedVehicle:
        """The vehicle of that number; raises :class:`~.errors.UnknownVehicle`."""
        vehicle = self._by_id.get(location_id, {}).get(vehicle_id)
        if vehicle is None:
            raise UnknownVehicle(vehicle_id)
        return vehicle

    def by_model(self, model_id: str) -> ResolvedVehicle:
        """A car of that model that passes by; raises ``UnknownVehicleModel``."""
        spec = vehicle_models().get(model_id).spec()
        return ResolvedVehicle(
            vehicle_id=None,
            name=spec.name,
            spec=spec,
            soc_percent=DEFAULT_VEHICLE.soc_percent,
        )

    def by_id_tag(self, location_id: int, id_tag: str | None) -> ResolvedVehicle:
        """The vehicle with that tag (in any case, 1.6 ed.2 §7.28), else the default car."""
        if id_tag is None:
            return DEFAULT_VEHICLE
        return self._by_tag.get(location_id, {}).get(id_tag.casefold(), DEFAULT_VEHICLE)


__all__ = ["Garage", "GarageVehicle"]
