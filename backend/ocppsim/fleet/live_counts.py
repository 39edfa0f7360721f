"""How many chargers are connected and charging, noted as it changes; nobody counts them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.notifications import ConnectorChanged, Notification, TransactionChanged
from ocppsim.runtime.connection import Connection

from .open_transactions import OpenTransaction, OpenTransactions
from .time_slice import TimeSlice, count_reason

_CUT = "network: cut"
"""What a connection says of a network that a disturbance has cut."""

_OVER = frozenset({"stopped", "failed"})


class LiveCounts:
    """A supervisor's watcher; passes on what charge points show to ``listener``.

    ``transactions`` are those that are open, to begin with as they were stored. ``name_of`` knows
    the charge point ids of chargers.
    """

    def __init__(
        self,
        listener: Callable[[int, Notification], None],
        name_of: Callable[[int], str],
        transactions: OpenTransactions,
    ) -> None:
        self._listener = listener
        self._name_of = name_of
        self.transactions = transactions
        self._connected: set[int] = set()
        self._attempts: dict[int, int] = {}
        self._charging: set[tuple[int, ConnectorId]] = set()
        self._connect_failures: Counter[str] = Counter()
        self._lost_links: Counter[str] = Counter()

    @property
    def connected(self) -> int:
        """Chargers whose link is up."""
        return len(self._connected)

    def move_to(self, span: TimeSlice) -> None:
        """The levels as of now, and what came since the last time."""
        span.connected = float(len(self._connected))
        span.charging = float(len(self._charging))
        span.transactions = float(len(self.transactions))
        span.connect_failures.update(self._connect_failures)
        span.lost_links.update(self._lost_links)
        self._connect_failures.clear()
        self._lost_links.clear()

    # --- what the chargers tell (ChargerWatcher) ---

    def noticed(self, charger_id: int, notification: Notification, /) -> None:
        match notification:
            case ConnectorChanged(connector_id, status):
                if status == "Charging":
                    self._charging.add((charger_id, connector_id))
                else:
                    self._charging.discard((charger_id, connector_id))
            case TransactionChanged(view):
                name, local_id = self._name_of(charger_id), view.local_transaction_id
                if view.state in _OVER:
                    self.transactions.end((name, local_id))
                else:
                    self.transactions.put(
                        OpenTransaction(name, view.connector_id, local_id, view.transaction_id)
                    )
            case _:
                pass
        self._listener(charger_id, notification)

    def connection_changed(self, charger_id: int, connection: Connection, /) -> None:
        if connection.is_up:
            self._connected.add(charger_id)
            self._attempts.pop(charger_id, None)
            return
        view = connection.view
        reason = view.last_error
        if charger_id in self._connected:
            self._connected.discard(charger_id)
            # One that the charger itself has ended has no error
            if reason is not None and reason != _CUT:
                count_reason(self._lost_links, reason)
        elif view.attempts > self._attempts.get(charger_id, 0):
            self._attempts[charger_id] = view.attempts
            if reason is not None and reason != _CUT:
                count_reason(self._connect_failures, reason)


__all__ = ["LiveCounts"]
