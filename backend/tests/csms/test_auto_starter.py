"""Which connector is started next."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from ocppsim.csms import AutoStart
from ocppsim.csms.auto_starter import AutoStarter
from ocppsim.csms.charger_record import ChargerRecord, ConnectorRecord
from ocppsim.csms.ledger import TransactionLedger

PLAN = AutoStart(any_connector_id_tag="TAG", delay_s=3, rest_s=60)


def system(*connectors: tuple[int, str]) -> Any:
    record = ChargerRecord("CP", connected=True, boots=1)
    for connector_id, status in connectors:
        record.connectors[connector_id] = ConnectorRecord(status, "NoError", None, since_s=0)
    return SimpleNamespace(chargers={"CP": record}, transactions=TransactionLedger(1, 10, 10))


def test_a_connector_waits_its_delay_and_connector_0_is_never_started() -> None:
    starter = AutoStarter(system((0, "Available"), (1, "Available")), PLAN)
    assert starter.next_due(2.9) is None
    assert starter.next_due(3.0) == ("CP", 1, "TAG")


def test_what_is_not_available_or_in_a_transaction_is_left_alone() -> None:
    csms = system((1, "Preparing"), (2, "Faulted"), (3, "Available"))
    csms.transactions.start("CP", 3, "TAG", "t", 0)
    assert AutoStarter(csms, PLAN).next_due(100) is None


def test_a_connector_rests_after_a_session() -> None:
    csms = system((1, "Charging"))
    starter = AutoStarter(csms, PLAN)
    assert starter.next_due(100) is None
    csms.chargers["CP"].connectors[1] = ConnectorRecord("Available", "NoError", None, since_s=110)
    assert starter.next_due(120) is None
    assert starter.next_due(160) == ("CP", 1, "TAG")


def test_a_charger_that_is_away_or_never_booted_is_left_alone() -> None:
    csms = system((1, "Available"))
    csms.chargers["CP"].connected = False
    assert AutoStarter(csms, PLAN).next_due(100) is None
    csms.chargers["CP"].connected, csms.chargers["CP"].boots = True, 0
    assert AutoStarter(csms, PLAN).next_due(100) is None


def test_a_tag_of_a_connector_goes_before_the_tag_for_all() -> None:
    plan = AutoStart(id_tags={("CP", 1): "MINE"}, any_connector_id_tag="TAG", delay_s=0)
    assert AutoStarter(system((1, "Available")), plan).next_due(0) == ("CP", 1, "MINE")
    nobody = AutoStart(id_tags={("CP", 2): "MINE"}, delay_s=0)
    assert AutoStarter(system((1, "Available")), nobody).next_due(0) is None
