"""Keeps the ledgers of one charger's transactions: the truth beside what the CSMS is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import floor

import msgspec

from ocppsim.chargepoint.controller import NEVER
from ocppsim.chargepoint.durable_state import DurableState, same_key
from ocppsim.chargepoint.effects import Effect, PutCell, RecordDelivery, RecordRun, SaveLedger
from ocppsim.chargepoint.identifiers import ConnectorId, LocalTransactionId
from ocppsim.chargepoint.notifications import (
    AuthorizationEnded,
    Notification,
    TransactionChanged,
    TransactionView,
)
from ocppsim.protocol.kept_json import encode_to_keep

from .ledger_records import LedgerExcerpt, LedgerGap, LedgerHead
from .ledger_session import LedgerSession
from .plant import Plant

DEFAULT_INTERVAL_S = 900.0
UNSAVED_MESSAGES = 16
"""So many messages, told one by one, are gathered before they are written down."""
_CELL = "ledger/"


_NOBODY: Mapping[ConnectorId, LedgerSession] = {}
_NO_GAPS: Mapping[str, float] = {}


class LedgerBook:
    """Writes down what happens to the transactions of a charger, as effects for its owner.

    Of each there is a head, and pages of intervals, gaps and messages that are only added to.
    A ``SaveLedger`` follows the start, the confirmation and the stop of a transaction, its last
    answer, every interval and every ``UNSAVED_MESSAGES`` messages. The head is kept as a cell
    too until the transaction is settled, so that it goes on after a restart.
    """

    __slots__ = (
        "_arrived",
        "_authorised",
        "_durable",
        "_effects",
        "_epoch_s",
        "_gaps",
        "_interval_s",
        "_left",
        "_next_index",
        "_plant",
        "_sessions",
        "next_due_s",
    )

    def __init__(
        self,
        plant: Plant,
        durable: DurableState,
        effects: list[Effect],
        *,
        epoch_s: float,
        interval_s: float,
        now_s: float,
    ) -> None:
        """``epoch_s`` is the simulation's Unix time at simulated second 0.

        Takes up the transactions that a restart of the program interrupted; there is no link yet.
        """
        self._plant = plant
        self._durable = durable
        self._effects = effects
        self._epoch_s = epoch_s
        self._interval_s = interval_s
        # One or two, or none: dictionaries take twice as much
        self._sessions: tuple[LedgerSession, ...] = ()
        self._left = _NOBODY
        """Settled, with the vehicle still at the connector."""
        self._arrived: tuple[tuple[ConnectorId, float], ...] = ()
        self._authorised: tuple[str, float] | None = None
        self._gaps: Mapping[str, float] = {"offline": epoch_s + now_s}
        self._next_index = 0
        self.next_due_s = NEVER
        """When an interval ends, on the simulated clock."""
        for key in list(durable.cells):
            if key.startswith(_CELL):
                self._restore(key, now_s)
        self._rearm(now_s)

    # --- what happens -----------------------------------------------------------------------

    def watch(self, notification: Notification, now_s: float, clock_epoch_s: float) -> None:
        """What the charge point tells; its clock shows ``clock_epoch_s`` at simulated second 0."""
        if type(notification) is TransactionChanged:
            self._transaction_changed(notification.transaction, now_s, clock_epoch_s)
        elif type(notification) is AuthorizationEnded and notification.status == "Accepted":
            self._authorised = (notification.id_tag, self._epoch_s + now_s)

    def delivered(self, delivery: RecordDelivery, now_s: float) -> None:
        """A message was dealt with."""
        session = self._session(delivery.local_transaction_id)
        if session is None:
            return
        session.head.recorded_to = self._settled_to
        if session.add_delivery(delivery) >= UNSAVED_MESSAGES:
            self._save(session, now_s)

    def run_delivered(self, record: RecordRun, now_s: float) -> None:
        """Many meter values were answered."""
        session = self._session(record.local_transaction_id)
        if session is None:
            return
        session.head.recorded_to = self._settled_to
        if session.add_run(record.run) >= UNSAVED_MESSAGES:
            self._save(session, now_s)

    def plugged_in(self, connector_id: ConnectorId, now_s: float) -> None:
        """A vehicle is connected."""
        self._forget_left(connector_id)
        self._arrived = (*self._others_arrived(connector_id), (connector_id, self._epoch_s + now_s))

    def unplugged(self, connector_id: ConnectorId, now_s: float) -> None:
        """The vehicle is gone."""
        self._arrived = self._others_arrived(connector_id)
        left = self._forget_left(connector_id)
        for session in (left, *self._sessions):
            if (
                session is not None
                and session.connector_id == connector_id
                and session.head.unplugged_at_s is None
            ):
                session.head.unplugged_at_s = self._epoch_s + now_s
                self._save(session, now_s)

    def gap_begins(self, kind: str, now_s: float) -> None:
        """The CSMS cannot hear of anything from now on."""
        if kind not in self._gaps:
            self._gaps = {**self._gaps, kind: self._epoch_s + now_s}

    def gap_ends(self, kind: str, now_s: float) -> None:
        """It can again, as far as this is concerned."""
        from_s = self._gaps.get(kind)
        if from_s is not None:
            self._gaps = {
                other: since_s for other, since_s in self._gaps.items() if other != kind
            } or _NO_GAPS
            for session in self._sessions:
                session.add_gap(kind, from_s, self._epoch_s + now_s)

    def end_due(self, now_s: float, save_plant: Callable[[ConnectorId, float], None]) -> None:
        """Write down the intervals that are over; all messages dealt with were told of.

        ``save_plant`` stores a connector's plant at a simulated second: it comes before the
        ledger, so that no restart finds a register below one that was written down.
        """
        if now_s < self.next_due_s:
            return
        # Where nobody looked for longer, one interval covers all that time
        edge_s = floor((self._epoch_s + now_s) / self._interval_s) * self._interval_s
        edge_s = max(edge_s, self._next_index * self._interval_s)
        for session in self._sessions:
            if session.is_under_way:
                session.end_interval(edge_s, edge_s - self._epoch_s)
                save_plant(session.connector_id, edge_s - self._epoch_s)
                session.head.recorded_to = self._settled_to
                self._save(session, now_s)
        self._rearm(now_s)

    def save(self, now_s: float) -> None:
        """An end of the program is coming: nothing that is known shall be lost.

        All messages that were dealt with were told of.
        """
        for session in self._sessions:
            session.head.recorded_to = self._settled_to
            self._save(session, now_s)

    def forget(self, untold: list[RecordDelivery], now_s: float) -> None:
        """A factory reset: what is still in the queue will never be sent."""
        for delivery in untold:
            session = self._session(delivery.local_transaction_id)
            if session is None:
                continue
            if delivery.outcome != "pending":
                session.add_delivery(delivery)
                continue
            session.add_delivery(
                msgspec.structs.replace(
                    delivery, outcome="dropped", detail="factory reset", settled_s=now_s
                )
            )
        for session in self._sessions:
            self._settle(session, now_s)

    # --- what is known ----------------------------------------------------------------------

    def excerpt(
        self,
        local_id: LocalTransactionId,
        untold: list[RecordDelivery],
        now_s: float,
    ) -> LedgerExcerpt | None:
        """What is in memory of a transaction that is not settled; None for any other.

        ``untold`` are the messages that the ledger was not told of yet.
        """
        session = self._session(local_id)
        if session is None:
            return None
        gaps = [LedgerGap(kind, from_s, None) for kind, from_s in self._gaps.items()]
        more = [one for one in untold if one.local_transaction_id == local_id]
        return session.excerpt(gaps, more, self._epoch_s + now_s, now_s)

    # --- inside -----------------------------------------------------------------------------

    def _session(self, local_id: LocalTransactionId) -> LedgerSession | None:
        for session in self._sessions:
            if session.local_id == local_id:
                return session
        return None

    def _others_arrived(self, connector_id: ConnectorId) -> tuple[tuple[ConnectorId, float], ...]:
        return tuple([arrival for arrival in self._arrived if arrival[0] != connector_id])

    def _forget_left(self, connector_id: ConnectorId) -> LedgerSession | None:
        left = self._left.get(connector_id)
        if left is not None:
            self._left = {
                other: session for other, session in self._left.items() if other != connector_id
            } or _NOBODY
        return left

    @property
    def _settled_to(self) -> int:
        """The number of the last message that was dealt with: they go in order."""
        durable = self._durable
        return (durable.messages[0].sequence if durable.messages else durable.next_sequence) - 1

    def _transaction_changed(
        self, view: TransactionView, now_s: float, clock_epoch_s: float
    ) -> None:
        session = self._session(view.local_transaction_id)
        if session is None:
            if view.meter_stop_wh is None:
                self._begin(view, now_s, clock_epoch_s)
            return
        head = session.head
        head.state = view.state
        head.transaction_id = view.transaction_id
        head.id_tag_status = view.id_tag_status
        if session.is_under_way and view.meter_stop_wh is not None:
            stopped_at_s = self._epoch_s + now_s
            for kind, from_s in self._gaps.items():
                session.add_gap(kind, from_s, stopped_at_s)
            session.stop(view, stopped_at_s, now_s, self._soc_percent(head.connector_id))
            self._rearm(now_s)
        if head.is_settled:
            self._settle(session, now_s)
        else:
            self._save(session, now_s)

    def _begin(self, view: TransactionView, now_s: float, clock_epoch_s: float) -> None:
        connector_id = view.connector_id
        evse = self._plant.evse(connector_id)
        evse.settle(now_s)
        vehicle = self._plant.vehicle(connector_id)
        started_at_s = self._epoch_s + now_s
        authorised = self._authorised
        head = LedgerHead(
            local_transaction_id=view.local_transaction_id,
            transaction_id=view.transaction_id,
            connector_id=connector_id,
            id_tag=view.id_tag,
            state=view.state,
            interval_s=self._interval_s,
            started_at_s=started_at_s,
            register_start_wh=evse.energy_wh,
            register_wh=evse.energy_wh,
            reported_started_at_s=view.started_at_s,
            meter_start_wh=view.meter_start_wh,
            clock_offset_s=round(clock_epoch_s - self._epoch_s, 3) + 0.0,  # never -0.0
            vehicle_id=None if vehicle is None else vehicle.vehicle_id,
            vehicle_name=None if vehicle is None else vehicle.name,
            soc_start_percent=None if vehicle is None else vehicle.soc_percent,
            plugged_in_at_s=next(
                (at_s for connector, at_s in self._arrived if connector == connector_id), None
            ),
            authorised_at_s=(
                authorised[1] if authorised is not None and authorised[0] == view.id_tag else None
            ),
            interval_from_s=started_at_s,
            # The number of a transaction is that of its first message
            recorded_to=view.local_transaction_id - 1,
        )
        session = LedgerSession(head, evse, self._epoch_s)
        session.record()
        self._sessions = (*self._sessions, session)
        self._rearm(now_s)
        self._save(session, now_s)

    def _restore(self, key: str, now_s: float) -> None:
        head = msgspec.json.decode(self._durable.cells[key], type=LedgerHead)
        if head.connector_id not in self._plant.connector_ids:
            # The hardware was changed meanwhile
            self._put_cell(key, None)
            return
        evse = self._plant.evse(head.connector_id)
        evse.settle(now_s)
        session = LedgerSession(head, evse, self._epoch_s)
        self._sessions = (*self._sessions, session)
        if head.recorded_to is not None:
            head.unrecorded += max(0, self._settled_to - head.recorded_to)
            head.recorded_to = self._settled_to
        if session.is_under_way:
            session.record()
            alive_s = head.saved_at_s
            register = self._durable.cells.get(f"meter/{head.connector_id}")
            if register is not None:
                _, read_at_s = msgspec.json.decode(register, type=tuple[float, float])
                alive_s = max(alive_s, read_at_s - head.clock_offset_s)
            session.add_gap("not_running", alive_s, self._epoch_s + now_s)

    def _settle(self, session: LedgerSession, now_s: float) -> None:
        """Nothing more is to come, but for the vehicle's departure."""
        head = session.head
        self._sessions = tuple([other for other in self._sessions if other is not session])
        session.dismiss()
        self._save(session, now_s)
        if head.unplugged_at_s is None and self._plant.is_vehicle_connected(head.connector_id):
            self._left = {**self._left, head.connector_id: session}

    def _save(self, session: LedgerSession, now_s: float) -> None:
        head = session.head
        head.saved_at_s = self._epoch_s + now_s
        local_id = head.local_transaction_id
        page = session.take_page()
        number = head.next_page
        if page is not None:
            head.next_page += 1
        body = encode_to_keep(head)
        if page is None:
            self._effects.append(SaveLedger(local_id, body))
        else:
            self._effects.append(SaveLedger(local_id, body, number, page))
        # After the page: a cell that knows of one that was never written would miss nothing
        still_open = session in self._sessions
        self._put_cell(f"{_CELL}{local_id}", body if still_open else None)
        session.head_is_stored(body)

    def _put_cell(self, key: str, body: bytes | None) -> None:
        cells = self._durable.cells
        if cells.get(key) == body:
            return
        if body is None:
            del cells[key]
        else:
            cells[same_key(key)] = body
        self._effects.append(PutCell(key, body))

    def _rearm(self, now_s: float) -> None:
        if not any(session.is_under_way for session in self._sessions):
            self.next_due_s = NEVER
            return
        self._next_index = floor((self._epoch_s + now_s) / self._interval_s) + 1
        self.next_due_s = self._next_index * self._interval_s - self._epoch_s

    def _soc_percent(self, connector_id: ConnectorId) -> float | None:
        vehicle = self._plant.vehicle(connector_id)
        return None if vehicle is None else vehicle.soc_percent


__all__ = ["DEFAULT_INTERVAL_S", "UNSAVED_MESSAGES", "LedgerBook"]
