"""The driver of ``auto_plug_in``: comes with an accepted remote start, leaves after the stop."""

from __future__ import annotations

from collections.abc import Mapping

from ocppsim.chargepoint.controller import NEVER
from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.notifications import (
    AuthorizationEnded,
    Notification,
    RemoteStartAccepted,
    SessionAbandoned,
    TransactionChanged,
)

LEAVES_AFTER_S = 3.0
"""How long the vehicle stays after its transaction was stopped."""


_NOBODY: Mapping[ConnectorId, str] = {}
_NEVER: Mapping[ConnectorId, float] = {}


class AutoDriver:
    """Watches what the charge point tells and says when a vehicle arrives and leaves.

    Only vehicles that it brought are taken away again. ``arrivals`` are to be plugged in at
    once, with the id tag that the vehicle is found by; ``next_departure_s`` is when
    :meth:`departing` has somebody. Who charges when that moment comes stays.
    """

    __slots__ = ("_brought", "_departures", "arrivals", "enabled", "next_departure_s")

    def __init__(self, enabled: bool) -> None:
        self.enabled = enabled
        # What hardly a charger ever has is shared until it is there
        self.arrivals: tuple[tuple[ConnectorId, str], ...] = ()
        self._brought = _NOBODY
        self._departures = _NEVER
        self.next_departure_s = NEVER
        """When the next vehicle leaves, in simulated seconds; infinity with none about to."""

    def next_arrival(self) -> tuple[ConnectorId, str]:
        """Takes the first of the arrivals that there are."""
        first, *others = self.arrivals
        self.arrivals = tuple(others)
        return first

    def brought(self, connector_id: ConnectorId) -> str | None:
        """The id tag of the vehicle that it brought to a connector and has not taken away."""
        return self._brought.get(connector_id)

    def bring(self, connector_id: ConnectorId, id_tag: str) -> None:
        """The vehicle of an arrival is plugged in."""
        self._brought = {**self._brought, connector_id: id_tag}
        self._stays(connector_id)

    def leave_soon(self, connector_id: ConnectorId, now_s: float) -> None:
        """The vehicle at a connector, if it brought one, goes after a moment."""
        if connector_id in self._brought:
            self._departures = {**self._departures, connector_id: now_s + LEAVES_AFTER_S}
            self._foresee()

    def watch(self, notification: Notification, now_s: float) -> None:
        """Something that the charge point told."""
        match notification:
            case RemoteStartAccepted(connector_id, id_tag) if self.enabled:
                self.arrivals = (*self.arrivals, (connector_id, id_tag))
            case TransactionChanged(transaction) if transaction.state == "stopping":
                self.leave_soon(transaction.connector_id, now_s)
            case SessionAbandoned(connector_id):
                self.leave_soon(connector_id, now_s)
            case AuthorizationEnded(connector_id, _, status) if connector_id is not None:
                if status != "Accepted":
                    self.leave_soon(connector_id, now_s)
            case _:
                pass

    def departing(self, now_s: float) -> list[ConnectorId]:
        """Whose moment has come; each is told once, and stays known until :meth:`leave`."""
        if now_s < self.next_departure_s:
            return []
        due = [connector_id for connector_id, at_s in self._departures.items() if at_s <= now_s]
        self._departures = {
            connector_id: at_s for connector_id, at_s in self._departures.items() if at_s > now_s
        } or _NEVER
        self._foresee()
        return due

    def forget(self, connector_id: ConnectorId) -> bool:
        """Somebody else took the vehicle away, or brought one; whether it had brought one."""
        self._stays(connector_id)
        if connector_id not in self._brought:
            return False
        self.leave(connector_id)
        return True

    def leave(self, connector_id: ConnectorId) -> str:
        """The vehicle of a connector drives away; returns its id tag."""
        id_tag = self._brought[connector_id]
        self._brought = {
            other: tag for other, tag in self._brought.items() if other != connector_id
        } or _NOBODY
        return id_tag

    def _stays(self, connector_id: ConnectorId) -> None:
        if connector_id in self._departures:
            self._departures = {
                other: at_s for other, at_s in self._departures.items() if other != connector_id
            } or _NEVER
            self._foresee()

    def _foresee(self) -> None:
        self.next_departure_s = min(self._departures.values(), default=NEVER)


__all__ = ["LEAVES_AFTER_S", "AutoDriver"]
