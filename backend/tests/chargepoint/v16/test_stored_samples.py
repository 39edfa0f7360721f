"""What the journal has of a sample is enough to send it."""

from __future__ import annotations

import msgspec
import pytest

from ocppsim.chargepoint.durable_state import StoredMessage
from ocppsim.chargepoint.identifiers import ConnectorId, LocalTransactionId, TransactionId
from ocppsim.chargepoint.v16.delivery_trace import QueuedMessage
from ocppsim.chargepoint.v16.stored_samples import in_full, sample_form, text_cell

LOCAL_ID = LocalTransactionId(3)
FORM = sample_form("meter-2", LOCAL_ID, ConnectorId(2))
SAMPLE = StoredMessage(9, FORM.message(1500.75, 1767225600.25))


def number_of(local_id: LocalTransactionId) -> TransactionId:
    assert local_id == LOCAL_ID
    return TransactionId(77)


def test_a_sample_gets_back_what_all_have_alike() -> None:
    full = in_full(SAMPLE, text_cell(('{"value":"', '"}')), number_of)
    assert full.sequence == 9
    message = msgspec.json.decode(full.body, type=QueuedMessage)
    assert (message.action, message.local_transaction_id, message.final) == ("MeterValues", 3, True)
    assert message.queued_at_s == 1767225600.25
    assert msgspec.json.decode(message.payload) == {
        "connectorId": 2,
        "meterValue": [
            {"timestamp": "2026-01-01T00:00:00.250Z", "sampledValue": [{"value": "1500"}]}
        ],
        "transactionId": 77,
    }


def test_any_other_message_stays_as_it_is() -> None:
    other = StoredMessage(1, b'["StopTransaction",3,true,{"meterStop":1},1767225600.25]')
    assert in_full(other, None, number_of) is other


def test_a_sample_without_the_cell_says_what_is_missing() -> None:
    with pytest.raises(ValueError, match="message 9 is a sample, and the cell sample-text is not"):
        in_full(SAMPLE, None, number_of)
