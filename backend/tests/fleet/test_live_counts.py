"""How many are connected and charging, and why a link was lost or not made."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from ocppsim.chargepoint.identifiers import ConnectorId, LocalTransactionId
from ocppsim.chargepoint.notifications import (
    ConnectorChanged,
    Notification,
    TransactionChanged,
    TransactionView,
)
from ocppsim.fleet.live_counts import LiveCounts
from ocppsim.fleet.open_transactions import OpenTransactions
from ocppsim.fleet.time_slice import TimeSlice


class Watched:
    """Chargers that a :class:`LiveCounts` watches."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, Notification]] = []
        self.counts = LiveCounts(
            lambda number, told: self.heard.append((number, told)), str, OpenTransactions()
        )

    def link(
        self, charger_id: int, *, up: bool, attempts: int = 0, error: str | None = None
    ) -> None:
        view = SimpleNamespace(attempts=attempts, last_error=error)
        connection: Any = SimpleNamespace(is_up=up, view=view)
        self.counts.connection_changed(charger_id, connection)

    def transaction(self, charger_id: int, state: str) -> None:
        view = TransactionView(
            LocalTransactionId(1), None, ConnectorId(1), "TAG", state, 0, 1_772_409_600.0
        )
        self.counts.noticed(charger_id, TransactionChanged(view))

    def taken(self) -> TimeSlice:
        span = TimeSlice(0.0, 1.0)
        self.counts.move_to(span)
        return span


def test_links_are_counted_as_they_come_and_go() -> None:
    watched = Watched()
    watched.link(1, up=True)
    watched.link(1, up=True)
    watched.link(2, up=True)
    assert watched.taken().connected == 2.0
    watched.link(2, up=False)
    span = watched.taken()
    assert (span.connected, dict(span.lost_links), dict(span.connect_failures)) == (1.0, {}, {})


def test_a_link_that_others_end_is_lost_once() -> None:
    watched = Watched()
    watched.link(1, up=True)
    watched.link(1, up=False, error="closed by the CSMS (1001)")
    watched.link(1, up=False, error="closed by the CSMS (1001)")
    assert watched.taken().lost_links == {"closed by the CSMS (1001)": 1}
    assert watched.taken().lost_links == {}


def test_each_attempt_that_fails_counts_once() -> None:
    watched = Watched()
    for attempts in (0, 1, 1, 2):
        watched.link(1, up=False, attempts=attempts, error="TCP: refused")
    watched.link(1, up=True)
    watched.link(1, up=False, error="half-open")
    watched.link(1, up=False, attempts=1, error="TCP: refused")
    span = watched.taken()
    assert span.connect_failures == {"TCP: refused": 3}
    assert span.lost_links == {"half-open": 1}


def test_what_a_disturbance_cuts_is_no_failure() -> None:
    watched = Watched()
    watched.link(1, up=True)
    watched.link(1, up=False, error="network: cut")
    watched.link(1, up=False, attempts=1, error="network: cut")
    span = watched.taken()
    assert (span.connect_failures, span.lost_links) == ({}, {})


def test_transactions_are_open_until_their_end_is_confirmed() -> None:
    watched = Watched()
    watched.transaction(1, "starting")
    watched.transaction(2, "starting")
    watched.transaction(1, "running")
    watched.transaction(1, "stopping")
    assert len(watched.counts.transactions) == 2
    watched.transaction(1, "stopped")
    watched.transaction(2, "failed")
    assert len(watched.counts.transactions) == 0
    assert len(watched.heard) == 6


def test_connectors_charge_by_their_status() -> None:
    watched = Watched()
    for connector, status in ((1, "Charging"), (2, "Charging"), (2, "Finishing")):
        watched.counts.noticed(7, ConnectorChanged(ConnectorId(connector), status, "NoError"))
    assert watched.taken().charging == 1.0
