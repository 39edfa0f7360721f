"""What a charge point lets people look at beside its connectors; version-neutral, for REST."""

from __future__ import annotations

import msgspec

from .identifiers import ConnectorId


class SchedulePeriodView(msgspec.Struct, frozen=True):
    """A limit from ``start_period_s`` after the schedule's start on, in the schedule's unit."""

    start_period_s: int
    limit: float
    number_phases: int | None = None


class ChargingProfileView(msgspec.Struct, frozen=True):
    """An installed charging profile; date-times are Unix seconds.

    ``unit`` is ``A`` (a phase) or ``W`` (total). ``in_force`` says whether its limit is the
    one that its purpose sets at a connector now.
    """

    charging_profile_id: int
    connector_id: ConnectorId
    stack_level: int
    purpose: str
    kind: str
    recurrency_kind: str | None
    transaction_id: int | None
    valid_from_s: float | None
    valid_to_s: float | None
    start_schedule_s: float | None
    duration_s: int | None
    unit: str
    min_charging_rate: float | None
    periods: tuple[SchedulePeriodView, ...]
    in_force: bool


class CompositeScheduleView(msgspec.Struct, frozen=True):
    """The limits to be expected from ``start_s`` (Unix seconds) on, for ``duration_s``."""

    connector_id: ConnectorId
    start_s: float
    duration_s: int
    unit: str
    periods: tuple[SchedulePeriodView, ...]


class LimitLayerView(msgspec.Struct, frozen=True):
    """One thing that limits a connector, whether it is the strictest or not.

    ``layer`` is ``hardware``, ``cable``, ``charger``, ``site``, ``charge_point_max``,
    ``tx_profile``, ``tx_default_profile``, ``minimum_current`` or ``transaction``. The profile's
    numbers are there for the layers that come from one: ``period_index`` counts from 0,
    ``limit`` and ``unit`` are as the CSMS wrote them. ``power_w``, ``current_a`` (a phase) and
    ``phases`` are what follows from the layer for this connector; ``current_a`` is None for DC.
    It holds until ``until_s`` (Unix seconds; None: no end is foreseen). ``explanation`` is one
    sentence.
    """

    layer: str
    power_w: float
    current_a: float | None
    phases: int | None
    in_force: bool
    explanation: str
    charging_profile_id: int | None = None
    stack_level: int | None = None
    period_index: int | None = None
    limit: float | None = None
    unit: str | None = None
    until_s: float | None = None


class LimitView(msgspec.Struct, frozen=True):
    """The limit in force at a connector and, layer by layer, why.

    ``layer`` names the strictest one; ``offered_power_w`` is what the vehicle is offered now,
    0 where there is no transaction or the connector is suspended.
    """

    connector_id: ConnectorId
    power_w: float
    current_a: float | None
    phases: int | None
    layer: str
    until_s: float | None
    offered_power_w: float
    layers: tuple[LimitLayerView, ...]


class SiteDemand(msgspec.Struct, frozen=True, gc=False):
    """What a connector is for the load management of its site.

    ``draws``: it charges, or would if it got anything. ``power_w`` is its limit but for the
    site's share, on ``phases`` (those in use; 0 for DC). ``began_at_s`` is the start of its
    transaction in Unix seconds, ``stack_level`` that of the profile of the transaction that
    holds; None where there is none. ``told_a`` is the share that it knows of. ``is_steady``: its
    limit does not change by the mere passing of time.
    """

    draws: bool
    power_w: float
    phases: int
    is_steady: bool
    began_at_s: float | None
    stack_level: int | None
    told_a: float | None


class LocalListEntryView(msgspec.Struct, frozen=True):
    """An entry of the local authorization list, as the CSMS sent it."""

    id_tag: str
    status: str
    expiry_date: str | None = None
    parent_id_tag: str | None = None


class LocalListView(msgspec.Struct, frozen=True):
    """The local authorization list; ``enabled`` says whether it is used.

    ``version`` is 0 where there are no entries.
    """

    version: int
    enabled: bool
    entries: tuple[LocalListEntryView, ...]


class ReservationView(msgspec.Struct, frozen=True):
    """A reservation; ``connector_id`` 0 is one of the charge point as a whole."""

    reservation_id: int
    connector_id: ConnectorId
    id_tag: str
    parent_id_tag: str | None
    expires_at_s: float


class FileTransfersView(msgspec.Struct, frozen=True):
    """Where firmware and diagnostics stand, in the words of the standard's statuses."""

    firmware_status: str
    diagnostics_status: str


__all__ = [
    "ChargingProfileView",
    "CompositeScheduleView",
    "FileTransfersView",
    "LimitLayerView",
    "LimitView",
    "LocalListEntryView",
    "LocalListView",
    "ReservationView",
    "SchedulePeriodView",
    "SiteDemand",
]
