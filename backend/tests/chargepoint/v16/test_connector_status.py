"""The status table and what a status follows from."""

from __future__ import annotations

import itertools

from ocppsim.chargepoint.v16.connector_status import TRANSITIONS, ConnectorFacts, status_of
from ocppsim.protocol.v16.enums import ChargePointStatus as Status

ROWS = """
A2 A3 A4 A5 A7 A8 A9 B1 B3 B4 B5 B6 B9 C1 C4 C5 C6 C8 C9 D1 D3 D5 D6 D8 D9 E1 E3 E4 E6 E8 E9
F1 F2 F8 F9 G1 G2 G8 G9 H1 H2 H3 H4 H5 H9 I1 I2 I3 I4 I5 I6 I7 I8
"""
TABLE = ROWS.split()

ALL_FACTS = [ConnectorFacts(*bits) for bits in itertools.product((False, True), repeat=8)]


def test_the_table_is_that_of_the_standard_and_B8():
    assert sorted(TRANSITIONS.values()) == sorted([*TABLE, "B8"])
    assert TRANSITIONS[Status.Available, Status.Preparing] == "A2"
    assert TRANSITIONS[Status.Finishing, Status.Unavailable] == "F8"
    assert TRANSITIONS[Status.Faulted, Status.Unavailable] == "I8"


def test_nothing_becomes_what_it_is():
    assert all(before is not after for before, after in TRANSITIONS)


def test_a_fault_covers_everything():
    for facts in ALL_FACTS:
        assert (status_of(facts) is Status.Faulted) == facts.faulted


def test_charging_needs_a_transaction_permission_and_a_vehicle_that_asks():
    for facts in ALL_FACTS:
        charging = (
            not facts.faulted
            and facts.in_transaction
            and facts.energy_permitted
            and facts.vehicle_connected
            and facts.ev_draws
        )
        assert (status_of(facts) is Status.Charging) == charging


def test_when_both_sides_suspend_the_evse_is_reported():
    for facts in ALL_FACTS:
        if facts.in_transaction and not facts.faulted and not facts.energy_permitted:
            assert status_of(facts) is Status.SuspendedEVSE


def test_unavailable_waits_for_the_end_of_a_transaction():
    for facts in ALL_FACTS:
        if not facts.faulted and not facts.operative:
            assert (status_of(facts) is Status.Unavailable) == (not facts.in_transaction)


def test_a_connector_that_nothing_happened_to_is_available():
    facts = ConnectorFacts(
        faulted=False,
        in_transaction=False,
        energy_permitted=False,
        vehicle_connected=False,
        ev_draws=False,
        operative=True,
        finishing=False,
        preparing=False,
    )
    assert status_of(facts) is Status.Available
