"""The limit in force at the connectors of a charge point, and why (1.6 ed.2 §3.13.1-3.13.3).

What a connector may draw is the smallest of its layers: what its hardware and cable can carry,
its part of what the whole charger can take, its share of the site, its part of the
ChargePointMaxProfile, and its TxProfile or else TxDefaultProfile (SC-20).

**Units.** For AC a limit is in the end a current a phase, at the nominal 230 V (§7.12). A limit
in A is just that, whatever its numberPhases says (errata 3.34). One in W is the total: it is
divided by the number of phases in use, that is by those that both the supply and the connected
vehicle have; if the charge point can switch phases, numberPhases makes them fewer. A DC
connector has W; a limit in A is one of its supply from the grid, A x 230 V x numberPhases (3
where absent). An AC connector that is left with less than 6 A a phase offers nothing, unless its
hardware has no more.

**Sharing.** The ChargePointMaxProfile is divided among the connectors that draw, in its own
unit: equal parts, and what one cannot use because of its own stricter limit goes to the others.
Where equal parts would be below the minimum current, connectors are let in in the order in which
their transactions began, and the last ones wait at 0. One that does not draw, or that cannot
because its own limit is below the minimum, takes no part; it sees what it would get if it began.
"""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.protocol.v16.datatypes import ChargingSchedulePeriod
from ocppsim.protocol.v16.enums import ChargingProfilePurposeType as Purpose
from ocppsim.protocol.v16.enums import ChargingRateUnitType as Unit

from . import explanation, stacking
from .model import (
    MINIMUM_CURRENT_A,
    NOMINAL_VOLTAGE_V,
    ChargePointFacts,
    ConnectorFacts,
    ConnectorLimit,
    Layer,
)
from .sharing import Pot, Sharer
from .stacking import Prevailing

GRID_PHASES = 3
"""What a DC charger is supplied with, and what an absent numberPhases means (§7.12)."""

LAYER_OF = {
    Purpose.ChargePointMaxProfile: "charge_point_max",
    Purpose.TxProfile: "tx_profile",
    Purpose.TxDefaultProfile: "tx_default_profile",
}
_OF_HARDWARE = ("hardware", "cable")
_TOLERANCE = 1e-9
_HIGHEST_W = 1e300


class _Own(msgspec.Struct, frozen=True):
    """A connector by itself: all of its layers but its part of what is shared.

    ``phases`` are those in use, 0 for DC; ``until_s`` ends what its profiles say.
    """

    connector: ConnectorFacts
    phases: int
    offered_phases: int
    layers: tuple[Layer, ...]
    until_s: float

    @property
    def power_w(self) -> float:
        return min(layer.power_w for layer in self.layers)


def connector_limits(
    facts: ChargePointFacts,
    at_s: float,
    assumed_start_s: float | None = None,
    *,
    only: Collection[ConnectorId] | None = None,
    explain: bool = True,
) -> dict[ConnectorId, ConnectorLimit]:
    """The limits of all connectors at ``at_s``, each with the instant until which it holds.

    With ``only`` those of some, which saves the work for the others.

    Where no transaction runs, schedules that are relative to its start are taken as if it had
    begun at ``assumed_start_s`` (``at_s`` unless given). Without ``explain`` the explanations are
    empty, which takes half the time.
    """
    start_s = at_s if assumed_start_s is None else assumed_start_s
    whole = stacking.of_charge_point(facts, at_s, start_s)
    owns = [
        _own(facts, connector, whole, at_s, start_s, explain=explain)
        for connector in facts.connectors
    ]
    if facts.shared_power_w is not None:
        owns = _with_charger(facts.shared_power_w, facts.module_power_w, owns, explain=explain)
    shared = _Shared(whole, owns, at_s, explain=explain)
    return {
        own.connector.connector_id: shared.limit(own)
        for own in owns
        if only is None or own.connector.connector_id in only
    }


def connector_limit(
    facts: ChargePointFacts,
    connector_id: ConnectorId,
    at_s: float,
    assumed_start_s: float | None = None,
    *,
    explain: bool = True,
) -> ConnectorLimit:
    """As :func:`connector_limits`, of one; raises ``KeyError`` for one that is not there."""
    found = connector_limits(facts, at_s, assumed_start_s, only=(connector_id,), explain=explain)
    return found[connector_id]


def _own(
    facts: ChargePointFacts,
    connector: ConnectorFacts,
    whole: Prevailing,
    at_s: float,
    assumed_start_s: float,
    *,
    explain: bool,
) -> _Own:
    found = stacking.of_connector(facts, connector, at_s, assumed_start_s)
    phases, offered_phases = _phases(facts, connector, [whole.period, found.period])
    layers = _physical_layers(connector, phases, explain=explain)
    if found.installed is not None and found.period is not None:
        profile = found.installed.profile
        layers.append(
            Layer(
                name=LAYER_OF[profile.charging_profile_purpose],
                power_w=_power_w(found.period.limit, _unit_w(found, phases)),
                phases=phases,
                explanation=explanation.of_profile(found, phases, at_s) + "." if explain else "",
                until_s=found.until_s,
                installed=found.installed,
                period_index=found.period_index,
            )
        )
    return _Own(connector, phases, offered_phases, tuple(layers), found.until_s)


def _phases(
    facts: ChargePointFacts,
    connector: ConnectorFacts,
    periods: list[ChargingSchedulePeriod | None],
) -> tuple[int, int]:
    """The phases in use and those that are switched on."""
    if connector.phases == 0:
        return 0, 0
    in_use = min(connector.phases, connector.vehicle_phases or connector.phases)
    if not facts.can_switch_phases:
        return in_use, connector.phases
    wanted = min((_number_of_phases(period) for period in periods if period), default=GRID_PHASES)
    return (wanted, wanted) if wanted < in_use else (in_use, connector.phases)


def _number_of_phases(period: ChargingSchedulePeriod) -> int:
    # 1.6 ed.2 §7.14; no vehicle has more
    return max(1, min(GRID_PHASES, period.number_phases or GRID_PHASES))


def _physical_layers(connector: ConnectorFacts, phases: int, *, explain: bool) -> list[Layer]:
    power_w = connector.max_power_w
    current_a = 0.0
    if phases:
        current_a = power_w / (NOMINAL_VOLTAGE_V * connector.phases)
        if phases < connector.phases:
            power_w = current_a * NOMINAL_VOLTAGE_V * phases
    why = explanation.of_hardware(connector, current_a) if explain else ""
    layers = [Layer("hardware", power_w, phases, why)]
    if connector.cable_current_a is not None and phases:
        cable_w = connector.cable_current_a * NOMINAL_VOLTAGE_V * phases
        why = explanation.of_cable(connector.cable_current_a) if explain else ""
        layers.append(Layer("cable", cable_w, phases, why))
    site = connector.site
    if site is not None:
        site_w = site.current_a * NOMINAL_VOLTAGE_V * (phases or GRID_PHASES)
        layers.append(Layer("site", site_w, phases, site.explain() if explain else ""))
    return layers


def _with_charger(
    shared_w: float, module_w: float | None, owns: list[_Own], *, explain: bool
) -> list[_Own]:
    """The connectors with their parts of what the charger can take, as a layer of their own.

    A part follows from what the others can use, so it holds as long as their layers do.
    """
    until_s = min((own.until_s for own in owns if own.connector.draws), default=float("inf"))
    sharers = {own.connector.connector_id: _power_sharer(own) for own in owns}
    drawing = [sharers[own.connector.connector_id] for own in owns if own.connector.draws]
    pot = Pot(shared_w, drawing, module_w)
    found: list[_Own] = []
    for own in owns:
        part = pot.part(sharers[own.connector.connector_id])
        why = explanation.of_charger(shared_w, module_w, part) if explain else ""
        layers = [*own.layers]
        hardware = sum(layer.name in _OF_HARDWARE for layer in layers)
        layers.insert(hardware, Layer("charger", part.amount, own.phases, why, until_s))
        found.append(
            msgspec.structs.replace(own, layers=tuple(layers), until_s=min(own.until_s, until_s))
        )
    return found


def _power_sharer(own: _Own) -> Sharer:
    """A connector that wants power; its vehicle may not be able to use all that it could give."""
    connector = own.connector
    most_w = own.power_w
    if connector.vehicle_power_w is not None:
        most_w = min(most_w, connector.vehicle_power_w)
    least_w = _least_a(connector) * NOMINAL_VOLTAGE_V * own.phases
    transaction = connector.transaction
    return Sharer(
        connector_id=connector.connector_id,
        least=least_w,
        most=most_w,
        since_s=float("inf") if transaction is None else transaction.started_at_s,
    )


def _unit_w(found: Prevailing, phases: int) -> float:
    """What one unit of a limit comes to at a connector with ``phases`` in use (0: DC)."""
    installed, period = found.installed, found.period
    if installed is None or period is None:
        return 1.0
    if installed.profile.charging_schedule.charging_rate_unit is Unit.W:
        return 1.0
    return NOMINAL_VOLTAGE_V * (phases or _number_of_phases(period))


def _power_w(limit: float, unit_w: float) -> float:
    """A limit as power: finite, however high the CSMS has set it."""
    return min(limit * unit_w, _HIGHEST_W)


def _least_a(connector: ConnectorFacts) -> float:
    """The least that an AC connector offers; one that is weaker as it is offers what it has."""
    if connector.phases == 0:
        return 0.0
    return min(MINIMUM_CURRENT_A, connector.max_power_w / (NOMINAL_VOLTAGE_V * connector.phases))


class _Shared:
    """The connectors with what the ChargePointMaxProfile leaves to each."""

    def __init__(self, whole: Prevailing, owns: list[_Own], at_s: float, *, explain: bool) -> None:
        self._whole = whole
        self._at_s = at_s
        self._explain = explain
        self._until_s = whole.until_s
        if whole.installed is not None:
            self._until_s = min(
                [self._until_s, *(own.until_s for own in owns if own.connector.draws)]
            )
        self._pot = Pot(
            0.0 if whole.period is None else whole.period.limit,
            [self._sharer(own) for own in owns if own.connector.draws],
        )

    def limit(self, own: _Own) -> ConnectorLimit:
        until_s = min(own.until_s, self._until_s)
        layers = [*own.layers]
        if self._whole.installed is not None:
            physical = sum(layer.installed is None for layer in layers)
            layers.insert(physical, self._part(own, until_s))
        power_w = min(layer.power_w for layer in layers)
        if own.phases:
            current_a = power_w / (NOMINAL_VOLTAGE_V * own.phases)
            if 0 < current_a < _least_a(own.connector) - _TOLERANCE:
                power_w = 0.0
                why = explanation.of_minimum(current_a) if self._explain else ""
                layers.append(Layer("minimum_current", 0.0, own.phases, why, until_s))
        offered_w = power_w
        if own.phases and own.offered_phases != own.phases:
            offered_w = power_w / own.phases * own.offered_phases
        return ConnectorLimit(
            connector_id=own.connector.connector_id,
            power_w=power_w,
            phases=own.phases,
            offered_power_w=offered_w,
            offered_phases=own.offered_phases,
            until_s=until_s,
            layers=tuple(layers),
        )

    def _part(self, own: _Own, until_s: float) -> Layer:
        """What is left for a connector, as a layer; it holds as long as what it follows from."""
        part = self._pot.part(self._sharer(own))
        unit_w = _unit_w(self._whole, own.phases)
        said = ""
        if self._explain:
            said = explanation.of_profile(self._whole, own.phases, self._at_s)
            if part.waits:
                said += explanation.OF_WAITING
            elif part.others:
                unit = "W" if unit_w == 1 else "A"
                amount = f"{explanation.number(part.amount)} {unit}"
                said += explanation.of_part(amount, part.others)
            said += "."
        return Layer(
            name=LAYER_OF[Purpose.ChargePointMaxProfile],
            power_w=_power_w(part.amount, unit_w),
            phases=own.phases,
            explanation=said,
            until_s=until_s,
            installed=self._whole.installed,
            period_index=self._whole.period_index,
        )

    def _sharer(self, own: _Own) -> Sharer:
        transaction = own.connector.transaction
        unit_w = _unit_w(self._whole, own.phases)
        return Sharer(
            connector_id=own.connector.connector_id,
            least=_least_a(own.connector) * NOMINAL_VOLTAGE_V * own.phases / unit_w,
            most=own.power_w / unit_w,
            since_s=float("inf") if transaction is None else transaction.started_at_s,
        )


__all__ = ["GRID_PHASES", "LAYER_OF", "connector_limit", "connector_limits"]
