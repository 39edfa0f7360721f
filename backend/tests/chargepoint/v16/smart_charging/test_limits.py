"""The limit in force at a connector, layer by layer."""

from __future__ import annotations

from math import isfinite

import pytest

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.v16.smart_charging.limits import connector_limit, connector_limits
from ocppsim.chargepoint.v16.smart_charging.model import ChargePointFacts, ConnectorLimit, Layer
from tests.chargepoint.v16.smart_charging.profiles import (
    DAY_S,
    MAX,
    MONDAY_S,
    TX,
    Period,
    ac,
    charge_point,
    dc,
    installed,
)

FOREVER = float("inf")


def limit_of(facts: ChargePointFacts, connector_id: int = 1, second: float = 0.0) -> ConnectorLimit:
    return connector_limit(facts, ConnectorId(connector_id), MONDAY_S + second)


def layer_of(limit: ConnectorLimit, name: str) -> Layer:
    (layer,) = (layer for layer in limit.layers if layer.name == name)
    return layer


def currents(facts: ChargePointFacts, second: float = 0.0) -> list[float | None]:
    limits = connector_limits(facts, MONDAY_S + second).values()
    return [None if limit.current_a is None else round(limit.current_a, 6) for limit in limits]


def test_without_profiles_the_hardware_is_the_limit():
    limit = limit_of(charge_point(ac(1, current_a=16)))
    assert (limit.power_w, limit.phases, limit.until_s) == (16 * 690, 3, FOREVER)
    assert [layer.name for layer in limit.layers] == ["hardware"]
    assert limit.layers[0].explanation == "The connector can give 16 A on 3 phases."
    assert limit_of(charge_point(dc(1))).layers[0].explanation == "The connector can give 50 kW."


@pytest.mark.parametrize("unit", ["A", "W"])
def test_a_limit_beyond_all_sense_is_one_that_limits_nothing(unit: str):
    limit = limit_of(charge_point(ac(1), installed(1, [(0, 1e308)], unit=unit)))
    assert limit.current_a == 32
    layer = layer_of(limit, "tx_default_profile")
    assert isfinite(layer.power_w)
    assert f"1e+308 {unit}" in layer.explanation


def test_a_thin_cable_is_a_limit():
    limit = limit_of(charge_point(ac(1, cable_current_a=20)))
    assert limit.current_a == 20
    assert layer_of(limit, "cable").explanation == "The cable is rated for 20 A."


@pytest.mark.parametrize(
    ("whole", "default", "own", "expected"),
    [
        (20.0, 16.0, None, 16.0),
        (10.0, 16.0, None, 10.0),
        (10.0, 8.0, 9.0, 9.0),
        (10.0, 8.0, 16.0, 10.0),
        (None, None, 40.0, 32.0),
    ],
)
def test_the_smallest_of_all_layers_holds(
    whole: float | None, default: float | None, own: float | None, expected: float
):
    profiles = [
        installed(connector_id, [(0, limit)], purpose=purpose, profile_id=number)
        for number, (connector_id, purpose, limit) in enumerate(
            [(0, MAX, whole), (0, "TxDefaultProfile", default), (1, TX, own)]
        )
        if limit is not None
    ]
    limit = limit_of(charge_point(ac(1, began_s=MONDAY_S), *profiles))
    assert limit.current_a == expected
    assert limit.power_w == min(layer.power_w for layer in limit.layers)


@pytest.mark.parametrize(
    ("vehicle_phases", "unit", "period", "current_a", "power_w"),
    [
        (None, "A", (0, 10.0), 10.0, 6900.0),
        (1, "A", (0, 10.0), 10.0, 2300.0),
        (1, "A", (0, 10.0, 3), 10.0, 2300.0),
        (3, "A", (0, 10.0, 1), 10.0, 6900.0),
        (3, "W", (0, 6900.0, 3), 10.0, 6900.0),
        (1, "W", (0, 6900.0, 3), 30.0, 6900.0),
        (1, "W", (0, 9200.0, 3), 32.0, 7360.0),
        (2, "W", (0, 6900.0), 15.0, 6900.0),
        (3, "W", (0, 6900.0, 1), 10.0, 6900.0),
    ],
)
def test_amperes_are_a_phase_and_watts_the_total_over_the_phases_in_use(
    vehicle_phases: int | None, unit: str, period: Period, current_a: float, power_w: float
):
    connector = ac(1, vehicle_phases=vehicle_phases)
    limit = limit_of(charge_point(connector, installed(0, [period], unit=unit)))
    assert limit.current_a == pytest.approx(current_a)
    assert limit.power_w == pytest.approx(power_w)
    assert limit.phases == (vehicle_phases or 3)
    assert limit.offered_phases == 3
    assert limit.offered_power_w == pytest.approx(current_a * 690)


@pytest.mark.parametrize("unit", ["A", "W"])
def test_more_phases_than_there_are_leave_the_limit_as_it_is(unit: str):
    """Errata 3.34."""
    connector = ac(1, phases=1)
    limit = limit_of(charge_point(connector, installed(0, [(0, 2990.0, 3)], unit="W")))
    assert (limit.power_w, limit.current_a) == (2990.0, pytest.approx(13.0))
    limit = limit_of(charge_point(connector, installed(0, [(0, 13.0, 3)])))
    assert (limit.power_w, limit.current_a) == (2990.0, pytest.approx(13.0))


def test_phases_are_switched_off_where_that_is_possible():
    default = installed(0, [(0, 2300.0, 1)], unit="W")
    limit = limit_of(charge_point(ac(1), default, can_switch_phases=True))
    assert (limit.phases, limit.current_a) == (1, pytest.approx(10.0))
    assert (limit.offered_phases, limit.offered_power_w) == (1, 2300.0)
    assert limit_of(charge_point(ac(1), default)).power_w == 0.0


def test_the_limit_of_the_charge_point_switches_phases_off_too():
    whole = installed(0, [(0, 10.0, 1)], purpose=MAX)
    limit = limit_of(charge_point(ac(1), whole, can_switch_phases=True))
    assert (limit.offered_phases, limit.power_w) == (1, 2300.0)
    one_phase = limit_of(charge_point(ac(1, vehicle_phases=1), whole, can_switch_phases=True))
    assert (one_phase.offered_phases, one_phase.phases, one_phase.power_w) == (3, 1, 2300.0)


def test_less_than_six_amperes_are_nothing():
    limit = limit_of(charge_point(ac(1), installed(0, [(0, 5.9)])))
    assert (limit.power_w, limit.offered_power_w) == (0.0, 0.0)
    assert limit.layers[-1].name == "minimum_current"
    assert limit.layers[-1].explanation == (
        "5.9 A a phase is below the 6 A that a vehicle can be offered at least,"
        " so it is offered nothing."
    )
    assert limit_of(charge_point(ac(1), installed(0, [(0, 6.0)]))).current_a == 6.0
    assert limit_of(charge_point(ac(1), installed(0, [(0, 4140.0)], unit="W"))).power_w == 4140.0


def test_hardware_that_is_weaker_than_the_minimum_offers_what_it_has():
    weak = ac(1, current_a=4.0, phases=1)
    assert limit_of(charge_point(weak)).current_a == pytest.approx(4.0)
    assert limit_of(charge_point(weak, installed(0, [(0, 5.0)]))).current_a == pytest.approx(4.0)
    assert limit_of(charge_point(weak, installed(0, [(0, 3.0)]))).power_w == 0.0


def test_a_limit_of_nothing_needs_no_minimum_to_explain_it():
    limit = limit_of(charge_point(ac(1), installed(0, [(0, 0.0)])))
    assert limit.power_w == 0.0
    assert [layer.name for layer in limit.layers] == ["hardware", "tx_default_profile"]


def test_direct_current_has_watts_and_amperes_are_those_of_its_supply():
    assert limit_of(charge_point(dc(1), installed(0, [(0, 20_000.0)], unit="W"))).power_w == 20_000
    assert limit_of(charge_point(dc(1), installed(0, [(0, 10.0)]))).power_w == 6900
    assert limit_of(charge_point(dc(1), installed(0, [(0, 10.0, 1)]))).power_w == 2300
    limit = limit_of(charge_point(dc(1), installed(0, [(0, 500.0)], unit="W")))
    assert (limit.power_w, limit.phases, limit.current_a) == (500.0, 0, None)
    assert (limit.offered_power_w, limit.offered_phases) == (500.0, 0)


def test_a_layer_says_which_profile_and_period_it_is_and_until_when():
    default = installed(
        0, [(0, 32.0), (9 * 3600, 16.0, 3), (52_200, 8.0), (60_000, 6.0)], profile_id=12, level=3
    )
    layer = layer_of(limit_of(charge_point(ac(1), default), second=40_000), "tx_default_profile")
    assert layer.explanation == (
        "Profile 12 (TxDefaultProfile, stack level 3), period 2 of 4:"
        " 16 A on 3 phases until 14:30 UTC."
    )
    assert (layer.installed, layer.period_index) == (default, 1)
    assert layer.until_s == MONDAY_S + 52_200


def test_an_end_on_another_day_says_the_day_and_no_end_says_nothing():
    default = installed(0, [(0, 8.5), (DAY_S + 61, 2300.0)], unit="W")
    facts = charge_point(dc(1), default)
    first = layer_of(limit_of(facts), "tx_default_profile").explanation
    assert first.endswith("period 1 of 2: 8.5 W until 2026-01-06 00:01:01 UTC.")
    last = layer_of(limit_of(facts, second=2 * DAY_S), "tx_default_profile").explanation
    assert last.endswith("period 2 of 2: 2300 W.")


def test_the_limit_of_the_charge_point_is_divided_among_those_that_draw():
    whole = installed(0, [(0, 32.0)], purpose=MAX, profile_id=9)
    slow = installed(2, [(0, 10.0)], purpose=TX, profile_id=2)
    facts = charge_point(
        ac(1, began_s=MONDAY_S - 20), ac(2, began_s=MONDAY_S - 10), ac(3), whole, slow
    )
    assert currents(facts) == [22, 10, 11]
    said = layer_of(limit_of(facts, 2), "charge_point_max").explanation
    assert said == (
        "Profile 9 (ChargePointMaxProfile, stack level 0), period 1 of 1: 32 A on 3 phases;"
        " shared with 1 other connector, at most 16 A of it is for this one."
    )


def test_the_last_to_begin_wait_where_equal_parts_are_too_little():
    whole = installed(0, [(0, 11.0), (60, 12.0)], purpose=MAX)
    facts = charge_point(ac(1, began_s=MONDAY_S - 10), ac(2, began_s=MONDAY_S - 20), whole)
    assert currents(facts) == [0, 11]
    assert currents(facts, 60) == [6, 6]
    waiting = limit_of(facts, 1)
    assert waiting.layers[-1].name == "charge_point_max"
    assert "waits for those that began before it" in waiting.layers[-1].explanation


def test_one_that_does_not_draw_takes_nothing_but_sees_what_it_would_get():
    whole = installed(0, [(0, 32.0)], purpose=MAX)
    full = ac(1, began_s=MONDAY_S, draws=False)
    assert currents(charge_point(full, ac(2, began_s=MONDAY_S), whole)) == [16, 32]
    assert currents(charge_point(ac(1), ac(2), whole)) == [32, 32]


def test_one_that_cannot_draw_for_its_own_limit_takes_nothing():
    whole = installed(0, [(0, 32.0)], purpose=MAX)
    paused = installed(1, [(0, 0.0)], purpose=TX)
    facts = charge_point(ac(1, began_s=MONDAY_S), ac(2, began_s=MONDAY_S), whole, paused)
    assert currents(facts) == [0, 32]


def test_too_little_for_any_is_told_by_the_minimum():
    facts = charge_point(
        ac(1, began_s=MONDAY_S),
        ac(2, began_s=MONDAY_S),
        installed(0, [(0, 3000.0)], purpose=MAX, unit="W"),
    )
    for limit in connector_limits(facts, MONDAY_S).values():
        assert limit.power_w == 0
        assert layer_of(limit, "charge_point_max").power_w == 3000
        assert limit.layers[-1].name == "minimum_current"


def test_watts_are_shared_as_watts_over_all_kinds_of_connectors():
    facts = charge_point(
        ac(1, began_s=MONDAY_S, vehicle_phases=1),
        ac(2, began_s=MONDAY_S),
        dc(3, began_s=MONDAY_S),
        installed(0, [(0, 30_000.0)], purpose=MAX, unit="W"),
    )
    powers = [limit.power_w for limit in connector_limits(facts, MONDAY_S).values()]
    assert powers == pytest.approx([7360, 11_320, 11_320])


def test_amperes_are_shared_as_amperes_over_all_kinds_of_connectors():
    facts = charge_point(
        ac(1, began_s=MONDAY_S, vehicle_phases=1),
        dc(2, began_s=MONDAY_S),
        installed(0, [(0, 40.0)], purpose=MAX),
    )
    powers = [limit.power_w for limit in connector_limits(facts, MONDAY_S).values()]
    assert powers == pytest.approx([20 * 230, 20 * 690])


def test_a_limit_ends_where_another_connectors_profile_changes_its_part():
    facts = charge_point(
        ac(1, began_s=MONDAY_S),
        ac(2, began_s=MONDAY_S),
        ac(3),
        installed(0, [(0, 32.0)], purpose=MAX),
        installed(2, [(0, 8.0), (600, 16.0)]),
        installed(3, [(0, 8.0), (300, 16.0)]),
    )
    limits = connector_limits(facts, MONDAY_S)
    assert [limit.until_s - MONDAY_S for limit in limits.values()] == [600, 600, 300]
    assert layer_of(limits[ConnectorId(1)], "hardware").until_s == FOREVER
    assert currents(facts, 600)[:2] == [16, 16]


def test_without_a_common_limit_connectors_do_not_concern_each_other():
    facts = charge_point(
        ac(1, began_s=MONDAY_S),
        ac(2, began_s=MONDAY_S),
        installed(2, [(0, 8.0), (600, 16.0)]),
        installed(0, [(0, 32.0)], purpose=MAX, start_s=MONDAY_S + 900),
    )
    assert limit_of(facts, 1).until_s == MONDAY_S + 900
    assert limit_of(facts, 2).until_s == MONDAY_S + 600


def test_an_unknown_connector_has_no_limit():
    with pytest.raises(KeyError):
        limit_of(charge_point(ac(1)), 2)
