"""The ledger of one transaction while something may still be added to it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ocppsim.chargepoint.delivery_run import count_of
from ocppsim.chargepoint.effects import RecordDelivery
from ocppsim.chargepoint.notifications import TransactionView
from ocppsim.physics import Evse, FlowRecord
from ocppsim.physics.flow_record import Flow

from .ledger_records import (
    LedgerExcerpt,
    LedgerGap,
    LedgerHead,
    LedgerInterval,
    LedgerPage,
    read_page,
)

_ENCODER = msgspec.json.Encoder()
_HEAD_DECODER = msgspec.json.Decoder(LedgerHead)


class _WrittenPage(msgspec.Struct, frozen=True, array_like=True):
    """A ``LedgerPage`` whose deliveries are written already, one by one or as runs."""

    epoch_s: float
    intervals: tuple[LedgerInterval, ...]
    gaps: tuple[LedgerGap, ...]
    deliveries: tuple[msgspec.Raw, ...]


class LedgerSession:
    """A head that is kept true, and what is to be written down with the next page.

    ``local_id`` and ``connector_id`` are those of the head.
    """

    __slots__ = (
        "_deliveries",
        "_epoch_s",
        "_evse",
        "_gaps",
        "_head",
        "_head_text",
        "_intervals",
        "_record",
        "_unsaved",
        "connector_id",
        "is_under_way",
        "local_id",
    )

    def __init__(self, head: LedgerHead, evse: Evse, epoch_s: float) -> None:
        self.local_id = head.local_transaction_id
        self.connector_id = head.connector_id
        self.is_under_way = head.stopped_at_s is None
        """Not stopped yet: energy counts."""
        self._head: LedgerHead | None = head
        self._head_text = b""
        self._evse = evse
        self._epoch_s = epoch_s
        self._record: FlowRecord | None = None
        # Mostly empty, and there is but one empty tuple
        self._intervals: tuple[LedgerInterval, ...] = ()
        self._gaps: tuple[LedgerGap, ...] = ()
        self._deliveries: tuple[bytes, ...] = ()
        self._unsaved = 0

    @property
    def head(self) -> LedgerHead:
        """The transaction as a whole; what is changed in it counts."""
        head = self._head
        if head is None:
            head = self._head = _HEAD_DECODER.decode(self._head_text)
        return head

    def head_is_stored(self, text: bytes) -> None:
        """The head was written down as it is: its JSON, which is kept anyway, is enough.

        As an object it is longer than all else that is kept of a transaction, and for most of
        its time nobody looks at it.
        """
        self._head_text = text
        self._head = None

    def record(self) -> None:
        """From now on the outlet notes what flows; it is settled."""
        evse = self._evse
        self._record = FlowRecord(evse.now_s, evse.power_w, evse.usable_power_w)
        evse.record = self._record

    def dismiss(self) -> None:
        """The outlet need not note any more, unless it does so for somebody else."""
        if self._evse.record is self._record:
            self._evse.record = None
        self._record = None

    def add_delivery(self, delivery: RecordDelivery) -> int:
        """A message was dealt with; returns how many the next page has by now."""
        _count(self.head, delivery)
        # A third of the memory of the object, and it has to be written anyhow
        self._deliveries = (*self._deliveries, _ENCODER.encode(delivery))
        self._unsaved += 1
        return self._unsaved

    def add_run(self, run: bytes) -> int:
        """The same for all messages of a run."""
        count = count_of(run)
        self.head.acknowledged += count
        self.head.attempts += count
        self._deliveries = (*self._deliveries, _ENCODER.encode(run))
        self._unsaved += count
        return self._unsaved

    def add_gap(self, kind: str, from_s: float, to_s: float) -> None:
        """What of a gap falls into the transaction; nothing after its stop."""
        head = self.head
        from_s = max(from_s, head.started_at_s)
        if not self.is_under_way or to_s <= from_s:
            return
        self._gaps = (*self._gaps, LedgerGap(kind, from_s, to_s))
        if kind == "offline":
            head.offline_s += to_s - from_s
        else:
            head.down_s += to_s - from_s

    def end_interval(self, at_s: float, now_s: float) -> None:
        """An interval is over at Unix second ``at_s``, which is the simulated ``now_s``.

        Where the outlet was looked at later already, its register of that time counts.
        """
        head = self.head
        self._evse.settle(now_s)
        record = self._record
        assert record is not None
        interval = self._interval(at_s, record.take())
        if interval.to_s <= interval.from_s and not interval.energy_wh:
            return
        self._intervals = (*self._intervals, interval)
        head.register_wh = interval.register_to_wh
        head.interval_from_s = interval.to_s
        head.peak_power_w = max(head.peak_power_w, interval.peak_power_w)
        head.without_offer_s += interval.without_offer_s
        head.without_demand_s += interval.without_demand_s

    def stop(
        self, view: TransactionView, at_s: float, now_s: float, soc_percent: float | None
    ) -> None:
        """The transaction has been stopped, at Unix second ``at_s``."""
        self.end_interval(at_s, now_s)
        head = self.head
        head.stopped_at_s = at_s
        self.is_under_way = False
        head.register_stop_wh = head.register_wh
        head.reported_stopped_at_s = view.stopped_at_s
        head.meter_stop_wh = view.meter_stop_wh
        head.stop_reason = view.stop_reason
        head.soc_stop_percent = soc_percent
        self.dismiss()

    def take_page(self) -> bytes | None:
        """What is to be written down, once, for ``read_page``; None for nothing."""
        if not (self._intervals or self._gaps or self._deliveries):
            return None
        body = msgspec.json.encode(self._page())
        self._intervals = ()
        self._gaps = ()
        self._deliveries = ()
        self._unsaved = 0
        return body

    def excerpt(
        self,
        open_gaps: Sequence[LedgerGap],
        more: Sequence[RecordDelivery],
        at_s: float,
        now_s: float,
    ) -> LedgerExcerpt:
        """The head as of now, and what is not in a page yet, ``more`` included; changes nothing."""
        head = msgspec.structs.replace(self.head)
        for delivery in more:
            _count(head, delivery)
        page = read_page(head.local_transaction_id, msgspec.json.encode(self._page()))
        intervals = page.intervals
        gaps = page.gaps
        if self._record is not None:
            self._evse.settle(now_s)
            under_way = self._interval(at_s, self._record.look())
            intervals = (*intervals, under_way)
            gaps = (
                *gaps,
                *(
                    LedgerGap(gap.kind, max(gap.from_s, head.started_at_s), None)
                    for gap in open_gaps
                ),
            )
            head.register_wh = under_way.register_to_wh
            head.peak_power_w = max(head.peak_power_w, under_way.peak_power_w)
            head.without_offer_s += under_way.without_offer_s
            head.without_demand_s += under_way.without_demand_s
        return LedgerExcerpt(
            head,
            self.head.next_page,
            LedgerPage(self._epoch_s, intervals, gaps, (*page.deliveries, *more)),
        )

    def _page(self) -> _WrittenPage:
        deliveries = tuple([msgspec.Raw(body) for body in self._deliveries])
        return _WrittenPage(self._epoch_s, self._intervals, self._gaps, deliveries)

    def _interval(self, to_s: float, flow: Flow) -> LedgerInterval:
        head = self.head
        return LedgerInterval(
            head.interval_from_s,
            max(to_s, head.interval_from_s),
            head.register_wh,
            self._evse.energy_wh,
            flow.peak_power_w,
            flow.lowest_offer_w,
            flow.highest_offer_w,
            flow.without_offer_s,
            flow.without_demand_s,
        )


def _count(head: LedgerHead, delivery: RecordDelivery) -> None:
    """One that waits has attempts too, but they count when it is dealt with."""
    if delivery.outcome == "pending":
        return
    head.attempts += delivery.attempts
    if delivery.outcome == "acknowledged":
        head.acknowledged += 1
    elif delivery.outcome == "failed":
        head.failed += 1
    else:
        head.dropped += 1


__all__ = ["LedgerSession"]
