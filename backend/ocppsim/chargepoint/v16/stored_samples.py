"""Samples in the journal, without what they all have alike.

Of the meter values of a charge point that does nothing but sample, all but the register and the
time is the same each time: that is kept once, as a cell, and each message with what is its own.
It is a tenth of what there would be to write.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import msgspec

from ocppsim.chargepoint.durable_state import StoredMessage
from ocppsim.chargepoint.identifiers import ConnectorId, LocalTransactionId, TransactionId
from ocppsim.chargepoint.sample_form import SampleForm
from ocppsim.protocol.kept_json import encode_to_keep
from ocppsim.protocol.v16.date_time import format_date_time

from .delivery_trace import QueuedMessage
from .sample_text import meter_values_text

CELL = "sample-text"
"""Has what comes before the register and what comes behind it, of all messages in the queue."""


class _StoredSample(msgspec.Struct, array_like=True):
    """As a :class:`~.delivery_trace.QueuedMessage`, with a connector and its register (Wh)."""

    action: str
    local_transaction_id: LocalTransactionId
    final: bool
    sample: tuple[ConnectorId, int]
    queued_at_s: float


_decode = msgspec.json.Decoder(QueuedMessage).decode
_decode_sample = msgspec.json.Decoder(_StoredSample).decode
_decode_text = msgspec.json.Decoder(tuple[str, str]).decode


def sample_form(
    cell_key: str, local_id: LocalTransactionId, connector_id: ConnectorId
) -> SampleForm:
    """What is stored of each sample of a transaction."""
    return SampleForm(cell_key, f'["MeterValues",{local_id},true,[{connector_id},', "],", "]")


@lru_cache(maxsize=256)
def text_cell(around_register: tuple[str, str]) -> bytes:
    """What the cell is to have; the same object for all who are alike."""
    return encode_to_keep(around_register)


def in_full(
    stored: StoredMessage,
    cell: bytes | None,
    transaction_id_of: Callable[[LocalTransactionId], TransactionId | None],
) -> StoredMessage:
    """A message as the queue has it, whichever way it was stored."""
    if not bytes(_decode(stored.body).payload).startswith(b"["):
        return stored
    if cell is None:
        raise ValueError(f"message {stored.sequence} is a sample, and the cell {CELL} is not there")
    sample = _decode_sample(stored.body)
    before, behind = _decode_text(cell)
    connector_id, register_wh = sample.sample
    payload = meter_values_text(
        connector_id,
        format_date_time(sample.queued_at_s),
        f"{before}{register_wh}{behind}",
        transaction_id_of(sample.local_transaction_id),
    )
    message = QueuedMessage(
        sample.action,
        sample.local_transaction_id,
        sample.final,
        msgspec.Raw(payload.encode()),
        sample.queued_at_s,
    )
    return StoredMessage(stored.sequence, encode_to_keep(message))


__all__ = ["CELL", "in_full", "sample_form", "text_cell"]
