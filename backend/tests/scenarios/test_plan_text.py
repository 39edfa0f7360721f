"""A plan that cannot be used is refused with the place and the reason, in one line."""

from __future__ import annotations

import pytest

from ocppsim.scenarios.plan_fault import PlanFault
from ocppsim.scenarios.plan_text import parse_plan, with_line

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
        (
            "chargers: [{cuont: 1}]",
            "chargers[0].cuont: there is no such field; did you mean count?",
        ),
        ("chargers: [{my-key: 1}]", "chargers[0].my-key: there is no such field"),
        ("chargers: [{5: 1}]", "chargers[0].5: there is no such field"),
        ("chargers: {count: 1}", "chargers: it must be a list"),
        ("chargers: [3]", "chargers[0]: it must have fields: {name: value}, not 3"),
        ("chargers: [{count: true}]", "count: it must be a whole number without quotes, not True"),
        ("chargers: [{count: '4'}]", "count: it must be a whole number without quotes, not '4'"),
        ("chargers: [{count: 2.5}]", "count: it must be a whole number without quotes, not 2.5"),
        ("chargers: [{count: null}]", "count: it must be a whole number"),
        ("chargers: [{ids: [12]}]", "chargers[0].ids[0]: it must be a text (numbers and true"),
        ("chargers: [{ids: ['a/b']}]", "chargers[0].ids[0]: a charge point id has printable ASCII"),
        ("chargers: [{ids: ['ä']}]", "chargers[0].ids[0]: a charge point id has printable ASCII"),
        ("chargers: [{ids: [.]}]", "chargers[0].ids[0]: a charge point id cannot be '.'"),
        ("chargers: [{ids: [A, ..]}]", "chargers[0].ids[1]: a charge point id cannot be '.'"),
        ("chargers: [{ids: [%s]}]" % ("A" * 49), "ids[0]: a charge point id has 1 to 48"),
        ("chargers: [{ids: ['']}]", "chargers[0].ids[0]: a charge point id has 1 to 48"),
        ("chargers: [{id_prefix: %s}]" % ("A" * 46), "id_prefix: a charge point id has 1 to 48"),
        ("chargers: [{connectors: two}]", "chargers[0].connectors: it must be the number of"),
        ("chargers: [{connectors: 101}]", "chargers[0].connectors: it must be at most 100"),
        ("chargers: [{power_type: DX}]", "chargers[0].power_type: it must be 'AC' or 'DC'"),
        ("chargers: [{configuration: {A: 0.5}}]", "configuration.A: it must be a text, a whole"),
        ("chargers: [{configuration: {A: [1]}}]", "configuration.A: it must be a text, a whole"),
        ("chargers: [{charge_point_model: %s}]" % ("M" * 21), "model: it must have at most 20"),
        ('chargers: [{charge_point_model: "a\\n"}]', "model: it must have no control char"),
        ("chargers: [{meter: {accuracy_class_percent: .nan}}]", "it must be a finite number"),
        (
            "chargers: [{}]\nname: 5",
            "name: it must be a text (numbers and true or false in quotes)",
        ),
        ("chargers: [{}]\nseed: -1", "seed: it must be at least 0, not -1"),
        ("chargers: [{}]\nvehicles: [{name: 'a/b'}]", "vehicles[0].name: it must begin with"),
        ("chargers: [{}]\nvehicles: [{name: a, id_tags: [7]}]", "vehicles[0].id_tags[0]: it must"),
        ("chargers: [{}]\nvehicles: [{name: a, id_tags: [ä]}]", "an id tag has printable ASCII"),
        (
            "chargers: [{}]\nvehicles: [{name: a, ac_max_power_kw: x}]",
            "vehicles[0].ac_max_power_kw: ",
        ),
        ("chargers: [{}]\nsite: {grid_limit_kw: x}", "site.grid_limit_kw: Expected"),
        ("chargers: [{}]\nsite: [1]", "site: it must have fields"),
        (
            "chargers: [{}]\nsite: {grid_limit_kw: 9, pv: [{time: '06:00', power_kv: 2}]}",
            "site.pv[0].power_kv: there is no such field; did you mean power_kw?",
        ),
        (
            "chargers: [{}]\nsite: {grid_limit_kw: 9, pv: [{time: 6, power_kw: 2}]}",
            "site.pv[0].time: Expected",
        ),
        ("chargers: [{}]\nsessions: [{at: soon}]", "sessions[0].at: a time is like 08:15"),
        (
            "chargers: [{}]\narrivals: [{stay_h: {uniform: [1]}}]",
            "arrivals[0].stay_h.uniform[1]: it is missing",
        ),
        ("chargers: [{}]\narrivals: [{stay_h: {uniform: [3, 1]}}]", "uniform: the numbers must"),
        ("chargers: [{}]\narrivals: [{stay_h: {unifrom: [3, 1]}}]", "did you mean uniform?"),
        ("chargers: [{}]\narrivals: [{stay_h: {normal: {mean: 1}}}]", "deviation: it is missing"),
        ("chargers: [{}]\narrivals: [{stay_h: long}]", "arrivals[0].stay_h: it must be a number"),
        ("chargers: [{}]\narrivals: [{per_day: 1, stay_h: 1, days: [Mon]}]", "days[0]: it must be"),
        ("chargers: [{}]\narrivals: [{leaves_when_done: maybe}]", "it must be true or false"),
        ("chargers: [{}]\ncsms: {answer_delay_s: 25}", "csms.answer_delay_s: it must be below 25"),
        ("chargers: [{}]\noutputs: {interval_s: 0}", "outputs.interval_s: it must be at least 1"),
        ("chargers: [{count: 0}]", "chargers[0].count: "),
        ("chargers: [{connectors: []}]", "chargers[0].connectors"),
        (
            "chargers: [{first_number: %s}]" % ("9" * 50),
            "first_number: a charge point id has 1 to 48 characters",
        ),
        ("chargers: [{meter: {measurands: [Wind]}}]", "there is no measurand Wind"),
        ("chargers: [{meter: {measurands: [SoC]}}]", "no transaction can be metered"),
        ("chargers: [{}]\nsessions: [{at: 9999-12-31T00:00Z, duration: 1h}]", "years 1 to 9997"),
        ("chargers: [{}]\ncsms: {calls: [{at: %s}]}" % ("9" * 400), "csms.calls[0].at: "),
        ("chargers: [{}]\narrivals: [{per_day: 1, stay_h: {uniform: [.nan, 5]}}]", "finite"),
        ("chargers: [{}]\narrivals: [{per_day: .inf, stay_h: 1}]", "arrivals[0].per_day: "),
        ("chargers: [{connectors: [{phases: 2}]}]", "chargers[0].connectors[0].phases: "),
        ("chargers: [{ids: [a, a]}]", "chargers[0].ids[1]: the id a stands twice"),
        ("chargers: [{}, {}]", "the id CP001 stands twice"),
        ("chargers: [{id_prefix: a/b}]", "chargers[0].id_prefix: "),
        (
            "chargers: [{}]\nvehicles: [{name: x, speed: 9}]",
            "vehicles[0].speed: there is no such field; there are ac_",
        ),
        (
            "chargers: [{}]\nvehicles: [{name: x}, {name: x}]",
            "vehicles[1].name: the name x stands twice",
        ),
        (
            "chargers: [{}]\nvehicles: [{name: x, ac_phases: 4}]",
            "vehicles[0].ac_phases: ac_phases must be 1",
        ),
        ("chargers: [{}]\nsessions: [{at: 8, charger: CP001}]", "either departs_at or duration"),
        ("chargers: [{}]\narrivals: [{per_day: 1}]", "arrivals[0].stay_h: it is missing"),
        ("chargers: [{}]\narrivals: [{stay_h: 1}]", "either per_day or per_charger_per_day"),
        (
            "chargers: [{}]\narrivals: [{per_day: 1, stay_h: -1}]",
            "arrivals[0].stay_h: what is drawn must be from 0",
        ),
        ("chargers: [{}]\narrivals: [{per_day: 1, stay_h: 1, by_hour: [1]}]", "by_hour"),
        ("chargers: [{}]\nsite: {grid_limit_kw: -1}", "site: "),
        (
            "chargers: [{}]\nsite: {limit: 1}",
            "site.limit: there is no such field; there are base_load",
        ),
        (
            "chargers: [{}]\ncsms: {calls: [{at: 1h, action: Dance}]}",
            "csms.calls[0].action: a CSMS sends no Dance",
        ),
        ("chargers: [{}]\ncsms: {calls: [{at: 1h, action: Reset}]}", "csms.calls[0].payload: "),
        ("chargers: [{}]\ncsms: {profiles: [{at: 1h, profile: {}}]}", "csms.profiles[0].profile: "),
        ("chargers: [{}]\ncsms: {refused_tags: {X: Bad}}", "csms.refused_tags.X: "),
        ("chargers: [{}]\noutputs: {format: xml}", "outputs.format: "),
    ],
)
def test_a_mistake_is_told_with_its_line_and_place(body: str, message: str) -> None:
    told = fault_of(HEAD + body)
    assert message in told
    assert told.startswith(f"line {(HEAD + body).count(chr(10)) + 1}: ")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("chargers: [{template: ac-none}]", "chargers[0].template: there is no charger template"),
        ("chargers: [{configuration: {Nonsense: 1}}]", "chargers[0].configuration.Nonsense: "),
        ("chargers: [{behaviour: {mood: bad}}]", "chargers[0].behaviour.mood: "),
        ("chargers: [{}]\nvehicles: [{name: x, model: none}]", "vehicles[0].model: there is no"),
        (
            "chargers: [{count: 100}]\ncsms: {calls: [{at: 0, every: 1s, action: ClearCache}]}",
            "csms.calls[0]: it comes to 8,640,000 CALLs; 2,000,000 are the most",
        ),
        (
            "chargers: [{count: 10000}]\narrivals: [{per_charger_per_day: 300, stay_h: 1}]",
            "arrivals[0]: it comes to 3,000,000 visits",
        ),
        (
            "chargers: [{count: 100}]\ndisturbances: [{kind: restart, at: 0, every: 1s}]",
            "disturbances[0]: it comes to 8,640,000 disturbances",
        ),
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


def test_the_line_is_that_of_the_value_in_a_long_text() -> None:
    text = (
        HEAD
        + "# people\n\nchargers:\n  - count: 2\n  - ids:\n      - A\n"
        + "      - B/C\n    power_type: DC\n"
    )
    assert fault_of(text).startswith("line 10: chargers[1].ids[1]: ")


def test_what_is_found_out_later_has_its_line_too() -> None:
    text = HEAD + "chargers:\n  - {}\n  -\n    ids: [A]\n    template: none\n"
    with pytest.raises(PlanFault) as caught:
        fleet_of("", head=text)
    assert str(with_line(caught.value, text)).startswith("line 8: chargers[1].template: there is")


def test_a_pattern_with_brackets_is_the_charger_of_that_very_id_first() -> None:
    fleet = fleet_of(
        "chargers: [{ids: ['A[1]', A1]}]\n"
        "sessions: [{at: 1h, duration: 1h, charger: 'A[1]'}]\n"
        "csms: {calls: [{at: 1h, chargers: 'A[1]', action: ClearCache}]}"
    )
    assert [call.charger for call in fleet.csms.calls] == [0]
