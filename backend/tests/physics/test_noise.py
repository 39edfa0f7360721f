from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from ocppsim.physics.noise import (
    FREQUENCY_DEVIATION_HZ,
    NOMINAL_FREQUENCY_HZ,
    NOMINAL_VOLTAGE_V,
    VOLTAGE_DEVIATION,
    Noise,
)

seeds = st.integers(0, 2**32)
instants_s = st.floats(0.0, 1e9)


@given(seeds, instants_s)
def test_the_supply_stays_within_its_bounds(seed: int, now_s: float) -> None:
    noise = Noise(Random(seed))
    for voltage_v in noise.voltages_v(now_s):
        assert abs(voltage_v / NOMINAL_VOLTAGE_V - 1.0) <= VOLTAGE_DEVIATION
    assert abs(noise.frequency_hz(now_s) - NOMINAL_FREQUENCY_HZ) <= FREQUENCY_DEVIATION_HZ
    assert 14.0 <= noise.ambient_celsius(now_s) <= 26.0


@given(seeds, st.lists(instants_s, min_size=1, max_size=5))
def test_the_supply_does_not_depend_on_who_looked_before(seed: int, looks_s: list[float]) -> None:
    watched, unwatched = Noise(Random(seed)), Noise(Random(seed))
    for now_s in looks_s:
        watched.voltages_v(now_s)
    assert watched.voltages_v(looks_s[-1]) == unwatched.voltages_v(looks_s[-1])
    assert watched.frequency_hz(looks_s[-1]) == unwatched.frequency_hz(looks_s[-1])


def test_the_supply_moves_and_differs_from_charger_to_charger() -> None:
    noise = Noise(Random(1))
    assert noise.voltages_v(0.0) != noise.voltages_v(10.0)
    assert noise.voltages_v(0.0) != Noise(Random(2)).voltages_v(0.0)
