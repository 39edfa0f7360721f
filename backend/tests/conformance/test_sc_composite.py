"""SC: GetCompositeSchedule (1.6 ed.2 §5.7, §6.21-6.22, errata 3.24, 3.29, 3.57)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ocppsim.protocol.v16.date_time import parse_date_time
from ocppsim.simulation.virtual_bench import VirtualBench
from tests.conformance.charging import (
    MAX,
    TX,
    at,
    clear,
    composite,
    install,
    offered_a,
    profile,
)

BenchFactory = Callable[..., VirtualBench]


@pytest.mark.obligation("SC-54", "SC-57", "SC-58", "SC-59", "SC-61")
def test_tc_056_the_answer_has_what_belongs_into_it(bench: VirtualBench):
    install(bench, 1, profile((0, 10), (160, 12.5), duration_s=1000))
    bench.advance(100)
    request = {"connectorId": 1, "duration": 300, "chargingRateUnit": "A"}
    answer = bench.ask("GetCompositeSchedule", request).payload
    assert answer == {
        "status": "Accepted",
        "connectorId": 1,
        "scheduleStart": at(100),
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "duration": 300,
            "chargingSchedulePeriod": [
                {"startPeriod": 0, "limit": 10.0, "numberPhases": 3},
                {"startPeriod": 60, "limit": 12.5, "numberPhases": 3},
            ],
        },
    }


@pytest.mark.obligation("SC-54", "SC-57")
def test_tc_057_it_shows_the_profile_of_the_transaction(bench: VirtualBench):
    bench.advance(17)
    transaction_id = bench.start()
    own = profile((0, 10), (100, 8), purpose=TX, start_s=None, transactionId=transaction_id)
    install(bench, 1, own)
    bench.advance(40)
    assert composite(bench, 300) == [(0, 10.0), (60, 8.0)]
    assert composite(bench, 60) == [(0, 10.0)]


@pytest.mark.obligation("SC-19", "SC-20", "SC-57")
def test_tc_066_the_purposes_are_combined(bench: VirtualBench):
    transaction_id = bench.start()
    install(bench, 0, profile((0, 10), purpose=MAX, profile_id=1, duration_s=86_400))
    install(bench, 1, profile((0, 6), (60, 10), (120, 8), profile_id=2, duration_s=300))
    own = profile(
        (0, 8),
        (50, 11),
        (140, 16),
        (200, 6),
        (240, 12),
        purpose=TX,
        profile_id=3,
        duration_s=260,
        transactionId=transaction_id,
    )
    install(bench, 1, own)
    assert composite(bench, 400) == [(0, 8.0), (50, 10.0), (200, 6.0), (240, 10.0)]
    assert composite(bench, 400, unit="W") == [
        (0, 5520.0),
        (50, 6900.0),
        (200, 4140.0),
        (240, 6900.0),
    ]


@pytest.mark.obligation("SC-60")
def test_tc_067_without_profiles_it_is_the_local_limit(bench: VirtualBench):
    install(bench, 1, profile((0, 6)))
    assert clear(bench) == "Accepted"
    assert composite(bench) == [(0, 32.0)]
    assert composite(bench, unit="W") == [(0, 22_080.0)]


@pytest.mark.obligation("SC-56", "SC-60")
def test_or_nothing_where_the_charger_is_set_so(make_bench: BenchFactory):
    bench = make_bench(connectors=2, behaviour={"composite_without_profile": "reject"})
    request: dict[str, Any] = {"connectorId": 1, "duration": 60}
    assert bench.ask("GetCompositeSchedule", request).payload == {"status": "Rejected"}
    install(bench, 2, profile((0, 10)))
    assert bench.ask("GetCompositeSchedule", request).status == "Rejected"
    assert composite(bench, 60, connector_id=2) == [(0, 10.0)]
    assert bench.ask("GetCompositeSchedule", {**request, "connectorId": 0}).status == "Accepted"


@pytest.mark.obligation("SC-13", "SC-19", "SC-61")
def test_tc_072_levels_take_turns(bench: VirtualBench):
    install(bench, 1, profile((0, 6), profile_id=1, level=1, duration_s=400))
    install(bench, 1, profile((0, 8), profile_id=2, level=2, start_s=50, duration_s=100))
    install(bench, 1, profile((0, 10), profile_id=3, level=3, start_s=100, duration_s=100))
    levels = [(0, 6.0), (50, 8.0), (100, 10.0), (200, 6.0), (400, 32.0)]
    assert composite(bench, 500) == levels
    bench.advance(25)
    assert composite(bench, 200) == [(0, 6.0), (25, 8.0), (75, 10.0), (175, 6.0)]


@pytest.mark.obligation("SC-55")
def test_connector_0_is_the_sum_of_what_is_expected(make_bench: BenchFactory):
    bench = make_bench(connectors=2)
    assert composite(bench, connector_id=0) == [(0, 64.0)]
    bench.start("A", 1)
    bench.start("B", 2)
    install(bench, 1, profile((0, 10), (60, 16), profile_id=1))
    install(bench, 2, profile((0, 20), profile_id=2))
    assert composite(bench, connector_id=0) == [(0, 30.0), (60, 36.0)]
    assert composite(bench, connector_id=0, unit="W") == [(0, 20_700.0), (60, 24_840.0)]
    install(bench, 0, profile((0, 24), purpose=MAX, profile_id=3))
    assert composite(bench, connector_id=0) == [(0, 24.0)]


@pytest.mark.obligation("SC-56")
@pytest.mark.parametrize("connector_id", [-1, 2, 99])
def test_a_connector_that_is_not_there_has_none(bench: VirtualBench, connector_id: int):
    request = {"connectorId": connector_id, "duration": 60}
    assert bench.ask("GetCompositeSchedule", request).payload == {"status": "Rejected"}


@pytest.mark.obligation("SC-56")
def test_a_duration_that_cannot_be_is_rejected(bench: VirtualBench):
    request = {"connectorId": 1, "duration": -60}
    assert bench.ask("GetCompositeSchedule", request).payload == {"status": "Rejected"}


@pytest.mark.obligation("SC-57")
@pytest.mark.parametrize("duration_s", [0, 1, 2**31 - 1])
def test_any_other_duration_is_answered(bench: VirtualBench, duration_s: int):
    install(bench, 1, profile((0, 10), (3600, 16)))
    answer = bench.ask("GetCompositeSchedule", {"connectorId": 1, "duration": duration_s}).payload
    assert answer is not None
    schedule = answer["chargingSchedule"]
    assert schedule["duration"] == duration_s
    limits = [period["limit"] for period in schedule["chargingSchedulePeriod"]]
    assert limits == ([10.0, 16.0] if duration_s > 3600 else [10.0])


@pytest.mark.obligation("ERR-16")
@pytest.mark.parametrize("unit", ["kW", "a", ""])
def test_another_unit_is_an_error(bench: VirtualBench, unit: str):
    request = {"connectorId": 1, "duration": 60, "chargingRateUnit": unit}
    refused = bench.ask("GetCompositeSchedule", request)
    assert refused.error_code == "PropertyConstraintViolation"


@pytest.mark.obligation("SC-59")
@pytest.mark.parametrize(("power_type", "unit"), [("AC", "A"), ("DC", "W")])
def test_without_a_unit_the_connector_has_its_own(
    make_bench: BenchFactory, power_type: str, unit: str
):
    bench = make_bench(power_type=power_type)
    answer = bench.ask("GetCompositeSchedule", {"connectorId": 1, "duration": 60}).payload
    assert answer is not None
    assert answer["chargingSchedule"]["chargingRateUnit"] == unit


@pytest.mark.obligation("SC-59", "CFG-K43")
@pytest.mark.parametrize(
    ("power_type", "allowed", "unit"), [("AC", "Power", "W"), ("DC", "Current", "A")]
)
def test_without_a_unit_it_is_told_in_one_that_is_allowed(
    make_bench: BenchFactory, power_type: str, allowed: str, unit: str
):
    bench = make_bench(power_type=power_type)
    bench.set_configuration(ChargingScheduleAllowedChargingRateUnit=allowed)
    answer = bench.ask("GetCompositeSchedule", {"connectorId": 1, "duration": 60}).payload
    assert answer is not None
    assert answer["chargingSchedule"]["chargingRateUnit"] == unit


@pytest.mark.obligation("SC-54", "SC-29")
def test_what_it_foretells_is_what_comes(bench: VirtualBench):
    bench.start()
    install(bench, 0, profile((0, 20), (90, 14), purpose=MAX, profile_id=1))
    daily = profile((0, 12), (40, 18), profile_id=2, duration_s=80, recurrency="Daily")
    install(bench, 1, daily)
    bench.advance(7)
    began_s = bench.now_s
    answer = bench.ask("GetCompositeSchedule", {"connectorId": 1, "duration": 300}).payload
    assert answer is not None
    assert parse_date_time(answer["scheduleStart"]) == bench.EPOCH_S + began_s
    foretold = composite(bench, 300)
    for start_s, limit_a in foretold:
        bench.advance_to(began_s + start_s)
        assert offered_a(bench) == limit_a
        if start_s:
            bench.advance_to(began_s + start_s + 5)
            assert offered_a(bench) == limit_a
    assert len(foretold) == 4
