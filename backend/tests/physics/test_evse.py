from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocppsim.physics import (
    NEVER,
    POWER_FACTOR,
    Evse,
    FlowRecord,
    Noise,
    Reading,
    Vehicle,
    VehicleSpec,
)
from ocppsim.physics.vehicle import CurvePoint, PowerType

BIG_CAR = VehicleSpec(name="big car", battery_capacity_kwh=100.0, ac_max_power_kw=22.0)


@st.composite
def specs(draw: st.DrawFn) -> VehicleSpec:
    marks = sorted(draw(st.lists(st.integers(0, 100), max_size=4, unique=True)))
    return VehicleSpec(
        name="any car",
        battery_capacity_kwh=draw(st.floats(0.5, 150.0)),
        ac_phases=draw(st.sampled_from([1, 2, 3])),
        ac_max_power_kw=draw(st.floats(2.0, 43.0)),
        dc_max_power_kw=draw(st.floats(10.0, 400.0)),
        dc_charging_curve=tuple(
            CurvePoint(float(mark), draw(st.floats(0.0, 400.0))) for mark in marks
        ),
        ac_efficiency=draw(st.floats(0.7, 1.0)),
        dc_efficiency=draw(st.floats(0.8, 1.0)),
    )


@st.composite
def outlets(draw: st.DrawFn) -> Evse:
    power_type: PowerType = draw(st.sampled_from(["AC", "DC"]))
    return make_evse(
        power_type,
        max_power_w=draw(st.floats(1_400.0, 400_000.0)),
        phases=draw(st.sampled_from([1, 3])),
        seed=draw(st.integers(0, 1000)),
    )


def make_evse(
    power_type: PowerType = "AC", *, max_power_w: float = 22_080.0, phases: int = 3, seed: int = 1
) -> Evse:
    return Evse(
        power_type=power_type, max_power_w=max_power_w, phases=phases, noise=Noise(Random(seed))
    )


def charging(
    evse: Evse, spec: VehicleSpec = BIG_CAR, soc_percent: float = 20.0
) -> tuple[Evse, Vehicle]:
    vehicle = Vehicle(spec, soc_percent)
    evse.connect(vehicle, 0.0)
    evse.offer(evse.max_power_w, 0.0)
    return evse, vehicle


def assert_numbers_agree(evse: Evse, reading: Reading) -> None:
    assert 0.0 <= reading.power_w <= evse.max_power_w * (1.0 + 1e-12)
    assert reading.power_w <= reading.power_offered_w * (1.0 + 1e-12)
    if evse.power_type == "DC":
        assert reading.power_w == pytest.approx(reading.voltage_v * reading.current_a)
        assert reading.phase_voltage_v == reading.phase_current_a == reading.phase_power_w == ()
        return
    assert len(reading.phase_voltage_v) == len(reading.phase_current_a) == evse.phases
    phases = zip(
        reading.phase_voltage_v, reading.phase_current_a, reading.phase_power_w, strict=True
    )
    for voltage_v, current_a, power_w in phases:
        assert power_w == pytest.approx(voltage_v * current_a * reading.power_factor)
    assert sum(reading.phase_power_w) == pytest.approx(reading.power_w)
    assert reading.current_a == max(reading.phase_current_a)
    assert reading.voltage_v == pytest.approx(sum(reading.phase_voltage_v) / evse.phases)
    assert reading.current_a <= reading.current_offered_a * (1.0 + 1e-12)


def test_a_big_car_takes_what_the_charger_can_give_and_never_more_than_32_a() -> None:
    evse, _ = charging(make_evse())
    for now_s in range(1, 3_000, 7):
        reading = evse.read(float(now_s))
        assert 0.99 * 22_080.0 < reading.power_w <= 22_080.0
        assert 31.7 < reading.current_a <= 32.0
        assert_numbers_agree(evse, reading)


def test_an_hour_of_ac_charging_by_hand() -> None:
    evse, vehicle = charging(make_evse(), VehicleSpec(name="11 kW", ac_max_power_kw=11.0))
    reading = evse.read(3600.0)
    assert reading.power_w == 11_000.0
    assert reading.energy_wh == 11_000.0
    assert reading.soc_percent == pytest.approx(20.0 + 11.0 * 0.9)
    assert reading.soc_percent == vehicle.battery.soc_percent
    assert reading.power_factor == POWER_FACTOR


def test_a_record_of_the_flow_notes_what_of_an_offer_is_on_the_phases_of_the_car() -> None:
    evse = make_evse()
    evse.connect(Vehicle(VehicleSpec(name="one phase", ac_phases=1), 20.0), 0.0)
    evse.record = FlowRecord(0.0, evse.power_w, evse.usable_power_w)
    evse.offer(22_080.0, 0.0)
    evse.settle(60.0)
    assert evse.record.take().highest_offer_w == pytest.approx(7_360.0)
    assert evse.offered_power_w == 22_080.0


def test_a_one_phase_car_loads_one_of_three_phases() -> None:
    spec = VehicleSpec(name="one phase", ac_phases=1, ac_max_power_kw=7.4)
    evse, _ = charging(make_evse(), spec)
    reading = evse.read(1.0)
    assert reading.phase_current_a[0] == pytest.approx(32.0, rel=0.01)
    assert reading.phase_current_a[1:] == (0.0, 0.0)
    assert_numbers_agree(evse, reading)


def test_dc_power_follows_the_curve_down() -> None:
    curve = (CurvePoint(0.0, 100.0), CurvePoint(50.0, 100.0), CurvePoint(100.0, 10.0))
    spec = VehicleSpec(name="dc", battery_capacity_kwh=50.0, dc_charging_curve=curve)
    evse, vehicle = charging(make_evse("DC", max_power_w=80_000.0), spec, 10.0)
    assert evse.read(1.0).power_w == 80_000.0
    for now_s in range(60, int(evse.full_at_s), 60):
        reading = evse.read(float(now_s))
        soc_percent = vehicle.battery.soc_percent
        allowed_w = 100_000.0 - max(soc_percent - 50.0, 0.0) * 1_800.0
        assert reading.power_w == pytest.approx(min(80_000.0, allowed_w))


@given(
    outlets(),
    specs(),
    st.floats(0.0, 100.0),
    st.lists(st.floats(0.0, 4_000.0), min_size=1, max_size=12),
)
def test_at_every_instant_all_numbers_agree_and_nothing_is_lost(
    evse: Evse, spec: VehicleSpec, soc_percent: float, waits_s: list[float]
) -> None:
    evse, vehicle = charging(evse, spec, soc_percent)
    stored_before_wh = vehicle.battery.stored_wh
    efficiency = spec.ac_efficiency if evse.power_type == "AC" else spec.dc_efficiency
    now_s, last_wh = 0.0, 0.0
    for wait_s in waits_s:
        now_s += wait_s
        reading = evse.read(now_s)
        assert_numbers_agree(evse, reading)
        assert reading.energy_wh >= last_wh
        assert reading.soc_percent is not None
        assert soc_percent - 1e-9 <= reading.soc_percent <= 100.0
        gained_wh = vehicle.battery.stored_wh - stored_before_wh
        assert gained_wh == pytest.approx(reading.energy_wh * efficiency, rel=1e-6, abs=1e-6)
        assert (reading.power_w > 0.0) == vehicle.draws
        last_wh = reading.energy_wh


@given(outlets(), specs(), st.floats(0.0, 99.0), st.integers(1, 20), st.data())
def test_the_energy_does_not_depend_on_how_often_anybody_looks(
    evse: Evse, spec: VehicleSpec, soc_percent: float, looks: int, data: st.DataObject
) -> None:
    watched, watched_car = charging(evse, spec, soc_percent)
    unwatched, unwatched_car = charging(
        make_evse(evse.power_type, max_power_w=evse.max_power_w, phases=evse.phases or 3),
        spec,
        soc_percent,
    )
    end_s = data.draw(st.floats(1.0, 30_000.0))
    for look in range(1, looks):
        watched.read(end_s * look / looks)
    one, other = watched.read(end_s), unwatched.read(end_s)
    assert one.energy_wh == pytest.approx(other.energy_wh, rel=1e-9)
    assert one.power_w == pytest.approx(other.power_w, rel=1e-9)
    assert watched_car.battery.stored_wh == pytest.approx(unwatched_car.battery.stored_wh)


@pytest.mark.parametrize("power_type", ["AC", "DC"])
def test_steps_of_a_second_and_of_five_minutes_give_the_same_energy(power_type: PowerType) -> None:
    fine, _ = charging(make_evse(power_type, max_power_w=60_000.0), soc_percent=60.0)
    coarse, _ = charging(make_evse(power_type, max_power_w=60_000.0), soc_percent=60.0)
    for now_s in range(1, 7_201):
        fine.read(float(now_s))
    for now_s in range(300, 7_201, 300):
        coarse.read(float(now_s))
    fine_wh, coarse_wh = fine.read(7_200.0).energy_wh, coarse.read(7_200.0).energy_wh
    assert fine_wh == pytest.approx(coarse_wh, rel=1e-9)


@given(outlets(), specs(), st.floats(0.0, 99.0))
def test_the_battery_is_full_exactly_when_it_was_foreseen(
    evse: Evse, spec: VehicleSpec, soc_percent: float
) -> None:
    evse, vehicle = charging(evse, spec, soc_percent)
    full_at_s = evse.full_at_s
    assert full_at_s < NEVER
    evse.settle(full_at_s * (1.0 - 1e-6))
    assert vehicle.draws
    evse.settle(full_at_s)
    assert not vehicle.draws
    reading = evse.read(full_at_s)
    assert (reading.soc_percent, reading.power_w, reading.current_a) == (100.0, 0.0, 0.0)
    assert evse.full_at_s == NEVER
    later = evse.read(full_at_s + 3600.0)
    assert later.energy_wh == reading.energy_wh
    assert later.power_w == 0.0


def test_a_deadline_that_is_met_late_gives_no_more_than_the_battery_holds() -> None:
    evse, _ = charging(make_evse(), VehicleSpec(name="small", battery_capacity_kwh=1.0), 50.0)
    assert evse.read(1e6).energy_wh == pytest.approx(500.0 / 0.9)


def test_nothing_flows_while_the_contactor_is_open() -> None:
    evse = make_evse()
    evse.connect(Vehicle(BIG_CAR, 20.0), 0.0)
    reading = evse.read(600.0)
    assert (reading.power_w, reading.energy_wh, reading.current_a) == (0.0, 0.0, 0.0)
    assert (reading.current_offered_a, reading.power_offered_w) == (0.0, 0.0)
    assert reading.soc_percent == 20.0
    assert reading.voltage_v == pytest.approx(230.0, rel=0.003)
    assert_numbers_agree(evse, reading)


def test_opening_the_contactor_stops_the_flow_at_once_and_keeps_the_register() -> None:
    evse, _ = charging(make_evse())
    before = evse.read(600.0)
    evse.offer(0.0, 600.0)
    after = evse.read(600.0)
    assert after.power_w == 0.0
    assert after.energy_wh == before.energy_wh == evse.read(7_200.0).energy_wh


@pytest.mark.parametrize("power_type", ["AC", "DC"])
@pytest.mark.parametrize("power_w", [5e-324, 1e-300, 1e-9])
def test_next_to_nothing_is_nothing(power_type: PowerType, power_w: float) -> None:
    tiny = VehicleSpec(name="toy", ac_max_power_kw=power_w, dc_max_power_kw=power_w)
    evse, _ = charging(make_evse(power_type), tiny)
    evse.settle(3600.0)
    assert_numbers_agree(evse, evse.read(3600.0))
    evse, _ = charging(make_evse(power_type))
    evse.offer(power_w, 60.0)
    before_wh = evse.read(60.0).energy_wh
    reading = evse.read(3600.0)
    assert_numbers_agree(evse, reading)
    assert (reading.power_w, reading.energy_wh) == (0.0, before_wh)


def test_a_paused_vehicle_draws_nothing_from_the_offer() -> None:
    evse, vehicle = charging(make_evse())
    evse.set_willing(False, 60.0)
    reading = evse.read(120.0)
    assert reading.power_w == 0.0
    assert reading.current_offered_a == pytest.approx(32.0)
    evse.set_willing(True, 180.0)
    assert vehicle.draws
    assert evse.read(180.0).power_w > 0.0


def test_a_lower_offer_lowers_the_current_in_the_same_instant() -> None:
    evse, _ = charging(make_evse())
    evse.offer(11_040.0, 100.0)
    reading = evse.read(100.0)
    assert reading.current_offered_a == pytest.approx(16.0)
    assert 15.8 < reading.current_a <= 16.0
    evse.offer(1e9, 200.0)
    assert evse.read(200.0).power_offered_w == 22_080.0


@pytest.mark.parametrize("ac_phases", [1, 3])
def test_an_offer_over_one_phase_is_taken_from_that_phase_alone(ac_phases: int) -> None:
    spec = VehicleSpec(name="car", ac_phases=ac_phases, ac_max_power_kw=7.36 * ac_phases)
    evse, _ = charging(make_evse(), spec)
    evse.offer(3_680.0, 60.0, 1)
    reading = evse.read(60.0)
    assert (reading.current_offered_a, reading.power_offered_w) == (16.0, 3_680.0)
    assert reading.phase_current_a[0] == pytest.approx(16.0, rel=0.01)
    assert reading.phase_current_a[1:] == reading.phase_power_w[1:] == (0.0, 0.0)
    assert_numbers_agree(evse, reading)


def test_one_phase_gives_no_more_than_its_share_of_the_power() -> None:
    evse, _ = charging(make_evse())
    evse.offer(22_080.0, 0.0, 1)
    assert evse.read(0.0).current_offered_a == 32.0
    assert evse.offered_power_w == 7_360.0
    evse.offer(22_080.0, 1.0)
    assert evse.offered_power_w == 22_080.0


@given(
    specs(),
    st.floats(0.0, 60.0),
    st.lists(
        st.tuples(st.floats(1.0, 900.0), st.floats(0.0, 1.0), st.sampled_from([1, 3])),
        min_size=1,
        max_size=8,
    ),
)
def test_the_energy_over_changing_offers_is_the_sum_of_its_parts(
    spec: VehicleSpec, soc_percent: float, steps: list[tuple[float, float, int]]
) -> None:
    evse, _ = charging(make_evse(), spec, soc_percent)
    now_s = sum_wh = 0.0
    for duration_s, share, phases in steps:
        evse.offer(22_080.0 * share, now_s, phases)
        power_w = evse.read(now_s).power_w
        until_s = min(now_s + duration_s, evse.full_at_s)
        sum_wh += power_w * (until_s - now_s) / 3600.0
        assert evse.read(until_s).energy_wh == pytest.approx(sum_wh, rel=1e-9, abs=1e-9)
        now_s = until_s


@given(
    outlets(),
    specs(),
    st.lists(
        st.tuples(st.floats(0.0, 3_000.0), st.integers(0, 5), st.floats(0.0, 1.0)), max_size=20
    ),
)
def test_the_register_never_falls_whatever_happens_at_the_outlet(
    evse: Evse, spec: VehicleSpec, happenings: list[tuple[float, int, float]]
) -> None:
    now_s, last_wh = 0.0, 0.0
    for wait_s, kind, share in happenings:
        now_s += wait_s
        if kind == 0:
            evse.offer(evse.max_power_w * share, now_s)
        elif kind == 1 and evse.vehicle is None:
            evse.connect(Vehicle(spec, 100.0 * share), now_s)
        elif kind == 2:
            evse.disconnect(now_s)
        elif kind == 3:
            evse.set_willing(share > 0.5, now_s)
        elif kind == 4:
            evse.offer(evse.max_power_w * share, now_s, 1)
        reading = evse.read(now_s)
        assert_numbers_agree(evse, reading)
        assert reading.energy_wh >= last_wh
        last_wh = reading.energy_wh


def test_the_output_of_a_dc_outlet_is_dead_without_an_offer() -> None:
    evse = make_evse("DC", max_power_w=50_000.0)
    evse.connect(Vehicle(BIG_CAR, 20.0), 0.0)
    assert evse.read(1.0).voltage_v == 0.0
    evse.offer(50_000.0, 2.0)
    live = evse.read(2.0)
    assert live.voltage_v > BIG_CAR.nominal_voltage_v * 0.9
    assert live.current_offered_a == pytest.approx(live.current_a)
    evse.set_willing(False, 3.0)
    idle = evse.read(3.0)
    assert idle.voltage_v == pytest.approx(400.0 * 0.94, rel=1e-3)
    assert idle.current_a == 0.0


def test_reading_twice_in_one_instant_gives_the_same_object() -> None:
    evse, _ = charging(make_evse())
    assert evse.read(5.0) is evse.read(5.0)


def test_time_does_not_go_back() -> None:
    evse, _ = charging(make_evse())
    late = evse.read(100.0)
    assert evse.read(50.0) is late


def test_the_outlet_warms_up_with_its_load() -> None:
    evse, _ = charging(make_evse())
    warm = evse.read(10.0).temperature_celsius
    evse.offer(0.0, 10.0)
    assert warm - evse.read(10.0).temperature_celsius > 15.0


@pytest.mark.parametrize(("max_power_w", "phases"), [(0.0, 3), (float("nan"), 3), (7_360.0, 2)])
def test_hardware_that_cannot_be_is_refused(max_power_w: float, phases: int) -> None:
    with pytest.raises(ValueError, match="outlet"):
        make_evse(max_power_w=max_power_w, phases=phases)


def test_a_register_is_restored_but_never_set_back() -> None:
    evse = make_evse()
    evse.restore_energy(1_234.5)
    assert evse.read(0.0).energy_wh == 1_234.5
    evse.restore_energy(100.0)
    assert evse.read(0.0).energy_wh == 1_234.5
    assert evse.energy_wh == 1_234.5
