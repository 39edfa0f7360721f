"""The site around the chargers of a run: its load management, and its sums at every look."""

from __future__ import annotations

from collections.abc import Sequence

from ocppsim.chargepoint.controller import NEVER
from ocppsim.physics import NOMINAL_VOLTAGE_V
from ocppsim.physics.site import SUPPLY_PHASES, Site, SiteDefinition, supply_phases

from .fleet_member import FleetMember
from .fleet_records import MeterRow, SiteRow
from .site import SiteManager

_ALL_PHASES = tuple(range(SUPPLY_PHASES))


class FleetSite:
    """Without a ``definition`` nothing is managed, and there is no load but the chargers'."""

    def __init__(
        self,
        definition: SiteDefinition | None,
        members: Sequence[FleetMember],
        start_epoch_s: float,
    ) -> None:
        self._start_epoch_s = start_epoch_s
        self._members = members
        self._places = {member.name: place for place, member in enumerate(members)}
        self._lines = [_lines_of(member) for member in members]
        self._site = None if definition is None else Site(definition)
        self._manager = None if definition is None else SiteManager(definition, start_epoch_s)
        if self._manager is not None:
            for member in members:
                self._manager.join(member.name, member.charger)

    @property
    def next_deadline_s(self) -> float:
        """When the shares are due; minus infinity after a change, infinity without a site."""
        return NEVER if self._manager is None else self._manager.next_deadline_s

    def note(self, place: int) -> None:
        """Something that concerns the site has happened at a charger."""
        if self._manager is not None:
            self._manager.note(self._members[place].name)

    def divide(self, now_s: float) -> list[int]:
        """Divides what is left once; the places of the chargers that were told their share."""
        if self._manager is None:
            return []
        told: dict[int, None] = {}
        self._members[0].now_s = now_s
        for order in self._manager.update(self._members[0].now):
            place = self._places[order.key]
            self._members[place].take_site_share(order.connector_id, order.share, now_s)
            told[place] = None
        return list(told)

    def row(self, now_s: float, rows: Sequence[tuple[int, MeterRow]], plugged_in: int) -> SiteRow:
        """The site at one instant, of the connectors that take power and their places."""
        time = self._start_epoch_s + now_s
        currents_a = [0.0] * SUPPLY_PHASES
        power_w = 0.0
        for place, row in rows:
            power_w += row.power_w
            lines = self._lines[place][row.connector - 1]
            if row.current_l1_a is None:
                # DC electronics are a balanced load
                for line in lines:
                    currents_a[line] += row.power_w / (NOMINAL_VOLTAGE_V * SUPPLY_PHASES)
                continue
            currents = (row.current_l1_a, row.current_l2_a or 0.0, row.current_l3_a or 0.0)
            for line, current_a in zip(lines, currents, strict=False):
                currents_a[line] += current_a
        base_w = pv_w = 0.0
        if self._site is not None:
            base_w, pv_w = self._site.base_w(time), self._site.pv_w(time)
        return SiteRow(
            time=time,
            charging_power_w=power_w,
            charging_sessions=len(rows),
            plugged_in_vehicles=plugged_in,
            charging_l1_a=currents_a[0],
            charging_l2_a=currents_a[1],
            charging_l3_a=currents_a[2],
            base_load_w=base_w,
            pv_w=pv_w,
            grid_power_w=base_w - pv_w + power_w,
        )


def _lines_of(member: FleetMember) -> list[tuple[int, ...]]:
    rotation = member.definition.hardware.phase_rotation
    return [
        _ALL_PHASES if connector.power_type == "DC" else supply_phases(rotation, connector.phases)
        for connector in member.definition.connectors
    ]


__all__ = ["FleetSite"]
