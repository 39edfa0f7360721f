"""A plan that cannot be used is refused with the place and the reason, in one line."""

from __future__ import annotations

import pytest

from ocppsim.scenarios.plan_text import PlanFault, parse_plan

from .plans import HEAD, START_S, fleet_of


def fault_of(text: str) -> str:
    with pytest.raises(PlanFault) as caught:
        parse_plan(text)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_small_plan_is_enough() -> None:
    plan = parse_plan(HEAD + "chargers: [{}]")
    assert (plan.start, plan.duration) == (START_S, 86_400.0)
    assert plan.chargers[0].charge_point_ids == ("CP001",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "version: 1"),
        ("[1]", "version: 1"),
        ("a: [", "line 1"),
        ("version: 1\nversion: 1", "version stands twice"),
        ("version: 2\n", "version: "),
        ("start: 2026-01-01", "version: it is missing"),
    ],
)
def test_a_text_that_is_no_plan_is_told(text: str, message: str) -> None:
    assert message in fault_of(text)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("chargers: []", "chargers: "),
        ("chargers: [{cuont: 1}]", "chargers[0].cuont: there is no such field"),
        ("chargers: [{count: 0}]", "chargers[0].count: "),
        ("chargers: [{connectors: []}]", "chargers[0].connectors"),
        ("chargers: [{first_number: %s}]" % ("9" * 50), "at most 48 characters"),
        ("chargers: [{meter: {measurands: [Wind]}}]", "there is no measurand Wind"),
        ("chargers: [{meter: {measurands: [SoC]}}]", "no transaction can be metered"),
        ("chargers: [{}]\nsessions: [{at: 9999-12-31T00:00Z, duration: 1h}]", "years 1 to 9997"),
        ("chargers: [{}]\ncsms: {calls: [{at: %s}]}" % ("9" * 400), "csms.calls[0].at: "),
        ("chargers: [{}]\narrivals: [{per_day: 1, stay_h: {uniform: [.nan, 5]}}]", "finite"),
        ("chargers: [{}]\narrivals: [{per_day: .inf, stay_h: 1}]", "arrivals[0].per_day: "),
        ("chargers: [{connectors: [{phases: 2}]}]", "chargers[0].connectors[0].phases: "),
        ("chargers: [{ids: [a, a]}]", "chargers[0]: ids: one stands twice"),
        ("chargers: [{}, {}]", "the id CP001 stands twice"),
        ("chargers: [{id_prefix: a/b}]", "chargers[0].id_prefix: "),
        ("chargers: [{}]\nvehicles: [{name: x, speed: 9}]", "there is no field speed"),
        ("chargers: [{}]\nvehicles: [{name: x}, {name: x}]", "a name stands twice"),
        ("chargers: [{}]\nvehicles: [{name: x, ac_phases: 4}]", "vehicles[0]: "),
        ("chargers: [{}]\nsessions: [{at: 8, charger: CP001}]", "either departs_at or duration"),
        ("chargers: [{}]\narrivals: [{per_day: 1}]", "arrivals[0].stay_h: it is missing"),
        ("chargers: [{}]\narrivals: [{stay_h: 1}]", "either per_day or per_charger_per_day"),
        ("chargers: [{}]\narrivals: [{per_day: 1, stay_h: -1}]", "stay_h: it must be from 0"),
        ("chargers: [{}]\narrivals: [{per_day: 1, stay_h: 1, by_hour: [1]}]", "by_hour"),
        ("chargers: [{}]\nsite: {grid_limit_kw: -1}", "site: "),
        ("chargers: [{}]\nsite: {limit: 1}", "site: there is no field limit"),
        ("chargers: [{}]\ncsms: {calls: [{at: 1h, action: Dance}]}", "a CSMS sends no Dance"),
        ("chargers: [{}]\ncsms: {calls: [{at: 1h, action: Reset}]}", "csms.calls[0]: payload: "),
        ("chargers: [{}]\ncsms: {profiles: [{at: 1h, profile: {}}]}", "csms.profiles[0]: "),
        ("chargers: [{}]\ncsms: {refused_tags: {X: Bad}}", "csms.refused_tags.X: "),
        ("chargers: [{}]\noutputs: {format: xml}", "outputs.format: "),
    ],
)
def test_a_mistake_is_told_with_its_place(body: str, message: str) -> None:
    assert message in fault_of(HEAD + body)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("chargers: [{template: ac-none}]", "chargers[0].template: there is no charger template"),
        ("chargers: [{configuration: {Nonsense: 1}}]", "chargers[0].configuration: "),
        ("chargers: [{behaviour: {mood: bad}}]", "chargers[0].behaviour: "),
        ("chargers: [{}]\nvehicles: [{name: x, model: none}]", "vehicles[0].model: there is no"),
        (
            "chargers: [{}]\nsessions: [{at: 1h, duration: 1h, charger: X}]",
            "sessions[0].charger: there is no charger 'X'",
        ),
        (
            "chargers: [{}]\nsessions: [{at: 1h, duration: 1h, charger: CP001, connector: 2}]",
            "sessions[0].connector: the charger has 1",
        ),
        (
            "chargers: [{}]\nsessions: [{at: 1h, duration: 1h, charger: CP001, vehicle: v}]",
            "sessions[0].vehicle: there are no vehicles 'v'",
        ),
        (
            "chargers: [{}]\nsessions: [{at: 2026-03-01T00:00Z, duration: 1h, charger: CP001}]",
            "sessions[0]: it must begin after the start",
        ),
        (
            "chargers: [{}]\narrivals: [{per_day: 1, stay_h: 1, chargers: 'X*'}]",
            "arrivals[0].chargers: no charger is called 'X*'",
        ),
    ],
)
def test_what_fits_nothing_that_there_is_is_told_with_its_place(body: str, message: str) -> None:
    with pytest.raises(PlanFault) as caught:
        fleet_of(body)
    assert message in str(caught.value)
