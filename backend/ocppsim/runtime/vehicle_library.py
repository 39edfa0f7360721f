"""The vehicle models that come with the simulator, read once from the package's data."""

from __future__ import annotations

from functools import cache
from importlib import resources

from ocppsim.simulation.vehicle_models import VehicleModels, parse_vehicle_models


@cache
def vehicle_models() -> VehicleModels:
    """The built-in library."""
    data = resources.files("ocppsim.simulation").joinpath("data", "vehicle_models.toml")
    return parse_vehicle_models(data.read_text(encoding="utf-8"))


__all__ = ["vehicle_models"]
