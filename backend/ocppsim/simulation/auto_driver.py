"""The driver of ``auto_plug_in``: comes with an accepted remote start, leaves after the stop."""

from __future__ import annotations

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


class AutoDriver:
    """Watches what the charge point tells and says when a vehicle arrives and leaves.

    Only vehicles that it brought are taken away again. ``arrivals`` are to be plugged in at
    once, with the id tag that the vehicle is found by; ``next_departure_s`` is when
    :meth:`departing` has somebody. Who charges when that moment comes stays.
    """

    __slots__ = ("_brought", "_departures", "arrivals", "enabled", "next_departure_s")

    def __init__(self, enabled: bool) -> None:
        self.enabled = enabled
        self.arrivals: list[tuple[ConnectorId, str]] = []
        self._brought: dict[ConnectorId, str] = {}
        self._departures: dict[ConnectorId, float] = {}
        self.next_departure_s = NEVER
        """When the next vehicle leaves, in simulated seconds; infinity with none about to."""

    def brought(self, connector_id: ConnectorId) -> str | None:
        """The id tag of the vehicle that it brought to a connector and has not taken away."""
        return self._brought.get(connector_id)

    def bring(self, connector_id: ConnectorId, id_tag: str) -> None:
        """The vehicle of an arrival is plugged in."""
        self._brought[connector_id] = id_tag
        self._stays(connector_id)

    def leave_soon(self, connector_id: ConnectorId, now_s: float) -> None:
        """The vehicle at a connector, if it brought one, goes after a moment."""
        if connector_id in self._brought:
            self._departures[connector_id] = now_s + LEAVES_AFTER_S
            self._foresee()

    def watch(self, notification: Notification, now_s: float) -> None:
        """Something that the charge point told."""
        match notification:
            case RemoteStartAccepted(connector_id, id_tag) if self.enabled:
                self.arrivals.append((connector_id, id_tag))
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
        for connector_id in due:
            del self._departures[connector_id]
        self._foresee()
        return due

    def forget(self, connector_id: ConnectorId) -> bool:
        """Somebody else took the vehicle away, or brought one; whether it had brought one."""
        self._stays(connector_id)
        return self._brought.pop(connector_id, None) is not None

    def leave(self, connector_id: ConnectorId) -> str:
        """The vehicle of a connector drives away; returns its id tag."""
        return self._brought.pop(connector_id)

    def _stays(self, connector_id: ConnectorId) -> None:
        if self._departures.pop(connector_id, None) is not None:
            self._foresee()

    def _foresee(self) -> None:
        self.next_departure_s = min(self._departures.values(), default=NEVER)


__all__ = ["LEAVES_AFTER_S", "AutoDriver"]
