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
from ocppsim.chargepoint.delivery_run import begin_run, pack_plain
from ocppsim.chargepoint.hardware import MeterReading, SteadyMeter
from ocppsim.chargepoint.identifiers import ConnectorId, LocalTransactionId, TransactionId
from ocppsim.chargepoint.sample_form import SampleForm, register_cell
from ocppsim.chargepoint.steady_metering import Sample
from ocppsim.protocol.kept_json import encode_to_keep
from ocppsim.protocol.v16.date_time import format_date_time
from ocppsim.protocol.v16.enums import ReadingContext

from .delivery_trace import RUN_BYTES, QueuedMessage
from .sample_text import meter_values_text
from .sampling import SamplePlan
from .stored_samples import sample_form

_CONTEXT = ReadingContext.Sample_Periodic

IDLE, QUEUED, IN_FLIGHT = range(3)


class SteadySampling:
    """Implements :class:`~ocppsim.chargepoint.steady_metering.SteadyMetering`.

    ``state`` is that of the one message there is: QUEUED until the journal has it, IN_FLIGHT until
    it is answered. Simulated seconds are real ones here.
    """

    __slots__ = (
        "_call",
        "_crc32",
        "_meter",
        "_plan",
        "_sink",
        "_size_bytes",
        "_timeout_s",
        "_until_s",
        "around_register",
        "cell_key",
        "connector_id",
        "epoch_s",
        "has_deliveries",
        "id_number",
        "id_prefix",
        "interval_s",
        "kept_aside",
        "local_id",
        "persisted_to",
        "run",
        "sample_s",
        "sampled_s",
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
        now_s: float,
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
        self.around_register = plan.around_register(meter.read(now_s), _CONTEXT)
        """The text of each sample but for the register, where nothing else of it changes."""
        self._sink = sink
        self._timeout_s = timeout_s
        self._until_s = min(until_s, meter.until_s)
        self._call = b""
        self._crc32 = 0
        self._size_bytes = 0
        self.connector_id = connector_id
        self.local_id = local_id
        self.transaction_id = transaction_id
        self.epoch_s = epoch_s
        self.started_s = started_s
        self.interval_s = interval_s
        self.sample_s = sample_s
        self.sequence = sequence
        self.persisted_to = persisted_to
        self.id_prefix = id_prefix
        self.id_number = id_number
        """That of the message in flight, or of the last one that was."""
        self.run = run
        self.has_deliveries = False
        """Whether there are so many that it is to be told what became of them."""
        self.state = IDLE
        self.kept_aside = False
        """Whether samples are kept elsewhere than in the journal, which has to get them yet."""
        self.cell_key = cell_key
        self.sampled_s: float | None = None
        """When the last sample was taken; None before the first."""
        self.sent_s = 0.0

    def sample(self, now_s: float) -> Sample | None:
        """A sample is due."""
        if self.state != IDLE or not self.sample_s <= now_s < self._until_s:
            return None
        written = self._written(now_s)
        if written is None:
            return None
        register_wh, request = written
        payload = request.encode()
        # As it goes out once the journal has it: now it is at hand
        self._call = f'[2,"{self.id_prefix}{self.id_number + 1}","MeterValues",{request}]'.encode()
        self._size_bytes = len(payload)
        self._crc32 = crc32(payload)
        self.sample_s = next_sample_s(self.started_s, self.interval_s, now_s)
        self.sampled_s = now_s
        self.state = QUEUED
        return register_wh, self.epoch_s + now_s, request

    @property
    def form(self) -> SampleForm | None:
        """What is stored of each sample; None where more of them changes than two numbers."""
        if self.around_register is None:
            return None
        return sample_form(self.cell_key, self.local_id, self.connector_id)

    def stored(self, sample: Sample) -> tuple[bytes, bytes]:
        """The cell and the message that the journal is to have of a sample."""
        register_wh, wall_s, request = sample
        cell = register_cell(register_wh, wall_s)
        form = self.form
        if form is not None:
            return cell, form.message(register_wh, wall_s)
        return cell, encode_to_keep(self._queued(request, wall_s))

    def _written(self, now_s: float) -> tuple[float, str] | None:
        """The register at ``now_s``, and the MeterValues.req; None where it would have nothing."""
        around = self.around_register
        if around is not None:
            energy_wh = self._meter.energy_wh(now_s)
            values = f"{around[0]}{int(energy_wh)}{around[1]}"
        else:
            reading = self._meter.read(now_s)
            texts = self._plan.sample_texts(reading, _CONTEXT)
            if not texts:
                return None
            energy_wh = reading.energy_wh
            values = ",".join(texts)
        stamp = format_date_time(self.epoch_s + now_s)
        return energy_wh, meter_values_text(self.connector_id, stamp, values, self.transaction_id)

    def last_sample(self) -> tuple[MeterReading, bytes] | None:
        """What was read last, and the register as it was stored; None before the first sample."""
        if self.sampled_s is None:
            return None
        reading = self._meter.read(self.sampled_s)
        return reading, register_cell(reading.energy_wh, self.epoch_s + self.sampled_s)

    @property
    def next_s(self) -> float:
        """When the next sample is due, or it is over."""
        sample_s, until_s = self.sample_s, self._until_s
        return sample_s if sample_s < until_s else until_s  # noqa: FURB136 - dearer

    def queued(self) -> QueuedMessage:
        """The message that is queued or in flight."""
        assert self.sampled_s is not None
        written = self._written(self.sampled_s)
        assert written is not None
        return self._queued(written[1], self.epoch_s + self.sampled_s)

    def _queued(self, request: str, wall_s: float) -> QueuedMessage:
        payload = msgspec.Raw(request.encode())
        return QueuedMessage("MeterValues", self.local_id, True, payload, wall_s)

    @property
    def deadline_s(self) -> float:
        """When the wait for the answer is over."""
        return self.sent_s + self._timeout_s

    @property
    def last_s(self) -> float:
        """When something was done last, but for an answer; 0.0 before the first sample."""
        return max(self.sampled_s or 0.0, self.sent_s)

    def persisted(self, sequence: int, now_s: float) -> bytes | None:
        """The journal has all up to that one."""
        if sequence > self.persisted_to:  # noqa: PLR1730 - dearer
            self.persisted_to = sequence
        if self.state != QUEUED or sequence < self.sequence:
            return None
        call, self._call = self._call, b""
        self.id_number += 1
        self.sent_s = now_s
        self.state = IN_FLIGHT
        return call

    def take_run(self) -> bytes:
        """What is gathered of the deliveries, to be told; the next one begins another run."""
        run, self.run = self.run, None
        self.has_deliveries = False
        return bytes(run or b"")

    def answered(self, text: bytes, now_s: float) -> int | None:
        """The CSMS says something."""
        if self.state != IN_FLIGHT:
            return None
        id_number = self.id_number
        if (
            text != f'[3,"{self.id_prefix}{id_number}",{{}}]'.encode()
            and text != f'[3, "{self.id_prefix}{id_number}", {{}}]'.encode()
        ):
            return None
        run = self.run
        if run is None:
            run = self.run = begin_run(self.id_prefix)
        sent_s, sampled_s = self.sent_s, self.sampled_s
        assert sampled_s is not None
        if self._sink is not None:
            self._sink.answered("MeterValues", now_s - sent_s)
        epoch_s = self.epoch_s
        sequence = self.sequence
        run += pack_plain(
            sequence,
            epoch_s + sampled_s - epoch_s,  # as it comes out for all others
            sent_s,
            now_s,
            self._size_bytes,
            self._crc32,
            id_number,
        )
        if len(run) >= RUN_BYTES:
            self.has_deliveries = True
        self.sequence = sequence + 1
        self.state = IDLE
        return sequence


def next_sample_s(started_s: float, interval_s: int, now_s: float) -> float:
    """When the next sample of a transaction is due (MV-03)."""
    at_s = started_s + (int((now_s - started_s) / interval_s) + 1) * interval_s
    return at_s if at_s > now_s else at_s + interval_s


__all__ = ["IDLE", "IN_FLIGHT", "QUEUED", "SteadySampling", "next_sample_s"]
