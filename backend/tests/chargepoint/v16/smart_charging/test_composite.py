"""The composite schedule."""

from __future__ import annotations

import pytest

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.v16.smart_charging import composite
from ocppsim.chargepoint.v16.smart_charging.composite import ScheduleTooLong, composite_schedule
from ocppsim.chargepoint.v16.smart_charging.model import ChargePointFacts
from tests.chargepoint.v16.smart_charging.profiles import (
    MAX,
    MONDAY_S,
    TX,
    ac,
    charge_point,
    dc,
    installed,
)


def schedule(
    facts: ChargePointFacts,
    connector_id: int = 1,
    duration_s: int = 600,
    unit: str | None = None,
    start_s: float = MONDAY_S,
) -> list[tuple[int, float, int | None]]:
    found = composite_schedule(facts, ConnectorId(connector_id), start_s, duration_s, unit)
    return [(one.start_period_s, one.limit, one.number_phases) for one in found]


def test_the_purposes_are_merged_by_their_minimum():
    """As TC_066: the TxProfile overrules the default, and after it the maximum is left."""
    facts = charge_point(
        ac(1, began_s=MONDAY_S),
        installed(0, [(0, 10.0)], purpose=MAX, profile_id=1),
        installed(1, [(0, 8.0)], profile_id=2),
        installed(
            1,
            [(0, 6.0), (50, 11.0), (110, 8.0), (120, 14.0), (220, 9.0)],
            purpose=TX,
            profile_id=3,
            duration_s=260,
        ),
    )
    assert schedule(facts, duration_s=350) == [
        (0, 6.0, 3),
        (50, 10.0, 3),
        (110, 8.0, 3),
        (120, 10.0, 3),
        (220, 9.0, 3),
        (260, 10.0, 3),
    ]


def test_stacked_defaults_show_without_a_transaction():
    """As TC_072: a higher level first, and then what lies below."""
    facts = charge_point(
        ac(1),
        installed(1, [(0, 6.0)], profile_id=1),
        installed(1, [(0, 10.0), (80, 8.0)], profile_id=2, level=1, duration_s=150),
    )
    assert schedule(facts) == [(0, 10.0, 3), (80, 8.0, 3), (150, 6.0, 3)]
    assert schedule(facts, start_s=MONDAY_S + 100) == [(0, 8.0, 3), (50, 6.0, 3)]


def test_without_a_transaction_a_relative_schedule_begins_with_the_composite_one():
    relative = installed(0, [(0, 16.0), (60, 8.0)], kind="Relative", start_s=None)
    assert schedule(charge_point(ac(1), relative)) == [(0, 16.0, 3), (60, 8.0, 3)]
    running = charge_point(ac(1, began_s=MONDAY_S - 30), relative)
    assert schedule(running) == [(0, 16.0, 3), (30, 8.0, 3)]


def test_nothing_begins_at_or_after_the_duration():
    facts = charge_point(ac(1), installed(0, [(0, 16.0), (60, 8.0)]))
    assert schedule(facts, duration_s=60) == [(0, 16.0, 3)]
    assert schedule(facts, duration_s=61) == [(0, 16.0, 3), (60, 8.0, 3)]
    assert schedule(facts, duration_s=0) == [(0, 16.0, 3)]


def test_equal_periods_are_one():
    facts = charge_point(ac(1), installed(0, [(0, 40.0), (60, 32.0), (120, 8.0)]))
    assert schedule(facts) == [(0, 32.0, 3), (120, 8.0, 3)]


def test_the_unit_is_the_one_asked_for():
    facts = charge_point(ac(1), installed(0, [(0, 10.0)]))
    assert schedule(facts, unit="W") == [(0, 6900.0, 3)]
    facts = charge_point(ac(1), installed(0, [(0, 11_000.0)], unit="W"))
    assert schedule(facts) == schedule(facts, unit="A") == [(0, 15.9, 3)]
    one_phase = charge_point(ac(1, vehicle_phases=1), installed(0, [(0, 10.0)]))
    assert schedule(one_phase, unit="W") == [(0, 2300.0, 1)]


def test_direct_current_is_told_in_watts_or_in_amperes_from_the_grid():
    facts = charge_point(dc(1), installed(0, [(0, 6900.0)], unit="W"))
    assert schedule(facts) == [(0, 6900.0, None)]
    assert schedule(facts, unit="A") == [(0, 10.0, 3)]


def test_a_limit_below_the_minimum_current_is_still_what_the_schedules_say():
    facts = charge_point(ac(1), installed(0, [(0, 4.0)]))
    assert schedule(facts) == [(0, 4.0, 3)]


def test_a_change_between_two_seconds_shows_at_the_next():
    facts = charge_point(ac(1), installed(0, [(0, 16.0), (60, 8.0)]))
    assert schedule(facts, start_s=MONDAY_S + 0.4) == [(0, 16.0, 3), (60, 8.0, 3)]
    assert schedule(facts, start_s=MONDAY_S + 59.9) == [(0, 16.0, 3), (1, 8.0, 3)]


def test_the_charge_point_reports_its_local_limit_without_profiles():
    facts = charge_point(ac(1), ac(2, current_a=16))
    assert schedule(facts, 0) == [(0, 48.0, 3)]
    assert schedule(facts, 0, unit="W") == [(0, 33_120.0, 3)]


def test_the_charge_point_takes_no_more_from_the_grid_than_its_maximum():
    whole = installed(0, [(0, 40.0), (60, 20.0)], purpose=MAX)
    assert schedule(charge_point(ac(1), ac(2), whole), 0) == [(0, 40.0, 3), (60, 20.0, 3)]
    default = installed(0, [(0, 8.0)])
    assert schedule(charge_point(ac(1), ac(2), whole, default), 0) == [(0, 16.0, 3)]


def test_the_charge_point_expects_those_that_charge_to_go_on():
    whole = installed(0, [(0, 40.0), (60, 20.0)], purpose=MAX)
    own = installed(2, [(0, 25.0)], purpose=TX)
    facts = charge_point(ac(1), ac(2, began_s=MONDAY_S), whole, own)
    assert schedule(facts, 0) == [(0, 25.0, 3), (60, 20.0, 3)]


def test_what_is_below_the_minimum_current_does_not_add_up_to_more_than_the_maximum():
    too_little = charge_point(ac(1), ac(2), installed(0, [(0, 5.0)], purpose=MAX))
    assert schedule(too_little, 0) == [(0, 5.0, 3)]
    assert schedule(too_little, 0, unit="W") == [(0, 3450.0, 3)]
    one_paused = charge_point(
        ac(1), ac(2), installed(0, [(0, 16.0)], purpose=MAX), installed(1, [(0, 5.0)])
    )
    assert schedule(one_paused, 0) == [(0, 16.0, 3)]


def test_a_charge_point_with_direct_current_reports_watts_unless_asked():
    facts = charge_point(ac(1, phases=1), dc(2, power_w=6900))
    assert schedule(facts, 0) == [(0, 14_260.0, 1)]
    assert schedule(facts, 0, unit="A") == [(0, 42.0, 3)]


def test_an_unknown_connector_has_no_schedule():
    with pytest.raises(KeyError):
        schedule(charge_point(ac(1)), 2)


def test_a_schedule_that_never_ends_changing_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(composite, "MOST_LIMITS", 100)
    daily = installed(0, [(0, 16.0), (60, 8.0)], kind="Recurring", recurrency="Daily")
    assert len(schedule(charge_point(ac(1), daily), duration_s=49 * 86_400)) == 98
    with pytest.raises(ScheduleTooLong):
        schedule(charge_point(ac(1), daily), duration_s=500 * 86_400)


def test_the_more_connectors_are_looked_at_the_fewer_changes_can_be_told(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(composite, "MOST_LIMITS", 100)
    daily = installed(0, [(0, 16.0), (60, 8.0)], kind="Recurring", recurrency="Daily")
    two = charge_point(ac(1), ac(2), daily)
    assert len(schedule(two, connector_id=0, duration_s=24 * 86_400)) == 48
    with pytest.raises(ScheduleTooLong):
        schedule(two, connector_id=0, duration_s=49 * 86_400)


@pytest.mark.parametrize("duration_s", [2**31 - 1, 10**400])
def test_a_duration_may_be_longer_than_any_time(duration_s: int):
    assert schedule(charge_point(ac(1)), duration_s=duration_s) == [(0, 32.0, 3)]
