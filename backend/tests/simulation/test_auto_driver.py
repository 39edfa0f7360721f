"""Who comes by itself with a remote start, and when it leaves."""

from __future__ import annotations

from ocppsim.chargepoint.controller import NEVER
from ocppsim.chargepoint.identifiers import ConnectorId, LocalTransactionId
from ocppsim.chargepoint.notifications import (
    AuthorizationEnded,
    ConnectorChanged,
    RemoteStartAccepted,
    SessionAbandoned,
    TransactionChanged,
    TransactionView,
)
from ocppsim.simulation.auto_driver import LEAVES_AFTER_S, AutoDriver

ONE = ConnectorId(1)
TWO = ConnectorId(2)


def transaction(state: str, connector_id: ConnectorId = ONE) -> TransactionChanged:
    return TransactionChanged(
        TransactionView(
            local_transaction_id=LocalTransactionId(1),
            transaction_id=None,
            connector_id=connector_id,
            id_tag="TAG",
            state=state,
            meter_start_wh=0,
            started_at_s=0.0,
        )
    )


def test_an_accepted_remote_start_brings_a_vehicle():
    driver = AutoDriver(enabled=True)
    driver.watch(RemoteStartAccepted(ONE, "TAG"), 0.0)
    assert driver.arrivals == ((ONE, "TAG"),)


def test_a_driver_that_is_off_brings_nobody():
    driver = AutoDriver(enabled=False)
    driver.watch(RemoteStartAccepted(ONE, "TAG"), 0.0)
    assert driver.arrivals == ()


def test_it_leaves_a_moment_after_the_stop():
    driver = AutoDriver(enabled=True)
    driver.bring(ONE, "TAG")
    driver.watch(transaction("starting"), 0.0)
    driver.watch(transaction("running"), 1.0)
    assert driver.next_departure_s == NEVER
    driver.watch(transaction("stopping"), 10.0)
    assert driver.next_departure_s == 10.0 + LEAVES_AFTER_S
    assert driver.departing(10.0) == []
    assert driver.departing(10.0 + LEAVES_AFTER_S) == [ONE]
    assert driver.leave(ONE) == "TAG"
    assert driver.next_departure_s == NEVER


def test_it_leaves_when_the_session_came_to_nothing():
    for notification in (
        SessionAbandoned(ONE, "TAG", "the cable could not be locked"),
        AuthorizationEnded(ONE, "TAG", "Blocked", "the CSMS answered Blocked"),
    ):
        driver = AutoDriver(enabled=True)
        driver.bring(ONE, "TAG")
        driver.watch(notification, 5.0)
        assert driver.departing(5.0 + LEAVES_AFTER_S) == [ONE]


def test_nothing_else_makes_it_leave():
    driver = AutoDriver(enabled=True)
    driver.bring(ONE, "TAG")
    driver.watch(AuthorizationEnded(ONE, "TAG", "Accepted"), 0.0)
    driver.watch(AuthorizationEnded(None, "OTHER", "Blocked"), 0.0)
    driver.watch(ConnectorChanged(ONE, "Charging", "NoError"), 0.0)
    driver.watch(transaction("stopping", TWO), 0.0)
    assert driver.next_departure_s == NEVER


def test_a_vehicle_that_somebody_else_plugged_in_is_left_alone():
    driver = AutoDriver(enabled=True)
    driver.watch(transaction("stopping"), 0.0)
    assert driver.next_departure_s == NEVER


def test_a_vehicle_that_somebody_else_took_away_is_forgotten():
    driver = AutoDriver(enabled=True)
    driver.bring(ONE, "TAG")
    driver.leave_soon(ONE, 0.0)
    assert driver.forget(ONE)
    assert not driver.forget(ONE)
    assert driver.brought(ONE) is None
    assert driver.next_departure_s == NEVER


def test_who_comes_anew_does_not_leave_with_the_old_one():
    driver = AutoDriver(enabled=True)
    driver.bring(ONE, "OLD")
    driver.leave_soon(ONE, 0.0)
    driver.bring(ONE, "NEW")
    assert driver.next_departure_s == NEVER
    assert driver.brought(ONE) == "NEW"
