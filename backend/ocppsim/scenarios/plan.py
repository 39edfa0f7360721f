"""The plan of a site, version 1: what is there, who comes, what the CSMS does, what is written.

The field descriptions are the reference in docs/plan-reference.md (``make docs-tables``).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

import msgspec
from pydantic import Field, StringConstraints, field_validator, model_validator

from ocppsim.physics.site import SiteDefinition
from ocppsim.protocol.errors import CallFailure
from ocppsim.protocol.v16.actions import ACTIONS
from ocppsim.protocol.v16.codec import decode_request
from ocppsim.protocol.v16.enums import Measurand
from ocppsim.simulation.vehicle_models import SPEC_NUMBERS, vehicle_spec
from ocppsim.simulation.visit import StartBy

from .quantities import Distribution, Duration, Instant, Part, Time

IdTag = Annotated[str, StringConstraints(min_length=1, max_length=20)]
ChargePointId = Annotated[str, StringConstraints(pattern=r"^[!-.0-~]{1,48}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]+$")]
Percent = Annotated[float, Field(ge=0, le=100)]
Power = Annotated[float, Field(gt=0, le=10_000_000)]
KeyValue = str | bool | int
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Rotation = Literal["RST", "RTS", "SRT", "STR", "TRS", "TSR"]
TagStatus = Literal["Blocked", "Expired", "Invalid", "ConcurrentTx"]
Answers = dict[IdTag, TagStatus]


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

    accuracy_class_percent: Annotated[float, Field(ge=0, le=20)] = Field(
        default=0.0, description="The largest deviation of what it shows."
    )
    resolution_wh: Annotated[float, Field(ge=0, le=100_000)] = Field(
        default=0.0, description="The step of its register."
    )
    measurands: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="What it can measure; default: all."
    )

    @field_validator("measurands")
    @classmethod
    def _known(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for name in value or ():
            if name not in set(Measurand):
                raise ValueError(f"there is no measurand {name}")
        if value is not None and Measurand.Energy_Active_Import_Register not in value:
            raise ValueError(
                f"without {Measurand.Energy_Active_Import_Register} no transaction can be metered"
            )
        return value


class ChargerGroup(ConnectorPlan):
    """Chargers that are alike; what is not said is as the template says, else as by default."""

    count: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=1, description="How many; instead of `ids`."
    )
    id_prefix: str = Field(
        default="CP", description="Their charge point ids: the prefix and a number, `CP001` on."
    )
    first_number: Annotated[int, Field(ge=0)] = Field(default=1, description="The first number.")
    ids: tuple[ChargePointId, ...] | None = Field(
        default=None, min_length=1, description="The charge point ids one by one."
    )
    template: str | None = Field(
        default=None, description="A charger model: see `GET /api/charger-templates`."
    )
    connectors: (
        Annotated[int, Field(ge=1, le=100)]
        | Annotated[tuple[ConnectorPlan, ...], Field(min_length=1, max_length=100)]
    ) = Field(
        default=1, description="How many, all alike, or a list of connectors with these fields."
    )
    charge_point_vendor: Annotated[str, Field(min_length=1, max_length=20)] | None = Field(
        default=None, description="chargePointVendor."
    )
    charge_point_model: Annotated[str, Field(min_length=1, max_length=20)] | None = Field(
        default=None, description="chargePointModel."
    )
    firmware_version: Annotated[str, Field(min_length=1, max_length=50)] | None = Field(
        default=None, description="firmwareVersion."
    )
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
    configuration: dict[str, KeyValue] = Field(
        default_factory=dict[str, KeyValue], description="OCPP configuration keys."
    )
    behaviour: dict[str, str] = Field(
        default_factory=dict[str, str], description="Choices where OCPP leaves one."
    )

    @model_validator(mode="after")
    def _ids_or_count(self) -> Self:
        if self.ids is not None and {"count", "id_prefix", "first_number"} & self.model_fields_set:
            raise ValueError("either ids, or count with id_prefix and first_number")
        if len(set(self.charge_point_ids)) != len(self.charge_point_ids):
            raise ValueError("ids: one stands twice")
        if len(self.charge_point_ids[-1]) > 48:
            raise ValueError("id_prefix and number: an id has at most 48 characters")
        return self

    @field_validator("id_prefix")
    @classmethod
    def _printable(cls, value: str) -> str:
        if not value.isascii() or not value.isprintable() or set(value) & set(" /"):
            raise ValueError("it must be printable ASCII without blanks and '/'")
        if len(value) > 40:
            raise ValueError("it has at most 40 characters")
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


class VehicleGroup(Part):
    """Vehicles that are alike; beside these fields, any number that a vehicle may have."""

    model_config = Part.model_config | {"extra": "allow"}

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,49}$")] = Field(
        description="What sessions and arrivals call them."
    )
    model: str | None = Field(
        default=None, description="A vehicle model: see `GET /api/vehicle-models`."
    )
    count: Annotated[int, Field(ge=1, le=100_000)] | None = Field(
        default=None, description="How many there are; default: as many as come."
    )
    share: Annotated[float, Field(gt=0)] = Field(
        default=1.0, description="Their weight where arrivals may be of several groups."
    )
    id_tags: tuple[IdTag, ...] | None = Field(
        default=None, min_length=1, description="Used in turn; default: one made for each vehicle."
    )
    soc_percent: Percent = Field(
        default=30.0, description="On arrival, where the arrival does not say."
    )

    @model_validator(mode="after")
    def _known_numbers(self) -> Self:
        for name in self.numbers:
            if name not in SPEC_NUMBERS:
                raise ValueError(
                    f"there is no field {name}; a vehicle has {', '.join(sorted(SPEC_NUMBERS))}"
                )
        vehicle_spec(self.name, self.numbers)
        return self

    @property
    def numbers(self) -> dict[str, Any]:
        """Its own numbers, by the names of ``VehicleSpec``."""
        return dict(self.model_extra or {})


class VisitPlan(Part):
    """How a driver behaves, in a session or on arrivals."""

    start_by: StartBy = Field(
        default="tag",
        description="`tag`: the driver shows it; `remote`: the CSMS starts; `plug`: nobody does"
        " anything (free vending).",
    )
    tag_after_s: Annotated[float, Field(ge=0, le=86_400)] = Field(
        default=10.0, description="From plugging in to the tag or the remote start."
    )
    leaves_when_done: bool = Field(
        default=False, description="Leaves as soon as the vehicle asks for no more."
    )


class SessionPlan(VisitPlan):
    """One session."""

    at: Time = Field(description="When the vehicle plugs in.")
    charger: str = Field(description="The charge point id.")
    connector: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="Default: any that is free."
    )
    vehicle: str | None = Field(default=None, description="A group of `vehicles`; default car.")
    id_tag: IdTag | None = Field(default=None, description="Default: that of the vehicle.")
    soc_percent: Percent | None = Field(default=None, description="On arrival.")
    energy_kwh: Annotated[float, Field(gt=0)] | None = Field(
        default=None, description="The vehicle asks for no more than that."
    )
    departs_at: Time | None = Field(default=None, description="When it leaves; or `duration`.")
    duration: Duration | None = Field(default=None, description="How long it stays.")

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if (self.departs_at is None) == (self.duration is None):
            raise ValueError("either departs_at or duration")
        return self


class ArrivalPlan(VisitPlan):
    """Vehicles that come by chance."""

    name: Name | None = Field(default=None, description="For people to read.")
    per_day: Annotated[float, Field(ge=0, le=1_000_000)] | None = Field(
        default=None, description="How many come on an average day; or the next."
    )
    per_charger_per_day: Annotated[float, Field(ge=0, le=1_000)] | None = Field(
        default=None, description="The same for each charger that they may come to."
    )
    by_hour: Annotated[tuple[Annotated[float, Field(ge=0)], ...], Field(min_length=24)] | None = (
        Field(
            default=None,
            max_length=24,
            description="24 weights: how they spread over the day (UTC); default: evenly.",
        )
    )
    days: tuple[Day, ...] = Field(
        default=DAYS, min_length=1, description="On which days of the week; default: on all."
    )
    vehicles: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="Groups of `vehicles`; default: of all."
    )
    chargers: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="Charge point ids, `*` for any; default: all."
    )
    stay_h: Distribution = Field(description="How long they stay, in hours.")
    soc_percent: Distribution | None = Field(
        default=None, description="On arrival; default: as the vehicle says."
    )
    energy_kwh: Distribution | None = Field(
        default=None, description="A vehicle asks for no more than that."
    )

    @field_validator("vehicles", "chargers", "days", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    @model_validator(mode="after")
    def _rates(self) -> Self:
        if (self.per_day is None) == (self.per_charger_per_day is None):
            raise ValueError("either per_day or per_charger_per_day")
        if self.by_hour is not None and not sum(self.by_hour) > 0.0:
            raise ValueError("by_hour: at least one hour must be above 0")
        for name, distribution, low, high in (
            ("stay_h", self.stay_h, 0.0, 10_000.0),
            ("soc_percent", self.soc_percent, 0.0, 100.0),
            ("energy_kwh", self.energy_kwh, 0.0, 10_000.0),
        ):
            if distribution is not None:
                least, most = distribution.bounds
                if least < low or most > high:
                    raise ValueError(f"{name}: it must be from {low:g} to {high:g} (give bounds)")
        return self


class AtChargers(Part):
    """Something that the CSMS sends to chargers at a time."""

    at: Time = Field(description="When.")
    every: Annotated[Duration, Field(ge=1)] | None = Field(
        default=None, description="Again and again after so long."
    )
    chargers: tuple[str, ...] = Field(
        default=("*",), min_length=1, description="Charge point ids, `*` for any; default: all."
    )

    @field_validator("chargers", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value


class ProfilePlan(AtChargers):
    """A charging profile that the CSMS sets."""

    connector: Annotated[int, Field(ge=0)] = Field(default=0, description="connectorId.")
    profile: dict[str, Any] = Field(description="csChargingProfiles as in OCPP.")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_call("SetChargingProfile", self.payload, "profile")
        return self

    @property
    def payload(self) -> dict[str, Any]:
        """Of SetChargingProfile."""
        return {"connectorId": self.connector, "csChargingProfiles": self.profile}


class CallPlan(AtChargers):
    """Any CALL of the CSMS."""

    action: str = Field(description="The action: `Reset`, `ChangeConfiguration`, …")
    payload: dict[str, Any] = Field(
        default_factory=dict[str, Any], description="Its payload as in OCPP."
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_call(self.action, self.payload, "payload")
        return self


class CsmsPlan(Part):
    """How the CSMS behaves."""

    heartbeat_interval_s: Annotated[int, Field(ge=1)] = Field(
        default=300, description="What BootNotification is answered with."
    )
    answer_delay_s: Annotated[float, Field(ge=0, lt=25)] = Field(
        default=0.0, description="How long each answer takes."
    )
    accepted_tags: tuple[IdTag, ...] | None = Field(
        default=None, description="All others are Invalid; default: all but the refused ones."
    )
    refused_tags: Answers = Field(
        default_factory=dict[IdTag, TagStatus],
        description="A tag and its status: Blocked, Expired, Invalid or ConcurrentTx.",
    )
    profiles: tuple[ProfilePlan, ...] = Field(default=(), description="Charging profiles.")
    calls: tuple[CallPlan, ...] = Field(default=(), description="Whatever else it sends.")


class OutputPlan(Part):
    """What is written, and how often is looked."""

    directory: Annotated[str, StringConstraints(pattern=r"^[^\x00]+$")] | None = Field(
        default=None, description="Default: the name of the plan's file and `-out`."
    )
    format: Literal["csv", "parquet"] = Field(default="csv", description="`csv` or `parquet`.")
    interval_s: Annotated[float, Field(ge=1, le=86_400)] = Field(
        default=60.0, description="How often meters and site are looked at."
    )
    meters: bool = Field(default=True, description="Write `meters`.")
    messages: bool = Field(default=True, description="Write `messages`.")


class Plan(Part):
    """A plan."""

    version: Literal[1] = Field(description="1.")
    name: Name = Field(default="Site", description="For people to read.")
    seed: Annotated[int, Field(ge=0)] = Field(
        default=0, description="The same plan with the same seed gives the same."
    )
    start: Instant = Field(description="ISO 8601 date-time of the beginning; UTC without a zone.")
    duration: Annotated[Duration, Field(gt=0, le=366 * 86_400)] = Field(
        description="How long it goes on: `24h`, `7d`, `1h30m` or seconds."
    )
    site: dict[str, Any] | None = Field(
        default=None, description="The grid connection and how it is shared; default: no limit."
    )
    chargers: tuple[ChargerGroup, ...] = Field(min_length=1, description="Groups of chargers.")
    vehicles: tuple[VehicleGroup, ...] = Field(default=(), description="Groups of vehicles.")
    sessions: tuple[SessionPlan, ...] = Field(default=(), description="Sessions one by one.")
    arrivals: tuple[ArrivalPlan, ...] = Field(default=(), description="Sessions by chance.")
    csms: CsmsPlan = Field(default=CsmsPlan(), description="How the CSMS behaves.")
    outputs: OutputPlan = Field(default=OutputPlan(), description="What is written.")

    @model_validator(mode="after")
    def _names(self) -> Self:
        ids = [one for group in self.chargers for one in group.charge_point_ids]
        if len(ids) > 100_000:
            raise ValueError("chargers: more than 100000")
        if len(set(ids)) != len(ids):
            twice = next(one for one in ids if ids.count(one) > 1)
            raise ValueError(f"chargers: the id {twice} stands twice")
        names = [group.name for group in self.vehicles]
        if len(set(names)) != len(names):
            raise ValueError("vehicles: a name stands twice")
        _ = self.site_definition
        return self

    @property
    def site_definition(self) -> SiteDefinition | None:
        """Raises ``ValueError`` where ``site`` cannot be."""
        if self.site is None:
            return None
        unknown = self.site.keys() - set(SiteDefinition.__struct_fields__)
        if unknown:
            raise ValueError(f"site: there is no field {min(unknown)}")
        try:
            return msgspec.convert(self.site, SiteDefinition)
        except (msgspec.ValidationError, ValueError) as error:
            raise ValueError(f"site: {error}") from None


def check_call(action: str, payload: dict[str, Any], name: str) -> None:
    """Raise ``ValueError`` for a CALL that a CSMS cannot send."""
    known = ACTIONS.get(action)
    if known is None or not known.sent_by_central_system:
        raise ValueError(f"action: a CSMS sends no {action}")
    try:
        decode_request(action, msgspec.json.encode(payload))
    except CallFailure as failure:
        raise ValueError(f"{name}: {failure.description}") from None


__all__ = [
    "DAYS",
    "ArrivalPlan",
    "CallPlan",
    "ChargerGroup",
    "ConnectorPlan",
    "CsmsPlan",
    "MeterPlan",
    "OutputPlan",
    "Plan",
    "ProfilePlan",
    "SessionPlan",
    "VehicleGroup",
    "VisitPlan",
]
