from struct import Struct

import pytest

from ocppsim.chargepoint.delivery_run import begin_run, count_of, deliveries_of, pack_plain
from ocppsim.chargepoint.effects import RecordDelivery
from ocppsim.chargepoint.identifiers import LocalTransactionId

LOCAL_ID = LocalTransactionId(7)


def delivery(sequence: int, message_id: str) -> RecordDelivery:
    return RecordDelivery(
        LOCAL_ID,
        sequence,
        "MeterValues",
        "acknowledged",
        None,
        10.25,
        10.5,
        11.0,
        1,
        (message_id,),
        False,
        333,
        0xFFFFFFFF,
    )


@pytest.mark.parametrize("prefix", ["", "7e15777fea-1-", "ends-with-00", "x" * 24])
def test_a_run_tells_what_was_packed(prefix: str):
    run = begin_run(prefix)
    assert count_of(run) == 0
    run += pack_plain(3, 10.25, 10.5, 11.0, 333, 0xFFFFFFFF, 1)
    run += pack_plain(1 << 40, 10.25, 10.5, 11.0, 333, 0xFFFFFFFF, 4_000_000_000)
    assert count_of(run) == 2
    assert list(deliveries_of(LOCAL_ID, bytes(run))) == [
        delivery(3, f"{prefix}1"),
        delivery(1 << 40, f"{prefix}4000000000"),
    ]


def test_a_run_that_has_each_id_in_full_can_still_be_read():
    pack = Struct("<QdddII37p").pack
    run = b"".join(
        pack(sequence, 10.25, 10.5, 11.0, 333, 0xFFFFFFFF, f"id-{sequence}".encode())
        for sequence in (255, 256)
    )
    assert count_of(run) == 2
    assert list(deliveries_of(LOCAL_ID, run)) == [delivery(255, "id-255"), delivery(256, "id-256")]
