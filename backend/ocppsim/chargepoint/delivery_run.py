"""Meter values that were answered at the first attempt, packed: almost all messages are such.

A run has the part that all its message ids begin with once, and 44 bytes for each message.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import Any

from .effects import RecordDelivery
from .identifiers import LocalTransactionId

_MARK = b"\xff" * 8
"""What a run begins with; then come the length of the ids' beginning, and that beginning."""
_HEAD_BYTES = len(_MARK) + 1
_PLAIN = Struct("<QdddIII")
"""Sequence; queued, first sent and settled at; size, CRC-32 and the number that ends the id."""
_WITH_ID = Struct("<QdddII37p")
"""So were all of a run that has no mark: the sequence is first, and no number is that large."""

PLAIN_BYTES = _PLAIN.size
"""So long is each of a run."""

pack_plain = _PLAIN.pack
"""(sequence, queued_s, sent_s, settled_s, size_bytes, crc32, id_number) as bytes, to be added to a
run; all of them but the last are as in ``RecordDelivery``."""


def begin_run(id_prefix: str) -> bytearray:
    """A run without a message; all ids are to be ``id_prefix`` (ASCII) and a number."""
    return bytearray(b"%b%c%b" % (_MARK, len(id_prefix), id_prefix.encode()))


def count_of(run: bytes | bytearray) -> int:
    """How many messages a run has."""
    if run.startswith(_MARK):
        return (len(run) - _first_at(run)) // PLAIN_BYTES
    return len(run) // _WITH_ID.size


def deliveries_of(local_id: LocalTransactionId, run: bytes) -> Iterator[RecordDelivery]:
    """What a run tells; ``struct.error`` for bytes that are none."""
    for sequence, queued_s, sent_s, settled_s, size_bytes, crc, message_id in _unpacked(run):
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
            (message_id,),
            False,
            size_bytes,
            crc,
        )


def _unpacked(run: bytes) -> Iterator[tuple[Any, ...]]:
    """The messages of a run, each with its id in full."""
    if not run.startswith(_MARK):
        for row in _WITH_ID.iter_unpack(run):
            yield (*row[:-1], row[-1].decode())
        return
    first_at = _first_at(run)
    prefix = run[_HEAD_BYTES:first_at].decode()
    for row in _PLAIN.iter_unpack(memoryview(run)[first_at:]):
        yield (*row[:-1], f"{prefix}{row[-1]}")


def _first_at(run: bytes | bytearray) -> int:
    return _HEAD_BYTES + run[_HEAD_BYTES - 1]


__all__ = ["PLAIN_BYTES", "begin_run", "count_of", "deliveries_of", "pack_plain"]
