"""The vehicles of a plan: groups of them that are alike."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from ocppsim.simulation.vehicle_models import SPEC_NUMBERS, vehicle_spec

from .part import IdTag, Number, Part, Percent, Whole, no_such_field
from .plan_fault import Misplaced, misplaced


class VehicleGroup(Part):
    """Vehicles that are alike; beside these fields, any number that a vehicle may have."""

    model_config = Part.model_config | {"extra": "allow"}

    name: Annotated[str, StringConstraints(min_length=1, max_length=50)] = Field(
        description="What sessions and arrivals call them."
    )
    model: str | None = Field(
        default=None, description="A vehicle model: see `GET /api/vehicle-models`."
    )
    count: Annotated[Whole, Field(ge=1, le=100_000)] | None = Field(
        default=None, description="How many there are; default: as many as come."
    )
    share: Annotated[Number, Field(gt=0, le=1e9)] = Field(
        default=1.0, description="Their weight where arrivals may be of several groups."
    )
    id_tags: tuple[IdTag, ...] | None = Field(
        default=None, min_length=1, description="Used in turn; default: one made for each vehicle."
    )
    soc_percent: Percent = Field(
        default=30.0, description="On arrival, where the arrival does not say."
    )

    @field_validator("name")
    @classmethod
    def _begins_a_tag(cls, value: str) -> str:
        # The tags that are made of it are OCPP's, and a charge point may refuse others
        if not value.isascii() or not value[0].isalnum() or set(value) - set(_IN_NAMES):
            raise ValueError(
                "it must begin with a letter or digit of ASCII, and have only these, blanks and"
                f" '.', '_', '-', not {value!r}"
            )
        return value

    @model_validator(mode="after")
    def _known_numbers(self) -> Self:
        fields = SPEC_NUMBERS | set(type(self).model_fields)
        for name in self.numbers:
            if name not in SPEC_NUMBERS:
                raise Misplaced(no_such_field(name, fields), name)
        try:
            vehicle_spec(self.name, self.numbers)
        except ValueError as error:
            raise misplaced(str(error), self.numbers) from error
        return self

    @property
    def numbers(self) -> dict[str, Any]:
        """Its own numbers, by the names of ``VehicleSpec``."""
        return dict(self.model_extra or {})


_IN_NAMES = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ._-"

__all__ = ["VehicleGroup"]
