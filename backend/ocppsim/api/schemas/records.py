"""What a charge point keeps for its CSMS: charging profiles, the local list, reservations."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .base import Answer, UtcTime

RateUnit = Literal["A", "W"]
"""A is a current a phase, W the power of all phases together (1.6 ed.2 §7.12)."""

ProfilePurpose = Literal["ChargePointMaxProfile", "TxDefaultProfile", "TxProfile"]

LimitLayerName = Literal[
    "hardware",
    "cable",
    "charger",
    "site",
    "charge_point_max",
    "tx_profile",
    "tx_default_profile",
    "minimum_current",
    "transaction",
]
"""What can limit a connector. ``hardware``: what it is built for; ``cable``: the rating of the
cable in the socket; ``charger``: its part of what all connectors can take together; ``site``: its
share of what the site leaves; ``charge_point_max``, ``tx_profile`` and ``tx_default_profile``:
charging profiles of that purpose; ``minimum_current``: less than a vehicle can use is nothing;
``transaction``: there is none that may take energy."""

Records = Literal["charging-profiles", "reservations", "local-list", "files"]


class SchedulePeriod(Answer):
    """A limit from a moment of a schedule on, until the next period begins."""

    start_period_s: int = Field(description="Counted from the start of the schedule.")
    limit: float = Field(description="In the unit of the schedule.")
    number_phases: int | None = Field(description="How many phases may be used; null: as many.")


class ChargingProfile(Answer):
    """An installed charging profile, as the CSMS wrote it."""

    charging_profile_id: int
    connector_id: int = Field(description="0 is the charge point as a whole.")
    stack_level: int = Field(description="Of two profiles of a purpose the higher one counts.")
    purpose: ProfilePurpose
    kind: Literal["Absolute", "Recurring", "Relative"]
    recurrency_kind: Literal["Daily", "Weekly"] | None
    transaction_id: int | None
    valid_from: UtcTime | None
    valid_to: UtcTime | None
    start_schedule: UtcTime | None
    duration_s: int | None = Field(description="Null: the last period has no end.")
    unit: RateUnit
    min_charging_rate: float | None
    periods: list[SchedulePeriod]
    in_force: bool = Field(
        description="Whether its limit is what its purpose sets at a connector now."
    )


class CompositeSchedule(Answer):
    """What a connector may be expected to allow, as GetCompositeSchedule answers it."""

    connector_id: int
    schedule_start: UtcTime
    duration_s: int
    unit: RateUnit
    periods: list[SchedulePeriod]


class LimitLayer(Answer):
    """One thing that limits a connector, whether it is the strictest or not."""

    layer: LimitLayerName
    in_force: bool = Field(description="Whether it is the one that decides.")
    power_w: float = Field(description="What the connector may give as far as this goes.")
    current_a: float | None = Field(description="The same a phase; null for DC.")
    phases: int | None = Field(description="Over how many phases; null for DC.")
    explanation: str = Field(description="Why, in one sentence.")
    until: UtcTime | None = Field(description="When it changes; null: no end is foreseen.")
    charging_profile_id: int | None = Field(description="Of a profile; null for other layers.")
    stack_level: int | None
    period_index: int | None = Field(description="Which period of the profile, from 0.")
    limit: float | None = Field(description="The limit of that period, in its unit.")
    unit: RateUnit | None


class Limit(Answer):
    """The limit in force at a connector and, layer by layer, why."""

    connector_id: int
    power_w: float = Field(description="What the connector may give.")
    current_a: float | None = Field(description="The same a phase; null for DC.")
    phases: int | None = Field(description="Over how many phases; null for DC.")
    layer: LimitLayerName = Field(description="The layer that decides.")
    until: UtcTime | None = Field(description="When it changes; null: no end is foreseen.")
    offered_power_w: float = Field(
        description="What a vehicle is offered now; 0 without a transaction or while suspended."
    )
    layers: list[LimitLayer]


class LocalListEntry(Answer):
    """A tag of the local authorization list."""

    id_tag: str
    status: Literal["Accepted", "Blocked", "Expired", "Invalid", "ConcurrentTx"]
    expiry_date: UtcTime | None
    parent_id_tag: str | None


class LocalList(Answer):
    """The local authorization list."""

    version: int = Field(description="0: there is no list.")
    enabled: bool = Field(description="The configuration key LocalAuthListEnabled.")
    entries: list[LocalListEntry]


class Reservation(Answer):
    """A reservation that holds."""

    reservation_id: int
    connector_id: int = Field(description="0: of any connector.")
    id_tag: str
    parent_id_tag: str | None
    expires_at: UtcTime
