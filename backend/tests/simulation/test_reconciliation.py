"""What a CSMS has recorded against what happened."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from ocppsim.simulation.reconciliation import (
    CsmsRecord,
    Difference,
    TrueRecord,
    reconcile,
)

OURS = TrueRecord(
    charge_point_id="CP1",
    local_transaction_id=1,
    transaction_id=7,
    id_tag="Alice",
    state="stopped",
    energy_wh=5000.4,
    meter_start_wh=100,
    meter_stop_wh=5100,
    started_at_s=1000.0,
    stopped_at_s=4600.0,
)
THEIRS = CsmsRecord(
    transaction_id=7,
    charge_point_id="CP1",
    id_tag="ALICE",
    energy_wh=5000.0,
    meter_start_wh=100,
    meter_stop_wh=5100,
    started_at_s=1000.0,
    stopped_at_s=4601.0,
)


def theirs(**changes: Any) -> CsmsRecord:
    return msgspec.structs.replace(THEIRS, **changes)


def kinds(differences: tuple[Difference, ...]) -> list[str]:
    return [difference.kind for difference in differences]


def test_two_that_agree_differ_in_nothing():
    report = reconcile([OURS], [THEIRS])
    assert (report.compared, report.agreeing, report.differences) == (1, 1, ())


def test_another_energy_is_told_with_its_difference():
    report = reconcile([OURS], [theirs(energy_wh=4000.4)])
    (difference,) = report.differences
    assert (difference.kind, difference.ours, difference.theirs) == ("energy_wh", 5000.4, 4000.4)
    assert difference.difference == pytest.approx(-1000.0)
    assert reconcile([OURS], [theirs(energy_wh=4000.4)], energy_tolerance_wh=1000.0).agreeing == 1


def test_what_is_not_said_is_not_compared():
    bare = CsmsRecord(transaction_id=7, energy_wh=5000.0)
    assert reconcile([OURS], [bare]).differences == ()


def test_missing_extra_and_duplicate_records():
    other = msgspec.structs.replace(OURS, local_transaction_id=2, transaction_id=8)
    unconfirmed = msgspec.structs.replace(OURS, local_transaction_id=3, transaction_id=None)
    report = reconcile([OURS, other, unconfirmed], [THEIRS, THEIRS, theirs(transaction_id=99)])
    assert kinds(report.differences) == ["duplicate", "missing", "missing", "extra"]


def test_the_same_number_at_two_charge_points_is_two_transactions():
    other = msgspec.structs.replace(OURS, charge_point_id="CP2")
    report = reconcile([OURS, other], [theirs(charge_point_id="CP2"), THEIRS])
    assert (report.compared, report.agreeing) == (2, 2)


def test_times_and_tags_and_a_stop_that_never_came():
    report = reconcile([OURS], [theirs(started_at_s=900.0, stopped_at_s=4610.0, id_tag="BOB")])
    assert kinds(report.differences) == ["id_tag", "started_at", "stopped_at"]
    open_record = CsmsRecord(transaction_id=7, started_at_s=1000.0)
    assert kinds(reconcile([OURS], [open_record]).differences) == ["not_stopped"]


def test_times_are_told_as_times():
    report = reconcile([OURS], [theirs(started_at_s=4600.0)])
    (difference,) = report.differences
    assert (difference.ours, difference.theirs) == (
        "1970-01-01T00:16:40.000Z",
        "1970-01-01T01:16:40.000Z",
    )
    assert difference.difference == 3600.0


def test_a_transaction_under_way_need_not_be_on_record():
    running = msgspec.structs.replace(
        OURS, state="running", energy_wh=700.0, meter_stop_wh=None, stopped_at_s=None
    )
    assert reconcile([running], []).differences == ()
    so_far = CsmsRecord(transaction_id=7, energy_wh=650.0, meter_start_wh=100)
    assert reconcile([running], [so_far]).agreeing == 1


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_records_the_better_one_is_compared(order: int):
    report = reconcile([OURS], [theirs(energy_wh=4000.0), THEIRS][::order])
    assert [(one.kind, one.theirs) for one in report.differences] == [("duplicate", 2.0)]


@pytest.mark.parametrize("order", [1, -1])
def test_an_id_that_a_csms_gave_twice_is_told_apart_by_what_else_is_known(order: int):
    later = msgspec.structs.replace(
        OURS, local_transaction_id=9, started_at_s=9000.0, stopped_at_s=9900.0, energy_wh=12.0
    )
    record = theirs(started_at_s=9000.0, stopped_at_s=9900.0, energy_wh=12.0)
    report = reconcile([later, OURS], [THEIRS, record][::order])
    assert (report.compared, report.agreeing, report.differences) == (2, 2, ())
