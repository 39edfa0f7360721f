"""What the pure functions of smart charging work on: profiles, connectors, limits.

All times are wall-clock times in Unix seconds, since schedules are.
"""

from __future__ import annotations

import msgspec

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.inputs import SiteShare
from ocppsim.protocol.v16.datatypes import ChargingProfile

NOMINAL_VOLTAGE_V = 230.0
"""Line to neutral; W and A are converted by it, not by what is measured (1.6 ed.2 §7.12)."""
MINIMUM_CURRENT_A = 6.0
"""The least that a control pilot can offer (IEC 61851-1): below it the EVSE offers nothing."""


class InstalledProfile(msgspec.Struct, frozen=True):
    """A charging profile and the connector that it was set for (0: the charge point)."""

    connector_id: ConnectorId
    profile: ChargingProfile


class TransactionFacts(msgspec.Struct, frozen=True):
    """The running transaction of a connector; the id is None while the CSMS has given none."""

    started_at_s: float
    transaction_id: int | None


class ConnectorFacts(msgspec.Struct, frozen=True):
    """What the limits of one connector depend on beside the profiles.

    ``phases`` are those of the supply (0 for DC), ``vehicle_phases`` those that the connected
    vehicle uses (None: unknown, counts as all). ``cable_current_a`` is the cable's rating (None:
    no limit), ``vehicle_power_w`` the most that the vehicle can ever take (None: unknown).
    ``draws``: it takes its part of what the connectors share. ``site`` is its share of the site.
    """

    connector_id: ConnectorId
    power_type: str
    max_power_w: float
    phases: int
    vehicle_phases: int | None = None
    cable_current_a: float | None = None
    transaction: TransactionFacts | None = None
    draws: bool = False
    vehicle_power_w: float | None = None
    site: SiteShare | None = None


class ChargePointFacts(msgspec.Struct, frozen=True):
    """Everything that the limits of a charge point follow from.

    ``tx_profile_exhausted_falls_back`` and ``absolute_without_start_is_relative`` are the
    behaviours of AMB-36 and AMB-20. ``shared_power_w`` is what all connectors can take together
    (None: each what it can), in whole modules of ``module_power_w`` (None: in any part).
    """

    connectors: tuple[ConnectorFacts, ...]
    profiles: tuple[InstalledProfile, ...]
    can_switch_phases: bool = False
    tx_profile_exhausted_falls_back: bool = False
    absolute_without_start_is_relative: bool = True
    shared_power_w: float | None = None
    module_power_w: float | None = None


class Layer(msgspec.Struct, frozen=True):
    """One thing that limits a connector at one instant, as its power over ``phases``.

    ``name`` is one of the words of :class:`~ocppsim.chargepoint.views.LimitLayerView`. The
    layer stays as it is until ``until_s`` (infinity: as far as can be foreseen).
    """

    name: str
    power_w: float
    phases: int
    explanation: str
    until_s: float = float("inf")
    installed: InstalledProfile | None = None
    period_index: int | None = None


class ConnectorLimit(msgspec.Struct, frozen=True):
    """What a connector may draw at one instant: the strictest of its layers.

    ``power_w`` over ``phases`` (those in use; 0 for DC) is what its vehicle may take in total;
    0 suspends it. ``offered_power_w`` over ``offered_phases`` is the same current on the phases
    that are switched on, as the hardware wants to hear it. It holds until ``until_s``.
    """

    connector_id: ConnectorId
    power_w: float
    phases: int
    offered_power_w: float
    offered_phases: int
    until_s: float
    layers: tuple[Layer, ...]

    @property
    def current_a(self) -> float | None:
        """A phase; None for DC."""
        if self.phases == 0:
            return None
        return self.power_w / (NOMINAL_VOLTAGE_V * self.phases)


__all__ = [
    "MINIMUM_CURRENT_A",
    "NOMINAL_VOLTAGE_V",
    "ChargePointFacts",
    "ConnectorFacts",
    "ConnectorLimit",
    "InstalledProfile",
    "Layer",
    "TransactionFacts",
]
