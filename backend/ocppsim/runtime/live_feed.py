"""The live feed: changes of chargers, coalesced, for whoever watches.

Without a reader nothing is computed. Changes only mark what is dirty; a tick draws what is
marked, encodes it once and hands it to all readers. A summary of a charger goes out at most
once a second, and so do the meters; a tick has a budget, so that ten thousand chargers that
change at once come one after the other instead of all at once. So does a snapshot of them, in
parts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import msgspec

from ocppsim.chargepoint.notifications import AuthorizationEnded

from .errors import UnknownCharger
from .feed_reader import FeedEvent, FeedReader
from .feed_source import FeedSource, WatchedCharger
from .fleet_totals import FleetTotals
from .message_log import MessageLog, view
from .scheduler import Scheduler
from .snapshots import ChargerSummary, TransactionSnapshot

_TICK_S = 0.25
_SUMMARY_INTERVAL_S = 1.0
_SUMMARIES_A_TICK = 250
_MAX_MESSAGES_A_TICK = 500
_IN_SNAPSHOT = 500
_IN_A_PART = 100


class LiveFeed:
    """Hands changes to readers; ``chargers`` is asked for whenever somebody needs them all."""

    def __init__(self, scheduler: Scheduler, message_log: MessageLog) -> None:
        self._timer = scheduler.timer(self._tick)
        self._log = message_log
        self._scheduler = scheduler
        self._chargers: Iterable[FeedSource] = ()
        self._fleet: list[FeedReader] = []
        self._details: dict[str, WatchedCharger] = {}
        self.has_readers = False
        """Whether anybody wants to know."""
        self._dirty: dict[FeedSource, None] = {}
        self._summarized_at_s: dict[FeedSource, float] = {}
        self._transactions: list[tuple[int, TransactionSnapshot]] = []
        self._figures = FleetTotals()
        self._totals: dict[int | None, bytes] = {}
        self._next_second_s = 0.0
        self._last_id = 0
        self._encode = msgspec.json.Encoder().encode

    def watch(self, chargers: Iterable[FeedSource]) -> None:
        """The chargers that exist, now and later."""
        self._chargers = chargers

    @property
    def reader_count(self) -> int:
        return len(self._fleet) + sum(len(detail.readers) for detail in self._details.values())

    # --- readers ---

    def subscribe(
        self,
        *,
        charge_point_id: str | None = None,
        location_id: int | None = None,
        topics: frozenset[str] | None = None,
    ) -> FeedReader:
        """A new reader; raises ``UnknownCharger``. Close it in the end.

        Its snapshot waits, or is drawn when it is asked for where there is much to learn first.
        """
        reader = FeedReader(self, charge_point_id, location_id, topics)
        unknown = () if charge_point_id is not None else self._unknown(location_id)
        if len(list(islice(unknown, _IN_A_PART + 1))) > _IN_A_PART:
            reader.start_over()
        else:
            for event in self.snapshot_events(reader, None):
                reader.push(event)
        if charge_point_id is None:
            self._fleet.append(reader)
        else:
            source = self._find(charge_point_id)
            detail = self._details.get(charge_point_id)
            if detail is None:
                calls = self._log.open_calls(source.charger_id)
                detail = self._details[charge_point_id] = WatchedCharger(source, calls)
            detail.readers.append(reader)
        self.has_readers = True
        self._arm()
        return reader

    def unsubscribe(self, reader: FeedReader) -> None:
        """For :meth:`FeedReader.close`."""
        if reader in self._fleet:
            self._fleet.remove(reader)
        detail = self._details.get(reader.charge_point_id or "")
        if detail is not None and reader in detail.readers:
            detail.readers.remove(reader)
            if not detail.readers:
                del self._details[detail.source.charge_point_id]
        self.has_readers = bool(self._fleet or self._details)
        if not self._fleet:
            self._dirty.clear()
            self._summarized_at_s.clear()
            self._transactions.clear()
            self._figures.forget()
            self._totals.clear()
        if not self.reader_count:
            self._timer.cancel()

    def snapshot_events(self, reader: FeedReader, resync_reason: str | None) -> list[FeedEvent]:
        """Where a reader starts (again) from."""
        events: list[FeedEvent] = []
        if resync_reason is not None:
            events.append(self._event("resync", {"reason": resync_reason}))
        self._last_id += 1
        if reader.charge_point_id is not None:
            source = self._find(reader.charge_point_id)
            content: dict[str, Any] = {"seq": self._last_id, "charger": source.snapshot()}
        else:
            sources = self._sources(reader.location_id)
            summaries = [self._draw(source) for source in sources[:_IN_SNAPSHOT]]
            for source in self._unknown(reader.location_id):
                self._draw(source)
            reader.missing = dict.fromkeys(sources[_IN_SNAPSHOT:])
            content = {
                "seq": self._last_id,
                "totals": self._figures.of(sources),
                "chargers": summaries,
                "chargers_to_come": len(reader.missing),
            }
        events.append(FeedEvent(self._last_id, "snapshot", self._encode(content)))
        return events

    def more_of_snapshot(self, reader: FeedReader) -> list[FeedEvent]:
        """For :meth:`FeedReader.next`."""
        part = list(islice(reader.missing, _IN_A_PART))
        for source in part:
            del reader.missing[source]
        return [self._event("charger", self._draw(source)) for source in part]

    async def survey(self, reader: FeedReader) -> None:
        """For :meth:`FeedReader.next`: draw those whose figures nobody knows, a few at a time."""
        if reader.charge_point_id is not None:
            return
        for number, source in enumerate(self._unknown(reader.location_id), start=1):
            self._draw(source)
            if number % _IN_A_PART == 0:
                await asyncio.sleep(0)

    def close(self) -> None:
        """End all readers."""
        self._timer.cancel()
        readers = [*self._fleet, *(r for detail in self._details.values() for r in detail.readers)]
        for reader in readers:
            reader.close()

    # --- what chargers tell ---

    def note_charger(self, source: FeedSource) -> None:
        """Something about the charger changed."""
        if self._fleet:
            self._dirty[source] = None
        if self._details:
            detail = self._details.get(source.charge_point_id)
            if detail is not None:
                detail.charger = True

    def note_connector(self, source: FeedSource, connector_id: int) -> None:
        """Something about a connector changed (0: the charger as a whole)."""
        if self._fleet:
            self._dirty[source] = None
        if self._details:
            detail = self._details.get(source.charge_point_id)
            if detail is not None:
                if connector_id == 0:
                    detail.charger = True
                else:
                    detail.connectors.add(connector_id)

    def note_transaction(self, source: FeedSource, transaction: TransactionSnapshot) -> None:
        """A transaction changed."""
        if self._fleet:
            self._transactions.append((source.location_id, transaction))
        if self._details:
            detail = self._details.get(source.charge_point_id)
            if detail is not None:
                detail.transactions.append(transaction)

    def note_message(self, source: FeedSource, number: int) -> None:
        """A frame went over the wire; ``number`` is its id in the message log."""
        if self._details:
            detail = self._details.get(source.charge_point_id)
            if detail is not None:
                detail.messages.append(number)

    def note_records(self, source: FeedSource, records: str) -> None:
        """What the charger keeps for its CSMS changed; a list does not show any of it."""
        if self._details:
            detail = self._details.get(source.charge_point_id)
            if detail is not None:
                detail.records.add(records)
                detail.charger = True

    def note_authorization(self, source: FeedSource, judged: AuthorizationEnded) -> None:
        """A tag that was presented was judged."""
        if self._details:
            detail = self._details.get(source.charge_point_id)
            if detail is not None:
                detail.authorizations.append(judged)

    def note_removed(self, source: FeedSource) -> None:
        """The charger is live no more; its own readers end."""
        self._dirty.pop(source, None)
        self._summarized_at_s.pop(source, None)
        self._figures.remove(source)
        if self._fleet:
            gone = self._event("charger-removed", {"charge_point_id": source.charge_point_id})
            for reader in self._fleet:
                reader.missing.pop(source, None)
                if reader.location_id in (None, source.location_id) and reader.wants(gone.event):
                    reader.push(gone)
        detail = self._details.get(source.charge_point_id)
        if detail is not None:
            for reader in detail.readers.copy():
                reader.close()

    # --- the tick ---

    def _arm(self) -> None:
        if self._timer.due_s == float("inf"):
            self._timer.set(self._scheduler.now_s() + _TICK_S)

    def _tick(self) -> None:
        try:
            self._send_what_changed()
        finally:  # A charger that cannot be drawn must not end the feed of all.
            if self.reader_count:
                self._arm()

    def _send_what_changed(self) -> None:
        now_s = self._scheduler.now_s()
        every_second = now_s >= self._next_second_s
        if every_second:
            self._next_second_s = now_s + _SUMMARY_INTERVAL_S
        for detail in list(self._details.values()):
            self._send_detail(detail, every_second)
        if self._fleet:
            self._send_transactions()
            if every_second:
                for source in self._chargers:
                    if source.in_session:
                        self._dirty[source] = None
            self._send_summaries(now_s)
            if every_second:
                self._send_totals()

    def _send_detail(self, detail: WatchedCharger, every_second: bool) -> None:
        source, readers = detail.source, detail.readers
        if detail.charger:
            detail.charger = False
            self._broadcast(readers, "charger", source.snapshot())
        connectors, detail.connectors = detail.connectors, set()
        # Other hardware may have come since: what is gone is not in the charger either.
        for connector_id in sorted(connectors.intersection(source.connector_ids)):
            self._broadcast(
                readers,
                "connector",
                {
                    "charge_point_id": source.charge_point_id,
                    "connector": source.connector(connector_id),
                },
            )
        transactions, detail.transactions = detail.transactions, []
        for transaction in transactions:
            self._broadcast(readers, "transaction", transaction)
        self._send_records(detail)
        self._send_messages(detail)
        if every_second and any(reader.wants("meter") for reader in readers):
            self._send_meters(detail)

    def _send_records(self, detail: WatchedCharger) -> None:
        charge_point_id = detail.source.charge_point_id
        changed, detail.records = detail.records, set()
        for records in sorted(changed):
            content = {"charge_point_id": charge_point_id, "records": records}
            self._broadcast(detail.readers, "records", content)
        judged, detail.authorizations = detail.authorizations, []
        for authorization in judged:
            content = {"charge_point_id": charge_point_id, **msgspec.to_builtins(authorization)}
            self._broadcast(detail.readers, "authorization", content)

    def _send_messages(self, detail: WatchedCharger) -> None:
        source, readers = detail.source, detail.readers
        numbers, detail.messages = detail.messages, []
        records = [record for number in numbers if (record := self._log.frame(number)) is not None]
        # Also without a reader that wants them: the next one may want the answers
        messages = [detail.calls.read(record) for record in records]
        if not any(reader.wants("message") for reader in readers):
            return
        if len(messages) > _MAX_MESSAGES_A_TICK:
            for reader in readers:
                if reader.wants("message"):
                    for event in self.snapshot_events(reader, "too many messages at once"):
                        reader.push(event)
            messages = messages[-_MAX_MESSAGES_A_TICK:]
        for message in messages:
            self._broadcast(
                readers,
                "message",
                {"charge_point_id": source.charge_point_id, "message": view(message)},
            )

    def _send_meters(self, detail: WatchedCharger) -> None:
        source = detail.source
        for connector_id in source.connector_ids:
            meter = source.connector(connector_id).meter
            reading = self._encode(meter)
            if detail.metered.get(connector_id) != reading:
                detail.metered[connector_id] = reading
                self._broadcast(
                    detail.readers,
                    "meter",
                    {
                        "charge_point_id": source.charge_point_id,
                        "connector_id": connector_id,
                        "meter": meter,
                    },
                )

    def _send_transactions(self) -> None:
        transactions, self._transactions = self._transactions, []
        for location_id, transaction in transactions:
            readers = [r for r in self._fleet if r.location_id in (None, location_id)]
            self._broadcast(readers, "transaction", transaction)

    def _send_summaries(self, now_s: float) -> None:
        budget = _SUMMARIES_A_TICK
        for source in list(self._dirty):
            if budget == 0:
                break
            if now_s - self._summarized_at_s.get(source, 0.0) < _SUMMARY_INTERVAL_S:
                continue
            budget -= 1
            del self._dirty[source]
            self._summarized_at_s[source] = now_s
            readers = [r for r in self._fleet if r.location_id in (None, source.location_id)]
            if readers:
                self._broadcast(readers, "charger", self._draw(source))
                for reader in readers:
                    if reader.wants("charger"):
                        reader.missing.pop(source, None)

    def _send_totals(self) -> None:
        for location_id in {reader.location_id for reader in self._fleet}:
            readers = [r for r in self._fleet if r.location_id == location_id]
            if not any(reader.wants("totals") for reader in readers):
                continue
            totals = self._figures.of(self._sources(location_id))
            encoded = self._encode(totals)
            if self._totals.get(location_id) != encoded:
                self._totals[location_id] = encoded
                self._broadcast(readers, "totals", totals)

    # --- small things ---

    def _broadcast(self, readers: list[FeedReader], name: str, content: object) -> None:
        wanting = [reader for reader in readers if reader.wants(name)]
        if wanting:
            event = self._event(name, content)
            for reader in wanting:
                reader.push(event)

    def _event(self, name: str, content: object) -> FeedEvent:
        self._last_id += 1
        return FeedEvent(self._last_id, name, self._encode(content))

    def _draw(self, source: FeedSource) -> ChargerSummary:
        summary = source.summary()
        self._figures.note(source, summary)
        return summary

    def _unknown(self, location_id: int | None) -> Iterator[FeedSource]:
        """Those that must be drawn before totals are right."""
        return (each for each in self._sources(location_id) if not self._figures.knows(each))

    def _find(self, charge_point_id: str) -> FeedSource:
        for source in self._chargers:
            if source.charge_point_id == charge_point_id:
                return source
        raise UnknownCharger(charge_point_id)

    def _sources(self, location_id: int | None) -> list[FeedSource]:
        return [
            source
            for source in self._chargers
            if location_id is None or source.location_id == location_id
        ]


__all__ = ["LiveFeed"]
