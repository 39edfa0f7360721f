"""The chargers of a plan: groups of them that are alike."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from ocppsim.protocol.v16.enums import Measurand

from .part import (
    LONGEST_ID,
    ChargePointId,
    Number,
    Part,
    Power,
    Text20,
    Text50,
    Whole,
    charge_point_id_problem,
)
from .plan_fault import Misplaced

Rotation = Literal["RST", "RTS", "SRT", "STR", "TRS", "TSR"]
MOST_CHARGERS = 100_000


class ConnectorPlan(Part):
    """One connector of a charger."""

    power_type: Literal["AC", "DC"] = Field(default="AC", description="`AC` or `DC`.")
    max_power_w: Power | None = Field(
        default=None, description="Default: 22080 (three phases), 7360 (one), 150000 (DC)."
    )
    phases: Literal[1, 3] = Field(default=3, description="Of an AC connector: 1 or 3.")
    cable: Literal["socket", "tethered"] | None = Field(
        default=None, description="Default: socket; for DC tethered."
    )


class MeterPlan(Part):
    """The meter of each connector."""

    accuracy_class_percent: Annotated[Number, Field(ge=0, le=20)] = Field(
        default=0.0, description="The largest deviation of what it shows."
    )
    resolution_wh: Annotated[Number, Field(ge=0, le=100_000)] = Field(
        default=0.0, description="The step of its register."
    )
    measurands: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="What it can measure; default: all."
    )

    @field_validator("measurands")
    @classmethod
    def _known(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for place, name in enumerate(value or ()):
            if name not in set(Measurand):
                known = ", ".join(Measurand)
                raise Misplaced(f"there is no measurand {name}; there are {known}", place)
        if value is not None and Measurand.Energy_Active_Import_Register not in value:
            raise ValueError(
                f"without {Measurand.Energy_Active_Import_Register} no transaction can be metered"
            )
        return value


def _number_or_list(value: object) -> object:
    if type(value) in {int, list, tuple}:
        return value
    raise ValueError(
        f"it must be the number of connectors, or a list: [{{power_type: DC}}], not {value!r}"
    )


def _setting(value: object) -> object:
    if type(value) in {str, bool, int}:
        return value
    raise ValueError(f"it must be a text, a whole number, true or false, not {value!r}")


Connectors = Annotated[
    Annotated[int, Field(ge=1, le=100)]
    | Annotated[tuple[ConnectorPlan, ...], Field(min_length=1, max_length=100)],
    BeforeValidator(_number_or_list),
]
Setting = Annotated[str | bool | int, BeforeValidator(_setting)]


class ChargerGroup(ConnectorPlan):
    """Chargers that are alike; what is not said is as the template says, else as by default."""

    count: Annotated[Whole, Field(ge=1, le=MOST_CHARGERS)] = Field(
        default=1, description="How many; instead of `ids`."
    )
    id_prefix: str = Field(
        default="CP", description="Their charge point ids: the prefix and a number, `CP001` on."
    )
    first_number: Annotated[Whole, Field(ge=0)] = Field(default=1, description="The first number.")
    ids: tuple[ChargePointId, ...] | None = Field(
        default=None, min_length=1, description="The charge point ids one by one."
    )
    template: str | None = Field(
        default=None, description="A charger model: see `GET /api/charger-templates`."
    )
    connectors: Connectors = Field(
        default=1, description="How many, all alike, or a list of connectors with these fields."
    )
    charge_point_vendor: Text20 | None = Field(default=None, description="chargePointVendor.")
    charge_point_model: Text20 | None = Field(default=None, description="chargePointModel.")
    firmware_version: Text50 | None = Field(default=None, description="firmwareVersion.")
    phase_rotation: Rotation | Literal["alternate"] = Field(
        default="RST",
        description="How L1, L2, L3 are wired; `alternate`: RST, STR, TRS from charger to charger.",
    )
    shared_power_w: Power | None = Field(
        default=None, description="What all connectors can take together; default: no bound."
    )
    module_power_w: Power | None = Field(
        default=None, description="The shared power is divided in whole modules of this."
    )
    meter: MeterPlan = Field(default=MeterPlan(), description="The meter of each connector.")
    configuration: dict[str, Setting] = Field(
        default_factory=dict[str, Setting], description="OCPP configuration keys."
    )
    behaviour: dict[str, str] = Field(
        default_factory=dict[str, str], description="Choices where OCPP leaves one."
    )

    @model_validator(mode="after")
    def _ids_or_count(self) -> Self:
        if self.ids is not None and {"count", "id_prefix", "first_number"} & self.model_fields_set:
            raise ValueError("give either ids, or count with id_prefix and first_number")
        seen: set[str] = set()
        for place, one in enumerate(self.ids or ()):
            if one in seen:
                raise Misplaced(f"the id {one} stands twice", "ids", place)
            seen.add(one)
        problem = charge_point_id_problem(self.charge_point_ids[-1])
        if problem is not None:
            last = len(self.charge_point_ids[-1])
            raise Misplaced(f"{problem}, the last one here has {last}", "first_number")
        return self

    @field_validator("id_prefix")
    @classmethod
    def _begins_an_id(cls, value: str) -> str:
        problem = charge_point_id_problem(value + "001")
        if problem is not None:
            raise ValueError(f"{problem}, not {value[: 2 * LONGEST_ID]!r} and a number")
        return value

    @property
    def charge_point_ids(self) -> tuple[str, ...]:
        """Of all chargers of the group, in order."""
        if self.ids is not None:
            return self.ids
        last = self.first_number + self.count - 1
        width = max(3, len(str(last)))
        return tuple(
            f"{self.id_prefix}{number:0{width}}" for number in range(self.first_number, last + 1)
        )


__all__ = ["MOST_CHARGERS", "ChargerGroup", "ConnectorPlan", "MeterPlan"]
