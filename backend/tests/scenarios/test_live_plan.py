"""The sections of a plan for a live run: where to connect to, ramps, thresholds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.scenarios.live_plan import RampPlan
from ocppsim.scenarios.plan import Plan
from ocppsim.scenarios.plan_fault import PlanFault
from ocppsim.scenarios.plan_text import parse_plan

from .plans import HEAD


def plan_of(body: str) -> Plan:
    return parse_plan(f"{HEAD}chargers: [{{}}]\n{body}")


def test_a_plan_without_them_has_no_csms_and_asks_for_nothing() -> None:
    plan = plan_of("")
    assert plan.live.csms_urls == ()
    assert plan.live.ramp_up.length_s(100) == 0.0
    assert plan.thresholds.failed_calls_share is None


def test_one_url_need_not_be_a_list_and_a_duration_is_a_ramp() -> None:
    live = plan_of("live: {csms_urls: ws://127.0.0.1:9000/ocpp, ramp_up: 2m}").live
    assert live.csms_urls == ("ws://127.0.0.1:9000/ocpp",)
    assert live.ramp_up.over == 120.0


def test_a_linear_ramp_spreads_chargers_evenly() -> None:
    ramp = RampPlan(over=10.0)
    assert [ramp.offset_s(index, 4) for index in range(4)] == [0.0, 2.5, 5.0, 7.5]
    assert ramp.length_s(4) == 10.0


def test_a_ramp_by_rate_may_come_in_groups() -> None:
    ramp = RampPlan(per_second=2.0, at_a_time=3)
    assert [ramp.offset_s(index, 7) for index in range(7)] == [0, 0, 0, 1.5, 1.5, 1.5, 3.0]
    assert ramp.length_s(7) == 3.0


@given(
    ramp=st.builds(
        RampPlan,
        over=st.floats(0, 1e5),
        at_a_time=st.integers(1, 50),
    )
    | st.builds(RampPlan, per_second=st.floats(0.01, 1e4), at_a_time=st.integers(1, 50)),
    count=st.integers(1, 200),
)
def test_a_ramp_never_goes_back_and_ends_in_time(ramp: RampPlan, count: int) -> None:
    offsets = [ramp.offset_s(index, count) for index in range(count)]
    assert offsets[0] == 0.0
    assert offsets == sorted(offsets)
    assert offsets[-1] <= ramp.length_s(count) + 1e-9


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("live: {csms_urls: [http://x]}", r"line 5: live.csms_urls\[0\]: it must begin with ws://"),
        ("live: {csms_urls: ['ws://a b']}", "a URL has no blanks"),
        ("live: {csms_urls: ['ws://u:p@h/']}", "that is basic_auth_password"),
        ("live: {csms_urls: ['ws://h/#x']}", "no fragment"),
        ("live: {ramp_up: {over: 5, per_second: 2}}", "line 5: live.ramp_up: give either over or"),
        ("live: {ramp_up: soon}", "live.ramp_up: a duration is like"),
        ("live: {security_profile: 1}", "wants a basic_auth_password"),
        ("live: {security_profile: 2, csms_urls: 'ws://h', basic_auth_password: x}", "wants wss"),
        ("live: {security_profile: 3}", "wants tls.client_cert_pem"),
        ("live: {tls: {ca_pem: rubbish}}", "the CA certificate is unusable"),
        ("live: {tls: {client_cert_pem: rubbish}}", "come together"),
        (
            "thresholds: {failed_calls_share: 2}",
            "thresholds.failed_calls_share: it must be at most",
        ),
        ("thresholds: {latency: {Meter: {p95_ms: 5}}}", "a charger sends no Meter; it sends"),
        ("thresholds: {latency: {Reset: {p95_ms: 5}}}", "a charger sends no Reset"),
        ("thresholds: {latency: {'*': {}}}", "give at least one of p50_ms"),
        ("thresholds: {latency: {'*': {p90_ms: 1}}}", "there is no such field; did you mean"),
    ],
)
def test_a_mistake_is_told_where_it_is(body: str, told: str) -> None:
    with pytest.raises(PlanFault, match=told) as caught:
        plan_of(body)
    assert caught.value.line == 5
