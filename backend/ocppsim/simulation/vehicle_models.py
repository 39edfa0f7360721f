"""Vehicle models: what cars of one make have in common, and where a vehicle differs from that."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final, Literal, get_args

import msgspec

from ocppsim.physics import CurvePoint, DeratingPoint, VehicleSpec

from .resolved_vehicle import DEFAULT_VEHICLE

VehicleKind = Literal["car", "van", "pickup", "plug-in hybrid"]
VEHICLE_KINDS: Final[tuple[VehicleKind, ...]] = get_args(VehicleKind)

Chemistry = Literal["NMC", "LFP"]

SPEC_NUMBERS: Final = frozenset(VehicleSpec.__struct_fields__) - {"name"}
"""What a model says of a vehicle and a vehicle may say of itself: the fields of its spec."""

_COLD_DERATING: Final[dict[Chemistry, tuple[DeratingPoint, ...]]] = {
    "NMC": (
        DeratingPoint(-10.0, 0.2),
        DeratingPoint(0.0, 0.4),
        DeratingPoint(10.0, 0.65),
        DeratingPoint(25.0, 1.0),
    ),
    "LFP": (
        DeratingPoint(-10.0, 0.1),
        DeratingPoint(0.0, 0.25),
        DeratingPoint(10.0, 0.5),
        DeratingPoint(25.0, 1.0),
    ),
}
"""What a cold battery takes at most, as is usual: plating of lithium forbids more, LFP's sooner."""

_MOST_SUGGESTIONS: Final = 5


class UnknownVehicleModel(Exception):
    """No model of that id; the text names those that may have been meant."""

    def __init__(self, model_id: str, near: Iterable[str] = ()) -> None:
        suggestions = ", ".join(near)
        hint = f"; did you mean {suggestions}?" if suggestions else ""
        super().__init__(
            f"there is no vehicle model {model_id!r}{hint} (GET /api/vehicle-models lists them)"
        )
        self.model_id = model_id


class VehicleModel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A model by its ``id``; the other names are those of ``VehicleSpec``, with their meaning.

    ``battery_capacity_kwh`` is the usable capacity, ``dc_charging_curve`` that of a warm battery
    at a charger that gives what the car can take.
    """

    id: str
    brand: str
    name: str
    kind: VehicleKind
    chemistry: Chemistry
    battery_capacity_kwh: float
    nominal_voltage_v: float
    ac_phases: int
    ac_max_power_kw: float
    ac_min_current_a: float = 6.0
    ac_efficiency: float = 0.9
    ac_ramp_a_per_s: float = 0.0
    reaction_delay_s: float = 0.0
    dc_max_power_kw: float = 0.0
    dc_charging_curve: tuple[CurvePoint, ...] = ()
    dc_efficiency: float = 0.95
    dc_ramp_kw_per_s: float = 0.0

    @property
    def cold_derating(self) -> tuple[DeratingPoint, ...]:
        """What its battery takes when it comes cold: that is its chemistry's."""
        return _COLD_DERATING[self.chemistry]

    @property
    def full_name(self) -> str:
        """The brand and the model: Renault Zoe ZE50."""
        return f"{self.brand} {self.name}"

    def spec(self) -> VehicleSpec:
        """A vehicle as the model says; raises ``ValueError`` where its numbers cannot be."""
        return vehicle_spec(self.full_name, {}, self)


class VehicleModels:
    """A library of models, in the order of their ids."""

    def __init__(self, models: Iterable[VehicleModel]) -> None:
        self._by_id = {model.id: model for model in sorted(models, key=lambda each: each.id)}

    def __iter__(self) -> Iterator[VehicleModel]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def find(self, model_id: str | None) -> VehicleModel | None:
        """The model of that id, None where there is none."""
        return None if model_id is None else self._by_id.get(model_id)

    def get(self, model_id: str) -> VehicleModel:
        """The model of that id; raises :class:`UnknownVehicleModel`."""
        model = self._by_id.get(model_id)
        if model is None:
            raise UnknownVehicleModel(model_id, self._near(model_id))
        return model

    def search(self, text: str) -> list[VehicleModel]:
        """The models in whose id, brand, name or kind every word of ``text`` occurs."""
        words = text.casefold().split()
        return [model for model in self if all(word in _searched(model) for word in words)]

    def _near(self, model_id: str) -> list[str]:
        """The ids that ``model_id`` may have been meant to be, the likeliest first."""
        plain = model_id.casefold().replace(" ", "-").replace("_", "-")
        close = get_close_matches(plain, self._by_id, _MOST_SUGGESTIONS, cutoff=0.6)
        found = [model.id for model in self.search(plain.replace("-", " ")) if plain.strip("-")]
        return list(dict.fromkeys(close + found))[:_MOST_SUGGESTIONS]


def parse_vehicle_models(text: str) -> VehicleModels:
    """The models of a TOML text: a table a model, named by its id; a curve is ``[soc, kW]`` pairs.

    Raises ``ValueError`` for what is no such text, or has numbers that cannot be.
    """
    models: list[VehicleModel] = []
    for model_id, entry in tomllib.loads(text).items():
        fields = {**entry, "id": model_id}
        try:
            curve = msgspec.convert(entry.get("dc_charging_curve", []), list[tuple[float, float]])
            fields["dc_charging_curve"] = [CurvePoint(soc, power) for soc, power in curve]
            model = msgspec.convert(fields, VehicleModel)
            model.spec()
        except (msgspec.ValidationError, ValueError) as error:
            raise ValueError(f"vehicle model {model_id}: {error}") from error
        models.append(model)
    return VehicleModels(models)


def vehicle_spec(
    name: str, own: Mapping[str, Any], model: VehicleModel | None = None
) -> VehicleSpec:
    """A vehicle with its own numbers, else its model's, else those of the default car.

    With another number of AC phases it keeps its model's power a phase. ``own`` goes by the
    names of ``VehicleSpec``, in JSON's types; None is as if it were not there, and a name that no
    spec has says nothing. Raises ``ValueError`` where the numbers cannot be.
    """
    numbers = msgspec.structs.asdict(DEFAULT_VEHICLE.spec)
    if model is not None:
        said = SPEC_NUMBERS.intersection(model.__struct_fields__)
        numbers.update((field, getattr(model, field)) for field in said)
        numbers["cold_derating"] = model.cold_derating
        phases = own.get("ac_phases")
        if phases is not None:
            numbers["ac_max_power_kw"] *= phases / model.ac_phases
    numbers["name"] = name
    numbers.update(
        (field, value)
        for field, value in own.items()
        if field in SPEC_NUMBERS and value is not None
    )
    try:
        return msgspec.convert(numbers, VehicleSpec)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from None


def _searched(model: VehicleModel) -> str:
    return f"{model.id} {model.full_name} {model.kind}".casefold()


__all__ = [
    "SPEC_NUMBERS",
    "VEHICLE_KINDS",
    "Chemistry",
    "UnknownVehicleModel",
    "VehicleKind",
    "VehicleModel",
    "VehicleModels",
    "parse_vehicle_models",
    "vehicle_spec",
]
