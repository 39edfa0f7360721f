"""How a vehicle follows its offer in time: delay, ramps, a minimum below which it declines."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.physics import NEVER, DeratingPoint, Evse, Noise, Vehicle, VehicleSpec
from ocppsim.physics.vehicle import PowerType

SLOW = VehicleSpec(
    name="slow",
    ac_max_power_kw=22.0,
    reaction_delay_s=3.0,
    ac_ramp_a_per_s=2.0,
    dc_ramp_kw_per_s=10.0,
)
FULL_W = 22_080.0
HALF_W = 11_040.0


@st.composite
def specs(draw: st.DrawFn) -> VehicleSpec:
    cold = draw(st.booleans())
    return VehicleSpec(
        name="any car",
        battery_capacity_kwh=draw(st.floats(5.0, 120.0)),
        ac_phases=draw(st.sampled_from([1, 2, 3])),
        ac_max_power_kw=draw(st.floats(3.0, 22.0)),
        dc_max_power_kw=draw(st.floats(20.0, 350.0)),
        chemistry=draw(st.sampled_from(["generic", "NMC", "LFP"])),
        dc_max_current_a=draw(st.sampled_from([None, 125.0, 500.0])),
        ac_min_current_a=draw(st.sampled_from([6.0, 8.0, 13.0])),
        dc_min_power_kw=draw(st.sampled_from([0.0, 5.0])),
        reaction_delay_s=draw(st.sampled_from([0.0, 0.5, 4.0])),
        ac_ramp_a_per_s=draw(st.sampled_from([0.0, 0.5, 8.0])),
        dc_ramp_kw_per_s=draw(st.sampled_from([0.0, 1.0, 20.0])),
        auxiliary_power_w=draw(st.sampled_from([0.0, 250.0, 2_000.0])),
        target_soc_percent=draw(st.sampled_from([60.0, 80.0, 100.0])),
        cold_derating=(DeratingPoint(-10.0, 0.1), DeratingPoint(20.0, 1.0)) if cold else (),
    )


def make_evse(power_type: PowerType = "AC", max_power_w: float = FULL_W) -> Evse:
    return Evse(power_type=power_type, max_power_w=max_power_w, phases=3, noise=Noise(Random(1)))


def charging(spec: VehicleSpec, *, soc_percent: float = 20.0) -> tuple[Evse, Vehicle]:
    evse, vehicle = make_evse(), Vehicle(spec, soc_percent)
    evse.connect(vehicle, 0.0)
    evse.offer(FULL_W, 0.0)
    return evse, vehicle


def test_a_car_begins_after_its_delay_and_climbs_by_its_ramp() -> None:
    evse, _ = charging(SLOW)
    assert evse.draws
    assert evse.read(2.9).power_w == 0.0
    assert evse.read(4.0).current_a == pytest.approx(2.0, rel=0.01)
    assert evse.read(13.0).current_a == pytest.approx(20.0, rel=0.01)
    assert evse.read(60.0).current_a == pytest.approx(31.9, rel=0.01)


def test_a_car_keeps_its_power_for_the_delay_and_comes_down_by_its_ramp() -> None:
    evse, _ = charging(SLOW)
    before_w = evse.read(60.0).power_w
    evse.offer(HALF_W, 60.0)
    assert evse.read(62.9).power_w == before_w
    assert evse.read(62.9).current_offered_a == pytest.approx(16.0)
    assert evse.read(67.0).current_a == pytest.approx(23.9, rel=0.01)
    assert evse.read(75.0).current_a == pytest.approx(15.95, rel=0.01)


@pytest.mark.parametrize("ramp", [5e-324, 1e-300, 1e-12, 1e12, 1e300])
@pytest.mark.parametrize("power_type", ["AC", "DC"])
def test_a_ramp_that_no_car_has_is_computed_all_the_same(
    power_type: PowerType, ramp: float
) -> None:
    spec = VehicleSpec(name="x", ac_ramp_a_per_s=ramp, dc_ramp_kw_per_s=ramp)
    evse = make_evse(power_type)
    evse.connect(Vehicle(spec, 50.0), 0.0)
    evse.offer(FULL_W, 0.0)
    power_w = evse.read(60.0).power_w
    assert power_w > 10_000.0 if ramp > 1.0 else power_w < 1.0
    evse.offer(HALF_W, 60.0)
    assert 0.0 <= evse.read(1e6).power_w <= HALF_W


def test_an_open_contactor_waits_for_nobody() -> None:
    evse, _ = charging(SLOW)
    evse.read(60.0)
    evse.offer(HALF_W, 60.0)
    evse.offer(0.0, 61.0)
    assert evse.read(61.0).power_w == evse.read(100.0).power_w == 0.0
    assert evse.next_change_s == NEVER
    evse.offer(HALF_W, 100.0)
    assert evse.read(102.9).power_w == 0.0
    assert evse.read(103.5).current_a == pytest.approx(1.0, rel=0.01)


def test_other_phases_interrupt_the_charging() -> None:
    evse, _ = charging(SLOW)
    evse.read(60.0)
    evse.offer(7_360.0, 60.0, 1)
    assert evse.read(60.0).power_w == 0.0
    assert evse.read(64.0).phase_current_a[0] == pytest.approx(2.0, rel=0.01)
    assert evse.read(64.0).phase_current_a[1:] == (0.0, 0.0)


def test_offers_that_follow_each_other_quickly_are_each_seen_after_the_delay() -> None:
    spec = VehicleSpec(name="late", ac_max_power_kw=22.0, reaction_delay_s=5.0)
    evse, _ = charging(spec)
    evse.read(60.0)
    evse.offer(HALF_W, 60.0)
    evse.offer(FULL_W, 62.0)
    assert evse.read(64.9).current_a == pytest.approx(31.9, rel=0.01)
    assert evse.read(66.9).current_a == pytest.approx(15.95, rel=0.01)
    assert evse.read(67.0).current_a == pytest.approx(31.9, rel=0.01)


@pytest.mark.parametrize("delay_s", [0.0, 4.0])
def test_a_car_declines_what_is_below_its_minimum_and_wakes_up(delay_s: float) -> None:
    spec = VehicleSpec(
        name="10 A", ac_max_power_kw=22.0, ac_min_current_a=10.0, reaction_delay_s=delay_s
    )
    evse, vehicle = charging(spec)
    evse.read(60.0)
    evse.offer(8.0 * 690.0, 60.0)
    if delay_s:
        assert evse.draws
        assert evse.next_change_s == 60.0 + delay_s
    assert evse.read(60.0 + delay_s).power_w == 0.0
    assert not evse.draws
    assert vehicle.draws
    assert evse.full_at_s == evse.next_change_s == NEVER
    evse.offer(0.0, 100.0)
    assert evse.draws
    evse.offer(8.0 * 690.0, 110.0)
    evse.settle(115.0)
    assert not evse.draws
    evse.offer(10.0 * 690.0, 120.0)
    assert evse.draws is (delay_s == 0.0)
    evse.settle(125.0)
    assert evse.draws
    assert evse.read(125.0).current_a == pytest.approx(9.97, rel=0.01)


def test_a_car_that_declines_comes_down_by_its_ramp_first() -> None:
    spec = VehicleSpec(name="10 A", ac_max_power_kw=22.0, ac_min_current_a=10.0, ac_ramp_a_per_s=4)
    evse, _ = charging(spec)
    evse.read(60.0)
    evse.offer(8.0 * 690.0, 60.0)
    assert evse.draws
    assert evse.full_at_s == NEVER
    assert evse.next_change_s == pytest.approx(60.0 + 32.0 / 4.0)
    assert evse.read(64.0).power_w > 0.0
    evse.settle(evse.next_change_s)
    assert not evse.draws


def test_nothing_is_charged_below_the_least_that_a_pilot_can_say() -> None:
    evse, _ = charging(VehicleSpec(name="easy", ac_min_current_a=0.0))
    evse.offer(5.9 * 690.0, 10.0)
    assert (evse.draws, evse.read(20.0).power_w) == (False, 0.0)
    evse.offer(6.0 * 690.0, 30.0)
    assert evse.draws
    assert evse.read(30.0).current_a == pytest.approx(5.98, rel=0.01)


def test_an_outlet_that_is_weaker_than_6_a_charges_with_what_it_has() -> None:
    evse, vehicle = make_evse(max_power_w=4.0 * 690.0), Vehicle(VehicleSpec(name="x"), 20.0)
    evse.connect(vehicle, 0.0)
    evse.offer(evse.max_power_w, 0.0)
    assert evse.draws
    assert evse.read(1.0).power_w > 2_700.0


def test_a_dc_car_declines_below_its_minimum() -> None:
    evse = make_evse("DC", 50_000.0)
    evse.connect(Vehicle(VehicleSpec(name="x", dc_min_power_kw=5.0), 20.0), 0.0)
    evse.offer(4_000.0, 0.0)
    assert not evse.draws
    evse.offer(6_000.0, 1.0)
    assert evse.draws
    assert evse.read(1.0).power_w == 6_000.0


def test_a_car_stops_asking_at_its_target() -> None:
    evse, vehicle = charging(VehicleSpec(name="x", target_soc_percent=80.0), soc_percent=79.0)
    evse.settle(evse.full_at_s)
    assert not evse.draws
    assert vehicle.battery.soc_percent == 80.0
    assert evse.read(evse.now_s + 60.0).power_w == 0.0


def test_what_the_heater_takes_passes_the_meter_and_not_the_battery() -> None:
    evse, vehicle = charging(VehicleSpec(name="x", auxiliary_power_w=1_000.0))
    assert evse.read(3600.0).energy_wh == 11_000.0
    assert vehicle.battery.soc_percent == pytest.approx(20.0 + 10.0 * 0.9)


@pytest.mark.parametrize("now_s", [0.0, 5e-324, 1e-300, 1e-12])
def test_next_to_no_power_is_none(now_s: float) -> None:
    spec = VehicleSpec(name="x", ac_ramp_a_per_s=1.0, auxiliary_power_w=5e-324)
    evse, _ = charging(spec)
    assert evse.read(now_s).power_w == 0.0
    assert evse.read(1.0).power_w > 600.0


def test_a_heater_that_takes_all_leaves_the_battery_as_it_is() -> None:
    evse, vehicle = charging(VehicleSpec(name="x", auxiliary_power_w=5_000.0))
    evse.offer(4_200.0, 0.0)
    assert evse.full_at_s == NEVER
    assert evse.read(3600.0).energy_wh == pytest.approx(4_170.0, rel=0.01)
    assert vehicle.battery.soc_percent == pytest.approx(20.0)


def test_a_pause_of_the_driver_is_at_once_and_the_way_back_by_the_ramp() -> None:
    evse, _ = charging(SLOW)
    evse.set_willing(False, 60.0)
    assert evse.read(60.0).power_w == 0.0
    evse.set_willing(True, 70.0)
    assert evse.read(71.0).current_a == pytest.approx(2.0, rel=0.01)


happenings = st.lists(
    st.tuples(st.floats(0.1, 900.0), st.integers(0, 5), st.floats(0.0, 1.0)), max_size=15
)


outlets = st.sampled_from([("AC", FULL_W), ("DC", 150_000.0)])
arrivals = st.tuples(st.floats(0.0, 79.0), st.sampled_from([None, -15.0, 5.0]))


@given(outlets, specs(), arrivals, happenings, st.integers(1, 30))
def test_the_energy_does_not_depend_on_how_often_anybody_looks_at_a_reacting_car(
    outlet: tuple[PowerType, float],
    spec: VehicleSpec,
    arrival: tuple[float, float | None],
    steps: list[tuple[float, int, float]],
    looks: int,
) -> None:
    watched, unwatched = make_evse(*outlet), make_evse(*outlet)
    seen, unseen = Vehicle(spec, *arrival), Vehicle(spec, *arrival)
    watched.connect(seen, 0.0)
    unwatched.connect(unseen, 0.0)
    now_s = 0.0
    for wait_s, kind, share in steps:
        for evse in (watched, unwatched):
            if kind == 0:
                evse.set_willing(share > 0.3, now_s)
            else:
                offered_w = 0.0 if kind == 1 else evse.max_power_w * share
                evse.offer(offered_w, now_s, 1 if kind == 2 else None)
        for look in range(1, looks):
            watched.read(now_s + wait_s * look / looks)
        now_s += wait_s
    one, other = watched.read(now_s), unwatched.read(now_s)
    assert one.energy_wh == pytest.approx(other.energy_wh, rel=1e-9, abs=1e-6)
    assert one.power_w == pytest.approx(other.power_w, rel=1e-6, abs=1e-3)
    assert seen.battery.stored_wh == pytest.approx(unseen.battery.stored_wh, rel=1e-9)
    assert seen.battery_celsius == pytest.approx(unseen.battery_celsius)


@given(outlets, specs(), arrivals, happenings)
def test_power_keeps_to_the_offers_of_the_time_that_the_car_needs(
    outlet: tuple[PowerType, float],
    spec: VehicleSpec,
    arrival: tuple[float, float | None],
    steps: list[tuple[float, int, float]],
) -> None:
    evse, vehicle = make_evse(*outlet), Vehicle(spec, *arrival)
    evse.connect(vehicle, 0.0)
    phases = 3 if outlet[0] == "AC" else 0
    ramp = spec.ramp_w_per_s(outlet[0], phases)
    longest_s = spec.reaction_delay_s + (evse.max_power_w / (ramp / 3.0) if ramp else 0.0)
    now_s = last_wh = 0.0
    offers: list[tuple[float, float]] = []
    stored_before_wh = vehicle.battery.stored_wh
    for wait_s, kind, share in steps:
        if kind == 0:
            evse.set_willing(share > 0.3, now_s)
        else:
            offered_w = 0.0 if kind == 1 else evse.max_power_w * share
            evse.offer(offered_w, now_s, 1 if kind == 2 else None)
            offers.append((now_s, evse.offered_power_w))
        for part in (0.0, 0.01, 0.5, 1.0):
            at_s = now_s + wait_s * part
            reading = evse.read(at_s)
            since_s = at_s - longest_s - 1e-6
            held = [w for i, (_, w) in enumerate(offers) if _until(offers, i) >= since_s]
            assert 0.0 <= reading.power_w <= max(held, default=0.0) * (1.0 + 1e-9)
            assert reading.power_w <= evse.max_power_w * (1.0 + 1e-12)
            assert reading.energy_wh >= last_wh
            last_wh = reading.energy_wh
            if evse.offered_power_w == 0.0:
                assert reading.power_w == 0.0
            if not evse.draws:
                assert reading.power_w == 0.0
        now_s += wait_s
    gained_wh = vehicle.battery.stored_wh - stored_before_wh
    auxiliary_wh = spec.auxiliary_power_w * now_s / 3600.0
    efficiency = spec.efficiency(outlet[0])
    assert gained_wh <= last_wh * efficiency + 1e-6
    assert gained_wh >= (last_wh - auxiliary_wh) * efficiency - 1e-6
    if not spec.auxiliary_power_w:
        assert gained_wh == pytest.approx(last_wh * efficiency, rel=1e-9, abs=1e-6)


def _until(offers: list[tuple[float, float]], index: int) -> float:
    return offers[index + 1][0] if index + 1 < len(offers) else NEVER


@given(outlets, specs(), arrivals)
def test_a_reacting_car_is_satisfied_exactly_when_it_was_foreseen(
    outlet: tuple[PowerType, float], spec: VehicleSpec, arrival: tuple[float, float | None]
) -> None:
    evse, vehicle = make_evse(*outlet), Vehicle(spec, *arrival)
    evse.connect(vehicle, 0.0)
    evse.offer(evse.max_power_w, 0.0)
    evse.settle(spec.reaction_delay_s)
    full_at_s = evse.full_at_s
    if vehicle.satisfied or full_at_s == NEVER:
        assert not vehicle.draws or spec.auxiliary_power_w or not evse.draws
        return
    evse.settle(full_at_s * (1.0 - 1e-6))
    assert evse.draws
    evse.settle(full_at_s)
    assert not evse.draws
    assert vehicle.battery.soc_percent == pytest.approx(spec.target_soc_percent)
    assert evse.read(full_at_s).power_w == 0.0


@pytest.mark.parametrize("power_type", ["AC", "DC"])
def test_steps_of_a_second_and_of_five_minutes_give_a_reacting_car_the_same_energy(
    power_type: PowerType,
) -> None:
    spec = VehicleSpec(
        name="x",
        chemistry="NMC",
        reaction_delay_s=2.7,
        ac_ramp_a_per_s=0.05,
        dc_ramp_kw_per_s=0.1,
        auxiliary_power_w=400.0,
        cold_derating=(DeratingPoint(0.0, 0.2), DeratingPoint(20.0, 1.0)),
    )
    registers_wh: list[float] = []
    for step_s in (1, 300):
        evse = make_evse(power_type, 60_000.0)
        evse.connect(Vehicle(spec, 30.0, 2.0), 0.0)
        for now_s in range(0, 7_200, 1_200):
            evse.offer(evse.max_power_w * (0.4 if now_s % 2_400 else 1.0), float(now_s))
            for at_s in range(now_s + step_s, now_s + 1_201, step_s):
                evse.read(float(at_s))
        registers_wh.append(evse.energy_wh)
    assert registers_wh[0] == pytest.approx(registers_wh[1], rel=1e-9)
    assert registers_wh[0] > 5_000.0
