"""What the session ledger writes down of a transaction: the truth, for reconciliation.

All times are Unix seconds of the simulation's own clock, which no CSMS sets; only what is named
``reported_…`` is by the clock of the charge point, as it went on the wire.
"""

from __future__ import annotations

import msgspec

from ocppsim.chargepoint.delivery_run import deliveries_of
from ocppsim.chargepoint.effects import RecordDelivery
from ocppsim.chargepoint.identifiers import ConnectorId, LocalTransactionId, TransactionId


class LedgerInterval(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A stretch of a transaction between two instants of the clock (or its start, or its end).

    The registers are those of the meter, unrounded; that of an end is that of the next start,
    so that the energies of all intervals add up to the transaction's. One that is longer than
    the ledger's interval says that nobody could look meanwhile (no process).
    Offers are the lowest and highest power that the vehicle could take. ``without_offer_s`` and
    ``without_demand_s`` are the times without power, because the charger offered none or the
    vehicle wanted none.
    """

    from_s: float
    to_s: float
    register_from_wh: float
    register_to_wh: float
    peak_power_w: float
    lowest_offer_w: float
    highest_offer_w: float
    without_offer_s: float
    without_demand_s: float

    @property
    def energy_wh(self) -> float:
        """What was delivered."""
        return self.register_to_wh - self.register_from_wh

    @property
    def average_power_w(self) -> float:
        """0 for an interval without length."""
        span_s = self.to_s - self.from_s
        return self.energy_wh * 3600.0 / span_s if span_s > 0.0 else 0.0


class LedgerGap(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A time in which the CSMS could not hear of the transaction; ``to_s`` None: still.

    ``kind`` is ``offline`` (no link to the CSMS), ``power_off``, ``restarting`` or
    ``not_running`` (the simulator itself). They may overlap.
    """

    kind: str
    from_s: float
    to_s: float | None


class LedgerMessage(msgspec.Struct, frozen=True, gc=False):
    """What became of a transaction-related message.

    ``outcome`` is ``acknowledged``, ``failed`` (given up; ``detail`` says why), ``dropped``
    (never sent) or ``pending``. ``message_ids`` are the ids of the attempts, the first and the
    last where there were many. ``size_bytes`` and ``crc32`` are of the payload's JSON as it was
    sent last. With ``recovered`` it was queued before a restart, and attempts before that are
    not counted.
    """

    action: str
    sequence: int | None
    outcome: str
    detail: str | None
    queued_at_s: float | None
    first_sent_at_s: float | None
    settled_at_s: float | None
    attempts: int
    message_ids: tuple[str, ...]
    recovered: bool
    size_bytes: int
    crc32: int


def ledger_message(delivery: RecordDelivery, epoch_s: float) -> LedgerMessage:
    """The same in Unix seconds; ``epoch_s`` is the time at simulated second 0."""

    def at(simulated_s: float | None) -> float | None:
        return None if simulated_s is None else epoch_s + simulated_s

    return LedgerMessage(
        delivery.action,
        delivery.sequence,
        delivery.outcome,
        delivery.detail,
        at(delivery.queued_s),
        at(delivery.first_sent_s),
        at(delivery.settled_s),
        delivery.attempts,
        delivery.message_ids,
        delivery.recovered,
        delivery.size_bytes,
        delivery.crc32,
    )


class LedgerHead(msgspec.Struct, array_like=True, gc=False):
    """One transaction as a whole: who, when, how much.

    ``state`` is as in ``TransactionView``. What is not known is None. ``meter_start_wh`` and
    ``meter_stop_wh`` are what the CSMS was told; the registers are what the meter had, and
    ``register_wh`` the last that was written down. ``clock_offset_s`` is how far the charge
    point's clock was ahead at the start. Totals are over all intervals, gaps and messages.
    """

    local_transaction_id: LocalTransactionId
    transaction_id: TransactionId | None
    connector_id: ConnectorId
    id_tag: str
    state: str
    interval_s: float
    started_at_s: float
    register_start_wh: float
    register_wh: float
    reported_started_at_s: float
    meter_start_wh: int
    clock_offset_s: float
    vehicle_id: int | None = None
    vehicle_name: str | None = None
    soc_start_percent: float | None = None
    plugged_in_at_s: float | None = None
    authorised_at_s: float | None = None
    id_tag_status: str | None = None
    stopped_at_s: float | None = None
    unplugged_at_s: float | None = None
    register_stop_wh: float | None = None
    reported_stopped_at_s: float | None = None
    meter_stop_wh: int | None = None
    stop_reason: str | None = None
    soc_stop_percent: float | None = None
    peak_power_w: float = 0.0
    without_offer_s: float = 0.0
    without_demand_s: float = 0.0
    offline_s: float = 0.0
    down_s: float = 0.0
    """Without power, restarting, or the simulator not running."""
    acknowledged: int = 0
    failed: int = 0
    dropped: int = 0
    attempts: int = 0
    interval_from_s: float = 0.0
    """Where the interval that is not written down yet began; so did its energy at
    ``register_wh``."""
    saved_at_s: float = 0.0
    next_page: int = 0
    recorded_to: int | None = None
    """Of the messages up to this sequence number nothing is missing; None: nobody counted."""
    unrecorded: int = 0
    """At most so many messages were dealt with whose record went with a killed process."""

    @property
    def energy_wh(self) -> float:
        """What was delivered, up to the stop or the last register that was written down."""
        end_wh = self.register_wh if self.register_stop_wh is None else self.register_stop_wh
        return end_wh - self.register_start_wh

    @property
    def is_settled(self) -> bool:
        """Stopped, and the CSMS knows or never will."""
        return self.state in {"stopped", "failed"}


class LedgerPage(msgspec.Struct, frozen=True, array_like=True):
    """What was written down together, in the order in which it happened.

    The times of ``deliveries`` are simulated, with ``epoch_s`` as the time at second 0.
    """

    epoch_s: float
    intervals: tuple[LedgerInterval, ...]
    gaps: tuple[LedgerGap, ...]
    deliveries: tuple[RecordDelivery, ...]


class _StoredPage(msgspec.Struct, frozen=True, array_like=True):
    """A page as it is written: runs stand among the deliveries."""

    epoch_s: float
    intervals: tuple[LedgerInterval, ...]
    gaps: tuple[LedgerGap, ...]
    deliveries: tuple[RecordDelivery | bytes, ...]


def read_page(local_id: LocalTransactionId, body: bytes) -> LedgerPage:
    """A stored page of a transaction."""
    stored = msgspec.json.decode(body, type=_StoredPage)
    deliveries: list[RecordDelivery] = []
    for one in stored.deliveries:
        if isinstance(one, bytes):
            deliveries += deliveries_of(local_id, one)
        else:
            deliveries.append(one)
    return LedgerPage(stored.epoch_s, stored.intervals, stored.gaps, tuple(deliveries))


class LedgerExcerpt(msgspec.Struct, frozen=True):
    """The part of a ledger that is in memory: the head as of now, and what follows the pages.

    ``page`` holds what comes after the pages before number ``after_pages``, the interval and the
    gaps that are still open and the messages that still wait included.
    """

    head: LedgerHead
    after_pages: int
    page: LedgerPage


class SessionLedger(msgspec.Struct, frozen=True):
    """The whole ledger of one transaction."""

    head: LedgerHead
    intervals: tuple[LedgerInterval, ...]
    gaps: tuple[LedgerGap, ...]
    messages: tuple[LedgerMessage, ...]


def whole_ledger(head: LedgerHead, pages: list[LedgerPage]) -> SessionLedger:
    """The pages of a transaction, in their order, as one."""
    return SessionLedger(
        head,
        tuple(interval for page in pages for interval in page.intervals),
        tuple(gap for page in pages for gap in page.gaps),
        tuple(
            ledger_message(delivery, page.epoch_s) for page in pages for delivery in page.deliveries
        ),
    )


__all__ = [
    "LedgerExcerpt",
    "LedgerGap",
    "LedgerHead",
    "LedgerInterval",
    "LedgerMessage",
    "LedgerPage",
    "SessionLedger",
    "ledger_message",
    "read_page",
    "whole_ledger",
]
