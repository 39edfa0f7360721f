"""What must hold for transactions and meters on every wire: a part of the wire rules."""

from __future__ import annotations

from typing import Any

import msgspec

from ocppsim.protocol.v16.date_time import parse_date_time

from .central_system import FrameRecord

Identity = tuple[Any, ...]
"""What makes a message the same when it is sent again."""

_REGISTER = "Energy.Active.Import.Register"
_ROUNDING_WH = 1.0
"""meterStart and meterStop are whole numbers; samples have fractions."""


class _Transaction(msgspec.Struct):
    connector_id: int
    start: Identity
    stops_sent: int = 0
    stop: Identity | None = None
    """The StopTransaction that the CSMS has confirmed."""


class _Sent(msgspec.Struct, frozen=True):
    action: str
    identity: Identity
    connector_id: int = 0


class TransactionRules:
    """Order, completeness and meters of transactions; what broke a rule is in ``broken``.

    A crash may make a charge point repeat what was confirmed already; :meth:`restarted`
    allows for that.
    """

    def __init__(self) -> None:
        self.broken: list[str] = []
        self._in_flight: dict[str, _Sent] = {}
        self._confirmed: set[Identity] = set()
        self._past_starts: set[Identity] = set()
        self._repeatable: set[Identity] = set()
        self._transactions: dict[int, _Transaction] = {}
        self._active: dict[int, int | None] = {}
        self._last_time_s = float("-inf")
        self._registers: dict[int, tuple[float, float]] = {}

    def sent(self, record: FrameRecord) -> None:
        """A CALL of the charge point that fits its schema."""
        sent = _identify(record)
        if sent is None:
            return
        self._in_flight[record.message_id] = sent
        if sent.identity in self._repeatable:
            return
        if sent.identity in self._confirmed:
            self._broke(record, "was confirmed already")
        match sent.action:
            case "StartTransaction":
                self._start(record, record.payload)
            case "StopTransaction":
                self._stop(record, record.payload, sent.identity)
            case _:
                self._meter_values(record, record.payload)

    def answered(self, message_id: str, payload: dict[str, Any]) -> None:
        """A CALLRESULT of the CSMS for the CALL in flight."""
        sent = self._in_flight.pop(message_id, None)
        if sent is None:
            return
        self._confirmed.add(sent.identity)
        transaction_id = payload.get("transactionId")
        if sent.action == "StartTransaction" and isinstance(transaction_id, int):
            if sent.identity in self._repeatable:
                self._forget(sent.identity)
            self._transactions[transaction_id] = _Transaction(sent.connector_id, sent.identity)
            self._active[sent.connector_id] = transaction_id
        elif sent.action == "StopTransaction":
            transaction = self._transactions.get(sent.identity[1])
            if transaction is not None:
                transaction.stop = sent.identity

    def connection_lost(self) -> None:
        """What was in flight may be sent again."""
        self._in_flight.clear()

    def restarted(self) -> None:
        """The process died: what was confirmed but not yet stored as such may come again."""
        self._repeatable |= self._confirmed | self._past_starts
        self._confirmed.clear()
        self._active.clear()
        self._last_time_s = float("-inf")

    def clock_moved(self) -> None:
        """The clock of the charge point was set: times before and after do not compare."""
        self._last_time_s = float("-inf")
        self._registers = {
            connector_id: (float("-inf"), value)
            for connector_id, (_, value) in self._registers.items()
        }

    def unstopped(self) -> list[int]:
        """The confirmed transactions that have no confirmed StopTransaction."""
        return [
            transaction_id
            for transaction_id, transaction in self._transactions.items()
            if transaction.stop is None
        ]

    def _forget(self, start: Identity) -> None:
        """The same start was told twice: only the second transaction goes on."""
        self._transactions = {
            transaction_id: transaction
            for transaction_id, transaction in self._transactions.items()
            if transaction.start != start
        }

    def _start(self, record: FrameRecord, payload: dict[str, Any]) -> None:
        connector_id: int = payload["connectorId"]
        if connector_id < 1:
            self._broke(record, "needs a connector above 0")
        self._in_order(record, payload["timestamp"])
        active = self._active.get(connector_id)
        transaction = None if active is None else self._transactions.get(active)
        if transaction is not None and not transaction.stops_sent:
            self._broke(record, f"although transaction {active} was not stopped")
        self._register(record, connector_id, payload["timestamp"], payload["meterStart"])

    def _stop(self, record: FrameRecord, payload: dict[str, Any], identity: Identity) -> None:
        transaction_id: int = payload["transactionId"]
        self._in_order(record, payload["timestamp"])
        transaction = self._transactions.get(transaction_id)
        if transaction is None:
            if transaction_id != -1:
                self._broke(record, f"stops transaction {transaction_id}, which never started")
            return
        if transaction.stop not in {None, identity}:
            self._broke(record, f"stops transaction {transaction_id} a second time")
        transaction.stops_sent += 1
        # A new transaction may begin on the connector, at the same instant even.
        self._confirmed.discard(transaction.start)
        self._past_starts.add(transaction.start)
        for meter_value in payload.get("transactionData", []):
            self._meter_value(record, transaction.connector_id, meter_value)
        self._register(record, transaction.connector_id, payload["timestamp"], payload["meterStop"])

    def _meter_values(self, record: FrameRecord, payload: dict[str, Any]) -> None:
        connector_id: int = payload["connectorId"]
        contexts = _contexts(payload)
        # Values of an interval are stamped with its start (1.6 ed.2 §9.1.5).
        for meter_value in payload["meterValue"]:
            if _is_transaction_related(contexts) and not _is_of_interval(meter_value):
                self._in_order(record, meter_value["timestamp"])
        transaction_id: int = payload.get("transactionId", -1)
        if transaction_id != -1:
            transaction = self._transactions.get(transaction_id)
            if transaction is None or transaction.connector_id != connector_id:
                self._broke(record, f"belongs to no transaction {transaction_id} of its connector")
            elif transaction.stops_sent and contexts & {"Sample.Periodic"}:
                self._broke(record, f"comes after the end of transaction {transaction_id}")
        for meter_value in payload["meterValue"]:
            self._meter_value(record, connector_id, meter_value)

    def _meter_value(
        self, record: FrameRecord, connector_id: int, meter_value: dict[str, Any]
    ) -> None:
        for sample in meter_value["sampledValue"]:
            is_total = sample.get("measurand", _REGISTER) == _REGISTER and "phase" not in sample
            if is_total and sample.get("format", "Raw") == "Raw":
                factor = 1000.0 if sample.get("unit") == "kWh" else 1.0
                value_wh = float(sample["value"]) * factor
                self._register(record, connector_id, meter_value["timestamp"], value_wh)

    def _register(
        self, record: FrameRecord, connector_id: int, timestamp: str, value_wh: float
    ) -> None:
        """1.6 ed.2 §7.31: a register rises over the time of its readings."""
        time_s = parse_date_time(timestamp)
        last_time_s, last_wh = self._registers.get(connector_id, (float("-inf"), 0.0))
        if time_s >= last_time_s:
            if value_wh < last_wh - _ROUNDING_WH:
                self._broke(record, f"connector {connector_id} fell from {last_wh} to {value_wh}")
            self._registers[connector_id] = (time_s, max(last_wh, value_wh))
        elif value_wh > last_wh + _ROUNDING_WH:
            self._broke(record, f"{value_wh} Wh at {timestamp} is more than there was later")

    def _in_order(self, record: FrameRecord, timestamp: str) -> None:
        """1.6 ed.2 §3.7: transaction-related messages come in chronological order."""
        time_s = parse_date_time(timestamp)
        if time_s < self._last_time_s:
            self._broke(record, f"is of {timestamp}, older than what was sent before")
        self._last_time_s = max(time_s, self._last_time_s)

    def _broke(self, record: FrameRecord, rule: str) -> None:
        self.broken.append(f"{record.at_s:.3f} s: {record.action} ({record.message_id}) {rule}")


def _is_of_interval(meter_value: dict[str, Any]) -> bool:
    return all(
        sample.get("measurand", _REGISTER).endswith(".Interval")
        for sample in meter_value["sampledValue"]
    )


def _contexts(payload: dict[str, Any]) -> set[str]:
    return {
        sample.get("context", "Sample.Periodic")
        for meter_value in payload["meterValue"]
        for sample in meter_value["sampledValue"]
    }


def _is_transaction_related(contexts: set[str]) -> bool:
    """What a trigger asked for is no transaction-related message (1.6 ed.2 §3.7)."""
    return bool(contexts & {"Sample.Periodic", "Sample.Clock"})


def _identify(record: FrameRecord) -> _Sent | None:
    """The transaction-related message that a CALL is; None for any other."""
    payload = record.payload
    match record.action:
        case "StartTransaction":
            fields = ("connectorId", "idTag", "meterStart", "timestamp")
        case "StopTransaction":
            fields = ("transactionId", "meterStop", "timestamp")
        case "MeterValues" if _is_transaction_related(_contexts(payload)):
            # Of the values only a hash: all of them are remembered, and they are long
            identity = (record.action, payload["connectorId"], hash(str(payload["meterValue"])))
            return _Sent(record.action, identity, payload["connectorId"])
        case _:
            return None
    identity = (record.action, *(payload[field] for field in fields))
    return _Sent(record.action, identity, payload.get("connectorId", 0))
