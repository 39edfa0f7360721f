"""Meter values that were answered at the first attempt, packed: almost all messages are such."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

from .effects import RecordDelivery
from .identifiers import LocalTransactionId

_PLAIN = Struct("<QdddII37p")
"""Sequence; queued, first sent and settled at; size, CRC-32 and message id (at most 36 bytes)."""

PLAIN_BYTES = _PLAIN.size
"""So long is each of a run."""

pack_plain = _PLAIN.pack
"""(sequence, queued_s, sent_s, settled_s, size_bytes, crc32, message_id) as bytes; all of them are
as in ``RecordDelivery``."""


def deliveries_of(local_id: LocalTransactionId, run: bytes) -> Iterator[RecordDelivery]:
    """What a run tells; ``struct.error`` for bytes that are none."""
    for sequence, queued_s, sent_s, settled_s, size_bytes, crc, message_id in _PLAIN.iter_unpack(
        run
    ):
        yield RecordDelivery(
            local_id,
            sequence,
            "MeterValues",
            "acknowledged",
            None,
            queued_s,
            sent_s,
            settled_s,
            1,
            (message_id.decode(),),
            False,
            size_bytes,
            crc,
        )


__all__ = ["PLAIN_BYTES", "deliveries_of", "pack_plain"]
