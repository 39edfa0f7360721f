"""What a central system remembers of transactions and their meter values, in bounds."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

RUNNING = "running"
STOPPED = "stopped"
LOST = "lost"
"""The charger began another transaction on the connector and never stopped this one."""

StartKey = tuple[str, int, str, str, int]
"""What makes two StartTransactions the same one."""

_LARGEST_ID = 2**31 - 1


@dataclass(slots=True)
class TransactionRecord:
    """One transaction; times are the charger's own text.

    ``id_tag`` and the start are None for a transaction that began before this central
    system did and became known through its meter values or its stop.
    """

    transaction_id: int
    charge_point_id: str
    connector_id: int | None
    id_tag: str | None
    started_at: str | None
    meter_start_wh: int | None
    state: str = RUNNING
    stopped_at: str | None = None
    meter_stop_wh: int | None = None
    stop_reason: str | None = None
    meter_values: deque[dict[str, Any]] = field(default_factory=deque[dict[str, Any]])

    @property
    def start_key(self) -> StartKey | None:
        """What identifies the StartTransaction; None when it was never seen."""
        if (
            self.connector_id is None
            or self.id_tag is None
            or self.started_at is None
            or self.meter_start_wh is None
        ):
            return None
        return (
            self.charge_point_id,
            self.connector_id,
            self.id_tag,
            self.started_at,
            self.meter_start_wh,
        )

    def as_json(self) -> dict[str, Any]:
        """The record in JSON types, with the last meter value instead of all."""
        energy_wh: int | None = None
        if self.meter_start_wh is not None and self.meter_stop_wh is not None:
            energy_wh = self.meter_stop_wh - self.meter_start_wh
        return {
            "transaction_id": self.transaction_id,
            "charge_point_id": self.charge_point_id,
            "connector_id": self.connector_id,
            "id_tag": self.id_tag,
            "state": self.state,
            "started_at": self.started_at,
            "meter_start_wh": self.meter_start_wh,
            "stopped_at": self.stopped_at,
            "meter_stop_wh": self.meter_stop_wh,
            "energy_wh": energy_wh,
            "stop_reason": self.stop_reason,
            "meter_value_count": len(self.meter_values),
            "last_meter_value": self.meter_values[-1] if self.meter_values else None,
        }


class TransactionLedger:
    """The transactions of all chargers, oldest first.

    Holds at most ``capacity`` transactions (the oldest that is not running goes first) and
    ``meter_value_capacity`` meter values of each (the oldest goes first).
    """

    def __init__(self, first_transaction_id: int, capacity: int, meter_value_capacity: int) -> None:
        self._next_id = first_transaction_id
        self._capacity = capacity
        self._meter_value_capacity = meter_value_capacity
        self._records: dict[int, TransactionRecord] = {}
        self._open: dict[tuple[str, int], TransactionRecord] = {}
        self._starts: dict[StartKey, TransactionRecord] = {}

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[TransactionRecord]:
        return iter(list(self._records.values()))

    def get(self, transaction_id: int) -> TransactionRecord | None:
        return self._records.get(transaction_id)

    def running_on(self, charge_point_id: str, connector_id: int) -> TransactionRecord | None:
        """The transaction that runs on a connector, as far as is known."""
        return self._open.get((charge_point_id, connector_id))

    def start(
        self,
        charge_point_id: str,
        connector_id: int,
        id_tag: str,
        started_at: str,
        meter_start_wh: int,
    ) -> TransactionRecord:
        """Give a new transaction its id.

        A start that was seen before gets the same id again: a charger repeats a message
        whose answer it never got.
        """
        key = (charge_point_id, connector_id, id_tag, started_at, meter_start_wh)
        if (known := self._starts.get(key)) is not None:
            return known
        if (lost := self._open.pop((charge_point_id, connector_id), None)) is not None:
            lost.state = LOST
        record = self._new(
            charge_point_id, connector_id, id_tag, started_at, meter_start_wh, self._fresh_id()
        )
        self._starts[key] = record
        self._open[(charge_point_id, connector_id)] = record
        return record

    def meter_values(
        self,
        charge_point_id: str,
        connector_id: int,
        transaction_id: int | None,
        values: list[dict[str, Any]],
    ) -> None:
        """Add meter values of a transaction; ones without a transaction are not kept here."""
        if transaction_id is None:
            return
        record = self._records.get(transaction_id)
        if record is None or record.charge_point_id != charge_point_id:
            record = self._adopt(charge_point_id, connector_id, transaction_id)
        record.meter_values.extend(values)

    def stop(
        self,
        charge_point_id: str,
        transaction_id: int,
        stopped_at: str,
        meter_stop_wh: int,
        stop_reason: str,
        values: list[dict[str, Any]],
    ) -> TransactionRecord:
        """End a transaction; one that is not known is taken up as already ended."""
        record = self._records.get(transaction_id)
        if record is None or record.charge_point_id != charge_point_id:
            record = self._adopt(charge_point_id, None, transaction_id)
        record.state = STOPPED
        record.stopped_at = stopped_at
        record.meter_stop_wh = meter_stop_wh
        record.stop_reason = stop_reason
        record.meter_values.extend(values)
        self._close(record)
        return record

    def _adopt(
        self, charge_point_id: str, connector_id: int | None, transaction_id: int
    ) -> TransactionRecord:
        record = self._new(charge_point_id, connector_id, None, None, None, transaction_id)
        if connector_id is not None:
            self._open[(charge_point_id, connector_id)] = record
        return record

    def _new(
        self,
        charge_point_id: str,
        connector_id: int | None,
        id_tag: str | None,
        started_at: str | None,
        meter_start_wh: int | None,
        transaction_id: int,
    ) -> TransactionRecord:
        record = TransactionRecord(
            transaction_id,
            charge_point_id,
            connector_id,
            id_tag,
            started_at,
            meter_start_wh,
            meter_values=deque(maxlen=self._meter_value_capacity),
        )
        self._records[transaction_id] = record
        self._make_room()
        return record

    def _fresh_id(self) -> int:
        while self._next_id in self._records:
            self._next_id += 1
        fresh = self._next_id
        # transactionId is an integer of 32 bits to many systems.
        self._next_id = fresh + 1 if fresh < _LARGEST_ID else 1
        return fresh

    def _close(self, record: TransactionRecord) -> None:
        if record.connector_id is not None:
            key = (record.charge_point_id, record.connector_id)
            if self._open.get(key) is record:
                del self._open[key]

    def _make_room(self) -> None:
        if len(self._records) <= self._capacity:
            return
        oldest = next(
            (record for record in self._records.values() if record.state != RUNNING),
            next(iter(self._records.values())),
        )
        self._close(oldest)
        del self._records[oldest.transaction_id]
        if (key := oldest.start_key) is not None:
            self._starts.pop(key, None)
