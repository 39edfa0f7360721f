"""What a central system remembers of transactions."""

from __future__ import annotations

from ocppsim.csms.ledger import LOST, RUNNING, STOPPED, TransactionLedger


def ledger(capacity: int = 10, meter_values: int = 10) -> TransactionLedger:
    return TransactionLedger(1, capacity, meter_values)


def test_a_transaction_gets_an_id_and_ends_with_its_energy() -> None:
    book = ledger()
    record = book.start("CP", 1, "TAG", "t0", 100)
    book.meter_values("CP", 1, record.transaction_id, [{"timestamp": "t1"}])
    book.stop("CP", record.transaction_id, "t2", 350, "Local", [])
    view = record.as_json()
    assert (view["state"], view["energy_wh"], view["meter_value_count"]) == (STOPPED, 250, 1)
    assert book.running_on("CP", 1) is None


def test_a_start_that_is_repeated_gets_the_same_id() -> None:
    book = ledger()
    first = book.start("CP", 1, "TAG", "t0", 100)
    assert book.start("CP", 1, "TAG", "t0", 100) is first
    assert book.start("CP", 1, "TAG", "t1", 100).transaction_id != first.transaction_id


def test_a_new_start_on_the_connector_tells_that_the_old_stop_was_lost() -> None:
    book = ledger()
    old = book.start("CP", 1, "TAG", "t0", 0)
    new = book.start("CP", 1, "TAG", "t1", 5)
    assert (old.state, new.state) == (LOST, RUNNING)
    assert book.running_on("CP", 1) is new


def test_a_transaction_from_before_is_taken_up_and_its_id_is_not_given_again() -> None:
    book = ledger()
    book.meter_values("CP", 2, 1, [{"timestamp": "t"}])
    assert (taken := book.get(1)) is not None
    assert (taken.state, taken.id_tag) == (RUNNING, None)
    assert book.start("CP", 1, "TAG", "t0", 0).transaction_id == 2
    book.stop("CP", 1, "t9", 10, "PowerLoss", [])
    assert (taken.state, taken.as_json()["energy_wh"]) == (STOPPED, None)
    assert book.stop("CP", 77, "t9", 10, "Local", []).state == STOPPED


def test_meter_values_outside_a_transaction_are_not_kept() -> None:
    book = ledger()
    book.meter_values("CP", 1, None, [{"timestamp": "t"}])
    assert len(book) == 0


def test_both_memories_are_bounded_and_running_transactions_stay() -> None:
    book = ledger(capacity=2, meter_values=3)
    running = book.start("CP", 1, "TAG", "t0", 0)
    book.meter_values("CP", 1, running.transaction_id, [{"n": n} for n in range(5)])
    assert list(running.meter_values) == [{"n": 2}, {"n": 3}, {"n": 4}]
    for number in range(4):
        other = book.start("CP", 2, "TAG", f"t{number}", 0)
        book.stop("CP", other.transaction_id, "t", 0, "Local", [])
    assert len(book) == 2
    assert book.get(running.transaction_id) is running
