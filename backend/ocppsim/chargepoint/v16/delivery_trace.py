"""What becomes of the messages of a transaction, told to whoever keeps account of it."""

from __future__ import annotations

from zlib import crc32

import msgspec

from ocppsim.chargepoint.delivery_run import PLAIN_BYTES, begin_run, deliveries_of, pack_plain
from ocppsim.chargepoint.effects import RecordDelivery, RecordRun
from ocppsim.chargepoint.identifiers import LocalTransactionId

from .core import Core

REMEMBERED_IDS = 10
"""Of the message ids of one message: the first, and as many of the last as fit."""

RUN = 32
"""So many plain messages of a transaction are told of together."""

RUN_BYTES = RUN * PLAIN_BYTES
"""What comes before the messages of a run is shorter than one of them."""


class QueuedMessage(msgspec.Struct, array_like=True):
    """A message as it is stored; without ``final`` its transactionId is still to be filled."""

    action: str
    local_transaction_id: LocalTransactionId | None
    final: bool
    payload: msgspec.Raw
    queued_at_s: float = 0.0
    """Unix seconds of the charge point's clock."""


class DeliveryTrace:
    """How often and under which ids the first message of the queue was sent.

    Messages up to the sequence number ``recovered_to`` were queued before the last boot.
    Most are meter values whose first attempt was answered: of these it gathers runs, and tells
    when there are ``RUN`` of a transaction, or something else is to be told.
    """

    __slots__ = (
        "_core",
        "_first_sent_s",
        "_id_prefix",
        "_message_ids",
        "_recovered_to",
        "_runs",
        "_sends",
    )

    def __init__(self, core: Core, recovered_to: int) -> None:
        self._core = core
        self._recovered_to = recovered_to
        self._sends = 0
        self._first_sent_s = 0.0
        self._id_prefix = core.message_id_prefix
        self._message_ids: tuple[str, ...] = ()
        # A pair or two: a dictionary takes twice as much
        self._runs: tuple[tuple[LocalTransactionId, bytearray], ...] = ()

    @property
    def was_sent(self) -> bool:
        """Whether the first message has gone out since the boot."""
        return self._sends > 0

    def sending(self) -> None:
        """The first message goes out, once more perhaps."""
        if self._sends == 0:
            self._first_sent_s = self._core.now_s
        self._sends += 1

    def went_out_as(self, message_id: str) -> None:
        """The attempt that had this id is over."""
        first, *last = *self._message_ids, message_id
        self._message_ids = (first, *last[1 - REMEMBERED_IDS :])

    def next_message(self) -> None:
        """The first message is dealt with."""
        if self._sends:
            self._sends = 0
            self._message_ids = ()

    def tell(
        self,
        sequence: int,
        message: QueuedMessage,
        sent: bytes,
        outcome: str,
        detail: str | None,
        message_id: str | None,
    ) -> None:
        """Tell what became of the first message, which went out with ``sent`` as its payload.

        ``message_id`` is that of the attempt that ended just now, if one did.
        """
        local_id = message.local_transaction_id
        if local_id is None:
            return
        core = self._core
        queued_at_s = message.queued_at_s
        if (
            self._sends == 1
            and message.action == "MeterValues"
            and outcome == "acknowledged"
            and sequence > self._recovered_to
            and message_id is not None
        ):
            run = self.run_of(local_id)
            if run is None:
                run = begin_run(self._id_prefix)
                self.keep_run(local_id, run)
            run += pack_plain(
                sequence,
                queued_at_s - core.clock.epoch_s,
                self._first_sent_s,
                core.now_s,
                len(sent),
                crc32(sent),
                int(message_id[len(self._id_prefix) :]),
            )
            if len(run) >= RUN_BYTES:
                self.drop_run(local_id)
                core.effects.append(RecordRun(local_id, bytes(run)))
            return
        self.tell_runs()
        if message_id is None:
            ids = self._message_ids
        elif self._sends == 1:
            ids = (message_id,)
        else:
            self.went_out_as(message_id)
            ids = self._message_ids
        core.effects.append(
            RecordDelivery(
                local_id,
                sequence,
                message.action,
                outcome,
                detail,
                queued_at_s - core.clock.epoch_s if queued_at_s else None,
                self._first_sent_s if self._sends else None,
                core.now_s,
                self._sends,
                ids,
                sequence <= self._recovered_to,
                len(sent),
                crc32(sent),
            )
        )

    def run_of(self, local_id: LocalTransactionId) -> bytearray | None:
        """What is gathered of a transaction, to be added to; None where nothing is."""
        for owner, run in self._runs:
            if owner == local_id:
                return run
        return None

    def keep_run(self, local_id: LocalTransactionId, run: bytearray) -> None:
        """Go on with a run that began elsewhere."""
        if self.run_of(local_id) is not run:
            self._runs = (*self._runs, (local_id, run))

    def drop_run(self, local_id: LocalTransactionId) -> None:
        """What was gathered of a transaction is told."""
        self._runs = tuple([one for one in self._runs if one[0] != local_id])

    def sent_once(self, sent_s: float) -> None:
        """The first message has gone out, and waits for its answer."""
        self._sends = 1
        self._first_sent_s = sent_s

    def tell_runs(self) -> None:
        """Tell of those that were gathered."""
        for local_id, run in self._runs:
            self._core.effects.append(RecordRun(local_id, bytes(run)))
        self._runs = ()

    def runs(self) -> list[RecordDelivery]:
        """Those that were gathered and not told of yet."""
        return [
            delivery
            for local_id, run in self._runs
            for delivery in deliveries_of(local_id, bytes(run))
        ]

    def tell_thinned(self, local_id: LocalTransactionId | None) -> None:
        """Tell that meter values were not queued, as the queue is too long."""
        if local_id is None:
            return
        self.tell_runs()
        now_s = self._core.now_s
        reason = "thinned: the queue is too long"
        self._core.effects.append(
            RecordDelivery(
                local_id,
                None,
                "MeterValues",
                "dropped",
                reason,
                now_s,
                None,
                now_s,
                0,
                (),
                False,
                0,
                0,
            )
        )

    def pending(
        self, sequence: int, message: QueuedMessage, *, is_first: bool, in_flight_id: str | None
    ) -> RecordDelivery:
        """What is known of a message that waits; ``in_flight_id`` if the first is on its way."""
        assert message.local_transaction_id is not None
        ids = [*self._message_ids] if is_first else []
        if is_first and in_flight_id is not None:
            ids.append(in_flight_id)
        return RecordDelivery(
            message.local_transaction_id,
            sequence,
            message.action,
            "pending",
            None,
            self._queued_s(message),
            self._first_sent_s if is_first and self._sends else None,
            None,
            self._sends if is_first else 0,
            tuple(ids),
            sequence <= self._recovered_to,
            len(bytes(message.payload)),
            crc32(message.payload),
        )

    def _queued_s(self, message: QueuedMessage) -> float | None:
        """On the simulated clock, by what the wall clock shows now."""
        at_s = message.queued_at_s
        return at_s - self._core.clock.epoch_s if at_s else None


__all__ = ["REMEMBERED_IDS", "DeliveryTrace", "QueuedMessage"]
