"""What all connectors of a charger can take together, and the share that a site leaves."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.inputs import SiteShare
from ocppsim.chargepoint.v16.smart_charging.composite import composite_schedule
from ocppsim.chargepoint.v16.smart_charging.limits import connector_limit, connector_limits
from ocppsim.chargepoint.v16.smart_charging.model import ChargePointFacts, ConnectorFacts
from ocppsim.chargepoint.v16.smart_charging.sharing import Sharer, whole_modules
from tests.chargepoint.v16.smart_charging.profiles import MAX, MONDAY_S, ac, charge_point, dc
from tests.chargepoint.v16.smart_charging.profiles import installed as installed_profile


def shared(
    facts: ChargePointFacts, shared_w: float, module_w: float | None = None
) -> ChargePointFacts:
    return msgspec.structs.replace(facts, shared_power_w=shared_w, module_power_w=module_w)


def with_vehicle(connector: ConnectorFacts, power_w: float) -> ConnectorFacts:
    return msgspec.structs.replace(connector, vehicle_power_w=power_w)


def with_share(connector: ConnectorFacts, current_a: float) -> ConnectorFacts:
    return msgspec.structs.replace(
        connector, site=SiteShare(current_a, lambda: "The site says so.")
    )


def powers(facts: ChargePointFacts) -> list[float]:
    return [round(limit.power_w, 6) for limit in connector_limits(facts, MONDAY_S).values()]


def layers(facts: ChargePointFacts, connector_id: int = 1) -> dict[str, str]:
    limit = connector_limit(facts, ConnectorId(connector_id), MONDAY_S)
    return {layer.name: layer.explanation for layer in limit.layers}


def test_a_lone_session_has_all_the_modules_that_it_can_use():
    facts = shared(
        charge_point(dc(1, power_w=150e3, began_s=MONDAY_S), dc(2, power_w=150e3)), 150e3, 30e3
    )
    assert powers(facts)[0] == 150e3


def test_two_sessions_have_whole_modules_and_the_first_the_odd_one():
    facts = shared(
        charge_point(
            dc(1, power_w=150e3, began_s=MONDAY_S - 60), dc(2, power_w=150e3, began_s=MONDAY_S)
        ),
        150e3,
        30e3,
    )
    assert powers(facts) == [90e3, 60e3]
    assert layers(facts)["charger"] == (
        "All connectors of the charger can take 150 kW together, in modules of 30 kW;"
        " shared with 1 other connector, at most 90 kW of it is for this one."
    )


def test_modules_that_a_vehicle_cannot_use_go_to_the_other():
    facts = shared(
        charge_point(
            with_vehicle(dc(1, power_w=150e3, began_s=MONDAY_S - 60), 50e3),
            with_vehicle(dc(2, power_w=150e3, began_s=MONDAY_S), 150e3),
        ),
        150e3,
        30e3,
    )
    assert powers(facts) == [60e3, 90e3]


def test_who_finds_no_module_left_waits():
    facts = shared(
        charge_point(*(dc(number, began_s=MONDAY_S - 60 + number) for number in (1, 2, 3))),
        100e3,
        50e3,
    )
    assert powers(facts) == [50e3, 50e3, 0.0]
    assert "waits" in layers(facts, 3)["charger"]


def test_a_shared_supply_of_two_sockets_is_halved():
    facts = shared(charge_point(ac(1, began_s=MONDAY_S - 60), ac(2, began_s=MONDAY_S)), 32 * 690.0)
    assert powers(facts) == [16 * 690.0] * 2
    assert list(layers(facts)) == ["hardware", "charger"]


def test_the_profile_of_the_charge_point_is_shared_beside_the_charger():
    facts = shared(
        charge_point(
            ac(1, began_s=MONDAY_S - 60),
            ac(2, began_s=MONDAY_S),
            installed_profile(0, [(0, 20)], purpose=MAX),
        ),
        32 * 690.0,
    )
    assert powers(facts) == [10 * 690.0] * 2
    assert list(layers(facts)) == ["hardware", "charger", "charge_point_max"]


def test_the_composite_schedule_knows_the_charger():
    facts = shared(charge_point(ac(1, began_s=MONDAY_S - 60), ac(2, began_s=MONDAY_S)), 32 * 690.0)
    (period,) = composite_schedule(facts, ConnectorId(1), MONDAY_S, 600, "A")
    assert period.limit == 16.0
    (whole,) = composite_schedule(facts, ConnectorId(0), MONDAY_S, 600, "A")
    assert whole.limit == 32.0


def test_a_share_of_the_site_is_a_layer_of_its_own():
    facts = charge_point(with_share(ac(1, vehicle_phases=1, began_s=MONDAY_S), 10.0))
    assert powers(facts) == [2300.0]
    assert layers(facts)["site"] == "The site says so."


def test_a_share_below_the_minimum_is_nothing():
    assert powers(charge_point(with_share(ac(1, began_s=MONDAY_S), 5.0))) == [0.0]


def test_a_share_of_dc_counts_on_three_phases():
    assert powers(charge_point(with_share(dc(1, began_s=MONDAY_S), 10.0))) == [6900.0]


def test_what_the_site_takes_from_one_connector_the_other_may_have_of_the_charger():
    facts = shared(
        charge_point(
            with_share(ac(1, began_s=MONDAY_S - 60), 8.0), with_share(ac(2, began_s=MONDAY_S), 32.0)
        ),
        32 * 690.0,
    )
    assert powers(facts) == pytest.approx([8 * 690.0, 24 * 690.0])


crowds = st.lists(
    st.builds(
        lambda kind, limit, began, draws: (
            kind(1, began_s=MONDAY_S - began, draws=draws)
            if kind is dc
            else ac(1, current_a=limit, began_s=MONDAY_S - began, draws=draws)
        ),
        st.sampled_from([ac, dc]),
        st.sampled_from([8.0, 16.0, 32.0]),
        st.integers(0, 5),
        st.booleans(),
    ),
    min_size=1,
    max_size=5,
)


@given(crowds, st.floats(1e3, 300e3), st.sampled_from([None, 1e3, 11e3, 30e3]))
def test_those_who_draw_never_take_more_than_the_charger_can(
    crowd: list[ConnectorFacts], shared_w: float, module_w: float | None
):
    numbered = [
        msgspec.structs.replace(one, connector_id=ConnectorId(number))
        for number, one in enumerate(crowd, start=1)
    ]
    limits = connector_limits(shared(charge_point(*numbered), shared_w, module_w), MONDAY_S)
    together_w = sum(limits[one.connector_id].power_w for one in numbered if one.draws)
    assert together_w <= shared_w + 1e-6


@given(
    st.floats(1, 500),
    st.floats(1, 60),
    st.lists(st.tuples(st.floats(0, 20), st.floats(0, 300), st.integers(0, 3)), max_size=6),
)
def test_modules_are_whole_and_not_more_than_there_are(
    total: float, module: float, wishes: list[tuple[float, float, int]]
):
    sharers = [
        Sharer(ConnectorId(number), least, most, float(since))
        for number, (least, most, since) in enumerate(wishes, start=1)
    ]
    parts = whole_modules(total, module, sharers)
    assert sum(parts.values()) <= total + 1e-6
    for sharer in sharers:
        part = parts.get(sharer.connector_id)
        if part is not None:
            assert part / module == pytest.approx(round(part / module))
            assert part >= sharer.least - 1e-6
            assert part < max(sharer.most, sharer.least, module) + module
