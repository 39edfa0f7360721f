"""The samples of one transaction, one after the other, with nothing else going on.

The parts of a charge point are many small objects, far apart in the memory of a process that has
ten thousand of them: to ask them all for each message takes longer than what there is to do. Here
is what it takes when nothing but samples happens, in one object. It begins with what the parts
know, and in the end they are told how far it got (``begin`` and ``end`` of each).
"""

from __future__ import annotations

from zlib import crc32

import msgspec

from ocppsim.chargepoint.call_sink import CallSink
from ocppsim.chargepoint.delivery_run import PLAIN_BYTES, begin_run, pack_plain
from ocppsim.chargepoint.effects import Append, PutCell, Retire
from ocppsim.chargepoint.hardware import MeterReading, SteadyMeter
from ocppsim.chargepoint.identifiers import ConnectorId, LocalTransactionId, TransactionId
from ocppsim.chargepoint.moment import Moment
from ocppsim.protocol.frames import encode_call
from ocppsim.protocol.kept_json import encode_to_keep
from ocppsim.protocol.v16.date_time import format_date_time
from ocppsim.protocol.v16.enums import ReadingContext

from .delivery_trace import RUN_BYTES, QueuedMessage
from .sample_text import meter_values_text
from .sampling import SamplePlan

_encode = msgspec.json.Encoder().encode

IDLE, QUEUED, IN_FLIGHT = range(3)


class SteadySampling:
    """Implements :class:`~ocppsim.chargepoint.steady_metering.SteadyMetering`.

    ``state`` is that of the one message there is: QUEUED until the journal has it, IN_FLIGHT until
    it is answered. All times are simulated seconds, which are real ones, from an origin of their
    own (``real_s`` of a moment).
    """

    __slots__ = (
        "_awaited",
        "_meter",
        "_plan",
        "_sink",
        "_timeout_s",
        "_until_s",
        "cell",
        "connector_id",
        "deadline_real_s",
        "epoch_s",
        "id_number",
        "id_prefix",
        "interval_s",
        "last",
        "last_s",
        "local_id",
        "next_s",
        "payload",
        "persisted_to",
        "queued_at_s",
        "run",
        "sample_s",
        "sent_real_s",
        "sent_s",
        "sequence",
        "started_s",
        "state",
        "transaction_id",
    )

    def __init__(
        self,
        meter: SteadyMeter,
        plan: SamplePlan,
        sink: CallSink | None,
        *,
        cell_key: str,
        connector_id: ConnectorId,
        local_id: LocalTransactionId,
        transaction_id: TransactionId,
        epoch_s: float,
        started_s: float,
        interval_s: int,
        timeout_s: float,
        sample_s: float,
        until_s: float,
        sequence: int,
        persisted_to: int,
        id_prefix: str,
        id_number: int,
        run: bytearray | None,
    ) -> None:
        """The next sample is due at ``sample_s``, and it can last until ``until_s``.

        ``sequence`` is the next of the queue, ``id_number`` that of the last CALL, ``run`` what is
        gathered of the transaction's deliveries.
        """
        self._meter = meter
        self._plan = plan
        self._sink = sink
        self._timeout_s = timeout_s
        self._until_s = min(until_s, meter.until_s)
        self._awaited = b""
        self.connector_id = connector_id
        self.local_id = local_id
        self.transaction_id = transaction_id
        self.epoch_s = epoch_s
        self.started_s = started_s
        self.interval_s = interval_s
        self.sample_s = sample_s
        self.next_s = min(sample_s, self._until_s)
        self.sequence = sequence
        self.persisted_to = persisted_to
        self.id_prefix = id_prefix
        self.id_number = id_number
        self.run = run
        self.state = IDLE
        self.cell = PutCell(cell_key, None)
        """The register as it was stored last; without a body before the first sample."""
        self.last: MeterReading | None = None
        self.last_s = 0.0
        self.payload = b""
        self.queued_at_s = self.sent_s = self.sent_real_s = self.deadline_real_s = 0.0

    def sample(self, now: Moment) -> tuple[PutCell, Append] | None:
        """A sample is due."""
        now_s = now.simulated_s
        if self.state != IDLE or not self.sample_s <= now_s < self._until_s:
            return None
        reading = self._meter.read(now_s)
        texts = self._plan.sample_texts(reading, ReadingContext.Sample_Periodic)
        if not texts:
            return None
        wall_s = self.epoch_s + now_s
        self.last = reading
        self.last_s = now_s
        self.cell = cell = PutCell(self.cell.key, _encode((reading.energy_wh, wall_s)))
        self.payload = meter_values_text(
            self.connector_id, format_date_time(wall_s), texts, self.transaction_id
        )
        self.queued_at_s = wall_s
        body = encode_to_keep(self.queued())
        self.state = QUEUED
        at_s = next_sample_s(self.started_s, self.interval_s, now_s)
        self.sample_s = at_s
        self.next_s = at_s if at_s < self._until_s else self._until_s  # noqa: FURB136
        return cell, Append(self.sequence, body)

    def queued(self) -> QueuedMessage:
        """The message that is queued or in flight."""
        return QueuedMessage(
            "MeterValues", self.local_id, True, msgspec.Raw(self.payload), self.queued_at_s
        )

    @property
    def message_id(self) -> str:
        """The id of the CALL that went out last."""
        return f"{self.id_prefix}{self.id_number}"

    def persisted(self, sequence: int, now: Moment) -> bytes | None:
        """The journal has all up to that one."""
        if sequence > self.persisted_to:  # noqa: PLR1730 - dearer
            self.persisted_to = sequence
        if self.state != QUEUED or sequence < self.sequence:
            return None
        self.id_number += 1
        message_id = self.message_id
        self._awaited = b'[3,"%b",{}]' % message_id.encode()
        self.sent_s = now.simulated_s
        self.sent_real_s = now.real_s
        self.deadline_real_s = now.real_s + self._timeout_s
        self.state = IN_FLIGHT
        return encode_call(message_id, "MeterValues", self.payload)

    def answered(self, text: bytes, now: Moment) -> Retire | None:
        """The CSMS says something."""
        run = self.run
        if self.state != IN_FLIGHT:
            return None
        if run is not None and len(run) + PLAIN_BYTES >= RUN_BYTES:
            return None  # That it is complete, the trace tells
        if text != self._awaited and text != b'[3, "%b", {}]' % self.message_id.encode():
            return None
        if self._sink is not None:
            self._sink.answered("MeterValues", now.real_s - self.sent_real_s)
        payload = self.payload
        if run is None:
            run = self.run = begin_run(self.id_prefix)
        run += pack_plain(
            self.sequence,
            self.queued_at_s - self.epoch_s,
            self.sent_s,
            now.simulated_s,
            len(payload),
            crc32(payload),
            self.id_number,
        )
        retired = Retire(self.sequence)
        self.sequence += 1
        self.payload = b""
        self.state = IDLE
        self.last_s = now.simulated_s
        return retired


def next_sample_s(started_s: float, interval_s: int, now_s: float) -> float:
    """When the next sample of a transaction is due (MV-03)."""
    at_s = started_s + (int((now_s - started_s) / interval_s) + 1) * interval_s
    return at_s if at_s > now_s else at_s + interval_s


__all__ = ["IDLE", "IN_FLIGHT", "QUEUED", "SteadySampling", "next_sample_s"]
