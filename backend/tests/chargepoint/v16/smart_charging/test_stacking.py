"""Which of several profiles prevails."""

from __future__ import annotations

import pytest

from ocppsim.chargepoint.v16.smart_charging.model import ConnectorFacts, InstalledProfile
from ocppsim.chargepoint.v16.smart_charging.stacking import (
    of_charge_point,
    of_connector,
    prevailing,
)
from tests.chargepoint.v16.smart_charging.profiles import (
    DAY_S,
    MAX,
    MONDAY_S,
    TX,
    ac,
    charge_point,
    installed,
)

FOREVER = float("inf")
IDLE = ac(1)
BUSY = ac(1, began_s=MONDAY_S, transaction_id=7)


def of_one(
    connector: ConnectorFacts, *profiles: InstalledProfile, second: float = 0.0, **more: bool
) -> tuple[int | None, float]:
    """The id of the profile that holds at connector 1, and until when."""
    facts = charge_point(connector, *profiles, **more)
    found = of_connector(facts, connector, MONDAY_S + second, MONDAY_S + second)
    profile_id = found.installed.profile.charging_profile_id if found.installed else None
    return profile_id, found.until_s - MONDAY_S


def test_the_highest_level_prevails_and_gives_way_when_its_duration_is_over():
    stack = [
        installed(1, [(0, 16.0)], profile_id=1, level=0),
        installed(1, [(0, 8.0)], profile_id=3, level=2, duration_s=100),
        installed(1, [(0, 12.0)], profile_id=2, level=1, duration_s=200),
    ]
    assert [of_one(IDLE, *stack, second=s) for s in (0, 100, 200)] == [
        (3, 100),
        (2, 200),
        (1, FOREVER),
    ]


def test_the_highest_level_without_a_duration_never_gives_way():
    stack = [
        installed(1, [(0, 8.0)], profile_id=1, level=3),
        installed(1, [(0, 6.0)], profile_id=2, level=2),
    ]
    assert of_one(IDLE, *stack, second=1e8) == (1, FOREVER)


def test_a_level_that_has_not_begun_gives_way_until_it_does():
    stack = [
        installed(1, [(0, 8.0)], profile_id=1, level=1, start_s=MONDAY_S + 60),
        installed(1, [(0, 9.0)], profile_id=2, level=2, valid_from_s=MONDAY_S + 90),
        installed(1, [(0, 6.0)], profile_id=3, level=0),
    ]
    assert [of_one(IDLE, *stack, second=s) for s in (0, 60, 90)] == [(3, 60), (1, 90), (2, FOREVER)]


def test_a_daily_exception_lies_on_top_of_a_weekly_calendar():
    stack = [
        installed(0, [(0, 6.0)], profile_id=1, kind="Recurring", recurrency="Weekly"),
        installed(
            0,
            [(0, 32.0)],
            profile_id=2,
            level=1,
            kind="Recurring",
            recurrency="Daily",
            duration_s=3600,
        ),
    ]
    assert [of_one(IDLE, *stack, second=s) for s in (0, 3600, DAY_S)] == [
        (2, 3600),
        (1, DAY_S),
        (2, DAY_S + 3600),
    ]


def test_no_profile_holds_where_there_is_none():
    assert of_one(IDLE) == (None, FOREVER)
    assert prevailing([], MONDAY_S, MONDAY_S).period is None


def test_a_default_of_the_connector_replaces_that_of_the_charge_point_for_it_alone():
    general = installed(0, [(0, 16.0)], profile_id=1, level=5)
    special = installed(1, [(0, 10.0)], profile_id=2, level=0)
    facts = charge_point(ac(1), ac(2), general, special)
    held = [of_connector(facts, one, MONDAY_S, MONDAY_S).installed for one in facts.connectors]
    assert held == [special, general]


def test_what_a_connectors_own_default_leaves_open_falls_to_another_level_of_the_charge_point():
    own = installed(1, [(0, 10.0)], profile_id=2, level=1, duration_s=100)
    lower = installed(0, [(0, 16.0)], profile_id=1, level=0)
    assert [of_one(IDLE, own, lower, second=s) for s in (0, 100)] == [(2, 100), (1, FOREVER)]


def test_a_default_at_the_same_level_is_replaced_also_before_the_new_one_is_valid():
    own = installed(
        1, [(0, 10.0)], profile_id=2, valid_from_s=MONDAY_S + 50, valid_to_s=MONDAY_S + 90
    )
    replaced = installed(0, [(0, 16.0)], profile_id=1)
    assert [of_one(IDLE, own, replaced, second=s) for s in (0, 50, 90)] == [
        (None, 50),
        (2, 90),
        (1, FOREVER),
    ]


def test_a_transaction_profile_overrules_the_default_for_its_transaction_only():
    default = installed(0, [(0, 10.0)], profile_id=1, level=9)
    own = installed(1, [(0, 20.0)], profile_id=2, level=0, purpose=TX, transaction_id=7)
    other = installed(1, [(0, 20.0)], profile_id=3, level=1, purpose=TX, transaction_id=8)
    elsewhere = installed(2, [(0, 20.0)], profile_id=4, level=1, purpose=TX)
    everything = [default, own, other, elsewhere]
    assert of_one(BUSY, *everything)[0] == 2
    assert of_one(ac(1, began_s=MONDAY_S, transaction_id=9), *everything)[0] == 1
    assert of_one(IDLE, *everything)[0] == 1


def test_a_transaction_profile_without_an_id_is_that_of_whatever_runs():
    own = installed(1, [(0, 20.0)], profile_id=2, purpose=TX)
    assert of_one(ac(1, began_s=MONDAY_S, transaction_id=None), own)[0] == 2


def test_the_default_does_not_come_back_while_a_used_up_transaction_profile_is_valid():
    """AMB-36, as TC_066 expects it: after 260 s the ChargePointMaxProfile alone is left."""
    default = installed(0, [(0, 8.0)], profile_id=1)
    own = installed(
        1, [(0, 6.0)], profile_id=2, purpose=TX, duration_s=260, valid_to_s=MONDAY_S + 300
    )
    assert [of_one(BUSY, default, own, second=s) for s in (0, 260, 300)] == [
        (2, 260),
        (None, 300),
        (1, FOREVER),
    ]


def test_the_default_comes_back_at_once_where_the_behaviour_says_so():
    default = installed(0, [(0, 8.0)], profile_id=1)
    own = installed(1, [(0, 6.0)], profile_id=2, purpose=TX, duration_s=260)
    assert of_one(BUSY, default, own, second=260, falls_back=True)[0] == 1


def test_the_default_holds_until_a_transaction_profile_becomes_valid():
    default = installed(0, [(0, 8.0)], profile_id=1)
    own = installed(1, [(0, 6.0)], profile_id=2, purpose=TX, valid_from_s=MONDAY_S + 30)
    assert [of_one(BUSY, default, own, second=s) for s in (0, 30)] == [(1, 30), (2, FOREVER)]


@pytest.mark.parametrize("kind", ["Relative", "Absolute"])
def test_without_a_start_a_schedule_counts_from_the_transaction(kind: str):
    default = installed(0, [(0, 8.0), (60, 6.0)], kind=kind, start_s=None)
    facts = charge_point(BUSY, default)
    found = of_connector(facts, BUSY, MONDAY_S + 70, MONDAY_S + 70)
    assert found.period_index == 1
    idle = of_connector(charge_point(IDLE, default), IDLE, MONDAY_S + 70, MONDAY_S + 70)
    assert (idle.period_index, idle.until_s) == (0, MONDAY_S + 130)


def test_a_transaction_that_seems_to_begin_later_began_now():
    relative = installed(0, [(0, 8.0)], kind="Relative", start_s=None)
    assert of_one(ac(1, began_s=MONDAY_S + 500), relative)[0] == 1


def test_an_absolute_profile_without_a_start_is_idle_where_the_behaviour_refuses_it():
    kept = installed(0, [(0, 8.0)], start_s=None)
    assert of_one(BUSY, kept, absolute_without_start_is_relative=False) == (None, FOREVER)


def test_the_limit_of_the_charge_point_counts_from_the_first_running_transaction():
    relative = installed(0, [(0, 8.0), (60, 6.0)], purpose=MAX, kind="Relative", start_s=None)
    facts = charge_point(
        ac(1, began_s=MONDAY_S + 40), ac(2, began_s=MONDAY_S + 10), ac(3), relative
    )
    assert of_charge_point(facts, MONDAY_S + 69, 0).until_s == MONDAY_S + 70
    assert of_charge_point(facts, MONDAY_S + 70, 0).period_index == 1
    alone = charge_point(ac(1), relative)
    assert of_charge_point(alone, MONDAY_S + 70, MONDAY_S + 70).until_s == MONDAY_S + 130
