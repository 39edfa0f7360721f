from __future__ import annotations

from typing import Any

import pytest

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.v16.smart_charging.model import TransactionFacts
from ocppsim.chargepoint.v16.smart_charging.validation import (
    ProfileRules,
    find_flaw,
    find_mismatch,
    find_misplacement,
    find_remote_start_flaw,
)
from ocppsim.protocol.v16.enums import ChargingRateUnitType
from tests.chargepoint.v16.smart_charging.profiles import DEFAULT, MAX, MONDAY_S, TX, profile

RULES = ProfileRules(
    max_stack_level=3,
    max_periods=2,
    units=frozenset({ChargingRateUnitType.A}),
    absolute_needs_start=False,
)
ONE = ConnectorId(1)
WHOLE = ConnectorId(0)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"level": 3},
        {"duration_s": 0},
        {"start_s": None},
        {"kind": "Relative", "start_s": None},
        {"kind": "Relative"},
        {"kind": "Recurring", "recurrency": "Daily"},
        {"valid_from_s": MONDAY_S, "valid_to_s": MONDAY_S + 1},
    ],
)
def test_there_is_nothing_against_a_good_profile(more: dict[str, Any]) -> None:
    assert find_flaw(profile([(0, 6.0), (60, 0.0, 1)], **more), RULES) is None


@pytest.mark.parametrize(
    ("periods", "more", "reason"),
    [
        ([(0, 6.0)], {"level": 4}, "ChargeProfileMaxStackLevel, 3"),
        ([(0, 6.0), (1, 6.0), (2, 6.0)], {}, "ChargingScheduleMaxPeriods, 2"),
        ([(0, 6.0)], {"unit": "W"}, "unit W"),
        ([(1, 6.0)], {}, "first startPeriod"),
        ([(0, 6.0), (0, 7.0)], {}, "order"),
        ([(0, 6.0), (2**31, 7.0)], {}, "too far"),
        ([(0, -0.1)], {}, "below 0"),
        ([(0, 6.0, 0)], {}, "one phase"),
        ([(0, 6.0)], {"duration_s": -1}, "-1 s"),
        ([(0, 6.0)], {"recurrency": "Daily"}, "only for a Recurring"),
        ([(0, 6.0)], {"kind": "Recurring"}, "needs a recurrencyKind"),
        (
            [(0, 6.0)],
            {"kind": "Recurring", "recurrency": "Daily", "start_s": None},
            "needs a startSchedule",
        ),
        ([(0, 6.0)], {"valid_from_s": MONDAY_S, "valid_to_s": MONDAY_S}, "validTo"),
    ],
)
def test_what_is_wrong_is_told_in_words(periods: Any, more: dict[str, Any], reason: str) -> None:
    assert reason in (find_flaw(profile(periods, **more), RULES) or "")


def test_an_absolute_profile_may_have_to_have_a_start() -> None:
    strict = ProfileRules(3, 2, RULES.units, absolute_needs_start=True)
    homeless = profile([(0, 6.0)], start_s=None)
    assert find_flaw(homeless, RULES) is None
    assert "Absolute" in (find_flaw(homeless, strict) or "")
    assert find_flaw(profile([(0, 6.0)], kind="Relative", start_s=None), strict) is None


@pytest.mark.parametrize(
    ("purpose", "good", "bad"),
    [(MAX, [WHOLE], [ONE]), (DEFAULT, [WHOLE, ONE], []), (TX, [ONE], [WHOLE])],
)
def test_each_purpose_has_its_place(
    purpose: str, good: list[ConnectorId], bad: list[ConnectorId]
) -> None:
    one = profile([(0, 6.0)], purpose=purpose)
    assert all(find_misplacement(one, connector_id) is None for connector_id in good)
    assert all(find_misplacement(one, connector_id) for connector_id in bad)
    named = profile([(0, 6.0)], purpose=purpose, transaction_id=1)
    assert (find_misplacement(named, good[-1]) is None) == (purpose == TX)


@pytest.mark.parametrize(
    ("named", "running", "needs_id", "fits"),
    [
        (None, None, False, False),
        (7, None, False, False),
        (None, TransactionFacts(0.0, None), False, True),
        (None, TransactionFacts(0.0, 7), False, True),
        (None, TransactionFacts(0.0, 7), True, False),
        (7, TransactionFacts(0.0, 7), True, True),
        (0, TransactionFacts(0.0, 0), False, True),
        (7, TransactionFacts(0.0, 8), False, False),
        (-1, TransactionFacts(0.0, None), False, False),
    ],
)
def test_a_tx_profile_is_for_what_runs(
    named: int | None, running: TransactionFacts | None, needs_id: bool, fits: bool
) -> None:
    own = profile([(0, 6.0)], purpose=TX, transaction_id=named)
    assert (find_mismatch(own, running, needs_id=needs_id) is None) == fits


def test_a_remote_start_brings_a_tx_profile_without_an_id() -> None:
    assert find_remote_start_flaw(profile([(0, 6.0)], purpose=TX)) is None
    assert find_remote_start_flaw(profile([(0, 6.0)], purpose=DEFAULT))
    assert find_remote_start_flaw(profile([(0, 6.0)], purpose=TX, transaction_id=0))
