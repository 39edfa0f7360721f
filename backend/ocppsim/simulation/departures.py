"""Who leaves when, of the vehicles whose driver said so when they were plugged in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from ocppsim.chargepoint.controller import NEVER
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.notifications import Notification, TransactionChanged

from .device_memory import DeviceMemory, StoredDeparture
from .plant import Plant


class _Departure:
    """One that is to come or, once the driver has ``asked`` for the cable, under way."""

    __slots__ = ("asked", "leaves_at_s", "next_step_s", "stored")

    def __init__(self, stored: StoredDeparture, leaves_at_s: float, now_s: float) -> None:
        self.stored = stored
        self.leaves_at_s = leaves_at_s
        self.next_step_s = max(leaves_at_s, now_s)
        self.asked = False


_NOBODY: Mapping[ConnectorId, _Departure] = {}


class Departures:
    """Keeps the departures of one charger, over restarts of the program as well.

    Times are simulated seconds; ``epoch_s`` is the simulation's Unix time at second 0. What
    was stored counts by Unix time, so that a departure that was missed meanwhile is due at once.
    ``next_due_s`` is when :meth:`due` has somebody.
    """

    __slots__ = ("_by_connector", "_epoch_s", "_memory", "next_due_s")

    def __init__(self, memory: DeviceMemory, plant: Plant, *, epoch_s: float, now_s: float) -> None:
        self._memory: Final = memory
        self._epoch_s: Final = epoch_s
        self._by_connector = _NOBODY
        self.next_due_s = NEVER
        for connector_id, stored in memory.departures():
            if plant.is_vehicle_connected(connector_id):
                # No longer than it was planned, should the clock have been set back meanwhile
                wait_s = stored.leaves_at_s - max(stored.planned_at_s, epoch_s + now_s)
                self._keep(connector_id, _Departure(stored, now_s + wait_s, now_s))
            else:
                memory.save_departure(connector_id, None)
        self._foresee()

    def plan(self, connector_id: ConnectorId, after_s: float, now_s: float) -> None:
        """The vehicle that was just plugged in leaves after so many simulated seconds."""
        planned_at_s = self._epoch_s + now_s
        stored = StoredDeparture(planned_at_s, planned_at_s + after_s)
        self._keep(connector_id, _Departure(stored, now_s + after_s, now_s))
        self._memory.save_departure(connector_id, stored)
        self._foresee()

    def forget(self, connector_id: ConnectorId) -> None:
        """Its vehicle is gone."""
        if connector_id in self._by_connector:
            self._by_connector = {
                other: kept for other, kept in self._by_connector.items() if other != connector_id
            } or _NOBODY
            self._memory.save_departure(connector_id, None)
            self._foresee()

    def leaves_at_s(self, connector_id: ConnectorId) -> float | None:
        """When the vehicle leaves, in Unix seconds of the simulation; None: nobody said."""
        departure = self._by_connector.get(connector_id)
        return None if departure is None else self._epoch_s + departure.leaves_at_s

    def watch(self, notification: Notification) -> None:
        """A charge point told something: whose transaction it is frees the cable at the end."""
        if type(notification) is TransactionChanged:
            view = notification.transaction
            departure = self._by_connector.get(view.connector_id)
            if departure is not None and departure.stored.id_tag != view.id_tag:
                departure.stored = msgspec.structs.replace(departure.stored, id_tag=view.id_tag)
                self._memory.save_departure(view.connector_id, departure.stored)

    def due(self, now_s: float) -> list[ConnectorId]:
        """Whose next step has come."""
        if now_s < self.next_due_s:
            return []
        return [
            connector_id
            for connector_id, departure in self._by_connector.items()
            if departure.next_step_s <= now_s
        ]

    def id_tag(self, connector_id: ConnectorId) -> str | None:
        """The tag that the vehicle's driver has charged with."""
        return self._by_connector[connector_id].stored.id_tag

    def has_asked(self, connector_id: ConnectorId) -> bool:
        """Whether the driver has asked for the end of the transaction."""
        return self._by_connector[connector_id].asked

    def postpone(self, connector_id: ConnectorId, at_s: float) -> None:
        """The driver has asked for the cable; the next step comes then."""
        departure = self._by_connector[connector_id]
        departure.asked = True
        departure.next_step_s = at_s
        self._foresee()

    def _keep(self, connector_id: ConnectorId, departure: _Departure) -> None:
        self._by_connector = {**self._by_connector, connector_id: departure}

    def _foresee(self) -> None:
        steps = [departure.next_step_s for departure in self._by_connector.values()]
        self.next_due_s = min(steps, default=NEVER)


__all__ = ["Departures"]
