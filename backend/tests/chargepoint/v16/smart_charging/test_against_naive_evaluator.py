"""The engine against a second, naive one: every rule spelled out, second by second.

The naive evaluator shares no code with the engine. It knows nothing of ends and steps: it asks
anew at each whole second, in exact fractions, and divides what is shared round by round.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocppsim.chargepoint.identifiers import ConnectorId
from ocppsim.chargepoint.v16.smart_charging.composite import composite_schedule
from ocppsim.chargepoint.v16.smart_charging.limits import connector_limits
from ocppsim.chargepoint.v16.smart_charging.model import ChargePointFacts, InstalledProfile
from tests.chargepoint.v16.smart_charging import profiles as short

MONDAY_S = int(short.MONDAY_S)
DAY_S = 86_400
WINDOW_S = 30
"""The seconds of Monday that are looked at."""


@dataclass(frozen=True)
class Profile:
    number: int
    connector: int
    purpose: str
    level: int
    kind: str
    recurrency: str | None
    start: int | None
    duration: int | None
    valid_from: int | None
    valid_to: int | None
    transaction: int | None
    unit: str
    periods: tuple[tuple[int, float, int | None], ...]


@dataclass(frozen=True)
class Connector:
    number: int
    power_w: int
    phases: int
    vehicle_phases: int | None
    cable_a: int | None
    began: int | None
    transaction: int | None
    draws: bool


@dataclass(frozen=True)
class World:
    connectors: tuple[Connector, ...]
    profiles: tuple[Profile, ...]
    can_switch: bool
    falls_back: bool


Held = tuple[Profile, tuple[int, float, int | None]]
Shown = dict[int, tuple[Fraction, Fraction, int]]
"""By connector: its power, the same before the minimum current, and its phases."""


# --- the naive evaluator ----------------------------------------------------------------------


def executed(profile: Profile, now: int, began: int) -> Held | None:
    if profile.valid_from is not None and now < profile.valid_from:
        return None
    if profile.valid_to is not None and now >= profile.valid_to:
        return None
    start = began if profile.kind == "Relative" or profile.start is None else profile.start
    if profile.kind == "Recurring":
        every = DAY_S if profile.recurrency == "Daily" else 7 * DAY_S
        while start + every <= now:
            start += every
    passed = now - start
    if passed < 0 or (profile.duration is not None and passed >= profile.duration):
        return None
    return profile, [period for period in profile.periods if period[0] <= passed][-1]


def highest(profiles: list[Profile], now: int, began: int) -> Held | None:
    for level in (3, 2, 1, 0):
        for profile in profiles:
            if profile.level == level:
                held = executed(profile, now, began)
                if held is not None:
                    return held
    return None


def held_at_connector(world: World, connector: Connector, now: int, assumed: int) -> Held | None:
    began = assumed if connector.began is None else min(connector.began, now)
    own = [
        profile
        for profile in world.profiles
        if profile.purpose == short.TX
        and profile.connector == connector.number
        and connector.began is not None
        and profile.transaction in (None, connector.transaction)
    ]
    held = highest(own, now, began)
    if held is not None:
        return held
    for profile in own:
        valid = (profile.valid_from or 0) <= now < (profile.valid_to or 10**12)
        if valid and not world.falls_back:
            return None
    defaults = [profile for profile in world.profiles if profile.purpose == short.DEFAULT]
    special = [
        profile
        for profile in defaults
        if profile.connector == connector.number and now < (profile.valid_to or 10**12)
    ]
    held = highest(special, now, began)
    if held is not None:
        return held
    replaced = [profile.level for profile in special]
    general = [one for one in defaults if one.connector == 0 and one.level not in replaced]
    return highest(general, now, began)


def evaluate(world: World, now: int, assumed: int) -> tuple[Shown, Held | None]:
    begun = [one.began for one in world.connectors if one.began is not None]
    whole = highest(
        [profile for profile in world.profiles if profile.purpose == short.MAX],
        now,
        min([*begun, now]) if begun else assumed,
    )
    phases: dict[int, int] = {}
    most_w: dict[int, Fraction] = {}
    for one in world.connectors:
        held = held_at_connector(world, one, now, assumed)
        used = min(one.phases, one.vehicle_phases or 3)
        if world.can_switch and one.phases:
            used = min([used, *((limit[1][2] or 3) for limit in (held, whole) if limit)])
        phases[one.number] = used
        if one.phases:
            amperes = [Fraction(one.power_w, 230 * one.phases)]
            if one.cable_a is not None:
                amperes.append(Fraction(one.cable_a))
            if held is not None:
                limit = tenths(held[1][1])
                amperes.append(limit if held[0].unit == "A" else limit / (230 * used))
            most_w[one.number] = min(amperes) * 230 * used
        else:
            most_w[one.number] = Fraction(one.power_w)
            if held is not None:
                watts = tenths(held[1][1]) * (1 if held[0].unit == "W" else 230 * (held[1][2] or 3))
                most_w[one.number] = min(most_w[one.number], watts)
    before = dict(most_w) if whole is None else divided(world, whole, most_w, phases)
    shown = {
        number: (
            Fraction(0) if power < least_a(world, number) * 230 * phases[number] else power,
            power,
            phases[number],
        )
        for number, power in before.items()
    }
    return shown, whole


def divided(
    world: World, whole: Held, most_w: dict[int, Fraction], phases: dict[int, int]
) -> dict[int, Fraction]:
    """What each may have, all together within the limit of the whole."""
    total = tenths(whole[1][1])
    unit_w = {
        one.number: Fraction(
            1 if whole[0].unit == "W" else 230 * (phases[one.number] or whole[1][2] or 3)
        )
        for one in world.connectors
    }
    most = {number: power / unit_w[number] for number, power in most_w.items()}
    least = {
        number: least_a(world, number) * 230 * used / unit_w[number]
        for number, used in phases.items()
    }
    began = {one.number: (one.began is None, one.began, one.number) for one in world.connectors}
    drawing = [
        one.number
        for one in world.connectors
        if one.draws and most[one.number] >= least[one.number]
    ]
    result: dict[int, Fraction] = {}
    for one in world.connectors:
        number = one.number
        wanting = {other: most[other] for other in drawing}
        wanting[number] = max(most[number], least[number])
        served: dict[int, Fraction] = {}
        # Without a transaction a connector comes after those with one.
        last_first = [
            *sorted(
                (other for other in wanting if not began[other][0]), key=lambda n: began[n][1:]
            ),
            *sorted(other for other in wanting if began[other][0]),
        ]
        inside: list[int] = []
        for other in last_first:
            trial = poured(total, {each: wanting[each] for each in [*inside, other]})
            if all(trial[each] >= least[each] for each in trial):
                inside.append(other)
                served = trial
        part = total if total < least[number] else served.get(number, Fraction(0))
        result[number] = min(part, most[number]) * unit_w[number]
    return result


def poured(total: Fraction, wanting: dict[int, Fraction]) -> dict[int, Fraction]:
    """Equal cups until one is full, then the rest for the others, and so on."""
    cups = dict.fromkeys(wanting, Fraction(0))
    rest = total
    thirsty = list(wanting)
    while thirsty and rest > 0:
        gulp = min(rest / len(thirsty), *(wanting[each] - cups[each] for each in thirsty))
        for each in thirsty:
            cups[each] += gulp
            rest -= gulp
        thirsty = [each for each in thirsty if cups[each] < wanting[each]]
    return cups


def least_a(world: World, number: int) -> Fraction:
    """What a pilot offers at least; hardware that has less than that offers what it has."""
    one = next(one for one in world.connectors if one.number == number)
    return min(Fraction(6), Fraction(one.power_w, 230 * one.phases)) if one.phases else Fraction(0)


def tenths(value: float) -> Fraction:
    return Fraction(round(value * 10), 10)


# --- random worlds ----------------------------------------------------------------------------

seconds = st.integers(-10, WINDOW_S + 10).map(lambda offset: MONDAY_S + offset)
limits_of_unit = {
    "A": st.one_of(
        st.sampled_from([0.0, 5.9, 6.0, 12.0, 16.0]), st.integers(0, 800).map(lambda t: t / 10)
    ),
    "W": st.one_of(
        st.sampled_from([0.0, 4140.0, 1380.0, 11_040.0]), st.integers(0, 60_000).map(float)
    ),
}


@st.composite
def random_profiles(draw: st.DrawFn, number: int, connectors: int) -> Profile:
    purpose = draw(st.sampled_from([short.MAX, short.DEFAULT, short.TX]))
    kind = draw(st.sampled_from(["Absolute", "Recurring", "Relative"]))
    unit = draw(st.sampled_from(["A", "W"]))
    start = draw(seconds)
    if kind == "Recurring":
        start -= draw(st.sampled_from([0, 1, 7, 13])) * DAY_S
    elif kind == "Relative" or draw(st.integers(0, 3)) == 0:
        start = None
    starts = sorted({0, *draw(st.lists(st.integers(1, WINDOW_S), max_size=3))})
    first = {short.MAX: 0, short.DEFAULT: 0, short.TX: 1}[purpose]
    return Profile(
        number=number,
        connector=0 if purpose == short.MAX else draw(st.integers(first, connectors)),
        purpose=purpose,
        level=draw(st.integers(0, 3)),
        kind=kind,
        recurrency=draw(st.sampled_from(["Daily", "Weekly"])) if kind == "Recurring" else None,
        start=start,
        duration=draw(st.none() | st.integers(0, WINDOW_S) | st.just(DAY_S + 5)),
        valid_from=draw(st.none() | seconds),
        valid_to=draw(st.none() | seconds),
        transaction=draw(st.sampled_from([None, 1, 2])) if purpose == short.TX else None,
        unit=unit,
        periods=tuple(
            (at, draw(limits_of_unit[unit]), draw(st.sampled_from([None, None, 1, 3])))
            for at in starts
        ),
    )


@st.composite
def random_worlds(draw: st.DrawFn) -> World:
    connectors: list[Connector] = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        phases = draw(st.sampled_from([3, 3, 1, 0]))
        began = draw(st.none() | seconds)
        connectors.append(
            Connector(
                number=number,
                power_w=draw(st.sampled_from([3680, 7360, 11_040, 22_080])),
                phases=phases,
                vehicle_phases=draw(st.sampled_from([None, 1, 2, 3])) if phases else None,
                cable_a=draw(st.sampled_from([None, 13, 20])) if phases else None,
                began=began,
                transaction=draw(st.sampled_from([None, 1])),
                draws=began is not None and draw(st.integers(0, 3)) > 0,
            )
        )
    places: dict[tuple[int, str, int], Profile] = {}
    for number in range(1, draw(st.integers(0, 7)) + 1):
        profile = draw(random_profiles(number, len(connectors)))
        places[profile.connector, profile.purpose, profile.level] = profile
    return World(
        tuple(connectors), tuple(places.values()), draw(st.booleans()), draw(st.booleans())
    )


def facts_of(world: World) -> ChargePointFacts:
    """The same world for the engine."""
    connectors = [
        short.dc(
            one.number,
            power_w=float(one.power_w),
            began_s=None if one.began is None else float(one.began),
            transaction_id=one.transaction,
            draws=one.draws,
        )
        if one.phases == 0
        else short.ac(
            one.number,
            current_a=one.power_w / (230 * one.phases),
            phases=one.phases,
            vehicle_phases=one.vehicle_phases,
            cable_current_a=None if one.cable_a is None else float(one.cable_a),
            began_s=None if one.began is None else float(one.began),
            transaction_id=one.transaction,
            draws=one.draws,
        )
        for one in world.connectors
    ]
    profiles: list[InstalledProfile] = [
        short.installed(
            one.connector,
            [
                (at, limit) if phases is None else (at, limit, phases)
                for at, limit, phases in one.periods
            ],
            purpose=one.purpose,
            profile_id=one.number,
            level=one.level,
            unit=one.unit,
            kind=one.kind,
            recurrency=one.recurrency,
            start_s=one.start,
            duration_s=one.duration,
            valid_from_s=one.valid_from,
            valid_to_s=one.valid_to,
            transaction_id=one.transaction,
        )
        for one in world.profiles
    ]
    return short.charge_point(
        *connectors, *profiles, can_switch_phases=world.can_switch, falls_back=world.falls_back
    )


# --- the comparison ---------------------------------------------------------------------------


@settings(max_examples=80)
@given(world=random_worlds())
def test_the_limits_are_the_same_at_every_second_and_hold_as_long_as_they_say(world: World):
    facts = facts_of(world)
    naive = [evaluate(world, MONDAY_S + s, MONDAY_S + s)[0] for s in range(WINDOW_S)]
    for second, expected in enumerate(naive):
        at_s = MONDAY_S + second
        limits = connector_limits(facts, at_s)
        for number, (power, _, phases) in expected.items():
            limit = limits[ConnectorId(number)]
            assert limit.power_w == pytest.approx(float(power), abs=1e-6)
            assert limit.phases == phases
            assert limit.power_w == pytest.approx(min(layer.power_w for layer in limit.layers))
            assert limit.until_s > at_s
            ends = min(limit.until_s - MONDAY_S, float(WINDOW_S))
            held = naive[second : ceil(ends)]
            assert all(later[number] == expected[number] for later in held)


@settings(max_examples=80)
@given(world=random_worlds(), second=st.integers(0, WINDOW_S))
def test_what_draws_never_exceeds_the_maximum_together(world: World, second: int):
    limits = connector_limits(facts_of(world), MONDAY_S + second)
    _, whole = evaluate(world, MONDAY_S + second, MONDAY_S + second)
    if whole is None:
        return
    drawn = [limits[ConnectorId(one.number)] for one in world.connectors if one.draws]
    if whole[0].unit == "W":
        assert sum(limit.power_w for limit in drawn) <= whole[1][1] + 1e-6
    else:
        dc_phases = whole[1][2] or 3
        currents = [limit.power_w / 230 / (limit.phases or dc_phases) for limit in drawn]
        assert sum(currents) <= whole[1][1] + 1e-9


@settings(max_examples=60)
@given(world=random_worlds(), unit=st.sampled_from(["A", "W"]))
def test_the_composite_schedule_is_the_limit_second_by_second(world: World, unit: str):
    facts = facts_of(world)
    naive = [evaluate(world, MONDAY_S + s, MONDAY_S)[0] for s in range(WINDOW_S)]
    for number in range(1, len(world.connectors) + 1):
        expected = [spoken(shown[number][1], shown[number][2], unit) for shown in naive]
        assert told(facts, number, unit) == expected


@settings(max_examples=60)
@given(world=random_worlds(), unit=st.sampled_from(["A", "W"]))
def test_the_composite_schedule_of_the_charge_point_is_their_sum(world: World, unit: str):
    counted = [one for one in world.connectors if one.began is not None] or world.connectors
    together = replace(
        world, connectors=tuple(replace(one, draws=one in counted) for one in world.connectors)
    )
    expected: list[tuple[float, int | None]] = []
    for second in range(WINDOW_S):
        shown, whole = evaluate(together, MONDAY_S + second, MONDAY_S)
        chosen = [shown[one.number] for one in counted]
        amount = sum((amount_in(power, used, unit) for _, power, used in chosen), Fraction(0))
        if whole is not None:
            limited = sum(
                (amount_in(power, used, whole[0].unit) for _, power, used in chosen), Fraction(0)
            )
            if limited > tenths(whole[1][1]):
                amount *= tenths(whole[1][1]) / limited
        phases = max((used or (3 if unit == "A" else 0)) for _, _, used in chosen)
        expected.append((floor(amount * 10) / 10, phases or None))
    assert told(facts_of(world), 0, unit) == expected


def amount_in(power: Fraction, phases: int, unit: str) -> Fraction:
    return power if unit == "W" else power / (230 * (phases or 3))


def spoken(power: Fraction, phases: int, unit: str) -> tuple[float, int | None]:
    over = phases or (3 if unit == "A" else None)
    return floor(amount_in(power, phases, unit) * 10) / 10, over


def told(facts: ChargePointFacts, number: int, unit: str) -> list[tuple[float, int | None]]:
    """The composite schedule, second by second."""
    schedule = composite_schedule(facts, ConnectorId(number), float(MONDAY_S), WINDOW_S, unit)
    assert schedule[0].start_period_s == 0
    seconds_told: list[tuple[float, int | None]] = []
    for second in range(WINDOW_S):
        period = [one for one in schedule if one.start_period_s <= second][-1]
        seconds_told.append((period.limit, period.number_phases))
    return seconds_told
